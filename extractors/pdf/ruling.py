"""Finds a page's ruling lines and its pictures among the drawn objects."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from extractors.pdf.binding import (
    IMAGE_OBJECT,
    LINE_TO,
    MOVE_TO,
    Drawn,
    drawn_objects,
    fill_color,
    is_filled_and_stroked,
    object_bounds,
    object_matrix,
    segment_count,
    segments,
    stroke_color,
)
from extractors.pdf.page import Frame, Rule

MOST_OBJECTS = 100_000
"""Objects of one page that are looked at."""
MOST_PICTURES = 500
"""Pictures of one page that are kept."""
MOST_SEGMENTS = 50_000
"""Path segments of one page that are looked at."""

_THICKEST = 4.0
_SHORTEST = 3.0
_WHITE = 250

_Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Drawing:
    """What is drawn on a page besides text.

    Attributes:
        across, down: horizontal and vertical rules, in the frame.
        picture: the share of the page that its largest picture covers, 0 to 1.
        pictures: the pictures' rectangles, in the frame.
        fills: the rectangles of coloured areas, in the frame.
        seals: the rectangles of what is known to be a seal, in the frame.
    """

    across: tuple[Rule, ...]
    down: tuple[Rule, ...]
    picture: float
    pictures: tuple[_Box, ...]
    fills: tuple[_Box, ...] = ()
    seals: tuple[_Box, ...] = ()


def read_drawing(page: Any, frame: Frame) -> Drawing:
    """The rules and pictures of a loaded page."""
    across: list[Rule] = []
    down: list[Rule] = []
    pictures: list[_Box] = []
    fills: list[_Box] = []
    picture, budget = 0.0, MOST_SEGMENTS
    for drawn in drawn_objects(page, MOST_OBJECTS):
        box = frame.to_frame.box(object_bounds(drawn))
        if drawn.kind == IMAGE_OBJECT:
            picture = max(picture, _share(box, frame))
            pictures.append(box)
            continue
        if budget <= 0 or not _reaches(box, frame):
            continue
        budget -= segment_count(drawn.item)
        if _is_area(drawn, box):
            fills.append(box)
        for x0, y0, x1, y1 in _strokes(drawn, box, frame):
            if y1 - y0 <= _THICKEST and x1 - x0 > max(_SHORTEST, y1 - y0):
                across.append(Rule((y0 + y1) / 2, x0, x1))
            elif x1 - x0 <= _THICKEST and y1 - y0 > _SHORTEST:
                down.append(Rule((x0 + x1) / 2, y0, y1))
    return Drawing(tuple(across), tuple(down), picture, tuple(pictures[:MOST_PICTURES]), tuple(fills))


def _is_area(drawn: Drawn, box: _Box) -> bool:
    """Whether the path colours an area on which white text can be read."""
    if box[3] - box[1] <= _THICKEST or box[2] - box[0] <= _THICKEST:
        return False
    return is_filled_and_stroked(drawn.item)[0] and not _is_white(fill_color(drawn.item))


def _share(box: _Box, frame: Frame) -> float:
    wide = min(box[2], frame.width) - max(box[0], 0)
    high = min(box[3], frame.height) - max(box[1], 0)
    return max(0.0, wide) * max(0.0, high) / max(1.0, frame.width * frame.height)


def _reaches(box: _Box, frame: Frame) -> bool:
    return box[2] > 0 and box[3] > 0 and box[0] < frame.width and box[1] < frame.height


def _strokes(drawn: Drawn, box: _Box, frame: Frame) -> Iterator[_Box]:
    """The thin straight parts of a path as rectangles of the frame; nothing where it is drawn in white."""
    thin = min(box[2] - box[0], box[3] - box[1]) <= _THICKEST
    filled, stroked = is_filled_and_stroked(drawn.item)
    if (stroked and _is_white(stroke_color(drawn.item))) or not (filled or stroked):
        stroked = False
        if not filled:
            return
    if filled and not stroked and _is_white(fill_color(drawn.item)):
        return
    if thin:
        yield box
    elif stroked:
        yield from _edges(drawn, frame)
    elif segment_count(drawn.item) > 5:
        yield from _thin_parts(drawn, frame)


def _is_white(color: tuple[int, int, int, int]) -> bool:
    return min(color[:3]) >= _WHITE or color[3] == 0


def _subpaths(drawn: Drawn, frame: Frame) -> Iterator[list[tuple[float, float]]]:
    """The path's polylines in the frame, a closed one ending where it began; curves by their end points."""
    matrix = frame.to_frame.after(drawn.outer.after(object_matrix(drawn.item)))
    points: list[tuple[float, float]] = []
    for kind, x, y, closes in segments(drawn.item, MOST_SEGMENTS):
        if kind == MOVE_TO and points:
            yield points
            points = []
        points.append(matrix.point(x, y) if kind in (LINE_TO, MOVE_TO) else (float("nan"), float("nan")))
        if closes and points:
            points.append(points[0])
    if points:
        yield points


def _edges(drawn: Drawn, frame: Frame) -> Iterator[_Box]:
    """Each straight edge of the outline."""
    for points in _subpaths(drawn, frame):
        for (x0, y0), (x1, y1) in itertools.pairwise(points):
            yield min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


def _thin_parts(drawn: Drawn, frame: Frame) -> Iterator[_Box]:
    """The rectangle around each filled part."""
    for points in _subpaths(drawn, frame):
        xs, ys = zip(*points, strict=True)
        yield min(xs), min(ys), max(xs), max(ys)
