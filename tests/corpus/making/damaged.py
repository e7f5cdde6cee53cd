"""Files that cannot be read, each in its own way."""

from __future__ import annotations

import io
import struct

from reportlab.lib.pagesizes import A4
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from making.word import png

_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def compound(streams: dict[str, bytes]) -> bytes:
    """An OLE compound file with these streams, each of 4,096 bytes or more."""
    sector = 512
    chains, body = [], b""
    for data in streams.values():
        padded = data.ljust(max(4096, len(data) + -len(data) % sector), b"\0")
        chains.append((2 + len(body) // sector, len(padded)))
        body += padded
    fat = [_FAT, _END]
    for start, size in chains:
        last = start + size // sector - 1
        fat += [n + 1 for n in range(start, last)] + [_END]
    fat += [_FREE] * (128 - len(fat))
    entries = [_entry("Root Entry", 5, child=1, start=_END, size=0)]
    for n, (name, (start, size)) in enumerate(zip(streams, chains, strict=True), 1):
        entries.append(_entry(name, 2, right=n + 1 if n < len(streams) else _FREE, start=start, size=size))
    directory = b"".join(entries).ljust(sector, b"\0")
    header = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + bytes(16)
        + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
        + bytes(6)
    )
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, _END, 0, _END, 0) + struct.pack("<I", 0)
    return header.ljust(512, b"\xff") + struct.pack("<128I", *fat) + directory + body


def _entry(name: str, kind: int, *, child: int = _FREE, right: int = _FREE, start: int, size: int) -> bytes:
    raw = name.encode("utf-16-le")
    return (
        raw.ljust(64, b"\0")
        + struct.pack("<HBBIII", len(raw) + 2, kind, 1, _FREE, right, child)
        + bytes(36)
        + struct.pack("<IQ", start, size)
    )


def encrypted_docx() -> bytes:
    """What Word writes for a document with a password to open."""
    info = (
        struct.pack("<HHI", 4, 4, 0x40)
        + b'<?xml version="1.0"?><encryption xmlns="http://schemas.microsoft.com/office/2006/encryption"/>'
    )
    return compound(
        {"EncryptionInfo": info, "EncryptedPackage": bytes((n * 73 + 41) % 256 for n in range(6000))}
    )


def encrypted_pdf() -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4, encrypt=StandardEncryption("secret", canPrint=0), invariant=1)
    canvas.drawString(72, 700, "locked")
    canvas.save()
    return out.getvalue()


def scanned_pdf(pages: int = 2) -> bytes:
    """Pages that are nothing but pictures (a pattern, no characters to recognise)."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=1)
    for page in range(pages):
        canvas.drawImage(ImageReader(io.BytesIO(png(200, 280, 120 + page))), 40, 40, 500, 760)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def garbled_pdf() -> bytes:
    """A text layer of wrong characters, as fonts without a map to Unicode give it."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=1)
    canvas.setFont("Helvetica", 12)
    for line in range(40):
        canvas.drawString(
            60, 780 - line * 18, "".join(chr(0xA1 + (line * 37 + n * 53 + n * n) % 94) for n in range(60))
        )
    canvas.save()
    return out.getvalue()
