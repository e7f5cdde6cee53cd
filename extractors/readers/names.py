"""Names and other short texts: behind a label, in a form, in the title, on the cover."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

from extractors.document import Paragraph, Table, paragraphs
from extractors.outline import ORGANISATION, Outline, Section
from extractors.readers.scope import Reading, Scope, Source, paragraphs_of
from extractors.text import fold, normal
from extractors.titles import core
from schemas import DocumentClass, Language
from schemas.packs import FactSpec

_FURTHER = (
    r"(?:(?:编制|编报|填报|填表|申报|报送|提交)?(?:日期|时间)|联系人|负责人|(?:联系)?电话"
    r"|(?:建设|编制|填报|申报|主管|承建)单位)[：:]"
)
"""Labels that stand on a cover behind another's value; recognition sees no space that parts them."""
_VALUE_END = re.compile(
    r"[ \t　]{1,}(?=[^\s：:]{2,12}[：:])|[\t\n；;]|。(?=.)| {3,}|　{2,}"
    rf"|(?<=[局委办院馆会部处所队])(?=项目{_FURTHER})|(?<=[一-鿿）)])(?={_FURTHER})"
)
_BLANK = re.compile(r"[\s_＿/\\—\-xX×…．.。*]*")
_MAX_VALUE = 80


def label(spec: FactSpec, scope: Scope) -> Reading | None:
    """The value of a label: in a form, behind a colon, and of the project's name from the title."""
    labels = tuple(spec.words("labels"))
    if not scope.outlines:
        return None
    main, *attachments = scope.outlines
    own = labelled(main, labels)
    beside = next((r for o in attachments if (r := labelled(o, labels)) is not None), None)
    if own is not None or scope.language is None:
        return own or beside
    if not spec.options.get("from_title"):
        return _from_cover(main) or beside
    titled = _from_title(main, scope.language)
    # Another title (项目竣工总结及验收备案) names a project less surely than an attachment's label does.
    return titled if titled is not None and _is_letter(titled) else beside or titled


def _is_letter(titled: Reading) -> bool:
    """Whether the title is a letter's, which says what it is about: 关于…合同备案的函."""
    line = titled.sources[0].paragraph
    return line is not None and "关于" in line.shown


def labelled(outline: Outline, labels: tuple[str, ...]) -> Reading | None:
    """What a document states behind one of the labels, in a form or after a colon."""
    return _under_title(outline, labels) or _behind_colon(outline, labels)


def _under_title(outline: Outline, labels: tuple[str, ...]) -> Reading | None:
    wanted = {core(label): rank for rank, label in reversed(list(enumerate(labels)))}
    best: tuple[int, Reading] | None = None
    for section in outline.root.walk():
        rank = wanted.get(core(section.title))
        if rank is None or (best and best[0] <= rank):
            continue
        text = "".join(b.shown.strip() for b in section.content() if isinstance(b, Paragraph))
        text = text or _named_in_table(section)
        if text and not _BLANK.fullmatch(text) and len(text) <= _MAX_VALUE:
            first = next(paragraphs(section.blocks), None)
            best = (rank, Reading(text, (Source(outline, first, section.title),)))
    return best[1] if best else None


def _named_in_table(section: Section) -> str:
    """The name in the rows beside a label that stands for a group of them: 建设单位 | 名称 | …."""
    for table in (b for b in section.blocks if isinstance(b, Table)):
        for row in table.rows:
            texts = ["".join(p.shown.strip() for p in paragraphs(cell.blocks)) for cell in row]
            for name, value in pairwise(texts):
                if core(name) in _NAME_FIELDS:
                    return value
    return ""


_NAME_FIELDS = frozenset({"名称", "单位名称", "全称", "单位全称"})


def _behind_colon(outline: Outline, labels: tuple[str, ...]) -> Reading | None:
    pattern = _label_pattern(labels)
    best: tuple[int, Reading] | None = None
    for title, lines in _labelled_lines(outline):
        for paragraph in lines:
            if len(paragraph.text) > 4 * _MAX_VALUE or not ("：" in paragraph.text or ":" in paragraph.text):
                continue
            for found in pattern.finditer(fold(paragraph.text)):
                rank = _rank_of(found[1], labels)
                value = _VALUE_END.split(paragraph.text[found.end() :].lstrip())[0].strip(" 　。，,；;")
                if not value or _BLANK.fullmatch(value) or len(value) > _MAX_VALUE:
                    continue
                if best is None or rank < best[0]:
                    best = (rank, Reading(value, (Source(outline, paragraph, title),)))
    return best[1] if best else None


def _labelled_lines(outline: Outline) -> Iterator[tuple[str, tuple[Paragraph, ...]]]:
    """The lines that a label may begin, by the section they stand in; those below the last section last."""
    for section in outline.root.walk():
        # 一、项目名称：… is read as a title, for its number.
        titled = (section.heading,) if section.heading is not None and section.title else ()
        yield section.title, (*titled, *paragraphs_of(section))
    yield "", outline.closing


@lru_cache(maxsize=64)
def _label_pattern(labels: tuple[str, ...]) -> re.Pattern[str]:
    spaced = (r"[ \t　]*".join(map(re.escape, label)) for label in sorted(labels, key=len, reverse=True))
    return re.compile(
        rf"(?:^|(?<=[\s（(、；;，,。]))({'|'.join(spaced)})(?:[（(][^）)]{{0,10}}[)）])?[ \t　]*[：:]"
    )


def _rank_of(label: str, labels: tuple[str, ...]) -> int:
    plain = normal(label)
    return next((i for i, each in enumerate(labels) if normal(each) == plain), len(labels))


def _from_title(outline: Outline, language: Language) -> Reading | None:
    """The project's name from the document's title, without what the title puts around it."""
    tails, heads = _longest_first(language.title_tails), _longest_first(language.title_heads)
    lines = outline.opening or outline.head
    for line in lines:
        text = _REVISION.sub(
            "", re.sub(r"\s", "", unicodedata.normalize("NFKC", fold(line.shown))).strip(_QUOTES)
        )
        lower = text.lower()
        tail = next((t for t in tails if lower.endswith(t)), None)
        rest = _without_heads(_BY_UNIT.sub("", text), heads)
        if tail is not None and tail.startswith("项目") and _SYSTEM.search(rest[: -len(tail)]):
            name = rest[: -len(tail)]  # …系统 + 项目验收备案表
        elif tail is not None or _PAPER.search(text):
            name = _up_to_project(rest) or (_without_tails(rest, tails) if tail else "")
        else:
            continue
        name = "" if name == rest or name.lower() in tails else _unquoted(name)
        if name.endswith("项目项目"):
            name = name[:-2]  # …建设项目 + 项目验收备案表
        if len(name) >= _MIN_NAME:
            return Reading(name, (Source(outline, line, ""),))
        above = [p for p in lines if p.number < line.number and _may_be_name(p)]
        if len(name) < _MIN_NAME and above:
            return Reading(above[0].shown.strip(_QUOTES + " 　"), (Source(outline, above[0], ""),))
    return None


@lru_cache(maxsize=64)
def _longest_first(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted(map(normal, words), key=len, reverse=True))


def project_of(outline: Outline, document_class: DocumentClass, language: Language) -> Reading | None:
    """The project that a document itself names: behind a label, else in its title."""
    labels = tuple(
        word
        for spec in document_class.facts
        if spec.options.get("from_title")
        for word in spec.words("labels")
    )
    return labelled(outline, labels) or _from_title(outline, language)


def project_in_title(outline: Outline, language: Language) -> Reading | None:
    """The project that a paper's title surely names: …项目监理报告, or …项目 in a line over 监理报告."""
    lines = outline.opening or outline.head
    if not lines or "关于" in lines[0].shown:
        return None
    first = lines[0].shown.strip(_QUOTES + " 　")
    own = Reading(first, (Source(outline, lines[0], ""),)) if _IS_PROJECT.search(first) else None
    found = own or _from_title(outline, language)
    if found is None or not _IS_PROJECT.search(found.value) or len(found.value) < _MIN_NAME + len("项目"):
        return None
    return found


def _without_heads(text: str, heads: tuple[str, ...]) -> str:
    """The title without the words before the name, one after the other: 关于 | 申请 | 实施."""
    while head := next((h for h in heads if text.lower().startswith(h)), ""):
        text = text[len(head) :]
    return text


def _up_to_project(text: str) -> str:
    """The title up to its last 项目, which is the name's own end; "" where that word does not end it.

    投资促进项目管理系统 is a system's name.
    """
    found = list(_PROJECT.finditer(text))
    if not found or found[-1].start() < _MIN_NAME or _SYSTEM_INSIDE.search(text, found[-1].end()):
        return ""
    return text[: found[-1].end()]


def _without_tails(text: str, tails: tuple[str, ...]) -> str:
    """The title without the words behind the name: …系统 | 停运 | 有关事项 | 的 | 报告."""
    while True:
        text = text.rstrip("的-—")
        lower = text.lower()
        tail = next((t for t in tails if lower.endswith(t)), "")
        if not tail or len(text) - len(tail) < _MIN_NAME:
            return text
        text = text[: -len(tail)]


def _unquoted(name: str) -> str:
    """The name without the quotation marks around it, or around all of it but 项目 at its end."""
    opened, closed = name[:1], {"“": "”", "《": "》", '"': '"'}.get(name[:1], "")
    if closed and name.count(opened) <= 2 and closed in name[1:]:
        name = name[1:].replace(closed, "", 1)
    return name.strip(_QUOTES + "的-—") if name.count("“") == name.count("”") else name


def _may_be_name(line: Paragraph) -> bool:
    """A line over the title that is no date, no label, no unit and no red head."""
    text = re.sub(r"\s", "", line.shown)
    return not (_DATED.search(text) or ORGANISATION.search(text) or _RED_HEAD.match(text))


_QUOTES = '《》“”"'
_MIN_NAME = 4
_REVISION = re.compile(
    r"[(（](?:[^()（）]{0,8}稿|[^()（）]{0,6}版|[^()（）]{0,4}类|[^()（）]{0,4}需求[^()（）]{0,4})[)）]$"
)
_BY_UNIT = re.compile(
    r"^[^《》“”]{3,40}?(?:局|委|办|处|部|所|站|中心|院|馆|会|公司|集团|学校|街道|政府|办公室|大队|支队|分局)(?=关于)"
)
_PAPER = re.compile("(?:书|表|单|函|报告|方案|请示|说明|材料|申请|备案|报备|需求|登记|计划|文档|设计)$")
_PROJECT = re.compile(r"项目(?:\(?[一二三四五六七八九十\d]+期(?:工程|项目)?\)?)?")
_IS_PROJECT = re.compile(_PROJECT.pattern + "$")
_SYSTEM = re.compile("(?:系统|平台|网络?|中心|数据库|小程序|工程)$")
_SYSTEM_INSIDE = re.compile("系统|平台|数据库|小程序|中心")
_RED_HEAD = re.compile(r"^([^\s]{4,30}?)(?:文件|（签章）|（公章）)$")
_DATE_BEHIND = re.compile(r"(?:(?:19|20)\d\d|二[〇零○O]..)[年.\-/][\d一二三四五六七八九十.\-/月日]{1,7}$")
_DATED = re.compile(r"[年月日\d：:]")


def _from_cover(outline: Outline) -> Reading | None:
    """The unit whose name stands alone on the cover, that signs at the end, or whose red head is on top."""
    for line in outline.opening:
        text = _DATE_BEHIND.sub("", re.sub(r"\s", "", line.shown))
        if _MIN_NAME <= len(text) <= 30 and ORGANISATION.search(text) and not _DATED.search(text):
            return Reading(text, (Source(outline, line, ""),))
    for paragraph in outline.closing:
        text = re.sub(r"[（(](?:盖章|公章|签章|印章)[)）]", "", paragraph.text).strip()
        if 4 <= len(text) <= 30 and not _DATED.search(text):
            return Reading(re.sub(r"\s", "", text), (Source(outline, paragraph, ""),))
    for first in (*outline.head, *paragraphs(outline.root.blocks[:2])):
        found = _RED_HEAD.match(re.sub(r"\s", "", first.text))
        if found:
            return Reading(found[1], (Source(outline, first, ""),))
    return None
