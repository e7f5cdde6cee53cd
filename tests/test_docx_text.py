"""What of a Word paragraph is read, and what is not."""

import pytest
from docx_files import p, part, r, read, read_paragraphs, read_texts, style, tbl, tc, tr

from extractors.document import Paragraph, Picture, Role

RUN = "<w:r>{}</w:r>"


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("<w:r><w:t>甲</w:t><w:tab/><w:t>乙</w:t><w:br/><w:t>丙</w:t><w:cr/></w:r>", "甲\t乙\n丙"),
        ("<w:r><w:t>3</w:t><w:noBreakHyphen/><w:t>4</w:t></w:r>", "3-4"),
        ('<w:r><w:br w:type="page"/><w:t>第一章</w:t></w:r>', "第一章"),
        ('<w:r><w:sym w:font="Wingdings" w:char="F0FE"/><w:t>是</w:t></w:r>', "☑是"),
        ('<w:r><w:sym w:font="Wingdings 2" w:char="00A3"/><w:t>否</w:t></w:r>', "□否"),
        ('<w:r><w:sym w:font="宋体" w:char="nothing"/><w:t>甲</w:t></w:r>', "甲"),
        ("<w:r><w:t>\n  甲\n</w:t></w:r>", "甲"),
        ("<w:r><w:t> </w:t><w:t>甲</w:t></w:r>", "甲"),
        ('<w:r><w:sym w:font="宋体" w:char="-5"/><w:t>甲</w:t></w:r>', "甲"),
        (f"<w:hyperlink>{r('链接')}</w:hyperlink>", "链接"),
        (f"<w:smartTag><w:smartTag>{r('成都')}</w:smartTag></w:smartTag>市", "成都"),
        (f"<w:sdt><w:sdtPr/><w:sdtContent>{r('控件')}</w:sdtContent></w:sdt>", "控件"),
        (f"{r('建')}<w:ins>{r('设')}</w:ins><w:del><w:r><w:delText>运</w:delText></w:r></w:del>", "建设"),
        (f"<w:moveFrom>{r('旧')}</w:moveFrom><w:moveTo>{r('新')}</w:moveTo>", "新"),
        (f"<w:ins><w:del>{r('插入又删除')}</w:del></w:ins>{r('留')}", "留"),
        (f"<w:r><w:ruby><w:rt>{r('jiàn')}</w:rt><w:rubyBase>{r('建')}</w:rubyBase></w:ruby></w:r>", "建"),
        ("<m:oMath><m:r><m:t>x=1</m:t></m:r></m:oMath>", "x=1"),
        (f'<w:fldSimple w:instr=" DATE ">{r("2026年")}</w:fldSimple>', "2026年"),
        (f"{r('看')}{r('不见', '<w:vanish/>')}", "看"),
        (r("看") + r("得见", '<w:vanish w:val="0"/>'), "看得见"),
        (r("⼀、建设\u200b依据"), "一、建设依据"),
    ],
)  # fmt: skip
def test_text_of_a_paragraph(content: str, text: str) -> None:
    assert read_texts(f"<w:p>{content}</w:p>") == [text]


def field(instruction: str, result: str) -> str:
    return (
        f'<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>{instruction}</w:instrText></w:r>'
        f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{result}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def test_a_field_shows_its_result_alone() -> None:
    inner = field("MERGEFIELD a", r("藏"))
    outer = field("IF 1=1", r("显"))
    nested = outer.replace("<w:instrText>", f"{inner}<w:instrText>", 1)
    assert read_texts(f"<w:p>{r('前')}{nested}{r('后')}</w:p>") == ["前显后"]


def test_a_field_that_never_ends_swallows_nothing() -> None:
    begin = '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>TOC</w:instrText></w:r>'
    found = read_paragraphs(f"<w:p>{begin}{r('甲')}</w:p>{p('乙')}")
    assert [(f.text, f.role) for f in found] == [("甲", Role.BODY), ("乙", Role.BODY)]


def test_a_number_in_a_circle_is_read() -> None:
    begin, end = (f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "end"))
    instruction = r"<w:r><w:instrText>eq \o\ac(○,3)</w:instrText></w:r>"
    assert read_texts(f"<w:p>{begin}{instruction}{end}{r('建设目标')}</w:p>") == ["③建设目标"]


def test_content_controls_around_blocks_rows_and_cells_are_transparent() -> None:
    def control(content: str) -> str:
        return (
            f"<w:sdt><w:sdtPr><w:rPr><w:b/></w:rPr></w:sdtPr><w:sdtContent>{content}</w:sdtContent></w:sdt>"
        )

    body = control(p("段")) + tbl(
        control(tr(tc(p("甲")), control(tc(p("乙"))))), tr(tc(p("丙")), tc(p("丁")))
    )
    document = read(body)
    assert [b.text for b in document.blocks if isinstance(b, Paragraph)] == ["段"]
    assert read_texts(body) == ["段", "甲", "乙", "丙", "丁"]
    assert not any(f.bold for f in read_paragraphs(body))


def test_a_deleted_paragraph_mark_joins_the_next_paragraph() -> None:
    deleted = "<w:rPr><w:del/></w:rPr>"
    heading = style("1", "heading 1")
    body = p("建设", deleted) + p("", deleted) + p("依据", '<w:pStyle w:val="1"/>') + p("下一段")
    found = read_paragraphs(body, styles=heading)
    assert [(f.text, f.level) for f in found] == [("建设依据", 1), ("下一段", None)]


def test_former_properties_are_not_read() -> None:
    former = '<w:pPrChange><w:pPr><w:jc w:val="center"/><w:outlineLvl w:val="0"/></w:pPr></w:pPrChange>'
    (found,) = read_paragraphs(p("甲", former, "<w:rPrChange><w:rPr><w:b/></w:rPr></w:rPrChange>"))
    assert (found.level, found.bold, found.align) == (None, False, "start")


def test_text_hidden_by_a_style_is_not_read() -> None:
    unseen = r("不见", '<w:rStyle w:val="c"/>')
    styles = style("h", "Hidden", run="<w:vanish/>") + style("c", "隐藏", kind="character", run="<w:vanish/>")
    body = p("整段", '<w:pStyle w:val="h"/>') + f"<w:p>{r('看')}{unseen}</w:p>"
    assert read_texts(body, styles=styles) == ["看"]


def box(content: str) -> str:
    return f"<w:txbxContent>{content}</w:txbxContent>"


def test_a_text_box_follows_its_paragraph_once() -> None:
    both = (
        "<mc:AlternateContent><mc:Choice Requires='wps'>"
        f"<w:drawing><wps:txbx>{box(p('框'))}</wps:txbx></w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict><v:textbox>{box(p('框'))}</v:textbox></w:pict></mc:Fallback>"
        "</mc:AlternateContent>"
    )
    body = f"<w:p>{r('前')}<w:r>{both}</w:r>{r('后')}</w:p>{p('末')}"
    assert read_texts(body) == ["前后", "框", "末"]


def test_text_boxes_in_vml_and_within_each_other_are_read() -> None:
    inner = (
        f"<w:p>{r('内')}<w:r><w:pict><v:textbox>{box(tbl(tr(tc(p('表')))))}</v:textbox></w:pict></w:r></w:p>"
    )
    body = tbl(tr(tc(f"<w:p>{r('格')}<w:r><w:pict><v:textbox>{box(inner)}</v:textbox></w:pict></w:r></w:p>")))
    assert read_texts(body + p("外")) == ["格", "内", "表", "外"]


def test_notes_follow_the_body_and_headers_come_last() -> None:
    document = read(
        p("正文"),
        parts={
            "word/footnotes.xml": part(
                "footnotes",
                f'<w:footnote w:type="separator">{p("线")}</w:footnote><w:footnote>{p("脚注")}</w:footnote>',
            ),
            "word/header1.xml": part("hdr", p("页眉")),
            "word/comments.xml": part("comments", f"<w:comment>{p('批注')}</w:comment>"),
        },
        links=[
            ("header", "header1.xml", False),
            ("footnotes", "footnotes.xml", False),
            ("comments", "comments.xml", False),
        ],
    )
    found = [(b.number, b.text, b.role) for b in document.blocks if isinstance(b, Paragraph)]
    assert found == [(1, "正文", Role.BODY), (2, "脚注", Role.NOTE), (3, "页眉", Role.MARGIN)]


def test_an_unfilled_content_control_is_a_prompt() -> None:
    content = f"<w:sdtContent>{r('单击此处输入文字')}</w:sdtContent>"
    control = f"<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr>{content}</w:sdt>"
    styles = style("x", "Placeholder Text", kind="character")
    body = f"<w:p>{control}</w:p><w:p>{r('项目名称：')}{control}</w:p>"
    body += p("选择一项", run='<w:rStyle w:val="x"/>')
    found = read_paragraphs(body, styles=styles)
    assert [(f.text, f.prompt) for f in found] == [
        ("单击此处输入文字", True),
        ("项目名称：", False),
        ("选择一项", True),
    ]


def test_a_filled_content_control_is_no_prompt() -> None:
    filled = '<w:sdtPr><w:showingPlcHdr w:val="0"/></w:sdtPr>'
    control = f"<w:sdt>{filled}<w:sdtContent>{p('甲')}</w:sdtContent></w:sdt>"
    assert [f.prompt for f in read_paragraphs(control)] == [False]


def test_empty_paragraphs_are_left_out_and_pictures_stay() -> None:
    picture = "<w:p><w:r><w:drawing><a:blip/></w:drawing></w:r></w:p>"
    document = read(p("甲") + p() + p("　 ") + picture + p("乙"))
    assert [type(b) for b in document.blocks] == [Paragraph, Picture, Paragraph]
    assert [b.number for b in document.blocks if isinstance(b, Paragraph)] == [1, 2]


def test_letter_spaced_text_stays_as_written() -> None:
    assert read_texts(p("建 设 依 据")) == ["建 设 依 据"]


def form_field(instruction: str, form: str) -> str:
    return (
        f'<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:name w:val="x"/>{form}</w:ffData>'
        "</w:fldChar></w:r>"
        f"<w:r><w:instrText> {instruction} </w:instrText></w:r>"
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


ENTRIES = '<w:listEntry w:val="第二级"/><w:listEntry w:val="第三级"/>'


@pytest.mark.parametrize(
    ("instruction", "form", "shown"),
    [
        ("FORMDROPDOWN", f'<w:ddList><w:result w:val="1"/>{ENTRIES}</w:ddList>', "第三级"),
        ("FORMDROPDOWN", f'<w:ddList><w:default w:val="1"/>{ENTRIES}</w:ddList>', "第三级"),
        ("FORMDROPDOWN", f"<w:ddList>{ENTRIES}</w:ddList>", "第二级"),
        ("FORMDROPDOWN", f'<w:ddList><w:result w:val="9"/>{ENTRIES}</w:ddList>', ""),
        ("FORMCHECKBOX", '<w:checkBox><w:default w:val="0"/><w:checked/></w:checkBox>', "☑"),
        ("FORMCHECKBOX", '<w:checkBox><w:default w:val="1"/><w:checked w:val="0"/></w:checkBox>', "☐"),
        ("FORMCHECKBOX", '<w:checkBox><w:default w:val="1"/></w:checkBox>', "☑"),
    ],
)
def test_a_legacy_form_field_shows_what_was_chosen(instruction: str, form: str, shown: str) -> None:
    assert read_texts(f"<w:p>{r('定级：')}{form_field(instruction, form)}</w:p>") == [f"定级：{shown}"]


def test_a_legacy_list_with_its_result_written_out_shows_it_once() -> None:
    form = form_field("FORMDROPDOWN", f"<w:ddList>{ENTRIES}</w:ddList>")
    separate = '<w:fldChar w:fldCharType="separate"/></w:r>'
    assert read_texts(f"<w:p>{form.replace(separate, separate + r('第三级'))}</w:p>") == ["第三级"]


@pytest.mark.parametrize(
    ("font", "typed", "shown"),
    [
        ("Wingdings 2", "R", "☑是"),
        ("Wingdings 2", "\uf0a3", "□是"),
        ("Wingdings", "\uf0fe", "☑是"),
        ("", "\uf0fe", "☑是"),
        ("Wingdings", "是", "是是"),
        ("仿宋", "R", "R是"),
    ],
)
def test_ticks_and_boxes_of_symbol_fonts_are_read(font: str, typed: str, shown: str) -> None:
    fonts = f'<w:rFonts w:ascii="{font}" w:hAnsi="{font}" w:hint="eastAsia"/>' if font else ""
    assert read_texts(f"<w:p>{r(typed, fonts)}{r('是')}</w:p>") == [shown]


WHITE = '<w:color w:val="FFFFFF"/>'
DARK = '<w:shd w:val="clear" w:color="auto" w:fill="1F4E79"/>'
LIGHT = '<w:shd w:val="clear" w:color="auto" w:fill="ffffff"/>'
STYLED = '<w:tblPr><w:tblStyle w:val="Dark"/></w:tblPr>'
BOX = "<w:r><w:drawing><wps:txbx><w:txbxContent>{}</w:txbxContent></wps:txbx></w:drawing></w:r>"


@pytest.mark.parametrize(
    ("body", "seen"),
    [
        (p("建设依据", run=WHITE), False),
        (p("建设依据", LIGHT, WHITE), False),
        (tbl(tr(tc(p("建设依据", run=WHITE)))), False),
        (p("建设依据", run=WHITE + DARK), True),
        (p("建设依据", DARK, WHITE), True),
        (p("建设依据", run=f'{WHITE}<w:highlight w:val="black"/>'), True),
        (tbl(tr(tc(p("建设依据", run=WHITE), DARK))), True),
        (f"<w:tbl>{STYLED}{tr(tc(p('建设依据', run=WHITE)))}</w:tbl>", True),
        (f"<w:p>{BOX.format(p('建设依据', run=WHITE))}</w:p>", True),
        (p("建设依据", run='<w:color w:val="FF0000"/>'), True),
        (p("建设依据", '<w:shd w:val="solid" w:color="000000" w:fill="auto"/>', WHITE), True),
        (p("建设依据", '<w:shd w:val="pct10" w:color="auto" w:fill="auto"/>', WHITE), False),
        (p("建设依据", '<w:shd w:val="clear" w:fill="auto" w:themeFill="accent1"/>', WHITE), True),
        (p("建设依据", '<w:pStyle w:val="Bar"/>', WHITE), True),
        (p("建设依据", '<w:pStyle w:val="Below"/>', WHITE), True),
        (p("建设依据", f'<w:pStyle w:val="Bar"/>{LIGHT}', WHITE), False),
        (p("建设依据", '<w:pStyle w:val="Plain"/>', WHITE), False),
        (p("建设依据", run=f'<w:rStyle w:val="Mark"/>{WHITE}'), True),
    ],
)
def test_white_text_is_read_only_where_its_ground_may_be_dark(body: str, seen: bool) -> None:
    styles = (
        style("Bar", "Bar", paragraph=DARK)
        + style("Below", "Below", based_on="Bar")
        + style("Plain", "Plain")
        + style("Mark", "Mark", kind="character", run=DARK)
    )
    assert read_texts(body + p("正文"), styles=styles) == (["建设依据"] if seen else []) + ["正文"]


STRUCK = "<w:strike/>"


@pytest.mark.parametrize(
    ("paragraph", "texts"),
    [
        (p("绩效目标", run=STRUCK), []),
        (p("绩效目标", run="<w:dstrike/>"), []),
        (p("绩效目标", run='<w:strike/><w:dstrike w:val="0"/>'), []),
        (p("绩效目标", run='<w:strike w:val="0"/>'), ["绩效目标"]),
        (f"<w:p>{r('三', STRUCK)}{r('五年')}</w:p>", ["五年"]),
        (p("绩效目标", '<w:pStyle w:val="Gone"/>'), []),
        (p("绩效目标", '<w:pStyle w:val="Gone"/>', '<w:strike w:val="0"/>'), ["绩效目标"]),
        (p("绩效目标", run='<w:rStyle w:val="Out"/>'), []),
        (p("绩效目标", '<w:pStyle w:val="Gone"/>', '<w:rStyle w:val="Out"/>'), ["绩效目标"]),
        (p("绩效目标", "<w:rPr><w:strike/></w:rPr>"), ["绩效目标"]),
        (tbl(tr(tc(p("绩效目标", run=STRUCK)))), []),
    ],
)
def test_what_is_struck_out_is_deleted(paragraph: str, texts: list[str]) -> None:
    styles = style("Gone", "Gone", run=STRUCK) + style("Out", "Out", kind="character", run=STRUCK)
    assert read_texts(paragraph + p("正文"), styles=styles) == [*texts, "正文"]


@pytest.mark.parametrize(
    ("body", "texts"),
    [
        (f'<w:altChunk r:id="rId9"/>{p("正文")}', ["正文"]),
        (p("框内", "<w:framePr w:w='100'/>") + p("正文"), ["框内", "正文"]),
        (f'<w:customXml><w:p><w:smartTag>{r("2026年")}</w:smartTag></w:p></w:customXml>', ["2026年"]),
        (f'<w:p><w:bdo w:val="ltr"><w:dir w:val="rtl">{r("甲")}</w:dir></w:bdo></w:p>', ["甲"]),
        (f'<w:p>{r("一、建设")}<w:r><w:br/></w:r>{r("依据")}</w:p>', ["一、建设\n依据"]),
        (f'<w:p><w:r><w:br w:type="page"/></w:r>{r("正文")}</w:p>', ["正文"]),
        (p("甲", "<w:rPr><w:vanish/><w:specVanish/></w:rPr>") + p("乙"), ["甲", "乙"]),
    ],
    ids=["imported", "frame", "tags", "direction", "soft break", "page break", "hidden mark"],
)  # fmt: skip
def test_what_programs_wrap_around_text_is_transparent(body: str, texts: list[str]) -> None:
    assert read_texts(body) == texts


def test_comments_are_no_content() -> None:
    comments = part("comments", f'<w:comment w:id="0">{p("请补充建设依据")}</w:comment>')
    body = (
        f'<w:p><w:commentRangeStart w:id="0"/>{r("正文")}<w:commentRangeEnd w:id="0"/>'
        '<w:r><w:commentReference w:id="0"/></w:r></w:p>'
    )
    parts = {"word/comments.xml": comments}
    assert read_texts(body, parts=parts, links=[("comments", "comments.xml", False)]) == ["正文"]


FLOATING = (
    "<w:r><w:drawing><wp:anchor><wp:positionV relativeFrom='paragraph'><wp:posOffset>{}</wp:posOffset>"
    "</wp:positionV><wps:txbx><w:txbxContent>{}</w:txbxContent></wps:txbx></wp:anchor></w:drawing></w:r>"
)


@pytest.mark.parametrize(("offset", "order"), [("0", ["框", "文"]), ("1200000", ["文", "框"])])
def test_a_text_box_that_stands_above_its_paragraph_comes_before_it(offset: str, order: list[str]) -> None:
    assert read_texts(f"<w:p>{FLOATING.format(offset, p('框'))}{r('文')}</w:p>") == order
    assert read_texts(f"<w:p>{r('文')}{FLOATING.format(offset, p('框'))}</w:p>") == ["文", "框"]


@pytest.mark.parametrize(
    ("origin", "start", "order"),
    [("page", 698_500, ["框", "文"]), ("column", 0, ["框", "文"]), ("column", 3_000_000, ["文", "框"])],
)
def test_a_text_box_left_of_its_paragraph_comes_before_it_wherever_it_is_anchored(
    origin: str, start: int, order: list[str]
) -> None:
    along = f"<wp:positionH relativeFrom='{origin}'><wp:posOffset>{start}</wp:posOffset></wp:positionH>"
    floating = FLOATING.format("635", p("框")).replace("<wp:anchor>", f"<wp:anchor>{along}")
    assert read_texts(f"<w:p>{r('文')}{floating}</w:p>") == order
