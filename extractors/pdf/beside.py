"""Forms without ruling lines whose labels stand beside the middle of their values.

Such a label stands between two lines of its value as often as beside one, where no line of running text
stands.  Which lines belong to which label only its height tells: each stands as far below the first line of
its value as above the last.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from extractors.pdf.lines import Line, is_cjk, parted_at
from extractors.pdf.tables import CellDraft, TableDraft

_LONGEST_LABEL = 16
"""Most characters of a label's line."""
_MOST_LINES = 4
"""Lines of a label at most."""
_FEWEST_ROWS = 3
_BETWEEN = 0.8
"""Share of the distance from line to line below which no two lines of one text stand from each other."""
_WIDEST_PITCH = 2.2
"""Distance from line to line, in font sizes, at most."""
_USUAL_PITCH = 1.2
_NEXT_LINE = 1.9
"""Distance from line to line, in font sizes, below which they may be of one label."""
_ROW_ENDS = 3.5
"""Distance, in font sizes, beyond which a form has ended."""
_ALIKE = 1.25
"""How much larger a line may be than the one beside it: a title above the form is none of it."""
_GUTTER = 0.3
"""Room, in font sizes, between labels and values at least."""
_LEVEL = 0.3
"""Difference of heights, in font sizes, below which they are the same."""


@dataclass(frozen=True, slots=True)
class Beside:
    """A form among a page's lines: from ``start`` to before ``end``."""

    start: int
    end: int
    table: TableDraft


@dataclass(slots=True)
class _Sides:
    """The lines of a form, parted into labels and values, and the index of the line each comes from."""

    labels: list[Line] = field(default_factory=list)
    values: list[Line] = field(default_factory=list)
    at: list[int] = field(default_factory=list)

    @property
    def pitch(self) -> float:
        """The least distance from line to line of the values."""
        steps = (below.y - above.y for above, below in pairwise(self.values))
        return min(steps, default=_USUAL_PITCH * self.labels[0].size)


def find_beside(lines: Sequence[Line]) -> Beside | None:
    """The first form of a page whose labels stand beside the middle of their values, if there is one."""
    for index, (above, line, below) in enumerate(zip(lines, lines[1:], lines[2:], strict=False), start=1):
        edge = min(above.x0, below.x0)
        between = below.y - above.y < _WIDEST_PITCH * line.size and _is_label(line, edge)
        if between and (found := _form(lines, index, edge)):
            return found
    return None


def _is_label(part: Line, edge: float) -> bool:
    words = [character for character in part.text if is_cjk(character)]
    return (
        not part.segments
        and len(part.text) <= _LONGEST_LABEL
        and len(words) * 2 > len(part.text)
        and part.x1 < edge - _GUTTER * part.size
    )


def _parted(line: Line, edge: float) -> tuple[Line | None, Line | None] | None:
    """A line's label and its value, either of which may be missing; None where it is no line of a form."""
    parts = line.segments or parted_at(line, edge) or (line,)
    if len(parts) == 1:
        if _is_label(parts[0], edge):
            return parts[0], None
        return (None, parts[0]) if parts[0].x0 >= edge - 1 else None
    return parts if len(parts) == 2 and _is_label(parts[0], edge) and parts[1].x0 >= edge - 1 else None


def _form(lines: Sequence[Line], middle: int, edge: float) -> Beside | None:
    start = middle
    while start and _goes_on(lines[start - 1], lines[start], edge):
        start -= 1
    end = middle + 1
    while end < len(lines) and _goes_on(lines[end - 1], lines[end], edge):
        end += 1
    if _parted(lines[start], edge) is None:
        return None
    sides = _Sides()
    for index in range(start, end):
        label, value = _parted(lines[index], edge) or (None, None)
        if label:
            sides.labels.append(label)
        if value:
            sides.values.append(value)
            sides.at.append(index)
    rows = _rows(sides, goes_on=start == 0 and lines[0].page > 1)
    if len(rows) < _FEWEST_ROWS:
        return None
    taken = sum(values for _, values in rows)
    if taken < len(sides.values):
        end = sides.at[taken]
    return Beside(start, end, _table(sides, rows, edge))


def _goes_on(above: Line, below: Line, edge: float) -> bool:
    near = below.y - above.y <= _ROW_ENDS * max(above.size, below.size)
    alike = max(above.size, below.size) <= _ALIKE * min(above.size, below.size)
    return near and alike and _parted(above, edge) is not None and _parted(below, edge) is not None


def _rows(sides: _Sides, *, goes_on: bool) -> list[tuple[int, int]]:
    """How many lines of label and of value each row has; empty where the heights fit no division into rows.

    Where the form goes on from another page the first row may be the rest of one, without a label.  Of
    several divisions that fit the one with most rows counts: what is one label its words tell later.
    """
    last, pitch = len(sides.labels), sides.pitch
    begun: dict[tuple[int, int], list[tuple[int, int]]] = {(0, 0): []}
    if goes_on:
        begun |= {(0, rest): [(0, rest)] for rest in range(1, len(sides.values))}
    for labels in range(last):
        for place in sorted(place for place in begun if place[0] == labels):
            for step in _steps(sides, *place, pitch):
                reached = place[0] + step[0], place[1] + step[1]
                rows = [*begun[place], step]
                if len(rows) > len(begun.get(reached, ())):
                    begun[reached] = rows
    done = [(place[1], rows) for place, rows in begun.items() if place[0] == last]
    return max(done, default=(0, []))[1]


def _steps(sides: _Sides, label: int, value: int, pitch: float) -> Iterator[tuple[int, int]]:
    """The rows that may begin with these lines of label and value."""
    labels, values = sides.labels, sides.values
    first = labels[label]
    room = _LEVEL * first.size
    for lines in range(1, min(_MOST_LINES, len(labels) - label) + 1):
        last = labels[label + lines - 1]
        if lines > 1 and last.y - labels[label + lines - 2].y >= _NEXT_LINE * last.size:
            return
        middle = (first.y + last.y) / 2
        if _is_empty(first, last, values[max(0, value - 1) : value], values[value : value + 1], pitch):
            yield lines, 0
        for count in range(1, len(values) - value + 1):
            centre = (values[value].y + values[value + count - 1].y) / 2
            if centre > middle + room:
                break
            level = abs(values[value].y - first.y) < room and count <= lines
            if level or abs(centre - middle) < room:
                yield lines, count


def _is_empty(first: Line, last: Line, above: Sequence[Line], below: Sequence[Line], pitch: float) -> bool:
    """Whether there is no line beside a label where one of its own would stand, between those around it."""
    room = _BETWEEN * pitch
    return all(first.y - line.y > room for line in above) and all(line.y - last.y > room for line in below)


def _table(sides: _Sides, rows: Sequence[tuple[int, int]], edge: float) -> TableDraft:
    page = sides.values[0].page
    left = min(line.x0 for line in sides.labels)
    middle = max(line.x1 for line in sides.labels)
    right = max(line.x1 for line in sides.values)
    drafts: list[list[CellDraft]] = []
    label = value = 0
    for index, (labels, values) in enumerate(rows):
        row = [CellDraft(index, 0, 1, 1), CellDraft(index, 1, 1, 1)]
        row[0].items = list(sides.labels[label : label + labels])
        row[1].items = list(sides.values[value : value + values])
        label, value = label + labels, value + values
        drafts.append(row)
    for line in sides.labels:
        line.left, line.right = left, middle
    used = sides.values[:value]
    for line in used:
        line.left, line.right = edge, right
    top = min(line.top for line in (*sides.labels, *used))
    bottom = max(line.bottom for line in (*sides.labels, *used))
    return TableDraft(page, left, top, right, bottom, (left, edge, right), drafts, page, ruled=False)
