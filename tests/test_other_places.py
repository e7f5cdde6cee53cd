"""What one place says against another: days that are told, attachments of other projects."""

from __future__ import annotations

from datetime import date

import pytest
from docx_files import p, tbl, tc, tr, word_file

from extractors.readers.projects import may_be_one
from validators.report import Report
from worker.pipeline import Source, check

DAY = ("一、验收时间", "2024年3月15日")


CENTRED = '<w:jc w:val="center"/>'


def paper(*lines: str) -> bytes:
    return word_file("".join(p(line.lstrip(">"), CENTRED if line[0] == ">" else "") for line in lines))


def filed(*lines: str, **attachments: tuple[str, ...]) -> Report:
    main = Source("备案报告.docx", paper("验收备案报告", *lines))
    others = (Source(f"{name}.docx", paper(*text)) for name, text in attachments.items())
    return check([main, *others], document_class="acceptance-filing", filed_on=date(2024, 3, 20))


def findings(report: Report, requirement: str) -> list[tuple[str, str]]:
    return [
        (f.code, f.severity)
        for f in report.findings
        if f.requirement == requirement and f.code != "section-missing"
    ]


CONTRADICTS = [("value-inconsistent", "error")]


@pytest.mark.parametrize(
    ("told", "otherwise"),
    [
        ("街道于2024年2月28日组织5人专家组进行验收，同意通过。", "2024-02-28"),
        ("2024年3月25日，我局组织召开项目终验会，专家组同意通过。", "2024-03-25"),
        ("系统试运行三个月，2024年3月25日完成终验。", "2024-03-25"),
        ("2024年3月25日，街道邀请专家3名，对该系统进行现场验收。", "2024-03-25"),
        ("2024年3月15日，我局组织召开项目终验会，专家组同意通过。", None),
        ("2023年12月8日组织初步验收，2024年3月15日通过最终验收。", None),
        ("2024年2月28日组织验收，专家提出意见；2024年3月15日再次组织验收，同意通过。", None),
        ("2023年12月8日，我局组织设备到货验收。", None),
        ("2024年3月18日提交验收申请，拟于2024年4月2日组织验收。", None),
        ("2024年3月组织最终验收。", None),
        ("2024年2月20日完成各子系统验收，2024年3月22日完成验收报告的出具和归档。", None),
    ],
)
def test_a_day_that_the_story_of_the_acceptance_tells_must_be_that_of_its_field(
    told: str, otherwise: str | None
) -> None:
    report = filed(*DAY, "二、项目验收报告", told)
    assert report.record["验收时间"].get("叙述日期") == otherwise
    assert findings(report, "验收时间") == (CONTRADICTS if otherwise else [])


@pytest.mark.parametrize("title", ["项目终验报告", "项目初步验收报告"])
def test_the_paper_on_an_earlier_stage_has_a_day_of_its_own(title: str) -> None:
    told = (title, "2024年2月28日，区教育局组织召开验收会，专家组同意通过验收。")
    report = filed(*DAY, 附件=told)
    assert findings(report, "验收时间") == (CONTRADICTS if title == "项目终验报告" else [])


@pytest.mark.parametrize(
    ("said", "later"),
    [
        ("合同于2024年8月15日签订，合同金额286万元。", True),
        ("2024年8月1日，甲乙双方签订建设合同。", True),
        ("合同于2023年8月15日签订。", False),
        ("质保期满后，运维合同于2024年8月15日签订。", False),
        ("2024年3月20日，专家签署意见：符合合同要求。", False),
    ],
)
def test_no_contract_is_signed_after_the_acceptance(said: str, later: bool) -> None:
    report = filed(*DAY, "二、项目概况", said)
    assert findings(report, "验收时间") == (CONTRADICTS if later else [])


@pytest.mark.parametrize(("years", "agrees"), [("三年", True), ("两年", False), ("五年", False)])
def test_the_contract_promises_as_much_free_maintenance_as_is_filed(years: str, agrees: bool) -> None:
    contract = ("平台采购合同", "第三条 免费维护期：终验合格之日起" + years + "。")
    report = filed("一、免费运维时间", "终验合格之日起三年。", 合同=contract)
    assert findings(report, "免费运维时间") == ([] if agrees else CONTRADICTS)


# -- attachments of other projects -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "other", "one"),
    [
        ("锦江区智慧工地监管平台", "智慧工地监管系统V1.0", True),
        ("锦江区智慧校园平台（一期）", "锦江区智慧校园平台二期采购项目", True),
        ("成都市锦江区图书馆智慧化改造项目", "锦图智慧化改造", True),
        ("锦江区智慧停车诱导系统建设项目", "智慧停车诱导系统采购", True),
        ("锦江消费地图平台验收情况报备", "“锦江消费地图”平台建设", True),
        ("锦江区沙河街道智慧平安小区项目", "锦江区沙河街道智慧公厕管理系统", False),
        ("锦江区数字档案馆系统建设项目", "锦江区社区矫正智能管理系统建设项目", False),
        ("锦江区智慧停车诱导系统", "锦江区智慧养老服务平台", False),
        ("锦江区智慧停车诱导系统建设项目", "“文旅锦江”公共服务平台建设项目", False),
    ],
)
def test_names_of_one_project_share_more_than_what_all_names_share(name: str, other: str, one: bool) -> None:
    assert may_be_one(name, other) is one
    assert may_be_one(other, name) is one


OWN, OTHER = "锦江区数字档案馆系统建设项目", "锦江区社区矫正智能管理系统项目"
REPORT = ("监理报告", "质量合格，同意验收。")
OF_OTHER = (REPORT[0], f"项目名称：{OTHER}", REPORT[1])


def strangers(beside: str = "", **attachments: tuple[str, ...]) -> list[tuple[str | None, str]]:
    report = filed(f"项目名称：{OWN}", *DAY, "二、项目概况", beside or "按合同建成。", **attachments)
    return [(f.requirement, f.severity) for f in report.findings if f.code == "value-inconsistent"]


def test_a_paper_of_another_project_contradicts_the_submission() -> None:
    assert strangers(监理报告=OF_OTHER) == [("监理报告", "error")]
    assert strangers(监理报告=REPORT) == []


@pytest.mark.parametrize(
    ("title", "stranger"),
    [
        ((f"{OTHER}监理报告",), True),
        ((f">{OTHER}", ">监理报告"), True),
        ((f"{OWN}监理报告",), False),
        (("数字档案馆监理报告",), False),
        (("锦江区社区矫正智能管理系统监理报告",), False),  # as a project is called, or its product
    ],
)
def test_a_required_paper_may_name_its_project_in_its_title(title: tuple[str, ...], stranger: bool) -> None:
    assert strangers(监理报告=(*title, REPORT[1])) == ([("监理报告", "error")] if stranger else [])


def test_what_no_requirement_needs_or_several_call_so_is_only_noticed() -> None:
    minutes = ("会议纪要", f"项目名称：{OTHER}", "会议研究了有关工作。")
    assert strangers(会议纪要=minutes) == [("项目名称", "warning")]
    test = ("测评报告", f"项目名称：{OTHER}", "测评结论为通过。")
    assert strangers(监理报告=OF_OTHER, 测评报告=test) == [("项目名称", "warning")]


def test_a_paper_that_names_both_projects_or_one_that_the_filing_tells_of_is_no_stranger() -> None:
    assert not strangers(监理报告=(*OF_OTHER, f"本报告含{OWN}。"))
    assert not strangers(监理报告=OF_OTHER, beside=f"与{OTHER}一并采购。")


# -- which paper an attachment is ------------------------------------------------------------------------


def test_an_attachment_is_known_by_a_second_line_of_its_title() -> None:
    lines = (">智慧停车诱导系统建设项目", ">终验报告", "一、验收意见", "达到合同要求，同意终验。")
    assert filed(*DAY, 附件1=lines).record["项目验收报告"]["有内容"]


def test_a_title_of_two_lines_is_no_content() -> None:
    lines = (">智慧停车诱导系统", ">项目验收报告")
    for text, says in (("2024年3月", False), ("质量合格，同意通过验收。", True)):
        assert filed(*DAY, 附件1=(*lines, text)).record["项目验收报告"]["有内容"] is says


def test_the_office_that_gives_an_opinion_is_no_section_about_its_subject() -> None:
    office = "中共成都市锦江区委网络安全和信息化委员会办公室"
    main = paper("智慧水务平台建设方案", "一、建设原则", "统筹集约。")
    reply = paper(office, "关于智慧水务平台建设方案的回复", "来文收悉，原则同意。")
    report = check(
        [Source("方案.docx", main), Source("回复.docx", reply)], document_class="construction-plan"
    )
    assert "网络安全" not in report.record


@pytest.mark.parametrize("text", ["资金使用情况详见资金使用情况说明。", "（略）"])
def test_an_attachment_that_only_points_to_itself_is_empty(text: str) -> None:
    report = filed(*DAY, 附件6=("资金使用情况说明", text))
    assert report.record["资金使用情况"]["有内容"] is False


def test_what_an_attachment_asks_for_and_leaves_open_is_empty_and_not_missing() -> None:
    notes = (
        "有关事项说明",
        "1.免费运维时间：两年。",
        "2.密码应用评估：待补充",
        "3.信息安全建设：部署日志审计。",
    )
    report = filed(*DAY, 说明=notes)
    about = {f.requirement: f.code for f in report.findings}
    assert about["密码应用评估"] == "section-empty"
    assert "信息安全建设" not in about
    assert about["信息系统网络安全等级保护定级"] == "section-missing"


def test_a_contract_may_follow_the_slip_that_files_it() -> None:
    slip = ("合同备案登记", "合同签订时间：2025年3月24日")
    title = "<w:p><w:r><w:rPr><w:b/><w:sz w:val='44'/></w:rPr><w:t>技术开发合同</w:t></w:r></w:p>"
    lines = map(p, ("一、合同主体", "甲方：某局；乙方：某公司。", "二、开发内容", "预警发布等四个模块。"))
    for contract, there in ((title + "".join(lines), True), ("", False)):
        data = word_file("".join(map(p, slip)) + contract)
        report = check([Source("a.docx", data)], document_class="contract-filing")
        assert ("合同副本" in report.record) is there


@pytest.mark.parametrize(
    "text", ["（粘贴监理单位意见）", "（评估机构出具后替换）", "（待盖章后补送）", "（加盖公章的报告扫描件）"]
)
def test_a_bracketed_word_on_what_will_stand_there_is_a_placeholder(text: str) -> None:
    report = filed(*DAY, "二、监理报告", text)
    assert report.record["监理报告"]["有内容"] is False


@pytest.mark.parametrize("text", ["某支行：（意见）\n（盖章）　　年　月　日", "使用单位意见：（签字）"])
def test_a_signature_s_blank_is_a_placeholder(text: str) -> None:
    report = filed(*DAY, "二、用户报告", *text.split("\n"))
    assert report.record["用户报告"]["有内容"] is False


@pytest.mark.parametrize(
    ("words", "there"), [("各科室反映良好，同意验收。", True), ("运行2184小时。", False)]
)
def test_a_report_on_the_trial_run_is_the_users_where_it_says_what_they_think(
    words: str, there: bool
) -> None:
    report = filed(*DAY, 附件2=("试运行报告", words))
    assert ("用户报告" in report.record) is there


def test_papers_beside_a_letter_bear_out_its_title() -> None:
    """It states nothing itself but what it is for."""
    letter = Source("申请.docx", paper("关于停运机关OA旧系统的申请", "现按规定报备，材料附后。"))
    plan = Source("方案.docx", paper("数据资源处置方案", "公文数据移交区档案馆。"))
    assert check([letter, plan]).document_class == "decommission-notice"
    assert check([letter]).document_class is None


def test_the_unit_that_signs_the_filing_is_not_that_of_an_attachment() -> None:
    main = paper("验收备案报告", *DAY, ">成都市锦江区金融工作局")
    proof = paper("等级保护备案证明", "备案单位：成都市公安局锦江区分局", "第三级。")
    report = check([Source("a.docx", main), Source("b.docx", proof)], document_class="acceptance-filing")
    assert report.record["建设单位"] == "成都市锦江区金融工作局"


def test_a_letter_s_title_names_the_project_that_its_contract_is_held_against() -> None:
    letter = paper("关于锦江区数字孪生水务监测项目合同备案的函", "一、合同签订时间", "2025年6月3日。")
    contract = paper(
        "政府采购合同", "项目名称：锦江区河道视频巡查系统项目", "第一条 合同标的", "监测终端12套。"
    )
    report = check([Source("函.docx", letter), Source("合同.docx", contract)], filed_on=date(2025, 6, 5))
    assert report.record["项目名称"] == "锦江区数字孪生水务监测项目"
    assert [f.requirement for f in report.findings if f.severity == "error"] == ["合同副本"]


def test_the_letter_that_files_a_contract_is_the_main_document_though_the_contract_says_more() -> None:
    letter = paper("关于智慧水务项目合同备案的函", "一、采购情况", "公开招标。", "现将合同报备如下。")
    days = ("签订日期：2025年6月3日", "合同签订时间：2025年6月3日")
    contract = paper("政府采购合同", "项目名称：河道视频巡查系统", "第一条 合同标的", "监测终端12套。", *days)
    report = check([Source("合同.docx", contract), Source("函.docx", letter)], filed_on=date(2025, 6, 5))
    assert report.record["项目名称"] == "智慧水务项目"
    assert report.record["合同签订时间"]["日期"] == "2025-06-03"


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        (("软件名称|某识别系统V2.3", "测试类型|验收测试", "测试结论|通过"), True),
        (("软件名称|某识别系统V2.3", "软件版本号|V2.3", "测试结论|"), False),
    ],
)
def test_a_report_s_form_says_more_than_what_it_is_about(rows: tuple[str, ...], says: bool) -> None:
    form = tbl(*(tr(*(tc(p(cell)) for cell in row.split("|"))) for row in rows))
    report = word_file(p("软件测试报告", CENTRED) + form)
    sources = [Source("a.docx", paper("验收备案报告", *DAY)), Source("4.docx", report)]
    record = check(sources, document_class="acceptance-filing").record
    assert record["测评报告"]["有内容"] is says


@pytest.mark.parametrize("day", ["2024年3月15日", "2024年3月8日"])
def test_the_minutes_of_the_acceptance_say_when_it_was(day: str) -> None:
    minutes = ("智慧平台验收会会议纪要", f"时间：{day}上午9:30", "地点：三楼会议室", "会议同意通过验收。")
    report = filed(*DAY, 纪要=minutes)
    assert findings(report, "验收时间") == ([] if day == "2024年3月15日" else CONTRADICTS)


def test_a_title_that_is_no_letter_s_names_the_project_less_surely_than_an_attachment_s_label() -> None:
    main = paper(">智慧工地监管平台", ">项目竣工总结及验收备案", *DAY)
    opinion = paper("终验意见", "项目名称：智慧工地监管平台", "同意通过验收。")
    report = check([Source("a.docx", main), Source("b.docx", opinion)], document_class="acceptance-filing")
    assert report.record["项目名称"] == "智慧工地监管平台"


@pytest.mark.parametrize(
    ("told", "agrees"),
    [
        ("本合同于2025年6月30日在成都签订。", False),
        ("本合同于2025年7月8日在成都签订。", True),
        ("原合同于2022年6月30日签订，已履行完毕。", True),
        ("合同签订之日起120日内，即2025年11月5日前交付。", True),
    ],
)
def test_a_contract_that_tells_of_its_signing_tells_the_day_that_is_filed(told: str, agrees: bool) -> None:
    slip = paper("合同备案表", "合同签订时间：2025年7月8日", "合同副本：附后")
    contract = paper(">导览系统采购合同", "一、标的：导览小程序。", "二、其他：无。", told)
    sources = [Source("备案表.docx", slip), Source("合同副本.docx", contract)]
    report = check(sources, document_class="contract-filing", filed_on=date(2025, 7, 15))
    assert findings(report, "合同签订时间") == ([] if agrees else CONTRADICTS)


@pytest.mark.parametrize(
    ("title", "told", "agrees"),
    [
        ("关于报送智慧停车项目需求方案的请示", "估算投资151.5万元", False),
        ("关于报送智慧停车项目需求方案的请示", "估算投资131.5万元", True),
        ("关于报送智慧停车项目需求方案的请示", "其中软件开发费用95万元", True),
        ("关于智慧停车项目需求方案的批复", "估算投资151.5万元", True),
    ],
)
def test_the_letter_that_hands_a_proposal_in_names_the_proposal_s_estimate(
    title: str, told: str, agrees: bool
) -> None:
    letter = paper(title, f"我局编制了智慧停车项目需求方案，{told}，现报你办预审。")
    proposal = paper("智慧停车项目需求方案", "一、建设目标", "车位联网。", "二、资金估算", "131.5万元。")
    sources = [Source("请示.docx", letter), Source("方案.docx", proposal)]
    report = check(sources, document_class="proposal-construction")
    assert findings(report, "资金估算") == ([] if agrees else CONTRADICTS)


PRICE = "合同总价为456,000元（大写：肆拾伍万陆仟元整）"


@pytest.mark.parametrize(
    ("filed_as", "stated", "agrees"),
    [
        ("合同金额：456,000元", (PRICE,), True),
        ("成交金额45.6万元", (PRICE,), True),
        ("合同金额：486,000元", (PRICE,), False),
        ("合同金额：456,000元", (PRICE.replace("陆仟", "捌仟"),), False),
        ("采购预算48万元", (PRICE,), True),
        ("其中首付款13.68万元", (PRICE, "合同总价的30%即136,800元于签订后支付"), True),
        ("合同金额：456,000元", ("服务费用：人民币肆拾伍万陆仟元整（￥456,000.00）",), True),
        ("合同金额：456,000元", ("合同金额（小写）：456,000元", "合同金额（大写）：肆拾伍万捌仟元整"), False),
        ("合同金额：456,000元", ("平台开发合同金额420,000元", "运维合同金额36,000元"), True),
    ],
)
def test_a_contract_s_price_is_one(filed_as: str, stated: tuple[str, ...], agrees: bool) -> None:
    slip = paper("合同备案表", "合同签订时间：2025年7月8日", filed_as)
    contract = paper(">导览系统采购合同", "第一条 标的", "导览小程序。", "第二条 合同价款", *stated)
    sources = [Source("备案表.docx", slip), Source("合同副本.docx", contract)]
    report = check(sources, document_class="contract-filing", filed_on=date(2025, 7, 15))
    assert findings(report, "合同副本") == ([] if agrees else CONTRADICTS)


def test_the_prices_of_several_contracts_are_no_contradiction() -> None:
    slip = paper("合同备案表", "合同签订时间：2025年7月8日", "合同金额：456,000元")
    built = paper(">导览系统采购合同", "第一条 合同价款", "合同总价420,000元。")
    watched = paper(">导览系统服务合同", "第一条 合同价款", "合同总价36,000元。")
    added = paper(">补充协议", "一、金额", "合同总价增至470,000元，协议金额14,000元。")
    for papers in ((built, watched), (built, watched, added)):
        sources = [Source(f"{number}.docx", data) for number, data in enumerate((slip, *papers))]
        assert findings(check(sources, document_class="contract-filing"), "合同副本") == []


def test_the_contract_says_when_it_was_signed_and_no_agreement_beside_it() -> None:
    letter = paper("关于导览系统项目合同备案的函", "现将合同副本报你办备案。")
    contract = paper(">导览系统采购合同", "第一条 标的", "导览小程序。", "签订日期：2025年7月8日")
    side = paper(">廉政协议", "双方遵守廉洁规定。", "签订日期：2025年7月7日")
    for others in ((contract, side), (side, contract)):
        sources = [Source(f"{number}.docx", data) for number, data in enumerate((letter, *others))]
        report = check(sources, document_class="contract-filing", filed_on=date(2025, 7, 15))
        assert report.record["合同签订时间"]["日期"] == "2025-07-08"
        assert not [f for f in report.findings if f.severity == "error"]


@pytest.mark.parametrize(("title", "agrees"), [("运维合同", True), ("需求方案（修改稿）", False)])
def test_the_period_of_an_earlier_contract_is_no_second_draft_s(title: str, agrees: bool) -> None:
    proposal = paper("视频会议系统运维项目需求方案", "一、运维内容", "会议保障。", "二、服务周期", "2年。")
    other = paper(f">视频会议系统{title}", "一、服务周期", "三年。")
    sources = [Source("方案.docx", proposal), Source("附件.docx", other)]
    report = check(sources, document_class="proposal-maintenance")
    assert findings(report, "服务周期") == ([] if agrees else CONTRADICTS)
