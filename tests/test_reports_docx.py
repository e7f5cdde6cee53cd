"""The notice: opened as Word would open it."""

from io import BytesIO
from zipfile import ZipFile

import docx
import pytest
import report_cases as cases
from docx.oxml.ns import qn
from docx.shared import Pt

from reports import render


def notice(reports):
    return docx.Document(BytesIO(render(reports, "docx")))


def lines(reports) -> list[str]:
    return [paragraph.text for paragraph in notice(reports).paragraphs]


def test_a_deficient_submission_is_told_what_to_mend():
    told = lines(cases.deficient())
    assert told[:2] == ["项目申报材料补正告知书", "成都市锦江区农业和水务局："]
    assert told[2] == (
        "你单位报送的“锦江区河湖智能监测系统运维项目”的项目需求方案（维护类）"
        "（锦江区河湖智能监测系统运维项目需求方案.pdf）收悉。经预审检查，"
        f"对照《{cases.REGULATION}》，有以下5项内容需要补正："
    )
    assert told[8:13] == [
        "二、服务周期（数据超出规定）",
        "存在问题：“四、服务周期”写明的服务周期为48个月（含续签），超过最长3年（36个月）的规定。",
        "依据：第六条。",
        "位置：第4页，“四、服务周期”，第31段（原文：“自合同签订之日起2年；期满经评价合格的，可再续签2年。”）。",
        "补正要求：请把服务周期（含续签）改为不超过36个月。",
    ]
    assert "另有以下1项提示，请一并核对：" in told
    assert told[-2:] == ["受理单位（盖章）：　　　　　　　　", "　　　　年　　月　　日"]


def test_a_pass_asks_for_nothing():
    told = lines(cases.spotless())
    assert told[:2] == ["预审结果告知书", "项目申报单位："]
    assert "没有发现需要补正的内容。" in told[2]
    assert not any("重新报送" in line for line in told)


def test_a_pass_still_tells_its_hints():
    told = lines(cases.passing())
    assert "有以下1项提示，请一并核对：" in told
    assert any(line.startswith("1. “3.4 与智慧蓉城锦江运行管理平台的对接”") for line in told)


def test_the_unreadable_is_told_with_its_remedy():
    told = lines(cases.unreadable())
    assert told[0] == "项目申报材料补正告知书"
    assert told[2].startswith("你单位报送的材料（扫描件0001.pdf）收悉。因下列原因，未能对照《")
    assert "一、文件无法审查" in told
    assert any(line.startswith("补正要求：请提交由 Word 或 WPS 直接导出") for line in told)


def test_a_batch_is_one_notice_a_section_numbered_from_one():
    document = notice(cases.batch())
    titles = [p.text for p in document.paragraphs if p.style.name == "公文标题"]
    assert titles.count("预审结果告知书") == 2
    assert titles.count("项目申报材料补正告知书") == 3
    starts = [s.get(qn("w:start")) for s in document.element.body.iter(qn("w:pgNumType"))]
    assert starts == ["1"] * 5


def test_the_page_is_that_of_an_official_paper():
    section = notice(cases.deficient()).sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round(margin.mm) for margin in margins] == [37, 35, 28, 26]
    assert "PAGE" in section.footer.part.element.xml


@pytest.mark.parametrize(
    ("style", "font", "size"),
    [("公文标题", "方正小标宋简体", 22), ("公文正文", "仿宋_GB2312", 16), ("公文层次", "黑体", 16)],
)
def test_the_fonts_are_those_of_an_official_paper(style, font, size):
    found = notice(cases.deficient()).styles[style]
    assert found.element.rPr.rFonts.get(qn("w:eastAsia")) == font
    assert found.font.size == Pt(size)


def test_body_lines_stand_28_points_apart_and_begin_two_characters_in():
    body = notice(cases.deficient()).styles["公文正文"]
    assert body.paragraph_format.line_spacing == Pt(28)
    assert body.element.pPr.ind.get(qn("w:firstLineChars")) == "200"


def test_a_font_that_is_not_installed_has_a_substitute():
    with ZipFile(BytesIO(render(cases.passing(), "docx"))) as archive:
        table = archive.read("word/fontTable.xml").decode()
    assert 'w:name="仿宋_GB2312"><w:altName w:val="仿宋"/>' in table


def test_hostile_text_stays_text():
    told = "\n".join(lines(cases.hostile()))
    assert "<script>alert(1)</script>fdp.exe\ufffd[31m" in told
    assert "\u202e" not in told


def test_equal_reports_give_equal_bytes_without_a_clock():
    one, other = render(cases.batch(), "docx"), render(cases.batch(), "docx")
    assert one == other
    with ZipFile(BytesIO(one)) as archive:
        assert {info.date_time for info in archive.infolist()} == {(2000, 1, 1, 0, 0, 0)}
    properties = docx.Document(BytesIO(one)).core_properties
    assert properties.created == properties.modified
    assert properties.author == ""
