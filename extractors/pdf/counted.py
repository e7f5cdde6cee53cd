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


def line_numbers(pieces: Sequence[Piece], tables: Sequence[TableDraft]) -> list[Piece]:
    """The pieces that number the lines of a page, left of all its text; empty where its lines are not.

    Args:
        pieces: what stands outside tables.
        tables: the page's tables.
    """
    figures = [piece for piece in pieces if piece.text.isdecimal() and not piece.turn]
    if len(figures) < _FEWEST:
        return []
    left = min(piece.x0 for piece in figures)
    column = sorted(
        (piece for piece in figures if piece.x0 - left < 3 * piece.size), key=lambda piece: piece.y
    )
    if not (_at_one_edge([p.x0 for p in column]) or _at_one_edge([p.x1 for p in column])):
        return []
    edge = max(piece.x1 for piece in column)
    text = [piece for piece in pieces if piece not in column and not piece.turn]
    starts = [*(piece.x0 for piece in text), *(table.x0 for table in tables)]
    if any(start <= edge for start in starts) or not _counts(column):
        return []
    heights = {round(piece.y) for piece in text}
    return column if len(column) >= max(_FEWEST, _COUNTED * len(heights)) else []


def _at_one_edge(places: list[float]) -> bool:
    return max(places) - min(places) <= _SAME_EDGE


def _counts(column: Sequence[Piece]) -> bool:
    """Whether the figures go up by one from line to line."""
    return all(int(b.text) == int(a.text) + 1 for a, b in itertools.pairwise(column))
