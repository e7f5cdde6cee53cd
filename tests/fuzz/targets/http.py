"""Forms as clients send them, right or wrong: files and texts, or a problem that the client is told."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterator
from random import Random
from typing import IO

from fuzz.changes import bytes_changed
from intake.api.multipart import Wanted, receive
from intake.api.options import FIELDS, options
from intake.api.problems import ProblemError
from storage.objects import Stored
from worker.gathering.names import is_junk, natural, shown

INSTRUMENTED = ["intake", "worker", "werkzeug.sansio", "werkzeug.http"]
QUICK = 45_000

_WANTED = Wanted(files=("files",), texts=FIELDS, max_files=5, max_file_bytes=10_000)
_LONGEST_NAME = 200


class _Store:
    """Reads what it is given, as a store does."""

    def put(self, stream: IO[bytes]) -> Stored:
        return Stored("0" * 64, len(stream.read()))


def seeds() -> Iterator[bytes]:
    for name in (
        'filename="方案.docx"',
        "filename*=UTF-8''%E6%96%B9.docx",
        "filename*=unicode_escape''%5cu4e00.docx",
        'filename="..\\\\a\\"b.doc"',
    ):
        yield _form(
            ("files", name, b"PK\x03\x04"),
            ("class", "", b"proposal-maintenance"),
            ("filed_on", "", b"2026-03-10"),
        )
    yield _form(("files", 'filename="' + "a" * 300 + '"', b"x" * 300)).replace(b"\r\n", b"\n")
    yield "--x\r\nContent-Disposition: form-data; name=files; filename=方案.docx\r\n\r\n1\r\n--x--".encode(
        "gb18030"
    )


def _form(*parts: tuple[str, str, bytes]) -> bytes:
    return b"".join(
        f'--x\r\nContent-Disposition: form-data; name="{name}"; {file}\r\n\r\n'.encode() + content + b"\r\n"
        for name, file, content in parts
    ) + b"--x--\r\n"  # fmt: skip


def mutated(data: bytes, random: Random) -> bytes:
    return bytes_changed(data, random)


def run(data: bytes) -> None:
    try:
        form = receive(io.BytesIO(data), "x", _Store(), _WANTED)  # type: ignore[arg-type]
    except ProblemError:
        return
    for _, file in form.files:
        assert "/" not in file.name
        assert len(file.name) <= _LONGEST_NAME
        assert file.name.encode("utf-8")
        assert is_junk((file.name,)) in (True, False)
        assert natural((file.name,)) == natural((file.name,))
        assert shown(file.name) == file.name
    with contextlib.suppress(ProblemError):
        options(form.texts, "jinjiang-2023")
