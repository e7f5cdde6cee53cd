"""Footnotes of a printed page are none of its text; what only looks like one stays."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from docx_files import p, part, r, style, word_file
from reportlab.pdfgen.canvas import Canvas
from test_pdf import FONT, FULL, HEIGHT, LEFT, STEP, grid, lines, made, read

from extractors.document import Paragraph, Role, Table

NOTE_TOP = 730
"""Where notes begin, from the page's top, in points."""
NOTE = "建设依据见区政府会议纪要。"


def leading(canvas: Canvas, mark: str, top: float = 122, size: float = 6.5, rise: float = 5) -> None:
    """A line with a raised mark in it."""
    lines(canvas, "现状不能满足要求", top=top)
    canvas.setFont(FONT, size)
    canvas.drawString(LEFT + 8 * 10.5, HEIGHT - top + rise, mark)
    canvas.setFont(FONT, 10.5)
    canvas.drawString(LEFT + 8 * 10.5 + 5, HEIGHT - top, "，需要改造。")


def printed(
    *notes: str,
    size: float = 8,
    mark: str = "1",
    ruled: bool = False,
    top: float = NOTE_TOP,
    draw: Callable[[Canvas], None] = lambda _: None,
    raised: float = 5,
    width: float = 140,
    mark_size: float = 6.5,
) -> list[tuple[str, Role]]:
    """Paragraphs and their roles of two pages of text, the first with notes."""

    def page(canvas: Canvas) -> None:
        lines(canvas, "一、项目概述")
        leading(canvas, mark, size=mark_size, rise=raised)
        lines(canvas, *[FULL] * 3, top=NOTE_TOP - 3 * STEP)
        if ruled:
            canvas.line(LEFT, HEIGHT - top + 14, LEFT + width, HEIGHT - top + 14)
        draw(canvas)
        for index, note in enumerate(notes):
            lines(canvas, note, top=top + 12 * index, size=size)
        canvas.showPage()
        lines(canvas, "并且不再另行建设。", "二、建设目标", "达到90%以上。", *[FULL] * 4)

    return [(b.text, b.role) for b in read(made(page)) if isinstance(b, Paragraph)]


def notes_of(found: list[tuple[str, Role]]) -> list[str]:
    return [text for text, role in found if role is Role.NOTE]


GOES_ON = (FULL * 3 + "并且不再另行建设。", Role.BODY)


@pytest.mark.parametrize(
    ("mark", "note"),
    [("1", f"1{NOTE}"), ("1", f"1 {NOTE}"), ("①", f"①{NOTE}"), ("[1]", f"[1]{NOTE}"), ("*", f"* {NOTE}")],
)
def test_small_type_at_the_foot_under_a_mark_of_the_text_is_a_note(mark: str, note: str) -> None:
    found = printed(note, mark=mark)
    assert notes_of(found) == [note]
    assert GOES_ON in found


def test_a_short_rule_sets_notes_apart_that_are_as_large_as_the_text() -> None:
    assert notes_of(printed(f"1{NOTE}", size=10.5, ruled=True)) == [f"1{NOTE}"]


def test_several_notes_of_several_lines_are_each_a_paragraph() -> None:
    found = printed(f"1 {NOTE}", "此处从略。", "2 另行编制。")
    assert notes_of(found) == [f"1 {NOTE}此处从略。", "2 另行编制。"]
    assert GOES_ON in found


def underlined(canvas: Canvas) -> None:
    canvas.line(LEFT, HEIGHT - (NOTE_TOP - STEP) - 1, LEFT + 60, HEIGHT - (NOTE_TOP - STEP) - 1)


KEPT: dict[str, dict[str, object]] = {
    "no mark leads to it": {"mark": "2"},
    "the figure in the text is not raised": {"raised": 0},
    "the figure in the text is as large as it": {"mark_size": 10.5},
    "neither smaller nor ruled off": {"size": 10.5},
    "larger than the text": {"size": 12, "ruled": True},
    "a rule across the page": {"size": 10.5, "ruled": True, "width": 440},
    "an underlined word above it": {"size": 10.5, "draw": underlined},
    "not at the foot": {"top": 600},
    "a list": {"note": f"1.{NOTE}"},
    "a numbered heading": {"note": "1、建设依据"},
    "a decimal": {"note": "1.1 建设依据"},
    "a share": {"note": "1%由区级承担。"},
    "a larger number": {"note": f"12{NOTE}"},
    "no mark at its beginning": {"note": NOTE},
    "a paragraph of the text below it": {"draw": lambda canvas: lines(canvas, "本页完。", top=750)},
}


@pytest.mark.parametrize("what", KEPT)
def test_what_only_looks_like_a_note_stays(what: str) -> None:
    options = {"note": f"1{NOTE}", **KEPT[what]}
    note = str(options.pop("note"))
    found = printed(note, **options)  # type: ignore[arg-type]
    assert notes_of(found) == []
    assert any(note in text and role is Role.BODY for text, role in found)


def test_small_print_higher_up_stays() -> None:
    """Where the text ends early, or half the page is in small print, or a table stands below."""

    def early(canvas: Canvas) -> None:
        leading(canvas, "1")
        lines(canvas, *[FULL] * 20, top=150)
        lines(canvas, f"1{NOTE}", top=612, size=8)

    def half(canvas: Canvas) -> None:
        leading(canvas, "1")
        lines(canvas, *[FULL] * 5, top=150)
        lines(canvas, f"1{NOTE}", *["（一）另行编制。"] * 21, top=280, size=8)

    def tabled(canvas: Canvas) -> None:
        leading(canvas, "1")
        lines(canvas, *[FULL] * 20, top=150)
        lines(canvas, f"1{NOTE}", top=612, size=8)
        grid(canvas, [["甲", "乙"], ["丙", "丁"]], top=640)
        lines(canvas, "单位：万元", top=720, size=8)

    for draw in (early, half, tabled):
        found = [b for b in read(made(lambda canvas, draw=draw: draw(canvas))) if isinstance(b, Paragraph)]
        assert all(b.role is not Role.NOTE for b in found)
        assert any(b.text.startswith(f"1{NOTE}") for b in found)


def test_small_print_in_and_under_a_table_stays() -> None:
    def page(canvas: Canvas) -> None:
        leading(canvas, "1")
        lines(canvas, *[FULL] * 10, top=150)
        grid(canvas, [["1建设依据", "甲"], ["1软件", "20万元"]], top=NOTE_TOP - 10)

    blocks = read(made(page))
    assert all(block.role is not Role.NOTE for block in blocks if isinstance(block, Paragraph))
    [table] = [block for block in blocks if isinstance(block, Table)]
    assert [cell.text for row in table.rows for cell in row] == ["1建设依据", "甲", "1软件", "20万元"]


SEPARATORS = "".join(
    f'<w:footnote w:type="{kind}" w:id="{number}"><w:p><w:r><w:{kind}/></w:r></w:p></w:footnote>'
    for number, kind in ((-1, "separator"), (0, "continuationSeparator"))
)
SUPERSCRIPT = '<w:rPr><w:vertAlign w:val="superscript"/></w:rPr>'


def footnote(number: int, text: str) -> str:
    return (
        f'<w:footnote w:id="{number}"><w:p><w:pPr><w:pStyle w:val="Note"/></w:pPr>'
        f"<w:r>{SUPERSCRIPT}<w:footnoteRef/></w:r>{r(f' {text}')}</w:p></w:footnote>"
    )


def reference(number: int) -> str:
    return f'<w:r>{SUPERSCRIPT}<w:footnoteReference w:id="{number}"/></w:r>'


@pytest.mark.needs("soffice")
@pytest.mark.parametrize("size", [18, 24])
def test_notes_are_told_as_in_the_word_file_that_was_printed(size: int, tmp_path: Path) -> None:
    """With notes in smaller type, and as large as the text, where the rule above tells them."""
    long = f"{FULL}，" * 16 + "各方均已知悉。"
    notes = (f"{NOTE}{FULL}，{FULL}。", "建设目标另行编制。")
    body = (
        p("一、项目概述")
        + f"<w:p>{r('现状不能满足要求')}{reference(1)}{r('，需要改造')}{reference(2)}{r('。')}</w:p>"
        + "".join(p(long) for _ in range(3))
    )
    data = word_file(
        body,
        styles=style("Normal", "Normal", default=True, run='<w:sz w:val="24"/>')
        + style("Note", "footnote text", run=f'<w:sz w:val="{size}"/>'),
        parts={
            "word/footnotes.xml": part(
                "footnotes", SEPARATORS + "".join(footnote(n, t) for n, t in enumerate(notes, 1))
            )
        },
        links=[("footnotes", "footnotes.xml", False)],
    )
    (tmp_path / "a.docx").write_bytes(data)
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = ["soffice", "--headless", profile, "--convert-to", "pdf", "--outdir", tmp_path]
    subprocess.run([*command, tmp_path / "a.docx"], check=True, capture_output=True, timeout=120)
    found = [b for b in read((tmp_path / "a.pdf").read_bytes()) if isinstance(b, Paragraph)]
    told = [b.text for b in found if b.role is Role.BODY]
    assert told == ["一、项目概述", "现状不能满足要求，需要改造。", long, long, long]
    assert [b.text for b in found if b.role is Role.NOTE] == [f"{n}{t}" for n, t in enumerate(notes, 1)]
