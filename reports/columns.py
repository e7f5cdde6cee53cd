"""Lines of a terminal: widths in columns and line breaks as Chinese is set."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

_OPENING = "（《“‘〔【「『([{"
_CLOSING = "，。、；：？！）》”’〕】」』…,.;:?!)]}%"
_PIECE = re.compile(rf"[{re.escape(_OPENING)}]*(?:[!-~\u00a0-\u024f]+|.)[{re.escape(_CLOSING)}]*|.")
"""What must not be torn apart: a word or a character, with the punctuation that clings to it."""


def columns(text: str) -> int:
    """How many columns ``text`` takes; one of ambiguous width counts as two, as in Chinese terminals."""
    return sum(map(_columns, text))


def wrapped(text: str, width: int) -> list[str]:
    """``text`` in lines of at most ``width`` columns; at least one line."""
    lines, line, used = [], "", 0
    for piece in _pieces(text, width):
        takes = columns(piece)
        if used + takes > width and line:
            lines.append(line.rstrip())
            line, used, piece = "", 0, piece.lstrip()
            takes = columns(piece)
        line, used = line + piece, used + takes
    return [*lines, line.rstrip()]


def _pieces(text: str, width: int) -> Iterator[str]:
    """Pieces of ``text``; one that is wider than a line is torn into characters."""
    for match in _PIECE.finditer(text):
        if columns(match[0]) > width:
            yield from match[0]
        else:
            yield match[0]


def _columns(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WFA" else 1
