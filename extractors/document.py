"""What every format is read into: a ``Document`` of blocks in reading order, each with its place.

A format's extractor is one function ``extract(data: bytes, name: str, limits: Limits) -> Document``.  It says
what stands where and how it looks; it does not decide which paragraph is a section, nor what a section means.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple


class Role(StrEnum):
    """The part of the page that a paragraph belongs to."""

    BODY = "body"
    CONTENTS = "contents"
    """A line of a table of contents (by field, content control, style, or dot leader and page number)."""
    MARGIN = "margin"
    """Running header, footer, page number or watermark."""
    NOTE = "note"
    """Footnote or endnote text."""


class Align(StrEnum):
    """Horizontal alignment, as far as it is known."""

    START = "start"
    CENTER = "center"
    END = "end"


def _nobody_waits() -> None:
    pass


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds that an extractor keeps by itself; time and memory are kept by the child process around it.

    Attributes:
        max_bytes: largest file, in bytes.
        max_unpacked_bytes: largest sum of unpacked parts of a zip-based format, in bytes.
        max_pages: most pages of a PDF.
        max_parts: most parts (members) of a zip-based format.
        max_scanned_pages: most pages of one document that are read by text recognition.
        before_scan: called before each page that is read by text recognition, which takes seconds, so that
            whoever keeps the time can allow for it.
    """

    max_bytes: int = 200 * 1024 * 1024
    max_unpacked_bytes: int = 1024 * 1024 * 1024
    max_pages: int = 3000
    max_parts: int = 20_000
    max_scanned_pages: int = 60
    before_scan: Callable[[], None] = _nobody_waits


@dataclass(frozen=True, slots=True)
class BBox:
    """A rectangle in PDF points, origin at the top left of the page as it is shown (rotation applied)."""

    x0: float
    top: float
    x1: float
    bottom: float


class Paragraph(NamedTuple):
    """One paragraph as a reader sees it.

    A document has tens of thousands; a frozen dataclass would take ten times as long to make.

    Attributes:
        number: position among the document's non-empty paragraphs in reading order, cells included; from 1.
        text: what is read, number label typed by hand included, automatic label not.  Deleted revisions and
            hidden text are gone, inserted revisions are there.  CJK radicals and compatibility forms are
            folded to ordinary characters; punctuation and width stay as written.
        label: the automatic number label that the word processor shows ("一、", "1.2", "•"), else "".
        level: heading level that the format itself declares (outline level through style inheritance), from
            1; None where it declares none.
        size: dominant font size in points, None where unknown.
        bold: the whole visible text is bold.
        bold_prefix: number of leading characters of ``text`` that are bold (0 if none; len(text) if all).
        align: horizontal alignment.
        role: part of the page.
        prompt: the text is a placeholder prompt of a content control that nobody filled in, or is otherwise
            marked by the format as not the author's words.
        page: page number from 1, None where the format has no pages.
        bbox: rectangle on that page, None where unknown.
    """

    number: int
    text: str
    label: str = ""
    level: int | None = None
    size: float | None = None
    bold: bool = False
    bold_prefix: int = 0
    align: Align = Align.START
    role: Role = Role.BODY
    prompt: bool = False
    page: int | None = None
    bbox: BBox | None = None

    @property
    def shown(self) -> str:
        """The text with its automatic label in front, as it is seen on paper."""
        if not self.label:
            return self.text
        gap = " " if self.label[-1].isalnum() else ""
        return f"{self.label}{gap}{self.text}"


class Cell(NamedTuple):
    """A cell of a table, once only however many grid squares it covers.

    Attributes:
        row, column: its upper left grid square, from 0.
        row_span, column_span: how many grid squares it covers.
        blocks: paragraphs and nested tables in it; empty paragraphs left out.
    """

    row: int
    column: int
    row_span: int
    column_span: int
    blocks: tuple[Block, ...]

    @property
    def text(self) -> str:
        """Its paragraphs' text (nested tables left out), joined by line breaks."""
        return "\n".join(b.shown for b in self.blocks if isinstance(b, Paragraph))


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its cells row by row, each merged cell listed once, at its upper left square.

    A table that continues over a page break is one table, a repeated header row listed once.
    """

    rows: tuple[tuple[Cell, ...], ...]
    page: int | None = None
    bbox: BBox | None = None

    def paragraphs(self) -> Iterator[Paragraph]:
        """Every paragraph in it, nested tables included, in reading order."""
        for row in self.rows:
            for cell in row:
                yield from paragraphs(cell.blocks)


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that stands in the text by itself: substance without words, unless it is a seal.

    Attributes:
        page, bbox: its place, None where the format has none.
        seal: it is a seal: somebody stands by what is written, and nothing more is written.
    """

    page: int | None = None
    bbox: BBox | None = None
    seal: bool = False


Block = Paragraph | Table | Picture


@dataclass(frozen=True, slots=True)
class ActiveContent:
    """Something in the file that a program could run or fetch; noticed, never run, never fetched.

    Attributes:
        kind: "macro", "embedded-program", "script", "external-template", "external-link-data" (…).
        detail: what and where, for the finding's message, e.g. the part's name or the target address.
    """

    kind: str
    detail: str


class Sheet(NamedTuple):
    """The page of a file that a page of a document is, which was put together of several files."""

    file: str
    page: int


@dataclass(frozen=True, slots=True)
class Document:
    """One file, read; or pages that were handed in as a file each, put together.

    Attributes:
        name: the file's name as it was given, without folders.
        media_type: by content, e.g. "application/pdf".
        pages: number of pages, None where the format has none before rendering.
        blocks: body blocks in reading order (text boxes at their anchor, footnotes after the body with
            ``Role.NOTE``), contents and margin lines included under their own roles.
        title: the title from the file's metadata, "" if none (weak evidence; often stale).
        active: macros, scripts, external templates that were noticed.
        unread_pages: pages that could not be read in a document of which others could.
        garbled_pages: those of them whose text is there, but is no text that a person wrote, in whole or in
            part; what could be read of them is among the blocks.
        recognised_pages: pages that were pictures and were read by text recognition.
        unread_pictures: in a format without pages, numbers of the pictures, from 1 in reading order, that are
            pages of paper and could not be read.
        unread_imports: what people call each file that the document takes in when it is opened
            and that could not be read.
        recognised_pictures: numbers of those pictures that were read by text recognition.
        recognised_paragraphs: numbers of the paragraphs that come from them.
        scans: of a picture file, what was made out on each of its pages, from which ``extractors.sheets``
            puts several files together.
        sheets: of pages that were put together, which page of which file each is; else empty.
        own_numbers: of each of their paragraphs, its number in its file.
    """

    name: str
    media_type: str
    pages: int | None
    blocks: tuple[Block, ...]
    title: str = ""
    active: tuple[ActiveContent, ...] = ()
    unread_pages: tuple[int, ...] = field(default=())
    garbled_pages: tuple[int, ...] = field(default=())
    recognised_pages: tuple[int, ...] = field(default=())
    unread_pictures: tuple[int, ...] = field(default=())
    unread_imports: tuple[str, ...] = field(default=())
    recognised_pictures: tuple[int, ...] = field(default=())
    recognised_paragraphs: frozenset[int] = field(default=frozenset())
    scans: tuple[Any, ...] = ()
    sheets: tuple[Sheet, ...] = ()
    own_numbers: tuple[int, ...] = ()

    def sheet(self, page: int) -> Sheet:
        """Which page of which file a page of it is."""
        return self.sheets[page - 1] if self.sheets else Sheet(self.name, page)

    def own_number(self, paragraph: Paragraph) -> int:
        """The number of a paragraph in its file."""
        return self.own_numbers[paragraph.number - 1] if self.own_numbers else paragraph.number

    @property
    def is_read(self) -> bool:
        """Whether nothing was left unread."""
        return not (self.unread_pages or self.unread_pictures or self.unread_imports)


def paragraphs(blocks: tuple[Block, ...]) -> Iterator[Paragraph]:
    """Every paragraph of ``blocks``, cells and nested tables included, in reading order."""
    for block in blocks:
        if isinstance(block, Paragraph):
            yield block
        elif isinstance(block, Table):
            yield from block.paragraphs()
