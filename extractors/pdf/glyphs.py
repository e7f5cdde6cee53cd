"""Reads a page's text layer into pieces, asking pdfium about the ends of runs, not about every character."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from extractors.pdf.binding import Font, TextLayer, describe_font, fill_color, linear_part, render_mode
from extractors.pdf.page import Frame, Piece
from extractors.text import fold

MOST_CHARACTERS = 200_000
"""Characters of one page that are looked at; a printed page holds a few thousand."""

_SPACE = re.compile(r"\s")
_WIDE_SPACE = re.compile(r"(?:\u3000|\t|[^\S\u3000\t]{2})\s*")
_BOLD_NAME = re.compile(r"bold|black|heavy|粗", re.IGNORECASE)
_FORCE_BOLD = 1 << 18
_BOLD_WEIGHT = 700
_FILL_AND_STROKE = 2
_LIGHT = 150
_FAINT = 140
_LARGE = 24.0


def read_pieces(layer: TextLayer, frame: Frame) -> tuple[list[Piece], Frame]:
    """The page's pieces of text, and their frame: turned where most of the text is sideways."""
    pieces = list(_pieces(layer, frame))
    turn = _main_turn(pieces)
    if turn:
        frame = frame.turned(turn)
        pieces = list(_pieces(layer, frame))
    return pieces, frame


def _main_turn(pieces: list[Piece]) -> int:
    weights: Counter[int] = Counter()
    for piece in pieces:
        weights[piece.turn] += len(piece.text)
    turn = weights.most_common(1)[0][0] if weights else 0
    return turn if turn % 90 == 0 else 0


def _pieces(layer: TextLayer, frame: Frame) -> Iterator[Piece]:
    text = layer.text(MOST_CHARACTERS)
    folded = fold(text)
    same_length = len(folded) == len(text)
    place = _Placer(layer, frame)
    for start, end in _drawn_stretches(layer, text):
        for first, last, item in _runs_of_one_object(layer, start, end):
            for low, high in _segments(text, first, last):
                shown = folded[low:high] if same_length else fold(text[low:high])
                if shown:
                    yield place(shown, low, high, item, high < last)


def _segments(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The range divided at wide white space, outer white space left out."""
    for wide in _WIDE_SPACE.finditer(text, start, end):
        yield from _stripped(text, start, wide.start())
        start = wide.end()
    yield from _stripped(text, start, end)


def _stripped(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end and text[end - 1].isspace():
        end -= 1
    while start < end and text[start].isspace():
        start += 1
    if start < end:
        yield start, end


def _drawn_stretches(layer: TextLayer, text: str) -> Iterator[tuple[int, int]]:
    """Ranges of characters that hold none that pdfium made up (which can only be white space)."""
    start = 0
    for space in _SPACE.finditer(text):
        index = space.start()
        if layer.is_made_up(index):
            if index > start:
                yield start, index
            start = index + 1
    if len(text) > start:
        yield start, len(text)


def _runs_of_one_object(layer: TextLayer, start: int, end: int) -> Iterator[tuple[int, int, int]]:
    """The stretch divided where another text object begins: start, end, object."""
    while start < end:
        item = layer.text_object(start)
        until = end if layer.text_object(end - 1) == item else _change(layer, item, start, end - 1)
        if item:
            yield start, until, item
        start = until


def _change(layer: TextLayer, item: int, inside: int, outside: int) -> int:
    """The first index after ``inside`` that another object drew, by halving."""
    while outside - inside > 1:
        middle = (inside + outside) // 2
        if layer.text_object(middle) == item:
            inside = middle
        else:
            outside = middle
    return outside


class _Look(NamedTuple):
    turn: int
    size: float
    bold: bool


class _Placer:
    """Makes pieces from ranges of a layer's characters."""

    def __init__(self, layer: TextLayer, frame: Frame) -> None:
        self._layer = layer
        self._frame = frame.to_frame
        self._plain = frame.to_frame.a == 1 and frame.to_frame.b == 0
        self._looks: dict[tuple[bytes, float, int, int], _Look] = {}

    def __call__(self, text: str, start: int, end: int, item: int, spaced: bool) -> Piece:
        layer = self._layer
        key = layer.shape(start), layer.font_size(start), layer.font_handle(item), render_mode(item)
        look = self._looks.get(key)
        if look is None:
            look = self._looks[key] = self._look(*key)
        turn, size, bold = look
        x0, y = self._frame.point(*layer.origin(start))
        x1 = layer.right_end(end - 1) + self._frame.e if self._plain and not turn else 0.0
        if turn or not x0 < x1 < x0 + 2 * size * (end - start):
            x0, y, x1 = self._by_ink(start, end, x0, y, turn)
        pale = (size >= _LARGE or turn % 90 != 0) and _is_pale(fill_color(item))
        return Piece(text, x0, x1, y, size, bold, spaced, turn, pale)

    def _look(self, shape: bytes, font_size: float, font: int, mode: int) -> _Look:
        a, b, c, d = linear_part(shape)
        along = self._frame.a * a + self._frame.c * b
        down = self._frame.b * a + self._frame.d * b
        turn = 0 if abs(down) * 20 <= along else round(math.degrees(math.atan2(down, along))) % 360
        size = round(font_size * math.hypot(c, d), 2)
        return _Look(turn, size, mode == _FILL_AND_STROKE or _is_bold(describe_font(font)))

    def _by_ink(self, start: int, end: int, x0: float, y: float, turn: int) -> tuple[float, float, float]:
        """Left end, baseline and right end from the first and last character's ink."""
        first = self._frame.box(self._layer.box(start))
        last = self._frame.box(self._layer.box(end - 1))
        if turn:
            return min(first[0], last[0]), max(first[3], last[3]), max(first[2], last[2])
        return min(x0, first[0]), y, max(last[2], x0 + 0.1)


def _is_bold(font: Font) -> bool:
    return bool(_BOLD_NAME.search(font.name) or font.weight >= _BOLD_WEIGHT or font.flags & _FORCE_BOLD)


def _is_pale(color: tuple[int, int, int, int]) -> bool:
    red, green, blue, alpha = color
    return alpha < _FAINT or min(red, green, blue) > _LIGHT
