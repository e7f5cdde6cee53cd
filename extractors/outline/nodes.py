"""Titles that were found and sections while they grow."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from extractors.document import Block, Paragraph
from extractors.outline.sections import Origin, Section


@dataclass(frozen=True, slots=True)
class Title:
    """A line that was found to be a title, and what follows it on the same line."""

    text: str
    rest: str
    origin: Origin
    declared: int | None = None
    kind: str = ""
    depth: int = 1
    look: float = 0.0
    known: bool = False
    bullet: str = ""
    larger: bool = False


@dataclass(slots=True)
class Node:
    """A section while it grows."""

    title: Title
    heading: Paragraph | None
    blocks: list[Block] = field(default_factory=list)
    children: list[Node] = field(default_factory=list)
    listing: bool = False


def walk(node: Node) -> Iterator[Node]:
    """All sections below one, in reading order."""
    for child in node.children:
        yield child
        yield from walk(child)


def is_plain_label(title: Title) -> bool:
    """Whether it is the label in front of a text, without a number."""
    return title.origin is Origin.LABEL and not title.kind


def frozen(node: Node) -> Section:
    """The section as it is handed out, with all below it."""
    title = node.title
    return Section(
        title=title.text,
        origin=title.origin,
        heading=node.heading,
        declared=title.declared is not None,
        larger=title.larger,
        numbered=title.kind,
        blocks=tuple(node.blocks),
        children=tuple(frozen(c) for c in node.children),
        listing=node.listing,
    )
