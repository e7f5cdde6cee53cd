from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.facts.money import (
    choose_total,
    declared_unit,
    find_money,
    parse_capitals,
    sum_of_sources,
    unit_of,
)


@pytest.mark.parametrize(
    ("text", "amount", "resolution"),
    [
        ("28.5万元", "285000", "1000"),
        ("285,000.00元", "285000", "0.01"),
        ("0.3亿元", "30000000", "10000000"),
        ("贰拾捌点伍万元", "285000", "1000"),
        ("合计：298,000.00", "298000", "0.01"),
        ("预计投入28.5万", "285000", "1000"),
        ("2,850百元", "285000", "100"),
        ("3,220千元", "3220000", "1000"),
        ("1.2百万元", "1200000", "100000"),
        ("28万5千元", "285000", "1000"),
        ("12万3456元", "123456", "1"),
        ("1亿两千万元", "120000000", "10000"),
        ("51万元", "510000", "10000"),
        ("二十八万元", "280000", "10000"),
        ("三百元", "300", "1"),
        ("￥285,000.00", "285000", "0.01"),
        ("人民币285000", "285000", "1"),
        ("单位：万圆，28.5", "285000", "1000"),
        ("ＲＭＢ２８５０００", "285000", "1"),
        ("合计：２９８，０００．００", "298000", "0.01"),
        ("¥51万", "510000", "10000"),
        ("RMB 1,200.5", "1200.5", "0.1"),
        ("CNY28万元", "280000", "10000"),
        ("人民币1,985,000元", "1985000", "1"),
        ("28.5万元人民币", "285000", "1000"),
        ("预算28.5 万", "285000", "1000"),
        ("２８．５万元", "285000", "1000"),
        ("1,285,000.00(元)", "1285000", "0.01"),
        ("28.5（万元）", "285000", "1000"),
        ("资金估算（万元）：28.5", "285000", "1000"),
        ("单位：万元，合计：28.50", "285000", "100"),
        ("3元5角", "3.5", "0.1"),
        ("人民币贰拾捌万伍仟元整", "285000", "1"),
        ("叁拾伍万柒仟陆佰元零伍分", "357600.05", "0.01"),
        ("大写：二十八万五千元", "285000", "1"),
    ],
)
def test_amount_is_read(text: str, amount: str, resolution: str) -> None:
    (money,) = find_money(text)
    assert money.amount == Decimal(amount)
    assert money.resolution == Decimal(resolution)


@pytest.mark.parametrize(
    "text",
    [
        "数据12万条迁移",
        "3.9万名党员，2.2万人",
        "完成42万册图书改造",
        "档案1,860万页",
        "2024年第5次会议",
        "提升20%",
        "电话028-86512345",
        "国办发〔2019〕57号",
        "12个元数据",
        "20类元数据",
        "200万像素",
        "一元化管理",
        "GB/T 8566-2022",
        "工期180日历天",
        "系统可用率不低于99.5%",
        "数百万元级",
        "佰元整",
        "总量46TB",
        "第3期",
        "7×24小时",
        "S3A3G3",
    ],
)
def test_what_is_no_money_is_left_out(text: str) -> None:
    assert find_money(text) == []


@pytest.mark.parametrize(
    ("text", "per"),
    [
        ("200元/人·月", "人·月"),
        ("1.8万元/人月", "人月"),
        ("17万元/年", "年"),
        ("17万元每年，", "年"),
        ("每年17万元", "年"),
        ("每年服务费17万元", "年"),
        ("每人每月20000元", "人每月"),
        ("单价3000元", "单价"),
        ("年均17万元", "年均"),
        ("每套3万元", "套"),
        ("共51万元", None),
        ("51万元", None),
    ],
)
def test_unit_price_is_recognised(text: str, per: str | None) -> None:
    assert find_money(text)[0].per == per


@pytest.mark.parametrize(
    ("text", "approximate"),
    [
        ("约204万元", True),
        ("204万元左右", True),
        ("不超过204万元", True),
        ("204万元以内", True),
        ("近204万元", True),
        ("20余万元", True),
        ("总投资204万元", False),
        ("控制在300万元", True),
        ("节约204万元", False),
    ],
)
def test_approximation_is_noticed(text: str, approximate: bool) -> None:
    assert find_money(text)[0].approximate is approximate


def test_span_and_quote_lead_to_the_original() -> None:
    text = "经费估算 ２８ ．５ 万元（大写：贰拾捌万伍仟元整）。"
    figures, capitals = find_money(text)
    assert text[slice(*figures.span)] == figures.text == "２８ ．５ 万元"
    assert text[slice(*capitals.span)] == capitals.text == "贰拾捌万伍仟元整"
    assert (figures.capital, capitals.capital) == (False, True)


@pytest.mark.parametrize(
    ("text", "unit", "amounts"),
    [
        ("28.5", "万元", [285000]),
        ("合计 204", "万元", [2040000]),
        ("75.6", "元", ["75.6"]),
        ("28.5", None, []),
        ("第3包 204", "万元", [2040000]),
        ("45%", "万元", []),
        ("2024年", "万元", []),
        ("28.5万元", "元", [285000]),
        ("A4", "元", []),
        ("3台", "元", []),
    ],
)
def test_bare_number_takes_the_unit_it_is_given(text: str, unit: str | None, amounts: list[object]) -> None:
    assert [money.amount for money in find_money(text, unit=unit)] == [Decimal(str(a)) for a in amounts]


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("人民币贰拾捌万伍仟元整", 285000),
        ("人民币（大写）：壹佰贰拾万元整", 1200000),
        ("贰拾捌万伍仟整", 285000),
        ("伍拾壹万元正（¥510,000）", 510000),
        ("大写：  壹拾玖万陆仟零佰零拾零元", 196000),
        ("贰佰零肆 万 元 整", 2040000),
        ("大写：一百二十万元整", 1200000),
        ("没有大写", None),
        ("204万元", None),
        ("大写：佰拾元整", None),
    ],
)
def test_capitals_are_read(text: str, amount: int | None) -> None:
    money = parse_capitals(text)
    assert (money.amount if money else None) == amount


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("金额(万元)", "万元"),
        ("金额（单位：元）", "元"),
        ("单位：万元", "万元"),
        ("万元", "万元"),
        ("费用明细表（单位：人民币万元）", "万元"),
        ("金额/万元", "万元"),
        ("总价（元）", "元"),
        ("（亿元）", "亿元"),
        ("金额", None),
        ("数量", None),
        ("单位", None),
        ("金额（人民币元）", "元"),
    ],
)
def test_unit_is_declared(text: str, unit: str | None) -> None:
    assert unit_of(text) == unit


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        (
            "经测算，本项目总投资约为人民币328.60万元（大写：叁佰贰拾捌万陆仟元整），其中软件开发费210万元，硬件购置费98.6万元，其他费用20万元。",
            3286000,
        ),
        ("本项目共需经费49.8万元，按三年分摊，每年16.6万元。", 498000),
        (
            "项目估算总投资1,285,000.00元，其中：建设费1,150,000.00元，监理费35,000.00元，测评费100,000.00元。",
            1285000,
        ),
        ("2024年、2025年、2026年各17万元，三年合计51万元。", 510000),
        ("资金估算：28.5万元", 285000),
        ("资金估算（单位：万元）：28.5", 285000),
        (
            "（一）软件开发费120万元；（二）硬件购置费60万元；（三）系统集成费18万元；（四）监理测评费6万元。以上合计204万元。",
            2040000,
        ),
        (
            "依据《成都市市级政务信息化项目费用测算标准（2023年版）》，人月单价按1.8万元/人·月计，共需25人月，开发费用45万元，另需测评费6万元，项目资金估算为51万元。",
            510000,
        ),
        ("上一年度运维费用为46万元，本年度运维预算为51万元。", 510000),
        ("本次申请资金49.5 万元，较上年减少3万元。", 495000),
        ("项目总概算为叁佰贰拾贰万元整（￥3,220,000.00）。", 3220000),
        ("建设费用不超过300万元，最终以财评结果为准。", 3000000),
        ("预算总价：￥1,985,000.00元（含税6%）。", 1985000),
        ("平台覆盖12万名用户，日均处理20万条数据，项目估算0.3亿元。", 30000000),
        ("按每人每月15000元、4人、12个月测算，人员费用72万元，软硬件维保9万元，总计81万元。", 810000),
        ("项目总投资为人民币 贰佰零肆万 元整。", 2040000),
        ("合计金额：2040000.00", None),
        ("投资估算204万，其中软件120万，硬件84万。", 2040000),
        ("服务费用为17万元/年，服务期三年，总费用51万元。", 510000),
        ("服务费17万元/年，三年51万元。", 510000),
        ("根据区政府办公室关于30万元以上项目的要求，本项目估算资金为28.6万元。", 286000),
        ("本项目资金估算为249，000元。", 249000),
        ("总金额为24.9万元(人民币贰拾肆万玖仟元整)，服务期24个月，合每月1.0375万元。", 249000),
        ("项目预算3,220千元。", 3220000),
        ("项目投资估算表详见附件，总额贰佰零肆万元整。", 2040000),
        ("项目建设资金1.2亿元，其中一期8000万元，二期4000万元。", 120000000),
        ("资金需求：硬件部分12.6万元+软件部分15.9万元=28.5万元。", 285000),
        ("本项目估算金额约29.9万元，低于30万元。", 299000),
        ("建设投资180万元，首年运维免费，后续年度运维费用另行申报。", 1800000),
        ("预留质保金5%，即10.2万元，合同总价204万元。", 2040000),
        ("共计人民币伍拾壹万元（小写：510,000元）", 510000),
        ("资金总需求为五十一万元。", 510000),
        ("经费估算为三十万元整。", 300000),
        ("资金估算为49万8千元。", 498000),
        (
            "一、资金估算\n本项目资金估算总额为人民币叁拾万元整（¥300,000元）。\n（一）软件开发费：18万元\n（二）硬件购置费：10万元\n（三）其他：2万元",
            300000,
        ),
        (
            "资金概算：\n1. 软件开发费 120.00 万元\n"
            "2. 硬件购置费 60.00 万元\n3. 系统集成费 24.00 万元\n合计：204.00 万元",
            2040000,
        ),
        ("项目总投资估算：￥2,040,000.00（大写：人民币贰佰零肆万圆整）", 2040000),
        ("本项目总投资概算204.00万元，其中建设投资180.00万元、预备费24.00万元，建设期利息0万元。", 2040000),
        (
            "按照《成都市信息化项目造价指南》，本项目共需投入人月30个，按2万元/人月计60万元，加上硬件20万元，共80万元。",
            800000,
        ),
        ("估算资金51万元，分三年支付，每年支付17万元。", 510000),
        ("预计投入资金二百零四万元。", 2040000),
        ("项目总预算为204万元整，资金使用计划：2024年100万元，2025年104万元。", 2040000),
        ("项目资金估算为 1 200 000 元", 1200000),
        ("资金估算为30万元（含税），首付款占30%即9万元。", 300000),
        ("总价包干：28.8万元", 288000),
        ("本项目估算总投资（不含运维费用）为322万元，运维费用每年32万元。", 3220000),
        ("2024年度运维经费预算24.9万元；2025年度运维经费预算24.9万元；两年总计49.8万元。", 498000),
        ("项目计划总投资204万元；已完成投资60万元。", 2040000),
        ("经济效益：每年可节约财政资金300万元。本项目投资估算204万元。", 2040000),
        ("依据发改高技〔2012〕1986号，本项目投资估算为204万元。", 2040000),
        ("硬件设备：120万；软件：84万；总计：204万", 2040000),
        ("资金估算：人民币204万元（贰佰零肆万元整），由区财政统筹。", 2040000),
        ("项目申请资金总计￥196000.00元整", 196000),
        ("项目概算投资额为0.0322亿元", 3220000),
        ("预算金额（元）：1,985,000.00", 1985000),
        ("预算金额：1985000.00（元）", 1985000),
        ("预算（万元） 28.5", 285000),
        ("总投资：28.5万", 285000),
        ("最高限价285000元", 285000),
        ("本项目资金估算总额贰佰零肆万元整，即2040000元。", 2040000),
        ("软件80万元，硬件40万元", None),
        ("204万元，软件100万元，硬件104万元", 2040000),
        ("合同价118万元，已支付106.2万元，余款为质保金。", 1180000),
        ("项目总投资，经测算，为204万元", 2040000),
        ("总投资（含税）为204万元", 2040000),
        ("中央公共文化补助100万元，区级资金估算104万元", 1040000),
        ("每人每月20000元", None),
        ("", None),
        ("肆拾捌万元整（48万元）。计算：412路×300元/路·年×3年=37.08万元；其他10.92万元。", 480_000),
        ("48万元（大写：肆拾捌万元整）。计算：412路×300元=12.36万元", 480_000),
        ("设备12台×1.5万元=18万元", 180_000),
        ("预算：412路×300元=12.36万元", 123_600),
        ("22.8万元，其中：终端326台×400元=13.04万元；平台3万元/年×2年=6万元；流量费3.76万元", 228_000),
        ("软件3万元+硬件4.2万元=7.2万元", 72_000),
        ("7.2万元=3万元+4.2万元", 72_000),
        ("质保金叁万元整（3万元），合计48万元", 480_000),
    ],
)
def test_total_is_chosen(text: str, amount: int | None) -> None:
    total = choose_total(text)
    assert (total.amount if total else None) == amount


def test_preferred_words_outweigh_words_of_a_total() -> None:
    text = "上期合计80万元，本次申请49万元"
    total = choose_total(text, prefer=("本次申请",))
    assert total is not None
    assert total.amount == 490000


def test_avoided_words_leave_an_amount_out() -> None:
    text = "总投资204万元，运维总费用90万元"
    total = choose_total(text, avoid=("总投资",))
    assert total is not None
    assert total.amount == 900000
    assert choose_total("质保金总额10万元", avoid=("质保金",)) is None


@pytest.mark.parametrize(
    ("text", "total"),
    [
        ("本项目资金204万元，其中申请中央补助100万元，其余104万元由区级财政统筹安排。", 2040000),
        ("资金来源：区级财政资金。", None),
        ("所需资金由区财政全额保障，已列入2024年部门预算。", None),
        ("所需资金51万元由区财政分三年安排，2024年17万元、2025年17万元、2026年17万元。", 510000),
        ("资金由区财政承担70%、街道自筹30%，即区财政142.8万元、街道61.2万元。", 2040000),
        ("1.区级财政资金104万元；2.市级专项补助资金100万元。", 2040000),
        ("（1）中央预算内投资 100 万元；（2）区级配套 104 万元，合计 204 万元。", 2040000),
        ("经费来源：财政拨款 249,000 元。", 249000),
        ("项目总投资322万元，资金来源为：地方政府专项债券200万元，区级财政122万元。", 3220000),
        ("区级财政安排200万元，单位自筹4万元，共204万元。", 2040000),
        ("资金来源为区级财政资金204万元（其中2024年安排120万元，2025年安排84万元）。", 2040000),
        ("区级财政资金204万元。其中2024年安排120万元，2025年安排84万元。", 2040000),
        ("市级财政补助资金陆拾万元，区级财政资金壹佰肆拾肆万元。", 2040000),
        ("本项目总投资204万元（区级财政104万元、市级补助100万元）。", 2040000),
        ("资金总额204万元，由区财政全额安排。", 2040000),
        ("其中，区级财政104万元，市级补助100万元。", 2040000),
        ("区级财政资金104万元，占51%；市级补助100万元，占49%。", 2040000),
        ("中央公共文化服务体系建设补助资金100万元，区级财政资金104万元。", 2040000),
        ("由区委组织部部门预算安排51万元。", 510000),
        ("总投资204万元，其中区级财政104万元、市级补助100万元", 2040000),
        ("2024年安排30万元，2025年安排21万元", 510000),
        ("区财政104万元（2024年60万元、2025年44万元），市级补助100万元", 2040000),
        ("区财政104万元，其中2024年60万元，2025年44万元，市级补助100万元", 2040000),
        ("总投资204万元，其中：区级财政104万元（其中2024年60万元，2025年44万元），市级补助100万元", 2040000),
        ("从2024年智慧城市建设专项资金（总盘子2000万元）中列支204万元。", 2040000),
        ("区级财政70%，街道自筹30%", None),
        ("从街道2024年市政环卫专项经费中统筹安排。", None),
        ("由市、区两级按1:1比例分担，各102万元。", None),
        ("2024年、2025年、2026年各安排288万元，均由区级财政预算保障。", 8640000),
        ("2024、2025、2026三个年度区财政分别预算安排，每年度10万元。", None),
        ("区级财政2025、2026年度各10万元，市级补助8万元。", 280000),
        ("2024年至2025年、2026年各安排288万元。", None),
        ("2024年安排17万元，2025年、2026年分别安排17万元。", None),
        ("中央、区级分别安排100万元、104万元", 2040000),
        ("总投资300万元，区财政104万元、市级补助100万元", 2040000),
    ],
)
def test_sources_are_summed_once(text: str, total: int | None) -> None:
    found = sum_of_sources(text)
    assert (found.total if found else None) == total


@pytest.mark.parametrize(
    "text",
    [
        "该系统原建设投资约186万元。",
        "原系统由某公司承建，原平台采购价120万元。",
        "周边区县同类项目约520万元。",
        "参照周边区县同类项目（约120万元）确定。",
    ],
)
def test_what_another_system_or_time_cost_is_no_amount_of_this_project(text: str) -> None:
    assert choose_total(text) is None
    assert sum_of_sources(f"区级财政资金30万元。{text}").total == 300_000  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("text", "total"),
    [
        ("年度预算198万元，三年594万元。", 5_940_000),
        ("年度预算198万元，两年共396万元。", 3_960_000),
        ("年度预算198万元，三年前花费594万元。", 1_980_000),
        ("年度预算198万元，三年质保金5万元。", 1_980_000),
    ],
)
def test_what_so_many_years_come_to_is_the_total_beside_one_year_s(text: str, total: int) -> None:
    chosen = choose_total(text, prefer=("预算",))
    assert chosen is not None
    assert chosen.amount == total


def test_what_the_system_will_cost_to_run_is_not_the_total() -> None:
    total = choose_total("本项目一次性建设费50万元，建成后年运维费约5万元。")
    assert total is not None
    assert total.amount == 500_000


def test_a_limit_that_a_rule_names_is_no_source() -> None:
    assert sum_of_sources("全额申请区级财政资金。超过500万元的另行报批。") is None


@pytest.mark.parametrize(
    "text",
    ["原有系统升级改造总投资28.5万元。", "参照同类项目测算，需28.5万元。", "同类项目比价后估算28.5万元。"],
)
def test_a_former_system_or_other_projects_may_lead_to_the_total(text: str) -> None:
    total = choose_total(text)
    assert total is not None
    assert total.amount == 285_000


def test_stated_total_is_kept_beside_the_sources() -> None:
    found = sum_of_sources("总投资300万元，其中区财政104.5万元、市级补助100万元")
    assert found is not None
    assert found.stated is not None
    assert found.stated.amount == 3000000
    assert [part.amount for part in found.parts] == [1045000, 1000000]
    assert found.resolution == 1000


@given(st.integers(1, 10**10), st.sampled_from(["元", "万元", "亿元", "千元"]), st.integers(0, 3))
def test_every_amount_survives_writing(number: int, unit: str, decimals: int) -> None:
    value = Decimal(number).scaleb(-decimals)
    (money,) = find_money(f"预算为{value:,f}{unit}。")
    scale = {"元": 1, "千元": 1000, "万元": 10**4, "亿元": 10**8}[unit]
    assert money.amount == value * scale
    assert money.resolution == Decimal(scale).scaleb(-decimals)


@given(st.text(alphabet="0123456789.,万亿元整角分壹贰拾佰仟大写总额其中（）()：，。/年月人约 ", max_size=40))
def test_no_text_crashes_the_readers(text: str) -> None:
    for money in find_money(text, unit="万元"):
        assert text[slice(*money.span)] == money.text
    choose_total(text)
    sum_of_sources(text)


@pytest.mark.parametrize(
    ("text", "total"),
    [
        ("财政拨款￥70.00元，企业出资￥30.00元，合计￥100.00元。", 100),
        ("上级补助50万元；区级配套30万元，其中2026年15万元、2027年15万元；其余20万元自筹。", 1_000_000),
        ("由区级财政资金28.6万元保障。用于其他信息化项目的120万元与本项目无关。", 286_000),
    ],
)
def test_a_source_is_no_total_and_a_total_no_source(text: str, total: int) -> None:
    found = sum_of_sources(text)
    assert found is not None
    assert found.total == total


@pytest.mark.parametrize(
    ("line", "unit"),
    [
        ("填表日期：2025年1月15日　　单位：万元", "万元"),
        ("（金额单位：元）", "元"),
        ("建设单位：元通公司", None),
        ("单位：台", None),
    ],
)
def test_a_line_declares_the_unit_of_the_amounts_below(line: str, unit: str | None) -> None:
    assert declared_unit(line) == unit


_OF_MONEY = st.sampled_from(
    (
        "预算", "合计", "：", ":", "，", ",", "。", " ", "\n", "人民币", "RMB", "cny", "ＣＮＹ", "￥", "¥",
        "大写", "约", "28", "5", "298,000.00", "２９８，０００", ".5", "万", "亿", "萬", "元", "圆", "块",
        "整", "角", "贰拾捌", "二十八", "点五", "(", ")", "（万元）", "单位", "3年", "个",
    )
)  # fmt: skip


@given(st.lists(_OF_MONEY, max_size=12).map("".join))
def test_the_cheap_look_keeps_no_text_back_that_states_an_amount(text: str) -> None:
    seen = find_money(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("extractors.facts.money.may_state_money", lambda _: True)
        assert find_money(text) == seen
