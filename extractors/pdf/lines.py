"""Puts pieces of text together into lines by baseline and place, whatever order they were drawn in."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from operator import attrgetter

from extractors.document import Role
from extractors.pdf.page import ASCENT, DESCENT, Piece

_CJK = (
    "\u2e80-\u303f\u3040-\u30ff\u3100-\u312f\u3190-\u9fff\uac00-\ud7af\uf900-\ufaff\ufe30-\ufe4f"
    "\uff00-\uffef\U00020000-\U0003ffff“”‘’…—·"
)
CLOSING = "）)》〉」』】〕”’]}，。、；：？！,.;:?!%％…—"
"""Characters that never begin a line, and may hang over the edge of one."""
_OPENING = "（《〈「『【〔“‘"
_IS_CJK = re.compile(f"[{_CJK}]")
_TOUCHING = 0.15
"""A gap between Latin words, in font sizes, from which on a space is seen."""
_TABBED = 0.3
"""A gap between ideographs, in font sizes, from which on a tab or a space parts them."""
_APART = 0.9
"""A gap, in font sizes, from which on a space is seen whatever stands around it."""
_NUMBERED = 0.35
"""A gap between a number in front and an ideograph, in font sizes, from which on a space is seen.

Word and LibreOffice put a quarter between digits and ideographs that were typed without any."""
NUMBER = re.compile(r"[(（]?(?:\d{1,2}(?:[.．]\d{1,2}){0,4}|[一二三四五六七八九十]{1,3})[.．、)）]?")
"""A number in front of a title or a point."""
_CUT_NUMBER = re.compile(r"\d[\d,]*[.,]")
"""A number that a narrow cell cut behind its point: 14.|7."""
_NOTE_MARK = re.compile(r"[\[〔]?(?:\d{1,3}|[①-⑳*])[\]〕]?")
_NOTE_BEGINS = re.compile(r"[\[〔]?(?:\d{1,3}|[①-⑳*])[\]〕]?(?![\d.．、)）,，%％年月日])(?=\s*\S)")
"""A number that goes on, or has a point behind it, is no note's."""
_MARK_SIZE, _MARK_RAISED = 0.8, 0.15
"""Size of a note's mark, and its height above the baseline, at most and at least, in sizes of the text."""
_LONGEST_LABEL = 16
"""Characters before a gap, at most, for them to be a number or a label."""
RUN_IN_LABEL = re.compile(r"[^\s，。；：:]{2,12}[：:]")
"""A label in front of its text: 经费保障：."""
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
        text_x: where the text after a number or a label at its start begins, if a gap shows it; else 0.
        text_at: index of that text's first character.
        left, right: the edges between which it was set.
        role: the part of the page it belongs to.
        level: heading level that the file declares, if any.
        segments: its parts where wide gaps divide it, else empty.
        marks: of the footnotes that raised figures in it lead to; its text is without those.
        box: which of the document's mere frames is drawn around it, from 1; 0 for none.
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
    text_at: int = 0
    left: float = 0.0
    right: float = 0.0
    role: Role = Role.BODY
    level: int | None = None
    segments: tuple[Line, ...] = ()
    marks: tuple[str, ...] = ()
    box: int = 0

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


def width_of(text: str) -> float:
    """About how wide a text is, in font sizes."""
    return sum(1.0 if is_cjk(character) else 0.5 for character in text)


def needs_space(before: str, after: str) -> bool:
    """Whether a line break between two texts stands for a space."""
    if not before or not after or before[-1].isspace() or after[0].isspace():
        return False
    if _CUT_NUMBER.fullmatch(before) and after[0].isdecimal():
        return False
    return not (is_cjk(before[-1]) or is_cjk(after[0]) or before[-1] in "-/" or after[0] in "/")


def parted_at(line: Line, edge: float) -> tuple[Line, ...]:
    """A label and the value behind a narrow gap, at the edge of a column; empty where none begins there."""
    if line.segments or not line.text_x or abs(line.text_x - edge) > 1:
        return ()
    label, value = line.text[: line.text_at].rstrip(), line.text[line.text_at :]
    bold = min(line.bold_prefix, len(label))
    end = min(line.x0 + width_of(label) * line.size, edge - _TABBED * line.size - 1)
    return (
        replace(line, text=label, x1=end, bold_prefix=bold),
        replace(line, text=value, x0=edge, bold_prefix=max(0, line.bold_prefix - line.text_at)),
    )


def note_mark(text: str) -> str:
    """The mark that a footnote begins with, "" where a text begins with none."""
    found = _NOTE_BEGINS.match(text)
    return found[0].strip("[]〔〕") if found else ""


def build_lines(pieces: Iterable[Piece], page: int) -> list[Line]:
    """The lines of ``pieces`` from top to bottom; one line for each baseline, however wide its gaps."""
    ordered = sorted(pieces, key=_baseline)
    if len(ordered) == 1:
        return [_alone(ordered[0], page)]
    rows: list[list[Piece]] = []
    for piece in ordered:
        for row in rows[:-4:-1]:
            first = row[0]
            if piece.y - first.y < 0.1 * first.size or _shares_line(first, piece):
                row.append(piece)
                break
        else:
            rows.append([piece])
    return [_line(row, page) if len(row) > 1 else _alone(row[0], page) for row in rows]


_baseline = attrgetter("y", "x0")
_start = attrgetter("x0")


def _shares_line(one: Piece, other: Piece) -> bool:
    overlap = min(one.bottom, other.bottom) - max(one.top, other.top)
    return overlap >= 0.55 * min(one.bottom - one.top, other.bottom - other.top)


def _without_doubles(row: list[Piece]) -> list[Piece]:
    """The pieces from left to right; one drawn twice at a place (a way to look bold) once, and bold."""
    row.sort(key=_start)
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


def _around_others(row: list[Piece]) -> list[Piece]:
    """The pieces of a line, one that leaves room for a sign of another font (有 无 for ☑) divided there."""
    parted: list[Piece] = []
    for piece in row:
        before = parted[-1] if parted else None
        if before and piece.x1 < before.x1 - 0.5 * piece.size and (cut := _room(before, piece.x0)):
            rest = before._replace(text=before.text[cut + 1 :], x0=piece.x1)
            parted[-1:] = [before._replace(text=before.text[:cut], x1=piece.x0), piece, rest]
        else:
            parted.append(piece)
    return parted


def _room(piece: Piece, place: float) -> int:
    """Index of the space of a piece that is nearest to a place of the line; 0 where it has none."""
    width = 0.0
    nearest, found = float("inf"), 0
    for index, character in enumerate(piece.text):
        distance = abs(piece.x0 + width - place)
        if character == " " and distance < nearest:
            nearest, found = distance, index
        width += piece.size * width_of(character)
    return found


def _without_note_marks(row: list[Piece]) -> list[Piece]:
    """The pieces of a line without the small raised figures that lead from an ideograph to a footnote."""
    kept = row[:1]
    for piece in row[1:]:
        before = kept[-1]
        small = piece.size < _MARK_SIZE * before.size and before.y - piece.y > _MARK_RAISED * before.size
        if not (small and _NOTE_MARK.fullmatch(piece.text) and is_cjk(before.text[-1])):
            kept.append(piece)
    return kept


def _line(row: list[Piece], page: int) -> Line:
    pieces = _around_others(_without_doubles(row))
    kept = _without_note_marks(pieces)
    line = _joined(kept, page)
    if len(kept) < len(pieces):
        line.marks = tuple(note_mark(f"{piece.text} …") for piece in pieces if piece not in kept)
    return line


def _alone(piece: Piece, page: int) -> Line:
    return Line(
        piece.text, piece.x0, piece.x1, piece.y, piece.size, len(piece.text) if piece.bold else 0,
        page, piece.spaced, piece.turn, piece.pale,
    )  # fmt: skip


def _joined(row: Sequence[Piece], page: int) -> Line:
    if len(row) == 1:
        return _alone(row[0], page)
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
        if piece.x0 - before.x1 > FAR_APART * _common_size(before, piece) and not spread:
            parts.append([piece])
        else:
            parts[-1].append(piece)
    return parts


def _common_size(one: Piece, other: Piece) -> float:
    """The size to measure a gap by: a larger title may only happen to stand beside a column's lines."""
    aligned = abs(one.y - other.y) < 0.1 * max(one.size, other.size)
    return max(one.size, other.size) if aligned else min(one.size, other.size)


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
    text_x, text_at = 0.0, 0
    for before, piece in itertools.pairwise(row):
        gap = (piece.x0 - before.x1) / max(before.size, piece.size, 1.0)
        space = "" if spread else _space(before, piece, gap)
        if gap > _NUMBERED and not space and NUMBER.fullmatch(text) and is_cjk(piece.text[0]):
            space = " "
        if not text_x and gap > 0.3 and len(text) <= _LONGEST_LABEL:
            text_x, text_at = piece.x0, len(text) + len(space)
        if piece.bold and bold_prefix == len(text):
            bold_prefix += len(space) + len(piece.text)
        text += space + piece.text
    size, y = row[0].size, row[0].y
    if any(piece.size != size for piece in row):
        size, y = _main_size(row)
    x1 = max(piece.x1 for piece in row)
    pale = all(piece.pale for piece in row)
    return Line(
        text, row[0].x0, x1, y, size, bold_prefix, page, row[-1].spaced, row[0].turn, pale, text_x, text_at
    )  # fmt: skip


def _main_size(row: Sequence[Piece]) -> tuple[float, float]:
    """The size of most characters, and the baseline of the first piece that has it."""
    heights = Counter[float]()
    for piece in row:
        heights[piece.size] += len(piece.text)
    size = heights.most_common(1)[0][0]
    return size, next(piece.y for piece in row if piece.size == size)


def _space(before: Piece, after: Piece, gap: float) -> str:
    if gap > FAR_APART:
        return "\t"
    if before.spaced or gap > _APART:
        return " "
    last, first = before.text[-1], after.text[0]
    if gap > _TOUCHING and not is_cjk(last) and not is_cjk(first):
        return " "
    ideographs = is_cjk(last) and is_cjk(first) and last.isalpha() and (first.isalpha() or first in _OPENING)
    return " " if ideographs and gap > _TABBED else ""
