"""Readers of facts and titles on any text: they never raise, and twice the text takes twice the time."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from random import Random

from extractors.facts.dates import choose_date, find_dates
from extractors.facts.levels import choose_level
from extractors.facts.listed import sum_of_items
from extractors.facts.money import choose_total, find_money, parse_capitals, sum_of_sources, unit_of
from extractors.facts.numerals import canonical_digits, parse_number
from extractors.facts.period import find_periods, longest_total
from extractors.facts.plain import plain, without_book_titles
from extractors.facts.ticks import only_ticked
from extractors.numbering import ordinal, split_number, strip_bullet
from extractors.pdf.readable import is_gibberish
from extractors.text import fold, nfkc, normal
from extractors.titles import core, matcher
from fuzz.changes import text_changed
from schemas import load_pack

INSTRUMENTED = ["extractors"]
QUICK = 2_500

_EXAMPLES = Path(__file__).resolve().parents[3] / "examples" / "sources"
_LONGEST, _REPEATED = 300, 6_000
"""Characters that are read; of a few texts, those that they are repeated to: what takes the square of the
length shows."""
_FEW = 24
_PACK = load_pack("jinjiang-2023")
_TITLES = [matcher(c, _PACK.language) for c in _PACK.classes.values()]


def seeds() -> Iterator[bytes]:
    for path in sorted(_EXAMPLES.glob("*.txt")):
        yield from (line.encode() for line in path.read_text("utf-8").splitlines()[::5] if len(line) > 4)
    yield from (
        text.encode()
        for text in (
            "服务周期2年+1年，一年一签，最长三年（2024年1月1日至2026年12月31日），可续签两次，每次一年",
            "资金估算：28.5万元，其中设备10万元、软件18.5万元；人民币（大写）贰拾捌万伍仟元整（¥285,000.00）",
            "区财政资金20万元，自筹8.5万元。合计28.5万元。",
            "二〇二六年三月二日、2026-03-02、26.3.2；等保第三级（S3A3）☑三级 □二级",
        )
    )


def mutated(data: bytes, random: Random) -> bytes:
    return text_changed(data, random)


def run(data: bytes) -> None:
    text = data.decode("utf-8", "replace")
    _read(text[:_LONGEST])
    if text and zlib.crc32(data) % _FEW == 0:
        _read((text * (_REPEATED // len(text) + 1))[:_REPEATED])


def _read(text: str) -> None:
    for found in (*find_dates(text), *find_periods(text), *find_money(text), *find_money(text, unit="万元")):
        start, end = found.span
        assert 0 <= start < end <= len(text)
    for read in (choose_level, parse_capitals, unit_of, canonical_digits, parse_number, plain, only_ticked):
        read(text)
    for read in (
        without_book_titles,
        ordinal,
        split_number,
        strip_bullet,
        is_gibberish,
        fold,
        nfkc,
        normal,
        core,
    ):
        read(text)
    choose_date(text)
    longest_total(text, prefer=("服务周期", "服务期"), avoid=("免费运维", "质保"))
    choose_total(text)
    sum_of_sources(text)
    sum_of_items(text, Decimal(285000))
    for titles in _TITLES:
        titles.match(text[:60])
        titles.is_title(text[:60])
        titles.may_be_title(text[:60])
