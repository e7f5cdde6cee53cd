"""The words around a value, which say what it is the value of."""

from __future__ import annotations

import re
from dataclasses import dataclass

CLAUSE_ENDS = ",。;、\n!?"
SENTENCE_ENDS = "。;\n!?"
# A word after a value speaks of it only from close by: 三年免费运维, 于4月24日通过验收.
_REACH = 12
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
    back to ``floor`` (where another value ends).  Of two words that end at one place the longer one counts.
    """
    start, end = span
    clause = lead(text, start, floor)
    sentence = lead(text, start, floor, SENTENCE_ENDS)
    for before, after in ((clause, tail(text, end)), (sentence, "")):
        if found := _nearest(before, after, prefer, avoid):
            return found
    return Steering()


def _nearest(before: str, after: str, prefer: tuple[str, ...], avoid: tuple[str, ...]) -> Steering | None:
    best: tuple[int, int] | None = None
    answer: Steering | None = None
    for place, word in enumerate((*prefer, *avoid)):
        wanted = place < len(prefer)
        for distance in _distances(before, after, word):
            if best is None or (distance, -len(word)) < best:
                best = (distance, -len(word))
                answer = Steering(len(prefer) - place) if wanted else Steering(avoided=True)
    return answer


def _distances(before: str, after: str, word: str) -> list[int]:
    found = []
    if (at := before.rfind(word)) >= 0:
        found.append(len(before) - at - len(word))
    if (at := after.find(word)) >= 0:
        found.append(at)
    return found
