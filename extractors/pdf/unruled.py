"""Tables without ruling lines, known by segments of lines that stand in columns."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from extractors.pdf.beside import find_beside
from extractors.pdf.contents import ends_entry, has_leader
from extractors.pdf.lines import NUMBER, Line, parted_at
from extractors.pdf.tables import CellDraft, TableDraft

_LONGEST_LABEL = 12
"""Most characters of a label in a table of two columns."""
_ROWS_OF_TWO = 3
"""Rows from which on two columns are a table; a pair of signatures is none."""
_MOST_IN_ENTRY = 3
"""Segments that the line of a table of contents has at most."""
_WIDEST_PITCH = 3.5
"""Distance from row to row, in font sizes, beyond which a table has ended."""

_NEXT_LINE = 1.9
"""Distance from line to line, in font sizes, below which they stand in one cell."""

_AHEAD = 4
"""Lines within which another row follows a label's line that stands alone."""

_FRACTION = re.compile(r"\d[\d,]*\.\d+|\d{1,3}(?:,\d{3})+")
_ENDS_SENTENCE = re.compile(r"[。；;！？!?]\s*$")

_Columns = list[tuple[float, float]]


def with_unruled_tables(lines: list[Line]) -> list[Line | TableDraft]:
    """The lines, those that form tables put into them."""
    if beside := find_beside(lines):
        above, below = lines[: beside.start], lines[beside.end :]
        return [*with_unruled_tables(above), beside.table, *with_unruled_tables(below)]
    items: list[Line | TableDraft] = []
    index = 0
    while index < len(lines):
        end, columns = _table_from(lines, index)
        if end > index:
            items.append(_table(lines[index:end], columns))
            index = end
        else:
            items.append(lines[index])
            index += 1
    return items


def _table_from(lines: Sequence[Line], start: int) -> tuple[int, _Columns]:
    """Where the table that begins at a line ends (``start`` if none does), and its columns."""
    columns: _Columns = []
    end, rows = start, 0
    listing = _lists_pages(lines[start:])
    for index in range(start, len(lines)):
        line = lines[index]
        if index > start and line.y - lines[index - 1].y > _WIDEST_PITCH * line.size:
            break
        for near in lines[index : index + 1 + _AHEAD]:
            _part(near, columns)
        if not _is_row(line, columns, listing=listing):
            if rows and _continues_cell(line, columns, lines[index - 1]):
                if not _ENDS_SENTENCE.search(lines[index - 1].text):
                    end = index + 1  # the rest of a sentence, whether another row follows or not
                continue
            if rows and _is_label_alone(
                line, columns, lines[index - 1], lines[index + 1 : index + 1 + _AHEAD]
            ):
                continue
            break
        wider = _with_row(columns, line)
        if wider is None:
            break
        columns, end, rows = wider, index + 1, rows + 1
    labelled = rows >= _ROWS_OF_TWO and _has_labels(lines[start:end])
    good = (rows >= 2 and len(columns) >= 3) or (labelled and not _are_numbered(lines[start:end]))
    return (end, columns) if good else (start, [])


def _part(line: Line, columns: _Columns) -> None:
    """Divide a line whose label leaves little room before a value that begins a column."""
    if not line.segments and line.text_x:
        starts = (low for low, _ in columns[1:])
        line.segments = next((parts for low in starts if (parts := parted_at(line, low))), ())


def _is_row(line: Line, columns: _Columns, *, listing: bool) -> bool:
    """Whether a line may be a row; an entry of a table of contents has at most number, title and page."""
    if len(line.segments) < 2 or has_leader(line.text):
        return False
    return max(len(line.segments), len(columns)) > _MOST_IN_ENTRY or not (listing and ends_entry(line.text))


def _lists_pages(lines: Sequence[Line]) -> bool:
    """Whether the figures at the ends of lines may be pages: whole, and hardly ever less than one before."""
    pages: list[int] = []
    for line in lines:
        if len(line.segments) < 2:
            break
        figure = line.segments[-1].text.strip()
        if _FRACTION.fullmatch(figure):
            return False
        if figure.isdecimal():
            pages.append(int(figure))
    less = sum(below < above for above, below in itertools.pairwise(pages))
    return less < 2 or less * 4 <= len(pages)


def _continues_cell(line: Line, columns: _Columns, before: Line) -> bool:
    """Whether a line alone is the second line of a cell that is not the row's first."""
    inside = any(low - 2 <= line.x0 and line.x1 <= high + line.size for low, high in columns[1:])
    return inside and line.y - before.y < _NEXT_LINE * line.size


def _is_label_alone(line: Line, columns: _Columns, before: Line, after: Sequence[Line]) -> bool:
    """Whether a line between two rows is in the first column alone: a label's second line, or an empty field.

    Which of the two only its words tell.
    """
    low, high = columns[0]
    inside = low - 2 <= line.x0 and line.x1 <= high + line.size
    if not inside or line.y - before.y >= _NEXT_LINE * line.size or len(line.text) > _LONGEST_LABEL:
        return False
    return any(_is_row(row, columns, listing=True) and _with_row(columns, row) is not None for row in after)


def _with_row(columns: _Columns, line: Line) -> _Columns | None:
    """The columns with a row's segments taken in; None where a segment belongs to two columns."""
    wider = list(columns)
    for part in line.segments:
        touched = [i for i, (low, high) in enumerate(wider) if part.x0 < high and part.x1 > low]
        if len(touched) > 1:
            return None
        if touched:
            low, high = wider[touched[0]]
            wider[touched[0]] = min(low, part.x0), max(high, part.x1)
        else:
            wider.append((part.x0, part.x1))
    wider.sort()
    if any(after[0] - before[1] < 0.5 * line.size for before, after in itertools.pairwise(wider)):
        return None
    return wider if not columns or len(wider) <= len(columns) + 1 else None


def _has_labels(lines: Sequence[Line]) -> bool:
    return all(len(line.segments[0].text) <= _LONGEST_LABEL for line in lines if line.segments)


def _are_numbered(lines: Sequence[Line]) -> bool:
    """Whether the lines are no table's rows, but titles and points with a tab behind their numbers."""
    return all(NUMBER.fullmatch(line.segments[0].text.strip()) for line in lines if line.segments)


def _table(lines: Sequence[Line], columns: _Columns) -> TableDraft:
    rows: list[list[CellDraft]] = []
    for line in lines:
        if line.segments or _column_of(line, columns) == 0:
            rows.append([CellDraft(len(rows), column, 1, 1) for column in range(len(columns))])
        for part in line.segments or (line,):
            column = _column_of(part, columns)
            part.left, part.right = columns[column]
            rows[-1][column].items.append(part)
    xs = (*(low for low, _ in columns), columns[-1][1])
    page = lines[0].page
    return TableDraft(
        page, columns[0][0], lines[0].top, columns[-1][1], lines[-1].bottom, xs, rows, page, ruled=False
    )


def _column_of(part: Line, columns: _Columns) -> int:
    return max(range(len(columns)), key=lambda i: min(part.x1, columns[i][1]) - max(part.x0, columns[i][0]))
