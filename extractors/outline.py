"""Blocks -> section tree: which lines are titles, and what stands under each.

A title is known by what the format declares, by its number, by its look, by standing alone as a known title,
by a label in front of its text (``建设依据：…``), or by its place in a form (``forms``).  What only looks
like a title, a list of what the document contains or of its attachments, is marked ``listing`` and meets
nothing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from extractors.document import Align, Block, Document, Paragraph, Picture, Role, Table, paragraphs
from extractors.forms import Entry, read_form
from extractors.numbering import NUMERALS, ordinal, split_number, strip_bullet
from extractors.text import normal
from extractors.titles import core


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
        numbered: the form of its number ("cn", "arabic", ...), "" if it has none.
        blocks: its own content, without its children's.
        children: the sections under it.
        listing: it belongs to a list of contents or attachments and meets nothing.
    """

    title: str
    origin: Origin
    heading: Paragraph | None
    declared: bool
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
        """Every block in it and below it in reading order; the titles below it as paragraphs."""
        yield from self.blocks
        for child in self.children:
            if child.heading is not None:
                yield child.heading._replace(text=child.title, label="")
            yield from child.content()


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


_HEAD_LINES = 3
_MAX_HEADING = 50
_MAX_LOOK = 30
_MAX_LABEL = 24
_MAX_FRONT = 64
_MAX_ATTACHMENT = 60
_MAX_ALONE = 14
_MAX_NEAR_GLUED = 10
_SERIES = 8
"""Paragraphs in which the number before a title's own is looked for."""
_SENTENCE = re.compile(r"[。；;！!]")
_ENDS_SENTENCE = re.compile(r"[。；;，,！!、]\s*$")
_LABELLED = re.compile(
    r"^\s*(?:[【\[〔“「《]\s*([^】\]〕”」》]{2,24})\s*[】\]〕”」》]\s*[：:]?|([^：:。；;，,！!\n]{2,30})[：:]|([^：:。；;，,—\n]{2,24})(?:——|—|--))"
)
_STOPPED = re.compile(r"\s*([^。：:；;，,\n]{2,20})。(?=\S)")
_SPACED = re.compile(r"^\s*(\S{2,20})[ \t　]+(?=\S)")
# What begins with a word and a comma or semicolon has no number, label or run-in title in front of it.
_PROSE = re.compile(rf"(?=\S{{21}})[一-龥](?<![第{NUMERALS}])[^：:。；;，,—\-]*[，,；;]")
_BRACKETED = re.compile(r"[【〔\[]\s*(\S{2,10})\s*[】〕\]]")
_SET_APART = re.compile(r"\s*([^\s：:。；;，,、]{2,10})(?:[：:。](?=\s*\S)|[ \t　]+(?=\S{6}))")
_COLON_LABEL = re.compile(r"([^\s：:。；;，,、]{2,10})[：:]")
_CAPTION = re.compile(r"^\s*(?:续?表|图|附表|附图)\s*[\d一二三四五六七八九十]|单位\s*[:：]")
_DATE_LINE = re.compile(
    r"^(?:日期|编制日期|编制时间|报送日期|时间|填报日期|申报日期)?[:：]?\s*[\d〇○零一二三四五六七八九十]{2,4}\s*[年./-]\s*[\d一二三四五六七八九十]{1,3}\s*[月./-]?(?:\s*[\d一二三四五六七八九十]{1,3}\s*日?)?\s*$"
)
_CLOSING = re.compile(
    r"^(?:抄送|抄报|主送|联系人|联系电话|经办人|附注|此页无正文)|^.{0,30}[（(]?(?:盖章|公章|签章|印章)[)）]?$|印发\s*$"
)
_LIST_INTRO = re.compile(
    r"(?:如下|以下|包括|包含|分为|内容|目录|材料|清单|附件|部分|方面|要求)[^。；;]{0,12}[：:]\s*$"
)
_FIRST = re.compile(r"[(\[]?(?:1|①|a|A)(?![\d.．])")
_GLUED = re.compile(r"\s*(\d{1,2})(?=[一-龥])")
_ANNEX = re.compile(r"附件[\d一二三四五六七八九十]{1,3}")
_ATTACHMENT_LINE = re.compile(r"^\s*附\s*件?\s*[\d一二三四五六七八九十]{0,2}\s*[：:]")

_RANK = {
    "chapter": 0, "part": 0, "section": 1, "article": 2, "cn": 2, "cn-bare": 2, "glued-cn": 2, "roman": 2,
    "cn-paren": 3, "arabic": 4, "decimal": 4, "bare": 4, "glued-arabic": 4, "arabic-half-paren": 5,
    "arabic-paren": 6, "circled": 7, "letter": 8, "bracketed": 9,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Title:
    """A line that was found to be a title, and what follows it on the same line."""

    text: str
    rest: str
    origin: Origin
    declared: int | None = None
    kind: str = ""
    depth: int = 1
    look: float = 0.0
    known: bool = False


@dataclass(slots=True)
class _Node:
    """A section while the tree grows; private to ``_Tree``."""

    title: _Title
    heading: Paragraph | None
    blocks: list[Block] = field(default_factory=list)
    children: list[_Node] = field(default_factory=list)
    listing: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """What a rule pack says about titles.

    Attributes:
        known: whether a text by itself is surely the title of something that the pack asks for.
        label: whether a text in front of a colon surely is.
        near: whether a text may be the title of something that the pack asks for.
        exact: the same as ``known`` without two titles joined in one.
        likely: whether a short text that a number, brackets or bold type mark as a title surely is one.
        means: names of all that a text may be the title of.
        dated: whether a text is surely the title of something that must state a date.
        listings: cores of titles under which things are listed, not stated (附件清单).
        labels: cores of form labels whose values are facts of the whole submission (项目名称).
    """

    known: Callable[[str], bool]
    label: Callable[[str], bool]
    near: Callable[[str], bool]
    exact: Callable[[str], bool]
    likely: Callable[[str], bool]
    means: Callable[[str], frozenset[str]]
    dated: Callable[[str], bool]
    listings: frozenset[str]
    labels: frozenset[str]

    def in_form(self, text: str) -> bool:
        """Whether ``text`` in a cell is surely a label."""
        return self.known(text) or core(text) in self.labels


def read_outline(document: Document, words: Words) -> Outline:
    """Find the sections of ``document`` as its format's extractor read it."""
    kept = [b for b in document.blocks if not isinstance(b, Paragraph) or b.role is Role.BODY]
    closing = len(kept) - _closing_lines(kept, words)
    body = tuple(line for block in kept[:closing] for line in _split(block))
    tree = _Tree(words, _body_size(body))
    tree.read(body)
    tree.mark_listings()
    return Outline(
        document,
        tree.frozen(),
        tuple(_opening(body, tree.first_known)),
        tuple(b for b in kept[closing:] if isinstance(b, Paragraph)),
    )


def _lines(paragraph: Paragraph) -> Iterator[Paragraph]:
    offset = 0
    label = paragraph.label
    for line in paragraph.text.split("\n"):
        bold = min(max(paragraph.bold_prefix - offset, 0), len(line))
        offset += len(line) + 1
        if line.strip():
            yield paragraph._replace(text=line, label=label, bold_prefix=bold, bold=bold == len(line))
            label = ""


def _closing_lines(blocks: list[Block], words: Words) -> int:
    """How many blocks at the end are signature, date, seal and distribution lines."""
    closing = 0
    for count, block in enumerate(reversed(blocks[-12:]), start=1):
        if not isinstance(block, Paragraph) or len(block.text) > 60 or block.level:
            break
        text = block.text.strip()
        signed = 0 < closing == count - 1 and _is_signature(block)
        if signed or _is_date(block) or _CLOSING.search(text):
            closing = count
        elif count > closing + 1:
            break
    return closing - 1 if closing and _is_stated_date(blocks[: len(blocks) - closing + 1], words) else closing


def _is_date(paragraph: Paragraph) -> bool:
    return bool(_DATE_LINE.match(normal(paragraph.text)))


def _is_stated_date(blocks: list[Block], words: Words) -> bool:
    """Whether the last of ``blocks`` is the date that the title right above it asks for."""
    title, line = (blocks[-2], blocks[-1]) if len(blocks) > 1 else (None, None)
    if not isinstance(title, Paragraph) or not isinstance(line, Paragraph) or not _is_date(line):
        return False
    return words.dated(title.shown)


def _is_signature(paragraph: Paragraph) -> bool:
    text = paragraph.text.strip()
    if len(text) > 30 or _SENTENCE.search(text) or "：" in text or split_number(paragraph.shown):
        return False
    return paragraph.align is not Align.START or bool(ORGANISATION.search(text))


ORGANISATION = re.compile(
    r"(?:局|委|办|处|部|院|馆|所|站|中心|公司|集团|街道|政府|大队|支队|委员会|办公室|联合会|总工会|学校|医院|法院|检察院|协会)(?:（[^）]*）)?$"
)


def _body_size(blocks: tuple[Block, ...]) -> float:
    sizes: Counter[float] = Counter()
    for paragraph in paragraphs(blocks):
        if paragraph.size:
            sizes[paragraph.size] += len(paragraph.text)
    return sizes.most_common(1)[0][0] if sizes else 0.0


def _opening(blocks: tuple[Block, ...], first: int) -> Iterator[Paragraph]:
    """What may be the document's title: lines before the first section, largest first, then in order."""
    lines: list[Paragraph] = []
    for block in blocks[:30]:
        if isinstance(block, Table):
            cells = [p for row in block.rows[:1] if len(row) == 1 for p in paragraphs(row[0].blocks)]
            lines += cells[:2]
            if lines:
                break
        elif isinstance(block, Paragraph):
            if block.number >= first > 0 or (lines and split_number(block.shown)):
                break
            lines.append(block)
    yield from sorted(
        (p for p in lines if 4 <= len(p.text.strip()) <= 120),
        key=lambda p: (-(p.size or 0.0), p.align is not Align.CENTER, p.number),
    )


class _Tree:
    """Grows the section tree line by line."""

    def __init__(self, words: Words, body_size: float) -> None:
        self._words = words
        self._known = words.known
        self._body_size = body_size
        self._root = _Node(_Title("", "", Origin.DOCUMENT), None)
        self._stack = [self._root]
        self._base = 1
        self.first_known = 0

    # -- reading ---------------------------------------------------------------------------------------

    def read(self, blocks: tuple[Block, ...], *, cell: bool = False) -> None:
        """Grow by ``blocks``; of a form's cell that has no label beside it, the first may begin with one."""
        for index, block in enumerate(blocks):
            if isinstance(block, Table):
                self._read_table(block)
            elif isinstance(block, Picture):
                self._stack[-1].blocks.append(block)
            else:
                following = blocks[index + 1] if index + 1 < len(blocks) else None
                self._read_paragraph(block, following, marked=cell and index == 0)

    def _read_paragraph(self, paragraph: Paragraph, following: Block | None, *, marked: bool) -> None:
        title = None if paragraph.prompt else self._title(paragraph, following, marked)
        if title is None:
            self._stack[-1].blocks.append(paragraph)
            return
        if title.known and not self.first_known:
            self.first_known = paragraph.number
        if marked and not self._is_in_row_above(title):
            del self._stack[self._base :]  # a cell of its own stands beside the cells before it
        self._open(title, paragraph)
        if title.rest.strip():
            self._stack[-1].blocks.append(paragraph._replace(text=title.rest.strip(), label="", level=None))

    def _is_in_row_above(self, title: _Title) -> bool:
        """Whether a cell's label stands under the one in the row above, which has a number and no text."""
        above = self._stack[-1]
        bare = len(self._stack) > self._base and not above.blocks and not above.children
        return bare and not title.kind and split_number(above.title.text) is not None

    def _read_table(self, table: Table) -> None:
        entries = read_form(table, self._words.in_form)
        if entries is None:
            self._stack[-1].blocks.append(table)
            return
        base, self._base = self._base, len(self._stack)
        for entry in entries:
            self._read_entry(entry)
        del self._stack[self._base :]
        self._base = base

    def _read_entry(self, entry: Entry) -> None:
        if entry.label is None:
            # A full-width row goes on with what stands above it: 1.建设依据：… over 2.建设目标：….
            self.read(tuple(line for block in entry.blocks for line in _split(block)), cell=True)
        else:
            self._read_labelled(entry, entry.label)

    def _read_labelled(self, entry: Entry, label: Paragraph) -> None:
        del self._stack[self._base :]
        title = _Title(entry.title, "", Origin.FORM, known=self._known(entry.title))
        if title.known and not self.first_known:
            self.first_known = label.number
        self._open(title, label)
        base, self._base = self._base, len(self._stack)
        if len(entry.blocks) == 1 and isinstance(entry.blocks[0], Paragraph):
            self._stack[-1].blocks += _split(entry.blocks[0])
        else:
            self.read(tuple(line for block in entry.blocks for line in _split(block)))
        del self._stack[self._base :]
        self._base = base

    # -- titles ----------------------------------------------------------------------------------------

    def _title(self, paragraph: Paragraph, following: Block | None, marked: bool) -> _Title | None:
        text = paragraph.shown
        if len(text) <= _MAX_ATTACHMENT and "附" in text:
            if len(text) <= _MAX_LABEL and _ANNEX.fullmatch(normal(text)):
                return _Title(text.strip(), "", Origin.HEADING, kind="annex")
            if _ATTACHMENT_LINE.match(text):
                return _Title(text.strip(), "", Origin.LABEL, kind="attachment")
        if (
            paragraph.level is not None
            and len(text) <= 2 * _MAX_HEADING
            and not (len(text) > _MAX_HEADING and _SENTENCE.search(text))
        ):
            return self._declared(paragraph, text)
        if len(text) > _MAX_FRONT and paragraph.bold_prefix < 2 and _PROSE.match(text):
            return None
        # A title stands at the front: of a long paragraph only that is looked at.
        head = text[:_MAX_FRONT]
        return self._numbered(paragraph, head, text) or self._unnumbered(
            paragraph, head, text, following, marked
        )

    def _declared(self, paragraph: Paragraph, text: str) -> _Title:
        numbered = split_number(text)
        kind, depth = (numbered.kind, numbered.depth) if numbered else ("", 1)
        label, rest = self._labelled(numbered.rest if numbered else text)
        title = text[: len(text) - len(rest)].rstrip() if label and rest else text.strip()
        if numbered is None and (glued := self._glued(text)):
            kind = glued
        return _Title(
            title,
            rest if label else "",
            Origin.HEADING,
            paragraph.level,
            kind,
            depth,
            known=self._known(title),
        )

    def _glued(self, text: str) -> str | None:
        found = re.match(r"\s*(\d{1,2}|[一二三四五六七八九十]{1,3})(?=[^\x00-\x7f])", text)
        if found and self._known(text[found.end() :]):
            return "glued-arabic" if found[1][0].isdigit() else "glued-cn"
        return None

    def _goes_on_glued(self, text: str) -> bool:
        """Whether a short near title counts on from one before it whose number is glued to it: 2目标."""
        found = _GLUED.match(text)
        last = self._find(lambda t: t.kind == "glued-arabic") if found else 0
        if found is None or not last or not self._words.near(text[found.end() :]):
            return False
        return int(found[1]) == (ordinal(self._stack[last].title.text) or 0) + 1

    def _numbered(self, paragraph: Paragraph, head: str, text: str) -> _Title | None:
        numbered = split_number(head)
        if numbered is None:
            kind = self._glued(head) if len(text) <= _MAX_LABEL else None
            if kind:
                return _Title(text.strip(), "", Origin.HEADING, kind=kind, known=True)
            goes_on = len(text) <= _MAX_NEAR_GLUED and self._goes_on_glued(text)
            return _Title(text.strip(), "", Origin.HEADING, kind="glued-arabic") if goes_on else None
        label, rest = self._labelled(numbered.rest, marked=True)
        if label is not None:
            start = text.find(label)
            end = start + len(label) if start >= 0 else 0
            if rest or len(text) > len(head):
                return _Title(
                    text[:end].strip() or label, _after_label(text[end:]), Origin.HEADING, None,
                    numbered.kind, numbered.depth, known=True,
                )  # fmt: skip
        if (near := self._near_label(numbered.rest)) is not None:
            end = text.find(near) + len(near)
            return _Title(
                text[:end].strip(),
                _after_label(text[end:]),
                Origin.HEADING,
                None,
                numbered.kind,
                numbered.depth,
            )
        if len(text) > _MAX_HEADING or _SENTENCE.search(text.rstrip("。；;.")):
            return None
        known = self._known(numbered.rest)
        if _ENDS_SENTENCE.search(text) and not known:
            return None
        return _Title(
            text.strip(),
            "",
            Origin.HEADING,
            None,
            numbered.kind,
            numbered.depth,
            self._look(paragraph),
            known,
        )

    def _unnumbered(
        self, paragraph: Paragraph, head: str, text: str, following: Block | None, marked: bool
    ) -> _Title | None:
        plain = strip_bullet(text.strip())
        look = self._look(paragraph)
        label, rest = self._labelled(plain[:80], paragraph.bold_prefix, marked=marked)
        bracketed = _BRACKETED.fullmatch(plain)
        if bracketed and self._words.near(bracketed[1]):
            kind = "" if look else "bracketed"
            return _Title(plain, "", Origin.HEADING, kind=kind, look=look, known=self._known(bracketed[1]))
        whole = not rest and len(plain) <= _MAX_LABEL + 16
        if whole and not _ENDS_SENTENCE.search(plain) and self._known(plain):
            short = len(core(plain)) <= 2 and not look and not plain.endswith(("：", ":"))
            if not short:
                origin = Origin.HEADING if look else Origin.ALONE
                return _Title(plain, "", origin, look=look, known=True)
        if label is not None:
            start = plain.find(label) + len(label)
            return _Title(label, _after_label(plain[start:]), Origin.LABEL, known=True)
        if not look and (label := self._label_among_labels(plain)) is not None:
            return _Title(label, _after_label(plain[len(label) :]), Origin.LABEL)
        if not look and self._stands_between(plain, following):
            return _Title(plain, "", Origin.ALONE, known=True)
        if not look or len(plain) > _MAX_LOOK or len(plain) < 2:
            return None
        if (
            re.search(r"[。；;，,：:！!？?]", plain)
            or _CAPTION.search(plain)
            or _DATE_LINE.match(normal(plain))
        ):
            return None
        if isinstance(following, Table) and plain.endswith(("表", "表）", "清单", "一览")):
            return None
        return _Title(plain, "", Origin.HEADING, look=look)

    def _stands_between(self, plain: str, following: Block | None) -> bool:
        """A short line that surely is a title by its wording, between texts that end as sentences do."""
        if len(plain) > _MAX_ALONE or not self._words.likely(plain) or _SENTENCE.search(plain):
            return False
        before = self._stack[-1].blocks[-1] if self._stack[-1].blocks else None
        return _is_sentence(following) and (before is None or _is_sentence(before))

    def _labelled(self, text: str, bold_prefix: int = 0, *, marked: bool = False) -> tuple[str | None, str]:
        """A known title in front of its text (``建设依据：根据…``): (title, text after it).

        Args:
            text: the line.
            bold_prefix: how many characters at its front are bold.
            marked: a number in front says that it begins with a title.
        """
        found = _LABELLED.match(text)
        if found:
            label = next(g for g in found.groups() if g)
            likely = marked or found[1] or bold_prefix >= len(label)
            # 表1 费用明细（单位：万元）is no label: its bracket is still open.
            whole = normal(label).count("(") <= normal(label).count(")")
            if whole and (self._words.label(label) or (likely and self._words.likely(label))):
                return label, text[found.end() :]
        if 2 <= bold_prefix < len(text) and bold_prefix <= _MAX_LABEL:
            label = text[:bold_prefix].strip().rstrip("。.：: 　")
            if self._known(label) or self._words.likely(label):
                return label, text[bold_prefix:]
        stop = _STOPPED.match(text)
        if stop and self._words.exact(stop[1]):
            return stop[1], text[stop.end() :]
        spaced = _SPACED.match(text)
        runs_on = spaced and (len(text) > spaced.end() + 6 or split_number(text[spaced.end() :]))
        if spaced and runs_on and len(spaced[1]) >= 3 and self._words.exact(spaced[1]):
            return spaced[1], text[spaced.end() :]
        return None, ""

    def _near_label(self, text: str) -> str | None:
        """A short title that the pack calls near, set apart from its text (技术：采用…)."""
        found = _SET_APART.match(text)
        return found[1] if found and self._words.near(found[1]) else None

    def _label_among_labels(self, plain: str) -> str | None:
        """A short title that is not sure, in front of a colon, where sure ones before it stand like that.

        What may mean the same as the label above it (总费用：… under 费用：…) is part of its text.
        """
        found = _COLON_LABEL.match(plain)
        at = self._find(_is_plain_label) if found and not _CAPTION.search(plain) else 0
        if found is None or not at:
            return None
        means = self._words.means(found[1])
        return found[1] if means and means.isdisjoint(self._words.means(self._stack[at].title.text)) else None

    def _look(self, paragraph: Paragraph) -> float:
        """How much a line stands out: its size if larger than the text, or bold; 0 if it does not."""
        size = paragraph.size or 0.0
        larger = bool(size and self._body_size and size >= self._body_size + 1.0)
        return size or 1.0 if larger or paragraph.bold else 0.0

    # -- the tree --------------------------------------------------------------------------------------

    def _open(self, title: _Title, paragraph: Paragraph) -> None:
        if not title.kind and (title.look or title.declared is not None):
            # What looks like a title of its own is no entry of the list of attachments above it.
            listed = self._find(lambda t: t.kind == "attachment")
            del self._stack[listed or len(self._stack) :]
        self._end_attachments(title)
        depth = max(self._base, self._depth(title))
        del self._stack[depth:]
        node = _Node(title, paragraph)
        node.listing = (
            self._stack[-1].listing or core(title.text) in self._words.listings or title.kind == "attachment"
        )
        self._stack[-1].children.append(node)
        self._stack.append(node)

    def _end_attachments(self, title: _Title) -> None:
        """A list of attachments ends where other lines (signature, date) part it from a title."""
        at = self._find(lambda t: t.kind == "attachment")
        if not at or title.kind == "attachment":
            return
        listed = (self._stack[at], *_walk(self._stack[at]))
        if any(isinstance(block, Paragraph) for node in listed for block in node.blocks):
            del self._stack[at:]

    def _depth(self, title: _Title) -> int:
        """At which depth of the stack a title belongs."""
        if title.declared is not None:
            return self._declared_depth(title)
        if title.kind == "annex":
            return self._base
        if title.kind == "attachment":
            return self._find(lambda t: t.kind == "attachment") or self._base
        if title.kind:
            return self._numbered_depth(title)
        if title.origin is Origin.LABEL:
            found = self._find(_is_plain_label) or self._beside_labels()
        elif title.origin is Origin.ALONE:
            found = self._find(lambda t: t.origin is Origin.ALONE) or self._find(
                lambda t: t.origin is Origin.LABEL and not t.kind
            )
        else:
            return self._look_depth(title)
        return found or len(self._stack)

    def _beside_labels(self) -> int:
        """Depth of an open title that stands among labels of their text (its own is missing), 0 for none."""
        for index in range(len(self._stack) - 1, self._base - 1, -1):
            title, beside = self._stack[index].title, self._stack[index - 1].children
            if title.known and not title.kind and any(_is_plain_label(n.title) for n in beside):
                return index
        return 0

    def _declared_depth(self, title: _Title) -> int:
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

    def _numbered_depth(self, title: _Title) -> int:
        kind = "decimal" if title.kind == "bare" else title.kind
        if kind == "decimal":
            deeper = 0
            for index in range(len(self._stack) - 1, self._base - 1, -1):
                other = self._stack[index].title
                if other.kind not in {"decimal", "bare"} and deeper:
                    break  # 4 after 3.1 stands beside 3, but within what both are under
                if other.kind in {"decimal", "bare"} and other.depth >= title.depth:
                    deeper = index
            if deeper:
                return deeper
        elif depth := self._series_depth(title, kind):
            return depth
        rank = _RANK[kind]
        if rank >= _RANK["arabic"] and _FIRST.match(normal(title.text)):
            return len(self._stack)  # a series that begins: (1) under 1), or 1) under (1)
        for index in range(self._base, len(self._stack)):
            other = self._stack[index].title
            below = other.kind in _RANK and _RANK[other.kind] > rank
            if other.declared is None and (below or (kind == "arabic" and _is_part(other))):
                return index
        return len(self._stack)

    def _series_depth(self, title: _Title, kind: str) -> int:
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

    def _begin_series(self, title: _Title, same: int) -> int:
        """Where a title numbered 1 stands; ``same`` is the depth of the open one of its kind, 0 for none."""
        above = self._stack[same or -1]
        if same and _RANK[above.title.kind] < _RANK["cn-paren"]:
            return same  # 第一章 after 第三章: the text after a list of its titles
        if same and (ordinal(above.title.text) or 0) > 1:
            return len(self._stack)
        if above.title.known and not title.known and (same or not above.blocks):
            return len(self._stack)
        return same

    def _kind_at(self, index: int) -> str:
        return self._stack[index].title.kind

    def _begun_in_text(self, kind: str, number: int) -> int | None:
        """Depth of the innermost open section in whose text the number before ``number`` stands."""
        for index in range(len(self._stack) - 1, self._base - 2, -1):
            texts = [
                b.shown[:_MAX_FRONT] for b in self._stack[index].blocks[-_SERIES:] if isinstance(b, Paragraph)
            ]
            series = [ordinal(t) for t in texts if (n := split_number(t)) and n.kind == kind]
            if number - 1 in series:
                # 2. that was no title stands between 1. and 3.; but 1. to 3. in the text of 5. are its list.
                before = ordinal(self._stack[index].title.text) if self._kind_at(index) == kind else None
                return index - (before is not None and series[0] == before + 1)
        return None

    def _look_depth(self, title: _Title) -> int:
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

    def _find(self, wanted: Callable[[_Title], bool]) -> int:
        """Depth of the innermost open section that is ``wanted``, 0 if there is none."""
        for index in range(len(self._stack) - 1, self._base - 1, -1):
            if wanted(self._stack[index].title):
                return index
        return 0

    # -- lists -----------------------------------------------------------------------------------------

    def mark_listings(self) -> None:
        """Mark runs of bare titles that list what the document contains and do not hold it."""
        nodes = list(_walk(self._root))
        cores = [core(n.title.text) for n in nodes]
        last = {c: i for i, c in enumerate(cores)}
        start = 0
        while start < len(nodes):
            end = start
            while end < len(nodes) and (_is_bare(nodes[end]) or _only_lists(nodes[end], last, end)):
                end += 1
            run = range(start, end)
            if len(run) >= 3 and 2 * sum(last[cores[i]] > i for i in run) >= len(run):
                for i in run:
                    nodes[i].listing = True
            start = max(end, start + 1)
        _mark_introduced(self._root)

    def frozen(self) -> Section:
        return _frozen(self._root)


def _is_plain_label(title: _Title) -> bool:
    return title.origin is Origin.LABEL and not title.kind


def _is_part(title: _Title) -> bool:
    """6.2 is part of 6. and so below 7., even where 6. itself was not seen as a title."""
    return title.kind == "decimal" and title.depth > 1


def _is_sentence(block: Block | None) -> bool:
    return (
        isinstance(block, Paragraph)
        and len(block.text) > _MAX_ALONE
        and bool(_ENDS_SENTENCE.search(block.text))
    )


def _after_label(text: str) -> str:
    return text.lstrip("】]〕”」》：:。.—- \t　")


def _split(block: Block) -> Iterator[Block]:
    if isinstance(block, Paragraph) and "\n" in block.text:
        yield from _lines(block)
    else:
        yield block


def _walk(node: _Node) -> Iterator[_Node]:
    for child in node.children:
        yield child
        yield from _walk(child)


def _is_bare(node: _Node) -> bool:
    """Whether nothing but titles stands under it."""
    return not node.blocks and node.title.origin is not Origin.FORM and all(map(_is_bare, node.children))


def _only_lists(node: _Node, last: Mapping[str, int], index: int) -> bool:
    """Whether all that stands under a title are titles of later sections: lines of a list of contents."""
    if node.title.origin is Origin.FORM or node.children:
        return False
    return all(isinstance(b, Paragraph) and last.get(core(b.text), 0) > index for b in node.blocks)


def _mark_introduced(node: _Node) -> None:
    """Bare numbered titles right behind a line like ``本方案包括以下内容：`` are a list."""
    last = node.blocks[-1] if node.blocks else None
    if isinstance(last, Paragraph) and _LIST_INTRO.search(last.text):
        run = []
        for child in node.children:
            if not _is_bare(child) or child.title.declared is not None:
                break
            run.append(child)
        if len(run) >= 2:
            for child in run:
                child.listing = True
    for child in node.children:
        _mark_introduced(child)


def _frozen(node: _Node) -> Section:
    title = node.title
    return Section(
        title=title.text,
        origin=title.origin,
        heading=node.heading,
        declared=title.declared is not None,
        numbered=title.kind,
        blocks=tuple(node.blocks),
        children=tuple(_frozen(c) for c in node.children),
        listing=node.listing,
    )
