"""Text that nobody sees on the page: invisible, white on white, too small, or beside the paper."""

from __future__ import annotations

from extractors.pdf.page import Frame, Piece
from extractors.pdf.ruling import Drawing

_SCAN = 0.5
"""Share of the page that a picture must cover for invisible text to be what was read from the picture."""
_OVER = 1.0
_SMALLEST = 1.0
"""Font size, in points, below which nothing can be read."""


def visible(pieces: list[Piece], drawing: Drawing, frame: Frame) -> list[Piece]:
    """The pieces that a reader sees, and those that say what a reader sees in a scanned page."""
    return [piece for piece in pieces if _is_seen(piece, drawing, frame)]


def _is_seen(piece: Piece, drawing: Drawing, frame: Frame) -> bool:
    if (
        piece.size < _SMALLEST
        or piece.x1 < _OVER
        or piece.y < _OVER
        or piece.x0 > frame.width - _OVER
        or piece.top > frame.height - _OVER
    ):
        return False
    if piece.invisible:
        return drawing.picture >= _SCAN
    return not piece.white or _stands_on_colour(piece, drawing)


def _stands_on_colour(piece: Piece, drawing: Drawing) -> bool:
    x, y = (piece.x0 + piece.x1) / 2, piece.y - 0.3 * piece.size
    boxes = (*drawing.fills, *drawing.pictures)
    return any(x0 <= x <= x1 and top <= y <= bottom for x0, top, x1, bottom in boxes)
