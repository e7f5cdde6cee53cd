"""From the bytes of a PDF to a ``Document``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from extractors.document import Document, Limits
from extractors.pdf.binding import TextLayer
from extractors.pdf.fields import open_form, read_fields
from extractors.pdf.glyphs import read_pieces
from extractors.pdf.opening import active_content, opened, title_of
from extractors.pdf.page import Frame, Piece, frame_of
from extractors.pdf.paper import Paper, blank, blocks_of, laid_out, mark_roles
from extractors.pdf.readable import hides_words, is_gibberish
from extractors.pdf.ruling import read_drawing
from extractors.pdf.scanned import with_scans
from extractors.pdf.shown import hides_layers, only_drawn, shows_something, with_packed_objects
from extractors.pdf.struck import without_struck
from extractors.pdf.unseen import visible
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
        gibberish: its text layer is no text that a person wrote, or has words in it that are none.
        picture: share of it that its largest picture covers.
        broken: it cannot be opened.
    """

    paper: Paper
    characters: int = 0
    gibberish: bool = False
    picture: float = 0.0
    broken: bool = False

    @property
    def without_text(self) -> bool:
        """There is something to see on it, but nothing to read, once roles are known.

        A running line or a stamp on a scan is nothing.
        """
        if self.picture >= _WHOLE_PAGE and self.characters <= _STAMPED:
            return True
        return self.picture >= _SCANNED and not self.paper.has_text

    @property
    def says_something(self) -> bool:
        """Its text layer holds more than running lines and stamps."""
        return self.paper.has_text and not self.without_text


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
        form = open_form(document)
        plain = with_packed_objects(data)
        layers = hides_layers(plain)
        pages: list[_PageRead] = []
        for number in range(1, len(document) + 1):
            before = pages[-1].paper if pages else None
            pages.append(_read_page(document, form, number, before, layers=layers))
        active = active_content(document, plain)
        title = title_of(document)
        mark_roles([page.paper for page in pages])
        _check_legible(pages)
        wanting = [number for number, page in enumerate(pages, 1) if _is_wanting(page, document, number)]
        scans = with_scans(document, wanting, limits) if wanting else {}
    mark_roles(list(scans.values()))
    _check_content(pages, wanting, scans.values())
    papers = [scans.get(number, page.paper) for number, page in enumerate(pages, 1)]
    return Document(
        name=name,
        media_type="application/pdf",
        pages=len(pages),
        blocks=blocks_of(papers),
        title=title,
        active=active,
        unread_pages=tuple(number for number in wanting if number not in scans),
        garbled_pages=tuple(n for n in wanting if n not in scans and pages[n - 1].gibberish),
        recognised_pages=tuple(scans),
    )


def _is_wanting(page: _PageRead, document: pdfium.PdfDocument, number: int) -> bool:
    """Whether a page shows more than its text layer says, so that it must be recognised."""
    if page.gibberish or page.broken or page.without_text:
        return True
    return not page.paper.has_text and shows_something(document, number)


def _read_page(
    document: pdfium.PdfDocument, form: Any, number: int, before: Paper | None, *, layers: bool
) -> _PageRead:
    page = raw.FPDF_LoadPage(document.raw, number - 1)
    if not page:
        return _PageRead(blank(number), broken=True)
    try:
        pieces, frame = _read_text(page)
        if not frame.width or not frame.height:
            return _PageRead(blank(number), broken=True)
        drawing = read_drawing(page, frame)
        fields = list(read_fields(page, form, frame))
    finally:
        raw.FPDF_ClosePage(page)
    pieces = without_struck(visible(pieces, drawing, frame), drawing.across) + fields
    if layers:
        pieces = only_drawn(pieces, frame, document, number)
    text = "".join(piece.text for piece in pieces)
    if is_gibberish(text):
        return _PageRead(blank(number, frame), len(text), gibberish=True)
    paper = laid_out(pieces, drawing, frame, number, before)
    return _PageRead(paper, len(text), gibberish=hides_words(text), picture=drawing.picture)


def _read_text(page: Any) -> tuple[list[Piece], Frame]:
    layer = TextLayer(page)
    try:
        return read_pieces(layer, frame_of(page))
    finally:
        layer.close()


def _check_legible(pages: Sequence[_PageRead]) -> None:
    """Raise where most of the text layer is no text that a person wrote."""
    characters = sum(page.characters for page in pages)
    garbled = sum(page.characters for page in pages if page.gibberish and not page.paper.has_text)
    if garbled > characters / 2:
        raise UnreadableDocumentError(UnreadableReason.GARBLED_TEXT)


def _check_content(pages: Sequence[_PageRead], wanting: Sequence[int], scans: Iterable[Paper]) -> None:
    """Raise where there is nothing to judge."""
    if any(page.says_something for page in pages) or any(scan.has_text for scan in scans):
        return
    if any(page.broken for page in pages):
        raise UnreadableDocumentError(UnreadableReason.DAMAGED, "页面打不开。")
    if wanting:
        raise UnreadableDocumentError(UnreadableReason.NO_TEXT_LAYER)
    raise UnreadableDocumentError(UnreadableReason.NO_CONTENT)
