"""What a page shows when it is drawn: asked where the text layer alone cannot tell what a reader sees."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from typing import Any

import pypdfium2 as pdfium

from extractors.pdf.opening import page_to_draw
from extractors.pdf.page import Frame, Piece

_DPI_GLANCE, _DPI_TEXT = 24, 72
_MOST_POINTS = 3000.0
"""Longer side of a page; a larger one is drawn more coarsely."""
_MARGIN = 0.12
"""Share of the page's height at its upper and lower end where running lines and their rules stand."""
_DARK = 160
"""Darker than a watermark, of 255."""
_LEAST_INK = 0.003
"""Share of the pixels from which a page says something."""
_CONTRAST = 16
_MOST_UNPACKED = 32 * 1024 * 1024

_OBJECT_STREAM = re.compile(rb"/Type\s*/ObjStm\b[^>]*?>>\s*stream\r?\n", re.S)


def shows_something(document: pdfium.PdfDocument, number: int) -> bool:
    """Whether there is ink on a page without text: words drawn as curves, tables, maps; not a blank page."""
    picture = _drawn(document, number, _DPI_GLANCE)
    if picture is None:
        return False
    edge = int(picture.shape[0] * _MARGIN)
    middle = picture[edge : picture.shape[0] - edge]
    return bool(middle.size and (middle < _DARK).mean() > _LEAST_INK)


def hides_layers(plain: bytes) -> bool:
    """Whether a PDF, its objects unpacked, has layers that are switched off."""
    return b"/OCProperties" in plain and re.search(rb"/OFF\s*\[\s*\d|/BaseState\s*/OFF", plain) is not None


def only_drawn(pieces: list[Piece], frame: Frame, document: pdfium.PdfDocument, number: int) -> list[Piece]:
    """The pieces that leave ink where they stand; text of a layer that is switched off leaves none."""
    picture = _drawn(document, number, _DPI_TEXT)
    if picture is None or not pieces:
        return pieces
    scale = picture.shape[1] / max(1.0, frame.width)
    return [piece for piece in pieces if piece.turn or _leaves_ink(piece, picture, scale)]


def _leaves_ink(piece: Piece, picture: Any, scale: float) -> bool:
    top, bottom = max(0, int(piece.top * scale)), int(piece.bottom * scale) + 1
    left, right = max(0, int(piece.x0 * scale)), int(piece.x1 * scale) + 1
    place = picture[top:bottom, left:right]
    return not place.size or int(place.max()) - int(place.min()) > _CONTRAST


def _drawn(document: pdfium.PdfDocument, number: int, dpi: int) -> Any:
    """The page in shades of gray as an array; None where it cannot be drawn."""
    with page_to_draw(document, number) as page:
        if page is None:
            return None
        longer = max(1.0, *page.get_size())
        bitmap = page.render(scale=dpi / 72 * min(1.0, _MOST_POINTS / longer), grayscale=True)
        picture = bitmap.to_numpy().reshape(bitmap.height, bitmap.width, -1)[:, :, 0].copy()
        bitmap.close()
    return picture


def with_packed_objects(data: bytes) -> bytes:
    """The file, and behind it what its object streams hold, in which names are searched for as well."""
    return b"\n".join((data, *_unpacked(data)))


def _unpacked(data: bytes) -> Iterator[bytes]:
    left = _MOST_UNPACKED
    for found in _OBJECT_STREAM.finditer(data):
        try:
            content = zlib.decompressobj().decompress(memoryview(data)[found.end() :], left)
        except zlib.error:
            continue
        left -= len(content)
        yield content
        if left <= 0:
            return
