"""The seam for formats: a media type, told by content, leads to the extractor that reads it.

A further format is one line in ``_EXTRACTORS`` and one module with a function
``extract(data: bytes, name: str, limits: Limits) -> Document``; the module is loaded when first needed.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import PurePath
from typing import cast

from extractors.document import Document, Limits
from extractors.sniff import (
    ARCHIVE,
    BMP,
    BZIP2,
    DOC,
    DOCM,
    DOCUMENT_SUFFIXES,
    DOCX,
    DOTM,
    DOTX,
    EMPTY,
    ENCRYPTED_OFFICE,
    GZIP,
    HTML,
    JPEG,
    MHTML,
    ODT,
    OFD,
    PACKED,
    PDF,
    PNG,
    RAR,
    RTF,
    SEVEN_ZIP,
    TAR,
    TIFF,
    TORN_OFFICE,
    UNKNOWN,
    WORD_XML,
    WORKS,
    WPS,
    XZ,
    ZIP,
    Kind,
    sniff,
)
from schemas.errors import UnreadableDocumentError, UnreadableReason

Extractor = Callable[[bytes, str, Limits], Document]

_EXTRACTORS: dict[str, tuple[Kind, ...]] = {
    "extractors.docx": (DOCX, DOCM, DOTX, DOTM),
    "extractors.pdf": (PDF,),
    "extractors.ofd": (OFD,),
    "extractors.image": (JPEG, PNG, TIFF, BMP),
    "extractors.office": (DOC, WPS, WORKS, RTF, ODT, HTML, MHTML, WORD_XML),
}
"""Module that holds an ``extract`` -> what it reads."""

EXTRACTORS: dict[str, str] = {
    kind.media_type: module for module, kinds in _EXTRACTORS.items() for kind in kinds
}
"""Media type -> module that holds its ``extract``."""

_UNPACKED = frozenset({ZIP, TAR, SEVEN_ZIP, RAR})
_PACKED = frozenset({GZIP, BZIP2, XZ, PACKED, ARCHIVE})

_READABLE_SUFFIXES = frozenset(
    suffix for kinds in _EXTRACTORS.values() for kind in kinds for suffix in kind.suffixes
)


def extract(data: bytes, name: str, limits: Limits | None = None) -> Document:
    """Read one file with the extractor that its content asks for.

    Args:
        data: the whole file.
        name: its name, for the document and for messages only.
        limits: bounds to keep; the defaults where None.

    Raises:
        UnreadableDocumentError: empty, too large, encrypted, damaged, or of a kind that nothing reads.
    """
    limits = limits or Limits()
    if len(data) > limits.max_bytes:
        raise UnreadableDocumentError(
            UnreadableReason.TOO_LARGE, f"文件有 {megabytes(len(data))}，上限 {megabytes(limits.max_bytes)}。"
        )
    return _extractor(sniff(data, name), name)(data, name, limits)


def megabytes(size: int) -> str:
    """A number of bytes as people say it, e.g. ``"12.5 MB"``."""
    return f"{size / 1024 / 1024:.1f}".removesuffix(".0") + " MB"


def _extractor(kind: Kind, name: str) -> Extractor:
    """The function that reads files of ``kind``, its module loaded now.

    Raises:
        UnreadableDocumentError: there is none.
    """
    if module := EXTRACTORS.get(kind.media_type):
        return cast("Extractor", import_module(module).extract)
    raise _unreadable(kind, PurePath(name).suffix.lower())


def _unreadable(kind: Kind, suffix: str) -> UnreadableDocumentError:
    if kind is EMPTY:
        return UnreadableDocumentError(UnreadableReason.EMPTY_FILE)
    if kind is ENCRYPTED_OFFICE:
        return UnreadableDocumentError(UnreadableReason.ENCRYPTED)
    if kind is TORN_OFFICE:
        return UnreadableDocumentError(UnreadableReason.DAMAGED, "文件的后半部分缺失。")
    if kind in _UNPACKED and suffix not in DOCUMENT_SUFFIXES:
        # A sound one is unpacked before anybody asks what document it is.
        return UnreadableDocumentError(UnreadableReason.DAMAGED, f"这是{kind.title}，但打不开，请重新压缩。")
    if kind in _PACKED and suffix not in DOCUMENT_SUFFIXES:
        return UnreadableDocumentError(
            UnreadableReason.UNSUPPORTED, f"这是{kind.title}，请解压后提交，或者改用 ZIP 压缩。"
        )
    if suffix not in _READABLE_SUFFIXES or suffix in kind.suffixes:
        return UnreadableDocumentError(UnreadableReason.UNSUPPORTED, f"这是{kind.title}。")
    if kind is UNKNOWN:
        return UnreadableDocumentError(UnreadableReason.DAMAGED, f"内容不是有效的 {suffix} 文件。")
    return UnreadableDocumentError(
        UnreadableReason.MISNAMED, f"文件名以 {suffix} 结尾，内容却是{kind.title}。"
    )
