"""Born-digital PDFs: lines, paragraphs, tables, what is no content, and what cannot be read."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from hostile_files import pdf, stream
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from extractors.document import Limits, Paragraph, Picture, Role, Table, paragraphs
from extractors.pdf import extract
from extractors.pdf.contents import mark_contents
from extractors.pdf.lines import Line
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


@pytest.mark.parametrize(("aside", "tables"), [(18, 1), (60, 2)])
def test_a_table_goes_on_where_its_next_sheet_was_laid_a_little_aside(aside: float, tables: int) -> None:
    def draw(canvas: Canvas) -> None:
        lines(canvas, "一、资金估算")
        grid(canvas, [["序号", "名称", "金额"], ["1", "软件", "20"]], HEIGHT - 120)
        canvas.showPage()
        canvas.translate(aside, 0)
        grid(canvas, [["2", "硬件", "8"], ["合计", "", "28"]], 80)

    found = [b for b in read(made(draw)) if isinstance(b, Table)]
    assert len(found) == tables
    assert sum(len(table.rows) for table in found) == 4


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


def test_columns_are_known_when_the_second_has_only_begun() -> None:
    left = [
        "一、建设依据",
        *["左栏的正文内容左栏的正文内容左栏正文"] * 8,
        "二、建设目标",
    ]

    def draw(canvas: Canvas) -> None:
        lines(canvas, *left)
        lines(canvas, "右栏的正文写明目标。", "三、建设内容", left=320)

    texts = body(made(draw))
    assert texts[-3:] == ["二、建设目标", "右栏的正文写明目标。", "三、建设内容"]


def test_labels_beside_short_values_are_no_columns() -> None:
    names = [f"第{n}项服务内容的名称写在这里占满" for n in "一二三四五六七八九"]

    def draw(canvas: Canvas) -> None:
        lines(canvas, *names)
        lines(canvas, *[f"{n}.5" for n in range(9)], left=320)

    assert all(f"{name}\t{n}.5" in "".join(body(made(draw))) for n, name in enumerate(names))


def test_contents_without_leaders_are_told_by_their_heading() -> None:
    def draw(canvas: Canvas) -> None:
        lines(canvas, "目 录", "一、建设依据 2", "二、建设目标 2", "三、建设内容 3")
        for text in ("一、建设依据", "三、建设内容"):
            canvas.showPage()
            lines(canvas, text, "正文内容在此。")

    data = made(draw)
    assert body(data) == ["一、建设依据", "正文内容在此。", "三、建设内容", "正文内容在此。"]


def test_contents_without_heading_or_leaders_are_told_by_titles_that_come_again() -> None:
    def draw(canvas: Canvas) -> None:
        lines(canvas, "方案")
        for row, (title, page) in enumerate((("1 概述", 1), ("2 建设依据", 13), ("3 实施计划", 25))):
            lines(canvas, title, top=120 + 20 * row)
            lines(canvas, str(page), top=120 + 20 * row, left=480)
        canvas.showPage()
        lines(canvas, "1 概述", "正文内容在此。", "3 实施计划", "一年内完成。")

    assert body(made(draw)) == ["方案", "1 概述", "正文内容在此。", "3 实施计划", "一年内完成。"]


def test_contents_whose_page_numbers_touch_their_titles_are_told_by_titles_that_come_again() -> None:
    def draw(canvas: Canvas) -> None:
        lines(canvas, "方案", "VI. 建设依据1", "VII. 经费保障3", "VIII. 实施计划12")
        canvas.showPage()
        lines(canvas, "VI. 建设依据", "正文内容在此。", "VIII. 实施计划", "一年内完成。")

    assert body(made(draw)) == ["方案", "VI. 建设依据", "正文内容在此。", "VIII. 实施计划", "一年内完成。"]


def test_the_heading_of_contents_without_leaders_belongs_to_them_wherever_it_is_read() -> None:
    entries = ("建设依据1", "经费保障3", "实施计划12")
    text = ("建设依据", "正文内容在此。", "经费保障", "由财政安排。", "实施计划", "一年内完成。")
    for listed in (("目录", *entries), (*entries, "目录")):
        read = [Line(t, 72, 300, 100 + 20 * n, 12, 0, 1) for n, t in enumerate((*listed, *text))]
        mark_contents(read, 20)
        assert [line.text for line in read if line.role is Role.BODY] == list(text)


def test_a_single_page_knows_its_running_header_by_its_place() -> None:
    def draw(canvas: Canvas) -> None:
        lines(canvas, "建设目标", top=48, left=270)
        lines(canvas, "一、建设依据", "正文内容在此。")

    assert body(made(draw)) == ["一、建设依据", "正文内容在此。"]


def test_a_page_of_nothing_but_running_lines_has_no_content() -> None:
    assert (
        _reason(made(lambda c: lines(c, "- 1 -", top=HEIGHT - 40, left=280))) is UnreadableReason.NO_CONTENT
    )


def test_a_stamp_at_the_edge_of_scans_is_no_text_layer() -> None:
    def draw(canvas: Canvas) -> None:
        for number in (1, 2):
            canvas.drawInlineImage(_image(), 0, 0, WIDTH, HEIGHT)
            lines(canvas, f"- {number} -", top=HEIGHT - 40, left=280)
            canvas.showPage()

    assert _reason(made(draw)) is UnreadableReason.NO_TEXT_LAYER


def test_struck_text_is_gone_and_underlined_text_stays() -> None:
    def draw(canvas: Canvas) -> None:
        lines(canvas, "一、建设目标", "达到百分之九十。", "二、建设内容")
        canvas.line(LEFT, HEIGHT - 100 + 3.6, LEFT + 63, HEIGHT - 100 + 3.6)
        canvas.line(LEFT, HEIGHT - 122 - 1.5, LEFT + 84, HEIGHT - 122 - 1.5)

    assert body(made(draw)) == ["达到百分之九十。", "二、建设内容"]


def test_text_that_nobody_sees_is_not_read() -> None:
    def draw(canvas: Canvas) -> None:
        lines(canvas, "一、建设依据", "正文内容在此。")
        hidden = canvas.beginText(LEFT, 500)
        hidden.setFont(FONT, 10.5)
        hidden.setTextRenderMode(3)
        hidden.textOut("二、建设目标")
        hidden.setTextRenderMode(0)
        canvas.drawText(hidden)
        canvas.setFillGray(1)
        canvas.drawString(LEFT, 450, "三、建设内容")
        canvas.setFillGray(0)
        canvas.drawString(WIDTH + 40, 400, "四、资金估算")
        canvas.drawString(LEFT, -40, "五、经费保障")
        canvas.setFont(FONT, 0.1)
        canvas.drawString(LEFT, 350, "六、实施计划")

    assert body(made(draw)) == ["一、建设依据", "正文内容在此。"]


def test_white_text_on_a_coloured_field_is_read() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFillColorRGB(0.1, 0.2, 0.5)
        canvas.rect(LEFT - 4, HEIGHT - 108, 200, 24, stroke=0, fill=1)
        canvas.setFillGray(1)
        lines(canvas, "一、建设依据")
        canvas.setFillGray(0)
        lines(canvas, "正文内容在此。", top=140)

    assert body(made(draw)) == ["一、建设依据", "正文内容在此。"]


def test_what_is_filled_into_form_fields_is_read() -> None:
    def draw(canvas: Canvas) -> None:
        lines(canvas, "服务周期：")
        canvas.acroForm.textfield(value="36 months", x=LEFT + 60, y=HEIGHT - 106, width=150, height=18)
        canvas.acroForm.textfield(value="", x=LEFT + 60, y=HEIGHT - 206, width=150, height=18)

    assert body(made(draw)) == ["服务周期：36 months"]


def test_a_table_in_a_cell_is_read_though_its_lines_meet_the_cell() -> None:
    def draw(canvas: Canvas) -> None:
        xs, ys = [72, 172, 500], [100, 140, 212, 252]
        for y in ys:
            canvas.line(xs[0], HEIGHT - y, xs[-1], HEIGHT - y)
        for x in xs:
            canvas.line(x, HEIGHT - ys[0], x, HEIGHT - ys[-1])
        for x in (190, 300, 480):
            canvas.line(x, HEIGHT - 140, x, HEIGHT - 212)
        for y in (164, 188):
            canvas.line(190, HEIGHT - y, 480, HEIGHT - y)
        lines(canvas, "建设目标", top=120, left=76)
        for x, y, text in (
            (76, 160, "资金估算"), (194, 156, "名称"), (304, 156, "金额"), (194, 180, "软件"),
            (304, 180, "20"),
            (194, 204, "硬件"), (304, 204, "8"), (76, 235, "经费保障"), (176, 235, "财政"),
        ):  # fmt: skip
            lines(canvas, text, top=y, left=x)

    (table,) = (b for b in read(made(draw)) if isinstance(b, Table))
    (inner,) = (b for b in table.rows[1][1].blocks if isinstance(b, Table))
    assert [[cell.text for cell in row] for row in inner.rows] == [
        ["名称", "金额"],
        ["软件", "20"],
        ["硬件", "8"],
    ]
    assert [row[0].text for row in table.rows] == ["建设目标", "资金估算", "经费保障"]


def test_paragraphs_set_apart_are_told_by_their_distance() -> None:
    def draw(canvas: Canvas) -> None:
        y = 100.0
        for number in range(6):
            lines(canvas, FULL[:40], top=y)
            lines(canvas, f"第{number}段结束。", top=y + 18)
            y += 44
        lines(canvas, FULL[:40], top=y)
        lines(canvas, "资金来源", top=y + 26)

    assert body(made(draw))[-1] == "资金来源"


def test_unit_and_date_at_the_right_edge_are_two_lines_and_a_wrapped_one_is_one() -> None:
    right = LEFT + 43 * 10.5

    def draw(canvas: Canvas) -> None:
        lines(canvas, *[FULL[:43]] * 4)
        canvas.drawRightString(right, HEIGHT - 100 - 4 * STEP, "大邑县气象局")
        canvas.drawRightString(right, HEIGHT - 100 - 5 * STEP, "2024年11月6日")

    assert body(made(draw))[-2:] == ["大邑县气象局", "2024年11月6日"]


def test_a_plain_title_is_parted_from_a_sentence_that_just_fills_its_line() -> None:
    sentence = FULL[:-1] + "。"
    data = made(lambda c: lines(c, sentence, "建设目标", sentence, "为此申请经费，请予支持"))
    assert body(data) == [sentence, "建设目标", sentence + "为此申请经费，请予支持"]


def test_short_lines_of_like_length_are_no_narrow_column_where_others_go_beyond_them() -> None:
    contract = (
        "政府采购合同（二〇二六）",
        "甲方：成都市锦江区司法局",
        "乙方：成都某某科技公司",
        "第一条内容：社区矫正智慧监管平台软件开发部署。",
        "第二条金额：人民币陆拾伍万捌仟元整。",
        "第三条期限：合同生效后九十日内完成交付。",
        "签订时间：2026年5月6日",
        "签订地点：成都市锦江区",
    )
    assert body(made(lambda c: lines(c, *contract))) == list(contract)


def test_slanted_text_over_a_table_stands_in_none_of_its_cells() -> None:
    def draw(canvas: Canvas) -> None:
        grid(canvas, [["名称", "金额"], ["平台", "78"]], 100)
        canvas.saveState()
        canvas.translate(LEFT + 116, HEIGHT - 138)
        canvas.rotate(30)
        canvas.drawString(0, 0, "内部")
        canvas.restoreState()

    (table,) = (b for b in read(made(draw)) if isinstance(b, Table))
    assert [[c.text for c in row] for row in table.rows] == [["名称", "金额"], ["平台", "78"]]


def test_numbers_that_count_the_lines_are_margin() -> None:
    texts = ["一、建设依据", *["根据有关文件开展建设。"] * 4, "二、建设目标", *["达到预期的效果。"] * 4]

    def draw(canvas: Canvas) -> None:
        lines(canvas, *texts)
        lines(canvas, *map(str, range(1, 11)), left=LEFT - 30, size=8)

    assert body(made(draw)) == texts


def test_numbers_that_count_the_lines_go_on_over_short_pages_beside_numbered_titles() -> None:
    first = ["1建设依据", *["根据有关文件开展建设。"] * 4, "2 建设目标", *["达到预期的效果。"] * 4]
    second = ["3 资金估算", "总额为三十万元。"]

    def draw(canvas: Canvas) -> None:
        lines(canvas, *first)
        canvas.setFont(FONT, 10.5)
        for index in range(10):
            canvas.drawRightString(LEFT - 12, HEIGHT - 100 - index * STEP, str(index + 1))
        canvas.showPage()
        lines(canvas, *second)
        lines(canvas, "11", "12", left=LEFT - 30)

    assert body(made(draw)) == first + second


def test_a_mark_of_a_footnote_is_no_part_of_a_title() -> None:
    def draw(canvas: Canvas) -> None:
        lines(canvas, "三、用户报告")
        canvas.setFont(FONT, 6)
        canvas.drawString(LEFT + 63, HEIGHT - 96, "3")

    assert body(made(draw)) == ["三、用户报告"]


def test_whole_numbers_do_not_make_a_budget_without_lines_a_list_of_contents() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFont(FONT, 10.5)
        rows = (
            ("序号", "名称", "数量", "金额"),
            ("1", "平台", "1套", "18"),
            ("2", "测评", "1项", "3"),
            ("合计", "", "", "21"),
        )
        for y, row in enumerate(rows):
            for x, text in zip((72, 120, 300, 400), row, strict=True):
                canvas.drawString(x, HEIGHT - 100 - y * STEP, text)

    (table,) = (b for b in read(made(draw)) if isinstance(b, Table))
    assert [c.text for c in table.rows[-1]] == ["合计", "", "", "21"]


def test_a_total_after_a_page_break_is_a_row_of_its_own() -> None:
    def draw(canvas: Canvas) -> None:
        grid(canvas, [["编号", "名称", "金额"], ["1", "平台", "10"]], 700)
        canvas.showPage()
        grid(canvas, [["", "总计", "26"]], 60)

    (table,) = (b for b in read(made(draw)) if isinstance(b, Table))
    assert [c.text for c in table.rows[-1]] == ["", "总计", "26"]


def test_a_total_after_a_page_break_is_no_rest_of_full_cells() -> None:
    def draw(canvas: Canvas) -> None:
        grid(canvas, [["编号", "名称", "金额"], ["1", "数据治理", "365,000"]], 700, wide=50)
        canvas.showPage()
        grid(canvas, [["", "合计", "956,000"]], 60, wide=50)

    (table,) = (b for b in read(made(draw)) if isinstance(b, Table))
    assert [c.text for c in table.rows[-1]] == ["", "合计", "956,000"]


def test_a_label_after_a_page_break_begins_a_row_under_its_group() -> None:
    def draw(canvas: Canvas) -> None:
        grid(canvas, [["基本信息", "项目名称", "停车"], ["投资保障", "资金估算", "10万元。"]], 700)
        canvas.showPage()
        grid(canvas, [["", "经费保障", "区级资金。"]], 60)

    (table,) = (b for b in read(made(draw)) if isinstance(b, Table))
    assert [[c.text for c in row] for row in table.rows[1:]] == [
        ["投资保障", "资金估算", "10万元。"],
        ["经费保障", "区级资金。"],
    ]


def test_a_table_without_lines_goes_on_over_a_page_break() -> None:
    def rows(canvas: Canvas, top: float, *texts: tuple[str, ...]) -> None:
        canvas.setFont(FONT, 10.5)
        for y, row in enumerate(texts):
            for x, text in zip((72, 120, 300, 400), row, strict=True):
                canvas.drawString(x, HEIGHT - top - y * STEP, text)

    def draw(canvas: Canvas) -> None:
        rows(
            canvas,
            650,
            ("序号", "名称", "数量", "金额（万元）"),
            ("1", "平台", "1套", "18"),
            ("2", "屏", "4块", "40"),
        )
        canvas.showPage()
        rows(canvas, 100, ("3", "测评", "1项", "3"), ("合计", "", "", "61"))

    (table,) = (b for b in read(made(draw)) if isinstance(b, Table))
    assert [[c.text for c in row] for row in table.rows[3:]] == [
        ["3", "测评", "1项", "3"],
        ["合计", "", "", "61"],
    ]


def test_a_title_behind_a_sentence_that_fills_its_line_is_a_line_of_its_own() -> None:
    indent = LEFT + 21

    def draw(canvas: Canvas) -> None:
        lines(canvas, FULL[:40] + "。", top=100, left=indent)
        lines(canvas, "维护周期", top=100 + STEP)
        lines(canvas, "一年，自合同签订之日起计算。", top=100 + 2 * STEP, left=indent)
        lines(canvas, FULL[:41], top=100 + 3 * STEP, left=indent)

    assert "维护周期" in body(made(draw))


def test_a_line_alone_in_the_first_column_does_not_end_a_table_without_rules() -> None:
    rows = [
        ("测评报告", "全部用例通过。"),
        ("信息系统网络安全等", "定级为第二级，已备案。"),
        ("级保护定级", ""),
        ("监理报告", ""),
        ("密码应用评估", "结论为基本符合。"),
    ]

    def draw(canvas: Canvas) -> None:
        canvas.setFont(FONT, 10.5)
        for index, (label, value) in enumerate(rows):
            canvas.drawString(LEFT, HEIGHT - 100 - index * 17, label)
            canvas.drawString(LEFT + 130, HEIGHT - 100 - index * 17, value)

    blocks = read(made(draw))
    assert len(blocks) == 1
    table = blocks[0]
    assert isinstance(table, Table)
    assert [
        ["".join(p.text for p in c.blocks if isinstance(p, Paragraph)) for c in r] for r in table.rows
    ] == [list(row) for row in rows]


def test_page_of_no_extent_is_not_read_and_hides_no_other() -> None:
    font = b"/Resources << /Font << /F1 6 0 R >> >>"
    document = extract(
        pdf(
            {
                1: b"<< /Type /Catalog /Pages 2 0 R >>",
                2: b"<< /Type /Pages /Kids [3 0 R 4 0 R] /Count 2 /MediaBox [0 0 595 842] >>",
                3: b"<< /Type /Page /Parent 2 0 R /CropBox [600 900 700 990] /Contents 5 0 R %b >>" % font,
                4: b"<< /Type /Page /Parent 2 0 R /Contents 5 0 R %b >>" % font,
                5: stream(b"BT /F1 12 Tf 72 700 Td (words) Tj ET"),
                6: b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
            }
        ),
        "a.pdf",
        Limits(),
    )
    assert [p.text for p in paragraphs(document.blocks)] == ["words"]
    assert document.unread_pages == (1,)


def test_the_rest_of_a_sentence_in_the_last_cell_belongs_to_a_table_without_rules() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFont(FONT, 10.5)
        for index, label in enumerate(("实施计划", "建设内容", "资金估算")):
            canvas.drawString(LEFT, HEIGHT - 100 - index * 17, label)
            canvas.drawString(LEFT + 130, HEIGHT - 100 - index * 17, "大写：人民币壹佰叁拾捌万贰")
        canvas.drawString(LEFT + 130, HEIGHT - 100 - 3 * 17, "仟元整。")

    (table,) = read(made(draw))
    assert isinstance(table, Table)
    assert "".join(p.text for p in table.rows[-1][1].blocks if isinstance(p, Paragraph)).endswith(
        "贰仟元整。"
    )


def test_a_title_numbered_in_capitals_is_no_rest_of_a_full_line() -> None:
    data = made(lambda c: lines(c, FULL, "伍、国产密码应用", "采用国产算法。"))
    assert "伍、国产密码应用" in body(data)


def test_a_hyphen_at_the_end_of_a_line_is_read() -> None:
    start = "建" * 35 + "测评报告编号为CST-"
    assert body(made(lambda c: lines(c, start, "A2026-17。"))) == [start + "A2026-17。"]


def test_a_line_in_a_frame_goes_on_with_no_line_outside() -> None:
    def draw(canvas: Canvas) -> None:
        lines(canvas, FULL)
        lines(canvas, "系统概况", top=100 + STEP)
        canvas.rect(LEFT - 4, HEIGHT - 100 - STEP - 5, 90, 17)
        lines(canvas, "平台建于上一年。", top=100 + 2 * STEP)

    assert body(made(draw)) == [FULL, "系统概况", "平台建于上一年。"]


def test_a_label_before_a_gap_begins_a_line_of_its_own_behind_a_full_sentence() -> None:
    first = "信息安全建设  " + FULL[:-6] + "加以防护。"
    second = "信息系统网络安全等级保护定级  第三级，已经备案。"
    assert body(made(lambda c: lines(c, first, second))) == [" ".join(t.split()) for t in (first, second)]


def beside(canvas: Canvas, *rows: tuple[str, list[str]], top: float = 100) -> None:
    """Labels beside the middle of their values, as a form's cells without lines are printed."""
    for label, values in rows:
        lines(canvas, *values, top=top, left=LEFT + 90)
        lines(canvas, label, top=top + (len(values) - 1) * STEP / 2)
        top += len(values) * STEP


def test_labels_beside_the_middle_of_their_values_make_a_form() -> None:
    rows = [
        ("项目名称", ["智慧停车项目"]),
        ("建设依据", ["根据有关文件开展建设，", "并经会议研究同意。"]),
        (
            "建设目标",
            ["泊位利用率达到九成，", "投诉下降三成，群众寻", "找车位的时间缩短，群众", "满意度明显提升。"],
        ),
        ("实施计划", []),
        ("经费保障", ["区级财政资金。", "街道自筹资金。"]),
    ]

    def draw(canvas: Canvas) -> None:
        lines(canvas, "项目需求方案", size=18, left=LEFT + 120, top=60)
        above, below = rows[:3], rows[4:]
        beside(canvas, *above)
        lines(canvas, rows[3][0], top=100 + 7 * STEP)
        beside(canvas, *below, top=100 + 8 * STEP)

    form = next(b for b in read(made(draw)) if isinstance(b, Table))
    assert [[cell.text.replace("\n", "") for cell in row] for row in form.rows] == [
        [label, "".join(values)] for label, values in rows
    ]


def test_a_form_with_labels_beside_the_middle_goes_on_over_a_page_break() -> None:
    def draw(canvas: Canvas) -> None:
        beside(
            canvas,
            ("建设单位", ["某局"]),
            ("项目名称", ["项目"]),
            ("建设依据", ["根据文件，", "经会议同意，"]),
        )
        canvas.showPage()
        lines(canvas, "并已报备。", left=LEFT + 90)
        values = ["泊位利用率达到九成，", "投诉下降三成。"]
        beside(canvas, ("建设目标", values), ("资金估算", ["30万元"]), ("经费保障", ["财政"]), top=100 + STEP)

    form = next(b for b in read(made(draw)) if isinstance(b, Table))
    assert [row[0].text for row in form.rows][2:4] == ["建设依据", "建设目标"]
    assert form.rows[2][1].text.replace("\n", "").endswith("并已报备。")


def test_a_sign_of_another_font_stands_where_a_piece_leaves_room_for_it() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFont(FONT, 12)
        text = canvas.beginText(LEFT, HEIGHT - 100)
        text.setFont(FONT, 12)
        text.setCharSpace(4)
        text.textOut("有 无")
        canvas.drawText(text)
        canvas.drawString(LEFT + 16, HEIGHT - 100, "■")

    assert [t.replace(" ", "") for t in body(made(draw))] == ["有■无"]


def test_a_label_that_nearly_touches_its_value_stands_in_a_column_of_its_own() -> None:
    def draw(canvas: Canvas) -> None:
        labels = ("项目名称", "建设单位", "实施计划安", "排", "经费保障情", "况")
        for index, label in enumerate(labels):
            lines(canvas, label, top=100 + index * STEP, size=14)
            if len(label) > 1:
                lines(canvas, f"{index}个", top=100 + index * STEP, left=LEFT + 78, size=14)

    form = next(b for b in read(made(draw)) if isinstance(b, Table))
    assert [row[0].text for row in form.rows] == ["项目名称", "建设单位", "实施计划安", "排", "经费保障情"]
    assert [row[1].text for row in form.rows] == ["0个", "1个", "2个", "", "4个"]


def test_a_budget_without_lines_that_begins_a_page_is_no_list_of_contents() -> None:
    rows = [
        ("2", "边缘网关", "42"),
        ("3", "应用软件", "264"),
        ("4", "系统集成", "31.5"),
        ("5", "等保与密评", "18"),
    ]

    def draw(canvas: Canvas) -> None:
        for index, row in enumerate(rows):
            for text, left in zip(row, (72, 132, 332), strict=True):
                lines(canvas, text, top=100 + index * STEP, left=left)

    found = next(b for b in read(made(draw)) if isinstance(b, Table))
    assert [tuple(cell.text for cell in row) for row in found.rows] == rows


def test_ticks_and_boxes_of_symbol_fonts_are_read() -> None:
    assert body(made(lambda c: lines(c, "监理报告：\uf052有 \uf0a3无，\uf0fe附后"))) == [
        "监理报告：☑有 □无，☑附后"
    ]


def numbered(canvas: Canvas, *titles: tuple[str, str, float], top: float = 100) -> None:
    """Titles with a gap behind their numbers, given in font sizes."""
    canvas.setFont(FONT, 12)
    for index, (number, title, gap) in enumerate(titles):
        y = HEIGHT - top - index * STEP
        canvas.drawString(LEFT, y, number)
        canvas.drawString(LEFT + canvas.stringWidth(number, FONT, 12) + gap * 12, y, title)


def test_a_narrow_gap_parts_a_number_from_its_title_and_what_a_program_puts_in_does_not() -> None:
    data = made(
        lambda c: numbered(c, ("1", "总体架构", 0.5), ("2.1", "接口服务", 0.5), ("3", "年建成", 0.25))
    )
    assert body(data) == ["1 总体架构", "2.1 接口服务", "3年建成"]


def test_titles_with_a_tab_behind_their_numbers_are_no_table() -> None:
    titles = [("1.3", "建设原则", 2.0), ("1.3.1", "统一规划", 1.6), ("1.3.2", "分步实施", 1.6)]
    data = made(lambda c: numbered(c, *titles, ("2", "总体架构", 3.0)))
    assert not any(isinstance(block, Table) for block in read(data))
    assert [text.split()[1] for text in body(data)] == ["建设原则", "统一规划", "分步实施", "总体架构"]


def test_a_gap_parts_a_title_from_text_that_begins_with_a_quoted_name() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFont(FONT, 12)
        canvas.drawString(LEFT, 700, "一、立项依据")
        canvas.drawString(LEFT + 6 * 12 + 4, 700, "《四川省气象灾害防御条例》第二十一条。")

    assert body(made(draw)) == ["一、立项依据 《四川省气象灾害防御条例》第二十一条。"]


def test_titles_of_like_length_are_no_edge_where_sentences_run_on_beyond_them() -> None:
    texts = [
        "（一）立项依据", "部门工作要点；设备质保将于明年到期。",
        "（二）系统概况", "登记系统上线五年，日均办件很多。",
        "（三）运维内容", "设备巡检、耗材更换、软件升级、驻场值守。",
        "（四）考核指标", "故障响应半小时，按季度考核扣款。",
        "（五）服务周期", "3年。",
    ]  # fmt: skip
    assert body(made(lambda c: lines(c, *texts))) == texts


def test_a_number_that_a_narrow_cell_cut_behind_its_point_is_one() -> None:
    def draw(canvas: Canvas) -> None:
        grid(canvas, [["项", "价"], ["甲", "31."]], 100, wide=28)
        canvas.drawString(LEFT + 32, HEIGHT - 100 - 24 - 22, "1")

    (table,) = (b for b in read(made(draw)) if isinstance(b, Table))
    assert table.rows[1][1].text == "31.1"


def test_a_point_that_counts_on_from_one_in_its_line_begins_no_paragraph() -> None:
    first = "本项目总计249万元。6.1算力租用96万元；6.2应用开发以及部署调试培训和三年运行113万元；"
    data = made(lambda c: lines(c, FULL, first, "6.3知识库建设45万元。"))
    assert body(data)[-1].endswith(first + "6.3知识库建设45万元。")


def test_a_table_in_a_cell_goes_on_over_a_page_break_beside_the_empty_rest_of_its_group() -> None:
    def outer(canvas: Canvas, top: float, bottom: float, rows: list[tuple[str, str]], *beside: str) -> None:
        xs = [72, 142, 232, 500]
        for x in xs:
            canvas.line(x, HEIGHT - top, x, HEIGHT - bottom)
        for x in (246, 350, 480):
            canvas.line(x, HEIGHT - top - 12, x, HEIGHT - top - 12 - 24 * len(rows))
        for step in range(len(rows) + 1):
            y = HEIGHT - top - 12 - 24 * step
            canvas.line(246, y, 480, y)
        canvas.line(72, HEIGHT - top, 500, HEIGHT - top)
        for left, text in zip((76, 146), beside, strict=False):
            lines(canvas, text, top=top + 28, left=left)
        for index, (name, amount) in enumerate(rows):
            lines(canvas, name, top=top + 28 + 24 * index, left=250)
            lines(canvas, amount, top=top + 28 + 24 * index, left=354)

    def draw(canvas: Canvas) -> None:
        outer(canvas, 640, 760, [("名称", "金额"), ("软件", "20"), ("硬件", "8")], "方案内容", "项目预算")
        canvas.line(72, HEIGHT - 760, 500, HEIGHT - 760)
        canvas.showPage()
        outer(canvas, 60, 130, [("监理", "2"), ("合计", "30")])
        canvas.line(142, HEIGHT - 130, 500, HEIGHT - 130)
        lines(canvas, "网络安全", top=150, left=146)
        lines(canvas, "按三级建设。", top=150, left=236)
        for x in (72, 142, 232, 500):
            canvas.line(x, HEIGHT - 130, x, HEIGHT - 160)
        canvas.line(72, HEIGHT - 160, 500, HEIGHT - 160)

    (table,) = (b for b in read(made(draw)) if isinstance(b, Table))
    inner = [b for row in table.rows for cell in row for b in cell.blocks if isinstance(b, Table)]
    assert [[[cell.text for cell in row] for row in each.rows] for each in inner] == [
        [["名称", "金额"], ["软件", "20"], ["硬件", "8"], ["监理", "2"], ["合计", "30"]]
    ]
