"""Reads ruling lines into grids: which lines belong together, and which squares they leave as one cell."""

from __future__ import annotations

import itertools
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from extractors.pdf.nests import Place, Walls, find_nest
from extractors.pdf.page import Rule

_SAME_LINE = 3.2
"""Rules this near each other, in points, are one (double lines, lines drawn cell by cell)."""
_DASH = 5.0
"""Gap between two strokes of one dashed rule, in points."""
_TOUCH = 3.0
"""Distance at which two rules are taken to meet, in points."""
_OVERHANG = 8.0
"""Length by which rules run past the outermost crossing one, in points, where a table's side is open."""
_WALL = 0.6
"""Share of a square's side that must be ruled to divide it from its neighbour."""
_MOST_SQUARES = 40_000
_DEEPEST = 8
"""Tables within tables that are looked for."""


@dataclass(frozen=True, slots=True)
class GridCell:
    """A cell: its upper left square, the squares it covers, and its rectangle."""

    row: int
    column: int
    row_span: int
    column_span: int
    x0: float
    top: float
    x1: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Grid:
    """Rules that meet, as cells.

    Attributes:
        xs, ys: the places of its vertical and horizontal lines.
        cells: in reading order.
        owners: for each square, row by row, the index of its cell.
    """

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    cells: tuple[GridCell, ...]
    owners: tuple[int, ...]

    @property
    def area(self) -> float:
        """In square points."""
        return (self.xs[-1] - self.xs[0]) * (self.ys[-1] - self.ys[0])

    def cell_at(self, x: float, y: float) -> int | None:
        """Index of the cell around a point, None outside."""
        if not (self.xs[0] <= x < self.xs[-1] and self.ys[0] <= y < self.ys[-1]):
            return None
        row, column = bisect_right(self.ys, y) - 1, bisect_right(self.xs, x) - 1
        return self.owners[row * (len(self.xs) - 1) + column]


def find_grids(across: Sequence[Rule], down: Sequence[Rule], texts: Sequence[Place] = ()) -> list[Grid]:
    """The grids that rules form, the largest first.

    Args:
        across, down: the horizontal and vertical rules of a page.
        texts: the middles of its pieces of text; a table in a cell is known by the room around it.
    """
    if len(across) < 1 or len(down) < 1:
        return []
    groups = _meeting(_merged(across), _merged(down))
    grids = [grid for group in groups for grid in _grids(*group, texts)]
    return sorted(grids, key=lambda grid: -grid.area)


def _merged(rules: Iterable[Rule]) -> list[Rule]:
    """Strokes along one line made one rule wherever they (nearly) touch."""
    merged: list[Rule] = []
    band: list[Rule] = []
    for rule in sorted(rules):
        if band and rule.at - band[0].at > _SAME_LINE:
            merged += _joined_strokes(band)
            band = []
        band.append(rule)
    return merged + _joined_strokes(band)


def _joined_strokes(band: list[Rule]) -> list[Rule]:
    if not band:
        return []
    band.sort(key=lambda rule: rule.start)
    joined = [band[0]]
    for rule in band[1:]:
        last = joined[-1]
        if rule.start <= last.end + _DASH:
            joined[-1] = Rule(last.at, last.start, max(last.end, rule.end))
        else:
            joined.append(rule)
    return joined


def _meeting(across: list[Rule], down: list[Rule]) -> list[tuple[list[Rule], list[Rule]]]:
    """Horizontal and vertical rules in groups that hang together."""
    parent = list(range(len(across) + len(down)))

    def root(item: int) -> int:
        while parent[item] != item:
            parent[item] = parent[parent[item]]
            item = parent[item]
        return item

    for i, level in enumerate(across):
        for j, upright in enumerate(down, len(across)):
            if (
                level.start - _TOUCH <= upright.at <= level.end + _TOUCH
                and upright.start - _TOUCH <= level.at <= upright.end + _TOUCH
            ):
                parent[root(i)] = root(j)
    groups: dict[int, tuple[list[Rule], list[Rule]]] = {}
    for i, rule in enumerate(across + down):
        groups.setdefault(root(i), ([], []))[i >= len(across)].append(rule)
    return list(groups.values())


def _grids(across: list[Rule], down: list[Rule], texts: Sequence[Place], depth: int = 0) -> Iterator[Grid]:
    """The grid of rules that meet, and those of tables in its cells that meet its lines."""
    down = down + _open_ends(across, down)
    across = across + _open_ends(down, across)
    xs, ys = _places(down), _places(across)
    squares = (len(xs) - 1) * (len(ys) - 1)
    if len(xs) < 2 or len(ys) < 2 or squares > _MOST_SQUARES:
        return
    walls = Walls(tuple(xs), tuple(ys), _walls(across, ys, xs), _walls(down, xs, ys))
    nest = find_nest(walls, texts) if depth < _DEEPEST else None
    if nest is None:
        cells, owners = _cells(walls)
        yield Grid(walls.xs, walls.ys, tuple(cells), tuple(owners))
        return
    yield from _grids(*nest.around(across, down), texts, depth + 1)
    for inner in nest.inner(across, down):
        yield from _grids(*inner, texts, depth + 1)


def _open_ends(rules: list[Rule], crossing: list[Rule]) -> list[Rule]:
    """Sides that nobody drew, where several rules end at one place beyond the last one that crosses them."""
    if len(rules) < 2:
        return []
    first = min((rule.at for rule in crossing), default=float("inf"))
    last = max((rule.at for rule in crossing), default=float("-inf"))
    start, end = min(rule.start for rule in rules), max(rule.end for rule in rules)
    low, high = min(rule.at for rule in rules), max(rule.at for rule in rules)
    sides = []
    if start < first - _OVERHANG and sum(rule.start < start + _TOUCH for rule in rules) > 1:
        sides.append(Rule(start, low, high))
    if end > last + _OVERHANG and sum(rule.end > end - _TOUCH for rule in rules) > 1:
        sides.append(Rule(end, low, high))
    return sides


def _places(rules: list[Rule]) -> list[float]:
    places: list[float] = []
    for rule in sorted(rules):
        if not places or rule.at - places[-1] > _SAME_LINE:
            places.append(rule.at)
    return places


def _walls(rules: list[Rule], places: list[float], crossing: list[float]) -> set[tuple[int, int]]:
    """Pairs (index of the line, index of the stretch along it) that are ruled."""
    walls = set()
    for rule in rules:
        line = bisect_right(places, rule.at + 0.01) - 1
        for stretch, (start, end) in enumerate(itertools.pairwise(crossing)):
            if min(end, rule.end) - max(start, rule.start) >= _WALL * (end - start):
                walls.add((line, stretch))
    return walls


def _cells(walls: Walls) -> tuple[list[GridCell], list[int]]:
    """Squares that no wall divides, put together into rectangles."""
    xs, ys = walls.xs, walls.ys
    rows, columns = len(ys) - 1, len(xs) - 1
    owners = [-1] * (rows * columns)
    cells: list[GridCell] = []
    for row in range(rows):
        for column in range(columns):
            if owners[row * columns + column] >= 0:
                continue
            right = column + 1
            while right < columns and (right, row) not in walls.upright and owners[row * columns + right] < 0:
                right += 1
            low = row + 1
            while low < rows and _open_below(low, column, right, walls, owners):
                low += 1
            for r in range(row, low):
                owners[r * columns + column : r * columns + right] = [len(cells)] * (right - column)
            cells.append(
                GridCell(row, column, low - row, right - column, xs[column], ys[row], xs[right], ys[low])
            )
    return cells, owners


def _open_below(low: int, column: int, right: int, walls: Walls, owners: list[int]) -> bool:
    """Whether the squares of row ``low`` under a cell belong to it: no wall above or between them."""
    columns = len(walls.xs) - 1
    return all(
        (low, c) not in walls.level and owners[low * columns + c] < 0 for c in range(column, right)
    ) and not any((c, low) in walls.upright for c in range(column + 1, right))
