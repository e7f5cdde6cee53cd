"""The reading order of a page: columns, tables without lines, and what stands between."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from extractors.document import Role
from extractors.pdf.lines import Line, build_lines
from extractors.pdf.page import Frame, Piece
from extractors.pdf.tables import TableDraft
from extractors.pdf.unruled import with_unruled_tables

_LEAST_IN_COLUMN = 4
"""Lines on either side that make a column."""
_FILLED = 0.6
"""Share of a column's width that its lines fill in the middle."""
_INDENT = 26.0
"""Most points between the edge of a column and the first lines of its paragraphs."""
_GUTTER = 6.0
"""Least width between two columns, in points."""

Item = Line | TableDraft


@dataclass(slots=True)
class PageDraft:
    """A page on its way to blocks.

    Attributes:
        number: from 1.
        frame: where its places are to be understood.
        items: lines and tables in reading order.
    """

    number: int
    frame: Frame
    items: list[Item]

    @property
    def body_lines(self) -> list[Line]:
        """Its lines outside tables that are not known to be anything but body."""
        return [item for item in self.items if isinstance(item, Line) and item.role is Role.BODY]


def arrange(pieces: list[Piece], tables: list[TableDraft], frame: Frame, number: int) -> PageDraft:
    """The page's lines and tables in reading order."""
    marks: list[Item] = [_turned_line(piece, number) for piece in pieces if piece.turn or piece.pale]
    lines = build_lines((p for p in pieces if not (p.turn or p.pale)) if marks else pieces, number)
    items = _in_columns(lines, tables) or _in_one_column(lines, tables)
    return PageDraft(number, frame, marks + items)


def _turned_line(piece: Piece, page: int) -> Line:
    """Sideways text keeps to itself; slanted or pale text is a watermark."""
    line = Line(
        piece.text, piece.x0, piece.x1, piece.y, piece.size, len(piece.text) if piece.bold else 0, page,
        piece.spaced, piece.turn, piece.pale,
    )  # fmt: skip
    line.left, line.right = line.x0, line.x1
    if piece.pale or piece.turn % 90:
        line.role = Role.MARGIN
    return line


def _in_one_column(lines: list[Line], tables: list[TableDraft]) -> list[Item]:
    items: list[Item] = [*with_unruled_tables(lines), *tables]
    return sorted(items, key=lambda item: item.top)


def _in_columns(lines: list[Line], tables: list[TableDraft]) -> list[Item]:
    """The items column by column between those that span the page; empty where there is one column."""
    parts = [part for line in lines for part in line.segments or (line,)]
    gutter = _gutter(parts)
    if gutter is None:
        return []
    low, high = min(part.x0 for part in parts), max(part.x1 for part in parts)
    left: list[Item] = []
    right: list[Item] = []
    items: list[Item] = []
    waiting: list[Item] = [part for line in lines for part in _divided(line, gutter)]
    for item in sorted(waiting + list(tables), key=lambda item: item.top):
        if item.x1 < gutter:
            left.append(_with_edges(item, low, max(item.x1, gutter - _GUTTER)))
        elif item.x0 >= gutter - 1:
            right.append(_with_edges(item, gutter, high))
        else:
            items += [*left, *right, item]
            left, right = [], []
    return items + left + right


def _gutter(parts: Sequence[Line]) -> float | None:
    """Where the right one of two columns of running text begins, if there are two."""
    if len(parts) < 2 * _LEAST_IN_COLUMN:
        return None
    low, high = min(part.x0 for part in parts), max(part.x1 for part in parts)
    starts = sorted(part.x0 for part in parts if 0.3 < (part.x0 - low) / max(1.0, high - low) < 0.7)
    for index in range(len(starts) - _LEAST_IN_COLUMN + 1):
        start = starts[index]
        if starts[index + _LEAST_IN_COLUMN - 1] - start > _INDENT:
            continue
        left = [part for part in parts if part.x1 < start]
        right = [part for part in parts if part.x0 >= start - 1]
        if (
            _is_running_text(left, start - low, share=0.5)
            and _is_running_text(right, high - start, share=0.75)
            and start - max(part.x1 for part in left) >= _GUTTER
        ):
            return start
    return None


def _is_running_text(parts: list[Line], width: float, *, share: float) -> bool:
    """Whether at least a part of the lines fills the column; the last column may end in short ones."""
    widths = sorted(part.x1 - part.x0 for part in parts)
    return len(parts) >= _LEAST_IN_COLUMN and widths[int(share * (len(widths) - 1))] >= _FILLED * width


def _divided(line: Line, gutter: float) -> Sequence[Line]:
    parts = line.segments
    sides = {part.x0 >= gutter - 1 for part in parts if part.x1 < gutter or part.x0 >= gutter - 1}
    crossing = any(part.x0 < gutter - 1 and part.x1 >= gutter for part in parts)
    return parts if len(sides) == 2 and not crossing else (line,)


def _with_edges(item: Item, left: float, right: float) -> Item:
    if isinstance(item, Line):
        item.left, item.right = left, right
    return item
