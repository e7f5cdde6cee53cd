"""What a page is taken apart into: the frame that says where things are, pieces of text and ruling lines."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from typing import Any, NamedTuple

import pypdfium2.raw as pdfium

from extractors.document import BBox
from extractors.pdf.binding import IDENTITY, Matrix

ASCENT = 0.88
"""Height above the baseline that text is taken to have, in font sizes."""
DESCENT = 0.2
"""Depth below the baseline that text is taken to have, in font sizes."""


class Piece(NamedTuple):
    """Characters that one text object draws side by side.

    Attributes:
        text: the characters, outer spaces stripped.
        x0, x1: left and right end, in the frame.
        y: the baseline, from the top of the frame.
        size: font size in points as shown.
        bold: drawn bold, by font or by outline.
        spaced: a real space follows in the same object.
        turn: reading direction in degrees, clockwise from upright, 0 to 359.
        pale: drawn in a light or see-through colour.
        white: drawn in white, or in nothing.
        invisible: put on the page without being drawn.
    """

    text: str
    x0: float
    x1: float
    y: float
    size: float
    bold: bool = False
    spaced: bool = False
    turn: int = 0
    pale: bool = False
    white: bool = False
    invisible: bool = False

    @property
    def top(self) -> float:
        """Upper end."""
        return self.y - ASCENT * self.size

    @property
    def bottom(self) -> float:
        """Lower end."""
        return self.y + DESCENT * self.size


class Rule(NamedTuple):
    """A straight horizontal or vertical ruling line: where it stands, from where to where it runs."""

    at: float
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Frame:
    """How user space is read.

    Attributes:
        width, height: size of the page as it is read, in points.
        to_frame: from PDF user space to the frame, whose origin is the top left.
        to_shown: from the frame to the page as a viewer shows it; differs where a page holds sideways text.
    """

    width: float
    height: float
    to_frame: Matrix
    to_shown: Matrix = IDENTITY

    def bbox(self, x0: float, top: float, x1: float, bottom: float) -> BBox:
        """A rectangle of the frame as it lies on the page shown."""
        if self.to_shown is not IDENTITY:
            x0, top, x1, bottom = self.to_shown.box((x0, top, x1, bottom))
        return BBox(round(x0, 2), round(top, 2), round(x1, 2), round(bottom, 2))

    def turned(self, degrees: int) -> Frame:
        """The frame in which text that runs ``degrees`` (a multiple of 90) clockwise here is upright."""
        width, height = self.width, self.height
        turn, back = {
            90: (Matrix(0, -1, 1, 0, 0, width), Matrix(0, 1, -1, 0, width, 0)),
            180: (Matrix(-1, 0, 0, -1, width, height), Matrix(-1, 0, 0, -1, width, height)),
            270: (Matrix(0, 1, -1, 0, height, 0), Matrix(0, -1, 1, 0, 0, height)),
        }[degrees]
        if degrees != 180:
            width, height = height, width
        return Frame(width, height, turn.after(self.to_frame), self.to_shown.after(back))


def frame_of(page: Any) -> Frame:
    """The frame of a loaded page: CropBox and /Rotate applied."""
    box = pdfium.FS_RECTF()
    pdfium.FPDF_GetPageBoundingBox(page, ctypes.byref(box))
    wide, high = box.right - box.left, box.top - box.bottom
    match pdfium.FPDFPage_GetRotation(page):
        case 1:
            return Frame(high, wide, Matrix(0, 1, 1, 0, -box.bottom, -box.left))
        case 2:
            return Frame(wide, high, Matrix(-1, 0, 0, 1, box.right, -box.bottom))
        case 3:
            return Frame(high, wide, Matrix(0, -1, -1, 0, box.top, box.right))
        case _:
            return Frame(wide, high, Matrix(1, 0, 0, -1, -box.left, box.top))
