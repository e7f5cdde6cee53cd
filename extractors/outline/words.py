"""What a rule pack says about titles."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from extractors.titles import core

_ASIDE = re.compile(r"\s*[（(][^（()）]{10,}[)）]\s*")


def is_aside(text: str) -> bool:
    """Whether a line is a remark about what stands above it: （此处说明系统架构、关键技术等）."""
    return _ASIDE.fullmatch(text) is not None


@dataclass(frozen=True, slots=True)
class Words:
    """What a rule pack says about titles.

    Attributes:
        known: whether a text by itself is surely the title of something that the pack asks for.
        label: whether a text in front of a colon surely is.
        near: whether a text may be the title of something that the pack asks for.
        exact: the same as ``known`` without two titles joined in one.
        likely: whether a short text that a number, brackets or bold type mark as a title surely is one.
        means: names of all that a text may be the title of.
        dated: whether a text is surely the title of something that must state a date.
        listings: cores of titles under which things are listed, not stated (附件清单).
        labels: cores of form labels whose values are facts of the whole submission (项目名称).
    """

    known: Callable[[str], bool]
    label: Callable[[str], bool]
    near: Callable[[str], bool]
    exact: Callable[[str], bool]
    likely: Callable[[str], bool]
    means: Callable[[str], frozenset[str]]
    dated: Callable[[str], bool]
    listings: frozenset[str]
    labels: frozenset[str]

    def in_form(self, text: str) -> bool:
        """Whether ``text`` in a cell is surely a label; a sentence (坚持统筹规划、安全可控。) is none."""
        if text.rstrip().endswith(("。", "；", ";")) or is_aside(text):
            return False
        return self.known(text) or core(text) in self.labels

    def states_whole(self, text: str) -> bool:
        """Whether a line states a fact of the whole submission: 建设单位：…."""
        label, colon, _ = text.replace(":", "：").partition("：")
        return bool(colon) and core(label) in self.labels
