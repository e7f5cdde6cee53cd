"""Changes to inputs that keep their outer structure sound: what is inside a zip, an XML part, a PDF."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Callable, Sequence
from random import Random

from lxml import etree

NUMBERS = (
    *("0", "-1", "1", "9", "255", "65535", "-2147483648", "2147483647", "4294967296", "99999999999999999999"),
    *(
        "0.1",
        "1e9",
        "1e309",
        "-1e309",
        "NaN",
        "inf",
        "",
        " ",
        "x",
        "٣",
        "²",
        "一",
        "1.2.3",
        "0x10",
        "+5",
        "1_0",
    ),
)
WORDS = (
    *(
        "建设依据",
        "一、建设依据",
        "1.1 建设目标",
        "（一）资金估算：",
        "服务周期",
        "2年+1年",
        "待补充",
        "目录",
    ),
    *("三年零六个月", "人民币贰拾捌万伍仟元整", "28.5万元", "合计", "金额（万元）", "2026年3月2日", "第一章"),
    *("二〇二六年三月", "第三级", "……………3", "□是 ☑否", "项目需求方案", "验收时间：", "$", "{x}", "\\", "%s"),
    *("\u202e", "\u200b", "\ufffd", "𠮷", "é", "ﬁ", "⼀", "①", "Ⅳ", "㊀", "a\u0301", "：", "，，，，"),
    *("((((", "1,1,1,1,", "元元元", "年年", "\t", "\n"),
)
_LARGEST_PART = 1 << 20
_MOST_PARTS = 200
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, recover=True)


def members(data: bytes) -> dict[str, bytes] | None:
    """The members of a zip; None where it is none, or one that is larger than is worth the time."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = archive.infolist()
            if len(infos) > _MOST_PARTS or any(info.file_size > _LARGEST_PART for info in infos):
                return None
            return {info.filename: archive.read(info) for info in infos}
    except (zipfile.BadZipFile, zlib.error, RuntimeError, ValueError, OSError, EOFError, OverflowError):
        return None


def zipped(parts: dict[str, bytes]) -> bytes:
    with io.BytesIO() as out:
        with zipfile.ZipFile(out, "w") as archive:
            for name, content in parts.items():
                archive.writestr(zipfile.ZipInfo(name), content)
        return out.getvalue()


def in_zip(data: bytes, random: Random, change: Callable[[bytes, Random], bytes]) -> bytes:
    """One member changed by ``change``; now and then a member is lost, doubled or called otherwise."""
    parts = members(data)
    if not parts:
        return bytes_changed(data, random)
    names = list(parts)
    name = random.choice(names)
    match random.randrange(20):
        case 0:
            del parts[name]
        case 1:
            parts[random.choice((random.choice(names), f"{name}x", f"/{name}", name.upper()))] = parts[name]
        case 2:
            parts[name] = parts[random.choice(names)]
        case 3:
            parts[name] = bytes_changed(parts[name], random)
        case _:
            xml = [n for n in names if n.lower().endswith((".xml", ".rels"))]
            name = random.choice(xml or names)
            for _ in range(random.choice((1, 1, 1, 2, 4))):
                parts[name] = change(parts[name], random)
    return zipped(parts) if parts else data


def bytes_changed(data: bytes, random: Random) -> bytes:
    """Some bytes overwritten, cut out, doubled or put in."""
    out = bytearray(data)
    for _ in range(random.choice((1, 1, 2, 8))):
        start = random.randrange(len(out) + 1)
        end = min(len(out), start + random.choice((1, 2, 4, 16, 100)))
        match random.randrange(4):
            case 0:
                out[start:end] = random.randbytes(end - start)
            case 1:
                del out[start:end]
            case 2:
                out[start:start] = out[start:end]
            case _:
                out[start:start] = random.choice((*NUMBERS, *WORDS)).encode()
    return bytes(out)


def xml_changed(data: bytes, random: Random) -> bytes:
    """A tree of the same elements, one of them lost, moved, doubled, wrapped or described otherwise."""
    try:
        root = etree.fromstring(data, _PARSER)
    except (etree.XMLSyntaxError, ValueError):
        root = None
    elements = [] if root is None else list(root.iter(etree.Element))
    if len(elements) < 2:
        return bytes_changed(data, random)
    one, other = random.choice(elements[1:]), random.choice(elements)
    try:
        # What lxml read of a broken part it does not always write again: names, addresses of namespaces.
        random.choice(_XML_CHANGES)(one, other, random)
        return etree.tostring(root, encoding="UTF-8", xml_declaration=True)
    except (etree.LxmlError, ValueError):
        return data


def _copy(element: etree._Element) -> etree._Element:
    return etree.fromstring(etree.tostring(element), _PARSER)


def _lost(one: etree._Element, _other: etree._Element, _random: Random) -> None:
    one.getparent().remove(one)


def _doubled(one: etree._Element, _other: etree._Element, random: Random) -> None:
    if len(one) < 200:
        for _ in range(random.choice((1, 2, 10))):
            one.addnext(_copy(one))


def _moved(one: etree._Element, other: etree._Element, _random: Random) -> None:
    if one not in other.iterancestors() and one is not other:
        other.append(one)


def _copied(one: etree._Element, other: etree._Element, random: Random) -> None:
    if len(one) < 200:
        other.insert(random.randrange(len(other) + 1), _copy(one))


def _wrapped(one: etree._Element, other: etree._Element, random: Random) -> None:
    for _ in range(random.choice((1, 2, 30))):
        parent = one.getparent()
        if parent is None:
            return
        shell = etree.Element(other.tag, dict(other.attrib))
        parent.replace(one, shell)
        shell.append(one)


def _described(one: etree._Element, other: etree._Element, random: Random) -> None:
    keys = [*one.attrib, *other.attrib]
    if keys:
        one.set(
            random.choice(keys), random.choice((*NUMBERS, *WORDS[:20], *other.attrib.values())).strip("\x00")
        )


def _undescribed(one: etree._Element, _other: etree._Element, random: Random) -> None:
    if one.attrib:
        del one.attrib[random.choice(list(one.attrib))]


def _renamed(one: etree._Element, other: etree._Element, _random: Random) -> None:
    one.tag = other.tag


def _said(one: etree._Element, _other: etree._Element, random: Random) -> None:
    texts = [e for e in one.iter(etree.Element) if e.text and e.text.strip()] or [one]
    text = random.choice(texts)
    said = random.choice((*NUMBERS, *WORDS))
    at = random.randrange(len(text.text or "") + 1)
    text.text = random.choice((said, (text.text or "")[:at] + said + (text.text or "")[at:], said * 30))


_XML_CHANGES = (
    _lost, _doubled, _moved, _copied, _wrapped, _described, _described, _undescribed, _renamed, _said, _said,
)  # fmt: skip


_PDF_TOKEN = re.compile(rb"-?\d+(?:\.\d+)?|/[A-Za-z][\w#]*|\(.*?\)|<[0-9A-Fa-f]*>|\b[A-Za-z'\"*]{1,3}\b")
_PDF_OBJECT = re.compile(rb"\d+ \d+ obj\b.*?endobj", re.S)


def pdf_changed(data: bytes, random: Random) -> bytes:
    """Tokens of a PDF exchanged for one another, objects doubled, cut or exchanged."""
    for _ in range(random.choice((1, 1, 2, 5))):
        data = random.choice((*(_token_changed,) * 3, _object_changed))(data, random)
    return data


def _token_changed(data: bytes, random: Random) -> bytes:
    tokens = list(_PDF_TOKEN.finditer(data))
    if not tokens:
        return bytes_changed(data, random)
    one, other = random.choice(tokens), random.choice(tokens)
    new = random.choice((other[0], random.choice(NUMBERS).encode(), b"", one[0] + b" " + other[0]))
    return data[: one.start()] + new + data[one.end() :]


def _object_changed(data: bytes, random: Random) -> bytes:
    objects = list(_PDF_OBJECT.finditer(data))
    if not objects:
        return bytes_changed(data, random)
    one, other = random.choice(objects), random.choice(objects)
    head = one[0].split(b"obj", 1)[0]
    new = random.choice((b"", one[0] + b"\n" + one[0], head + b"obj" + other[0].split(b"obj", 1)[1]))
    return data[: one.start()] + new + data[one.end() :]


def text_changed(data: bytes, random: Random) -> bytes:
    """Text with words that mean something put in, doubled, or exchanged."""
    text = data.decode("utf-8", "replace")
    start = random.randrange(len(text) + 1)
    end = min(len(text), start + random.choice((0, 1, 3, 10)))
    words: Sequence[str] = (*WORDS, *NUMBERS)
    said = random.choice(
        (random.choice(words), text[start:end] * random.choice((2, 20)), "".join(random.choices(words, k=3)))
    )
    return (text[:start] + said + text[end:]).encode("utf-8", "replace")
