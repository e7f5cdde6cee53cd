"""Amounts of money in prose, the total among several, and the sum of funding sources."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, replace
from decimal import Decimal

from extractors.facts.context import SENTENCE_ENDS, lead, steering
from extractors.facts.numerals import ARABIC, CAPITALS, CHINESE, parse_number
from extractors.facts.plain import Plain, plain, without_book_titles
from extractors.text import nfkc

UNITS = {
    "元": Decimal(1),
    "百元": Decimal(100),
    "千元": Decimal(1000),
    "万元": Decimal(10_000),
    "万": Decimal(10_000),
    "十万元": Decimal(100_000),
    "百万元": Decimal(1_000_000),
    "千万元": Decimal(10_000_000),
    "亿元": Decimal(100_000_000),
}
UNITS |= {name.replace("元", "圆"): scale for name, scale in UNITS.items()}
"""Units of money that a header, a caption or a label can name, in yuan."""

_UNIT = r"(?:[十百千]?万|[百千亿])?[元圆]"
UNIT_LABEL = re.compile(
    rf"\((?:计量|金额|货币)?(?:单位)?:?(?:人民币)?:?({_UNIT})(?:人民币)?\)|单位[均都]?[:为]?(?:人民币)?({_UNIT})"
)
"""A unit declared for the bare numbers that follow: （万元）, 单位：万元."""

_UNIT_ABOVE = re.compile(rf"(?:^|[\s(])(?:金额|货币|计量)?单位\s*:\s*(?:人民币)?\s*({_UNIT})")

_NUMERAL = rf"[{CHINESE}]"
_NUMBER = re.compile(
    rf"(?<![\d.])(?P<number>(?:{ARABIC}[余多]?(?:[十百千万亿萬億](?:{ARABIC}|{_NUMERAL})*)?|{_NUMERAL}+(?:点{_NUMERAL}+)?)[余多]?)"
)
# 元 begins other words too: 12个元数据, 3元结构.
_YUAN = re.compile(
    rf"\((?:单位:?)?(?P<unit>{_UNIT})\)|(?:人民币)?[元圆圓块](?!数据|素|器件|件|宇宙|旦|组(?!成)|模型|化|结构|次)"
    rf"(?:(?P<tenths>[\d{CHINESE}])角)?零?(?:(?P<hundredths>[\d{CHINESE}])分(?!之|钟|为|别|期|年|批))?"
    r"(?P<whole>[整正](?!常|式|体|个|改|合))?"
)
_CURRENCY = re.compile(r"(?:人民币|RMB|CNY|¥)(?:\((?:小写|大写)\))?[:(]?$", re.IGNORECASE)
_CURRENCY_ENDS = frozenset("币BbYy¥):(")
_WRITTEN_OUT = re.compile(r"大写[^,。;\d]{0,8}$")
# One of these is in every text that has an amount in capitals: a cheap look before the search.
_MAYBE_CAPITAL = re.compile(rf"[{CAPITALS}]|大写|[元圆圓块].{{0,5}}[整正]")
# One of these is in every text that the search above may find, and a text need not be made plain to see that.
_HAS_CAPITAL = re.compile(rf"[{CAPITALS}]|大\s*写|[元圆圓块].{{0,9}}[整正]", re.DOTALL)
# One of these is in every text that states an amount with its unit, be it RMB, or in full as accounts do,
# with a comma between digits.  A pattern that begins with a class of characters is searched for fastest.
_HAS_AMOUNT = re.compile(
    rf"[元圆圓块币¥￥万亿萬億{CAPITALS}BbYyＢｂＹｙ,，](?:(?<![,，])|(?<=\d[,，])(?=\d))"
)
# A bare 28.5万 is money where its clause speaks of money and no counted thing follows.
_SPEAKS_OF_MONEY = re.compile(
    r"金额|资金|预算|估算|概算|投资|投入|费|款|价|合计|总计|共计|总额|安排|补助|财政|自筹|经费|支付|拨|配套|大写"
)
_NO_COUNTER = re.compile(r"(?=$|[,。;、)\]\n:!?\"+]|左右|以内|以下|上下|之内|\(|整|用于|由|其中)")
# The numbers of things: A4, 第3, 〔2023〕12, v2.0.
_NAMED_NUMBER = re.compile(r"[A-Za-z第〔\[№#/\-~+*×]$|\d$")
_LAST_SHOWN = re.compile(r"\d(?:\.(\d+))?([十百千万亿萬億]*)$")
_POINT = re.compile(r"点(?P<fraction>[^万亿萬億]+)(?P<scale>[万亿萬億]*)$")
# 合计：298,000.00 is written as accounts are: in yuan, down to the last hundredth.
_IN_FULL = re.compile(r"\d{1,3}(?:,\d{3})+\.\d\d")
_BARE_END = re.compile(r"(?=$|[,。;)\]\n!?\"(]|、(?!\d+[年月级]))")
_REPEATED = re.compile(r"[\s,:]*[(\[]?\s*(?:即|合|小写|人民币|RMB|¥|[:(]|\s)*", re.IGNORECASE)
_WRITTEN_AGAIN = re.compile(r"[\s,:]*[(\[]?\s*(?:即|大写|人民币|[:,]|\s)*")
_APPROXIMATE_BEFORE = re.compile(
    r"(?:(?<![节合制条公特签])约为?|大约|近|将近|接近|不超过|不高于|不多于|不少于|不低于|最高为?|至多|上限为?|控制在|超过|大概)"
    r"(?:人民币|RMB|¥)?$"
)
_APPROXIMATE_AFTER = re.compile(r"左右|上下|以内|以下|之内")
_EACH = (
    r"(?:平方米|功能点|半年|季度|公里|点位|工时|小时|社区"
    r"|人|年|月|日|天|台|套|个|次|期|季|户|点|名|路|座|项|条|件|份|间|处|村)"
)
_PER_AFTER = re.compile(rf"\(?(?:/|每)({_EACH}(?:[/·•.*每]?{_EACH})*)(?=$|[^一-龥\d]|计|标准|左右|的|执行)")
_PER_BEFORE = re.compile(
    rf"(?:每(?:一|个)?({_EACH}(?:每?{_EACH})*)|([年月人]均)|(单价))[^,。;、:\d]{{0,10}}:?$"
)

# General language: the words that announce a total, state an amount, or mark a part of one.
_TOTAL_WORDS = re.compile(
    r"总投资|总额|总金额|总价|总费用|总预算|总概算|总经费|总估算|总造价|总计|合计|共计|总共|总盘子?|共需[^,。;\d]{0,8}$|(?<![公中一])共[^,。;享用建同服]{0,5}$|总规模|总的?资金|总成本|[总全]部费用|资金总|投资总|预算总|估算总"
)
# Words that lead on to an amount without naming what it is for.
_FILLER = re.compile(
    r"(?:经?(?:初步|综合)?(?:测算|核算|计算)后?|约|大约|大概|为|是|计|人民币|¥|RMB|\"|\([^()]*\))*"
)
# 各102万元 is an amount for each of some that are not counted here, but for years that are named one by one.
_EACH_OF_SOME = re.compile(r"[各均][^,。;、\d]{0,6}$")
_A_YEAR = r"(?:(?:19|20)\d\d(?:年度?)?|第[一二三四五\d]年度?)"
_EACH_OF_YEARS = re.compile(rf"(?<![至到\-—~])({_A_YEAR}(?:[、,和及]{_A_YEAR})+)[各均][^,。;、\d]{{0,6}}$")
_LIST_GOES_ON = re.compile(r"[、,和及]+\d")
_YEAR_BY_YEAR = re.compile(r"(?:逐年|分年度?|按年度?)[^,。;、\d]{0,6}$")
_RESPECTIVELY = re.compile(r"分别[^,。;、\d]{0,6}$")
_SENTENCE_END = re.compile(f"[{SENTENCE_ENDS}]")
# How far to look around a number for the marks that make it one of money, in characters.
_NEAR = 40
# A breakdown of one source is no longer than this, in characters, though its bracket never closes.
_LONGEST_BREAKDOWN = 400
_STATING_WORDS = re.compile(r"估算|概算|预算|投资|所需|需要|需求资金|需|金额|经费|费用|资金|合同价|价款|报价")
_PART_WORDS = re.compile(r"其中|分别为|包括|包含|分为|小计")
_PAID_WORDS = re.compile(
    r"已支付|已付|(?<!转移)支付|首付|预付|尾款|余款|进度款|质保金|保证金|第[一二三四五\d]+[期笔次批]|累计|节约|核减|年(?:运维|维护|服务|租赁)费|建成后|上年|上一|去年|往年|原有?(?:合同|预算|投资)|历年|单项|每"
)
# What another system, an earlier time or others' projects cost says nothing of this project.
_FORMER = re.compile(
    r"原有?(?:系统|平台|项目|建设|采购|软件|工程|投资|中标|合同)(?!.*(?:升级|改造|扩容|基础|迁移|运维|维护|现))"
    r"|(?:同类|类似|同等规模|兄弟|周边|其[他它]|外地)[^,。;、\d]{0,8}(?:项目|系统|平台|区|县|市|单位|街道)"
)
_OF_THIS = re.compile(r"估算|概算|预算|测算|匡算|需|共|合|总|本")
_LIMIT_AFTER = re.compile(r"以上|以下|标准|限额|及以|的(?:另|须|应|项目|部分)")
_SOME_YEARS = re.compile(
    r"(?:^|[^\d第每按])([两二三四五]|[2-5])年(?:总?共|合计|总计|总|计|需|期|预算|经费|费用|资金)*(?:约|为|人民币|:|最高|最多|至多|上限)*$"
)
_YEAR_LEAD = re.compile(r"^(?:[(:]*)(?:(?:19|20)\d\d年|第[一二三四五\d]+年|首年|次年|当年|明年|今年|本年)")
_SOURCE_NAMED = re.compile(
    r"补助|自筹|配套|自有|拨款|债券|贷款|社会资本|出资|上级|区级|市级|省级|中央|区财政|市财政|街道"
)
_NO_PART_OF_THIS = re.compile(
    r"与本(?:项目|方案|次)[^,。;]{0,6}无关|不(?:属于|计入|纳入|列入|含在)本(?:项目|次|方案)|不在本(?:项目|次|方案)|其他(?:信息化)?项目"
)
_RESULT = re.compile(r"[×*xX+][^=,。;\n]*=\s*$")
_PRODUCT = re.compile(r"[×*xX][^=+,。;\n]*=\s*$")
_FACTOR = re.compile(r"(?:/[^\d,;。=×*]{1,3})?\s*(?P<times>[×*xX]\s*\d[^=+,。;\n]*)?=")
_TIMES = re.compile(r"[×*xX]\s*$")
_WEIGHTS = {
    "wanted": 60,
    "total": 40,
    "product": 8,
    "years": 90,
    "twice": 25,
    "stating": 10,
    "part": -50,
    "paid": -40,
    "year": -20,
    "limit": -30,
}


@dataclass(frozen=True, slots=True)
class Money:
    """An amount of money that a text states.

    Attributes:
        amount: in yuan.
        resolution: in yuan, what one unit of the last shown digit is worth (28.5万元: 1000); of capital
            numerals, the smallest unit that is named (元, 角, 分).
        span: place in the text that was passed in.
        text: quoted from there.
        capital: written in capital numerals.
        approximate: 约, 左右, 不超过 and the like stand beside it.
        per: what it is the price of one of (人·月, 年, 台, 单价), None if it is no unit price or rate.
    """

    amount: Decimal
    resolution: Decimal
    span: tuple[int, int]
    text: str
    capital: bool = False
    approximate: bool = False
    per: str | None = None


@dataclass(frozen=True, slots=True)
class SourceSum:
    """Funding sources and what they come to.

    Attributes:
        parts: the sources' amounts, none counted twice.
        total: their sum in yuan.
        resolution: of the finest part, in yuan.
        stated: the total that the text itself states, None where it states none.
    """

    parts: tuple[Money, ...]
    total: Decimal
    resolution: Decimal
    stated: Money | None = None


@dataclass(frozen=True, slots=True)
class _Found:
    """An amount with its place in the plain text.

    Attributes:
        money: the amount.
        start, end: its place.
        floor: where the amount before ends; words before that are not about this one.
        sentence: number of its sentence.
        twice: it stands there in figures and in capitals.
    """

    money: Money
    start: int
    end: int
    floor: int = 0
    sentence: int = 0
    twice: bool = False


@dataclass(frozen=True, slots=True)
class _Ending:
    """What follows a number of money: where it ends, its scale in yuan, 角 and 分, and 整."""

    end: int
    scale: Decimal = Decimal(1)
    tenths: Decimal = Decimal(0)
    hundredths: Decimal = Decimal(0)
    whole: bool = False
    smallest: str = ""


def find_money(text: str, *, unit: str | None = None) -> list[Money]:
    """Find every amount of money in ``text``, in reading order.

    Args:
        text: prose, a label with its value, or a cell.
        unit: unit of bare numbers (``"万元"``), known from a header or caption; a unit that the text itself
            declares before a number (``资金估算（万元）：28.5``) comes first.

    Returns:
        Amounts, unit prices included (``per``); counts, years, shares and malformed numerals are left out.
    """
    if unit is None and not may_state_money(text):
        return []
    return [found.money for found in _find(plain(text), unit)]


def may_state_money(text: str) -> bool:
    """Whether ``text`` may state an amount with its unit; a cheap look before the search."""
    return _HAS_AMOUNT.search(text) is not None


def parse_capitals(text: str) -> Money | None:
    """Return the first amount in capital numerals in ``text``, None if there is none that is well formed."""
    return next((money for money in find_money(text) if money.capital), None)


def unit_of(text: str) -> str | None:
    """The unit of money that a header, caption or cell declares: 金额(万元), 单位：元, 万元."""
    written = plain(text).text.replace(" ", "")
    if re.fullmatch(_UNIT, written):
        return written
    label = UNIT_LABEL.search(written)
    if label is not None:
        return label[1] or label[2]
    suffix = re.search(rf"[/,:\-]?({_UNIT})$", written)
    return suffix[1] if suffix else None


def declared_unit(text: str) -> str | None:
    """The unit that a line declares for the amounts below it (填表日期：…　　单位：万元), None for none."""
    label = _UNIT_ABOVE.search(nfkc(text))
    return label[1] if label else None


def choose_total(
    text: str, *, unit: str | None = None, prefer: tuple[str, ...] = (), avoid: tuple[str, ...] = ()
) -> Money | None:
    """Choose the total among the amounts of ``text``.

    Each amount is weighed by the words that lead to it: a word of ``prefer``, then words of a total (合计,
    总投资), then words that state an amount (预算, 所需); words of a part (其中, 2024年), of a payment
    (已支付) and of a limit (以上) count against it, one with a word of ``avoid`` is left out.  Unit prices
    and rates are never the total.  Of amounts that weigh the same, the larger one is the total, then the
    first; but where several different amounts have no word for them at all, none is, unless it is what the
    others come to.  Capital numerals are asked only where no figure is the total.
    """
    if unit is None and not may_state_money(text):
        return None
    reading = plain(text)
    every = [found for found in _find(reading, unit) if found.money.per is None]
    figures = [found for found in every if not found.money.capital]
    capitals = [found for found in every if found.money.capital]
    weight, total = _likeliest(reading, figures, prefer, avoid)
    if weight <= 0 and capitals:
        weight, written_out = _likeliest(reading, capitals, prefer, avoid)
        total = written_out if weight > 0 or total is None else total
    return total


def _likeliest(
    reading: Plain, figures: list[_Found], prefer: tuple[str, ...], avoid: tuple[str, ...]
) -> tuple[int, Money | None]:
    """The one of some amounts that the words around say most to be the total, and how much they say so."""
    weighed = []
    amounts = {found.money.amount for found in figures}
    for found in figures:
        words = steering(reading.text, (found.start, found.end), prefer, avoid, found.floor)
        if not words.avoided and not _is_of_another(reading.text, found):
            weighed.append(
                (
                    _weight(reading.text, found)
                    + _WEIGHTS["wanted"] * bool(words.rank)
                    + _WEIGHTS["years"] * _is_of_years(reading.text, found, amounts)
                    + words.rank,
                    found.money,
                )
            )
    best = max((weight for weight, _ in weighed), default=0)
    tied = [money for weight, money in weighed if weight == best]
    if best <= 0 and len({money.amount for money in tied}) > 1:
        return best, _sum_of_the_others([money for _, money in weighed])
    return best, max(tied, key=lambda money: money.amount, default=None)


def sum_of_sources(
    text: str, *, unit: str | None = None, prefer: tuple[str, ...] = (), avoid: tuple[str, ...] = ()
) -> SourceSum | None:
    """Add up the funding sources that ``text`` gives amounts for.

    A stated total (总投资204万元, 共计51万元) is not a source, nor is what breaks one source down: in
    brackets or after 其中 behind a source's amount.  Where some sentences give sources and others give
    years, the years are a schedule of the same money.  A total alone, with no parts, is the one source
    (全部由区财政承担).  Capital numerals are asked only where there are no figures.

    Args:
        text: e.g. ``中央补助资金100万元，区级财政资金104万元。``
        unit: unit of bare numbers, known from a line above.
        prefer: words that make the amount they lead to a source though a total's word stands there too.
        avoid: words whose amounts are no sources.

    Returns:
        The sources, or None where no amounts are given (shares, 统筹安排) or they do not say how often they
        count (各102万元).  What is for each of some years (2024年、2025年各10万元) counts once for each.
    """
    if unit is None and not may_state_money(text):
        return None
    reading = plain(text)
    found_all = [found for found in _find(reading, unit) if found.money.per is None]
    every = [found for found in found_all if not found.money.capital] or found_all
    totals: list[_Found] = []
    parts: list[_Found] = []
    pieces = Decimal(0)
    for found in every:
        words = steering(reading.text, (found.start, found.end), prefer, avoid, found.floor)
        if words.avoided or _is_no_source(reading.text, found):
            continue
        if _announces_total(reading.text, found) and not words.rank:
            totals.append(found)
        elif _breaks_down(reading.text, found, pieces, parts, totals):
            pieces += found.money.amount
        else:
            parts.append(found)
            pieces = Decimal(0)
    parts, totals = _without_unnamed_total(reading.text, parts, totals)
    parts = _without_schedule(reading.text, parts) or totals[:1]
    if not parts or any(_counts_unknown(reading.text, part) for part in parts):
        return None
    amounts = tuple(found.money for found in parts for _ in range(_years_of(reading.text, found)))
    return SourceSum(
        amounts,
        sum((money.amount for money in amounts), Decimal(0)),
        min(money.resolution for money in amounts),
        totals[0].money if totals else None,
    )


def find_capitals(text: str) -> list[Money]:
    """Find the amounts in capital numerals in ``text``, in reading order, unit prices left out."""
    if not _HAS_CAPITAL.search(text):
        return []
    reading = plain(text)
    if not _MAYBE_CAPITAL.search(reading.text):
        return []
    return [found.money for found in _find(reading, None) if found.money.capital and found.money.per is None]


def _find(reading: Plain, unit: str | None) -> list[_Found]:
    text = without_book_titles(reading.text)
    labels = [(match.end(), match[1] or match[2]) for match in UNIT_LABEL.finditer(text)]
    sentences = [match.start() for match in _SENTENCE_END.finditer(text)]
    found: list[_Found] = []
    floor = 0
    for match in _NUMBER.finditer(text):
        declared = bisect_right(labels, match.start(), key=lambda label: label[0])
        amount = _amount(reading, text, match, labels[declared - 1][1] if declared else unit)
        if amount is not None:
            sentence = bisect_left(sentences, amount.start)
            before = found[-1] if found else None
            if before and before.money.capital and _REPEATED.fullmatch(text[before.end : amount.start]):
                # Both spellings of one amount are led to by the same words: 总投资壹万元整(¥10000).
                amount, floor = replace(amount, start=before.start, twice=True), before.floor
            elif (
                before and amount.money.capital and _WRITTEN_AGAIN.fullmatch(text[before.end : amount.start])
            ):
                found[-1] = replace(before, twice=True)
            found.append(replace(amount, floor=floor, sentence=sentence))
            floor = amount.end
    return found


def _amount(reading: Plain, text: str, match: re.Match[str], unit: str | None) -> _Found | None:
    """The amount whose number ``match`` is, or None if the number is none of money."""
    ending = _ending(text, match, unit)
    if ending is None:
        return None
    number = re.sub("[余多]", "", match["number"])
    value = parse_number(number)
    if value is None:
        return None
    before = text[max(0, match.start() - _NEAR) : match.start()]
    after = text[ending.end : ending.end + _NEAR]
    numeral = not number[0].isdigit()
    return _Found(
        Money(
            amount=value * ending.scale + ending.tenths / 10 + ending.hundredths / 100,
            resolution=ending.scale * _resolution(number, ending),
            span=reading.span(match.start(), ending.end),
            text=reading.quote(match.start(), ending.end),
            capital=numeral and (ending.whole or _is_capital(number) or bool(_WRITTEN_OUT.search(before))),
            approximate=_is_approximate(match["number"], before, after),
            per=_per(before, after),
        ),
        match.start(),
        ending.end,
    )


def _ending(text: str, match: re.Match[str], unit: str | None) -> _Ending | None:
    """What makes the number one of money: 元 behind it, ¥ before it, a declared unit, or talk of money."""
    number, end = match["number"], match.end()
    if (yuan := _YUAN.match(text, end)) is not None:
        return _Ending(
            yuan.end(),
            UNITS[yuan["unit"]] if yuan["unit"] else Decimal(1),
            parse_number(yuan["tenths"] or "0") or Decimal(0),
            parse_number(yuan["hundredths"] or "0") or Decimal(0),
            bool(yuan["whole"]),
            "分" if yuan["hundredths"] else "角" if yuan["tenths"] else "",
        )
    if text[end : end + 1] in ("整", "正") and sum(c in CAPITALS for c in number) > 1:
        return _Ending(end + 1, whole=True)
    before = text[max(0, match.start() - _NEAR) : match.start()]
    scaled = number[-1] in "万亿萬億"
    if (
        before[-1:] in _CURRENCY_ENDS
        and _CURRENCY.search(before)
        and (number[0].isdigit() or _is_capital(number))
    ):
        return _Ending(end)
    if scaled:
        speaks = _SPEAKS_OF_MONEY.search(lead(text, match.start(), stops=SENTENCE_ENDS))
        return _Ending(end) if speaks and _NO_COUNTER.match(text, end) else None
    if not number.isascii() or not _BARE_END.match(text, end) or _NAMED_NUMBER.search(before):
        return None
    if unit:
        return _Ending(end, UNITS[unit])
    in_full = _IN_FULL.fullmatch(number) and _SPEAKS_OF_MONEY.search(lead(text, match.start()))
    return _Ending(end) if in_full else None


def _is_capital(number: str) -> bool:
    return any(character in CAPITALS for character in number)


def _is_approximate(number: str, before: str, after: str) -> bool:
    return (
        "余" in number
        or "多" in number
        or bool(_APPROXIMATE_BEFORE.search(before))
        or bool(_APPROXIMATE_AFTER.match(after))
    )


def _resolution(number: str, ending: _Ending) -> Decimal:
    """What one unit of the last shown digit is worth, in the unit that follows the number."""
    if ending.smallest:
        return Decimal("0.01") if ending.smallest == "分" else Decimal("0.1")
    last = _LAST_SHOWN.search(number)
    if last is None and (point := _POINT.search(number)):
        scale_value = parse_number(f"一{point['scale']}") if point["scale"] else Decimal(1)
        return (scale_value or Decimal(1)).scaleb(-len(point["fraction"]))
    if last is None:
        # Of 二十八万 the last shown digit counts in 万; 百 and 十 name the number, not its precision.
        scale = re.search("[万亿萬億]+$", "" if _is_capital(number) or ending.whole else number)
        return (parse_number("1" + scale.group()) or Decimal(1)) if scale else Decimal(1)
    fraction, scale_word = last.groups()
    scale_value = parse_number("1" + scale_word) if scale_word else Decimal(1)
    return (scale_value or Decimal(1)).scaleb(-len(fraction or ""))


def _per(before: str, after: str) -> str | None:
    if (match := _PER_AFTER.match(after)) is not None:
        return match[1]
    if (match := _PER_BEFORE.search(before)) is not None:
        return next(group for group in match.groups() if group)
    return None


def _weight(text: str, found: _Found) -> int:
    """How much the words that lead to an amount speak for its being the total."""
    clause = lead(text, found.start, found.floor)
    sentence = lead(text, found.start, found.floor, SENTENCE_ENDS)
    weight = 0
    if _announces_total(text, found):
        # What a product comes to may be one item's amount: 412路×300元=12.36万元.
        weight += _WEIGHTS["product" if _PRODUCT.search(text, 0, found.start) else "total"]
    elif _STATING_WORDS.search(sentence) or _FILLER.fullmatch(text, 0, found.start):
        weight += _WEIGHTS["stating"]  # 项目预算：312万元。 What comes first under its title needs no word.
    if found.twice:
        weight += _WEIGHTS["twice"]
    if _in_part(text, found) or product_of(text, (found.start, found.end)) is not None:
        weight += _WEIGHTS["part"]
    if _PAID_WORDS.search(clause):
        weight += _WEIGHTS["paid"]
    if _YEAR_LEAD.search(clause):
        weight += _WEIGHTS["year"]
    if _LIMIT_AFTER.match(text, found.end):
        weight += _WEIGHTS["limit"]
    return weight


def product_of(text: str, span: tuple[int, int]) -> int | None:
    """Where the product begins of which the amount at ``span`` is only one side; None where it is no factor.

    300元×412路=, 412路×300元=.
    """
    multiplied = _FACTOR.match(text, span[1])
    if multiplied and (multiplied["times"] or _TIMES.search(text, 0, span[0])):
        return multiplied.end()
    return None


def _announces_total(text: str, found: _Found) -> bool:
    """Whether a word of a total leads to the amount.

    It stands in the amount's own clause, or before it where that clause names nothing itself
    (总投资，经测算，为204万元); in 总投资由以下组成：区级财政104万元 it does not lead to 104.
    """
    if _RESULT.search(text, 0, found.start):
        return True
    sentence = lead(text, found.start, found.floor, SENTENCE_ENDS)
    for segment in reversed(re.split("[,、:]", sentence)):
        if _TOTAL_WORDS.search(segment):
            return True
        if not _FILLER.fullmatch(segment):
            return False
    return False


def _is_of_years(text: str, found: _Found, amounts: set[Decimal]) -> bool:
    """Whether it is what so many years come to of which another amount is one's: 每年19万元，三年57万元."""
    years = _SOME_YEARS.search(lead(text, found.start, found.floor))
    number = parse_number(years[1].replace("两", "二")) if years else None
    return number is not None and number > 1 and found.money.amount / number in amounts


def _in_part(text: str, found: _Found) -> bool:
    """Whether 其中 or the like opened a breakdown that still runs, in the same sentence or bracket."""
    so_far = lead(text, found.start, stops=SENTENCE_ENDS)
    opened = [match.end() for match in _PART_WORDS.finditer(so_far)]
    return bool(opened) and not _TOTAL_WORDS.search(so_far, opened[-1])


def _sum_of_the_others(amounts: list[Money]) -> Money | None:
    whole = sum(money.amount for money in amounts)
    return next((money for money in amounts if money.amount * 2 == whole and len(amounts) > 2), None)


def _is_of_another(text: str, found: _Found) -> bool:
    """Whether the clause says what the system cost once (原建设投资186万元) or what others paid."""
    clause = lead(text, found.start, found.floor)
    opening = found.start - len(clause)
    if opening and text[opening - 1] == "(":
        outer = lead(text, opening - 1)  # 参照同类项目（总投资120万元）
        if (former := _FORMER.search(outer)) and not _OF_THIS.search(outer, former.end()):
            return True
        clause = outer + clause
    former = _FORMER.search(clause)
    return former is not None and not _OF_THIS.search(clause, former.end())


def _is_no_source(text: str, found: _Found) -> bool:
    """Whether the amount was paid already, is a limit that a rule names, or belongs to another project."""
    clause = lead(text, found.start, found.floor)
    rest = re.split(f"[{SENTENCE_ENDS}]|\\d", text[found.end : found.end + _NEAR], maxsplit=1)[0]
    return bool(
        _PAID_WORDS.search(clause)
        or _is_of_another(text, found)
        or _LIMIT_AFTER.match(text, found.end)
        or _NO_PART_OF_THIS.search(clause + rest)
    )


def _counts_unknown(text: str, found: _Found) -> bool:
    """Whether the amount counts several times, nobody says here how often: 各102万元, 分别安排17万元."""
    clause = lead(text, found.start, found.floor, SENTENCE_ENDS)
    if _EACH_OF_SOME.search(clause) or _YEAR_BY_YEAR.search(clause):
        return _years_of(text, found) == 1
    return bool(_RESPECTIVELY.search(clause)) and not _LIST_GOES_ON.match(text, found.end)


def _years_of(text: str, found: _Found) -> int:
    """For how many years that stand before it the amount is given each; 1 where there are none."""
    years = _EACH_OF_YEARS.search(lead(text, found.start, found.floor, SENTENCE_ENDS))
    return len(re.findall(_A_YEAR, years[1])) if years else 1


def _breaks_down(
    text: str, found: _Found, pieces: Decimal, parts: list[_Found], totals: list[_Found]
) -> bool:
    """Whether the amount is a piece of the source before it: in brackets, or after 其中, behind it.

    A breakdown after 其中 ends with its sentence, or once its ``pieces`` so far come to what they break down.
    """
    parent = parts[-1] if parts else None
    if parent is None or (totals and totals[-1].start > parent.start):
        return False
    between = text[parent.end : found.start]
    if len(between) > _LONGEST_BREAKDOWN:
        return False
    if between.count("(") > between.count(")"):
        return True
    flat = re.sub(r"\([^()]*\)", "", between)
    return "其中" in flat and found.sentence == parent.sentence and pieces < parent.money.amount


def _without_unnamed_total(
    text: str, parts: list[_Found], totals: list[_Found]
) -> tuple[list[_Found], list[_Found]]:
    """An amount that comes first and is what all the others come to is a total, if it is no named source."""
    others = sum((part.money.amount for part in parts[1:]), Decimal(0))
    if totals or len(parts) <= 2 or parts[0].money.amount != others:
        return parts, totals
    named = _SOURCE_NAMED.search(lead(text, parts[0].start, parts[0].floor))
    if named and "其中" not in text[parts[0].end : parts[1].start]:
        return parts, totals
    return parts[1:], parts[:1]


def _without_schedule(text: str, parts: list[_Found]) -> list[_Found]:
    """Leave out the sentences that only say which year gets how much, where others name the sources."""
    scheduled = [bool(_YEAR_LEAD.search(lead(text, part.start, part.floor))) for part in parts]
    named = {part.sentence for part, in_years in zip(parts, scheduled, strict=True) if not in_years}
    return [part for part in parts if part.sentence in named] if named else parts
