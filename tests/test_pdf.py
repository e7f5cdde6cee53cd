"""Born-digital PDFs: lines, paragraphs, tables, what is no content, and what cannot be read."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from extractors.document import Limits, Paragraph, Picture, Role, Table
from extractors.pdf import extract
from schemas.errors import UnreadableDocumentError, UnreadableReason

FONT = "STSong-Light"
pdfmetrics.registerFont(UnicodeCIDFont(FONT))
WIDTH, HEIGHT = A4
LEFT, STEP = 72, 22
FULL = "本项目按照统一规划分步实施的原则开展建设工作并与现有平台充分对接共享数据避免重复投资"


def made(draw: Callable[[Canvas], None], **options: object) -> bytes:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4, **options)
    draw(canvas)
    canvas.save()
    return buffer.getvalue()


def lines(canvas: Canvas, *texts: str, top: float = 100, size: float = 10.5, left: float = LEFT) -> None:
    canvas.setFont(FONT, size)
    for index, text in enumerate(texts):
        canvas.drawString(left, HEIGHT - top - index * STEP, text)


def grid(canvas: Canvas, rows: list[list[str]], top: float, wide: float = 110) -> None:
    canvas.setFont(FONT, 10.5)
    count = len(rows[0])
    for index in range(len(rows) + 1):
        canvas.line(LEFT, HEIGHT - top - index * 24, LEFT + count * wide, HEIGHT - top - index * 24)
    for index in range(count + 1):
        x = LEFT + index * wide
        canvas.line(x, HEIGHT - top, x, HEIGHT - top - len(rows) * 24)
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            canvas.drawString(LEFT + c * wide + 4, HEIGHT - top - r * 24 - 16, text)


def read(data: bytes, limits: Limits | None = None) -> list[Paragraph | Table | Picture]:
    return list(extract(data, "a.pdf", limits or Limits()).blocks)


def body(data: bytes) -> list[str]:
    return [b.text for b in read(data) if isinstance(b, Paragraph) and b.role is Role.BODY]


def test_wrapped_lines_are_one_paragraph_and_headings_stay_apart() -> None:
    data = made(lambda c: lines(c, "一、建设依据", FULL, "现予申报。", "二、建设目标", "达到90%以上。"))
    assert body(data) == ["一、建设依据", FULL + "现予申报。", "二、建设目标", "达到90%以上。"]


def test_pages_places_and_sizes_are_told() -> None:
    def draw(canvas: Canvas) -> None:
        lines(canvas, "第一页的内容。")
        canvas.showPage()
        lines(canvas, "第二页的标题", size=16)

    first, second = (b for b in read(made(draw)) if isinstance(b, Paragraph))
    assert (first.page, second.page) == (1, 2)
    assert (first.size, second.size) == (10.5, 16)
    assert first.bbox is not None
    assert first.bbox.x0 == pytest.approx(LEFT, abs=2)
    assert first.bbox.top == pytest.approx(100 - 10, abs=4)


def test_running_lines_and_page_numbers_are_margin() -> None:
    def draw(canvas: Canvas) -> None:
        for number in range(1, 4):
            lines(canvas, "锦江区智慧图书馆建设项目需求方案", top=40, size=9)
            lines(canvas, f"{'一二三'[number - 1]}、第{number}部分", f"这是第{number}部分的正文内容。")
            lines(canvas, f"第 {number} 页", top=HEIGHT - 40, size=9, left=280)
            canvas.showPage()

    data = made(draw)
    assert len(body(data)) == 6
    margins = [b.text for b in read(data) if isinstance(b, Paragraph) and b.role is Role.MARGIN]
    assert len(margins) == 6


def test_contents_are_told_by_leaders_and_page_numbers() -> None:
    dots = "." * 40
    data = made(
        lambda c: lines(
            c, "目录", f"一、建设依据 {dots} 2", f"二、建设目标 {dots} 3", f"三、建设内容 {dots} 4"
        )
    )
    assert {b.role for b in read(data) if isinstance(b, Paragraph)} == {Role.CONTENTS}


def test_ruled_tables_keep_their_cells() -> None:
    data = made(
        lambda c: grid(c, [["序号", "名称", "金额(万元)"], ["1", "软件", "20"], ["2", "硬件", "8.5"]], 100)
    )
    (table,) = (b for b in read(data) if isinstance(b, Table))
    assert [[cell.text for cell in row] for row in table.rows] == [
        ["序号", "名称", "金额(万元)"],
        ["1", "软件", "20"],
        ["2", "硬件", "8.5"],
    ]


def test_a_table_over_a_page_break_is_one_with_its_head_once() -> None:
    head = ["序号", "名称", "金额"]

    def draw(canvas: Canvas) -> None:
        lines(canvas, "一、资金估算")
        grid(canvas, [head, ["1", "软件", "20"]], HEIGHT - 120)
        canvas.showPage()
        grid(canvas, [head, ["2", "硬件", "8"]], 80)
        lines(canvas, "二、经费保障", top=300)

    (table,) = (b for b in read(made(draw)) if isinstance(b, Table))
    assert [row[1].text for row in table.rows] == ["名称", "软件", "硬件"]


def test_two_columns_are_read_one_after_the_other() -> None:
    left = ["一、建设依据", *["左栏的正文内容左栏的正文内容左栏正文"] * 8]
    right = ["二、建设目标", *["右栏的正文内容右栏的正文内容右栏正文"] * 8]

    def draw(canvas: Canvas) -> None:
        lines(canvas, *left)
        lines(canvas, *right, left=320)

    texts = body(made(draw))
    assert texts.index("二、建设目标") > texts.index("一、建设依据") + 1
    assert not any("左栏" in t and "右栏" in t for t in texts)


def test_a_picture_by_itself_is_a_block() -> None:
    def draw(canvas: Canvas) -> None:
        lines(canvas, "一、总体架构")
        canvas.drawInlineImage(_image(), LEFT, HEIGHT - 400, 300, 200)
        lines(canvas, "二、网络安全", top=450)

    kinds = [type(b) for b in read(made(draw))]
    assert kinds == [Paragraph, Picture, Paragraph]


def _image() -> object:
    from PIL import Image

    return Image.new("RGB", (60, 40), (200, 30, 30))


def _reason(data: bytes, limits: Limits | None = None) -> UnreadableReason:
    with pytest.raises(UnreadableDocumentError) as caught:
        extract(data, "a.pdf", limits or Limits())
    return caught.value.reason


def test_what_cannot_be_read_says_why() -> None:
    from reportlab.lib.pdfencrypt import StandardEncryption

    locked = made(lambda c: lines(c, "正文内容。"), encrypt=StandardEncryption("secret", ownerPassword="o"))
    assert _reason(locked) is UnreadableReason.ENCRYPTED
    assert _reason(b"%PDF-1.4\n garbage") is UnreadableReason.DAMAGED
    assert _reason(made(lambda c: c.showPage())) is UnreadableReason.NO_CONTENT
    scanned = made(lambda c: c.drawInlineImage(_image(), 0, 0, WIDTH, HEIGHT))
    assert _reason(scanned) is UnreadableReason.NO_TEXT_LAYER
    three = made(lambda c: [(lines(c, "正文"), c.showPage()) for _ in range(3)])
    assert _reason(three, Limits(max_pages=2)) is UnreadableReason.TOO_MANY_PAGES


def test_scanned_pages_past_the_limit_are_told() -> None:
    def draw(canvas: Canvas) -> None:
        lines(canvas, "正文内容。")
        canvas.showPage()
        canvas.drawInlineImage(_image(), 0, 0, WIDTH, HEIGHT)

    assert extract(made(draw), "a.pdf", Limits(max_scanned_pages=0)).unread_pages == (2,)
