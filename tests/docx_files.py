"""Word files written from raw XML, so that a test shows exactly what stands in the file."""

import io
import zipfile
from collections.abc import Iterable, Mapping

from extractors.document import Document, Limits, Paragraph, Table, paragraphs
from extractors.docx import extract

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_NAMESPACES = " ".join(
    f'xmlns:{prefix}="{name}"'
    for prefix, name in {
        "w": W,
        "r": R,
        "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
        "m": "http://schemas.openxmlformats.org/officeDocument/2006/math",
        "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
        "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
        "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
        "v": "urn:schemas-microsoft-com:vml",
    }.items()
)
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_CONTENT_TYPES = f'<Types xmlns="{_TYPES}"><Default Extension="xml" ContentType="{_MAIN}"/></Types>'


def part(root: str, content: str) -> str:
    """A part of WordprocessingML with that root element."""
    return f"<w:{root} {_NAMESPACES}>{content}</w:{root}>"


def relationships(*links: tuple[str, str, bool]) -> str:
    """A relationships part: kind, target and whether it leads outside, of each link."""
    items = "".join(
        f'<Relationship Id="rId{number}" Type="{R}/{kind}" Target="{target}"'
        + (' TargetMode="External"/>' if external else "/>")
        for number, (kind, target, external) in enumerate(links, 1)
    )
    return f'<Relationships xmlns="{_RELATIONSHIPS}">{items}</Relationships>'


def word_file(
    body: str = "",
    *,
    styles: str = "",
    numbering: str = "",
    parts: Mapping[str, str | bytes] | None = None,
    links: Iterable[tuple[str, str, bool]] = (),
) -> bytes:
    """The bytes of a .docx with that body.

    Args:
        body: what stands in ``w:body``.
        styles: what stands in ``w:styles``; no such part if empty.
        numbering: what stands in ``w:numbering``; no such part if empty.
        parts: further parts, or replacements, by name.
        links: further relationships of the main part.
    """
    files: dict[str, str | bytes] = {
        "[Content_Types].xml": _CONTENT_TYPES,
        "_rels/.rels": relationships(("officeDocument", "word/document.xml", False)),
        "word/document.xml": part("document", f"<w:body>{body}</w:body>"),
    }
    linked = list(links)
    for kind, content in (("styles", styles), ("numbering", numbering)):
        if content:
            files[f"word/{kind}.xml"] = part(kind, content)
            linked.append((kind, f"{kind}.xml", False))
    files["word/_rels/document.xml.rels"] = relationships(*linked)
    return zipped(files | dict(parts or {}))


def zipped(files: Mapping[str, str | bytes]) -> bytes:
    """A zip of those files, the same on every day."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def p(text: str = "", properties: str = "", run: str = "") -> str:
    """A paragraph of one run."""
    return f"<w:p><w:pPr>{properties}</w:pPr>{r(text, run)}</w:p>"


def r(text: str, properties: str = "") -> str:
    """A run."""
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def tc(content: str, properties: str = "") -> str:
    """A table cell."""
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{content}</w:tc>"


def tr(*cells: str, properties: str = "") -> str:
    """A table row."""
    return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(cells)}</w:tr>"


def tbl(*rows: str) -> str:
    """A table."""
    return f"<w:tbl><w:tblPr><w:jc w:val='center'/></w:tblPr>{''.join(rows)}</w:tbl>"


def style(
    style_id: str,
    name: str,
    *,
    based_on: str = "",
    kind: str = "paragraph",
    default: bool = False,
    paragraph: str = "",
    run: str = "",
) -> str:
    """A style."""
    parent = f'<w:basedOn w:val="{based_on}"/>' if based_on else ""
    return (
        f'<w:style w:type="{kind}" w:styleId="{style_id}" w:default="{int(default)}">'
        f'<w:name w:val="{name}"/>{parent}<w:pPr>{paragraph}</w:pPr><w:rPr>{run}</w:rPr></w:style>'
    )


def read(body: str = "", **options: object) -> Document:
    """The document read from ``word_file`` of the same arguments."""
    return extract(word_file(body, **options), "a.docx", Limits())  # type: ignore[arg-type]


def read_paragraphs(body: str, **options: object) -> list[Paragraph]:
    """All its paragraphs in reading order."""
    return list(paragraphs(read(body, **options).blocks))


def read_texts(body: str, **options: object) -> list[str]:
    """Their texts."""
    return [paragraph.text for paragraph in read_paragraphs(body, **options)]


def read_table(rows: str) -> Table:
    """The only table of a document."""
    (table,) = read(rows).blocks
    assert isinstance(table, Table)
    return table
