"""Papers that lie in one file, and papers without a title of their own."""

from __future__ import annotations

import io
from datetime import date

import pytest
from docx_files import p, word_file
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from validators.report import Report
from worker.pipeline import Source, check

BIG = '<w:rPr><w:b/><w:sz w:val="44"/></w:rPr>'
LETTER = ("关于智慧停车项目验收备案的函", "一、验收时间", "2024年3月15日")
RESULT = ("项目验收报告", "验收组查看现场和资料，同意通过验收。")
USER = ("用户报告", "五个社区使用三个月，运行稳定，同意验收。")
WATCH = ("监理报告", "设备进场、安装、调试均受控，质量合格。")
TEST = ("测评报告", "共设计用例95条，全部通过，结论为通过。")
PAPERS = ("项目验收报告", "用户报告", "监理报告", "测评报告")


def titled(line: str) -> str:
    return f'<w:p><w:pPr><w:jc w:val="center"/></w:pPr><w:r>{BIG}<w:t>{line}</w:t></w:r></w:p>'


def paper(title: str, *lines: str) -> str:
    return titled(title) + "".join(map(p, lines))


def filed(letter: str, **files: str) -> Report:
    sources = [Source("函.docx", word_file(letter))]
    sources += [Source(f"{name}.docx", word_file(body)) for name, body in files.items()]
    return check(sources, document_class="acceptance-filing", filed_on=date(2024, 3, 20))


def stated(report: Report) -> dict[str, bool]:
    """Of the papers that are there, whether they say anything."""
    return {name: report.record[name]["有内容"] for name in PAPERS if name in report.record}


MAIN = paper(*LETTER)


@pytest.mark.parametrize(
    "mark", ["", "附件{}", "附件{}：", "材料{}"], ids=["none", "annex", "colon", "material"]
)
def test_papers_bound_together_are_each_there(mark: str) -> None:
    every = (RESULT, USER, WATCH, TEST)

    def bound(*papers: tuple[str, ...]) -> str:
        marks = (p(mark.format(n)) if mark else "" for n in range(1, len(papers) + 1))
        return "".join(m + paper(*each) for m, each in zip(marks, papers, strict=True))

    assert stated(filed(MAIN, 附件=bound(*every))) == dict.fromkeys(PAPERS, True)
    assert "监理报告" not in stated(filed(MAIN, 附件=bound(RESULT, USER, TEST)))
    assert stated(filed(MAIN, 附件=bound(RESULT, USER, WATCH[:1], TEST)))["监理报告"] is False
    assert stated(filed(MAIN, 附件=bound(RESULT[:1], USER, TEST)))["项目验收报告"] is False


def test_a_chapter_of_a_report_is_no_paper() -> None:
    bold = "<w:p><w:r><w:rPr><w:b/></w:rPr><w:t>{}</w:t></w:r></w:p>"
    chapter = bold.format("监理报告") + p("监理单位总结了实施过程，认为质量合格。")
    for report in (paper(*RESULT), bold.format(RESULT[0]) + p(RESULT[1])):
        assert stated(filed(MAIN, 附件1=report + chapter)) == {"项目验收报告": True}


def test_annexes_may_follow_the_letter_under_lines_that_mark_and_name_them() -> None:
    listed = p("附件：1.监理报告 2.测评报告") + p("锦江区某局") + p("2024年3月18日")
    watch, test = p("附件1：监理报告") + p(WATCH[1]), p("附件2：测评报告") + p(TEST[1])
    assert stated(filed(MAIN + listed + watch + test)) == {"监理报告": True, "测评报告": True}
    assert stated(filed(MAIN + listed + watch)) == {"监理报告": True}


def test_a_list_of_annexes_at_the_letter_s_end_is_none_of_them() -> None:
    listed = p("附件1：监理报告") + p("附件2：测评报告")
    signed = p("锦江区某局") + p("2024年3月18日")
    ends = ("特此报告，请予备案，联系人某某，电话86621900。", "所附各件均与原件一致，可随时备查。")
    for end in (signed, *map(p, ends)):
        assert stated(filed(MAIN + listed + end)) == {}
    assert stated(filed(MAIN + listed + signed + listed + p(TEST[1]))) == {"测评报告": True}


def test_an_award_and_the_contract_may_lie_in_one_file() -> None:
    award = paper("中标通知书", "某公司：", "贵公司被确定为中标人。")
    contract = paper("智慧校门项目采购合同", "甲方：某局", "第一条 标的", "闸机122套。")
    sources = [
        Source(
            "函.docx", word_file(paper("关于智慧校门项目合同备案的函", "一、合同签订时间", "2026年5月15日"))
        ),
        Source("附件.docx", word_file(award + contract)),
    ]
    assert check(sources).record["合同副本"]["有内容"] is True


@pytest.mark.parametrize(
    ("lines", "there"),
    [
        (("监理单位对进场、安装、调试进行了控制，质量合格。",), True),
        (("监理单位：某公司", "对进场、安装、调试进行了控制，质量合格。"), True),
        (("一、工程概况", "安装烟感1860只。", "二、结论", "质量合格。"), True),
        (("会议纪要", "会议研究了有关工作。"), False),
    ],
)
def test_a_paper_without_a_title_is_what_its_file_is_called(lines: tuple[str, ...], there: bool) -> None:
    body = titled(lines[0]) if lines[0] == "会议纪要" else p(lines[0])
    report = filed(MAIN, 附件3监理报告=body + "".join(map(p, lines[1:])))
    assert stated(report) == ({"监理报告": True} if there else {})


def test_a_title_that_fills_its_line_is_set_like_those_in_the_middle() -> None:
    """In a PDF it shows no margins; each paper begins a page."""
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    written = io.BytesIO()
    canvas = Canvas(written, pagesize=A4)
    papers = (("锦江区府河段智慧河道感知工程竣工验收意见", RESULT[1]), USER, WATCH, TEST)
    for title, text in papers:
        canvas.setFont("STSong-Light", 20)
        canvas.drawCentredString(A4[0] / 2, 740, title)
        canvas.setFont("STSong-Light", 12)
        for line in range(3):
            canvas.drawString(90, 700 - 24 * line, (text * 3)[:34])
        canvas.showPage()
    canvas.save()
    sources = [Source("函.docx", word_file(MAIN)), Source("附件.pdf", written.getvalue())]
    report = check(sources, document_class="acceptance-filing", filed_on=date(2024, 3, 20))
    assert stated(report) == dict.fromkeys(PAPERS, True)
