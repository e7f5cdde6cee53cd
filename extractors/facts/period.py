"""Periods: how long something lasts, renewals included, in months."""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise

from extractors.facts.context import SENTENCE_ENDS, Steering, lead, steering, tail
from extractors.facts.dates import WrittenDate, written_dates
from extractors.facts.numerals import CHINESE, parse_number
from extractors.facts.plain import Plain, plain, without_book_titles
from extractors.facts.ticks import only_ticked

# No project lasts longer; a larger number before 年 is a calendar year (2024年) or another thing.
_LONGEST_YEARS = 50
_LONGEST_MONTHS = 12 * _LONGEST_YEARS
_DAYS_A_YEAR = 365
# Two dates or a number of days may miss whole months by a leap day or by counting the last day twice.
_SLACK_DAYS = 3

_N = rf"(?:\d+(?:\.\d+)?|[{CHINESE}]+)"
_TO = r"(?:-+|~|至|到)"
_YEAR_WORD = r"(?:个)?(?:自然|服务|合同|完整|财政|预算|会计|考核|运维|周)?年(?:度)?"
_MONTH_WORD = r"个(?:日历|自然|整)?月"
_FREE = rf"(?<![\d.第{CHINESE}])"
_DURATION = re.compile(
    rf"{_FREE}(?:{_N}(?:年|个月)?{_TO})?(?:"
    rf"(?P<years>{_N}){_YEAR_WORD}(?:(?P<half>半)|(?:零|又|加|及|,)?(?P<extra>{_N}){_MONTH_WORD})?"
    rf"|(?P<halfyear>半(?:个)?年)|(?P<months>{_N}){_MONTH_WORD}|(?P<manymonths>1[3-9]|[2-9]\d)月(?!\d)"
    rf"|(?P<quarters>{_N})个季度|(?P<days>{_N})(?:个)?(?:日历天|日历日|自然日|自然天|天)(?!内|之内|前|以内))"
)
_SUM_TERM = rf"(?:可选|可?续签?)?{_N}(?:年|{_MONTH_WORD})?(?:期)?(?:\([^()]*\))?"
_SUM = re.compile(
    rf"{_FREE}[\"(]?(?P<terms>{_SUM_TERM}(?:(?:\+|加){_SUM_TERM})+)[\")]?(?P<unit>年|{_MONTH_WORD}|的?(?:模式|方式|形式))?"
)
_YEARS_SPAN = re.compile(
    rf"(?<!\d)(?P<first>(?:19|20)\d\d)年?(?:度)?{_TO}(?P<last>(?:19|20)\d\d)年(?:度|全年)?(?!\d|底|末)"
)
_YEAR = r"(?:19|20)\d\d财?年?(?:度)?"
# 2026、2027、2028三个财政年度; 2026至2029四个年度: years in a row, counted out or not.
_YEARS_LISTED = re.compile(
    rf"(?<!\d)(?P<years>{_YEAR}(?:(?:[、,和及]|以及){_YEAR})+)(?!\d)(?:[,(共计等这]*{_N}个?(?:财政|预算|会计|自然)?年(?:度)?)?"
)
_YEARS_COUNTED = re.compile(
    rf"(?<!\d){_YEAR}{_TO}{_YEAR}[,(共计这]*(?P<count>[{CHINESE}]+)个(?:财政|预算|会计|自然)?年(?:度)?"
)
_ONE_YEAR = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d\d)(?:年度|年?全年|自然年)(?!预算|计划|部门|考核|第|财政)"
)
_BETWEEN_DATES = re.compile(
    r"(?:\([^()]*\))?(?:[0零]时|00:00)?(?:起|开始|始)?(?:,)?(?:-+|~|至|到)"
    r"|(?:起)?,?(?:终止|结束|截止|到期|完成)(?:日期|时间|日)?(?:为|:|至|到)*"
)
_CADENCE = re.compile(
    rf"(?P<years>{_N})年(?:度)?一(?:签|聘|招|采|续|定)|(?P<yearly>每年(?:度)?(?:一)?(?:续)?签|逐年(?:续)?签|[分按]年(?:度)?签)(?:订|署)?(?:一次)?"
)
_RENEW = (
    r"(?:(?<![连持])续签|续约|续聘|续订|续期|再续|可续|延续|延长|延期|"
    r"顺延|展期|再签|(?<!不)再(?:服务|维护)|接续|追加)"
)
_COUNT = re.compile(
    rf"{_RENEW}[^,。;\d{CHINESE}]{{0,8}}(?P<count>{_N})(?:次|期|轮|个(?:服务|合同)?(?:周期|期)|回)"
)
_SIGNED = re.compile(
    rf"(?:最多|至多|不超过|共|累计)[^,。;续]{{0,4}}签[订署约]?[^,。;\d{CHINESE}]{{0,4}}(?P<count>{_N})次"
)

# What the words around a length of time say that it is.
_NO_PERIOD_BEFORE = re.compile(
    r"(?:[第每近前已下本当新]|(?<!则)上|每隔|过去|最近|不足|(?<![期日起])满)$|提前|留存|保存|保管|保留|追溯|经验|业绩|从业|成立|响应|间隔|(?<![合同协议])有效期"
)
_NO_PERIOD_AFTER = re.compile(
    rf"行动|规划|计划|来|以来|前|以前|之前|后|之后|制|以上(?:的)?[^,。;]{{0,6}}经验|(?:{_N})(?:次|评|检|考)|一(?:次|评|检|考|度|测)|内(?:完成|提交|实施|建成|上线|交付|整改|响应|修复|书面)|期国债|一遇|级|/次"
)
_LASTS = re.compile(r"满(?:为)?止")
_RENEWED_UNTIL = re.compile(rf"(?:{_RENEW}|续|延)[^,。;\d]{{0,6}}[至到]$")
"""Leads to the day on which a renewal ends: 服务期延至2029年5月31日."""
_BEGINS = re.compile(r"(?:[0零]时|00:00)?(?:之日)?(?:起|开始)")
_RENEWED_YEARS = re.compile(
    rf"(?:{_RENEW}|续)[^,。;]{{0,8}}?第(?P<ordinal>[{CHINESE}]{{1,2}}|\d{{1,2}})(?:(?:个)?(?:服务|合同)?年(?:度)?)?"
    rf"(?:(?:[、,和及与]|以及|{_TO})第?(?P<last>[{CHINESE}]{{1,2}}|\d{{1,2}}))?(?:个)?(?:服务|合同)?年(?![内底末初\d])"
)
"""Which years a renewal is for: 续签第三年、第四年合同.  The last of them is how long the whole may last."""
_AFTER_SOME_YEARS = re.compile(
    rf"第(?P<years>[{CHINESE}]{{1,2}}|\d{{1,2}})年(?:度)?(?:服务|合同)*期?(?:到期|期?满|届满|结束)[^。;]{{0,30}}?(?:{_RENEW}|续)[^,。;\d]{{0,4}}?"
    rf"(?P<more>{_N}){_YEAR_WORD}"
)
"""From where a renewal is counted: 第一年合同到期后续签后两年."""
_EACH = re.compile(r"每(?:次|期|轮|一次|一期|个周期)|单次|同等")
_RENEWS = re.compile(rf"{_RENEW}|(?<![连持])续")
_RENEWAL_TERM = re.compile(r"(?:的)?(?:续签|续约|延长|延续|续展|延期|续)期?(?:限|$|服务|\))")
_WHOLE = re.compile(
    rf"{_RENEW}(?:服务|合同|期限|时间)*[至到]|最长|不(?:得)?超过|最多|至多|累计|总计|合计|共计|共|总(?:的)?(?:服务|合同|运维|维护)?(?:期|时|年|周期)|上限|连续"
)
_WITH_RENEWALS = re.compile(
    rf"(?:含|包括|连同|加上)[^,。;]{{0,6}}续|{_RENEW}(?:后|(?:服务|合同|期限|时间)*[至到])|总(?:服务|合同)?(?:期|时|年|周期)|累计"
)
_PIECE = re.compile(r"其中|第[一二三四五六\d]+(?:年|期|阶段|个)|首年|次年")
_RESTATES = re.compile(
    r"[,(:]*(?:即|共|共计|合计|总计|为期|约|计|折合|为|服务(?:期|周期|期限)(?:限|为|:)*|具体(?:为|时间)?|(?:期限|时间)(?:为|:)*|自|从|起|止|\)|:|,|\(|\"|期|的|是)*"
)


_FROM_SIGNING = re.compile(
    r"(?:签订|签署|签约|生效|订立)[^,。;\n\d]{0,8}(?:起|后|开始)[^,。;\n\d]{0,4}?(?:至|到|截至|截止|-|~)(?=[于到至]?\d)"
)
_MASK = "\ue000"
_AFTER_AN_EARLIER = re.compile(r"自[^,。;\n]{0,30}?(?:到期|期满|届满|终止|结束)(?:之日|之后|日)?(?:起|后)")
"""From when a period counts: 自上一服务合同到期之日起.  The words of what was before are not about it."""
_FORMER_PARTY = re.compile(
    rf"(?:原|上一?(?:期|轮|次)?)有?(?:运维|维护|服务|合同|项目)(?=[^,。;\n\d]{{0,2}}(?:商|单位|公司|团队|机构|方)[^,。;\n\d]{{0,8}}?{_RENEW})"
)
"""With whom a renewal is: 原服务商可续签1年.  It names who served before, not what was before."""


class PeriodRole(StrEnum):
    """What a length of time is to the whole."""

    BASE = "base"
    EXTENSION = "extension"
    EACH = "each"
    """Length of one renewal (每次一年)."""
    CADENCE = "cadence"
    """How often a contract is signed again (一年一签)."""
    WHOLE = "whole"
    """A bound or sum of everything (最长不超过三年, 共三年)."""
    SUM = "sum"
    """A sum that is written out, renewals included (2年+1年)."""
    PIECE = "piece"
    """A part of the whole (其中第一年)."""


_RENEWING = (PeriodRole.EXTENSION, PeriodRole.EACH, PeriodRole.CADENCE, PeriodRole.SUM)
_SUREST_FIRST = (
    PeriodRole.BASE,
    PeriodRole.CADENCE,
    PeriodRole.SUM,
    PeriodRole.WHOLE,
    PeriodRole.PIECE,
    PeriodRole.EACH,
    PeriodRole.EXTENSION,
)
_EVERYTHING = (PeriodRole.SUM, PeriodRole.WHOLE)


@dataclass(frozen=True, slots=True)
class Period:
    """A length of time that a text states.

    Attributes:
        months: its length; days count 365 to the year and are rounded to the nearest month where that is
            within three days, otherwise up (a day too long is too long).
        span: place in the text that was passed in, from the first to the last word it was read from.
        text: quoted from there.
        start, end: first and last day, where dates are written.
        role: what it is to the whole.
        conflict: months that the same text gives for the same thing otherwise (三年（24个月）), else None.
    """

    months: int
    span: tuple[int, int]
    text: str
    start: date | None = None
    end: date | None = None
    role: PeriodRole = PeriodRole.BASE
    conflict: int | None = None

    @property
    def is_extension(self) -> bool:
        """It is a renewal, or the length of one."""
        return self.role in (PeriodRole.EXTENSION, PeriodRole.EACH)


@dataclass(frozen=True, slots=True)
class _Found:
    """A period with its place in the plain text; ``months`` is 0 until a count of renewals knows its term."""

    months: int
    start: int
    end: int
    role: PeriodRole = PeriodRole.BASE
    first: date | None = None
    last: date | None = None
    count: int = 0
    conflict: int | None = None
    renews: bool = False
    """A bound in a sentence that speaks of renewing; shorter than what is renewed, it bounds the renewal."""
    counted: bool = False
    """What renewals come to as their years are counted, no bound of them."""


def find_periods(text: str) -> list[Period]:
    """Find the lengths of time in ``text``, in reading order.

    Read are years, months, quarters and days, pairs of dates, and sums (2年+1年).  Left out are what only
    looks like one: a calendar year, 第三年, 近三年, 每3个月, 提前15天, 三年行动, titles in 《》.
    """
    reading = plain(text)
    return [_period(reading, found) for found in _find(reading.text) if found.months]


def end_after_signing(text: str) -> tuple[date, tuple[int, int]] | None:
    """The last day of a period from the signing on (自合同签订之日起至2027年12月31日止), and its place."""
    reading = plain(text)
    begins = _FROM_SIGNING.search(reading.text)
    if begins is None:
        return None
    ends = next((w for w in written_dates(reading.text) if w.start >= begins.end()), None)
    if ends is None or reading.text[begins.end() : ends.start].strip("于到至-~"):
        return None
    following = date(ends.year + ends.month // 12, ends.month % 12 + 1, 1)
    last = date(ends.year, ends.month, ends.day) if ends.day else following - timedelta(days=1)
    return last, reading.span(begins.start(), ends.end)


def longest_total(text: str, *, prefer: tuple[str, ...] = (), avoid: tuple[str, ...] = ()) -> Period | None:
    """Find the longest total period that ``text`` allows, renewals included.

    Of several periods those whose nearest word is one of ``avoid`` are left out, with the renewals that
    follow them; if any has a word of ``prefer``, only those are meant.  Then a bound or sum of everything
    (最长不超过三年, 共三年) is the answer; else the longest base with its renewals: a stated length
    (可续签2年), or a number of them (可续签两次) times their length, the cadence's (一年一签) or the base's.
    Renewals without a number or a bound count nothing.

    Args:
        text: e.g. ``服务期限2年，期满经考核合格可续签2年。``
        prefer: words of the period that is meant, e.g. ``("服务周期", "服务期")``.
        avoid: words of other periods, e.g. ``("质保期",)``.

    Returns:
        The period, spanning everything it was read from, or None.
    """
    reading = plain(only_ticked(text))
    stated = reading.text
    for elsewhere in (_AFTER_AN_EARLIER, _FORMER_PARTY):
        stated = elsewhere.sub(lambda match: _MASK * len(match[0]), stated)
    meant = _meant(stated, _find(stated), prefer, avoid)
    base = _base(meant)
    if base is None:
        return None
    renewals = _renewals(meant, base)
    parts = [base, *(found for found, _ in renewals)]
    months = base.months + sum(length for _, length in renewals)
    wholes = [found for found in meant if found.role in _EVERYTHING and found.months >= base.months]
    if wholes and base.role not in _EVERYTHING:
        whole = max(wholes, key=lambda found: found.months)
        bound = any(not found.counted for found in wholes)
        parts, months = [base, whole], whole.months if bound else max(months, whole.months)
    start, end = min(part.start for part in parts), max(part.end for part in parts)
    return replace(_period(reading, replace(base, start=start, end=end)), months=months)


def _period(reading: Plain, found: _Found) -> Period:
    return Period(
        found.months,
        reading.span(found.start, found.end),
        reading.quote(found.start, found.end),
        found.first,
        found.last,
        found.role,
        found.conflict,
    )


def _find(plain_text: str) -> list[_Found]:
    """Every period in a plain text, in reading order, each with its role; what says the same twice is one."""
    text = without_book_titles(plain_text)
    dates = written_dates(text)
    found = list(_date_spans(text, dates))
    found += _renewed_until(text, dates, found)
    text = _masked(text, [(written.start, written.end) for written in dates])
    for reader in (_year_lists, _year_spans, _cadences, _renewed_years, _counts, _sums, _durations):
        fresh = sorted(reader(text), key=lambda each: each.start)
        text = _masked(text, [(each.start, each.end) for each in fresh])
        found += fresh
    found.sort(key=lambda each: each.start)
    floors = [0, *(each.end for each in found)]
    with_roles = [_with_role(plain_text, each, floor) for each, floor in zip(found, floors, strict=False)]
    return _merged(plain_text, with_roles)


def _masked(text: str, spans: list[tuple[int, int]]) -> str:
    """The text, as long as before, without what stands in ``spans``, so that it is not read twice."""
    characters = list(text)
    for start, end in spans:
        characters[start:end] = _MASK * (end - start)
    return "".join(characters)


def _date_spans(text: str, dates: list[WrittenDate]) -> Iterator[_Found]:
    """Pairs of dates; spans that follow one another day by day are one."""
    joined: _Found | None = None
    for first, last in pairwise(dates):
        begin, after = date(first.year, first.month, first.day or 1), _day_after(last)
        if after <= begin or not _BETWEEN_DATES.fullmatch(text, first.end, last.start):
            continue
        start = first.start
        if joined is not None and joined.last == begin - timedelta(days=1) and joined.first is not None:
            start, begin = joined.start, joined.first
        elif joined is not None:
            yield joined
        joined = _Found(
            _months_between(begin, after), start, last.end, first=begin, last=after - timedelta(days=1)
        )
    if joined is not None:
        yield joined


def _renewed_until(text: str, dates: list[WrittenDate], spans: list[_Found]) -> Iterator[_Found]:
    """Renewals up to a day: what they add to the span of dates before, or all since the day before."""
    for before, written in pairwise(dates):
        clause = lead(text, written.start, before.end)
        if not _RENEWED_UNTIL.search(clause):
            continue
        start, after = written.start - len(clause), _day_after(written)
        base = next((span for span in reversed(spans) if span.end <= written.start), None)
        if base is not None and base.last is not None:
            begin, role = base.last + timedelta(days=1), PeriodRole.EXTENSION
        elif _BEGINS.match(text, before.end):
            begin, role = date(before.year, before.month, before.day or 1), PeriodRole.WHOLE
        else:
            continue
        if begin < after:
            months = _months_between(begin, after)
            yield _Found(months, start, written.end, role, counted=role is PeriodRole.WHOLE)


def _renewed_years(text: str) -> Iterator[_Found]:
    for match in _RENEWED_YEARS.finditer(text):
        years = int(_number(match["last"] or match["ordinal"]))
        if 1 < years < _LONGEST_YEARS:
            yield _Found(years * 12, *match.span(), PeriodRole.WHOLE, counted=True)
    for match in _AFTER_SOME_YEARS.finditer(text):
        months = _whole_months((_number(match["years"]) + _number(match["more"])) * 12)
        if 0 < months < _LONGEST_MONTHS:
            yield _Found(months, *match.span(), PeriodRole.WHOLE, counted=True)


def _day_after(written: WrittenDate) -> date:
    if written.day:
        return date(written.year, written.month, written.day) + timedelta(days=1)
    return date(written.year + written.month // 12, written.month % 12 + 1, 1)


def _months_between(first: date, after: date) -> int:
    """Whole months from ``first`` up to the day before ``after``; days left over count as one more."""
    months = (after.year - first.year) * 12 + after.month - first.month
    days = after.day - first.day
    if days < 0:
        months, days = months - 1, days + 30
    return months + (1 if days > _SLACK_DAYS else 0)


def _year_lists(text: str) -> Iterator[_Found]:
    for match in _YEARS_COUNTED.finditer(text):
        years = int(_number(match["count"]))
        if 0 < years < _LONGEST_YEARS:
            yield _Found(years * 12, *match.span())
    for match in _YEARS_LISTED.finditer(text):
        listed = [int(year) for year in re.findall(r"\d{4}", match["years"])]
        if listed == list(range(listed[0], listed[0] + len(listed))):
            yield _Found(
                len(listed) * 12, *match.span(), first=date(listed[0], 1, 1), last=date(listed[-1], 12, 31)
            )


def _year_spans(text: str) -> Iterator[_Found]:
    for match in _YEARS_SPAN.finditer(text):
        first, last = int(match["first"]), int(match["last"])
        if 0 <= last - first < _LONGEST_YEARS:
            yield _Found(
                (last - first + 1) * 12, *match.span(), first=date(first, 1, 1), last=date(last, 12, 31)
            )
    for match in _ONE_YEAR.finditer(text):
        year = int(match["year"])
        yield _Found(12, *match.span(), PeriodRole.PIECE, date(year, 1, 1), date(year, 12, 31))


def _cadences(text: str) -> Iterator[_Found]:
    for match in _CADENCE.finditer(text):
        months = 12 if match["yearly"] else _whole_months(_number(match["years"]) * 12)
        if 0 < months <= _LONGEST_MONTHS:
            yield _Found(months, *match.span(), PeriodRole.CADENCE)


def _counts(text: str) -> Iterator[_Found]:
    for pattern, role in ((_COUNT, PeriodRole.EXTENSION), (_SIGNED, PeriodRole.WHOLE)):
        for match in pattern.finditer(text):
            count = int(_number(match["count"]))
            if 0 < count <= _LONGEST_YEARS:
                yield _Found(0, *match.span(), role, count=count)


def _sums(text: str) -> Iterator[_Found]:
    for match in _SUM.finditer(text):
        terms = re.findall(rf"({_N})(年|{_MONTH_WORD})?", re.sub(r"\([^()]*\)", "", match["terms"]))
        units = [unit for _, unit in terms if unit] + ([match["unit"]] if match["unit"] else [])
        if not units:
            continue
        lengths = [_number(number) * (1 if "月" in (unit or units[-1]) else 12) for number, unit in terms]
        months = sum(lengths, Decimal(0))
        if 0 < months <= _LONGEST_MONTHS:
            yield _Found(_whole_months(months), *match.span(), PeriodRole.SUM)


def _durations(text: str) -> Iterator[_Found]:
    for match in _DURATION.finditer(text):
        months = _length(match)
        clause = lead(text, match.start())
        after = text[match.end() : match.end() + 12]
        if (
            not 0 < months <= _LONGEST_MONTHS
            or (_NO_PERIOD_BEFORE.search(clause[-8:]) and not _LASTS.match(clause[-1:] + after))
            or _NO_PERIOD_AFTER.match(after)
        ):
            continue
        yield _Found(months, match.start(), match.end())


def _length(match: re.Match[str]) -> int:
    groups = match.groupdict()
    if groups["days"]:
        return _months_of_days(_number(groups["days"]))
    months = _number(groups["years"]) * 12 + _number(groups["extra"]) + _number(groups["quarters"]) * 3
    months += _number(groups["months"]) + _number(groups["manymonths"])
    months += 6 if groups["half"] or groups["halfyear"] else 0
    return _whole_months(months)


def _months_of_days(days: Decimal) -> int:
    months = days * 12 / _DAYS_A_YEAR
    slack = Decimal(_SLACK_DAYS * 12) / _DAYS_A_YEAR
    return _whole_months(months - slack)


def _whole_months(months: Decimal) -> int:
    return math.ceil(months)


def _number(text: str | None) -> Decimal:
    return (parse_number(text) or Decimal(0)) if text else Decimal(0)


def _with_role(text: str, found: _Found, floor: int) -> _Found:
    """Say what the words around a period make of it."""
    if found.role is not PeriodRole.BASE:
        return found
    clause = lead(text, found.start, floor)
    role = _role(clause, tail(text, found.end))
    renews = role is PeriodRole.WHOLE and bool(_RENEWS.search(lead(text, found.start, floor, SENTENCE_ENDS)))
    return replace(found, role=role, renews=renews)


def _role(clause: str, after: str) -> PeriodRole:
    if _EACH.search(clause):
        return PeriodRole.EACH
    renews = _RENEWS.search(clause) or _RENEWAL_TERM.match(after)
    if _WHOLE.search(clause) and (not renews or _WITH_RENEWALS.search(clause)):
        return PeriodRole.WHOLE
    if renews:
        return PeriodRole.EXTENSION
    return PeriodRole.PIECE if _PIECE.search(clause) else PeriodRole.BASE


def _merged(text: str, found: list[_Found]) -> list[_Found]:
    """Join a period with the one right behind it that says the same in other words, equal or not."""
    merged: list[_Found] = []
    for each in found:
        before = merged[-1] if merged else None
        if before is None or not _restates(text, before, each):
            merged.append(each)
            continue
        merged[-1] = replace(
            before,
            months=max(before.months, each.months),
            end=each.end,
            first=before.first or each.first,
            last=before.last or each.last,
            conflict=min(before.months, each.months) if before.months != each.months else before.conflict,
        )
    return merged


def _restates(text: str, before: _Found, each: _Found) -> bool:
    stated = (PeriodRole.BASE, PeriodRole.WHOLE)
    between = text[before.end : each.start]
    if before.role not in (PeriodRole.BASE, PeriodRole.SUM) or each.role not in stated:
        return False
    if not _RESTATES.fullmatch(between):
        return False
    return "(" in between or (before.last is None) != (each.last is None)


def _meant(text: str, found: list[_Found], prefer: tuple[str, ...], avoid: tuple[str, ...]) -> list[_Found]:
    """The periods that ``prefer`` and ``avoid`` leave.

    What is no base and has no word of its own goes with the period before it in its sentence.
    """
    judged: list[tuple[_Found, Steering]] = []
    floor = 0
    for each in found:
        words = steering(text, (each.start, each.end), prefer, avoid, floor)
        floor = each.end
        if words == Steering() and judged and each.role is not PeriodRole.BASE:
            before, inherited = judged[-1]
            if not re.search(f"[{SENTENCE_ENDS}]", text[before.end : each.start]):
                words = inherited
        judged.append((each, words))
    allowed = [(each, words) for each, words in judged if not words.avoided]
    best = max((words.rank for each, words in allowed if each.role is not PeriodRole.PIECE), default=0)
    if not best:
        return [each for each, _ in allowed]
    sentences = _sentences(text, [each for each, _ in allowed])
    told = list(zip(allowed, sentences, strict=True))
    renewed = {at for (each, words), at in told if words.rank or each.role in _RENEWING}
    kept = [
        each
        for (each, words), at in told
        if words.rank or each.role in _RENEWING or (each.role is PeriodRole.WHOLE and at in renewed)
    ]
    # Renewals alone (合同期满可续签一年) need what they renew, though no word says that it is the period.
    renewals = (PeriodRole.EXTENSION, PeriodRole.EACH)
    return [each for each, _ in allowed] if all(each.role in renewals for each in kept) else kept


def _sentences(text: str, found: list[_Found]) -> list[int]:
    """For each period, the number of its sentence."""
    ends = [match.start() for match in re.finditer(f"[{SENTENCE_ENDS}]", text)]
    return [bisect_left(ends, each.start) for each in found]


def _base(meant: list[_Found]) -> _Found | None:
    """The period that renewals are added to: the longest of the surest kind there is."""
    for role in _SUREST_FIRST:
        candidates = [found for found in meant if found.role is role and found.months]
        if candidates:
            return max(candidates, key=lambda found: found.months)
    return None


def _renewals(meant: list[_Found], base: _Found) -> list[tuple[_Found, int]]:
    """The renewals that are added to ``base``, each with its months in all."""
    if base.role in (PeriodRole.EXTENSION, *_EVERYTHING):
        return []
    stated = [
        found
        for found in meant
        if (found.role is PeriodRole.EXTENSION and found.months)
        or (found.renews and found.start > base.end and found.months < base.months)
    ]
    counts = [found for found in meant if found.role is PeriodRole.EXTENSION and found.count]
    if not counts:
        return [(found, found.months) for found in stated]
    count = max(counts, key=lambda found: found.count)
    terms = [found for found in meant if found.role is PeriodRole.EACH] or stated
    cadence = [found for found in meant if found.role is PeriodRole.CADENCE]
    term = max((terms or cadence or [base]), key=lambda found: found.months)
    return [(count, count.count * term.months), *((found, 0) for found in terms)]
