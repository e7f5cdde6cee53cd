"""What was filled into form fields or typed onto pages: it stands in annotations, not in the page."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from extractors.pdf.page import ASCENT, Frame, Piece
from extractors.text import fold

MOST_ANNOTATIONS = 5_000
"""Annotations of one page that are looked at."""
_LONGEST = 20_000
_FORMS = {raw.FORMTYPE_ACRO_FORM}
"""Kinds of forms whose fields pdfium reads; XFA forms need an XFA processor."""
_HIDDEN = raw.FPDF_ANNOT_FLAG_HIDDEN | raw.FPDF_ANNOT_FLAG_NOVIEW
_LARGEST = 12.0
_PITCH = 1.2
_PADDING = 2.0
_BUTTONS = {
    raw.FPDF_FORMFIELD_PUSHBUTTON,
    raw.FPDF_FORMFIELD_CHECKBOX,
    raw.FPDF_FORMFIELD_RADIOBUTTON,
    raw.FPDF_FORMFIELD_SIGNATURE,
}


def open_form(document: pdfium.PdfDocument) -> Any:
    """The document's form, None where it has none; it is closed with the document and runs no script."""
    if document.get_formtype() not in _FORMS:
        return None
    try:
        document.init_forms()
    except pdfium.PdfiumError:
        return None
    return document.formenv.raw if document.formenv else None


def read_fields(page: Any, form: Any, frame: Frame) -> Iterator[Piece]:
    """The values of visible fields and the texts typed onto the page, where they stand."""
    for index in range(min(raw.FPDFPage_GetAnnotCount(page), MOST_ANNOTATIONS)):
        annotation = raw.FPDFPage_GetAnnot(page, index)
        if not annotation:
            continue
        try:
            text = _text(annotation, form)
            if text and not raw.FPDFAnnot_GetFlags(annotation) & _HIDDEN:
                yield from _pieces(text, annotation, frame)
        finally:
            raw.FPDFPage_CloseAnnot(annotation)


def _text(annotation: Any, form: Any) -> str:
    kind = raw.FPDFAnnot_GetSubtype(annotation)
    if kind == raw.FPDF_ANNOT_FREETEXT:
        return _string(lambda room, size: raw.FPDFAnnot_GetStringValue(annotation, b"Contents", room, size))
    if kind == raw.FPDF_ANNOT_WIDGET and form:
        if raw.FPDFAnnot_GetFormFieldType(form, annotation) in _BUTTONS:
            return ""
        return _string(lambda room, size: raw.FPDFAnnot_GetFormFieldValue(form, annotation, room, size))
    return ""


def _string(call: Callable[[Any, int], int]) -> str:
    size = min(call(None, 0), 2 * _LONGEST)
    if size <= 2:
        return ""
    room = (ctypes.c_ushort * (size // 2 + 1))()
    call(room, size)
    return (
        fold(bytes(room)[: size - 2].decode("utf-16-le", "replace")).replace("\r\n", "\n").replace("\r", "\n")
    )


def _pieces(text: str, annotation: Any, frame: Frame) -> Iterator[Piece]:
    """A piece for each line of the text, from the upper edge of its rectangle on."""
    box = raw.FS_RECTF()
    if not raw.FPDFAnnot_GetRect(annotation, box):
        return
    x0, top, x1, bottom = frame.to_frame.box((box.left, box.bottom, box.right, box.top))
    lines = text.split("\n")
    size = min(_LARGEST, (bottom - top) / (_PITCH * len(lines)))
    if size < 1 or x1 <= x0:
        return
    for number, line in enumerate(lines):
        if line.strip():
            baseline = top + (number * _PITCH + ASCENT) * size
            start = x0 + _PADDING
            end = min(x1 - _PADDING, start + size * len(line.strip()))
            yield Piece(line.strip(), start, max(start + 1, end), baseline, size)
