"""From the bytes of a PDF to a ``Document``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from extractors.document import Document, Limits
from extractors.pdf.binding import TextLayer
from extractors.pdf.glyphs import read_pieces
from extractors.pdf.opening import active_content, opened, title_of
from extractors.pdf.page import Frame, Piece, frame_of
from extractors.pdf.paper import Paper, blank, blocks_of, laid_out
from extractors.pdf.readable import is_gibberish
from extractors.pdf.ruling import read_drawing
from extractors.pdf.scanned import with_scans
from schemas.errors import UnreadableDocumentError, UnreadableReason

_SCANNED = 0.3
"""Share of the page that a picture must cover for a page without text to be a scan."""
_WHOLE_PAGE = 0.75
"""Share of the page from which a picture is the page itself, whatever was stamped on it."""
_STAMPED = 60
"""Most characters of a page number, a watermark or a scanning program's mark on a scanned page."""


@dataclass(frozen=True, slots=True)
class _PageRead:
    """A page, and what its text layer is worth.

    Attributes:
        paper: its lines and tables.
        characters: number of characters in its text layer.
        gibberish: its text layer is no text that a person wrote.
        without_text: there is something to see on it, but nothing to read.
    """

    paper: Paper
    characters: int = 0
    gibberish: bool = False
    without_text: bool = False


def extract(data: bytes, name: str, limits: Limits) -> Document:
    """Read a PDF, its pages that are pictures by text recognition.

    Args:
        data: the file.
        name: the file's name as it was given.
        limits: bounds on size and pages.

    Returns:
        The document, its paragraphs and tables as a reader sees them.

    Raises:
        UnreadableDocumentError: encrypted, damaged, empty, over a limit, or with nothing that can be read.
    """
    with opened(data, limits) as document:
        pages = [_read_page(document, number) for number in range(1, len(document) + 1)]
        active = active_content(document, data)
        title = title_of(document)
        _check_readable(pages)
        wanting = [number for number, page in enumerate(pages, 1) if page.gibberish or page.without_text]
        scans = with_scans(document, wanting, limits) if wanting else {}
    if not any(page.characters for page in pages) and not any(scan.has_text for scan in scans.values()):
        raise UnreadableDocumentError(UnreadableReason.NO_TEXT_LAYER)
    papers = [scans.get(number, page.paper) for number, page in enumerate(pages, 1)]
    return Document(
        name=name,
        media_type="application/pdf",
        pages=len(pages),
        blocks=blocks_of(papers),
        title=title,
        active=active,
        unread_pages=tuple(number for number in wanting if number not in scans),
        recognised_pages=tuple(scans),
    )


def _read_page(document: pdfium.PdfDocument, number: int) -> _PageRead:
    page = raw.FPDF_LoadPage(document.raw, number - 1)
    if not page:
        return _PageRead(blank(number), without_text=True)
    try:
        pieces, frame = _read_text(page)
        drawing = read_drawing(page, frame)
    finally:
        raw.FPDF_ClosePage(page)
    text = "".join(piece.text for piece in pieces)
    if is_gibberish(text):
        return _PageRead(blank(number, frame), len(text), gibberish=True)
    scanned = _is_scanned(len(text), drawing.picture)
    paper = laid_out(pieces, drawing, frame, number)
    if scanned:
        # The picture is not among the page's pictures: it is the page.
        return _PageRead(replace(paper, pictures=()), len(text), without_text=True)
    return _PageRead(paper, len(text))


def _is_scanned(characters: int, picture: float) -> bool:
    """Whether a page with so many characters and so large a picture must be read from the picture."""
    return picture >= (_WHOLE_PAGE if characters else _SCANNED) and characters <= _STAMPED


def _read_text(page: Any) -> tuple[list[Piece], Frame]:
    layer = TextLayer(page)
    try:
        return read_pieces(layer, frame_of(page))
    finally:
        layer.close()


def _check_readable(pages: Sequence[_PageRead]) -> None:
    """Raise where there is nothing to judge."""
    characters = sum(page.characters for page in pages)
    garbled = sum(page.characters for page in pages if page.gibberish)
    if garbled > characters / 2:
        raise UnreadableDocumentError(UnreadableReason.GARBLED_TEXT)
    if not characters and not any(page.without_text for page in pages):
        raise UnreadableDocumentError(UnreadableReason.NO_CONTENT)
