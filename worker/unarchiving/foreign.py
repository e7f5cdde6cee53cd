"""7z, RAR and tar.xz archives: what their libraries and programs unpack, counted while they write it.

Some let an archive claim as much memory as it likes, and read hostile bytes with code that is not ours: never
outside of a confined process.
"""

from __future__ import annotations

import contextlib
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, cast

from schemas.errors import UnreadableDocumentError, UnreadableReason
from worker.gathering.archives import RAR_MAGIC, SEVEN_ZIP_MAGIC

_PIECE = 256 * 1024
_LOCKED = "压缩包中的这个文件设有密码。"
_NO_UNPACKER = "解压 RAR 需要安装 unar（apt install unar）；也可以改用 ZIP 压缩后重新提交。"


@dataclass(frozen=True, slots=True)
class Found:
    """A member of an archive.

    Attributes:
        name: its path in the archive, as the archive has it.
        path: the file that holds its bytes; None for links and devices, and where there is a reason.
        reason: why it could not be unpacked.
        detail: Chinese, to ``reason``.
    """

    name: str
    path: Path | None = None
    reason: UnreadableReason | None = None
    detail: str = ""


def unpacked(archive: Path, folder: Path, most_files: int, most_bytes: int) -> Iterator[Found]:
    """Unpack an archive into numbered files.

    Args:
        archive: the file.
        folder: an existing, empty folder.
        most_files: more members are too many.
        most_bytes: more unpacked bytes are too many.

    Raises:
        UnreadableDocumentError: damaged as a whole, over a limit, encrypted to its list of names, or the
            program that reads it is not installed.
    """
    try:
        yield from _members(archive, _Heap(folder, most_files, most_bytes))
    except UnreadableDocumentError:
        raise
    except MemoryError as error:
        raise UnreadableDocumentError(UnreadableReason.MEMORY_LIMIT) from error
    except Exception as error:  # whatever the libraries raise about broken archives, documented or not
        raise UnreadableDocumentError(UnreadableReason.DAMAGED, "压缩包无法解压。") from error


class _Heap:
    """Files under numbers, counted while they are written."""

    def __init__(self, folder: Path, most_files: int, most_bytes: int) -> None:
        self._folder = folder
        self._files_left = most_files
        self._bytes_left = most_bytes
        self._count = 0

    def another(self) -> tuple[Path, IO[bytes]]:
        """A new file, and where it is."""
        self._files_left -= 1
        if self._files_left < 0:
            raise UnreadableDocumentError(UnreadableReason.TOO_MANY_FILES, "压缩包中的文件太多。")
        self._count += 1
        path = self._folder / f"{self._count:06d}"
        return path, path.open("xb")

    def write(self, target: IO[bytes], piece: bytes) -> None:
        self._bytes_left -= len(piece)
        if self._bytes_left < 0:
            raise UnreadableDocumentError(UnreadableReason.UNPACKS_TOO_LARGE, "解压后超过上限。")
        target.write(piece)

    def copied(self, source: IO[bytes]) -> Path:
        path, target = self.another()
        with target:
            while piece := source.read(_PIECE):
                self.write(target, piece)
        return path


def _members(path: Path, heap: _Heap) -> Iterator[Found]:
    with path.open("rb") as stream:
        magic = stream.read(8)
    if magic.startswith(SEVEN_ZIP_MAGIC):
        return _seven_zip(path, heap)
    return _rar(path, heap) if magic.startswith(RAR_MAGIC) else _tar_xz(path, heap)


def _seven_zip(path: Path, heap: _Heap) -> Iterator[Found]:
    import py7zr

    try:
        with py7zr.SevenZipFile(path) as archive:
            if archive.needs_password():
                for name in archive.namelist():
                    yield _failed(name, UnreadableReason.ENCRYPTED, _LOCKED)
                return
            kinds = {item.filename: item for item in archive.files}
            writers = _writers(heap)
            archive.extractall(factory=writers)
    except py7zr.PasswordRequired as error:
        raise UnreadableDocumentError(UnreadableReason.ENCRYPTED, "压缩包设有密码。") from error
    except py7zr.UnsupportedCompressionMethodError as error:
        detail = "压缩包使用了不常见的压缩方法。"
        raise UnreadableDocumentError(UnreadableReason.UNSUPPORTED, detail) from error
    for name, item in kinds.items():
        if item.is_directory:
            continue
        if item.is_symlink or item.is_junction or item.is_socket:
            yield Found(name)
        else:
            yield Found(name, writers.files.get(name) or heap.copied(cast("IO[bytes]", _Nothing())))


class _Nothing:
    """The content of an empty file."""

    def read(self, _size: int) -> bytes:
        return b""


def _writers(heap: _Heap) -> Any:
    """What py7zr asks for each member's place to write to."""
    from py7zr.io import Py7zIO, WriterFactory

    class Writer(Py7zIO):
        def __init__(self, target: IO[bytes]) -> None:
            self._target = target
            self._size = 0

        def write(self, s: bytes | bytearray) -> int:
            heap.write(self._target, bytes(s))
            self._size += len(s)
            return len(s)

        def read(self, size: int | None = None) -> bytes:
            return b""

        def seek(self, offset: int, whence: int = 0) -> int:
            return 0

        def flush(self) -> None:
            self._target.flush()

        def size(self) -> int:
            return self._size

        def close(self) -> None:
            self._target.close()

    class Writers(WriterFactory):
        def __init__(self) -> None:
            self.files: dict[str, Path] = {}

        def create(self, filename: str) -> Py7zIO:
            self.files[filename], target = heap.another()
            return Writer(target)

    return Writers()


def _rar(path: Path, heap: _Heap) -> Iterator[Found]:
    import rarfile

    # Each is asked in its own way; the first that there is is used.
    with contextlib.suppress(rarfile.RarCannotExec):
        rarfile.tool_setup(unrar=True, unar=True, bsdtar=True, sevenzip=True, sevenzip2=True)
    try:
        with rarfile.RarFile(path) as archive:
            if archive.needs_password() and not archive.namelist():
                raise UnreadableDocumentError(UnreadableReason.ENCRYPTED, "压缩包设有密码。")
            if not archive.infolist():
                raise UnreadableDocumentError(UnreadableReason.DAMAGED, "压缩包的目录无法读取。")
            for info in archive.infolist():
                if not info.is_dir():
                    yield _rar_member(archive, info, heap, rarfile)
    except rarfile.NeedFirstVolume as error:
        raise UnreadableDocumentError(
            UnreadableReason.DAMAGED, "这是分卷压缩包的一卷，请合并成一个文件。"
        ) from error


def _rar_member(archive: Any, info: Any, heap: _Heap, rarfile: Any) -> Found:
    if info.needs_password():
        return _failed(info.filename, UnreadableReason.ENCRYPTED, _LOCKED)
    if not info.is_file():
        return Found(info.filename)
    try:
        with archive.open(info) as source:
            return Found(info.filename, heap.copied(source))
    except rarfile.RarCannotExec as error:
        raise UnreadableDocumentError(UnreadableReason.UNSUPPORTED, _NO_UNPACKER) from error
    except rarfile.Error:
        return _failed(info.filename, UnreadableReason.DAMAGED, "压缩包中的这个文件无法解压。")


def _tar_xz(path: Path, heap: _Heap) -> Iterator[Found]:
    try:
        archive = tarfile.open(path, "r|xz")  # noqa: SIM115  (closed below)
    except tarfile.ReadError as error:
        detail = "这是 XZ 压缩文件，里面不是 TAR 归档。"
        raise UnreadableDocumentError(UnreadableReason.UNSUPPORTED, detail) from error
    with archive:
        for header in archive:
            if header.isreg():
                content = archive.extractfile(header)
                yield Found(header.name, heap.copied(cast("IO[bytes]", content)))
            elif not header.isdir():
                yield Found(header.name)


def _failed(name: str, reason: UnreadableReason, detail: str) -> Found:
    return Found(name, None, reason, detail)
