"""One contestant in a process of its own: bytes in, a verdict out, over and over.

    python contestants.py NAME KIND        then paths on stdin, a line each

Answers each path with a line of JSON: the CPU seconds that its one pass took (reading the file and loading
the libraries left out) and the process's peak memory so far, in MiB.  ``run.py`` drives it.

A tree of many small pieces that is let go of leaves the C library to put them together, half as much work
again as parsing was, and it does so when it is next asked for a larger piece.  So each pass ends by asking
for one: who made the pieces pays, and not whatever happens to come next.
"""

from __future__ import annotations

import io
import json
import resource
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

from word_files import SECTIONS

Pass = Callable[[bytes], object]

_LARGE = 64 * 1024
"""Bytes of a piece that the C library takes from its large ones."""


def keywords(text: str) -> bool:
    """What a knocked-together pipeline does with its text: search the words, judge by a schema."""
    import jsonschema

    record = {title: title in text for title in SECTIONS}
    schema = {"properties": {title: {"const": True} for title in record}}
    return bool(jsonschema.Draft202012Validator(schema).is_valid(record))


def floor(kind: str) -> Pass:
    """The least that any reader must do: unzip and parse the main part; the text of every page."""
    if kind == "docx":
        from lxml import etree

        return lambda data: etree.fromstring(zipfile.ZipFile(io.BytesIO(data)).read("word/document.xml"))

    import pypdfium2

    def pages(data: bytes) -> None:
        document = pypdfium2.PdfDocument(data)
        for page in document:
            page.get_textpage().get_text_range()
            page.close()
        document.close()

    return pages


def yushen(kind: str) -> Pass:
    """Our whole check, bytes to report."""
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    from worker.pipeline import Source, check

    return lambda data: check([Source(f"方案.{kind}", data)])


def python_docx(kind: str) -> Pass:
    """The text of python-docx's paragraphs, which leaves tables and content controls out."""
    import docx

    return lambda data: keywords("\n".join(p.text for p in docx.Document(io.BytesIO(data)).paragraphs))


def pdfplumber(kind: str) -> Pass:
    """The text of pdfplumber, each page closed after use."""
    import pdfplumber as library

    def pages(data: bytes) -> bool:
        with library.open(io.BytesIO(data)) as document:
            texts = []
            for page in document.pages:
                texts.append(page.extract_text())
                page.close()
        return keywords("\n".join(texts))

    return pages


def markitdown(kind: str) -> Pass:
    """The Markdown of markitdown."""
    import markitdown as library

    reader = library.MarkItDown()
    return lambda data: keywords(
        reader.convert_stream(io.BytesIO(data), file_extension=f".{kind}").text_content
    )


def docling(kind: str) -> Pass:
    """The Markdown of docling, which reads Word documents without its models."""
    from docling.datamodel.base_models import DocumentStream, InputFormat
    from docling.document_converter import DocumentConverter

    reader = DocumentConverter(allowed_formats=[InputFormat.DOCX])
    return lambda data: keywords(
        reader.convert(
            DocumentStream(name=f"a.{kind}", stream=io.BytesIO(data))
        ).document.export_to_markdown()
    )


def rapidocr(kind: str) -> Pass:
    """RapidOCR alone, set as ours is, on pictures that are there already."""
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    import numpy
    from rapidocr import RapidOCR

    from extractors.ocr.engine import SETTINGS

    engine = RapidOCR(params=dict(SETTINGS))
    return lambda data: [engine(picture) for picture in numpy.load(io.BytesIO(data))]


OURS: dict[str, tuple[Callable[[str], Pass], tuple[str, ...]]] = {
    "floor": (floor, ("docx", "pdf")),
    "yushen": (yushen, ("docx", "pdf")),
    "python-docx": (python_docx, ("docx",)),
    "rapidocr": (rapidocr, ("npy",)),
}
"""What runs in our own environment, and on which kinds of file."""
OTHERS: dict[str, tuple[Callable[[str], Pass], tuple[str, ...]]] = {
    "pdfplumber": (pdfplumber, ("pdf",)),
    "markitdown": (markitdown, ("docx", "pdf")),
    "docling": (docling, ("docx",)),
}
"""What is installed in an environment of its own."""


def main() -> None:
    """Answer every line of stdin."""
    name, kind = sys.argv[1:]
    make, _ = (OURS | OTHERS)[name]
    one_pass = make(kind)
    print(json.dumps({"ready": True}), flush=True)
    for line in sys.stdin:
        data = Path(line.rstrip("\n")).read_bytes()
        start = time.process_time()
        one_pass(data)
        bytearray(_LARGE)
        seconds = time.process_time() - start
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(json.dumps({"seconds": seconds, "peak": peak}), flush=True)


if __name__ == "__main__":
    main()
