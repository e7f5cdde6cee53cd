"""Active content: noticed, never run, never fetched."""

import pytest
from docx_files import p, r, read, relationships

from extractors.document import ActiveContent


def active(body: str = p("甲"), **options: object) -> tuple[ActiveContent, ...]:
    return read(body, **options).active


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("word/vbaProject.bin", "macro"),
        ("word/embeddings/oleObject1.bin", "embedded-program"),
        ("word/embeddings/setup.exe", "embedded-program"),
        ("word/activeX/activeX1.xml", "embedded-program"),
        ("xl/macrosheets/sheet1.xml", "macro"),
    ],
)
def test_programs_in_the_package(name: str, kind: str) -> None:
    assert active(parts={name: b"<x/>"}) == (ActiveContent(kind, name),)


@pytest.mark.parametrize(
    ("link", "kind"),
    [
        (("attachedTemplate", "http://evil.example/a.dotm", True), "external-template"),
        (("attachedTemplate", "file:///C:/a.dotm", True), "external-template"),
        (("oleObject", "http://evil.example/a", True), "external-link-data"),
        (("frame", "http://evil.example/a", True), "external-link-data"),
        (("subDocument", "file:///c:/a.docx", True), "external-link-data"),
        (("image", "\\\\host\\share\\a.png", True), "external-link-data"),
        (("aFChunk", "chunk.html", False), "embedded-document"),
    ],
)
def test_links_that_fetch(link: tuple[str, str, bool], kind: str) -> None:
    assert active(links=[link]) == (ActiveContent(kind, active(links=[link])[0].detail),)
    assert link[1].split("/")[-1] in active(links=[link])[0].detail


def test_a_template_of_the_settings_part_is_noticed() -> None:
    rels = relationships(("attachedTemplate", "https://evil.example/t.dotm", True))
    assert [a.kind for a in active(parts={"word/_rels/settings.xml.rels": rels})] == ["external-template"]


@pytest.mark.parametrize(
    "instruction", ["DDEAUTO c:\\cmd.exe", "dde excel a", 'INCLUDETEXT "http://e.example"']
)
def test_fields_that_fetch(instruction: str) -> None:
    parts = "".join(
        f"<w:r><w:instrText>{half}</w:instrText></w:r>" for half in (instruction[:2], instruction[2:])
    )
    begin, end = (f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "end"))
    expected = (ActiveContent("external-link-data", f"域代码 {instruction}"),)
    assert active(f"<w:p>{begin}{parts}{end}{r('甲')}</w:p>") == expected
    assert active(f"<w:p><w:fldSimple w:instr='{instruction}'>{r('甲')}</w:fldSimple></w:p>") == expected


@pytest.mark.parametrize(
    "options",
    [
        {"links": [("hyperlink", "https://www.gov.cn/", True)]},
        {"links": [("attachedTemplate", "Normal.dotm", False)]},
        {"links": [("image", "NULL", True)]},
        {"parts": {"word/embeddings/Microsoft_Excel_Sheet1.xlsx": b"PK"}},
        {"parts": {"word/media/image1.png": b"x"}},
    ],
)
def test_ordinary_links_and_parts_are_not_active(options: dict[str, object]) -> None:
    assert active(**options) == ()
