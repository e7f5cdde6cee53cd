"""A plain text form of a document, in which the corpus is written, and the edits that make faults in it.

One block a line:

====================  ================================================================
``^ text``            title, centred and large; ``^^ text`` a smaller centred line
``# text``            heading of level 1, ``##`` of level 2 and so on, without its number
``> text``            right-aligned line (sign-off)
``| a | b |``         row of a table; a cell ``<`` joins the one on its left, a cell ``^`` the one above
``!toc`` ``!page``    a table of contents; a page break
``!pic``              a picture
``!raw XML``          WordprocessingML as it is
``!sdt`` … ``!end``   the blocks between stand in a content control; ``!ins`` inserted, ``!del`` deleted with
                      tracked changes, ``!hid`` hidden, ``!box`` in a text box (.docx only)
anything else         a paragraph
====================  ================================================================

Inside a line ``**bold**`` and ``[[tag:text]]`` with the tags of ``word.INLINE``; ``↵`` is a line break,
``⇥`` a tab; ``⏎`` breaks a cell's text into paragraphs.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

Edit = Callable[[str], str]


@dataclass(frozen=True)
class Block:
    """One block: kind is title, subtitle, heading, right, table, toc, page, pic, raw or text."""

    kind: str
    text: str = ""
    level: int = 0
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass
class Section:
    """A heading and what stands under it, sub-headings flattened as level-2+ headings."""

    heading: str
    blocks: list[Block] = field(default_factory=list)


def parse(source: str) -> list[Block]:
    blocks: list[Block] = []
    for line in (raw.strip() for raw in source.strip().splitlines()):
        if line.startswith("|"):
            row = tuple(cell.strip() for cell in line.strip("|").split("|"))
            if blocks and blocks[-1].kind == "table":
                blocks[-1] = Block("table", rows=(*blocks[-1].rows, row))
            else:
                blocks.append(Block("table", rows=(row,)))
        elif line:
            blocks.append(_line(line))
        elif blocks and blocks[-1].kind == "table":
            blocks.append(Block("gap"))
    return [b for b in blocks if b.kind != "gap"]


def _line(line: str) -> Block:
    if heading := re.match(r"(#+)\s*(.*)", line):
        return Block("heading", heading[2], len(heading[1]))
    for mark, kind in (("^^ ", "subtitle"), ("^ ", "title"), ("> ", "right"), ("!raw ", "raw")):
        if line.startswith(mark):
            return Block(kind, line[len(mark) :].strip())
    if line in ("!toc", "!page", "!pic", "!sdt", "!ins", "!del", "!hid", "!box", "!end"):
        return Block(line[1:])
    return Block("text", line)


def sections(blocks: list[Block]) -> tuple[list[Block], list[Section]]:
    """What stands before the first heading of level 1, and the sections of level 1."""
    front: list[Block] = []
    found: list[Section] = []
    for block in blocks:
        if block.kind == "heading" and block.level == 1:
            found.append(Section(block.text))
        elif found:
            found[-1].blocks.append(block)
        else:
            front.append(block)
    return front, found


# -- numbering labels ----------------------------------------------------------------------------------
_CN = "一二三四五六七八九十"


def chinese(n: int) -> str:
    return (
        _CN[n - 1]
        if n <= 10
        else "十" + _CN[n - 11]
        if n < 20
        else _CN[n // 10 - 1] + "十" + (_CN[n % 10 - 1] if n % 10 else "")
    )


def label(scheme: str, counters: list[int]) -> str:
    """The typed number of a heading; ``scheme`` has 一 (chinese), 1 (arabic), * (1.2.3), ① Ⅰ A as slots."""
    n = counters[-1]
    if scheme.startswith("*"):
        return ".".join(map(str, counters)) + scheme[1:]
    slots = {
        "一": chinese(n),
        "1": str(n),
        "①": chr(0x2460 + n - 1),
        "Ⅰ": chr(0x2160 + n - 1),
        "A": chr(64 + n),
    }
    for slot, shown in slots.items():
        if slot in scheme:
            return scheme.replace(slot, shown, 1)
    return scheme


class Counter:
    """Counts headings level by level."""

    def __init__(self, schemes: tuple[str, ...]) -> None:
        self._schemes = schemes
        self._counts: list[int] = []

    def next(self, level: int) -> str:
        self._counts = (self._counts + [0] * level)[:level]
        self._counts[-1] += 1
        return label(self._schemes[level - 1], self._counts) if level <= len(self._schemes) else ""


# -- edits ------------------------------------------------------------------------------------------------
def _span(source: str, heading: str) -> tuple[int, int, int]:
    """(start of the heading line, start of its body, end of its body) of the section with that heading."""
    match = re.search(rf"^(#+) *{re.escape(heading)} *$", source, re.M)
    if not match:
        raise ValueError(f"no heading {heading!r}")
    after = re.search(rf"^#{{1,{len(match[1])}}} ", source[match.end() :], re.M)
    end = match.end() + after.start() if after else _signoff(source, match.end())
    return match.start(), match.end(), end


def _signoff(source: str, start: int) -> int:
    match = re.search(r"^> ", source[start:], re.M)
    return start + match.start() if match else len(source)


def drop(heading: str) -> Edit:
    """Leave the section out, with all under it."""

    def edit(source: str) -> str:
        start, _, end = _span(source, heading)
        return source[:start] + source[end:]

    return edit


def body(heading: str, text: str = "") -> Edit:
    """Put ``text`` in the place of all that stands under the heading."""

    def edit(source: str) -> str:
        _, start, end = _span(source, heading)
        return f"{source[:start]}\n{text}\n{source[end:]}"

    return edit


def append(heading: str, text: str) -> Edit:
    """Add ``text`` at the end of the section."""

    def edit(source: str) -> str:
        _, _, end = _span(source, heading)
        return f"{source[:end]}{text}\n\n{source[end:]}"

    return edit


def rename(heading: str, new: str) -> Edit:
    def edit(source: str) -> str:
        start, stop, _ = _span(source, heading)
        marks = re.match(r"#+ *", source[start:])
        assert marks
        return source[: start + marks.end()] + new + source[stop:]

    return edit


def sub(old: str, new: str) -> Edit:
    """Replace text that must be there, everywhere."""

    def edit(source: str) -> str:
        if old not in source:
            raise ValueError(f"no text {old!r}")
        return source.replace(old, new)

    return edit


def move(heading: str, before: str) -> Edit:
    """Move a section in front of another."""

    def edit(source: str) -> str:
        start, _, end = _span(source, heading)
        piece, rest = source[start:end], source[:start] + source[end:]
        at = _span(rest, before)[0]
        return rest[:at] + piece.rstrip() + "\n" + rest[at:]

    return edit


def prepend(text: str) -> Edit:
    return lambda source: text + "\n" + source


def deepen(source: str) -> str:
    """Every heading one level deeper."""
    return re.sub(r"^#", "##", source, flags=re.M)
