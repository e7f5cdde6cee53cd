"""PDFs, from the cross-reference table to the report in all its forms; without text recognition."""

from __future__ import annotations

import io
from collections.abc import Iterator
from random import Random

from hostile_files import hostile_files
from reportlab.lib import colors, pagesizes
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.pdfmetrics import registerFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Table

from fuzz.changes import pdf_changed
from fuzz.judging import judge

INSTRUMENTED = ["extractors", "validators", "reports", "worker"]
QUICK = 3_000

NATIVE = True

_LARGEST = 24_000
_ENDLESS = "表单自套.pdf"
"""Ends the process, as ``tests/test_hostile.py`` has it: no seed."""
_FONT = "STSong-Light"


def seeds() -> Iterator[bytes]:
    registerFont(UnicodeCIDFont(_FONT))
    yield _written()
    yield _written(turned=True)
    yield _outlined()
    hostile = (h for h in hostile_files() if h.name.endswith(".pdf") and h.name != _ENDLESS)
    yield from (h.data for h in hostile if 100 < len(h.data) < _LARGEST)


def _written(*, turned: bool = False) -> bytes:
    with io.BytesIO() as out:
        canvas = Canvas(out, pagesize=pagesizes.A4, pageCompression=0, invariant=True)
        for number in (1, 2):
            canvas.setFont(_FONT, 18)
            canvas.drawCentredString(297, 780, "项目需求方案（维护类）")
            canvas.setFont(_FONT, 12)
            canvas.drawString(72, 740, "一、立项依据")
            canvas.drawString(90, 720, "根据规定，服务周期为三年，资金估算28.5万元。")
            canvas.drawRightString(520, 40, f"第 {number} 页")
            table = Table([["费用名称", "金额（万元）"], ["甲", "28.5"], ["合计", "28.5"]])
            table.setStyle(
                [("FONT", (0, 0), (-1, -1), _FONT, 10), ("GRID", (0, 0), (-1, -1), 0.5, colors.black)]
            )
            table.wrapOn(canvas, 400, 200)
            table.drawOn(canvas, 90, 600)
            if turned:
                canvas.setPageRotation(90)
                canvas.rotate(90)
                canvas.drawString(100, -100, "二、服务周期：2年+1年")
            canvas.showPage()
        canvas.save()
        return out.getvalue()


def _outlined() -> bytes:
    """Form fields, drawings in drawings, text that is not drawn, an outline."""
    with io.BytesIO() as out:
        canvas = Canvas(out, pagesize=pagesizes.A4, pageCompression=0, invariant=True)
        canvas.beginForm("stamp")
        canvas.setFillColorRGB(1, 0, 0)
        canvas.rect(10, 10, 100, 50, fill=1)
        canvas.endForm()
        canvas.bookmarkPage("a")
        canvas.addOutlineEntry("一、立项依据", "a")
        canvas.doForm("stamp")
        canvas.acroForm.textfield(name="f", value="36", x=100, y=500, width=100, height=20)
        canvas.acroForm.checkbox(name="c", checked=True, x=100, y=450)
        text = canvas.beginText(72, 700)
        text.setFont(_FONT, 12)
        text.setTextRenderMode(3)
        text.textLine("看不见的文字")
        canvas.drawText(text)
        canvas.showPage()
        canvas.save()
        return out.getvalue()


def mutated(data: bytes, random: Random) -> bytes:
    return pdf_changed(data, random)


def run(data: bytes) -> None:
    judge(data, "送审.pdf")
