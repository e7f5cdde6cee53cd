"""Footnotes: what stands at a page's foot, set apart, under a mark that a word of the page leads to.

All three must be seen.  A paragraph that is taken for a note is lost, and with it maybe a section.
"""

from __future__ import annotations

from collections.abc import Sequence

from extractors.document import Role
from extractors.pdf.layout import PageDraft
from extractors.pdf.lines import Line, note_mark
from extractors.pdf.page import Rule

_SMALLER = 0.9
"""Size of a note's type, at most, in sizes of the text's, where nothing else sets it apart."""
_SAME_SIZE = 0.6
"""Points by which the lines of notes differ in size."""
_LOWER_HALF, _FOOT = 0.5, 0.8
"""Shares of the page's height below which notes begin and end."""
_SHORT_RULE = 0.5
"""Share of the text's width that the rule above notes reaches at most."""


def mark_notes(pages: Sequence[PageDraft], body_size: float) -> None:
    """Give footnotes their role.

    Args:
        pages: whose running lines are known.
        body_size: of most of the document's text, in points.
    """
    for page in pages:
        for line in _notes(page, body_size):
            line.role = Role.NOTE


def _notes(page: PageDraft, body_size: float) -> Sequence[Line]:
    lines = sorted((line for line in page.body_lines if not line.turn), key=lambda line: line.y)
    if not any(line.marks for line in lines) or lines[-1].bottom < _FOOT * page.frame.height:
        return ()
    tables_end = max((item.bottom for item in page.items if not isinstance(item, Line)), default=0.0)
    start = max(_LOWER_HALF * page.frame.height, tables_end)
    for index, line in enumerate(lines):
        above, notes = lines[:index], lines[index:]
        if line.top < start or not any(note_mark(line.text) in other.marks for other in above):
            continue
        if _are_set_apart(above, notes, page.rules, body_size):
            return notes
    return ()


def _are_set_apart(
    above: Sequence[Line], notes: Sequence[Line], rules: Sequence[Rule], body_size: float
) -> bool:
    """Whether notes are in smaller type, or have a short rule above them and are in no larger type."""
    size, last = notes[0].size, above[-1]
    if any(abs(line.size - size) > _SAME_SIZE for line in notes):
        return False
    if size <= _SMALLER * min(body_size, last.size):
        return True
    left, right = min(line.x0 for line in above), max(line.x1 for line in above)
    ruled = any(
        last.bottom < rule.at < notes[0].top + size / 2
        and abs(rule.start - left) < body_size * 3
        and rule.end - rule.start <= _SHORT_RULE * (right - left)
        for rule in rules
    )
    return ruled and size <= body_size
