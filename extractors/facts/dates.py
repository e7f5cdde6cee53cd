"""Calendar dates as Chinese documents write them, and the one that is meant."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from extractors.facts.context import steering
from extractors.facts.numerals import CHINESE, parse_number
from extractors.facts.plain import Plain, plain, without_book_titles

# A year before or after these is a slip of the pen or another number.
_FIRST_YEAR, _LAST_YEAR = 1949, 2100
_N = rf"(?:\d{{1,2}}|[{CHINESE}]{{1,4}})"
_YEAR = r"(?:\d{4}|[〇零\d一二三四五六七八九壹贰叁肆伍陆柒捌玖]{4})"
_DAY_WORD = r"[日号號]"
_TO = r"(?:-+|~|至|到)"
_WRITTEN = re.compile(
    rf"(?<!\d)(?P<year>{_YEAR}|\d\d(?=年\d{{1,2}}月\d{{1,2}}{_DAY_WORD}))年(?:度)?(?P<month>{_N})月(?:份)?"
    rf"(?:(?P<day>{_N}){_DAY_WORD}|(?P<open>{_N})(?={_TO}{_N}{_DAY_WORD}))?"
)
_DOTTED = re.compile(
    r"(?<![\d./A-Za-z])(?P<year>(?:19|20)\d\d)(?P<mark>[.\-/])(?P<month>\d{1,2})(?:(?P=mark)(?P<day>\d{1,2}))?日?(?![\d%万元亿]|[./]\d)"
)
_COMPACT = re.compile(
    r"(?<![\d.\-/A-Za-z])(?P<year>(?:19|20)\d\d)(?P<month>\d\d)(?P<day>\d\d)(?![\d.%]|[万元亿])"
)
_WITHOUT_YEAR = re.compile(rf"(?<![\d年第个])(?P<next>次年|翌年)?(?P<month>{_N})月(?P<day>{_N}){_DAY_WORD}")
_DAY_ALONE = re.compile(rf"{_TO}(?:当月)?(?P<day>{_N}){_DAY_WORD}")
_DOTTED_END = re.compile(r"(?:-+|~|至|到)(?P<month>\d{1,2})\.(?P<day>\d{1,2})(?![\d.])")
_MONTH_ALONE = re.compile(
    rf"{_TO}(?:同年|当年|(?P<next>次年|翌年))?(?P<month>{_N})月(?:份|底|末)?(?!{_N}{_DAY_WORD})"
)
_OPENS_RANGE = re.compile(rf"(?:\([^()]*\))?(?:起|开始)?{_TO}(?=[\d{CHINESE}])")


@dataclass(frozen=True, slots=True)
class DateMention:
    """A date that a text states.

    Attributes:
        value: the day; the first of the month where only a month is written.
        precision: what is written.
        span: place in the text that was passed in.
        text: quoted from there.
        opens_range: it begins a range (4月20日至24日), whose end follows.
    """

    value: date
    precision: Literal["day", "month"]
    span: tuple[int, int]
    text: str
    opens_range: bool = False


@dataclass(frozen=True, slots=True)
class WrittenDate:
    """A date of the calendar with its place in the plain text.

    Attributes:
        year, month: as written, or taken from the date before.
        day: None where only a month is written.
        start, end: place in the plain text.
    """

    year: int
    month: int
    day: int | None
    start: int
    end: int


def find_dates(text: str) -> list[DateMention]:
    """Find the dates in ``text``, in reading order.

    Read are 2026年3月2日(号), 2026-03-02, 2026/3/2, 2026.3.2, 20260302, 二〇二六年三月二日, months alone, and
    days that take their year (and month) from the date before them (4月24日; 至24日).  Days that the calendar
    does not have are left out, as are book titles.
    """
    reading = plain(text)
    return [_mention(reading, written) for written in written_dates(without_book_titles(reading.text))]


def choose_date(
    text: str, *, prefer: tuple[str, ...] = (), avoid: tuple[str, ...] = ()
) -> DateMention | None:
    """Choose the day that is meant.

    Dates whose nearest word is one of ``avoid`` are left out; of the others those with a word of ``prefer``
    come first, an earlier word of ``prefer`` before a later one.  Of several that are left the last is meant:
    a range ends with its last day, and a story ends with what it was told for.  Months alone are never it.
    """
    reading = plain(text)
    masked = without_book_titles(reading.text)
    best: tuple[int, DateMention] | None = None
    floor = 0
    for written in written_dates(masked):
        words = steering(masked, (written.start, written.end), prefer, avoid, floor)
        mention = _mention(reading, written)
        floor = floor if mention.opens_range else written.end
        if mention.precision == "month" or mention.opens_range or words.avoided:
            continue
        if best is None or words.rank >= best[0]:
            best = (words.rank, mention)
    return best[1] if best else None


def _mention(reading: Plain, written: WrittenDate) -> DateMention:
    opens = _OPENS_RANGE.match(reading.text, written.end) is not None
    return DateMention(
        date(written.year, written.month, written.day or 1),
        "day" if written.day else "month",
        reading.span(written.start, written.end),
        reading.quote(written.start, written.end),
        opens,
    )


def written_dates(text: str) -> list[WrittenDate]:
    """Find the dates in a text that is plain already, in reading order."""
    full = [
        written
        for pattern in (_WRITTEN, _DOTTED, _COMPACT)
        for match in pattern.finditer(text)
        if (written := _checked(match, None)) is not None
    ]
    taken = sorted(full, key=lambda written: written.start)
    for pattern in (_WITHOUT_YEAR, _DAY_ALONE, _MONTH_ALONE, _DOTTED_END):
        taken = sorted([*taken, *_completed(text, pattern, taken)], key=lambda written: written.start)
    return taken


def _completed(text: str, pattern: re.Pattern[str], known: list[WrittenDate]) -> Iterator[WrittenDate]:
    """Dates that lack a year or a month and take it from the date before; never earlier than that one."""
    ends = [written.end for written in known]
    for match in pattern.finditer(text):
        at = bisect_right(ends, match.start())
        if at == 0 or (at < len(known) and known[at].start < match.end()):
            continue
        before = known[at - 1]
        if pattern is not _WITHOUT_YEAR and match.start() != before.end:
            continue
        written = _checked(match, before)
        if written is not None and _order(written) >= _order(before):
            yield written


def _checked(match: re.Match[str], before: WrittenDate | None) -> WrittenDate | None:
    """The date that ``match`` writes, None where the calendar does not have it."""
    groups = match.groupdict()
    year = _number(groups.get("year")) or (before.year if before else 0)
    month = _number(groups.get("month")) or (before.month if before else 0)
    written_day = groups.get("day") or groups.get("open")
    day = _number(written_day)
    year += (2000 if year < 100 else 0) + (1 if groups.get("next") else 0)
    if not _FIRST_YEAR <= year <= _LAST_YEAR or (written_day and not day):
        return None
    try:
        date(year, month, day or 1)
    except (ValueError, OverflowError):
        return None
    start = min(match.start(name) for name, group in groups.items() if group and name != "mark")
    return WrittenDate(year, month, day, start, match.end())


def _order(written: WrittenDate) -> tuple[int, int, int]:
    return written.year, written.month, written.day or 1


def _number(text: str | None) -> int | None:
    value = parse_number(text) if text else None
    return int(value) if value is not None else None
