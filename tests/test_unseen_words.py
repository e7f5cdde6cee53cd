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
