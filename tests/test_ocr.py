"""Pages that are pictures: what is read from them, and what is said where they cannot be read."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import cv2
import docx
import numpy as np
import pypdfium2 as pdfium
import pytest
from docx.shared import Cm
from PIL import Image
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from extractors.document import Document, Limits, Paragraph, Picture, Role, Table
from extractors.formats import extract
from extractors.ocr import available, scan
from extractors.ocr.engine import Recognised
from extractors.ocr.picture import inked, prepared, quarter_turned
from extractors.ocr.reading import mended
from extractors.ocr.sheet import flattened
from extractors.outline import read_outline
from extractors.pdf.grids import find_grids
from extractors.pdf.page import Rule
from extractors.sheets import Page, runs
from extractors.substance import substance
from schemas import load_pack
from schemas.errors import UnreadableDocumentError, UnreadableReason
from worker.pipeline import Source, check, words_of

CORPUS = Path(__file__).parent / "corpus"
FORM = CORPUS / "hand-scan-form-lost" / "扫描件.pdf"
PROPOSAL = CORPUS / "pdf-lo-2" / "锦江区公共法律服务智能终端布设项目.pdf"
A4 = 595.0, 842.0


def rendered(path: Path = FORM, dpi: int = 150) -> Image.Image:
    document = pdfium.PdfDocument(path)
    picture = document[0].render(scale=dpi / 72).to_pil().convert("RGB")
    document.close()
    return picture


def saved(picture: Image.Image, form: str, **options: Any) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, form, **options)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("seen", "meant"),
    [
        ("-、建设依据", "一、建设依据"),
        ("=、建设目标", "二、建设目标"),
        ("(-)总体目标", "（一）总体目标"),
        ("+二、安全", "十二、安全"),
        ("l、概况", "1、概况"),
        ("二O二四年三月", "二〇二四年三月"),
        ("二0二四年", "二〇二四年"),
        ("2O24年1月2O日", "2024年1月20日"),
        ("2024年3月12曰", "2024年3月12日"),
        ("合计249，000元", "合计249,000元"),
        ("区级财政12。6万元", "区级财政12.6万元"),
        ("服务期限:两年,可续签;", "服务期限：两年，可续签；"),
        ("第一章 项目概述.....", "第一章 项目概述……"),
        ("响应时间2:30", "响应时间2:30"),
        ("共3项，120个点位", "共3项，120个点位"),
        ("OCR识别", "OCR识别"),
        ("一体化平台", "一体化平台"),
    ],
)
def test_confusions_are_mended_only_where_the_meaning_is_sure(seen: str, meant: str) -> None:
    assert mended(seen) == meant


def sheet() -> Any:
    return np.full((1754, 1240, 3), 245, np.uint8)


def test_a_crooked_page_is_straightened_and_its_places_are_those_of_the_page_shown() -> None:
    page = sheet()
    for y in range(300, 1400, 60):
        page[y : y + 20, 200:1000] = 30
    turn = cv2.getRotationMatrix2D((620, 877), -2.0, 1.0)
    crooked = cv2.warpAffine(page, turn, (1240, 1754), borderValue=(245, 245, 245))
    straight = prepared(crooked, *A4)
    x0, top, _, bottom = inked(straight.ink, (150, 290, 1050, 335))
    assert bottom - top < 30
    shown = straight.to_shown.point(x0 / straight.scale, (top + bottom) / 2 / straight.scale)
    there = turn @ np.array([200, 310, 1])
    assert shown == pytest.approx(tuple(there * 72 / 150), abs=2)


def test_a_seal_is_noticed_and_taken_off_and_red_letters_are_not() -> None:
    page = sheet()
    cv2.putText(page, "RED LETTERHEAD", (150, 200), cv2.FONT_HERSHEY_SIMPLEX, 3, (220, 30, 30), 8)
    page[1010:1020, 500:900] = 30
    stamped = page.copy()
    cv2.circle(stamped, (700, 1000), 120, (210, 40, 45), 9)
    found = prepared(np.minimum(stamped, page), *A4)
    [seal] = found.seals
    assert seal == pytest.approx((576, 876, 825, 1125), abs=8)
    assert found.gray[880:890, 690:710].min() > 200
    assert found.gray[1012:1018, 590:620].max() < 60
    assert found.gray[140:200, 150:900].min() < 120


def test_what_is_left_of_a_seal_is_no_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    page = sheet()
    cv2.circle(page, (700, 1000), 120, (210, 40, 45), 9)
    rest, drawing = (600.0, 900.0, 800.0, 1020.0), (200.0, 300.0, 500.0, 420.0)
    seen = [Recognised("心中", 0.4, *rest), Recognised("人", 0.4, *drawing)]
    monkeypatch.setattr(scan, "recognise", lambda image: seen)
    found = scan.read_scan(page, *A4)
    assert len(found.seals) == 1
    assert found.pictures == (pytest.approx(tuple(place * 72 / 150 for place in drawing), abs=1),)


def test_a_faint_line_under_a_seal_is_still_one_line() -> None:
    page = sheet()
    page[1000:1002, 150:1100] = 215
    stamped = page.copy()
    cv2.circle(stamped, (700, 1000), 120, (210, 40, 45), 12)
    found = prepared(np.minimum(stamped, page), *A4)
    [rule] = found.across
    assert (rule.start, rule.end) == pytest.approx((150, 1100), abs=6)
    cut = sheet()
    cut[1000:1002, 150:500] = cut[1000:1002, 700:1100] = 215
    assert len(prepared(cut, *A4).across) == 2


def test_ruling_lines_are_found_however_faint_and_strokes_of_text_are_not() -> None:
    page = sheet()
    for y in (300, 400, 500):
        page[y, 150:1100] = 205
    for x in (150, 600, 1099):
        page[300:501, x] = 205
    cv2.putText(page, "----- bold text -----", (160, 350), cv2.FONT_HERSHEY_SIMPLEX, 1, (0, 0, 0), 4)
    found = prepared(page, *A4)
    assert [round(rule.at) for rule in found.across] == pytest.approx([300, 400, 500], abs=1)
    assert [round(rule.at) for rule in found.down] == pytest.approx([150, 600, 1099], abs=1)
    assert all(rule.end - rule.start > 900 for rule in found.across)


def test_a_photograph_on_its_side_is_read_with_its_tables_and_its_seal() -> None:
    picture = Image.fromarray(quarter_turned(np.asarray(rendered()), 90))
    document = extract(saved(picture, "JPEG", quality=80), "照片.jpg")
    assert document.media_type == "image/jpeg"
    assert document.recognised_pages == (1,)
    [table] = [block for block in document.blocks if isinstance(block, Table)]
    cells = [cell.text for row in table.rows for cell in row]
    assert cells[:4] == ["项目名称", "锦江区网络餐饮智慧监管系统", "申报单位", "成都市锦江区市场监督管理局"]
    assert any(isinstance(block, Picture) for block in document.blocks)
    title = next(block for block in document.blocks if isinstance(block, Paragraph))
    assert title.bbox is not None
    # Turned clockwise, the head of the page is at the right.
    assert title.bbox.x0 > 0.8 * 842
    assert title.bbox.bottom - title.bbox.top > title.bbox.x1 - title.bbox.x0


def mixed() -> bytes:
    """A page with text before one that is a scan."""
    document, scan = pdfium.PdfDocument(PROPOSAL), pdfium.PdfDocument(FORM)
    document.import_pages(scan)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def test_pages_with_text_keep_it_and_only_the_others_are_recognised() -> None:
    scans: list[int] = []
    document = extract(mixed(), "方案.pdf", Limits(before_scan=lambda: scans.append(1)))
    alone = extract(PROPOSAL.read_bytes(), "方案.pdf")
    assert document.recognised_pages == ((document.pages or 0),)
    assert scans == [1]
    assert [b.text for b in alone.blocks if isinstance(b, Paragraph)] == [
        b.text for b in document.blocks if isinstance(b, Paragraph) and b.page != document.pages
    ]


def test_a_page_that_was_not_read_is_not_held_to_lack_anything() -> None:
    [source] = [Source("方案.pdf", mixed())]
    lost = CORPUS / "pdf-lo-2-lost" / PROPOSAL.name
    scan = pdfium.PdfDocument(lost)
    scan.import_pages(pdfium.PdfDocument(FORM))
    buffer = io.BytesIO()
    scan.save(buffer)
    unread = Limits(max_scanned_pages=0)
    complete = check([source], limits=unread)
    lacking = check([Source("方案.pdf", buffer.getvalue())], limits=unread)
    assert complete.conclusion == "pass"
    assert "low-confidence" in {f.code for f in complete.findings}
    assert lacking.conclusion == "deficient"
    assert {(f.code, f.requirement) for f in lacking.findings if f.severity == "error"} == {
        ("document-unreadable", None)
    }
    assert {c.requirement for c in lacking.checks if c.outcome == "not-checked"} == {"建设目标"}


def test_a_finding_names_the_facts_that_rest_on_recognition_once_for_each_document() -> None:
    report = check([Source("扫描件.pdf", FORM.read_bytes())], filed_on=date(2026, 3, 1))
    [finding] = [f for f in report.findings if f.code == "low-confidence"]
    assert finding.severity == "warning"
    assert "第1页是扫描件或照片" in finding.message
    assert "资金估算的总金额 95.7万元" in finding.message


def reason(data: bytes, name: str = "a.pdf") -> UnreadableReason:
    with pytest.raises(UnreadableDocumentError) as caught:
        extract(data, name)
    return caught.value.reason


def test_without_the_packages_a_scan_is_refused_with_the_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(available, "PACKAGES", ("a_package_that_nobody_has",))
    assert reason(FORM.read_bytes()) is UnreadableReason.NO_TEXT_LAYER
    assert reason(saved(Image.new("RGB", (800, 600)), "PNG"), "a.png") is UnreadableReason.NO_TEXT_LAYER


def test_pictures_that_would_fill_the_memory_are_refused_by_their_header() -> None:
    bomb = bytearray(saved(Image.new("1", (8, 8)), "PNG"))
    bomb[16:24] = (40_000).to_bytes(4, "big") * 2
    assert reason(bytes(bomb)) in {UnreadableReason.TOO_LARGE, UnreadableReason.DAMAGED}
    large = saved(Image.new("1", (12_000, 12_000)), "TIFF", compression="group4")
    assert reason(large) is UnreadableReason.TOO_LARGE
    pages = [Image.new("1", (8, 8))] * 80
    many = saved(pages[0], "TIFF", save_all=True, append_images=pages[1:])
    assert reason(many) is UnreadableReason.TOO_MANY_PAGES
    assert reason(saved(Image.new("RGB", (90, 90)), "BMP")[:500]) is UnreadableReason.DAMAGED


def word_file(*contents: str | Image.Image, width: float = 14.6) -> bytes:
    """A Word document of paragraphs and of pictures that are so many centimetres wide."""
    document = docx.Document()
    for content in contents:
        if isinstance(content, str):
            document.add_paragraph(content)
        else:
            document.add_picture(io.BytesIO(saved(content, "JPEG", quality=80)), width=Cm(width))
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def outcome(data: bytes, name: str) -> dict[str, Any]:
    """Conclusion, findings that are errors, and facts."""
    report = check([Source(name, data)], filed_on=date(2026, 3, 1)).to_dict()
    errors = [(f["code"], f["requirement"]) for f in report["findings"] if f["severity"] == "error"]
    return {"errors": errors, **{key: report[key] for key in ("conclusion", "record", "routing")}}


def test_a_word_file_of_pasted_scans_is_read_as_the_scan_is() -> None:
    data = word_file(rendered(), "第1页")
    assert outcome(data, "方案.docx") == outcome(FORM.read_bytes(), "扫描件.pdf")
    report = check([Source("方案.docx", data)])
    [finding] = [f for f in report.findings if "识别" in f.message]
    assert "《方案.docx》第1幅图片是扫描件或照片" in finding.message
    assert "资金估算的总金额 95.7万元" in finding.message
    assert all(location.page is None for f in report.findings for location in f.locations)


def lacking_word_file() -> bytes:
    """A document with text that lacks nothing but what stands on the page that is pasted at its end."""
    lost = extract((CORPUS / "pdf-lo-2-lost" / PROPOSAL.name).read_bytes(), "方案.pdf")
    texts = [b.text for b in lost.blocks if isinstance(b, Paragraph) and b.role is Role.BODY]
    return word_file(*texts, rendered(PROPOSAL))


def test_a_scanned_annex_among_text_is_read_or_said_to_be_unread() -> None:
    data = lacking_word_file()
    read = check([Source("方案.docx", data)])
    assert next(c for c in read.checks if c.requirement == "建设目标").outcome == "met"
    unread = check([Source("方案.docx", data)], limits=Limits(max_scanned_pages=0))
    assert unread.conclusion == "deficient"
    assert next(c for c in unread.checks if c.requirement == "建设目标").outcome == "not-checked"
    [finding] = [f for f in unread.findings if f.code == "document-unreadable"]
    assert "第1幅图片没有读出文字" in finding.message
    assert "建设目标" in finding.message


def test_diagrams_and_small_pictures_among_text_stay_pictures() -> None:
    diagram = sheet()
    for row, label in enumerate(("PORTAL", "SERVICE", "DATA HUB", "NETWORK", "SENSOR", "SECURITY")):
        cv2.rectangle(diagram, (200, 200 + 250 * row), (1000, 380 + 250 * row), (0, 0, 0), 3)
        cv2.putText(diagram, label, (450, 300 + 250 * row), cv2.FONT_HERSHEY_SIMPLEX, 2, (0, 0, 0), 4)
    scans: list[int] = []
    text = "总体架构如下图所示，自下而上分为五层，各层之间通过标准接口相互调用，并由统一的安全体系加以保护。"
    data = word_file(text * 3, Image.fromarray(diagram), rendered().crop((0, 0, 1240, 500)))
    document = extract(data, "方案.docx", Limits(before_scan=lambda: scans.append(1)))
    assert scans == [1]
    assert [type(block) for block in document.blocks] == [Paragraph, Picture, Picture]
    assert (document.recognised_pictures, document.unread_pictures) == ((), ())


@pytest.mark.parametrize(("written", "seal"), [("略", True), ("", True), ("", False)])
def test_a_seal_is_no_substance(written: str, seal: bool) -> None:
    pack = load_pack("jinjiang-2023")
    texts = ["九、项目预算", "项目预算322万元。", "十、网络安全", written]
    paragraphs = [Paragraph(n, text) for n, text in enumerate(texts, 1) if text]
    document = Document("a.pdf", "application/pdf", 1, (*paragraphs, Picture(seal=seal)))
    section = read_outline(document, words_of(pack)).root.children[-1]
    assert "网络安全" in section.title
    assert substance(pack.language).has(section) is not seal


@pytest.mark.parametrize("place", [4, 5, 6])
def test_a_signature_is_no_substance_wherever_its_seal_stands(place: int) -> None:
    pack = load_pack("jinjiang-2023")
    texts = ["九、项目预算", "项目预算322万元。", "十、网络安全", "略", "大邑县气象局", "2024年8月"]
    blocks: list[Paragraph | Picture] = [Paragraph(n, text) for n, text in enumerate(texts, 1)]
    blocks.insert(place, Picture(seal=True))
    outline = read_outline(Document("a.pdf", "application/pdf", 1, tuple(blocks)), words_of(pack))
    assert [line.text for line in outline.closing] == texts[4:]
    assert not substance(pack.language).has(outline.root.children[-1])


def test_a_photographed_sheet_is_made_flat_and_keeps_its_places() -> None:
    sheet_, desk = np.full((1400, 1000, 3), 235, np.uint8), np.full((1600, 1200, 3), 90, np.uint8)
    sheet_[700:710, 100:900] = 20
    seen = np.array([[180, 120], [1050, 150], [1120, 1500], [90, 1460]], np.float32)
    flat = np.array([[0, 0], [1000, 0], [1000, 1400], [0, 1400]], np.float32)
    turn = cv2.getPerspectiveTransform(flat, seen)
    there = cv2.warpPerspective(np.ones_like(sheet_), turn, (1200, 1600)) > 0
    photograph = np.where(there, cv2.warpPerspective(sheet_, turn, (1200, 1600)), desk)
    found, back = flattened(photograph)
    assert found is not photograph
    rows, columns = np.nonzero(found[50:-50, 50:-50, 0] < 80)
    assert rows.max() - rows.min() < 20
    # The middle of the line lies where the photograph shows it.
    middle = back.point(columns.mean() + 50, rows.mean() + 50)
    [[shown]] = cv2.perspectiveTransform(np.array([[[500, 705]]], np.float32), turn).tolist()
    assert middle == pytest.approx(tuple(shown), abs=60)


def test_a_page_that_fills_its_picture_is_left_as_it_is() -> None:
    scan = np.asarray(rendered(dpi=100))
    assert flattened(scan)[0] is scan


def test_lines_of_a_table_in_a_cell_that_run_over_its_edge_leave_the_table_around_it_whole() -> None:
    """A form that goes on after a page break with a budget in its cell; scanned lines run a little long."""
    across = [Rule(at, 75.0, 525.0) for at in (90.0, 195.0, 240.0)]
    across += [Rule(at, 213.0, 503.0) for at in (132.0, 153.0, 174.0)]
    down = [Rule(at, 90.0, 241.0) for at in (75.0, 190.0, 525.0)]
    down += [Rule(at, 91.0, 196.4) for at in (213.0, 250.0, 316.0, 446.0, 503.0)]
    form, budget = find_grids(across, down)
    assert form.xs == pytest.approx((75.0, 190.0, 525.0))
    assert len(form.cells) == 4
    assert budget.xs == pytest.approx((213.0, 250.0, 316.0, 446.0, 503.0))


def test_pictures_are_pages_of_one_document_where_their_names_differ_in_a_number_alone() -> None:
    names = ["IMG_10.jpg", "IMG_9.jpg", "监理报告.jpg", "第2页.png", "第1页.png", "附件1.jpg", "附件2.jpg"]
    names += ["1用户报告.jpg", "2测评报告.jpg", "扫描1.jpg", "扫描1.png"]
    pages = [Page(name, Document(name, "image/jpeg", 1, (), scans=(object(),))) for name in names]
    assert runs(pages) == [[1, 0], [4, 3]]
    assert runs([replace(page, read=None) for page in pages]) == []
    assert runs([pages[0], replace(pages[1], read=None)]) == [[1, 0]]
    several = Document("IMG_9.jpg", "image/tiff", 2, (), scans=(object(), object()))
    assert runs([pages[0], Page("IMG_9.jpg", several)]) == []
    assert runs([pages[0], Page("IMG_9.pdf", None)]) == []


def page_picture(*texts: str, rows: tuple[tuple[str, ...], ...] = ()) -> bytes:
    """A page of paragraphs, with a table under them that fills it to its end."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4)
    for number, text in enumerate(texts):
        canvas.setFont("STSong-Light", 16)
        canvas.drawString(90, 760 - 40 * number, text)
    for number, row in enumerate(rows):
        for column, text in enumerate(row):
            left, low = 90 + 140 * column, 700 - 40 * (len(texts) + number)
            canvas.rect(left, low, 140, 40)
            canvas.drawString(left + 10, low + 14, text)
    canvas.save()
    [page] = pdfium.PdfDocument(buffer.getvalue())
    return saved(page.render(scale=150 / 72).to_pil().convert("RGB"), "JPEG", quality=80)


def test_what_goes_on_from_picture_to_picture_is_read_in_one_and_found_in_its_file() -> None:
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    first = page_picture(
        "智慧食堂项目需求方案",
        "一、资金估算",
        "总投资30万元。",
        rows=(("名称", "金额（万元）"), ("软件", "10")),
    )
    second = page_picture(rows=(("硬件", "20"), ("合计", "30")))
    third = page_picture("二、经费保障", "由区级财政安排30万元。", "三、建设依据")
    fourth = page_picture("依据《锦江区智慧城市规划》实施。")
    names = ["扫描1.jpg", "扫描2.jpg", "扫描9.jpg", "扫描10.jpg"]
    given = dict(zip(names, (first, second, third, fourth), strict=True))
    report = check(
        [Source(name, given[name]) for name in sorted(given)], document_class="proposal-construction"
    )
    assert [document.name for document in report.documents] == sorted(names)
    assert report.record["资金估算"]["分项合计"] == 300_000
    assert report.record["建设依据"]["有内容"]
    met = {c.requirement: c.locations[0] for c in report.checks if c.outcome == "met"}
    assert (met["经费保障"].document, met["经费保障"].page, met["经费保障"].paragraph) == ("扫描9.jpg", 1, 1)
    [finding] = [f for f in report.findings if "识别" in f.message]
    assert "《扫描1.jpg》等4张图片按编号顺序当作一份文件的各页审查" in finding.message
    assert [place.document for place in finding.locations] == names


def test_what_may_stand_on_a_picture_that_could_not_be_read_is_not_held_to_be_missing() -> None:
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    sources = [
        Source(
            "IMG_1.jpg",
            page_picture("智慧食堂项目需求方案", "一、建设依据", "依据规划实施。", "二、建设目标"),
        ),
        Source("IMG_2.jpg", b"\xff\xd8\xff torn"),
        Source("IMG_3.jpg", page_picture("三、建设内容", "建设食堂管理平台一套。")),
    ]
    report = check(sources, document_class="proposal-construction")
    assert report.conclusion == "deficient"
    assert {f.code for f in report.findings if f.severity == "error"} == {"document-unreadable"}
    assert {"建设目标", "资金估算"} <= {c.requirement for c in report.checks if c.outcome == "not-checked"}
    assert {"建设依据", "建设内容"} == {c.requirement for c in report.checks if c.outcome == "met"}
