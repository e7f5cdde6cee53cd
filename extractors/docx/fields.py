"""Fields: instructions of which only the result is read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from extractors.docx.names import VAL, child_value, on_off, w, whole

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_CONTENTS = frozenset({"TOC"})
_FETCHING = frozenset({"DDE", "DDEAUTO", "INCLUDETEXT", "INCLUDEPICTURE", "INCLUDE", "IMPORT"})
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
        answer: of a form field, what was chosen in it.
        has_result: it has shown some text.
    """

    instruction: str = ""
    shows: bool = False
    answer: str = ""
    has_result: bool = False

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
        """What a field without a result draws: a form's answer, ① for a 1 in a circle, the base of a ruby."""
        if self.answer and not self.has_result:
            return self.answer
        if self.kind != "EQ" or self.shows:
            return ""
        ruby = _RUBY.search(self.instruction)
        if ruby:
            return ruby[1]
        stacked = _STACKED.search(self.instruction)
        return _encircled(stacked[1].strip(), stacked[2].strip()) if stacked else ""


def form_answer(mark: Element) -> str:
    """What was chosen in the form field that ``mark`` begins: a list's entry, ☑ or ☐; "" for others."""
    form = mark.find(w("ffData"))
    if form is None:
        return ""
    box, choice = form.find(w("checkBox")), form.find(w("ddList"))
    if box is not None:
        ticked = on_off(box, "checked")
        return "☑" if (on_off(box, "default") if ticked is None else ticked) else "☐"
    if choice is None:
        return ""
    entries = [entry.get(VAL, "") for entry in choice.iterchildren(w("listEntry"))]
    chosen = whole(child_value(choice, "result") or child_value(choice, "default")) or 0
    return entries[chosen] if 0 <= chosen < len(entries) else ""


def _encircled(frame: str, text: str) -> str:
    if frame in _CIRCLES and text.isdecimal() and 0 < int(text) <= len(_CIRCLED):
        return _CIRCLED[int(text) - 1]
    return text
