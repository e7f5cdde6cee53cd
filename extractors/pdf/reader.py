"""From the bytes of a PDF to a ``Document``."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from extractors.document import Document, Limits, Picture, Role
from extractors.pdf.assemble import Assembler
from extractors.pdf.binding import IDENTITY, TextLayer
from extractors.pdf.breaks import joined_items
from extractors.pdf.contents import mark_contents
from extractors.pdf.edges import set_edges
from extractors.pdf.fields import open_form, read_fields
from extractors.pdf.glyphs import read_pieces
from extractors.pdf.grids import Grid, find_grids
from extractors.pdf.layout import PageDraft, arrange
from extractors.pdf.lines import Line
from extractors.pdf.margins import mark_margins
from extractors.pdf.opening import active_content, opened, title_of
from extractors.pdf.page import Frame, Piece, frame_of
from extractors.pdf.paragraphs import habits_of
from extractors.pdf.pictures import pictures_of, with_pictures
from extractors.pdf.readable import is_gibberish
from extractors.pdf.ruling import Drawing, read_drawing
from extractors.pdf.struck import without_struck
from extractors.pdf.tables import fill_grids, middle
from extractors.pdf.unseen import visible
from schemas.errors import UnreadableDocumentError, UnreadableReason

_PAGE_FRAME = 0.8
"""Share of the page around which a single cell is an ornament."""
_SCANNED = 0.3
"""Share of the page that a picture must cover for a page without text to be a scan."""


@dataclass(frozen=True, slots=True)
class _PageRead:
    """A page, and what its text layer is worth.

    Attributes:
        draft: its lines and tables.
        characters: number of characters in its text layer.
        gibberish: its text layer is no text that a person wrote.
        scanned: a picture covers so much of it that it may be all there is to see, or it cannot be opened.
        pictures: its pictures that are content.
    """

    draft: PageDraft
    characters: int = 0
    gibberish: bool = False
    scanned: bool = False
    pictures: tuple[Picture, ...] = ()

    @property
    def has_text(self) -> bool:
        """Something on it is more than a running line, once roles are known."""
        return any(not isinstance(item, Line) or item.role is not Role.MARGIN for item in self.draft.items)

    @property
    def without_text(self) -> bool:
        """There is something to see on it, but nothing to read (a stamp at the edge of a scan is nothing)."""
        return self.scanned and not self.has_text


def extract(data: bytes, name: str, limits: Limits) -> Document:
    """Read a born-digital PDF.

    Args:
        data: the file.
        name: the file's name as it was given.
        limits: bounds on size and pages.

    Returns:
        The document, its paragraphs and tables as a reader sees them.

    Raises:
        UnreadableDocumentError: encrypted, damaged, empty, over a limit, or without a usable text layer.
    """
    with opened(data, limits) as document:
        form = open_form(document)
        pages = [_read_page(document, form, number) for number in range(1, len(document) + 1)]
        active = active_content(document, data)
        title = title_of(document)
    drafts = [page.draft for page in pages]
    _mark_roles(drafts)
    _check_readable(pages)
    habits = habits_of(line for draft in drafts for line in draft.body_lines)
    frames = {draft.number: draft.frame for draft in drafts}
    blocks = Assembler(frames, habits, {}).blocks(joined_items(drafts, habits))
    blocks = with_pictures(blocks, [picture for page in pages for picture in page.pictures])
    unread = tuple(page.draft.number for page in pages if page.gibberish or page.without_text)
    return Document(name, "application/pdf", len(pages), blocks, title, active, unread)


def _read_page(document: pdfium.PdfDocument, form: Any, number: int) -> _PageRead:
    page = raw.FPDF_LoadPage(document.raw, number - 1)
    if not page:
        return _PageRead(PageDraft(number, Frame(0, 0, IDENTITY), []), scanned=True)
    try:
        pieces, frame = _read_text(page)
        drawing = read_drawing(page, frame)
        fields = list(read_fields(page, form, frame))
    finally:
        raw.FPDF_ClosePage(page)
    pieces = without_struck(visible(pieces, drawing, frame), drawing.across) + fields
    text = "".join(piece.text for piece in pieces)
    if is_gibberish(text):
        return _PageRead(PageDraft(number, frame, []), len(text), gibberish=True)
    tables, outside = fill_grids(_grids(drawing, frame, pieces), pieces, number)
    draft = arrange(outside, tables, frame, number)
    pictures = tuple(pictures_of(drawing.pictures, frame, number))
    return _PageRead(draft, len(text), scanned=drawing.picture >= _SCANNED, pictures=pictures)


def _read_text(page: Any) -> tuple[list[Piece], Frame]:
    layer = TextLayer(page)
    try:
        return read_pieces(layer, frame_of(page))
    finally:
        layer.close()


def _grids(drawing: Drawing, frame: Frame, pieces: Sequence[Piece]) -> list[Grid]:
    """The page's grids, a single cell around the whole page left out: it is an ornament."""
    grids = find_grids(drawing.across, drawing.down, [middle(piece) for piece in pieces])
    whole = _PAGE_FRAME * frame.width * frame.height
    return [grid for grid in grids if len(grid.cells) > 1 or grid.area < whole]


def _check_readable(pages: Sequence[_PageRead]) -> None:
    """Raise where there is nothing to judge."""
    characters = sum(page.characters for page in pages)
    garbled = sum(page.characters for page in pages if page.gibberish)
    if garbled > characters / 2:
        raise UnreadableDocumentError(UnreadableReason.GARBLED_TEXT)
    if any(page.has_text for page in pages):
        return
    if any(page.without_text for page in pages):
        raise UnreadableDocumentError(UnreadableReason.NO_TEXT_LAYER)
    raise UnreadableDocumentError(UnreadableReason.NO_CONTENT)


def _mark_roles(drafts: Sequence[PageDraft]) -> None:
    """Tell running lines, contents and body apart, and each body line the edges of its column."""
    sizes: Counter[float] = Counter()
    for draft in drafts:
        for line in draft.body_lines:
            sizes[line.size] += len(line.text)
    mark_margins(drafts, sizes.most_common(1)[0][0] if sizes else 0.0)
    mark_contents([line for draft in drafts for line in draft.body_lines], len(drafts))
    by_format: dict[tuple[int, int], list[Line]] = defaultdict(list)
    for draft in drafts:
        page_format = round(draft.frame.width), round(draft.frame.height)
        by_format[page_format] += [line for line in draft.body_lines if not line.right]
    for (width, _), lines in by_format.items():
        set_edges(lines, width)
