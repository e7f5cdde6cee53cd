"""A table as squares: every grid square knows the cell that covers it."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from extractors.document import Paragraph, Table
from extractors.facts.plain import plain


class Square(NamedTuple):
    """A cell as seen from the grid; a tuple, because large tables make many.

    Attributes:
        text: what is read in the cell.
        word: the same, plain and without any white space, for comparing.
        row, column: its upper left square.
        row_span, column_span: how many squares it covers.
        paragraph: number of its first paragraph, None if it is empty.
    """

    text: str
    word: str
    row: int
    column: int
    row_span: int
    column_span: int
    paragraph: int | None


_PAIR = 2
"""Columns of a table that is one pair a row as it stands."""

Row = tuple[Square | None, ...]
Grid = tuple[Row, ...]


def grid_of(table: Table) -> Grid:
    """Lay out ``table``; squares that no cell covers are None."""
    height = max((c.row + c.row_span for row in table.rows for c in row), default=0)
    width = max((c.column + c.column_span for row in table.rows for c in row), default=0)
    squares: list[list[Square | None]] = [[None] * width for _ in range(height)]
    for row in table.rows:
        for cell in row:
            number = next((block.number for block in cell.blocks if isinstance(block, Paragraph)), None)
            text = cell.text
            square = Square(text, _word(text), cell.row, cell.column, cell.row_span, cell.column_span, number)
            for r in range(cell.row, cell.row + cell.row_span):
                for c in range(cell.column, cell.column + cell.column_span):
                    squares[r][c] = square
    return tuple(tuple(row) for row in squares)


def transposed(grid: Grid) -> Grid:
    """The same table with rows and columns exchanged."""
    turned = {
        id(s): Square(s.text, s.word, s.column, s.row, s.column_span, s.row_span, s.paragraph)
        for row in grid
        for s in row
        if s is not None
    }
    return tuple(tuple(turned[id(s)] if s else None for s in column) for column in zip(*grid, strict=True))


def unfolded(grid: Grid, is_figure: Callable[[Square], bool]) -> Grid:
    """A table whose rows hold pairs of a name and a figure (软件 | 8 | 硬件 | 9), one pair a row.

    Blank columns are left out.  Any other table comes back as it is.
    """
    width = len(grid[0])
    used = [
        c for c in range(width) if any((s := row[c]) is not None and s.column == c and s.word for row in grid)
    ]
    if not used or len(used) % 2 or len(used) == width == _PAIR:
        return grid
    pairs = [
        (row[name], row[figure]) for row in grid for name, figure in zip(used[::2], used[1::2], strict=True)
    ]
    filled = [pair for pair in pairs if any(square is not None and square.word for square in pair)]
    if len(filled) < 2 or not all(_is_pair(name, figure, is_figure) for name, figure in filled):
        return grid
    return tuple(
        tuple(
            Square(s.text, s.word, row, column, 1, 1, s.paragraph)
            for column, s in enumerate(pair)
            if s is not None
        )
        for row, pair in enumerate(filled)
    )


def _is_pair(name: Square | None, figure: Square | None, is_figure: Callable[[Square], bool]) -> bool:
    return (
        name is not None
        and figure is not None
        and bool(name.word)
        and not is_figure(name)
        and name.column != figure.column
        and name.row_span == figure.row_span == 1
        and is_figure(figure)
    )


def own(grid: Grid, row: int) -> list[Square]:
    """The non-empty cells that begin in ``row``, from left to right, each once."""
    seen: dict[int, Square] = {}
    for square in grid[row]:
        if square is not None and square.row == row and square.word:
            seen.setdefault(square.column, square)
    return list(seen.values())


def _word(text: str) -> str:
    return "".join(plain(text).text.split())
