"""The edges between which text is set: where lines begin and end on pages like their own."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Sequence

from extractors.numbering import split_number
from extractors.pdf.lines import CLOSING, RUN_IN_LABEL, Line

_SHORT = 0.75
"""Share of the width between even margins that the lines must reach for their end to be the edge."""
_WRAPS = 4
"""Lines begun at the left edge behind one that ended at the right, from which on that is one."""
_BEYOND, _FEWEST_BEYOND = 2.0, 2
"""Font sizes beyond an edge that no mark hangs over, and lines that run on so far where it is none."""
_WRAPPED = 0.25
"""Share of the lines that must then end there."""


def set_edges(lines: Sequence[Line], width: float) -> None:
    """Tell each line that does not know its column's edges yet what they are on pages like its own.

    Args:
        lines: the lines of pages of one size that stand in one column.
        width: of those pages, in points.
    """
    if not lines:
        return
    size = Counter(line.size for line in lines).most_common(1)[0][0]
    left = common_edge([line.x0 for line in lines], size)
    unhung = [line for line in lines if line.text[-1] not in CLOSING] or lines
    right = -common_edge([-line.x1 for line in unhung], size)
    between = width - 2 * left
    if right - left < _SHORT * between and not _is_wrapped(lines, left, right, size):
        # Hardly a line is full: the edge is where the longest ends, or as far in as the left one.
        longest = max(line.x1 for line in lines)
        right = longest if longest - left >= _SHORT * between else width - left
    for line in lines:
        line.left, line.right = min(left, line.x0), right


def common_edge(places: list[float], size: float) -> float:
    """The outermost place that several lines (nearly) reach."""
    places = sorted(places)
    needed = max(2, len(places) // 25)
    for index, place in enumerate(places):
        if index + needed <= len(places) and places[index + needed - 1] - place <= 1.2 * size:
            return place
    return places[0]


def _is_wrapped(lines: Sequence[Line], left: float, right: float, size: float) -> bool:
    """Whether lines end at the right edge because text goes on at the left one, and not with a label.

    Where lines run on beyond it, titles of as many characters each end there.
    """
    if sum(line.x1 > right + _BEYOND * size for line in lines) >= _FEWEST_BEYOND:
        return False
    full = [
        after
        for before, after in itertools.pairwise(lines)
        if abs(right - before.x1) < 1.6 * size and before.page == after.page and after.y > before.y
    ]
    wraps = sum(abs(line.x0 - left) < 0.5 * size and not _begins_anew(line.text) for line in full)
    return wraps >= _WRAPS and len(full) >= _WRAPPED * len(lines)


def _begins_anew(text: str) -> bool:
    return RUN_IN_LABEL.match(text) is not None or split_number(text) is not None
