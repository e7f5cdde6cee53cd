"""Automatic numbering: the label that the word processor draws in front of a paragraph.

Definitions are ISO/IEC 29500-1, 17.9.  Instances (``w:num``) of one definition (``w:abstractNum``) count on
together; an instance with a start of its own begins anew where it is first used.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from extractors.docx.names import VAL, child_value, is_on, on_off, w, whole
from extractors.docx.numerals import written
from extractors.docx.symbols import bullet

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

    from extractors.docx.styles import ParagraphStyle, Styles

LEVELS = 9
_NO_LIST = "0"
"""``w:numId`` that takes a paragraph out of the list its style is in."""
_PLACEHOLDER = re.compile(r"%([1-9])")
_LOST = re.compile(r"(%[1-9])\?")
"""What becomes of 一、 where a program saves in an encoding that has no 、 (LibreOffice's RTF)."""


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a list.

    Attributes:
        start: its first number.
        format: ``w:numFmt``.
        pad: least number of digits ("001, 002" is 3).
        text: ``w:lvlText``, e.g. "第%1章" or "%1.%2".
        arabic: all its numbers are shown in Arabic digits, whatever their levels ask (``w:isLgl``).
        restart: it begins anew after a number of a level below this one (from 0) was drawn.
        style: id of the paragraph style that is tied to it.
        hidden: the label is not shown.
        font: of the label, by which a bullet's drawing is known.
    """

    start: int
    format: str
    pad: int
    text: str
    arabic: bool
    restart: int
    style: str | None
    hidden: bool
    font: str


@dataclass(frozen=True, slots=True)
class List:
    """A numbering instance.

    Attributes:
        counter: which counters it moves; shared by all instances of one definition.
        levels: by level, overrides of the instance in place.
        starts: starts of the instance's own, by level.
    """

    counter: str
    levels: Mapping[int, Level]
    starts: Mapping[int, int]


class Numbering:
    """The numbering part of a document; knows the lists, draws nothing."""

    def __init__(self, root: Element | None, styles: Styles) -> None:
        self._styles = styles
        self._abstract: dict[str, Element] = {}
        self._numbers: dict[str, Element] = {}
        self._lists: dict[str, List | None] = {}
        if root is not None:
            self._abstract = {e.get(w("abstractNumId"), ""): e for e in root.iterchildren(w("abstractNum"))}
            self._numbers = {e.get(w("numId"), ""): e for e in root.iterchildren(w("num"))}

    def list(self, num_id: str) -> List | None:
        """The list of that id; None where there is none, or where it says no list."""
        if num_id not in self._lists:
            self._lists[num_id] = self._resolve(num_id)
        return self._lists[num_id]

    def _resolve(self, num_id: str) -> List | None:
        number = self._numbers.get(num_id)
        if number is None or num_id == _NO_LIST:
            return None
        counter = self._definition(num_id)
        abstract = self._abstract.get(counter)
        if abstract is None:
            return None
        levels = {_index(e): _level(e) for e in abstract.iterchildren(w("lvl"))}
        starts = {}
        for override in number.iterchildren(w("lvlOverride")):
            replaced = override.find(w("lvl"))
            if replaced is not None:
                levels[_index(override)] = _level(replaced)
            start = whole(child_value(override, "startOverride"))
            if start is not None:
                starts[_index(override)] = start
        return List(counter, levels, starts)

    def _definition(self, num_id: str) -> str:
        """Id of the definition behind an instance, through links to numbering styles."""
        seen: set[str] = set()
        abstract_id = ""
        while num_id not in seen and num_id in self._numbers:
            seen.add(num_id)
            abstract_id = child_value(self._numbers[num_id], "abstractNumId") or ""
            style = child_value(self._abstract.get(abstract_id), "numStyleLink")
            linked = self._styles.list_num_id(style) if style else None
            if linked is None:
                break
            num_id = linked
        return abstract_id


class Counters:
    """Where every list of one document has got to.  Paragraphs are told in reading order."""

    def __init__(self, numbering: Numbering) -> None:
        self._numbering = numbering
        self._levels: dict[tuple[str, str, bool], int] = {}
        self._counts: dict[str, dict[int, int]] = {}
        self._begun: set[str] = set()

    def label(self, style: ParagraphStyle, num_id: str | None, ilvl: int | None) -> str:
        """Count one paragraph and give the label in front of it, without the tab or space that follows.

        Args:
            style: the paragraph's style.
            num_id: the list that the paragraph itself names, if it does.
            ilvl: the level that the paragraph itself names, if it does.
        """
        own = num_id is not None
        num_id = num_id or style.num_id
        numbers = self._numbering.list(num_id) if num_id else None
        if num_id is None or numbers is None:
            return ""
        if ilvl is None:
            key = style.id, num_id, own
            if key not in self._levels:
                linked = not own or num_id == style.num_id
                self._levels[key] = _style_level(style, numbers, linked=linked)
            ilvl = self._levels[key]
        level = numbers.levels.get(ilvl)
        if level is None:
            return ""
        counts = self._counts.setdefault(numbers.counter, {})
        self._begin(num_id, numbers, counts)
        _count(counts, numbers, ilvl)
        return "" if level.hidden else _drawn(level, numbers, counts, ilvl)

    def _begin(self, num_id: str, numbers: List, counts: dict[int, int]) -> None:
        if num_id not in self._begun:
            self._begun.add(num_id)
            for index in numbers.starts:
                counts.pop(index, None)


def _style_level(style: ParagraphStyle, numbers: List, *, linked: bool) -> int:
    """The level of a paragraph that names none: tied to its style, or stated by it, or the first."""
    tied = {level.style: index for index, level in numbers.levels.items() if level.style}
    for style_id, stated in zip(style.chain, style.ilvl, strict=True):
        if linked and style_id in tied:
            return tied[style_id]
        if stated is not None:
            return stated
    return 0


def _count(counts: dict[int, int], numbers: List, ilvl: int) -> None:
    counts[ilvl] = counts[ilvl] + 1 if ilvl in counts else _start(numbers, ilvl)
    if max(counts) == ilvl:
        return
    for deeper in range(ilvl + 1, LEVELS):
        level = numbers.levels.get(deeper)
        if deeper in counts and (level is None or ilvl < level.restart):
            del counts[deeper]


def _start(numbers: List, ilvl: int) -> int:
    level = numbers.levels.get(ilvl)
    return numbers.starts.get(ilvl, level.start if level else 1)


def _drawn(level: Level, numbers: List, counts: dict[int, int], ilvl: int) -> str:
    if level.format == "bullet":
        return bullet(level.text, level.font).strip()

    def number(match: re.Match[str]) -> str:
        index = int(match[1]) - 1
        shown = numbers.levels.get(index)
        if index > ilvl or shown is None:
            return ""
        style = "decimal" if level.arabic and shown.format != "none" else shown.format
        return written(counts.get(index, _start(numbers, index)), style).rjust(shown.pad, "0")

    return _PLACEHOLDER.sub(number, level.text).strip()


def _index(element: Element) -> int:
    return whole(element.get(w("ilvl"))) or 0


def _level(element: Element) -> Level:
    index = _index(element)
    numbers = next(element.iter(w("numFmt")), None)
    restart = whole(child_value(element, "lvlRestart"))
    fonts = element.find(f"{w('rPr')}/{w('rFonts')}")
    legal = element.find(w("isLgl"))
    start = whole(child_value(element, "start"))
    return Level(
        start=0 if start is None else start,
        format="decimal" if numbers is None else _format(numbers),
        pad=0 if numbers is None else _pad(numbers),
        text=_LOST.sub(r"\1、", child_value(element, "lvlText") or ""),
        arabic=legal is not None and is_on(legal),
        restart=index if restart is None else min(restart, index),
        style=child_value(element, "pStyle"),
        hidden=_label_hidden(element),
        font="" if fonts is None else fonts.get(w("ascii"), ""),
    )


def _label_hidden(level: Element) -> bool:
    run = level.find(w("rPr"))
    return run is not None and bool(on_off(run, "vanish"))


def _format(element: Element) -> str:
    """The number format; the first branch of alternatives comes first, and "custom" is padded decimals."""
    name = element.get(VAL, "decimal")
    return "decimal" if name == "custom" else name


def _pad(element: Element) -> int:
    first = element.get(w("format"), "").split(",")[0].strip()
    return len(first) if element.get(VAL) == "custom" and first.isdigit() and len(first) <= LEVELS else 0
