"""Packets are bags that the public tool accepts."""

import hashlib
import io
import json
import zipfile

import pytest
from bagit_tool import InvalidError, validate
from finished_cases import accepted, finished, read
from hypothesis import given
from hypothesis import strategies as st

from storage.accounts import Identity
from storage.audit import note
from storage.models import Role
from storage.objects import ObjectMissingError
from storage.packets import PacketIncompleteError, make_packet, safe_name
from storage.submissions import HandedIn

REVIEWER = Identity("key_reviewer", Role.REVIEWER)


def in_form(sha256, form):
    """In place of what makes a real report into a real form."""
    return f"{sha256} as {form}".encode()


def packet_of(database, store, submission_id):
    """The zip, and the size that was said before it was made."""
    with database.read() as session:
        packet = make_packet(session, store, read(database, submission_id), in_form)
    return packet, b"".join(packet.pieces)


def unpacked(data, folder):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        archive.extractall(folder)
    (bag,) = folder.iterdir()
    return bag


def test_packet_is_a_valid_bag_with_originals_record_reports_and_audit(database, store, tmp_path):
    files = [("方案.docx", b"plan"), ("会议纪要.pdf", b"minutes")]
    submission_id = finished(database, store, files)
    with database.write() as session:
        note(session, REVIEWER, "report.read", submission_id, "req-2")
    packet, data = packet_of(database, store, submission_id)
    bag = unpacked(data, tmp_path / "out")
    validate(bag)
    assert packet.file_name == f"{submission_id}.zip"
    assert packet.size == len(data)
    assert (bag / "data/originals/方案.docx").read_bytes() == b"plan"
    assert (bag / "data/originals/会议纪要.pdf").read_bytes() == b"minutes"
    report = submission_id.encode()
    sha256 = hashlib.sha256(report).hexdigest()
    assert (bag / "data/report.json").read_bytes() == report
    assert (bag / "data/report.html").read_bytes() == in_form(sha256, "html")
    assert (bag / "data/record.json").read_bytes() == in_form(sha256, "record")
    audit = json.loads((bag / "data/audit.json").read_text("utf-8"))
    assert [(row["actor"], row["action"]) for row in audit] == [
        ("key_unit", "submission.created"),
        ("key_reviewer", "report.read"),
    ]


def test_changed_byte_is_noticed_by_the_tool(database, store, tmp_path):
    _, data = packet_of(database, store, finished(database, store))
    bag = unpacked(data, tmp_path / "out")
    (bag / "data/originals/方案.docx").write_bytes(b"changed!")
    with pytest.raises(InvalidError):
        validate(bag)


def test_hostile_and_equal_names_stay_in_the_bag_and_apart(database, store, tmp_path):
    names = [
        "../../a.docx",
        "目录/a.docx",
        "A.DOCX",
        "C:\\x\\b\n%0A.pdf",
        "..",
        "con.docx",
        "长" * 300 + ".docx",
    ]
    files = [(name, bytes([i])) for i, name in enumerate(names)]
    _, data = packet_of(database, store, finished(database, store, files))
    bag = unpacked(data, tmp_path / "out")
    validate(bag)
    assert [bag] == list((tmp_path / "out").iterdir())
    said = json.loads((bag / "data/submission.json").read_text("utf-8"))["documents"]
    assert [document["name"] for document in said] == names
    for i, document in enumerate(said):
        assert (bag / "data" / document["file"]).read_bytes() == bytes([i])


def test_file_without_bytes_is_named_with_its_reason(database, store, tmp_path, monkeypatch):
    def without_bytes(name, stored):
        return HandedIn(name, None, "encrypted") if name == "密.pdf" else HandedIn(name, stored)

    monkeypatch.setattr("finished_cases.HandedIn", without_bytes)
    submission_id = finished(database, store, [("方案.docx", b"plan"), ("密.pdf", b"")])
    bag = unpacked(packet_of(database, store, submission_id)[1], tmp_path / "out")
    validate(bag)
    said = json.loads((bag / "data/submission.json").read_text("utf-8"))["documents"]
    assert [(d["file"], d["failure"]) for d in said] == [("originals/方案.docx", None), (None, "encrypted")]


def test_no_packet_before_the_report(database, store):
    submission_id = accepted(database, store)
    with database.read() as session, pytest.raises(PacketIncompleteError):
        make_packet(session, store, read(database, submission_id), in_form)


def test_lost_bytes_are_known_before_anything_is_sent(database, store):
    submission_id = finished(database, store)
    store.delete(hashlib.sha256(b"original").hexdigest())
    with database.read() as session, pytest.raises(ObjectMissingError):
        make_packet(session, store, read(database, submission_id), in_form)


@given(st.text())
def test_safe_names_are_safe(name):
    safe = safe_name(name)
    assert safe == safe.strip()
    assert not safe.endswith(".")
    assert len(safe.encode()) < 200
    assert not set(safe) & set('/\\\0\r\n%:*?"<>|')
    assert safe
    assert len(safe.splitlines()) == 1
