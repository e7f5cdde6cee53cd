"""Puts together what page and column breaks divided: tables that go on, and rows within them."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence

from extractors.document import Role
from extractors.pdf.layout import Item, PageDraft
from extractors.pdf.lines import Line
from extractors.pdf.paragraphs import Habits, continues
from extractors.pdf.tables import CellDraft, TableDraft
from extractors.text import normal

_LABEL = re.compile(r"[^\W\d_]{2,12}")
_FIGURE = re.compile(r"[¥￥]?-?\d[\d,]*(?:\.\d+)?[%％万元]*")
_SAME_PLACE = 4.0
"""Distance in points within which vertical lines on two pages are the same."""
_LAID_ASIDE = 28.0
"""Points by which one sheet lies farther to the side on the scanner's glass than another."""


def joined_items(pages: Sequence[PageDraft], habits: Habits) -> list[Item]:
    """The items of all pages, tables that go on over a break made one, mere boxes opened."""
    items: list[Item] = []
    last: TableDraft | None = None
    for page in pages:
        for item in page.items:
            if isinstance(item, Line):
                if item.role is Role.BODY:
                    last = None
                items.append(item)
            elif last is not None and (shift := _shift_to(last, item)) is not None:
                item.xs = tuple(x - shift for x in item.xs)
                _append(last, item, habits)
            else:
                items.append(item)
                last = item
    boxes = itertools.count(1)
    return [part for item in items for part in _opened(item, boxes)]


def _shift_to(table: TableDraft, part: TableDraft) -> float | None:
    """How far right of the table its next part stands: on a later page or in the next column; else None.

    It is the next part where its vertical lines, moved so far, stand at the table's places.
    """
    if not (table.ruled or part.ruled):
        return 0.0 if _has_same_columns(table, part) else None
    shift = part.x0 - table.x0
    if table.last_page < part.page:
        if abs(shift) <= _SAME_PLACE:
            shift = 0.0
        elif abs(shift) > _LAID_ASIDE:
            return None
    elif part.x0 <= table.x1:
        return None
    if abs(table.x0 + shift - part.x0) > _SAME_PLACE or abs(table.x1 + shift - part.x1) > _SAME_PLACE:
        return None
    here, there = list(table.xs), [x - shift for x in part.xs]
    fewer, more = sorted((here, there), key=len)
    goes_on = all(any(abs(x - other) <= _SAME_PLACE for other in more) for x in fewer)
    return shift if goes_on else None


def _has_same_columns(table: TableDraft, part: TableDraft) -> bool:
    """Whether a table without lines goes on at the top of the next page, its columns below their like."""
    if table.last_page + 1 != part.page or len(table.xs) != len(part.xs):
        return False
    here, there = list(itertools.pairwise(table.xs)), list(itertools.pairwise(part.xs))
    below = all(low < end and start < high for (low, high), (start, end) in zip(here, there, strict=True))
    if below:
        part.xs = table.xs
    return below


def _append(table: TableDraft, part: TableDraft, habits: Habits) -> None:
    """Add the rows of a table's next part."""
    _share_columns(table, part)
    rows = [row for row in part.rows if row]
    if len(table.rows) > 1 and len(rows) > 1 and _texts(table.rows[0]) == _texts(rows[0]):
        rows = rows[1:]
    rest = rows[0] if rows else []
    pairs = _pairs(table, rest)
    if pairs and _is_rest_of_row(pairs, habits):
        for above, below in pairs:
            _join_content(above, below, habits)
            above.row_span += below.row_span - 1
        rows = rows[1:]
    elif pairs and _goes_under_label(pairs):
        above, below = pairs[0]
        above.row_span += below.row_span
        rows[0] = rows[0][1:]
    _add_rows(table, rows)
    table.last_page = part.page


def _join_content(above: CellDraft, below: CellDraft, habits: Habits) -> None:
    """Add what the rest of a cell holds, a table that goes on in it to its beginning."""
    items = below.items
    last, first = (above.items[-1], items[0]) if above.items and items else (None, None)
    if (
        isinstance(last, TableDraft)
        and isinstance(first, TableDraft)
        and (shift := _shift_to(last, first)) is not None
    ):
        first.xs = tuple(x - shift for x in first.xs)
        _append(last, first, habits)
        items = items[1:]
    above.items += items


def _add_rows(table: TableDraft, rows: list[list[CellDraft]]) -> None:
    height = max(cell.row + cell.row_span for cell in table.cells)
    first = min((cell.row for row in rows for cell in row), default=0)
    for row in rows:
        for cell in row:
            cell.row += height - first
    table.rows += rows


def _share_columns(table: TableDraft, part: TableDraft) -> None:
    """Number the columns of both by the vertical lines of both."""
    xs = list(table.xs)
    xs += [x for x in part.xs if all(abs(x - other) > _SAME_PLACE for other in xs)]
    xs.sort()
    for draft in (table, part):
        places = [min(range(len(xs)), key=lambda i, x=x: abs(xs[i] - x)) for x in draft.xs]  # type: ignore[misc]
        for cell in draft.cells:
            start, end = places[cell.column], places[min(cell.column + cell.column_span, len(places) - 1)]
            cell.column, cell.column_span = start, max(1, end - start)
        draft.xs = tuple(xs)


def _texts(row: list[CellDraft]) -> list[tuple[int, str]]:
    return [(cell.column, normal(cell.text)) for cell in row]


def _pairs(table: TableDraft, row: list[CellDraft]) -> list[tuple[CellDraft, CellDraft]]:
    """Each cell of a row after a page break with the cell above it; empty where they do not match."""
    height = max(cell.row + cell.row_span for cell in table.cells)
    lowest = {c.column: c for c in table.cells if c.row + c.row_span == height}
    pairs = [(lowest[cell.column], cell) for cell in row if cell.column in lowest]
    matching = all(above.column_span == below.column_span for above, below in pairs)
    return pairs if len(pairs) == len(row) == len(lowest) and matching else []


def _is_rest_of_row(pairs: list[tuple[CellDraft, CellDraft]], habits: Habits) -> bool:
    """Whether a row after a page break goes on with the row before it."""
    filled = [(above, below) for above, below in pairs if below.items]
    if not filled or any(not above.items for above, _ in filled):
        return False
    if any(_FIGURE.fullmatch(above.text) and _FIGURE.fullmatch(below.text) for above, below in filled):
        return False  # an amount is never cut in two: 总计 has a row of its own, without a number in front
    if all(_text_goes_on(above, below, habits) for above, below in filled):
        return True
    above, below = pairs[0]
    if _labels_anew(pairs):
        return False
    return len(pairs) > 1 and bool(above.items) and not below.items and below.row_span == 1


def _text_goes_on(above: CellDraft, below: CellDraft, habits: Habits) -> bool:
    last, first = above.items[-1], below.items[0]
    if isinstance(last, TableDraft) and isinstance(first, TableDraft):
        return _shift_to(last, first) is not None
    return isinstance(last, Line) and isinstance(first, Line) and continues([last], first, habits)


def _goes_under_label(pairs: list[tuple[CellDraft, CellDraft]]) -> bool:
    """Whether the first cell is the empty rest of a label beside several rows."""
    above, below = pairs[0]
    under = len(pairs) > 1 and bool(above.items) and not below.items
    return under and (below.row_span > 1 or _labels_anew(pairs))


def _labels_anew(pairs: list[tuple[CellDraft, CellDraft]]) -> bool:
    """Whether a row has a label of its own beside the word for its group, which goes on from above."""
    if len(pairs) < 3 or len(normal(pairs[0][0].text)) < 2 or pairs[0][1].items:
        return False
    return all(_LABEL.fullmatch(normal(cell.text)) for cell in pairs[1])


def _opened(item: Item, boxes: Iterator[int]) -> list[Item]:
    """What is in a mere box, in its place and marked as its; tables inside cells are looked at likewise."""
    if isinstance(item, Line):
        return [item]
    for cell in item.cells:
        cell.items = [part for inner in cell.items for part in _opened(inner, boxes)]
    if not item.is_box:
        return [item]
    box = next(boxes)
    for part in item.rows[0][0].items:
        if isinstance(part, Line) and not part.box:
            part.box = box
    return item.rows[0][0].items
