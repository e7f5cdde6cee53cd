"""Whole papers in words that stand in no list: what other periods and sums say is not this project's."""

from __future__ import annotations

from typing import Any

import pytest
from docx_files import p, tbl, tc, tr, word_file

from worker.pipeline import Source, check


def table(*rows: str) -> str:
    return tbl(*(tr(*(tc(p(cell)) for cell in row.split("|"))) for row in rows))


def record(class_id: str, *lines: str) -> dict[str, Any]:
    data = word_file("".join(line if line.startswith("<") else p(line) for line in lines))
    return check([Source("a.docx", data)], document_class=class_id).record


@pytest.mark.parametrize(
    ("text", "months"),
    [
        ("本期运维服务期为2年（上一期服务期为4年，已于2025年12月到期）。", 24),
        ("上一轮运维合同期为5年，本次服务期三年。", 36),
        ("具体以合同约定为准。上一轮服务期为3年，已到期。", None),
        ("首期服务期2年，期满可续签2年。", 48),
        ("自上一服务合同到期之日起两年。", 24),
        ("服务期自原合同期满后计算，为期三周年。", 36),
        ("服务期限三十六个月，到期后原服务商可顺延服务六个月。", 42),
        ("服务期3年，期满后可与原运维单位续签1年。", 48),
        ("服务期3年，原服务合同为5年。", 36),
        ("服务期3年，原服务单位服务5年，已于2025年到期。", 36),
    ],
)
def test_the_period_of_an_earlier_contract_is_not_this_one(text: str, months: int | None) -> None:
    stated = record("proposal-maintenance", "一、服务周期", text)
    assert stated["服务周期"].get("月数") == months


def test_what_the_system_cost_once_is_not_the_estimate() -> None:
    stated = record("proposal-maintenance", "一、资金估算", "原建设投资186万元。", "本项目共需28.5万元。")
    assert stated["资金估算"]["金额"] == 285_000


def test_under_a_joined_title_sources_in_words_are_not_the_total_of_the_table() -> None:
    budget = table("费用类别|金额", "备件费|12万元", "驻场费|18万元", "合计|30万元")
    sources = "市级财政资金12万元；区级财政资金18万元。"
    stated = record("proposal-maintenance", "六、资金估算与保障", budget, sources)
    assert stated["资金估算"]["金额"] == 300_000
    assert stated["经费保障"]["合计"] == 300_000


@pytest.mark.parametrize(
    ("class_id", "requirement", "text", "date"),
    [
        ("contract-filing", "合同签订时间", "合同于2025年6月3日由双方签字盖章后生效。", "2025-06-03"),
        ("contract-filing", "合同签订时间", "2025年6月3日签订合同，履约期至2026年6月2日。", "2025-06-03"),
        (
            "decommission-notice",
            "停运时间",
            "2026年9月30日正式下线，2026年8月31日起停止新增业务。",
            "2026-09-30",
        ),
        ("acceptance-filing", "验收时间", "2024年4月24日通过验收，4月26日印发验收意见。", "2024-04-24"),
    ],
)
def test_a_date_of_something_else_beside_it_is_not_meant(
    class_id: str, requirement: str, text: str, date: str
) -> None:
    assert record(class_id, f"一、{requirement}", text)[requirement]["日期"] == date


def test_what_the_system_in_use_cost_is_no_second_estimate() -> None:
    overview = "系统由某公司2020年承建，总投资约210万元，2021年11月通过验收。"
    stated = record("proposal-maintenance", "二、系统概况", overview, "六、资金估算", "总投资29万元。")
    assert "另述金额" not in stated["资金估算"]


@pytest.mark.parametrize("text", ["甲方：某区教育局；乙方：某公司", "项目名称：某平台\n合同金额：198万元"])
def test_a_contract_copied_into_a_form_is_the_value_of_its_field(text: str) -> None:
    lines = "<w:r><w:br/></w:r>".join(f"<w:r><w:t>{line}</w:t></w:r>" for line in text.split("\n"))
    form = tbl(
        tr(tc(p("项目名称")), tc(p("某平台"))),
        tr(tc(p("合同文本")), tc(f"<w:p>{lines}</w:p>")),
        tr(tc(p("合同签订日期")), tc(p("2025年1月3日"))),
    )
    assert record("contract-filing", form)["合同副本"]["有内容"]


ESTIMATE = ("六、资金估算", "总投资96万元。")


@pytest.mark.parametrize(
    "lines",
    [
        ("一、项目概况", "本项目面向全区小区。总投资69万元，建设工期9个月。"),
        ("1.3 投资规模", "估算总费用69万元，来源为财政资金。"),
        ("一、项目概述", "（一）投资与工期", "估算总投资69万元，工期7个月。"),
        ("现将方案报告如下。项目估算资金69万元，请予预审。",),
        (table("项目名称|某平台", "估算金额|69万元", "申报单位|区某局"),),
    ],
    ids=["overview", "a summary's own part", "a part of the overview", "letter", "field of the cover"],
)
def test_another_total_elsewhere_contradicts(lines: tuple[str, ...]) -> None:
    stated = record("proposal-construction", "某平台需求方案", *lines, *ESTIMATE)
    assert {stated["资金估算"][each] for each in ("金额", "另述金额")} == {960_000, 690_000}


@pytest.mark.parametrize(
    "lines",
    [
        ("一、项目概况", "本项目面向全区小区。总投资96万元，建设工期9个月。"),
        ("一、项目概况", "项目分两期建设，总投资492万元，本期96万元。"),
        ("一、项目概况", "一期总投资180万元，运行正常。"),
        ("一、项目概述", "（一）建设背景", "2021年建成的追溯系统，总投资69万元，已停用。"),
        ("一、项目概况", "年运维费32万元。总费用32万元。"),
        ("1.3 投资规模", "参照同类项目（约612万元）估算。"),
        ("1.3 投资规模", "软件60万元，硬件36万元。"),
        (table("项目名称|某平台", "年度预算|32万元", "申报单位|区某局"),),
    ],
    ids=[
        "same",
        "two phases",
        "phase before",
        "a former system",
        "a year's",
        "others'",
        "parts",
        "a year's field",
    ],
)
def test_what_is_no_other_total_does_not_contradict(lines: tuple[str, ...]) -> None:
    stated = record("proposal-construction", "某平台需求方案", *lines, *ESTIMATE)
    assert stated["资金估算"]["金额"] == 960_000
    assert "另述金额" not in stated["资金估算"]


def test_the_account_of_one_year_counts_for_each_of_the_years() -> None:
    account = table("类别|年费用（万元）", "普通点位|{}", "平台|57", "年费用合计|177")
    text = "年运维费177万元，三年合计531万元。"
    right = record("proposal-maintenance", "六、资金估算", text, account.replace("{}", "120"))
    wrong = record("proposal-maintenance", "六、资金估算", text, account.replace("{}", "130"))
    assert right["资金估算"]["分项差额"] == 0
    assert wrong["资金估算"]["分项差额"] == 300_000


def test_a_table_that_is_a_third_of_the_total_is_no_year_s_where_no_text_says_so() -> None:
    account = table("类别|费用（万元）", "普通点位|120", "平台|57", "合计|177")
    stated = record("proposal-construction", "六、资金估算", "总投资531万元。", account)
    assert stated["资金估算"]["分项差额"] == -3_540_000


def test_a_line_of_a_list_that_is_called_like_a_label_is_a_line_of_the_list() -> None:
    lines = (
        "六、经费估算",
        "项目经费估算165万元，测算如下：",
        "•数据服务：70万元",
        "•研发：83万元",
        "•测评与监理：12万元",
    )
    assert record("proposal-construction", *lines)["资金估算"]["分项合计"] == 1_650_000


def wide(*rows: str) -> str:
    """A form of four columns: a row of one cell spans them all."""
    return tbl(
        *(
            tr(*(tc(p(cell), '<w:gridSpan w:val="4"/>' if "|" not in row else "") for cell in row.split("|")))
            for row in rows
        )
    )


def test_the_fields_of_a_form_may_stand_under_rows_that_are_their_titles() -> None:
    form = wide(
        *("一、建设目标", "全区覆盖。", "二、资金估算", "名称|数量|单价|金额", "终端|11|2.2|24.2"),
        *("平台|1|27.8|27.8", "合计（大写）|伍拾贰万元整|合计|52", "三、经费保障"),
        *("政法转移支付资金|30|区级财政|22", "四、安全可靠情况", "均为国产。"),
    )
    stated = record("proposal-construction", "填表日期：2025年1月15日　　单位：万元", form)
    assert stated["资金估算"]["金额"] == stated["资金估算"]["大写金额"] == 520_000
    assert stated["经费保障"]["合计"] == 520_000
    assert stated["安全可靠情况"]["有内容"]


def test_the_sources_in_one_row_of_a_form_are_all_counted() -> None:
    form = tbl(
        tr(*(tc(p(cell)) for cell in ("资金估算", "31万元", "服务周期", "两年"))),
        tr(*(tc(p(cell)) for cell in ("立项依据", "区政府会议纪要。", "系统概况", "2019年建成。"))),
        tr(*(tc(p(c)) for c in ("经费保障", "区级财政资金", "210,000元", "省级人防经费", "100,000元"))),
    )
    assert record("proposal-maintenance", form)["经费保障"]["合计"] == 310_000


@pytest.mark.parametrize("stated", ["287,500", "287,500元", "28.75万元"])
def test_two_fields_in_a_row_head_no_account_of_what_follows(stated: str) -> None:
    wide = '<w:gridSpan w:val="3"/>'
    form = tbl(
        tr(tc(p("项目名称")), tc(p("自助借还设备更新项目"), wide)),
        tr(*(tc(p(cell)) for cell in ("合同签订时间", "2025年12月24日", "合同金额（元）", stated))),
        tr(tc(p("合同副本")), tc(p("见附件"), wide)),
    )
    report = check(
        [Source("备案表.docx", word_file(p("合同备案表") + form))], document_class="contract-filing"
    )
    assert report.record["合同签订时间"]["日期"] == "2025-12-24"


def test_a_year_beside_its_amount_is_no_other_estimate_of_its_own_section() -> None:
    budget = table("年份|费用（元）", "2025|198000", "2026|198000", "两年合计（大写）|人民币叁拾玖万陆仟元整")
    stated = record("proposal-maintenance", "六、资金估算", budget)
    assert stated["资金估算"]["金额"] == 396_000
    assert "另述金额" not in stated["资金估算"]


def test_a_unit_for_all_amounts_is_read_from_a_note() -> None:
    rows = ("费用|一期|合计", "软件|100|168", "测评|0|18", "合计|100|186")
    note = "注：以上单位均为万元。"
    within, below = table(*rows, f"{note}||"), table(*rows)
    for lines in ((within,), (below, note)):
        stated = record("construction-plan", "十、项目预算", *lines)["项目预算"]
        assert stated["金额"] == 1_860_000


def test_lots_are_items_of_their_sum() -> None:
    lots = "A包（软件）1,500,000元，B包（测评）180,000元，C包（授权）400,000元，三包共计2,280,000元。"
    stated = record("construction-plan", "十、项目预算", lots)["项目预算"]
    assert (stated["金额"], stated["分项合计"]) == (2_280_000, 2_080_000)


def test_a_schedule_drawn_with_marks_is_filled() -> None:
    drawn = table("任务|6月|7月|8月", "需求|■||", "开发||■|", "验收|||■")
    blank = table("任务|6月|7月|8月", "需求|||", "开发|||", "验收|||")
    assert record("construction-plan", "九、实施计划", drawn)["实施计划"]["有内容"] is True
    assert record("construction-plan", "九、实施计划", blank)["实施计划"]["有内容"] is False
