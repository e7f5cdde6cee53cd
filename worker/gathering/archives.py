"""What is an archive, told without opening one, and what comes of unpacking it."""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path, PurePath

from extractors.sniff import DOCUMENT_SUFFIXES
from schemas.errors import UnreadableReason

_MEGABYTE = 1024 * 1024
_ZIP_MAGIC = (b"PK\x03\x04", b"PK\x05\x06", b"PK00PK\x03\x04")
GZIP_MAGIC = b"\x1f\x8b"
BZIP2_MAGIC = b"BZh"
SEVEN_ZIP_MAGIC = b"7z\xbc\xaf\x27\x1c"
RAR_MAGIC = (b"Rar!\x1a\x07", b"RE~^")
_FOREIGN_MAGIC = (SEVEN_ZIP_MAGIC, *RAR_MAGIC, b"\xfd7zXZ\0")

_DOCUMENT_MARKS = frozenset({"[content_types].xml", "ofd.xml", "mimetype", "word/document.xml"})
"""Members by which a zip is a document (OOXML, OFD, OpenDocument, EPUB) and not an archive of documents."""

_ENTRY, _ENTRY_MAGIC = 46, b"pk\1\2"
"""Length and beginning, in small letters, of an entry of a zip's directory before the name in it."""
LARGEST_DIRECTORY = 16 * _MEGABYTE
"""A zip's directory is read into memory whole; 20,000 members with long names need a third of this."""


class ArchiveFormat(StrEnum):
    """The archives that are unpacked; all others are documents of an unsupported kind."""

    ZIP = "zip"
    TAR = "tar"
    FOREIGN = "foreign"
    """7z, RAR or tar.xz, see ``worker.unarchiving.foreign``."""


@dataclass(frozen=True, slots=True)
class ArchiveLimits:
    """Bounds of one archive, whatever is nested in it included.

    Attributes:
        max_files: most members.
        max_bytes: largest sum of unpacked bytes.
        max_ratio: how many times its own size an archive may unpack to, once it is past ``ratio_from`` bytes.
        max_depth: how many archives may lie in one another.
    """

    max_files: int = 20_000
    max_bytes: int = 2048 * _MEGABYTE
    max_ratio: int = 100
    ratio_from: int = 64 * _MEGABYTE
    max_depth: int = 3


@dataclass(frozen=True, slots=True)
class Member:
    """A file that was in an archive.

    Attributes:
        parts: its path inside the archive, cleaned; archives that it was nested in count as folders.
        path: where its bytes lie now; None where it could not be unpacked.
        failure: why it could not be unpacked.
        detail: Chinese, to ``failure``.
    """

    parts: tuple[str, ...]
    path: Path | None
    failure: UnreadableReason | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Unpacked:
    """What an archive held: its files in natural order, and the paths of what was left out, and why."""

    members: tuple[Member, ...]
    junk: tuple[str, ...]
    refused: tuple[str, ...]


def may_be_archive(path: Path) -> bool:
    """Whether the file may be an archive to unpack, by its name and what can be told without unpacking.

    Of a gzip or bzip2 file only unpacking tells whether there is an archive in it.

    Raises:
        OSError: it cannot be read.
    """
    return likely_format(path, path.name) is not None


def likely_format(path: Path, name: str) -> ArchiveFormat | None:
    """The same, of a file that is called ``name``; ``TAR`` means that there may be one in it."""
    if PurePath(name).suffix.lower() in DOCUMENT_SUFFIXES:
        return None
    with path.open("rb") as stream:
        head = stream.read(4096)
    if head.startswith(_ZIP_MAGIC):
        return None if _is_document(path, head) else ArchiveFormat.ZIP
    if head.startswith(_FOREIGN_MAGIC):
        return ArchiveFormat.FOREIGN
    return ArchiveFormat.TAR if _may_be_tar(head) else None


def _is_document(path: Path, head: bytes) -> bool:
    directory = _directory(path)
    if directory is None:
        # Torn: the first local headers still tell.
        return any(mark.encode() in head.lower() for mark in _DOCUMENT_MARKS)
    directory = directory.lower().replace(b"\\", b"/")
    return any(_lists(directory, name.encode()) for mark in _DOCUMENT_MARKS for name in (mark, f"/{mark}"))


def _lists(directory: bytes, name: bytes) -> bool:
    """Whether a zip's directory, in small letters, has an entry of that name."""
    place = directory.find(name)
    while place >= 0:
        entry = directory[max(0, place - _ENTRY) : place]
        if entry.startswith(_ENTRY_MAGIC) and int.from_bytes(entry[28:30], "little") == len(name):
            return True
        place = directory.find(name, place + 1)
    return False


def _may_be_tar(head: bytes) -> bool:
    return (
        head.startswith((GZIP_MAGIC, BZIP2_MAGIC))
        or head[257:262] == b"ustar"
        or re.fullmatch(rb"[ 0-7]{6,7}[\0 ]{1,2}", head[148:156]) is not None
    )


def _directory(path: Path) -> bytes | None:
    """A zip's directory; empty where it is too large to be looked at, None where no end record tells."""
    if (found := _directory_place(path)) is None:
        return None
    end, size = found
    if size > min(end, LARGEST_DIRECTORY):
        return b""
    with path.open("rb") as stream:
        stream.seek(end - size)
        return stream.read(size)


def directory_bytes(path: Path) -> int:
    """How large a zip's directory says that it is; 0 where no end record tells."""
    found = _directory_place(path)
    return 0 if found is None else found[1]


def _directory_place(path: Path) -> tuple[int, int] | None:
    """Where a zip's directory ends, and how large it says that it is."""
    with path.open("rb") as stream:
        end = stream.seek(0, 2)
        start = max(0, end - 65_557 - 76)
        stream.seek(start)
        tail = stream.read()
    record = tail.rfind(b"PK\x05\x06")
    if record < 0 or record + 22 > len(tail):
        return None
    if tail[max(0, record - 20) : record].startswith(b"PK\x06\x07") and record >= 76:
        size: int = struct.unpack_from("<Q", tail, record - 76 + 40)[0]
        return start + record - 76, size
    size = struct.unpack_from("<I", tail, record + 12)[0]
    return start + record, size
