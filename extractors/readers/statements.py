"""Single statements: periods, dates, levels and mentions, and the deadlines that follow from dates."""

from __future__ import annotations

import re
from datetime import date, timedelta

from extractors.facts.dates import choose_date, find_dates
from extractors.facts.levels import choose_level
from extractors.facts.numerals import parse_number
from extractors.facts.period import end_after_signing, longest_total
from extractors.outline import Outline
from extractors.readers.scope import Reading, Scope, Source, paragraphs_of, proses, substantive
from extractors.text import any_of, normals
from extractors.workdays import whole_months as months_between
from extractors.workdays import working_days as days_between
from schemas.packs import FactSpec


def period(spec: FactSpec, scope: Scope) -> Reading | None:
    """The longest total period that the text allows, in months."""
    prefer, avoid, own = spec.words("prefer"), spec.words("avoid"), spec.words("own")
    # What is called by the fact's own word comes before what often is the same: 质保期五年，免费运维三年.
    others = tuple(word for word in prefer if not any(word in each or each in word for each in own))
    for met, prose in zip(substantive(scope), proses(scope), strict=True):
        for text in (prose.text, met.section.title):
            found = longest_total(text, prefer=own, avoid=(*avoid, *others)) if own else None
            found = found or longest_total(text, prefer=prefer, avoid=avoid)
            if found is not None:
                return Reading(found.months, (prose.source(found.span),))
        in_unit = _in_unit_of_title(prose.text, met.section.title)
        if in_unit is not None:
            return Reading(in_unit, (prose.source((0, 0)),))
    return _until(scope)


def _until(scope: Scope) -> Reading | None:
    """The months to the day on which a period ends that begins with a signing yet to come.

    It is longest where the contract is signed as soon as the document is written or filed.
    """
    for prose in proses(scope):
        ends = end_after_signing(prose.text)
        earliest = _written_on(prose.met.outline) or scope.as_of
        if ends is None or earliest is None or ends[0] <= earliest:
            continue
        after = ends[0] + timedelta(days=1)
        months = 12 * (after.year - earliest.year) + after.month - earliest.month
        return Reading(months + (after.day > earliest.day), (prose.source(ends[1]),))
    return None


def _written_on(outline: Outline) -> date | None:
    """The day on the cover or under the signature, the first of the month where only that is there."""
    lines = (line.shown for line in (*outline.opening, *outline.closing, *outline.head))
    return next((dates[-1].value for line in lines if (dates := find_dates(line))), None)


_UNIT_IN_TITLE = re.compile(r"[(（]\s*(?:单位[：:])?\s*(年|个?月)\s*[)）]")


def _in_unit_of_title(text: str, title: str) -> int | None:
    """Months of a bare number whose unit the title gives: 服务周期（月）: 36."""
    unit = _UNIT_IN_TITLE.search(title)
    number = parse_number(text.strip(" 　。.")) if unit else None
    if unit is None or number is None or number <= 0 or number > 600:
        return None
    months = number * 12 if unit[1] == "年" else number
    return int(months) if months == months.to_integral_value() else None


def day(spec: FactSpec, scope: Scope) -> Reading | None:
    """The day that is meant, as ISO 8601."""
    for prose in proses(scope):
        found = choose_date(prose.text, prefer=spec.words("prefer"), avoid=spec.words("avoid"))
        if found is not None:
            return Reading(found.value.isoformat(), (prose.source(found.span),))
    return None


def level(spec: FactSpec, scope: Scope) -> Reading | None:
    """The level of classified protection, 1 to 5."""
    for met, prose in zip(substantive(scope), proses(scope), strict=True):
        for text in (prose.text, met.section.title):
            found = choose_level(text)
            if found is not None:
                return Reading(found.level, (prose.source(found.span),))
    return None


def mention(spec: FactSpec, scope: Scope) -> Reading | None:
    """True where a paragraph of the main document says what one of the patterns matches; else nothing."""
    pattern = any_of(tuple(spec.options["patterns"]))
    for outline in scope.outlines[:1]:
        lines = [
            (section, paragraph) for section in outline.root.walk() for paragraph in paragraphs_of(section)
        ]
        for (section, paragraph), text in zip(lines, normals(p.text for _, p in lines), strict=True):
            if pattern.search(text):
                return Reading(True, (Source(outline, paragraph, section.title),))
    return None


def working_days(spec: FactSpec, scope: Scope) -> Reading | None:
    """Working days from the day after a date of the record to the filing date (Art. 11, 15)."""
    start = scope.readings.get(spec.options["from"])
    if start is None:
        return None
    if scope.as_of is None:
        return Reading(None, start.sources, unknown="as-of")
    days = days_between(date.fromisoformat(start.value), scope.as_of)
    return Reading(days, start.sources) if days is not None else Reading(None, unknown="calendar")


def whole_months(spec: FactSpec, scope: Scope) -> Reading | None:
    """Whole months from the filing date to a date of the record (Art. 16)."""
    end = scope.readings.get(spec.options["to"])
    if end is None:
        return None
    if scope.as_of is None:
        return Reading(None, end.sources, unknown="as-of")
    return Reading(months_between(scope.as_of, date.fromisoformat(end.value)), end.sources)
