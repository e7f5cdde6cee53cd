"""What fuzzing found stays mended, and what it looks for it would find."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

FUZZ = Path(__file__).with_name("fuzz")
ROOT = FUZZ.parents[1]
REGRESSIONS = sorted(FUZZ.glob("regressions/*/*"))
TARGETS = sorted(path.stem for path in FUZZ.glob("targets/[!_]*.py"))
_RUN = """
import importlib, sys
target = importlib.import_module("fuzz.targets." + sys.argv[1])
for path in sys.argv[2:]:
    print(path, flush=True)
    with open(path, "rb") as stream:
        target.run(stream.read())
"""


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}"}


@pytest.mark.parametrize("target", sorted({path.parent.name for path in REGRESSIONS}))
def test_what_was_found_stays_mended(target):
    files = [str(path) for path in REGRESSIONS if path.parent.name == target]
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", _RUN, target, *files],
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_regressions_belong_to_targets():
    assert {path.parent.name for path in REGRESSIONS} <= set(TARGETS)


_SHORT = """
import sys
from pathlib import Path
import fuzz.targets
from fuzz import harness
harness.TARGETS = Path(sys.argv.pop(1))
fuzz.targets.__path__.append(str(harness.TARGETS))
harness.main()
"""


@pytest.mark.parametrize(
    ("harm", "finding"),
    [("raise KeyError(data)", "KeyError-"), ("__import__('os').abort()", "crash-")],
)
def test_what_hurts_is_written_down_with_its_input(tmp_path, harm, finding):
    corpus, found = tmp_path / "corpus", tmp_path / "found"
    corpus.mkdir()
    found.mkdir()
    (tmp_path / "fragile.py").write_text(
        f"INSTRUMENTED = []\n\n\ndef seeds():\n    yield b'xyz'\n\n\n"
        f"def run(data):\n    if data == b'xyz':\n        {harm}\n"
    )
    subprocess.run(
        [
            sys.executable,
            "-X",
            "utf8",
            "-c",
            _SHORT,
            str(tmp_path),
            "fragile",
            "2",
            "1",
            str(corpus),
            str(found),
        ],
        env=environment(),
        capture_output=True,
        check=False,
    )
    assert [path.read_bytes() for path in found.iterdir() if path.suffix != ".txt"] == [b"xyz"]
    assert any(path.name.startswith(finding) for path in found.iterdir())
