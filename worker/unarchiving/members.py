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
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, cast

from schemas.errors import UnreadableDocumentError, UnreadableReason
from worker.gathering.archives import (
    BZIP2_MAGIC,
    GZIP_MAGIC,
    LARGEST_DIRECTORY,
    ArchiveFormat,
    ArchiveLimits,
    Member,
    Unpacked,
    directory_bytes,
    likely_format,
)
from worker.gathering.names import is_junk, natural
from worker.unarchiving.foreign import unpacked

_MEGABYTE = 1024 * 1024
_PIECE = 256 * 1024
_SAFE_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2})
"""Methods whose unpacking takes little memory whatever the archive claims; LZMA lets it claim gigabytes."""

_UTF8_FLAG = 0x800
_ENCRYPTED_FLAG = 0x1
_UNICODE_PATH = 0x7075
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
    likely = likely_format(path, name or path.name)
    return None if likely is ArchiveFormat.TAR and not _is_tar(path) else likely


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
    folder = heap.next_path()
    folder.mkdir()
    try:
        # All of it first: of an archive that turns out to be damaged nothing is kept.
        found = list(unpacked(path, folder, budget.files_left, budget.bytes_left))
    except UnreadableDocumentError as error:
        shutil.rmtree(folder)
        if error.reason in _LIMITS:
            raise _over(error.reason, error.detail) from error
        raise
    for each in found:
        budget.another_file()
        parts = _clean(each.name)
        if is_junk(parts):
            heap.junk.append("/".join(parts))
        elif each.reason is not None:
            yield Member(parts, None, each.reason, each.detail)
        elif each.path is None:
            heap.refused.append("/".join(parts))
        else:
            budget.more_bytes(each.path.stat().st_size)
            yield from _kept(parts, each.path, heap, budget, depth)


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


def _is_tar(path: Path) -> bool:
    try:
        _open_tar(path).close()
    except (*_BROKEN, OSError) as error:
        if not _is_of_content(error):
            raise
        return False
    return True


def _zip_entries(path: Path, limits: ArchiveLimits) -> Iterator[_Entry]:
    if directory_bytes(path) > LARGEST_DIRECTORY:
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
    if magic.startswith(GZIP_MAGIC):
        return tarfile.open(path, "r:gz", tarinfo=_TarHeader)
    return tarfile.open(path, "r:bz2" if magic == BZIP2_MAGIC else "r:", tarinfo=_TarHeader)
