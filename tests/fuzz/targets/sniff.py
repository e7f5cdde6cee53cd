"""What a file is, told by its bytes: never raises, and every kind has words for people."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

import docx_files as word
from hostile_files import compound_file, hostile_files

from extractors.sniff import sniff
from fuzz.changes import bytes_changed, in_zip

INSTRUMENTED = ["extractors", "zipfile"]
QUICK = 80_000

_LARGEST = 20_000


def seeds() -> Iterator[bytes]:
    yield from (h.data for h in hostile_files() if len(h.data) < _LARGEST)
    yield from (compound_file(name) for name in ("WordDocument", "Workbook", "__substg1.0_x", "\u4840x"))
    yield word.zipped({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<x/>"})
    yield from (
        b"<?xml version='1.0'?><svg/>",
        b"{\\rtf1 x}",
        b"MIME-Version: 1.0\nContent-Type: multipart/related\n",
    )
    yield from ("一段文字".encode(encoding) for encoding in ("utf-8", "utf-16", "gb18030"))


def mutated(data: bytes, random: Random) -> bytes:
    return in_zip(data, random, bytes_changed) if data.startswith(b"PK") else bytes_changed(data, random)


def run(data: bytes) -> None:
    for name in ("a.docx", "a.wps", ""):
        assert sniff(data, name).title
