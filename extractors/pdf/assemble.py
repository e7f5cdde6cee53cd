"""Makes the document's blocks from the lines and tables of its pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from extractors.document import Block, Cell, Paragraph, Table
from extractors.pdf.layout import Item
from extractors.pdf.lines import Line
from extractors.pdf.page import Frame
from extractors.pdf.paragraphs import Habits, alignment, group, joined_text
from extractors.pdf.tables import CellDraft, TableDraft
from extractors.text import normal


class Assembler:
    """Numbers paragraphs in reading order while making blocks."""

    def __init__(self, frames: dict[int, Frame], habits: Habits, levels: dict[str, int]) -> None:
        """Remember what paragraphs need.

        Args:
            frames: the frame of each page, by number.
            habits: how the document sets its text.
            levels: heading level by normalised text, from the file's bookmarks.
        """
        self._frames = frames
        self._habits = habits
        self._cell_habits = replace(habits, pitch={}, parted={})
        self._levels = levels
        self._number = 0

    def blocks(self, items: Sequence[Item], habits: Habits | None = None) -> tuple[Block, ...]:
        """The items as blocks; other habits than the document's may be given."""
        habits = habits or self._habits
        blocks: list[Block] = []
        lines: list[Line] = []
        for item in items:
            if isinstance(item, Line):
                lines.append(item)
            else:
                blocks += self._paragraphs(lines, habits)
                blocks.append(self._table(item))
                lines = []
        return (*blocks, *self._paragraphs(lines, habits))

    def _paragraphs(self, lines: Sequence[Line], habits: Habits) -> list[Paragraph]:
        return [self._paragraph(paragraph) for paragraph in group(lines, habits)]

    def _paragraph(self, lines: Sequence[Line]) -> Paragraph:
        text, bold_prefix = joined_text(lines)
        first = lines[0]
        same_page = [line for line in lines if line.page == first.page]
        self._number += 1
        return Paragraph(
            number=self._number,
            text=text,
            level=self._levels.get(normal(text)) if self._levels and len(text) < 120 else None,
            size=first.size,
            bold=bold_prefix == len(text),
            bold_prefix=bold_prefix,
            align=alignment(lines),
            role=first.role,
            page=first.page,
            bbox=self._frames[first.page].bbox(
                min(line.x0 for line in same_page),
                min(line.top for line in same_page),
                max(line.x1 for line in same_page),
                max(line.bottom for line in same_page),
            ),
        )

    def _table(self, table: TableDraft) -> Table:
        return Table(
            rows=tuple(tuple(self._cell(cell) for cell in row) for row in table.rows if row),
            page=table.page,
            bbox=self._frames[table.page].bbox(table.x0, table.top, table.x1, table.bottom),
        )

    def _cell(self, cell: CellDraft) -> Cell:
        blocks = self.blocks(cell.items, self._cell_habits)
        return Cell(cell.row, cell.column, cell.row_span, cell.column_span, blocks)
