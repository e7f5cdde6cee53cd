"""Runs fuzz targets side by side, each in a process of its own, and says what came of them."""

from __future__ import annotations

import argparse
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

TARGETS = tuple(sorted(p.stem for p in Path(__file__).with_name("targets").glob("[!_]*.py")))
_STATUS = re.compile(r"#(\d+)\s+\w+\s+.*?cov: (\d+).*?rss: (\d+)Mb")
_ENDINGS = ("crash-", "timeout-", "oom-")
"""How libFuzzer calls the inputs that ended the process."""
_MOST_ENDINGS = 20
"""A target that ends its process so often is not started again."""
_LONGEST_QUICK = 600
"""Seconds; a machine on which a quick run takes so long shows a fault of its own."""


@dataclass
class Ran:
    """What came of one target.

    Attributes:
        runs: inputs tried.
        coverage, megabytes: as libFuzzer counted them (of its last start); 0 without it.
        findings: files in which an input lies that hurt, and beside it what happened.
        said: the end of what a process said that ended too early.
        held: inputs that ended the process of a target whose library may do that, see ``fuzz.harness``.
    """

    target: str
    runs: int = 0
    coverage: int = 0
    megabytes: int = 0
    findings: list[Path] = field(default_factory=list)
    said: str = ""
    held: list[Path] = field(default_factory=list)

    @property
    def is_well(self) -> bool:
        return not self.findings and not self.said

    def line(self) -> str:
        state = "ok" if self.is_well else f"{len(self.findings)} FOUND" if self.findings else "DID NOT RUN"
        held = f", {len(self.held)} ended the process, as the sandbox allows for" if self.held else ""
        counts = f"{self.runs:>9} runs"
        if self.coverage:
            counts += f" {self.coverage:>6} edges {self.megabytes:>5} MB"
        return f"{self.target:<10}{counts}  {state}{held}"


def main(arguments: Sequence[str] | None = None) -> int:
    asked = _asked(arguments)
    with ThreadPoolExecutor(asked.jobs) as pool:
        ran = list(
            pool.map(
                lambda t: (
                    tried(t, asked.seed, asked.into)
                    if asked.quick
                    else fuzzed(t, asked.seconds, asked.seed, asked.into)
                ),
                asked.targets or TARGETS,
            )
        )
    for each in ran:
        print(each.line())
        if each.said:
            print(each.said)
        for path in each.findings:
            print(f"  {path}")
            reason = path.with_name(f"{path.name}.txt")
            if reason.exists():
                print(
                    "".join(f"    {line}\n" for line in reason.read_text("utf-8").splitlines()[-12:]), end=""
                )
    return 0 if all(each.is_well for each in ran) else 1


def _asked(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="tests/fuzz/run", description=__doc__)
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=f"all by default: {', '.join(TARGETS)}")
    parser.add_argument(
        "--quick",
        action="store_true",
        help="try inputs that the seed alone determines: fuzz/quick.py",
    )
    parser.add_argument("--seconds", type=int, default=60, help="for each target (60)")
    parser.add_argument(
        "--seed",
        type=int,
        default=0,
        help="of the search, which addresses and time sway too (0: by chance)",
    )
    parser.add_argument("--jobs", type=int, default=len(os.sched_getaffinity(0)), help="targets at a time")
    parser.add_argument(
        "--into",
        type=Path,
        default=Path(tempfile.gettempdir()) / "yushen-fuzz",
        help="folder for the growing corpus and for what was found; kept, and used again",
    )
    asked = parser.parse_args(arguments)
    if unknown := set(asked.targets) - set(TARGETS):
        parser.error(f"no such target: {', '.join(sorted(unknown))}")
    return asked


def fuzzed(target: str, seconds: int, seed: int, into: Path) -> Ran:
    """Fuzz one target; a process that an input ends is started again, without what ended it."""
    ran = Ran(target)
    corpus, findings = into / "corpus" / target, _emptied(into / "found" / target)
    corpus.mkdir(parents=True, exist_ok=True)
    until = time.monotonic() + seconds
    for _ in range(_MOST_ENDINGS):
        left = int(until - time.monotonic())
        if left <= 0:
            break
        status, said = _run("harness", [target, left, seed, corpus, findings], seed, left + 300)
        if found := _STATUS.findall(said):
            ran.runs += int(found[-1][0])
            ran.coverage, ran.megabytes = int(found[-1][1]), int(found[-1][2])
        if status == 0:
            break
        if not _inputs(findings):
            ran.said = said[-3000:]
            break
    return _weighed(ran, findings)


def tried(target: str, seed: int, into: Path) -> Ran:
    """Try the inputs of ``fuzz.quick`` on one target; it goes on behind one that ends the process."""
    ran = Ran(target)
    findings = _emptied(into / "found" / target)
    for _ in range(_MOST_ENDINGS):
        status, said = _run("quick", [target, seed, ran.runs, findings], seed, _LONGEST_QUICK)
        ended = [int(path.name.removeprefix("crash-")) for path in findings.glob("crash-*")]
        if status == 0:
            ran.runs = int(said.rpartition("tried ")[2])
            break
        if not ended or max(ended) < ran.runs:
            ran.said = said[-3000:]
            break
        ran.runs = max(ended) + 1
    return _weighed(ran, findings)


def _emptied(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def _weighed(ran: Ran, findings: Path) -> Ran:
    inputs = _inputs(findings)
    ran.held = [path for path in inputs if _is_native(ran.target) and path.name.startswith(_ENDINGS)]
    ran.findings = [path for path in inputs if path not in ran.held]
    return ran


def _is_native(target: str) -> bool:
    source = Path(__file__).with_name("targets") / f"{target}.py"
    return "\nNATIVE = True\n" in source.read_text("utf-8")


def _inputs(findings: Path) -> list[Path]:
    return sorted(path for path in findings.iterdir() if path.suffix != ".txt")


def _run(module: str, arguments: Sequence[object], seed: int, seconds: int) -> tuple[int, str]:
    command = [sys.executable, "-s", "-X", "utf8", "-m", f"fuzz.{module}", *map(str, arguments)]
    with tempfile.TemporaryDirectory(prefix="yushen-fuzz-") as scratch:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env={**os.environ, "TMPDIR": scratch, "PYTHONHASHSEED": str(seed or "random")},
            start_new_session=True,
        )
        try:
            said, _ = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            said, _ = process.communicate()
    return process.returncode, said.decode("utf-8", "replace")


if __name__ == "__main__":
    sys.exit(main())
