"""Levels of network security protection (等级保护), 1 to 5."""

from __future__ import annotations

import re
from dataclasses import dataclass

from extractors.facts.context import SENTENCE_ENDS, lead, tail
from extractors.facts.numerals import parse_number
from extractors.facts.plain import plain
from extractors.facts.ticks import only_ticked

_DIGIT = "(?:[一二三四五壹贰叁肆伍1-5]|I{1,3}(?!I)|IV|V)"
_ROMAN = {"I": 1, "II": 2, "III": 3, "IV": 4, "V": 5}
_EDITION = re.compile(r"(?<=等保|保护)[12]\.0")
"""The edition of the standard, no level: 等保2.0二级."""
_CODE = re.compile(r"(?<![A-Za-z])(?:[SAG][1-5]){2,3}(?![A-Za-z\d])", re.IGNORECASE)
_ORDINAL = re.compile(rf"(?<![\dA-Za-z.])(?:第)?({_DIGIT})级(?!联|别|标题|目录|菜单|页面|域名|科目|指标)")
_NAMED = re.compile(
    rf"(?:等级保护|等保|安全保护|保护)?(?:级别|等级|定级)(?:结果)?(?:拟?定?为|是|:)*({_DIGIT})(?![\d.级、一二三四五年月])"
)
_ABBREVIATED = re.compile(
    rf"(?:等保|等级保护|定级为?|级别:?)(?:L|level)?({_DIGIT})(?![\d.级、])|(?<![A-Za-z])L([1-5])(?![\d.])",
    re.IGNORECASE,
)
_ALONE = re.compile(rf"[\"(]?(?:L|第)?({_DIGIT})(?:级)?[\")]?[。.]?", re.IGNORECASE)
_SPEAKS_OF_LEVEL = re.compile(r"定级|等保|等级保护|保护等级|安全等级|级别|备案|网络安全|测评")
_SETTLES = re.compile(r"定级为|定为|确定为|定级|核定|拟定|级别为|等级为")
# 三级医院, 一级预算单位, 二级响应, 三级资质, 县区镇三级 are levels of other things.
_OTHER_THING = re.compile(
    r"(?:等保|等级保护|信息安全|安全)?(?:测评)?机构|资质|部门|预算|单位|响应|故障|事件|医院|联动|架构|平台架构|网络架构|建造|工程师|缓存|以上|及以上|(?:网格|管理|服务|指挥|行政)?体系|公立|甲等|域|分类"
)
_OTHER_LEAD = re.compile(r"(?:区县?|市|省|街道|社区|县|乡镇|村)[、]?$|资质(?:等级)?(?:为)?$|由$|原$")
_UNDECIDED = re.compile(
    r"(?:尚?未|无需|不需要?|暂不|暂未|无须|没有|不予?)(?:进行|开展|完成|确定)?(?:等保|等级保护|等级)?定级|不涉及|不适用"
)


@dataclass(frozen=True, slots=True)
class LevelMention:
    """A protection level that a text states.

    Attributes:
        level: 1 to 5; of a code such as S2A3 the highest of its letters' levels.
        span: place in the text that was passed in.
        text: quoted from there.
    """

    level: int
    span: tuple[int, int]
    text: str


def choose_level(text: str) -> LevelMention | None:
    """Choose the protection level that ``text`` settles.

    A level that a clause settles (定级为, 拟定) comes before one it mentions, a mention beside words of
    protection before any other; of equal ones the highest is the system's.  Where the text says that no level
    was set (未定级, 不涉及) and settles none, there is none.  Of tick boxes the ticked ones count.
    """
    reading = plain(only_ticked(text))
    written = _EDITION.sub("   ", reading.text)
    alone = _ALONE.fullmatch(written.strip())
    candidates = [(0, match) for match in [alone] if match]
    for pattern in (_CODE, _ORDINAL, _NAMED, _ABBREVIATED):
        candidates += [(weight, m) for m in pattern.finditer(written) if (weight := _weight(written, m)) > 0]
    if _UNDECIDED.search(written):
        candidates = [(weight, match) for weight, match in candidates if weight >= _SETTLED]
    if not candidates:
        return None
    _, chosen = max(candidates, key=lambda candidate: (candidate[0], _level(candidate[1])))
    return LevelMention(_level(chosen), reading.span(*chosen.span()), reading.quote(*chosen.span()))


_MENTIONED, _PROTECTED, _SETTLED = 1, 2, 3


def _weight(text: str, match: re.Match[str]) -> int:
    if match.re is _CODE:
        return _SETTLED
    clause = lead(text, match.start())
    sentence = lead(text, match.start(), stops=SENTENCE_ENDS)
    after = tail(text, match.end())
    if match.re is _ORDINAL and (_OTHER_THING.match(after) or _OTHER_LEAD.search(clause)):
        return 0
    if re.search(r"未$|不$", clause):
        return 0
    settles = _SETTLES.search(clause) or (match.re is _NAMED and _SETTLES.search(match.group()))
    if settles and not _UNDECIDED.search(clause):
        return _SETTLED
    return _PROTECTED if _SPEAKS_OF_LEVEL.search(sentence + match.group() + after) else _MENTIONED


def _level(match: re.Match[str]) -> int:
    if match.re is _CODE:
        return max(int(digit) for digit in re.findall(r"\d", match.group()))
    digit = next(group for group in match.groups() if group)
    return _ROMAN.get(digit) or int(parse_number(digit) or 0)
