"""Which sections and which attachments meet which requirement of a document class."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from extractors.outline import Origin, Outline, Section
from extractors.substance import Substance
from extractors.titles import SURE, TitleMatcher, core
from schemas import DocumentClass
from schemas.packs import AttachmentRule, Requirement


@dataclass(frozen=True, slots=True)
class Met:
    """A section that meets a requirement, or an attachment that is the thing required.

    Attributes:
        outline: the document it stands in.
        section: the section; of an attachment its whole content.
        confidence: how sure it is that this is what is required.
        substantive: it says something.
        depth: how deep it stands, 0 for the document.
        attachment: it is a whole attachment.
        shared: requirements that the same title meets, this one included.
    """

    outline: Outline
    section: Section
    confidence: float
    substantive: bool
    depth: int
    attachment: bool = False
    shared: int = 1


def sections_by_requirement(
    outline: Outline, document_class: DocumentClass, titles: TitleMatcher, substance: Substance
) -> dict[str, tuple[Met, ...]]:
    """The sections of one document by the requirement they meet, best first.

    Sure titles come before near ones; among them those with substance, then the surer, then the higher, then
    the earlier.  A near title counts only where no section around it is already something else for sure.
    """
    found: dict[str, list[Met]] = {r.name: [] for r in document_class.requirements}
    near: dict[str, set[str]] = {}
    for section, depth, inside in _eligible(outline.root, titles):
        matches = titles.match(section.title)
        for match in matches:
            if match.confidence < SURE and (inside or section.origin in (Origin.LABEL, Origin.ALONE)):
                continue
            near.setdefault(match.requirement, set()).add(match.title)
            found[match.requirement].append(
                Met(
                    outline,
                    section,
                    match.confidence,
                    substance.has(section),
                    depth,
                    shared=len(matches),
                )
            )
    for requirement in document_class.requirements:
        if not found[requirement.name]:
            found[requirement.name] += _by_words(outline, requirement, titles, substance)
    return {
        r.name: tuple(sorted(_in_parts(r, found[r.name], near.get(r.name, set())), key=_rank))
        for r in document_class.requirements
    }


def _rank(met: Met) -> tuple[bool, bool, float, int]:
    return (met.confidence < SURE, not met.substantive, -met.confidence, met.depth)


def _in_parts(requirement: Requirement, mets: list[Met], near: set[str]) -> list[Met]:
    """Sections that each hold one part of a requirement and together all of it are sure."""
    whole = bool(requirement.parts) and all(
        any(word in title for title in near for word in map(core, part)) for part in requirement.parts
    )
    if not whole or any(m.confidence >= SURE for m in mets):
        return mets
    return [
        Met(m.outline, m.section, SURE, m.substantive, m.depth, m.attachment, m.shared) for m in mets
    ]


def _eligible(
    section: Section, titles: TitleMatcher, depth: int = 0, inside: bool = False
) -> Iterator[tuple[Section, int, bool]]:
    """Sections that may meet something: (section, depth, whether it stands inside one that does for sure)."""
    for child in section.children:
        if child.listing:
            continue
        yield child, depth + 1, inside
        sure = any(m.confidence >= SURE for m in titles.match(child.title))
        yield from _eligible(child, titles, depth + 1, inside or sure)


def _by_words(
    outline: Outline, requirement: Requirement, titles: TitleMatcher, substance: Substance
) -> Iterator[Met]:
    for section, depth, inside in _eligible(outline.root, titles):
        if inside or section.origin in (Origin.LABEL, Origin.ALONE) or titles.match(section.title):
            continue
        match = titles.by_words(section.title, (requirement.name,))
        if match and substance.has(section):
            yield Met(outline, section, match.confidence, True, depth)


def attachment_for(
    outline: Outline, requirement: Requirement, titles: TitleMatcher, substance: Substance
) -> Met | None:
    """The document as an attachment that is the thing required, recognised by its title and its content."""
    for title in (*outline.titles, outline.document.title):
        means = titles.tail(title)
        named = any(core(title).endswith(core(t)) for t in requirement.attachment)
        if named or requirement.name in means:
            root = outline.root
            return Met(outline, root, 1.0, _has_body(outline, title, substance), 0, attachment=True)
        if means:
            return None
    return None


def is_attachment(outline: Outline, rule: AttachmentRule, name: str) -> bool:
    """Whether the document is a paper of that kind by its title, or by its name where it has no title."""
    wanted = tuple(map(core, rule.titles))
    for title in (*outline.titles, outline.document.title):
        if any(w in core(title) for w in wanted):
            return True
    return not outline.titles and any(w in core(name) for w in wanted)


def _has_body(outline: Outline, title: str, substance: Substance) -> bool:
    """Whether the document says anything beside its title."""
    texts = [t for t in substance.texts(outline.root) if core(t) != core(title)]
    return any(len(t) >= 6 or t == "[图]" for t in texts)
