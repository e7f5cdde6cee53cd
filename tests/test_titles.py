"""Which requirement a title means, and how sure that is."""

from __future__ import annotations

import pytest

from extractors.titles import SURE, TitleMatcher, core, matcher
from schemas import load_pack

PACK = load_pack("jinjiang-2023")


def _means(class_id: str, title: str) -> dict[str, float]:
    found = matcher(PACK.classes[class_id], PACK.language).match(title)
    return {m.requirement: m.confidence for m in found}


@pytest.mark.parametrize(
    ("title", "bare"),
    [
        ("一、建设依据", "建设依据"),
        ("（一）建 设 依 据", "建设依据"),
        ("3.1 建设依据：", "建设依据"),
        ("第二章　建设依据", "建设依据"),
        ("【建设依据】", "建设依据"),
        ("经费保障（含多渠道保障或分级保障）", "经费保障"),
        ("⑴建设依据", "建设依据"),
        ("●  建设依据。", "建设依据"),
        ("一、建设依据 Basis of the Project", "建设依据"),
        ("建设依据（Basis）", "建设依据"),
        ("4. 建设依据 Section 4", "建设依据"),
        ("部署 B/S", "部署b/s"),
        ("采用OAuth", "采用oauth"),
    ],
)
def test_core_is_what_the_title_says(title: str, bare: str) -> None:
    assert core(title) == bare


@pytest.mark.parametrize(
    ("class_id", "title", "requirements"),
    [
        ("proposal-construction", "二、建设目标与内容", {"建设目标", "建设内容"}),
        ("proposal-construction", "建设目标及主要建设内容", {"建设目标", "建设内容"}),
        ("proposal-construction", "资金估算及来源", {"资金估算", "经费保障"}),
        ("proposal-construction", "智慧公厕管理系统建设内容", {"建设内容"}),
        ("proposal-construction", "项目建设依据说明", {"建设依据"}),
        ("proposal-construction", "资金筹措方式", {"经费保障"}),
        ("proposal-maintenance", "服务期限", {"服务周期"}),
        ("proposal-maintenance", "运维经费测算", {"资金估算"}),
        ("construction-plan", "国产密码应用设计方案", {"国产密码应用"}),
        ("construction-plan", "利旧整合和数据共享", {"资源集约利用和信息共享"}),
        ("acceptance-filing", "网络安全等级保护定级与备案", {"信息系统网络安全等级保护定级"}),
    ],
)
def test_sure_titles(class_id: str, title: str, requirements: set[str]) -> None:
    means = _means(class_id, title)
    assert set(means) == requirements
    assert min(means.values()) >= SURE


@pytest.mark.parametrize(
    ("class_id", "title"),
    [
        ("proposal-construction", "组织保障"),
        ("proposal-construction", "资金估算依据"),
        ("proposal-construction", "社会效益分析"),
        ("proposal-construction", "风险分析及应对"),
        ("proposal-maintenance", "免费运维期"),
        ("proposal-maintenance", "质保期限"),
        ("acceptance-filing", "等级保护测评报告"),
        ("contract-filing", "合同主要内容"),
    ],
)
def test_titles_that_mean_something_else(class_id: str, title: str) -> None:
    assert not [c for c in _means(class_id, title).values() if c >= SURE]


def test_near_titles_ask_for_a_look() -> None:
    assert 0 < _means("proposal-construction", "项目背景")["建设依据"] < SURE


def test_words_in_another_order_are_recognised_and_never_sure() -> None:
    titles = matcher(PACK.classes["proposal-construction"], PACK.language)
    found = titles.by_words("依据建设的目标", ["建设目标"])
    assert found is not None
    assert found.confidence < SURE
    assert titles.by_words("食堂采购清单", ["建设目标"]) is None


@pytest.mark.parametrize(
    ("class_id", "title", "requirement"),
    [
        ("construction-plan", "同区运管平台的衔接方案", "平台兼容"),
        ("construction-plan", "商用密码保障方案", "国产密码应用"),
        ("construction-plan", "项目投资概（预）算", "项目预算"),
        ("construction-plan", "安全防护（网络安全）", "网络安全"),
        ("acceptance-filing", "免费运维时长", "免费运维时间"),
        ("acceptance-filing", "四监理单位意见", "监理报告"),
        ("decommission-notice", "与各方的协调对接", "单位协调对接"),
        ("construction-plan", "与智慧蓉城锦江运行管理平台的接口", "平台兼容"),
        ("construction-plan", "云上总体架构", "总体架构"),
        ("construction-plan", "信创支持", "信创国产化"),
        ("construction-plan", "迁移实施计划", "实施计划"),
        ("construction-plan", "项目报价", "项目预算"),
        ("acceptance-filing", "用户、监理、测评三方报告", "监理报告"),
        ("acceptance-filing", "数据资源管理权、使用范围", "数据资源的管理权属和使用范围"),
    ],
)
def test_a_title_in_other_words_is_sure(class_id: str, title: str, requirement: str) -> None:
    assert _means(class_id, title)[requirement] >= SURE


@pytest.mark.parametrize("title", ["用户密码重置", "投资估算编制原则", "安全生产责任制"])
def test_a_wording_has_its_limits(title: str) -> None:
    found = _means("construction-plan", title)
    assert not {n for n, how in found.items() if how >= SURE} & {"国产密码应用", "建设原则", "网络安全"}


@pytest.mark.parametrize(
    ("class_id", "sentence"),
    [
        ("construction-plan", "利用教育城域网，不新增专线；警情与公安共享。"),
        ("acceptance-filing", "密码应用方案及系统均经评估，结论为符合。"),
    ],
)
def test_a_sentence_is_no_title(class_id: str, sentence: str) -> None:
    assert not _means(class_id, sentence)


def test_a_name_in_brackets_is_surer_than_what_stands_before_it() -> None:
    assert _means("proposal-construction", "什么时候建（实施计划）")["实施计划"] == 1
    assert _means("proposal-construction", "什么时候建")["实施计划"] < 1


@pytest.mark.parametrize("title", ["★ 建设目标 ★", "◆建设目标◆", "—— 建设目标 ——"])
def test_an_ornament_on_both_sides_changes_nothing(title: str) -> None:
    assert _means("proposal-construction", title)["建设目标"] == 1


def test_what_a_bracket_denies_is_not_meant() -> None:
    assert "网络安全" not in _means("construction-plan", "运行维护（不含网络安全）")


@pytest.mark.parametrize(
    ("class_id", "title", "requirement"),
    [
        ("proposal-construction", "①建设缘起", "建设依据"),
        ("proposal-construction", "项目建设的主要内容", "建设内容"),
        ("proposal-construction", "改造目标", "建设目标"),
        ("proposal-construction", "施工组织与进度", "实施计划"),
        ("proposal-construction", "建设资金解决渠道", "经费保障"),
        ("proposal-maintenance", "前端设备情况", "系统概况"),
        ("proposal-maintenance", "服务要求及评价指标", "考核指标"),
        ("proposal-maintenance", "维保服务费预算", "资金估算"),
    ],
)
def test_titles_put_together_from_slots_are_sure(class_id: str, title: str, requirement: str) -> None:
    assert _means(class_id, title).get(requirement, 0) >= SURE


def test_what_is_near_stays_near_though_slots_give_it() -> None:
    assert _means("proposal-maintenance", "考核方式")["考核指标"] < SURE


def test_what_means_something_to_one_class_means_something_to_all_of_them_together() -> None:
    each = [matcher(c, PACK.language) for c in PACK.classes.values()]
    together = TitleMatcher.any_of(PACK.classes.values(), PACK.language)
    own = sorted({t for c in PACK.classes.values() for r in c.requirements for t in (r.name, *r.synonyms)})
    joined = [f"{first}与{second}" for first, second in zip(own, own[7:], strict=False)]
    affixed = [f"项目{title}情况说明" for title in own]
    headed = [f"智慧公厕系统{title}（含{other}）" for title, other in zip(own, own[11:], strict=False)]
    titles = (*own, *joined, *affixed, *headed, "概(预)算", "利旧整合和数据共享", "用户、监理、测评报告")
    some = [title for title in titles if any(m.may_be_title(title) for m in each)]
    assert len(some) > len(own)
    assert [title for title in some if not together.may_be_title(title)] == []
    assert not together.may_be_title("说明")
