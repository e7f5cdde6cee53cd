"""Grows the section tree, line by line and form by form."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping

from extractors.document import Align, Block, Paragraph, Picture, Table
from extractors.forms import Entry, read_form, title_bars
from extractors.numbering import split_number
from extractors.outline.finding import TitleFinder
from extractors.outline.lines import split
from extractors.outline.listings import mark_listings
from extractors.outline.nodes import Title, frozen
from extractors.outline.open_sections import OpenSections
from extractors.outline.sections import Origin, Section
from extractors.outline.words import Words

_SECOND = re.compile(r"。[ 　]*[（(]?(?:二[、是)）]|2[.．、)）])")
"""The number of a second point within a paragraph."""
_LONGEST_LINE = 20
"""Characters of either line of a title that is set in two."""


class Tree:
    """Grows the section tree.

    Attributes:
        first_known: number of the paragraph with the first sure title, 0 while there is none.
    """

    def __init__(self, words: Words, body_size: float, contents: Mapping[str, int]) -> None:
        self._words = words
        self._body_size = body_size
        self._sections = OpenSections(words.listings)
        self._titles = TitleFinder(words, body_size, self._sections, contents)
        self.first_known = 0

    def read(self, blocks: tuple[Block, ...], *, cell: bool = False) -> None:
        """Grow by ``blocks``; of a form's cell that has no label beside it, the first may begin with one."""
        blocks = self._whole_titles(blocks)
        for index, block in enumerate(blocks):
            following = blocks[index + 1] if index + 1 < len(blocks) else None
            if isinstance(block, Table):
                self._read_table(block, following)
            elif isinstance(block, Picture):
                self._sections.append(block)
            else:
                self._read_paragraph(block, following, marked=cell and index == 0)

    def _whole_titles(self, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
        """The blocks with a title that is set in two lines, the second of them no title by itself, as one."""
        whole: list[Block] = []
        for block in blocks:
            before = whole[-1] if whole else None
            if (
                isinstance(before, Paragraph)
                and isinstance(block, Paragraph)
                and _look_alike(before, block, self._body_size)
            ):
                text = before.text + block.text
                known = self._words.known
                if known(text) and not known(block.text) and not split_number(block.text):
                    whole[-1] = before._replace(text=text, bold_prefix=len(text) if before.bold else 0)
                    continue
            whole.append(block)
        return tuple(whole)

    def _read_paragraph(self, paragraph: Paragraph, following: Block | None, *, marked: bool) -> None:
        title = None if paragraph.prompt else self._titles.find(paragraph, following, marked=marked)
        if title is None:
            if marked and self._words.states_whole(paragraph.text):
                self._sections.close()  # no text of the cell before it
            own, *further = self._parted(paragraph)
            self._sections.append(paragraph._replace(text=own) if further else paragraph)
        else:
            if marked and not self._is_in_row_above(title):
                self._sections.close()  # a cell of its own stands beside the cells before it
            own, *further = self._titles.parted(title.rest) if title.rest else ("",)
            self._open(dataclasses.replace(title, rest=own) if further else title, paragraph)
        for text in further:
            line = paragraph._replace(text=text.strip(), label="", level=None, bold=False, bold_prefix=0)
            self._read_paragraph(line, following, marked=False)

    def _parted(self, paragraph: Paragraph) -> list[str]:
        """The text of a paragraph without a title in front, parted where several numbered ones stand."""
        text = paragraph.text
        if not paragraph.prompt and _SECOND.search(text):
            parts = self._titles.parted(text, numbered=True)
            if len(parts) > 2:
                return parts
        return [text]

    def _open(self, title: Title, paragraph: Paragraph) -> None:
        if title.known and not self.first_known:
            self.first_known = paragraph.number
        self._sections.open(title, paragraph)
        if title.rest.strip():
            self._sections.append(paragraph._replace(text=title.rest.strip(), label="", level=None))

    def _is_in_row_above(self, title: Title) -> bool:
        """Whether a cell's label stands under the one in the row above, which has a number and no text."""
        above = self._sections.innermost
        bare = self._sections.any_open and not above.blocks and not above.children
        return bare and not title.kind and split_number(above.title.text) is not None

    def _read_table(self, table: Table, following: Block | None) -> None:
        bars = title_bars(table)
        titles = [self._titles.find(bar, following, marked=False) for bar in bars]
        if bars and all(title and (title.known or len(bars) == 1) for title in titles):
            for title, bar in zip(titles, bars, strict=True):
                if title is not None:
                    self._open(title, bar)
            return
        entries = read_form(table, self._words.in_form, self._words.near)
        if entries is None:
            self._sections.append(table)
            return
        with self._sections.inside():
            for entry in entries:
                self._read_entry(entry)

    def _read_entry(self, entry: Entry) -> None:
        if entry.label is None:
            # A full-width row goes on with what stands above it: 1.建设依据：… over 2.建设目标：….
            self.read(tuple(line for block in entry.blocks for line in split(block)), cell=True)
        else:
            self._read_labelled(entry, entry.label)

    def _read_labelled(self, entry: Entry, label: Paragraph) -> None:
        self._sections.close()
        title = Title(entry.title, "", Origin.FORM, known=self._words.known(entry.title))
        self._open(title, label)
        lines = tuple(line for block in entry.blocks for line in split(block))
        with self._sections.inside():
            if len(entry.blocks) == 1 and isinstance(entry.blocks[0], Paragraph):
                for line in lines:
                    self._sections.append(line)
            else:
                self.read(lines)

    def grown(self) -> Section:
        """The tree as it stands, lists of titles marked as such."""
        mark_listings(self._sections.root)
        return frozen(self._sections.root)


def _look_alike(one: Paragraph, other: Paragraph, body_size: float) -> bool:
    """Whether two short lines, in the middle or larger than the text, are set alike, as one title is."""
    if not (one.align is Align.CENTER or (one.size or 0.0) > body_size > 0) or other.label:
        return False
    look = one.size, one.bold, one.level, one.role, one.align
    alike = look == (other.size, other.bold, other.level, other.role, other.align)
    return alike and max(len(one.text), len(other.text)) <= _LONGEST_LINE
