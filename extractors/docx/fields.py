"""Fields: instructions of which only the result is read."""

from __future__ import annotations

import re
from dataclasses import dataclass

_CONTENTS = frozenset({"TOC"})
_FETCHING = frozenset({"DDE", "DDEAUTO", "INCLUDETEXT", "INCLUDE", "IMPORT"})
_STACKED = re.compile(r"\\o(?:\\a[clrd])?\s*\(\s*([^,()]+)[,，;；]\s*([^()]+?)\s*\)", re.IGNORECASE)
_RUBY = re.compile(r"\\up?\s*\d*\s*\([^()]*\)\s*[,，;；]\s*([^()]+?)\s*\)", re.IGNORECASE)
_CIRCLES = frozenset("○◯〇О")
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"


@dataclass(slots=True)
class Field:
    """A field while it is read.

    Attributes:
        instruction: what it says so far.
        shows: its result has begun; before that, all text in it is instruction.
    """

    instruction: str = ""
    shows: bool = False

    @property
    def kind(self) -> str:
        """Its first word in capitals, e.g. "TOC"; "" where there is none."""
        words = self.instruction.split(maxsplit=1)
        return words[0].upper() if words else ""

    @property
    def is_contents(self) -> bool:
        """It makes a table of contents."""
        return self.kind in _CONTENTS

    @property
    def fetches(self) -> bool:
        """It brings data from another program or file when it is updated."""
        return self.kind in _FETCHING

    def drawn(self) -> str:
        """What an ``EQ`` field without a result draws: ① for a 1 in a circle, the base of a ruby."""
        if self.kind != "EQ" or self.shows:
            return ""
        ruby = _RUBY.search(self.instruction)
        if ruby:
            return ruby[1]
        stacked = _STACKED.search(self.instruction)
        return _encircled(stacked[1].strip(), stacked[2].strip()) if stacked else ""


def _encircled(frame: str, text: str) -> str:
    if frame in _CIRCLES and text.isdecimal() and 0 < int(text) <= len(_CIRCLED):
        return _CIRCLED[int(text) - 1]
    return text
