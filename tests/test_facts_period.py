from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_facts_numerals import chinese

from extractors.facts.period import PeriodRole, find_periods, longest_total

SERVICE = ("服务周期", "服务期", "合同期", "服务期限", "运维期", "履行期限", "维护期")
NOT_SERVICE = ("免费运维", "质保", "试运行", "工期", "维保")


@pytest.mark.parametrize(
    ("text", "months"),
    [
        ("三年", 36),
        ("36个月", 36),
        ("三年零六个月", 42),
        ("3年半", 42),
        ("一年半", 18),
        ("半年", 6),
        ("两年", 24),
        ("二十四个月", 24),
        ("贰年", 24),
        ("24 个月", 24),
        ("1095天", 36),
        ("1095日历天", 36),
        ("8个季度", 24),
        ("2024年1月1日至2026年12月31日", 36),
        ("2024年1月至2026年12月", 36),
        ("2024.1.1-2026.12.31", 36),
        ("2024年度至2026年度", 36),
        ("2024—2026年", 36),
        ("自2024年7月1日起至2027年6月30日止", 36),
        ("自合同签订之日起两年", 24),
        ("2年+1年", 36),
        ("“2+1”年", 36),
        ("2＋1年", 36),
        ("“1+1+1”模式", 36),
        ("一年一签，最长三年", 36),
        ("一年一签，最多续签2次", 36),
        ("服务期限2年，期满经考核合格可续签2年", 48),
        ("服务期3年，期满可按原价追加1年", 48),
        ("合同有效期三年", 36),
        ("服务期一年，可续签一次（每次一年）", 24),
        ("服务期两年，可续签一次，同等期限", 48),
        ("最长不超过三年", 36),
        ("每年一签，共三年", 36),
        ("三年（36个月）", 36),
        ("首期一年，期满可延续两期，每期一年", 36),
        ("服务期3年，其中第一年为2024年7月1日至2025年6月30日", 36),
        ("故障响应4小时，提前15个工作日，近三年", None),
        ("2024年", None),
        ("服务期三年，免费运维期4年", 36),
        ("服务期内提供五年质保", None),
        ("第三年", None),
        ("三年行动计划", None),
        ("《2024—2028年全国规划》", None),
        ("本项目服务周期为三年。", 36),
        ("服务期限24个月。", 24),
        ("原则上三年。", 36),
        ("自2026年4月1日起算，服务满3年为止。", 36),
        ("自签约日起满三年止。", 36),
        ("十二个月（可延期至十八个月）。", 18),
        ("服务期三年，特殊情况可延长至四年。", 48),
        ("建设合同约定的免费运维期为4年，2024年6月届满。", None),
        ("自2024年7月1日起三年", 36),
        ("服务期2年，可续签，总期限最长不超过3年", 36),
        ("服务期1年，期满后可续签，但续签最长不超过2年", 36),
        ("期满可续签2年，总期限不超过3年，服务期2年", 36),
        ("服务期1年(合同一年一签，续签不超过两次)", 36),
        ("合同期限：1+1+1年", 36),
        ("服务期为2-3年", 36),
        ("服务期限：2024年1月至12月", 12),
        ("2024年11月至次年10月", 12),
        ("服务期2024年度", 12),
        ("服务期三年，每3个月巡检一次，日志留存不少于六个月", 36),
        ("三年（24个月）", 36),
        ("服务期三年，自2024年7月1日至2026年12月31日", 36),
        ("36月", 36),
        ("24个自然月", 24),
        ("2024年7月1日起至2027年6月30日", 36),
        ("服务期限为壹年，合同到期后可续签，每次续签不超过1年，最多续签2次", 36),
        ("为期3年的运维服务", 36),
        ("服务周期：3年", 36),
        ("服务期1年，可顺延1年", 24),
        ("2年（基础期）+1年（续签期）", 36),
        ("服务期自2024年7月1日至2026年6月30日，可续签一年", 36),
        ("叁年", 36),
        ("服务期：12个月，期满视考核情况可续签，最多可续签两次，每次12个月", 36),
        ("本项目服务周期为自合同签订之日起三年，合同一年一签，经年度考核合格后续签下一年度合同。", 36),
        (
            "本项目服务期限为1年，服务期满后，经采购人考核合格的，可续签合同，最多续签2次，每次续签期限1年。",
            36,
        ),
        ("服务期：12+12+12个月。", 36),
        ("运维服务周期为2024年7月1日—2027年6月30日，共计36个月。", 36),
        ("合同履行期限：自合同签订之日起1095日历天。", 36),
        ("采用“1+2”方式，即首年签订合同，考核合格后再续签两年。", 36),
        ("服务周期共3年（2024年8月至2027年7月），合同每年一签。", 36),
        ("服务期限：贰拾肆个月", 24),
        ("自原运维合同到期之日（2024年6月30日）起36个月。", 36),
        ("本项目服务周期为三年，自2024年7月起至2027年6月止。", 36),
        ("服务期为两年，期满经考核合格的，可按原合同条件续签，续签次数不超过一次，续签期限不超过一年。", 36),
        ("服务周期三年，原建设合同免费运维期于2024年6月届满。", 36),
        ("服务周期为五年。", 60),
        ("服务期限为三年零六个月，自2024年1月1日起算。", 42),
        ("合同期限三年，期满后双方无异议自动顺延一年。", 48),
        ("服务期限2024年1月1日至2025年12月31日，到期后可续签一年。", 36),
        ("服务周期：一年。合同到期后，经考核合格可续签，续签最长不超过两年，总服务期不超过三年。", 36),
        ("驻场服务期12个月，每季度巡检1次，故障响应30分钟，重大故障4小时内恢复。", 12),
        ("服务期：三年（以合同签订日期为准）。", 36),
        ("服务期限：自2024年07月01日 至 2026年06月30日", 24),
        ("服务周期为24个月，系统已稳定运行5年。", 24),
        ("服务周期为叁年（36个月），即2024年6月1日至2027年5月31日。", 36),
        ("服务期内，供应商应提前30天提交续签申请，服务期为2年。", 24),
        ("三年运维期，分年度支付。", 36),
        ("按照《2024—2026年运维计划》，服务期两年。", 24),
        ("本项目服务期暂定一年，视财政资金安排情况可延续服务一年。", 24),
        ("服务周期不超过36个月。", 36),
        ("服务周期：2024.07-2027.06", 36),
        ("服务期限1年，最多可续签二年。", 36),
        ("本期服务一年（2024年7月—2025年6月），后续可连续续签2年。", 36),
        ("项目服务周期3年，免费质保1年。", 36),
        ("服务期为合同生效后的十二个月。", 12),
        ("服务期限：2 年 + 1 年（可续签）", 36),
        ("二十四个月的服务周期。", 24),
        ("服务期自2024年至2026年，共三个年度。", 36),
        ("服务期限：730天", 24),
        ("合同期三年，第一年试运行期3个月。", 36),
        ("一次招标三年沿用，合同一年一签。", 36),
        ("一招三年，合同一年一签", 36),
        ("服务周期为3个自然年度。", 36),
        ("服务周期：2024年7月1日至2027年6月30日（共36个月），合同一年一签。", 36),
        ("服务周期：自2024年7月1日0时起至2027年6月30日24时止。", 36),
        ("服务期限：三年(自合同签订之日起计算)。", 36),
        ("运维服务周期：1年，可续签2次（每次1年），累计不超过3年。", 36),
        ("合同期1年；期满经考核合格，经双方协商一致可续签合同，续签合同期限不超过24个月。", 36),
        ("本项目服务周期为两年（24个月），服务期满前3个月启动下一周期申报工作。", 24),
        ("本项目为三年期运维项目，服务周期为2024年至2026年。", 36),
        ("服务期不少于1年，不超过3年。", 36),
        ("服务周期为一年(2024年度)。", 12),
        ("自合同签订生效之日起一年，期满后采购人可视考核情况续签，最多续签两年。", 36),
        ("合同签订后3年内提供运维服务", 36),
        ("服务期限为 1 + 1 + 1 年", 36),
        ("服务期“1+1+1”三年", 36),
        ("服务周期：贰年（自2024年5月1日至2026年4月30日止）", 24),
        ("服务周期为一年零三个月", 15),
        ("服务周期4年", 48),
        ("服务期自签订合同之日起至2026年12月31日。", None),
        ("维护期为叁拾陆个月", 36),
        ("2024年7月-2026年6月共2年", 24),
        ("服务期24个月（2年）", 24),
        ("服务周期为3年，硬件质保5年", 36),
        ("服务期3年，服务响应时间7×24小时，5分钟响应，2小时到场，24小时修复", 36),
        (
            "本次采购服务期一年，根据财政部相关规定，在年度预算能保障的前提下，可签订不超过三年履行期限的政府采购合同，采用一年一签方式。",
            36,
        ),
        ("合同履行期限1年，采购人可根据考核结果决定是否续签，续签总次数不超过2次。", 36),
        ("服务年限：3", None),
        ("服务期：3年(2+1)", 36),
        ("服务期一年，期满续约一年，最长两年", 24),
        ("服务期：2024年8月1日—2025年7月31日；2025年8月1日—2026年7月31日；2026年8月1日—2027年7月31日。", 36),
        ("服务期2年。总期限含续签最长三年。", 24),
        ("首期二年；考核优秀的直接续签第三年、第四年合同。", 48),
        ("首年考核合格后续签第二年、第三年合同。", 36),
        ("服务期三年，一年一签，考核合格续签第二、第三年合同。", 36),
        ("服务期1年，可续签第2至4年服务合同。", 48),
        ("服务期三年，第三年续签时另行考核。", 36),
        ("自2025年6月1日开始，至2027年5月31日结束，采购人有权将服务期延至2029年5月31日。", 48),
        ("服务期：2025年6月1日至2027年5月31日，期满可顺延至2027年8月31日。", 27),
        ("服务期2年，自2025年6月1日起算，可续签至2029年5月31日。", 48),
        ("服务期：2024年1月1日至2026年12月31日，上一合同于2023年12月31日到期。", 36),
        ("长期", None),
        ("", None),
    ],
)
def test_longest_period_is_read(text: str, months: int | None) -> None:
    period = longest_total(text, prefer=SERVICE, avoid=NOT_SERVICE)
    assert (period.months if period else None) == months


@pytest.mark.parametrize(
    ("text", "months"),
    [
        ("免费运维时间为自验收合格之日起24个月，免费期满后按年签订运维合同。", 24),
        ("质保期三年，免费运维期一年。", 12),
        ("免费运维期自2024年4月25日起至2026年4月24日止，共两年。", 24),
        ("免费运维时间：验收通过后叁年（质保期同）。", 36),
        ("提供三年免费运维服务。", 36),
        ("自项目终验之日起提供不少于2年的免费运维。", 24),
        ("免费运维36个月，7×24小时响应，2小时到场。", 36),
        ("自验收之日起两年。", 24),
        ("免费运维期为验收合格后12个月", 12),
        ("2024年4月25日至2026年4月24日", 24),
        ("叁年", 36),
        ("服务周期三年", None),
    ],
)
def test_other_words_read_another_period(text: str, months: int | None) -> None:
    period = longest_total(text, prefer=("免费运维", "免费维护"), avoid=("质保", "服务周期"))
    assert (period.months if period else None) == months


@pytest.mark.parametrize(
    "text",
    [
        "故障响应4小时",
        "提前15个工作日",
        "每年",
        "近三年",
        "2024年",
        "第三年",
        "三年行动计划",
        "《2024—2028年全国规划》",
        "每3个月巡检一次",
        "提前30天报告",
        "日志留存不少于六个月",
        "具有5年以上工作经验",
        "三年来",
        "两年前",
        "一年两次",
        "2024年第2期",
        "24年3月5日",
        "十四五",
        "过去两年",
        "下一年度",
        "二〇二四年",
        "5个工作日内",
    ],
)
def test_what_only_looks_like_a_period_is_left_out(text: str) -> None:
    assert find_periods(text) == []


def test_contradicting_forms_of_one_period_are_a_conflict() -> None:
    period = longest_total("服务期三年（24个月）")
    assert period is not None
    assert (period.months, period.conflict) == (36, 24)
    dated = longest_total("服务期三年，自2024年7月1日至2026年12月31日")
    assert dated is not None
    assert (dated.months, dated.conflict) == (36, 30)
    assert dated.start == date(2024, 7, 1)


def test_equal_forms_of_one_period_are_no_conflict() -> None:
    period = longest_total("服务期三年（36个月），自2024年7月1日至2027年6月30日")
    assert period is not None
    assert (period.months, period.conflict) == (36, None)


def test_roles_are_told_apart() -> None:
    periods = find_periods(
        "服务期2年，合同一年一签，可续签1年，每次一年，最长不超过5年，其中第一年为2024年1月1日至2024年12月31日"
    )
    assert [period.role for period in periods] == [
        PeriodRole.BASE,
        PeriodRole.CADENCE,
        PeriodRole.EXTENSION,
        PeriodRole.EACH,
        PeriodRole.WHOLE,
        PeriodRole.PIECE,
    ]
    assert [period.is_extension for period in periods] == [False, False, True, True, False, False]


def test_span_covers_everything_that_was_read() -> None:
    text = "服务期限 2 年，期满可续签2年。"
    period = longest_total(text)
    assert period is not None
    assert text[slice(*period.span)] == period.text == "2 年，期满可续签2年"


@pytest.mark.parametrize(
    ("days", "months"),
    [
        (30, 1),
        (90, 3),
        (180, 6),
        (365, 12),
        (366, 12),
        (730, 24),
        (1095, 36),
        (1096, 36),
        (1100, 37),
        (45, 2),
    ],
)
def test_days_count_365_to_the_year(days: int, months: int) -> None:
    assert [period.months for period in find_periods(f"服务期{days}日历天")] == [months]


@given(st.integers(1, 240))
def test_every_number_of_months_survives_writing(months: int) -> None:
    years, rest = divmod(months, 12)
    forms = [f"{months}个月", f"{chinese(months)}个月", f"{months} 个 月"]
    if years:
        tail = f"零{chinese(rest)}个月" if rest else ""
        forms += [f"{chinese(years)}年{tail}", f"{years}年" + (f"{rest}个月" if rest else "")]
    for form in forms:
        assert [period.months for period in find_periods(f"服务期为{form}。")] == [months], form


@given(st.dates(date(2000, 1, 1), date(2060, 1, 1)), st.integers(1, 120))
def test_every_pair_of_dates_is_its_months(start: date, months: int) -> None:
    start = start.replace(day=min(start.day, 28))
    month = start.month - 1 + months
    end = start.replace(year=start.year + month // 12, month=month % 12 + 1) - timedelta(days=1)
    for form in (
        "{0.year}年{0.month}月{0.day}日至{1.year}年{1.month}月{1.day}日",
        "{0:%Y.%m.%d}-{1:%Y.%m.%d}",
    ):
        (period,) = find_periods(form.format(start, end))
        assert (period.months, period.start, period.end) == (months, start, end)


@given(st.text(alphabet="0123456789一二三年个月日天至-+（）()，。续签最长每次第其中季度", max_size=30))
def test_no_text_crashes_the_readers(text: str) -> None:
    for period in find_periods(text):
        assert period.months > 0
        assert text[slice(*period.span)] == period.text
    longest_total(text, prefer=("续签",), avoid=("其中",))


@pytest.mark.parametrize(
    ("text", "months"),
    [
        ("服务期为2026、2027、2028三个财政年度。", 36),
        ("服务期覆盖2026至2029四个财政年度。", 48),
        ("2026年、2027年。", 24),
        ("按年度签订合同，每个合同期一年，最多连续签订三年。", 36),
        ("36个月（不含免费维护期6个月）。", 36),
        ("一年。合同期满前，经考核优秀的，可续签一年，续签不超过两次。", 36),
    ],
)
def test_years_in_a_row_and_what_is_beside_the_period(text: str, months: int) -> None:
    found = longest_total(text, prefer=("服务期", "合同期", "维护期"), avoid=("免费",))
    assert found is not None
    assert found.months == months


@pytest.mark.parametrize(
    ("text", "months"),
    [("☑12个月　□24个月　□36个月", 12), ("□12个月　□24个月　□36个月", None), ("□1年 ☑2年", 24)],
)
def test_only_a_ticked_period_is_stated(text: str, months: int | None) -> None:
    found = longest_total(text)
    assert (found.months if found else None) == months
