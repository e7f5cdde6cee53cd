"""Older word processor files: read as their .docx would be, and nothing hurts where that fails."""

from __future__ import annotations

import os
import signal
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from hostile_files import compound_file, docx, paragraph

from extractors.document import Paragraph, Table
from extractors.formats import extract
from extractors.office import convert
from schemas.errors import UnreadableDocumentError, UnreadableReason

RTF = rb"{\rtf1\ansi\ansicpg936 {\b \u24314?\u35774?\u20381?\u25454?}\par \u27491?\u25991?\par}"
WEB = (
    '<html><head><meta charset="utf-8"></head><body><h1>建设依据</h1><p>正文</p>'
    '<img src="http://192.0.2.1/x.png"><table><tr><td>服务周期</td><td>两年</td></tr></table></body></html>'
)
MHTML = (
    "MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n\n--x\n"
    f"Content-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{WEB}\n--x--\n"
)
RTF_WITH_OBJECT = RTF[:-1] + rb"{\object\objemb{\*\objdata 0105}}}"


def odt(text: str, extra: str = "") -> bytes:
    ns, kind = "urn:oasis:names:tc:opendocument:xmlns", "application/vnd.oasis.opendocument.text"
    manifest = (
        f'<m:manifest xmlns:m="{ns}:manifest:1.0"><m:file-entry m:full-path="/" m:media-type="{kind}"/>'
        f'<m:file-entry m:full-path="content.xml" m:media-type="text/xml"/>{extra}</m:manifest>'
    )
    content = (
        f'<office:document-content xmlns:office="{ns}:office:1.0" xmlns:text="{ns}:text:1.0">'
        f"<office:body><office:text><text:p>{text}</text:p></office:text></office:body>"
        "</office:document-content>"
    )
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("mimetype", kind)
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", manifest)
    return buffer.getvalue()


def reason(data: bytes, name: str) -> UnreadableReason:
    with pytest.raises(UnreadableDocumentError) as caught:
        extract(data, name)
    return caught.value.reason


@pytest.mark.needs("soffice")
@pytest.mark.parametrize(
    ("data", "name", "media_type"),
    [
        (RTF, "方案.rtf", "application/rtf"),
        (RTF, "方案.doc", "application/rtf"),
        (WEB.encode(), "方案.doc", "text/html"),
        (MHTML.encode(), "方案.doc", "multipart/related"),
        (odt("建设依据"), "方案.wps", "application/vnd.oasis.opendocument.text"),
    ],
)
def test_content_decides_and_reads_as_docx(data: bytes, name: str, media_type: str) -> None:
    document = extract(data, name)
    texts = [block.text for block in document.blocks if isinstance(block, Paragraph)]
    assert texts[0] == "建设依据"
    assert document.media_type == media_type
    if b"<table" in data:
        [table] = [block for block in document.blocks if isinstance(block, Table)]
        assert [cell.text for row in table.rows for cell in row] == ["服务周期", "两年"]


@pytest.mark.needs("soffice")
def test_a_docx_named_doc_needs_no_conversion_and_damage_is_named() -> None:
    assert extract(docx(paragraph("建设依据")), "方案.doc").blocks
    assert reason(compound_file("WordDocument", "1Table"), "方案.doc") is UnreadableReason.DAMAGED


@pytest.mark.needs("soffice")
def test_what_the_original_could_run_is_noticed() -> None:
    assert [a.kind for a in extract(RTF_WITH_OBJECT, "方案.rtf").active] == ["embedded-program"]
    scripted = WEB.replace("<body>", "<body><script>fetch('http://192.0.2.1')</script>")
    assert "script" in [a.kind for a in extract(scripted.encode(), "方案.html").active]


def test_encrypted_files_are_known_without_a_conversion() -> None:
    locked = bytearray(compound_file("WordDocument") + b"\xec\xa5".ljust(512, b"\0"))
    locked[-512 + 10 : -512 + 12] = (0x0100).to_bytes(2, "little")
    assert reason(bytes(locked), "方案.doc") is UnreadableReason.ENCRYPTED
    secret = odt("x", "<m:encryption-data/>")
    assert reason(secret, "方案.odt") is UnreadableReason.ENCRYPTED


Fake = Callable[[str], None]


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Fake:
    """A LibreOffice that does what a shell script says; ``$OUT`` is where the result is expected."""

    def install(script: str) -> None:
        program = tmp_path / "soffice"
        program.write_text(
            f'#!/bin/sh\nOUT="$(dirname "$HOME/x")/out/document.docx"\nmkdir -p "$HOME/out"\n{script}\n'
        )
        program.chmod(0o755)
        monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")

    return install


def test_without_libreoffice_the_remedy_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert reason(RTF, "方案.rtf") is UnreadableReason.NO_CONVERTER


@pytest.mark.parametrize(
    "script",
    ["exit 0", "exit 1", "kill -SEGV $$", 'echo junk > "$OUT"'],
    ids=["nothing", "error", "crash", "junk"],
)
def test_a_conversion_without_a_docx_is_a_damaged_file(fake: Fake, script: str) -> None:
    fake(script)
    assert reason(RTF, "方案.rtf") is UnreadableReason.DAMAGED


def test_a_conversion_that_hangs_ends_with_all_that_it_started(
    fake: Fake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake(f"sleep 1000 & echo $! > {tmp_path}/started; wait")
    monkeypatch.setattr(convert, "_SECONDS", 1.0)
    assert reason(RTF, "方案.rtf") is UnreadableReason.TIME_LIMIT
    started = int((tmp_path / "started").read_text())
    with pytest.raises(ProcessLookupError):
        os.kill(_reaped(started), signal.SIGCONT)


def _reaped(process: int) -> int:
    """The process's number once the system has let go of it; it was killed before we ask."""
    status = Path(f"/proc/{process}/stat")
    while status.exists() and status.read_text().rpartition(")")[2].split()[0] != "Z":
        pass
    return process if not status.exists() else 2**22 + 1


def test_a_failed_conversion_leaves_nothing_behind(
    fake: Fake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake("exit 1")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    assert reason(RTF, "方案.rtf") is UnreadableReason.DAMAGED
    assert not list((tmp_path / "temporary").iterdir())
