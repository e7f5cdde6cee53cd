"""What kind of submission a document is."""

from __future__ import annotations

from itertools import count

import pytest

from extractors.classify import classify
from extractors.document import Document, Paragraph
from extractors.outline import read_outline
from schemas import load_pack
from worker.pipeline import words_of

PACK = load_pack("jinjiang-2023")


def _decided(*lines: str) -> str | None:
    numbers = count(1)
    blocks = tuple(
        Paragraph(next(numbers), line, size=22.0 if n == 0 else 14.0) for n, line in enumerate(lines)
    )
    best = classify(read_outline(Document("a.docx", "x", None, blocks), words_of(PACK)), PACK)[0]
    return best.class_id if best.decided else None


@pytest.mark.parametrize(
    ("lines", "class_id"),
    [
        (("锦江区智慧停车项目建设方案", "本方案正在编写。"), "construction-plan"),
        (("锦江区智慧停车系统设计方案", "一、总体架构", "分三层建设。", "二、网络安全"), "construction-plan"),
        (("微型固态硬盘设计方案", "一、产品特性", "读写速度快。", "二、联系方式", "电话见封底。"), None),
    ],
    ids=["a class's own name is enough", "a lesser name with its sections", "a lesser name alone is not"],
)  # fmt: skip
def test_title_alone_decides_only_where_it_names_the_class(
    lines: tuple[str, ...], class_id: str | None
) -> None:
    assert _decided(*lines) == class_id
