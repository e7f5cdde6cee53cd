"""Blocks -> section tree: which lines are titles, and what stands under each.

A title is known by what the format declares, by its number, by its look, by standing alone as a known title
or as a line of the table of contents, by a label in front of its text (``建设依据：…``), or by its place in a
form (``forms``).  What only looks like a title, a list of what the document contains or of its attachments,
is marked ``listing`` and meets nothing.
"""

from __future__ import annotations

from extractors.document import Document, Paragraph, Role
from extractors.outline.lines import ORGANISATION, body_size, closing_lines, contents_titles, opening, split
from extractors.outline.sections import Origin, Outline, Section
from extractors.outline.tree import Tree
from extractors.outline.words import Words

__all__ = ["ORGANISATION", "Origin", "Outline", "Section", "Words", "read_outline"]


def read_outline(document: Document, words: Words) -> Outline:
    """Find the sections of ``document`` as its format's extractor read it."""
    kept = [b for b in document.blocks if not isinstance(b, Paragraph) or b.role is Role.BODY]
    closing = len(kept) - closing_lines(kept, words)
    body = tuple(line for block in kept[:closing] for line in split(block))
    tree = Tree(words, body_size(body), contents_titles(document.blocks))
    tree.read(body)
    return Outline(
        document,
        tree.grown(),
        tuple(opening(body, tree.first_known)),
        tuple(b for b in kept[closing:] if isinstance(b, Paragraph)),
    )
