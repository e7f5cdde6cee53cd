"""What one year costs and what some years cost, where prose states both (每年38万元，三年共114万元)."""

from __future__ import annotations

import re
from decimal import Decimal
from itertools import pairwise

from extractors.facts.listed import Listed, years_before
from extractors.facts.money import Money, find_money
from extractors.facts.plain import plain

_A_YEAR = re.compile(r"每年|(?<![\d一两二三四五])年度?(?=[运维服预费经资])|年均|/年")
# Words that lead to the cost of the whole for one year, and name no part of it.
_OF_THE_WHOLE = re.compile(
    r"\s*(?:[(\[]?[\d一二三四五六]{1,2}[)\].]+)?(?:[拟按以即其约为计需共:\s(]|每年度?|年度?|年均|暂?按照?|本?项目|测算|估算|核定|不超过|控制在|服务|运行|运维|维护|保障"
    r"|合同|费用?|金额|资金|经费|预算|总|价|人民币|¥)*"
)
_TITLE_ABOVE = re.compile(r"(?<=[一-龥)])\n(?=¥?\d[\d,.]*[百千万亿]*元)")
_AT_ONCE = re.compile(
    r"(?:/年|每年)?[,;(\s]*[即共按]?(?:[两二三四五2-5]个?年|[2-6]\d个月)(?:合计|共计|总计|总共|共|总|计|费用|服务费|:|为)*"
)
# The years cost not the same, or not all of it is by the year.
_UNLIKE = re.compile(
    r"首年|次年|当年|第[一二三四五\d]年|递增|递减|增长|上浮|下浮|下降|优惠|折|免费|免收|另[外加计有行]|此外|不含|一次性|逐年|起每年|后每年"
)


def sum_over_years(text: str, stated: Decimal) -> Listed | None:
    """What the cost of one year comes to over the years that ``stated`` is said to be for.

    Where the years of a part come to something else than the text says, the total is off by as much.

    None where the text does not state both, names several different costs of a year or a part's, or says
    that the years differ; and where rounding of a mean (年均约) explains the difference.

    Args:
        text: a section's paragraphs, one a line.
        stated: the total that the text states, in yuan.
    """
    if "年" not in text:
        return None
    reading = _TITLE_ABOVE.sub(":", plain(text).text)
    if not _A_YEAR.search(reading) or _UNLIKE.search(reading):
        return None
    money = [m for m in find_money(reading) if not m.capital]
    if (excess := _excess_of_a_part(reading, money, stated)) and any(m.amount == stated for m in money):
        year, difference = excess
        return Listed((year,), stated + difference, year.resolution)
    of_a_year = [m for m in money if _is_of_a_year(reading, m)]
    count = next(
        (
            n
            for m in money
            if m.amount == stated and m.per is None and (n := years_before(reading, m.span[0]))
        ),
        0,
    )
    if not count or len({m.amount for m in of_a_year}) != 1:
        return None
    year = of_a_year[0]
    if not _OF_THE_WHOLE.fullmatch(_lead(reading, year.span[0])):
        return None
    total = year.amount * count
    mean = year.approximate or "均" in _lead(reading, year.span[0])
    if mean and abs(total - stated) * 2 <= year.resolution * count:
        return None
    return Listed((year,) * count, total, year.resolution)


def _excess_of_a_part(text: str, money: list[Money], stated: Decimal) -> tuple[Money, Decimal] | None:
    """A year's cost followed at once by a wrong product (24万元/年，两年共58万元), and how far off it is."""
    for year, product in pairwise(money):
        if not _is_of_a_year(text, year) or year.approximate or product.approximate:
            continue
        if product.amount == stated:
            continue  # that of the whole, not of this part alone
        if not _AT_ONCE.fullmatch(text, year.span[1], product.span[0]):
            continue
        count = years_before(text, product.span[0])
        if count and year.amount * count != product.amount and product.per is None:
            return year, year.amount * count - product.amount
    return None


def _lead(text: str, start: int) -> str:
    return re.split(r"[,。;、\n]", text[:start])[-1]


def _is_of_a_year(text: str, money: Money) -> bool:
    leads = money.per is None and _A_YEAR.search(_lead(text, money.span[0])) is not None
    return leads or money.per in ("年", "年均")
