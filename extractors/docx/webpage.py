"""Web pages that a Word document takes in: their headings, paragraphs, lists and tables as blocks.

Nothing is fetched and nothing is run.  What the page says is hidden or struck out is not there; a page that
says so in a style sheet is not read at all, for only a browser could tell what is left of it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lxml import etree

from extractors.document import ActiveContent, Align, Block, Cell, Paragraph, Picture, Table
from extractors.docx.active import leads_away
from extractors.docx.numerals import written
from extractors.docx.story import DEEPEST
from extractors.text import fold
from schemas.errors import UnreadableDocumentError, UnreadableReason

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element as Element

    from extractors.docx.story import Import, Tally

_NOT_SHOWN = frozenset({"script", "style", "template", "noscript", "head", "select", "textarea", "object"})
_STRUCK = frozenset({"s", "strike", "del"})
_BOLD = frozenset({"b", "strong", "th", "h1", "h2", "h3", "h4", "h5", "h6"})
_BLOCKS = frozenset(
    {
        "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "div",
        "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6",
        "header", "hr", "html", "legend", "li", "main", "nav", "ol", "p", "pre", "section", "summary",
        "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
    }
)  # fmt: skip
_HEADING = re.compile("h([1-6])")
_HIDES = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all|line-through|font-size\s*:\s*0(?![.\d])",
    re.IGNORECASE,
)
_IS_BOLD = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)", re.IGNORECASE)
_CENTRED = re.compile(r"text-align\s*:\s*center", re.IGNORECASE)
_WHITE = re.compile(
    r"(?<![-\w])color\s*:\s*(?:white|#fff(?:fff)?\b|rgb\(\s*255\s*,\s*255\s*,\s*255\s*\))", re.IGNORECASE
)
_WHITES = frozenset({"white", "#fff", "#ffffff"})
_LISTED = {"1": "decimal", "a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}
_BULLET = "•"
_SPACE = re.compile(r"[ \t\r\n\f]+")
_WIDEST, _HIGHEST = 63, 100_000
"""Columns of a table in Word, and more rows than one has."""
_LONGEST_NUMBER = 6
_DEEPEST = 200
"""Elements nested deeper are an attack; from 256 the parser hands over half a page and says nothing."""
_CAPTION = 60
"""Characters for each picture that are little: the pictures may be pages of paper."""


@dataclass(slots=True)
class _Cell:
    wide: int
    high: int
    blocks: list[Block] = field(default_factory=list)


@dataclass(slots=True)
class _List:
    """A list; ``style`` is that of its numbers, "" where it has bullets."""

    style: str
    number: int = 0

    def label(self, item: Element) -> str:
        """Of its next item."""
        if not self.style:
            return _BULLET
        said = item.get("value", "")
        self.number = int(said) if _is_number(said) else self.number + 1
        return f"{written(self.number, self.style)}."


class WebPage:
    """A page, parsed.

    Raises:
        UnreadableDocumentError: on opening, a page that is nested absurdly deep, or that cannot be shown
            without a browser.
    """

    def __init__(self, text: str) -> None:
        parser = etree.HTMLParser(
            encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=False
        )
        try:
            root = etree.fromstring(text.encode("utf-8", "replace"), parser)
        except etree.XMLSyntaxError as error:
            raise UnreadableDocumentError(UnreadableReason.DAMAGED) from error
        if root is None:
            raise UnreadableDocumentError(UnreadableReason.NO_CONTENT)
        self._root = root
        sheets = "".join(sheet.text or "" for sheet in root.iter("style"))
        if _hides(sheets) or (_WHITE.search(sheets) and "background" not in sheets.lower()):
            raise UnreadableDocumentError(UnreadableReason.UNSUPPORTED)

    def active(self, part: str) -> Iterator[ActiveContent]:
        """What in it a browser would run or fetch.

        Args:
            part: its name, for the report.
        """
        if next(self._root.iter("script"), None) is not None:
            yield ActiveContent("script", part)
        for element in self._root.iter("img", "iframe", "frame", "embed", "object", "link"):
            address = element.get("src") or element.get("data") or element.get("href") or ""
            if leads_away(address):
                yield ActiveContent("external-link-data", address)

    def blocks(self, tally: Tally, place: Import) -> list[Block]:
        """What stands on it.

        Args:
            tally: of the document that takes it in.
            place: where.

        Raises:
            UnreadableDocumentError: it is hardly more than pictures, or its tables are nested absurdly deep.
        """
        walk = _Walk(tally, place)
        walk.through(self._root)
        if walk.pictures and walk.characters <= _CAPTION * walk.pictures:
            raise UnreadableDocumentError(UnreadableReason.NO_TEXT_LAYER)
        return walk.blocks


class _Walk:
    """One pass over a page, in document order."""

    def __init__(self, tally: Tally, place: Import) -> None:
        self.blocks: list[Block] = []
        self.pictures = 0
        self.characters = 0
        self._tally = tally
        self._place = place
        self._tables: list[list[list[_Cell]]] = []
        self._lists: list[_List] = []
        self._label = ""
        self._bold = 0
        self._pre = 0
        self._grounds = 0
        self._texts: list[tuple[str, bool]] = []
        self._level: int | None = None
        self._align = Align.START

    def through(self, root: Element) -> None:
        depth, hidden = 0, 0
        for event, element in etree.iterwalk(root, events=("start", "end")):
            depth += 1 if event == "start" else -1
            if depth > _DEEPEST:
                raise UnreadableDocumentError(UnreadableReason.DAMAGED)
            if event == "start" and (hidden or not self._is_shown(element)):
                hidden += 1
            elif event == "start":
                self._begin(element)
            else:
                if hidden:
                    hidden -= 1
                else:
                    self._end(element)
                if not hidden:
                    self._add(element.tail)
        self._finish()

    def _is_shown(self, element: Element) -> bool:
        if element.tag in _NOT_SHOWN or element.tag in _STRUCK or "hidden" in element.attrib:
            return False
        style = element.get("style", "")
        if _hides(style):
            return False
        white = _WHITE.search(style) or element.get("color", "").lower() in _WHITES
        return not white or self._grounds > 0 or _has_ground(element)

    def _begin(self, element: Element) -> None:
        tag = element.tag
        self._grounds += _has_ground(element)
        self._bold += _is_bold(element)
        self._pre += tag == "pre"
        if tag in _BLOCKS:
            self._finish()
            self._begin_block(element)
        elif tag == "br":
            self._texts.append(("\n", False))
        elif tag == "img":
            self._finish()
            self.pictures += 1
            self._holder().append(Picture())
        self._add(element.text)

    def _begin_block(self, element: Element) -> None:
        tag = element.tag
        if heading := _HEADING.fullmatch(tag):
            self._level = int(heading[1])
        elif tag == "table":
            if self._place.depth + len(self._tables) >= DEEPEST:
                raise UnreadableDocumentError(UnreadableReason.DAMAGED)
            self._tables.append([])
        elif tag == "tr" and self._tables:
            self._tables[-1].append([])
        elif tag in ("td", "th") and self._tables:
            rows = self._tables[-1] or [[]]
            self._tables[-1] = rows
            rows[-1].append(_Cell(_span(element, "colspan", _WIDEST), _span(element, "rowspan", _HIGHEST)))
        elif tag == "ul":
            self._lists.append(_List(""))
        elif tag == "ol":
            start = element.get("start", "")
            style = _LISTED.get(element.get("type", "1"), "decimal")
            self._lists.append(_List(style, int(start) - 1 if _is_number(start) else 0))
        elif tag == "li" and self._lists:
            self._label = self._lists[-1].label(element)
        if element.get("align", "").lower() == "center" or _CENTRED.search(element.get("style", "")):
            self._align = Align.CENTER

    def _end(self, element: Element) -> None:
        tag = element.tag
        if tag in _BLOCKS:
            self._finish()
            self._level, self._align = None, Align.START
        if tag == "table" and self._tables:
            table = _table(self._tables.pop())
            if table is not None:
                self._holder().append(table)
        elif tag in ("ul", "ol") and self._lists:
            self._lists.pop()
        elif tag == "li":
            self._label = ""
        self._grounds -= _has_ground(element)
        self._bold -= _is_bold(element)
        self._pre -= tag == "pre"

    def _holder(self) -> list[Block]:
        """The innermost open cell, or the page; what stands in a table beside its cells stands before it."""
        for rows in reversed(self._tables):
            if rows and rows[-1]:
                return rows[-1][-1].blocks
        return self.blocks

    def _add(self, text: str | None) -> None:
        if text:
            self._texts.append((text if self._pre else _SPACE.sub(" ", text), self._bold > 0))

    def _finish(self) -> None:
        """What was gathered becomes a paragraph."""
        pieces, self._texts = self._texts, []
        written_ = fold("".join(text for text, _ in pieces))
        text = written_.strip(" \n")
        if not text or text.isspace():
            return
        bold = _bold_prefix(pieces, text)
        self._tally.paragraphs += 1
        self.characters += len(text)
        self._holder().append(
            Paragraph(
                number=self._tally.paragraphs,
                text=text,
                label=self._label,
                level=self._level,
                bold=bold == len(text),
                bold_prefix=bold,
                align=self._align,
                role=self._place.role,
            )
        )
        self._label = ""


def _bold_prefix(pieces: list[tuple[str, bool]], text: str) -> int:
    """How many characters at the start of ``text`` are bold."""
    prefix = ""
    for piece, bold in pieces:
        if piece.strip() and not bold:
            break
        prefix += piece
    return len(fold(prefix).strip(" \n")[: len(text)])


def _table(rows: list[list[_Cell]]) -> Table | None:
    """The table of those rows, each cell at its upper left square; None where there are no cells.

    Raises:
        UnreadableDocumentError: it is wider than a table of Word.
    """
    taken: dict[int, int] = {}
    made = []
    for row, cells in enumerate(rows):
        column, placed = 0, []
        for cell in cells:
            while taken.get(column, 0) > row:
                column += 1
            high = min(cell.high, len(rows) - row)
            if column + cell.wide > _WIDEST:
                raise UnreadableDocumentError(UnreadableReason.DAMAGED)
            placed.append(Cell(row, column, high, cell.wide, tuple(cell.blocks)))
            taken.update(dict.fromkeys(range(column, column + cell.wide), row + high))
            column += cell.wide
        made.append(tuple(placed))
    return Table(tuple(made)) if any(made) else None


def _span(cell: Element, name: str, most: int) -> int:
    said = cell.get(name, "")
    return min(max(int(said), 1), most) if _is_number(said) else 1


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER


def _hides(style: str) -> bool:
    first, *others = style.split("/*")
    without_comments = first + "".join(other.partition("*/")[2] for other in others)
    return _HIDES.search(without_comments) is not None


def _is_bold(element: Element) -> bool:
    return element.tag in _BOLD or _IS_BOLD.search(element.get("style", "")) is not None


def _has_ground(element: Element) -> bool:
    """Whether something may lie behind white text."""
    return "bgcolor" in element.attrib or "background" in element.get("style", "").lower()
