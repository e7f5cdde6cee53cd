"""Prepares the picture of a page: straightened, its seals taken off, its ruling lines found."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np

from extractors.pdf.binding import Matrix
from extractors.pdf.page import Rule

Box = tuple[float, float, float, float]

DPI = 150
"""Resolution at which pages are read: more gains nothing, less loses small characters."""
_PIXELS_PER_POINT = DPI / 72

_A4_LONG = 842.0
_PLAUSIBLE = (400.0, 1300.0)
"""Longer side of a page, in points, that is taken for its real size; another is read as if it were A4."""

_SEAL = (18.0, 70.0)
"""Least and greatest diameter of a seal, in millimetres; real ones have 30 to 58."""
_ROUND = 0.6
"""Least share of a seal's width that is its height, and the reverse."""
_RED = 40
"""How much more red than anything else a pixel of a seal is, of 255."""
_PRINTED = 0.85
"""Share of a seal's own red below which a pixel under it is printed."""
_MOST_SKEW = 6.0
_LEAST_SKEW = 0.08
_SURE_RULE = 40
"""Pixels without a gap that are a piece of a ruling line and no stroke of a character."""
_FAINT = 25
"""How much darker than what is beside it the faintest ruling line is, of 255."""
_FRAYED = 15
"""Pixels of a gap in a line that a scan has thinned out."""
_SHORTEST_RULE = 50
_THICKEST_RULE = 9
_SAME_LINE = 4.0
"""Pixels within which two pieces are of one line."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A page ready for recognition.

    Attributes:
        gray: the picture, 8 bits, seals taken off, upright and straight.
        ink: where something is drawn, ruling lines left out; 255 or 0.
        across, down: its ruling lines, in pixels.
        seals: rectangles of its seals, in pixels.
        scale: pixels for a point.
        to_shown: from points of the straightened picture to points of the page as it is shown.
    """

    gray: Any
    ink: Any
    across: tuple[Rule, ...]
    down: tuple[Rule, ...]
    seals: tuple[Box, ...]
    scale: float
    to_shown: Matrix


def working_scale(width: float, height: float) -> float:
    """Pixels for a point of a page of that size at which it is read."""
    longer = max(width, height)
    return (
        _PIXELS_PER_POINT
        if _PLAUSIBLE[0] <= longer <= _PLAUSIBLE[1]
        else _PIXELS_PER_POINT * _A4_LONG / longer
    )


def prepared(rgb: Any, width: float, height: float) -> Prepared:
    """Prepare a page.

    Args:
        rgb: its picture, of any resolution.
        width, height: size of the page as it is shown, in points.
    """
    scale = working_scale(width, height)
    rgb = _sized(rgb, round(width * scale), round(height * scale))
    gray, seals = _without_seals(rgb)
    angle = _skew(gray)
    turn = _turn(angle, gray.shape)
    if angle:
        gray = _turned(gray, turn)
    ink = _ink(gray)
    across, down, lines = _rules(gray)
    placed = [_matrix(turn).box(seal) for seal in seals]
    return Prepared(
        gray=gray,
        ink=cv2.subtract(ink, lines),
        across=_joined(across, placed),
        down=_joined(down, [(y0, x0, y1, x1) for x0, y0, x1, y1 in placed]),
        seals=tuple(placed),
        scale=scale,
        to_shown=_back_in_points(turn, scale),
    )


def _sized(rgb: Any, width: int, height: int) -> Any:
    if rgb.shape[1] == width and rgb.shape[0] == height:
        return rgb
    shrinks = rgb.shape[0] > height
    return cv2.resize(rgb, (width, height), interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC)


def _without_seals(rgb: Any) -> tuple[Any, list[Box]]:
    """The page in grey without its red seals, and where they were.

    In the red channel red is light, and what was printed under a seal stays dark.  Only inside seals: the
    letterhead of a government body is red too.
    """
    gray = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)
    red, green, blue = (rgb[:, :, i].astype(np.int16) for i in range(3))
    redness = red - np.maximum(green, blue)
    reddish = (redness > _RED).astype(np.uint8)
    if int(reddish.sum()) < _pixels(_SEAL[0]):
        return gray, []
    seals = _seals(reddish)
    for x0, y0, x1, y1 in seals:
        inside = (slice(max(0, int(y0) - 3), int(y1) + 3), slice(max(0, int(x0) - 3), int(x1) + 3))
        channel = rgb[:, :, 0][inside]
        stamped = cv2.dilate((redness[inside] > _RED // 2).astype(np.uint8), np.ones((3, 3), np.uint8))
        printed = _PRINTED * float(np.median(channel[stamped > 0]))
        paper = float(np.percentile(channel, 90))
        gray[inside] = np.where((stamped > 0) & (channel > printed), paper, channel)
    return gray, seals


def _pixels(millimetres: float) -> float:
    return millimetres / 25.4 * DPI


def _seals(reddish: Any) -> list[Box]:
    """Rectangles of red round or square stamps."""
    joined = cv2.morphologyEx(reddish, cv2.MORPH_CLOSE, np.ones((13, 13), np.uint8))
    count, _, stats, _ = cv2.connectedComponentsWithStats(joined)
    seals = []
    for x, y, wide, high, _area in (tuple(map(int, row)) for row in stats[1:count]):
        side = max(wide, high)
        if _pixels(_SEAL[0]) <= side <= _pixels(_SEAL[1]) and min(wide, high) >= _ROUND * side:
            seals.append((float(x), float(y), float(x + wide), float(y + high)))
    return seals


def _skew(gray: Any) -> float:
    """Degrees by which the page must be turned for its lines to be level; 0 where they are."""
    shrink = min(1.0, 900 / max(gray.shape))
    small = cv2.resize(gray, None, fx=shrink, fy=shrink, interpolation=cv2.INTER_AREA)
    dark = cv2.adaptiveThreshold(small, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 31, 12)
    best = 0.0
    for step, reach in ((0.5, _MOST_SKEW), (0.1, 0.5), (0.02, 0.1)):
        angles = np.arange(best - reach, best + reach + step / 2, step)
        best = float(max(angles, key=lambda angle: _levelness(dark, angle)))
    return best if abs(best) >= _LEAST_SKEW else 0.0


def _levelness(dark: Any, angle: float) -> float:
    """How sharply lines and gaps alternate, after a turn by ``angle`` degrees."""
    rows = _turned(dark, _turn(angle, dark.shape), border=0).sum(axis=1, dtype=np.float64)
    return float(np.square(np.diff(rows)).sum())


def _turn(angle: float, shape: tuple[int, ...]) -> Any:
    return cv2.getRotationMatrix2D((shape[1] / 2, shape[0] / 2), angle, 1.0)


def _turned(image: Any, turn: Any, border: int = 255) -> Any:
    size = image.shape[1], image.shape[0]
    return cv2.warpAffine(image, turn, size, flags=cv2.INTER_LINEAR, borderValue=(border,))


def _back_in_points(turn: Any, scale: float) -> Matrix:
    back = _matrix(cv2.invertAffineTransform(turn))
    return back._replace(e=back.e / scale, f=back.f / scale)


def _matrix(affine: Any) -> Matrix:
    (a, c, e), (b, d, f) = affine.tolist()
    return Matrix(a, b, c, d, e, f)


def _ink(gray: Any) -> Any:
    """What is darker than its surroundings, whatever the light on the page."""
    return cv2.adaptiveThreshold(gray, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 51, 18)


def _rules(gray: Any) -> tuple[tuple[Rule, ...], tuple[Rule, ...], Any]:
    """Level lines, upright lines, and the picture of both."""
    level = _strokes(gray, across=True)
    upright = _strokes(gray, across=False)
    across = tuple(Rule(y, x0, x1) for x0, x1, y, thick in _runs(level) if thick <= _THICKEST_RULE)
    down = tuple(Rule(x, y0, y1) for y0, y1, x, thick in _runs(upright.T) if thick <= _THICKEST_RULE)
    return across, down, cv2.dilate(cv2.bitwise_or(level, upright), np.ones((3, 3), np.uint8))


def _strokes(gray: Any, *, across: bool) -> Any:
    """Long straight strokes, small gaps in them closed."""

    def kernel(length: int, thickness: int = 1) -> Any:
        return np.ones((thickness, length) if across else (length, thickness), np.uint8)

    # Darker than what is above and below it: a faint line stays one beside bold characters.
    thin = cv2.morphologyEx(gray, cv2.MORPH_BLACKHAT, kernel(1, _THICKEST_RULE + 4))
    thick = cv2.dilate((thin > _FAINT).astype(np.uint8) * 255, kernel(1, 3))
    sure = cv2.morphologyEx(thick, cv2.MORPH_OPEN, kernel(_SURE_RULE))
    return cv2.morphologyEx(
        cv2.morphologyEx(sure, cv2.MORPH_CLOSE, kernel(_FRAYED)), cv2.MORPH_OPEN, kernel(_SHORTEST_RULE)
    )


def _joined(rules: tuple[Rule, ...], seals: list[Box]) -> tuple[Rule, ...]:
    """The rules, those made one whose gap lies under a seal: with the seal went what was faint beneath it.

    Args:
        rules: of one direction.
        seals: rectangles, the first and third number along that direction.
    """
    joined: list[Rule] = []
    for rule in sorted(rules, key=lambda rule: rule.start):
        for index, before in enumerate(joined):
            if abs(before.at - rule.at) <= _SAME_LINE and any(
                x0 - _SAME_LINE <= before.end <= rule.start <= x1 + _SAME_LINE and y0 <= rule.at <= y1
                for x0, y0, x1, y1 in seals
            ):
                joined[index] = before._replace(end=rule.end)
                break
        else:
            joined.append(rule)
    return tuple(joined)


def _runs(level: Any) -> list[tuple[float, float, float, float]]:
    """Each level stroke: its ends, its place, and how thick it is on the whole where characters touch it."""
    count, _, stats, centres = cv2.connectedComponentsWithStats(np.ascontiguousarray(level))
    return [
        (float(x), float(x + wide), float(centre[1]), float(area / wide))
        for (x, _, wide, _, area), centre in zip(stats[1:count], centres[1:count], strict=True)
    ]


def quarter_turned(rgb: Any, degrees: int) -> Any:
    """The picture turned by a multiple of 90 degrees, clockwise."""
    codes = {90: cv2.ROTATE_90_CLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_COUNTERCLOCKWISE}
    return cv2.rotate(rgb, codes[degrees]) if degrees % 360 else rgb


def inked(ink: Any, box: Box) -> Box:
    """The rectangle of what is drawn inside ``box``; the box itself where nothing is."""
    x0, y0, x1, y1 = (
        max(0, math.floor(box[0])),
        max(0, math.floor(box[1])),
        math.ceil(box[2]),
        math.ceil(box[3]),
    )
    part = ink[y0:y1, x0:x1]
    rows, columns = np.flatnonzero(part.any(axis=1)), np.flatnonzero(part.any(axis=0))
    if not rows.size:
        return box
    return float(x0 + columns[0]), float(y0 + rows[0]), float(x0 + columns[-1] + 1), float(y0 + rows[-1] + 1)
