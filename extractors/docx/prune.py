"""What must not be read goes before reading: what is left is what is on paper if all revisions stand.

Removed: deleted and moved-away revisions, former properties, ruby annotations, white text on white, and all
branches of alternative content but one.  Text boxes are taken out and kept with the paragraph they are
anchored to, so that no paragraph has another inside it.  What must be known about places in the tree is noted
in ``Marks``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from extractors.docx.names import (
    ALONG,
    ALTERNATE,
    ANCHOR,
    CHOICE,
    DOWN,
    FALLBACK,
    INLINE,
    OFFSET,
    VAL,
    child_value,
    is_on,
    w,
    whole,
)
from extractors.docx.styles import WHITE, may_be_dark

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from lxml.etree import _Element as Element

_FORMER = frozenset(
    w(name)
    for name in (
        "pPrChange", "rPrChange", "sectPrChange", "tblPrChange", "tblGridChange", "tblPrExChange",
        "tcPrChange", "trPrChange", "numberingChange",
    )
)  # fmt: skip
_DELETED = frozenset({w("del"), w("moveFrom")})
_RUBY_TEXT = w("rt")
_CELL_DELETED = w("cellDel")
_BOX = w("txbxContent")
_TEXT = w("t")
_ONE_LINE = 180_000
"""Height of a line in English Metric Units, 12 700 of which are a point."""
_PAGE_MARGIN = 914_400
"""Width of a usual margin of the page, in the same units."""
_FIELD_MARK = w("fldChar")
_FIELD_KIND = w("fldCharType")
_PROMPT = w("showingPlcHdr")
_GALLERY = w("docPartGallery")
_CONTENTS_GALLERY = "Table of Contents"
_NOTE_KIND = w("type")
_SEPARATORS = frozenset({"separator", "continuationSeparator", "continuationNotice"})
_NOTES = frozenset({w("footnote"), w("endnote")})

_COLOUR = w("color")
_PAGE_GROUND, _STYLE, _MARKED = w("background"), w("tblStyle"), w("highlight")
_GROUNDS = frozenset({w("txbxContent"), w("drawing"), w("pict")})
_PROPERTIES = {w("r"): w("rPr"), w("p"): w("pPr"), w("tc"): w("tcPr"), w("tbl"): w("tblPr")}
_STYLED = {w("r"): ("character", "rStyle"), w("p"): ("paragraph", "pStyle")}

_KEPT = frozenset({_PROMPT, _GALLERY})
"""What is only noted; all else removes something, maybe with field marks in it."""

_P, _R, _RPR, _PPR, _TRPR, _TCPR, _SDT = (w(n) for n in ("p", "r", "rPr", "pPr", "trPr", "tcPr", "sdt"))


@dataclass(slots=True)
class Marks:
    """What is known about elements of a pruned tree.

    Attributes:
        is_dark: whether a style lays a ground that may be dark under its text.
        boxes: text boxes by the paragraph they are anchored to.
        above: those of them that stand above their paragraph's text.
        joined: paragraphs whose mark is deleted, so that the next goes on in them.
        contents: paragraphs in a content control that holds a table of contents.
        prompts: runs that show the prompt of a content control.
        dangling: field beginnings without an end; not to be believed, they would swallow what follows.
    """

    is_dark: Callable[[str, str | None], bool] = lambda _kind, _id: False
    boxes: dict[Element, list[Element]] = field(default_factory=dict)
    above: set[Element] = field(default_factory=set)
    joined: set[Element] = field(default_factory=set)
    contents: set[Element] = field(default_factory=set)
    prompts: set[Element] = field(default_factory=set)
    dangling: set[Element] = field(default_factory=set)


def prune(root: Element, is_dark: Callable[[str, str | None], bool]) -> Marks:
    """Remove from the tree, in place, what is not to be read, and note what must be known about the rest.

    Args:
        root: the tree.
        is_dark: whether a style, given its kind and its id, lays a ground that may be dark under its text.
    """
    marks = Marks(is_dark)
    field_marks: list[Element] = []
    removes = False
    for element in list(root.iter(*_NOTICED)):
        tag = element.tag
        if tag == _FIELD_MARK:
            field_marks.append(element)
        elif element.getparent() is not None:
            removes = removes or tag not in _KEPT
            _NOTICED[tag](element, marks)
    if field_marks:
        marks.dangling = set(_dangling(root.iter(_FIELD_MARK) if removes else field_marks))
    return marks


def _remove(element: Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def _former(element: Element, _: Marks) -> None:
    _remove(element)


def _deleted(element: Element, marks: Marks) -> None:
    """A deletion removes its content, or the row whose property it is, or the paragraph's mark."""
    parent = element.getparent()
    if parent is None:
        return
    if parent.tag == _TRPR:
        _remove_owner(parent)
    elif parent.tag != _RPR:
        _remove(element)
    elif (properties := parent.getparent()) is not None and properties.tag == _PPR:
        paragraph = properties.getparent()
        if paragraph is not None:
            marks.joined.add(paragraph)


def _cell_deleted(element: Element, _: Marks) -> None:
    parent = element.getparent()
    if parent is not None and parent.tag == _TCPR:
        _remove_owner(parent)


def _remove_owner(properties: Element) -> None:
    owner = properties.getparent()
    if owner is not None:
        _remove(owner)


def _alternates(element: Element, _: Marks) -> None:
    """Keep the first choice; the fallback is the same content for older programs."""
    branches = [*element.iterchildren(CHOICE), *element.iterchildren(FALLBACK)]
    kept = next((branch for branch in branches if len(branch)), None)
    for branch in branches:
        if branch is not kept:
            _remove(branch)


def _box(element: Element, marks: Marks) -> None:
    anchor = next(element.iterancestors(_P), None)
    if anchor is not None:
        begins = next(anchor.iter(_BOX, _TEXT), None) is element
        if (begins or _is_left_of_text(element)) and _is_at_top(element):
            marks.above.add(element)
        marks.boxes.setdefault(anchor, []).append(element)
        _remove(element)


def _is_at_top(box: Element) -> bool:
    """Whether a text box that its paragraph begins with stands above the text: in line, or not far below.

    Word anchors what floats to the beginning of a paragraph wherever it floats, but says how far below.
    """
    for holder in box.iterancestors(INLINE, ANCHOR):
        if holder.tag == INLINE:
            return True
        down = holder.find(f"{DOWN}[@relativeFrom='paragraph']/{OFFSET}")
        offset = None if down is None else whole(down.text)
        return offset is not None and offset <= _ONE_LINE
    return False


def _is_left_of_text(box: Element) -> bool:
    """Whether a text box stands at the left edge of the text, or outside it: as a side title, read first.

    LibreOffice anchors a frame of Word's (``w:framePr``) to the end of the paragraph that stands beside it.
    """
    along = next((a for holder in box.iterancestors(ANCHOR) for a in holder.iterchildren(ALONG)), None)
    if along is None:
        return False
    offset = along.find(OFFSET)
    start = None if offset is None else whole(offset.text)
    within = {"page": _PAGE_MARGIN, "column": 0, "margin": 0}.get(along.get("relativeFrom", ""))
    return start is not None and within is not None and start <= within


def _unseen(element: Element, marks: Marks) -> None:
    """White text is not on the paper, unless something that may be dark lies behind it."""
    properties = element.getparent()
    run = None if properties is None or element.get(VAL, "").upper() != WHITE else properties.getparent()
    if run is None or run.tag != _R:
        return
    if not any(_may_be_dark(each, marks) for each in (run, *run.iterancestors())):
        _remove(run)


def _may_be_dark(element: Element, marks: Marks) -> bool:
    """Whether an element may have a ground of its own: a fill, a mark, a style's, a shape, a page's."""
    if element.tag in _GROUNDS:
        return True
    if element.tag in _STYLED:
        return _text_may_be_dark(element, marks)
    properties = element.find(_PROPERTIES[element.tag]) if element.tag in _PROPERTIES else None
    if properties is None:
        return element.find(_PAGE_GROUND) is not None
    return properties.find(_STYLE) is not None or bool(may_be_dark(properties))


def _text_may_be_dark(element: Element, marks: Marks) -> bool:
    """The same of a run or a paragraph: what it says itself, else its style."""
    kind, name = _STYLED[element.tag]
    properties = element.find(_PROPERTIES[element.tag])
    if properties is not None:
        if properties.find(_MARKED) is not None:
            return True
        own = may_be_dark(properties)
        if own is not None:
            return own
    return marks.is_dark(kind, child_value(properties, name))


def _prompt(element: Element, marks: Marks) -> None:
    if is_on(element):
        marks.prompts.update(_within_control(element, _R))


def _gallery(element: Element, marks: Marks) -> None:
    if element.get(VAL) == _CONTENTS_GALLERY:
        marks.contents.update(_within_control(element, _P))


def _within_control(element: Element, tag: str) -> Iterator[Element]:
    control = next(element.iterancestors(_SDT), None)
    return iter(()) if control is None else control.iter(tag)


def _note(element: Element, _: Marks) -> None:
    if element.get(_NOTE_KIND) in _SEPARATORS:
        _remove(element)


def _dangling(field_marks: Iterable[Element]) -> Iterator[Element]:
    begun = []
    for mark in field_marks:
        kind = mark.get(_FIELD_KIND)
        if kind == "begin":
            begun.append(mark)
        elif kind == "end" and begun:
            begun.pop()
    return iter(begun)


def _noticed() -> dict[str, Callable[[Element, Marks], None]]:
    return {
        **dict.fromkeys(_FORMER | {_RUBY_TEXT}, _former),
        **dict.fromkeys(_DELETED, _deleted),
        **dict.fromkeys(_NOTES, _note),
        _CELL_DELETED: _cell_deleted,
        ALTERNATE: _alternates,
        _BOX: _box,
        _PROMPT: _prompt,
        _GALLERY: _gallery,
        _COLOUR: _unseen,
        _FIELD_MARK: _former,
    }


_NOTICED = _noticed()
