"""What other places state of a fact: another section, the cover, an attachment, a second draft."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import chain, pairwise
from typing import Any

from extractors.document import Paragraph
from extractors.facts.dates import choose_date
from extractors.facts.levels import choose_level
from extractors.facts.money import choose_total, find_money, may_state_money, unit_of
from extractors.facts.period import longest_total
from extractors.facts.plain import plain
from extractors.matching import Met
from extractors.numbering import split_number
from extractors.outline import Origin, Outline, Section
from extractors.readers.money import YEARS, amount_of, is_same
from extractors.readers.scope import Prose, Reading, Scope, Source, paragraphs_of
from extractors.signing import days_in, days_signed
from extractors.text import any_of, fold
from extractors.titles import NAMED, core
from schemas.packs import FactSpec

_STATEMENT_END = re.compile(r"[。；;\n]")
_ONCE_BUILT = re.compile(r"承建|建成|已建|竣工|上线|投入使用|通过验收|原建设|原有|一期|前期|上一")
"""Words of what the system in use cost once, which is no second estimate."""
_AGAIN = re.compile(r"[整\s]*(?:[(,][\s,]*(?:人民币|小写|大写|即|折?合|¥|:|[\s,])*)")
_ENDS_AGAIN = re.compile(r"整?\s*(?:[,;]?(?:人民币|大写|[:为整元圆\s])*)?\)")
_THAT_IS = "即"
_ENDS_THAT_IS = re.compile(r"整?\s*(?:[,。;)\n]|$)")
"""What stands between an amount and the same in another spelling, and behind that; capitals are blank."""
_CLAUSE_END = re.compile(r"[。；;，,\n]")
_MAX_STATEMENT = 60
_MAX_BETWEEN = 4
"""Longest text between a date's label and the date: 为, a colon, a space."""


def stated_elsewhere(spec: FactSpec, scope: Scope) -> Reading | None:
    """What another place states instead of the value read; None where all that state it agree.

    Attachments that state several values contradict only where none of them is the value.  What a label of
    ``as_good`` states (each party's own day of signing) may stand for the value.
    """
    said = scope.readings.get(str(spec.options["instead_of"]))
    if said is None or not said.sources:
        return None
    home = said.sources[0].outline
    kind = _KINDS[spec.unit]
    if spec.options.get("exact"):
        kind = replace(kind, agrees=_equal)
    own = own_section(said, scope)
    known = {value for text in clauses_of(own) if (value := kind.value(text, 0)) is not None}
    if "as_good" in spec.options:
        known |= {r.value for o in scope.outlines for r in _statements(o, spec.words("as_good"), kind, None)}
    attached: list[Reading] = []
    apart = any_of(spec.words("without"))
    for outline in scope.outlines:
        of_another = outline is not home and apart.search(_first_line(outline)) is not None
        stated = _statements(outline, spec.words("patterns"), kind, own if outline is home else None)
        if outline is home and own is not None and spec.options.get("before"):
            lines = _lines_before(own, outline)
            stated = _labelled(outline, lines, spec.words("patterns"), kind)
        signed = () if outline is home or "signed" not in spec.options else _signed(outline, spec)
        for reading in chain[Reading](stated, signed):
            agrees = kind.agrees(said, reading) or reading.value in known
            agrees = agrees or (kind.money and _names_it_too(reading, said))
            if outline is home and not agrees:
                return replace(reading, sources=(*reading.sources, *said.sources))
            if outline is not home and agrees:
                return None
            if outline is not home and not of_another:
                attached.append(reading)
    if kind.money and (again := _written_again(said)) is not None:
        return replace(again, sources=(*again.sources, *said.sources))
    for reading in _of_the_whole(spec, scope, own, said.sources[0], kind) if kind.money else ():
        if not kind.agrees(said, reading) and not _is_part(reading, said, known):
            return replace(reading, sources=(*reading.sources, *said.sources))
    return replace(attached[0], sources=(*attached[0].sources, *said.sources)) if attached else None


def _written_again(said: Reading) -> Reading | None:
    """The amount in brackets or after 即 that should repeat the one read, or that it repeats.

    286万元（2,850,000元）, 286万元，即2,850,000元。
    """
    paragraph = said.sources[0].paragraph
    if paragraph is None or not any(mark in paragraph.shown for mark in "(（即"):
        return None
    text = plain(paragraph.shown).text
    amounts = [money for money in find_money(text) if money.per is None]
    plainer = text
    for money in amounts:
        if money.capital:
            plainer = plainer[: money.span[0]] + " " * len(money.text) + plainer[money.span[1] :]
    for money, again in pairwise(money for money in amounts if not money.capital):
        if said.value not in (money.amount, again.amount):
            continue
        if not _AGAIN.fullmatch(plainer, money.span[1], again.span[0]):
            continue
        that_is = _THAT_IS in plainer[money.span[1] : again.span[0]]
        if not (_ENDS_THAT_IS if that_is else _ENDS_AGAIN).match(plainer, again.span[1]):
            continue
        other = amount_of(again if money.amount == said.value else money, said.sources[0])
        if not is_same(said, other) and not is_same(other, said):
            return other
    return None


def _first_line(outline: Outline) -> str:
    return next(iter(outline.titles), "") or next((line.shown for line in outline.head), "")


def _of_the_whole(
    spec: FactSpec, scope: Scope, own: Section | None, source: Source, kind: _Kind
) -> Iterator[Reading]:
    """What the document itself and the letter that hands it in say of the whole."""
    home = source.outline
    yield from _summed_up(spec, home, own, kind)
    yield from _wholes(scope, own, source)
    covering = any_of(spec.words("covering"))
    for outline in scope.outlines:
        if outline is not home and covering.search("".join(outline.titles[:2])):
            yield from _summed_up(spec, outline, None, kind)


def _wholes(scope: Scope, own: Section | None, source: Source) -> Iterator[Reading]:
    """The one amount of each other section that is called what the total is: a summary's, a cover's field."""
    home = source.outline
    for met in scope.met:
        # The section whose table the total was read from is no other one.
        if (
            met.section.title == source.heading
            or met.outline is not home
            or met.shared > 1
            or met.confidence < NAMED
            or not met.substantive
        ):
            continue
        if met.section is own or any(_overlap(met.section, m.section) for m in scope.met if m is not met):
            continue
        prose = Prose(met, cells=True)
        if _ONCE_BUILT.search(prose.text) or _ONCE_BUILT.search(met.section.title):
            continue
        unit = unit_of(met.section.title)
        total = choose_total(prose.text, unit=unit)
        every = [money for money in find_money(prose.text, unit=unit) if money.per is None]
        amounts = {money.amount for money in every if not money.capital} or {money.amount for money in every}
        if total is not None and amounts == {total.amount}:
            yield amount_of(total, prose.source(total.span))


def _overlap(one: Section, other: Section) -> bool:
    return any(s is other for s in one.walk()) or any(s is one for s in other.walk())


def _is_part(reading: Reading, said: Reading, known: set[Any]) -> bool:
    """Whether the value is one that the total's own section names too, or the total of one of some years.

    Where the same paragraph names the total as well (总投资492万元，本期312万元), it tells of both.
    """
    return (
        reading.value in known
        or _names_it_too(reading, said)
        or any(reading.value * years == said.value for years in YEARS)
    )


def _names_it_too(reading: Reading, said: Reading) -> bool:
    """Whether the paragraph names the total as well: 软件30万元；终端12.6万元；合计42.6万元."""
    paragraph = reading.sources[0].paragraph
    return paragraph is not None and any(
        m.amount == said.value and not m.capital for m in find_money(paragraph.shown)
    )


def own_section(said: Reading, scope: Scope) -> Section | None:
    """The section that states the value."""
    source = said.sources[0]
    holding = (
        m.section
        for m in scope.met
        if m.outline is source.outline
        and (
            m.section.heading is source.paragraph
            or any(_is_same_line(p, source.paragraph) for p in _all_paragraphs(m.section))
        )
    )
    return next(holding, None)


def _is_same_line(one: Paragraph, other: Paragraph | None) -> bool:
    """Whether both are the same paragraph of the file, whatever of it is read."""
    return other is not None and one.number == other.number


def _all_paragraphs(section: Section) -> Iterator[Paragraph]:
    for each in section.walk():
        yield from paragraphs_of(each)


def clauses_of(section: Section | None) -> Iterator[str]:
    """The clauses of a section's paragraphs."""
    if section is not None:
        for paragraph in _all_paragraphs(section):
            yield from _CLAUSE_END.split(paragraph.shown)


def _signed(outline: Outline, spec: FactSpec) -> Iterator[Reading]:
    """The days beside the parties' signatures."""
    section = days_signed(outline, str(spec.options["signed"]))
    if section is None:
        return
    for paragraph, day in days_in(section):
        yield Reading(day.isoformat(), (Source(outline, paragraph, section.title),))


def _lines_before(own: Section, outline: Outline) -> Iterator[tuple[str, Paragraph, str]]:
    """What the same file says before the section: the letter that the paper is bound behind."""
    first = own.heading or next(_all_paragraphs(own), None)
    for text, paragraph, title in lines_of(outline, own, on_cover=False):
        if first is not None and paragraph.number < first.number:
            yield text, paragraph, title


def _statements(
    outline: Outline, labels: tuple[str, ...], kind: _Kind, own: Section | None
) -> Iterator[Reading]:
    yield from _labelled(
        outline, lines_of(outline, own, on_cover=kind.money and own is not None), labels, kind
    )


def _summed_up(spec: FactSpec, outline: Outline, own: Section | None, kind: _Kind) -> Iterator[Reading]:
    """What is stated before the first chapter, as in a letter, and where the whole is told of (项目概况)."""
    if not (labels := spec.words("in_summaries")):
        return
    wanted = frozenset(map(core, spec.words("summaries")))
    summaries = (s for each in outline.root.walk() if core(each.title) in wanted for s in each.walk())
    sections = {id(section): section for section in (*_front(outline), *summaries) if section is not own}
    lines = (
        (paragraph.shown, paragraph, section.title)
        for section in sections.values()
        for paragraph in paragraphs_of(section)
    )
    yield from _labelled(outline, lines, labels, kind)


def _labelled(
    outline: Outline, lines: Iterable[tuple[str, Paragraph, str]], labels: tuple[str, ...], kind: _Kind
) -> Iterator[Reading]:
    pattern = label_pattern(labels)
    for text, paragraph, title in lines:
        if kind.money and not may_state_money(text):
            continue
        for found in pattern.finditer(fold(text)):
            end = _STATEMENT_END.search(text, found.end())
            statement = text[found.start() : end.start() if end else len(text)]
            sentence = _STATEMENT_END.split(text[: found.start()])[-1] + statement
            if kind.money and _ONCE_BUILT.search(sentence):
                continue
            value = kind.value(statement[:_MAX_STATEMENT], found.end() - found.start())
            if value is not None:
                yield kind.reading(value, statement, Source(outline, paragraph, title))


def lines_of(
    outline: Outline, own: Section | None, *, on_cover: bool
) -> Iterator[tuple[str, Paragraph, str]]:
    """Lines that may state it: each paragraph, and each section's title with its first one behind it.

    A budget's or a schedule's table is no statement about the whole, so cells of forms alone are read.
    """
    cover = {id(p): p for p in (*outline.opening, *outline.head)}
    for paragraph in cover.values():
        yield paragraph.shown, paragraph, ""
    skipped = {id(section) for section in own.walk()} if own is not None else set()
    sections = _front(outline) if on_cover else outline.root.walk()
    yield from _lines((s for s in sections if id(s) not in skipped), cover)


def lines_in(met: Met) -> Iterator[tuple[str, Paragraph, str]]:
    """Lines of a paper that may state it; of one that is a part of its file no others."""
    if met.section is met.outline.root:
        yield from lines_of(met.outline, None, on_cover=False)
    else:
        yield from _lines(met.section.walk(), {})


def _lines(sections: Iterable[Section], cover: Container[int]) -> Iterator[tuple[str, Paragraph, str]]:
    for section in sections:
        paragraphs = tuple(paragraphs_of(section))
        if not paragraphs and section.heading is not None:
            yield section.title, section.heading, section.title
        for index, paragraph in enumerate(paragraphs):
            if index == 0 and section.title:
                numbered = split_number(section.title)
                title = (numbered.rest if numbered else section.title).strip().rstrip("：:")
                yield f"{title}：{paragraph.shown}", paragraph, section.title
            elif id(paragraph) not in cover:
                yield paragraph.shown, paragraph, section.title


def _front(outline: Outline) -> Iterator[Section]:
    """What stands before the first chapter: labels and fields, under the own title too."""
    titles = outline.titles

    def under(section: Section) -> Iterator[Section]:
        yield section
        for child in section.children:
            if child.title.strip() in titles:
                yield from under(child)
            elif child.origin in (Origin.LABEL, Origin.FORM):
                yield child
            else:
                return

    yield from under(outline.root)


@lru_cache(maxsize=64)
def label_pattern(patterns: tuple[str, ...]) -> re.Pattern[str]:
    """The labels in front of a value, from the beginning of a clause."""
    return re.compile(rf"(?:^|(?<=[。；;，,、（(\s：:]))(?:{'|'.join(patterns)})")


@dataclass(frozen=True, slots=True)
class _Kind:
    """How the values of one unit are read from a statement, and when two of them agree.

    Attributes:
        value: (statement, length of its label) -> the value.
        agrees: (value read, statement) -> whether they do not contradict each other.
        money: amounts.  Of the document that states the value only the cover is asked: its sections tell of
            parts, of earlier stages and of other projects too, and words of what a system cost once do so
            anywhere.  The digits that are shown belong to the reading.
    """

    value: Callable[[str, int], Any]
    agrees: Callable[[Reading, Reading], bool]
    money: bool = False

    def reading(self, value: Any, statement: str, source: Source) -> Reading:
        """The statement as a reading."""
        found = choose_total(statement) if self.money else None
        return amount_of(found, source) if found is not None else Reading(value, (source,))


def _date(text: str, label: int) -> str | None:
    found = choose_date(text)
    near = found is not None and found.span[0] <= label + _MAX_BETWEEN
    return found.value.isoformat() if found is not None and (near or not label) else None


def _months(text: str, label: int) -> int | None:
    found = longest_total(text)
    return found.months if found is not None else None


def _level(text: str, label: int) -> int | None:
    found = choose_level(text)
    return found.level if found is not None else None


def _yuan(text: str, label: int) -> Any:
    found = choose_total(text)
    return found.amount if found is not None else None


def _equal(said: Reading, other: Reading) -> bool:
    return bool(said.value == other.value)


def _not_longer(said: Reading, other: Reading) -> bool:
    """A shorter period may be the one without its renewals, or that of a part."""
    return bool(other.value <= said.value)


_KINDS = {
    "date": _Kind(_date, _equal),
    "months": _Kind(_months, _not_longer),
    "level": _Kind(_level, _equal),
    "yuan": _Kind(_yuan, is_same, money=True),
}
