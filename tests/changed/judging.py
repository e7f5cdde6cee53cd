"""Whether the check notices a change."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from random import Random
from unittest.mock import patch

from changed.changes import KINDS, Change
from changed.documents import Clean
from validators.report import Finding, Report, Severity
from worker import pipeline


class Outcome(StrEnum):
    """What came of a change."""

    NOTICED = "noticed"
    DOUBTED = "doubted"
    """Found in a warning only: another section may be what was required, and a person is told to look."""
    MISSED = "missed"


@dataclass(frozen=True, slots=True)
class Result:
    """A change and what came of it.

    Attributes:
        key: kind, document and change, as known.txt names it.
        said: what is found instead.
    """

    key: str
    outcome: Outcome
    said: str

    @property
    def kind(self) -> str:
        return self.key.partition(" ")[0]


def results(clean: Clean, kinds: Sequence[str], seed: int) -> Iterator[Result]:
    """What comes of each change of those kinds, which the seed alone determines."""
    for kind in kinds:
        for change in KINDS[kind](clean, chance(seed, kind, clean)):
            report = report_on(clean, change)
            yield Result(
                f"{kind} {clean.slug} {change.what}",
                outcome(clean, change, report),
                said(report, clean.report),
            )


def chance(seed: int, kind: str, clean: Clean) -> Random:
    """What chooses the numbers of one kind in one document, whatever else is looked at."""
    return Random(f"{seed}/{kind}/{clean.slug}")


def report_on(clean: Clean, change: Change) -> Report:
    """The verdict on the changed document by the class that it was known to be of."""
    with patch.object(pipeline, "extract", return_value=change.document):
        return clean.candidate.report(document_class=clean.report.document_class)


def outcome(clean: Clean, change: Change, report: Report) -> Outcome:
    """What came of a change: its error, or a warning that was not there before."""
    rule = change.requirement
    about = [f for f in report.findings if rule is None or f.requirement == rule.name]
    heavy = {Severity.ERROR, Severity(rule.severity) if rule else Severity.ERROR}
    if any(f.code in change.codes and f.severity in heavy for f in about):
        return Outcome.NOTICED
    before = {_key(f) for f in clean.report.findings}
    if any(f.severity is Severity.WARNING and _key(f) not in before for f in about):
        return Outcome.DOUBTED
    return Outcome.MISSED


def said(report: Report, before: Report) -> str:
    """Class and findings that were not there before."""
    known = {_key(f) for f in before.findings}
    found = [f"{f.severity} {f.code} {f.requirement}" for f in report.findings if _key(f) not in known]
    other = [] if report.document_class == before.document_class else [str(report.document_class)]
    return ", ".join(other + found) or "nothing new"


def _key(finding: Finding) -> tuple[str, str | None, str]:
    return finding.code, finding.requirement, finding.severity
