"""Pictures in a Word document: which part holds one, and how large it is shown."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from extractors.document import Block, Picture
from extractors.docx.names import BLIP, CHART, DIAGRAM, IMAGE_DATA, REL_NS

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

    from extractors.docx.package import Source

_EMU = 1 / 12_700
"""Points of an English metric unit."""
_LARGEST = 10_000.0
_EMBED, _ID = f"{{{REL_NS}}}embed", f"{{{REL_NS}}}id"
_SHAPE = "{urn:schemas-microsoft-com:vml}shape"
_LENGTH = re.compile(r"(?:^|;)\s*(width|height)\s*:\s*([\d.]{1,12})(pt|in|cm|mm|px|)\s*(?=;|$)")
_POINTS = {"pt": 1.0, "in": 72.0, "cm": 72 / 2.54, "mm": 72 / 25.4, "px": 0.75, "": 0.75}


@dataclass(frozen=True, slots=True)
class Embedded(Picture):
    """A picture whose bytes are a part of the document.

    Attributes:
        number: position among the document's pictures in reading order, from 1.
        source: the part that it is linked from.
        link: id of the relationship to the part that holds it.
        wide, high: as it is shown, in points; 0 where it does not say.
    """

    number: int = 0
    source: Source | None = None
    link: str = ""
    wide: float = 0.0
    high: float = 0.0


@dataclass(frozen=True, slots=True)
class Scanned:
    """The blocks of a document once its pages that are pictures have been read.

    Attributes:
        blocks: paragraphs numbered anew.
        recognised: numbers of the pictures that were read.
        unread: numbers of those that could not be.
        paragraphs: numbers of the paragraphs that come from pictures.
    """

    blocks: tuple[Block, ...]
    recognised: tuple[int, ...] = ()
    unread: tuple[int, ...] = ()
    paragraphs: frozenset[int] = frozenset()


def picture_in(element: Element, number: int, source: Source) -> Picture | None:
    """What a drawing shows; None where it has no image, chart or diagram in it: a plain shape.

    Args:
        element: ``w:drawing``, ``w:pict`` or ``w:object``.
        number: position among the pictures of the document.
        source: the part that the element lies in.
    """
    shown = list(element.iter(BLIP, IMAGE_DATA, CHART, DIAGRAM))
    if not shown:
        return None
    link = shown[0].get(_EMBED) or shown[0].get(_ID) or ""
    if len(shown) > 1 or shown[0].tag not in (BLIP, IMAGE_DATA) or not link:
        return Picture()
    wide, high = _size(element)
    return Embedded(number=number, source=source, link=link, wide=wide, high=high)


def _size(element: Element) -> tuple[float, float]:
    for extent in element.iter("{*}extent"):
        return _length(extent.get("cx"), _EMU), _length(extent.get("cy"), _EMU)
    for shape in element.iter(_SHAPE):
        found = _LENGTH.findall(shape.get("style", ""))
        lengths = {name: _length(value, _POINTS[unit]) for name, value, unit in found}
        return lengths.get("width", 0.0), lengths.get("height", 0.0)
    return 0.0, 0.0


def _length(value: str | None, unit: float) -> float:
    """Points of so many units; 0 for what is no length."""
    try:
        length = float(value or 0) * unit
    except ValueError:
        return 0.0
    return length if 0 < length < _LARGEST else 0.0
