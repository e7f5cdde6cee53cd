"""What a start costs: CPU seconds of `yushen --help` and of `yushen check` of two pages, children included.

    ./run-tests --version                        # once: prepares the environment
    .venv/bin/python benchmarks/start.py

Apart stands what two Pythons, the command's and the document's own, need to start and to load the libraries
that they cannot do without; what is left is our own modules, the rule pack and the check.  Rows are the least
of several interleaved runs: what other programs do on the machine only ever adds.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from word_files import write_word

ROOT = Path(__file__).resolve().parents[1]
PAGES = 2
COMMAND = "import click, concurrent.futures.thread, subprocess, tempfile"
"""The libraries that the command line loads to check a file."""
DOCUMENT = "import jsonschema, lxml.etree, zipfile"
"""The libraries that the process loads that opens the file."""


def cpu_seconds(command: list[str]) -> float:
    """CPU seconds, user and system, that a command and its children need."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.stderr:
        raise SystemExit(done.stderr.decode())
    return (after.ru_utime - before.ru_utime) + (after.ru_stime - before.ru_stime)


def main() -> None:
    """Measure in turns and print the least of each."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--runs", type=int, default=7)
    runs = options.parse_args().runs
    with TemporaryDirectory() as folder:
        document = Path(folder) / "方案.docx"
        write_word(PAGES, document)
        commands = {
            "help": ["./yushen", "--help"],
            "check": ["./yushen", "check", str(document)],
            "command": [sys.executable, "-c", COMMAND],
            "document": [sys.executable, "-c", DOCUMENT],
        }
        times: dict[str, list[float]] = {name: [] for name in commands}
        for _ in range(runs):
            for name, command in commands.items():
                times[name].append(cpu_seconds(command))
    least = {name: min(each) for name, each in times.items()}
    imports = least["command"] + least["document"]
    print(f"yushen --help                {least['help']:6.2f} s")
    print(f"yushen check, {PAGES} pages        {least['check']:6.2f} s")
    print(f"  of that Python, libraries  {imports:6.2f} s")
    print(f"  of that all else           {least['check'] - imports:6.2f} s")


if __name__ == "__main__":
    main()
