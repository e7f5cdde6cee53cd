"""From the picture of a page to pieces of text with places and sizes, ruling lines and pictures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import median
from typing import Any

import cv2

from extractors.ocr.engine import Recognised, recognise
from extractors.ocr.picture import Box, Prepared, inked, prepared, quarter_turned
from extractors.ocr.reading import mended
from extractors.ocr.sheet import flattened
from extractors.pdf.binding import IDENTITY
from extractors.pdf.lines import is_cjk
from extractors.pdf.page import Frame, Piece, Rule
from extractors.pdf.paper import Paper, laid_out
from extractors.pdf.ruling import Drawing

_LEGIBLE = 0.55
"""Score below which a line is no print but handwriting, a drawing or a stain."""
_LEGIBLE_SHARE = 0.5
"""Share of the lines that must be legible for the page to be."""
_TURNED_SCORE = 0.75
"""Mean score below which the page may stand on its head."""
_LEAST_LINES = 3
"""Lines from which on it can be told how a page was laid on the glass."""
_SIDEWAYS = 1.5
"""How many times its width a line is high that runs sideways."""
_CLOSE = 6.0
"""Pixels by which what is recognised reaches over its rectangle."""
_CJK_HEIGHT = 0.92
"""Height of Chinese characters as drawn, in font sizes."""
_DIGIT_HEIGHT = 0.8
"""Height of digits, commas and letters among them, in font sizes."""
_BELOW = 0.08
"""Depth of Chinese characters below the baseline, in font sizes."""
_ENOUGH = 5
"""Chinese characters from which on the width of a line tells its size."""
_SAME_SIZE = 0.1
"""Share by which sizes differ that are one size measured twice."""


@dataclass(frozen=True, slots=True)
class Scan:
    """A page that was a picture, taken apart.

    Attributes:
        pieces: its text.
        across, down: its ruling lines.
        pictures: rectangles of what is drawn by hand, in the frame.
        seals: rectangles of seals.
        frame: where its places are to be understood, in points.
        legible: what is on it could be read; False for a page that is too faint, too coarse or out of focus.
    """

    pieces: tuple[Piece, ...]
    across: tuple[Rule, ...]
    down: tuple[Rule, ...]
    pictures: tuple[Box, ...]
    seals: tuple[Box, ...]
    frame: Frame
    legible: bool


UNREAD = Scan((), (), (), (), (), Frame(595.0, 842.0, IDENTITY), legible=False)
"""A page of which nothing could be made out."""


def read_scan(rgb: Any, width: float, height: float) -> Scan:
    """Read the picture of a page, whichever way up it lies.

    Args:
        rgb: numpy array, 8 bits, red, green and blue.
        width, height: size of the page as it is shown, in points.

    Raises:
        OcrUnavailableError: the packages of text recognition are not there.
        MemoryError: the page took too much memory.
    """
    page = prepared(rgb, width, height)
    lines = _lines(page)
    degrees, best = 0, _quality(lines)
    for turn in _turns(lines):
        size = (width, height) if turn == 180 else (height, width)
        other = prepared(quarter_turned(rgb, turn), *size)
        found = _lines(other)
        if _quality(found) > best:
            degrees, best, page, lines = turn, _quality(found), other, found
    return _scan(page, lines, _frame(page, width, height, degrees))


def read_photograph(rgb: Any, width: float, height: float) -> Scan:
    """Read the photograph of a page: what lies around the sheet is left out, and the sheet made flat.

    Args:
        rgb: numpy array, 8 bits, red, green and blue.
        width, height: size of the whole photograph, in points.

    Raises:
        OcrUnavailableError: the packages of text recognition are not there.
        MemoryError: the page took too much memory.
    """
    sheet, back = flattened(rgb)
    if back is IDENTITY:
        return read_scan(rgb, width, height)
    scale = max(width, height) / max(sheet.shape[:2])
    scan = read_scan(sheet, sheet.shape[1] * scale, sheet.shape[0] * scale)
    larger = width / rgb.shape[1]
    whole = back._replace(e=back.e * larger, f=back.f * larger)
    whole = whole._replace(**{name: getattr(whole, name) * larger / scale for name in "abcd"})
    return replace(scan, frame=replace(scan.frame, to_shown=whole.after(scan.frame.to_shown)))


def _lines(page: Prepared) -> list[Recognised]:
    return recognise(cv2.cvtColor(page.gray, cv2.COLOR_GRAY2BGR))


def _quality(lines: Sequence[Recognised]) -> float:
    """What was read, weighed by how sure it is."""
    return sum(line.score**4 * len(line.text) for line in lines if not _is_sideways(line))


def _is_sideways(line: Recognised) -> bool:
    return len(line.text) > 1 and line.bottom - line.top > _SIDEWAYS * (line.x1 - line.x0)


def _turns(lines: Sequence[Recognised]) -> tuple[int, ...]:
    """Turns, in degrees clockwise, that are worth a try."""
    if len(lines) < _LEAST_LINES:
        return ()
    if sum(map(_is_sideways, lines)) > len(lines) / 2:
        return (90, 270)
    return (180,) if sum(line.score for line in lines) / len(lines) < _TURNED_SCORE else ()


def _frame(page: Prepared, width: float, height: float, degrees: int) -> Frame:
    if not degrees:
        return Frame(width, height, IDENTITY, page.to_shown)
    # The picture was turned clockwise by so much: text on the page as shown runs the other way round.
    turned = Frame(width, height, IDENTITY).turned(360 - degrees)
    return Frame(turned.width, turned.height, IDENTITY, turned.to_shown.after(page.to_shown))


def _scan(page: Prepared, lines: Sequence[Recognised], frame: Frame) -> Scan:
    scale = page.scale
    legible = [line for line in lines if line.score >= _LEGIBLE]
    unclear = [_box(line) for line in lines if line.score < _LEGIBLE]
    # What is left of a seal's own letters is part of the seal.
    drawn = [box for box in unclear if not any(_is_inside(box, seal) for seal in page.seals)]
    return Scan(
        pieces=tuple(_piece(line, page) for line in legible),
        across=tuple(
            Rule(*(place / scale for place in rule))
            for rule in page.across
            if not any(_is_stroke(rule, line.x0, line.x1, line.top, line.bottom) for line in lines)
        ),
        down=tuple(
            Rule(*(place / scale for place in rule))
            for rule in page.down
            if not any(_is_stroke(rule, line.top, line.bottom, line.x0, line.x1) for line in lines)
        ),
        pictures=tuple(_in_points(box, scale) for box in drawn),
        seals=tuple(_in_points(box, scale) for box in page.seals),
        frame=frame,
        legible=len(lines) < _LEAST_LINES or len(legible) >= _LEGIBLE_SHARE * len(lines),
    )


def _is_inside(box: Box, seal: Box) -> bool:
    """Whether the middle of ``box`` lies in ``seal``."""
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return seal[0] <= x <= seal[2] and seal[1] <= y <= seal[3]


def _in_points(box: Box, scale: float) -> Box:
    x0, top, x1, bottom = box
    return x0 / scale, top / scale, x1 / scale, bottom / scale


def _is_stroke(rule: Rule, start: float, end: float, low: float, high: float) -> bool:
    """Whether a rule lies inside a line of text: a stroke of a large character."""
    return low < rule.at < high and start - _CLOSE <= rule.start and rule.end <= end + _CLOSE


def _piece(line: Recognised, page: Prepared) -> Piece:
    text = mended(line.text)
    x0, top, x1, bottom = (place / page.scale for place in inked(page.ink, _box(line)))
    size = _size(text, x1 - x0, bottom - top)
    below = _BELOW * size if any(map(is_cjk, text)) else 0.0
    return Piece(text, x0, x1, bottom - below, size)


def _box(line: Recognised) -> Box:
    return line.x0, line.top, line.x1, line.bottom


def _size(text: str, width: float, height: float) -> float:
    """The font size of a line: by its width where Chinese characters fill it, else by its height."""
    ideographs = sum(map(is_cjk, text))
    by_height = height / (_CJK_HEIGHT if ideographs else _DIGIT_HEIGHT)
    if ideographs < _ENOUGH or ideographs < 0.7 * len(text):
        return by_height
    by_width = width / sum(1.0 if is_cjk(character) else 0.5 for character in text)
    # A width beyond the height is letter-spacing; a height beyond the width is a seal or a stain.
    return by_width if by_width <= 1.2 * by_height else by_height


def with_even_sizes(scans: Sequence[Scan]) -> list[Scan]:
    """The pages of one document with sizes that are nearly the same made the same.

    What follows tells headings and paragraphs apart by sizes as they were set, not as they are measured.
    """
    left = sorted((piece.size, len(piece.text)) for scan in scans for piece in scan.pieces)
    even: dict[float, float] = {}
    while left:
        middle = max({size for size, _ in left}, key=lambda size: _weight(left, size))
        near = [(size, weight) for size, weight in left if _are_near(size, middle)]
        value = round(median(size for size, weight in near for _ in range(weight)), 1)
        even |= {size: value for size, _ in near}
        left = [(size, weight) for size, weight in left if not _are_near(size, middle)]
    return [replace(scan, pieces=tuple(p._replace(size=even[p.size]) for p in scan.pieces)) for scan in scans]


def paper_of(scan: Scan, number: int) -> Paper:
    """A page that was recognised, laid out."""
    return laid_out(
        scan.pieces, Drawing(scan.across, scan.down, 0.0, scan.pictures, seals=scan.seals), scan.frame, number
    )


def _weight(sizes: Sequence[tuple[float, int]], middle: float) -> int:
    return sum(weight for size, weight in sizes if _are_near(size, middle))


def _are_near(size: float, middle: float) -> bool:
    return abs(size - middle) <= _SAME_SIZE * middle
