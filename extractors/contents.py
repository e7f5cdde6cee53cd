"""Lines of a table of contents that nothing marks but a gap and a page number: their titles come again."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from extractors.numbering import split_number
from extractors.text import normal

_PAGE = r"[-–—(（]?\s?(?P<page>\d{1,4})\s?[-–—)）]?\s*"
# A gap of one space between a title and its page is lost where the page's text is put together: 经费保障4.
_ENTRY = re.compile(rf"(?P<title>.*?\S)(?:\s+|(?<=[\u4e00-\u9fff]))(?<!第){_PAGE}")
_PAGE_ALONE = re.compile(rf"\s*{_PAGE}")
_FEWEST = 3
_FEWEST_AGAIN = 2
_LONGEST_TITLE = 60


class _Entry(NamedTuple):
    """A title and its page; ``begin`` and ``after`` are indices of its lines."""

    begin: int
    after: int
    title: str
    page: int


def titles_that_come_again(texts: Sequence[str]) -> Iterator[int]:
    """Indices of entries in a row, none on a page before the last one's, half of whose titles recur.

    A page that stands at the far edge may be a line of its own behind its title's.  Columns that are typed
    with tabs (服务器　3) do not come again as lines of their own.

    Args:
        texts: the document's lines in reading order, "" for what is no line.
    """
    run: list[_Entry] = []
    index = 0
    while index <= len(texts):
        entry = _entry(texts, index)
        if entry is not None and (not run or entry.page >= run[-1].page):
            run.append(entry)
            index = entry.after
            continue
        if len(run) >= _FEWEST and _come_again(texts, run):
            yield from range(run[0].begin, run[-1].after)
        run = []
        index += entry is None


def _entry(texts: Sequence[str], index: int) -> _Entry | None:
    text = texts[index] if index < len(texts) else ""
    if not text or len(text) > _LONGEST_TITLE or _PAGE_ALONE.fullmatch(text):
        return None
    found = _ENTRY.fullmatch(text) if text[-1].isdigit() or text[-1] in "-–—)） " else None
    if found is not None:
        return _Entry(index, index + 1, found["title"], int(found["page"]))
    following = texts[index + 1] if index + 1 < len(texts) else ""
    alone = _PAGE_ALONE.fullmatch(following) if following[-1:].isdigit() else None
    return _Entry(index, index + 2, text, int(alone["page"])) if alone else None


def _come_again(texts: Sequence[str], run: list[_Entry]) -> bool:
    later = {_key(text) for text in texts[run[-1].after :] if 0 < len(text) <= _LONGEST_TITLE}
    again = sum(_key(entry.title) in later for entry in run)
    return again >= max(_FEWEST_AGAIN, len(run) / 2)


def _key(text: str) -> str:
    numbered = split_number(text)
    return normal(numbered.rest if numbered else text)
