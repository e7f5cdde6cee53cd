"""Plain form of a text for reading facts: one width, no stray spaces, every character knowing its origin."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, pairwise

from extractors.text import fold

# Looks that mean the same character when a number, a date or a range is read.
_SAME = {
    **dict.fromkeys("‐‑‒–—―─━−－﹣", "-"),
    **dict.fromkeys("～〜∼﹏", "~"),
    **dict.fromkeys("○◯", "〇"),
    **dict.fromkeys("“”„‟＂〝〞「」", '"'),
    "﹢": "+",
    "…": "…",
    "\r": "\n",
    "\t": " ",
}
# Wrapped capital numerals may be joined over a line break: 贰拾捌万⏎伍仟元整.
_CAPITAL_RUN = "零壹贰叁肆伍陆柒捌玖拾佰仟万亿元圆角分整"
# A line break inside a value that a narrow cell wrapped is no break: 28.5⏎万元, 2024年⏎3月.
_WRAPPED = re.compile(
    rf"(?<=[\d.,])\n(?=[年月日个万亿元千百.])|(?<=\d[年月])\n(?=\d)|(?<=[{_CAPITAL_RUN}])\n(?=[{_CAPITAL_RUN}])"
)
_LETTER_SPACED = re.compile(r"(?<![\d.,])\d(?: +\d(?!\d))+(?![\d])")
_GROUPED = re.compile(r"(?<![\d.,])\d{1,3}(?: \d{3})+(?=(?:\.\d+)? ?[万亿元])")
# "1. 28万元" begins a list item; its point is no decimal point.
_LIST_POINT = re.compile(r"(?:^|[\n。;:])\s*\d{1,2}\.( +)(?=\d)")
_SPACES = re.compile(r" +")
# The letter O typed for 〇: 二O二六年.
_LETTER_FOR_ZERO = re.compile(r"(?<=[〇零一二三四五六七八九])[Oo](?=[〇零一二三四五六七八九Oo年月日])")
_BOOK_TITLE = re.compile(r"《[^《》\n]*》")
_MASK = "\ue000"


@dataclass(frozen=True, slots=True)
class Plain:
    """A text made plain, with the way back.

    Attributes:
        original: the text as it was passed in.
        text: its plain form: compatibility forms folded, dashes and quotes of one kind, spaces gone except
            where they part two numbers, line breaks gone where they only wrap a value.
        places: for each character of ``text``, its index in ``original``.
    """

    original: str
    text: str
    places: Sequence[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Span in the original of ``text[start:end]``, which must not be empty."""
        return self.places[start], self.places[end - 1] + 1

    def quote(self, start: int, end: int) -> str:
        """The original's words for ``text[start:end]``."""
        first, last = self.span(start, end)
        return self.original[first:last]


class _Folds(dict[int, str]):
    """Characters' plain forms, found when first asked for; most are one character, the others are known."""

    def __init__(self) -> None:
        self.uneven: set[str] = set()

    def __missing__(self, code: int) -> str:
        if len(self) >= _REMEMBERED:
            self.clear()
        character = chr(code)
        folded = self[code] = _folded(character)
        if len(folded) != 1:
            self.uneven.add(character)
        return folded


_REMEMBERED = 50_000
_FOLDS = _Folds()


@lru_cache(maxsize=64)
def plain(original: str) -> Plain:
    """Make ``original`` plain."""
    text = original.translate(_FOLDS)
    places: Sequence[int] = range(len(original))
    if not _FOLDS.uneven.isdisjoint(original):
        places = tuple(place for place, c in enumerate(original) for _ in range(len(_FOLDS[ord(c)])))
    if "O" in text or "o" in text:
        text = _LETTER_FOR_ZERO.sub("〇", text)
    dropped = _dropped(text) if " " in text or "\n" in text else None
    if not dropped:
        return Plain(original, text, places)
    edges = (-1, *sorted(dropped), len(text))
    kept = [slice(before + 1, after) for before, after in pairwise(edges)]
    return Plain(
        original,
        "".join([text[each] for each in kept]),
        tuple(chain.from_iterable([places[each] for each in kept])),
    )


def without_book_titles(text: str) -> str:
    """The same text, as long as before, with what stands in 《》 masked: a title's years are no facts."""
    return _BOOK_TITLE.sub(lambda m: _MASK * len(m.group()), text)


def _folded(character: str) -> str:
    if character in _SAME:
        return _SAME[character]
    folded = fold(character)
    if not folded or folded.isascii():
        return folded
    # ① and ² are marks beside a number, not digits of it.
    if unicodedata.category(folded[0]) == "No":
        return folded
    return " " if folded.isspace() else unicodedata.normalize("NFKC", folded)


def _dropped(text: str) -> set[int]:
    """Indices of white space that a reader does not see as a break."""
    dropped = {i for match in _WRAPPED.finditer(text) for i in range(*match.span())}
    for pattern in (_LETTER_SPACED, _GROUPED):
        for match in pattern.finditer(text):
            dropped.update(i for i in range(*match.span()) if text[i] == " ")
    kept = {i for match in _LIST_POINT.finditer(text) for i in range(*match.span(1))}
    for match in _SPACES.finditer(text):
        if not _parts_numbers(text, *match.span()):
            dropped.update(range(*match.span()))
    return dropped - kept


def _parts_numbers(text: str, start: int, end: int) -> bool:
    return start > 0 and end < len(text) and text[start - 1].isdigit() and text[end].isdigit()
