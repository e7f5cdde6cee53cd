"""The names of WordprocessingML that are read, and how an attribute or an on/off element is read."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from lxml.etree import _Element as Element

W_NS = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
MATH_NS = "http://schemas.openxmlformats.org/officeDocument/2006/math"
REL_NS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MC_NS = "http://schemas.openxmlformats.org/markup-compatibility/2006"

ALTERNATE = f"{{{MC_NS}}}AlternateContent"
CHOICE = f"{{{MC_NS}}}Choice"
FALLBACK = f"{{{MC_NS}}}Fallback"
MATH_RUN = f"{{{MATH_NS}}}r"
MATH_TEXT = f"{{{MATH_NS}}}t"
MATH_CONTROL = f"{{{MATH_NS}}}ctrlPr"
BLIP = "{http://schemas.openxmlformats.org/drawingml/2006/main}blip"
IMAGE_DATA = "{urn:schemas-microsoft-com:vml}imagedata"
CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}chart"
DIAGRAM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}relIds"
_DRAWN = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
INLINE, ANCHOR, OFFSET = (f"{_DRAWN}{name}" for name in ("inline", "anchor", "posOffset"))
DOWN, ALONG = (f"{_DRAWN}position{axis}" for axis in "VH")
XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"

_OFF = frozenset({"0", "false", "off", "none"})
_MOST = 1_000_000
"""No count, number or index of a document is larger; what claims to be is no number."""


def w(name: str) -> str:
    """The qualified name of a WordprocessingML element or attribute."""
    return f"{{{W_NS}}}{name}"


VAL = w("val")

_values = cast("Callable[[Element], list[str]]", Element.values)
"""Called for every second element, so that nothing may stand around it."""


def val(element: Element) -> str | None:
    """``w:val`` of an element; its only attribute as a rule, faster to take than to look up."""
    values = _values(element)
    return values[0] if len(values) == 1 else element.get(VAL)


def is_on(element: Element) -> bool:
    """Whether an on/off element (``<w:b/>``, ``<w:b w:val="0"/>``) says on."""
    return element.get(VAL) not in _OFF


def on_off(parent: Element, name: str) -> bool | None:
    """What the on/off child ``name`` of ``parent`` says; None where there is none."""
    child = parent.find(w(name))
    return None if child is None else is_on(child)


def child_value(parent: Element | None, *path: str) -> str | None:
    """``w:val`` of the element at ``path`` below ``parent``; None where either is missing."""
    if parent is None:
        return None
    child = parent.find("/".join(map(w, path)))
    return None if child is None else child.get(VAL)


def whole(text: str | None) -> int | None:
    """A whole number as the format writes it; None where it is missing, no number or absurdly large."""
    try:
        number = int(float(text)) if text else None
    except (ValueError, OverflowError):
        return None
    return number if number is not None and abs(number) <= _MOST else None


def points(half_points: str | None) -> float | None:
    """A font size in points, from the half-points in which the format states it."""
    try:
        size = float(half_points) / 2 if half_points else 0.0
    except ValueError:
        return None
    return size if 0 < size < _MOST else None
