"""Styles: what a paragraph or a run looks like through inheritance, resolved once for each style."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from extractors.document import Align
from extractors.docx.names import VAL, child_value, on_off, points, val, w, whole

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_BODY_LEVEL = 9
"""``w:outlineLvl`` of body text."""

_MOST_BASES = 100
"""Longest chain of styles that are based on one another; Word makes none of a tenth of this."""

_HEADING_WORDS = (
    "heading", "head", "标题", "標題", "見出し", "제목", "überschrift", "titre", "título", "titulo", "titolo",
    "заголовок", "kop", "rubrik", "overskrift", "otsikko", "nadpis", "nagłówek", "başlık", "címsor",
)  # fmt: skip
_HEADING = re.compile(rf"(?:{'|'.join(_HEADING_WORDS)})\s*([1-9])")
_CONTENTS = re.compile(
    r"(?:toc|目[录錄次]|contents)\s*(?:([1-9])|heading|标题|標題)|table of figures|图表目录"
)
_PROMPT = frozenset({"placeholder text", "占位符文本", "預留位置文字"})

_ALIGN: dict[str | None, Align] = {"center": Align.CENTER, "right": Align.END, "end": Align.END}

LEADERS = frozenset({"dot", "middleDot", "hyphen", "underscore", "heavy"})
"""``w:leader`` values that draw a line from the text to the tab stop."""

WHITE = "FFFFFF"
_BRIGHT = frozenset({"AUTO", WHITE})
_DENSE = re.compile("solid|pct[5-9][0-9]")

T = TypeVar("T")


class Look(NamedTuple):
    """How text looks: bold, and its size in points (None where unknown)."""

    bold: bool
    size: float | None


Format = tuple[bool | None, str | None, bool | None, str | None, bool, bool | None]
"""What a run says about itself: bold, size in half-points, hidden, id of its character style (None where it
leaves the word to its styles), whether it is the prompt of a content control, and whether it is struck out.
A plain tuple, because every run makes one."""

PLAIN: Format = (None, None, None, None, False, None)
"""The format of a run that says nothing about itself."""


class Seen(NamedTuple):
    """How a run looks in the end, whether it is hidden or struck out, and whether it is a prompt."""

    look: Look
    hidden: bool
    prompt: bool


@dataclass(frozen=True, slots=True)
class ParagraphStyle:
    """A paragraph style with all that it inherits.

    Attributes:
        id: of the style, "" where the document defines none.
        look: of its text.
        hidden: its text is hidden.
        struck: its text is struck out.
        align: horizontal alignment.
        level: heading level from 1, None for body text.
        chain: ids of the style and of those it is based on, nearest first.
        num_id: numbering instance, None where it names none.
        ilvl: level within the numbering as stated by each style of ``chain``.
        contents: it is a style for lines of a table of contents.
        leader: it has a tab stop with a leader.
    """

    id: str
    look: Look
    hidden: bool
    struck: bool
    align: Align
    level: int | None
    chain: tuple[str, ...]
    num_id: str | None
    ilvl: tuple[int | None, ...]
    contents: bool
    leader: bool


@dataclass(frozen=True, slots=True)
class CharacterStyle:
    """A character style with all that it inherits; bold, hidden and struck toggle the paragraph style's."""

    bold: bool
    size: float | None
    hidden: bool
    struck: bool
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
    struck: bool | None
    dark: bool | None
    align: Align | None
    outline: int | None
    num_id: str | None
    ilvl: int | None
    leader: bool | None


class Styles:
    """The styles part of a document; a document without one has the defaults only."""

    def __init__(self, root: Element | None) -> None:
        self._elements: dict[tuple[str, str | None], Element] = {}
        self._declared: dict[Element, _Declared] = {}
        self._default: str | None = None
        self._base = _NOTHING
        self._paragraphs: dict[str | None, ParagraphStyle] = {}
        self._characters: dict[str, CharacterStyle] = {}
        self._seen: dict[tuple[str, Format], Seen] = {}
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
            self._elements[kind, style_id] = style
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

    def seen(self, style: ParagraphStyle, run: Format) -> Seen:
        """How a run in a paragraph of that style looks."""
        key = (style.id, run)
        seen = self._seen.get(key)
        if seen is None:
            seen = self._seen[key] = self._resolve_run(style, run)
        return seen

    def is_dark(self, kind: str, style_id: str | None) -> bool:
        """Whether a style lays a ground that may be dark under its text; the default style for None.

        Args:
            kind: "paragraph" or "character".
            style_id: id of the style.
        """
        if kind == "paragraph" and (kind, style_id) not in self._elements:
            style_id = self._default
        return _nearest((*self._chain(kind, style_id), self._base), lambda s: s.dark) or False

    def list_num_id(self, style_id: str) -> str | None:
        """The numbering instance that a numbering style names."""
        style = self._elements.get(("numbering", style_id))
        return None if style is None else child_value(style, "pPr", "numPr", "numId")

    def _chain(self, kind: str, style_id: str | None) -> tuple[_Declared, ...]:
        """The style and those it is based on, nearest first; a circle is cut where it closes."""
        chain: dict[str | None, _Declared] = {}
        while (
            style_id not in chain
            and len(chain) < _MOST_BASES
            and (style := self._elements.get((kind, style_id))) is not None
        ):
            declared = self._declared.get(style)
            if declared is None:
                declared = self._declared[style] = _style(style)
            chain[style_id] = declared
            style_id = declared.based_on
        return tuple(chain.values())

    def _resolve_paragraph(self, style_id: str | None) -> ParagraphStyle:
        if ("paragraph", style_id) not in self._elements:
            style_id = self._default
        chain = self._chain("paragraph", style_id)
        full = (*chain, self._base)
        listed = next((found for s in chain if (found := _CONTENTS.fullmatch(s.name))), None)
        return ParagraphStyle(
            id=chain[0].id if chain else "",
            look=Look(_nearest(full, lambda s: s.bold) or False, _nearest(full, lambda s: s.size)),
            hidden=_nearest(full, lambda s: s.hidden) or False,
            struck=_nearest(full, lambda s: s.struck) or False,
            align=_nearest(full, lambda s: s.align) or Align.START,
            level=int(listed[1]) if listed and listed[1] else level_of(_nearest(chain, _outline)),
            chain=tuple(s.id for s in chain),
            num_id=_nearest(chain, lambda s: s.num_id),
            ilvl=tuple(s.ilvl for s in chain),
            contents=listed is not None,
            leader=_nearest(chain, lambda s: s.leader) or False,
        )

    def _resolve_character(self, style_id: str) -> CharacterStyle:
        chain = self._chain("character", style_id)
        return CharacterStyle(
            bold=_nearest(chain, lambda s: s.bold) or False,
            size=_nearest(chain, lambda s: s.size),
            hidden=_nearest(chain, lambda s: s.hidden) or False,
            struck=_nearest(chain, lambda s: s.struck) or False,
            prompt=any(s.name in _PROMPT for s in chain),
        )

    def _resolve_run(self, style: ParagraphStyle, run: Format) -> Seen:
        """Direct formatting, else the character style's, else the paragraph style's.

        What toggles in a character style turns the paragraph style's over (ISO/IEC 29500-1, 17.7.3).
        """
        own_bold, half_points, own_hidden, style_id, prompt, own_struck = run
        (bold, size), hidden, struck = style.look, style.hidden, style.struck
        if style_id is not None:
            character = self.character(style_id)
            bold, hidden = bold ^ character.bold, hidden ^ character.hidden
            struck = struck ^ character.struck
            size, prompt = character.size or size, prompt or character.prompt
        return Seen(
            Look(bold if own_bold is None else own_bold, points(half_points) or size),
            (hidden if own_hidden is None else own_hidden) or (struck if own_struck is None else own_struck),
            prompt,
        )


def level_of(outline: int | None) -> int | None:
    """The heading level from 1 of a ``w:outlineLvl``; None for body text."""
    return None if outline is None or not 0 <= outline < _BODY_LEVEL else outline + 1


def align_of(element: Element) -> Align:
    """The alignment that a ``w:jc`` states; justified text starts at the start."""
    return _ALIGN.get(val(element), Align.START)


def may_be_dark(properties: Element) -> bool | None:
    """Whether the ground that properties lay under a text may be dark; None where they lay none."""
    shade = properties.find(w("shd"))
    if shade is None:
        return None
    pattern, fill = shade.get(VAL, "clear"), shade.get(w("fill"), "auto").upper()
    if fill not in _BRIGHT or (fill != WHITE and w("themeFill") in shade.attrib):
        return True
    # A dense pattern shows the colour it is drawn in, black where that is left to the program.
    return _DENSE.fullmatch(pattern) is not None and shade.get(w("color"), "auto").upper() != WHITE


def _outline(style: _Declared) -> int | None:
    """The outline level of a style: a built-in heading's number, whatever it states, else as stated."""
    heading = _HEADING.fullmatch(style.name)
    return int(heading[1]) - 1 if heading else style.outline


def _nearest(chain: tuple[_Declared, ...], read: Callable[[_Declared], T | None]) -> T | None:
    return next((value for style in chain if (value := read(style)) is not None), None)


def _style(element: Element) -> _Declared:
    return _declared(
        element.get(w("styleId"), ""),
        child_value(element, "name") or "",
        child_value(element, "basedOn"),
        element.find(w("rPr")),
        element.find(w("pPr")),
    )


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
        struck=None if run is None else _struck(run),
        dark=_either(may_be_dark(each) for each in (run, paragraph) if each is not None),
        align=None if jc is None else align_of(jc),
        outline=whole(child_value(paragraph, "outlineLvl")),
        num_id=child_value(paragraph, "numPr", "numId"),
        ilvl=whole(child_value(paragraph, "numPr", "ilvl")),
        leader=None if tabs is None else any(tab.get(w("leader")) in LEADERS for tab in tabs),
    )


def _struck(run: Element) -> bool | None:
    """Whether run properties strike text out, by one line or two; None where they do not say."""
    return _either((on_off(run, "strike"), on_off(run, "dstrike")))


def _either(answers: Iterable[bool | None]) -> bool | None:
    """Whether one of those that answer says yes; None where none answers."""
    given = [answer for answer in answers if answer is not None]
    return any(given) if given else None


def _built_in_name(name: str) -> str:
    """The name for comparing: lower case, single spaces, without the aliases some programs append."""
    return " ".join(re.split("[,;]", name, maxsplit=1)[0].lower().split())


_NOTHING = _declared("", "", None, None, None)
