"""What kind of submission a document is, by its title and by which requirements its sections meet."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import PurePath

from extractors.matching import attachment_for, brings_papers
from extractors.outline import Outline, Section
from extractors.substance import substance
from extractors.text import any_of, normal
from extractors.titles import SURE, core, matcher, matcher_of_all
from schemas import DocumentClass, Pack

_TITLE_WEIGHT, _COVERAGE_WEIGHT = 0.55, 0.45
_AT_END, _INSIDE, _FILE_NAME = 1.0, 0.75, 0.5
_HINT, _AGAINST = 0.15, 0.5
_CONTENT_ALONE = 0.6
"""Share of a class's requirements that names it where the title does not."""
_BRACKETED = re.compile(r"(?:\([^()]{0,12}\))+$")
_LETTER = "关于"
_SECTIONS_OF_ITS_OWN = 3
"""So many requirements that the title's class knows nothing of outweigh the title."""


@dataclass(frozen=True, slots=True)
class Classified:
    """How well a document fits a class.

    Attributes:
        class_id: the class.
        confidence: from 0 to 1.
        decided: title or content are enough to take it for that class.
        met: how many of the class's requirements its own sections surely meet.
    """

    class_id: str
    confidence: float
    decided: bool
    met: int


def classify(outline: Outline, pack: Pack, beside: Sequence[Outline] = ()) -> tuple[Classified, ...]:
    """How well ``outline`` fits each class of ``pack``, best first.

    Args:
        beside: the other documents of the submission.  A letter may leave all that is required to them.
    """
    titles = [normal(t) for t in (*outline.titles, *(line.shown for line in outline.head))]
    name = normal(PurePath(outline.document.name).stem)
    if outline.document.title:
        titles.append(normal(outline.document.title))
    sections = _telling(outline, pack)
    found = [_fit(c, pack, outline, sections, titles, name, beside) for c in pack.classes.values()]
    best, *others = sorted(found, key=lambda f: (not f.decided, -f.confidence))
    rival = next(
        (f for f in others if f.decided and _outweighs(f.class_id, best.class_id, sections, pack)), None
    )
    if not best.decided or rival is None:
        return (best, *others)
    return (rival, best, *(f for f in others if f is not rival))


def handed_in(outline: Outline, pack: Pack, beside: Sequence[Outline]) -> str | None:
    """The class whose papers lie beside a letter that names none (关于…备案的函); None where none do.

    Of several the one that holds the others: an acceptance's papers come with the contract.
    """
    titles = [normal(title) for title in outline.titles]
    found = {
        c.id: c
        for c in pack.classes.values()
        if any(title.startswith(_LETTER) or any(h in title for h in c.hints) for title in titles)
        and brings_papers(outline, beside, c, pack)
    }
    return next((each for each, c in found.items() if found.keys() - {each} <= set(c.holds or ())), None)


def _telling(outline: Outline, pack: Pack) -> tuple[Section, ...]:
    """The sections whose titles may mean something to some class; most mean nothing to any."""
    titles = matcher_of_all(pack)
    return tuple(
        section
        for section in outline.root.walk()
        if section.title and not section.listing and titles.may_be_title(section.title)
    )


def _outweighs(rival: str, titled: str, sections: Sequence[Section], pack: Pack) -> bool:
    """Whether the content is the rival's: most of what it asks for, and no section of the other's alone.

    A proposal that calls itself 建设方案 has 建设依据, 建设目标, 经费保障, and nothing that only a plan
    has; a construction plan that opens with 建设依据 has its 网络安全 and 平台兼容 too.
    """
    _, coverage = _coverage(sections, pack.classes[rival], pack)
    if coverage < _CONTENT_ALONE:
        return False
    own: set[str] = set()
    for section in sections:
        here = _sure(section, pack.classes[titled], pack)
        there = _sure(section, pack.classes[rival], pack)
        if here and not there:
            return False
        if not here:
            own |= there
    return len(own) >= _SECTIONS_OF_ITS_OWN


def _sure(section: Section, document_class: DocumentClass, pack: Pack) -> set[str]:
    matches = matcher(document_class, pack.language).match(section.title)
    return {match.requirement for match in matches if match.confidence >= SURE}


def _fit(
    document_class: DocumentClass,
    pack: Pack,
    outline: Outline,
    sections: Sequence[Section],
    titles: list[str],
    file_name: str,
    beside: Sequence[Outline],
) -> Classified:
    titled = max((_title_score(t, document_class, pack) for t in titles), default=0.0)
    if titled <= 0:
        titled = max(titled, _FILE_NAME * _title_score(file_name, document_class, pack))
    met, coverage = _coverage(sections, document_class, pack)
    no_filing = any(_is_no_filing(t, pack) for t in titles[:3])
    borne_out = _meets_beside_title(sections, outline, document_class, pack) or (
        titled >= _AT_END
        and (
            any(_is_named(t, document_class, pack) for t in titles)
            or any(_is_required(o, document_class, pack) for o in beside)
        )
    )
    decided = (titled >= _FILE_NAME / 2 and borne_out and not no_filing) or (
        coverage >= _CONTENT_ALONE and met >= min(3, len(document_class.requirements))
    )
    confidence = _TITLE_WEIGHT * max(0.0, min(titled, 1.2)) / 1.2 + _COVERAGE_WEIGHT * coverage
    return Classified(document_class.id, round(min(1.0, confidence + 0.05), 2), decided, met)


def _meets_beside_title(
    sections: Sequence[Section], outline: Outline, document_class: DocumentClass, pack: Pack
) -> bool:
    """Whether a section surely meets a requirement; the document's own title says nothing twice."""
    titles = matcher(document_class, pack.language)
    opening = {line.number for line in outline.opening}
    return any(
        match.confidence >= SURE
        for section in sections
        if section.heading and section.heading.number not in opening
        for match in titles.match(section.title)
    )


def _is_required(outline: Outline, document_class: DocumentClass, pack: Pack) -> bool:
    """Whether another document of the submission is a paper that the class requires."""
    titles, judge = matcher(document_class, pack.language), substance(pack.language)
    return any(attachment_for(outline, r, titles, judge) for r in document_class.requirements)


def _is_named(title: str, document_class: DocumentClass, pack: Pack) -> bool:
    """Whether the line names the class and nothing less: many papers and chapters are called 设计方案."""
    titles = matcher(document_class, pack.language)
    if any_of(document_class.sure_patterns).search(title):
        return True
    return any(n in title and not titles.is_title(n) for n in _names(document_class))


@lru_cache(maxsize=64)
def _names(document_class: DocumentClass) -> tuple[str, ...]:
    """The class's names in normal form."""
    return tuple(map(normal, document_class.names))


def _title_score(title: str, document_class: DocumentClass, pack: Pack) -> float:
    """How strongly one line names the class: its name at the line's end, inside it, or not at all."""
    names = [n for n in _names(document_class) if n in title]
    tail = _without_edition(title)
    whole = _is_worded(tail, document_class) or _is_worded(title, document_class)
    if not names and not whole:
        return 0.0
    score = _AT_END if whole or any(_ends(tail, n) for n in names) else _INSIDE
    if any(w in title for w in document_class.against):
        score -= _AGAINST
    if score < _AT_END and _is_no_filing(title, pack):
        return 0.0
    if any(w in title for w in document_class.hints):
        score += _HINT
    return score


def _without_edition(title: str) -> str:
    """The title without what stands behind its name: (2024年), 送审稿, V1.0."""
    return _BRACKETED.sub("", title).rstrip("()（）0123456789版稿报送审终v. -_")


def _is_worded(title: str, document_class: DocumentClass) -> bool:
    return any_of(document_class.name_patterns).search(title) is not None


def _ends(title: str, name: str) -> bool:
    return title.endswith((name, f"{name}的报告", f"{name}的函", f"{name}的请示", f"{name}报告", f"{name}表"))


def _is_no_filing(title: str, pack: Pack) -> bool:
    """The line ends like a paper that is no submission (通知, 会议纪要), and like no class's name."""
    if not title.endswith(pack.language.not_filings):
        return False
    classes = pack.classes.values()
    return not any(_is_worded(title, c) or any(_ends(title, n) for n in _names(c)) for c in classes)


def _coverage(sections: Sequence[Section], document_class: DocumentClass, pack: Pack) -> tuple[int, float]:
    """How many requirements a title surely meets, and their share; what few classes ask for weighs more."""
    met = {requirement for section in sections for requirement in _sure(section, document_class, pack)}
    shared = _sharing(pack)
    weights = {r.name: 1 / shared[core(r.name)] for r in document_class.requirements}
    return len(met), sum(weights[m] for m in met) / sum(weights.values())


@lru_cache(maxsize=16)
def _sharing(pack: Pack) -> Mapping[str, int]:
    """In how many classes each requirement's own name surely means something."""
    names = {core(r.name) for c in pack.classes.values() for r in c.requirements}
    return {
        name: sum(
            any(m.confidence >= SURE for m in matcher(c, pack.language).match(name))
            for c in pack.classes.values()
        )
        for name in names
    }
