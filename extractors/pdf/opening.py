"""Opens a PDF, or says why it cannot be read; notices what could run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from extractors.document import ActiveContent, Limits
from schemas.errors import UnreadableDocumentError, UnreadableReason

_NEEDS_PASSWORD = {raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY}


@contextmanager
def opened(data: bytes, limits: Limits) -> Iterator[pdfium.PdfDocument]:
    """The document, closed afterwards.

    Raises:
        UnreadableDocumentError: it is empty, too large, encrypted, damaged or has too many pages.
    """
    if not data:
        raise UnreadableDocumentError(UnreadableReason.EMPTY_FILE)
    if len(data) > limits.max_bytes:
        raise UnreadableDocumentError(UnreadableReason.TOO_LARGE, _size(len(data), limits.max_bytes))
    document = _open(data)
    try:
        count = len(document)
        if count > limits.max_pages:
            raise UnreadableDocumentError(
                UnreadableReason.TOO_MANY_PAGES, f"{count} 页，上限 {limits.max_pages} 页"
            )
        yield document
    finally:
        document.close()


@contextmanager
def page_to_draw(document: pdfium.PdfDocument, number: int) -> Iterator[pdfium.PdfPage | None]:
    """The page ``number`` (from 1), closed afterwards; None where it cannot be opened or has no extent."""
    try:
        page = document[number - 1]
    except pdfium.PdfiumError:
        yield None
        return
    try:
        yield page if min(page.get_size()) > 0 else None
    finally:
        page.close()


def _size(size: int, most: int) -> str:
    return f"{size / 1048576:.1f} MB，上限 {most / 1048576:g} MB"


def _open(data: bytes) -> pdfium.PdfDocument:
    try:
        return pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        if getattr(error, "err_code", None) in _NEEDS_PASSWORD:
            raise UnreadableDocumentError(UnreadableReason.ENCRYPTED) from error
        raise UnreadableDocumentError(UnreadableReason.DAMAGED) from error


def _named(name: str) -> re.Pattern[bytes]:
    """A PDF name as it may be written: any of its characters by its number."""
    letters = "".join(f"(?:{c}|#{ord(c):02x}|#{ord(c):02X})" for c in name)
    return re.compile(rf"/{letters}(?![A-Za-z0-9#])".encode())


_SCRIPT, _LAUNCH, _MEDIA = _named("JavaScript"), _named("Launch"), _named("RichMedia")


def active_content(document: pdfium.PdfDocument, data: bytes) -> tuple[ActiveContent, ...]:
    """Scripts, programs and attachments in the file; none is opened.

    Args:
        document: open.
        data: the file, its object streams unpacked behind it.
    """
    found = [ActiveContent("embedded-file", name) for name in _attachment_names(document)]
    scripts = raw.FPDFDoc_GetJavaScriptActionCount(document)
    if scripts > 0 or _SCRIPT.search(data):
        found.append(ActiveContent("script", "JavaScript"))
    if _LAUNCH.search(data):
        found.append(ActiveContent("embedded-program", "Launch"))
    if _MEDIA.search(data):
        found.append(ActiveContent("embedded-program", "RichMedia"))
    return tuple(found)


def _attachment_names(document: pdfium.PdfDocument) -> list[str]:
    names = []
    for index in range(min(document.count_attachments(), 100)):
        try:
            names.append(document.get_attachment(index).get_name())
        except pdfium.PdfiumError:
            names.append("")
    return names


def title_of(document: pdfium.PdfDocument) -> str:
    """The title from the file's metadata."""
    return str(document.get_metadata_value("Title")).strip()
