"""Photographs of a sheet of paper: the sheet cut out of its surroundings and seen from straight above."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np

from extractors.pdf.binding import IDENTITY, Matrix

_SIDE = 600
"""Longer side, in pixels, of the picture in which the sheet is looked for."""
_AREA = (0.4, 0.97)
"""Share of the picture that a sheet takes; one that takes more needs no cutting out."""
_FULL = 0.95
"""Share of its four corners' area that a sheet fills; less is no sheet, or folded."""
_TOLERANCE = 0.02
"""Share of its outline by which the edge of a sheet may bend."""


def flattened(rgb: Any) -> tuple[Any, Matrix]:
    """The sheet alone, its edges straight; the picture itself where no sheet with a margin is seen.

    Args:
        rgb: numpy array, 8 bits, red, green and blue.

    Returns:
        The sheet, and from its pixels to those of the picture, as nearly as an affine map goes there.
    """
    corners = _corners(rgb)
    if corners is None:
        return rgb, IDENTITY
    top_left, top_right, bottom_right, bottom_left = corners
    width = max(_distance(top_left, top_right), _distance(bottom_left, bottom_right))
    height = max(_distance(top_left, bottom_left), _distance(top_right, bottom_right))
    flat = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    turn = cv2.getPerspectiveTransform(corners, flat)
    (a, b), (c, d), (e, f) = np.linalg.lstsq(np.c_[flat, np.ones(4)], corners, rcond=None)[0].tolist()
    sheet = cv2.warpPerspective(rgb, turn, (round(width), round(height)), flags=cv2.INTER_CUBIC)
    return sheet, Matrix(a, b, c, d, e, f)


def _corners(rgb: Any) -> Any:
    """The sheet's corners, clockwise from the upper left; None where no sheet is seen whole."""
    shrink = _SIDE / max(rgb.shape[:2])
    small = cv2.resize(rgb, None, fx=shrink, fy=shrink, interpolation=cv2.INTER_AREA)
    gray = cv2.GaussianBlur(cv2.cvtColor(small, cv2.COLOR_RGB2GRAY), (7, 7), 0)
    # Writing on the sheet is no part of its outline.
    closed = cv2.morphologyEx(gray, cv2.MORPH_CLOSE, np.ones((15, 15), np.uint8))
    _, bright = cv2.threshold(closed, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    outlines, _ = cv2.findContours(bright, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    if not outlines:
        return None
    hull = cv2.convexHull(max(outlines, key=cv2.contourArea))
    quad = cv2.approxPolyDP(hull, _TOLERANCE * cv2.arcLength(hull, closed=True), closed=True)
    area = cv2.contourArea(quad)
    share = area / (gray.shape[0] * gray.shape[1])
    if len(quad) != 4 or not _AREA[0] <= share <= _AREA[1]:
        return None
    filled = max(map(cv2.contourArea, outlines)) / area
    return _in_order(quad.reshape(4, 2)) / shrink if _FULL <= filled <= 2 - _FULL else None


def _in_order(points: Any) -> Any:
    sums, differences = points.sum(axis=1), points[:, 1] - points[:, 0]
    order = [sums.argmin(), differences.argmin(), sums.argmax(), differences.argmax()]
    return points[order].astype(np.float32)


def _distance(one: Any, other: Any) -> float:
    return float(np.linalg.norm(one - other))
