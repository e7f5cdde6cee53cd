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


_FRAGILE = """
import importlib, sys
from pathlib import Path
import fuzz.targets
from fuzz import harness
harness.TARGETS = Path(sys.argv.pop(1))
fuzz.targets.__path__.append(str(harness.TARGETS))
importlib.import_module(sys.argv.pop(1)).main()
"""


@pytest.mark.parametrize("way", ["harness", "quick"])
@pytest.mark.parametrize(
    ("harm", "finding"),
    [("raise KeyError(data)", "KeyError-"), ("__import__('os').abort()", "crash-")],
)
def test_what_hurts_is_written_down_with_its_input(tmp_path, way, harm, finding):
    corpus, found = tmp_path / "corpus", tmp_path / "found"
    corpus.mkdir()
    found.mkdir()
    (tmp_path / "fragile.py").write_text(
        f"INSTRUMENTED = []\nQUICK = 20\n\n\ndef seeds():\n    yield b'xyz'\n\n\n"
        f"def run(data):\n    if data == b'xyz':\n        {harm}\n"
    )
    arguments = {"harness": ["2", "1", str(corpus), str(found)], "quick": ["1", "0", str(found)]}[way]
    subprocess.run(
        [sys.executable, "-X", "utf8", "-c", _FRAGILE, str(tmp_path), f"fuzz.{way}", "fragile", *arguments],
        env=environment(),
        capture_output=True,
        check=False,
    )
    assert [path.read_bytes() for path in found.iterdir() if path.suffix != ".txt"] == [b"xyz"]
    assert any(path.name.startswith(finding) for path in found.iterdir())


_INPUTS = """
import hashlib, importlib, sys
from fuzz import quick
target = importlib.import_module("fuzz.targets." + sys.argv[1])
print(hashlib.sha256(b"".join(quick.inputs(target, "1", 0, 40))).hexdigest())
"""


@pytest.mark.parametrize("target", TARGETS)
def test_a_quick_run_tries_the_same_inputs_in_every_process(target):
    command = [sys.executable, "-X", "utf8", "-c", _INPUTS, target]
    tried = [
        subprocess.run(command, env=environment(), capture_output=True, text=True, check=True).stdout
        for _ in range(2)
    ]
    assert tried[0] == tried[1]
