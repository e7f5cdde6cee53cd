"""Archives: what is one, what its members are called, what is unpacked; nothing lies outside the folder."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from random import Random

from docx_files import p, word_file

from fuzz.changes import bytes_changed, in_zip
from schemas.errors import UnreadableDocumentError
from worker.gathering.archives import ArchiveLimits
from worker.gathering.names import natural, shown
from worker.unarchiving.members import archive_format, unpack

INSTRUMENTED = ["worker", "extractors", "zipfile", "tarfile", "gzip", "py7zr", "rarfile"]
QUICK = 15_000

_LIMITS = ArchiveLimits(max_files=50, max_bytes=1 << 20, ratio_from=1 << 19)
_ROOM = tempfile.TemporaryDirectory(prefix="fuzz-archives-")
_RAR4 = bytes.fromhex("526172211a0700cf907300000d00000000000000") + bytes.fromhex(
    "c1ae742090230003000000030000000302afd8e7000000000d30010020000000612e7478747878780a"
)
_SEVEN_ZIP = bytes.fromhex(
    "377abcaf271c00043acb54b97e00000000000000140000000000000073a6b5b3e0001a00095d00309888aaf4"
    "d0f9800000e0007400655d0000813307ae0fcf04718c07b0c3da2ad75864acb378ce54ddbc091015135d8b73"
    "8453cd1399767f8a45d1b91eb30d4b1bcca5265f1a5c810c3c484a6672f722d125203f76d6036372dbc9ee86"
    "090fd4e66d1d658203432ae25f75828bb3fb1ab0cf990000000017061101096d00070b010001212101180c75"
    "0000"
)
"""A file of 27 bytes in a folder, and an empty one."""


def seeds() -> Iterator[bytes]:
    yield _zip()
    tape = _tape()
    yield from (tape, gzip.compress(tape, mtime=0), bz2.compress(tape), lzma.compress(tape))
    yield _SEVEN_ZIP
    yield _RAR4


def _zip() -> bytes:
    link = zipfile.ZipInfo("link")
    link.create_system, link.external_attr = 3, 0o120777 << 16
    with io.BytesIO() as out:
        with zipfile.ZipFile(out, "w") as archive:
            archive.writestr(zipfile.ZipInfo("甲/方案.docx"), word_file(p("一")))
            archive.writestr(zipfile.ZipInfo("../../etc/x"), b"1")
            archive.writestr(link, b"/etc/passwd")
            archive.writestr(zipfile.ZipInfo("__MACOSX/._x"), b"1")
        return out.getvalue()


def _tape() -> bytes:
    names = (("甲/" + "长" * 60, tarfile.REGTYPE), ("/abs", tarfile.SYMTYPE), ("dev", tarfile.CHRTYPE))
    with io.BytesIO() as out:
        with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as archive:
            for name, kind in names:
                member = tarfile.TarInfo(name)
                member.type, member.linkname = kind, "/etc/passwd"
                member.size = 3 if kind == tarfile.REGTYPE else 0
                archive.addfile(member, io.BytesIO(b"abc"))
        return out.getvalue()


def mutated(data: bytes, random: Random) -> bytes:
    return in_zip(data, random, bytes_changed) if data.startswith(b"PK") else bytes_changed(data, random)


def run(data: bytes) -> None:
    with tempfile.TemporaryDirectory(dir=_ROOM.name) as room:
        path, folder = Path(room, "批次"), Path(room, "unpacked")
        path.write_bytes(data)
        folder.mkdir()
        try:
            if archive_format(path):
                _harmless(unpack(path, folder, _LIMITS), folder)
        except UnreadableDocumentError:
            pass
        assert {entry.name for entry in Path(room).iterdir()} == {"批次", "unpacked"}
        assert all(p.is_file() and not p.is_symlink() for p in folder.rglob("*") if not p.is_dir())


def _harmless(unpacked: object, folder: Path) -> None:
    for member in unpacked.members:  # type: ignore[attr-defined]
        assert member.parts
        assert not {"", ".", ".."} & set(member.parts)
        assert natural(member.parts)
        assert all(shown(part).encode("utf-8") for part in member.parts)
        assert member.path is None or folder in member.path.parents
