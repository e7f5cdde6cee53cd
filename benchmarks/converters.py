"""Times LibreOffice that stays up against one started for each document, interleaved in one run.

    .venv/bin/python benchmarks/converters.py --documents 30 --pages 10

Both convert the same .doc files, made by LibreOffice from Word documents of ``word_files``.  Beside the time
on the clock it tells the processor time, which is what may be compared on a busy machine.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from rates import Rate
from word_files import write_word

from extractors.office.installation import Installation, installed
from extractors.office.single import SingleRuns
from extractors.office.warm import WarmOffice

SECONDS = 120.0


def timed(rate: Rate, convert: Callable[[], bytes]) -> None:
    """Time one conversion."""
    begun = time.monotonic()
    convert()
    rate.clock += time.monotonic() - begun
    rate.count += 1


def children_seconds() -> float:
    """Processor time of all processes that were started and have ended."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def make_files(installation: Installation, folder: Path, count: int, pages: int) -> list[bytes]:
    """The contents of ``count`` .doc files of about so many pages."""
    for number in range(count):
        write_word(pages, folder / f"{number}.docx", number)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    # The starter, which starts the program once more after it has made the profile.
    soffice = installation.soffice.with_name("soffice")
    command = [soffice, "--headless", profile, "--convert-to", "doc", "--outdir", folder]
    subprocess.run([*command, *folder.glob("*.docx")], check=True, capture_output=True)
    return [path.read_bytes() for path in sorted(folder.glob("*.doc"))]


def main() -> None:
    """Convert each file in both ways, and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--documents", type=int, default=30)
    parser.add_argument("--pages", type=int, default=10)
    given = parser.parse_args()
    installation = installed()
    if installation is None or installation.library is None:
        sys.exit("LibreOffice, or its library with LibreOfficeKit, is not installed")
    with TemporaryDirectory() as folder:
        files = make_files(installation, Path(folder), given.documents, given.pages)
    begun = time.monotonic()
    office, runs = WarmOffice(installation), SingleRuns(installation)
    # Its start is part of what it costs.
    warm, each = Rate(clock=time.monotonic() - begun), Rate()
    try:
        for data in files:
            timed(warm, lambda d=data: office.converted(d, "doc", time.monotonic() + SECONDS))
            before = children_seconds()
            timed(each, lambda d=data: runs.converted(d, "doc", time.monotonic() + SECONDS))
            each.processor += children_seconds() - before
        before = children_seconds()
    finally:
        office.close()
        runs.close()
    warm.processor = children_seconds() - before
    print(f"| {given.pages} pages a document | documents a minute | processor seconds a document |")
    print("|---|---|---|")
    for name, row in (("stays up", warm), ("started for each", each)):
        print(f"| {name} | {row.a_minute:.0f} | {row.processor_each:.2f} |")
    print(
        f"\n{warm.a_minute / each.a_minute:.1f} times as many on the clock,"
        f" {each.processor / warm.processor:.1f} by processor time"
    )


if __name__ == "__main__":
    main()
