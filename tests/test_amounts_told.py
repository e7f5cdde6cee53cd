"""Amounts that a submission tells in several places or in several ways, from the file to the finding."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from docx_files import p, tbl, tc, tr, word_file

from worker.pipeline import Source, check

CENTRED = '<w:jc w:val="center"/>'


def judged(*lines: str | Sequence[tuple[str, ...]], document_class: str = "construction-plan") -> Any:
    body = "".join(
        p(line.lstrip(">"), CENTRED if line[0] == ">" else "")
        if isinstance(line, str)
        else tbl("".join(tr("".join(tc(p(cell)) for cell in row)) for row in line))
        for line in lines
    )
    return check([Source("方案.docx", word_file(body))], document_class=document_class)


def faults(requirement: str, *lines: str | Sequence[tuple[str, ...]]) -> list[str]:
    report = judged(">智慧水务建设方案", *lines)
    return [f.code for f in report.findings if f.requirement == requirement and f.code != "section-missing"]


SOFTWARE = [
    ("模块", "人月", "金额（万元）"),
    ("画像", "36", "79.2"),
    ("预警", "20", "44"),
    ("小计", "56", "123.2"),
]
HARDWARE = [
    ("设备", "台", "金额（万元）"),
    ("终端", "20", "18"),
    ("密钥", "120", "3.6"),
    ("小计", "", "21.6"),
]


@pytest.mark.parametrize(("others", "agrees"), [("46", True), ("40", False)])
def test_a_part_told_in_words_beside_several_tables_belongs_to_the_whole(others: str, agrees: bool) -> None:
    found = faults(
        "项目预算",
        "六、项目预算",
        "（一）软件",
        SOFTWARE,
        "（二）硬件",
        HARDWARE,
        "（三）其他费用",
        f"监理费和测评费合计{others}万元。",
        "（四）汇总",
        "以上合计190.8万元。",
    )
    assert (found == []) is agrees


def test_a_part_told_in_words_is_not_added_to_tables_that_are_the_whole() -> None:
    whole = ("六、项目预算", "总预算144.8万元。", "（一）软件", SOFTWARE, "（二）硬件", HARDWARE)
    assert faults("项目预算", *whole, "（三）说明", "其中财政资金100万元。") == []


@pytest.mark.parametrize(("total", "agrees"), [("395", True), ("405", False)])
def test_a_table_without_a_unit_is_in_ten_thousands_where_the_text_is(total: str, agrees: bool) -> None:
    table = [("名称", "数量", "合价"), ("数据中心", "1", "95"), ("应用", "4", "300"), ("合计", "", "395")]
    assert (faults("项目预算", "十、项目预算", f"总预算{total}万元。", table) == []) is agrees


def test_a_unit_in_brackets_beside_the_total_is_that_of_the_table() -> None:
    table = [("名称", "合价", ""), ("数据中心", "95", ""), ("应用", "300", ""), ("合计", "395", "（万元）")]
    assert judged(">方案", "十、项目预算", table).record["项目预算"]["金额"] == 3_950_000


def test_what_is_to_be_invested_by_the_summary_must_be_the_total() -> None:
    plan = ("二、项目预算", "总预算135万元，其中软件60万元，硬件75万元。")
    assert faults("项目预算", "一、项目概况", "街道拟投资120万元建设本系统。", *plan) == [
        "value-inconsistent"
    ]
    assert faults("项目预算", "一、项目概况", "街道拟投资135万元建设本系统。", *plan) == []
    assert faults("项目预算", "一、项目概况", "街道拟投资60万元开发软件。", *plan) == []


def test_a_total_in_capitals_alone_is_read_beside_figures_of_its_parts() -> None:
    text = "拟投入资金共计陆佰贰拾万元整。其中软件开发5,100,000元，数据治理1,100,000元。"
    assert judged(">方案", "十、项目预算", text).record["项目预算"]["金额"] == 6_200_000


@pytest.mark.parametrize("date", ["2026年2月", "二〇二六年二月", "2026.2.16"])
def test_a_unit_that_shares_its_line_with_the_date_is_read(date: str) -> None:
    report = judged(">智慧水务建设方案", f">锦江区机关事务服务中心    {date}", "一、建设原则", "安全可靠。")
    assert report.record["建设单位"] == "锦江区机关事务服务中心"


SUMMARY = [
    ("序号", "分类", "金额（万元）"),
    ("1", "软件", "123.2"),
    ("2", "硬件", "21.6"),
    ("", "合计", "144.8"),
]
TOTALLED = [row if row[0] != "小计" else ("合计", *row[1:]) for row in SOFTWARE]
HARDWARE_TOTALLED = [row if row[0] != "小计" else ("合计", *row[1:]) for row in HARDWARE]


@pytest.mark.parametrize(
    ("said", "software", "agrees"),
    [
        ("", "79.2", True),
        ("", "89.2", False),
        ("总预算144.8万元。", "79.2", True),
        ("总预算144.8万元。", "89.2", False),
    ],
)
def test_a_line_of_the_summary_must_be_what_its_own_table_comes_to(
    said: str, software: str, agrees: bool
) -> None:
    detail = [(*row[:-1], software) if row[0] == "画像" else row for row in TOTALLED]
    lines: list[str | Sequence[tuple[str, ...]]] = [
        "六、项目预算",
        said or "预算如下。",
        "（一）汇总",
        SUMMARY,
        "（二）软件明细",
        detail,
    ]
    found = faults("项目预算", *lines, "（三）硬件明细", HARDWARE_TOTALLED)
    assert (found == []) is agrees


def test_the_table_that_sums_up_the_others_gives_the_total() -> None:
    report = judged(
        ">方案",
        "六、项目预算",
        "（一）汇总",
        SUMMARY,
        "（二）软件",
        TOTALLED,
        "（三）硬件",
        HARDWARE_TOTALLED,
    )
    assert report.record["项目预算"]["金额"] == 1_448_000


@pytest.mark.parametrize(
    ("text", "agrees"),
    [
        ("总预算286.5万元（2,865,000元）。", True),
        ("总预算286.5万元（2,856,000元）。", False),
        ("人民币24,800,000元（大写贰仟肆佰捌拾万元整，即2,408万元）。", False),
        ("人民币24,800,000元（大写贰仟肆佰捌拾万元整，即2,480万元）。", True),
        ("总预算286.5万元（其中财政200万元）。", True),
        ("总预算约287万元（2,865,000元）。", True),
        ("共计90万元整（¥900,000.00，人民币玖拾万元整）。", True),
        ("共计90万元整（¥300,000.00，人民币玖拾万元整）。", False),
        ("总预算0.3亿元，即30,000,000.00元，大写人民币叁仟万元整。", True),
        ("总预算0.3亿元，即40,000,000.00元，大写人民币叁仟万元整。", False),
        ("总预算90万元，即人民币900,000元。", True),
        ("总预算90万元，即人民币300,000元。", False),
        ("总预算90万元，即每年30万元。", True),
        ("总预算90万元，即30万元×3年。", True),
    ],
)
def test_an_amount_is_repeated_in_brackets_or_after_that_is_as_it_is(text: str, agrees: bool) -> None:
    assert (faults("项目预算", "六、项目预算", text) == []) is agrees


def proposal(estimate: str, sources: str, *further: str | Sequence[tuple[str, ...]]) -> Any:
    lines = ("一、资金估算", estimate, *further, "二、经费保障", sources)
    return judged(">运维项目需求方案", *lines, document_class="proposal-maintenance").record


def test_sources_may_leave_out_the_last_word_of_their_unit() -> None:
    assert proposal("共286.5万。", "公益金200万，区财政86.5万。")["经费保障"]["合计"] == 2_865_000


def test_what_comes_year_by_year_is_no_sum_of_sources() -> None:
    assert "合计" not in proposal("三年共420万元。", "区财政信息网络运维专项，逐年安排140万元。")["经费保障"]


@pytest.mark.parametrize(("years", "agrees"), [("两年合计98.8万元", True), ("两年合计98.7万元", False)])
def test_a_table_of_one_year_agrees_with_the_total_of_two(years: str, agrees: bool) -> None:
    table = [
        ("序号", "费用", "金额"),
        ("1", "驻场", "43.2万元"),
        ("2", "备件", "6.2万元"),
        ("合计", "", "49.4万元"),
    ]
    told = proposal(f"顺延一年，{years}。", "财政资金。", table)["资金估算"]
    assert (told["分项差额"] == 0) is agrees


def test_a_total_named_beside_its_first_item_contradicts_no_field() -> None:
    form = [
        ("项目名称", "智慧水务平台"),
        ("总投资（万元）", "42.6"),
        ("资金估算", "软件30万元；终端8.6万元；测评4万元；合计42.6万元"),
        ("经费保障", "财政资金"),
    ]
    assert (
        "另述金额"
        not in judged(">项目需求方案", form, document_class="proposal-construction").record["资金估算"]
    )


def test_a_unit_below_a_table_is_that_of_the_table() -> None:
    table = [("费用", "第一年", "第二年", "合计"), ("驻场", "8", "8", "16"), ("合计", "8", "8", "16")]
    assert proposal("如下表。", "财政资金。", table, "（单位：万元）")["资金估算"]["金额"] == 160_000
    assert proposal("如下表。", "财政资金。", table, "以上为估算。")["资金估算"]["金额"] == 16


def test_a_list_that_begins_anew_under_a_title_without_text_is_its_text() -> None:
    lines = ("七、经费保障", "一、上级资金：46万元", "二、本级资金：50万元", "八、安全可靠情况", "均为国产。")
    record = judged(">项目需求方案", *lines, document_class="proposal-construction").record
    assert record["经费保障"]["合计"] == 960_000
    assert record["安全可靠情况"]["有内容"]


def test_each_amount_is_in_the_unit_in_brackets_right_behind_it() -> None:
    assert proposal("合计55.0（单位：万元）", "财政资金。")["资金估算"]["金额"] == 550_000


@pytest.mark.parametrize("most", ["最高", "合计最高为", "上限"])
def test_the_most_that_some_years_cost_is_the_total(most: str) -> None:
    assert proposal(f"年度服务费9.6万元，三年{most}28.8万元。", "自有资金。")["资金估算"]["金额"] == 288_000


def test_an_account_beside_its_label_is_added_up_though_an_item_is_called_like_a_label() -> None:
    items = [("小程序", "98000"), ("看板", "52000"), ("测评", "36000")]
    label = '<w:vMerge w:val="restart"/>'
    rows = [
        tr(tc(p("资金估算"), label if not index else "<w:vMerge/>") + tc(p(name)) + tc(p(figure)))
        for index, (name, figure) in enumerate(items)
    ]
    above = tr(tc(p("项目名称")) + tc(p("预约平台"), '<w:gridSpan w:val="2"/>'))
    body = p("项目申报表", CENTRED) + p("金额单位：元") + tbl(above + "".join(rows))
    report = check([Source("表.docx", word_file(body))], document_class="proposal-construction")
    assert report.record["资金估算"]["金额"] == 186_000


@pytest.mark.parametrize(("total", "agrees"), [("45.9", True), ("76.5", True), ("30.6", False)])
def test_a_table_with_columns_for_a_time_and_its_renewal(total: str, agrees: bool) -> None:
    table = [
        ("序号", "费用", "18个月（元）", "续签12个月（元）"),
        ("1", "终端", "318,600", "212,400"),
        ("2", "后台", "140,400", "93,600"),
        ("", "合计", "459,000", "306,000"),
    ]
    told = proposal(f"共{total}万元。", "财政资金。", table)["资金估算"]
    assert (told["分项差额"] == 0) is agrees


def test_a_second_place_whose_figures_differ_contradicts_whatever_its_capitals_say() -> None:
    plan = ("总投资：1280000元", "一、建设原则", "安全可靠。", "二、项目预算")
    assert faults("项目预算", *plan, "1280000元（大写：壹佰贰拾捌万元整）") == []
    assert faults("项目预算", *plan, "1208000元（大写：壹佰贰拾捌万元整）") == ["value-inconsistent"]


def test_a_section_that_points_to_an_annex_of_its_own_file_is_what_stands_there() -> None:
    table = [("名称", "金额（元）"), ("软件", "600000"), ("硬件", "200000"), ("合计", "800000")]
    annexed = proposal("详见附件1。", "财政资金。", "三、其他", "无。", "附件1：资金估算表", table)
    assert annexed["资金估算"]["金额"] == 800_000
    assert not proposal("详见附件1。", "财政资金。", "三、其他", "无。")["资金估算"]["有内容"]


def test_what_anothers_project_cost_in_all_is_not_this_one_s_total() -> None:
    told = proposal("总投资126万元。参照武侯区同类项目（总投资158万元）核减。", "财政资金。")
    assert told["资金估算"]["金额"] == 1_260_000


@pytest.mark.parametrize(("subtotal", "told"), [("12", ""), ("13", "小计为13万元，所含各分项之和却是12万元")])
@pytest.mark.parametrize(
    "document_class", ["construction-plan", "proposal-construction", "proposal-maintenance"]
)
def test_a_subtotal_that_its_items_do_not_come_to_is_told(
    document_class: str, subtotal: str, told: str
) -> None:
    table = [
        ("序号", "名称", "金额（万元）"), ("1", "数据治理", "10"), ("2", "密评", "2"), ("", "小计", subtotal),
        ("3", "等保测评", "5"), ("4", "集成", "3"), ("", "小计", "8"), ("", "合计", "20"),
    ]  # fmt: skip
    title = "项目预算" if document_class == "construction-plan" else "资金估算"
    report = judged(">智慧水务方案", f"六、{title}", table, document_class=document_class)
    found = [f for f in report.findings if f.requirement == title]
    assert [f.code for f in found] == (["value-inconsistent"] if told else [])
    assert all(told in f.message and f.locations[0].text == f"小计 {subtotal}" for f in found)
