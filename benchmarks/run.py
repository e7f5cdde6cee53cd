"""Times the whole check against its floor and against pipelines one would knock together, in one run.

    ./run-tests --version            # once: prepares the environment
    .venv/bin/python benchmarks/run.py --pages 10 50 200

Rows are medians of interleaved runs; the ratio to the floor is what may be compared between machines.
"""

from __future__ import annotations

import argparse
import importlib.util
import io
import resource
import statistics
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

SECTIONS = (
    "建设原则 总体架构 平台兼容 资源集约利用和信息共享 国产密码应用 信创国产化 "
    "设计方案 实施计划 项目预算 网络安全"
)
PROSE = (
    "本部分按照统一规划、分步实施的原则编制，充分利用区级共性支撑平台已有能力，数据按目录共享，接口遵循统一规范，"
    * 3
)
PARAGRAPHS_A_PAGE, SLOW_UP_TO = 7, 50


def outline(pages: int) -> list[tuple[str, list[str]]]:
    """Titles and paragraphs of a construction plan of about so many pages."""
    each = max(1, pages * PARAGRAPHS_A_PAGE // len(SECTIONS.split()))
    numbers = "一二三四五六七八九十"
    return [(f"{numbers[i]}、{t}", [PROSE] * each) for i, t in enumerate(SECTIONS.split())]


def budget(pages: int) -> list[list[str]]:
    """A budget table that grows with the document."""
    rows = [[str(n), f"分项{n}", "含安装调试", "2.5"] for n in range(1, 4 + pages // 5)]
    return [["序号", "费用名称", "主要内容", "金额(万元)"], *rows, ["", "合计", "", str(2.5 * len(rows))]]


def make_docx(pages: int, path: Path) -> None:
    """A Word document with heading styles."""
    import docx

    document = docx.Document()
    document.add_paragraph("锦江区智慧示范系统建设方案")
    for title, texts in outline(pages):
        document.add_heading(title, 1)
        for text in texts:
            document.add_paragraph(text)
        if "预算" in title:
            rows = budget(pages)
            table = document.add_table(rows=0, cols=4)
            for row in rows:
                for cell, text in zip(table.add_row().cells, row, strict=True):
                    cell.text = text
    document.save(str(path))


def make_pdf(pages: int, path: Path) -> None:
    """A PDF with typed headings and ruled tables."""
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.platypus import Paragraph, SimpleDocTemplate, Table

    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    head = ParagraphStyle("h", fontName="STSong-Light", fontSize=14, leading=24, wordWrap="CJK")
    text = ParagraphStyle("p", head, fontSize=10.5, leading=18, firstLineIndent=21)
    story: list[object] = [Paragraph("锦江区智慧示范系统建设方案", head)]
    for title, paragraphs in outline(pages):
        story.append(Paragraph(title, head))
        story += [Paragraph(p, text) for p in paragraphs]
        if "预算" in title:
            style = [("GRID", (0, 0), (-1, -1), 0.5, "black"), ("FONT", (0, 0), (-1, -1), "STSong-Light")]
            story.append(Table(budget(pages), style=style, repeatRows=1))
    SimpleDocTemplate(str(path)).build(story)


def floor_docx(data: bytes) -> None:
    """Unzip and parse the main part."""
    from lxml import etree

    etree.fromstring(zipfile.ZipFile(io.BytesIO(data)).read("word/document.xml"))


def floor_pdf(data: bytes) -> None:
    """The text of every page."""
    import pypdfium2

    document = pypdfium2.PdfDocument(data)
    for page in document:
        page.get_textpage().get_text_range()
        page.close()
    document.close()


def whole_check(name: str) -> Callable[[bytes], None]:
    """Our whole check, bytes to report."""
    from worker.pipeline import Source, check

    return lambda data: check([Source(name, data)]) and None


def keywords(text: str) -> None:
    """What a knocked-together pipeline does with its text."""
    import jsonschema

    record = {title: title in text for title in SECTIONS.split()}
    schema = {"properties": {title: {"const": True} for title in record}}
    jsonschema.Draft202012Validator(schema).is_valid(record)


def python_docx_pipeline(data: bytes) -> None:
    """python-docx text, keyword search, jsonschema."""
    import docx

    keywords("\n".join(p.text for p in docx.Document(io.BytesIO(data)).paragraphs))


def pdfplumber_pipeline(data: bytes) -> None:
    """pdfplumber text, keyword search, jsonschema."""
    import pdfplumber

    with pdfplumber.open(io.BytesIO(data)) as document:
        texts = []
        for page in document.pages:
            texts.append(page.extract_text())
            page.close()
    keywords("\n".join(texts))


def markitdown_pipeline(suffix: str) -> Callable[[bytes], None]:
    """The markitdown text of a file, keyword search, jsonschema."""
    import markitdown

    reader = markitdown.MarkItDown()
    return lambda data: keywords(reader.convert_stream(io.BytesIO(data), file_extension=suffix).text_content)


def contestants(kind: str, pages: int) -> dict[str, Callable[[bytes], None]]:
    """What is timed on documents of a kind, by name; the floor first."""
    found: dict[str, Callable[[bytes], None]] = {"floor": floor_docx if kind == "docx" else floor_pdf}
    found["yushen"] = whole_check(f"方案.{kind}")
    if kind == "docx":
        found["python-docx text"] = python_docx_pipeline
    elif pages <= SLOW_UP_TO and importlib.util.find_spec("pdfplumber"):
        found["pdfplumber text"] = pdfplumber_pipeline
    if pages <= SLOW_UP_TO and importlib.util.find_spec("markitdown"):
        found["markitdown"] = markitdown_pipeline(f".{kind}")
    return found


def seconds(call: Callable[[bytes], None], data: bytes) -> float:
    """How long one call takes."""
    start = time.perf_counter()
    call(data)
    return time.perf_counter() - start


def peak_mib(path: Path) -> float:
    """Peak memory of a process of its own that checks the file once, in MiB."""
    code = (
        "import sys,resource;sys.path.insert(0,sys.argv[1]);from worker.pipeline import Source,check;"
        "check([Source(sys.argv[2],open(sys.argv[2],'rb').read())]);"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(ROOT), str(path)], capture_output=True, text=True, check=True
    )
    return int(done.stdout) / (1024 if resource.getpagesize() else 1)


def measure(kind: str, pages: int, runs: int, folder: Path) -> None:
    """Print the rows for one kind and size."""
    path = folder / f"{pages}.{kind}"
    (make_docx if kind == "docx" else make_pdf)(pages, path)
    data = path.read_bytes()
    calls = contestants(kind, pages)
    times: dict[str, list[float]] = {name: [] for name in calls}
    for call in calls.values():
        call(data)
    for _ in range(runs):
        for name, call in calls.items():
            times[name].append(seconds(call, data))
    medians = {name: statistics.median(each) for name, each in times.items()}
    for name, median in medians.items():
        memory = f"{peak_mib(path):8.0f} MiB" if name == "yushen" else ""
        print(f"{kind:5}{pages:6}  {name:18}{median:9.3f} s {median / medians['floor']:7.1f} x {memory}")


def main() -> None:
    """Measure what the options ask for."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--pages", type=int, nargs="+", default=[10, 50, 200, 1000])
    options.add_argument("--runs", type=int, default=5)
    chosen = options.parse_args()
    left_out = [n for n in ("pdfplumber", "markitdown", "docling") if not importlib.util.find_spec(n)]
    if left_out:
        print(f"left out because not installed: {', '.join(left_out)}")
    print(f"pipelines slower than ours by far are timed up to {SLOW_UP_TO} pages")
    with TemporaryDirectory() as folder:
        for kind in ("docx", "pdf"):
            for pages in chosen.pages:
                measure(kind, pages, chosen.runs, Path(folder))


if __name__ == "__main__":
    main()
