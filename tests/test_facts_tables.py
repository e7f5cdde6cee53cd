from __future__ import annotations

from decimal import Decimal

import pytest
from fact_tables import table
from hypothesis import given
from hypothesis import strategies as st

from extractors.document import Table
from extractors.facts.tables import BudgetTable, is_consistent, join_budgets, read_budget, read_sources


def budget(*rows: str, caption: str = "", unit: str | None = None) -> BudgetTable:
    read = read_budget(table(*rows), caption, unit=unit)
    assert read is not None
    return read


def items(read: BudgetTable) -> dict[str, int]:
    return {item.name: int(item.amount) for item in read.items}


def total(read: BudgetTable) -> int | None:
    return int(read.total.amount) if read.total else None


PLAIN = (
    "序号|费用名称|主要内容|金额(万元)",
    "1|自助借还设备|借还机18台|75.6",
    "2|平台|馆藏|86",
    "3|测评|等保测评|8.8",
)


def test_plain_table_is_read() -> None:
    read = budget(*PLAIN, "合计|<|<|170.4")
    assert items(read) == {"自助借还设备": 756000, "平台": 860000, "测评": 88000}
    assert (total(read), read.items_sum, read.resolution) == (1704000, 1704000, 1000)
    assert (read.unit, read.unit_known, read.subtotals) == ("万元", True, ())


def test_a_number_beyond_counting_is_no_amount() -> None:
    read = budget("费用名称|金额（万元）", "软件|20", "服务|8.5", f"合计|{'400' * 10}")
    assert (sum(items(read).values()), total(read)) == (285_000, None)


def test_wrong_sum_is_read_as_written() -> None:
    read = budget(*PLAIN, "合计|<|<|171.4")
    assert (total(read), read.items_sum) == (1714000, 1704000)


def test_line_knows_its_cell() -> None:
    item = budget(*PLAIN).items[1]
    assert (item.row, item.column, item.text, item.paragraph) == (2, 3, "86", 12)


@pytest.mark.parametrize(
    ("rows", "caption", "unit", "expected"),
    [
        (("名称|金额（元）", "甲|96,000", "乙|42,000.00"), "", None, 138000),
        (("名称|金额", "甲|9.6", "乙|4.2"), "项目费用明细表（单位：万元）", None, 138000),
        (("名称|万元", "甲|9.6", "乙|4.2"), "", None, 138000),
        (("项目费用明细表（单位：万元）|<", "名称|金额", "甲|9.6", "乙|4.2"), "", None, 138000),
        (("名称|费用", "甲|9.6万元", "乙|42000元"), "", None, 138000),
        (("名称|金额", "甲|9.6", "乙|4.2"), "", "万元", 138000),
        (("名称|金额", "甲|96000", "乙|42000"), "", None, 138000),
        (("名称|单价（元）|数量|合计（万元）", "甲|48000|2|9.6", "乙|42000|1|4.2"), "", None, 138000),
        (("名称|预算（千元）", "甲|96", "乙|42"), "单位：元", None, 138000),
        (("名称|金额(万元)", "甲|９．６", "乙|4 .2"), "", None, 138000),
        (("甲|9.6万元", "乙|4.2万元"), "", None, 138000),
        (("甲|9.6", "乙|4.2", "合计|13.8"), "（单位：万元）", None, 138000),
    ],
)
def test_unit_is_found(rows: tuple[str, ...], caption: str, unit: str | None, expected: int) -> None:
    assert budget(*rows, caption=caption, unit=unit).items_sum == expected


@pytest.mark.parametrize(
    "rows",
    [
        ("序号|名称|单价|数量|小计|备注", "1|服务器|2.5|4|10|国产", "2|交换机|1|5|5|"),
        ("序号|名称|数量|单价(万元)|总价(万元)", "1|服务器|4|2.5|10", "2|交换机|5|1|5"),
        ("名称|预算金额|占比", "服务器|10|66.7%", "交换机|5|33.3%"),
        ("名称|不含税金额|税额|价税合计", "服务器|9|1|10", "交换机|4.5|0.5|5"),
        ("名称|2024年|2025年|合计", "服务器|4|6|10", "交换机|2|3|5"),
        ("名称|2024年度|2025年度", "服务器|4|6", "交换机|2|3"),
        ("名称|单价（万元）|数量", "服务器|2.5|4", "交换机|1|5"),
        ("序号|名称|预算（万元）|<|<", "^|^|单价|数量|合价", "1|服务器|2.5|4|10", "2|交换机|1|5|5"),
        ("名称|数量（台）|金额|服务期（年）", "服务器|4|10|3", "交换机|5|5|3"),
        ("类别|名称|金额|合计", "硬件|服务器|10|15", "^|交换机|5|^"),
        ("费用名称|服务器|交换机|合计", "金额（万元）|10|5|15"),
        ("名称|规格|投资估算", "服务器|2路32核|10", "交换机|48口|5"),
    ],
)
def test_amount_column_is_chosen_among_numbers(rows: tuple[str, ...]) -> None:
    read = budget(*rows, caption="单位：万元")
    assert items(read) == {"服务器": 100000, "交换机": 50000}


PARTS = {"平台": 800000, "数据": 450000, "服务器": 750000}


@pytest.mark.parametrize(
    ("rows", "subtotals"),
    [
        (
            ("序号|项目|金额(万元)", "一|软件|125", "1|平台|80", "2|数据|45", "二|硬件|75", "1|服务器|75"),
            [125, 75],
        ),
        (
            ("项目|金额(万元)", "一、软件|125", "1.平台|80", "2.数据|45", "二、硬件|75", "1.服务器|75"),
            [125, 75],
        ),
        (
            (
                "序号|项目|金额(万元)",
                "1|软件|125",
                "1.1|平台|80",
                "1.2|数据|45",
                "2|硬件|75",
                "2.1|服务器|75",
            ),
            [125, 75],
        ),
        (
            (
                "序号|项目|金额(万元)",
                "（一）|软件|125",
                "1|平台|80",
                "2|数据|45",
                "（二）|硬件|75",
                "1|服务器|75",
            ),
            [125, 75],
        ),
        (
            (
                "序号|项目|金额(万元)",
                "1|软件|125",
                "（1）|平台|80",
                "（2）|数据|45",
                "2|硬件|75",
                "（1）|服务器|75",
            ),
            [125, 75],
        ),
        (
            ("序号|项目|金额(万元)", "|软件|125", "1|平台|80", "2|数据|45", "|硬件|75", "1|服务器|75"),
            [125, 75],
        ),
        (("项目|金额(万元)", "一、软件|125", "平台|80", "数据|45", "二、硬件|75", "服务器|75"), [125, 75]),
        (
            (
                "类别|项目|金额(万元)",
                "软件|平台|80",
                "^|数据|45",
                "小计|<|125",
                "硬件|服务器|75",
                "小计|<|75",
            ),
            [125, 75],
        ),
        (("类别|项目|金额(万元)", "软件|平台|80", "^|数据|45", "^|小计|125", "硬件|服务器|75"), [125]),
        (
            (
                "类别|项目|金额(万元)",
                "一、软件|平台|80",
                "^|数据|45",
                "^|小计|125",
                "二、硬件|服务器|75",
                "^|小计|75",
            ),
            [125, 75],
        ),
        (("类别|项目|金额(万元)", "一、硬件|服务器|75", "二、软件|平台|80", "|数据|45"), []),
        (("类别|项目|金额(万元)", "一、软件|平台|80", "|数据|45", "二、硬件|服务器|75"), []),
        (("序号|项目|金额(万元)", "一|软件|", "1|平台|80", "2|数据|45", "二|硬件|", "1|服务器|75"), []),
        (("序号|项目|金额(万元)", "一|平台|80", "二|数据|45", "三|服务器|75"), []),
        (("项目|金额(万元)", "平台|80", "数据|45", "软件部分合计|125", "服务器|75"), [125]),
        (
            (
                "序号|项目|金额(万元)",
                "一|建设费|200",
                "（一）|软件|125",
                "1|平台|80",
                "2|数据|45",
                "（二）|硬件|75",
                "1|服务器|75",
            ),
            [200, 125, 75],
        ),
    ],
)
@pytest.mark.parametrize("closing", ["合计|<|200", "总计（一+二）|<|200", "合 计|<|200", "项目总投资|<|200"])
def test_subtotals_are_not_counted_twice(rows: tuple[str, ...], subtotals: list[int], closing: str) -> None:
    closing = closing if rows[0].count("|") == 2 else closing.replace("|<", "")
    read = budget(*rows, closing)
    assert sorted(item.amount for item in read.items) == sorted(PARTS.values())
    assert [entry.amount for entry in read.subtotals] == [Decimal(value * 10000) for value in subtotals]
    assert total(read) == 2000000


def test_structure_decides_even_where_the_other_reading_would_add_up() -> None:
    read = budget("序号|项目|金额(万元)", "一|软件|120", "1|平台|80", "2|数据|45", "二|硬件|75", "合计||195")
    assert (read.items_sum, total(read)) == (2000000, 1950000)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (("1|软件|125", "|其中：平台|80", "|数据|45", "2|硬件|75"), 200),
        (("1|软件|125", "1.1|平台|", "1.2|数据|", "2|硬件|75"), 200),
        (("1|软件|125", "1.1|平台|80", "1.2|数据|", "2|硬件|75"), 200),
        (("1|软件|125", "2|培训|免费", "3|质保|/", "4|维护|—", "5|硬件|75"), 200),
        (("1|软件|125", "1.1|平台|125", "1.2|培训|免费", "2|硬件|75"), 200),
        (("1|软件|100", "2|硬件|100", "|税金（6%）|12"), 212),
        (("1|软件|100", "2|硬件|100", "|合计|200", "|税金|12"), 212),
        (("一|软件|100", "二|硬件|100", "|预备费|12"), 212),
        (("1|软件|210", "2|优惠|-10"), 200),
        (("1|软件|125", "2|硬件|75", "备注：以上为含税价||"), 200),
        (("1|软件|0", "2|硬件|75"), 75),
    ],
)
def test_rows_of_other_kinds_are_told_apart(rows: tuple[str, ...], expected: int) -> None:
    read = budget("序号|项目|金额(万元)", *rows, f"|总计|{expected}")
    assert read.items_sum == expected * 10000
    assert total(read) == expected * 10000


@pytest.mark.parametrize(
    "rows",
    [
        ("合计|<|20", "大写：贰拾万元整|<|<"),
        ("合计（大写）|贰拾万元整|20",),
        ("合计：20万元（大写：贰拾万元整）|<|<",),
        ("大写|贰拾万元整|", "合计||20"),
        ("合计|人民币贰拾万元整（¥200,000.00）|",),
    ],
)
def test_capitals_beside_the_total_are_read(rows: tuple[str, ...]) -> None:
    read = budget("序号|项目|金额（万元）", "1|甲|10.5", "2|乙|9.5", *rows)
    assert (read.capital.amount if read.capital else None, total(read)) == (200000, 200000)
    assert items(read) == {"甲": 105000, "乙": 95000}


def test_total_may_stand_first() -> None:
    read = budget("项目|金额(万元)", "合计|20", "甲|10", "乙|10")
    assert (total(read), read.items_sum) == (200000, 200000)


def test_what_follows_the_total_is_no_item() -> None:
    read = budget("项目|金额(万元)", "甲|10", "乙|10", "合计|20", "其中：区财政|12", "自筹|8")
    assert (total(read), read.items_sum) == (200000, 200000)


@pytest.mark.parametrize(
    "rows",
    [
        ("阶段|时间|工作内容", "准备|2024年6月|调研", "实施|2024年7月至8月|开发"),
        ("姓名|职务|联系电话", "张三|经理|13800000000", "李四|工程师|13900000000"),
        ("序号|设备名称|数量|单位", "1|服务器|4|台", "2|交换机|2|台"),
        ("付款节点|比例|金额（万元）", "首付|30%|30", "验收|70%|70"),
        (
            "项目名称|智慧项目|建设单位|某局",
            "投资估算|总投资估算196,000元，大写壹拾玖万陆仟元整。|<|<",
            "资金来源|统筹安排|<|<",
        ),
        ("资金来源|金额（万元）", "区级财政|104", "市级补助|100"),
        ("考核指标|分值", "响应时间|20", "满意度|30", "合计|50"),
        ("系统名称|用户数|数据量（条）", "平台|1312|39000"),
        ("", ""),
    ],
)
def test_other_tables_are_no_budget(rows: tuple[str, ...]) -> None:
    assert read_budget(table(*rows)) is None


def test_empty_table_is_no_budget() -> None:
    assert read_budget(Table(())) is None
    assert read_sources(Table(())) is None


@pytest.mark.parametrize(
    "rows",
    [
        ("资金来源|金额（万元）", "中央补助|100", "区级财政|104", "合计|204"),
        ("资金来源|区级财政|市级补助|合计", "金额（万元）|104|100|204"),
        ("序号|资金来源|2024年|2025年|合计", "1|区财政|60|44|104", "2|自筹|100||100", "合计|<|160|44|204"),
        ("序号|资金来源|金额|占比", "1|区财政|104|51%", "2|自筹|100|49%", "|合计|204|100%"),
    ],
)
def test_sources_are_read(rows: tuple[str, ...]) -> None:
    sources = read_sources(table(*rows), "资金筹措表（单位：万元）")
    assert sources is not None
    assert (sources.total, len(sources.parts)) == (2040000, 2)
    assert sources.stated is not None
    assert sources.stated.amount == 2040000


def test_sources_without_a_heading_are_known_by_their_names() -> None:
    sources = read_sources(table("区级财政|126万元", "上级补助|40万元"), "经费保障")
    assert sources is not None
    assert sources.total == 1_660_000
    assert read_sources(table("终端|126万元", "软件|40万元"), "经费保障") is None


def test_budget_is_no_table_of_sources() -> None:
    assert read_sources(table(*PLAIN)) is None


@pytest.mark.parametrize(
    ("stated", "summed", "resolution", "terms", "consistent"),
    [
        ("2040000", "2040000", "1000", 4, True),
        ("2040000", "2030000", "1000", 4, False),
        ("2040000", "2041000", "1000", 4, True),
        ("2040000", "2042000", "1000", 4, False),
        ("1000000", "999900", "100", 3, True),
        ("1000000", "999700", "100", 27, True),
        ("1000000", "999600", "100", 27, False),
        ("196000.00", "196000.01", "0.01", 3, True),
        ("510000", "520000", "10000", 3, False),
        ("1000000", "999900", "100", 1, False),
        ("0", "0", "1", 0, True),
    ],
)
def test_rounding_is_told_from_a_wrong_sum(
    stated: str, summed: str, resolution: str, terms: int, consistent: bool
) -> None:
    assert is_consistent(Decimal(stated), Decimal(summed), Decimal(resolution), terms) is consistent


@pytest.mark.parametrize(
    ("stated", "summed", "approximate", "consistent"),
    [
        ("2040000", "2039800", True, True),
        ("2040000", "2039800", False, True),
        ("2040000", "2036000", True, True),
        ("2040000", "2036000", False, False),
        ("2040000", "2030000", True, False),
    ],
)
def test_coarser_total_explains_half_its_last_digit(
    stated: str, summed: str, approximate: bool, consistent: bool
) -> None:
    told = is_consistent(
        Decimal(stated),
        Decimal(summed),
        Decimal(100),
        1,
        stated_resolution=Decimal(10000),
        approximate=approximate,
    )
    assert told is consistent


@given(
    st.lists(st.integers(1, 10**7), min_size=1, max_size=12), st.sampled_from([("元", 1), ("万元", 10**4)])
)
def test_items_of_any_table_are_summed(amounts: list[int], unit: tuple[str, int]) -> None:
    name, scale = unit
    values = [Decimal(amount) / 100 for amount in amounts]
    rows = [f"{i}|项目{i}|{value:,.2f}" for i, value in enumerate(values, 1)]
    read = budget(f"序号|名称|金额({name})", *rows, f"合计|<|{sum(values):,.2f}")
    assert read.items_sum == sum(values) * scale
    assert read.total is not None
    assert read.total.amount == read.items_sum


@given(
    st.lists(
        st.lists(
            st.sampled_from(
                [
                    "",
                    "1",
                    "一",
                    "合计",
                    "小计",
                    "金额(万元)",
                    "名称",
                    "单价",
                    "数量",
                    "其中",
                    "75.6",
                    "<",
                    "^",
                    "资金来源",
                    "2024年",
                ]
            ),
            min_size=1,
            max_size=5,
        ),
        min_size=1,
        max_size=6,
    )
)
def test_no_table_crashes_the_readers(rows: list[list[str]]) -> None:
    read_budget(table(*("|".join(row) for row in rows)), "单位：万元")
    read_sources(table(*("|".join(row) for row in rows)))


def test_details_of_a_line_end_where_they_come_to_it() -> None:
    read = budget("内容|金额（万元）", "硬件|30", "其中：服务器|20", "交换机|10", "软件|20", "合计|50")
    assert items(read) == {"硬件": 300_000, "软件": 200_000}


def test_details_of_a_total_at_the_head_are_the_items() -> None:
    read = budget("科目|金额（元）", "项目总投资|50", "其中：软件|20", "硬件|30")
    assert read.items_sum == 50


@pytest.mark.parametrize(
    ("second", "stated", "expected"),
    [("小计|20", 50, 50), ("合计|20", 50, 50), ("合计|20", 30, 30), ("合计|20", None, 50)],
)
def test_tables_of_one_section_are_one_account(second: str, stated: int | None, expected: int) -> None:
    first = budget("模块|金额（元）", "采集|12", "展示|18", "小计|30" if "小" in second else "合计|30")
    other = budget("设备|金额（元）", "终端|14", "网关|6", second)
    whole = None if stated is None else Decimal(stated)
    assert join_budgets((first, other), ("软件", "硬件"), whole).items_sum == expected


def test_numbers_of_rows_are_never_added_up() -> None:
    for rows in (
        ("1|软件", "2|硬件", "3|测评", "合计|"),
        ("软件|1", "硬件|2", "测评|3", "合计|"),
    ):
        read = read_budget(table(*rows), "经费明细（单位：万元）")
        assert read is None or read.items_sum != 60_000


def test_sources_in_columns_are_added_up_over_the_years() -> None:
    for rows in (
        (
            "年度|区级财政（元）|自筹（元）|小计（元）",
            "2026年|100|40|140",
            "2027年|60|4|64",
            "合计|160|44|204",
        ),
        ("年度|区级财政|自筹", "2026年|100|40", "2027年|60|4"),
    ):
        sources = read_sources(table(*rows), "经费来源（单位：元）")
        assert sources is not None
        assert sources.total == 204


def test_tables_that_a_page_break_made_of_one_are_added_up_to_the_total_of_the_last() -> None:
    first = budget("序号|费用名称|金额(元)", "1|平台|96000")
    last = budget("序号|费用名称|金额(元)", "2|直播|48000", "合计|<|144000")
    assert join_budgets((first, last), ("明细", "明细"), Decimal(144000)).items_sum == 144000
    assert join_budgets((last, first), ("明细", "明细"), Decimal(144000)).items_sum == 48000


def test_pairs_side_by_side_are_a_row_each() -> None:
    read = budget("巡检|12.6|维保|8.8", "软件|9.6|合计|31", caption="经费", unit="万元")
    assert items(read) == {"巡检": 126000, "维保": 88000, "软件": 96000}
    assert total(read) == 310000


def test_pairs_beside_a_blank_column_are_rows_of_two() -> None:
    read = budget("区级财政|12.6|", "专项|8.8|", caption="经费保障", unit="万元")
    assert items(read) == {"区级财政": 126000, "专项": 88000}


def test_a_table_of_several_figures_a_row_is_no_table_of_pairs() -> None:
    read = budget("名称|数量|单价|金额（元）", "终端|3|200|600", "平台|1|5000|5000")
    assert items(read) == {"终端": 600, "平台": 5000}


def wrong_subtotal(*rows: str) -> tuple[int, int] | None:
    found = budget("序号|名称|金额（万元）", *rows).wrong_subtotal
    return None if found is None else (int(found.line.amount), int(found.summed))


CLOSED = ("1|数据治理|10", "2|密评|2", "|小计|{}", "3|等保|5", "4|集成|3", "|小计|{}", "|合计|20")
HEADED = ("一|工程费|{}", "1|前端|6", "2|平台|4", "二|其他费|{}", "1|设计|2", "2|监理|3", "|合计|15")


@pytest.mark.parametrize(
    ("rows", "stated", "expected"),
    [
        (CLOSED, (12, 8), None),
        (CLOSED, (13, 8), (130000, 120000)),
        (CLOSED, (12, 9), (90000, 80000)),
        (CLOSED, (13, 9), None),
        (HEADED, (10, 5), None),
        (HEADED, (11, 5), (110000, 100000)),
        (HEADED, (10, 6), (60000, 50000)),
    ],
    ids=["right", "first", "last", "groups not understood", "right heads", "first head", "last head"],
)
def test_a_subtotal_that_its_items_do_not_come_to_is_told(
    rows: tuple[str, ...], stated: tuple[int, int], expected: tuple[int, int] | None
) -> None:
    amounts = iter(stated)
    assert wrong_subtotal(*(row.format(next(amounts)) if "{}" in row else row for row in rows)) == expected


@pytest.mark.parametrize(
    "rows",
    [
        ("1|软件|10", "2|硬件|20", "3|驻场|3", "4|巡检|4", "|服务小计|7", "|合计|37"),
        ("1|软件|10", "2|硬件|20", "|小计|30", "3|服务|7", "|小计|37", "|合计|37"),
        ("1|软件|10", "2|硬件|20", "|小计|31", "|合计|31"),
    ],
    ids=["of the last items", "of all so far", "the items contradict the total itself"],
)
def test_a_subtotal_of_other_lines_contradicts_nothing(rows: tuple[str, ...]) -> None:
    assert wrong_subtotal(*rows) is None
