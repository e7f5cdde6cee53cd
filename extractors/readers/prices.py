"""What a paper that is required states as its price: a contract's amount, in figures and in capitals."""

from __future__ import annotations

import re
from collections.abc import Iterator

from extractors.facts.money import Money, find_capitals, find_money, may_state_money
from extractors.matching import Met
from extractors.readers.elsewhere import label_pattern, lines_in
from extractors.readers.money import amount_of
from extractors.readers.scope import Reading, Scope, Source
from extractors.text import any_of, fold
from schemas.packs import FactSpec

_SENTENCE_END = re.compile(r"[。；;\n]")
_LONGEST = 80
"""No price is stated in more characters, its capitals included."""


def price(spec: FactSpec, scope: Scope) -> Reading | None:
    """The one amount behind the labels; None where several differ, or several papers state one each."""
    return _only([(m, s) for figures, _, s in _stated(spec, scope) for m in figures[:1]])


def price_in_capitals(spec: FactSpec, scope: Scope) -> Reading | None:
    """The one amount in capital numerals behind the labels; None where several differ."""
    return _only([(m, s) for _, capitals, s in _stated(spec, scope) for m in capitals[:1]])


def _only(found: list[tuple[Money, Source]]) -> Reading | None:
    return amount_of(*found[0]) if len({money.amount for money, _ in found}) == 1 else None


def _stated(spec: FactSpec, scope: Scope) -> Iterator[tuple[list[Money], list[Money], Source]]:
    """The amounts of each sentence that a label leads to: in figures and in capitals.

    What the letter's own section or the rest of its file holds is asked where no attachment states any.
    """
    papers = [m for m in scope.met if m.attachment]
    found = [each for met in papers for each in _stated_in(met, spec)]
    yield from found or (each for met in scope.met if not met.attachment for each in _stated_in(met, spec))


def _stated_in(met: Met, spec: FactSpec) -> Iterator[tuple[list[Money], list[Money], Source]]:
    pattern, apart = label_pattern(spec.words("patterns")), any_of(spec.words("without"))
    if not apart.search("".join(met.outline.titles)):
        for text, paragraph, title in lines_in(met):
            if not may_state_money(text):
                continue
            for label in pattern.finditer(fold(text)):
                end = _SENTENCE_END.search(text, label.end())
                said = text[label.start() : end.start() if end else len(text)][:_LONGEST]
                figures = [m for m in find_money(said) if not m.capital and m.per is None]
                yield figures, find_capitals(said), Source(met.outline, paragraph, title)
