"""Files that a Word document takes in when it is opened (``w:altChunk``)."""

from collections.abc import Mapping

import pytest
from docx_files import p, part, r, read, relationships, tbl, tc, tr, word_file, zipped

from extractors.document import ActiveContent, Align, Document, Limits, Paragraph, Picture, Role, Table
from extractors.document import paragraphs as paragraphs_of
from extractors.docx import extract
from schemas.errors import UnreadableDocumentError, UnreadableReason
from worker.pipeline import Source, check

HERE = '<w:altChunk r:id="rId1"/>'


def importing(
    content: str | bytes,
    name: str = "chunk.html",
    body: str = p("前") + HERE + p("后"),
    limits: Limits | None = None,
    parts: Mapping[str, str | bytes] | None = None,
) -> Document:
    """A document that takes one file in."""
    return extract(importer(content, name, body, parts), "a.docx", limits or Limits())


def importer(
    content: str | bytes,
    name: str = "chunk.html",
    body: str = p("前") + HERE + p("后"),
    parts: Mapping[str, str | bytes] | None = None,
) -> bytes:
    files = {f"word/{name}": content, **(parts or {})}
    return word_file(body, links=[("aFChunk", name, False)], parts=files)


def typed(media_type: str) -> dict[str, str]:
    """Content types by which the imported file is of that type."""
    main = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    return {
        "[Content_Types].xml": (
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            f'<Default Extension="xml" ContentType="{main}"/>'
            f'<Override PartName="/word/chunk.html" ContentType="{media_type}"/></Types>'
        )
    }


def page(content: str) -> str:
    return f"<html><head><title>标题</title></head><body>{content}</body></html>"


def texts(document: Document) -> list[str]:
    return [paragraph.shown for paragraph in paragraphs_of(document.blocks)]


def imported(content: str) -> list[str]:
    """The texts that come of a web page."""
    document = importing(page(content))
    assert document.unread_imports == ()
    return texts(document)[1:-1]


def test_a_page_stands_where_it_is_taken_in() -> None:
    document = importing(page("<h1>一、建设依据</h1><p>依据<b>批复</b>。</p>"))
    assert texts(document) == ["前", "一、建设依据", "依据批复。", "后"]
    numbers = [(q.number, q.level) for q in paragraphs_of(document.blocks)]
    assert numbers == [(1, None), (2, 1), (3, None), (4, None)]


@pytest.mark.parametrize(
    ("content", "read"),
    [
        ("<p>甲\n  乙&nbsp;丙<br>丁</p>", ["甲 乙 丙\n丁"]),
        ("甲<div>乙<span>丙</span></div>丁", ["甲", "乙丙", "丁"]),
        ("<ol><li>甲</li><li><p>乙</p><p>续</p></li></ol>", ["1.甲", "2.乙", "续"]),
        ('<ol start="3" type="a"><li>甲<ul><li>乙</li></ul></li><li>丙</li></ol>', ["c.甲", "•乙", "d.丙"]),
        ('<ol><li value="7">甲</li><li>乙</li></ol>', ["7.甲", "8.乙"]),
        ("<pre>甲\n 乙</pre>", ["甲\n 乙"]),
        ("<script>甲</script><style>p{}</style><noscript>乙</noscript><!-- 丙 -->丁", ["丁"]),
        ("甲<s>乙</s><del>丙</del><strike>丁</strike>戊", ["甲戊"]),
        ('<p hidden>甲</p><p style="display : NONE">乙</p><p style="mso-hide:all">丙</p>丁', ["丁"]),
        ('<p style="display:/* */none">甲</p><p style="font-size:0.9em">丁</p>', ["丁"]),
        ('<p style="color:#FFF">甲</p><font color=white>乙</font>丁', ["丁"]),
        ('<div style="background:#036"><p style="color:#fff">甲</p></div>', ["甲"]),
        ('<p style="background-color:#fff">甲</p>', ["甲"]),
        ("<template>甲</template><textarea>乙</textarea><p>⼀、依据</p>", ["一、依据"]),
        ("<p>甲<foo>乙</p></div></b>丙", ["甲乙", "丙"]),
    ],
)
def test_what_of_a_page_is_read(content: str, read: list[str]) -> None:
    assert imported(content) == read


def test_how_its_paragraphs_look() -> None:
    content = '<p align="center">题</p><p><b>依据：</b>批复</p><p style="font-weight:700">粗</p>'
    _, title, label, bold, _ = paragraphs_of(importing(page(content)).blocks)
    assert (title.align, title.bold) == (Align.CENTER, False)
    assert (label.align, label.bold, label.bold_prefix) == (Align.START, False, 3)
    assert (bold.bold, bold.bold_prefix) == (True, 1)


def test_a_table_of_a_page_is_a_table() -> None:
    content = (
        '<table><caption>预算</caption><tr><th rowspan="2">类别</th><th colspan=2>金额</th></tr>'
        "<tr><td>合计</td><td><table><tr><td>内</td></tr></table></td></tr></table>"
    )
    _, caption, table, _ = importing(page(content)).blocks
    assert isinstance(caption, Paragraph)
    assert isinstance(table, Table)
    cells = [(c.row, c.column, c.row_span, c.column_span, c.text) for row in table.rows for c in row]
    assert cells == [
        (0, 0, 2, 1, "类别"),
        (0, 1, 1, 2, "金额"),
        (1, 1, 1, 1, "合计"),
        (1, 2, 1, 1, ""),
    ]
    assert isinstance(table.rows[1][1].blocks[0], Table)


@pytest.mark.parametrize("span", ["999999999999", "0", "-1", "x", "٣"])
def test_an_absurd_span_is_bounded(span: str) -> None:
    content = f'<table><tr><td colspan="{span}" rowspan="{span}">甲</td></tr></table>'
    [table] = [b for b in importing(page(content)).blocks if isinstance(b, Table)]
    [[cell]] = table.rows
    assert cell.row_span == 1
    assert cell.column_span in (1, 63)


def test_a_page_is_read_in_the_encoding_it_is_in() -> None:
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "gb18030"):
        assert texts(importing(page("<p>建设依据</p>").encode(encoding))) == ["前", "建设依据", "后"]


def test_a_page_in_a_single_file_is_read() -> None:
    message = (
        'MIME-Version: 1.0\nContent-Type: multipart/related; type="text/html"; boundary="b"\n\n--b\n'
        'Content-Type: text/html; charset="utf-8"\nContent-Transfer-Encoding: quoted-printable\n\n'
        "<html><body><h2>=E4=BE=9D=E6=8D=AE</h2></body></html>\n\n--b--\n"
    )
    assert texts(importing(message, "chunk.mht")) == ["前", "依据", "后"]


def test_a_text_is_read_line_by_line() -> None:
    document = importing("建设依据\r\n\r\n  批复。\n".encode("gb18030"), "chunk.txt")
    assert texts(document) == ["前", "建设依据", "  批复。", "后"]


def test_what_only_the_type_tells_apart_is_what_it_is_declared_to_be() -> None:
    fragment = "<p>甲\n乙</p>"
    assert texts(importing(fragment, parts=typed("text/html"))) == ["前", "甲 乙", "后"]
    assert texts(importing(page(fragment), parts=typed("text/plain")))[1:-1] == page(fragment).split("\n")


def test_a_word_file_is_read_with_its_own_styles_and_numbers() -> None:
    abstract = (
        '<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:start w:val="1"/>'
        '<w:numFmt w:val="decimal"/><w:lvlText w:val="{}"/></w:lvl></w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    )
    item = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'
    inner = word_file(p("内", item), numbering=abstract.format("第%1章"))
    outer = word_file(
        p("一", item) + '<w:altChunk r:id="rId2"/>' + p("二", item),
        numbering=abstract.format("%1、"),
        parts={"word/a.docx": inner},
        links=[("styles", "none.xml", False), ("aFChunk", "a.docx", False)],
    )
    # ``word_file`` numbers the links it makes itself behind those that are given.
    outer_document = extract(outer, "a.docx", Limits())
    assert [q.label for q in paragraphs_of(outer_document.blocks)] == ["1、", "第1章", "2、"]
    assert [q.number for q in paragraphs_of(outer_document.blocks)] == [1, 2, 3]


def test_it_is_taken_in_into_cells_controls_and_headers() -> None:
    body = tbl(tr(tc(HERE), tc(p("乙")))) + f"<w:sdt><w:sdtContent>{HERE}</w:sdtContent></w:sdt>"
    [table, one] = importing(page("甲"), body=body).blocks
    assert isinstance(table, Table)
    assert [cell.text for row in table.rows for cell in row] == ["甲", "乙"]
    assert isinstance(one, Paragraph)
    header = {
        "word/header1.xml": part("hdr", HERE),
        "word/_rels/header1.xml.rels": relationships(("aFChunk", "chunk.html", False)),
        "word/chunk.html": page("<p>建设依据</p>"),
    }
    document = read(p("正文"), parts=header, links=[("header", "header1.xml", False)])
    assert [(q.text, q.role) for q in paragraphs_of(document.blocks)] == [
        ("正文", Role.BODY),
        ("建设依据", Role.MARGIN),
    ]


@pytest.mark.parametrize(
    "body", [f"<w:del>{HERE}</w:del>{p('后')}", tbl(tr(tc(HERE), properties="<w:del/>")) + p("后")]
)
def test_what_is_deleted_is_not_taken_in(body: str) -> None:
    document = importing(page("甲"), body=body)
    assert texts(document) == ["后"]
    assert document.unread_imports == ()


def test_text_around_it_in_a_paragraph_is_kept() -> None:
    document = importing(page("甲"), body=f"<w:p>{r('前')}{HERE}{r('后')}</w:p>")
    assert sorted(texts(document)) == ["前后", "甲"]


def nested(depth: int) -> bytes:
    data = word_file(p("底"))
    for _ in range(depth):
        data = word_file(HERE, links=[("aFChunk", "a.docx", False)], parts={"word/a.docx": data})
    return data


def test_a_file_in_a_file_is_read_three_deep_and_then_told() -> None:
    within = extract(nested(4), "a.docx", Limits())
    assert texts(within) == ["底"]
    assert within.unread_imports == ()
    body = p("前") + HERE
    beyond = importing(nested(4), "a.docx", body)
    assert texts(beyond) == ["前"]
    assert len(beyond.unread_imports) == 1


UNREAD = {
    "an RTF": ("chunk.rtf", rb"{\rtf1 \'d2\'c0\'be\'dd}"),
    "a PDF": ("chunk.pdf", b"%PDF-1.7\n1 0 obj\n"),
    "a picture": ("chunk.png", b"\x89PNG\r\n\x1a\n"),
    "a damaged Word file": ("chunk.docx", nested(0)[:-40]),
    "another encoding": ("chunk.html", b"<html><body>\xff\xff\xff\xff</body></html>"),
    "an absurdly nested page": ("chunk.html", page("<div>" * 300 + "甲" + "</div>" * 300)),
    "an absurdly nested deletion": ("chunk.html", page("<del>" * 300 + "</del>" * 300 + "甲")),
    "an absurdly nested page with many faults": (
        "chunk.html",
        page("<p \0></q>" * 500 + "<div>" * 300 + "甲"),
    ),
    "an absurdly wide table": ("chunk.html", page("<table><tr>" + "<td>甲</td>" * 64 + "</table>")),
    "absurdly nested tables": ("chunk.html", page("<table><tr><td>" * 70 + "甲")),
    "an endless word": ("chunk.html", page("甲" * 4_000_000)),
    "hidden by a style sheet": ("chunk.html", page("<style>.a{display:none}</style><p class=a>甲</p>")),
    "white by a style sheet": ("chunk.html", page("<style>.a{color:#fff}</style><p class=a>甲</p>")),
    "pages that are pictures": ("chunk.html", page('<img src="a.png"><img src="b.png">附件')),
}


@pytest.mark.parametrize(("name", "content"), UNREAD.values(), ids=UNREAD)
def test_what_cannot_be_read_is_told_and_the_rest_is_read(name: str, content: str | bytes) -> None:
    document = importing(content, name)
    assert texts(document) == ["前", "后"]
    assert [q.number for q in paragraphs_of(document.blocks)] == [1, 2]
    assert len(document.unread_imports) == 1
    assert not document.is_read


def test_what_lies_outside_is_told_and_never_fetched() -> None:
    address = "http://192.0.2.1/a.html"
    document = read(HERE + p("后"), links=[("aFChunk", address, True)])
    assert document.unread_imports == ("不在文件里的内容",)
    assert document.active == (ActiveContent("external-link-data", address),)


def test_what_a_page_would_run_or_fetch_is_noticed() -> None:
    document = importing(page('<script>1</script>甲<img src="http://192.0.2.1/a.png">' + "字" * 80))
    assert {(a.kind, a.detail) for a in document.active} == {
        ("embedded-document", "word/chunk.html"),
        ("script", "word/chunk.html"),
        ("external-link-data", "http://192.0.2.1/a.png"),
    }
    assert sum(isinstance(block, Picture) for block in document.blocks) == 1


def test_macros_of_an_imported_word_file_are_noticed() -> None:
    inner = word_file(p("内"), parts={"word/vbaProject.bin": b"x"})
    assert ActiveContent("macro", "word/vbaProject.bin") in importing(inner, "a.docx").active


def test_what_is_taken_in_counts_against_the_limit_on_unpacked_bytes() -> None:
    inner = word_file(p("一" * 100_000))
    limits = Limits(max_unpacked_bytes=1_000_000)
    document = importing(inner, "a.docx", HERE * 10 + p("后"), limits)
    assert [len(text) for text in texts(document)] == [100_000] * 3 + [1]
    assert len(document.unread_imports) == 7


def test_files_without_number_are_told() -> None:
    document = importing(page("甲"), body=HERE * 250 + p("后"))
    assert texts(document) == ["甲"] * 200 + ["后"]
    assert len(document.unread_imports) == 50


def test_texts_of_many_megabytes_are_told() -> None:
    lines = "一" * 1000 + "\n"
    document = importing(lines * 900, "chunk.txt", HERE * 4 + p("后"))
    assert len(texts(document)) == 3 * 900 + 1
    assert len(document.unread_imports) == 1


def test_entities_of_a_page_are_not_expanded() -> None:
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    bomb = (
        f'<?xml version="1.0"?><!DOCTYPE html [<!ENTITY a0 "哈">{entities}]><html><body>&a9;甲</body></html>'
    )
    assert sum(map(len, texts(importing(bomb)))) < 1000
    outside = '<!DOCTYPE html [<!ENTITY a SYSTEM "file:///etc/passwd">]><html><body>&a;甲</body></html>'
    assert "root" not in "".join(texts(importing(outside)))


def test_a_document_of_nothing_but_what_cannot_be_read_is_unreadable() -> None:
    with pytest.raises(UnreadableDocumentError) as raised:
        importing(r"{\rtf1 x}", "chunk.rtf", HERE)
    assert raised.value.reason is UnreadableReason.UNSUPPORTED
    assert "RTF" in raised.value.detail


def test_its_pictures_are_found_in_the_package_they_lie_in() -> None:
    picture = (
        '<w:p><w:r><w:drawing><wp:inline><wp:extent cx="7560000" cy="10692000"/>'
        '<a:blip r:embed="rId1"/></wp:inline></w:drawing></w:r></w:p>'
    )
    scan = {"word/scan.png": b"\x89PNG\r\n\x1a\nnone"}
    inner = word_file(picture, parts=scan, links=[("image", "scan.png", False)])
    # Under the same link the outer package has no picture, so that only the inner one can be what was tried.
    document = importing(inner, "a.docx", HERE + p("后"))
    assert document.unread_pictures == (1,)


MISSING = "立项依据"
PROPOSAL = (
    ("系统概况", "平台按月更新，领导驾驶舱日均访问75次。"),
    ("运维内容", "指标口径维护、数据接口巡检、报表定制、驻场1人。"),
    ("考核指标", "数据更新及时率99%，季度评分低于80分的扣减当季费用10%。"),
    ("服务周期", "自合同签订之日起36个月。"),
    ("资金估算", "总额叁拾万元整（30万元）。"),
    ("经费保障", "区级财政安排30万元。"),
    ("安全可靠情况", "平台数据库已替换为国产数据库。"),
)


def proposal(content: str, name: str) -> bytes:
    """A proposal that lacks a section, unless it stands in what it takes in."""
    sections = "".join(p(f"{n}. {title}") + p(text) for n, (title, text) in enumerate(PROPOSAL, 2))
    head = p("锦江区经济运行监测平台维护服务需求方案") + p("成都市锦江区统计局")
    return importer(content, name, head + HERE + sections)


def outcomes(data: bytes) -> tuple[dict[str, str], set[tuple[str, str | None]], str]:
    report = check([Source("方案.docx", data)], document_class="proposal-maintenance")
    errors = {(f.code, f.requirement) for f in report.findings if f.severity == "error"}
    return {c.requirement: c.outcome for c in report.checks}, errors, report.conclusion


def test_a_section_in_it_is_met() -> None:
    section = f"<h1>1. {MISSING}</h1><p>区政府办公室《关于进一步加强经济运行调度工作的通知》。</p>"
    met, errors, conclusion = outcomes(proposal(page(section), "chunk.html"))
    assert met[MISSING] == "met"
    assert (errors, conclusion) == (set(), "pass")


def test_a_section_that_is_not_in_it_is_missing() -> None:
    met, errors, conclusion = outcomes(proposal(page("<p>编制说明见后。</p>"), "chunk.html"))
    assert met[MISSING] == "deficient"
    assert (errors, conclusion) == ({("section-missing", MISSING)}, "deficient")


def test_a_section_that_may_stand_in_what_was_not_read_is_not_held_to_be_missing() -> None:
    data = proposal(r"{\rtf1 x}", "chunk.rtf")
    met, errors, conclusion = outcomes(data)
    assert met[MISSING] == "not-checked"
    assert (errors, conclusion) == ({("document-unreadable", None)}, "deficient")
    report = check([Source("方案.docx", data)], document_class="proposal-maintenance")
    [finding] = [f for f in report.findings if f.code == "document-unreadable"]
    assert "有1处打开时才导入的内容（RTF 文档（.rtf））没有读出文字" in finding.message
    assert MISSING in finding.message
    assert "另存为新的 .docx" in finding.advice
    assert finding.found == "unsupported"


def test_where_no_class_fits_what_was_not_read_is_told_first() -> None:
    data = importer(r"{\rtf1 x}", "chunk.rtf", p("工作情况") + p("有关材料附后。") + HERE)
    report = check([Source("材料.docx", data)])
    assert [f.code for f in report.findings][:2] == ["document-unreadable", "class-undetermined"]
    assert "没有读出文字" in report.findings[0].message
    assert "文件种类可能写在那里" in report.findings[0].message
    assert report.conclusion == "unreadable"


def test_a_zip_that_contains_itself_ends() -> None:
    quine = {"word/document.xml": "x", "word/a.docx": zipped({})}
    assert importing(zipped(quine), "a.docx").unread_imports != ()
