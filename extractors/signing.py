"""Where parties sign a paper, and the days that they write there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from extractors.document import Paragraph, Role, Table, paragraphs
from extractors.facts.dates import find_dates
from extractors.numbering import split_number
from extractors.outline import Origin, Outline, Section
from extractors.outline.lines import split
from extractors.text import normal

_WITHIN = 12
"""Lines that a party fills in: its seal, its representative, telephone and account, the day."""
_LONGEST = 80
"""Characters of a line, or of a table's row, beyond which it is text."""
_DAY = re.compile(r"(?:日期|时间):|年.{0,8}月.{0,8}日|\d{4}[-./]\d")
_LABEL = re.compile(r"\s*([^：:\d]{2,12}?)\s*[：:]")


def days_signed(outline: Outline, party: str) -> Section | None:
    """The days beside the parties' signatures, as a section; None where there are none.

    Args:
        outline: of the paper.
        party: regular expression, on text in normal form, of what a party signs with: 甲方（盖章）.
    """
    pattern = re.compile(party)
    left, days = 0, list[Paragraph]()
    for text, lines in _lines(outline):
        if pattern.search(text) and len(text) <= _LONGEST and "。" not in text:
            left = _WITHIN
        elif left and (len(text) > _LONGEST or split_number(lines[0].shown)):
            left = 0
        if left:
            left -= 1
            days += (p for p in lines if _DAY.search(normal(p.shown)) and len(p.shown) <= _LONGEST)
    if not days:
        return None
    label = _LABEL.match(days[0].shown)
    return Section(
        title=label[1] if label else "签署日期",
        origin=Origin.LABEL,
        heading=days[0],
        declared=False,
        larger=False,
        numbered="",
        blocks=tuple(days),
        children=(),
        listing=False,
    )


def days_in(section: Section) -> Iterator[tuple[Paragraph, date]]:
    """Those of the days that are filled in, and where."""
    for paragraph in paragraphs(section.blocks):
        for day in find_dates(paragraph.shown):
            if day.precision == "day":
                yield paragraph, day.value


def _lines(outline: Outline) -> Iterator[tuple[str, list[Paragraph]]]:
    """What is read as one line, in normal form, and the paragraphs in it: a table's row is one."""
    for block in outline.document.blocks:
        if isinstance(block, Paragraph) and block.role is Role.BODY:
            yield from ((normal(line.text), [line]) for line in _split(block))
        elif isinstance(block, Table):
            for row in block.rows:
                lines = [line for cell in row for p in paragraphs(cell.blocks) for line in _split(p)]
                whole = normal("".join(line.text for line in lines))
                if len(whole) <= _LONGEST and lines:
                    yield whole, lines
                else:
                    yield from ((normal(line.text), [line]) for line in lines)


def _split(paragraph: Paragraph) -> Iterator[Paragraph]:
    return (line for line in split(paragraph) if isinstance(line, Paragraph))
