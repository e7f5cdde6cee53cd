from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.facts.numerals import parse_number

DIGITS = "零一二三四五六七八九"
CAPITAL = str.maketrans("零一二三四五六七八九十百千", "零壹贰叁肆伍陆柒捌玖拾佰仟")


def chinese(number: int) -> str:
    """Write ``number`` (below 10**12) as it is read aloud: the inverse of what is tested."""
    if number == 0:
        return "零"
    groups = [(number // 10**8, "亿"), (number // 10**4 % 10**4, "万"), (number % 10**4, "")]
    written, gap = "", False
    for group, unit in groups:
        if group == 0:
            gap = bool(written)
            continue
        if written and (gap or group < 1000):
            written += "零"
        written, gap = written + _below_ten_thousand(group) + unit, False
    return written


def _below_ten_thousand(number: int) -> str:
    written, gap = "", False
    for value, unit in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, value)
        if digit == 0:
            gap = bool(written)
            continue
        written, gap = written + ("零" if gap else "") + DIGITS[digit] + unit, False
    return written


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("0", "0"),
        ("28.5", "28.5"),
        ("285,000.00", "285000"),
        ("1,285,000", "1285000"),
        ("２８．５", "28.5"),
        ("28 .5", "28.5"),
        ("1，285，000", "1285000"),
        ("2 8 5 0", "2850"),
        ("三", "3"),
        ("两", "2"),
        ("十", "10"),
        ("十五", "15"),
        ("二十四", "24"),
        ("廿", "20"),
        ("廿四", "24"),
        ("卅一", "31"),
        ("一百零五", "105"),
        ("一百一十", "110"),
        ("一百五", "150"),
        ("三千六", "3600"),
        ("三千零六", "3006"),
        ("两万五", "25000"),
        ("两万零五", "20005"),
        ("一百二十万", "1200000"),
        ("三点五", "3.5"),
        ("三点五万", "35000"),
        ("三万亿", "3000000000000"),
        ("零", "0"),
        ("3万5千", "35000"),
        ("28万5千", "285000"),
        ("1.2亿", "120000000"),
        ("1亿2000万", "120000000"),
        ("12万3456", "123456"),
        ("28.5万", "285000"),
        ("2850百", "285000"),
        ("2千万", "20000000"),
        ("二〇二六", "2026"),
        ("二零二六", "2026"),
        ("二○二六", "2026"),
        ("二0二六", "2026"),
        ("二O二六", "2026"),
        ("壹", "1"),
        ("拾", "10"),
        ("拾万", "100000"),
        ("柒拾", "70"),
        ("贰拾捌万伍仟", "285000"),
        ("貳拾捌萬伍仟圓整", "285000"),
        ("陸萬柒仟", "67000"),
        ("零叁", "3"),
        ("参拾", "30"),
        ("人民币贰拾捌万伍仟元整", "285000"),
        ("壹佰贰拾万元整", "1200000"),
        ("壹亿贰仟万元正", "120000000"),
        ("叁拾伍万柒仟陆佰元零伍分", "357600.05"),
        ("贰拾捌万伍仟元叁角贰分", "285000.32"),
        ("壹拾玖万陆仟零佰零拾零元", "196000"),
        ("壹拾玖万陆仟零佰零拾零元零角零分", "196000"),
        ("伍拾万零叁佰元", "500300"),
        ("人民币 贰 拾 捌 万 伍 仟 元 整", "285000"),
        ("玖仟零伍拾元叁角", "9050.3"),
        ("贰万伍元", "20005"),
    ],
)
def test_number_is_read(written: str, value: str) -> None:
    assert parse_number(written) == Decimal(value)


@pytest.mark.parametrize(
    "written",
    [
        "",
        "元",
        "万",
        "万元",
        "佰",
        "千",
        "五百三千",
        "一万二万",
        "12,34",
        "三五百",
        "abc",
        "第三",
        "-5",
        "1.2.3",
        "几十",
        "3-5",
        "9" * 21,
        "1亿亿亿",
    ],
)
def test_what_is_no_number_is_none(written: str) -> None:
    assert parse_number(written) is None


@given(st.integers(0, 10**12 - 1))
def test_every_number_survives_chinese(number: int) -> None:
    assert parse_number(chinese(number)) == number


@given(st.integers(1, 10**11), st.integers(0, 99))
def test_every_amount_survives_capitals(yuan: int, cents: int) -> None:
    capitals = chinese(yuan).translate(CAPITAL) + "元"
    tenths, hundredths = divmod(cents, 10)
    capitals += f"{DIGITS[tenths]}角".translate(CAPITAL) if tenths else "零" if hundredths else "整"
    capitals += f"{DIGITS[hundredths]}分".translate(CAPITAL) if hundredths else ""
    assert parse_number(capitals) == yuan + Decimal(cents) / 100


@given(st.decimals(0, 10**9, places=2))
def test_every_decimal_survives_separators(value: Decimal) -> None:
    assert parse_number(f"{value:,}") == value


@given(st.text(alphabet="零一二三十百千万亿壹贰拾佰仟元角分整1234567890.,圆〇两廿", max_size=12))
def test_malformed_numerals_never_crash(written: str) -> None:
    value = parse_number(written)
    assert value is None or value >= 0
