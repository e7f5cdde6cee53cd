from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.facts.levels import choose_level


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("系统已按网络安全等级保护第三级定级，于2024年3月完成备案。", 3),
        ("本系统安全保护等级为二级(S2A2G2)，备案号51010443210-24001。", 2),
        ("经专家评审，确定信息系统安全保护等级为第三级。", 3),
        ("业务信息安全等级第二级，系统服务安全等级第三级，系统安全保护等级第三级。", 3),
        ("该系统为内部宣传展示系统，不涉及等级保护定级。", None),
        ("由等保三级测评机构出具报告，系统定级为二级。", 2),
        ("已完成等保定级，等级为贰级", 2),
        ("S3A2G3", 3),
        ("等保2.0 二级", 2),
        ("等保：三级", 3),
        ("按照等保2.0三级标准进行防护，已取得三级备案证明。", 3),
        ("保护等级：第2级", 2),
        ("系统拟定级为第Ⅲ级", 3),
        ("定为三级", 3),
        ("网络安全等级保护定级情况：三级系统1个（业务平台），二级系统1个（门户网站）。", 3),
        ("一级", 1),
        ("未进行等保定级", None),
        ("三级甲等医院信息系统等级保护二级", 2),
        ("定级为第二级，已备案。", 2),
        ("S3A3G3", 3),
        ("S2A3", 3),
        ("等保二级", 2),
        ("等级保护2级", 2),
        ("第 三 级", 3),
        ("L3", 3),
        ("拟定三级", 3),
        ("3", 3),
        ("三", 3),
        ("由具有三级等保测评机构资质的单位测评", None),
        ("等保2.0要求", None),
        ("一级部门预算单位", None),
        ("市区两级联动", None),
        ("未定级", None),
        ("不涉及", None),
        ("未定级，拟定为二级", 2),
        ("第二级以上信息系统应备案，本系统为第三级", 3),
        ("故障分为一级、二级、三级响应，系统定级二级", 2),
        ("系统安全保护等级：3", 3),
        ("2024年完成", None),
        ("", None),
    ],
)
def test_level_is_chosen(text: str, level: int | None) -> None:
    mention = choose_level(text)
    assert (mention.level if mention else None) == level


def test_span_leads_to_the_original() -> None:
    text = "系统定级为 第 三 级，已备案"
    mention = choose_level(text)
    assert mention is not None
    assert text[slice(*mention.span)] == mention.text == "第 三 级"


@given(st.text(alphabet="一二三四五12345第级等保护定级为未不涉及SAGL，。", max_size=25))
def test_no_text_crashes_the_reader(text: str) -> None:
    mention = choose_level(text)
    assert mention is None or 1 <= mention.level <= 5


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("☐一级 ☑二级 ☐三级", 2),
        ("□第一级 □第二级 ■第三级", 3),
        ("定级：□二级 √三级", 3),
        ("一级□ 二级☑ 三级□", 2),
        ("□一级 □二级 □三级", None),
        ("☑是 □否\n系统定级为第三级，已完成备案。", 3),
    ],
)
def test_of_tick_boxes_the_ticked_one_counts(text: str, level: int | None) -> None:
    found = choose_level(text)
    assert (found.level if found else None) == level
