"""The cost of one year against that of some years."""

from __future__ import annotations

from decimal import Decimal

import pytest

from extractors.facts.yearly import sum_over_years

STATED = Decimal(1_200_000)


@pytest.mark.parametrize(
    ("text", "total"),
    [
        ("每年运维费用38.5万元，三年共计120万元。", 115.5),
        ("每年40万元，三年合计不超过120万元。", 120),
        ("两年总价120万元，即每年62万元。", 124),
        ("年度费用38万元，36个月合计120万元（大写：壹佰贰拾万元整）。", 114),
        ("参照上期合同，拟按每年58万元测算，两年120万元。", 116),
        ("1.单价\n86台×2400元/台·年；\n2.年度费用\n39万元；\n3.三年总费用\n120万元。", 117),
        ("维护费24万元/年，两年共58万元；测评31万元/年，两年共62万元。合计120万元。", 110),
        ("服务费58万元/年。\n两年服务费合计120万元。", 116),
    ],
)
def test_a_year_times_the_years(text: str, total: float) -> None:
    found = sum_over_years(text, STATED)
    assert found is not None
    assert float(found.total / 10_000) == total


@pytest.mark.parametrize(
    "text",
    [
        "三年共计120万元，其中云资源租赁每年10万元。",
        "驻场服务每年18万元，安全服务每年6万元，三年合计120万元。",
        "首年免费，之后每年40万元，三年共120万元。",
        "每年40万元，每年递增5%，三年共120万元。",
        "每年120万元。",
        "维护费29万元/年，两年共58万元；测评31万元/年，两年共62万元。合计120万元。",
        "维护费每台每年500元，两年共58万元；测评62万元。合计120万元。",
        "总投资120万元，每年运维费10万元。",
        "近三年共投入120万元，每年30万元。",
        "三年共120万元，每年安全服务费12万元。",
        "每年40万元，三年共计120万元，另行支付一次性迁移费3万元。",
    ],
)
def test_what_is_no_statement_of_both_is_not_multiplied(text: str) -> None:
    assert sum_over_years(text, STATED) is None


def test_a_rounded_mean_contradicts_nothing() -> None:
    assert sum_over_years("年均约33.3万元，三年共100万元。", Decimal(1_000_000)) is None
    assert sum_over_years("年均约33.9万元，三年共100万元。", Decimal(1_000_000)) is not None
