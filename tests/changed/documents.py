"""The clean documents that are changed: Word files that pass as they are."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from test_examples import EXAMPLES, FILED_ON

from extractors.document import Document, Limits
from extractors.formats import extract
from extractors.matching import Met, sections_by_requirement
from extractors.outline import read_outline
from extractors.substance import substance
from extractors.titles import matcher
from schemas import DocumentClass, load_pack
from schemas.errors import UnreadableDocumentError
from validators.report import Conclusion, Report
from worker.pipeline import DEFAULT_PACK, Source, check, words_of

CORPUS = Path(__file__).resolve().parents[1] / "corpus"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A Word file and how it is handed in.

    Attributes:
        slug: what it is called in what is printed and in known.txt.
        document_class, filed_on: as given with it, None if not.
    """

    slug: str
    path: Path
    document_class: str | None = None
    filed_on: date | None = None

    def report(self, name: str = "", data: bytes = b"", document_class: str | None = None) -> Report:
        """The verdict on it, or on other bytes in its place; or by another class than the given."""
        source = Source(name or self.path.name, data or self.path.read_bytes())
        return check([source], document_class=document_class or self.document_class, filed_on=self.filed_on)


@dataclass(frozen=True, slots=True)
class Clean:
    """A document that passes.

    Attributes:
        document: as it was read.
        met: the sections that meet each requirement, best first.
    """

    candidate: Candidate
    report: Report
    document: Document
    judge_by: DocumentClass
    met: dict[str, tuple[Met, ...]]

    @property
    def slug(self) -> str:
        return self.candidate.slug


def clean(candidate: Candidate) -> Clean | None:
    """The document read, None if it does not pass as it is or holds pages that are pictures."""
    data = candidate.path.read_bytes()
    try:
        document = extract(data, candidate.path.name, Limits())
    except UnreadableDocumentError:
        return None
    report = candidate.report(data=data)
    if report.conclusion is not Conclusion.PASS or not report.document_class or document.recognised_pictures:
        return None
    pack = load_pack(DEFAULT_PACK)
    judge_by = pack.document_class(report.document_class)
    met = sections_by_requirement(
        read_outline(document, words_of(pack)),
        judge_by,
        matcher(judge_by, pack.language),
        substance(pack.language),
    )
    return Clean(candidate, report, document, judge_by, met)


def examples() -> Iterator[Candidate]:
    """The shipped examples in which nothing is deficient."""
    for path in sorted(EXAMPLES.glob("*-clean.docx")):
        yield Candidate(path.stem, path, filed_on=_day(FILED_ON.get(path.stem)))


def corpus() -> Iterator[Candidate]:
    """The cases of tests/corpus that are one Word file and must pass."""
    for expectation in sorted(CORPUS.glob("*/expected.json")):
        expected = json.loads(expectation.read_text("utf-8"))
        paths = [expectation.parent / path for path in expected["paths"]]
        if expected["conclusion"] == "pass" and len(paths) == 1 and paths[0].suffix == ".docx":
            options = dict(zip(expected["options"], expected["options"][1:], strict=False))
            yield Candidate(
                expectation.parent.name,
                paths[0],
                options.get("--class"),
                _day(options.get("--filed-on")),
            )


def within(folders: Iterable[Path]) -> Iterator[Candidate]:
    """Every Word file in those folders and below."""
    for folder in folders:
        for path in sorted(folder.rglob("*.docx")):
            yield Candidate(path.relative_to(folder).as_posix(), path)


def _day(written: str | None) -> date | None:
    return date.fromisoformat(written) if written else None
