"""The days that the parties write beside their signatures, where no section of a contract states one."""

from __future__ import annotations

import pytest
from docx_files import p, tbl, tc, tr, word_file

from validators.report import Report
from worker.pipeline import Source, check

CONTRACT = (
    "锦江区智慧停车诱导系统采购合同",
    "甲方：成都市锦江区综合行政执法局",
    "乙方：四川某某信息技术有限公司",
    "第一条 标的：智慧停车诱导系统一套，含诱导屏48块。",
    "第二条 价款：人民币128.6万元，2026年1月8日中标。",
    "第三条 期限：合同签订后120日内完成。",
)
LETTER = ("关于智慧停车诱导系统合同备案的函", "区智慧锦江领导小组办公室：")


def row(*cells: str) -> str:
    return tr(*(tc("".join(p(line) for line in cell.split("|"))) for cell in cells))


def paper(*lines: str) -> bytes:
    return word_file("".join(line if line.startswith("<") else p(line) for line in lines))


def checked(*papers: bytes) -> Report:
    sources = [Source(f"{number}.docx", data) for number, data in enumerate(papers)]
    return check(sources, document_class="contract-filing")


def errors(report: Report) -> set[tuple[str, str | None]]:
    return {(f.code, f.requirement) for f in report.findings if f.severity == "error"}


@pytest.mark.parametrize(
    "signatures",
    [
        ("甲方（盖章）：      乙方（盖章）：", "日期：2026年3月2日      日期：2026年3月2日"),
        ("甲方（盖章）：", "日  期：2026年3月1日", "乙方（盖章）：", "日  期：2026年3月2日"),
        ("甲方：（盖章）      乙方：（盖章）", "2026年3月2日      2026年3月2日"),
        (
            "采购人：某某局（盖章）",
            "授权代表：",
            "2026.3.2",
            "供应商：某某公司（盖章）",
            "授权代表：",
            "2026.3.2",
        ),
        (
            tbl(
                row(
                    "甲方（盖章）：某某局|代表人：王某|日期：2026年3月2日",
                    "乙方（盖章）：某某公司|日期：2026年3月2日",
                )
            ),
        ),
        (
            tbl(
                row("甲方", "某某局（章）", "乙方", "某某公司（章）"),
                row("日期", "2026年3月2日", "日期", "2026年3月2日"),
            ),
        ),
    ],
)
def test_a_contract_is_signed_on_the_day_beside_the_last_signature(signatures: tuple[str, ...]) -> None:
    report = checked(paper(*CONTRACT, *signatures))
    assert report.record["合同签订时间"]["日期"] == "2026-03-02"
    assert errors(report) == set()


def test_a_day_left_blank_beside_the_signatures_is_empty_and_none_at_all_is_missing() -> None:
    blank = checked(paper(*CONTRACT, "甲方（盖章）：", "日期：    年  月  日", "乙方（盖章）："))
    assert errors(blank) == {("section-empty", "合同签订时间")}
    none = checked(paper(*CONTRACT, "甲方（盖章）：", "乙方（盖章）："))
    assert errors(none) == {("section-missing", "合同签订时间")}


def test_a_letter_s_own_signature_and_the_contract_s_text_are_no_signatures_of_parties() -> None:
    letter = paper(*LETTER, "合同副本：见附件，共18页，双方已盖章。", "某某局（盖章）", "2026年3月9日")
    assert errors(checked(letter)) == {("section-missing", "合同签订时间")}


def test_the_contract_beside_a_letter_says_when_it_was_signed() -> None:
    letter = paper(*LETTER, "现将采购合同报送备案，请予审查。", "某某局", "2026年3月9日")
    signed = paper(*CONTRACT, "甲方（盖章）：", "日期：2026年3月2日", "乙方（盖章）：", "日期：2026年3月2日")
    assert checked(letter, signed).record["合同签订时间"]["日期"] == "2026-03-02"


@pytest.mark.parametrize(
    ("statement", "contradicts"),
    [
        ("双方于2026年3月6日签订了采购合同，现报送备案。", True),
        ("双方于2026年3月2日签订了采购合同，现报送备案。", False),
        ("我局于2026年1月5日与监理单位签订监理合同，现将采购合同报送备案。", False),
        ("合同签订时间：2026年3月6日", True),
    ],
)
def test_a_letter_that_names_another_day_contradicts_its_contract(statement: str, contradicts: bool) -> None:
    letter = paper(*LETTER, statement, "某某局", "2026年3月9日")
    signed = paper(*CONTRACT, "甲方（盖章）：", "日期：2026年3月2日", "乙方（盖章）：", "日期：2026年3月2日")
    told = [f for f in checked(letter, signed).findings if f.code == "value-inconsistent"]
    assert [f.requirement for f in told] == ["合同签订时间"] * contradicts


def test_an_earlier_contract_that_a_supplement_names_is_not_this_one() -> None:
    report = check(
        [
            Source(
                "补充协议.docx",
                paper(
                    "档案数字化项目合同补充协议",
                    "甲方：某档案馆",
                    "乙方：某公司",
                    "双方于2025年12月1日签订《档案数字化项目合同》（以下简称原合同），现达成补充协议如下：",
                    "一、增加纸质档案扫描12万页，增加费用9.6万元。",
                    "甲方（盖章）  乙方（盖章）",
                    "签订日期：2026年3月18日",
                ),
            )
        ]
    )
    assert report.document_class == "contract-filing"
    assert report.record["合同签订时间"]["日期"] == "2026-03-18"
    assert errors(report) == set()
