"""The whole way of a document, as a child process goes it: what it raises there hurts a clerk."""

from __future__ import annotations

import json
import zlib
from datetime import date

from extractors import formats
from extractors.document import Limits
from reports import render
from worker.pipeline import Source, check

LIMITS = Limits(
    max_bytes=1 << 20, max_unpacked_bytes=8 << 20, max_pages=30, max_parts=300, max_scanned_pages=0
)
_FORMS = ("text", "html", "docx")
_FEW = 4
"""Of so many reports one is rendered in all forms, which takes longer than to read the document."""
formats.EXTRACTORS = {
    kind: module for kind, module in formats.EXTRACTORS.items() if module not in ("extractors.office",)
}
"""Without LibreOffice, which knows nothing of our branches and takes a second."""


def judge(data: bytes, name: str) -> None:
    """Judge a file and render its report.

    Raises:
        AssertionError: it passes without having been read.
    """
    report = check([Source(name, data)], filed_on=date(2026, 3, 10), limits=LIMITS)
    assert json.dumps(report.to_dict(), ensure_ascii=False).encode("utf-8")
    assert report.conclusion != "pass" or report.document_class
    if zlib.crc32(data) % _FEW == 0:
        for form in _FORMS:
            render(report, form)
