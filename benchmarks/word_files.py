"""Construction plans as Word and WPS write them: what the check of a Word document is timed on.

Modelled on counts of real Chinese office files, which hold about 17 paragraphs a page, table cells included,
and for each paragraph 850 to 1,000 bytes of XML, 1.6 to 2.6 runs and 10 to 40 characters: rsid attributes,
East Asian fonts and sizes on every run, runs torn by spelling marks, bookmarks, automatic numbering, tables
of several columns with cell properties, a contents field, header and footer.  No two paragraphs are alike,
so that nothing is gained by remembering texts.
"""

from __future__ import annotations

import random
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

SECTIONS = (
    "建设原则", "总体架构", "平台兼容", "资源集约利用和信息共享", "国产密码应用",
    "信创国产化", "设计方案", "实施计划", "项目预算", "网络安全",
)  # fmt: skip

_SUBJECTS = (
    "区级共性支撑平台", "数据资源目录", "业务受理子系统", "统一身份认证服务", "视频汇聚节点",
    "街道网格终端", "消息总线", "运行监测大屏", "接口网关", "指标分析模型", "历史档案数据",
    "移动端应用", "值班调度席位", "日志审计组件",
)  # fmt: skip
_VERBS = (
    "按照统一规范接入", "每日汇总并校核", "在政务云资源池内部署", "由建设单位会同承建单位验证",
    "保留完整的操作记录", "提供可配置的查询与导出", "与上级平台保持字段一致",
    "支持不少于两种浏览器访问", "在故障后自动切换", "按月生成分析",
)  # fmt: skip
_ENDS = (
    "，确保数据口径一致。", "，满足日常办理的需要；", "，并向使用人员开展培训。", "，避免重复投入。",
    "，结果在平台内留痕。", "，材料随项目归档。", "，响应时间不超过3秒。", "，覆盖16个街道和32个部门。",
    "，预计2026年6月完成。",
)  # fmt: skip
_HEADINGS = (
    "现状与需求", "功能组成", "数据流程", "接口要求", "部署方式", "质量保证", "进度安排", "人员配置",
    "风险应对",
)  # fmt: skip

_HEADS = ("序号", "名称", "主要功能", "数量", "备注")
_COLUMNS = len(_HEADS)
_TEXT, _CELL, _PLAIN = 28, 21, 0
"""Sizes in half-points; headings state none."""

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MICROSOFT = "http://schemas.microsoft.com/office/word"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_NAMESPACES = " ".join((
    f'xmlns:w="{_W}" xmlns:r="{_R}"',
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"',
    'xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:v="urn:schemas-microsoft-com:vml"',
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"',
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"',
    f'xmlns:w14="{_MICROSOFT}/2010/wordml" xmlns:w15="{_MICROSOFT}/2012/wordml"',
    f'xmlns:wps="{_MICROSOFT}/2010/wordprocessingShape" mc:Ignorable="w14 w15"',
))  # fmt: skip
_FONT = (
    '<w:rFonts w:ascii="仿宋_GB2312" w:eastAsia="仿宋_GB2312" w:hAnsi="仿宋" w:cs="仿宋_GB2312" '
    'w:hint="eastAsia"/>'
)
_HINT = '<w:rFonts w:hint="eastAsia"/>'
_CENTRED = '<w:jc w:val="center"/>'
_INDENTED = '<w:ind w:firstLineChars="200" w:firstLine="560"/>'


def write_word(pages: int, path: Path, edition: int = 0) -> None:
    """Write a construction plan of about so many pages; every edition of it says other things."""
    maker = _Maker(random.Random(f"{pages} {edition}"))
    parts = {
        "[Content_Types].xml": _content_types(),
        "_rels/.rels": _links(("officeDocument", "word/document.xml")),
        "word/_rels/document.xml.rels": _links(
            ("styles", "styles.xml"), ("numbering", "numbering.xml"), ("header", "header1.xml"),
            ("footer", "footer1.xml"),
        ),
        "word/document.xml": _part("document", f"<w:body>{''.join(maker.body(pages))}</w:body>"),
        "word/styles.xml": _part("styles", _styles()),
        "word/numbering.xml": _part("numbering", _numbering()),
        "word/header1.xml": _part("hdr", maker.paragraph(("锦江区智慧示范系统建设方案",), "Header")),
        "word/footer1.xml": _part("ftr", maker.paragraph(("第", "1", "页"), "Footer")),
    }  # fmt: skip
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)


class _Maker:
    """Writes the body; what varies comes from one generator of numbers."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._bookmarks = 0

    def body(self, pages: int) -> Iterator[str]:
        yield self.paragraph(("锦江区智慧示范系统", "建设方案"), properties=_CENTRED, size=44)
        yield self.paragraph(("锦江区", "大数据中心"), properties=_CENTRED, size=32)
        yield self._contents(pages)
        each = max(1, pages // len(SECTIONS))
        for title in SECTIONS:
            yield self._heading(title, 1)
            for page in range(each):
                yield from self._page(page)
            if "预算" in title:
                yield self._table(budget(pages))
        yield (
            '<w:sectPr w:rsidR="00A77B3E"><w:headerReference w:type="default" r:id="rId3"/>'
            '<w:footerReference w:type="default" r:id="rId4"/><w:pgSz w:w="11906" w:h="16838"/>'
            '<w:pgMar w:top="1440" w:right="1800" w:bottom="1440" w:left="1800"/><w:cols w:space="425"/>'
            '<w:docGrid w:type="lines" w:linePitch="312"/></w:sectPr>'
        )

    def paragraph(
        self,
        runs: Sequence[str],
        style: str = "",
        *,
        properties: str = "",
        around: tuple[str, str] = ("", ""),
        size: int = _TEXT,
    ) -> str:
        """A paragraph with all that Word adds to it."""
        sized = f'{_FONT}<w:sz w:val="{size}"/><w:szCs w:val="{size}"/>'
        look = f"<w:rPr>{sized if size else _HINT}</w:rPr>"
        named = f'<w:pStyle w:val="{style}"/>' if style else ""
        spacing = '<w:spacing w:line="560" w:lineRule="exact"/>' if size == _TEXT else ""
        torn = '<w:proofErr w:type="gramStart"/>' if len(runs) > 2 else ""
        content = torn.join(self._run(text, look) for text in runs)
        rsids = f'w:rsidR="{self._rsid()}" w:rsidRDefault="{self._rsid()}" w:rsidP="{self._rsid()}"'
        return (
            f'<w:p w14:paraId="{self._chance.getrandbits(31):08X}" w14:textId="77777777" {rsids}>'
            f"<w:pPr>{named}{spacing}{properties}{look}</w:pPr>{around[0]}{content}{around[1]}</w:p>"
        )

    def _run(self, text: str, look: str) -> str:
        return f'<w:r w:rsidR="{self._rsid()}" w:rsidRPr="{self._rsid()}">{look}<w:t>{text}</w:t></w:r>'

    def _rsid(self) -> str:
        return f"00{self._chance.getrandbits(24):06X}"

    def _page(self, page: int) -> Iterator[str]:
        """A page: every third one holds a table, every second one a list."""
        yield self._heading(f"{self._chance.choice(_HEADINGS)}（{page + 1}）", 2)
        tabled, listed = page % 3 == 1, page % 2 == 0
        for _ in range(3 if tabled else 6):
            yield self.paragraph(self._prose(3), properties=_INDENTED)
        if listed:
            for _ in range(5):
                yield self.paragraph(self._prose(1), "ListParagraph", properties=_numbered(2, 0))
        if tabled:
            yield self._table([_HEADS, *(self._line(number) for number in range(1, 6))])

    def _prose(self, sentences: int) -> list[str]:
        """The runs of a paragraph, which break anywhere, as editing leaves them."""
        pick = self._chance.choice
        text = "".join(
            pick(_SUBJECTS) + pick(_VERBS) + pick(_SUBJECTS) + pick(_ENDS) for _ in range(sentences)
        )
        cuts = sorted(self._chance.sample(range(1, len(text)), pick((0, 1, 1, 2, 3, 4))))
        return [text[a:b] for a, b in zip((0, *cuts), (*cuts, len(text)), strict=True)]

    def _line(self, number: int) -> list[str]:
        """A row of a table of things to be bought or built."""
        pick = self._chance.choice
        return [
            str(number), pick(_SUBJECTS), pick(_VERBS) + pick(_SUBJECTS), str(self._chance.randrange(1, 99)),
            pick(("新建", "利旧", "含三年质保", "")),
        ]  # fmt: skip

    def _heading(self, title: str, level: int) -> str:
        self._bookmarks += 1
        number, name = self._bookmarks, f"_Toc{190_000_000 + self._bookmarks}"
        around = (f'<w:bookmarkStart w:id="{number}" w:name="{name}"/>', f'<w:bookmarkEnd w:id="{number}"/>')
        return self.paragraph((title,), str(level), around=around, size=_PLAIN)

    def _table(self, rows: Sequence[Sequence[str]]) -> str:
        width = 8500 // _COLUMNS
        grid = f'<w:gridCol w:w="{width}"/>' * _COLUMNS
        sides = "".join(
            f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="auto"/>'
            for side in ("top", "left", "bottom", "right", "insideH", "insideV")
        )
        return (
            '<w:tbl><w:tblPr><w:tblStyle w:val="TableGrid"/><w:tblW w:w="0" w:type="auto"/>'
            f'{_CENTRED}<w:tblBorders>{sides}</w:tblBorders><w:tblLook w:val="04A0"/></w:tblPr>'
            f"<w:tblGrid>{grid}</w:tblGrid>"
            f"{''.join(self._row(row, width) for row in rows)}</w:tbl>"
        )

    def _row(self, texts: Iterable[str], width: int) -> str:
        properties = f'<w:tcPr><w:tcW w:w="{width}" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr>'
        cells = (self.paragraph((text,) if text else (), properties=_CENTRED, size=_CELL) for text in texts)
        return (
            f'<w:tr w:rsidR="{self._rsid()}" w14:paraId="{self._chance.getrandbits(31):08X}">'
            '<w:trPr><w:trHeight w:val="454"/></w:trPr>'
            f"{''.join(f'<w:tc>{properties}{cell}</w:tc>' for cell in cells)}</w:tr>"
        )

    def _contents(self, pages: int) -> str:
        """A table of contents by field, in its content control."""
        lines = "".join(
            self.paragraph((f"{title}\u2003", str(1 + number * pages // len(SECTIONS))), "TOC1")
            for number, title in enumerate(SECTIONS)
        )
        return (
            '<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj>'
            '</w:sdtPr><w:sdtContent><w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r>'
            '<w:instrText xml:space="preserve"> TOC \\o "1-3" \\h </w:instrText></w:r><w:r>'
            f'<w:fldChar w:fldCharType="separate"/></w:r></w:p>{lines}<w:p><w:r>'
            '<w:fldChar w:fldCharType="end"/></w:r></w:p></w:sdtContent></w:sdt>'
        )


def budget(pages: int) -> list[list[str]]:
    """A budget table that grows with the document."""
    rows = [[str(n), f"分项{n}", "含安装调试", "2.5", ""] for n in range(1, 4 + pages // 5)]
    heads = ["序号", "费用名称", "主要内容", "金额（万元）", "备注"]
    return [heads, *rows, ["", "合计", "", str(2.5 * len(rows)), ""]]


def _numbered(number: int, level: int) -> str:
    return f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'


def _part(root: str, content: str) -> str:
    declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    return f"{declaration}\n<w:{root} {_NAMESPACES}>{content}</w:{root}>"


def _links(*links: tuple[str, str]) -> str:
    items = "".join(
        f'<Relationship Id="rId{number}" Type="{_R}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(links, 1)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{items}</Relationships>'


def _content_types() -> str:
    kinds = {
        "document": "document.main", "styles": "styles", "numbering": "numbering", "header1": "header",
        "footer1": "footer",
    }  # fmt: skip
    overrides = "".join(
        f'<Override PartName="/word/{part}.xml" ContentType="{_WORD}.{kind}+xml"/>'
        for part, kind in kinds.items()
    )
    relationships = "application/vnd.openxmlformats-package.relationships+xml"
    return (
        f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" ContentType="{relationships}"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>'
    )


def _styles() -> str:
    fonts = '<w:rFonts w:ascii="Calibri" w:eastAsia="宋体" w:hAnsi="Calibri" w:cs="Times New Roman"/>'
    latent = "".join(
        f'<w:lsdException w:name="Light Grid Accent {n}" w:semiHidden="1" w:uiPriority="62"/>'
        for n in range(376)
    )
    headings = (
        _style(
            str(level),
            f"heading {level}",
            f'<w:keepNext/>{_numbered(1, level - 1)}<w:outlineLvl w:val="{level - 1}"/>',
            f'<w:b/><w:sz w:val="{36 - 4 * level}"/>',
        )
        for level in range(1, 4)
    )
    others = {
        "TOC1": "toc 1", "TOC2": "toc 2", "Header": "header", "Footer": "footer",
        "ListParagraph": "List Paragraph",
    }  # fmt: skip
    return "".join((
        f'<w:docDefaults><w:rPrDefault><w:rPr>{fonts}<w:lang w:val="en-US" w:eastAsia="zh-CN"/></w:rPr>',
        f'</w:rPrDefault><w:pPrDefault/></w:docDefaults><w:latentStyles w:count="376">{latent}',
        '</w:latentStyles><w:style w:type="paragraph" w:default="1" w:styleId="a"><w:name w:val="Normal"/>',
        '<w:pPr><w:widowControl w:val="0"/><w:jc w:val="both"/></w:pPr><w:rPr><w:kern w:val="2"/>',
        '<w:sz w:val="21"/></w:rPr></w:style>',
        *headings,
        *(_style(style_id, name) for style_id, name in others.items()),
        '<w:style w:type="table" w:styleId="TableGrid"><w:name w:val="Table Grid"/></w:style>',
    ))  # fmt: skip


def _style(style_id: str, name: str, paragraph: str = "", run: str = "") -> str:
    return (
        f'<w:style w:type="paragraph" w:styleId="{style_id}"><w:name w:val="{name}"/><w:basedOn w:val="a"/>'
        f'<w:next w:val="a"/><w:qFormat/><w:pPr>{paragraph}</w:pPr><w:rPr>{run}</w:rPr></w:style>'
    )


def _numbering() -> str:
    headings = "".join((
        _level(0, "chineseCounting", "%1、", tied=True),
        _level(1, "decimal", "%1.%2", tied=True),
        _level(2, "decimal", "%1.%2.%3", tied=True),
    ))  # fmt: skip
    listed = _level(0, "decimal", "（%1）", tied=False)
    definitions = "".join(
        f'<w:abstractNum w:abstractNumId="{number}"><w:multiLevelType w:val="multilevel"/>{levels}'
        "</w:abstractNum>"
        for number, levels in enumerate((headings, listed), 1)
    )
    instances = "".join(
        f'<w:num w:numId="{number}"><w:abstractNumId w:val="{number}"/></w:num>' for number in (1, 2)
    )
    return definitions + instances


def _level(index: int, number_format: str, text: str, *, tied: bool) -> str:
    style = f'<w:pStyle w:val="{index + 1}"/>' if tied else ""
    legal = "<w:isLgl/>" if index else ""
    return (
        f'<w:lvl w:ilvl="{index}"><w:start w:val="1"/><w:numFmt w:val="{number_format}"/>{style}{legal}'
        f'<w:suff w:val="nothing"/><w:lvlText w:val="{text}"/><w:lvlJc w:val="left"/>'
        '<w:pPr><w:ind w:left="0" w:firstLine="0"/></w:pPr></w:lvl>'
    )
