"""Infected files: found by a real ClamAV, never opened, kept apart; and nothing is judged unscanned."""

import hashlib
import io
import json
import zipfile
from pathlib import Path

import pytest
from api_service import made, on_each_kind
from hostile_files import docx, paragraph
from services import Clamd, free_port
from sqlalchemy import select

from intake import cli
from schemas.errors import ScannerUnavailableError, UnreadableReason
from storage.models import INFECTED, Audit, Job, JobState, Submission
from storage.objects import ObjectMissingError
from worker.gathering.clamav import ClamAV
from worker.handlers import HANDLERS
from worker.process import Process

EXAMPLE = Path(__file__).resolve().parents[1] / "examples" / "contract-filing-clean.docx"
BAD = docx(paragraph("建设依据")) + Clamd.VIRUS


def archive(**files: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as target:
        for name, data in files.items():
            target.writestr(f"{name}.docx", data)
    return buffer.getvalue()


def read_report(capsys) -> dict:
    return json.loads(capsys.readouterr().out)


def unreadable(report) -> list[str]:
    return [f["message"] for f in report["findings"] if f["code"] == "document-unreadable"]


@pytest.mark.parametrize("by", ["socket", "port"])
def test_it_tells_infected_files_from_clean_ones(clamd, tmp_path, by):
    scanner = ClamAV(str(clamd.socket) if by == "socket" else f"127.0.0.1:{clamd.port}")
    (tmp_path / "bad").write_bytes(BAD)
    (tmp_path / "empty").write_bytes(b"")
    assert scanner.version().startswith("ClamAV 1.")
    assert scanner(tmp_path / "bad") == Clamd.NAME
    assert scanner(tmp_path / "empty") is None
    assert scanner(EXAMPLE) is None


def test_what_it_does_not_scan_is_not_clean(clamd, tmp_path):
    (tmp_path / "large").write_bytes(bytes(3 << 20))
    with pytest.raises(ScannerUnavailableError, match="StreamMaxLength"):
        ClamAV(str(clamd.socket))(tmp_path / "large")


@pytest.mark.parametrize("address", ["/nowhere/clamd.ctl", "127.0.0.1:1", "host:port"])
def test_one_that_does_not_answer_is_no_verdict(address):
    with pytest.raises(ScannerUnavailableError, match="YUSHEN_CLAMAV"):
        ClamAV(address)(EXAMPLE)


def test_the_command_opens_nothing_infected(clamd, tmp_path, capsys):
    (tmp_path / "方案.docx").write_bytes(BAD)
    status = cli.main(
        ["check", str(tmp_path / "方案.docx"), "--clamav", str(clamd.socket), "--format", "json"]
    )
    report = read_report(capsys)
    assert status == 2
    assert report["conclusion"] == "unreadable"
    [said] = unreadable(report)
    assert Clamd.NAME in said
    assert "恶意代码" in said
    assert report["documents"][0]["size"] == len(BAD)
    assert report["documents"][0]["media_type"] is None


def test_the_command_judges_what_is_clean(clamd, capsys, monkeypatch):
    monkeypatch.setenv("YUSHEN_CLAMAV", str(clamd.socket))
    assert cli.main(["check", str(EXAMPLE), "--format", "json"]) == 0
    assert read_report(capsys)["conclusion"] == "pass"


def test_an_archive_with_something_infected_is_not_unpacked(clamd, tmp_path, capsys):
    (tmp_path / "一批.zip").write_bytes(archive(好=EXAMPLE.read_bytes(), 坏=BAD))
    cli.main(["check", str(tmp_path / "一批.zip"), "--clamav", str(clamd.socket), "--format", "json"])
    [report] = read_report(capsys)
    assert [d["name"] for d in report["documents"]] == ["一批.zip"]
    assert Clamd.NAME in unreadable(report)[0]


@pytest.mark.parametrize("command", [["check"], ["batch", "--into", "{into}"]])
def test_the_commands_fail_closed(tmp_path, capsys, command):
    given = [part.format(into=tmp_path / "into") for part in command]
    assert cli.main([*given, str(EXAMPLE), "--clamav", str(tmp_path / "none.ctl")]) == 2
    said = capsys.readouterr()
    assert "病毒扫描" in said.err
    assert "通过" not in said.out


def test_a_batch_goes_on_once_the_scanner_is_back(clamd, tmp_path, capsys):
    arguments = ["batch", str(EXAMPLE), "--into", str(tmp_path / "into"), "--clamav"]
    assert cli.main([*arguments, str(tmp_path / "none.ctl")]) == 2
    assert cli.main([*arguments, str(clamd.socket)]) == 0


def test_the_doctor_asks_the_scanner(clamd, monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", "300")
    monkeypatch.setenv("YUSHEN_CLAMAV", str(clamd.socket))
    cli.main(["doctor"])
    assert "ClamAV 1." in capsys.readouterr().out
    monkeypatch.setenv("YUSHEN_CLAMAV", "/nowhere/clamd.ctl")
    assert cli.main(["doctor"]) == 1
    [line] = [each for each in capsys.readouterr().out.splitlines() if "病毒扫描" in each]
    assert line.startswith("✘")
    assert "clamd 是否在运行" in line


@pytest.fixture
def service(request, tmp_path, clamd):
    yield from made(request, tmp_path, clamav=str(clamd.socket))


@pytest.fixture
def work(service):
    """Does what the service owes."""
    processes = []

    def drain(**changes) -> None:
        settings = service.settings.model_copy(update=changes)
        processes.append(Process(settings, service.database, service.store, HANDLERS, hint=lambda: None))
        processes[-1].drain()

    yield drain
    for process in processes:
        process.pool.close()


@on_each_kind
def test_the_service_keeps_infected_files_apart(service, work):
    unit = service.client()
    promise = unit.submit(("方案.docx", BAD), ("合同.docx", EXAMPLE.read_bytes()))
    [bad, good] = promise.json["documents"]
    place = f"/v1/submissions/{promise.json['id']}"
    assert unit.get(f"{place}/documents/{good['sha256']}").status_code == 409
    work()
    report = unit.get(f"{place}/report").json
    assert Clamd.NAME in unreadable(report)[0]
    assert [d["sha256"] for d in report["documents"]] == [bad["sha256"], good["sha256"]]
    assert unit.get(f"{place}/documents/{good['sha256']}").data == EXAMPLE.read_bytes()
    for role in ("unit", "reviewer", "administrator"):
        assert service.client(role).get(f"{place}/documents/{bad['sha256']}").status_code == 404
    with pytest.raises(ObjectMissingError):
        service.store.open(bad["sha256"])
    with zipfile.ZipFile(io.BytesIO(unit.get(f"{place}/packet").data)) as packet:
        names = packet.namelist()
    assert any(name.endswith("originals/合同.docx") for name in names)
    assert not any(name.endswith("originals/方案.docx") for name in names)


def listed(administrator, document) -> list[dict]:
    items = administrator.get("/v1/quarantine").json["items"]
    return [item for item in items if item["sha256"] == document["sha256"]]


@on_each_kind
def test_administrators_alone_list_and_delete_them(service, work):
    promise = service.client().submit(("方案.docx", BAD))
    work()
    [document] = promise.json["documents"]
    administrator, place = service.client("administrator"), f"/v1/quarantine/{document['sha256']}"
    [item] = listed(administrator, document)
    assert item["size"] == len(BAD)
    assert Clamd.NAME in item["found"]
    assert item["submissions"] == [promise.json["id"]]
    for role in ("unit", "reviewer"):
        assert service.client(role).get("/v1/quarantine").status_code == 403
        assert service.client(role).delete(place).status_code == 403
    assert administrator.delete(place).status_code == 204
    assert administrator.delete(place).status_code == 404
    assert listed(administrator, document) == []
    with service.database.read() as session:
        actions = set(session.scalars(select(Audit.action).where(Audit.target == document["sha256"])))
    assert actions == {"document.quarantined", "quarantine.deleted"}


def test_the_same_file_handed_in_again_is_found_again(service, work):
    reports = []
    for _ in range(2):
        promise = service.client().submit(("方案.docx", BAD))
        work()
        reports.append(service.client().get(f"/v1/submissions/{promise.json['id']}/report").data)
    assert reports[0] == reports[1]
    assert len(list(service.store.quarantined())) == 1


def test_one_that_was_put_aside_before_its_worker_died_is_reported_alike(service, work):
    promise = service.client().submit(("方案.docx", BAD))
    service.store.quarantine(promise.json["documents"][0]["sha256"])
    work()
    report = service.client().get(f"/v1/submissions/{promise.json['id']}/report").json
    assert Clamd.NAME in unreadable(report)[0]
    assert report["documents"][0]["size"] == len(BAD)


@on_each_kind
def test_a_batch_does_not_unpack_an_infected_archive(service, work):
    packed = archive(好=EXAMPLE.read_bytes(), 坏=BAD)
    promise = service.client().submit(("一批.zip", packed), to="/v1/batches")
    work()
    [item] = service.client().get(f"/v1/batches/{promise.json['id']}/items").json["items"]
    report = service.client().get(f"/v1/submissions/{item['id']}/report").json
    assert Clamd.NAME in unreadable(report)[0]
    assert hashlib.sha256(packed).hexdigest() in {stored.sha256 for stored in service.store.quarantined()}


def test_without_the_scanner_the_check_stays_owed(service, work, clamd):
    promise = service.client().submit(("方案.docx", EXAMPLE.read_bytes()))
    work(clamav=f"127.0.0.1:{free_port()}", max_attempts=1)
    with service.database.write() as session:
        [job] = session.scalars(select(Job))
        assert (job.state, job.attempts) == (JobState.OWED, 0)
        assert "病毒扫描" in job.last_error
        job.not_before = job.created_at
    work()
    with service.database.read() as session:
        assert session.get_one(Submission, promise.json["id"]).conclusion == "pass"


def test_both_rooms_call_infected_files_alike():
    assert INFECTED == UnreadableReason.INFECTED
