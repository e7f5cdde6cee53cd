"""Whether a section says anything: text that is no placeholder, a filled table, a picture."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache

from extractors.document import Paragraph, Picture, Role, Table
from extractors.facts.ticks import is_unanswered
from extractors.numbering import split_number
from extractors.outline import Section
from extractors.text import any_of, normal
from schemas import Language

_LONGEST = 300
"""No placeholder and no template's instruction is longer, in characters."""
_EDGE = "。.：:；;，,、!！?？-—…·•●■ "
_SENTENCES = re.compile(r"[。；;，,()\n]+")
_ORDINAL = re.compile(r"[\d一二三四五六七八九十.、()]{0,4}")
_NUMBER_ALONE = re.compile(
    r"\([\d一二三四五六七八九十]{1,2}\)[、.:;。]?|[\d一二三四五六七八九十]{1,2}[、.)][;。]?|[①-⑳][;。]?"
)
_SUM_LABEL = frozenset({"合计", "小计", "总计", "共计", "总价", "备注", "大写"})
_ASKS_NOTHING = frozenset({"", "序号", "编号", "备注", "说明"})
_FEWEST_ROWS, _FEWEST_BLANK, _LONGEST_NAME = 2, 2, 8
_MARK = re.compile(r"[■▇█▬━●◆▲★☆√✓✔→]")
"""What a schedule drawn in a table's cells puts where something is done."""
_LISTED = frozenset(
    {"arabic", "arabic-paren", "arabic-half-paren", "circled", "letter", "decimal", "bare", "glued-arabic"}
)


def _nothing(section: Section) -> bool:
    return False


class Substance:
    """Judges texts by a pack's placeholders and references."""

    def __init__(self, language: Language) -> None:
        self._placeholder = any_of(language.placeholders)
        self._reference = any_of(language.references)
        self._identifying = any_of(language.identifying)

    def is_placeholder(self, text: str) -> bool:
        """Whether ``text`` says nothing: empty, or a placeholder, or several of them."""
        if len(text) > _LONGEST:
            return False
        plain = normal(text)
        if self._says_nothing(plain) or is_unanswered(text) or _NUMBER_ALONE.fullmatch(plain):
            return True
        sentences = [s for s in _SENTENCES.split(plain) if s]
        if len(sentences) > 1 and sentences == [str(n + 1) for n in range(len(sentences))]:
            return True  # （1）；（2）；（3）。
        if len(sentences) > 1 and all(map(self._says_nothing, sentences)):
            return True
        words = text.split()
        return len(words) > 1 and all(self._says_nothing(normal(word)) for word in words)

    def is_reference(self, text: str) -> bool:
        """Whether ``text`` only points to an attachment (详见附件3)."""
        return bool(self._reference.fullmatch(normal(text).strip(_EDGE)))

    def only_identifies(self, text: str) -> bool:
        """Whether ``text`` only says which paper it stands in, and whose that is (项目名称：…)."""
        return bool(self._identifying.fullmatch(normal(text)))

    def _says_nothing(self, plain: str) -> bool:
        bare = plain.strip(_EDGE)
        if not bare or self._placeholder.fullmatch(bare):
            return True
        if bare != plain and self._placeholder.fullmatch(plain):
            return True
        inner = bare.strip("()（）[]【】〔〕<>《》“”\"'「」{}")
        if inner != bare and self._placeholder.fullmatch(inner):
            return True
        numbered = split_number(plain)
        return numbered is not None and bool(self._placeholder.fullmatch(numbered.rest.strip(_EDGE)))

    def has(self, section: Section, skip: Callable[[Section], bool] = _nothing) -> bool:
        """Whether ``section`` says something, with all that stands under it but what ``skip`` leaves out."""
        return any(True for _ in self.texts(section, skip))

    def texts(self, section: Section, skip: Callable[[Section], bool] = _nothing) -> Iterator[str]:
        """The texts of ``section`` that say something; a picture counts as ``"[图]"``."""
        for block in section.blocks:
            if isinstance(block, Picture):
                yield from _seen(block)
            elif isinstance(block, Table):
                yield from self._table_texts(block)
            elif not block.prompt and block.role is Role.BODY and not self.is_placeholder(block.text):
                yield block.text
        for child in section.children:
            if skip(child):
                continue
            is_heading = child.declared or child.larger
            listed = not is_heading and (child.numbered in _LISTED or len(normal(child.title)) > 12)
            if listed and not child.blocks and not child.children and not self.is_placeholder(child.title):
                yield child.title
            yield from self.texts(child, skip)

    def _table_texts(self, table: Table) -> Iterator[str]:
        if self._is_unfilled(table):
            return
        rows = table.rows if len(table.rows) == 1 else table.rows[1:]
        for row in rows:
            for cell in row:
                texts = [b.text for b in cell.blocks if isinstance(b, Paragraph) and not b.prompt]
                text = normal("".join(texts))
                says = (
                    not _ORDINAL.fullmatch(text) and text not in _SUM_LABEL and not self.is_placeholder(text)
                )
                if says or (len(text) > 1 and text.isdigit()):
                    yield text
                for block in cell.blocks:
                    if isinstance(block, Table):
                        yield from self._table_texts(block)
                    elif isinstance(block, Picture):
                        yield from _seen(block)

    def _is_unfilled(self, table: Table) -> bool:
        """Whether only short names of rows stand under a head that asks for several things about each.

        设计 and 开发 under 阶段 | 起止时间 | 责任人 plan nothing; a single blank column may be meant so.
        """
        head, *rows = table.rows or ((),)
        asked = {cell.column for cell in head if normal(cell.text) not in _ASKS_NOTHING}
        if len(rows) < _FEWEST_ROWS or len(asked) <= _FEWEST_BLANK or any(c.column_span > 1 for c in head):
            return False
        blank = asked - {
            c.column
            for row in rows
            for c in row
            if c.blocks and (_MARK.search(c.text) or not self.is_placeholder(c.text))
        }
        filled = [normal(c.text) for row in rows for c in row if c.column in asked - blank]
        if len(asked) - len(blank) > 1 or len(blank) < _FEWEST_BLANK:
            return False
        return all(len(text) <= _LONGEST_NAME for text in filled)


def _seen(picture: Picture) -> Iterator[str]:
    if not picture.seal:
        yield "[图]"


@lru_cache(maxsize=16)
def substance(language: Language) -> Substance:
    """The judge for a pack's language (made once)."""
    return Substance(language)
