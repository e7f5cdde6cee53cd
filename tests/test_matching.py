"""Which section meets which requirement, where its title alone does not say."""

from __future__ import annotations

import pytest

from extractors.document import Align, Block, Cell, Document, Paragraph, Table
from extractors.matching import Met, attachment_for, paper_bound_in, sections_by_requirement
from extractors.outline import read_outline
from extractors.substance import substance
from extractors.titles import SURE, matcher
from schemas import load_pack
from worker.pipeline import words_of

PACK = load_pack("jinjiang-2023")


def met(class_id: str, *blocks: Block | str) -> dict[str, tuple[Met, ...]]:
    made = [Paragraph(i, b) if isinstance(b, str) else b for i, b in enumerate(blocks, start=1)]
    outline = read_outline(Document("a.docx", "x", None, tuple(made)), words_of(PACK))
    document_class = PACK.classes[class_id]
    titles = matcher(document_class, PACK.language)
    return sections_by_requirement(outline, document_class, titles, substance(PACK.language))


def title_of(found: tuple[Met, ...]) -> str | None:
    return found[0].section.title if found else None


def form(*rows: tuple[str, str]) -> Table:
    return Table(
        tuple(
            tuple(
                Cell(r, c, 1, 1, (Paragraph(100 + 2 * r + c, text),) if text else ())
                for c, text in enumerate(row)
            )
            for r, row in enumerate(rows)
        )
    )


# -- a pattern whose text must bear it out ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "text", "counts"),
    [
        ("六、密码管理", "重要数据采用SM4算法加密，密钥由密钥管理系统统一管理。", True),
        ("六、密码设计", "采用国密VPN接入，方案按GB/T 39786第二级编制。", True),
        ("六、用户与密码管理", "初始密码由系统生成，首次登录须修改，输错五次锁定。", False),
        ("六、密码应用设计", "按有关标准执行，另有方案。", True),
    ],
    ids=["algorithm", "standard", "log-in words", "a title that is sure by itself"],
)
def test_a_doubtful_title_counts_where_the_text_is_about_it(title: str, text: str, counts: bool) -> None:
    found = met("construction-plan", "一、建设原则", "统筹集约，安全可靠。", title, text)
    assert title_of(found["国产密码应用"]) == (title if counts else None)


def test_a_doubtful_title_without_text_is_there_and_empty() -> None:
    found = met(
        "construction-plan", "一、建设原则", "统筹集约。", "二、密码管理", "三、网络安全", "等保二级。"
    )
    assert [m.substantive for m in found["国产密码应用"]] == [False]


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ("2025年3月采购，4月至8月开发，10月验收。", True),
        ("2025.3.1—2025.5.31采购", True),
        ("组长由分管领导担任，专人督办。", False),
    ],
)
def test_talk_of_progress_is_no_plan_without_a_time(text: str, counts: bool) -> None:
    found = met("proposal-construction", "一、建设依据", "依据《办法》。", "二、组织与进度", text)
    assert bool(found["实施计划"]) == counts


# -- a half of a joined title ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("part", "text", "says"),
    [
        ("（二）资金管理", "严格执行财务制度，专款专用。", False),
        ("（二）有关说明", "由区级财政资金统筹安排。", True),
    ],
)
def test_each_half_of_a_joined_title_must_speak(part: str, text: str, says: bool) -> None:
    found = met(
        "proposal-construction",
        "七、投资估算和资金来源",
        "（一）投资估算",
        "总投资50万元。",
        part,
        text,
    )
    assert [m.substantive for m in found["经费保障"][:1]] == [says]


# -- what other parts of a paper do not stand for ---------------------------------------------------------


@pytest.mark.parametrize("title", ["三、服务人员要求", "三、供应商资质要求", "三、培训要求", "三、保密要求"])
def test_a_part_about_people_or_conduct_is_no_content_of_the_service(title: str) -> None:
    found = met(
        "proposal-maintenance", "二、系统概况", "系统运行平稳。", title, "项目经理应具有5年运维经验。"
    )
    assert not found["运维内容"]


def test_no_near_title_stands_in_for_a_placeholder() -> None:
    found = met("proposal-maintenance", "三、运维内容", "待补充", "四、运维方案", "每周巡检一次。")
    assert not any(m.substantive for m in found["运维内容"])


# -- a blank field of a form -----------------------------------------------------------------------------


def test_no_other_field_stands_in_for_a_blank_one() -> None:
    found = met(
        "proposal-construction", form(("建设依据", "《办法》"), ("建设周期", "10个月"), ("实施计划", ""))
    )
    assert found["实施计划"]
    assert not any(m.substantive for m in found["实施计划"])


def test_a_like_field_counts_where_there_is_no_own_one() -> None:
    found = met(
        "proposal-construction",
        form(("建设依据", "《办法》"), ("建设目标", "提升一成"), ("建设周期", "10个月")),
    )
    assert title_of(found["实施计划"]) == "建设周期"


# -- by its place ----------------------------------------------------------------------------------------

_AROUND = ("五、技术实现", "采用微服务架构。"), ("七、资金估算", "总投资50万元。")


def _between(title: str, *text: str) -> dict[str, tuple[Met, ...]]:
    before, after = _AROUND
    return met("proposal-construction", *before, title, *text, *after)


@pytest.mark.parametrize(
    ("title", "text", "counts"),
    [
        ("六、怎么干、干到哪天", "3月启动采购，10月底前全部完工。", True),
        ("六、前期工作进展", "3月完成踏勘，4月完成选址。", False),
        ("六、培训", "3月和4月各办一期。", False),
        ("六、怎么干、干到哪天", "大家齐心协力。", False),
    ],
    ids=["speaks of it", "what was done before", "a word of something else", "speaks of nothing asked"],
)
def test_a_title_that_means_nothing_counts_by_its_place_and_text(title: str, text: str, counts: bool) -> None:
    found = _between(title, text)["实施计划"]
    assert title_of(found) == (title if counts else None)
    assert all(m.confidence < SURE for m in found)


def test_a_near_title_in_its_place_counts_only_where_its_text_speaks_of_it() -> None:
    money = ("六、资金估算", "总投资24万元。", "七、资金管理")
    assert not met("proposal-construction", *money, "严格执行财务制度，专款专用。")["经费保障"]
    assert met("proposal-construction", *money, "由区级财政预算安排，专款专用。")["经费保障"]


def test_place_alone_is_not_enough_far_from_its_neighbours() -> None:
    found = met(
        "proposal-construction",
        "一、建设依据",
        "依据《办法》。",
        "二、怎么干、干到哪天",
        "3月启动采购，10月底前全部完工。",
        "三、建设内容",
        "一个平台。",
    )
    assert not found["实施计划"]


def test_nobody_takes_the_place_of_what_is_there() -> None:
    before, after = _AROUND
    found = met(
        "proposal-construction",
        *before,
        "六、怎么干、干到哪天",
        "3月启动采购。",
        *after,
        "八、实施计划",
        "3月至10月。",
    )
    assert title_of(found["实施计划"]) == "八、实施计划"


def test_a_centred_line_is_read_like_any_other() -> None:
    found = met(
        "proposal-construction", Paragraph(1, "实施计划", align=Align.CENTER, bold=True), "3月至10月。"
    )
    assert found["实施计划"][0].substantive


# -- an attachment that is the thing required ------------------------------------------------------------


def attached(*lines: str) -> Met | None:
    """What the attachment is to 测评报告."""
    blocks = tuple(Paragraph(number, line) for number, line in enumerate(lines, start=1))
    outline = read_outline(Document("4.docx", "x", None, blocks), words_of(PACK))
    document_class = PACK.classes["acceptance-filing"]
    titles = matcher(document_class, PACK.language)
    report = next(r for r in document_class.requirements if r.name == "测评报告")
    return attachment_for(outline, report, titles, substance(PACK.language))


NAMED = (
    "软件测评报告",
    "项目名称：锦江区社区养老服务信息平台项目",
    "报告编号：CP-2024-017",
    "委托单位：区民政局",
)


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ((*NAMED, "一、测评结论", "共执行用例412个，通过率100%，符合合同要求。"), True),
        ((*NAMED, "测评结论：共执行用例412个，全部通过。"), True),
        (NAMED, False),
        ((*NAMED, "一、测评依据", "待补充", "二、测评结论", "待补充"), False),
        ((*NAMED[:1], "（报告正文待扫描）"), False),
        ((*NAMED[:1], "测评单位：某软件评测中心。功能测评36项全部通过。"), True),
        ((*NAMED[:1], "报告编号：CP-2024-017；测评单位：某软件评测中心。"), False),
        ((*NAMED[:1], "测评单位：________", "测评情况及评价：", "测评单位（盖章）："), False),
    ],
    ids=[
        *("sections", "a line", "a cover alone", "placeholders", "still to be scanned"),
        *("a line behind a name", "two names in a line", "a blank template"),
    ],
)
def test_an_attachment_says_more_than_which_paper_it_is(lines: tuple[str, ...], says: bool) -> None:
    found = attached(*lines)
    assert found is not None
    assert found.substantive is says


# -- what stands inside something else --------------------------------------------------------------------


def test_a_part_of_one_requirement_stands_for_no_other() -> None:
    found = met(
        "proposal-maintenance",
        *("一、立项依据", "区政府第5次会议纪要。"),
        *("二、服务内容及要求", "（一）应用系统运维", "缺陷修复，接口变更15个工作日内完成。"),
        *("（二）数据服务", "每月出具数据质量报告3份。"),
    )
    assert not found["系统概况"]
    assert title_of(found["运维内容"]) == "二、服务内容及要求"


@pytest.mark.parametrize(("title", "counts"), [("（三）安全可控", False), ("（三）信创国产化", True)])
def test_a_principle_is_no_section_about_its_catchword(title: str, counts: bool) -> None:
    found = met(
        "construction-plan",
        *("一、建设原则", "（一）统一规划", "一张蓝图。", "（二）分步实施", "先易后难。"),
        *(title, "优先改造共性能力。", "二、总体架构", "分为三层。"),
    )
    assert title_of(found["信创国产化"]) == (title if counts else None)


def test_chapters_that_only_lie_under_principles_are_chapters() -> None:
    found = met(
        "construction-plan",
        *("一、建设原则", "统筹集约。", "（一）逻辑架构", "三层。", "（二）信创适配", "全栈国产。"),
        *("（三）实施进度", "12月完成。"),
    )
    assert title_of(found["信创国产化"]) == "（二）信创适配"


def test_what_lies_under_principles_and_is_no_catchword_is_a_section() -> None:
    found = met(
        "construction-plan",
        *("一、建设原则", "（一）统一规划", "一张蓝图。", "（二）与运管平台的兼容对接", "标准接口互通。"),
    )
    assert title_of(found["平台兼容"]) == "（二）与运管平台的兼容对接"


@pytest.mark.parametrize(
    ("training", "says"), [("培训操作员154人次。", False), ("2026年3月培训操作员154人次。", True)]
)
def test_a_chapter_whose_own_part_is_empty_says_only_what_the_rest_says(training: str, says: bool) -> None:
    found = met(
        "proposal-construction",
        *("五、项目管理与实施进度", "（一）进度安排", "（本节说明各阶段起止时间，可用甘特图表示）"),
        *("（二）人员培训", training),
    )
    assert any(m.substantive for m in found["实施计划"]) is says


# -- joined titles whose one half alone has its part below -------------------------------------------------


@pytest.mark.parametrize(
    ("class_id", "title", "part", "requirement", "says"),
    [
        ("construction-plan", "三、建设目标与原则", ("（一）建设目标", "三个在线。"), "建设原则", False),
        (
            "construction-plan",
            "三、建设目标与原则",
            ("（一）总的要求", "依法合规，业主为本。"),
            "建设原则",
            True,
        ),
        (
            "proposal-construction",
            "三、建设目标与内容",
            ("（一）建设目标", "建成平台1个。"),
            "建设内容",
            False,
        ),
        (
            "proposal-construction",
            "五、项目组织与进度",
            ("（一）专班", "由分管副局长任组长。"),
            "实施计划",
            False,
        ),
        (
            "proposal-construction",
            "五、项目组织与进度",
            ("（一）专班", "3月采购，9月验收。"),
            "实施计划",
            True,
        ),
        (
            "proposal-construction",
            "一、项目背景与建设依据",
            ("（一）项目背景", "台账均为纸质。"),
            "建设依据",
            False,
        ),
        (
            "proposal-construction",
            "一、项目背景与建设依据",
            ("（一）项目背景", "依据《条例》。"),
            "建设依据",
            True,
        ),
        (
            "proposal-construction",
            "六、投资估算与资金来源",
            ("（一）投资估算", "9万元，由区财政安排。"),
            "经费保障",
            True,
        ),
        ("proposal-construction", "六、投资估算与资金来源", ("（一）投资估算", "9万元。"), "经费保障", False),
    ],
)
def test_a_joined_title_speaks_of_a_half_by_what_is_left_for_it(
    class_id: str, title: str, part: tuple[str, str], requirement: str, says: bool
) -> None:
    found = met(class_id, title, *part)
    assert any(m.substantive for m in found[requirement]) is says


def test_the_basis_of_an_estimate_is_not_that_of_the_project() -> None:
    chapter = (
        "六、费用估算与经费保障",
        "（一）编制依据",
        "参照《费用测算标准》。",
        "（二）费用估算",
        "9万元。",
    )
    assert not met("proposal-maintenance", *chapter)["立项依据"]
    assert met("proposal-maintenance", "一、编制依据", "参照《费用测算标准》。")["立项依据"]


CHAPTERS = (
    *("一、建设依据", "《条例》。", "二、建设目标", "全覆盖。", "三、建设内容", "平台1个。"),
    *("四、技术方案", "微服务。", "五、资金估算", "9万元。", "六、经费来源", "区财政。"),
)


@pytest.mark.parametrize(
    ("label", "value", "others", "counts"),
    [
        ("工期", "8个月", CHAPTERS, False),
        ("工期", "2026年1月—2026年12月", CHAPTERS, False),
        ("工期", "3月采购，9月验收", CHAPTERS, True),
        ("实施计划", "8个月", CHAPTERS, True),
        ("工期", "8个月", (), True),
        ("建设周期", "8个月", CHAPTERS, False),
        ("建设周期", "8个月", (), True),
    ],
)
def test_a_field_of_one_figure_is_no_plan_among_chapters(
    label: str, value: str, others: tuple[str, ...], counts: bool
) -> None:
    fields = form(("项目名称", "某平台"), ("建设单位", "区某局"), (label, value), ("资金估算", "9万元"))
    found = met("proposal-construction", fields, *others)
    assert bool(found["实施计划"]) is counts


def test_a_paper_that_is_cited_is_no_section_called_like_it() -> None:
    cited = form(
        ("建设依据", "《四川省智慧工地建设技术标准》DBJ51/T；督导反馈清单。"), ("建设目标", "全接入。")
    )
    assert not met("proposal-construction", cited)["技术实现"]
    assert met("proposal-construction", "《技术实现》：视频国标级联。")["技术实现"]


@pytest.mark.parametrize("title", ["应急预案", "应急保障", "运维团队"])
def test_what_else_a_service_needs_does_not_stand_for_its_targets(title: str) -> None:
    found = met(
        "proposal-maintenance",
        "三、运维内容", "每周巡检一次。", f"四、{title}", "故障半小时内响应，不低于5人到场，扣款另计。",
        "五、服务周期", "2年。",
    )  # fmt: skip
    assert found["考核指标"] == ()


@pytest.mark.parametrize(("article", "says"), [("第一条 合同标的", True), ("备案事由", False)])
def test_a_title_set_like_a_bound_papers_own_is_none_of_its_articles(article: str, says: bool) -> None:
    blocks = tuple(
        Paragraph(number, text, bold=number % 2 == 1)
        for number, text in enumerate(
            ("合同签订时间", "二〇二六年一月十五日", "合同副本", "", article, "软件开发一项。"), 1
        )
        if text
    )
    requirement = next(r for r in PACK.document_class("contract-filing").requirements if r.name == "合同副本")
    tree = read_outline(Document("a.docx", "x", None, blocks), words_of(PACK))
    bound = paper_bound_in(tree, requirement, substance(PACK.language))
    assert bound is not None
    assert bound.substantive is says
