"""Numbers as Chinese documents write them: Arabic, Chinese, capital, mixed, read digit by digit."""

from __future__ import annotations

import re
from decimal import Decimal

from extractors.facts.plain import plain

# Capital, traditional and commonly mistaken forms of one numeral.
_FORMS = {
    "零": "零〇", "一": "一壹弌", "二": "二贰貳貮弍弐两兩", "三": "三叁參叄参弎", "四": "四肆", "五": "五伍",
    "六": "六陆陸", "七": "七柒", "八": "八捌", "九": "九玖", "十": "十拾", "百": "百佰", "千": "千仟",
    "万": "万萬", "亿": "亿億",
}  # fmt: skip
_CANONICAL = {ord(form): numeral for numeral, forms in _FORMS.items() for form in forms}
_CANONICAL |= {ord("廿"): "二十", ord("卅"): "三十"}

CAPITALS = "壹贰貳貮弍叁參叄肆伍陆陸柒捌玖拾佰仟"
"""Characters that only capital (forgery-proof) numerals use."""
CHINESE = "".join(_FORMS.values()) + "廿卅"
"""Every character of a Chinese numeral."""
ARABIC = r"(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?"
"""Pattern of an Arabic number, with or without thousands separators (in plain text)."""

_DIGITS = "零一二三四五六七八九"
_ONE = rf"[{_DIGITS}]|{ARABIC}"
_SECTION = re.compile(rf"(?:({_ONE})千)?零*?(?:({_ONE})百)?零*?(?:({_ONE})?(十))?零*?({_ONE})?")
_POINT = re.compile(rf"([{_DIGITS}十百千]+)点([{_DIGITS}]+)([万亿]*)")
_YUAN = re.compile(rf"(.+?)元(?:([{_DIGITS}\d])角)?零?(?:([{_DIGITS}\d])分)?")
_WAN, _YI = Decimal(10_000), Decimal(100_000_000)
_BEYOND_COUNTING = Decimal(10) ** 20
"""A hundred thousand times what the world earns in a year, in yuan."""


def parse_number(text: str) -> Decimal | None:
    """Read the whole of ``text`` as one number.

    Args:
        text: e.g. ``1,285,000.00``, ``三``, ``一百零五``, ``廿四``, ``二〇二六``, ``3万5千``, ``1.2亿``,
            ``人民币贰拾捌万伍仟元整``, ``叁拾伍万柒仟陆佰元零伍分``.

    Returns:
        The exact value (of an amount in yuan), or None where it is not a well-formed number, or one beyond
        anything that is counted, which could not be added exactly either.
    """
    value = _value(text)
    return value if value is None or value < _BEYOND_COUNTING else None


def _value(text: str) -> Decimal | None:
    written = plain(text).text.replace(" ", "")
    if re.fullmatch(ARABIC, written):
        return _arabic(written)
    written = written.removeprefix("人民币").translate(str.maketrans("圆圓", "元元"))
    written = written.removesuffix("整").removesuffix("正")
    colloquial = not any(character in CAPITALS for character in written)
    canonical = written.translate(_CANONICAL)
    amount = _YUAN.fullmatch(canonical)
    if amount is None:
        return _number(canonical, colloquial)
    whole, tenths, hundredths = amount.groups()
    yuan = _number(whole, colloquial=False)
    return None if yuan is None else yuan + _digit(tenths) / 10 + _digit(hundredths) / 100


def canonical_digits(text: str) -> str:
    """Numerals of every form written with the ordinary Chinese ones (贰 as 二, 〇 as 零, 廿 as 二十)."""
    return text.translate(_CANONICAL)


def _number(text: str, colloquial: bool) -> Decimal | None:
    if re.fullmatch(rf"[{_DIGITS}\d]{{2,}}", text):
        return Decimal("".join(str(_DIGITS.find(c)) if c in _DIGITS else c for c in text))
    if (point := _POINT.fullmatch(text)) is not None:
        return _with_point(*point.groups())
    return _above_yi(text, colloquial)


def _with_point(whole: str, fraction: str, scale: str) -> Decimal | None:
    value = _section(whole, colloquial=False)
    if value is None:
        return None
    value += Decimal("0." + "".join(str(_DIGITS.index(c)) for c in fraction))
    for unit in scale:
        value *= _WAN if unit == "万" else _YI
    return value


def _above_yi(text: str, colloquial: bool) -> Decimal | None:
    left, mark, right = text.rpartition("亿")
    return (
        _joined(_above_wan(left, colloquial), _above_wan(right, colloquial), right, _YI, colloquial)
        if mark
        else _above_wan(text, colloquial)
    )


def _above_wan(text: str, colloquial: bool) -> Decimal | None:
    left, mark, right = text.rpartition("万")
    return (
        _joined(_section(left, colloquial), _section(right, colloquial), right, _WAN, colloquial)
        if mark
        else _section(text, colloquial)
    )


def _joined(
    left: Decimal | None, right: Decimal | None, written: str, scale: Decimal, colloquial: bool
) -> Decimal | None:
    """``left`` times ``scale`` plus ``right``; an empty right side counts nothing."""
    if left is None or (right is None and written) or (right or 0) >= scale:
        return None
    if colloquial and len(written) == 1 and written in _DIGITS[1:]:
        # 两万五 is said for 25,000; 两万零五 for 20,005.
        return left * scale + (right or 0) * scale / 10
    return left * scale + (right or 0)


def _section(text: str, colloquial: bool) -> Decimal | None:
    """What stands before 万 or 亿, or after them; None where it is empty or not in descending order."""
    match = _SECTION.fullmatch(text) if text else None
    if match is None:
        return None
    thousands, hundreds, tens, ten, ones = match.groups()
    value = _digit(thousands) * 1000 + _digit(hundreds) * 100
    if ten:
        value += (_digit(tens) if tens else 1) * 10
    if ones and colloquial and ones in _DIGITS and not ten and "零" not in text:
        # 三千六 is said for 3,600, 一百五 for 150.
        scale = 10 if hundreds else 100 if thousands else 1
        return value + _digit(ones) * scale
    return value + _digit(ones)


def _digit(text: str | None) -> Decimal:
    if not text:
        return Decimal(0)
    return Decimal(_DIGITS.index(text)) if text in _DIGITS else _arabic(text)


def _arabic(text: str) -> Decimal:
    return Decimal(text.replace(",", ""))
