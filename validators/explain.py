"""Violations -> findings: which code, how severe, at which place, in which words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from extractors.document import Paragraph, paragraphs
from extractors.record import Extraction, Place, end_of, place_of
from schemas import DocumentClass, Pack, catalogue
from schemas.packs import FactSpec, Requirement
from validators.judge import Violation, violations
from validators.report import Finding, Location, Severity
from validators.wording import bound, fill, said

_CODE_OF_KEYWORD = {"const": "value-inconsistent"}
_QUOTE = 20


@dataclass(frozen=True, slots=True)
class Submission:
    """What is judged: a record with its evidence, under a class of a pack, at a date."""

    pack: Pack
    document_class: DocumentClass
    extraction: Extraction
    as_of: date | None


def findings_of(submission: Submission) -> Iterator[Finding]:
    """Every deficiency that the class's schema finds in the record, in the class's order."""
    for violation in violations(submission.document_class, submission.extraction.record):
        if _requirement_name(violation) in submission.extraction.not_checked:
            continue
        yield _finding(violation, submission)


def numbered(findings: list[Finding]) -> tuple[Finding, ...]:
    """``findings`` with stable ids: code and requirement, and a number where that is not enough."""
    seen: Counter[str] = Counter()
    result = []
    for finding in findings:
        base = f"{finding.code}:{finding.requirement}" if finding.requirement else finding.code
        seen[base] += 1
        result.append(replace(finding, id=base if seen[base] == 1 else f"{base}:{seen[base]}"))
    return tuple(result)


def location(place: Place) -> Location:
    """A place of the extraction as the report says it."""
    box = place.bbox
    return Location(
        document=place.document,
        page=place.page,
        paragraph=place.paragraph,
        heading=place.heading,
        bbox=None if box is None else tuple(round(v, 1) for v in (box.x0, box.top, box.x1, box.bottom)),  # type: ignore[arg-type]
        text=place.text,
    )


def expected_place(name: str, submission: Submission) -> Place | None:
    """Where a missing section would be expected: behind the section before it in the class's order."""
    extraction = submission.extraction
    order = [r.name for r in submission.document_class.requirements]
    for earlier in reversed(order[: order.index(name)] if name in order else []):
        for outline in extraction.outlines:
            for section in outline.root.walk():
                first = extraction.evidence.get(earlier, (None,))[0]
                if (
                    first is not None
                    and section.heading is not None
                    and _is_at(first, place_of(outline, section.heading, None))
                ):
                    return place_of(outline, end_of(section), section.title)
    if not extraction.outlines:
        return None
    main = extraction.outlines[0]
    first_paragraph: Paragraph | None = next(paragraphs(main.document.blocks), None)
    return place_of(main, first_paragraph, None)


def _is_at(place: Place, other: Place) -> bool:
    return (place.document, place.paragraph) == (other.document, other.paragraph)


def _requirement_name(violation: Violation) -> str | None:
    return violation.path[0] if violation.path else violation.missing


def _finding(violation: Violation, submission: Submission) -> Finding:
    name = _requirement_name(violation)
    requirement = submission.document_class.requirement(name) if name else None
    code = violation.rule.get("code") or _default_code(violation, requirement)
    entry = catalogue().codes[code]
    spec = _fact(violation, submission.document_class)
    about = violation.rule.get("requirement") or _about(violation, requirement)
    places = _places(violation, code, about, submission)
    values = _values(violation, spec, requirement, about, places, submission)
    return Finding(
        id="",
        code=code,
        requirement=about,
        severity=_severity(violation, requirement, entry.severity, submission.pack),
        clause=_clause(violation, requirement, spec, submission.document_class),
        message=fill(_template(violation, requirement, code, "message", entry.message), values),
        advice=fill(_template(violation, requirement, code, "advice", entry.advice), values),
        expected=_scalar(violation.rule.get("expected"), values, violation.limit),
        found=_scalar(violation.rule.get("found"), values, violation.value),
        locations=tuple(map(location, places)),
    )


def _default_code(violation: Violation, requirement: Requirement | None) -> str:
    if violation.keyword == "required":
        return "section-missing" if requirement is not None and not violation.path else "value-missing"
    return _CODE_OF_KEYWORD.get(violation.keyword, "value-out-of-range")


def _about(violation: Violation, requirement: Requirement | None) -> str | None:
    if requirement is not None:
        return requirement.name
    return violation.missing or (violation.path[-1] if violation.path else None)


def _fact(violation: Violation, document_class: DocumentClass) -> FactSpec | None:
    specs = [*document_class.facts, *(f for r in document_class.requirements for f in r.facts)]
    return next((s for s in specs if s.path == violation.pointer), None)


def _severity(violation: Violation, requirement: Requirement | None, default: str, pack: Pack) -> Severity:
    severity = violation.rule.get("severity") or (requirement.severity if requirement else default)
    if severity == Severity.ERROR and pack.status == "trial":
        return Severity.WARNING
    return Severity(severity)


def _clause(
    violation: Violation,
    requirement: Requirement | None,
    spec: FactSpec | None,
    document_class: DocumentClass,
) -> str:
    if requirement is not None:
        return requirement.clause
    if spec is not None and spec.clause:
        return spec.clause
    attachment = next((a for a in document_class.attachments if a.name == violation.missing), None)
    return attachment.clause if attachment else document_class.clause


def _template(
    violation: Violation, requirement: Requirement | None, code: str, kind: str, default: str
) -> str:
    own = violation.rule.get(kind)
    if own:
        return str(own)
    words: Mapping[str, str] = {}
    if requirement is not None:
        words = requirement.messages if kind == "message" else requirement.advice
    return words.get(code, default)


def _places(violation: Violation, code: str, about: str | None, submission: Submission) -> tuple[Place, ...]:
    evidence = submission.extraction.evidence
    if code == "section-missing" and about is not None:
        place = expected_place(about, submission)
        return (place,) if place else ()
    for path in (violation.pointer, ".".join(violation.path), about or ""):
        if places := evidence.get(path):
            return _distinct(places)
    if code in {"attachment-missing", "value-missing"} and not violation.path:
        return ()
    return ()


def _distinct(places: tuple[Place, ...]) -> tuple[Place, ...]:
    return tuple(dict.fromkeys(places))


def _values(
    violation: Violation,
    spec: FactSpec | None,
    requirement: Requirement | None,
    about: str | None,
    places: tuple[Place, ...],
    submission: Submission,
) -> dict[str, Any]:
    unit = spec.unit if spec else "text"
    values: dict[str, Any] = {}
    for each in [*submission.document_class.facts, *(requirement.facts if requirement else ())]:
        values[each.path] = values[each.path.rpartition(".")[2]] = said(
            stated(submission.extraction.record, each.path), each.unit
        )
    for other in submission.document_class.requirements:
        for each in other.facts:
            values.setdefault(each.path, said(stated(submission.extraction.record, each.path), each.unit))
    found = violation.value
    return values | {
        "requirement": about or "",
        "heading": _heading(places, about),
        "document": next((p.document for p in places), ""),
        "fact": spec.title if spec else (violation.missing or about or ""),
        "found": said(abs(found) if unit == "yuan" and found is not None else found, unit),
        "expected": bound(violation.keyword, violation.limit, unit),
        "guide": _guide(violation, requirement, submission.document_class),
        "quote": _quote(violation, places),
        "position": _position(about, places),
        "as_of": said(submission.as_of.isoformat(), "date") if submission.as_of else "",
    }


def _guide(violation: Violation, requirement: Requirement | None, document_class: DocumentClass) -> str:
    if requirement is not None:
        return requirement.guide
    return next((a.guide for a in document_class.attachments if a.name == violation.missing), "")


def stated(record: Mapping[str, Any], path: str) -> Any:
    """What a record says at a path, None where it says nothing."""
    value: Any = record
    for part in path.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    return value


def _heading(places: tuple[Place, ...], about: str | None) -> str:
    return next((p.heading for p in places if p.heading), about or "")


def _quote(violation: Violation, places: tuple[Place, ...]) -> str:
    text = next((p.text for p in places if p.text and p.text != p.heading), None)
    if not text or violation.keyword != "const":
        return "，标题下没有文字"
    return f"，只写了“{text[:_QUOTE]}{'…' if len(text) > _QUOTE else ''}”"


def _position(about: str | None, places: tuple[Place, ...]) -> str:
    heading = next((p.heading for p in places if p.heading), None)
    return f"在“{heading}”之后" if heading else "在正文开头"


def _scalar(template: str | None, values: Mapping[str, Any], default: Any) -> Any:
    return fill(template, values) if template else default
