"""Tables of contents: by field, by content control, by style, and typed."""

import pytest
from docx_files import p, r, read_paragraphs, style, tbl, tc, tr

from extractors.document import Role


def listed(body: str, styles: str = "") -> list[str]:
    return [f.text for f in read_paragraphs(body, styles=styles) if f.role is Role.CONTENTS]


def mark(kind: str) -> str:
    return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'


def instruction(text: str) -> str:
    return f"<w:r><w:instrText>{text}</w:instrText></w:r>"


def test_lines_of_a_contents_field_over_several_paragraphs() -> None:
    begin = mark("begin") + instruction("TO") + instruction("C \\o") + mark("separate")
    page = mark("begin") + instruction("PAGEREF _Toc1") + mark("separate") + r("3") + mark("end")
    body = (
        p("目  录")
        + f"<w:p>{begin}{r('一、建设依据 ')}{page}</w:p>"
        + f"<w:p>{r('二、建设目标 ')}{page}</w:p>"
        + f"<w:p>{mark('end')}{r('一、建设依据')}</w:p>"
        + p("正文")
    )
    assert listed(body) == ["目  录", "一、建设依据 3", "二、建设目标 3"]


def test_lines_in_a_contents_control() -> None:
    gallery = '<w:docPartObj><w:docPartGallery w:val="{}"/></w:docPartObj>'
    control = "<w:sdt><w:sdtPr>{}</w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>"
    contents = control.format(gallery.format("Table of Contents"), p("目录") + p("建设依据"))
    other = control.format(gallery.format("Cover Pages"), p("封面"))
    assert listed(contents + other + p("正文")) == ["目录", "建设依据"]


@pytest.mark.parametrize("name", ["toc 1", "TOC 2", "目录 3", "TOC Heading", "目录标题", "table of figures"])
def test_lines_in_a_contents_style(name: str) -> None:
    assert listed(p("建设依据", '<w:pStyle w:val="12"/>') + p("正文"), style("12", name)) == ["建设依据"]


@pytest.mark.parametrize("title", ["目录", "目  录", "【目录】", "CONTENTS", "Table of Contents"])
@pytest.mark.parametrize("gap", ["\t", "……", ".......", " · · · · ", "   "])
def test_typed_lines_under_a_heading(title: str, gap: str) -> None:
    body = p(title) + p(f"一、建设依据{gap}1") + p(f"二、建设目标{gap}2") + p("一、建设依据") + p("依据")
    assert listed(body) == [title, f"一、建设依据{gap}1", f"二、建设目标{gap}2"]


def test_typed_lines_with_leaders_need_no_heading() -> None:
    assert len(listed(p("一、建设依据…………1") + p("二、建设目标…………12") + p("正文"))) == 2


def test_typed_lines_with_tabs_to_a_leader_need_no_heading() -> None:
    stop = '<w:tabs><w:tab w:val="right" w:leader="dot" w:pos="8300"/></w:tabs>'
    body = p("一、建设依据\t1", stop) + p("二、建设目标\t2", stop) + p("正文")
    assert len(listed(body)) == 2


def test_columns_typed_with_tabs_are_no_contents() -> None:
    assert listed(p("服务器\t3") + p("交换机\t4") + p("一句话……")) == []


def test_a_single_line_with_dots_is_no_contents() -> None:
    assert listed(p("金额………35") + p("正文")) == []


def test_the_text_after_a_typed_table_of_contents_is_body() -> None:
    body = p("目录") + p("一、建设依据\t1") + p("一、建设依据") + p("总投资\t300")
    assert listed(body) == ["目录", "一、建设依据\t1"]


def test_a_table_of_titles_and_pages_under_the_heading() -> None:
    def rows(*pairs: tuple[str, str]) -> str:
        return tbl("".join(tr(tc(p(title)) + tc(p(page))) for title, page in pairs))

    pages = rows(("1 建设依据", "1"), ("2 实施计划", "3"))
    assert listed(p("目　录") + pages + p("正文")) == ["目　录", "1 建设依据\t1", "2 实施计划\t3"]
    assert listed(p("目录") + rows(("建设依据", "9"), ("实施计划", "3"))) == ["目录"]
    assert listed(p("数量") + pages) == []


def test_typed_lines_without_heading_or_leaders_whose_titles_come_again() -> None:
    lines = [("1 概述", 1), ("2 建设依据", 3), ("3 建设目标", 4), ("4 实施计划", 9)]
    typed = "".join(p(f"{title}\t{page}") for title, page in lines)
    assert len(listed(p("方案") + typed + p("1 概述") + p("正文") + p("建设目标") + p("正文"))) == 4
    assert listed(p("方案") + typed + p("1 概述") + p("正文")) == []


def test_a_price_list_whose_names_come_again_in_no_order_is_no_contents() -> None:
    typed = "".join(p(f"{name}\t{price}") for name, price in (("软件开发", 90), ("硬件", 30), ("集成", 12)))
    assert listed(typed + p("软件开发") + p("说明") + p("硬件") + p("说明") + p("集成") + p("说明")) == []
