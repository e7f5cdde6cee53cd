"""Line numbers in the margin: figures that count every line of a page, outside its text."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from extractors.pdf.page import Piece
from extractors.pdf.tables import TableDraft

_FEWEST = 8
"""Numbers from which on they count lines and are not those of a short list."""
_COUNTED = 0.6
"""Share of a page's lines that stand beside a number."""
_SAME_EDGE = 2.0
"""Distance in points within which numbers stand at one edge."""


def line_numbers(pieces: Sequence[Piece], tables: Sequence[TableDraft], before: int = 0) -> list[Piece]:
    """The pieces that number the lines of a page, left of all its text; empty where its lines are not.

    Args:
        pieces: what stands outside tables.
        tables: the page's tables.
        before: the number of the last line of the page before, 0 if its lines have none.  Where the count
            goes on or begins anew, a page may have few lines.
    """
    figures = [piece for piece in pieces if piece.text.isdecimal() and not piece.turn]
    if len(figures) < (1 if before else _FEWEST):
        return []
    column = sorted(_outermost(figures), key=lambda piece: piece.y)
    fewest = 1 if int(column[0].text) in (1, before + 1) and before else _FEWEST
    edge = max(piece.x1 for piece in column)
    text = [piece for piece in pieces if piece not in column and not piece.turn]
    starts = [*(piece.x0 for piece in text), *(table.x0 for table in tables)]
    if any(start <= edge for start in starts) or not _counts(column):
        return []
    heights = {round(piece.y) for piece in text}
    return column if len(column) >= max(fewest, _COUNTED * len(heights)) else []


def _outermost(figures: Sequence[Piece]) -> list[Piece]:
    """The figures at the left or the right edge of that which stands farthest left."""
    first = min(figures, key=lambda piece: piece.x0)
    left = [piece for piece in figures if abs(piece.x0 - first.x0) <= _SAME_EDGE]
    right = [piece for piece in figures if abs(piece.x1 - first.x1) <= _SAME_EDGE]
    return max(left, right, key=len)


def _counts(column: Sequence[Piece]) -> bool:
    """Whether the figures go up by one from line to line."""
    return all(int(b.text) == int(a.text) + 1 for a, b in itertools.pairwise(column))
