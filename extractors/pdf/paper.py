"""Pages that were taken apart, whatever they came from, made the blocks of a document."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from extractors.document import Block, Picture, Role
from extractors.pdf.assemble import Assembler
from extractors.pdf.binding import IDENTITY
from extractors.pdf.breaks import joined_items
from extractors.pdf.contents import mark_contents
from extractors.pdf.counted import line_numbers
from extractors.pdf.edges import set_edges
from extractors.pdf.footnotes import mark_notes
from extractors.pdf.grids import Grid, find_grids
from extractors.pdf.layout import PageDraft, arrange
from extractors.pdf.lines import Line
from extractors.pdf.margins import mark_margins
from extractors.pdf.page import Frame, Piece
from extractors.pdf.paragraphs import habits_of
from extractors.pdf.pictures import pictures_of, seals_of, with_pictures
from extractors.pdf.ruling import Drawing
from extractors.pdf.tables import fill_grids, middle

_PAGE_FRAME = 0.8
"""Share of the page around which a single cell is an ornament."""


@dataclass(frozen=True, slots=True)
class Paper:
    """A page taken apart.

    Attributes:
        draft: its lines and tables.
        pictures: its pictures that are content.
        counted: the number of its last line where a figure in the margin counts each; else 0.
    """

    draft: PageDraft
    pictures: tuple[Picture, ...] = ()
    counted: int = 0

    @property
    def has_text(self) -> bool:
        """Something on it is more than a running line, once roles are known."""
        return any(not isinstance(item, Line) or item.role is not Role.MARGIN for item in self.draft.items)


def laid_out(
    pieces: Sequence[Piece], drawing: Drawing, frame: Frame, number: int, before: Paper | None = None
) -> Paper:
    """A page's lines and tables in reading order, and its pictures; ``before`` is the page before it."""
    slanted = [piece for piece in pieces if piece.turn % 90]  # lies over the page, in none of its cells
    upright = [piece for piece in pieces if not piece.turn % 90] if slanted else list(pieces)
    tables, outside = fill_grids(_grids(drawing, frame, upright), upright, number)
    if counted := line_numbers(outside, tables, before.counted if before else 0):
        # Like what is pale, they belong to no line of the text.
        outside = [piece for piece in outside if piece not in counted]
        slanted += [piece._replace(pale=True) for piece in counted]
    pictures = (*pictures_of(drawing.pictures, frame, number), *seals_of(drawing.seals, frame, number))
    draft = arrange(slanted + outside, tables, drawing.across, frame, number)
    return Paper(draft, pictures, int(counted[-1].text) if counted else 0)


def blank(number: int, frame: Frame | None = None) -> Paper:
    """A page of which nothing is read."""
    return Paper(PageDraft(number, frame or Frame(0, 0, IDENTITY), []))


def blocks_of(papers: Sequence[Paper]) -> tuple[Block, ...]:
    """The pages, whose roles are marked, as one text: paragraphs and tables joined over page breaks."""
    drafts = [paper.draft for paper in papers]
    habits = habits_of(line for draft in drafts for line in draft.body_lines)
    frames = {draft.number: draft.frame for draft in drafts}
    blocks = Assembler(frames, habits, {}).blocks(joined_items(drafts, habits))
    return with_pictures(blocks, [picture for paper in papers for picture in paper.pictures])


def _grids(drawing: Drawing, frame: Frame, pieces: Sequence[Piece]) -> list[Grid]:
    """The page's grids, a single cell around the whole page left out: it is an ornament."""
    grids = find_grids(drawing.across, drawing.down, [middle(piece) for piece in pieces])
    whole = _PAGE_FRAME * frame.width * frame.height
    return [grid for grid in grids if len(grid.cells) > 1 or grid.area < whole]


def mark_roles(papers: Sequence[Paper]) -> None:
    """Tell running lines, notes, contents and body apart, and each body line its column's edges; once."""
    drafts = [paper.draft for paper in papers]
    sizes: Counter[float] = Counter()
    for draft in drafts:
        for line in draft.body_lines:
            sizes[line.size] += len(line.text)
    body_size = sizes.most_common(1)[0][0] if sizes else 0.0
    mark_margins(drafts, body_size)
    mark_notes(drafts, body_size)
    mark_contents([line for draft in drafts for line in draft.body_lines], len(drafts))
    by_format: dict[tuple[int, int], list[Line]] = defaultdict(list)
    for draft in drafts:
        page_format = round(draft.frame.width), round(draft.frame.height)
        by_format[page_format] += [line for line in draft.body_lines if not line.right]
    for (width, _), lines in by_format.items():
        set_edges(lines, width)
