"""Tables written down as rows of text, for the tests of the fact readers."""

from __future__ import annotations

from extractors.document import Cell, Paragraph, Table

LEFT, UP = "<", "^"
"""A square that the cell to the left, or the cell above, covers too."""


def table(*rows: str) -> Table:
    """A table of rows such as ``"合计 | < | 204"``; ``<`` and ``^`` continue a merged cell."""
    squares = [[text.strip() for text in row.split("|")] for row in rows]
    width = max(len(row) for row in squares)
    squares = [row + [""] * (width - len(row)) for row in squares]
    number = 0
    built = []
    for r, row in enumerate(squares):
        cells = []
        for c, text in enumerate(row):
            if text in (LEFT, UP):
                continue
            columns = 1
            while c + columns < width and row[c + columns] == LEFT:
                columns += 1
            height = 1
            while r + height < len(squares) and squares[r + height][c] == UP:
                height += 1
            number += bool(text)
            blocks = (Paragraph(number, text.replace("\\n", "\n")),) if text else ()
            cells.append(Cell(r, c, height, columns, blocks))
        built.append(tuple(cells))
    return Table(tuple(built))
