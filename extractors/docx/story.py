"""One pass over a story (body, notes, header): elements in document order, blocks out.

The tree is not descended by hand: lxml hands over the elements that matter, in document order, and each goes
to its handler.  Where an element belongs is asked of its parents, so that wrappers (content controls, inserted
revisions, hyperlinks, tags, whatever comes) need no handling at all.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from extractors.docx.fields import Field
from extractors.docx.names import MATH_RUN, MATH_TEXT, VAL, XML_SPACE, is_on, points, w, whole
from extractors.docx.prune import Marks, prune
from extractors.docx.styles import LEADERS, Look, ParagraphStyle, Styles, align_of, level_of
from extractors.docx.symbols import symbol
from extractors.docx.tables import OpenCell, OpenTable
from extractors.document import Align, Block, Paragraph, Role
from extractors.text import fold
from schemas.errors import UnreadableDocumentError, UnreadableReason

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

    from extractors.docx.numbering import Counters

_DEEPEST = 60
"""Tables and text boxes nested deeper than this are an attack, not a document."""

_W_CHAR, _W_FONT, _W_LEADER, _W_INSTR, _W_BREAK = (w(n) for n in ("char", "font", "leader", "instr", "type"))
_FIELD_KIND = w("fldCharType")
_RESTART = "restart"


@dataclass(slots=True)
class _Frame:
    """An element that is open and holds blocks: the story, a text box, a cell, or a table (holding none)."""

    element: Element
    blocks: list[Block]
    hidden: bool = False
    table: OpenTable | None = None
    cell: OpenCell | None = None


class Reader:
    """Reads the stories of one document, one after the other; paragraphs are numbered through.

    Attributes:
        leaders: numbers of paragraphs that have a tab stop with a leader.
        fetching: instructions of fields that bring data from elsewhere.
    """

    def __init__(self, styles: Styles, counters: Counters) -> None:
        self.leaders: set[int] = set()
        self.fetching: list[str] = []
        self._styles = styles
        self._counters = counters
        self._number = 0
        self._role = Role.BODY
        self._marks = Marks()
        self._frames: list[_Frame] = []
        self._home: Element | None = None
        self._fields: list[Field] = []
        self._body_style = styles.paragraph(None)
        self._handlers = self._handlers_by_name()
        self._start_paragraph(None)
        self._start_run()

    def read(self, root: Element, role: Role) -> tuple[Block, ...]:
        """The blocks of a story.  Its tree is pruned in place.

        Raises:
            UnreadableDocumentError: tables or text boxes are nested absurdly deep.
        """
        self._role = role
        self._marks = prune(root)
        return tuple(self._walk(root))

    def _handlers_by_name(self) -> dict[str, Callable[[Element], None]]:
        return {
            w("t"): self._on_text,
            w("r"): self._on_run,
            w("p"): self._on_paragraph,
            w("pStyle"): self._on_style,
            w("sz"): self._on_size,
            w("b"): self._on_bold,
            w("jc"): self._on_align,
            w("tc"): self._on_cell,
            w("tr"): self._on_row,
            w("tbl"): self._on_table,
            w("gridSpan"): self._on_span,
            w("vMerge"): self._on_merge_down,
            w("hMerge"): self._on_merge_right,
            w("gridBefore"): self._on_grid_before,
            w("numId"): self._on_num_id,
            w("ilvl"): self._on_ilvl,
            w("outlineLvl"): self._on_outline,
            w("rStyle"): self._on_run_style,
            w("vanish"): self._on_vanish,
            w("tab"): self._on_tab,
            w("ptab"): self._on_tab,
            w("br"): self._on_break,
            w("cr"): self._on_break,
            w("noBreakHyphen"): self._on_hyphen,
            w("sym"): self._on_symbol,
            w("fldChar"): self._on_field_mark,
            w("instrText"): self._on_instruction,
            w("fldSimple"): self._on_simple_field,
            MATH_RUN: self._on_run,
            MATH_TEXT: self._on_text,
        }

    def _walk(self, root: Element) -> list[Block]:
        """Read ``root`` as a story inside the one that is being read, if any."""
        outer_fields, self._fields = self._fields, []
        depth = len(self._frames)
        self._open(_Frame(root, []))
        handlers = self._handlers
        for element in root.iter(*handlers):
            handlers[element.tag](element)
        self._finish_paragraph()
        while len(self._frames) > depth + 1:
            self._close()
        blocks = self._frames.pop().blocks
        self._home = self._frames[-1].element if self._frames else None
        self._fields = outer_fields
        return blocks

    # Where things belong

    def _open(self, frame: _Frame) -> None:
        if len(self._frames) > _DEEPEST:
            raise UnreadableDocumentError(UnreadableReason.DAMAGED, "表格或文本框嵌套过深")
        self._frames.append(frame)
        self._home = frame.element

    def _close(self) -> None:
        frame = self._frames.pop()
        outer = self._frames[-1]
        self._home = outer.element
        if frame.table is not None and not outer.hidden:
            table = frame.table.close()
            if table is not None:
                outer.blocks.append(table)

    def _enter(self, parent: Element | None) -> _Frame:
        """The frame that ``parent`` lies in; frames that ended before it are closed."""
        if parent is self._home:
            return self._frames[-1]
        opened = {frame.element for frame in self._frames}
        holder = parent
        while holder is not None and holder not in opened:
            holder = holder.getparent()
        while holder is not None and self._frames[-1].element is not holder:
            self._close()
        self._home = parent
        return self._frames[-1]

    # Tables

    def _on_table(self, element: Element) -> None:
        self._finish_paragraph()
        outer = self._enter(element.getparent())
        self._open(_Frame(element, [], outer.hidden, table=OpenTable()))

    def _on_row(self, element: Element) -> None:
        self._finish_paragraph()
        table = self._enter(element.getparent()).table
        if table is not None:
            table.start_row()

    def _on_cell(self, element: Element) -> None:
        self._finish_paragraph()
        outer = self._enter(element.getparent())
        if outer.table is not None:
            cell = outer.table.start_cell()
            self._open(_Frame(element, cell.blocks, outer.hidden, cell=cell))

    def _on_grid_before(self, element: Element) -> None:
        table = self._frames[-1].table
        if table is not None:
            table.skip(whole(element.get(VAL)) or 0)

    def _on_span(self, element: Element) -> None:
        table = self._table_of_cell()
        if table is not None:
            table.span(whole(element.get(VAL)) or 1)

    def _on_merge_down(self, element: Element) -> None:
        table = self._table_of_cell()
        if table is not None:
            table.merge_down(starts=element.get(VAL) == _RESTART)
            self._hide_continuation()

    def _on_merge_right(self, element: Element) -> None:
        table = self._table_of_cell()
        if table is not None:
            table.merge_right(starts=element.get(VAL) == _RESTART)
            self._hide_continuation()

    def _table_of_cell(self) -> OpenTable | None:
        return self._frames[-2].table if self._frames[-1].cell is not None else None

    def _hide_continuation(self) -> None:
        frame = self._frames[-1]
        frame.hidden = frame.hidden or (frame.cell is not None and frame.cell.hidden)

    # Paragraphs

    def _on_paragraph(self, element: Element) -> None:
        if self._paragraph is not None:
            if self._paragraph in self._marks.joined and element.getparent() is self._paragraph.getparent():
                self._join(element)
                return
            self._finish_paragraph()
        parent = element.getparent()
        if parent is not self._home:
            self._enter(parent)
        self._start_paragraph(element)

    def _join(self, element: Element) -> None:
        """Go on in the paragraph whose mark is deleted; the mark that stays decides the properties."""
        texts, looks, in_contents = self._texts, self._looks, self._in_contents
        anchored, prompted = [*self._anchored, self._paragraph], self._prompted
        self._start_paragraph(element)
        self._texts, self._looks, self._in_contents = texts, looks, in_contents
        self._anchored, self._prompted = anchored, prompted

    def _start_paragraph(self, element: Element | None) -> None:
        self._paragraph = element
        self._style: ParagraphStyle = self._body_style
        self._texts: list[str] = []
        self._looks: list[Look] = []
        self._align: Align | None = None
        self._outline: int | None = None
        self._num_id: str | None = None
        self._ilvl: int | None = None
        self._in_contents = False
        self._has_leader = False
        self._prompted = ""
        self._has_hidden = False
        self._mark_hidden = False
        self._anchored: list[Element | None] = []
        self._in_run = False

    def _on_style(self, element: Element) -> None:
        self._style = self._styles.paragraph(element.get(VAL))

    def _on_align(self, element: Element) -> None:
        if not self._in_run:
            self._align = align_of(element)

    def _on_outline(self, element: Element) -> None:
        self._outline = whole(element.get(VAL))

    def _on_num_id(self, element: Element) -> None:
        self._num_id = element.get(VAL)

    def _on_ilvl(self, element: Element) -> None:
        self._ilvl = whole(element.get(VAL))

    def _finish_paragraph(self) -> None:
        """The open paragraph becomes a block, and the text boxes anchored to it follow."""
        element = self._paragraph
        if element is None:
            return
        self._paragraph = None
        frame = self._frames[-1]
        if not frame.hidden and frame.table is None:
            self._emit(element, frame)
        if self._marks.boxes:
            for anchor in (*self._anchored, element):
                self._read_boxes(anchor)

    def _read_boxes(self, anchor: Element | None) -> None:
        for box in self._marks.boxes.pop(anchor, ()) if anchor is not None else ():
            frame = self._frames[-1]
            blocks = self._walk(box)
            if not frame.hidden:
                frame.blocks.extend(blocks)

    def _emit(self, element: Element, frame: _Frame) -> None:
        style = self._style
        text = fold("".join(self._texts))
        shows = not text.isspace() if text else False
        if not shows and self._prompted:
            text = fold(self._prompted)
        label = ""
        if self._num_id is not None or style.num_id is not None:
            if not shows and (self._has_hidden or self._mark_hidden):
                return
            label = self._counters.label(style, self._num_id, self._ilvl)
        if not text or text.isspace():
            return
        self._number += 1
        if self._has_leader or style.leader:
            self.leaders.add(self._number)
        bold, bold_prefix, size = self._appearance(text) if shows else (False, 0, style.look.size)
        frame.blocks.append(
            Paragraph(
                self._number,
                text,
                label,
                style.level if self._outline is None else level_of(self._outline),
                size,
                bold,
                bold_prefix,
                self._align or style.align,
                self._paragraph_role(element),
                not shows,
            )
        )

    def _appearance(self, text: str) -> tuple[bool, int, float | None]:
        """Whether all is bold, how many characters at the start are, and the size most characters have."""
        looks = self._looks
        first = looks[0]
        if looks.count(first) == len(looks):
            return first.bold, len(text) if first.bold else 0, first.size
        sizes: dict[float | None, int] = {}
        prefix: list[str] = []
        all_bold = at_start = True
        for piece, look in zip(self._texts, looks, strict=True):
            visible = len(piece.strip())
            sizes[look.size] = sizes.get(look.size, 0) + visible
            bold = look.bold or not visible
            at_start = at_start and bold
            all_bold = all_bold and bold
            if at_start:
                prefix.append(piece)
        size = max(sizes, key=sizes.__getitem__)
        if all_bold:
            return True, len(text), size
        start = fold("".join(prefix))
        return False, len(start) if start.strip() else 0, size

    def _paragraph_role(self, element: Element) -> Role:
        if self._role is not Role.BODY:
            return self._role
        listed = self._in_contents or self._style.contents or element in self._marks.contents
        return Role.CONTENTS if listed else Role.BODY

    # Runs

    def _on_run(self, element: Element) -> None:
        self._start_run()
        self._in_run = True
        self._in_prompt = bool(self._marks.prompts) and element in self._marks.prompts

    def _start_run(self) -> None:
        self._look: Look | None = None
        self._bold: bool | None = None
        self._size: float | None = None
        self._hidden: bool | None = None
        self._run_style: str | None = None
        self._in_prompt = False

    def _on_bold(self, element: Element) -> None:
        self._bold = is_on(element)

    def _on_size(self, element: Element) -> None:
        self._size = points(element.get(VAL))

    def _on_run_style(self, element: Element) -> None:
        self._run_style = element.get(VAL)

    def _on_vanish(self, element: Element) -> None:
        if self._in_run:
            self._hidden = is_on(element)
        else:
            self._mark_hidden = is_on(element)

    def _on_text(self, element: Element) -> None:
        text = element.text
        if not text:
            return
        if (text[0] <= " " or text[-1] <= " ") and element.get(XML_SPACE) != "preserve":
            text = text.strip(" \t\r\n")
        self._add(text)

    def _on_tab(self, element: Element) -> None:
        if self._in_run:
            self._add("\t")
        elif element.get(_W_LEADER) in LEADERS:
            self._has_leader = True

    def _on_break(self, element: Element) -> None:
        if self._texts:
            self._add("\n")

    def _on_hyphen(self, element: Element) -> None:
        self._add("-")

    def _on_symbol(self, element: Element) -> None:
        self._add(symbol(element.get(_W_FONT, ""), element.get(_W_CHAR, "")))

    def _add(self, text: str) -> None:
        """Text of the current run, unless it is hidden or a field's instruction."""
        if self._fields and not self._field_shows():
            return
        look = self._look or self._resolve_look()
        if self._hidden:
            self._has_hidden = True
        elif self._in_prompt:
            self._prompted += text
        else:
            self._texts.append(text)
            self._looks.append(look)

    def _resolve_look(self) -> Look:
        """Direct formatting, else the character style's, else the paragraph style's."""
        look = self._style.look
        hidden = self._style.hidden
        if self._run_style is not None:
            style = self._styles.character(self._run_style)
            look = Look(look.bold ^ style.bold, style.size or look.size)
            hidden ^= style.hidden
            self._in_prompt = self._in_prompt or style.prompt
        if self._bold is not None or self._size is not None:
            look = Look(look.bold if self._bold is None else self._bold, self._size or look.size)
        if self._hidden is None:
            self._hidden = hidden
        self._look = look
        return look

    # Fields

    def _field_shows(self) -> bool:
        """Whether no open field is still in its instruction; notes text inside a table of contents."""
        if not all(field.shows for field in self._fields):
            return False
        self._in_contents = self._in_contents or any(field.is_contents for field in self._fields)
        return True

    def _on_field_mark(self, element: Element) -> None:
        kind = element.get(_FIELD_KIND)
        if kind == "begin" and element not in self._marks.dangling:
            self._fields.append(Field())
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
        field = Field(element.get(_W_INSTR, ""))
        self._note_fetching(field)
        self._in_contents = self._in_contents or field.is_contents

    def _note_fetching(self, field: Field) -> None:
        if field.fetches:
            self.fetching.append(" ".join(field.instruction.split()))
