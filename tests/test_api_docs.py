"""docs/api.md: its examples run against a served service, and it leaves nothing out."""

import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from api_service import Service

from intake.api.problems import PROBLEMS

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "docs/api.md").read_text("utf-8")
BLOCKS = re.findall(r"(?ms)^```bash\n(.*?)^```$", PAGE)
ADMINISTRATOR = "the key of this test"

if not shutil.which("curl"):
    pytest.skip(
        "left out: the examples of docs/api.md (need curl: apt-get install curl)", allow_module_level=True
    )


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """The address of a whole service."""
    folder = tmp_path_factory.mktemp("served")
    command = [sys.executable, "-m", "intake", "serve", "--data", str(folder / "data"), "--port", "0"]
    environment = {**os.environ, "YUSHEN_ADMIN_KEY": ADMINISTRATOR, "YUSHEN_WORKERS": "1"}
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=log)
    told = b""
    while b"http://" not in told:
        line = process.stdout.readline()
        assert line, (folder / "log").read_text("utf-8")
        told = line
    yield re.search(r"http://\S+", told.decode())[0]
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=60)


def test_every_example_runs(served, tmp_path):
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    environment = {**os.environ, "YUSHEN_SERVER": served, "YUSHEN_KEY": ADMINISTRATOR, "LC_ALL": "C.UTF-8"}
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", "\n".join(BLOCKS)],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr
    assert (tmp_path / "report.json").read_text("utf-8").startswith("{\n")
    assert "需要补正" in (tmp_path / "report.html").read_text("utf-8")
    assert "需要补正" in done.stdout
    assert "urn:yushen:problem:internal" not in done.stdout


def examples():
    """(method, rule) that the examples call; what a variable stands for is <>."""
    for block in BLOCKS:
        for line in block.replace("\\\n", " ").splitlines():
            command = line.partition("| tee")[0]
            if not command.startswith("curl "):
                continue
            words = shlex.split(command)
            [address] = [word for word in words if word.startswith("$YUSHEN_SERVER")]
            path = re.sub(r"\$\w+", "<>", address.removeprefix("$YUSHEN_SERVER").partition("?")[0])
            yield method(words), re.sub("jinjiang-2023|proposal-maintenance", "<>", path)


def method(words):
    if "-X" in words:
        return words[words.index("-X") + 1]
    if "-T" in words:
        return "PUT"
    return "POST" if "-F" in words or ("-d" in words and "-G" not in words) else "GET"


def test_every_call_has_an_example(tmp_path):
    shown = set(examples())
    for rule in Service(tmp_path).app.url_map.iter_rules():
        for name in rule.methods - {"HEAD", "OPTIONS"}:
            assert (name, re.sub("<[^>]+>", "<>", rule.rule)) in shown, f"{name} {rule.rule}"


def test_every_problem_is_listed_with_status_and_title():
    rows = re.findall(r"(?m)^\| `([a-z-]+)` \| (\d+) \| (.+) \|$", PAGE)
    assert {slug: (int(status), title) for slug, status, title in rows} == {
        slug: (kind.status, kind.title_en) for slug, kind in PROBLEMS.items()
    }


def test_every_audited_action_is_listed():
    files = [path for room in ("intake", "storage", "worker") for path in (ROOT / room).rglob("*.py")]
    source = "\n".join(path.read_text("utf-8") for path in files)
    noted = set(re.findall(r"""(?:note|_audit)\([^()]*(?:\(\)[^()]*)*?"([a-z-]+\.[a-z]+)\"""", source))
    assert "report.read" in noted
    assert noted <= set(re.findall(r"(?m)^\| `([a-z-]+\.[a-z]+)` \|", PAGE))
