"""What every reader works with: where it may look, and what it found there."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from extractors.document import Paragraph, Role, Table
from extractors.facts.tables import BudgetTable
from extractors.matching import Met
from extractors.outline import Outline, Section
from schemas import Language


@dataclass(frozen=True, slots=True)
class Source:
    """Where a value was read: the paragraph (None: the whole document) under its heading.

    ``quote`` stands for the paragraph's text where that alone says too little: a cell with its row's name.
    """

    outline: Outline
    paragraph: Paragraph | None
    heading: str
    quote: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """A value that was read.

    Attributes:
        value: JSON scalar as it stands in the record.
        sources: places it was read from.
        resolution: of an amount, what one unit of its last shown digit is worth, in yuan.
        terms: of a sum, how many amounts it adds up.
        approximate: 约, 左右 and the like stand beside the amount.
        unknown: why it cannot be computed although it should ("calendar", "as-of"); "" normally.
    """

    value: Any
    sources: tuple[Source, ...] = ()
    resolution: Decimal | None = None
    terms: int = 1
    approximate: bool = False
    unknown: str = ""


@dataclass(frozen=True, slots=True)
class Scope:
    """Where a reader may look.

    Attributes:
        outlines: the submission's documents, the main one first.
        met: the sections that meet the fact's requirement, best first; empty for facts of the whole.
        as_of: the filing date.
        readings: what was read before, by path.
        language: the pack's language, for facts of the whole.
        budgets: budget tables that were read before, by identity of the table and its caption.
    """

    outlines: tuple[Outline, ...]
    met: tuple[Met, ...]
    as_of: date | None
    readings: Mapping[str, Reading]
    language: Language | None = None
    budgets: dict[tuple[int, str], BudgetTable | None] = field(default_factory=dict)


class Prose:
    """A section's paragraphs as one text that knows which paragraph each character came from."""

    def __init__(self, met: Met, *, cells: bool) -> None:
        self.met = met
        self._starts: list[int] = []
        self._paragraphs: list[Paragraph] = []
        parts: list[str] = []
        length = 0
        for paragraph in _paragraphs(met.section, cells=cells):
            self._starts.append(length)
            self._paragraphs.append(paragraph)
            parts.append(paragraph.shown)
            length += len(paragraph.shown) + 1
        self.text = "\n".join(parts)

    def source(self, span: tuple[int, int]) -> Source:
        """Where the words at ``span`` of the text stand."""
        index = max(0, bisect_right(self._starts, span[0]) - 1)
        paragraph = self._paragraphs[index] if self._paragraphs else self.met.section.heading
        return Source(self.met.outline, paragraph, self.met.section.title)


def _paragraphs(section: Section, *, cells: bool) -> Iterator[Paragraph]:
    for block in section.content():
        if isinstance(block, Paragraph):
            if block.role is Role.BODY and not block.prompt:
                yield block
        elif cells and isinstance(block, Table):
            yield from block.paragraphs()


def proses(scope: Scope, *, cells: bool = True) -> Iterator[Prose]:
    """The text of each section that says something; what its tables say only with ``cells``."""
    for met in scope.met:
        if met.substantive:
            yield Prose(met, cells=cells)


def substantive(scope: Scope) -> Iterator[Met]:
    """The sections that meet the fact's requirement and say something."""
    return (m for m in scope.met if m.substantive)


def paragraphs_of(section: Section) -> Iterator[Paragraph]:
    """The paragraphs of a section that stand under its own heading."""
    return (b for b in section.blocks if isinstance(b, Paragraph))
