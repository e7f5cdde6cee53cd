"""The report at a terminal, and the words that every form for people shares."""

import re

import pytest
import report_cases as cases

from reports import Style, render
from reports.clean import shortened, shown
from reports.columns import columns, wrapped
from reports.quantity import day, ordinal, quantity
from reports.words import Words

STEERING = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def flat(text: str) -> str:
    """``text`` without the line breaks and indents of its layout."""
    return re.sub(r"\n\s+", "", text)


def test_the_conclusion_comes_first():
    first, second, *_ = render(cases.deficient(), "text").splitlines()
    assert first == "✘ 需要补正  锦江区河湖智能监测系统运维项目需求方案.pdf"
    assert second == "  项目需求方案（维护类）：有5处必须补正，另有1处提示。"


def test_a_finding_says_what_where_why_and_how():
    text = flat(render(cases.deficient(), "text"))
    assert "2. 〔数据超出规定〕“四、服务周期”写明的服务周期为48个月（含续签）" in text
    assert "的规定。（依据第六条）" in text
    assert "位置    第4页，“四、服务周期”，第31段：“自合同签订之日起2年；" in text
    assert "怎么改  请把服务周期（含续签）改为不超过36个月。" in text


def test_a_missing_section_belongs_after_its_place():
    assert "位置    第3页，“三、运维内容”，第22段之后" in render(cases.deficient(), "text")


def test_findings_are_numbered_through_errors_before_warnings():
    text = render(cases.deficient(), "text")
    assert re.findall(r"^ ?(\d+)\. ", text, re.M) == list("123456")
    assert text.index("必须补正（5处）") < text.index("提示（1处）") < text.index(" 6. 〔缺少附件〕")


def test_requirements_are_told_by_outcome():
    text = flat(render(cases.deficient(), "text", style=Style(width=110)))
    assert "✘ 需补正  4项  考核指标（见第1条）、服务周期（见第2条）、资金估算（见第3条、第4条）" in text
    assert "? 未核查  1项  安全可靠情况" in text
    assert "✔ 已满足  3项  立项依据（第1页）、系统概况（第2页）、运维内容（第3页）" in text


def test_facts_and_routing_are_told_in_words():
    text = flat(render(cases.deficient(), "text"))
    assert "服务周期 48个月（4年）；资金估算的总金额 28.5万元" in text
    assert "分项之和与总额的差" not in text
    assert "下一步      经费估算28.5万元" in text
    assert "direct-entry" not in text


def test_a_pass_names_what_was_found_in_an_attachment():
    text = flat(render(cases.passing(), "text"))
    assert text.startswith("✔ 通过预审检查  智慧停车平台建设方案.docx 等2个文件")
    assert "没有必须补正的内容；另有1处提示" in text
    assert "建设原则（第14段）" in text
    assert "网络安全（《等保定级意见.pdf》第1页）" in text


def test_the_unreadable_is_told_with_its_remedy():
    text = render(cases.unreadable(), "text")
    assert text.startswith("? 无法审查  扫描件0001.pdf\n  种类未能判断：没有得出审查结论")
    assert "怎么改  请提交由 Word 或 WPS 直接导出的 PDF" in text
    assert "\n\n\n" not in text


def test_a_batch_ends_with_its_sum():
    last = render(cases.batch(), "text").splitlines()[-1]
    assert last == "共检查 5 件送审材料：通过预审检查 2 件，需要补正 2 件，无法审查 1 件。"


@pytest.mark.parametrize("width", [40, 80, 110])
def test_lines_keep_within_the_width(width):
    text = render([*cases.batch(), cases.hostile()], "text", style=Style(width=width))
    assert max(map(columns, text.splitlines())) <= width


def test_colour_changes_nothing_but_colour():
    coloured = render(cases.batch(), "text", style=Style(colour=True))
    assert "\x1b[1;31m✘ 需要补正" in coloured
    bare = re.sub(r"\x1b\[[\d;]*m", "", coloured)
    assert [line.rstrip() for line in bare.splitlines()] == render(cases.batch(), "text").splitlines()


def test_hostile_text_cannot_steer_the_terminal():
    assert not STEERING.search(render(cases.hostile(), "text"))


def test_a_report_of_a_pack_that_is_gone_is_still_told():
    gone = cases.report(pack="gone-1999", document_class="some-class")
    assert "some-class" in render(gone, "text")


def test_words_given_are_words_used():
    words = Words(regulation="《新办法》", classes={"proposal-maintenance": "运维申报书"})
    text = render(cases.deficient(), "text", words=words)
    assert "运维申报书：有5处" in text
    assert "按《新办法》检查" in text


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("", 10, [""]),
        ("一二三四五六", 8, ["一二三四", "五六"]),
        ("一二三四，五六", 8, ["一二三", "四，五六"]),
        ("一二三（四五）", 8, ["一二三", "（四五）"]),
        ("金额285,000元", 10, ["金额", "285,000元"]),
        ("abcdefghij", 4, ["abcd", "efgh", "ij"]),
        ("one two", 4, ["one", "two"]),
    ],
)
def test_lines_break_where_chinese_breaks(text, width, lines):
    assert wrapped(text, width) == lines


@pytest.mark.parametrize(
    ("raw", "seen"),
    [
        ("a\u202efdp.exe", "afdp.exe"),
        ("两\n行\u2028字", "两 行 字"),
        ("\x1b[31m", "\ufffd[31m"),
        ("\x00\ud800\uffff", "\ufffd" * 3),
        ("零\u200b宽\ufeff", "零宽"),
        ("𠮷㐂", "𠮷㐂"),
    ],
)
def test_what_is_shown_hides_and_steers_nothing(raw, seen):
    assert shown(raw) == seen


def test_the_end_of_a_long_name_stays():
    short = shortened("长" * 4000 + ".docx", 40)
    assert len(short) == 40
    assert short.endswith(".docx")


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        (285000, "yuan", "28.5万元"),
        (2040000.0, "yuan", "204万元"),
        (12856000.5, "yuan", "12,856,000.50元"),
        (120000000, "yuan", "12,000万元"),
        (10**33 + 1, "yuan", f"1{',000' * 10},001元"),
        (9999, "yuan", "9,999元"),
        (0, "yuan", "0元"),
        (36, "months", "36个月（3年）"),
        (0, "months", "0个月"),
        (7, "months", "7个月"),
        (7, "working-days", "7个工作日"),
        (3, "level", "第三级"),
        (9, "level", "9"),
        ("2026-03-02", "date", "2026年3月2日"),
        (True, "boolean", "是"),
        (["x"], "months", "['x']"),
    ],
)
def test_values_are_told_as_people_write_them(value, unit, words):
    assert quantity(value, unit) == words


def test_money_is_exact_to_the_cent():
    assert quantity(100000.01, "yuan") == "100,000.01元"
    assert quantity(-8000, "yuan") == "-8,000元"
    assert quantity(-285000, "yuan") == "-28.5万元"


def test_what_is_no_date_stays():
    assert day("2026年春") == "2026年春"


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (1, "一"),
        (10, "十"),
        (12, "十二"),
        (20, "二十"),
        (103, "一百零三"),
        (110, "一百一十"),
        (345, "三百四十五"),
    ],
)
def test_counting_in_official_papers(number, words):
    assert ordinal(number) == words
