"""Two columns of running text: where the second one begins, and what stands in which."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from extractors.pdf.edges import common_edge
from extractors.pdf.lines import Line, build_lines
from extractors.pdf.page import Frame, Piece
from extractors.pdf.tables import TableDraft

_LEAST_IN_COLUMN = 4
"""Lines on either side that make a column."""
_LONG_COLUMN = 8
"""Lines of a left column beside which anything may stand: the right one has only begun."""
_FULL_LINES = 3
"""Lines that must reach the edge of a column, if the other one has only begun."""
_NARROWEST = 12.0
"""Width of a column, in font sizes, from which on its lines can be told from labels of a form."""
_CELL = 8.0
"""Width, in font sizes, up to which what stands beside a line is a value and not a column's line."""
_FILLED = 0.6
"""Share of a column's width that its lines fill in the middle."""
_INDENT = 26.0
"""Most points between the edge of a column and the first lines of its paragraphs."""
_GUTTER = 6.0
"""Least width between two columns, in points."""
_EDGE = 0.085
"""Share of the page's height at either end where page numbers stand, in the middle of both columns."""
_MIDDLE = 0.3, 0.7
"""Shares of the text's width between which the right column begins."""

Item = Line | TableDraft


@dataclass(frozen=True, slots=True)
class Columns:
    """Where two columns stand, in points: the left one from ``left``, the right one from ``right``."""

    left: float
    right: float
    width: float


def find_columns(lines: Sequence[Line], tables: Sequence[TableDraft], frame: Frame) -> Columns | None:
    """The two columns of a page; None where its text runs across it or stands in rows."""
    height = frame.height
    inner = (line for line in lines if _EDGE * height < line.y < (1 - _EDGE) * height)
    parts: list[Item] = [part for line in inner for part in line.segments or (line,)]
    parts += tables
    if len(parts) < _LONG_COLUMN:
        return None
    low = min(part.x0 for part in parts)
    high = max(frame.width - low, max(part.x1 for part in parts))
    wide = max(1.0, high - low)
    starts = {part.x0 for part in parts if _MIDDLE[0] < (part.x0 - low) / wide < _MIDDLE[1]}
    for start in sorted(starts):
        for left, right in _zones(parts, start):
            apart = start - max(part.x1 for part in left) >= _GUTTER
            if apart and _are_columns(left, right, low, start, high):
                return Columns(low, start, _width(left, low, start))
    return None


def _zones(parts: Sequence[Item], start: float) -> Iterator[tuple[list[Item], list[Item]]]:
    """What stands left and right of a place, between the parts that run across it; only where both do."""
    left: list[Item] = []
    right: list[Item] = []
    for part in sorted(parts, key=lambda part: part.top):
        if part.x1 < start:
            left.append(part)
        elif part.x0 >= start - 1:
            right.append(part)
        else:
            if left and right:
                yield left, right
            left, right = [], []
    if left and right:
        yield left, right


def _are_columns(left: list[Item], right: list[Item], low: float, start: float, high: float) -> bool:
    if _is_long_column(left, right, low):
        return True
    beginnings = sum(part.x0 - start <= _INDENT for part in right)
    return (
        beginnings >= _LEAST_IN_COLUMN
        and _is_running_text(left, start - low, share=0.5)
        and _is_running_text(right, high - start, share=0.75)
    )


def _is_running_text(parts: Sequence[Item], width: float, *, share: float) -> bool:
    """Whether at least a part of the lines fills the column; the last column may end in short ones."""
    widths = sorted(part.x1 - part.x0 for part in parts)
    return len(parts) >= _LEAST_IN_COLUMN and widths[int(share * (len(widths) - 1))] >= _FILLED * width


def _is_long_column(left: Sequence[Item], right: Sequence[Item], low: float) -> bool:
    """Whether the left parts alone show a column, so that the right ones are a second one just begun."""
    lines = [part for part in left if isinstance(part, Line)]
    if len(lines) < _LONG_COLUMN:
        return False
    size = sorted(line.size for line in lines)[len(lines) // 2]
    edge = max(line.x1 for line in lines)
    full = sum(edge - line.x1 < 1.6 * line.size and line.x0 - low < 3 * line.size for line in lines)
    if full < _FULL_LINES or edge - low < _NARROWEST * size:
        return False
    heights = [line.y for line in lines]
    return not all(_is_value(part, heights) for part in right)


def _is_value(part: Item, heights: Sequence[float]) -> bool:
    """Whether a part is short and stands beside a line on the left, as the value of a row does."""
    if not isinstance(part, Line):
        return False
    beside = any(abs(part.y - height) < 0.2 * part.size for height in heights)
    return beside and part.x1 - part.x0 < _CELL * part.size


def _width(left: Sequence[Item], low: float, start: float) -> float:
    """The width in which both columns are set: to where the left one's lines reach."""
    lines = [part for part in left if isinstance(part, Line)] or left
    size = max(1.0, min((part.size for part in lines if isinstance(part, Line)), default=1.0))
    edge = -common_edge([-part.x1 for part in lines], size)
    return min(edge, start - _GUTTER) - low


def divide(
    lines: Sequence[Line], pieces: Iterable[Piece], tables: Sequence[TableDraft], columns: Columns, page: int
) -> list[Item]:
    """The items column by column, between those that span the page.

    Lines are built anew within each column: the lines of two columns need not stand at the same heights.
    """
    spanning = [line for line in lines if _spans(line, columns)]
    apart = [piece for piece in pieces if not any(_holds(line, piece) for line in spanning)]
    sides = (
        [piece for piece in apart if piece.x1 < columns.right],
        [piece for piece in apart if piece.x1 >= columns.right],
    )
    waiting: list[Item] = [*spanning, *tables]
    waiting += [line for side in sides for line in build_lines(side, page)]
    items: list[Item] = []
    left: list[Item] = []
    right: list[Item] = []
    for item in sorted(waiting, key=lambda item: item.top):
        if item.x1 < columns.right:
            left.append(_with_edges(item, columns.left, columns.width))
        elif item.x0 >= columns.right - 1:
            right.append(_with_edges(item, columns.right, columns.width))
        else:
            items += [*left, *right, item]
            left, right = [], []
    return items + left + right


def _spans(line: Line, columns: Columns) -> bool:
    parts = line.segments or (line,)
    return any(part.x0 < columns.right - 1 and part.x1 >= columns.right for part in parts)


def _holds(line: Line, piece: Piece) -> bool:
    return line.x0 - 1 <= piece.x0 and piece.x1 <= line.x1 + 1 and line.top - 1 <= piece.y <= line.bottom + 1


def _with_edges(item: Item, left: float, width: float) -> Item:
    if isinstance(item, Line):
        item.left, item.right = left, max(item.x1, left + width)
    return item
