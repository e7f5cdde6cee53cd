"""A table within a cell of another whose lines meet: told by the padding left between the two.

Where a table in a cell begins at the cell's upper line or ends at its lower one, the rules of both form one
grid, in which the cell's padding is a column too narrow for any text.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from extractors.pdf.page import Rule

_NO_TEXT = 9.0
"""Width, in points, in which no text finds room: what is so narrow is a cell's padding."""
_INDENT = 60.0
"""Widest room between a cell's walls and an indented table in it, in points; it must be empty."""
_INSIDE = 1.0
"""Points by which a rule lies inside a rectangle and not on its edge."""
_OVERRUN = 3.0
"""Points by which a rule that was scanned runs over the one that it ends at."""

Place = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Walls:
    """The places of rules, and which stretches of them are ruled.

    Attributes:
        xs, ys: the places of vertical and horizontal rules.
        level: pairs (index in ``ys``, column) that are ruled.
        upright: pairs (index in ``xs``, row) that are ruled.
    """

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    level: set[tuple[int, int]]
    upright: set[tuple[int, int]]

    def is_side(self, line: int, top: int, bottom: int) -> bool:
        """Whether a vertical line stands beside all the rows, and beside one above or below them too."""
        if not all((line, row) in self.upright for row in range(top, bottom)):
            return False
        at_end = line in (0, len(self.xs) - 1)
        return at_end or (line, top - 1) in self.upright or (line, bottom) in self.upright


@dataclass(frozen=True, slots=True)
class Nest:
    """A cell that holds tables.

    Attributes:
        cell: its rectangle: left, top, right, bottom.
        tables: the rectangles of the tables in it.
    """

    cell: tuple[float, float, float, float]
    tables: tuple[tuple[float, float, float, float], ...]

    def around(self, across: list[Rule], down: list[Rule]) -> tuple[list[Rule], list[Rule]]:
        """The horizontal and the vertical rules without what is drawn inside the cell."""
        x0, y0, x1, y1 = self.cell
        return (
            [part for rule in across for part in _outside(rule, y0, y1, x0, x1)],
            [part for rule in down for part in _outside(rule, x0, x1, y0, y1)],
        )

    def inner(self, across: list[Rule], down: list[Rule]) -> Iterator[tuple[list[Rule], list[Rule]]]:
        """For each table in the cell its horizontal and vertical rules, sides included."""
        for x0, y0, x1, y1 in self.tables:
            yield (
                [Rule(y0, x0, x1), *_within(across, y0, y1, x0, x1), Rule(y1, x0, x1)],
                [Rule(x0, y0, y1), *_within(down, x0, x1, y0, y1), Rule(x1, y0, y1)],
            )


def _outside(rule: Rule, low: float, high: float, start: float, end: float) -> Iterator[Rule]:
    if not low + _INSIDE < rule.at < high - _INSIDE or rule.end <= start or rule.start >= end:
        yield rule
        return
    if rule.start < start - _OVERRUN:
        yield Rule(rule.at, rule.start, start)
    if rule.end > end + _OVERRUN:
        yield Rule(rule.at, end, rule.end)


def _within(rules: list[Rule], low: float, high: float, start: float, end: float) -> Iterator[Rule]:
    for rule in rules:
        if low + _INSIDE < rule.at < high - _INSIDE and rule.start < end and rule.end > start:
            yield Rule(rule.at, max(rule.start, start), min(rule.end, end))


def find_nest(walls: Walls, texts: Sequence[Place]) -> Nest | None:
    """The first cell that holds a table whose lines meet its own, if there is one.

    Args:
        walls: where the grid is ruled.
        texts: the middles of all pieces of text.
    """
    for column in range(len(walls.xs) - 1):
        if walls.xs[column + 1] - walls.xs[column] > _INDENT:
            continue
        for top, bottom in _strips(walls, column):
            nest = _nest_around(walls, texts, column, top, bottom)
            if nest:
                return nest
    return None


def _strips(walls: Walls, column: int) -> Iterator[tuple[int, int]]:
    """The rows of a column from one horizontal wall to the next."""
    rows = len(walls.ys) - 1
    top = 0
    for row in range(1, rows + 1):
        if row == rows or (row, column) in walls.level:
            yield top, row
            top = row


def _nest_around(walls: Walls, texts: Sequence[Place], strip: int, top: int, bottom: int) -> Nest | None:
    """The cell whose padding a narrow stretch of a column is."""
    if top == 0 and bottom == len(walls.ys) - 1:
        return _rest_of_nest(walls, strip)
    left = next((i for i in range(strip, -1, -1) if walls.is_side(i, top, bottom)), None)
    right = next((i for i in range(strip + 1, len(walls.xs)) if walls.is_side(i, top, bottom)), None)
    if left is None or right is None or right - left < 2 or not _is_closed(walls, left, right, top, bottom):
        return None
    first = left + _is_padding(walls, texts, left, top, bottom)
    last = right - _is_padding(walls, texts, right - 1, top, bottom)
    narrow = walls.xs[strip + 1] - walls.xs[strip] <= _NO_TEXT
    both = first > left and last < right
    if first >= last or first <= strip < last or not (narrow or both):
        return None
    tables = tuple(
        (walls.xs[first], walls.ys[start], walls.xs[last], walls.ys[end])
        for start, end in _ruled_rows(walls, first if strip == left else last, top, bottom)
        if last - first > 1 or end - start > 1
    )
    cell = walls.xs[left], walls.ys[top], walls.xs[right], walls.ys[bottom]
    return Nest(cell, tables) if tables else None


def _rest_of_nest(walls: Walls, strip: int) -> Nest | None:
    """The rest of a cell that began on the page before, with a table in it between two paddings.

    It is the only row of its table: beside it stands its label, undivided like the paddings.
    """
    bottom = len(walls.ys) - 1
    narrow = [
        column
        for column in range(len(walls.xs) - 1)
        if walls.xs[column + 1] - walls.xs[column] <= _NO_TEXT and not _is_divided(walls, column)
    ]
    right = next((column for column in narrow if column > strip + 2), None)
    if strip not in narrow or not strip or right is None or _is_divided(walls, strip - 1):
        return None
    if not all(_is_divided(walls, column) for column in range(strip + 1, right)):
        return None
    tables = tuple(
        (walls.xs[strip + 1], walls.ys[start], walls.xs[right], walls.ys[end])
        for start, end in _ruled_rows(walls, strip + 1, 0, bottom)
    )
    return Nest((walls.xs[strip], walls.ys[0], walls.xs[right + 1], walls.ys[bottom]), tables)


def _is_divided(walls: Walls, column: int) -> bool:
    return any((line, column) in walls.level for line in range(1, len(walls.ys) - 1))


def _is_padding(walls: Walls, texts: Sequence[Place], column: int, top: int, bottom: int) -> bool:
    """Whether a column is narrow, undivided and, beside the rows of a table, empty."""
    x0, x1 = walls.xs[column], walls.xs[column + 1]
    divided = any((line, column) in walls.level for line in range(top + 1, bottom))
    if divided or x1 - x0 > _INDENT:
        return False
    if x1 - x0 <= _NO_TEXT:
        return True
    rows = [
        (walls.ys[row], walls.ys[row + 1])
        for row in range(top, bottom)
        if (column, row) in walls.upright and (column + 1, row) in walls.upright
    ]
    return not any(x0 < x < x1 and any(low < y < high for low, high in rows) for x, y in texts)


def _is_closed(walls: Walls, left: int, right: int, top: int, bottom: int) -> bool:
    """Whether a rectangle is ruled above and below."""
    return all(
        (line, column) in walls.level
        for line in (top, bottom)
        if 0 < line < len(walls.ys) - 1
        for column in range(left, right)
    )


def _ruled_rows(walls: Walls, line: int, top: int, bottom: int) -> Iterator[tuple[int, int]]:
    """The stretches of rows in which a vertical line is ruled."""
    start = None
    for row in range(top, bottom + 1):
        ruled = row < bottom and (line, row) in walls.upright
        if ruled and start is None:
            start = row
        elif not ruled and start is not None:
            yield start, row
            start = None
