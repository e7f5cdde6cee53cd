"""What the outline of a document is: its sections, and the lines outside them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from extractors.document import Block, Document, Paragraph

_HEAD_LINES = 3


class Origin(StrEnum):
    """By what a section's title was known."""

    DOCUMENT = "document"
    HEADING = "heading"
    ALONE = "alone"
    LABEL = "label"
    FORM = "form"


@dataclass(frozen=True, slots=True)
class Section:
    """A title and what stands under it.

    Attributes:
        title: the title as it is read, number included.
        origin: by what it was known.
        heading: the paragraph that holds the title, None for the document itself.
        declared: the format itself declares it a heading.
        larger: it is set larger than the text.
        numbered: the form of its number ("cn", "arabic", ...), "" if it has none.
        blocks: its own content, without its children's.
        children: the sections under it.
        listing: it belongs to a list of contents or attachments and meets nothing.
    """

    title: str
    origin: Origin
    heading: Paragraph | None
    declared: bool
    larger: bool
    numbered: str
    blocks: tuple[Block, ...]
    children: tuple[Section, ...]
    listing: bool

    def walk(self) -> Iterator[Section]:
        """This section and all below it, in reading order."""
        yield self
        for child in self.children:
            yield from child.walk()

    def content(self) -> Iterator[Block]:
        """Every block in it and below it in reading order; the titles below it as paragraphs.

        A label below it that has its text on its own line is one line with that again.
        """
        yield from self.blocks
        for child in self.children:
            below = child.content()
            if child.heading is not None:
                line = child.heading._replace(text=child.title, label="")
                first = child.blocks[0] if child.origin is Origin.LABEL and child.blocks else None
                if isinstance(first, Paragraph) and first.number == line.number:
                    whole = child.heading.shown  # with the number or bullet that the title is without
                    text = (
                        whole
                        if whole.endswith(first.shown)
                        else f"{child.title.rstrip('：:')}：{first.shown}"
                    )
                    line = line._replace(text=text)
                    next(below)
                yield line
            yield from below


@dataclass(frozen=True, slots=True)
class Outline:
    """A document's section tree.

    Attributes:
        root: the document itself; its own blocks are what stands before the first title.
        opening: lines before the first section that may be the document's own title, likeliest first.
        closing: signature, date, seal and distribution lines at the end.
    """

    document: Document
    root: Section
    opening: tuple[Paragraph, ...]
    closing: tuple[Paragraph, ...]

    @property
    def titles(self) -> tuple[str, ...]:
        """The texts of ``opening``."""
        return tuple(p.shown.strip() for p in self.opening)

    @property
    def head(self) -> tuple[Paragraph, ...]:
        """The first lines, in reading order, though they be titles of sections (合同书 over the parties)."""
        if self.root.blocks:
            return tuple(sorted(self.opening, key=lambda line: line.number))[:_HEAD_LINES]
        first: list[Paragraph] = []
        for section in self.root.walk():
            if section.heading is not None:
                first.append(section.heading)
                if section.blocks or len(first) == _HEAD_LINES:
                    break
        return tuple(first)
