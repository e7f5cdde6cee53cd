"""Tables of contents: entries with a leader or a page number at the edge, under a heading that says so."""

from __future__ import annotations

import re
from collections.abc import Sequence

from extractors.contents import titles_that_come_again
from extractors.document import Role
from extractors.pdf.lines import Line
from extractors.text import normal

_HEADING = re.compile(r"目[录錄次]|图目录|表目录|contents|tableofcontents")
_LEADER = re.compile(r"(?:[.．·•。‥…⋯_\-—]\s?){4,}|…{2,}|⋯{2,}")
_PAGE_NUMBER = r"[\s(（\-—]*(?:第\s*)?(?:\d{1,4}|[ivxlc]{1,6}|[IVXLC]{1,6})(?:\s*页)?[\s)）\-—]*"
_ENDS_ENTRY = re.compile(rf"(?:[.．·•‥…⋯_]\s?){{3,}}{_PAGE_NUMBER}$|\t{_PAGE_NUMBER}$")
_LEADER_ENTRY = re.compile(rf"(?:[.．·•‥…⋯_]\s?){{3,}}\s*{_PAGE_NUMBER}$")
_NUMBER_ALONE = re.compile(rf"(?:[.．·•‥…⋯_]\s?)*{_PAGE_NUMBER}$")
_GAP_ENTRY = re.compile(r".*\S\s+[(（\-—]*(\d{1,4})[)）\-—]*")
_LEADS_NOWHERE = re.compile(r"…{2,}$|(?:[.．·•]\s?){4,}$")
"""An entry whose page number text recognition did not see."""
_LONGEST_WRAP = 3


def has_leader(text: str) -> bool:
    """Whether dots lead across the line, as in a table of contents."""
    return bool(_LEADER.search(text))


def ends_entry(text: str) -> bool:
    """Whether the text ends as an entry of a table of contents does."""
    return bool(_ENDS_ENTRY.search(text))


def _is_entry(text: str) -> bool:
    """Whether the text is an entry to one who knows that he reads a table of contents."""
    return ends_entry(text) or bool(_LEADS_NOWHERE.search(text))


def completes_entry(text: str) -> bool:
    """Whether the text, on the line after an entry's beginning, is its end."""
    return ends_entry(text) or bool(_NUMBER_ALONE.fullmatch(text))


def is_contents_heading(text: str) -> bool:
    """Whether the text is nothing but the word for a table of contents."""
    return bool(_HEADING.fullmatch(normal(text)))


def mark_contents(lines: Sequence[Line], pages: int) -> None:
    """Give the lines of tables of contents their role.

    Args:
        lines: the body's lines of the whole document in reading order.
        pages: how many pages it has.
    """
    again = set(titles_that_come_again([line.text if line.role is Role.BODY else "" for line in lines]))
    for index in again:
        lines[index].role = Role.CONTENTS
    for index in {beside for entry in again for beside in (entry - 1, entry + 1)} - again:
        # The heading may be read behind its entries, where it is set close under a cover's table.
        if 0 <= index < len(lines) and is_contents_heading(lines[index].text):
            lines[index].role = Role.CONTENTS
    inside, unfinished, shown = False, 0, 0
    for index, line in enumerate(lines):
        if line.role is not Role.BODY:
            continue
        if is_contents_heading(line.text) and _followed_by_entry(lines, index):
            line.role, inside, unfinished, shown = Role.CONTENTS, True, 0, 0
        elif _LEADER_ENTRY.search(line.text) or (inside and _is_entry(line.text)):
            _take_wrapped(lines, index, unfinished)
            line.role, inside, unfinished = Role.CONTENTS, True, 0
        elif inside and (page := _page_after_gap(line.text, shown, pages)):
            _take_wrapped(lines, index, unfinished, page=line.page)
            line.role, unfinished, shown = Role.CONTENTS, 0, page
        elif inside and unfinished and _NUMBER_ALONE.fullmatch(line.text):
            _take_wrapped(lines, index, unfinished)
            line.role, unfinished = Role.CONTENTS, 0
        elif inside:
            unfinished += 1
            inside = unfinished <= _LONGEST_WRAP


def _page_after_gap(text: str, least: int, most: int) -> int:
    """The page number that a mere gap divides from an entry: a page there is, not before the last entry's."""
    entry = _GAP_ENTRY.fullmatch(text)
    number = int(entry[1]) if entry else 0
    return number if least <= number <= most else 0


def _followed_by_entry(lines: Sequence[Line], index: int) -> bool:
    """Whether entries follow a heading that says contents."""
    following = [line.text for line in lines[index + 1 : index + 8] if line.role is not Role.MARGIN]
    by_gap = sum(_GAP_ENTRY.fullmatch(text) is not None for text in following)
    return by_gap > 1 or any(_is_entry(text) or _NUMBER_ALONE.fullmatch(text) for text in following)


def _take_wrapped(lines: Sequence[Line], index: int, count: int, page: int = 0) -> None:
    """The unfinished lines before an entry's end, those on a page if one is given, are its beginning."""
    for line in reversed(lines[max(0, index - 4 * _LONGEST_WRAP) : index]):
        if not count or (page and line.page != page):
            return
        if line.role is Role.BODY:
            line.role = Role.CONTENTS
            count -= 1
