"""Puts pieces of text together into lines by baseline and place, whatever order they were drawn in."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from extractors.document import Role
from extractors.pdf.page import ASCENT, DESCENT, Piece

_CJK = (
    "\u2e80-\u303f\u3040-\u30ff\u3100-\u312f\u3190-\u9fff\uac00-\ud7af\uf900-\ufaff\ufe30-\ufe4f"
    "\uff00-\uffef\U00020000-\U0003ffff“”‘’…—·"
)
_IS_CJK = re.compile(f"[{_CJK}]")
_TOUCHING = 0.15
"""A gap between Latin words, in font sizes, from which on a space is seen."""
_APART = 0.9
"""A gap, in font sizes, from which on a space is seen whatever stands around it."""
FAR_APART = 1.5
"""A gap, in font sizes, from which on two parts of a line are segments of their own."""


@dataclass(slots=True)
class Line:
    """A line of text, or one segment of it where wide gaps divide it.

    Attributes:
        text: as it is read, spaces between words put back.
        x0, x1, y: ends and baseline in the page's frame.
        size: the font size of most of its characters, in points.
        bold_prefix: number of leading characters that are bold.
        page: from 1.
        spaced: a real space ends it.
        turn: as of its pieces.
        pale: as of its pieces.
        text_x: where the text after a number label at its start begins, if a gap shows it; else 0.
        left, right: the edges between which it was set.
        role: the part of the page it belongs to.
        level: heading level that the file declares, if any.
        segments: its parts where wide gaps divide it, else empty.
    """

    text: str
    x0: float
    x1: float
    y: float
    size: float
    bold_prefix: int = 0
    page: int = 0
    spaced: bool = False
    turn: int = 0
    pale: bool = False
    text_x: float = 0.0
    left: float = 0.0
    right: float = 0.0
    role: Role = Role.BODY
    level: int | None = None
    segments: tuple[Line, ...] = ()

    @property
    def top(self) -> float:
        """Upper end."""
        return self.y - ASCENT * self.size

    @property
    def bottom(self) -> float:
        """Lower end."""
        return self.y + DESCENT * self.size

    @property
    def bold(self) -> bool:
        """All of it is bold."""
        return self.bold_prefix == len(self.text)


def is_cjk(character: str) -> bool:
    """Whether the character is set without spaces around it."""
    return bool(_IS_CJK.match(character))


def needs_space(before: str, after: str) -> bool:
    """Whether a line break between two texts stands for a space."""
    if not before or not after or before[-1].isspace() or after[0].isspace():
        return False
    return not (is_cjk(before[-1]) or is_cjk(after[0]) or before[-1] in "-/" or after[0] in "/")


def build_lines(pieces: Iterable[Piece], page: int) -> list[Line]:
    """The lines of ``pieces`` from top to bottom; one line for each baseline, however wide its gaps."""
    rows: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda p: (p.y, p.x0)):
        for row in rows[-3:][::-1]:
            if _shares_line(row[0], piece):
                row.append(piece)
                break
        else:
            rows.append([piece])
    return [_joined(_without_doubles(row), page) for row in rows]


def _shares_line(one: Piece, other: Piece) -> bool:
    overlap = min(one.bottom, other.bottom) - max(one.top, other.top)
    return overlap >= 0.55 * min(one.bottom - one.top, other.bottom - other.top)


def _without_doubles(row: list[Piece]) -> list[Piece]:
    """The pieces from left to right; one drawn twice at a place (a way to look bold) once, and bold."""
    if len(row) == 1:
        return row
    row.sort(key=lambda p: p.x0)
    kept: list[Piece] = []
    for piece in row:
        for index in range(len(kept) - 1, -1, -1):
            other = kept[index]
            if other.text == piece.text and abs(other.x0 - piece.x0) < 0.15 * piece.size:
                kept[index] = other._replace(bold=True)
                break
            if piece.x0 - other.x0 > 0.15 * piece.size:
                kept.append(piece)
                break
        else:
            kept.append(piece)
    return kept


def _joined(row: Sequence[Piece], page: int) -> Line:
    first = row[0]
    if len(row) == 1:
        return Line(
            first.text, first.x0, first.x1, first.y, first.size, len(first.text) if first.bold else 0,
            page, first.spaced, first.turn, first.pale,
        )  # fmt: skip
    parts = _segments(row)
    segments = tuple(_glued(part, page) for part in parts)
    if len(segments) == 1:
        return segments[0]
    whole = _glued(row, page)
    whole.segments = segments
    return whole


def _segments(row: Sequence[Piece]) -> list[list[Piece]]:
    spread = _is_letter_spaced(row)
    parts = [[row[0]]]
    for before, piece in itertools.pairwise(row):
        far = piece.x0 - before.x1 > FAR_APART * max(before.size, piece.size)
        if far and not spread:
            parts.append([piece])
        else:
            parts[-1].append(piece)
    return parts


def _is_letter_spaced(row: Sequence[Piece]) -> bool:
    """Single ideographs at equal distances: one word spread out, not several."""
    if len(row) < 3 or any(len(piece.text) > 1 or not is_cjk(piece.text) for piece in row):
        return False
    gaps = [after.x0 - before.x1 for before, after in itertools.pairwise(row)]
    return max(gaps) - min(gaps) <= 0.3 * row[0].size and max(gaps) < 4 * row[0].size


def _glued(row: Sequence[Piece], page: int) -> Line:
    text = row[0].text
    bold_prefix = len(text) if row[0].bold else 0
    spread = _is_letter_spaced(row)
    text_x = 0.0
    for before, piece in itertools.pairwise(row):
        gap = (piece.x0 - before.x1) / max(before.size, piece.size, 1.0)
        space = "" if spread else _space(before, piece, gap)
        if not text_x and gap > 0.3 and len(text) < 8:
            text_x = piece.x0
        if piece.bold and bold_prefix == len(text):
            bold_prefix += len(space) + len(piece.text)
        text += space + piece.text
    heights = Counter[float]()
    for piece in row:
        heights[piece.size] += len(piece.text)
    size = heights.most_common(1)[0][0]
    y = next(p.y for p in row if p.size == size)
    x1 = max(p.x1 for p in row)
    pale = all(p.pale for p in row)
    return Line(
        text, row[0].x0, x1, y, size, bold_prefix, page, row[-1].spaced, row[0].turn, pale, text_x
    )  # fmt: skip


def _space(before: Piece, after: Piece, gap: float) -> str:
    if gap > FAR_APART:
        return "\t"
    if before.spaced or gap > _APART:
        return " "
    if gap > _TOUCHING and not is_cjk(before.text[-1]) and not is_cjk(after.text[0]):
        return " "
    return ""
