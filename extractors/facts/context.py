"""The words around a value, which say what it is the value of."""

from __future__ import annotations

import re
from dataclasses import dataclass

CLAUSE_ENDS = ",。;、\n!?"
SENTENCE_ENDS = "。;\n!?"
# A word after a value speaks of it only from close by: 三年免费运维, 于4月24日通过验收.
_REACH = 12
# A word farther away than this speaks of something else, whatever the punctuation.
_FARTHEST = 400
_OPENERS, _CLOSERS = "([【{", ")]】}"


@dataclass(frozen=True, slots=True)
class Steering:
    """Which word, wanted or not, speaks of a value.

    Attributes:
        rank: for a wanted word, how early it stands in ``prefer`` (the first weighs most); 0 if the nearest
            word is unwanted or there is none.
        avoided: the nearest word is an unwanted one.
    """

    rank: int = 0
    avoided: bool = False


def lead(text: str, start: int, floor: int = 0, stops: str = CLAUSE_ENDS) -> str:
    """What leads to the value at ``start``: back to a stop, an open bracket or ``floor``.

    A closed bracket does not part the words around it: 总投资(含税)为 leads as a whole.
    """
    depth = 0
    at = start
    floor = max(floor, start - _FARTHEST)
    while at > floor:
        character = text[at - 1]
        if character in _CLOSERS:
            depth += 1
        elif character in _OPENERS:
            if depth == 0:
                break
            depth -= 1
        elif depth == 0 and character in stops:
            break
        at -= 1
    return text[at:start]


def tail(text: str, end: int, stops: str = CLAUSE_ENDS + ":") -> str:
    """The few words that follow a value, up to a stop or a bracket."""
    following = text[end : end + _REACH]
    return re.split(f"[{re.escape(stops + _OPENERS + _CLOSERS)}]", following, maxsplit=1)[0]


def steering(
    text: str, span: tuple[int, int], prefer: tuple[str, ...], avoid: tuple[str, ...], floor: int = 0
) -> Steering:
    """Find the word of ``prefer`` or ``avoid`` that speaks of the value at ``span``: the nearest one.

    The value's own clause is asked first, behind and before it, then the clauses before it in its sentence,
    back to ``floor`` (where another value ends).  Of words that overlap, the one that begins first counts:
    免费运维 in 免费运维期, whatever 运维期 is.
    """
    start, end = span
    clause = lead(text, start, floor)
    sentence = lead(text, start, floor, SENTENCE_ENDS)
    for before, after in ((clause, tail(text, end)), (sentence, "")):
        if found := _nearest(before, after, prefer, avoid):
            return found
    return Steering()


def _nearest(before: str, after: str, prefer: tuple[str, ...], avoid: tuple[str, ...]) -> Steering | None:
    found = [
        _Word(*place, rank) for word, rank in _ranked(prefer, avoid) for place in _places(before, after, word)
    ]
    if not found:
        return None
    gap = len(before)
    nearest = min(found, key=lambda word: (word.distance(gap), word.start - word.end))
    # An unwanted word right in front of it says what the nearest one is of: 免费维护期.
    overlapping = [
        word
        for word in found
        if word.start < nearest.end and nearest.start < word.end + (0 if word.rank else 1)
    ]
    chosen = min(overlapping, key=lambda word: (word.start, -word.end))
    return Steering(chosen.rank) if chosen.rank else Steering(avoided=True)


@dataclass(frozen=True, slots=True)
class _Word:
    """A steering word in the text around a value, the value itself cut out; ``rank`` 0 is unwanted."""

    start: int
    end: int
    rank: int

    def distance(self, gap: int) -> int:
        """How many characters lie between the word and the value, which stood at ``gap``."""
        return gap - self.end if self.end <= gap else self.start - gap


def _ranked(prefer: tuple[str, ...], avoid: tuple[str, ...]) -> list[tuple[str, int]]:
    return [(word, len(prefer) - place) for place, word in enumerate(prefer)] + [(word, 0) for word in avoid]


def _places(before: str, after: str, word: str) -> list[tuple[int, int]]:
    """Where ``word`` stands nearest to the value on either side."""
    found = []
    if (at := before.rfind(word)) >= 0:
        found.append((at, at + len(word)))
    if (at := after.find(word)) >= 0:
        found.append((len(before) + at, len(before) + at + len(word)))
    return found
