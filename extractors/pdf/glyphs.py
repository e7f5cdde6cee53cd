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

_MAYBE_MADE_UP = re.compile(r"\r\n|\s")
_PLAIN_RUN = re.compile(r"\S+(?: \S+)*")
_SEGMENT = re.compile(r"\S+(?:[^\S\u3000\t]\S+)*")
_BOLD_NAME = re.compile(r"bold|black|heavy|粗", re.IGNORECASE)
_FORCE_BOLD = 1 << 18
_BOLD_WEIGHT = 700
_TICKS = {
    0xF050: "✓", 0xF051: "☒", 0xF052: "☑", 0xF053: "☒", 0xF054: "☒", 0xF06F: "□", 0xF070: "□",
    0xF0A3: "□", 0xF0A8: "□", 0xF0FC: "✓", 0xF0FD: "☒", 0xF0FE: "☑",
}  # fmt: skip
"""Ticks and boxes of Wingdings and Wingdings 2, which a printed form has in private code points."""
_TICK = re.compile(f"[{''.join(map(chr, _TICKS))}]")
_FILL = 0
_FILL_AND_STROKE = 2
_UNDRAWN = (3, 7)
_WHITE = 250
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
    if _TICK.search(text):
        text = text.translate(_TICKS)
    folded = fold(text)
    same_length = len(folded) == len(text)
    place = _Placer(layer, frame)
    for start, end in _drawn_stretches(layer, text):
        for first, last, item in _runs_of_one_object(layer, start, end):
            run = text[first:last]
            if _PLAIN_RUN.fullmatch(run):
                segments = [(first, last)]
            else:
                segments = [(first + m.start(), first + m.end()) for m in _SEGMENT.finditer(run)]
            for low, high in segments:
                shown = folded[low:high] if same_length else fold(text[low:high])
                if shown:
                    yield place(shown, low, high, item, high < last)


def _drawn_stretches(layer: TextLayer, text: str) -> Iterator[tuple[int, int]]:
    """Ranges of characters that hold none that pdfium made up: line ends, and spaces where it saw a gap."""
    start = 0
    for space in _MAYBE_MADE_UP.finditer(text):
        index, end = space.span()
        if end - index > 1 or layer.is_made_up(index):
            if index > start:
                yield start, index
            start = end
    if len(text) > start:
        yield start, len(text)


def _runs_of_one_object(layer: TextLayer, start: int, end: int) -> Iterator[tuple[int, int, int]]:
    """The stretch divided where another text object begins: start, end, object."""
    while start < end:
        item = layer.text_object(start)
        single = end - start == 1 or layer.text_object(end - 1) == item
        until = end if single else _change(layer, item, start, end - 1)
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
    """What text objects of one font, size and direction have in common.

    Attributes:
        turn, size, bold: as of a piece.
        descent: from the baseline down to the lower end of the loose box, in user space; 0 unless plain.
        plain: upright on a page that is not turned, so that loose boxes say where it is.
    """

    turn: int
    size: float
    bold: bool
    descent: float
    plain: bool


class _Placer:
    """Makes pieces from ranges of a layer's characters.

    A look is known again by font, rendering mode and height of the loose box, because asking for the matrix
    and the size of every run costs more than everything else.  Turned text has a loose box that is flatter
    than its size, so it is not taken for upright text of the same font.
    """

    def __init__(self, layer: TextLayer, frame: Frame) -> None:
        self._layer = layer
        self._frame = frame.to_frame
        self._unturned = frame.to_frame.a == 1 and frame.to_frame.b == 0
        self._looks: dict[tuple[int, int, float], _Look] = {}

    def __call__(self, text: str, start: int, end: int, item: int, spaced: bool) -> Piece:
        layer, frame = self._layer, self._frame
        font, mode = layer.font_handle(item), render_mode(item)
        left, high, right, low = layer.loose_box(start)
        key = font, mode, round(high - low, 2)
        look = self._looks.get(key)
        if look is None:
            look = self._look(start, font, mode, low)
            if look.plain:
                self._looks[key] = look
        turn, size, bold, descent, plain = look
        x0 = x1 = y = 0.0
        if plain:
            if end - start > 1:
                right = layer.loose_box(end - 1)[2]
            x0, y, x1 = left + frame.e, frame.f - low - descent, right + frame.e
        if not x0 < x1 < x0 + 2 * size * (end - start):
            x0, y, x1 = self._by_ink(start, end, turn)
        color = fill_color(item)
        pale = (size >= _LARGE or turn % 90 != 0) and _is_pale(color)
        white = mode == _FILL and (min(color) >= _WHITE or color[3] == 0)
        return Piece(text, x0, x1, y, size, bold, spaced, turn, pale, white, mode in _UNDRAWN)

    def _look(self, index: int, font: int, mode: int, low: float) -> _Look:
        a, b, c, d = linear_part(self._layer.shape(index))
        along = self._frame.a * a + self._frame.c * b
        down = self._frame.b * a + self._frame.d * b
        turn = 0 if abs(down) * 20 <= along else round(math.degrees(math.atan2(down, along))) % 360
        size = round(self._layer.font_size(index) * math.hypot(c, d), 2)
        bold = mode == _FILL_AND_STROKE or _is_bold(describe_font(font))
        return _Look(turn, size, bold, self._layer.origin(index)[1] - low, self._unturned and not turn)

    def _by_ink(self, start: int, end: int, turn: int) -> tuple[float, float, float]:
        """Left end, baseline and right end from the first and last character's ink."""
        x0, y = self._frame.point(*self._layer.origin(start))
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
