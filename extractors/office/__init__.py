"""Older word processor files: .doc, .wps, .rtf, .odt and web pages, converted to .docx and read as that."""

from __future__ import annotations

import re
import zipfile
import zlib
from dataclasses import replace
from io import BytesIO

from extractors import docx
from extractors.compound import CompoundFileError, root_streams
from extractors.document import ActiveContent, Document, Limits
from extractors.mhtml import web_page
from extractors.office.convert import to_docx
from extractors.sniff import DOC, HTML, MHTML, ODT, RTF, WORD_XML, WORKS, WPS, Kind, sniff
from schemas.errors import UnreadableDocumentError, UnreadableReason

_SUFFIXES = {
    DOC: "doc",
    WPS: "doc",
    WORKS: "wps",
    RTF: "rtf",
    ODT: "odt",
    HTML: "html",
    MHTML: "html",
    WORD_XML: "xml",
}
_WORD_MARK = b"\xec\xa5"
_ENCRYPTED_BIT = 0x0100
_MACRO_STORAGES = frozenset({"Macros", "_VBA_PROJECT_CUR", "VBA"})
_RTF_OBJECT = re.compile(rb"\\obj(?:data|emb|ocx|link|autlink)\b")
_LONGEST_MANIFEST = 1024 * 1024


def extract(data: bytes, name: str, limits: Limits) -> Document:
    """Read a file through LibreOffice.

    Args:
        data: the file.
        name: its name as it was given.
        limits: bounds on the document that comes of it.

    Raises:
        UnreadableDocumentError: encrypted, damaged or empty; or LibreOffice is not there, fails or takes
            too long.
    """
    kind = sniff(data, name)
    if _is_encrypted(kind, data):
        raise UnreadableDocumentError(UnreadableReason.ENCRYPTED)
    # LibreOffice does not open MHTML.
    content = web_page(data) if kind is MHTML else data
    document = docx.extract(to_docx(content, _SUFFIXES[kind], kind.title), name, limits)
    return replace(document, media_type=kind.media_type, active=(*_active(kind, data), *document.active))


def _is_encrypted(kind: Kind, data: bytes) -> bool:
    """What the file itself says: LibreOffice would wait for a password, or fail without saying why."""
    if kind in (DOC, WPS):
        # The stream with the text begins with its mark, at the start of a sector.
        starts = (m.start() for m in re.finditer(re.escape(_WORD_MARK), data) if m.start() % 512 == 0)
        first = next(starts, None)
        flags = data[first + 10 : first + 12] if first is not None else b""
        return bool(int.from_bytes(flags, "little") & _ENCRYPTED_BIT)
    return kind is ODT and b"encryption-data" in _manifest(data)


def _manifest(data: bytes) -> bytes:
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive, archive.open("META-INF/manifest.xml") as stream:
            return stream.read(_LONGEST_MANIFEST)
    except (zipfile.BadZipFile, zlib.error, LookupError, ValueError, RuntimeError, OSError, EOFError):
        return b""


def _active(kind: Kind, data: bytes) -> tuple[ActiveContent, ...]:
    """What the original could run; the conversion leaves it behind."""
    found = []
    if kind in (DOC, WPS) and _MACRO_STORAGES & _streams(data):
        found.append(ActiveContent("macro", "VBA"))
    if kind is RTF and _RTF_OBJECT.search(data):
        found.append(ActiveContent("embedded-program", "OLE"))
    if kind in (HTML, MHTML) and b"<script" in data.lower():
        found.append(ActiveContent("script", "JavaScript"))
    return tuple(found)


def _streams(data: bytes) -> frozenset[str]:
    try:
        return root_streams(data)
    except CompoundFileError:
        return frozenset()
