"""Tables while they are being read: text put into the cells of grids, and tables inside cells."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from extractors.pdf.grids import Grid
from extractors.pdf.lines import Line, build_lines, is_cjk
from extractors.pdf.page import Piece

_LEAST_PADDING = 0.5
_MOST_PADDING = 8.0
_OVER_WALL = 3.0
"""Points by which text may reach over a cell's wall without being divided."""
_MIDDLE = 0.35
"""Height of the middle of a line above its baseline, in font sizes."""


@dataclass(slots=True)
class CellDraft:
    """A cell with what stands in it, from top to bottom."""

    row: int
    column: int
    row_span: int
    column_span: int
    items: list[Line | TableDraft] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Its own lines' text on one line."""
        return "".join(item.text for item in self.items if isinstance(item, Line))


@dataclass(slots=True)
class TableDraft:
    """A table, or the part of one that stands on a page.

    Attributes:
        page: from 1.
        x0, top, x1, bottom: its rectangle in the page's frame.
        xs: the places of its vertical lines.
        rows: its cells row by row, each at its upper left square.
        last_page: the page that its last part read so far stands on.
        ruled: its lines are drawn; else ``xs`` is where text begins in its columns.
    """

    page: int
    x0: float
    top: float
    x1: float
    bottom: float
    xs: tuple[float, ...]
    rows: list[list[CellDraft]]
    last_page: int
    ruled: bool = True

    @property
    def cells(self) -> Iterator[CellDraft]:
        """All cells, row by row."""
        return (cell for row in self.rows for cell in row)

    @property
    def is_box(self) -> bool:
        """It is a frame around something and not a table."""
        return len(self.rows) == 1 and len(self.rows[0]) == 1


def fill_grids(grids: list[Grid], pieces: list[Piece], page: int) -> tuple[list[TableDraft], list[Piece]]:
    """Put text into the grids it stands in.

    Returns:
        The outermost tables that hold text, from top to bottom, and the pieces outside every grid.
    """
    held: list[dict[int, list[Piece]]] = [{} for _ in grids]
    outside: list[Piece] = []
    if not grids:
        return [], pieces
    for piece in pieces:
        place, index = _innermost(grids, *middle(piece))
        if index is None:
            outside.append(piece)
            continue
        cell = grids[place].cells[index]
        if piece.x0 > cell.x0 - _OVER_WALL and piece.x1 < cell.x1 + _OVER_WALL:
            held[place].setdefault(index, []).append(piece)
            continue
        for part in _cut_at_walls(piece, grids[place]):
            index = grids[place].cell_at(*middle(part))
            held[place].setdefault(index or 0, []).append(part)
    return _nested(grids, held, page), outside


def middle(piece: Piece) -> tuple[float, float]:
    """The point of the page that tells in which cell a piece stands."""
    return (piece.x0 + piece.x1) / 2, piece.y - _MIDDLE * piece.size


def _innermost(grids: list[Grid], x: float, y: float) -> tuple[int, int | None]:
    """The smallest grid around a point (grids come largest first) and the cell, None outside all."""
    for place in range(len(grids) - 1, -1, -1):
        index = grids[place].cell_at(x, y)
        if index is not None:
            return place, index
    return 0, None


def _cut_at_walls(piece: Piece, grid: Grid) -> list[Piece]:
    """The piece, divided where it runs through a wall; places inside it are estimated."""
    y, inset = middle(piece)[1], 0.3 * piece.size
    if (
        len(piece.text) < 2
        or piece.turn
        or grid.cell_at(piece.x0 + inset, y) == grid.cell_at(piece.x1 - inset, y)
    ):
        return [piece]
    widths = [1.0 if is_cjk(character) else 0.5 for character in piece.text]
    scale = (piece.x1 - piece.x0) / sum(widths)
    parts: list[Piece] = []
    start, x, left = 0, piece.x0, piece.x0
    owner = grid.cell_at(x + widths[0] * scale / 2, y)
    for index, width in enumerate(widths):
        here = grid.cell_at(x + width * scale / 2, y)
        if here != owner:
            parts.append(piece._replace(text=piece.text[start:index].strip(), x0=left, x1=x))
            start, left, owner = index, x, here
        x += width * scale
    parts.append(piece._replace(text=piece.text[start:].strip(), x0=left))
    return [part for part in parts if part.text]


def _nested(grids: list[Grid], held: list[dict[int, list[Piece]]], page: int) -> list[TableDraft]:
    """The tables with their text, each one that lies in a cell of another put there."""
    cells = [_cells(grid, texts, page) for grid, texts in zip(grids, held, strict=True)]
    outermost: list[TableDraft] = []
    for index in range(len(grids) - 1, -1, -1):
        if not any(cell.items for cell in cells[index]):
            continue
        table = _table(grids[index], cells[index], page)
        home = _home(grids, index)
        if home is None:
            outermost.append(table)
        else:
            items = cells[home[0]][home[1]].items
            items.append(table)
            items.sort(key=lambda item: item.top)
    return sorted(outermost, key=lambda table: table.top)


def _home(grids: list[Grid], index: int) -> tuple[int, int] | None:
    """The smallest larger grid, and its cell, in which a grid lies."""
    grid = grids[index]
    x, y = (grid.xs[0] + grid.xs[-1]) / 2, (grid.ys[0] + grid.ys[-1]) / 2
    for outer in range(index - 1, -1, -1):
        cell = grids[outer].cell_at(x, y)
        if cell is not None:
            return outer, cell
    return None


def _cells(grid: Grid, texts: dict[int, list[Piece]], page: int) -> list[CellDraft]:
    drafts = [CellDraft(c.row, c.column, c.row_span, c.column_span) for c in grid.cells]
    lines = {index: build_lines(pieces, page) for index, pieces in texts.items()}
    gaps = (line.x0 - grid.cells[index].x0 for index, of_cell in lines.items() for line in of_cell)
    padding = min(_MOST_PADDING, max(_LEAST_PADDING, min(gaps, default=_MOST_PADDING)))
    for index, of_cell in lines.items():
        cell = grid.cells[index]
        for line in of_cell:
            line.left, line.right = cell.x0 + padding, cell.x1 - padding
        drafts[index].items = list(of_cell)
    return drafts


def _table(grid: Grid, cells: list[CellDraft], page: int) -> TableDraft:
    rows: list[list[CellDraft]] = [[] for _ in range(len(grid.ys) - 1)]
    for cell in cells:
        rows[cell.row].append(cell)
    return TableDraft(page, grid.xs[0], grid.ys[0], grid.xs[-1], grid.ys[-1], grid.xs, rows, page)
