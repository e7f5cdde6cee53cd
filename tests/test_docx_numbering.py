"""Automatic numbers, as the word processor shows them."""

import pytest
from docx_files import p, read_paragraphs, style

from extractors.docx.numerals import written


def level(index: int, style_: str, text: str, more: str = "", start: int = 1) -> str:
    return (
        f'<w:lvl w:ilvl="{index}"><w:start w:val="{start}"/><w:numFmt w:val="{style_}"/>{more}'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
    )


def numbering(*levels: str, nums: str = "", more: str = "") -> str:
    return f'<w:abstractNum w:abstractNumId="7">{"".join(levels)}</w:abstractNum>{more}' + (nums or num(1))


def num(num_id: int, overrides: str = "", abstract: int = 7) -> str:
    return f'<w:num w:numId="{num_id}"><w:abstractNumId w:val="{abstract}"/>{overrides}</w:num>'


def item(ilvl: int = 0, num_id: int = 1, text: str = "甲") -> str:
    return p(text, f'<w:numPr><w:ilvl w:val="{ilvl}"/><w:numId w:val="{num_id}"/></w:numPr>')


def labels(body: str, numbering_: str, styles: str = "") -> list[str]:
    return [f.label for f in read_paragraphs(body, numbering=numbering_, styles=styles)]


@pytest.mark.parametrize(
    ("style_", "number", "shown"),
    [
        ("decimal", 12, "12"),
        ("decimalZero", 3, "03"),
        ("decimalFullWidth", 12, "１２"),
        ("decimalEnclosedCircle", 20, "⑳"),
        ("decimalEnclosedCircle", 51, "51"),
        ("decimalEnclosedCircleChinese", 1, "①"),
        ("decimalEnclosedParen", 1, "⑴"),
        ("decimalEnclosedFullstop", 2, "⒉"),
        ("chineseCounting", 10, "十"),
        ("chineseCounting", 11, "十一"),
        ("chineseCounting", 20, "二十"),
        ("chineseCounting", 100, "一〇〇"),
        ("chineseCountingThousand", 21, "二十一"),
        ("chineseCountingThousand", 101, "一百零一"),
        ("chineseCountingThousand", 110, "一百一十"),
        ("chineseCountingThousand", 1005, "一千零五"),
        ("chineseLegalSimplified", 10, "壹拾"),
        ("chineseLegalSimplified", 21, "贰拾壹"),
        ("ideographDigital", 10, "一〇"),
        ("ideographEnclosedCircle", 3, "㊂"),
        ("ideographTraditional", 3, "丙"),
        ("ideographZodiac", 2, "丑"),
        ("ideographZodiacTraditional", 2, "乙丑"),
        ("taiwaneseCounting", 12, "十二"),
        ("taiwaneseCountingThousand", 101, "一百零一"),
        ("japaneseCounting", 110, "百十"),
        ("upperRoman", 14, "XIV"),
        ("lowerRoman", 4, "iv"),
        ("upperLetter", 28, "BB"),
        ("lowerLetter", 3, "c"),
        ("ordinal", 2, "2nd"),
        ("ordinal", 11, "11th"),
        ("none", 5, ""),
        ("somethingNew", 5, "5"),
    ],
)
def test_number_formats(style_: str, number: int, shown: str) -> None:
    assert written(number, style_) == shown


@pytest.mark.parametrize(
    "style_", ["chineseCountingThousand", "upperRoman", "lowerLetter", "ideographZodiac"]
)
@pytest.mark.parametrize("number", [0, -1, 10_000, 10**6])
def test_a_number_beyond_a_format_is_still_a_number(style_: str, number: int) -> None:
    assert written(number, style_)


def test_levels_count_restart_and_refer_to_each_other() -> None:
    levels = numbering(
        level(0, "chineseCountingThousand", "%1、"),
        level(1, "chineseCountingThousand", "（%2）"),
        level(2, "decimal", "%1.%2.%3", "<w:isLgl/>"),
    )
    body = item() + item(1) + item(2) + item(2) + item(1) + item() + item(1) + item(2)
    assert labels(body, levels) == ["一、", "（一）", "1.1.1", "1.1.2", "（二）", "二、", "（一）", "2.1.1"]


def test_a_level_restarts_only_after_the_level_it_names() -> None:
    levels = numbering(
        level(0, "decimal", "%1"),
        level(1, "decimal", "%2)", '<w:lvlRestart w:val="0"/>'),
        level(2, "decimal", "%3]", '<w:lvlRestart w:val="1"/>'),
    )
    body = item(1) + item(2) + item(1) + item(2) + item() + item(1) + item(2)
    assert labels(body, levels) == ["1)", "1]", "2)", "2]", "1", "3)", "1]"]


def test_instances_share_their_counter_until_one_starts_anew() -> None:
    restart = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride>'
    lists = numbering(level(0, "decimal", "%1."), nums=num(1) + num(2) + num(3, restart))
    body = item() + item(0, 2) + item(0, 3) + item(0, 3) + item(0, 1)
    assert labels(body, lists) == ["1.", "2.", "5.", "6.", "7."]


def test_an_instance_may_replace_a_level() -> None:
    override = f'<w:lvlOverride w:ilvl="0">{level(0, "upperLetter", "%1)")}</w:lvlOverride>'
    assert labels(item(0, 2), numbering(level(0, "decimal", "%1."), nums=num(2, override))) == ["A)"]


def test_number_zero_takes_a_paragraph_out_of_its_style_s_list() -> None:
    styles = style("1", "heading 1", paragraph='<w:numPr><w:numId w:val="1"/></w:numPr>')
    of = '<w:pStyle w:val="1"/>'
    body = p("甲", of) + p("乙", of + '<w:numPr><w:numId w:val="0"/></w:numPr>') + p("丙", of)
    assert labels(body, numbering(level(0, "decimal", "第%1章")), styles) == ["第1章", "", "第2章"]


def test_a_style_is_numbered_at_the_level_that_is_tied_to_it() -> None:
    styles = (
        style("1", "heading 1", paragraph='<w:numPr><w:numId w:val="1"/></w:numPr>')
        + style("2", "heading 2", paragraph='<w:numPr><w:numId w:val="1"/></w:numPr>')
        + style("x", "小节", based_on="2")
        + style("3", "heading 3", based_on="2", paragraph='<w:numPr><w:ilvl w:val="2"/></w:numPr>')
    )
    lists = numbering(
        level(0, "decimal", "%1", '<w:pStyle w:val="1"/>'),
        level(1, "decimal", "%1.%2", '<w:pStyle w:val="2"/>'),
        level(2, "decimal", "%1.%2.%3"),
    )
    body = "".join(p("甲", f'<w:pStyle w:val="{s}"/>') for s in ("1", "2", "x", "3", "1"))
    assert labels(body, lists, styles) == ["1", "1.1", "1.2", "1.2.1", "2"]


def test_a_list_may_be_defined_by_a_numbering_style() -> None:
    linked = '<w:abstractNum w:abstractNumId="8"><w:numStyleLink w:val="list"/></w:abstractNum>'
    styles = style("list", "条款", kind="numbering", paragraph='<w:numPr><w:numId w:val="1"/></w:numPr>')
    lists = numbering(level(0, "decimal", "第%1条"), nums=num(1) + num(2, abstract=8), more=linked)
    assert labels(item(0, 2) + item(0, 2), lists, styles) == ["第1条", "第2条"]


def test_bullets_of_symbol_fonts_become_ordinary_characters() -> None:
    lists = numbering(
        level(0, "bullet", "\uf0b7", '<w:rPr><w:rFonts w:ascii="Symbol"/></w:rPr>'),
        level(1, "bullet", "\uf0d8", '<w:rPr><w:rFonts w:ascii="Wingdings"/></w:rPr>'),
        level(2, "bullet", "●"),
    )
    assert labels(item() + item(1) + item(2), lists) == ["•", "➢", "●"]


def test_numbers_that_show_nothing_leave_no_label() -> None:
    lists = numbering(level(0, "none", "%1"), level(1, "decimal", "%2", "<w:rPr><w:vanish/></w:rPr>"))
    assert labels(item() + item(1), lists) == ["", ""]


def test_empty_paragraphs_count_and_deleted_ones_do_not() -> None:
    deleted = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr><w:rPr><w:del/></w:rPr>'
    gone = f"<w:p><w:pPr>{deleted}</w:pPr><w:del><w:r><w:delText>删</w:delText></w:r></w:del></w:p>"
    assert labels(item() + item(text="") + gone + item(), numbering(level(0, "decimal", "%1."))) == [
        "1.",
        "3.",
    ]


def test_a_character_that_saving_has_lost_is_put_back() -> None:
    body = item() + item(1)
    levels = level(0, "chineseCounting", "%1?") + level(1, "chineseCounting", "(%2)")
    assert labels(body, numbering(levels)) == ["一、", "(一)"]


def test_custom_formats_are_padded() -> None:
    custom = level(0, "custom", "%1", start=7).replace('"custom"', '"custom" w:format="001, 002, ..."')
    assert labels(item(), numbering(custom)) == ["007"]


def test_a_list_that_is_not_defined_numbers_nothing() -> None:
    assert labels(item(0, 99) + item(8), numbering(level(0, "decimal", "%1"))) == ["", ""]
