"""Archives, unpacked harmlessly: counted while they unpack, no member's path ever used on disk.

What a member is called inside its archive is data; on disk it gets a number.  Links and devices have no
content that could be a document and are left out; a path that leads out of the archive leads nowhere.
"""

from __future__ import annotations

import errno
import re
import shutil
import stat
import struct
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path, PurePath
from typing import IO, cast

from extractors.sniff import DOCUMENT_SUFFIXES
from schemas.errors import UnreadableDocumentError, UnreadableReason
from worker.gathering.foreign import is_foreign, unpacked
from worker.gathering.names import is_junk, natural

_MEGABYTE = 1024 * 1024
_PIECE = 256 * 1024
_ZIP_MAGIC = (b"PK\x03\x04", b"PK\x05\x06", b"PK00PK\x03\x04")
_GZIP_MAGIC = b"\x1f\x8b"
_BZIP2_MAGIC = b"BZh"
_SAFE_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2})
"""Methods whose unpacking takes little memory whatever the archive claims; LZMA lets it claim gigabytes."""

_DOCUMENT_MARKS = frozenset({"[content_types].xml", "ofd.xml", "mimetype", "word/document.xml"})
"""Members by which a zip is a document (OOXML, OFD, OpenDocument, EPUB) and not an archive of documents."""

_UTF8_FLAG = 0x800
_ENCRYPTED_FLAG = 0x1
_UNICODE_PATH = 0x7075
_LARGEST_DIRECTORY = 16 * _MEGABYTE
"""A zip's directory is read into memory whole; 20,000 members with long names need a third of this."""

_LARGEST_TAR_NOTE = _MEGABYTE
_BROKEN = (
    zipfile.BadZipFile,
    tarfile.TarError,
    zlib.error,
    EOFError,
    ValueError,
    struct.error,
    ArithmeticError,
    LookupError,
    RuntimeError,
)
"""All that the libraries raise about archives that are not in order, whatever they document."""


class ArchiveFormat(StrEnum):
    """The archives that are unpacked; all others are documents of an unsupported kind."""

    ZIP = "zip"
    TAR = "tar"
    FOREIGN = "foreign"
    """7z, RAR or tar.xz, which a child process unpacks."""


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


@dataclass(slots=True)
class _Budget:
    """What an archive has used up of its limits."""

    limits: ArchiveLimits
    packed_bytes: int
    files: int = 0
    unpacked_bytes: int = 0

    @property
    def files_left(self) -> int:
        return max(0, self.limits.max_files - self.files)

    @property
    def bytes_left(self) -> int:
        """Bytes that may still be unpacked, by both limits."""
        by_ratio = max(self.limits.ratio_from, self.limits.max_ratio * self.packed_bytes)
        return max(0, min(self.limits.max_bytes, by_ratio) - self.unpacked_bytes)

    def another_file(self) -> None:
        self.files += 1
        if self.files > self.limits.max_files:
            raise _over(UnreadableReason.TOO_MANY_FILES, f"上限 {self.limits.max_files} 个文件。")

    def more_bytes(self, count: int) -> None:
        self.unpacked_bytes += count
        if self.unpacked_bytes > self.limits.max_bytes:
            raise _over(UnreadableReason.UNPACKS_TOO_LARGE, f"上限 {self.limits.max_bytes // _MEGABYTE} MB。")
        past = self.unpacked_bytes > self.limits.ratio_from
        if past and self.unpacked_bytes > self.limits.max_ratio * self.packed_bytes:
            raise _over(
                UnreadableReason.UNPACKS_TOO_LARGE, f"解压后超过压缩包大小的 {self.limits.max_ratio} 倍。"
            )


_LIMITS = frozenset({UnreadableReason.TOO_MANY_FILES, UnreadableReason.UNPACKS_TOO_LARGE})


class _OverLimitError(UnreadableDocumentError):
    """The outermost archive is over a limit: nothing in it is judged."""


def _over(reason: UnreadableReason, detail: str) -> _OverLimitError:
    return _OverLimitError(reason, detail)


@dataclass(frozen=True, slots=True)
class _Entry:
    """A member before it is unpacked; ``opened`` gives its bytes, None for what has none worth having."""

    parts: tuple[str, ...]
    opened: Callable[[], IO[bytes]] | None
    failure: UnreadableReason | None = None
    detail: str = ""


@dataclass(slots=True)
class _Heap:
    """Where members go on disk, under numbers."""

    folder: Path
    count: int = 0
    junk: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    def next_path(self) -> Path:
        self.count += 1
        return self.folder / f"{self.count:06d}"


def archive_format(path: Path, name: str | None = None) -> ArchiveFormat | None:
    """Whether the file is an archive to unpack, by its content; None if it is a document or anything else.

    One that is named like a document (材料.docx) was handed in as one document: that it is none must be said
    of it, and not of whatever lies in it.

    Args:
        path: where its bytes are.
        name: what it is called; the last part of ``path`` if None.

    Raises:
        OSError: it cannot be read.
    """
    if PurePath(name or path.name).suffix.lower() in DOCUMENT_SUFFIXES:
        return None
    with path.open("rb") as stream:
        head = stream.read(4096)
    if head.startswith(_ZIP_MAGIC):
        return None if _is_document(path, head) else ArchiveFormat.ZIP
    if is_foreign(head):
        return ArchiveFormat.FOREIGN
    return ArchiveFormat.TAR if _may_be_tar(head) and _is_tar(path) else None


def unpack(path: Path, folder: Path, limits: ArchiveLimits | None = None) -> Unpacked:
    """Unpack an archive, and what is nested in it, into files of ``folder`` that are named by numbers.

    Raises:
        UnreadableDocumentError: it is damaged as a whole, or over a limit.
        OSError: it cannot be read, or ``folder`` not written.
    """
    heap = _Heap(folder)
    limits = limits or ArchiveLimits()
    budget = _Budget(limits, packed_bytes=path.stat().st_size)
    members = list(_members(path, heap, budget, depth=1))
    members.sort(key=lambda member: natural(member.parts))
    return Unpacked(tuple(members), tuple(heap.junk), tuple(heap.refused))


def _members(path: Path, heap: _Heap, budget: _Budget, depth: int) -> Iterator[Member]:
    kind = archive_format(path)
    if kind is ArchiveFormat.FOREIGN:
        yield from _foreign_members(path, heap, budget, depth)
        return
    entries = _zip_entries if kind is ArchiveFormat.ZIP else _tar_entries
    try:
        for entry in entries(path, budget.limits):
            budget.another_file()
            if is_junk(entry.parts):
                heap.junk.append("/".join(entry.parts))
            elif entry.failure:
                yield Member(entry.parts, None, entry.failure, entry.detail)
            elif entry.opened is None:
                heap.refused.append("/".join(entry.parts))
            else:
                yield from _unpacked(entry.parts, entry.opened, heap, budget, depth)
    except (*_BROKEN, OSError) as error:
        if not _is_of_content(error):
            raise
        raise UnreadableDocumentError(UnreadableReason.DAMAGED, "压缩包的目录无法读取。") from error


def _is_of_content(error: Exception) -> bool:
    """Whether an archive's bytes are to blame, and not the disk: the libraries raise OSError for both."""
    return not isinstance(error, OSError) or error.errno in (None, errno.EINVAL)


def _unpacked(
    parts: tuple[str, ...], opened: Callable[[], IO[bytes]], heap: _Heap, budget: _Budget, depth: int
) -> Iterator[Member]:
    path = heap.next_path()
    try:
        with opened() as source, path.open("xb") as target:
            while piece := source.read(_PIECE):
                budget.more_bytes(len(piece))
                target.write(piece)
    except NotImplementedError:
        yield Member(parts, None, UnreadableReason.UNSUPPORTED, "压缩包使用了不常见的压缩方法。")
    except (*_BROKEN, OSError) as error:
        if not _is_of_content(error):
            raise
        yield Member(parts, None, UnreadableReason.DAMAGED, "压缩包中的这个文件无法解压。")
    else:
        yield from _kept(parts, path, heap, budget, depth)


def _kept(parts: tuple[str, ...], path: Path, heap: _Heap, budget: _Budget, depth: int) -> Iterator[Member]:
    if archive_format(path, parts[-1]) is None:
        yield Member(parts, path)
    else:
        yield from _nested(parts, path, heap, budget, depth)


def _foreign_members(path: Path, heap: _Heap, budget: _Budget, depth: int) -> Iterator[Member]:
    folder = Path(tempfile.mkdtemp(dir=heap.folder))
    try:
        for found in unpacked(path, folder, budget.files_left, budget.bytes_left):
            budget.another_file()
            parts = _clean(found.name)
            if is_junk(parts):
                heap.junk.append("/".join(parts))
            elif found.reason is not None:
                yield Member(parts, None, found.reason, found.detail)
            elif found.path is None:
                heap.refused.append("/".join(parts))
            else:
                budget.more_bytes(found.path.stat().st_size)
                yield from _kept(parts, found.path.rename(heap.next_path()), heap, budget, depth)
    except UnreadableDocumentError as error:
        if error.reason in _LIMITS and not isinstance(error, _OverLimitError):
            raise _over(error.reason, error.detail) from error
        raise
    finally:
        shutil.rmtree(folder)


def _nested(parts: tuple[str, ...], path: Path, heap: _Heap, budget: _Budget, depth: int) -> Iterator[Member]:
    if depth >= budget.limits.max_depth:
        yield Member(
            parts, path, UnreadableReason.UNSUPPORTED, f"压缩包嵌套超过 {budget.limits.max_depth} 层。"
        )
        return
    try:
        for member in _members(path, heap, budget, depth + 1):
            yield Member((*parts, *member.parts), member.path, member.failure, member.detail)
        path.unlink()
    except _OverLimitError:
        raise
    except UnreadableDocumentError as error:
        yield Member(parts, path, error.reason, error.detail)


def _is_document(path: Path, head: bytes) -> bool:
    if _directory_bytes(path) > _LARGEST_DIRECTORY:
        return False
    try:
        with zipfile.ZipFile(path) as archive:
            names = {name.replace("\\", "/").lstrip("/").lower() for name in archive.namelist()}
    except _BROKEN:
        # Torn: the first local headers still tell.
        return any(mark.encode() in head.lower() for mark in _DOCUMENT_MARKS)
    return not _DOCUMENT_MARKS.isdisjoint(names)


def _may_be_tar(head: bytes) -> bool:
    return (
        head.startswith((_GZIP_MAGIC, _BZIP2_MAGIC))
        or head[257:262] == b"ustar"
        or re.fullmatch(rb"[ 0-7]{6,7}[\0 ]{1,2}", head[148:156]) is not None
    )


def _is_tar(path: Path) -> bool:
    try:
        _open_tar(path).close()
    except (*_BROKEN, OSError) as error:
        if not _is_of_content(error):
            raise
        return False
    return True


def _zip_entries(path: Path, limits: ArchiveLimits) -> Iterator[_Entry]:
    if _directory_bytes(path) > _LARGEST_DIRECTORY:
        raise _over(UnreadableReason.TOO_MANY_FILES, f"上限 {limits.max_files} 个文件。")
    with zipfile.ZipFile(path) as archive:
        infos = archive.infolist()
        for info, name in zip(infos, _zip_names(infos), strict=True):
            if not name.endswith(("/", "\\")):
                yield _zip_entry(archive, info, name)


def _zip_entry(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str) -> _Entry:
    parts = _clean(name)
    if info.flag_bits & _ENCRYPTED_FLAG:
        return _Entry(parts, None, UnreadableReason.ENCRYPTED, "压缩包中的这个文件设有密码。")
    if info.compress_type not in _SAFE_METHODS:
        return _Entry(parts, None, UnreadableReason.UNSUPPORTED, "压缩包使用了不常见的压缩方法。")
    kind = stat.S_IFMT(info.external_attr >> 16)
    if info.create_system == 3 and kind not in (0, stat.S_IFREG):
        return _Entry(parts, None)
    return _Entry(parts, lambda: archive.open(info))


def _directory_bytes(path: Path) -> int:
    """How large a zip's directory says that it is; 0 where no end record tells."""
    with path.open("rb") as stream:
        end = stream.seek(0, 2)
        stream.seek(max(0, end - 65_557 - 76))
        tail = stream.read()
    record = tail.rfind(b"PK\x05\x06")
    if record < 0 or record + 22 > len(tail):
        return 0
    if tail[max(0, record - 20) : record].startswith(b"PK\x06\x07") and record >= 76:
        size: int = struct.unpack_from("<Q", tail, record - 76 + 40)[0]
    else:
        size = struct.unpack_from("<I", tail, record + 12)[0]
    return size


def _zip_names(infos: list[zipfile.ZipInfo]) -> list[str]:
    """Names as their writer meant them: the flag, then the Unicode path, then UTF-8 if all are, then GB18030.

    Chinese Windows writes GB18030 and sets no flag.
    """
    known = [_declared_name(info) for info in infos]
    raw = [b"" if name is not None else _raw_name(info) for info, name in zip(infos, known, strict=True)]
    encoding = "utf-8" if _are_chinese_utf8(raw) else "gb18030"
    return [
        name if name is not None else data.decode(encoding, "replace")
        for name, data in zip(known, raw, strict=True)
    ]


def _are_chinese_utf8(names: list[bytes]) -> bool:
    """Whether all are UTF-8 and not by chance, as the two bytes of 说 in GB18030 are.

    Chinese takes three bytes and more in UTF-8, so some character of some name is from U+0800 on.
    """
    return all(map(_is_utf8, names)) and max(b"".join(names).decode(), default="") >= "\u0800"


def _raw_name(info: zipfile.ZipInfo) -> bytes:
    return info.orig_filename.encode("cp437")


def _declared_name(info: zipfile.ZipInfo) -> str | None:
    if info.flag_bits & _UTF8_FLAG:
        return info.orig_filename
    place = 0
    while place + 4 <= len(info.extra):
        kind, size = struct.unpack_from("<HH", info.extra, place)
        content = info.extra[place + 4 : place + 4 + size]
        if kind == _UNICODE_PATH and len(content) > 5 and _is_utf8(content[5:]):
            checksum = struct.unpack_from("<I", content, 1)[0]
            return content[5:].decode() if checksum == zlib.crc32(_raw_name(info)) else None
        place += 4 + size
    return None


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def _clean(name: str) -> tuple[str, ...]:
    """The folders and the name of a path; what would lead out of the archive dropped."""
    parts = re.split(r"[/\\]", name.replace("\0", ""))
    kept = tuple(
        part for part in parts if part.strip() not in ("", ".", "..") and not re.fullmatch(r"[A-Za-z]:", part)
    )
    return kept or ("无名文件",)


class _TarHeader(tarfile.TarInfo):
    """A header that refuses notes (long names, extended attributes) that would fill the memory."""

    _NOTES = frozenset(
        {
            tarfile.XHDTYPE,
            tarfile.XGLTYPE,
            tarfile.SOLARIS_XHDTYPE,
            tarfile.GNUTYPE_LONGNAME,
            tarfile.GNUTYPE_LONGLINK,
        }
    )

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> _TarHeader:
        header = super().frombuf(buf, encoding, errors)
        if header.type in cls._NOTES and header.size > _LARGEST_TAR_NOTE:
            raise tarfile.ReadError("note too large")
        return header


def _tar_entries(path: Path, _limits: ArchiveLimits) -> Iterator[_Entry]:
    with _open_tar(path) as archive:
        for header in archive:
            if not header.isdir():
                yield _Entry(_clean(header.name), _tar_content(archive, header) if header.isreg() else None)


def _tar_content(archive: tarfile.TarFile, header: tarfile.TarInfo) -> Callable[[], IO[bytes]]:
    return lambda: cast("IO[bytes]", archive.extractfile(header))


def _open_tar(path: Path) -> tarfile.TarFile:
    with path.open("rb") as stream:
        magic = stream.read(3)
    if magic.startswith(_GZIP_MAGIC):
        return tarfile.open(path, "r:gz", tarinfo=_TarHeader)
    return tarfile.open(path, "r:bz2" if magic == _BZIP2_MAGIC else "r:", tarinfo=_TarHeader)
