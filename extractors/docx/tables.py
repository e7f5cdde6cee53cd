"""Tables: cells onto the squares of the grid, merged cells once."""

from __future__ import annotations

from dataclasses import dataclass, field

from extractors.document import Block, Cell, Table

_WIDEST = 1024
"""Most grid columns that a cell is believed to cover or a row to leave out (Word has at most 63)."""


@dataclass(slots=True)
class OpenCell:
    """A cell while it is read.

    Attributes:
        hidden: it is the continuation of a merged cell and shows nothing of its own.
    """

    row: int
    column: int
    row_span: int = 1
    column_span: int = 1
    hidden: bool = False
    blocks: list[Block] = field(default_factory=list)


@dataclass(slots=True)
class OpenTable:
    """A table while it is read: told of rows, cells and merges in the order in which they are written."""

    rows: list[list[OpenCell]] = field(default_factory=list)
    column: int = 0
    tops: dict[int, OpenCell] = field(default_factory=dict)
    """By column, the cell that a vertical merge of the next row would continue."""

    def start_row(self) -> None:
        """A row begins."""
        self.rows.append([])
        self.column = 0

    def skip(self, squares: int) -> None:
        """The row leaves out that many squares at its start (``w:gridBefore``)."""
        self.column = _bounded(squares)

    def start_cell(self) -> OpenCell:
        """A cell begins to the right of the one before."""
        if not self.rows:
            self.start_row()
        row = self.rows[-1]
        if row:
            self.column = row[-1].column + row[-1].column_span
        cell = OpenCell(len(self.rows) - 1, self.column)
        row.append(cell)
        return cell

    def span(self, squares: int) -> None:
        """The cell covers that many squares of its row (``w:gridSpan``)."""
        self.rows[-1][-1].column_span = max(1, _bounded(squares))

    def merge_down(self, *, starts: bool) -> None:
        """The cell starts a vertical merge or continues the one above it (``w:vMerge``)."""
        cell = self.rows[-1][-1]
        top = self.tops.get(cell.column)
        if starts or top is None or top.row + top.row_span != cell.row:
            self.tops[cell.column] = cell
        else:
            top.row_span += 1
            cell.hidden = True

    def merge_right(self, *, starts: bool) -> None:
        """The cell starts a horizontal merge or continues the one before it (legacy ``w:hMerge``)."""
        row = self.rows[-1]
        cell = row[-1]
        first = next((c for c in reversed(row[:-1]) if not c.hidden), None)
        if not starts and first is not None:
            first.column_span += cell.column_span
            cell.hidden = True

    def close(self) -> Table | None:
        """The finished table; None where it has no cells."""
        rows = tuple(tuple(_closed(cell) for cell in row if not cell.hidden) for row in self.rows)
        return Table(rows) if any(rows) else None


def _closed(cell: OpenCell) -> Cell:
    return Cell(cell.row, cell.column, cell.row_span, cell.column_span, tuple(cell.blocks))


def _bounded(squares: int) -> int:
    return min(max(squares, 0), _WIDEST)
