"""Files that a Word document takes in when it is opened (``w:altChunk``), read at the place where they stand.

What cannot be read is told and never passed over: a section may stand in it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from extractors.document import Paragraph
from extractors.docx.active import active_content
from extractors.docx.package import Package
from extractors.docx.parts import main_part, main_root, reader_of
from extractors.docx.webpage import WebPage
from extractors.mhtml import web_page
from extractors.sniff import DOCM, DOCX, DOTM, DOTX, HTML, MHTML, TEXT, UNKNOWN, XML, Kind, sniff
from extractors.text import decoded, fold
from schemas.errors import UnreadableDocumentError, UnreadableReason

if TYPE_CHECKING:
    from collections.abc import Sequence

    from extractors.document import ActiveContent, Block, Limits
    from extractors.docx.story import Import, Tally

_KIND = "aFChunk"
_MOST = 200
"""Files that one document may take in, and those in it in turn."""
_DEEPEST = 3
"""How often a file that is taken in may take in another."""
_MOST_TEXT = 8 * 1024 * 1024
"""Bytes of text and web pages that one document may take in; as trees they take many times the memory."""
_WORD = frozenset({DOCX, DOCM, DOTX, DOTM})
_DECLARED = {"text/html": HTML, "application/xhtml+xml": HTML, "text/plain": TEXT}
_AS_DECLARED = frozenset({TEXT, HTML, XML, UNKNOWN})
"""Kinds that their declaration tells apart: a page may begin like a text, and a text may quote a page."""
_ELSEWHERE, _UNTOLD = "不在文件里的内容", "层数或数量过多的内容"


class Imports:
    """Reads what one document takes in.

    Attributes:
        unread: what people call each file that was not read, in reading order.
        active: what in the files a program could run or fetch.
    """

    def __init__(self, limits: Limits, tally: Tally) -> None:
        self.unread: list[str] = []
        self.active: list[ActiveContent] = []
        self._limits = limits
        self._tally = tally
        self._left = _MOST
        self._text_left = _MOST_TEXT
        self._open = 0
        self._failed: dict[tuple[Package, str], str] = {}

    def blocks(self, place: Import) -> Sequence[Block]:
        """What stands in the file that is taken in there; nothing where it cannot be read, which is noted."""
        package, tally = place.source.package, self._tally
        part = package.target(place.source.part, _KIND, place.link)
        title = _ELSEWHERE if part is None else self._failed.get((package, part), "")
        paragraphs, pictures, unread = tally.paragraphs, tally.pictures, len(self.unread)
        try:
            if part is not None and not title:
                title = _UNTOLD
                self._go_on()
                data = package.read(part)
                kind = _kind(data, package.content_type(part))
                title = kind.title
                return self._read(data, kind, part, place)
        except UnreadableDocumentError:
            tally.back_to(paragraphs, pictures)
            self._failed[package, str(part)] = title
        # All of a file or nothing: those that it took in itself are parts of what was not read.
        self.unread[unread:] = [title]
        return ()

    def _go_on(self) -> None:
        """Count one more file.

        Raises:
            UnreadableDocumentError: these are too many files, or one inside the other too often.
        """
        self._left -= 1
        if self._left < 0 or self._open > _DEEPEST:
            raise UnreadableDocumentError(UnreadableReason.TOO_MANY_FILES)

    def _read(self, data: bytes, kind: Kind, part: str, place: Import) -> Sequence[Block]:
        if kind in _WORD:
            return self._word(data, place)
        if kind is TEXT:
            return self._lines(self._text(data), place)
        if kind in (HTML, MHTML):
            page = WebPage(self._text(web_page(data) if kind is MHTML else data))
            self.active.extend(page.active(part))
            return page.blocks(self._tally, place)
        raise UnreadableDocumentError(UnreadableReason.UNSUPPORTED)

    def _word(self, data: bytes, place: Import) -> Sequence[Block]:
        package = Package(data, self._limits, place.source.package.allowance)
        main = main_part(package)
        reader = reader_of(package, main, self._tally, self.blocks, place.depth)
        self._open += 1
        try:
            blocks = reader.read(main_root(package, main), place.role, main)
        finally:
            self._open -= 1
        self.active.extend(active_content(package, ()))
        return blocks

    def _lines(self, text: str, place: Import) -> Sequence[Block]:
        found: list[Block] = []
        for line in text.splitlines():
            if line and not line.isspace():
                self._tally.paragraphs += 1
                found.append(Paragraph(self._tally.paragraphs, fold(line).rstrip(), role=place.role))
        return found

    def _text(self, data: bytes) -> str:
        """What the bytes of a text or a page say.

        Raises:
            UnreadableDocumentError: it is too long, or in an encoding that is not known.
        """
        self._text_left -= len(data)
        if self._text_left < 0:
            raise UnreadableDocumentError(UnreadableReason.TOO_LARGE)
        text = decoded(data)
        if text is None:
            raise UnreadableDocumentError(UnreadableReason.GARBLED_TEXT)
        return text


def _kind(data: bytes, declared: str) -> Kind:
    kind = sniff(data)
    return _DECLARED.get(declared.lower(), kind) if kind in _AS_DECLARED else kind
