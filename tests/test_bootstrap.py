"""How ./yushen prepares its environment and starts."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def run(command: str | Path, *arguments: str, cwd: Path = ROOT, **environment: str):
    environment = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", **environment}
    return subprocess.run(
        [command, *arguments], cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )


@pytest.fixture
def checkout(tmp_path):
    """A checkout without an environment."""
    folder = tmp_path / "check out"
    folder.mkdir()
    for name in ("yushen", "run-tests", "bootstrap.sh"):
        shutil.copy(ROOT / name, folder)
    shutil.copytree(ROOT / "locks", folder / "locks")
    return folder


@pytest.mark.parametrize("command", ["yushen", "run-tests"])
def test_no_python_is_said_with_the_remedy_and_leaves_nothing(checkout, command):
    done = run(checkout / command, YUSHEN_PYTHON="/nonexistent/python")
    assert done.returncode == 2
    assert "Python 3.11" in done.stderr
    assert "YUSHEN_PYTHON" in done.stderr
    assert not (checkout / ".venv").exists()


def test_failed_installation_is_said_and_leaves_nothing(checkout):
    done = run(checkout / "yushen", "--version", PIP_NO_INDEX="1")
    assert done.returncode == 2
    assert "No matching distribution found" in done.stderr
    assert "docs/deploy.md" in done.stderr
    assert not done.stdout
    assert not (checkout / ".venv").exists()


def test_prepared_environment_is_used_at_once_and_silently():
    done = run(ROOT / "yushen", "--version", PIP_NO_INDEX="1")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("yushen ")


@pytest.fixture
def prepared(checkout):
    """A checkout with one package, and an environment whose Python notes what it is asked to run."""
    environment = checkout / ".venv"
    (environment / "bin").mkdir(parents=True)
    shutil.copy(checkout / "locks" / "runtime.txt", environment / "installed-runtime.txt")
    python = environment / "bin" / "python"
    python.write_text(f'#!/bin/sh\necho "$2" >> "{checkout}/asked"\n')
    python.chmod(0o755)
    (checkout / "schemas").mkdir()
    (checkout / "schemas" / "__init__.py").touch()
    return checkout


def test_own_code_is_compiled_once_and_again_when_files_were_exchanged(prepared):
    for _ in range(2):
        run(prepared / "yushen", "--version")
    assert (prepared / "asked").read_text().split() == ["compileall", "intake", "intake"]
    compiled = (prepared / ".venv" / "compiled").stat().st_mtime_ns
    (prepared / "schemas" / "new.py").touch()
    os.utime(prepared / "schemas", ns=(compiled + 1, compiled + 1))
    run(prepared / "yushen", "--version")
    assert (prepared / "asked").read_text().split()[3:] == ["compileall", "intake"]


def test_starts_through_a_link_from_a_folder_with_modules_of_the_same_names(tmp_path):
    (tmp_path / "link").symlink_to(ROOT / "yushen")
    for room in ("intake", "schemas", "click"):
        (tmp_path / f"{room}.py").write_text("raise SystemExit('taken for ours')")
    done = run(tmp_path / "link", "packs", "list", cwd=tmp_path, PYTHONPATH=str(tmp_path))
    assert (done.returncode, done.stderr) == (0, "")
    assert "jinjiang-2023" in done.stdout
