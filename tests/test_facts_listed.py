"""Budget items that prose lists."""

from __future__ import annotations

from decimal import Decimal

import pytest

from extractors.facts.listed import sum_of_items

STATED = Decimal(240_000)


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("总投资24万元，其中：软件开发18万元，硬件6万元。", [18, 6]),
        ("总投资24万元，其中软件开发18万元、硬件5.5万元，等保测评0.5万元。", [18, 5.5, 0.5]),
        ("预算24万元（大写：贰拾肆万元整），由软件开发180,000元、硬件50,000元构成。", [18, 5]),
        ("共需24万元，具体如下：\n①软件18万元；\n②硬件（2台，每台3万元）6万元；\n以上合计24万元。", [18, 6]),
        (
            "总费用：24万元。其中：\n1.软件：18万元（1套，每套180000元）；\n2.硬件：6万元。\n由单位统筹。",
            [18, 6],
        ),
        ("经费24万元，包括软件18万元和硬件6万元。", [18, 6]),
        ("24万元。软件开发18万元，硬件4万元，等保测评1万元。", [18, 4, 1]),
    ],
)
def test_items_that_are_all_listed_are_added_up(text: str, items: list[float]) -> None:
    listed = sum_of_items(text, STATED)
    assert listed is not None
    assert [float(m.amount / 10_000) for m in listed.items] == items


@pytest.mark.parametrize(
    "text",
    [
        "总投资24万元，其中主要为软件开发18万元，硬件3万元。",
        "总投资24万元，包括软件开发18万元、硬件3万元等。",
        "总投资24万元，其中：软件开发18万元，硬件3万元，其余用于培训。",
        "总投资24万元，其中软件开发18万元，硬件3万元。其余为预备费。",
        "总投资24万元，其中软件开发18万元。",
        "总投资24万元，含等保测评5万元、监理费3万元。",
        "总投资24万元，其中2026年10万元，2027年12万元。",
        "总投资24万元，其中区财政20万元，自筹3万元。",
        "总投资24万元，其中：\n1.软件开发18万元；\n2.培训不另收费；\n3.硬件3万元。",
        "总投资24万元。硬件20万元，其中服务器12万元，交换机3万元。",
        "总投资24万元，其中软件约18万元，硬件约5万元。",
        "总投资24万元，由区财政统筹，软件开发18万元，硬件3万元。",
        "24万元。软件开发18万元，硬件3万元。",
        "24万元。软件开发18万元，硬件3万元，培训1万元等。",
    ],
)
def test_a_partial_breakdown_is_no_sum(text: str) -> None:
    assert sum_of_items(text, STATED) is None
