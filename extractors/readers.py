"""The fact readers by the names that packs use: from the sections that meet a requirement to one value.

A reader is a function ``(FactSpec, Scope) -> Reading | None``; a further one is one function and one line in
``READERS``.  Which words steer it is the pack's affair (``x-fact``).
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from extractors.document import Paragraph, Role, Table, paragraphs
from extractors.facts.dates import choose_date
from extractors.facts.levels import choose_level
from extractors.facts.listed import sum_of_items
from extractors.facts.money import Money, SourceSum, choose_total, find_capitals, sum_of_sources, unit_of
from extractors.facts.numerals import parse_number
from extractors.facts.period import longest_total
from extractors.facts.tables import (
    BudgetLine,
    BudgetTable,
    is_consistent,
    join_budgets,
    read_budget,
    read_sources,
)
from extractors.matching import Met
from extractors.outline import ORGANISATION, Outline, Section
from extractors.text import fold, normal
from extractors.titles import core
from extractors.workdays import whole_months, working_days
from schemas import Language
from schemas.packs import FactSpec


@dataclass(frozen=True, slots=True)
class Source:
    """Where a value was read: the paragraph (None: the whole document) under its heading.

    ``quote`` stands for the paragraph's text where that alone says too little: a cell with its row's name.
    """

    outline: Outline
    paragraph: Paragraph | None
    heading: str
    quote: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """A value that was read.

    Attributes:
        value: JSON scalar as it stands in the record.
        sources: places it was read from.
        resolution: of an amount, what one unit of its last shown digit is worth, in yuan.
        terms: of a sum, how many amounts it adds up.
        approximate: 约, 左右 and the like stand beside the amount.
        unknown: why it cannot be computed although it should ("calendar", "as-of"); "" normally.
    """

    value: Any
    sources: tuple[Source, ...] = ()
    resolution: Decimal | None = None
    terms: int = 1
    approximate: bool = False
    unknown: str = ""


@dataclass(frozen=True, slots=True)
class Scope:
    """Where a reader may look.

    Attributes:
        outlines: the submission's documents, the main one first.
        met: the sections that meet the fact's requirement, best first; empty for facts of the whole.
        as_of: the filing date.
        readings: what was read before, by path.
        language: the pack's language, for facts of the whole.
        budgets: budget tables that were read before, by identity of the table.
    """

    outlines: tuple[Outline, ...]
    met: tuple[Met, ...]
    as_of: date | None
    readings: Mapping[str, Reading]
    language: Language | None = None
    budgets: dict[int, BudgetTable | None] = field(default_factory=dict)


class _Prose:
    """A section's paragraphs as one text that knows which paragraph each character came from."""

    def __init__(self, met: Met, *, cells: bool) -> None:
        self.met = met
        self._starts: list[int] = []
        self._paragraphs: list[Paragraph] = []
        parts: list[str] = []
        length = 0
        for paragraph in _paragraphs(met.section, cells=cells):
            self._starts.append(length)
            self._paragraphs.append(paragraph)
            parts.append(paragraph.shown)
            length += len(paragraph.shown) + 1
        self.text = "\n".join(parts)

    def source(self, span: tuple[int, int]) -> Source:
        index = max(0, bisect_right(self._starts, span[0]) - 1)
        paragraph = self._paragraphs[index] if self._paragraphs else self.met.section.heading
        return Source(self.met.outline, paragraph, self.met.section.title)


def _paragraphs(section: Section, *, cells: bool) -> Iterator[Paragraph]:
    for block in section.content():
        if isinstance(block, Paragraph):
            if block.role is Role.BODY and not block.prompt:
                yield block
        elif cells and isinstance(block, Table):
            yield from block.paragraphs()


def _proses(scope: Scope, *, cells: bool = True) -> Iterator[_Prose]:
    for met in scope.met:
        if met.substantive:
            yield _Prose(met, cells=cells)


# -- periods, dates, levels ------------------------------------------------------------------------------


def _period(spec: FactSpec, scope: Scope) -> Reading | None:
    """The longest total period that the text allows, in months."""
    prefer, avoid, own = spec.words("prefer"), spec.words("avoid"), spec.words("own")
    # What is called by the fact's own word comes before what often is the same: 质保期五年，免费运维三年.
    others = tuple(word for word in prefer if not any(word in each or each in word for each in own))
    for met, prose in zip(_substantive(scope), _proses(scope), strict=True):
        for text in (prose.text, met.section.title):
            found = longest_total(text, prefer=own, avoid=(*avoid, *others)) if own else None
            found = found or longest_total(text, prefer=prefer, avoid=avoid)
            if found is not None:
                return Reading(found.months, (prose.source(found.span),))
        in_unit = _in_unit_of_title(prose.text, met.section.title)
        if in_unit is not None:
            return Reading(in_unit, (prose.source((0, 0)),))
    return None


_UNIT_IN_TITLE = re.compile(r"[(（]\s*(?:单位[：:])?\s*(年|个?月)\s*[)）]")


def _in_unit_of_title(text: str, title: str) -> int | None:
    """Months of a bare number whose unit the title gives: 服务周期（月）: 36."""
    unit = _UNIT_IN_TITLE.search(title)
    number = parse_number(text.strip(" 　。.")) if unit else None
    if unit is None or number is None or number <= 0 or number > 600:
        return None
    months = number * 12 if unit[1] == "年" else number
    return int(months) if months == months.to_integral_value() else None


def _date(spec: FactSpec, scope: Scope) -> Reading | None:
    """The day that is meant, as ISO 8601."""
    for prose in _proses(scope):
        found = choose_date(prose.text, prefer=spec.words("prefer"), avoid=spec.words("avoid"))
        if found is not None:
            return Reading(found.value.isoformat(), (prose.source(found.span),))
    return None


def _level(spec: FactSpec, scope: Scope) -> Reading | None:
    """The level of classified protection, 1 to 5."""
    for met, prose in zip(_substantive(scope), _proses(scope), strict=True):
        for text in (prose.text, met.section.title):
            found = choose_level(text)
            if found is not None:
                return Reading(found.level, (prose.source(found.span),))
    return None


def _mention(spec: FactSpec, scope: Scope) -> Reading | None:
    """True where a paragraph of the main document says what one of the patterns matches; else nothing."""
    pattern = _alternatives(tuple(spec.options["patterns"]))
    for outline in scope.outlines[:1]:
        for section in outline.root.walk():
            for paragraph in _paragraphs_of(section):
                if pattern.search(normal(paragraph.text)):
                    return Reading(True, (Source(outline, paragraph, section.title),))
    return None


@lru_cache(maxsize=64)
def _alternatives(patterns: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{p})" for p in patterns))


def _substantive(scope: Scope) -> Iterator[Met]:
    return (m for m in scope.met if m.substantive)


def _paragraphs_of(section: Section) -> Iterator[Paragraph]:
    return (b for b in section.blocks if isinstance(b, Paragraph))


# -- money -----------------------------------------------------------------------------------------------


_BARE_WAN = re.compile(r"(?<=\d)\s?万(?=[。；;，,)）\s]|$)")
"""28.5万, with 元 left out, at the end of a clause."""


def _total(spec: FactSpec, scope: Scope) -> Reading | None:
    """The project's total: as the text states it, else the table's total, else the sum of its items."""
    in_words: Reading | None = None
    accounts = {id(met): budget for met, budget in _accounts(scope, None)}
    for met, prose in zip(_substantive(scope), _proses(scope, cells=False), strict=True):
        unit = unit_of(met.section.title)
        text = _BARE_WAN.sub("万元", prose.text)
        found = choose_total(text, unit=unit, prefer=spec.words("prefer"), avoid=spec.words("avoid"))
        if found is not None:
            amount = _amount(found.amount, found.resolution, prose.source(found.span))
            in_words = replace(amount, approximate=found.approximate)
            if not found.capital:
                return in_words
            break
        budget = accounts.get(id(met))
        if budget is not None and budget.total is not None:
            return _of_line(met, budget.total)
    for met, budget in _accounts(scope, None):
        if budget.total is not None:
            return _of_line(met, budget.total)
        if budget.items:
            return _amount(budget.items_sum, budget.resolution, _line_source(met, budget.items[0]))
    if in_words is not None:
        return in_words
    for met in _substantive(scope):
        prose = _Prose(met, cells=True)
        found = choose_total(prose.text, unit=unit_of(met.section.title), prefer=spec.words("prefer"))
        if found is not None:
            return _amount(found.amount, found.resolution, prose.source(found.span))
    return None


def _items_sum(spec: FactSpec, scope: Scope) -> Reading | None:
    """The sum of the items of the budget table or of its several tables, else of those that prose lists."""
    stated = _stated(spec, scope)
    for met, budget in _accounts(scope, stated):
        if len(budget.items) >= 1:
            source = _line_source(met, budget.items[0])
            return Reading(_number(budget.items_sum), (source,), budget.resolution, len(budget.items))
    if stated is None:
        return None
    proses = list(_proses(scope, cells=False))
    # 资金总额 and 资金构成 may be two sections, of which the second lists what the first states.
    together = "\n".join(f"{prose.met.section.title}\n{prose.text}" for prose in proses)
    for text in (*(prose.text for prose in proses), together):
        listed = sum_of_items(text, stated)
        if listed is not None:
            source = proses[0].source((0, 0))
            return Reading(_number(listed.total), (source,), listed.resolution, len(listed.items))
    return None


def _table_total(spec: FactSpec, scope: Scope) -> Reading | None:
    """The total row of the budget table."""
    for met, budget in _accounts(scope, _stated(spec, scope)):
        if budget.total is not None:
            return _of_line(met, budget.total)
    return None


def _capital_total(spec: FactSpec, scope: Scope) -> Reading | None:
    """The total in capital numerals."""
    for prose in _proses(scope, cells=True):
        capitals = find_capitals(prose.text)
        if capitals:
            return _capital(capitals, prose)
    for met, table, budget, _ in _budgets(scope):
        if budget.capital is not None:
            source = _table_source(met, table)
            return _amount(budget.capital.amount, budget.capital.resolution, source)
    return None


def _capital(capitals: list[Money], prose: _Prose) -> Reading:
    largest = max(capitals, key=lambda m: m.amount)
    return _amount(largest.amount, largest.resolution, prose.source(largest.span))


def _sources_sum(spec: FactSpec, scope: Scope) -> Reading | None:
    """The sum of the funding sources, where amounts are given; a table of several before a total in words."""
    in_words = _sources_in_words(spec, scope)
    if in_words is not None and in_words.terms > 1:
        return in_words
    for met, table, caption in _tables(scope):
        found = read_sources(table, caption)
        if found is not None and (len(found.parts) > 1 or (found.parts and in_words is None)):
            source = _table_source(met, table)
            return Reading(_number(found.total), (source,), found.resolution, len(found.parts))
    return in_words


def _sources_in_words(spec: FactSpec, scope: Scope) -> Reading | None:
    for prose in _proses(scope, cells=False):
        found = sum_of_sources(prose.text, prefer=spec.words("prefer"), avoid=spec.words("avoid"))
        if found is not None and found.parts:
            source = prose.source(found.parts[0].span)
            total = _apart_from(found, prose.met, scope.readings.get(str(spec.options.get("apart_from"))))
            return Reading(_number(total), (source,), found.resolution, len(found.parts))
    return None


def _apart_from(found: SourceSum, met: Met, estimate: Reading | None) -> Decimal:
    """The sum of the sources without the estimate itself, where one section states both."""
    if met.shared < 2 or estimate is None or len(found.parts) < 2:
        return found.total
    whole = Decimal(str(estimate.value))
    total, amounts = found.total, [part.amount for part in found.parts]
    if whole in amounts:
        amounts.remove(whole)
        total -= whole
    # The estimate's own items come to it, and the sources follow them.
    items = next((n for n in range(2, len(amounts)) if sum(amounts[:n]) == whole), 0)
    return total - whole if items else total


def _difference(spec: FactSpec, scope: Scope) -> Reading | None:
    """The first amount minus the second, 0 where rounding of shown digits explains it.

    It is 0 too where the first is one of ``or_of``: what then contradicts the second is told elsewhere.
    """
    paths = [p if "." in p else f"{spec.requirement}.{p}" for p in spec.words("of")]
    first, second = (scope.readings.get(p) for p in paths)
    if first is None or second is None:
        return None
    others = (other for p in spec.words("or_of") if (other := scope.readings.get(p)) is not None)
    if _is_same(first, second) or any(_is_same(first, other) for other in others):
        value = Decimal(0)
    else:
        value = Decimal(str(first.value)) - Decimal(str(second.value))
    return Reading(_number(value), (*first.sources, *second.sources))


def _is_same(summed: Reading, stated: Reading) -> bool:
    return is_consistent(
        Decimal(str(stated.value)),
        Decimal(str(summed.value)),
        summed.resolution or Decimal(0),
        summed.terms,
        stated_resolution=stated.resolution,
        approximate=stated.approximate,
    )


def _stated(spec: FactSpec, scope: Scope) -> Decimal | None:
    """The amount that the items should come to, as read before."""
    reading = scope.readings.get(str(spec.options.get("whole")))
    return None if reading is None else Decimal(str(reading.value))


def _accounts(scope: Scope, stated: Decimal | None) -> Iterator[tuple[Met, BudgetTable]]:
    """Of each section that has budget tables, the account that they give together."""
    for met in _substantive(scope):
        read = [(budget, caption) for other, _, budget, caption in _budgets(scope) if other is met]
        if read:
            budgets, captions = zip(*read, strict=True)
            yield met, join_budgets(budgets, captions, stated)


def _budgets(scope: Scope) -> Iterator[tuple[Met, Table, BudgetTable, str]]:
    for met, table, caption in _tables(scope):
        # Several facts are read from one table, which is dear to read.
        if id(table) not in scope.budgets:
            scope.budgets[id(table)] = read_budget(table, caption)
        budget = scope.budgets[id(table)]
        if budget is not None:
            yield met, table, budget, caption


def _tables(scope: Scope) -> Iterator[tuple[Met, Table, str]]:
    for met in _substantive(scope):
        caption = met.section.title
        for block in met.section.content():
            if isinstance(block, Table):
                yield met, block, caption
            elif isinstance(block, Paragraph):
                caption = block.shown


def _table_source(met: Met, table: Table) -> Source:
    return Source(met.outline, next(table.paragraphs(), met.section.heading), met.section.title)


def _of_line(met: Met, line: BudgetLine) -> Reading:
    return _amount(line.amount, line.resolution, _line_source(met, line))


def _line_source(met: Met, line: BudgetLine) -> Source:
    """The cell that an amount was read from."""
    cells = (p for block in met.section.content() if isinstance(block, Table) for p in block.paragraphs())
    cell = next((p for p in cells if p.number == line.paragraph), met.section.heading)
    return Source(met.outline, cell, met.section.title, f"{line.name} {line.text}".strip())


def _amount(amount: Decimal, resolution: Decimal, source: Source) -> Reading:
    return Reading(_number(amount), (source,), resolution)


def _number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(round(value, 2))


# -- deadlines -------------------------------------------------------------------------------------------


def _working_days(spec: FactSpec, scope: Scope) -> Reading | None:
    """Working days from the day after a date of the record to the filing date (Art. 11, 15)."""
    start = scope.readings.get(spec.options["from"])
    if start is None:
        return None
    if scope.as_of is None:
        return Reading(None, start.sources, unknown="as-of")
    days = working_days(date.fromisoformat(start.value), scope.as_of)
    return Reading(days, start.sources) if days is not None else Reading(None, unknown="calendar")


def _whole_months(spec: FactSpec, scope: Scope) -> Reading | None:
    """Whole months from the filing date to a date of the record (Art. 16)."""
    end = scope.readings.get(spec.options["to"])
    if end is None:
        return None
    if scope.as_of is None:
        return Reading(None, end.sources, unknown="as-of")
    return Reading(whole_months(scope.as_of, date.fromisoformat(end.value)), end.sources)


# -- labelled text ---------------------------------------------------------------------------------------

_VALUE_END = re.compile(r"[ \t　]{1,}(?=[^\s：:]{2,12}[：:])|[\t\n；;]|。(?=.)| {3,}|　{2,}")
_BLANK = re.compile(r"[\s_＿/\\—\-xX×…．.。*]*")
_MAX_VALUE = 80


def _label(spec: FactSpec, scope: Scope) -> Reading | None:
    """The value of a label: in a form, behind a colon, and of the project's name from the title."""
    labels = tuple(spec.words("labels"))
    for outline in scope.outlines:
        found = _under_title(outline, labels) or _behind_colon(outline, labels)
        if found is not None:
            return found
    main = scope.outlines[0] if scope.outlines else None
    if main is None or scope.language is None:
        return None
    return _from_title(main, scope.language) if spec.options.get("from_title") else _from_cover(main)


def _under_title(outline: Outline, labels: tuple[str, ...]) -> Reading | None:
    wanted = {core(label): rank for rank, label in reversed(list(enumerate(labels)))}
    best: tuple[int, Reading] | None = None
    for section in outline.root.walk():
        rank = wanted.get(core(section.title))
        if rank is None or (best and best[0] <= rank):
            continue
        text = "".join(b.shown.strip() for b in section.content() if isinstance(b, Paragraph))
        if text and not _BLANK.fullmatch(text) and len(text) <= _MAX_VALUE:
            first = next(paragraphs(section.blocks), None)
            best = (rank, Reading(text, (Source(outline, first, section.title),)))
    return best[1] if best else None


def _behind_colon(outline: Outline, labels: tuple[str, ...]) -> Reading | None:
    pattern = _label_pattern(labels)
    best: tuple[int, Reading] | None = None
    for section in outline.root.walk():
        # 一、项目名称：… is read as a title, for its number.
        titled = (section.heading,) if section.heading is not None and section.title else ()
        for paragraph in (*titled, *_paragraphs_of(section)):
            if len(paragraph.text) > 4 * _MAX_VALUE or not ("：" in paragraph.text or ":" in paragraph.text):
                continue
            for found in pattern.finditer(fold(paragraph.text)):
                rank = _rank_of(found[1], labels)
                value = _VALUE_END.split(paragraph.text[found.end() :].lstrip())[0].strip(" 　。，,；;")
                if not value or _BLANK.fullmatch(value) or len(value) > _MAX_VALUE:
                    continue
                if best is None or rank < best[0]:
                    best = (rank, Reading(value, (Source(outline, paragraph, section.title),)))
    return best[1] if best else None


@lru_cache(maxsize=64)
def _label_pattern(labels: tuple[str, ...]) -> re.Pattern[str]:
    spaced = (r"[ \t　]*".join(map(re.escape, label)) for label in sorted(labels, key=len, reverse=True))
    return re.compile(
        rf"(?:^|(?<=[\s（(、；;，,。]))({'|'.join(spaced)})(?:[（(][^）)]{{0,10}}[)）])?[ \t　]*[：:]"
    )


def _rank_of(label: str, labels: tuple[str, ...]) -> int:
    plain = normal(label)
    return next((i for i, each in enumerate(labels) if normal(each) == plain), len(labels))


def _from_title(outline: Outline, language: Language) -> Reading | None:
    """The project's name from the document's title, without what the title puts around it."""
    tails, heads = _longest_first(language.title_tails), _longest_first(language.title_heads)
    lines = outline.opening or outline.head
    for line in lines:
        text = _REVISION.sub(
            "", re.sub(r"\s", "", unicodedata.normalize("NFKC", fold(line.shown))).strip(_QUOTES)
        )
        tail = next((t for t in tails if text.lower().endswith(t)), None)
        rest = _without_heads(_BY_UNIT.sub("", text), heads)
        if tail is not None and tail.startswith("项目") and _SYSTEM.search(rest[: -len(tail)]):
            name = rest[: -len(tail)]  # …系统 + 项目验收备案表
        elif tail is not None or _PAPER.search(text):
            name = _up_to_project(rest) or (_without_tails(rest, tails) if tail else "")
        else:
            continue
        name = "" if name == rest or name.lower() in tails else _unquoted(name)
        if name.endswith("项目项目"):
            name = name[:-2]  # …建设项目 + 项目验收备案表
        if len(name) >= _MIN_NAME:
            return Reading(name, (Source(outline, line, ""),))
        above = [p for p in lines if p.number < line.number and _may_be_name(p)]
        if len(name) < _MIN_NAME and above:
            return Reading(above[0].shown.strip(_QUOTES + " 　"), (Source(outline, above[0], ""),))
    return None


@lru_cache(maxsize=64)
def _longest_first(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted(map(normal, words), key=len, reverse=True))


def _without_heads(text: str, heads: tuple[str, ...]) -> str:
    """The title without the words before the name, one after the other: 关于 | 申请 | 实施."""
    while head := next((h for h in heads if text.lower().startswith(h)), ""):
        text = text[len(head) :]
    return text


def _up_to_project(text: str) -> str:
    """The title up to its last 项目, which is the name's own end; "" where that word does not end it.

    投资促进项目管理系统 is a system's name.
    """
    found = list(_PROJECT.finditer(text))
    if not found or found[-1].start() < _MIN_NAME or _SYSTEM_INSIDE.search(text, found[-1].end()):
        return ""
    return text[: found[-1].end()]


def _without_tails(text: str, tails: tuple[str, ...]) -> str:
    """The title without the words behind the name: …系统 | 停运 | 有关事项 | 的 | 报告."""
    while True:
        text = text.rstrip("的-—")
        tail = next((t for t in tails if text.lower().endswith(t)), "")
        if not tail or len(text) - len(tail) < _MIN_NAME:
            return text
        text = text[: -len(tail)]


def _unquoted(name: str) -> str:
    """The name without the quotation marks around it, or around all of it but 项目 at its end."""
    opened, closed = name[:1], {"“": "”", "《": "》", '"': '"'}.get(name[:1], "")
    if closed and name.count(opened) <= 2 and closed in name[1:]:
        name = name[1:].replace(closed, "", 1)
    return name.strip(_QUOTES + "的-—") if name.count("“") == name.count("”") else name


def _may_be_name(line: Paragraph) -> bool:
    """A line over the title that is no date, no label, no unit and no red head."""
    text = re.sub(r"\s", "", line.shown)
    return not (_DATED.search(text) or ORGANISATION.search(text) or _RED_HEAD.match(text))


_QUOTES = '《》“”"'
_MIN_NAME = 4
_REVISION = re.compile(
    r"[(（](?:[^()（）]{0,8}稿|[^()（）]{0,6}版|[^()（）]{0,4}类|[^()（）]{0,4}需求[^()（）]{0,4})[)）]$"
)
_BY_UNIT = re.compile(
    r"^[^《》“”]{3,30}?(?:局|委|办|部|中心|院|馆|会|街道|政府|办公室|大队|支队|分局)(?=关于)"
)
_PAPER = re.compile("(?:书|表|单|函|报告|方案|请示|说明|材料|申请|备案|报备|需求|登记|计划|文档|设计)$")
_PROJECT = re.compile(r"项目(?:\(?[一二三四五六七八九十\d]+期(?:工程|项目)?\)?)?")
_SYSTEM = re.compile("(?:系统|平台|网络?|中心|数据库|小程序|工程)$")
_SYSTEM_INSIDE = re.compile("系统|平台|数据库|小程序|中心")
_RED_HEAD = re.compile(r"^([^\s]{4,30}?)(?:文件|（签章）|（公章）)$")
_DATED = re.compile(r"[年月日\d：:]")


def _from_cover(outline: Outline) -> Reading | None:
    """The unit whose name stands alone on the cover, that signs at the end, or whose red head is on top."""
    for line in outline.opening:
        text = re.sub(r"\s", "", line.shown)
        if _MIN_NAME <= len(text) <= 30 and ORGANISATION.search(text) and not _DATED.search(text):
            return Reading(text, (Source(outline, line, ""),))
    for paragraph in outline.closing:
        text = re.sub(r"[（(](?:盖章|公章|签章|印章)[)）]", "", paragraph.text).strip()
        if 4 <= len(text) <= 30 and not _DATED.search(text):
            return Reading(re.sub(r"\s", "", text), (Source(outline, paragraph, ""),))
    for first in paragraphs(outline.root.blocks[:2]):
        found = _RED_HEAD.match(re.sub(r"\s", "", first.text))
        if found:
            return Reading(found[1], (Source(outline, first, ""),))
    return None


Reader = Callable[[FactSpec, Scope], Reading | None]

READERS: Mapping[str, Reader] = {
    "period": _period,
    "date": _date,
    "level": _level,
    "mention": _mention,
    "total": _total,
    "items-sum": _items_sum,
    "table-total": _table_total,
    "capital-total": _capital_total,
    "sources-sum": _sources_sum,
    "difference": _difference,
    "working-days": _working_days,
    "whole-months": _whole_months,
    "label": _label,
}
