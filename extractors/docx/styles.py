"""Styles: what a paragraph or a run looks like through inheritance, resolved once for each style."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from extractors.docx.names import VAL, child_value, on_off, points, w, whole
from extractors.document import Align

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_BODY_LEVEL = 9
"""``w:outlineLvl`` of body text."""

_HEADING_WORDS = (
    "heading", "head", "标题", "標題", "見出し", "제목", "überschrift", "titre", "título", "titulo", "titolo",
    "заголовок", "kop", "rubrik", "overskrift", "otsikko", "nadpis", "nagłówek", "başlık", "címsor", "tiêu đề",
)  # fmt: skip
_HEADING = re.compile(rf"(?:{'|'.join(_HEADING_WORDS)})\s*([1-9])")
_CONTENTS = re.compile(r"(?:toc|目[录錄次]|contents)\s*(?:[1-9]|heading|标题|標題)|table of figures|图表目录")
_PROMPT = frozenset({"placeholder text", "占位符文本", "預留位置文字"})

_ALIGN = {"center": Align.CENTER, "right": Align.END, "end": Align.END}

LEADERS = frozenset({"dot", "middleDot", "hyphen", "underscore", "heavy"})
"""``w:leader`` values that draw a line from the text to the tab stop."""

T = TypeVar("T")


class Look(NamedTuple):
    """How text looks: bold, and its size in points (None where unknown)."""

    bold: bool
    size: float | None


@dataclass(frozen=True, slots=True)
class ParagraphStyle:
    """A paragraph style with all that it inherits.

    Attributes:
        look: of its text.
        hidden: its text is hidden.
        align: horizontal alignment.
        level: heading level from 1, None for body text.
        chain: ids of the style and of those it is based on, nearest first.
        num_id: numbering instance, None where it names none.
        ilvl: level within the numbering as stated by each style of ``chain``.
        contents: it is a style for lines of a table of contents.
        leader: it has a tab stop with a leader.
    """

    look: Look
    hidden: bool
    align: Align
    level: int | None
    chain: tuple[str, ...]
    num_id: str | None
    ilvl: tuple[int | None, ...]
    contents: bool
    leader: bool


@dataclass(frozen=True, slots=True)
class CharacterStyle:
    """A character style with all that it inherits; bold and hidden toggle what the paragraph style says."""

    bold: bool
    size: float | None
    hidden: bool
    prompt: bool


@dataclass(frozen=True, slots=True)
class _Declared:
    """A style as it is written, before inheritance."""

    id: str
    name: str
    based_on: str | None
    bold: bool | None
    size: float | None
    hidden: bool | None
    align: Align | None
    outline: int | None
    num_id: str | None
    ilvl: int | None
    leader: bool | None


class Styles:
    """The styles part of a document; a document without one has the defaults only."""

    def __init__(self, root: Element | None) -> None:
        self._declared: dict[tuple[str, str], _Declared] = {}
        self._default: str | None = None
        self._base = _NOTHING
        self._paragraphs: dict[str | None, ParagraphStyle] = {}
        self._characters: dict[str, CharacterStyle] = {}
        if root is not None:
            self._read(root)

    def _read(self, root: Element) -> None:
        run, paragraph = (
            root.find(f"{w('docDefaults')}/{w(outer)}/{w(inner)}")
            for outer, inner in (("rPrDefault", "rPr"), ("pPrDefault", "pPr"))
        )
        self._base = _declared("", "", None, run, paragraph)
        for style in root.iterchildren(w("style")):
            kind, style_id = style.get(w("type"), "paragraph"), style.get(w("styleId"), "")
            self._declared[kind, style_id] = _declared(
                style_id,
                child_value(style, "name") or "",
                child_value(style, "basedOn"),
                style.find(w("rPr")),
                style.find(w("pPr")),
            )
            if kind == "paragraph" and style.get(w("default")) in {"1", "true", "on"}:
                self._default = style_id

    def paragraph(self, style_id: str | None) -> ParagraphStyle:
        """The paragraph style of that id; the default style for None and for ids that are not defined."""
        style = self._paragraphs.get(style_id)
        if style is None:
            style = self._paragraphs[style_id] = self._resolve_paragraph(style_id)
        return style

    def character(self, style_id: str) -> CharacterStyle:
        """The character style of that id; one that changes nothing where it is not defined."""
        style = self._characters.get(style_id)
        if style is None:
            style = self._characters[style_id] = self._resolve_character(style_id)
        return style

    def list_num_id(self, style_id: str) -> str | None:
        """The numbering instance that a numbering style names."""
        declared = self._declared.get(("numbering", style_id))
        return declared.num_id if declared else None

    def _chain(self, kind: str, style_id: str | None) -> tuple[_Declared, ...]:
        """The style and those it is based on, nearest first; a circle is cut where it closes."""
        chain: dict[str, _Declared] = {}
        while style_id is not None and style_id not in chain:
            declared = self._declared.get((kind, style_id))
            if declared is None:
                break
            chain[style_id] = declared
            style_id = declared.based_on
        return tuple(chain.values())

    def _resolve_paragraph(self, style_id: str | None) -> ParagraphStyle:
        if ("paragraph", style_id) not in self._declared:
            style_id = self._default
        chain = self._chain("paragraph", style_id)
        full = (*chain, self._base)
        return ParagraphStyle(
            look=Look(_nearest(full, lambda s: s.bold) or False, _nearest(full, lambda s: s.size)),
            hidden=_nearest(full, lambda s: s.hidden) or False,
            align=_nearest(full, lambda s: s.align) or Align.START,
            level=level_of(_nearest(chain, _outline)),
            chain=tuple(s.id for s in chain),
            num_id=_nearest(chain, lambda s: s.num_id),
            ilvl=tuple(s.ilvl for s in chain),
            contents=any(_CONTENTS.fullmatch(s.name) for s in chain),
            leader=_nearest(chain, lambda s: s.leader) or False,
        )

    def _resolve_character(self, style_id: str) -> CharacterStyle:
        chain = self._chain("character", style_id)
        return CharacterStyle(
            bold=_nearest(chain, lambda s: s.bold) or False,
            size=_nearest(chain, lambda s: s.size),
            hidden=_nearest(chain, lambda s: s.hidden) or False,
            prompt=any(s.name in _PROMPT for s in chain),
        )


def level_of(outline: int | None) -> int | None:
    """The heading level from 1 of a ``w:outlineLvl``; None for body text."""
    return None if outline is None or not 0 <= outline < _BODY_LEVEL else outline + 1


def align_of(element: Element) -> Align:
    """The alignment that a ``w:jc`` states; justified text starts at the start."""
    return _ALIGN.get(element.get(VAL, ""), Align.START)


def _outline(style: _Declared) -> int | None:
    """The outline level of a style: a built-in heading's number, whatever it states, else as stated."""
    heading = _HEADING.fullmatch(style.name)
    return int(heading[1]) - 1 if heading else style.outline


def _nearest(chain: tuple[_Declared, ...], read: Callable[[_Declared], T | None]) -> T | None:
    return next((value for style in chain if (value := read(style)) is not None), None)


def _declared(
    style_id: str, name: str, based_on: str | None, run: Element | None, paragraph: Element | None
) -> _Declared:
    jc = None if paragraph is None else paragraph.find(w("jc"))
    tabs = None if paragraph is None else paragraph.find(w("tabs"))
    return _Declared(
        id=style_id,
        name=_built_in_name(name),
        based_on=based_on,
        bold=None if run is None else on_off(run, "b"),
        size=points(child_value(run, "sz")),
        hidden=None if run is None else on_off(run, "vanish"),
        align=None if jc is None else align_of(jc),
        outline=whole(child_value(paragraph, "outlineLvl")),
        num_id=child_value(paragraph, "numPr", "numId"),
        ilvl=whole(child_value(paragraph, "numPr", "ilvl")),
        leader=None if tabs is None else any(tab.get(w("leader")) in LEADERS for tab in tabs),
    )


def _built_in_name(name: str) -> str:
    """The name for comparing: lower case, single spaces, without the aliases some programs append."""
    return " ".join(re.split("[,;]", name, maxsplit=1)[0].lower().split())


_NOTHING = _declared("", "", None, None, None)
