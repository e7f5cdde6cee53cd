"""The section tree: what is a title, what stands under it, what meets nothing."""

from __future__ import annotations

import pytest

from extractors.document import Align, Block, Cell, Document, Paragraph, Role, Table, paragraphs
from extractors.outline import Origin, Outline, Section, read_outline
from extractors.substance import substance
from schemas import load_pack
from worker.pipeline import words_of

PACK = load_pack("jinjiang-2023")


def outline(*blocks: Block | str) -> Outline:
    made = [Paragraph(i, b) if isinstance(b, str) else b for i, b in enumerate(blocks, start=1)]
    return read_outline(Document("a.docx", "x", None, tuple(made)), words_of(PACK))


def titles(section: Section) -> list[str]:
    return [s.title for s in section.walk() if s.title]


def find(tree: Outline, title: str) -> Section:
    return next(s for s in tree.root.walk() if s.title == title)


def texts(section: Section) -> list[str]:
    return [p.text for p in paragraphs(tuple(section.content()))]


def table(*rows: tuple[str, ...]) -> Table:
    number = iter(range(100, 1000))
    return Table(
        tuple(
            tuple(Cell(r, c, 1, 1, (Paragraph(next(number), t),) if t else ()) for c, t in enumerate(row))
            for r, row in enumerate(rows)
        )
    )


def test_numbers_nest_as_they_are_written() -> None:
    tree = outline(
        "一、建设依据",
        "根据文件。",
        "二、建设方案",
        "（一）建设内容",
        "1.服务器",
        "两台。",
        "（二）技术实现",
        "微服务。",
    )
    assert [s.title for s in tree.root.children] == ["一、建设依据", "二、建设方案"]
    assert [s.title for s in find(tree, "二、建设方案").children] == ["（一）建设内容", "（二）技术实现"]
    assert [s.title for s in find(tree, "（一）建设内容").children] == ["1.服务器"]


def test_a_glued_number_needs_a_known_title() -> None:
    tree = outline("一建设依据", "根据文件。", "3年内建成两个中心", "正文。")
    assert titles(tree.root) == ["一建设依据"]


def test_a_label_carries_its_text() -> None:
    tree = outline("建设依据：根据《条例》。", "【建设目标】达到90%。", "建设内容——采购设备。")
    assert titles(tree.root) == ["建设依据", "建设目标", "建设内容"]
    assert texts(find(tree, "建设依据")) == ["根据《条例》。"]
    assert all(s.origin is Origin.LABEL for s in tree.root.children)


def test_a_title_s_translation_is_no_text_of_it() -> None:
    tree = outline(
        "一、建设依据 Basis of the Project",
        "二、资金估算 Investment Estimate",
        "28万元。",
        "三、建设目标 达到90%以上的在线办理率。",
    )
    assert texts(find(tree, "一、建设依据 Basis of the Project")) == []
    assert texts(find(tree, "二、资金估算 Investment Estimate")) == ["28万元。"]
    assert texts(find(tree, "三、建设目标")) == ["达到90%以上的在线办理率。"]


def test_a_mention_in_running_text_is_no_title() -> None:
    tree = outline("本方案的建设依据、建设目标和建设内容已经分管领导审核，资金估算另行说明。")
    assert titles(tree.root) == []


def test_contents_margins_and_notes_are_not_content() -> None:
    tree = outline(
        Paragraph(1, "一、建设依据 3", role=Role.CONTENTS),
        Paragraph(2, "建设目标", role=Role.MARGIN),
        Paragraph(3, "建设内容见附件。", role=Role.NOTE),
        "正文。",
    )
    assert titles(tree.root) == []


def test_lists_of_attachments_and_of_contents_meet_nothing() -> None:
    tree = outline("一、附件清单", "1.项目验收报告", "2.用户报告")
    assert all(s.listing for s in tree.root.walk() if s.title)
    tree = outline("本方案包括以下内容：", "1.建设依据", "2.建设目标", "3.建设内容")
    assert all(s.listing for s in tree.root.walk() if s.title)


def test_a_list_of_contents_ends_where_its_titles_come_again() -> None:
    listed = ("一、建设依据", "二、建设目标", "三、建设内容")
    tree = outline(
        Paragraph(1, "目录", bold=True, align=Align.CENTER, size=18.0),
        *listed,
        "一、建设依据",
        "根据文件办理。",
        "二、建设目标",
        "达到90%。",
    )
    held = [s for s in tree.root.walk() if s.blocks]
    assert [(s.title, s.listing) for s in held] == [("一、建设依据", False), ("二、建设目标", False)]


def test_a_form_gives_its_rows_and_a_grid_does_not() -> None:
    form = outline(table(("项目名称", "甲"), ("建设依据", "根据文件办理。"), ("建设目标", "")))
    assert titles(form.root) == ["项目名称", "建设依据", "建设目标"]
    two_pairs = outline(
        table(("验收时间", "2024年4月1日", "用户报告", "满意"), ("监理报告", "合格", "测评报告", "通过"))
    )
    assert titles(two_pairs.root) == ["验收时间", "用户报告", "监理报告", "测评报告"]
    grid = outline(table(("阶段", "建设内容", "完成时间"), ("一", "采购", "5月"), ("二", "安装", "6月")))
    assert titles(grid.root) == []


def test_a_form_numbered_by_rows_and_one_with_labels_above() -> None:
    numbered = outline(
        table(("序号", "事项", "内容"), ("1", "停运时间", "2025年1月1日"), ("2", "数据资源处置", "移交"))
    )
    assert titles(numbered.root) == ["停运时间", "数据资源处置"]
    above = outline(table(("停运时间", "数据资源处置"), ("2025年1月1日", "移交档案馆")))
    assert texts(find(above, "数据资源处置")) == ["移交档案馆"]


def test_labels_stand_over_their_values_in_part_of_a_form() -> None:
    tree = outline(
        table(
            ("项目名称", "智慧水务平台"),
            ("建设原则", "总体架构"),
            ("坚持统筹规划、利旧优先、安全可控、急用先行。", "分为四层。"),
            ("采购情况", "合同签订时间"),
            ("已完成公开招标。", "合同于2024年6月20日签订。"),
            ("联系人", "李明"),
        )
    )
    assert texts(find(tree, "项目名称")) == ["智慧水务平台"]
    assert texts(find(tree, "建设原则")) == ["坚持统筹规划、利旧优先、安全可控、急用先行。"]
    assert texts(find(tree, "总体架构")) == ["分为四层。"]
    assert texts(find(tree, "合同签订时间")) == ["合同于2024年6月20日签订。"]
    assert texts(find(tree, "联系人")) == ["李明"]


def test_a_known_value_over_an_unknown_label_makes_no_label_row() -> None:
    noted = ("采购情况（请说明，不超过500字）", "已公开招标。")
    tree = outline(table(("服务周期", "三年"), noted, ("考核指标", "可用率不低于99%。")))
    assert texts(find(tree, "服务周期")) == ["三年"]
    assert texts(find(tree, "考核指标")) == ["可用率不低于99%。"]


def test_a_label_and_its_value_share_the_last_cell_of_a_row() -> None:
    """Found by fuzzing: the one known label of a table stood where no cell follows."""
    for rows in (
        (("第一期", "服务周期：三年。"),),
        (("第一期", "服务周期：三年"), ("第二期", "另行安排")),
        (("其他", "无"), ("第一期", "服务周期：自2024年1月1日起三年。"), ("第三期", "无")),
    ):
        tree = outline("一、其他安排", table(*rows))
        value = find(tree, "服务周期")
        assert any("三年" in text for text in texts(value)), rows


def test_numbered_titles_set_larger_than_the_text_are_no_list_that_says_something() -> None:
    def says(size: float) -> bool:
        titles = [Paragraph(n, text, size=size) for n, text in ((2, "3.1 数据清单"), (3, "3.2 处置方式"))]
        rest = [Paragraph(n, "系统已经停用，各单位均已确认。", size=11.0) for n in (5, 6, 7)]
        chapters = Paragraph(1, "3 数据资源处置", size=14.0), Paragraph(4, "4 协调对接", size=14.0)
        tree = outline(chapters[0], *titles, chapters[1], *rest)
        return substance(PACK.language).has(find(tree, "3 数据资源处置"))

    assert says(11.0)
    assert not says(13.0)


def test_a_question_in_a_form_is_no_text_of_the_field_above_it() -> None:
    tree = outline(table(("考核指标", ""), ("是否涉及敏感数据？", "否"), ("服务周期", "三年")))
    assert texts(find(tree, "考核指标")) == []


def test_a_line_that_says_that_all_is_said_is_no_content() -> None:
    for end in ("— 完 —", "（以下空白）", "填表人：李明　　审核人：王强"):
        tree = outline("一、网络安全", "略", end, Paragraph(4, "锦江区某某局", align=Align.END), "2024年8月")
        assert texts(find(tree, "一、网络安全")) == ["略"]


def test_a_line_with_the_bullet_of_the_titles_ends_the_section_above_it() -> None:
    text = "由主要负责同志任组长，定期研究解决问题。"
    tree = outline("➢ 建设依据", "根据文件办理。", "➢ 建设目标", "➢ 组织管理", text)
    assert texts(find(tree, "建设目标")) == []
    listed = outline("➢ 建设内容", "➢ 采集终端", "➢ 业务平台", "➢ 建设目标", "达到90%。")
    assert texts(find(listed, "建设内容")) == ["➢ 采集终端", "➢ 业务平台"]


def test_numbers_in_black_brackets_and_with_dashes_are_numbers() -> None:
    tree = outline("【一】建设依据", "根据文件办理。", "【二】组织管理", "成立专班。")
    assert titles(tree.root) == ["【一】建设依据", "【二】组织管理"]
    assert [
        s.title for s in outline("1-1 建设依据", "根据文件。", "1-2 建设目标", "90%。").root.children
    ] == [
        "1-1 建设依据",
        "1-2 建设目标",
    ]
    assert titles(outline("建设依据", "根据文件。", "6-8个月内完成").root) == ["建设依据"]


def test_bars_that_touch_are_titles_each() -> None:
    one = Table(
        (
            (Cell(0, 0, 1, 1, (Paragraph(1, "八、建设目标"),)),),
            (Cell(1, 0, 1, 1, (Paragraph(2, "九、建设内容"),)),),
        )
    )
    tree = outline("七、建设依据", "根据文件办理。", one, "采购设备两台。")
    assert texts(find(tree, "八、建设目标")) == []
    assert texts(find(tree, "九、建设内容")) == ["采购设备两台。"]


def test_under_a_heading_row_all_cells_behind_a_label_are_its_value() -> None:
    tree = outline(
        table(
            ("序号", "备案内容", "是否具备", "情况说明", "备注"),
            ("1", "用户报告", "☑是 □否", "已出具", "附后"),
            ("2", "监理报告", "□是 □否", "", ""),
        )
    )
    assert texts(find(tree, "用户报告")) == ["☑是 □否", "已出具", "附后"]
    judge = substance(PACK.language)
    assert judge.has(find(tree, "用户报告"))
    assert not judge.has(find(tree, "监理报告"))


def test_names_of_rows_alone_under_a_head_that_asks_for_more_say_nothing() -> None:
    judge = substance(PACK.language)
    head = ("阶段", "起止时间", "责任人")

    def says(*rows: tuple[str, ...]) -> bool:
        return judge.has(find(outline("五、实施计划", table(*rows)), "五、实施计划"))

    assert not says(head, ("设计", "", ""), ("开发", "", ""), ("验收", "", ""))
    assert not says(head, ("设计", "××", ""), ("开发", "", ""))
    assert says(head, ("设计", "5月", ""), ("开发", "", ""))
    assert says(("阶段", "完成情况", "备注"), ("设计", "", ""), ("开发", "", ""))
    assert says(head, ("完成全部机构的接入和培训", "", ""), ("验收", "", ""))


def test_a_grid_within_a_form_is_content_of_the_label_before_it() -> None:
    form = (
        ("项目名称", "智慧水务平台"),
        ("资金估算", "共50万元。"),
        ("序号", "名称", "金额（万元）"),
        ("1", "软件开发", "30"),
        ("2", "系统集成", "20"),
        ("合计", "50"),
        ("资金来源", "由区级财政预算安排50万元。"),
        ("安全可靠情况", "均选用安全可靠产品。"),
    )
    tree = outline(table(*form))
    estimate = find(tree, "资金估算")
    assert [len(b.rows) for b in estimate.blocks if isinstance(b, Table)] == [4]
    assert texts(find(tree, "资金来源")) == ["由区级财政预算安排50万元。"]
    begins = outline("一、资金估算", "共50万元。", table(*form[2:]))
    assert texts(find(begins, "安全可靠情况")) == ["均选用安全可靠产品。"]


def test_a_known_title_in_a_row_over_a_whole_account_is_its_title() -> None:
    rows = [("科目", "金额（元）"), ("小程序开发", "98000"), ("统计大屏", "45000"), ("合计", "143000")]
    title = (Cell(0, 0, 1, 2, (Paragraph(1, "资金估算"),)),)
    tree = outline("项目需求方案", Table((title, *table(("", ""), *rows).rows[1:])))
    estimate = find(tree, "资金估算")
    assert [len(b.rows) for b in estimate.blocks if isinstance(b, Table)] == [4]
    other = (Cell(0, 0, 1, 2, (Paragraph(1, "软件部分"),)),)
    assert titles(outline("正文", Table((other, *table(("", ""), *rows).rows[1:]))).root) == []


def test_labels_that_share_their_first_word_are_whole() -> None:
    def rows(*beside: tuple[str, str]) -> Table:
        group = Cell(1, 0, len(beside), 1, (Paragraph(3, "建设"),))
        first = (Cell(0, 0, 1, 2, (Paragraph(1, "项目名称"),)), Cell(0, 2, 1, 1, (Paragraph(2, "智慧水务"),)))
        below = [
            (
                Cell(1 + r, 1, 1, 1, (Paragraph(4 + 2 * r, t),)),
                Cell(1 + r, 2, 1, 1, (Paragraph(5 + 2 * r, v),)),
            )
            for r, (t, v) in enumerate(beside)
        ]
        return Table((first, (group, *below[0]), *below[1:]))

    whole = outline(rows(("依据", "《办法》。"), ("目标", "一码通用。"), ("内容", "后台一套。")))
    assert titles(whole.root)[1:] == ["建设依据", "建设目标", "建设内容"]
    other = outline(rows(("依据", "《办法》。"), ("地点", "锦江区。"), ("内容", "后台一套。")))
    assert "建设目标" not in titles(other.root)
    assert "建设地点" not in titles(other.root)


def test_an_empty_cell_beside_a_label_of_several_rows_shares_no_word_with_it() -> None:
    """Found by fuzzing: the label is known by itself, and so with the nothing that stands beside it."""
    group = Cell(0, 0, 2, 1, (Paragraph(1, "资金估算"),))
    beside = Cell(1, 1, 1, 1, (Paragraph(2, "及经费保障"),)), Cell(1, 2, 1, 1, (Paragraph(3, "24万元。"),))
    tree = outline(Table(((group, Cell(0, 1, 1, 1, ()), Cell(0, 2, 1, 1, ())), beside)))
    assert "24万元。" in texts(tree.root)


def test_the_first_chapter_is_no_part_of_a_label_that_has_its_text() -> None:
    beside = outline("总投资：128万元", "一、建设原则", "安全可靠。", "二、总体架构", "四层。")
    assert [s.title for s in beside.root.children] == ["总投资", "一、建设原则", "二、总体架构"]
    below = outline("建设内容：分为：", "一、建设原则", "安全可靠。")
    assert titles(find(below, "建设内容")) == ["建设内容", "一、建设原则"]


def test_a_labelled_line_in_a_section_s_content_keeps_its_number() -> None:
    tree = outline("六、资金估算", "共50万元。", "■ 建设内容：30万元")
    assert texts(find(tree, "六、资金估算"))[-1] == "■ 建设内容：30万元"


def test_a_label_beside_an_account_of_its_own_is_no_head_of_a_grid() -> None:
    account = [
        ("序号", "费用项", "金额（万元）"),
        ("1", "软件", "96.5"),
        ("2", "监理费", "12.0"),
        ("合计", "", "108.5"),
    ]
    beside = [
        tuple(Cell(2 + r, 1 + c, 1, 1, (Paragraph(20 + 5 * r + c, t),)) for c, t in enumerate(row))
        for r, row in enumerate(account)
    ]
    above = [
        (Cell(r, 0, 1, 1, (Paragraph(2 * r + 1, t),)), Cell(r, 1, 1, 3, (Paragraph(2 * r + 2, v),)))
        for r, (t, v) in enumerate((("四、技术实现", "云边协同。"), ("五、实施计划", "分四个阶段。")))
    ]
    label = Cell(2, 0, 4, 1, (Paragraph(10, "六、资金估算"),))
    tree = outline(Table((*above, (label, *beside[0]), *beside[1:])))
    assert texts(find(tree, "五、实施计划")) == ["分四个阶段。"]
    assert [len(b.rows) for b in find(tree, "六、资金估算").blocks if isinstance(b, Table)] == [4]


def test_a_cell_with_nothing_but_its_title_does_not_take_the_next_cell() -> None:
    both = Cell(2, 0, 1, 1, (Paragraph(3, "3.数据资源处置"), Paragraph(4, "迁移至区级平台。")))
    column = Table(
        (
            (Cell(0, 0, 1, 1, (Paragraph(1, "1.系统概述"), Paragraph(2, "系统已停用。"))),),
            (Cell(1, 0, 1, 1, (Paragraph(2, "2.停运时间"),)),),
            (both,),
        )
    )
    tree = outline(column)
    assert texts(find(tree, "2.停运时间")) == []
    assert texts(find(tree, "3.数据资源处置")) == ["迁移至区级平台。"]


def test_two_cells_of_a_row_each_hold_a_label_over_its_text() -> None:
    number = iter(range(1, 100))

    def cell(row: int, column: int, *lines: str) -> Cell:
        return Cell(row, column, 1, 1, tuple(Paragraph(next(number), line) for line in lines))

    tree = outline(
        Table(
            (
                (cell(0, 0, "采购情况", "已公开招标。"), cell(0, 1, "合同签订时间", "2024年6月15日签订。")),
                (cell(1, 0, "合同副本"), cell(1, 1, "项目名称：智慧水务平台")),
            )
        )
    )
    assert texts(find(tree, "合同签订时间")) == ["2024年6月15日签订。"]
    assert texts(find(tree, "合同副本")) == []


def test_a_sign_of_a_symbol_font_is_a_bullet() -> None:
    tree = outline("\uf0d8建设依据", "根据文件办理。", "\uf0d8建设目标", "达到90%。")
    assert texts(find(tree, "建设目标")) == ["达到90%。"]


def test_facts_of_the_whole_below_the_last_section_are_not_its_text() -> None:
    tree = outline("安全可靠情况：TBD", "项目名称：智慧水务平台", "建设单位：锦江区水务局", "2024年5月")
    assert texts(find(tree, "安全可靠情况")) == ["TBD"]
    assert [p.text for p in tree.closing][:2] == ["项目名称：智慧水务平台", "建设单位：锦江区水务局"]
    middle = outline("监理报告", "项目名称：智慧水务平台", "质量合格，同意验收。", "2024年5月")
    assert texts(middle.root) == ["监理报告", "项目名称：智慧水务平台", "质量合格，同意验收。"]


def test_the_signature_is_no_content_but_an_asked_for_date_is() -> None:
    signed = outline("一、网络安全", "略", Paragraph(3, "锦江区某某局", align=Align.END), "2024年8月")
    assert texts(find(signed, "一、网络安全")) == ["略"]
    assert [p.text for p in signed.closing] == ["锦江区某某局", "2024年8月"]
    asked = outline("一、停运时间", "2024年9月30日")
    assert texts(find(asked, "一、停运时间")) == ["2024年9月30日"]


def test_placeholders_have_no_substance_and_short_statements_have() -> None:
    judge = substance(PACK.language)
    for text in (
        "待补充",
        "略",
        "××",
        "TBD",
        "（此处填写建设依据，不少于200字）",
        "____年____月____日",
        "暂略，后续补充完善",
        "相关内容另行报送",
        "无相关内容",
        "【请补充】",
        "尚在研究中",
        "具体方案正在论证中。",
        "具体方案尚在研究论证中",
        "本节内容后续补充完善",
        "详见后续材料",
        "与前文相同",
        "目前暂无此项内容",
        "此处填写项目依据",
        "（审计后补充）",
        "详细情况由供应商在投标文件中补充。",
        "（根据批复时间倒排，报批后补充）",
        "（本部分按照评审专家意见修改中）",
        "此部分内容待补充。",
        "待细化",
        "这部分内容仍需进一步细化",
        "待监理公司提供",
        "内容待更新",
        "待财政部门明确。",
        "（未完成）",
        "暂缺，验收后补",
        "正在走流程",
        "报告另行提交。",
        "TODO：补充报告",
        "定级工作正在开展。",
        "点位在线率××%，图像完好率××%，故障修复率××%。",
        "×月采购，×月开发，2025年×月上线。",
        "（从部门预算、上级补助等方面说明资金来源）",
        "（参照密评要求编写）",
        "请参照附件模板要求编写",
        "【编写要点】说明主要内容、范围和要求。",
        "本部分内容正在征求意见。",
        "有待进一步研究",
        "资金来源正在与区财政局对接。",
        "预留",
        "列明各项费用及测算依据",
        "简述项目目标、范围及预期成果（200字左右）",
        "从政策、业务、技术三个维度阐述",
        "字数不少于300字",
        "（1）；（2）；（3）。",
        "本节略。",
        "此项略",
        "以后再补。",
        "按照国家有关规定执行。",
        "（1）",
        "2、",
        "建设内容如下：",
    ):
        assert judge.is_placeholder(text), text
    for text in ("□是 □否", "☐有 ☑无", "□有 \ufffd无", "否■ 是□", "□已提供 □未提供"):
        assert judge.is_placeholder(text), text
    for text in ("☑是 □否", "☑", "☐一级 ☐二级"):
        assert not judge.is_placeholder(text), text
    for text in (
        "按《成都市政务云管理办法》的规定执行。",
        "按区级统一规划分期建设。",
        "三年",
        "3",
        "98",
        "第二级",
        "合格",
        "本项目无监理。",
        "2024年4月24日",
        "请市民通过小程序预约",
    ):
        assert not judge.is_placeholder(text), text
    for text in (
        "点位在线率98%，修复率××%。",
        "由××公司每月巡检，及时更换备件",
        "（一）立项说明：区政府第58次会议",
    ):
        assert not judge.is_placeholder(text), text
    for text in ("合同签订后支付三成，验收后支付七成", "由区财政安排", "试运行中发现的问题已全部整改"):
        assert not judge.is_placeholder(text), text
    for text in (
        "现有系统已纳入统一管理",
        "由区财政统一安排",
        "无需新增硬件，利用现有政务云资源",
        "系统正在运行，年均故障2次",
        "方案参照市级平台建设",
        "每月提供巡检报告，并及时补充备件",
        "没有编外人员",
        "暂不提供对外接口，数据由区级平台统一推送",
        "遗留问题2项，待整改的1项已列入计划",
        "报告由第三方机构出具，结论合格",
    ):
        assert not judge.is_placeholder(text), text


def test_a_title_with_only_filled_subtitles_has_substance() -> None:
    judge = substance(PACK.language)
    tree = outline("一、设计方案", "（一）井盖监测", "部署传感器。", "二、网络安全", "待补充")
    assert judge.has(find(tree, "一、设计方案"))
    assert not judge.has(find(tree, "二、网络安全"))


def test_plan_behind_its_letter_is_no_list_of_attachments() -> None:
    tree = outline(
        "附件：某系统建设项目需求方案", "某街道办事处", "2026年1月12日", "一、建设依据", "根据《条例》建设。"
    )
    assert not find(tree, "一、建设依据").listing


def test_numbered_short_title_is_set_apart_from_its_text() -> None:
    tree = outline("1. 技术：采用微服务架构，部署于政务云，接口统一。", "2. 进度：三个月上线，六个月验收。")
    assert titles(tree.root) == ["1. 技术", "2. 进度"]


def test_a_list_that_begins_anew_stands_under_the_title_above_it() -> None:
    tree = outline(
        "1. 建设目标", "全区一张图。", "2. 经费来源", "1. 区级财政", "80万元。", "2. 单位自筹", "20万元。",
        "3. 安全可靠情况", "采用国产产品。"
    )  # fmt: skip
    assert [s.title for s in tree.root.children] == ["1. 建设目标", "2. 经费来源", "3. 安全可靠情况"]
    assert [s.title for s in find(tree, "2. 经费来源").children] == ["1. 区级财政", "2. 单位自筹"]


def test_lines_of_contents_between_the_titles_that_they_list_are_no_text() -> None:
    tree = outline(
        "建设依据", "费用", "建设目标", "经费保障", "安全",
        Paragraph(6, "第一章 建设依据", level=1), "根据《条例》建设。", Paragraph(8, "第二章 费用", level=1),
        "10万元。", Paragraph(10, "第三章 建设目标", level=1), "一张图。",
        Paragraph(12, "第四章 安全", level=1), "采用国产产品。",
    )  # fmt: skip
    assert [s.title for s in tree.root.walk() if s.title == "经费保障" and not s.listing] == []


def test_a_higher_form_of_number_that_begins_under_an_empty_title_belongs_to_it() -> None:
    tree = outline(
        "5. 资金估算", "（一）总额", "共10万元。", "（二）明细", "软件10万元。", "6. 经费来源", "区级财政。"
    )
    assert [s.title for s in find(tree, "5. 资金估算").children] == ["（一）总额", "（二）明细"]
    assert texts(find(tree, "6. 经费来源")) == ["区级财政。"]


def test_a_run_in_title_that_nobody_knows_counts_on_from_one_that_is_sure() -> None:
    tree = outline("7.经费保障。区财政安排。", "8.安全可靠情况。待补充。", "9.其他事项。不涉及土建。")
    assert titles(tree.root) == ["7.经费保障", "8.安全可靠情况", "9.其他事项"]
    assert texts(find(tree, "8.安全可靠情况")) == ["待补充。"]


def test_a_numbered_title_of_two_halves_may_end_in_a_full_stop() -> None:
    tree = outline("一、建设原则。统筹集约。", "二、资源集约利用及数据共享交换。利旧服务器3台。")
    assert titles(tree.root) == ["一、建设原则", "二、资源集约利用及数据共享交换"]


def test_a_run_in_title_that_nobody_knows_ends_a_sure_one_without_any_text() -> None:
    tree = outline("1、采购合同副本。", "2、备案说明。已按规定公示。", "3、签订时间。2025年5月6日。")
    assert titles(tree.root) == ["1、采购合同副本。", "2、备案说明", "3、签订时间"]
    assert texts(find(tree, "1、采购合同副本。")) == []


def test_a_title_that_nobody_knows_ends_one_before_it_that_is_set_like_it() -> None:
    def bold(number: int, text: str) -> Paragraph:
        return Paragraph(number, text, bold_prefix=len(text), bold=True)

    tree = outline(bold(1, "考核指标："), bold(2, "应急预案："), "半小时内到场。")
    assert texts(find(tree, "考核指标：")) == []
    assert texts(find(tree, "应急预案")) == ["半小时内到场。"]


def test_a_line_that_leads_on_under_a_title_of_the_same_is_text() -> None:
    tree = outline(
        "二、运维内容及服务周期",
        "运维服务清单如下：",
        "每周巡检。",
        "2026年1月至2027年12月。",
        "三、考核指标",
    )
    assert texts(find(tree, "二、运维内容及服务周期"))[0] == "运维服务清单如下："
    assert not find(tree, "二、运维内容及服务周期").children


def test_a_numbered_run_in_title_in_new_words_counts_and_may_be_without_text() -> None:
    tree = outline("1. 合同文件。编号3。", "2. 合同签订日。", "3. 备案说明。已公示。")
    assert texts(find(tree, "2. 合同签订日。")) == []
    tree = outline("7. 免费运维起止时间。两年。", "8. 数据资源的权属与使用范围。归本局所有。")
    assert texts(find(tree, "8. 数据资源的权属与使用范围")) == ["归本局所有。"]


def test_a_line_that_states_a_value_is_no_label() -> None:
    tree = outline("工作进度：", "建设工期共9个月：前2个月设计，后7个月实施。")
    assert titles(tree.root) == ["工作进度"]


def test_a_line_that_states_a_value_is_no_title() -> None:
    tree = outline("八、免费运维时间", "免费运维3年", "十二、等级保护定级", "等级保护三级")
    assert titles(tree.root) == ["八、免费运维时间", "十二、等级保护定级"]


def test_a_numbered_line_is_not_the_second_half_of_a_title() -> None:
    tree = outline(
        Paragraph(1, "十、投资预算", bold_prefix=6, bold=True, align=Align.CENTER),
        Paragraph(2, "十一、安全体系设计", bold_prefix=9, bold=True, align=Align.CENTER),
    )
    assert titles(tree.root) == ["十、投资预算", "十一、安全体系设计"]


def test_no_title_of_the_document_comes_after_a_sentence() -> None:
    tree = outline(
        "某平台停运报备表",
        Paragraph(2, "停运原因", level=1),
        "功能已由新系统承接，继续运行会造成重复投入，年运维费18万元。",
        Paragraph(4, "停运后怎么办", level=1),
        "由新系统承接。",
    )
    assert "停运后怎么办" not in tree.titles


def test_a_number_that_does_not_count_on_stays_text() -> None:
    tree = outline("3.建设内容。共三项。", "1.大屏。一块。", "2.座椅。十把。", "4.技术实现。微服务。")
    assert titles(tree.root) == ["3.建设内容", "4.技术实现"]
    assert texts(find(tree, "3.建设内容")) == ["共三项。", "1.大屏。一块。", "2.座椅。十把。"]


def test_a_bar_drawn_around_a_title_is_a_heading_of_what_stands_below_it() -> None:
    tree = outline(table(("一、建设依据",)), "根据文件。", table(("二、组织管理",)), "成立小组。")
    assert texts(find(tree, "一、建设依据")) == ["根据文件。"]
    assert texts(find(tree, "二、组织管理")) == ["成立小组。"]
    tree = outline(table(("01", "建设依据")), "根据文件。", table(("02", "建设目标")), "达到90%。")
    assert texts(find(tree, "02 建设目标")) == ["达到90%。"]


def test_forms_inside_a_table_that_only_arranges_them_are_read() -> None:
    inner = (
        table(("项目名称", "智慧停车"), ("建设依据", "根据文件。")),
        table(("建设内容", "平台一套。"), ("技术实现", "微服务。")),
    )
    rows = tuple(
        (Cell(r, 0, 1, 1, (Paragraph(90 + r, name),)), Cell(r, 1, 1, 1, (form,)))
        for r, (name, form) in enumerate(zip(("基本信息", "方案"), inner, strict=True))
    )
    tree = outline(Table(rows))
    assert texts(find(tree, "建设依据")) == ["根据文件。"]
    assert texts(find(tree, "技术实现")) == ["微服务。"]


def test_labels_stand_over_their_values_in_several_pairs_of_rows() -> None:
    tree = outline(
        table(
            ("建设依据", "建设目标"),
            ("根据文件。", "达到90%。"),
            ("建设内容", "技术实现"),
            ("平台一套。", "待补充"),
        )
    )
    assert texts(find(tree, "建设目标")) == ["达到90%。"]
    assert not substance(PACK.language).has(find(tree, "技术实现"))


def test_a_gap_parts_a_title_from_its_text_however_short_that_is() -> None:
    tree = outline("服务周期　　24个月。", "实施计划\t总工期10个月：3月设计，8月验收。")
    assert texts(find(tree, "服务周期")) == ["24个月。"]
    assert texts(find(tree, "实施计划")) == ["总工期10个月：3月设计，8月验收。"]
    assert titles(outline("建设目标　　3").root) == []
    tree = outline("一、密码应用评估　已完成密评。", "二、信息系统网络安全等级保护定级　定级为三级。")
    assert texts(find(tree, "二、信息系统网络安全等级保护定级")) == ["定级为三级。"]
    tree = outline("十、监理报告 已出具。")
    assert texts(find(tree, "十、监理报告")) == ["已出具。"]


def test_a_column_that_says_how_to_fill_in_a_form_is_no_answer() -> None:
    tree = outline(
        table(
            ("序号", "填报事项", "填报说明", "填报内容"),
            ("1", "考核指标", "须量化", "待补充"),
            ("2", "服务周期", "最长不超过3年", "1年"),
            ("3", "立项依据", "写明文号", "根据文件。"),
        )
    )
    assert texts(find(tree, "服务周期")) == ["1年"]
    assert not substance(PACK.language).has(find(tree, "考核指标"))
    tree = outline(
        table(
            ("事项", "内容", "填写说明"),
            ("监理报告", "已出具。", "加盖公章"),
            ("用户报告", "略", "加盖公章"),
        )
    )
    assert texts(find(tree, "监理报告")) == ["已出具。"]
    assert not substance(PACK.language).has(find(tree, "用户报告"))


def test_a_column_is_the_answer_where_no_other_can_be() -> None:
    tree = outline(table(("事项", "填写说明"), ("监理报告", "已出具。"), ("用户报告", "已出具，附后。")))
    assert texts(find(tree, "监理报告")) == ["已出具。"]
    tree = outline(
        table(
            ("事项", "情况", "说明"),
            ("监理报告", "有", "编号JL-3，结论合格。"),
            ("用户报告", "有", "三个街道出具。"),
        )
    )
    assert texts(find(tree, "监理报告")) == ["有", "编号JL-3，结论合格。"]


def test_a_centred_title_over_its_date_is_no_signature() -> None:
    tree = outline(
        "合同副本",
        "随文报送。",
        Paragraph(3, "合同签订时间", align=Align.CENTER),
        "2024年7月8日",
        Paragraph(5, "锦江区教育局", align=Align.END),
        Paragraph(6, "2024年7月12日", align=Align.END),
    )
    assert texts(find(tree, "合同签订时间")) == ["2024年7月8日"]


def test_a_title_in_two_centred_lines_is_one() -> None:
    halves = [
        Paragraph(i, text, align=Align.CENTER, size=18.0)
        for i, text in enumerate(("数据资源的管理权属", "和使用范围"), 1)
    ]
    tree = outline(*halves, "归区政府所有。")
    assert texts(find(tree, "数据资源的管理权属和使用范围")) == ["归区政府所有。"]


def contents(*lines: str | tuple[str, int]) -> list[Block]:
    made = [(line, 0) if isinstance(line, str) else line for line in lines]
    return [
        Paragraph(i, f"{text}……{i}", role=Role.CONTENTS, level=level or None)
        for i, (text, level) in enumerate(made, start=1)
    ]


def test_a_line_that_the_contents_list_is_a_title() -> None:
    tree = outline(
        *contents("总体思路", "迁移设计"),
        Paragraph(11, "总体思路"),
        Paragraph(12, "分批迁移。"),
        Paragraph(13, "迁移设计"),
        Paragraph(14, "先影子运行，后切换。"),
        Paragraph(15, "其他说明"),
    )
    assert titles(tree.root) == ["总体思路", "迁移设计"]
    assert texts(find(tree, "迁移设计")) == ["先影子运行，后切换。", "其他说明"]


def test_the_contents_say_how_deep_a_title_stands() -> None:
    listed = contents(("详细设计", 1), ("迁移", 2), ("容灾", 2), ("其他", 1))
    body = [
        Paragraph(10 + i, t)
        for i, t in enumerate(("详细设计", "迁移", "甲。", "容灾", "乙。", "其他", "丙。"))
    ]
    tree = outline(*listed, *body)
    assert [s.title for s in tree.root.children] == ["详细设计", "其他"]
    assert [s.title for s in find(tree, "详细设计").children] == ["迁移", "容灾"]


def test_contents_that_set_all_alike_leave_a_bare_chapter_its_parts() -> None:
    listed = contents("迁移与容灾详细设计", "迁移", "容灾", "实施计划")
    body = [
        Paragraph(10 + i, t)
        for i, t in enumerate(
            ("迁移与容灾详细设计", "迁移", "甲。", "容灾", "乙。", "实施计划", "三月采购。")
        )
    ]
    tree = outline(*listed, *body)
    assert [s.title for s in tree.root.children] == ["迁移与容灾详细设计", "实施计划"]
    assert [s.title for s in find(tree, "迁移与容灾详细设计").children] == ["迁移", "容灾"]


def test_a_title_that_only_the_contents_name_is_no_section() -> None:
    tree = outline(*contents("实施计划", "建设目标"), Paragraph(11, "建设目标"), Paragraph(12, "一个平台。"))
    assert titles(tree.root) == ["建设目标"]


def test_a_label_that_answers_the_title_above_it_is_its_text() -> None:
    """定级：第二级 after 验收时间：… would else be one label more."""
    level = "十、信息系统网络安全等级保护定级"
    tree = outline(
        "验收时间：2024年10月16日", level, "定级：第二级；备案：已完成。", "十一、密码应用评估", "基本符合。"
    )
    assert titles(tree.root) == ["验收时间", level, "十一、密码应用评估"]
    assert texts(find(tree, level)) == ["定级：第二级；备案：已完成。"]


def test_a_label_for_one_half_of_the_title_above_it_opens_that_half() -> None:
    tree = outline("六、资金估算及资金来源", "资金来源：区级财政资金。", "资金估算：30万元。")
    assert titles(tree.root) == ["六、资金估算及资金来源", "资金来源", "资金估算"]


def test_an_annex_that_the_letter_names_is_read_under_the_bare_word() -> None:
    letter = (
        "关于停用旧系统的报告",
        "拟停用旧系统，详见附件。",
        "附件：系统停运报备表",
        "某局",
        "2026年5月6日",
    )
    form = table(("停运时间", "2026年10月8日"), ("数据资源处置", "迁移至新平台。"))
    tree = outline(*letter, "附件", "系统停运报备表", form)
    assert not find(tree, "停运时间").listing
    listed = outline(Paragraph(1, "附件", bold=True), "1.停运时间说明", "2.数据资源处置说明")
    assert all(section.listing for section in find(listed, "附件").walk())


def test_a_remark_in_brackets_is_no_title_whatever_it_names() -> None:
    remark = "（在此处说明系统架构、关键技术、部署环境等）"
    tree = outline(table(("技术实现",), (remark,)), table(("实施计划",), ("三个月。",)))
    assert texts(find(tree, "技术实现")) == [remark]
    assert not substance(PACK.language).has(find(tree, "技术实现"))


def test_a_label_with_a_full_stop_and_no_text_is_a_title_among_labels() -> None:
    tree = outline("监理报告。监理单位评定合格。", "密码应用评估。", "某局")
    assert texts(find(tree, "监理报告")) == ["监理单位评定合格。"]
    assert "密码应用评估。" in titles(tree.root)
    assert titles(outline("我局提交以下材料。", "密码应用评估。").root) == []


def test_a_label_that_a_narrow_column_cut_is_one() -> None:
    tree = outline(
        table(
            ("验收时间", "2026年7月9日"),
            ("信息系统", "二级"),
            ("网络安全", ""),
            ("等级保护", ""),
            ("定级", ""),
            ("密码应用评估", "基本符合。"),
        )
    )
    assert texts(find(tree, "信息系统网络安全等级保护定级")) == ["二级"]
    labels = ("验收时间", "合同资金支付情况", "建设成果", "免费运维起止时间", "数据资源的权属与使用范围")
    tree = outline(table(*((label, "已写明。") for label in labels)))
    assert titles(tree.root) == list(labels)
    tree = outline(table(("项目概况", "停车项目"), ("建设目标", ""), ("建设内容", "平台一套。")))
    assert not substance(PACK.language).has(find(tree, "建设目标"))


def test_a_row_that_states_an_amount_heads_no_account() -> None:
    tree = outline(
        table(
            ("项目名称", "政务云安全服务", "", ""),
            ("合同签订时间", "2026.08.11", "合同金额", "168万元"),
            ("合同副本", "已附", "经办", "何静"),
        )
    )
    assert texts(find(tree, "合同签订时间")) == ["2026.08.11"]


def test_bars_that_an_empty_row_parts_are_headings_all_the_same() -> None:
    tree = outline(table(("04", "考核指标"), ("", ""), ("05", "服务周期")), "一年。")
    assert texts(find(tree, "05 服务周期")) == ["一年。"]
    assert not substance(PACK.language).has(find(tree, "04 考核指标"))


def test_numbers_glued_to_their_titles_count_on_beside_decimals() -> None:
    tree = outline(
        "1.3 建设原则", "坚持统一规划。", "2总体架构", "2.1 现状架构", "现有十八个节点。",
        "3设计方案", "3.1 数据治理", "含质量。",
    )  # fmt: skip
    assert [s.title for s in tree.root.children] == ["1.3 建设原则", "2总体架构", "3设计方案"]
    assert [s.title for s in find(tree, "3设计方案").children] == ["3.1 数据治理"]


def test_chapters_counted_in_chinese_have_parts_numbered_after_them() -> None:
    tree = outline(
        "第三章 总体设计", "三.1 建设原则", "统一标准。", "三.2 总体架构", "三.2.1逻辑架构", "分四层。"
    )
    assert [s.title for s in find(tree, "第三章 总体设计").children] == ["三.1 建设原则", "三.2 总体架构"]
    assert [s.title for s in find(tree, "三.2 总体架构").children] == ["三.2.1逻辑架构"]


def test_a_plain_line_over_numbered_papers_heads_a_list_that_meets_nothing() -> None:
    tree = outline("现将材料报送如下。", "材料目录", "1. 用户使用报告", "2. 监理总结报告")
    assert all(section.listing for section in find(tree, "材料目录").walk())
    assert titles(find(tree, "材料目录")) == ["材料目录", "1. 用户使用报告", "2. 监理总结报告"]


def test_stems_count_chapters_and_two_parties_are_none() -> None:
    tree = outline(
        "甲、立项依据", "区政府专题会议纪要。", "乙、沿革", "运行六年。", "甲、乙双方协商一致，续签一年。"
    )
    assert [s.title for s in tree.root.children] == ["甲、立项依据", "乙、沿革"]
    assert texts(find(tree, "乙、沿革")) == ["运行六年。", "甲、乙双方协商一致，续签一年。"]


def test_a_paragraph_holds_as_many_sections_as_titles_begin_their_text_in_it() -> None:
    tree = outline(
        "一、项目概述",
        "立项依据：区政府专题会议纪要。【系统概况】运行六年。考核指标。可用率99%。",
        "二、经费",
        "三是服务周期。两年。资金估算见第二章。",
    )
    overview = find(tree, "一、项目概述")
    assert [(s.title, texts(s)) for s in overview.children] == [
        ("立项依据", ["区政府专题会议纪要。"]),
        ("系统概况", ["运行六年。"]),
        ("考核指标", ["可用率99%。"]),
    ]
    assert [(s.title, texts(s)) for s in find(tree, "二、经费").children] == [
        ("服务周期", ["两年。资金估算见第二章。"])
    ]


@pytest.mark.parametrize("number", ["{}、", "（{}）", "{}是"])
def test_numbered_titles_in_a_paragraph_begin_sections_behind_its_first_sentence(number: str) -> None:
    first, second = number.format("一"), number.format("二")
    tree = outline(f"现报告如下：{first}立项依据。区政府专题会议纪要。{second}系统概况：运行六年。")
    assert [texts(s) for s in tree.root.children] == [["区政府专题会议纪要。"], ["运行六年。"]]
    assert [s.title[-4:] for s in tree.root.children] == ["立项依据", "系统概况"]


@pytest.mark.parametrize(
    "text",
    [
        "项目分两步：一是加强停车管理。二是服务周期。三是提升效率。",
        "总投资24万元。其中，维护：10万元；安全服务：14万元；资金来源：区财政。",
        "现报告如下：一、立项依据。",
        "经研究，同意立项。服务周期：两年。",
    ],
)
def test_sentences_that_only_name_things_begin_no_sections(text: str) -> None:
    assert outline(text).root.children == ()


def test_how_many_copies_are_behind_says_nothing_of_what_stands_in_them() -> None:
    judge = substance(PACK.language)
    assert all(map(judge.is_reference, ("附后", "1份，附后", "一式两份、后附")))
    assert not judge.is_reference("合同一式三份，双方各执一份。")
