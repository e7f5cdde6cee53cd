"""What is read of an old Word file, an RTF, a web page before LibreOffice gets it; it is not started."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from random import Random

import docx_files as word
from hostile_files import compound_file

from extractors import office
from extractors.compound import CompoundFileError, root_streams
from extractors.document import Limits
from extractors.formats import EXTRACTORS
from extractors.sniff import sniff
from fuzz.changes import bytes_changed
from schemas.errors import UnreadableDocumentError

INSTRUMENTED = ["extractors", "email"]
QUICK = 60_000

_CONVERTED = word.word_file(word.p("一、建设依据"))
office.to_docx = lambda *_: _CONVERTED


def seeds() -> Iterator[bytes]:
    yield compound_file("WordDocument", "1Table", "Macros")
    yield compound_file("WordDocument") + bytes(400) + b"\xec\xa5\xc1\0" + bytes(6) + b"\0\1" + bytes(300)
    yield b"{\\rtf1 {\\object\\objdata 0105} x}"
    yield (
        b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n\r\n--x\r\n"
        b"Content-Type: text/html; charset=gb2312\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
        b"<html>=D2=BB<script></html>\r\n--x--"
    )
    yield b"<html><body><script>x</script></body></html>"
    yield word.zipped(
        {"mimetype": "application/vnd.oasis.opendocument.text", "META-INF/manifest.xml": "<m/>"}
    )


def mutated(data: bytes, random: Random) -> bytes:
    return bytes_changed(data, random)


def run(data: bytes) -> None:
    with contextlib.suppress(CompoundFileError):
        root_streams(data)
    if EXTRACTORS.get(sniff(data, "a.doc").media_type) != "extractors.office":
        return
    with contextlib.suppress(UnreadableDocumentError):
        office.extract(data, "a.doc", Limits())
