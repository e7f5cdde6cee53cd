"""Budget items that prose lists in full, and what they come to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from extractors.facts.money import Money, find_money, product_of
from extractors.facts.plain import plain
from extractors.numbering import bullet_of, ordinal

_LISTED_BELOW = re.compile(r"(?:构成|组成|明细|分项|其中|如下|包括|分别为)[^\n\d。;]{0,4}[:,]?[ \n]*(?=\n)")
_BEHIND_TOTAL = re.compile(
    r"(?P<limit>以内|之内|以下)?\s*[,。;:]?\s*(?:(?P<composed>由)|(?:其中|即(?=[一-龥]{2})(?!每|人民币|大写)|分(?:为|成)?[两二三四五六七八九\d]个?(?:部分|类|块|项|方面)|(?:具体|分别)?(?:包括|包含)|分别为|具体(?:为|如下|是|(?=:))|[^\d,。;:\n]{0,8}"
    r"(?:构成|组成|明细|分项)?(?:如下|为)|(?:测算|计算|核算)(?:过程|方法|方式|依据|明细|公式|说明)?(?=:)"
    r"|(?:费用|资金|经费|投资|预算|具体)?(?:明细|构成|组成|分项)(?=:))[:,]?"
    r"|整?\s*:)(?!主要|含|包[括含])"
)
_BRACKET_BEHIND_TOTAL = re.compile(r"整?\s*\((?:其中|包括|由|即)?[:,]?(?!含|已|不|另)(?P<items>[^()\n。]+)\)")
_ALL_THE_REST = re.compile(r"(?:元|整|\([^()\n]*\))*[。;,:]\n?(?P<items>[^。\n]+)[。\n]*")
_CAPITALS_AGAIN = re.compile(r"(?<=[元圆整\d])[,\s]*(?:即|人民币)*(?:大写)?(?:金额)?(?:为|[:\s]|人民币)*$")
_MANY = 3
"""So many items that nothing announces are a breakdown."""
_LIMIT_BEFORE = re.compile(
    r"(?:不超过|不高于|不多于|不得超过|最高|至多|上限|限额|限价|控制在)[为:]?(?:人民币|¥|\s)*$"
)
_COMPOSED = re.compile(r"(?:组成|构成)$")
# What leaves room for more than is listed, or counts otherwise than by adding up.
_PARTIAL = re.compile(
    r"主要|等(?!保|级|待|同|电位|效)|其余|剩余|另[外有需计]|此外|还[需有]|不含|除|例如|暂|(?<![两二三四五六七八九\d个大])部分|预留|优惠|折|下浮|减|扣"
)
_GOES_ON = re.compile(r"\s*(?:其余|剩余|另|此外|还|其他|同时)")
_SUM = re.compile(r"合计|共计|总计|小计|总额|总价|总[费预概估造成](?:用|算|价|本)|总投资|总经费|总报价")
# Payments and funding sources share the same money in another way, and so do years beside things.
_YEAR = re.compile(r"(?:19|20)\d\d年|第[一二三四五\d]+年|首年|次年")
_NO_ITEM = re.compile(
    r"第[一二三四五\d]+[期批笔次]|每|支付|首付|预付|尾款|财政|自筹|补助|拨款|配套|自有|债券|贷款|出资"
)
_CALLED_SUM = re.compile(
    r"\s*(?:[以上各项两三四五六]{0,4})(?:合计|共计|总计|总额|总价|总费用|总投资|总预算|总报价)(?:金额|费用)?[为:]?\s*"
)
_MARKER = re.compile(
    r"\s*(?:[①-⑳]|[(\[]?(?:\d{1,2}|[一二三四五六七八九十]{1,2})[)\]、.,](?!\d)|第[一二三四五六七八九十\d]+[项、]|[●■◆•·\-])"
)
_SEPARATORS = re.compile(r"、|(?<!\d),|,(?!\d)|(?<=元)(?:以及|和|及)")
_BRACKETS = re.compile(r"(?!(?<=\n)\([\d一二三四五六七八九十]{1,2}\))\([^()\n]*\)")
_SOME_YEARS = re.compile(
    r"(?<![\d第每按近前过满])(?:(?P<years>[两二三四五2-5])个?(?:完整)?年度?|(?P<months>[2-6]\d)个月)[^,。;:\n\d年月]{0,14}:?$"
)
_CHINESE_DIGITS = {"两": "2", "二": "2", "三": "3", "四": "4", "五": "5"}
_NEAR = 24
_NAME = re.compile(r"[一-龥A-Za-z]{2}")
_REST_OF_LINE = re.compile(r"[^\d\n]*\n")
_BROKEN_LINE = re.compile(r"\n(?=[×*+=,;。、])")
_PRICED = re.compile(r"每[^\d,;。]{1,4}[\d.]+[百千万]*元")
_PRICE_AND_AMOUNT = 2
_ASIDE = re.compile(r"[^\d;]{0,8}(?:效益|节约|节省|收益|收入|产值)")
_AROUND = " \t,。;:、整"


@dataclass(frozen=True, slots=True)
class Listed:
    """Items of prose and their sum.

    Attributes:
        items: the amounts, at least two, in reading order.
        total: their sum in yuan.
        resolution: of the finest of them, in yuan.
    """

    items: tuple[Money, ...]
    total: Decimal
    resolution: Decimal


def sum_of_items(text: str, stated: Decimal) -> Listed | None:
    """Add up the items that ``text`` breaks ``stated`` down into, where it evidently lists them all.

    That is where 其中, 包括, 由…组成, 构成如下 or the like stand behind the stated amount, or end the line
    above a list, and where each clause or line then names one thing and one amount.  A breakdown of a part
    (其中主要, …等, 其余…), into payments or sources, into years and things, or with a clause without an
    amount is none.

    Args:
        text: a section's paragraphs, one a line.
        stated: the total that the text states, in yuan.
    """
    # A page's line may end in front of a sign or a mark that goes on with the sentence.
    reading = _BROKEN_LINE.sub(" ", plain(text).text)
    every = find_money(reading)
    money = [m for m in every if not m.capital]
    masked = _without_capitals(_BRACKETS.sub(_blank, _unbracketed(reading, every)), every)
    shown = [m for m in money if masked[m.span[0]].strip()]
    if not any(m.amount == stated for m in shown):
        return None
    shown = _without_factors(masked, shown)
    for items in (
        *_below(masked, shown),
        *_inline(masked, shown, stated),
        *_in_brackets(reading, money, stated),
        *_before_total(masked, shown, stated),
        *_numbered(masked, shown, stated),
        *_numbered_above(masked, shown, stated),
        *_after(masked, shown, stated),
    ):
        if items is not None and len(items) > 1:
            return Listed(
                tuple(items), sum((m.amount for m in items), Decimal(0)), min(m.resolution for m in items)
            )
    return None


def _blank(match: re.Match[str]) -> str:
    return " " * len(match.group())


def _without_capitals(text: str, money: list[Money]) -> str:
    """``text`` without the capital numerals behind the figures: 9.6万元,大写:玖万陆仟元整."""
    for capital in money:
        start, end = capital.span
        lead_in = _CAPITALS_AGAIN.search(text, 0, start) if capital.capital else None
        if lead_in is not None:
            text = text[: lead_in.start()] + " " * (end - lead_in.start()) + text[end:]
    return text


def _unbracketed(text: str, money: list[Money]) -> str:
    """``text`` without the brackets around the figures of an amount in capitals: 伍拾万元整(50万元)."""
    for capital in money:
        bracket = _BRACKETS.match(text, capital.span[1]) if capital.capital else None
        if bracket is not None:
            text = f"{text[: bracket.start()]} {bracket[0][1:-1]} {text[bracket.end() :]}"
    return text


def _below(text: str, money: list[Money]) -> Iterator[list[Money] | None]:
    """Items on the lines under a line that announces them."""
    for intro in _LISTED_BELOW.finditer(text):
        if _PARTIAL.search(text[text.rfind("\n", 0, intro.start()) + 1 : intro.end()]):
            continue
        parts: list[tuple[int, str]] = []
        for start, line in _lines(text, intro.end() + 1):
            amounts = _within(money, start, start + len(line))
            named = bool(_NAME.search(line))
            if not amounts or not named or (_SUM.search(line) and len(parts) > 1):
                if _MARKER.match(line) and not _SUM.search(line):
                    parts.clear()  # an item without an amount: the list says less than the whole
                break
            parts.append((start, line))
        yield _items(parts, money)


def _lines(text: str, start: int) -> Iterator[tuple[int, str]]:
    """The lines from ``start`` on, with where they begin; a title above its amount is one line with it."""
    lines = text[start:].split("\n")
    while lines:
        line = lines.pop(0)
        if (
            lines
            and _MARKER.match(line)
            and not re.search(r"\d[万亿]?元", line)
            and re.match(r"\s*\d[\d,.]*[万亿]?元", lines[0])
        ):
            line = f"{line}\n{lines.pop(0)}"
        yield start, line
        start += len(line) + 1


def _inline(text: str, money: list[Money], stated: Decimal) -> Iterator[list[Money] | None]:
    """Items behind the stated amount, in its sentence or the next."""
    for total in money:
        intro = _BEHIND_TOTAL.match(text, total.span[1]) if total.amount == stated else None
        if intro is None or _PARTIAL.search(intro.group()):
            continue
        end = re.search(r"[。\n]|$", text[intro.end() :])
        region = text[intro.end() : intro.end() + (end.start() if end else 0)]
        if intro["composed"] and not _COMPOSED.search(region.rstrip(_AROUND)):
            continue
        if _GOES_ON.match(text, intro.end() + len(region) + 1):
            continue
        region = _without_aside(_COMPOSED.sub("", region.rstrip(_AROUND)))
        items = _items(list(_clauses(region, intro.end())), money, years=years_before(text, total.span[0]))
        limit = intro["limit"] or _LIMIT_BEFORE.search(text, 0, total.span[0])
        if limit and items and sum(m.amount for m in items) < stated:
            continue  # a limit may be more than what is within it
        yield items


def _in_brackets(text: str, money: list[Money], stated: Decimal) -> Iterator[list[Money] | None]:
    """Items in brackets behind what they come to: 76万元（软件36万元、硬件40万元）."""
    for total in money:
        bracket = _BRACKET_BEHIND_TOTAL.match(text, total.span[1]) if total.amount == stated else None
        if bracket is not None:
            yield _items(list(_clauses(bracket["items"], bracket.start("items"))), money)


def _after(text: str, money: list[Money], stated: Decimal) -> Iterator[list[Money] | None]:
    """Items that make up all the rest of a text that opens with the stated amount (312万元。软件56万元…)."""
    total = money[0]
    rest = _ALL_THE_REST.fullmatch(text, total.span[1])
    if total.amount != stated or text[: total.span[0]].strip(_AROUND + "总合共计约人民币¥") or rest is None:
        return
    items = _items(list(_clauses(rest["items"], rest.start("items"))), money)
    if items is not None and len(items) >= _MANY:
        yield items


def _numbered(text: str, money: list[Money], stated: Decimal) -> Iterator[list[Money] | None]:
    """Items that are numbered lines, from 1 on, under the line that ends in the stated amount."""
    for total in money:
        rest = _REST_OF_LINE.match(text, total.span[1]) if total.amount == stated else None
        if rest is None or _PARTIAL.search(rest[0]):
            continue
        parts: list[tuple[int, str]] = []
        for start, line in _lines(text, rest.end()):
            if _MARKER.match(line) is None or ordinal(line) != len(parts) + 1:
                break
            parts.append((start, line))
        items = _items(parts, money)
        if items is not None and len(items) >= _MANY:
            yield items


def _numbered_above(text: str, money: list[Money], stated: Decimal) -> Iterator[list[Money] | None]:
    """Items that are numbered, bulleted or all lines above the line called their sum (合计：156万元)."""
    for total in money:
        begin = text.rfind("\n", 0, total.span[0]) + 1
        if total.amount != stated or not _CALLED_SUM.fullmatch(text[begin : total.span[0]]):
            continue
        lines = list(_lines(text[: max(0, begin - 1)], 0))
        first = next((i for i in reversed(range(len(lines))) if ordinal(lines[i][1]) == 1), len(lines))
        parts = lines[first:]
        counted = [ordinal(line) for _, line in parts if _MARKER.match(line)]
        if len(parts) > 1 and counted == list(range(1, len(parts) + 1)):
            yield _items(parts, money)
        elif lines and (bullet := bullet_of(lines[-1][1])):
            begin = next((i for i in reversed(range(len(lines))) if bullet_of(lines[i][1]) != bullet), -1) + 1
            yield _items(lines[begin:], money)
        elif len(lines) >= _MANY and not any(counted):
            yield _items(lines, money)


def _before_total(text: str, money: list[Money], stated: Decimal) -> Iterator[list[Money] | None]:
    """Items in front of what they come to, in one sentence or line: 甲3万元；乙2万元。两项合计5万元."""
    for total in money:
        if total.amount != stated or total.per or total.approximate:
            continue
        begin = max(text.rfind("\n", 0, total.span[0]), text.rfind(":", 0, total.span[0])) + 1
        before = text[begin : total.span[0]]
        lead = re.search(r"(=)\s*$", before) or re.search(r"(?:^|[,;。+、])([^,;。+、]{0,12})$", before)
        if lead is None or not (lead[1] in ("=", "共") or _SUM.search(lead[1])):
            continue
        region = _COMPOSED.sub("", text[begin : begin + lead.start()])
        if "。" in region or _PARTIAL.search(region):
            continue
        parts = list(_clauses(region, begin))
        yield _items(parts, money, years=len(parts))


def years_before(text: str, start: int) -> int:
    """How many years the amount at ``start`` is for by the words right before it (三年合计); 0 if none."""
    found = _SOME_YEARS.search(text, max(0, start - _NEAR), start)
    if found is None:
        return 0
    if found["months"]:
        return int(found["months"]) // 12 if int(found["months"]) % 12 == 0 else 0
    return int(_CHINESE_DIGITS.get(found["years"], found["years"]))


def _without_factors(text: str, money: list[Money]) -> list[Money]:
    """Amounts without those that are only multiplied: 55张×200元=11000元."""
    return [
        m
        for m, following in zip(money, (*money[1:], None), strict=True)
        if following is None or not _is_factor(text, m, following)
    ]


def _is_factor(text: str, amount: Money, following: Money) -> bool:
    """Whether ``following`` is the product of which ``amount`` is one side: 200元×55张=, 55张×200元=."""
    product = product_of(text, amount.span)
    return product is not None and not text[product : following.span[0]].strip()


def _without_aside(region: str) -> str:
    """The listing up to where a clause begins that speaks of what the project saves or earns."""
    first, semicolon, rest = region.partition(";")
    return first if semicolon and _ASIDE.match(rest) else region


def _clauses(region: str, start: int) -> Iterator[tuple[int, str]]:
    separators = next((re.compile(re.escape(c)) for c in ";+" if c in region), _SEPARATORS)
    at = 0
    for cut in (*(m.span() for m in separators.finditer(region)), (len(region), len(region))):
        if region[at : cut[0]].strip(_AROUND):
            yield start + at, region[at : cut[0]]
        at = cut[1]


def _items(parts: list[tuple[int, str]], money: list[Money], years: int = 0) -> list[Money] | None:
    """The amount of each part, None where one of them is no plain item; ``years`` of them may be years."""
    items: list[Money] = []
    in_years = 0
    for index, (start, part) in enumerate(parts):
        amounts = _within(money, start, start + len(part))
        if len(amounts) == _PRICE_AND_AMOUNT and amounts[0].per and not amounts[1].per:
            del amounts[0]  # 每台0.6万元,共50台,计30万元
        if _SUM.search(part) and index == len(parts) - 1 and items:
            break
        if len(amounts) != 1 or amounts[0].per or amounts[0].approximate:
            return None
        at, end = amounts[0].span
        name = _PRICED.sub("", part[: at - start])
        of_year = _YEAR.search(name) is not None
        named = of_year or _NAME.search(name) or name.rstrip().endswith("=")
        if part[end - start :].strip(_AROUND) or not named:
            return None
        if _PARTIAL.search(name) or _SUM.search(name) or _NO_ITEM.search(name):
            return None
        in_years += of_year
        items.append(amounts[0])
    return items if not in_years or in_years == len(items) == years else None


def _within(money: list[Money], start: int, end: int) -> list[Money]:
    return [m for m in money if start <= m.span[0] < end]
