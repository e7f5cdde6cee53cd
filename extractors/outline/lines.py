"""Paragraphs as lines, and the lines outside all sections: the title above, the signature below."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from extractors.document import Align, Block, Paragraph, Picture, Role, Table, paragraphs
from extractors.numbering import split_number
from extractors.outline.words import Words
from extractors.text import normal
from extractors.titles import core

SENTENCE = re.compile(r"[。；;！!]")
ENDS_SENTENCE = re.compile(r"[。；;，,！!、]\s*$")
DATE_LINE = re.compile(
    r"^(?:日期|编制日期|编制时间|报送日期|时间|填报日期|申报日期)?[:：]?\s*[\d〇○零一二三四五六七八九十]{2,4}\s*[年./-]\s*[\d一二三四五六七八九十]{1,3}\s*[月./-]?(?:\s*[\d一二三四五六七八九十]{1,3}\s*日?)?\s*$"
)
_CLOSING = re.compile(
    r"^(?:抄送|抄报|主送|联系人|联系电话|经办人|附注|此页无正文|(?:填表|填报|制表|编制|审核|校对)人[:：])|"
    r"^[—\-－\s（(]*(?:以下空白|以下无正文|(?:正文|全文)?(?:完|结束))[—\-－\s）)。]*$|^.{0,30}[（(]?(?:盖章|公章|签章|印章)[)）]?$|印发\s*$"
)
ORGANISATION = re.compile(
    r"(?:局|委|办|处|部|院|馆|所|站|中心|公司|集团|街道|政府|大队|支队|委员会|办公室|联合会|总工会|学校|医院|法院|检察院|协会)(?:（[^）]*）)?$"
)


_LEADER = re.compile(r"(?:[\s.．…·•\-—_]*\d{1,4}|[\s.．…·•\-—_]{2,})\s*$")


_LONGEST_TITLE_PART = 20
"""Characters beyond which a line that ends as sentences do is text, and no title comes after it."""

_EDGE = 4.0
"""Points within which lines of a table of contents begin at one edge."""


def contents_titles(blocks: Iterable[Block]) -> dict[str, int]:
    """The cores of the titles in the table of contents, and how deep it sets each; 0 if it sets all alike."""
    listed = [b for b in blocks if isinstance(b, Paragraph) and b.role is Role.CONTENTS]
    entries = [(found, line) for line in listed if (found := _LEADER.search(line.shown))]
    edges = {core(line.shown[: leader.start()]): _edge(line) for leader, line in entries}
    depths = sorted(set(edges.values()))
    alike = len(depths) == 1
    return {title: 0 if alike else depths.index(edge) + 1 for title, edge in edges.items() if len(title) > 1}


def _edge(line: Paragraph) -> int:
    """How deep a line of the table of contents is set: its style's level, else where it begins."""
    return line.level or (round(line.bbox.x0 / _EDGE) if line.bbox else 0)


def split(block: Block) -> Iterator[Block]:
    """A block as blocks of one line each."""
    if isinstance(block, Paragraph) and "\n" in block.text:
        yield from _lines(block)
    else:
        yield block


def _lines(paragraph: Paragraph) -> Iterator[Paragraph]:
    offset = 0
    label = paragraph.label
    for line in paragraph.text.split("\n"):
        bold = min(max(paragraph.bold_prefix - offset, 0), len(line))
        offset += len(line) + 1
        if line.strip():
            yield paragraph._replace(text=line, label=label, bold_prefix=bold, bold=bold == len(line))
            label = ""


def body_size(blocks: tuple[Block, ...]) -> float:
    """The font size of most of the text, in points; 0 where none is known."""
    sizes: defaultdict[float, int] = defaultdict(int)
    for paragraph in paragraphs(blocks):
        if paragraph.size:
            sizes[paragraph.size] += len(paragraph.text)
    return max(sizes, key=sizes.__getitem__, default=0.0)


def opening(blocks: tuple[Block, ...], first: int) -> Iterator[Paragraph]:
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
            if lines and len(block.text) > _LONGEST_TITLE_PART and ENDS_SENTENCE.search(block.text):
                break
            lines.append(block)
    yield from sorted(
        (p for p in lines if 4 <= len(p.text.strip()) <= 120),
        key=lambda p: (-(p.size or 0.0), p.align is not Align.CENTER, p.number),
    )


def closing_lines(blocks: list[Block], words: Words) -> int:
    """How many blocks at the end are signature, date, seal and distribution lines.

    A seal lies over them or beside them, so that it may stand behind the last or between any.
    """
    lines = [block for block in blocks if not (isinstance(block, Picture) and block.seal)]
    count = _closing_lines(lines, words)
    return len(blocks) - next(i for i, b in enumerate(blocks) if b is lines[-count]) if count else 0


def _closing_lines(blocks: list[Block], words: Words) -> int:
    closing = 0
    for count, block in enumerate(reversed(blocks[-12:]), start=1):
        if not isinstance(block, Paragraph) or len(block.text) > 60 or block.level:
            break
        text = block.text.strip()
        signed = 0 < closing == count - 1 and _is_signature(block) and not words.known(block.shown)
        of_whole = closing == count - 1 and words.states_whole(text)
        if signed or of_whole or _is_date(block) or _CLOSING.search(text):
            closing = count
        elif count > closing + 1:
            break
    return closing - 1 if closing and _is_stated_date(blocks[: len(blocks) - closing + 1], words) else closing


def _is_date(paragraph: Paragraph) -> bool:
    return bool(DATE_LINE.match(normal(paragraph.text)))


def _is_stated_date(blocks: list[Block], words: Words) -> bool:
    """Whether the last of ``blocks`` is the date that the title right above it asks for."""
    title, line = (blocks[-2], blocks[-1]) if len(blocks) > 1 else (None, None)
    if not isinstance(title, Paragraph) or not isinstance(line, Paragraph) or not _is_date(line):
        return False
    return words.dated(title.shown)


def _is_signature(paragraph: Paragraph) -> bool:
    text = paragraph.text.strip()
    if len(text) > 30 or SENTENCE.search(text) or "：" in text or split_number(paragraph.shown):
        return False
    return paragraph.align is not Align.START or bool(ORGANISATION.search(text))
