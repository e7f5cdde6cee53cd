"""What is changed in a clean document, each time in one place, and what must be found of it.

A change is made to the document as it was read: the same ways in every format, and a number that the word
processor would count anew stays as it was printed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import count
from random import Random

from changed.documents import Clean
from extractors.document import Block, Cell, Document, Paragraph, Picture, Table, paragraphs
from extractors.matching import Met
from extractors.outline import Section
from schemas.packs import Requirement

_LACKING = frozenset({"section-missing", "section-empty", "value-missing"})
_UNEQUAL = frozenset({"value-inconsistent"})
_WITNESSES = ("分项合计", "合计行金额", "大写金额")
"""Facts that the total is compared with: where one is stated, another total is an error."""
_NUMBER = re.compile(r"[\d,]*\d(?:\.\d+)?")
_TOTAL_ROW = re.compile(r"(?:合|总|共)\s*计|总价|总额")
_PART = re.compile(r"其\s*中")
"""What stands behind this may be some of the parts, whose sum says nothing."""
_BOUND = re.compile(r"以内|以下|不超过|上限|限额|限价")
"""Less than such an amount is right too."""
_CAPITALS = re.compile(r"[壹贰叁肆伍陆柒捌玖][零〇壹贰叁肆伍陆柒捌玖拾佰仟万亿]{2,}(?=元|圆)")
_CAPITAL_DIGITS = "壹贰叁肆伍陆柒捌玖"


@dataclass(frozen=True, slots=True)
class Change:
    """One change.

    Attributes:
        what: which, the same for every seed.
        document: the changed document.
        codes: one of these must be found.
        requirement: of this requirement, None for whichever.
    """

    what: str
    document: Document
    codes: frozenset[str]
    requirement: Requirement | None = None


Changes = Callable[[Clean, Random], Iterator[Change]]


def dropped(clean: Clean, random: Random) -> Iterator[Change]:
    """Without what meets a requirement."""
    for requirement, sections in _met_alone(clean):
        titles = {s.heading.number for section in sections for s in section.walk() if s.heading is not None}
        changed = _without(clean.document, titles | _content(sections), with_rows=True)
        yield Change(requirement.name, changed, _LACKING, requirement)


def emptied(clean: Clean, random: Random) -> Iterator[Change]:
    """With nothing left of what meets a requirement but the title that says so."""
    for requirement, sections in _met_alone(clean):
        blocks = [block for section in sections for block in section.content()]
        if not any(isinstance(block, Picture) for block in blocks) and not any(map(_is_run_in, sections)):
            changed = _without(clean.document, _content(sections), with_rows=False)
            yield Change(requirement.name, changed, _LACKING, requirement)


def amounts(clean: Clean, random: Random) -> Iterator[Change]:
    """With another total in one of the places where it stands, in figures or in capitals."""
    for requirement, total in _compared(clean):
        alone, beside_unit = _amount(total), _in_unit(total)
        cells = {p.number for b in clean.document.blocks if isinstance(b, Table) for p in b.paragraphs()}
        figures, capitals = [], []
        for paragraph in _paragraphs(clean.met[requirement.name]):
            if not _BOUND.search(paragraph.text):
                cell = alone.fullmatch(paragraph.text.strip()) if paragraph.number in cells else None
                figures += [
                    (paragraph, found) for found in (cell, beside_unit.search(paragraph.text)) if found
                ]
                capitals += [(paragraph, found) for found in (_CAPITALS.search(paragraph.text),) if found]
        for paragraph, found in figures + capitals if figures else ():
            yield _restated(clean, requirement, paragraph, found.group(), random)


def lines(clean: Clean, random: Random) -> Iterator[Change]:
    """With another amount in one line of a table over its total."""
    for requirement, total in _compared(clean):
        for met in clean.met[requirement.name]:
            for block in met.section.content() if met.substantive else ():
                for paragraph in _items(block, _amount(total)) if isinstance(block, Table) else ():
                    yield _restated(clean, requirement, paragraph, paragraph.text.strip(), random)


KINDS: Mapping[str, Changes] = {"drop": dropped, "empty": emptied, "amounts": amounts, "lines": lines}


def _met_alone(clean: Clean) -> Iterator[tuple[Requirement, list[Section]]]:
    """The requirements that are met under titles of their own, and those sections."""
    for requirement in clean.judge_by.requirements:
        mets = clean.met[requirement.name]
        if any(met.substantive for met in mets) and all(
            met.section.heading and met.shared == 1 and not met.attachment for met in mets
        ):
            yield requirement, [met.section for met in mets]


def _content(sections: Iterable[Section]) -> set[int]:
    return {number for section in sections for number in _numbers(section.content())}


def _is_run_in(section: Section) -> bool:
    """Its title and its text are one paragraph."""
    return section.heading is not None and section.heading.number in _numbers(section.content())


def _compared(clean: Clean) -> Iterator[tuple[Requirement, Decimal]]:
    """The requirements that state a total and something to compare it with; and the total, in yuan."""
    for requirement in clean.judge_by.requirements:
        stated = clean.report.record.get(requirement.name)
        if isinstance(stated, dict) and stated.get("金额") and any(stated.get(w) for w in _WITNESSES):
            yield requirement, Decimal(str(stated["金额"]))


def _paragraphs(mets: Iterable[Met]) -> Iterator[Paragraph]:
    seen: set[int] = set()
    for met in mets:
        for block in met.section.content() if met.substantive else ():
            for paragraph in paragraphs((block,)):
                if paragraph.number not in seen:
                    seen.add(paragraph.number)
                    yield paragraph


def _items(table: Table, total: re.Pattern[str]) -> Iterator[Paragraph]:
    """The amounts in the column of the total, in the lines over it."""
    ends = [i for i, row in enumerate(table.rows) if _TOTAL_ROW.match(_text(row[:2]).strip())]
    if not ends:
        return
    columns = [cell.column for cell in table.rows[ends[-1]] if total.fullmatch(cell.text.strip())]
    for row in table.rows[: ends[-1]] if columns else ():
        if _PART.search(_text(row)):
            continue
        for cell in row:
            (block, *more) = cell.blocks or (None,)
            if cell.column == columns[-1] and isinstance(block, Paragraph) and not more:
                said = block.text.strip()
                if _NUMBER.fullmatch(said) and said.strip("0.,"):
                    yield block


def _text(cells: Iterable[Cell]) -> str:
    return "".join(cell.text for cell in cells)


# -- numbers ---------------------------------------------------------------------------------------------
def _amount(yuan: Decimal) -> re.Pattern[str]:
    """A cell that states that amount, whatever its table's unit."""
    return re.compile("|".join(f"(?:{_written(yuan / each)})" for each in (1, 10_000)))


def _in_unit(yuan: Decimal) -> re.Pattern[str]:
    """That amount with its unit."""
    return re.compile(
        rf"(?<![\d.,])(?:(?:{_written(yuan)})(?=\s*[元圆])|(?:{_written(yuan / 10_000)})(?=\s*万元?))"
    )


def _written(number: Decimal) -> str:
    whole, _, decimals = f"{number:f}".partition(".")
    grouped, decimals = f"{int(whole):,}", decimals.rstrip("0")
    point = rf"\.{decimals}0*" if decimals else r"(?:\.0+)?"
    return f"(?:{whole}|{grouped}){point}"


def _restated(
    clean: Clean, requirement: Requirement, paragraph: Paragraph, said: str, random: Random
) -> Change:
    # A section's paragraph may be without the title in front of it.
    whole = next(p for p in paragraphs(clean.document.blocks) if p.number == paragraph.number)
    before, _, behind = whole.text.rpartition(said)
    other = whole._replace(text=before + random.choice(_others(said, clean.document)) + behind)
    changed = replace(clean.document, blocks=_mapped(clean.document.blocks, {whole.number: other}))
    return Change(f"{requirement.name} {paragraph.number} {said}", changed, _UNEQUAL)


def _others(said: str, document: Document) -> list[str]:
    """The number with other first digits, too far off for rounding; none that stands somewhere already."""
    stand = {number for p in paragraphs(document.blocks) for number in _NUMBER.findall(p.text)}
    digits = _CAPITAL_DIGITS if said[0] in _CAPITAL_DIGITS else "123456789"
    at = next(i for i, character in enumerate(said) if character.isnumeric() and character != "0")
    others = {said[:at] + digit + said[at + 1 :] for digit in digits}
    if len(said) == 1:
        others |= {digit + said for digit in digits}
    return sorted(others - stand - {said})


# -- blocks ----------------------------------------------------------------------------------------------
def _numbers(blocks: Iterable[Block]) -> set[int]:
    return {paragraph.number for paragraph in paragraphs(tuple(blocks))}


def _without(document: Document, gone: set[int], *, with_rows: bool) -> Document:
    """The document without those paragraphs and the tables that only held them; counted anew.

    Args:
        with_rows: rows that only held them go too; else they stay as empty fields of a form.
    """
    numbers = count(1)

    def kept(blocks: tuple[Block, ...]) -> Iterator[Block]:
        for block in blocks:
            if isinstance(block, Paragraph):
                if block.number not in gone:
                    yield block._replace(number=next(numbers))
            elif not isinstance(block, Table):
                yield block
            elif not _numbers((block,)) <= gone:
                rows = (tuple(c._replace(blocks=tuple(kept(c.blocks))) for c in row) for row in block.rows)
                pairs = zip(block.rows, rows, strict=True)
                yield replace(
                    block, rows=tuple(row for was, row in pairs if not (with_rows and _is_bared(was, row)))
                )

    return replace(document, blocks=tuple(kept(document.blocks)))


def _is_bared(before: Iterable[Cell], now: Iterable[Cell]) -> bool:
    return any(cell.blocks for cell in before) and not any(cell.blocks for cell in now)


def _mapped(blocks: tuple[Block, ...], instead: Mapping[int, Paragraph]) -> tuple[Block, ...]:
    return tuple(
        instead.get(block.number, block)
        if isinstance(block, Paragraph)
        else replace(
            block,
            rows=tuple(
                tuple(cell._replace(blocks=_mapped(cell.blocks, instead)) for cell in row)
                for row in block.rows
            ),
        )
        if isinstance(block, Table)
        else block
        for block in blocks
    )
