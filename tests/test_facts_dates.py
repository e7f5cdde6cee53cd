from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_facts_numerals import chinese

from extractors.facts.dates import choose_date, find_dates

DIGITS = "〇一二三四五六七八九"


@pytest.mark.parametrize(
    "text",
    [
        "2026年3月2日",
        "2026-03-02",
        "2026/3/2",
        "2026.3.2",
        "20260302",
        "二〇二六年三月二日",
        "二零二六年三月二日",
        "二○二六年三月二日",
        "二0二六年三月二日",
        "二O二六年三月二日",
        "2 0 2 6 年 3 月 2 日",
        "２０２６年３月２日",
        "2026年3月2号",
        "26年3月2日",
        "贰零贰陆年叁月贰日",
        "2026年03月02日",
        "2026 - 03 - 02",
        "2026年\n3月2日",
        "日期：2026/03/02 10:00",
    ],
)
def test_day_is_read(text: str) -> None:
    (mention,) = find_dates(text)
    assert (mention.value, mention.precision) == (date(2026, 3, 2), "day")
    assert text[slice(*mention.span)] == mention.text


@pytest.mark.parametrize(
    "text",
    [
        "2026年2月30日",
        "2026年13月1日",
        "2026年九万亿月1日",
        "v2024.3.2",
        "〔2023〕12号",
        "2024年第5次",
        "1850年3月2日",
        "20261302",
        "《2024年3月2日通报》",
        "10.5.3.2",
        "2024-2026",
        "2024.5万元",
    ],
)
def test_what_is_no_date_is_left_out(text: str) -> None:
    assert find_dates(text) == []


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("2024年9月", [(2024, 9, 1, "month")]),
        ("2024年4月   日", [(2024, 4, 1, "month")]),
        ("2024年4月20日至24日", [(2024, 4, 20, "day"), (2024, 4, 24, "day")]),
        ("2024年4月20日-5月3日", [(2024, 4, 20, "day"), (2024, 5, 3, "day")]),
        ("2024.4.20—4.24", [(2024, 4, 20, "day"), (2024, 4, 24, "day")]),
        ("2024年3月1日开工，4月24日验收", [(2024, 3, 1, "day"), (2024, 4, 24, "day")]),
        ("2024年11月至次年10月", [(2024, 11, 1, "month"), (2025, 10, 1, "month")]),
        ("2024年11月20日开始，次年3月5日结束", [(2024, 11, 20, "day"), (2025, 3, 5, "day")]),
        ("4月24日", []),
    ],
)
def test_dates_complete_each_other(text: str, values: list[tuple[int, int, int, str]]) -> None:
    assert [(d.value.year, d.value.month, d.value.day, d.precision) for d in find_dates(text)] == values


ACCEPTED = ("通过竣工验收", "通过验收", "验收时间", "验收")
NOT_ACCEPTED = ("签订", "报送", "备案", "初验", "工期", "印发")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (
            "项目于2023年5月6日签订合同，2023年12月20日完成初验，2024年4月24日通过竣工验收。",
            date(2024, 4, 24),
        ),
        ("验收时间：2024年4月24日。本次备案报送日期为2024年5月6日。", date(2024, 4, 24)),
        ("2024年4月22日至24日，建设单位组织专家召开验收会，一致同意通过验收。", date(2024, 4, 24)),
        ("二〇二四年四月二十四日，专家组一致同意项目通过验收。", date(2024, 4, 24)),
        ("2024年4月24日（星期三）上午9:30，项目通过验收。", date(2024, 4, 24)),
        ("验收会定于2024年4月24日召开，验收意见于4月26日印发。", date(2024, 4, 24)),
        ("合同约定工期为2023年5月6日至2024年3月31日，实际于2024年4月24日验收。", date(2024, 4, 24)),
        ("2024年4月20日至24日", date(2024, 4, 24)),
        ("项目于2024年4月24日通过验收。", date(2024, 4, 24)),
        ("2024年4月通过验收", None),
        ("报送日期：2024年5月6日", None),
        ("2024年3月1日，2024年4月24日", date(2024, 4, 24)),
    ],
)
def test_date_of_acceptance_is_chosen(text: str, value: date | None) -> None:
    mention = choose_date(text, prefer=ACCEPTED, avoid=NOT_ACCEPTED)
    assert (mention.value if mention else None) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("合同于2024年6月3日签订，2024年6月10日备案，工期至2024年12月1日。", date(2024, 6, 3)),
        ("签订时间：2024-06-03；生效时间：2024-06-05", date(2024, 6, 3)),
        ("2024年5月20日发出中标通知书，6月3日双方签订合同", date(2024, 6, 3)),
    ],
)
def test_date_of_signature_is_chosen(text: str, value: date) -> None:
    mention = choose_date(text, prefer=("签订",), avoid=("备案", "工期", "中标"))
    assert mention is not None
    assert mention.value == value


@given(st.dates(date(1950, 1, 1), date(2099, 12, 31)))
def test_every_day_survives_every_form(day: date) -> None:
    year = "".join(DIGITS[int(digit)] for digit in str(day.year))
    month, number = (
        chinese(n).removeprefix("一") if 10 <= n < 20 else chinese(n) for n in (day.month, day.day)
    )
    forms = [
        f"{day.year}年{day.month}月{day.day}日",
        f"{day:%Y-%m-%d}",
        f"{day.year}/{day.month}/{day.day}",
        f"{day.year}.{day.month}.{day.day}",
        f"{day:%Y%m%d}",
        f"{year}年{month}月{number}日",
    ]
    for form in forms:
        assert [mention.value for mention in find_dates(form)] == [day], form


@given(st.text(alphabet="0123456789年月日号.-/至一二三十〇 ，。", max_size=30))
def test_no_text_crashes_the_readers(text: str) -> None:
    for mention in find_dates(text):
        assert text[slice(*mention.span)] == mention.text
    choose_date(text, prefer=("日",), avoid=("号",))
