"""Typed tables of contents: lines that end in a leader or a gap and a page number, and the heading above."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from extractors.contents import titles_that_come_again
from extractors.document import Block, Paragraph, Role, Table, paragraphs

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Set

_TITLE = re.compile(r"[\W_]*(?:目\s*[录錄次]|(?:table\s+of\s+)?contents)[\W_]*", re.IGNORECASE)
_LONGEST_TITLE = 24
_PAGE = r"[-–—(（\s]*(?P<page>\d{1,4}|[ivxlIVXL]{1,6})[-–—)）\s]*"
_LINE = re.compile(rf".*\S(?P<gap>[\s.…·．。・⋯‥_\-—]+){_PAGE}")
_LEADER = re.compile(r"(?:[.…·．。・⋯‥_\-—]\s?){3,}|[…⋯]{1,}")
_FEWEST = 2
"""So many lines in a row with leaders are a table of contents even without a heading."""


def mark_typed(blocks: tuple[Block, ...], leaders: Set[int]) -> tuple[Block, ...]:
    """The blocks with the lines and headings of typed tables of contents under ``Role.CONTENTS``.

    Args:
        blocks: blocks of the body, in reading order.
        leaders: numbers of the paragraphs that have a tab stop with a leader.
    """
    blocks = tuple(_without_tables(blocks))
    listed = set(_listed(blocks, leaders)) or set(_come_again(blocks))
    if not listed:
        return blocks
    return tuple(
        block._replace(role=Role.CONTENTS) if index in listed and isinstance(block, Paragraph) else block
        for index, block in enumerate(blocks)
    )


def _without_tables(blocks: tuple[Block, ...]) -> Iterator[Block]:
    """The blocks, a table under the heading that holds nothing but titles and their pages as lines."""
    titled = False
    for block in blocks:
        if titled and isinstance(block, Table) and (lines := _lines_of(block)):
            yield from lines
        else:
            yield block
        titled = _is_title(block)


def _lines_of(table: Table) -> list[Paragraph]:
    """Each row as a line with a gap before its page; empty where the table lists no pages."""
    lines: list[Paragraph] = []
    pages: list[int] = []
    for row in table.rows:
        parts = list(paragraphs(tuple(block for cell in row for block in cell.blocks)))
        if len(parts) < 2 or not parts[-1].text.strip().isdecimal():
            return []
        pages.append(int(parts[-1].text))
        lines.append(parts[0]._replace(text="\t".join(part.shown for part in parts), label=""))
    return lines if len(lines) >= _FEWEST and pages == sorted(pages) else []


def _listed(blocks: tuple[Block, ...], leaders: Set[int]) -> Iterator[int]:
    """Indices of the blocks that belong to a table of contents."""
    run: list[int] = []
    titled = False
    for index, block in enumerate(blocks):
        page = _page_number(block, leaders, titled=titled)
        if page:
            run.append(index)
            continue
        yield from _believed(run, titled=titled)
        run = []
        titled = _is_title(block)
        if titled:
            yield index
    yield from _believed(run, titled=titled)


def _come_again(blocks: tuple[Block, ...]) -> Iterator[int]:
    """Indices of lines that nothing but a gap and a page marks, where their titles come again later."""
    texts = [block.text if isinstance(block, Paragraph) else "" for block in blocks]
    if sum("\t" in text and _ends_like_page(text) for text in texts) >= _FEWEST:
        yield from titles_that_come_again(texts)


def _believed(run: list[int], *, titled: bool) -> Iterable[int]:
    return run if titled or len(run) >= _FEWEST else ()


def _is_title(block: Block) -> bool:
    return (
        isinstance(block, Paragraph)
        and len(block.text) <= _LONGEST_TITLE
        and _TITLE.fullmatch(block.text) is not None
    )


def _page_number(block: Block, leaders: Set[int], *, titled: bool) -> bool:
    """Whether a block is a line of a table of contents: each of its lines ends in a gap and a page number.

    Under a heading any gap will do; without one it must be drawn: dots, or a tab to a stop with a leader.
    """
    if not isinstance(block, Paragraph) or not _ends_like_page(block.text):
        return False
    for line in block.text.split("\n"):
        match = _LINE.fullmatch(line)
        if match is None:
            return False
        drawn = _LEADER.search(match["gap"]) or ("\t" in match["gap"] and block.number in leaders)
        if not (drawn or titled):
            return False
    return True


def _ends_like_page(text: str) -> bool:
    last = text.rstrip(" \t-–—)）")[-1:]
    return last.isdigit() or last in "ivxlIVXL"
