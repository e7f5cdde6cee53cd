"""Pictures as documents: a scanned page or a photograph of one, a TIFF with several."""

from __future__ import annotations

import struct
import warnings
import zlib
from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import TYPE_CHECKING, Any

from extractors.document import Block, Document, Limits, Paragraph, Role, Table
from extractors.ocr.available import is_available
from extractors.sniff import sniff
from schemas.errors import UnreadableDocumentError, UnreadableReason

if TYPE_CHECKING:
    from PIL.Image import Image

    from extractors.ocr.scan import Scan

_MOST_PIXELS = 80_000_000
"""Of one page: an A3 sheet at 500 dpi; unpacked, 240 MB."""
_OF_CONTENT = (
    SyntaxError, ValueError, EOFError, TypeError, LookupError, ArithmeticError, struct.error, zlib.error,
)  # fmt: skip
"""What Pillow lets through about pictures that are not in order."""
_LONG_SIDE = 842.0
"""A picture has no reliable size on paper: its longer side is taken for that of A4, in points."""
_WORKING_PIXELS = 3508
"""Longer side, in pixels, that more resolution is not needed for (A4 at 300 dpi)."""


def extract(data: bytes, name: str, limits: Limits) -> Document:
    """Read a picture of a page by text recognition.

    Args:
        data: a JPEG, PNG, TIFF or BMP file.
        name: the file's name as it was given.
        limits: bounds on the number of pages.

    Raises:
        UnreadableDocumentError: damaged, too large, with too many pages or without a word; or text
            recognition is not installed.
    """
    if not is_available():
        raise UnreadableDocumentError(UnreadableReason.NO_TEXT_LAYER, "本机没有安装文字识别组件。")
    from extractors.ocr.engine import OcrUnavailableError
    from extractors.ocr.scan import read_photograph

    try:
        scans = []
        for picture, width, height in pages_of(data, limits):
            limits.before_scan()
            scans.append(read_photograph(picture, width, height))
    except OcrUnavailableError as error:
        raise UnreadableDocumentError(
            UnreadableReason.NO_TEXT_LAYER, "本机的文字识别组件无法使用。"
        ) from error
    document = document_of(name, sniff(data).media_type, scans)
    if not any(map(_is_text, document.blocks)):
        raise UnreadableDocumentError(UnreadableReason.NO_TEXT_LAYER)
    return document


def _is_text(block: Block) -> bool:
    return isinstance(block, Table) or (isinstance(block, Paragraph) and block.role is not Role.MARGIN)


def document_of(name: str, media_type: str, scans: Sequence[Scan]) -> Document:
    """The pages that were made out, as one document."""
    from extractors.ocr.scan import paper_of, with_even_sizes
    from extractors.pdf.paper import blocks_of, mark_roles

    papers = [paper_of(scan, number) for number, scan in enumerate(with_even_sizes(scans), 1)]
    mark_roles(papers)
    numbered = list(enumerate(scans, 1))
    return Document(
        name=name,
        media_type=media_type,
        pages=len(scans),
        blocks=blocks_of(papers),
        unread_pages=tuple(number for number, scan in numbered if not scan.legible),
        recognised_pages=tuple(number for number, scan in numbered if scan.legible),
        scans=tuple(scans),
    )


def pages_of(data: bytes, limits: Limits) -> Iterator[tuple[Any, float, float]]:
    """Each page as an array, and its size in points.

    Raises:
        UnreadableDocumentError: damaged, too large or with too many pages.
    """
    from PIL import Image, ImageOps, ImageSequence, UnidentifiedImageError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            image = Image.open(BytesIO(data))
            if _has_page(image, limits.max_scanned_pages):
                raise UnreadableDocumentError(
                    UnreadableReason.TOO_MANY_PAGES, f"上限 {limits.max_scanned_pages} 页"
                )
            for frame in ImageSequence.Iterator(image):
                _check_size(frame)
                frame.draft("RGB", (_WORKING_PIXELS, _WORKING_PIXELS))
                yield _array(ImageOps.exif_transpose(frame))
    except (UnidentifiedImageError, OSError, *_OF_CONTENT) as error:
        raise UnreadableDocumentError(UnreadableReason.DAMAGED) from error
    except Image.DecompressionBombError as error:
        raise _too_large() from error


def picture_of(data: bytes) -> Any:
    """The first page of a picture file as an array, for a document that consists of such.

    Raises:
        UnreadableDocumentError: damaged or too large.
    """
    return next(pages_of(data, Limits()))[0]


def _has_page(image: Image, index: int) -> bool:
    """Whether there is a page after ``index`` others; asked before any is read, which takes seconds."""
    try:
        image.seek(index)
    except EOFError:
        return False
    image.seek(0)
    return True


def _check_size(image: Image) -> None:
    """Refuse what would fill the memory, by what its header says, before anything is unpacked."""
    if image.width * image.height > _MOST_PIXELS:
        raise _too_large(f"{image.width}×{image.height} 像素")


def _too_large(detail: str = "") -> UnreadableDocumentError:
    return UnreadableDocumentError(
        UnreadableReason.TOO_LARGE, f"{detail}，上限 {_MOST_PIXELS // 1_000_000} 百万像素。".lstrip("，")
    )


def _array(image: Image) -> tuple[Any, float, float]:
    import numpy as np
    from PIL import Image

    clear = "A" in image.getbands() or "transparency" in image.info
    image = image.convert("RGBA" if clear else "L" if image.mode == "1" else "RGB")
    image.thumbnail((_WORKING_PIXELS, _WORKING_PIXELS))
    if clear:
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
    scale = _LONG_SIDE / max(image.size)
    return np.asarray(image.convert("RGB")), image.width * scale, image.height * scale
