"""Tables of Word documents: cells on the grid, merged cells once."""

import pytest
from docx_files import p, read, read_table, tbl, tc, tr, word_file

from extractors.document import Limits, Paragraph, Table
from extractors.docx import extract
from schemas.errors import UnreadableDocumentError, UnreadableReason

SPAN = '<w:gridSpan w:val="{}"/>'
START, GO_ON = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"


def grid(table: Table) -> list[list[tuple[str, int, int, int, int]]]:
    return [[(c.text, c.row, c.column, c.row_span, c.column_span) for c in row] for row in table.rows]


def test_cells_stand_on_their_grid_squares() -> None:
    table = read_table(
        tbl(
            tr(tc(p("名称")), tc(p("甲"), SPAN.format(3))),
            tr(tc(p("乙"), properties=SPAN.format(2)), tc(p("丙")), tc(p("丁"))),
        )
    )
    assert grid(table) == [
        [("名称", 0, 0, 1, 1), ("甲", 0, 1, 1, 3)],
        [("乙", 1, 0, 1, 2), ("丙", 1, 2, 1, 1), ("丁", 1, 3, 1, 1)],
    ]


def test_a_vertical_merge_is_one_cell() -> None:
    table = read_table(
        tbl(
            tr(tc(p("合"), START), tc(p("1"))),
            tr(tc(p("藏"), GO_ON), tc(p("2"))),
            tr(tc(p(), GO_ON), tc(p("3"))),
            tr(tc(p("新"), START), tc(p("4"))),
        )
    )
    assert grid(table) == [
        [("合", 0, 0, 3, 1), ("1", 0, 1, 1, 1)],
        [("2", 1, 1, 1, 1)],
        [("3", 2, 1, 1, 1)],
        [("新", 3, 0, 1, 1), ("4", 3, 1, 1, 1)],
    ]
    assert [paragraph.number for paragraph in table.paragraphs()] == [1, 2, 3, 4, 5, 6]


def test_a_merge_that_continues_nothing_is_a_cell() -> None:
    assert grid(read_table(tbl(tr(tc(p("甲"), GO_ON))))) == [[("甲", 0, 0, 1, 1)]]


def test_a_legacy_horizontal_merge_is_one_cell() -> None:
    row = tr(tc(p("甲"), '<w:hMerge w:val="restart"/>'), tc(p(), "<w:hMerge/>"), tc(p("乙")))
    assert grid(read_table(tbl(row))) == [[("甲", 0, 0, 1, 2), ("乙", 0, 2, 1, 1)]]


def test_squares_left_out_before_a_row_count() -> None:
    row = tr(tc(p("甲")), properties='<w:gridBefore w:val="2"/>')
    assert grid(read_table(tbl(row))) == [[("甲", 0, 2, 1, 1)]]


def test_deleted_rows_are_gone_and_inserted_rows_are_there() -> None:
    table = read_table(
        tbl(
            tr(tc(p("甲"))),
            tr(tc(p("删")), properties="<w:del/>"),
            tr(tc(p("乙")), properties="<w:ins/>"),
        )
    )
    assert [[c.text for c in row] for row in table.rows] == [["甲"], ["乙"]]


def test_nested_tables_and_what_follows_them_stay_in_their_cell() -> None:
    inner = tbl(tr(tc(p("内"))))
    document = read(tbl(tr(tc(p("前") + inner + p("后")), tc(p("邻")))) + p("外"))
    table, outside = document.blocks
    assert isinstance(table, Table)
    assert isinstance(outside, Paragraph)
    first, second = table.rows[0]
    assert [type(b) for b in first.blocks] == [Paragraph, Table, Paragraph]
    assert (first.text, second.text, outside.text) == ("前\n后", "邻", "外")


def test_alignment_of_a_table_is_not_that_of_the_paragraph_before() -> None:
    document = read(p("前") + tbl(tr(tc(p("甲")))))
    before = document.blocks[0]
    assert isinstance(before, Paragraph)
    assert before.align == "start"


@pytest.mark.parametrize("squares", ["999999999", "-3", "x", "1e400", ""])
def test_an_absurd_span_is_harmless(squares: str) -> None:
    (row,) = read_table(tbl(tr(tc(p("甲"), SPAN.format(squares)), tc(p("乙"))))).rows
    assert [c.text for c in row] == ["甲", "乙"]
    assert row[1].column <= 1024


def test_tables_nested_without_end_are_refused() -> None:
    body = p("底")
    for _ in range(80):
        body = tbl(tr(tc(body)))
    with pytest.raises(UnreadableDocumentError) as caught:
        extract(word_file(body), "a.docx", Limits())
    assert caught.value.reason is UnreadableReason.DAMAGED


def test_elements_nested_without_end_are_read_or_refused() -> None:
    body = p("底")
    for _ in range(3000):
        body = f"<w:sdt><w:sdtContent>{body}</w:sdtContent></w:sdt>"
    with pytest.raises(UnreadableDocumentError) as caught:
        extract(word_file(body), "a.docx", Limits())
    assert caught.value.reason is UnreadableReason.DAMAGED
