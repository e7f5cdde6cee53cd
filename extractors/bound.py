"""Papers that lie in one file, each under a title of its own: the annexes of a letter, a scan of them all."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from extractors.document import Align, Paragraph, Table, paragraphs
from extractors.matching import Met, has_body, is_blank_form, is_called, is_told
from extractors.outline import ORGANISATION, Origin, Outline, Section
from extractors.substance import Substance
from extractors.titles import TitleMatcher
from schemas.packs import Requirement

_ANNEX_LINE = re.compile(r"\s*附\s*件\s*[\d一二三四五六七八九十]{1,3}\s*[：:]\s*(.+)")
_MARK = re.compile(r"\s*(?:附件?|附表|材料|资料|文件)?\s*[\d一二三四五六七八九十]{1,3}\s*[：:、.．]?\s*")
_SENTENCE = re.compile(r"\S{9,}[。；;！]")
_LETTER = re.compile(r"特此|请予|联系人|联系电话|此[件函]|以上|真实|[本我](?:单位|局|中心|街道|办|馆|公司)")
"""What a letter says behind the list of its annexes."""


@dataclass(frozen=True, slots=True)
class _Part:
    """A paper in a file: its title, and all that stands under it."""

    title: str
    section: Section


def annexes(
    outline: Outline, requirement: Requirement, titles: TitleMatcher, substance: Substance, *, pointed: bool
) -> Iterator[Met]:
    """The papers required that follow the main document in its own file: 附件3：监理报告.

    What the document's own section only points to (``pointed``: 详见附件2) may be no paper of its own.
    """
    if not (requirement.paper or pointed):
        return
    lines = [part for part in _parts(outline) if _is_line(part.section)]
    for index, part in enumerate(lines):
        before = [line.title for line in lines[: index + 1]]
        # The last line of a list of annexes has the letter's end under it.
        is_last = index + 1 == len(lines) or lines[index + 1].title in before
        ends_list = index > 0 and is_last and not any(lines[index - 1].section.content())
        if _tells(part.section) and (not ends_list or part.title in before[:-1]):
            yield from _as_met(part, outline, requirement, titles, substance)


def papers_in(
    outline: Outline, requirements: tuple[Requirement, ...], titles: TitleMatcher, substance: Substance
) -> dict[str, tuple[Met, ...]]:
    """The papers required that are bound together in one attachment; empty where it is a single paper."""
    parts = list(_parts(outline))
    found: dict[str, tuple[Met, ...]] = {}
    bound = False
    for index, part in enumerate(parts if len(parts) > 1 else ()):
        for requirement in requirements:
            mets = tuple(_as_met(part, outline, requirement, titles, substance)) if requirement.paper else ()
            if mets:
                bound = bound or index > 0
                found[requirement.name] = (*found.get(requirement.name, ()), *mets)
    return found if bound else {}


def _as_met(
    part: _Part, outline: Outline, requirement: Requirement, titles: TitleMatcher, substance: Substance
) -> Iterator[Met]:
    if ORGANISATION.search(part.title):
        return
    means = {m.requirement for m in titles.tail(part.title) if is_told(m, part.section, substance)}
    if is_called(part.title, requirement) or requirement.name in means:
        says = has_body(part.section, substance, (part.title,)) and not is_blank_form(
            (b for b in part.section.content() if isinstance(b, Paragraph)), requirement
        )
        yield Met(outline, part.section, 1.0, says, 1, attachment=True)


def _parts(outline: Outline) -> Iterator[_Part]:
    """The papers in a file, each with what follows it up to the next."""
    top = outline.root.children
    starts = [index for index, section in enumerate(top) if _title_of(section, outline)]
    for index, end in pairwise((*starts, len(top))):
        section = top[index]
        whole = replace(section, children=(*section.children, *top[index + 1 : end]))
        yield _Part(_title_of(section, outline), whole)


def _title_of(section: Section, outline: Outline) -> str:
    """The title of the paper that begins with a section; "" where none begins there."""
    if _is_line(section):
        found = _ANNEX_LINE.fullmatch(section.title)
        return found[1].strip() if found else ""
    if section.numbered == "annex":
        return section.children[0].title.strip() if section.children else ""
    return section.title.strip() if _looks_like_first(section, outline) else ""


def _is_line(section: Section) -> bool:
    return section.numbered == "attachment"


def _is_marked(section: Section) -> bool:
    return _is_line(section) or section.numbered == "annex"


def _looks_like_first(section: Section, outline: Outline) -> bool:
    """Whether a title without a number is set like the one that the file begins with."""
    first = next((s for s in outline.root.children if not _is_marked(s)), None)
    if first is None or first.numbered or first.heading is None or section.heading is None:
        return False
    if not all(isinstance(b, Paragraph) and _MARK.fullmatch(b.shown) for b in outline.root.blocks):
        return False
    if section.numbered or section.listing or section.origin is not Origin.HEADING:
        return False
    own, other = first.heading, section.heading
    if (first.declared, own.size) != (section.declared, other.size):
        return False
    # Chapters, too, are set alike, but neither in the middle nor each on a page of its own.
    if own.align is other.align:
        return own.align is Align.CENTER or _opens_page(other, outline)
    # A title in the middle that fills its line shows no margins.
    return other.align is Align.CENTER and _opens_page(other, outline)


def _opens_page(line: Paragraph, outline: Outline) -> bool:
    """Whether a line is the first on its page, where the format has pages."""
    on_page = (each for each in paragraphs(outline.document.blocks) if each.page == line.page)
    return line.page is not None and next(on_page).number == line.number


def _tells(section: Section) -> bool:
    """Whether a paper follows and not only the letter's end: chapters, a table, a sentence."""
    for block in section.content():
        if isinstance(block, Table):
            return True
        if isinstance(block, Paragraph) and _SENTENCE.search(block.shown) and not _LETTER.search(block.shown):
            return True
    return False
