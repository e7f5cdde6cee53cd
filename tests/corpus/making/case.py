"""What a case is, and how the common ones are made from a base document, edits and a layout."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from making.markup import Edit
from making.paper import Sheet, convert, pdf
from making.word import Layout, docx

Pair = tuple[str, str | None]


@dataclass(frozen=True)
class Base:
    """A document without a fault: its class, its text in markup, what it states, and where it goes on."""

    document_class: str
    facts: dict[str, Any]
    text: str
    options: tuple[str, ...] = ()
    routing: str | None = None

    def edited(self, *edits: Edit) -> str:
        text = self.text
        for edit in edits:
            text = edit(text)
        return text


@dataclass(frozen=True)
class Case:
    """A submission and its expected report; see README.md for the meaning of each key."""

    slug: str
    note: str
    files: dict[str, bytes]
    document_class: str | None
    paths: Sequence[str] = ()
    options: Sequence[str] = ()
    conclusion: str = ""
    errors: Sequence[Pair] = ()
    warnings: Sequence[Pair] = ()
    absent: Sequence[Pair] = ()
    facts: dict[str, Any] = field(default_factory=dict)
    routing: str | list[str] | None = None
    places: Sequence[dict[str, Any]] = ()
    equivalents: Sequence[Sequence[Pair]] = ()

    def expected(self) -> dict[str, Any]:
        return {
            "note": self.note,
            "paths": list(self.paths or self.files),
            "options": list(self.options),
            "document_class": self.document_class,
            "conclusion": self.conclusion or ("deficient" if self.errors else "pass"),
            "errors": sorted(map(list, self.errors), key=str),
            "warnings": sorted(map(list, self.warnings), key=str),
            "absent": sorted(map(list, self.absent), key=str),
            "facts": self.facts,
            "routing": self.routing,
            "places": list(self.places),
            **({"equivalents": [[list(p) for p in g] for g in self.equivalents]} if self.equivalents else {}),
        }


CASES: list[Case] = []
WANTED: tuple[str, ...] = ()


def wanted(slug: str) -> bool:
    """Whether the case is to be made in this run."""
    return not WANTED or any(part in slug for part in WANTED)


def add(case: Case) -> None:
    if any(c.slug == case.slug for c in CASES):
        raise ValueError(f"two cases {case.slug}")
    CASES.append(case)


def at(code: str, requirement: str, heading: str = "", **place: Any) -> dict[str, Any]:
    """A place where the finding must point: heading, page or document."""
    return {"error": [code, requirement], **({"heading": heading} if heading else {}), **place}


def render(source: str, look: Layout | Sheet, through: str = "") -> tuple[str, bytes]:
    """(suffix, bytes); ``through`` "pdf" or "docx" sends a .docx through LibreOffice."""
    if isinstance(look, Sheet):
        return "pdf", pdf(source, look)
    data = docx(source, look)
    return (through, convert(data, through)) if through else ("docx", data)


_KEEP = object()


def make(
    slug: str,
    note: str,
    base: Base,
    look: Layout | Sheet,
    *edits: Edit,
    through: str = "",
    name: str = "",
    errors: Sequence[Pair] = (),
    facts: dict[str, Any] | None = None,
    options: Sequence[str] | None = None,
    routing: Any = _KEEP,
    places: Sequence[dict[str, Any]] = (),
    warnings: Sequence[Pair] = (),
    absent: Sequence[Pair] = (),
    document_class: str | None = None,
    conclusion: str = "",
    unstated: Sequence[str] = (),
    equivalents: Sequence[Sequence[Pair]] = (),
) -> None:
    """A single-file case; ``facts`` overrides the base (None takes out); ``unstated`` must not be stated."""
    if not wanted(slug):
        return
    suffix, data = render(base.edited(*edits), look, through)
    stated = {k: v for k, v in {**base.facts, **(facts or {})}.items() if v is not None} | dict.fromkeys(
        unstated
    )
    add(
        Case(
            slug, note, {f"{name or stated.get('项目名称', slug)}.{suffix}": data}, document_class or base.document_class,  # noqa: E501
            options=base.options if options is None else options,
            conclusion=conclusion, errors=errors, warnings=warnings, absent=absent, facts=stated,
            routing=base.routing if routing is _KEEP else routing, places=places,
            equivalents=equivalents,
        )
    )  # fmt: skip
