"""Pictures of pages up to where recognition would begin: header, pages, size, colours, skew, ruling lines."""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator

from PIL import Image, ImageDraw

from extractors.document import Limits
from extractors.image import pages_of
from extractors.ocr.picture import prepared
from schemas.errors import UnreadableDocumentError

INSTRUMENTED = ["extractors", "PIL"]
QUICK = 4_500

NATIVE = True

_LIMITS = Limits(max_scanned_pages=3)
_LARGEST = 400_000
"""Pixels: what has more takes longer and shows no more."""
_FEW = 12
"""Of so many pictures one is prepared for recognition, which takes long whatever is on it."""


def seeds() -> Iterator[bytes]:
    for mode in ("RGB", "L", "1", "P", "RGBA", "CMYK", "LA", "I;16"):
        page = Image.new(mode, (60, 80), 255 if mode in ("L", "1", "I;16") else None)
        if mode not in ("I;16", "P"):
            ImageDraw.Draw(page).line((5, 5, 50, 5))
        for form in ("PNG", "TIFF", "JPEG", "BMP"):
            with io.BytesIO() as out:
                try:
                    page.save(out, form)
                except (OSError, ValueError):
                    continue
                yield out.getvalue()
    with io.BytesIO() as out:
        page = Image.new("RGB", (40, 50), "white")
        page.save(out, "TIFF", save_all=True, append_images=[page, page], compression="tiff_lzw")
        yield out.getvalue()
    with io.BytesIO() as out:
        exif = Image.Exif()
        exif[0x0112] = 6
        page.save(out, "JPEG", exif=exif)
        yield out.getvalue()


def run(data: bytes) -> None:
    try:
        for picture, width, height in pages_of(data, _LIMITS):
            if picture.shape[0] * picture.shape[1] <= _LARGEST and zlib.crc32(data) % _FEW == 0:
                prepared(picture, width, height)
    except UnreadableDocumentError:
        pass
