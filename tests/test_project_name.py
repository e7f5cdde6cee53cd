"""The project's name as the title gives it, where no label does."""

import pytest
from docx_files import p, word_file

from worker.pipeline import Source, check

_TITLES = """智慧社区项目立项申请书=智慧社区项目 关于申请将智慧社区项目纳入年度计划的请示=智慧社区项目
    关于申报“锦绣社区智能门禁改造”项目的需求说明=锦绣社区智能门禁改造项目
    学校食堂“互联网+明厨亮灶”提升项目需求方案=学校食堂“互联网+明厨亮灶”提升项目
    政务网2024年度运维服务项目需求书=政务网2024年度运维服务项目
    智慧公园项目（二期）建设方案=智慧公园项目(二期)
    智慧社区平台总体设计方案（送审稿）=智慧社区平台 城市管理物联感知系统建设方案=城市管理物联感知系统
    城市管理物联感知系统项目建设方案=城市管理物联感知系统 智慧食堂项目验收备案表=智慧食堂项目
    关于报送政务网升级改造项目合同副本的函=政务网升级改造项目 关于智慧食堂系统停运有关事项的报告=智慧食堂系统
    锦江文旅发展集团有限公司关于报送夜游票务平台项目需求方案的函=夜游票务平台项目
    某区某街道办事处关于报送商圈客流管理平台项目建设方案的报告=商圈客流管理平台项目
    关于关闭智慧食堂系统的请示=智慧食堂系统 关于停止使用就业援助信息系统的函=就业援助信息系统
    锦江区投资促进项目全周期管理系统需求方案=锦江区投资促进项目全周期管理系统"""


@pytest.mark.parametrize("pair", _TITLES.split())
def test_a_title_names_the_project_among_other_words(pair: str) -> None:
    title, name = pair.split("=")
    data = word_file(p(title, '<w:jc w:val="center"/>') + p("一、建设依据") + p("依据工作部署实施。"))
    report = check([Source("a.docx", data)], document_class="proposal-construction")
    assert report.record["项目名称"] == name


@pytest.mark.parametrize("title", ["合同备案情况表", "合同备案情况说明", "项目需求方案"])
def test_a_title_that_names_no_project_gives_none(title: str) -> None:
    data = word_file(p(title, '<w:jc w:val="center"/>') + p("一、建设依据") + p("依据工作部署实施。"))
    report = check([Source("a.docx", data)], document_class="proposal-construction")
    assert "项目名称" not in report.record


@pytest.mark.parametrize("signed", [True, False])
def test_the_red_head_names_the_unit_where_nobody_signs(signed: bool) -> None:
    """It looks like a title of its own: larger than the text."""
    head = "<w:p><w:r><w:rPr><w:b/><w:sz w:val='60'/></w:rPr><w:t>大邑县气象局文件</w:t></w:r></w:p>"
    text = p("关于申报系统运维项目的请示") + p("一、立项依据") + p("依据工作部署实施。")
    end = p("大邑县气象局", '<w:jc w:val="right"/>') if signed else ""
    report = check([Source("a.docx", word_file(head + text + end))], document_class="proposal-maintenance")
    assert report.record["建设单位"] == "大邑县气象局"


@pytest.mark.parametrize("between", ["", " ", "\t"])
@pytest.mark.parametrize(
    "further", ["日期：2024年3月", "编制日期：2024年3月", "联系人：张三", "联系电话：028"]
)
def test_a_name_ends_before_the_next_label_also_where_recognition_lost_the_space(
    between: str, further: str
) -> None:
    lines = f"项目名称：智慧食堂项目{between}{further}", f"建设单位：大邑县气象局{between}{further}"
    data = word_file(p("项目需求方案") + "".join(map(p, lines)) + p("一、立项依据") + p("依据工作部署实施。"))
    report = check([Source("a.docx", data)], document_class="proposal-maintenance")
    assert report.record["项目名称"] == "智慧食堂项目"
    assert report.record["建设单位"] == "大邑县气象局"


def test_the_unit_of_a_project_ends_before_the_word_project() -> None:
    data = word_file(
        p("项目需求方案") + p("建设单位：大邑县气象局项目负责人：张三") + p("一、立项依据：工作部署。")
    )
    report = check([Source("a.docx", data)], document_class="proposal-maintenance")
    assert report.record["建设单位"] == "大邑县气象局"
