"""Pages of a PDF that are pictures: rendered, and read by text recognition."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pypdfium2 as pdfium

from extractors.document import Limits
from extractors.ocr.available import is_available
from extractors.pdf.opening import page_to_draw
from extractors.pdf.paper import Paper

if TYPE_CHECKING:
    from extractors.ocr.scan import Scan

_DPI = 150
_MOST_PIXELS = 12_000_000
"""Of one rendered page: an A2 sheet; a larger page is rendered more coarsely."""


def with_scans(document: pdfium.PdfDocument, numbers: Sequence[int], limits: Limits) -> dict[int, Paper]:
    """The pages that could be read, also without finding a word, by number.

    Empty where text recognition is not installed.

    Args:
        document: open.
        numbers: of the pages to read, from 1.
        limits: on the number of pages.
    """
    if not is_available():
        return {}
    from extractors.ocr.engine import OcrUnavailableError
    from extractors.ocr.scan import paper_of, read_scan, with_even_sizes

    scans: dict[int, Scan] = {}
    try:
        for number in numbers[: limits.max_scanned_pages]:
            limits.before_scan()
            rendered = _rendered(document, number)
            scan = read_scan(*rendered) if rendered else None
            if scan is not None and scan.legible:
                scans[number] = scan
    except OcrUnavailableError:
        return {}
    even = with_even_sizes(list(scans.values()))
    return {number: paper_of(scan, number) for number, scan in zip(scans, even, strict=True)}


def _rendered(document: pdfium.PdfDocument, number: int) -> tuple[Any, float, float] | None:
    """The page's picture, and its size in points as it is shown; None where it cannot be drawn."""
    with page_to_draw(document, number) as page:
        if page is None:
            return None
        width, height = page.get_size()
        scale = min(_DPI / 72, math.sqrt(_MOST_PIXELS / max(1.0, width * height)))
        bitmap = page.render(scale=scale, rev_byteorder=True, prefer_bgrx=False)
        picture = bitmap.to_numpy()[:, :, :3].copy()
        bitmap.close()
    return picture, width, height
