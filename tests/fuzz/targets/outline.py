"""Documents of any build, from their blocks to the report: headings, lists, forms and tables in any order."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from random import Random

import atheris

from extractors.classify import classify
from extractors.document import Align, BBox, Block, Cell, Document, Paragraph, Picture, Role, Table
from extractors.outline import read_outline
from extractors.record import read_record
from fuzz.changes import NUMBERS, WORDS
from schemas import load_pack
from validators.assemble import Detected, Files, judged
from validators.explain import Submission
from worker.pipeline import words_of

INSTRUMENTED = ["extractors", "validators"]
QUICK = 2_000

_PACK = load_pack("jinjiang-2023")
_CLASSES = list(_PACK.classes.values())
_TITLES = [t for c in _CLASSES for r in c.requirements for t in (r.name, *r.synonyms[:3])]
_NUMBERS = (
    "",
    "一、",
    "二、",
    "（一）",
    "1.",
    "1.1 ",
    "1.1.1 ",
    "第一章 ",
    "①",
    "(1)",
    "十、",
    "99.",
    "附件1：",
)
_SENTENCES = (
    *("根据有关规定编制。", "服务周期为三年。", "待补充", "略", "2026年3月2日", "单位：万元", "联系人：张三"),
    *("区财政资金28.5万元。", "资金估算28.5万元，其中设备10万元，软件18.5万元。", "", "详见附件。", "第三级"),
    "如下：",
)


def seeds() -> Iterator[bytes]:
    for seed in range(40):
        yield Random(seed).randbytes(100 + 20 * seed)


def run(data: bytes) -> None:
    given = atheris.FuzzedDataProvider(data)
    build = _Build(given)
    documents = [build.document(n) for n in range(given.ConsumeIntInRange(1, 2))]
    outlines = tuple(read_outline(document, words_of(_PACK)) for document in documents)
    for outline in outlines:
        classify(outline, _PACK)
    document_class = given.PickValueInList(_CLASSES)
    extraction = read_record(outlines, _PACK, document_class, date(2026, 3, 10), ())
    submission = Submission(_PACK, document_class, extraction, date(2026, 3, 10))
    judged(submission, Files(()), Detected(document_class.id, 1.0), given=True).to_dict()


class _Build:
    """Makes blocks out of bytes."""

    def __init__(self, given: atheris.FuzzedDataProvider) -> None:
        self._given = given
        self._number = 0

    def document(self, number: int) -> Document:
        count = self._given.ConsumeIntInRange(0, 40)
        paged = self._given.ConsumeBool()
        blocks = tuple(self._block(3, paged) for _ in range(count))
        return Document(
            f"{number}.pdf", "application/pdf", 3 if paged else None, blocks, unread_pages=(2,) * paged
        )

    def _block(self, depth: int, paged: bool) -> Block:
        kind = self._given.ConsumeIntInRange(0, 9)
        if kind == 0 and depth:
            return self._table(depth - 1, paged)
        if kind == 1:
            return Picture(*self._place(paged))
        return self._paragraph(paged)

    def _place(self, paged: bool) -> tuple[int | None, BBox | None]:
        if not paged:
            return None, None
        top = float(self._given.ConsumeIntInRange(0, 800))
        return self._given.ConsumeIntInRange(1, 3), BBox(72.0, top, 500.0, top + 12)

    def _paragraph(self, paged: bool) -> Paragraph:
        given = self._given
        self._number += 1
        text = self._text()
        page, bbox = self._place(paged)
        return Paragraph(
            self._number,
            text,
            label=given.PickValueInList(["", "", "一、", "1.1", "•"]),
            level=given.PickValueInList([None, None, 1, 2, 3, 9]),
            size=given.PickValueInList([None, 10.5, 12.0, 16.0, 22.0]),
            bold=given.ConsumeBool(),
            bold_prefix=given.ConsumeIntInRange(0, len(text)),
            align=given.PickValueInList(list(Align)),
            role=given.PickValueInList([Role.BODY] * 5 + list(Role)),
            prompt=given.ConsumeIntInRange(0, 9) == 0,
            page=page,
            bbox=bbox,
        )

    def _text(self) -> str:
        given = self._given
        match given.ConsumeIntInRange(0, 5):
            case 0:
                return given.ConsumeUnicodeNoSurrogates(given.ConsumeIntInRange(1, 30)) or "x"
            case 1:
                return given.PickValueInList(list(_SENTENCES)) or "x"
            case 2:
                return given.PickValueInList([*WORDS, *NUMBERS]) or "x"
            case 3:
                return (
                    given.PickValueInList(_TITLES)
                    + given.PickValueInList(["：", ":", "。", "如下"])
                    + given.PickValueInList(list(_SENTENCES))
                )
            case _:
                return given.PickValueInList(list(_NUMBERS)) + given.PickValueInList(_TITLES)

    def _table(self, depth: int, paged: bool) -> Table:
        given = self._given
        width = given.ConsumeIntInRange(1, 5)
        rows = []
        for row in range(given.ConsumeIntInRange(0, 6)):
            cells, column = [], 0
            while column < width:
                span = given.ConsumeIntInRange(1, width - column)
                blocks = tuple(self._block(depth, paged) for _ in range(given.ConsumeIntInRange(0, 2)))
                cells.append(Cell(row, column, given.ConsumeIntInRange(1, 2), span, blocks))
                column += span
            rows.append(tuple(cells))
        return Table(tuple(rows), *self._place(paged))
