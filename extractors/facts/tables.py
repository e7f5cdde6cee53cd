"""Budget tables and tables of funding sources: items, subtotals, total and unit."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from extractors.document import Table
from extractors.facts.grid import Grid, Square, grid_of, own, transposed, unfolded
from extractors.facts.money import UNITS, Money, SourceSum, find_money, parse_capitals, unit_of
from extractors.facts.numerals import ARABIC, parse_number

# What headers of Chinese budget tables say, from the surest name of an amount column to the weakest.
_AMOUNT_HEADERS = (
    (6, re.compile(r"价税合计|含税(?:总|合|金|小)|总价|合价|合计|总计|总额|总金额|总投资|总费用")),
    (5, re.compile(r"小计")),
    (4, re.compile(r"金额|总.*价")),
    (3, re.compile(r"估算|概算|预算|投资|费用|经费|报价|资金|造价|[费款]")),
    (2, re.compile(r"价格|价|^\(?(?:单位:?)?(?:人民币)?[百千万亿]*元\)?$|[万亿]?元\)?$")),
)
_NOT_AMOUNT = re.compile(
    r"单价|数量|序号|编号|比例|占比|[%]|工期|人月|人天|工作量|备注|说明|税率|面积|不含税|税额|名称|内容|依据|方式|"
    r"来源|渠道|规格|型号|类别|分类|科目|项目$|计算"
)
# A table of scores or counts has totals too; only money is a budget.
_SPEAKS_OF_MONEY = re.compile(r"金额|价|费|预算|估算|概算|投资|经费|资金|款|造价|元")
_UNIT_PRICE = re.compile(r"单价|价格|单位造价")
_QUANTITY = re.compile(r"数量|工作量|人月数?|人天|^(?:个数|台数|套数|份数)$")
_YEAR_COLUMN = re.compile(r"(?:19|20)\d\d年?(?:度)?|第[一二三四五六\d]+年|首年|次年")
_MONTHS_COLUMN = re.compile(r"[一-龥]{0,6}\(?\d{1,2}个月")
_RENEWAL_COLUMN = re.compile(r"续|追加|顺延|延长")
_HEADER_WORD = re.compile(
    r"序号|编号|名称|项目|内容|类别|分类|科目|说明|备注|数量|单价|单位|用途|年度|来源|渠道|事项|规格|型号|品目|标的|服务|比例|费用|分项|类型|模块|系统|设备|明细|构成"
)
_LONGEST_HEADER = 24
_AMOUNT_ROW = re.compile(
    r"(?:金额|费用|预算|估算|概算|投资|经费|资金)(?:金额|额|合计)?(?:\([^()]*\)|[百千万亿]?元)?"
)
_LOWEST = 4
# Tables of amounts that are no budget: payments, past contracts.
_NO_BUDGET = re.compile(r"付款|支付|期次|合同金额|中标金额|成交金额|业绩|案例|客户|开票")
_SOURCES = re.compile(r"资金来源|经费来源|资金渠道|经费渠道|资金筹措|来源|渠道")
_SECURED = re.compile(r"(?:资金|经费)的?(?:保障|落实|筹集)")
_SOURCE_COLUMN = re.compile(r"(?:资金|经费)(?:来源|渠道)")
"""A column of sources, though another one comes first: 年度 | 资金来源 | 金额."""
_SOURCE_NAME = re.compile(r"财政|自筹|补助|拨款|专项|自有|贷款|债券|配套|上级")

_TOTAL_WORD = (
    r"(?:合计|总计|共计|总价|总额|总金额|总投资|总费用|总预算|总概算|总估算|总经费|总造价|总报价|投资总计)"
)
_TOTAL = re.compile(
    rf"(?:\d+|[一二三四五六七八九十]+)?[、.]?(?:本|该)?(?:项目|费用|预算|投资|经费|资金|工程|金额|概算|估算|建设|运维)*{_TOTAL_WORD}"
    r"(?:金额|费用|投资|价|额|数)?(?:\([^()]*\))*(?:$|[:=].*|(?=[\d¥人]).*)"
)
_PART_TOTAL = re.compile(r".{1,16}?(?:合计|共计|总计)(?:\([^()]*\))*[:]?")
_SUBTOTAL = re.compile(r".{0,16}?(?:小计|分计)(?:\([^()]*\))*(?:[:].*)?")
_NOTE = re.compile(r"(?:备注|说明|注)\d*[:].*|(?:备注|说明|注)")
_DETAIL = re.compile(r"其中[:]?.*")
_WRITTEN_OUT = re.compile(r"大写")
# Charges on everything before them stand beside the last group, not in it.
_CHARGE = re.compile(r"税|预备费|不可预见|优惠|折扣|下浮|管理费率|规费")
_NOTHING = re.compile(r"[/\\\-—]+|免费|赠送|含|已含|无|不计费|包含|免|0元")

_CN = "[一二三四五六七八九十]+"
_ORDINALS = (
    (1, re.compile(rf"第?{_CN}(?:[、.．部章]|$)")),
    (2, re.compile(rf"\({_CN}\)")),
    (5, re.compile(r"\d+(?:[.\-]\d+){2,}(?![\d年月])")),
    (4, re.compile(r"\d+[.\-]\d+(?![\d年月万元])")),
    (6, re.compile(r"\(\d+\)|\d+\)")),
    (3, re.compile(r"\d{1,3}(?:[、.]|$)")),
    (7, re.compile(r"[①-⑳]")),
)
_FIRST = re.compile(r"\D*1\D*|(?:\d+[.\-])+1|①|\(?一\)?.?")
_HEADING = 0
_ALONE = -1
_LEAF = 9
_CHINESE_NUMBERED = (1, 2)
_WITH_UNIT = re.compile(r"元|\d[万亿]")
_SIGNED = re.compile(rf"(?P<sign>-)?¥?(?P<number>{ARABIC})(?P<unit>[百千万亿]*元?)?(?:整)?")
# Amounts counted in whole 万元 or 亿元 are added up in the head: there a sum must be exact.
_WHOLE = (UNITS["万元"], UNITS["亿元"])
_NEGLIGIBLE = Decimal("0.001")


@dataclass(frozen=True, slots=True)
class BudgetLine:
    """A line of a budget table.

    Attributes:
        name: what it is for, as written ("" if the row says nothing).
        amount: in yuan.
        resolution: in yuan, what one unit of the last shown digit is worth.
        text: the cell that the amount was read from.
        row, column: that cell's upper left square in the table, from 0.
        paragraph: number of that cell's first paragraph, None if unknown.
    """

    name: str
    amount: Decimal
    resolution: Decimal
    text: str
    row: int
    column: int
    paragraph: int | None


@dataclass(frozen=True, slots=True)
class Subtotal:
    """A line that sums up others.

    Attributes:
        line: the line.
        summed: what those come to, in yuan.
        resolution: of their finest shown digit, in yuan.
        terms: how many they are.
    """

    line: BudgetLine
    summed: Decimal
    resolution: Decimal
    terms: int


@dataclass(frozen=True, slots=True)
class BudgetTable:
    """A budget table, read.

    Attributes:
        items: lines that the total is made of, none counted twice.
        subtotals: lines that sum up some of the items.
        total: the line that the table itself calls the total, None if it has none.
        capital: the total in capital numerals, None if it is not there.
        items_sum: sum of the items, in yuan.
        resolution: finest shown digit of the amount column, in yuan.
        unit: unit of bare numbers, e.g. "万元".
        unit_known: the document says so; otherwise the unit is the caller's, or 元 for want of anything.
        wrong_subtotal: the one subtotal that its items do not come to, though all items come to the total.
        without_renewal: the same without the columns of a renewal (续签12个月), None if it has none.
    """

    items: tuple[BudgetLine, ...]
    subtotals: tuple[BudgetLine, ...]
    total: BudgetLine | None
    capital: Money | None
    items_sum: Decimal
    resolution: Decimal
    unit: str
    unit_known: bool
    wrong_subtotal: Subtotal | None = None
    without_renewal: BudgetTable | None = None


def is_consistent(
    stated: Decimal,
    summed: Decimal,
    resolution: Decimal,
    terms: int,
    *,
    stated_resolution: Decimal | None = None,
    approximate: bool = False,
) -> bool:
    """Whether ``stated`` and ``summed`` say the same amount: a wrong sum does not, a rounded one does.

    Each of n terms that are rounded to the last shown digit is off by up to half a unit, their sum
    mostly by less than twice the standard deviation of n such errors, √(n/3) units, and the total by half a
    unit of its own.  So one unit of the last shown digit is allowed, of many terms ⌊√(n/3)⌋ units.  A single
    term is not added up and allows nothing.  Amounts in whole 万元 or 亿元 are set and not rounded: nothing.

    A total written coarser than the terms (约204万元 for 203.98万元) may differ by half a unit of its own
    last digit, where it says that it is approximate or the difference is below a thousandth; elsewhere 204
    against 203.6 is a wrong sum.

    Args:
        stated: the total as written, in yuan.
        summed: the sum of the terms, in yuan.
        resolution: of the terms' finest shown digit, in yuan.
        terms: how many were added up.
        stated_resolution: of the total's last shown digit, in yuan; None where it is the terms' own.
        approximate: 约, 左右 and the like stand beside the total.
    """
    difference = abs(stated - summed)
    if difference == 0:
        return True
    if terms > 1 and resolution not in _WHOLE and difference <= resolution * max(1, math.isqrt(terms // 3)):
        return True
    if stated_resolution is None or (stated_resolution <= resolution and not approximate):
        return False
    explained = difference * 2 <= stated_resolution
    return explained and (approximate or difference <= stated * _NEGLIGIBLE)


def read_budget(table: Table, caption: str = "", *, unit: str | None = None) -> BudgetTable | None:
    """Read a budget table.

    The amount column is found by its header (合计, 总价, 小计, 金额 before 预算, 费用; never 单价, 数量).  Of
    columns for single years without a 合计 the sum counts; where there is no amount, 单价 times 数量.
    What is an item and what a subtotal follows from 小计, numbering (一、 over 1, 1.1 under 1) and 其中,
    never from what would make the sum right.  A line whose own parts are not all priced is itself the
    item.  A table with its items in columns is read sideways.

    Args:
        table: without its nested tables, which are tables of their own.
        caption: the words above it (项目费用明细表（单位：万元）).
        unit: unit of bare numbers where neither table nor caption names one, e.g. from the prose around.

    Returns:
        The budget, or None where the table is something else (a schedule, staff, payments, sources).
    """
    reading = _read_either_way(grid_of(table), caption, unit)
    if reading is None or reading.sources or _NO_BUDGET.search(reading.headers):
        return None
    return reading.budget


def join_budgets(
    budgets: Sequence[BudgetTable], captions: Sequence[str], stated: Decimal | None
) -> BudgetTable:
    """One account of a section's tables: the one that gives the whole, else all of them as its parts.

    A table gives the whole where it comes to what the text states, is the only one with a total, or has the
    others' totals for its own.  Tables without any total, with totals that the stated one exceeds, with
    different totals or for different years are parts.

    Args:
        budgets: at least one, in reading order.
        captions: the words above each.
        stated: the total that the text states, in yuan.
    """
    totals = [budget.total.amount if budget.total else None for budget in budgets]
    known = [total for total in totals if total is not None]
    for index, (budget, total) in enumerate(zip(budgets, totals, strict=True)):
        if stated is not None and stated in (total, budget.items_sum):
            return _with_details(_with_first_part(budgets, index), (*budgets[:index], *budgets[index + 1 :]))
    if stated is None and (whole := _of_the_others(budgets)) is not None:
        return _with_details(whole, [budget for budget in budgets if budget is not whole])
    if len(known) == 1:
        return _with_first_part(budgets, totals.index(known[0]))
    for budget, total in zip(budgets, totals, strict=True):
        if total is not None and len(known) > 2 and total * 2 == sum(known):
            return budget
    in_years = len({year[0] for c in captions if (year := _YEAR_COLUMN.search(c))}) == len(budgets)
    apart = len(set(known)) == len(known) if stated is None else all(total < stated for total in known)
    return _joined(budgets) if apart or in_years else budgets[0]


def _of_the_others(budgets: Sequence[BudgetTable]) -> BudgetTable | None:
    """The table whose lines are what two or more of the others come to; None for none or several."""
    found = []
    for budget in budgets:
        lines = {item.amount for item in budget.items}
        others = (b for b in budgets if b is not budget and b.total is not None)
        if budget.total and sum(bool(lines & {b.items_sum, b.total.amount}) for b in others if b.total) > 1:
            found.append(budget)
    return found[0] if len(found) == 1 else None


def _with_details(whole: BudgetTable, details: Sequence[BudgetTable]) -> BudgetTable:
    """The account with what its lines' own tables come to in the place of those lines, where they differ.

    A table is a line's where its total, or the sum of its items, is the line's amount.
    """
    summed = whole.items_sum
    lines = {item.amount for item in whole.items}
    for detail in details:
        total = detail.total
        if total is None or not lines & {total.amount, detail.items_sum}:
            continue
        if not is_consistent(total.amount, detail.items_sum, detail.resolution, len(detail.items)):
            summed += detail.items_sum - total.amount
    return replace(whole, items_sum=summed)


def _with_first_part(budgets: Sequence[BudgetTable], index: int) -> BudgetTable:
    """A table that does not come to its total, with those before it that have none and bring it nearer.

    A page break made several of one.
    """
    budget = budgets[index]
    start = next((i + 1 for i in range(index - 1, -1, -1) if budgets[i].total is not None), 0)
    if budget.total is None or budget.items_sum == budget.total.amount or start == index:
        return budget
    joined = replace(_joined(budgets[start : index + 1]), total=budget.total)
    total = budget.total.amount
    nearer = abs(joined.items_sum - total) < abs(budget.items_sum - total)
    return joined if nearer else budget


def _joined(budgets: Sequence[BudgetTable]) -> BudgetTable:
    items = tuple(item for budget in budgets for item in budget.items)
    return replace(
        budgets[0],
        items=items,
        subtotals=tuple(line for budget in budgets for line in budget.subtotals),
        total=None,
        capital=next((budget.capital for budget in budgets if budget.capital), None),
        items_sum=sum((item.amount for item in items), Decimal(0)),
        resolution=min(budget.resolution for budget in budgets),
    )


def read_sources(table: Table, caption: str = "", *, unit: str | None = None) -> SourceSum | None:
    """Read a table of funding sources (资金来源 | 金额), its columns and rows either way.

    Args:
        table: without its nested tables.
        caption: the words above it.
        unit: unit of bare numbers where neither names one.

    Returns:
        The sources, their places being spans within the cells' texts, or None where it is another table.
    """
    reading = _read_either_way(grid_of(table), caption, unit)
    if reading is None or not reading.budget.items:
        return None
    budget = reading.budget
    named = [line for line in budget.items if _SOURCE_NAME.search(line.name)]
    told = bool(
        _SOURCE_COLUMN.search(reading.headers)
        or (_SOURCES.search(caption) and named)
        or (_SECURED.search(caption) and 2 * len(named) >= len(budget.items))
    )
    if not reading.sources and not reading.sources_across and not told:
        return None
    return SourceSum(
        tuple(_money(line) for line in budget.items),
        budget.items_sum,
        min(line.resolution for line in budget.items),
        _money(budget.total) if budget.total else None,
    )


def _money(line: BudgetLine) -> Money:
    return Money(line.amount, line.resolution, (0, len(line.text)), line.text)


@dataclass(frozen=True, slots=True)
class _Reading:
    budget: BudgetTable
    headers: str
    sources: bool
    sources_across: bool


@dataclass(frozen=True, slots=True)
class _Head:
    """Where the body begins and what each column is called; ``found`` is False where no header is seen."""

    after: int
    labels: tuple[str, ...]
    above: str
    found: bool


@dataclass(frozen=True, slots=True)
class _Amounts:
    """The columns that a row's amount is read from, and how."""

    columns: tuple[int, ...]
    unit: str
    unit_known: bool
    how: Literal["sum", "product"] = "sum"


Kind = Literal["line", "subtotal", "part-total", "total", "detail", "note"]


@dataclass(frozen=True, slots=True)
class _Line:
    """A body row, classified."""

    kind: Kind
    name: str
    rank: int
    first: bool
    priced: bool
    entry: BudgetLine | None


@dataclass(slots=True)
class _Node:
    line: _Line
    children: list[_Node]


def _read_either_way(grid: Grid, caption: str, unit: str | None) -> _Reading | None:
    if not grid:
        return None
    grid = unfolded(grid, lambda square: _figure(square, "元") is not None)
    return _read(transposed(grid) if _lies_sideways(grid) else grid, caption, unit)


def _lies_sideways(grid: Grid) -> bool:
    """Whether the items are the columns: a low table with a row that is called 金额 or the like."""
    if len(grid) > _LOWEST or len(grid[0]) <= 2 or own(grid, 0)[:1] == []:
        return False
    firsts = [row[0] for row in grid[1:]]
    return any(square is not None and _AMOUNT_ROW.fullmatch(square.word) for square in firsts)


def _read(grid: Grid, caption: str, unit: str | None) -> _Reading | None:
    head = _head(grid)
    amounts = _amount_columns(grid, head, caption, unit)
    if amounts is None or not (amounts.unit_known or _SPEAKS_OF_MONEY.search("".join(head.labels) + caption)):
        return None
    budget = _account(grid, head, amounts)
    if budget is None:
        return None
    renewed = [c for c in amounts.columns if _RENEWAL_COLUMN.search(head.labels[c])]
    if amounts.how == "sum" and 0 < len(renewed) < len(amounts.columns):
        first = tuple(c for c in amounts.columns if c not in renewed)
        budget = replace(budget, without_renewal=_account(grid, head, replace(amounts, columns=first)))
    names = [label for column, label in enumerate(head.labels) if column not in amounts.columns]
    first_name = next((label for label in names if label and not re.search("序号|编号", label)), "")
    across = sum(1 for label in head.labels if _SOURCE_NAME.search(label)) > 1
    return _Reading(budget, "".join(head.labels), bool(_SOURCES.search(first_name)), across)


def _account(grid: Grid, head: _Head, amounts: _Amounts) -> BudgetTable | None:
    """What the columns of amounts say, None where no row has one."""
    lines = list(_body(grid, head, amounts))
    total, totals = _total(lines)
    lines = _until_total(lines, total)
    roots = _tree([line for line in lines if line.kind == "line"])
    items, subtotals = _items(lines, roots, total)
    subtotals += [entry for entry in totals if entry is not total]
    if not items:
        return None
    everything = [*items, *subtotals, *([total] if total else [])]
    return BudgetTable(
        tuple(items),
        tuple(subtotals),
        total,
        _capital(grid, head.after),
        sum((item.amount for item in items), Decimal(0)),
        min(entry.resolution for entry in everything),
        amounts.unit,
        amounts.unit_known,
        wrong_subtotal=_wrong_subtotal(lines, roots, items, total),
    )


def _head(grid: Grid) -> _Head:
    for index in range(len(grid)):
        if _is_header(own(grid, index)):
            after = _header_end(grid, index)
            labels = tuple(_label(grid, index, after, column) for column in range(len(grid[0])))
            above = "\n".join(square.word for row in range(index) for square in own(grid, row))
            return _Head(after, labels, above, found=True)
    return _Head(0, ("",) * len(grid[0]), "", found=False)


def _is_header(squares: list[Square]) -> bool:
    if len(squares) < 2 or any(len(s.word) > _LONGEST_HEADER or _figure(s, "元") for s in squares):
        return False
    named = any(_HEADER_WORD.search(square.word) for square in squares)
    amount = any(_header_weight(s.word) > 0 or _UNIT_PRICE.search(s.word) for s in squares)
    amount = amount or sum(1 for s in squares if _YEAR_COLUMN.fullmatch(s.word)) > 1
    amount = amount or sum(1 for s in squares if _SOURCE_NAME.search(s.word)) > 1
    return named and amount and not any(_TOTAL.fullmatch(square.word) for square in squares[:1])


def _header_end(grid: Grid, index: int) -> int:
    """The row after the header, which may take two or three rows."""
    squares = own(grid, index)
    end = index + min(max(square.row_span for square in squares), 3)
    if (
        any(1 < square.column_span < len(grid[0]) for square in squares)
        and end == index + 1
        and end < len(grid)
    ):
        below = own(grid, end)
        if below and all(len(s.word) <= _LONGEST_HEADER and not _figure(s, "元") for s in below):
            words = [s for s in below if _HEADER_WORD.search(s.word) or _header_weight(s.word) > 0]
            return end + (len(words) * 2 > len(below))
    return min(end, len(grid))


def _label(grid: Grid, first: int, after: int, column: int) -> str:
    words: list[str] = []
    for row in range(first, after):
        square = grid[row][column]
        if square is not None and square.word not in words:
            words.append(square.word)
    return "".join(words)


def _header_weight(label: str) -> int:
    if not label or _NOT_AMOUNT.search(re.sub(r"\([^()]*\)", "", label)):
        return 0
    return next((weight for weight, pattern in _AMOUNT_HEADERS if pattern.search(label)), 0)


def _amount_columns(grid: Grid, head: _Head, caption: str, unit: str | None) -> _Amounts | None:
    width = range(len(grid[0]))
    counts = [sum(1 for row in range(head.after, len(grid)) if _figure_at(grid, row, c)) for c in width]
    if not head.found:
        counts = [0 if _counts_up(grid, c) else count for c, count in enumerate(counts)]
    columns = _chosen_columns(grid, head, counts)
    if not columns and not head.found and unit is not None:
        columns = _figures_beside_names(grid, counts)
    if columns:
        return _with_unit(grid, head, caption, unit, columns, "sum")
    price = next((c for c in width if counts[c] and _UNIT_PRICE.search(head.labels[c])), None)
    quantity = next((c for c in width if counts[c] and _QUANTITY.search(head.labels[c])), None)
    if price is None or quantity is None:
        return None
    found = _with_unit(grid, head, caption, unit, (price,), "product")
    return _Amounts((price, quantity), found.unit, found.unit_known, "product")


def _figures_beside_names(grid: Grid, counts: list[int]) -> tuple[int, ...]:
    """The second column where every row is a name and a figure, and nothing else stands in the table."""
    rows = [squares for row in range(len(grid)) if (squares := own(grid, row))]
    used = sorted({square.column for squares in rows for square in squares})
    return (used[1],) if len(used) == 2 and counts[used[1]] == len(rows) > 1 else ()


def _chosen_columns(grid: Grid, head: _Head, counts: list[int]) -> tuple[int, ...]:
    if not head.found:
        return _headless_column(grid, counts)
    weights = [_header_weight(label) if counts[c] else 0 for c, label in enumerate(head.labels)]
    years = tuple(c for c, label in enumerate(head.labels) if counts[c] and _YEAR_COLUMN.search(label))
    if not years:
        years = tuple(c for c, label in enumerate(head.labels) if counts[c] and _MONTHS_COLUMN.match(label))
    for column in range(len(weights)):
        # A 合计 merged over the rows of its group repeats what the group's own lines say.
        if weights[column] > 4 and _is_grouped(grid, head.after, column):
            weights[column] = 1
    best = max(weights, default=0)
    if len(years) > 1 and best < 5:
        return years
    sources = tuple(c for c, label in enumerate(head.labels) if counts[c] and _SOURCE_NAME.search(label))
    if len(sources) > 1 and best < 4:
        return sources
    if best == 0:
        return ()
    return (max(c for c, weight in enumerate(weights) if weight == best),)


def _headless_column(grid: Grid, counts: list[int]) -> tuple[int, ...]:
    """Without a header, the last column whose amounts carry a unit of money themselves or have a total."""
    totals = any(_TOTAL.fullmatch(s.word) for row in range(len(grid)) for s in own(grid, row)[:2])
    for column in reversed(range(len(counts))):
        squares = [s for row in range(len(grid)) if (s := grid[row][column]) and s.row == row]
        with_unit = sum(1 for s in squares if _figure(s, "元") and s.word.endswith("元"))
        if with_unit >= 2 or (totals and counts[column] >= 2 and counts[column] * 2 >= len(grid)):
            return (column,)
    return ()


def _counts_up(grid: Grid, column: int) -> bool:
    """Whether a column's figures are 1, 2, 3 …: numbers of the rows."""
    words = [s.word for row in range(len(grid)) if (s := grid[row][column]) and s.row == row]
    figures = [word for word in words if word.isdecimal()]
    return len(figures) > 1 and figures == [str(n + 1) for n in range(len(figures))]


def _is_grouped(grid: Grid, after: int, column: int) -> bool:
    return any(
        (s := grid[row][column]) is not None and s.row == row and s.row_span > 1
        for row in range(after, len(grid))
    )


def _with_unit(
    grid: Grid,
    head: _Head,
    caption: str,
    unit: str | None,
    columns: tuple[int, ...],
    how: Literal["sum", "product"],
) -> _Amounts:
    declared = [unit_of(head.labels[column]) for column in columns]
    declared += [unit_of(line) for line in (head.above + "\n" + caption).splitlines()]
    declared += [unit_of(label) for label in head.labels if "单价" not in label]
    declared += [_written_unit(row[column]) for row in grid[head.after :] for column in columns]
    declared += [
        unit_of(s.word)
        for row in range(head.after, len(grid))
        for s in own(grid, row)
        if s.word[0] == "(" or _NOTE.fullmatch(s.word)
    ]
    known = next((name for name in declared if name in UNITS), None)
    return _Amounts(columns, known or (unit if unit in UNITS else None) or "元", known is not None, how)


def _written_unit(square: Square | None) -> str | None:
    match = _SIGNED.fullmatch(square.word) if square else None
    return match["unit"] if match else None


def _figure_at(grid: Grid, row: int, column: int) -> tuple[Decimal, Decimal] | None:
    square = grid[row][column]
    return _figure(square, "元") if square is not None and square.row == row else None


def _figure(square: Square, unit: str) -> tuple[Decimal, Decimal] | None:
    """The amount that a cell is, and its resolution, in yuan; None if it is none or several."""
    match = _SIGNED.fullmatch(square.word)
    value = parse_number(match["number"]) if match else None
    if match is not None and value is not None and (not match["unit"] or match["unit"] in UNITS):
        scale = UNITS[match["unit"] or unit]
        decimals = len(match["number"].partition(".")[2])
        return value * scale * (-1 if match["sign"] else 1), scale.scaleb(-decimals)
    if not _WITH_UNIT.search(square.word):
        return None
    figures = [m for m in find_money(square.text, unit=unit) if not m.capital and m.per is None]
    return (figures[0].amount, figures[0].resolution) if len(figures) == 1 else None


def _body(grid: Grid, head: _Head, amounts: _Amounts) -> Iterator[_Line]:
    in_detail, parent, open_amount = False, None, Decimal(0)
    groups = _group_columns(grid, head, amounts)
    for row in range(head.after, len(grid)):
        squares = own(grid, row)
        if not squares:
            continue
        line = _line(grid, row, squares, head, amounts, groups)
        if line.kind == "detail" and parent is not None and parent.kind == "total":
            # What a total at the head is made of (其中：) are the items themselves.
            line = replace(line, kind="line")
        if line.kind == "detail":
            if not in_detail:
                open_amount = parent.entry.amount if parent and parent.entry else Decimal("Infinity")
            in_detail = True
        elif in_detail and line.kind == "line" and line.rank == _LEAF:
            line = replace(line, kind="detail")
        else:
            in_detail, parent = False, line
        if in_detail:
            open_amount -= line.entry.amount if line.entry else Decimal(0)
            # The details of one line end where they come to it.
            in_detail = open_amount > 0
        yield line


def _line(
    grid: Grid, row: int, squares: list[Square], head: _Head, amounts: _Amounts, groups: frozenset[int]
) -> _Line:
    words = [s for s in squares if s.column not in amounts.columns and not _SIGNED.fullmatch(s.word)]
    ordinal, rank = _ordinal(squares, head, amounts)
    if ordinal is not None and ordinal.column in groups and (ordinal.row_span > 1 or len(ordinal.word) > 2):
        rank = _LEAF  # 一、软件 beside several rows numbers their group, not the first of them.
    named = [s for s in words if s is not ordinal or len(s.word) > 4]
    single = [s for s in named if s.row_span == 1] or named
    name = single[0].word if single else (ordinal.word if ordinal else "")
    kind = _kind([square.word for square in words] or [square.word for square in squares[:1]])
    entry = _entry(grid, row, squares, name, amounts, searching=kind in ("total", "part-total", "subtotal"))
    priced = entry is not None or any(
        s.column in amounts.columns and _NOTHING.fullmatch(s.word) for s in squares
    )
    first = ordinal is not None and bool(_FIRST.fullmatch(re.split(r"(?<=[、)])", ordinal.word)[0]))
    return _Line(kind, name, rank, first, priced, entry)


def _group_columns(grid: Grid, head: _Head, amounts: _Amounts) -> frozenset[int]:
    """Columns that name groups of rows: merged over them or blank below, each row with a name beside it."""
    rows = [
        [s for s in own(grid, row) if s.column not in amounts.columns]
        for row in range(head.after, len(grid))
        if any(_figure_at(grid, row, column) for column in amounts.columns)
    ]
    items = [cells for cells in rows if cells and _kind([s.word for s in cells]) == "line"]
    first = min((s.column for cells in items for s in cells), default=0)
    led = [any(s.column == first for s in cells) for cells in items]
    named = all(
        any(s.column > first and s.row_span == 1 and not _SIGNED.fullmatch(s.word) for s in cells)
        for cells in items
    )
    return frozenset({first}) if named and any(led) and not all(led) else frozenset()


def _kind(words: list[str]) -> Kind:
    leading = words[:3]
    if any(_SUBTOTAL.fullmatch(word) for word in leading):
        return "subtotal"
    if any(_TOTAL.fullmatch(word) for word in leading):
        return "total"
    if any(_PART_TOTAL.fullmatch(word) for word in leading):
        return "part-total"
    if any(_WRITTEN_OUT.search(word) or _NOTE.fullmatch(word) for word in words[:1]):
        return "note"
    return "detail" if any(_DETAIL.fullmatch(word) for word in words[:2]) else "line"


def _ordinal(squares: list[Square], head: _Head, amounts: _Amounts) -> tuple[Square | None, int]:
    """The cell that carries the row's number, and how deep that number stands; ``_LEAF`` without one."""
    for square in squares[:2]:
        if square.column in amounts.columns:
            continue
        for rank, pattern in _ORDINALS:
            if (match := pattern.match(square.word)) is not None:
                alone = match.end() == len(square.word)
                numbering = alone and (square.column == 0 or "号" in head.labels[square.column])
                if numbering or (not alone and square.column <= 1):
                    return square, rank
    return None, _LEAF


def _entry(
    grid: Grid, row: int, squares: list[Square], name: str, amounts: _Amounts, searching: bool
) -> BudgetLine | None:
    """The row's amount, as a line; ``searching`` looks beside the amount column too, as totals are merged."""
    cells = [s for column in amounts.columns if (s := grid[row][column]) is not None and s.row == row]
    figures = [(square, figure) for square in cells if (figure := _figure(square, amounts.unit))]
    if amounts.how == "product":
        figures = _product(figures) if len(figures) == 2 else []
    if not figures and searching:
        figures = _last_figure(squares, amounts.unit)
    if not figures:
        return None
    square = figures[0][0]
    return BudgetLine(
        name,
        sum((amount for _, (amount, _) in figures), Decimal(0)),
        min(resolution for _, (_, resolution) in figures),
        square.text,
        row,
        square.column,
        square.paragraph,
    )


_Figures = list[tuple[Square, tuple[Decimal, Decimal]]]


def _product(figures: _Figures) -> _Figures:
    (square, (price, resolution)), (counted, _) = figures
    quantity = parse_number(counted.word) or Decimal(0)
    return [(square, (price * quantity, resolution))]


def _last_figure(squares: Iterable[Square], unit: str) -> _Figures:
    for square in reversed(list(squares)):
        if (figure := _figure(square, unit)) is not None:
            return [(square, figure)]
        figures = [m for m in find_money(square.text, unit=unit) if not m.capital and m.per is None]
        if figures:
            return [(square, (figures[-1].amount, figures[-1].resolution))]
    return []


def _total(lines: list[_Line]) -> tuple[BudgetLine | None, list[BudgetLine]]:
    """The total, and every line that is called one; of several the last is it (税前合计, 总计)."""
    totals = [line.entry for line in lines if line.kind == "total" and line.entry]
    if totals:
        return totals[-1], totals
    parts = [line.entry for line in lines if line.kind == "part-total" and line.entry]
    if len(parts) == 1 and lines and parts[0] is _last_entry(lines):
        return parts[0], parts
    return None, []


def _last_entry(lines: list[_Line]) -> BudgetLine | None:
    return next((line.entry for line in reversed(lines) if line.entry), None)


def _until_total(lines: list[_Line], total: BudgetLine | None) -> list[_Line]:
    """What follows a total at the end is no item of it; a total may also stand first."""
    at = next((i for i, line in enumerate(lines) if line.entry is total and total), None)
    before = lines[:at] if at is not None else []
    if any(line.kind == "line" and line.entry for line in before):
        return before
    return lines


def _items(
    lines: list[_Line], roots: list[_Node], total: BudgetLine | None
) -> tuple[list[BudgetLine], list[BudgetLine]]:
    items: list[BudgetLine] = []
    subtotals = [
        line.entry
        for line in lines
        if line.kind in ("subtotal", "part-total") and line.entry and line.entry is not total
    ]
    for node in roots:
        _collect(node, items, subtotals)
    return items, subtotals


def _wrong_subtotal(
    lines: list[_Line], roots: list[_Node], items: list[BudgetLine], total: BudgetLine | None
) -> Subtotal | None:
    """The subtotal that contradicts its own items, where all items come to the total.

    Where several would, the groups were not understood.
    """
    whole, resolution = sum(item.amount for item in items), min(item.resolution for item in items)
    if total is None or not is_consistent(total.amount, Decimal(whole), resolution, len(items)):
        return None
    headed = [group for root in roots for group in _headed_groups(root, items)]
    wrong = [group for group in headed or _closed_groups(lines, items) if not group.is_right]
    return wrong[0].subtotal if len(wrong) == 1 else None


@dataclass(frozen=True, slots=True)
class _Group:
    """A subtotal with the lines that it may sum up, nearest first; so many of them are its ``own``."""

    line: BudgetLine
    parts: tuple[BudgetLine, ...]
    own: int

    @property
    def subtotal(self) -> Subtotal:
        """The subtotal beside what its own lines come to."""
        parts = self.parts[: self.own]
        summed = sum((part.amount for part in parts), Decimal(0))
        return Subtotal(self.line, summed, min(part.resolution for part in parts), len(parts))

    @property
    def is_right(self) -> bool:
        """Whether the first of the parts, however many, come to it: others may stand outside the group."""
        sums = itertools.accumulate(part.amount for part in self.parts)
        resolution = self.subtotal.resolution
        return any(
            is_consistent(self.line.amount, summed, resolution, terms) for terms, summed in enumerate(sums, 1)
        )


def _headed_groups(node: _Node, items: list[BudgetLine]) -> Iterator[_Group]:
    """The lines that head others (一、软件 | 60) and sum them up."""
    entry, below = node.line.entry, [child.line.entry for child in node.children]
    parts = tuple(part for part in below if part is not None)
    if entry is not None and not _is_among(entry, items) and len(parts) == len(below) > 0:
        yield _Group(entry, parts, len(parts))
    for child in node.children:
        yield from _headed_groups(child, items)


def _closed_groups(lines: list[_Line], items: list[BudgetLine]) -> Iterator[_Group]:
    """The lines that close others (小计) and sum up those above them."""
    above: list[BudgetLine] = []
    own = 0
    for line in lines:
        if line.entry is None or line.kind == "total":
            continue
        if _is_among(line.entry, items):
            above.insert(0, line.entry)
            own += 1
        elif line.kind == "subtotal" and own:
            yield _Group(line.entry, tuple(above), own)
            own = 0


def _is_among(entry: BudgetLine, items: list[BudgetLine]) -> bool:
    return any(item is entry for item in items)


def _tree(lines: list[_Line]) -> list[_Node]:
    """The lines under the lines that their numbering puts them under."""
    ranks = _ranks(lines)
    roots: list[_Node] = []
    open_nodes: list[tuple[int, _Node]] = []
    for line, rank in zip(lines, ranks, strict=True):
        node = _Node(line, [])
        if rank == _ALONE:
            roots.append(node)
            continue
        while open_nodes and open_nodes[-1][0] >= rank:
            open_nodes.pop()
        (open_nodes[-1][1].children if open_nodes else roots).append(node)
        open_nodes.append((rank, node))
    return roots


def _ranks(lines: list[_Line]) -> list[int]:
    """How deep each line stands.

    An unnumbered line is a heading where the next one starts counting at 1; it stands under a line numbered
    一、 only in a table where the first such line is followed by one without a number; else it is on its own.
    """
    numbered = [i for i, line in enumerate(lines) if line.rank in _CHINESE_NUMBERED]
    under_chinese = bool(numbered) and numbered[0] + 1 < len(lines) and lines[numbered[0] + 1].rank == _LEAF
    ranks = []
    for i, line in enumerate(lines):
        following = lines[i + 1] if i + 1 < len(lines) else None
        if line.rank != _LEAF:
            ranks.append(line.rank)
        elif following is not None and following.rank not in (_LEAF, *_CHINESE_NUMBERED) and following.first:
            ranks.append(_HEADING)
        elif under_chinese and not _CHARGE.search(line.name):
            ranks.append(_LEAF)
        else:
            ranks.append(_ALONE)
    return ranks


def _collect(node: _Node, items: list[BudgetLine], subtotals: list[BudgetLine]) -> None:
    """Sort a node's amounts into items and subtotals."""
    entry = node.line.entry
    if entry is not None and not (node.children and all(_is_priced(child) for child in node.children)):
        items.append(entry)
        return
    if entry is not None:
        subtotals.append(entry)
    for child in node.children:
        _collect(child, items, subtotals)


def _is_priced(node: _Node) -> bool:
    if node.line.priced:
        return True
    return bool(node.children) and all(_is_priced(child) for child in node.children)


def _capital(grid: Grid, after: int) -> Money | None:
    for row in range(after, len(grid)):
        for square in own(grid, row):
            if (capital := parse_capitals(square.text)) is not None:
                return capital
    return None
