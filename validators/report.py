"""The report: findings and the conclusion about one submission, as data."""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

REPORT_VERSION = "1"


class Severity(StrEnum):
    """How heavy a finding weighs; any error makes the submission deficient."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Outcome(StrEnum):
    """What came of checking one requirement."""

    MET = "met"
    DEFICIENT = "deficient"
    NOT_CHECKED = "not-checked"


class Conclusion(StrEnum):
    """What came of checking the submission; never ``pass`` about what could not be read."""

    PASS = "pass"
    DEFICIENT = "deficient"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Location:
    """A place in a document.

    Attributes:
        document: file name.
        page: from 1; None where the format has no pages.
        paragraph: number of the paragraph in reading order, from 1 (empty paragraphs not counted).
        heading: the heading or label under which the place stands.
        bbox: (x0, top, x1, bottom) in PDF points from the top left.
        text: at most 120 characters of what stands there.
    """

    document: str
    page: int | None = None
    paragraph: int | None = None
    heading: str | None = None
    bbox: tuple[float, float, float, float] | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class DocumentInfo:
    """One file of the submission: name, SHA-256 (hex), size in bytes, media type by content, pages."""

    name: str
    sha256: str
    size: int
    media_type: str | None
    pages: int | None


@dataclass(frozen=True, slots=True)
class Check:
    """A requirement of the class, what came of it, and the places that meet it or fall short."""

    requirement: str
    clause: str
    outcome: Outcome
    locations: tuple[Location, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """One deficiency or remark.

    Attributes:
        id: stable across runs: the same deficiency of the same submission has the same id.
        code: one of the catalogue's codes.
        requirement: the schema's property name, or None.
        clause: the article that asks for it, or None.
        message: Chinese; alone enough to find and mend the place.
        advice: Chinese; how to mend it.
        expected, found: the limit and the stated value where there is one (JSON scalar), else None.
    """

    id: str
    code: str
    requirement: str | None
    severity: Severity
    clause: str | None
    message: str
    advice: str
    expected: Any = None
    found: Any = None
    locations: tuple[Location, ...] = ()


@dataclass(frozen=True, slots=True)
class Routing:
    """Which way the project goes on, under which clause and because of what (Art. 6, 10)."""

    clause: str
    outcome: str
    because: str


@dataclass(frozen=True, slots=True)
class Report:
    """All findings of one submission and the conclusion; equal reports give equal bytes (``to_json``)."""

    engine: str
    pack: str
    pack_version: str
    as_of: str | None
    document_class: str | None
    class_confidence: float | None
    conclusion: Conclusion
    documents: tuple[DocumentInfo, ...]
    checks: tuple[Check, ...]
    findings: tuple[Finding, ...]
    record: dict[str, Any]
    routing: tuple[Routing, ...]

    def to_dict(self) -> dict[str, Any]:
        """The report as the contract's JSON object, keys in the contract's order."""
        return {
            "report_version": REPORT_VERSION,
            "engine": self.engine,
            "pack": self.pack,
            "pack_version": self.pack_version,
            "as_of": self.as_of,
            "document_class": self.document_class,
            "class_confidence": self.class_confidence,
            "conclusion": str(self.conclusion),
            "documents": [_plain(d) for d in self.documents],
            "checks": [_plain(c) for c in self.checks],
            "findings": [_plain(f) for f in self.findings],
            "record": self.record,
            "routing": [_plain(r) for r in self.routing],
        }

    def to_json(self, indent: int | None = None) -> str:
        """The report as JSON text, without a line break at its end; one line unless ``indent`` is given."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=indent)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Self:
        """Read back what ``to_dict`` made.

        Raises:
            KeyError, ValueError: the object is no report of this version.
        """
        if data["report_version"] != REPORT_VERSION:
            raise ValueError(f"report_version {data['report_version']!r}")
        return cls(
            engine=data["engine"],
            pack=data["pack"],
            pack_version=data["pack_version"],
            as_of=data["as_of"],
            document_class=data["document_class"],
            class_confidence=data["class_confidence"],
            conclusion=Conclusion(data["conclusion"]),
            documents=tuple(DocumentInfo(**d) for d in data["documents"]),
            checks=tuple(
                Check(c["requirement"], c["clause"], Outcome(c["outcome"]), _locations(c["locations"]))
                for c in data["checks"]
            ),
            findings=tuple(
                Finding(**{**f, "severity": Severity(f["severity"]), "locations": _locations(f["locations"])})
                for f in data["findings"]
            ),
            record=data["record"],
            routing=tuple(Routing(**r) for r in data["routing"]),
        )


def _plain(value: Any) -> Any:
    if isinstance(value, StrEnum):
        return str(value)
    if isinstance(value, tuple | list):
        return [_plain(v) for v in value]
    fields = getattr(value, "__dataclass_fields__", None)
    return {name: _plain(getattr(value, name)) for name in fields} if fields else value


def _locations(items: list[dict[str, Any]]) -> tuple[Location, ...]:
    return tuple(Location(**{**i, "bbox": tuple(i["bbox"]) if i["bbox"] else None}) for i in items)
