"""Letters that name no class, and papers without a title, filled in by nobody, of another project."""

from __future__ import annotations

from datetime import date

import pytest
from docx_files import p, tbl, tc, tr, word_file

from validators.report import Report
from worker.pipeline import Source, check

CENTRED, BIG = '<w:pPr><w:jc w:val="center"/></w:pPr>', '<w:rPr><w:b/><w:sz w:val="44"/></w:rPr>'
PROJECT = "锦江区智慧水务感知项目"
TITLE = f"关于{PROJECT}合同备案的函"
SAYS = "我单位项目经公开招标，于2024年6月3日签订合同，合同金额156.8万元，现将合同副本报你办备案。"
DATED = ("一、合同签订时间", "2024年6月3日。")
CONTRACT = (
    f"项目名称：{PROJECT}",
    "甲方：锦江区某局",
    "乙方：成都清源科技有限公司",
    "双方根据有关法律法规达成如下协议：",
    "一、服务内容：感知终端120套及平台。",
    "二、合同金额：1,568,000元（大写：壹佰伍拾陆万捌仟元整）。",
    "三、争议解决：向甲方所在地人民法院起诉。",
    "甲方（盖章）：锦江区某局        乙方（盖章）：成都清源科技有限公司",
    "签订日期：2024年6月3日",
)
BLANK = (
    "项目名称：________",
    "甲方：________",
    "乙方：________",
    "双方根据有关法律法规达成如下协议：",
    "一、服务内容：软件开发和质保。",
    "二、合同金额：______元（大写：______）。",
    "三、争议解决：向甲方所在地人民法院起诉。",
    "甲方（盖章）：________        乙方（盖章）：________",
    "签订日期：____年__月__日",
)


def centred(line: str) -> str:
    return f"<w:p>{CENTRED}<w:r>{BIG}<w:t>{line}</w:t></w:r></w:p>"


def letter(*lines: str, title: str = TITLE) -> str:
    return centred(title) + "".join(map(p, ("区领导小组办公室：", *lines)))


def filed(*bodies: str) -> Report:
    sources = [Source(f"{index}.docx", word_file(body)) for index, body in enumerate(bodies)]
    return check(sources, filed_on=date(2024, 6, 7))


def errors(report: Report) -> set[tuple[str, str | None]]:
    return {(f.code, f.requirement) for f in report.findings if f.severity == "error"}


@pytest.mark.parametrize("left_out", [None, 5, 7])
def test_a_contract_without_a_title_is_known_by_what_it_says(left_out: int | None) -> None:
    lines = [line for index, line in enumerate(CONTRACT) if index != left_out]
    missing = ("section-missing", "合同副本") in errors(filed(letter(SAYS, *DATED), "".join(map(p, lines))))
    assert missing is (left_out is not None)


@pytest.mark.parametrize(("figures", "agrees"), [("156.8万元", True), ("165.8万元", False)])
@pytest.mark.parametrize("chapter", [(), ("二、采购情况",)], ids=["front", "chapter"])
def test_the_letter_and_the_contract_in_one_file_state_one_amount(
    chapter: tuple[str, ...], figures: str, agrees: bool
) -> None:
    body = letter(*DATED, *chapter, SAYS.replace("156.8万元", figures)) + centred("政府采购合同")
    found = errors(filed(body + "".join(map(p, CONTRACT))))
    assert found == (set() if agrees else {("value-inconsistent", "合同副本")})


@pytest.mark.parametrize("bound", [False, True], ids=["file", "bound"])
@pytest.mark.parametrize(("lines", "says"), [(CONTRACT, True), (BLANK, False)], ids=["filled", "blank"])
def test_a_contract_s_blank_form_is_no_contract(bound: bool, lines: tuple[str, ...], says: bool) -> None:
    contract = centred("政府采购合同") + "".join(map(p, lines))
    main = letter(SAYS, *DATED)
    report = filed(main + contract) if bound else filed(main, contract)
    assert report.record["合同副本"]["有内容"] is says
    assert (("section-empty", "合同副本") in errors(report)) is not says


PAPERS = (
    centred("项目验收报告") + p(f"验收组查看{PROJECT}现场和资料，于2024年6月3日同意通过验收。"),
    centred("用户使用报告") + p("五个社区使用三个月，运行稳定，用户同意验收。"),
    centred("监理工作总结报告") + p("设备进场、安装、调试均受控，质量合格。"),
)


def test_a_letter_that_names_no_class_hands_in_what_its_papers_are() -> None:
    plain = letter("现将材料报你办，请予审核。", title=f"关于{PROJECT}的备案函")
    assert filed(plain, *PAPERS).document_class == "acceptance-filing"
    minutes = centred("会议纪要") + p("会议研究了有关工作。")
    assert filed(plain, *PAPERS[:1], minutes).document_class is None
    contract = centred("政府采购合同") + "".join(map(p, CONTRACT))
    assert filed(plain, contract, *PAPERS).document_class == "acceptance-filing"


@pytest.mark.parametrize(("project", "stranger"), [("青羊区社区门禁改造项目", True), (PROJECT, False)])
def test_a_report_of_tests_says_which_project_asked_for_it(project: str, stranger: bool) -> None:
    tested = centred("软件测试报告") + p(f"委托项目：{project}") + p("共设计用例412条，全部通过。")
    main = letter("一、验收时间", "2024年6月3日", title=f"关于{PROJECT}验收备案的函")
    found = errors(filed(main, tested))
    assert (("value-inconsistent", "测评报告") in found) is stranger


@pytest.mark.parametrize(("use", "says"), [("", False), ("采集准确，查询方便。", True)])
def test_a_report_s_form_that_only_says_whose_it_is_says_nothing(use: str, says: bool) -> None:
    rows = (("项目", PROJECT), ("用户单位", "锦江区河湖保护中心"), ("使用起止", ""), ("使用评价", use))
    form = tbl("".join(tr(tc(p(label)) + tc(p(value))) for label, value in rows))
    main = letter("一、验收时间", "2024年6月3日", title=f"关于{PROJECT}验收备案的函")
    report = filed(main, centred("用户意见书") + form)
    assert report.record["用户报告"]["有内容"] is says
