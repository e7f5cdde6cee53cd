"""Tables: cells onto the squares of the grid, merged cells once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from extractors.document import Block, Cell, Table

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_WIDEST = 1024
"""Most grid columns that a cell is believed to cover or a row to leave out (Word has at most 63)."""


class Holder:
    """An element that is open and holds blocks: a story, a text box, a cell.

    Attributes:
        element: the element; what lies in it belongs here.
        blocks: what was read in it so far.
        hidden: what lies in it is not shown.
    """

    def __init__(self, element: Element, *, hidden: bool = False) -> None:
        self.element = element
        self.hidden = hidden
        self.blocks: list[Block] = []


class OpenCell(Holder):
    """A cell while it is read; hidden where it is the continuation of a merged cell."""

    row_span = 1
    column_span = 1

    def __init__(self, element: Element, table: OpenTable, row: int, column: int) -> None:
        self.element = element
        self.hidden = table.hidden
        self.blocks = []
        self.table = table
        self.row = row
        self.column = column

    def span(self, squares: int) -> None:
        """It covers that many squares of its row (``w:gridSpan``)."""
        self.column_span = max(1, _bounded(squares))

    def merge_down(self, *, starts: bool) -> None:
        """It starts a vertical merge or continues the cell above it (``w:vMerge``)."""
        tops = self.table.tops
        top = tops.get(self.column)
        if starts or top is None or top.row + top.row_span != self.row:
            tops[self.column] = self
        else:
            top.row_span += 1
            self.hidden = True

    def merge_right(self, *, starts: bool) -> None:
        """It starts a horizontal merge or continues the cell before it (legacy ``w:hMerge``)."""
        before = self.table.rows[-1][:-1]
        first = next((cell for cell in reversed(before) if not cell.hidden), None)
        if not starts and first is not None:
            first.column_span += self.column_span
            self.hidden = True

    def close(self) -> Cell:
        """The finished cell."""
        return Cell(self.row, self.column, self.row_span, self.column_span, tuple(self.blocks))


class OpenTable(Holder):
    """A table while it is read: told of rows and cells in the order in which they are written.

    Attributes:
        row: the element of the row that is being read.
        rows: its cells so far, hidden ones included.
        tops: by column, the cell that a vertical merge of the next row would continue.
    """

    def __init__(self, element: Element, *, hidden: bool) -> None:
        super().__init__(element, hidden=hidden)
        self.row: Element | None = None
        self.rows: list[list[OpenCell]] = []
        self.tops: dict[int, OpenCell] = {}
        self._column = 0

    def start_row(self, element: Element) -> None:
        """A row begins."""
        self.row = element
        self.rows.append([])
        self._column = 0

    def skip(self, squares: int) -> None:
        """The row leaves out that many squares at its start (``w:gridBefore``)."""
        self._column = _bounded(squares)

    def start_cell(self, element: Element) -> OpenCell:
        """A cell begins to the right of the one before."""
        rows = self.rows
        if not rows:
            rows.append([])
        row = rows[-1]
        if row:
            before = row[-1]
            cell = OpenCell(element, self, before.row, before.column + before.column_span)
        else:
            cell = OpenCell(element, self, len(rows) - 1, self._column)
        row.append(cell)
        return cell

    def close(self) -> Table | None:
        """The finished table; None where it has no cells.  Its open cells are let go of."""
        rows = tuple(tuple([cell.close() for cell in row if not cell.hidden]) for row in self.rows)
        self.rows.clear()
        self.tops.clear()
        return Table(rows) if any(rows) else None


def _bounded(squares: int) -> int:
    return min(max(squares, 0), _WIDEST)
