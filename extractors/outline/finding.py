"""Which lines are titles."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping

from extractors.document import Block, Paragraph, Table
from extractors.numbering import NUMERALS, Numbered, bullet_of, ordinal, split_number, strip_bullet
from extractors.outline.lines import DATE_LINE, ENDS_SENTENCE, SENTENCE
from extractors.outline.nodes import Title, is_plain_label
from extractors.outline.open_sections import MAX_FRONT, OpenSections
from extractors.outline.sections import Origin
from extractors.outline.words import Words, is_aside
from extractors.text import normal
from extractors.titles import core, untranslated

_MAX_HEADING = 50
_MAX_LOOK = 30
_MAX_LABEL = 24
_MAX_ATTACHMENT = 60
_MAX_ALONE = 14
_MAX_NEAR_GLUED = 10
_LABELLED = re.compile(
    r"^\s*(?:(?:[【\[〔“「]|《(?=[^》\n]+》\s*[：:]))\s*([^】\]〕”」》]{2,24})\s*[】\]〕”」》]\s*[：:]?|([^：:。；;，,！!\n]{2,30})[：:]|([^：:。；;，,—\n]{2,24})(?:——|—|--))"
)
_STOPPED = re.compile(r"\s*([^。：:；;，,\n]{2,20})。(?=\S)")
_SPACED = re.compile(r"^\s*(\S{2,20})[ \t　]+(?=\S)")
_GAPPED = re.compile(r"^\s*(\S{3,20})(?: *[\t　][ \t　]*| {2,})(?=\S*[一-龥])")
"""A word and a gap that a sentence has not: a tab, a full-width space, several spaces."""
# What begins with a word and a comma or semicolon has no label or run-in title in front of it.
_PROSE = re.compile(
    rf"(?:[(（]?(?:\d{{1,2}}|[{NUMERALS}]{{1,3}})[)）、.．](?!\d)\s*)?"
    rf"(?=\S{{21}})[一-龥](?<![第{NUMERALS}])[^：:。；;，,—\-]*[，,；;]"
)
_BRACKETED = re.compile(r"[【〔\[]\s*(\S{2,10})\s*[】〕\]]")
_SET_APART = re.compile(r"\s*([^\s：:。；;，,、]{2,10})(?:[：:。](?=\s*\S)|[ \t　]+(?=\S{6}))")
_COLON_LABEL = re.compile(r"([^\s：:。；;，,、]{2,10})[：:]")
_VALUE = re.compile(
    r"(?<=.)[\d一二三四五六七八九十两半壹贰叁肆伍]+(?:年|个月|年半|级|天|日|万元|元)[整。.]?$"
    r"|(?:结论|等级|期限|时间|日期|金额|总额)[为是]"
)
"""A line that states what is asked for (免费运维3年, 等级保护三级) and so is no title."""
_LEADS_ON = re.compile(r"(?:如下|如下表|见下表|下表所示|[为是])[：:]?$")
_CAPTION = re.compile(r"^\s*(?:续?表|图|附表|附图)\s*[\d一二三四五六七八九十]|单位\s*[:：]")
_SENTENCE_ENDS = "。；;，,！!"
_COUNTED = re.compile(rf"\s*[{NUMERALS}]{{1,2}}是(?=[^\s：:。；;，,、]{{2,20}}[：:。])")
"""The number of a point in running text: 一是建设依据。…二是…"""
_SENTENCE_END = re.compile(r"(?:。|如下[：:])\s*(?=\S)")
"""Behind a semicolon stand the items of a list, which are called as titles are: …；安全服务费：6万元；…"""
_MARKED = re.compile(r"[。；;，,：:！!？?]")
_GLUED = re.compile(r"\s*(\d{1,2})(?=[一-龥])")
_ANNEX = re.compile(r"附件[\d一二三四五六七八九十]{1,3}")
_ATTACHMENT_LINE = re.compile(r"^\s*附\s*件?\s*[\d一二三四五六七八九十]{0,2}\s*[：:]")


class TitleFinder:
    """Decides of each line whether it is a title, by itself and by the sections that are open before it."""

    def __init__(
        self, words: Words, body_size: float, open_sections: OpenSections, contents: Mapping[str, int]
    ) -> None:
        self._words = words
        self._known = words.known
        self._body_size = body_size
        self._sections = open_sections
        self._contents = contents

    def find(self, paragraph: Paragraph, following: Block | None, *, marked: bool) -> Title | None:
        """The title that a line is or begins with, if any.

        Args:
            paragraph: the line.
            following: what comes after it.
            marked: its place says that it may begin with a title: it is the first of a form's cell.
        """
        text = paragraph.shown
        if len(text) <= _MAX_ATTACHMENT and "附" in text:
            if len(text) <= _MAX_LABEL and self._is_annex(normal(text)):
                return Title(text.strip(), "", Origin.HEADING, kind="annex")
            if _ATTACHMENT_LINE.match(text):
                return Title(text.strip(), "", Origin.LABEL, kind="attachment")
        if (
            paragraph.level is not None
            and len(text) <= 2 * _MAX_HEADING
            and not (len(text) > _MAX_HEADING and SENTENCE.search(text))
        ):
            return self._declared(paragraph, text)
        if _is_prose(paragraph, text):
            return None
        # A title stands at the front: of a long paragraph only that is looked at.
        head = text[:MAX_FRONT]
        return self._numbered(paragraph, head, text) or self._unnumbered(
            paragraph, head, text, following, marked
        )

    def parted(self, text: str, *, numbered: bool = False) -> list[str]:
        """A text in parts, each but the first of which begins with a sure title and its own text.

        根据…立项。系统概况：…。二、运维内容。… are three.

        Args:
            text: what stands behind a title, or a paragraph without one.
            numbered: whether only titles with a number count, as they must where none stands in front.
        """
        starts = [
            start
            for found in _SENTENCE_END.finditer(text)
            if self._begins_with_label(text[(start := found.end()) : start + MAX_FRONT], numbered=numbered)
        ]
        return [text[start:end] for start, end in itertools.pairwise((0, *starts, len(text)))]

    def _begins_with_label(self, text: str, *, numbered: bool) -> bool:
        number = split_number(text)
        bare = _COUNTED.sub("", number.rest if number else text, count=1)
        if numbered and len(bare) == len(text):
            return False
        labels = (way.match(bare) for way in (_COLON_LABEL, _STOPPED, _BRACKETED))
        return any(label is not None and self._words.exact(label[1]) for label in labels)

    def _is_annex(self, plain: str) -> bool:
        """Whether a line stands over an annex: 附件2, or 附件 alone where an annex was named before."""
        return bool(_ANNEX.fullmatch(plain)) or (plain == "附件" and self._sections.names_attachments)

    def _declared(self, paragraph: Paragraph, text: str) -> Title:
        numbered = split_number(text)
        kind, depth = (numbered.kind, numbered.depth) if numbered else ("", 1)
        label, rest = self._labelled(numbered.rest if numbered else text)
        title = text[: len(text) - len(rest)].rstrip() if label and rest else text.strip()
        if numbered is None and (glued := self._glued(text)):
            kind = glued
        return Title(
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
        last = self._sections.nearest(lambda t: t.kind == "glued-arabic") if found else None
        if found is None or last is None or not self._words.near(text[found.end() :]):
            return False
        return int(found[1]) == (ordinal(last.title.text) or 0) + 1

    def _numbered(self, paragraph: Paragraph, head: str, text: str) -> Title | None:
        numbered = split_number(head)
        if numbered is None:
            kind = self._glued(head) if len(text) <= _MAX_LABEL else None
            if kind:
                return Title(text.strip(), "", Origin.HEADING, kind=kind, known=True)
            goes_on = len(text) <= _MAX_NEAR_GLUED and self._goes_on_glued(text)
            return Title(text.strip(), "", Origin.HEADING, kind="glued-arabic") if goes_on else None
        label, rest = self._labelled(numbered.rest, marked=True)
        if label is not None:
            start = text.find(label)
            end = start + len(label) if start >= 0 else 0
            if rest or len(text) > len(head):
                return Title(
                    text[:end].strip() or label, _after_label(text[end:]), Origin.HEADING, None,
                    numbered.kind, numbered.depth, known=True,
                )  # fmt: skip
        bare = untranslated(numbered.rest)
        near = self._near_label(bare) or self._label_counting_on(numbered.kind, bare, text)
        if near is not None:
            end = text.find(near) + len(near)
            return Title(
                text[:end].strip(),
                _after_label(text[end:]),
                Origin.HEADING,
                None,
                numbered.kind,
                numbered.depth,
            )
        if len(text) > _MAX_HEADING or SENTENCE.search(text.rstrip("。；;.")):
            return None
        known = self._known(numbered.rest) or self._is_run_in_without_text(numbered, text)
        if ENDS_SENTENCE.search(text) and not known:
            return None
        return Title(
            text.strip(),
            "",
            Origin.HEADING,
            None,
            numbered.kind,
            numbered.depth,
            self._look(paragraph),
            known,
            larger=self._is_larger(paragraph),
        )

    def _is_run_in_without_text(self, numbered: Numbered, text: str) -> bool:
        """Whether it is a likely title with a full stop and no text, where one before it has its text so."""
        if len(text) > _MAX_LABEL or not text.rstrip().endswith("。"):
            return False
        before = self._sections.nearest(lambda t: t.kind == numbered.kind and bool(t.rest.strip()))
        return before is not None and self._words.likely(numbered.rest.rstrip(" 。"))

    def _unnumbered(
        self, paragraph: Paragraph, head: str, text: str, following: Block | None, marked: bool
    ) -> Title | None:
        plain = strip_bullet(text.strip())
        look = self._look(paragraph)
        label, rest = self._labelled(plain[:80], paragraph.bold_prefix, marked=marked)
        if not look and self._goes_on(plain, label):
            return None
        bracketed = _BRACKETED.fullmatch(plain)
        if bracketed and self._words.near(bracketed[1]):
            kind = "" if look else "bracketed"
            return Title(plain, "", Origin.HEADING, kind=kind, look=look, known=self._known(bracketed[1]))
        if self._is_in_contents(plain):
            depth = self._contents[core(plain)]
            return Title(plain, "", Origin.HEADING, None, "contents", depth, look, self._known(plain))
        whole = not rest and len(plain) <= _MAX_LABEL + 16 and not is_aside(plain)
        if whole and not ENDS_SENTENCE.search(plain) and self._known(plain):
            short = len(core(plain)) <= 2 and not look and not plain.endswith(("：", ":"))
            if not short:
                origin = Origin.HEADING if look else Origin.ALONE
                return Title(plain, "", origin, look=look, known=True, bullet=bullet_of(text))
        if whole and self._heads_list(plain, following):
            return Title(plain, "", Origin.HEADING if look else Origin.ALONE, look=look)
        if (opened := label or self._label_among_labels(plain)) and self._answers(opened):
            return None
        if label is not None:
            start = plain.find(label) + len(label)
            return Title(label, _after_label(plain[start:]), Origin.LABEL, known=True)
        if not look and (label := self._label_among_labels(plain)) is not None:
            return Title(label, _after_label(plain[len(label) :]), Origin.LABEL)
        if self._is_label_without_text(plain):
            return Title(plain, "", Origin.LABEL, known=True)
        if not look and self._stands_between(plain, following):
            return Title(plain, "", Origin.ALONE, known=True)
        if not look and self._is_bulleted_alike(text, plain, following):
            return Title(plain, "", Origin.ALONE, bullet=bullet_of(text))
        if not look or len(plain) > _MAX_LOOK or len(plain) < 2:
            return None
        if plain.endswith(("：", ":")) and self._sections.nearest(
            lambda t: t.look == look and not t.kind and t.text.endswith(("：", ":"))
        ):
            plain = plain[:-1]  # 应急预案：set as 考核指标：before it
        if _MARKED.search(plain) or _CAPTION.search(plain) or DATE_LINE.match(normal(plain)):
            return None
        if isinstance(following, Table) and plain.endswith(("表", "表）", "清单", "一览")):
            return None
        return Title(plain, "", Origin.HEADING, look=look)

    def _heads_list(self, plain: str, following: Block | None) -> bool:
        """Whether a line by itself stands over a numbered list of what is handed in: 材料目录."""
        numbered = isinstance(following, Paragraph) and split_number(following.shown) is not None
        return numbered and core(plain) in self._words.listings

    def _is_label_without_text(self, plain: str) -> bool:
        """Whether it is a sure title with a full stop and no text, where one before it has its text so."""
        if len(plain) > _MAX_LABEL or not plain.endswith("。") or not self._words.exact(plain[:-1]):
            return False
        return self._sections.nearest(is_plain_label) is not None

    def _goes_on(self, plain: str, label: str | None) -> bool:
        """Whether the line only states, or leads on to, what the title above it has named.

        运维服务清单如下：under 运维内容及服务周期 is no section of its own, nor is a line 免费运维3年.
        """
        lead = plain if label is None else label
        if len(lead) <= _MAX_ALONE and _VALUE.search(lead):
            return True
        above = self._sections.innermost.title
        if not _LEADS_ON.search(lead) or not above.known:
            return False
        means = self._words.means(lead.rstrip("：:"))
        return bool(means) and means <= self._words.means(above.text)

    def _answers(self, label: str) -> bool:
        """Whether a label begins the text of the title right above it, which asks for just that.

        定级：第二级 under 十、信息系统网络安全等级保护定级 is no section of its own.
        """
        above = self._sections.innermost
        if not self._words.exact(above.title.text) or above.title.origin is not Origin.HEADING:
            return False
        if above.title.rest.strip() or above.blocks or above.children:
            return False
        means = self._words.means(label)
        return bool(means) and means <= self._words.means(above.title.text)

    def _is_in_contents(self, plain: str) -> bool:
        """Whether the table of contents lists the line as a title."""
        if not self._contents:
            return False
        return (
            len(plain) <= _MAX_HEADING and not ENDS_SENTENCE.search(plain) and core(plain) in self._contents
        )

    def _stands_between(self, plain: str, following: Block | None) -> bool:
        """A short line that surely is a title by its wording, between texts that end as sentences do."""
        if len(plain) > _MAX_ALONE or not self._words.likely(plain) or SENTENCE.search(plain):
            return False
        above = self._sections.innermost.blocks
        before = above[-1] if above else None
        return _is_sentence(following) and (before is None or _is_sentence(before))

    def _is_bulleted_alike(self, text: str, plain: str, following: Block | None) -> bool:
        """A short line over a text, with the sign in front that a sure title before it has: ■ 组织管理."""
        bullet = bullet_of(text)
        if not bullet or len(plain) > _MAX_ALONE or _MARKED.search(plain) or not _is_sentence(following):
            return False
        return self._sections.nearest(lambda t: t.known and t.bullet == bullet) is not None

    def _labelled(self, text: str, bold_prefix: int = 0, *, marked: bool = False) -> tuple[str | None, str]:
        """A known title in front of its text (``建设依据：根据…``): (title, text after it).

        Args:
            text: the line.
            bold_prefix: how many characters at its front are bold.
            marked: a number in front says that it begins with a title.
        """
        if counted := _COUNTED.match(text):
            return self._labelled(text[counted.end() :])
        text = untranslated(text)
        gapped = _GAPPED.match(text)
        sentence = text.rstrip().endswith("。")
        if gapped and self._words.exact(gapped[1]):
            rest = text[gapped.end() :]
            if sentence or not self._known(
                rest.split()[0]
            ):  # 等级保护定级　定级为三级。 is no pair of titles
                return gapped[1], rest
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
        if stop and (self._words.exact(stop[1]) or (marked and self._words.likely(stop[1]))):
            return stop[1], text[stop.end() :]
        spaced = _SPACED.match(text)
        runs_on = spaced and (len(text) > spaced.end() + 6 or sentence or split_number(text[spaced.end() :]))
        if spaced and runs_on and len(spaced[1]) >= 3 and self._words.exact(spaced[1]):
            return spaced[1], text[spaced.end() :]
        return None, ""

    def _near_label(self, text: str) -> str | None:
        """A short title that the pack calls near, set apart from its text (技术：采用…)."""
        found = _SET_APART.match(text)
        return found[1] if found and self._words.near(found[1]) else None

    def _label_counting_on(self, kind: str, rest: str, text: str) -> str | None:
        """A short title set apart from its text (9.其他。…) that counts on from a sure one like it."""
        found = _SET_APART.match(rest)
        last = self._sections.nearest(lambda t: t.kind == kind) if found else None
        if found is None or last is None or not last.title.known:
            return None
        if not last.title.rest.strip() and (last.blocks or last.children):
            return None
        return found[1] if ordinal(text) == (ordinal(last.title.text) or 0) + 1 else None

    def _label_among_labels(self, plain: str) -> str | None:
        """A short title that is not sure, in front of a colon, where sure ones before it stand like that.

        What may mean the same as the label above it (总费用：… under 费用：…) is part of its text.
        """
        found = _COLON_LABEL.match(plain)
        above = self._sections.nearest(is_plain_label) if found and not _CAPTION.search(plain) else None
        if found is None or above is None:
            return None
        means = self._words.means(found[1])
        return found[1] if means and means.isdisjoint(self._words.means(above.title.text)) else None

    def _look(self, paragraph: Paragraph) -> float:
        """How much a line stands out: its size if larger than the text, or bold; 0 if it does not."""
        larger = self._is_larger(paragraph)
        return paragraph.size or 1.0 if larger or paragraph.bold else 0.0

    def _is_larger(self, paragraph: Paragraph) -> bool:
        size = paragraph.size or 0.0
        return bool(size and self._body_size and size >= self._body_size + 1.0)


def _is_prose(paragraph: Paragraph, text: str) -> bool:
    """Whether a line, numbered or not, surely is running text: a cheap look, which is enough for most."""
    if paragraph.bold_prefix >= 2 or not (len(text) > MAX_FRONT or text[-1:] in _SENTENCE_ENDS):
        return False
    return _PROSE.match(paragraph.text if paragraph.label else text) is not None


def _is_sentence(block: Block | None) -> bool:
    return (
        isinstance(block, Paragraph)
        and len(block.text) > _MAX_ALONE
        and bool(ENDS_SENTENCE.search(block.text))
    )


def _after_label(text: str) -> str:
    return text.lstrip("】]〕”」》：:。.—- \t　")
