"""One pass over a story (body, notes, header): elements in document order, blocks out.

The tree is not descended by hand: lxml hands over the elements that matter, in document order, and each goes
to its handler.  Where an element belongs is asked of its parents, so that wrappers (content controls,
inserted revisions, hyperlinks, tags, whatever comes) need no handling at all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from extractors.document import Block, Paragraph, Role
from extractors.docx.fields import Field, form_answer
from extractors.docx.names import (
    MATH_CONTROL,
    MATH_RUN,
    MATH_TEXT,
    REL_NS,
    XML_SPACE,
    is_on,
    val,
    w,
    whole,
)
from extractors.docx.package import Source
from extractors.docx.pictures import picture_in
from extractors.docx.prune import Marks, prune
from extractors.docx.styles import LEADERS, PLAIN, align_of, level_of
from extractors.docx.symbols import in_font, may_be_symbol, symbol
from extractors.docx.tables import Holder, OpenCell, OpenTable
from extractors.docx.words import OpenParagraph
from schemas.errors import UnreadableDocumentError, UnreadableReason

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

    from extractors.docx.numbering import Counters
    from extractors.docx.package import Package
    from extractors.docx.styles import Styles

    Importer = Callable[["Import"], "Sequence[Block]"]
    """Reads what a story imports: blocks that go on with the tally's numbers."""

DEEPEST = 60
"""Tables and text boxes nested deeper than this are an attack, not a document."""

_CHAR, _FONT, _LEADER, _INSTRUCTION = (w(name) for name in ("char", "font", "leader", "instr"))
_FIELD_KIND, _LINK = w("fldCharType"), f"{{{REL_NS}}}id"
_TABS, _MARK = w("tabs"), w("pPr")
_RESTART = "restart"
_PROMPT = (*PLAIN[:4], True, *PLAIN[5:])
_OF_NO_RUN = (*PLAIN,)
"""Stands where no run has begun: the size that is stated there is that of the paragraph's mark."""
_RUN_FONTS, _FONT_NAMES = f"{w('rPr')}/{w('rFonts')}", (w("ascii"), w("hAnsi"))
_LONGEST_SYMBOL = 2
"""Ticks and boxes of symbol fonts stand alone in their runs."""


def _font_of(text: Element) -> str:
    """The font that the run of a ``w:t`` names for Latin characters, "" where it names none."""
    run = text.getparent()
    fonts = None if run is None else run.find(_RUN_FONTS)
    return "" if fonts is None else fonts.get(_FONT_NAMES[0], "") or fonts.get(_FONT_NAMES[1], "")


@dataclass(slots=True)
class Tally:
    """What is counted and gathered through all stories of a document, those that it imports included.

    Attributes:
        paragraphs: how many were read.
        pictures: how many were met.
        leaders: numbers of paragraphs that have a tab stop with a leader.
        fetching: instructions of fields that bring data from elsewhere.
    """

    paragraphs: int = 0
    pictures: int = 0
    leaders: set[int] = field(default_factory=set)
    fetching: list[str] = field(default_factory=list)

    def back_to(self, paragraphs: int, pictures: int) -> None:
        """Forget what came after so many paragraphs and pictures."""
        self.paragraphs, self.pictures = paragraphs, pictures
        self.leaders = {number for number in self.leaders if number <= paragraphs}


@dataclass(frozen=True, slots=True)
class Import:
    """A place where a story takes in another file (``w:altChunk``).

    Attributes:
        source: the part that the story is.
        link: id of the relationship to the file.
        role: what the story is.
        depth: how many tables and text boxes are open around the place.
    """

    source: Source
    link: str
    role: Role
    depth: int


class Reader:
    """Reads the stories of one package, one after the other; paragraphs are numbered through.

    Args:
        package: which.
        styles: its styles.
        counters: of its automatic numbers.
        tally: of the document.
        importer: reads what a story takes in.
        depth: how many tables and text boxes are open around all that is read.
    """

    def __init__(
        self,
        package: Package,
        styles: Styles,
        counters: Counters,
        tally: Tally,
        importer: Importer,
        depth: int = 0,
    ) -> None:
        self._tally = tally
        self._importer = importer
        self._depth = depth
        self._source = Source(package, "")
        self._styles = styles
        self._counters = counters
        self._default_style = styles.paragraph(None)
        self._role = Role.BODY
        self._marks = Marks()
        self._holders: list[Holder] = []
        self._home: Element | None = None
        self._fields: list[Field] = []
        self._paragraph = self._nowhere = OpenParagraph(None, self._default_style)
        self._format = PLAIN

    def read(self, root: Element, role: Role, part: str) -> tuple[Block, ...]:
        """The blocks of a story.  Its tree is pruned in place.

        Args:
            root: of the story.
            role: of its paragraphs.
            part: name of the part that it is.

        Raises:
            UnreadableDocumentError: tables or text boxes are nested absurdly deep.
        """
        self._role = role
        self._source = Source(self._source.package, part)
        self._marks = prune(root, self._styles.is_dark)
        return tuple(self._walk(root))

    def _walk(self, root: Element) -> list[Block]:
        """Read ``root`` as a story inside the one that is being read, if any."""
        outer_fields, self._fields = self._fields, []
        depth = len(self._holders)
        self._open(Holder(root))
        handlers = self._HANDLERS
        for element in root.iter(*handlers):
            handlers[element.tag](self, element)
        self._finish_paragraph()
        while len(self._holders) > depth + 1:
            self._close()
        blocks = self._holders.pop().blocks
        self._home = self._holders[-1].element if self._holders else None
        self._fields = outer_fields
        return blocks

    # Where things belong

    def _open(self, holder: Holder) -> None:
        if self._depth + len(self._holders) > DEEPEST:
            raise UnreadableDocumentError(UnreadableReason.DAMAGED, "表格或文本框嵌套过深")
        self._holders.append(holder)
        self._home = holder.element

    def _close(self) -> None:
        closed = self._holders.pop()
        outer = self._holders[-1]
        self._home = outer.element
        if isinstance(closed, OpenTable):
            table = closed.close()
            if table is not None and not outer.hidden:
                outer.blocks.append(table)

    def _enter(self, parent: Element | None) -> Holder:
        """The holder that ``parent`` lies in; holders that ended before it are closed."""
        if parent is self._home:
            return self._holders[-1]
        opened = {holder.element for holder in self._holders}
        element = parent
        while element is not None and element not in opened:
            element = element.getparent()
        while element is not None and self._holders[-1].element is not element:
            self._close()
        self._home = parent
        return self._holders[-1]

    # Tables

    def _on_table(self, element: Element) -> None:
        self._finish_paragraph()
        outer = self._enter(element.getparent())
        self._open(OpenTable(element, hidden=outer.hidden))

    def _on_row(self, element: Element) -> None:
        self._finish_paragraph()
        table = self._enter(element.getparent())
        if isinstance(table, OpenTable):
            table.start_row(element)

    def _on_cell(self, element: Element) -> None:
        if self._paragraph is not self._nowhere:
            self._finish_paragraph()
        row, before = element.getparent(), self._holders[-1]
        if isinstance(before, OpenCell) and before.table.row is row:
            self._holders[-1] = before.table.start_cell(element)
            self._home = element
            return
        table = self._enter(row)
        if isinstance(table, OpenTable):
            self._open(table.start_cell(element))

    def _on_grid_before(self, element: Element) -> None:
        table = self._holders[-1]
        if isinstance(table, OpenTable):
            table.skip(whole(val(element)) or 0)

    def _on_span(self, element: Element) -> None:
        cell = self._holders[-1]
        if isinstance(cell, OpenCell):
            cell.span(whole(val(element)) or 1)

    def _on_merge_down(self, element: Element) -> None:
        cell = self._holders[-1]
        if isinstance(cell, OpenCell):
            cell.merge_down(starts=val(element) == _RESTART)

    def _on_merge_right(self, element: Element) -> None:
        cell = self._holders[-1]
        if isinstance(cell, OpenCell):
            cell.merge_right(starts=val(element) == _RESTART)

    # Paragraphs

    def _on_paragraph(self, element: Element) -> None:
        parent = element.getparent()
        paragraph = OpenParagraph(element, self._default_style)
        if self._marks.joined and self._is_joined_to(parent):
            paragraph.go_on_from(self._paragraph)
        elif self._paragraph is not self._nowhere:
            self._finish_paragraph()
        if parent is not self._home:
            self._enter(parent)
        self._paragraph = paragraph
        self._format = _OF_NO_RUN

    def _is_joined_to(self, parent: Element | None) -> bool:
        """Whether the open paragraph goes on in the next one of ``parent``."""
        before = self._paragraph.element
        return before is not None and before in self._marks.joined and before.getparent() is parent

    def _on_style(self, element: Element) -> None:
        self._paragraph.style = self._styles.paragraph(val(element))

    def _on_align(self, element: Element) -> None:
        self._paragraph.align = align_of(element)

    def _on_outline(self, element: Element) -> None:
        self._paragraph.outline = whole(val(element))

    def _on_num_id(self, element: Element) -> None:
        self._paragraph.num_id = val(element)

    def _on_ilvl(self, element: Element) -> None:
        self._paragraph.ilvl = whole(val(element))

    def _finish_paragraph(self) -> None:
        """The open paragraph becomes a block; its pictures and the text boxes anchored to it follow.

        Boxes above its text come first.
        """
        paragraph = self._paragraph
        if paragraph.element is None:
            return
        self._paragraph = self._nowhere
        holder = self._holders[-1]
        marks = self._marks
        if marks.above and (boxes := marks.boxes.get(paragraph.element)):
            self._read_boxes([box for box in boxes if box in marks.above], holder)
            marks.boxes[paragraph.element] = [box for box in boxes if box not in marks.above]
        if not holder.hidden:
            self._keep(paragraph, paragraph.element, holder.blocks)
        if marks.boxes:
            for anchor in (*paragraph.before, paragraph.element):
                self._read_boxes(marks.boxes.pop(anchor, ()), holder)

    def _read_boxes(self, boxes: Iterable[Element], holder: Holder) -> None:
        for box in boxes:
            blocks = self._walk(box)
            holder.blocks.extend(() if holder.hidden else blocks)

    def _keep(self, paragraph: OpenParagraph, element: Element, blocks: list[Block]) -> None:
        style = paragraph.style
        text, bold, bold_prefix, size, prompt = paragraph.words(self._styles)
        shows = bool(text) and not text.isspace()
        label = ""
        if paragraph.num_id is not None or style.num_id is not None:
            if not shows and paragraph.mark_hidden:
                return
            label = self._counters.label(style, paragraph.num_id, paragraph.ilvl)
        if shows:
            number = self._tally.paragraphs = self._tally.paragraphs + 1
            if paragraph.has_leader or style.leader:
                self._tally.leaders.add(number)
            level = style.level if paragraph.outline is None else level_of(paragraph.outline)
            align = paragraph.align or style.align
            role = self._role_of(paragraph, element)
            blocks.append(Paragraph(number, text, label, level, size, bold, bold_prefix, align, role, prompt))
        if paragraph.pictures and self._role is Role.BODY:
            blocks.extend(paragraph.pictures)

    def _role_of(self, paragraph: OpenParagraph, element: Element) -> Role:
        role = self._role
        if role is not Role.BODY:
            return role
        contents = self._marks.contents
        listed = paragraph.in_contents or paragraph.style.contents or (contents and element in contents)
        return Role.CONTENTS if listed else role

    def _on_import(self, element: Element) -> None:
        if all(outer is not self._paragraph.element for outer in element.iterancestors()):
            self._finish_paragraph()
        holder = self._enter(element.getparent())
        if not holder.hidden:
            depth = self._depth + len(self._holders)
            place = Import(self._source, element.get(_LINK, ""), self._role, depth)
            holder.blocks.extend(self._importer(place))

    # Runs

    def _on_run(self, element: Element) -> None:
        prompts = self._marks.prompts
        self._format = _PROMPT if prompts and element in prompts else PLAIN

    def _on_other_properties(self, _: Element) -> None:
        """Formatting that follows is that of no run."""
        self._format = PLAIN

    def _on_bold(self, element: Element) -> None:
        _, size, hidden, style, prompt, struck = self._format
        self._format = is_on(element), size, hidden, style, prompt, struck

    def _on_size(self, element: Element) -> None:
        if self._format is _OF_NO_RUN:
            return
        bold, _, hidden, style, prompt, struck = self._format
        self._format = bold, val(element), hidden, style, prompt, struck

    def _on_run_style(self, element: Element) -> None:
        bold, size, hidden, _, prompt, struck = self._format
        self._format = bold, size, hidden, val(element), prompt, struck

    def _on_strike(self, element: Element) -> None:
        """What its author struck out is deleted; of two kinds of lines one is enough."""
        bold, size, hidden, style, prompt, struck = self._format
        self._format = bold, size, hidden, style, prompt, struck or is_on(element)

    def _on_vanish(self, element: Element) -> None:
        properties = element.getparent()
        owner = None if properties is None else properties.getparent()
        if owner is not None and owner.tag == _MARK:
            self._paragraph.mark_hidden = is_on(element)
        else:
            bold, size, _, style, prompt, struck = self._format
            self._format = bold, size, is_on(element), style, prompt, struck

    def _on_text(self, element: Element) -> None:
        text = element.text
        if not text:
            return
        if (text[0] <= " " or text[-1] <= " ") and element.get(XML_SPACE) != "preserve":
            text = text.strip(" \t\r\n")
            if not text:
                return
        if len(text) <= _LONGEST_SYMBOL and may_be_symbol(text):
            text = in_font(text, _font_of(element))
        if self._fields:
            self._add(text)
        else:
            paragraph = self._paragraph
            paragraph.texts.append(text)
            paragraph.formats.append(self._format)

    def _add(self, text: str) -> None:
        """Text of the run that is being read, unless it is part of a field's instruction."""
        if self._fields and not self._field_shows():
            return
        paragraph = self._paragraph
        paragraph.texts.append(text)
        paragraph.formats.append(self._format)

    def _on_tab(self, element: Element) -> None:
        parent = element.getparent()
        if parent is None or parent.tag != _TABS:
            self._add("\t")
        elif element.get(_LEADER) in LEADERS:
            self._paragraph.has_leader = True

    def _on_break(self, _: Element) -> None:
        """A line goes on below; a break before all text, as a page break often is, shows nothing."""
        if self._paragraph.texts:
            self._add("\n")

    def _on_hyphen(self, _: Element) -> None:
        self._add("-")

    def _on_symbol(self, element: Element) -> None:
        self._add(symbol(element.get(_FONT, ""), element.get(_CHAR, "")))

    def _on_picture(self, element: Element) -> None:
        picture = picture_in(element, self._tally.pictures + 1, self._source)
        if picture is not None:
            self._tally.pictures += 1
            self._paragraph.pictures = (*self._paragraph.pictures, picture)

    # Fields

    def _field_shows(self) -> bool:
        """Whether no open field is still in its instruction; notes text inside a table of contents."""
        if not all(field.shows for field in self._fields):
            return False
        if any(field.is_contents for field in self._fields):
            self._paragraph.in_contents = True
        self._fields[-1].has_result = True
        return True

    def _on_field_mark(self, element: Element) -> None:
        kind = element.get(_FIELD_KIND)
        if kind == "begin" and element not in self._marks.dangling:
            self._fields.append(Field(answer=form_answer(element)))
        elif kind == "separate" and self._fields:
            self._fields[-1].shows = True
        elif kind == "end" and self._fields:
            self._end_field(self._fields.pop())

    def _end_field(self, field: Field) -> None:
        self._note_fetching(field)
        drawn = field.drawn()
        if drawn:
            self._add(drawn)

    def _on_instruction(self, element: Element) -> None:
        if self._fields:
            self._fields[-1].instruction += element.text or ""

    def _on_simple_field(self, element: Element) -> None:
        field = Field(element.get(_INSTRUCTION, ""))
        self._note_fetching(field)
        self._paragraph.in_contents = self._paragraph.in_contents or field.is_contents

    def _note_fetching(self, field: Field) -> None:
        if field.fetches:
            self._tally.fetching.append(" ".join(field.instruction.split()))

    _HANDLERS: ClassVar[Mapping[str, Callable[[Reader, Element], None]]] = {
        w("t"): _on_text,
        w("r"): _on_run,
        w("p"): _on_paragraph,
        w("altChunk"): _on_import,
        w("pStyle"): _on_style,
        w("sz"): _on_size,
        w("b"): _on_bold,
        w("jc"): _on_align,
        w("tc"): _on_cell,
        w("tr"): _on_row,
        w("tbl"): _on_table,
        w("gridSpan"): _on_span,
        w("vMerge"): _on_merge_down,
        w("hMerge"): _on_merge_right,
        w("gridBefore"): _on_grid_before,
        w("numId"): _on_num_id,
        w("ilvl"): _on_ilvl,
        w("outlineLvl"): _on_outline,
        w("rStyle"): _on_run_style,
        w("vanish"): _on_vanish,
        w("strike"): _on_strike,
        w("dstrike"): _on_strike,
        w("tab"): _on_tab,
        w("ptab"): _on_tab,
        w("br"): _on_break,
        w("cr"): _on_break,
        w("noBreakHyphen"): _on_hyphen,
        w("sym"): _on_symbol,
        w("fldChar"): _on_field_mark,
        w("instrText"): _on_instruction,
        w("fldSimple"): _on_simple_field,
        w("drawing"): _on_picture,
        w("pict"): _on_picture,
        w("object"): _on_picture,
        w("sdtPr"): _on_other_properties,
        w("sdtEndPr"): _on_other_properties,
        MATH_CONTROL: _on_other_properties,
        MATH_RUN: _on_run,
        MATH_TEXT: _on_text,
    }
