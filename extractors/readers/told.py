"""Days that a submission tells of beside their own fields: when something was done."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby

from extractors.facts.dates import choose_date
from extractors.outline import Outline, Section
from extractors.readers.elsewhere import clauses_of, lines_of, own_section
from extractors.readers.scope import Reading, Scope, Source
from extractors.text import any_of, fold
from schemas.packs import FactSpec

_SENTENCE_END = re.compile(r"[。；;\n]")
_CLAUSE_END = re.compile(r"[，,](?!\d{3}(?!\d))")
_LABEL = re.compile(r"[：:]")
_WHEN = re.compile(r"\s*(?:会议|召开)?(?:时间|日期)\s*[：:]")
"""The field of an occasion's paper that says when it was."""
_MAX_BESIDE_DATE = 8
"""Longest text beside the date in a clause that only says when: 2024年6月18日上午."""


def told_otherwise(spec: FactSpec, scope: Scope) -> Reading | None:
    """Another day for what the fact dates, as a part tells that does not tell the fact's own day."""
    said = scope.readings.get(str(spec.options["instead_of"]))
    if said is None or not said.sources:
        return None
    home = said.sources[0].outline
    own = own_section(said, scope)
    known = {said.value} | {
        found.value.isoformat() for text in clauses_of(own) if (found := choose_date(text)) is not None
    }
    for outline in _asked(spec, scope):
        told = _told(spec, outline, own if outline is home else None)
        for _, group in groupby(told, key=lambda reading: reading.sources[0].heading):
            days = list(group)
            if not any(day.value in known for day in days):
                return replace(days[-1], sources=(*days[-1].sources, *said.sources))
    return None


def told_later(spec: FactSpec, scope: Scope) -> Reading | None:
    """The day of what must come before the fact's own day, where it is told to be later."""
    said = scope.readings.get(str(spec.options["instead_of"]))
    if said is None or not said.sources:
        return None
    for outline in _asked(spec, scope):
        for day in _told(spec, outline, None):
            if day.value > said.value:
                return replace(day, sources=(*day.sources, *said.sources))
    return None


def _asked(spec: FactSpec, scope: Scope) -> Iterator[Outline]:
    """The main document, and the attachments that are not wholly about something else (初验报告)."""
    apart = any_of(spec.words("without"))
    yield from scope.outlines[:1]
    for outline in scope.outlines[1:]:
        if not apart.search(" ".join(outline.titles[:1])):
            yield outline


def _told(spec: FactSpec, outline: Outline, own: Section | None) -> Iterator[Reading]:
    """The days on which a document says that it was done, in reading order."""
    done, apart = any_of(spec.words("patterns")), any_of(spec.words("without"))
    beside = re.compile(str(spec.options.get("beside", "")))
    titles = " ".join(outline.titles)
    of_occasion = any_of(spec.words("titled")).search(titles) is not None
    for text, paragraph, title in lines_of(outline, own, on_cover=False):
        for sentence in _SENTENCE_END.split(fold(text)):
            if not beside.search(f"{titles} {title} {sentence}"):
                continue
            when = ""
            for clause in _CLAUSE_END.split(sentence):
                dated = choose_date(clause) is not None
                timed = clause if dated or not when else f"{when}，{clause}"
                if dated:
                    when = clause if _only_says_when(clause) else ""
                says_so = done.search(clause) or (of_occasion and _WHEN.match(clause))
                found = choose_date(timed) if says_so and not apart.search(timed) else None
                if found is not None:
                    yield Reading(found.value.isoformat(), (Source(outline, paragraph, title),))


def _only_says_when(clause: str) -> bool:
    clause = _LABEL.split(clause)[-1]
    found = choose_date(clause)
    return found is not None and len(clause.strip()) - len(found.text) <= _MAX_BESIDE_DATE
