"""The same document saved in another format by LibreOffice, which must get the same verdict."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from changed.documents import Candidate
from changed.judging import Outcome, Result, said
from validators.report import Report

FORMS = ("pdf", "odt", "rtf", "doc")
_AT_A_TIME = 50
"""Files that one start of LibreOffice saves: it takes longer to start than to save."""
_SECONDS_EACH = 60
_OF_FILES = frozenset({"active-content"})
"""Findings about a file: what a program could run in it is not saved in another format."""


def results(candidates: Iterable[Candidate], forms: Sequence[str], into: Path) -> Iterator[Result]:
    """What comes of each document, clean or not, in each of those formats.

    Args:
        into: an empty folder to save in.
    """
    ours = dict(enumerate(candidates))
    for number, candidate in ours.items():
        shutil.copyfile(candidate.path, into / f"{number}.docx")
    for form in forms:
        _save([into / f"{number}.docx" for number in ours], form, into)
        for number, candidate in ours.items():
            saved = into / f"{number}.{form}"
            if saved.exists():
                yield _compared(candidate, form, saved.read_bytes())
            else:
                yield Result(f"formats {candidate.slug} {form}", Outcome.MISSED, "LibreOffice saved nothing")


def _save(files: Sequence[Path], form: str, into: Path) -> None:
    profile = f"-env:UserInstallation={(into / 'profile').as_uri()}"
    for first in range(0, len(files), _AT_A_TIME):
        subprocess.run(
            [
                *("soffice", "--headless", profile, "--convert-to", form, "--outdir", str(into)),
                *map(str, files[first : first + _AT_A_TIME]),
            ],
            check=True,
            capture_output=True,
            timeout=_SECONDS_EACH * _AT_A_TIME,
        )


def _compared(candidate: Candidate, form: str, data: bytes) -> Result:
    word = candidate.report()
    other = candidate.report(f"{candidate.path.stem}.{form}", data)
    outcome = Outcome.NOTICED if _verdict(word) == _verdict(other) else Outcome.MISSED
    return Result(
        f"formats {candidate.slug} {form}",
        outcome,
        f"as Word {word.conclusion}: {said(word, other)}; as {form} {other.conclusion}: {said(other, word)}",
    )


def _verdict(report: Report) -> tuple[Any, ...]:
    """What depends neither on where something stands nor on what only the file itself can hold."""
    found = sorted(
        (f.code, f.requirement or "", f.severity) for f in report.findings if f.code not in _OF_FILES
    )
    return report.document_class, report.conclusion, found
