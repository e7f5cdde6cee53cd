from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.facts.plain import plain, without_book_titles


@pytest.mark.parametrize(
    ("original", "text"),
    [
        ("２０２４ 年 ３ 月", "2024年3月"),
        ("2 0 2 6 年", "2026年"),
        ("28 .5 万元", "28.5万元"),
        ("1 285 000元", "1285000元"),
        ("预算 20 30", "预算20 30"),
        ("2024年\n3月", "2024年3月"),
        ("28.5\n万元", "28.5万元"),
        ("合计51万元\n24个月", "合计51万元\n24个月"),
        ("贰拾捌万\n伍仟元整", "贰拾捌万伍仟元整"),
        ("1. 28万元", "1. 28万元"),
        ("①28万元", "①28万元"),
        ("2024—2026", "2024-2026"),
        ("２＋１", "2+1"),
        ("⼀年", "一年"),
    ],
)
def test_text_is_made_plain(original: str, text: str) -> None:
    assert plain(original).text == text


def test_a_place_leads_back_to_the_original() -> None:
    reading = plain("经费 ２８ ．５ 万元。")
    start = reading.text.index("28.5")
    assert reading.quote(start, start + len("28.5万元")) == "２８ ．５ 万元"
    assert reading.span(start, start + 2) == (3, 5)


@given(st.text(max_size=60))
def test_every_character_knows_its_origin(original: str) -> None:
    reading = plain(original)
    assert len(reading.places) == len(reading.text)
    assert list(reading.places) == sorted(reading.places)
    assert all(0 <= place < len(original) for place in reading.places)


def test_titles_in_book_marks_are_masked_in_place() -> None:
    text = "《2024—2028年规划》三年"
    masked = without_book_titles(text)
    assert len(masked) == len(text)
    assert masked.endswith("三年")
    assert "2028" not in masked
