"""The sections that are open while a document is read, and where among them a title belongs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from extractors.document import Block, Paragraph
from extractors.numbering import ordinal, split_number
from extractors.outline.nodes import Node, Title, is_plain_label, walk
from extractors.outline.sections import Origin
from extractors.text import normal
from extractors.titles import core

MAX_FRONT = 64
"""Characters of a line within which a title in front of its text ends."""
_SERIES = 8
"""Paragraphs in which the number before a title's own is looked for."""
_FIRST = re.compile(r"[(\[]?(?:1|①|a|A)(?![\d.．])")
_DECIMAL = frozenset({"decimal", "bare", "glued-arabic"})
"""Kinds of numbers of which 1.1 stands below 1."""
_RANK = {
    "chapter": 0, "part": 0, "section": 1, "article": 2, "cn": 2, "cn-bare": 2, "glued-cn": 2, "roman": 2,
    "stem": 2, "cn-paren": 3, "arabic": 4, "decimal": 4, "bare": 4, "glued-arabic": 4, "arabic-half-paren": 5,
    "arabic-paren": 6, "circled": 7, "letter": 8, "bracketed": 9,
}  # fmt: skip


class OpenSections:
    """The sections that are open, from the document itself to the innermost."""

    def __init__(self, listings: frozenset[str]) -> None:
        self.root = Node(Title("", "", Origin.DOCUMENT), None)
        self._listings = listings
        self._stack = [self.root]
        self._base = 1

    @property
    def innermost(self) -> Node:
        """The section that a line without a title belongs to."""
        return self._stack[-1]

    @property
    def any_open(self) -> bool:
        """Whether a section is open in the document, or in the part of it that ``inside`` set apart."""
        return len(self._stack) > self._base

    @property
    def names_attachments(self) -> bool:
        """Whether a line before has named attachments: 附件：停运报备表."""
        return any(node.title.kind == "attachment" for node in walk(self.root))

    def append(self, block: Block) -> None:
        """Add a block to the innermost section."""
        self._stack[-1].blocks.append(block)

    @contextmanager
    def inside(self) -> Iterator[None]:
        """Let what follows stand inside the section that is innermost now, whatever its titles look like."""
        base, self._base = self._base, len(self._stack)
        yield
        self.close()
        self._base = base

    def close(self) -> None:
        """Close all that is open, or all inside what ``inside`` set apart."""
        del self._stack[self._base :]

    def nearest(self, wanted: Callable[[Title], bool]) -> Node | None:
        """The innermost open section whose title is ``wanted``."""
        index = self._find(wanted)
        return self._stack[index] if index else None

    def open(self, title: Title, paragraph: Paragraph) -> None:
        """Open a section where its title belongs; others that are open there are closed."""
        if not title.kind and (title.look or title.declared is not None):
            # What looks like a title of its own is no entry of the list of attachments above it.
            listed = self._find(lambda t: t.kind == "attachment")
            del self._stack[listed or len(self._stack) :]
        self._end_attachments(title)
        self._end_list(title)
        depth = max(self._base, self._depth(title))
        del self._stack[depth:]
        node = Node(title, paragraph)
        listed = core(title.text) in self._listings and title.kind != "annex"
        node.listing = self._stack[-1].listing or listed or title.kind == "attachment"
        self._stack[-1].children.append(node)
        self._stack.append(node)

    def _end_attachments(self, title: Title) -> None:
        """A list of attachments ends where other lines (signature, date) part it from a title."""
        at = self._find(lambda t: t.kind == "attachment")
        if not at or title.kind == "attachment":
            return
        listed = (self._stack[at], *walk(self._stack[at]))
        if any(isinstance(block, Paragraph) for node in listed for block in node.blocks):
            del self._stack[at:]

    def _end_list(self, title: Title) -> None:
        """A list of contents (目录) ends where a title comes again that it has named."""
        at = next((i for i in range(self._base, len(self._stack)) if self._stack[i].listing), 0)
        named = core(title.text)
        if at and any(core(node.title.text) == named for node in walk(self._stack[at])):
            del self._stack[at:]

    def _depth(self, title: Title) -> int:
        """At which depth of the stack a title belongs."""
        if title.declared is not None:
            return self._declared_depth(title)
        if title.kind == "annex":
            return self._base
        if title.kind == "attachment":
            return self._find(lambda t: t.kind == "attachment") or self._base
        if title.kind == "contents":
            return self._contents_depth(title)
        if title.kind:
            return self._numbered_depth(title)
        if title.origin is Origin.LABEL:
            found = self._find(is_plain_label) or self._beside_labels()
        elif title.origin is Origin.ALONE:
            found = self._find(lambda t: t.origin is Origin.ALONE) or self._find(
                lambda t: t.origin is Origin.LABEL and not t.kind
            )
        else:
            return self._look_depth(title)
        return found or len(self._stack)

    def _contents_depth(self, title: Title) -> int:
        """Where a title of the table of contents stands: as deep as that sets it.

        Where it sets all alike, what is no sure title is a part of the chapter that has no text of its own.
        """
        listed = [i for i in range(self._base, len(self._stack)) if self._kind_at(i) == "contents"]
        if not listed:
            return self._look_depth(title)
        if title.depth:
            beside = (i for i in listed if self._stack[i].title.depth >= title.depth)
            return next(beside, listed[-1] + 1)
        bare = [i for i in listed if not self._stack[i].blocks]
        return bare[-1] + 1 if bare and not title.known else listed[0]

    def _beside_labels(self) -> int:
        """Depth of an open title that stands among labels of their text (its own is missing), 0 for none."""
        for index in range(len(self._stack) - 1, self._base - 1, -1):
            title, beside = self._stack[index].title, self._stack[index - 1].children
            if title.known and not title.kind and any(is_plain_label(n.title) for n in beside):
                return index
        return 0

    def _declared_depth(self, title: Title) -> int:
        level = title.declared or 1
        for index in range(self._base, len(self._stack)):
            other = self._stack[index].title
            if other.declared is not None and other.declared >= level:
                return index
        last = max(
            (i for i in range(self._base, len(self._stack)) if self._stack[i].title.declared is not None),
            default=None,
        )
        if last is not None:
            return last + 1
        if title.kind and (same := self._find(lambda t: t.kind == title.kind)):
            return same
        chapters = self._find(lambda t: t.kind in {"chapter", "part"})
        return chapters + 1 if chapters else self._base

    def _numbered_depth(self, title: Title) -> int:
        kind = "decimal" if title.kind == "bare" or self._is_glued_decimal(title) else title.kind
        if kind == "decimal":
            deeper = 0
            for index in range(len(self._stack) - 1, self._base - 1, -1):
                other = self._stack[index].title
                if other.kind not in _DECIMAL and deeper:
                    break  # 4 after 3.1 stands beside 3, but within what both are under
                if other.kind in _DECIMAL and other.depth >= title.depth:
                    deeper = index
            if deeper:
                return deeper
        elif depth := self._series_depth(title, kind):
            return depth
        rank = _RANK[kind]
        if rank < _RANK["cn-paren"] and self._ends_label(title):
            return len(self._stack) - 1
        if rank >= _RANK["arabic"] and _FIRST.match(normal(title.text)):
            return len(self._stack)  # a series that begins: (1) under 1), or 1) under (1)
        for index in range(self._base, len(self._stack)):
            other = self._stack[index].title
            below = other.kind in _RANK and _RANK[other.kind] > rank
            if other.declared is None and (below or (kind == "arabic" and _is_part(other))):
                return index
        return len(self._stack)

    def _is_glued_decimal(self, title: Title) -> bool:
        """Whether a number that is glued to its title (2总体架构) goes on from one like 1.3."""
        if title.kind != "glued-arabic":
            return False
        last = self.nearest(lambda t: t.kind == "decimal" and t.depth > 1)
        return last is not None and (ordinal(last.title.text) or 0) + 1 == ordinal(title.text)

    def _series_depth(self, title: Title, kind: str) -> int:
        """Where the series that a numbered title goes on with stands, or begins; 0 where its kind decides.

        A number counts on from the one before it. 1. after 7. begins a list under 7., and 8. after that list
        goes on from 7.; (2) whose (1) was no title stands where (1) stands.
        """
        number = ordinal(title.text)
        open_at = [i for i in range(len(self._stack) - 1, self._base - 1, -1) if self._kind_at(i) == kind]
        if number is None:
            return open_at[0] if open_at else 0
        before = {i: ordinal(self._stack[i].title.text) or 0 for i in open_at}
        going_on = [i for i in open_at if before[i] + 1 == number]
        if going_on:
            same_worth = (i for i in going_on if self._stack[i].title.known)
            return next(same_worth, going_on[0]) if title.known else going_on[0]
        if number == 1:
            return self._begin_series(title, open_at[0] if open_at else 0)
        if (begun := self._begun_in_text(kind, number)) is not None:
            return begun + 1
        smaller = [i for i in open_at if before[i] < number]
        return max(smaller, key=lambda i: before[i]) if smaller else (open_at or [0])[0]

    def _begin_series(self, title: Title, same: int) -> int:
        """Where a title numbered 1 stands; ``same`` is the depth of the open one of its kind, 0 for none."""
        above = self._stack[same or -1]
        if same and self._begins_list(title, above):
            return len(self._stack)
        if same and _RANK[above.title.kind] < _RANK["cn-paren"]:
            return same  # 第一章 after 第三章: the text after a list of its titles
        if same and (ordinal(above.title.text) or 0) > 1:
            return len(self._stack)
        if above.title.known and not title.known and (same or not above.blocks):
            return len(self._stack)
        return same

    def _ends_label(self, title: Title) -> bool:
        """Whether the first chapter begins right after a label that has its text: 总投资：128万元."""
        if not title.known or ordinal(title.text) != 1 or not self.any_open:
            return False
        above = self._stack[-1]
        last = above.blocks[-1] if above.blocks else None
        said = isinstance(last, Paragraph) and not last.shown.rstrip().endswith((":", "："))
        return said and is_plain_label(above.title)

    def _begins_list(self, title: Title, above: Node) -> bool:
        """Whether a line with its text (一、上级资金：46万元) begins a list right under another title."""
        listed = bool(title.rest.strip()) and title.declared is None and not title.known
        return listed and above is self._stack[-1] and above.title.known and not above.blocks

    def _kind_at(self, index: int) -> str:
        return self._stack[index].title.kind

    def _begun_in_text(self, kind: str, number: int) -> int | None:
        """Depth of the innermost open section in whose text the number before ``number`` stands."""
        for index in range(len(self._stack) - 1, self._base - 2, -1):
            texts = [
                b.shown[:MAX_FRONT] for b in self._stack[index].blocks[-_SERIES:] if isinstance(b, Paragraph)
            ]
            series = [ordinal(t) for t in texts if (n := split_number(t)) and n.kind == kind]
            if number - 1 in series:
                # 2. that was no title stands between 1. and 3.; but 1. to 3. in the text of 5. are its list.
                before = ordinal(self._stack[index].title.text) if self._kind_at(index) == kind else None
                return index - (before is not None and series[0] == before + 1)
        return None

    def _look_depth(self, title: Title) -> int:
        same = self._find(lambda t: not t.kind and t.declared is None and t.look == title.look and t.look > 0)
        if same:
            return same
        if title.known and (
            label := self._find(lambda t: t.origin is Origin.LABEL and not t.kind and t.known)
        ):
            return label  # a known title beside those that are labels of their text
        for index in range(self._base, len(self._stack)):
            other = self._stack[index].title
            if other.declared is None and 0 < other.look < title.look - 0.5:
                return index
        return len(self._stack)

    def _find(self, wanted: Callable[[Title], bool]) -> int:
        """Depth of the innermost open section that is ``wanted``, 0 if there is none."""
        for index in range(len(self._stack) - 1, self._base - 1, -1):
            if wanted(self._stack[index].title):
                return index
        return 0


def _is_part(title: Title) -> bool:
    """6.2 is part of 6. and so below 7., even where 6. itself was not seen as a title."""
    return title.kind == "decimal" and title.depth > 1
