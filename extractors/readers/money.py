"""Amounts: the total, what its items and its sources come to, and how far two amounts are apart."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal
from itertools import groupby

from extractors.document import Block, Paragraph, Table
from extractors.facts.listed import sum_of_items, years_before
from extractors.facts.money import (
    UNITS,
    Money,
    SourceSum,
    choose_total,
    declared_unit,
    find_capitals,
    find_money,
    sum_of_sources,
    unit_of,
)
from extractors.facts.plain import plain
from extractors.facts.tables import (
    BudgetLine,
    BudgetTable,
    Subtotal,
    is_consistent,
    join_budgets,
    read_budget,
    read_sources,
)
from extractors.facts.yearly import sum_over_years
from extractors.matching import Met
from extractors.outline import Origin
from extractors.readers.scope import Prose, Reading, Scope, Source, proses, substantive
from schemas.packs import FactSpec

_BARE_WAN = re.compile(r"(?<=\d)\s?万(?=[。；;，,)）\s]|$)")
"""28.5万, with 元 left out, at the end of a clause."""
_UNIT_ALONE = re.compile(
    r"[\s　]*(?:注[：:])?[(（]?[\s　]*(?:以上|上表|表中|表内)?(?:金额|数据)?单位(?:[：:]|[均都]?为)"
    r"[\s　]*(?:人民币)?[十百千万亿]*元[)）]?[。\s　]*"
)
_WAN = UNITS["万元"]
_UNLIKELY = 1000
"""So many times what a table says in 元 its text states only where the table is not in 元."""
YEARS = range(2, 6)
"""For so many years a total may be given where another place names what one of them costs."""
_NEAR = 20
_YEARLY = re.compile(r"(?:[每按]年|年度?(?:运维|维护|服务|运行|租赁)*(?:费用?|经费|资金|预算))[^。；;\n\d]*$")
"""What leads to the amount of one year."""


def total(spec: FactSpec, scope: Scope) -> Reading | None:
    """The project's total: as the text states it, else the table's total, else the sum of its items."""
    in_words: Reading | None = None
    accounted = tuple(_accounts(scope, None))
    accounts = {id(met): budget for met, budget in accounted}
    for met, prose in zip(substantive(scope), proses(scope, cells=False), strict=True):
        unit = _unit(met)
        text = _BARE_WAN.sub("万元", prose.text)
        found = choose_total(text, unit=unit, prefer=spec.words("prefer"), avoid=spec.words("avoid"))
        if found is not None:
            amount = _amount(found.amount, found.resolution, prose.source(found.span))
            in_words = replace(amount, approximate=found.approximate)
            budget = accounts.get(id(met))
            if budget is not None and budget.total is not None and _is_one_source(found, text, met, budget):
                return _of_line(met, budget.total)
            if not found.capital:
                return in_words
            break
        budget = accounts.get(id(met))
        if budget is not None and budget.total is not None:
            return _of_line(met, budget.total)
    for met, budget in accounted:
        if budget.total is not None:
            return _of_line(met, budget.total)
        if budget.items:
            return _amount(budget.items_sum, budget.resolution, _line_source(met, budget.items[0]))
    if in_words is not None:
        return in_words
    for met in substantive(scope):
        prose = Prose(met, cells=True)
        found = choose_total(prose.text, unit=_unit(met), prefer=spec.words("prefer"))
        if found is not None:
            return _amount(found.amount, found.resolution, prose.source(found.span))
    return None


def _is_one_source(found: Money, text: str, met: Met, budget: BudgetTable) -> bool:
    """Whether under a joined title (资金估算与保障) the words only name sources, of which this is one."""
    if met.shared < 2 or budget.total is None or found.amount == budget.total.amount:
        return False
    sources = sum_of_sources(text)
    return (
        sources is not None
        and len(sources.parts) > 1
        and sources.stated is None
        and found.amount in {part.amount for part in sources.parts}
    )


def items_sum(spec: FactSpec, scope: Scope) -> Reading | None:
    """The sum of the items of the budget table or of its several tables, else of those that prose lists."""
    stated = _stated(spec, scope)
    for met, budget in _accounts(scope, stated):
        if len(budget.items) >= 1:
            source = _line_source(met, budget.items[0])
            return Reading(_number(budget.items_sum), (source,), budget.resolution, len(budget.items))
    if stated is None:
        return None
    texts = list(proses(scope, cells=False))
    words = [_BARE_WAN.sub("万元", prose.text) for prose in texts]
    # 资金总额 and 资金构成 may be two sections, of which the second lists what the first states.
    together = "\n".join(
        f"{prose.met.section.title}\n{text}" for prose, text in zip(texts, words, strict=True)
    )
    for text in (*words, together):
        told = [each(text, stated) for each in (sum_of_items, sum_over_years)]
        sums = sorted((each for each in told if each is not None), key=lambda each: each.total == stated)
        if sums:
            source = texts[0].source((0, 0))
            return Reading(_number(sums[0].total), (source,), sums[0].resolution, len(sums[0].items))
    return None


def table_total(spec: FactSpec, scope: Scope) -> Reading | None:
    """The total row of the budget table."""
    for met, budget in _accounts(scope, _stated(spec, scope)):
        if budget.total is not None:
            return _of_line(met, budget.total)
    return None


def subtotal(spec: FactSpec, scope: Scope) -> Reading | None:
    """The subtotal of a budget table that its own items do not come to; nothing where all are right."""
    wrong = _wrong_subtotal(scope)
    return None if wrong is None else _of_line(wrong[0], wrong[1].line)


def subtotal_items(spec: FactSpec, scope: Scope) -> Reading | None:
    """What the items of that subtotal come to."""
    wrong = _wrong_subtotal(scope)
    if wrong is None:
        return None
    met, found = wrong
    source = _line_source(met, found.line)
    return Reading(_number(found.summed), (source,), found.resolution, found.terms)


def _wrong_subtotal(scope: Scope) -> tuple[Met, Subtotal] | None:
    return next(
        ((m, b.wrong_subtotal) for m, _, b, _ in _budgets(scope) if b.wrong_subtotal is not None), None
    )


def capital_total(spec: FactSpec, scope: Scope) -> Reading | None:
    """The total in capital numerals."""
    for prose in proses(scope, cells=True):
        capitals = find_capitals(prose.text)
        if capitals:
            return _capital(capitals, prose)
    for met, table, budget, _ in _budgets(scope):
        if budget.capital is not None:
            source = _table_source(met, table)
            return _amount(budget.capital.amount, budget.capital.resolution, source)
    return None


def _capital(capitals: list[Money], prose: Prose) -> Reading:
    largest = max(capitals, key=lambda m: m.amount)
    return _amount(largest.amount, largest.resolution, prose.source(largest.span))


def sources_sum(spec: FactSpec, scope: Scope) -> Reading | None:
    """The sum of the funding sources, where amounts are given; a table of several before a total in words."""
    in_words = _sources_in_words(spec, scope)
    if in_words is not None and in_words.terms > 1:
        return in_words
    for met, table, caption in _tables(scope):
        found = read_sources(table, caption, unit=_unit_above(met))
        if found is not None and (len(found.parts) > 1 or (found.parts and in_words is None)):
            source = _table_source(met, table)
            return Reading(_number(found.total), (source,), found.resolution, len(found.parts))
    return in_words


def _sources_in_words(spec: FactSpec, scope: Scope) -> Reading | None:
    for prose in proses(scope, cells=False):
        unit = _unit_above(prose.met)
        text = _BARE_WAN.sub("万元", prose.text)
        found = sum_of_sources(text, unit=unit, prefer=spec.words("prefer"), avoid=spec.words("avoid"))
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


def difference(spec: FactSpec, scope: Scope) -> Reading | None:
    """The first amount minus the second, 0 where rounding of shown digits explains it.

    It is 0 too where the first is one of ``or_of``: what then contradicts the second is told elsewhere.
    """
    paths = [p if "." in p else f"{spec.requirement}.{p}" for p in spec.words("of")]
    first, second = (scope.readings.get(p) for p in paths)
    if first is None or second is None:
        return None
    others = (other for p in spec.words("or_of") if (other := scope.readings.get(p)) is not None)
    if is_same(first, second) or any(is_same(first, other) for other in others):
        value = Decimal(0)
    else:
        value = Decimal(str(first.value)) - Decimal(str(second.value))
    return Reading(_number(value), (*first.sources, *second.sources))


def is_same(summed: Reading, stated: Reading) -> bool:
    """Whether two amounts are the same, or rounding of the shown digits explains what they differ by."""
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
    """Of each section that has budget tables, the account that they give together.

    Where none has, the table in an annex (附：费用明细表) that comes to just the amount stated.
    """
    none = True
    for _, read in groupby(_budgets(scope), key=lambda found: id(found[0])):
        mets, _, budgets, captions = zip(*read, strict=True)
        none = False
        budget = _in_unit_of(stated, join_budgets(budgets, captions, stated))
        if (first := budget.without_renewal) is not None and first.total and first.total.amount == stated:
            budget = first  # the text states what the time before a renewal costs
        if len(budgets) > 1 and budget.total is None and stated not in (None, budget.items_sum):
            budget = _with_prose_parts(budget, mets[0], stated)
        yield mets[0], _over_years(budget, mets[0], stated)
    if none and stated is not None:
        yield from _elsewhere(scope, stated)


def _in_unit_of(stated: Decimal | None, budget: BudgetTable) -> BudgetTable:
    """The account in 万元, where it names no unit and only so comes near what the text states."""
    whole = budget.total.amount if budget.total else budget.items_sum
    if budget.unit_known or stated is None or not 0 < whole * _UNLIKELY < stated:
        return budget

    def scaled(line: BudgetLine) -> BudgetLine:
        return replace(line, amount=line.amount * _WAN, resolution=line.resolution * _WAN)

    return replace(
        budget,
        items=tuple(map(scaled, budget.items)),
        subtotals=tuple(map(scaled, budget.subtotals)),
        total=scaled(budget.total) if budget.total else None,
        items_sum=budget.items_sum * _WAN,
        resolution=budget.resolution * _WAN,
    )


def _with_prose_parts(budget: BudgetTable, met: Met, stated: Decimal) -> BudgetTable:
    """The account of several tables with what parts beside them state in words alone, where it is all then.

    6.1 软件 and 6.2 硬件 have tables, 6.3 其他费用 says 合计46万元.
    """
    items = list(budget.items)
    for child in met.section.children:
        if any(isinstance(block, Table) for block in child.content()):
            continue
        told = replace(met, section=child)
        prose = Prose(told, cells=False)
        found = choose_total(prose.text, unit=_unit(told))
        if found is None or found.amount >= stated:
            continue
        source = prose.source(found.span)
        number = source.paragraph.number if source.paragraph else None
        items.append(BudgetLine(child.title, found.amount, found.resolution, found.text, 0, 0, number))
    summed = sum((item.amount for item in items), Decimal(0))
    if summed != stated:
        return budget
    finest = min(item.resolution for item in items)
    return replace(budget, items=tuple(items), items_sum=summed, resolution=finest)


def _over_years(budget: BudgetTable, met: Met, stated: Decimal | None) -> BudgetTable:
    """The account of the whole time, where the table gives one year's that the text names and multiplies.

    年运维费492万元，三年合计1476万元 stands over a table that comes to 492.
    """
    total = budget.total
    if total is None or not total.amount or stated is None or stated == total.amount:
        return budget
    years = stated / total.amount
    if years not in YEARS:
        return budget
    text = Prose(met, cells=True).text
    if not _names_a_year(text, total.amount) and not _is_for_years(text, stated, int(years)):
        return budget
    return replace(
        budget,
        items=tuple(replace(item, amount=item.amount * years) for item in budget.items),
        total=replace(total, amount=stated),
        items_sum=budget.items_sum * years,
    )


def _is_for_years(text: str, amount: Decimal, years: int) -> bool:
    """Whether ``text`` calls ``amount`` what so many years cost: 两年合计98.7万元."""
    reading = plain(text).text
    return any(
        money.amount == amount and years_before(reading, money.span[0]) == years
        for money in find_money(reading)
    )


def _names_a_year(text: str, amount: Decimal) -> bool:
    """Whether ``text`` calls ``amount`` what one year costs."""
    return any(
        money.per == "年" or _YEARLY.search(text, max(0, money.span[0] - _NEAR), money.span[0])
        for money in find_money(text)
        if money.amount == amount
    )


def _elsewhere(scope: Scope, stated: Decimal) -> Iterator[tuple[Met, BudgetTable]]:
    """The budget tables of the document of the first section that come to the amount stated there."""
    first = next(substantive(scope), None)
    if first is None:
        return
    for section in first.outline.root.walk():
        for table, caption in _captioned(section.blocks, section.title):
            budget = _budget(scope, table, caption, None)
            if budget is None or budget.total is None or len(budget.items) < 2:
                continue
            if budget.total.amount == stated:
                yield replace(first, section=section, confidence=1.0), budget


def _budgets(scope: Scope) -> Iterator[tuple[Met, Table, BudgetTable, str]]:
    for met, table, caption in _tables(scope):
        budget = _budget(scope, table, caption, _unit_above(met))
        if budget is not None:
            yield met, table, budget, caption


def _budget(scope: Scope, table: Table, caption: str, unit: str | None) -> BudgetTable | None:
    """The budget in a table; several facts are read from one, which is dear to read."""
    key = id(table), caption
    if key not in scope.budgets:
        scope.budgets[key] = read_budget(table, caption, unit=unit)
    return scope.budgets[key]


def _unit(met: Met) -> str | None:
    """The unit of bare numbers that the title declares, or the line above the form."""
    return unit_of(met.section.title) or _unit_above(met)


def _unit_above(met: Met) -> str | None:
    """The unit that a line above a form declares for the amounts in its fields."""
    if met.section.origin is not Origin.FORM:
        return None
    parents = (s for s in met.outline.root.walk() if any(child is met.section for child in s.children))
    lines = [b.shown for s in parents for b in s.blocks if isinstance(b, Paragraph)]
    return next((unit for line in reversed(lines) if (unit := declared_unit(line))), None)


def _tables(scope: Scope) -> Iterator[tuple[Met, Table, str]]:
    for met in substantive(scope):
        for table, caption in _captioned(met.section.content(), met.section.title):
            yield met, table, caption


def _captioned(blocks: Iterable[Block], title: str) -> Iterator[tuple[Table, str]]:
    """The tables with the line above each; the title above the first where there is none.

    A line below that is nothing but a unit (（单位：万元）) belongs to it as well.
    """
    caption = title
    blocks = list(blocks)
    for block, below in zip(blocks, [*blocks[1:], None], strict=False):
        if isinstance(block, Table):
            unit = isinstance(below, Paragraph) and _UNIT_ALONE.fullmatch(below.shown)
            yield block, f"{caption}\n{below.shown}" if unit and isinstance(below, Paragraph) else caption
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


def amount_of(money: Money, source: Source) -> Reading:
    """An amount of a text as a reading."""
    return _amount(money.amount, money.resolution, source)


def _number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(round(value, 2))
