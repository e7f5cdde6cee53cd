"""Word files, from the package to the report in all its forms."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random

import docx_files as word
from hostile_files import hostile_files

from fuzz.changes import in_zip, xml_changed
from fuzz.judging import judge

INSTRUMENTED = ["extractors", "validators", "reports", "worker"]
QUICK = 3_500

_CORPUS = Path(__file__).resolve().parents[2] / "corpus"
_SEEDS = 24
_LARGEST = 24_000


def seeds() -> Iterator[bytes]:
    yield _whole()
    files = sorted(_CORPUS.glob("*/*.docx"), key=lambda path: path.parent.name)
    files = [path for path in files if 2_000 < path.stat().st_size < _LARGEST]
    yield from (path.read_bytes() for path in files[:: max(1, len(files) // _SEEDS)])
    yield from (h.data for h in hostile_files() if h.name.endswith(".docx") and 100 < len(h.data) < _LARGEST)


def _whole() -> bytes:
    """Some of everything that the reader knows."""
    levels = "".join(
        f'<w:lvl w:ilvl="{n}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/>'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
        for n, (kind, text) in enumerate(
            [("chineseCounting", "%1、"), ("decimal", "%1.%2"), ("lowerRoman", "(%3)"), ("bullet", "•")]
        )
    )
    numbering = (
        f'<w:abstractNum w:abstractNumId="1">{levels}</w:abstractNum><w:num w:numId="1"><w:abstractNumId '
        'w:val="1"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="3"/></w:lvlOverride></w:num>'
    )
    styles = word.style("1", "heading 1", paragraph='<w:outlineLvl w:val="0"/>') + word.style(
        "c", "char", kind="character", run="<w:b/><w:vanish/>"
    )
    numbered = '<w:numPr><w:ilvl w:val="{}"/><w:numId w:val="1"/></w:numPr>'
    field = "".join(
        f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>{inner}'
        for kind, inner in (
            ("begin", "<w:r><w:instrText> DDEAUTO x </w:instrText></w:r>"),
            ("separate", word.r("三年")),
            ("end", ""),
        )
    )
    body = (
        word.p("项目需求方案（维护类）", '<w:jc w:val="center"/>', '<w:sz w:val="44"/>')
        + word.p("立项依据", '<w:pStyle w:val="1"/>' + numbered.format(0))
        + word.p("按照规定", numbered.format(1))
        + f"<w:p>{field}<w:del>{word.r('删')}</w:del><w:ins>{word.r('服务周期：三年')}</w:ins></w:p>"
        + "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>"
        + word.p("单击此处")
        + "</w:sdtContent></w:sdt>"
        + word.tbl(
            word.tr(word.tc(word.p("费用名称")), word.tc(word.p("金额（万元）"))),
            word.tr(word.tc(word.p("甲"), '<w:vMerge w:val="restart"/>'), word.tc(word.p("28.5"))),
            word.tr(
                word.tc(word.p(), "<w:vMerge/>"),
                word.tc(word.tbl(word.tr(word.tc(word.p("1")))) + word.p("2")),
            ),
            word.tr(word.tc(word.p("合计"), '<w:gridSpan w:val="2"/>'), word.tc(word.p("30.5"))),
        )
        + "<w:p><w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wps:txbx><w:txbxContent>"
        + word.p("框")
        + "</w:txbxContent></wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox>"
        + "<w:txbxContent>"
        + word.p("框")
        + "</w:txbxContent></v:textbox></w:pict></mc:Fallback></mc:AlternateContent>"
        + '<w:footnoteReference w:id="2"/><w:sym w:font="Wingdings" w:char="F0FE"/></w:r></w:p>'
    )
    note = f'<w:footnote w:id="2">{word.p("注")}</w:footnote>'
    return word.word_file(
        body,
        styles=styles,
        numbering=numbering,
        parts={
            "word/footnotes.xml": word.part("footnotes", note),
            "word/header1.xml": word.part("hdr", word.p("页眉")),
        },
        links=[
            ("footnotes", "footnotes.xml", False),
            ("header", "header1.xml", False),
            ("attachedTemplate", "http://x/", True),
        ],
    )


def mutated(data: bytes, random: Random) -> bytes:
    return in_zip(data, random, xml_changed)


def run(data: bytes) -> None:
    judge(data, "送审.docx")
