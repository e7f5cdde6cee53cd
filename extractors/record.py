"""Outlines -> the record: what a submission states, in the words of its document class; no judgement.

Each requirement that something meets becomes an object (``标题``, ``有内容``, ``匹配度`` and its facts);
facts of the whole submission stand at the top.  Beside the record goes the evidence: for each path of the
record the places it was read from.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from extractors.bound import annexes, papers_in
from extractors.document import BBox, Paragraph, Table, paragraphs
from extractors.matching import (
    Met,
    attachment_for,
    is_attachment,
    paper_bound_in,
    paper_itself,
    sections_by_requirement,
)
from extractors.outline import Outline, Section
from extractors.readers import READERS, Reading, Scope
from extractors.substance import Substance, substance
from extractors.titles import SURE, TitleMatcher, matcher
from schemas import DocumentClass, Pack
from schemas.packs import FactSpec, Requirement

_QUOTE = 120


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a document of the submission; fields as in the report's LOCATION."""

    document: str
    page: int | None = None
    paragraph: int | None = None
    heading: str | None = None
    bbox: BBox | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Extraction:
    """What a submission states.

    Attributes:
        record: the JSON instance that the class's schema judges.
        evidence: record path ("服务周期", "服务周期.月数") -> places it was read from.
        unknown: paths of facts that the regulation asks for and that cannot be computed, with the reason
            ("calendar": beyond the published calendar; "as-of": no filing date was given).
        not_checked: requirements that only an unreadable file or page of the submission may meet.
        outlines: the documents that could be read, the main one first.
    """

    record: dict[str, Any]
    evidence: Mapping[str, tuple[Place, ...]]
    unknown: Mapping[str, str]
    not_checked: frozenset[str]
    outlines: tuple[Outline, ...]


@dataclass(slots=True)
class _Growing:
    """The record while it is read; private to this module."""

    record: dict[str, Any] = field(default_factory=dict)
    evidence: dict[str, tuple[Place, ...]] = field(default_factory=dict)
    readings: dict[str, Reading] = field(default_factory=dict)
    unknown: dict[str, str] = field(default_factory=dict)


def read_record(
    outlines: tuple[Outline, ...],
    pack: Pack,
    document_class: DocumentClass,
    as_of: date | None,
    unread_names: tuple[str, ...] = (),
) -> Extraction:
    """State what a submission says.

    Args:
        outlines: its readable documents, the main one first; the others are attachments.
        as_of: the filing date, None if unknown.
        unread_names: names of its files that could not be read.
    """
    growing = _Growing()
    met = _met(outlines, pack, document_class)
    for requirement in document_class.requirements:
        if found := met[requirement.name]:
            _state_requirement(requirement, found, growing, pack)
    named = [spec for spec in document_class.facts if spec.reader == "label"]
    for spec in named:  # first: the project that an attachment names is held against the submission's
        _state_fact(spec, Scope(outlines, (), as_of, growing.readings, pack.language), growing)
    for requirement in document_class.requirements:
        scope = Scope(outlines, met[requirement.name], as_of, growing.readings, pack.language)
        for spec in requirement.facts:
            _state_fact(spec, scope, growing)
    for spec in (spec for spec in document_class.facts if spec not in named):
        _state_fact(spec, Scope(outlines, (), as_of, growing.readings, pack.language), growing)
    _state_attachments(outlines, document_class, growing)
    return Extraction(
        growing.record,
        growing.evidence,
        growing.unknown,
        _maybe_in_unread(unread_names, document_class, pack, growing.record)
        | _maybe_on_unread_page(outlines, document_class, growing.record),
        outlines,
    )


def place_of(outline: Outline, paragraph: Paragraph | None, heading: str | None, quote: str = "") -> Place:
    """The place of ``paragraph``, or of the document as a whole; ``quote`` stands for its text."""
    if paragraph is None:
        return Place(outline.document.name, heading=heading or None)
    document = outline.document
    sheet = document.sheet(paragraph.page) if paragraph.page else None
    return Place(
        document=sheet.file if sheet else document.name,
        page=sheet.page if sheet else None,
        paragraph=document.own_number(paragraph),
        heading=heading or None,
        bbox=paragraph.bbox,
        text=(quote or paragraph.shown.strip())[:_QUOTE],
    )


def end_of(met_place: Section) -> Paragraph | None:
    """The last paragraph of a section: behind it the next one is expected."""
    last = met_place.heading
    for block in met_place.content():
        for paragraph in paragraphs((block,)):
            if last is None or paragraph.number >= last.number:
                last = paragraph
    return last


def _met(
    outlines: tuple[Outline, ...], pack: Pack, document_class: DocumentClass
) -> dict[str, tuple[Met, ...]]:
    titles, judge = matcher(document_class, pack.language), substance(pack.language)
    if not outlines:
        return {r.name: () for r in document_class.requirements}
    met = sections_by_requirement(outlines[0], document_class, titles, judge)
    # An authority's opinion on the cryptography is no section about it, whatever its title ends with.
    papers = [o for o in outlines[1:] if not _is_named_attachment(o, document_class)]
    bound = [papers_in(o, document_class.requirements, titles, judge) for o in papers]
    for requirement in document_class.requirements:
        own = met[requirement.name]
        # An attachment that is the thing itself stands in for a section that only points to it.
        itself = paper_itself(outlines[0], requirement, judge)
        bound_in = None if itself else paper_bound_in(outlines[0], requirement, judge)
        extra = tuple(m for m in own if _points_away(m, judge))
        kept = tuple(m for m in own if m not in extra and not _begins_as(m, bound_in))
        attached = (
            itself or bound_in,
            *annexes(outlines[0], requirement, titles, judge, pointed=bool(extra) and not kept),
            *(m for each in bound for m in each.get(requirement.name, ())),
            *(
                attachment_for(o, requirement, titles, judge)
                for o, each in zip(papers, bound, strict=True)
                if not each
            ),
        )
        substantive = tuple(a for a in attached if a is not None)
        met[requirement.name] = (
            *(m for m in kept if m.substantive),
            *sorted(substantive, key=lambda m: not m.substantive),
            *(m for m in kept if not m.substantive),
            *extra,
        )
    _add_stated_in_attachments(met, tuple(papers), document_class, titles, judge)
    return met


def _is_named_attachment(outline: Outline, document_class: DocumentClass) -> bool:
    return any(is_attachment(outline, rule, outline.document.name) for rule in document_class.attachments)


def _add_stated_in_attachments(
    met: dict[str, tuple[Met, ...]],
    attachments: tuple[Outline, ...],
    document_class: DocumentClass,
    titles: TitleMatcher,
    judge: Substance,
) -> None:
    """What the main document does not state an attachment may: the contract says when it was signed.

    A requirement that is a paper of its own (监理报告) is not met by another paper's section about it.
    """
    wanted = [
        r for r in document_class.requirements if not r.paper and not any(m.substantive for m in met[r.name])
    ]
    if not wanted:
        return
    said: dict[str, tuple[Met, ...]] = {r.name: () for r in wanted}
    empty = dict(said)
    # The contract that is filed comes before the agreement on integrity that lies with it.
    own = {id(m.outline) for r in document_class.requirements if r.paper for m in met[r.name] if m.attachment}
    for outline in sorted(attachments, key=lambda outline: id(outline) not in own):
        sections = sections_by_requirement(outline, document_class, titles, judge)
        for requirement in wanted:
            sure = [
                m for m in sections[requirement.name] if m.confidence >= SURE and not _points_away(m, judge)
            ]
            said[requirement.name] += tuple(m for m in sure if m.substantive)
            empty[requirement.name] += tuple(m for m in sure if not m.substantive)
    for name in said:
        met[name] = (*said[name], *met[name]) or empty[name]  # there, and nothing said


def _begins_as(met: Met, paper: Met | None) -> bool:
    """Whether a section is the beginning of the paper: its articles stand beside its title."""
    return paper is not None and met.outline is paper.outline and met.section.heading is paper.section.heading


def _points_away(met: Met, judge: Any) -> bool:
    texts = [b.text for b in met.section.content() if isinstance(b, Paragraph)]
    return bool(texts) and all(judge.is_reference(t) for t in texts)


def _state_requirement(
    requirement: Requirement, found: tuple[Met, ...], growing: _Growing, pack: Pack
) -> None:
    best = found[0]
    sure = max((m.confidence for m in found if m.substantive == best.substantive), default=best.confidence)
    title = best.section.title or (
        best.outline.titles[0] if best.outline.titles else best.outline.document.name
    )
    state: dict[str, Any] = {
        "标题": title,
        "有内容": best.substantive,
        "匹配度": round(max(best.confidence, sure if sure >= SURE else 0.0), 2),
    }
    if best.attachment:
        state["附件"] = best.outline.document.name
    growing.record[requirement.name] = state
    growing.evidence[requirement.name] = tuple(
        place_of(m.outline, m.section.heading or _first_paragraph(m), m.section.title or title)
        for m in found[:3]
    )
    if not best.substantive:
        growing.evidence[f"{requirement.name}.有内容"] = (_hollow_place(best),)


def _first_paragraph(met: Met) -> Paragraph | None:
    return next(paragraphs(met.outline.document.blocks), None)


def _hollow_place(met: Met) -> Place:
    """The placeholder itself where there is one, else the title."""
    for block in met.section.content():
        for paragraph in paragraphs((block,)):
            return place_of(met.outline, paragraph, met.section.title)
    return place_of(met.outline, met.section.heading, met.section.title)


def _state_fact(spec: FactSpec, scope: Scope, growing: _Growing) -> None:
    holder = growing.record.get(spec.requirement) if spec.requirement else growing.record
    if holder is None or (spec.requirement and not holder["有内容"]):
        return
    reading = READERS[spec.reader](spec, scope)
    if reading is None:
        return
    if reading.unknown:
        growing.unknown[spec.path] = reading.unknown
        return
    holder[spec.path.rpartition(".")[2]] = reading.value
    growing.readings[spec.path] = reading
    growing.evidence[spec.path] = tuple(
        place_of(s.outline, s.paragraph, s.heading, s.quote) for s in reading.sources
    )


def _state_attachments(
    outlines: tuple[Outline, ...], document_class: DocumentClass, growing: _Growing
) -> None:
    if not document_class.attachments:
        return
    holder: dict[str, str] = {}
    for rule in document_class.attachments:
        for outline in outlines[1:]:
            if is_attachment(outline, rule, outline.document.name):
                holder[rule.name] = outline.document.name
                growing.evidence[f"附件.{rule.name}"] = (place_of(outline, None, None),)
                break
    growing.record["附件"] = holder


def _maybe_in_unread(
    names: tuple[str, ...], document_class: DocumentClass, pack: Pack, record: Mapping[str, Any]
) -> frozenset[str]:
    """Requirements that no readable file meets and whose name an unreadable file bears."""
    titles = matcher(document_class, pack.language)
    return frozenset(
        match.requirement
        for name in names
        for match in titles.tail(name.rpartition(".")[0] or name)
        if match.requirement not in record
    )


def _maybe_on_unread_page(
    outlines: tuple[Outline, ...], document_class: DocumentClass, record: Mapping[str, Any]
) -> frozenset[str]:
    """Requirements that nothing meets, where a page that could not be read may hold them."""
    if all(outline.document.is_read for outline in outlines):
        return frozenset()
    return frozenset(
        requirement.name
        for requirement in document_class.requirements
        if not record.get(requirement.name, {}).get("有内容")
    )


def tables_of(section: Section) -> Iterator[Table]:
    """The tables in a section, in reading order."""
    for block in section.content():
        if isinstance(block, Table):
            yield block
