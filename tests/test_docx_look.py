"""How a paragraph looks and which heading level it declares, through style inheritance."""

import pytest
from docx_files import p, r, read_paragraphs, style

from extractors.document import Align, Paragraph

OF = '<w:pStyle w:val="{}"/>'


def one(body: str, styles: str = "") -> Paragraph:
    (found,) = read_paragraphs(body, styles=styles)
    return found


@pytest.mark.parametrize(
    ("name", "level"),
    [
        ("heading 1", 1),
        ("Heading 3", 3),
        ("标题 2", 2),
        ("標題 4", 4),
        ("Überschrift 2", 2),
        ("heading 2,H2", 2),
        ("Title", None),
        ("标题", None),
        ("标题 1 Char", None),
        ("Normal", None),
    ],
)
def test_the_name_of_a_style_decides_the_level(name: str, level: int | None) -> None:
    assert one(p("甲", OF.format("2")), style("2", name)).level == level


def test_the_id_of_a_style_decides_nothing() -> None:
    assert one(p("甲", OF.format("Heading1")), style("Heading1", "正文缩进")).level is None


def test_levels_are_inherited_and_overridden() -> None:
    styles = (
        style("1", "heading 1")
        + style("a", "章标题", based_on="1")
        + style("b", "附录", based_on="1", paragraph='<w:outlineLvl w:val="9"/>')
        + style("c", "节", paragraph='<w:outlineLvl w:val="1"/>')
    )
    levels = [
        f.level
        for f in read_paragraphs(
            p("甲", OF.format("a"))
            + p("乙", OF.format("b"))
            + p("丙", OF.format("c"))
            + p("丁", OF.format("1") + '<w:outlineLvl w:val="9"/>')
            + p("戊", '<w:outlineLvl w:val="2"/>'),
            styles=styles,
        )
    ]
    assert levels == [1, None, 2, None, 3]


def test_styles_that_are_based_on_each_other_end() -> None:
    styles = style("a", "甲", based_on="b") + style("b", "乙", based_on="a", run='<w:sz w:val="30"/>')
    assert one(p("甲", OF.format("a")), styles).size == 15


def test_size_comes_from_the_run_its_style_the_paragraph_style_and_the_defaults() -> None:
    sz = '<w:sz w:val="{}"/>'
    styles = (
        '<w:docDefaults><w:rPrDefault><w:rPr><w:sz w:val="21"/></w:rPr></w:rPrDefault></w:docDefaults>'
        + style("p", "正文大", run='<w:sz w:val="32"/>')
        + style("c", "强调", kind="character", run='<w:sz w:val="36"/>')
    )
    body = (
        p("甲")
        + p("乙", OF.format("p"))
        + p("丙", OF.format("p"), '<w:rStyle w:val="c"/>')
        + p("丁", OF.format("p"), '<w:rStyle w:val="c"/><w:sz w:val="44"/>')
        + f"<w:p>{r('少', sz.format(10))}{r('多数字符', sz.format(28))}</w:p>"
    )
    assert [f.size for f in read_paragraphs(body, styles=styles)] == [10.5, 16, 18, 22, 14]


def test_bold_of_a_character_style_turns_that_of_the_paragraph_style_over() -> None:
    styles = style("p", "粗", run="<w:b/>") + style("c", "强", kind="character", run="<w:b/>")
    body = (
        p("甲", OF.format("p"))
        + p("乙", OF.format("p"), '<w:rStyle w:val="c"/>')
        + p("丙", "", '<w:rStyle w:val="c"/>')
        + p("丁", OF.format("p"), '<w:b w:val="0"/>')
    )
    assert [f.bold for f in read_paragraphs(body, styles=styles)] == [True, False, True, False]


def test_a_bold_label_is_a_bold_prefix() -> None:
    found = one(f"<w:p>{r('建设依据', '<w:b/>')}{r('：', '<w:b/>')}{r('依据有关规定。')}</w:p>")
    assert (found.bold, found.text[: found.bold_prefix]) == (False, "建设依据：")


def test_bold_of_the_mark_and_of_spaces_does_not_count() -> None:
    found = one(f"<w:p><w:pPr><w:rPr><w:b/></w:rPr></w:pPr>{r('甲乙')}</w:p>")
    assert (found.bold, found.bold_prefix) == (False, 0)
    assert one(f"<w:p>{r('甲', '<w:b/>')}{r(' ')}{r('乙', '<w:b/>')}</w:p>").bold


@pytest.mark.parametrize(
    ("jc", "align"),
    [("center", Align.CENTER), ("right", Align.END), ("end", Align.END), ("both", Align.START)],
)
def test_alignment(jc: str, align: Align) -> None:
    assert one(p("甲", f'<w:jc w:val="{jc}"/>')).align is align
    assert one(p("甲", OF.format("s")), style("s", "样式", paragraph=f'<w:jc w:val="{jc}"/>')).align is align


def test_the_default_style_holds_where_none_or_an_unknown_one_is_named() -> None:
    styles = style("a", "Normal", default=True, run='<w:sz w:val="24"/>')
    body = p("甲") + p("乙", OF.format("gone"))
    assert [f.size for f in read_paragraphs(body, styles=styles)] == [12, 12]
