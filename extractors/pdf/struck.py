"""Text that is struck out: what a tracked deletion looks like when it is printed."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from operator import attrgetter

from extractors.pdf.page import Piece, Rule

_HIGH, _LOW = 0.46, 0.16
"""Height of the stroke above the baseline, in font sizes, between which it crosses the characters."""
_COVERED = 0.8
"""Share of a text's width that is struck."""
_OVER = 0.4
"""Font sizes by which a stroke reaches beyond the text on its line; a table's line goes farther."""

_baseline = attrgetter("y")


def without_struck(pieces: list[Piece], across: Sequence[Rule]) -> list[Piece]:
    """The pieces that no horizontal rule of their own length runs through."""
    if not across or not pieces:
        return pieces
    ordered = sorted(pieces, key=_baseline)
    heights = [piece.y for piece in ordered]
    largest = max(piece.size for piece in pieces)
    covered: dict[int, float] = {}
    for rule in across:
        start, end = bisect_left(heights, rule.at), bisect_right(heights, rule.at + _HIGH * largest)
        line = [piece for piece in ordered[start:end] if _crosses(rule, piece)]
        if line and _is_of_text(rule, line):
            for piece in line:
                part = min(rule.end, piece.x1) - max(rule.start, piece.x0)
                covered[id(piece)] = covered.get(id(piece), 0.0) + max(0.0, part)
    return [p for p in pieces if covered.get(id(p), 0.0) < _COVERED * (p.x1 - p.x0)] if covered else pieces


def _crosses(rule: Rule, piece: Piece) -> bool:
    return _LOW * piece.size < piece.y - rule.at < _HIGH * piece.size and not piece.turn


def _is_of_text(rule: Rule, line: Sequence[Piece]) -> bool:
    """Whether the rule begins and ends where text does."""
    room = _OVER * line[0].size
    return (
        rule.start > min(piece.x0 for piece in line) - room
        and rule.end < max(piece.x1 for piece in line) + room
    )
