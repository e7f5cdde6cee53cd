"""Archives: what is one, what its members are called, what is unpacked; nothing lies outside the folder."""

from __future__ import annotations

import io
import tarfile
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from random import Random

import py7zr
from docx_files import p, word_file

from fuzz.changes import bytes_changed, in_zip
from schemas.errors import UnreadableDocumentError
from worker.gathering.archives import ArchiveLimits
from worker.gathering.names import natural, shown
from worker.unarchiving.members import archive_format, unpack

INSTRUMENTED = ["worker", "extractors", "zipfile", "tarfile", "gzip", "py7zr", "rarfile"]

_LIMITS = ArchiveLimits(max_files=50, max_bytes=1 << 20, ratio_from=1 << 19)
_ROOM = tempfile.TemporaryDirectory(prefix="fuzz-archives-")
_RAR4 = bytes.fromhex("526172211a0700cf907300000d00000000000000") + bytes.fromhex(
    "c1ae742090230003000000030000000302afd8e7000000000d30010020000000612e7478747878780a"
)


def seeds() -> Iterator[bytes]:
    document = word_file(p("一"))
    with io.BytesIO() as out:
        with zipfile.ZipFile(out, "w") as archive:
            archive.writestr("甲/方案.docx", document)
            archive.writestr(zipfile.ZipInfo("../../etc/x"), b"1")
            link = zipfile.ZipInfo("link")
            link.create_system, link.external_attr = 3, 0o120777 << 16
            archive.writestr(link, b"/etc/passwd")
            archive.writestr("__MACOSX/._x", b"1")
        yield out.getvalue()
    for mode in ("w", "w:gz", "w:bz2", "w:xz"):
        with io.BytesIO() as out:
            with tarfile.open(fileobj=out, mode=mode, format=tarfile.PAX_FORMAT) as archive:
                for name, kind in (
                    ("甲/" + "长" * 60, tarfile.REGTYPE),
                    ("/abs", tarfile.SYMTYPE),
                    ("dev", tarfile.CHRTYPE),
                ):
                    member = tarfile.TarInfo(name)
                    member.type, member.linkname = kind, "/etc/passwd"
                    member.size = 3 if kind == tarfile.REGTYPE else 0
                    archive.addfile(member, io.BytesIO(b"abc"))
            yield out.getvalue()
    with io.BytesIO() as out:
        with py7zr.SevenZipFile(out, "w") as archive:
            archive.writestr(b"abc" * 9, "甲/a.txt")
            archive.writestr(b"", "empty")
        yield out.getvalue()
    yield _RAR4


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
