"""Number labels typed by hand in front of a title, in every form that Chinese documents use."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from string import ascii_letters

from extractors.text import nfkc

NUMERALS = "零〇一二三四五六七八九十百壹贰叁肆伍陆柒捌玖拾"
STEMS = "甲乙丙丁戊己庚辛壬癸"
"""They count chapters and points as numerals do; 甲、乙双方 is no first of them."""
_ANY_DIGIT = "0"
_FORMS: tuple[tuple[str, str, re.Pattern[str]], ...] = (
    ("chapter", "第", re.compile(rf"第\s*[{NUMERALS}\d]{{1,4}}\s*[章篇编]\s*[、.:]?\s*")),
    ("part", "第", re.compile(rf"第\s*[{NUMERALS}\d]{{1,4}}\s*部\s*分\s*[、.:]?\s*")),
    ("section", "第", re.compile(rf"第\s*[{NUMERALS}\d]{{1,4}}\s*节\s*[、.:]?\s*")),
    ("article", "第", re.compile(rf"第\s*[{NUMERALS}\d]{{1,4}}\s*[条款项]\s*[、.:]?\s*")),
    ("cn-paren", "([〔【", re.compile(rf"[(\[〔【]\s*[{NUMERALS}]{{1,4}}\s*[)\]〕】]\s*[、.:]?\s*")),
    ("cn-paren", NUMERALS, re.compile(rf"[{NUMERALS}]{{1,4}}\s*\)\s*[、.:]?\s*")),
    (
        "decimal",  # 一.1: LibreOffice shows so what Word shows as 1.1 below 第一章
        NUMERALS,
        re.compile(rf"(?P<dots>[{NUMERALS}]{{1,3}}(?:\.\d{{1,2}}){{1,5}})(?!\d)\s*[、.:]?\s*(?=[^\d\s%])"),
    ),
    ("cn", NUMERALS, re.compile(rf"[{NUMERALS}]{{1,4}}\s*[、.,:]\s*")),
    (
        "decimal",
        _ANY_DIGIT,
        re.compile(r"(?P<dots>\d{1,2}(?:\s?[.．]\s?\d{1,2}){1,5})(?!\d)\s*[、.:]?\s*(?=[^\d\s%])"),
    ),
    ("decimal", _ANY_DIGIT, re.compile(r"(?P<dots>\d{1,2}(?:-\d{1,2}){1,3})[、.\s]\s*(?=[一-龥])")),
    ("stem", STEMS, re.compile(rf"[{STEMS}]\s*[、.]\s*(?![{STEMS}])")),
    ("arabic-paren", "([〔【", re.compile(r"[(\[〔【]\s*\d{1,2}\s*[)\]〕】]\s*[、.:]?\s*")),
    ("arabic-half-paren", _ANY_DIGIT, re.compile(r"\d{1,2}\s*\)\s*[、.:]?\s*")),
    ("arabic", _ANY_DIGIT, re.compile(r"\d{1,2}\s*[、.,:](?!\d)\s*")),
    ("letter", ascii_letters, re.compile(r"[A-Za-z]\s*[、.)]\s*(?=[^\x00-\x7f])")),
    ("roman", "IVX", re.compile(r"[IVX]{1,5}\s*[、.\s]\s*(?=[^\x00-\x7f])")),
    ("bare", _ANY_DIGIT, re.compile(r"\d{1,2}\s+(?=[^\x00-\x7f])")),
    ("cn-bare", NUMERALS, re.compile(rf"[{NUMERALS}]{{1,3}}\s+(?=[^\x00-\x7f])")),
)
"""Name, the characters one of which comes first, and the form; of several that match the earlier counts."""
_FORMS_BY_FIRST = {
    first: tuple((kind, pattern) for kind, firsts, pattern in _FORMS if first in firsts)
    for first in {character for _, firsts, _ in _FORMS for character in firsts}
}
_PARTS = re.compile("[.-]")
_CIRCLED = re.compile(r"[①-⑳❶-❿➀-➓㊀-㊉⓪-⓿]\s*[、.．]?\s*")
_BULLET = re.compile(r"[\ue000-\uf8ff●■◆▪•★※☆►▶◇□○◎▲△√✓✔➢➤·]+\s*|[-–—]\s+")
"""Signs of private use are bullets of symbol fonts: Wingdings in a PDF."""
_UNIT_AFTER = re.compile(r"(?:年|月|日|元|万|亿|个|台|套|人次|天|名|%|级|小时|分钟)(?![度目限表])")


@dataclass(frozen=True, slots=True)
class Numbered:
    """A text split into its number label and the rest.

    Attributes:
        kind: the form of the label: "chapter", "cn" (一、), "cn-paren" (（一）), "arabic" (1.), "decimal" ...
        depth: how many numbers a decimal label has (1.2.3 -> 3), else 1.
        rest: what stands after it, in NFKC.
    """

    kind: str
    depth: int
    rest: str


def split_number(text: str) -> Numbered | None:
    """Split a typed number label from the front of ``text``; None where there is none.

    ``text`` is compared in NFKC, so full-width digits and ⑴ ⒈ ㈠ are read as well.  A number that counts
    something ("3年内建成") is no label.
    """
    circled = _CIRCLED.match(text)
    if circled:
        return Numbered("circled", 1, nfkc(text[circled.end() :]).strip())
    return split_plain(nfkc(text).strip())


def split_plain(plain: str) -> Numbered | None:
    """The same for a text that is in NFKC already and has no white space at its ends."""
    for kind, pattern in _FORMS_BY_FIRST.get(_ANY_DIGIT if plain[:1].isdecimal() else plain[:1], ()):
        found = pattern.match(plain)
        if found and (rest := plain[found.end() :].strip()):
            if kind in {"bare", "cn-bare", "decimal"} and _UNIT_AFTER.match(rest):
                return None
            depth = len(_PARTS.split(found["dots"])) if kind == "decimal" else 1
            return Numbered(kind, depth, rest)
    return None


def strip_bullet(text: str) -> str:
    """``text`` without a bullet sign in front."""
    found = _BULLET.match(text)
    return text[found.end() :] if found else text


def bullet_of(text: str) -> str:
    """The bullet sign in front of ``text``; "" where there is none."""
    found = _BULLET.match(text.strip())
    return found[0].strip() if found else ""


_NOTHING_BUT_NUMBER = re.compile(rf"第\s*[{NUMERALS}\d]{{1,4}}\s*(?:[章篇编节]|部\s*分)")


def is_number_alone(text: str) -> bool:
    """Whether ``text`` is the number of a part whose title stands on the next line (第四部分)."""
    return bool(_NOTHING_BUT_NUMBER.fullmatch(nfkc(text).strip()))


_COUNTED = re.compile(rf"[第(\[〔【]?\s*(?P<count>\d{{1,3}}|[{NUMERALS}]{{1,4}})")
_DIGITS = {c: i % 11 for i, c in enumerate("零一二三四五六七八九十〇壹贰叁肆伍陆柒捌玖拾")}


def ordinal(text: str) -> int | None:
    """What the number label in front of ``text`` counts to (六、 is 6); None where it cannot be told."""
    front = text.lstrip()[:2]
    first, mark = front[:1], front[1:]
    if mark and first in STEMS and mark in "、.．":
        return STEMS.index(first) + 1
    if _CIRCLED.match(first):
        return int(unicodedata.numeric(first))
    found = _COUNTED.match(nfkc(text).lstrip())
    if found is None:
        return None
    count = found["count"]
    if count.isdecimal():
        return int(count)
    if any(c in "百佰" for c in count):
        return None
    tens, ten, ones = re.sub("[拾]", "十", count).rpartition("十")
    if len(tens) > 1 or len(ones) > 1:
        # Digits side by side are a year (二〇二六年) or a slip, and count nothing.
        return None
    return (_DIGITS[tens] if tens else 1) * 10 * bool(ten) + (_DIGITS[ones] if ones else 0)
