"""Mends what recognition confuses, where what is meant is beyond doubt."""

from __future__ import annotations

import re

_IDEOGRAPH = "\u4e00-\u9fff〇"
_NEXT_TO_IDEOGRAPH = (
    (re.compile(rf"(?<=[{_IDEOGRAPH}”》）)%℃]),|,(?=[{_IDEOGRAPH}“《（])"), "，"),
    (re.compile(rf"(?<=[{_IDEOGRAPH}”》）)%]);|;(?=[{_IDEOGRAPH}“《（])"), "；"),
    (re.compile(rf"(?<=[{_IDEOGRAPH}”》）)]):|:(?=[{_IDEOGRAPH}“《（])"), "："),
)
_BETWEEN_DIGITS = (
    (re.compile(r"(?<=\d)[OoＯ〇○](?=[\d年月日,.])|(?<=[\d.])[OoＯ〇○](?=\d)"), "0"),
    (re.compile(r"(?<=\d)[lI|](?=\d)"), "1"),
    (re.compile(r"(?<=\d)\s*[，,]\s*(?=\d{3}(?:\D|$))"), ","),
    (re.compile(r"(?<=\d)\s*[．·。]\s*(?=\d)"), "."),
)
_CHINESE_DIGIT = "一二三四五六七八九十〇"
_CHINESE_ZERO = re.compile(rf"(?<=[{_CHINESE_DIGIT}])[OoＯ0○](?=[{_CHINESE_DIGIT}OoＯ0○年])")
_DAY = re.compile(r"(?<=月\d)曰|(?<=月\d\d)曰")
_LABELS = (
    (re.compile(r"^[-—－ー一]\s*[、](?=\S)"), "一、"),
    (re.compile(r"^[=＝]\s*[、](?=\S)"), "二、"),
    (re.compile(r"^[≡]\s*[、](?=\S)"), "三、"),
    (re.compile(r"^[+＋]\s*[、](?=\S)"), "十、"),
    (re.compile(r"^[+＋](?=[一二三四五六七八九][、])"), "十"),
    (re.compile(r"^[（(]\s*[-—－ー]\s*[)）]"), "（一）"),
    (re.compile(r"^[（(]\s*[=＝]\s*[)）]"), "（二）"),
    (re.compile(r"^[lI|](?=[、.．]\s*[一-鿿])"), "1"),
)


_LEADER = re.compile(rf"(?<=[{_IDEOGRAPH}）)》])\s*(?:[.．·•‥…_]\s*)+$")


def mended(text: str) -> str:
    """``text`` with its punctuation and numbers as a person reads them.

    Nothing is made of a character that could be meant: only what stands between digits, beside Chinese
    characters or as a number in front of a heading.
    """
    for pattern, meant in (*_NEXT_TO_IDEOGRAPH, *_BETWEEN_DIGITS, *_LABELS):
        text = pattern.sub(meant, text)
    text = _LEADER.sub("……", text)
    text = _CHINESE_ZERO.sub("〇", text)
    return _DAY.sub("日", text).strip()
