"""The reading order of a page: columns, tables without lines, and what stands between."""

from __future__ import annotations

from dataclasses import dataclass

from extractors.document import Role
from extractors.pdf.columns import divide, find_columns
from extractors.pdf.lines import Line, build_lines
from extractors.pdf.page import Frame, Piece, Rule
from extractors.pdf.tables import TableDraft
from extractors.pdf.unruled import with_unruled_tables

Item = Line | TableDraft


@dataclass(slots=True)
class PageDraft:
    """A page on its way to blocks.

    Attributes:
        number: from 1.
        frame: where its places are to be understood.
        items: lines and tables in reading order.
        rules: horizontal ruling lines, those of its tables included.
    """

    number: int
    frame: Frame
    items: list[Item]
    rules: tuple[Rule, ...] = ()

    @property
    def body_lines(self) -> list[Line]:
        """Its lines outside tables that are not known to be anything but body."""
        return [item for item in self.items if isinstance(item, Line) and item.role is Role.BODY]


def arrange(
    pieces: list[Piece], tables: list[TableDraft], rules: tuple[Rule, ...], frame: Frame, number: int
) -> PageDraft:
    """The page's lines and tables in reading order."""
    marks: list[Item] = [_turned_line(piece, number) for piece in pieces if piece.turn or piece.pale]
    body = [p for p in pieces if not (p.turn or p.pale)] if marks else pieces
    lines = build_lines(body, number)
    columns = find_columns(lines, tables, frame)
    items = divide(lines, body, tables, columns, number) if columns else _in_one_column(lines, tables)
    return PageDraft(number, frame, marks + items, rules)


def _turned_line(piece: Piece, page: int) -> Line:
    """Sideways text keeps to itself; slanted or pale text is a watermark."""
    line = Line(
        piece.text, piece.x0, piece.x1, piece.y, piece.size, len(piece.text) if piece.bold else 0, page,
        piece.spaced, piece.turn, piece.pale,
    )  # fmt: skip
    line.left, line.right = line.x0, line.x1
    if piece.pale or piece.turn % 90:
        line.role = Role.MARGIN
    return line


def _in_one_column(lines: list[Line], tables: list[TableDraft]) -> list[Item]:
    items: list[Item] = [*with_unruled_tables(lines), *tables]
    return sorted(items, key=lambda item: item.top)
