"""Characters: what is folded on reading, and the normal form in which words are compared."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

_RADICALS = {
    code: folded
    for first, last in ((0x2E80, 0x2FDF), (0xF900, 0xFAFF), (0x2F800, 0x2FA1F))
    for code in range(first, last + 1)
    if (folded := unicodedata.normalize("NFKC", chr(code))) != chr(code)
}
# Radicals of the supplement block have no NFKC mapping; these are the ones that PDF producers emit for
# ordinary characters (Unicode's EquivalentUnifiedIdeograph data).
_RADICALS |= {
    0x2E81: "厂", 0x2E84: "乙", 0x2E88: "刀", 0x2E8B: "卩", 0x2E8C: "小", 0x2E8F: "尢", 0x2E92: "巳",
    0x2E94: "彑", 0x2E97: "心", 0x2E9F: "母", 0x2EA0: "民", 0x2EA2: "水", 0x2EA9: "王", 0x2EAA: "疋",
    0x2EAC: "示", 0x2EAF: "糸", 0x2EB7: "羊", 0x2EBB: "聿", 0x2EBC: "肉", 0x2EBD: "臼", 0x2EC1: "虎",
    0x2EC4: "西", 0x2EC5: "见", 0x2EC6: "角", 0x2EC8: "讠", 0x2EC9: "贝", 0x2ECB: "车", 0x2ED1: "长",
    0x2ED3: "长", 0x2ED4: "门", 0x2ED8: "青", 0x2ED9: "韦", 0x2EDA: "页", 0x2EDB: "风", 0x2EDC: "飞",
    0x2EDD: "食", 0x2EE0: "饣", 0x2EE2: "马", 0x2EE3: "骨", 0x2EE4: "鬼", 0x2EE5: "鱼", 0x2EE6: "鸟",
    0x2EE9: "黄", 0x2EEC: "齐", 0x2EEE: "齿", 0x2EEF: "龙", 0x2EF0: "龙", 0x2EF2: "龟", 0x2EF3: "龟",
}  # fmt: skip
_INVISIBLE = dict.fromkeys(
    code
    for first, last in (
        (0x00, 0x08), (0x0B, 0x0C), (0x0E, 0x1F), (0x7F, 0x7F), (0xAD, 0xAD), (0x200B, 0x200F),
        (0x202A, 0x202E), (0x2060, 0x2060), (0x2066, 0x2069), (0xFEFF, 0xFEFF), (0xFFF9, 0xFFFB),
    )
    for code in range(first, last + 1)
)  # fmt: skip
_READ = {**_RADICALS, **_INVISIBLE, 0xA0: " "}
# A class with many characters beyond the basic plane is slow, one range of them is not.
_FOLDED = re.compile(f"[{''.join(re.escape(chr(c)) for c in _READ if c < 0x10000)}\U0002f800-\U0002fa1f]")

# Nearly every text is of these alone.  What comes first in the class is found first: Chinese characters.
_NOT_PLAIN = re.compile("[^\u3001-\u9fff -~\uff01-\uff5e\t\n\u2010-\u2027]")


def decoded(data: bytes) -> str | None:
    """Text in UTF-8, in UTF-16 with its mark, or in GB18030 and what it extends; None where it is neither."""
    encodings = ("utf-16",) if data.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def is_plain(text: str) -> bool:
    """Whether ``text`` is of characters alone that every reader sees as they are; a cheap first look."""
    return _NOT_PLAIN.search(text) is None


def fold(text: str) -> str:
    """What a reader sees, in ordinary characters.

    CJK radicals and compatibility ideographs become the characters they look like; zero-width, control and
    bidirectional-override characters go.  Width and punctuation stay as written.
    """
    return text if is_plain(text) or _FOLDED.search(text) is None else text.translate(_READ)


_WIDE = tuple((wide, unicodedata.normalize("NFKC", wide)) for wide in "，：；（）！？　")


def nfkc(text: str) -> str:
    """The NFKC form of ``text``.

    Nearly every Chinese text has the wide punctuation that NFKC changes, and is dear to normalise for it;
    with the few usual characters exchanged first, most texts are found to be normal already.
    """
    if unicodedata.is_normalized("NFKC", text):
        return text
    for wide, plain in _WIDE:
        text = text.replace(wide, plain)
    return unicodedata.normalize("NFKC", text)


@lru_cache(maxsize=256)
def any_of(patterns: tuple[str, ...]) -> re.Pattern[str]:
    """A pattern that matches where one of ``patterns`` does; without any, nowhere."""
    return re.compile("|".join(f"(?:{p})" for p in patterns) or r"(?!)")


def normals(texts: Iterable[str]) -> tuple[str, ...]:
    """The normal form of each of several texts of a document, in which characters are folded already.

    All at once, because a call costs more than a text.
    """
    lines = [text.replace("\n", " ") for text in texts]
    together = nfkc("\n".join(lines)).lower().split("\n")
    return tuple(["".join(line.split()) for line in together]) if lines else ()


def normal(text: str) -> str:
    """Normal form for comparing words: NFKC, no white space at all, lower case."""
    return "".join(nfkc(fold(text)).split()).lower()
