"""LibreOffice that stays up: reads as one started for each document, and outlives no trouble and no owner."""

from __future__ import annotations

import contextlib
import os
import resource
import signal
import socket
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from hostile_files import docx, paragraph
from running import lives
from test_office import MHTML, RTF, WEB, odt

from extractors.document import Document, Paragraph
from extractors.formats import extract
from extractors.office import convert, warm
from extractors.office.installation import Installation, installed
from extractors.office.single import SingleRuns
from extractors.office.warm import NoKitError, WarmOffice
from schemas.errors import UnreadableDocumentError, UnreadableReason
from worker.sandbox import CheckDocument, CheckPool, CheckRequest

pytestmark = pytest.mark.needs("soffice")

ROOT = Path(__file__).parents[1]
RUN_OWN_OFFICE = """
import sys
from extractors.formats import extract
from extractors.office import convert
extract(sys.stdin.buffer.read(), "方案.rtf")
print(convert.DESK.office.process_id, convert.DESK.office.folder, flush=True)
sys.stdin.buffer.raw.read() or __import__("signal").pause()
"""


@pytest.fixture(autouse=True)
def desk(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[convert.Desk]:
    """A desk of the test's own, and all temporary files in one folder."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    desk = convert.Desk()
    monkeypatch.setattr(convert, "DESK", desk)
    yield desk
    desk.close()


def process_of(desk: convert.Desk) -> int:
    assert isinstance(desk.office, WarmOffice)
    return desk.office.process_id


def gone(process: int) -> None:
    """Wait until the system has let go of a process that has been killed."""
    while lives(process):
        pass


def first(document: Document) -> str:
    return next(block.text for block in document.blocks if isinstance(block, Paragraph))


def reason(data: bytes) -> UnreadableReason:
    with pytest.raises(UnreadableDocumentError) as caught:
        extract(data, "方案.doc")
    return caught.value.reason


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (RTF, "方案.rtf"),
        (WEB.encode(), "方案.doc"),
        (MHTML.encode(), "方案.doc"),
        (odt("建设依据"), "方案.wps"),
    ],
    ids=["rtf", "html", "mhtml", "odt"],
)
def test_reads_as_one_started_for_each_document(
    desk: convert.Desk, monkeypatch: pytest.MonkeyPatch, data: bytes, name: str
) -> None:
    by_warm = extract(data, name)
    assert isinstance(desk.office, WarmOffice)
    desk.close()
    monkeypatch.setattr(convert, "open_office", SingleRuns)
    assert extract(data, name) == by_warm


def test_memory_of_who_started_it_does_not_wear_it_out(
    desk: convert.Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    large = bytearray(os.urandom(1 << 20) * 600)
    monkeypatch.setattr(warm, "_PEAK_KIB", 550 * 1024)
    extract(RTF, "方案.rtf")
    assert isinstance(desk.office, WarmOffice)
    del large


def test_stays_up_until_it_is_worn_out(desk: convert.Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warm, "CONVERSIONS", 2)
    extract(RTF, "方案.rtf")
    process = process_of(desk)
    extract(odt("甲"), "方案.odt")
    assert desk.office is None
    gone(process)
    assert first(extract(odt("乙"), "方案.odt")) == "乙"
    assert process_of(desk) != process


def test_one_that_has_used_much_memory_is_replaced(
    desk: convert.Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(warm, "_PEAK_KIB", 1)
    extract(RTF, "方案.rtf")
    assert desk.office is None


def test_one_that_nobody_needs_ends_and_the_next_document_gets_another(
    desk: convert.Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(warm, "_IDLE_SECONDS", 0)
    extract(RTF, "方案.rtf")
    monkeypatch.undo()
    assert first(extract(RTF, "方案.rtf")) == "建设依据"


@contextlib.contextmanager
def killed_while_it_works(process: int) -> Iterator[None]:
    """The office stands still, so that it is killed before it can answer, whenever that is."""
    os.kill(process, signal.SIGSTOP)
    killer = threading.Timer(0.2, os.kill, (process, signal.SIGKILL))
    killer.start()
    yield
    killer.join()


def test_a_document_during_which_it_is_killed_is_tried_with_a_fresh_one(desk: convert.Desk) -> None:
    extract(RTF, "方案.rtf")
    with killed_while_it_works(process_of(desk)):
        assert first(extract(odt("建设目标"), "方案.odt")) == "建设目标"


def test_the_first_document_of_an_office_is_itself_to_blame(desk: convert.Desk) -> None:
    office = desk.at_work(_installed())
    assert isinstance(office, WarmOffice)
    with killed_while_it_works(office.process_id):
        assert reason(RTF) is UnreadableReason.DAMAGED
    assert first(extract(RTF, "方案.rtf")) == "建设依据"


def test_one_that_hangs_is_ended_and_the_next_document_gets_another(
    desk: convert.Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    extract(RTF, "方案.rtf")
    process = process_of(desk)
    os.kill(process, signal.SIGSTOP)
    monkeypatch.setattr(convert, "_SECONDS", 0.5)
    assert reason(RTF) is UnreadableReason.TIME_LIMIT
    gone(process)
    assert not list((tmp_path / "temporary").iterdir())
    monkeypatch.setattr(convert, "_SECONDS", 50.0)
    assert first(extract(RTF, "方案.rtf")) == "建设依据"


def test_processor_time_is_limited_for_each_document(desk: convert.Desk) -> None:
    office = desk.at_work(_installed())
    assert isinstance(office, WarmOffice)
    for _ in range(2):
        office.converted(RTF, "rtf", convert.time.monotonic() + 30)
        limit, _ = resource_limit(office.process_id)
        assert 0 < limit < 60


def resource_limit(process: int) -> tuple[int, int]:
    return resource.prlimit(process, resource.RLIMIT_CPU)


def test_nothing_is_left_of_one_document_for_the_next(desk: convert.Desk) -> None:
    extract(RTF, "方案.rtf")
    assert isinstance(desk.office, WarmOffice)
    left = {path.name for path in desk.office.folder.rglob("*")}
    assert not left & {"work", "document.rtf", "converted.docx"}


def test_what_it_cannot_open_is_damaged_and_the_next_is_read(desk: convert.Desk) -> None:
    assert first(extract(RTF, "方案.rtf")) == "建设依据"
    truncated = docx(paragraph("x"))[:200]
    with pytest.raises(UnreadableDocumentError) as caught:
        convert.to_docx(truncated, "odt", "ODT 文档")
    assert caught.value.reason is UnreadableReason.DAMAGED
    assert first(extract(RTF, "方案.rtf")) == "建设依据"


def test_it_ends_with_its_owner_even_when_that_is_killed() -> None:
    owner = subprocess.Popen(
        [sys.executable, "-c", RUN_OWN_OFFICE], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT
    )
    assert owner.stdin
    assert owner.stdout
    owner.stdin.write(RTF)
    owner.stdin.close()
    process = int(owner.stdout.readline().split()[0])
    os.kill(process, signal.SIGCONT)
    owner.kill()
    owner.wait()
    owner.stdout.close()
    gone(process)


def test_where_it_cannot_stay_up_one_is_started_for_each_document(
    desk: convert.Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    not_a_library = tmp_path / "libmergedlo.so"
    not_a_library.write_bytes(b"junk")
    without = Installation(_installed().soffice, not_a_library)
    with pytest.raises(NoKitError):
        WarmOffice(without)
    monkeypatch.setattr(convert, "installed", lambda: without)
    assert first(extract(RTF, "方案.rtf")) == "建设依据"
    assert isinstance(desk.office, SingleRuns)


def test_several_at_once_have_each_a_profile_of_its_own(tmp_path: Path) -> None:
    requests = []
    for number in range(6):
        path = tmp_path / f"{number}.odt"
        path.write_bytes(odt(f"项目需求方案（维护类）{number}"))
        requests.append(CheckRequest((CheckDocument(path.name, path),), "jinjiang-2023"))
    with CheckPool(jobs=3) as pool:
        results = list(pool.map(requests))
    assert [r.failure for r in results] == [""] * 6
    findings = [finding for r in results if r.report for finding in r.report["findings"]]
    assert [f["message"] for f in findings if f["code"] == "document-unreadable"] == []


def odt_with(body: str, extra: dict[str, str] | None = None) -> bytes:
    """An ODT with this body and these further members."""
    source = zipfile.ZipFile(BytesIO(odt("@")))
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as target:
        for name in source.namelist():
            text = source.read(name).decode()
            text = text.replace("<text:p>@</text:p>", body).replace(
                "<office:document-content ",
                '<office:document-content xmlns:xlink="http://www.w3.org/1999/xlink" '
                'xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" ',
                1,
            )
            target.writestr(name, text)
        for name, text in (extra or {}).items():
            target.writestr(name, text)
    return buffer.getvalue()


@pytest.mark.parametrize("kind", ["warm", "single"])
def test_what_a_document_links_to_is_neither_read_nor_fetched(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if kind == "single":
        monkeypatch.setattr(convert, "open_office", SingleRuns)
    secret = tmp_path / "secret.odt"
    secret.write_bytes(odt("机密"))
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        url = f"http://127.0.0.1:{server.getsockname()[1]}/x"
        page = f'<html><body><p>正文</p><img src="{url}.png"><iframe src="{url}.html"></iframe></body></html>'
        files = {
            "方案.html": page.encode(),
            "方案.odt": odt_with(
                f'<text:section text:name="a"><text:section-source xlink:href="{secret.as_uri()}"/>'
                "<text:p>旧</text:p></text:section>"
                '<text:p><draw:frame draw:name="b">'
                f'<draw:image xlink:href="{url}.png"/></draw:frame></text:p>'
            ),
            "方案.rtf": RTF[:-1]
            + rb"{\field{\*\fldinst INCLUDETEXT "
            + f'"{secret}"'.encode()
            + rb"}{\fldrslt x}}{\field{\*\fldinst INCLUDEPICTURE "
            + f'"{url}.png"'.encode()
            + rb" \\d}{\fldrslt y}}}",
        }
        for name, data in files.items():
            assert "机密" not in str(extract(data, name).blocks)
        with pytest.raises(BlockingIOError):
            server.accept()


def _installed() -> Installation:
    found = installed()
    assert found
    return found
