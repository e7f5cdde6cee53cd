import gzip
import io
import lzma
import os
import stat
import struct
import tarfile
import zipfile
import zlib
from pathlib import Path

import py7zr
import pytest
from hostile_files import docx, inflating, inflating_member, paragraph, tarred, zipped

from schemas.errors import UnreadableDocumentError
from worker.gathering.apart import unpack
from worker.gathering.archives import ArchiveFormat, ArchiveLimits
from worker.gathering.names import is_junk, natural, shown
from worker.gathering.submissions import Announced, Notice, Submission, discard, submissions
from worker.unarchiving.members import archive_format

DOCX = docx(paragraph("正文"))


@pytest.fixture
def workspace(tmp_path) -> Path:
    (tmp_path / "workspace").mkdir()
    return tmp_path / "workspace"


@pytest.fixture
def written(tmp_path):
    def write(data: bytes, name: str = "批次.zip") -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return path

    return write


def zip_of(*members: tuple[zipfile.ZipInfo | str, bytes]) -> bytes:
    with io.BytesIO() as out:
        with zipfile.ZipFile(out, "w") as archive:
            for info, content in members:
                archive.writestr(info, content)
        return out.getvalue()


def named(raw: bytes, flagged: bool = False, extra: bytes = b"") -> bytes:
    """A zip of one file whose name is these bytes."""
    info = zipfile.ZipInfo("x" * len(raw))
    info.extra = extra
    data = bytearray(zip_of((info, b"content")).replace(b"x" * len(raw), raw))
    if flagged:
        for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
            struct.pack_into("<H", data, data.index(mark) + offset, 0x800)
    return bytes(data)


def names(path: Path, workspace: Path) -> list[str]:
    return ["/".join(member.parts) for member in unpack(path, workspace).members]


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (named("监理报告.docx".encode("gb18030")), "监理报告.docx"),
        (named("监理报告.docx".encode()), "监理报告.docx"),
        (named("监理报告.docx".encode(), flagged=True), "监理报告.docx"),
        (named("说.txt".encode("gb18030")), "说.txt"),
        (named("单位\\方案.docx".encode("gb18030")), "单位/方案.docx"),
        (named(b"/etc/passwd"), "etc/passwd"),
        (named(b"../../outside.docx"), "outside.docx"),
        (named(b"C:\\secret\\..\\a.docx"), "secret/a.docx"),
        (named(b".."), "无名文件"),
    ],
)
def test_member_is_called_what_its_writer_meant(data, name, written, workspace):
    assert names(written(data), workspace) == [name]


def test_unicode_path_counts_where_it_belongs_to_the_name(written, workspace):
    raw, meant = b"????.docx", "合同副本.docx".encode()
    right, wrong = (
        struct.pack("<HHBI", 0x7075, 5 + len(meant), 1, checksum) + meant
        for checksum in (zlib.crc32(raw), 12345)
    )
    assert names(written(named(raw, extra=right)), workspace / "..") == ["合同副本.docx"]
    assert names(written(named(raw, extra=wrong), "b.zip"), workspace) == ["????.docx"]


def test_one_name_that_is_utf8_by_chance_does_not_decide_for_the_others(written, workspace):
    data = zipped({"aaaa.txt": b"1", "bbbbbbbb.docx": b"2"})
    data = data.replace(b"aaaa", "联通".encode("gb18030")).replace(b"bbbbbbbb", "监理报告".encode("gb18030"))
    assert names(written(data), workspace) == ["监理报告.docx", "联通.txt"]


def test_nothing_is_written_under_a_member_s_own_name(written, workspace, tmp_path):
    data = zipped({"../../escaped.docx": DOCX, "/tmp/absolute.docx": DOCX, "a/b.docx": DOCX})
    before = set(tmp_path.iterdir())
    path = written(data)
    unpacked = unpack(path, workspace)
    assert {member.path.parent for member in unpacked.members} == {workspace}
    assert all(path.name.isdecimal() for path in workspace.iterdir())
    assert set(tmp_path.iterdir()) == before | {path}


def unix(name: str, kind: int) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.create_system = 3
    info.external_attr = (kind | 0o777) << 16
    return info


def test_links_and_devices_are_left_out(written, workspace):
    data = zip_of(
        (unix("link.docx", stat.S_IFLNK), b"/etc/passwd"),
        (unix("device", stat.S_IFCHR), b""),
        (unix("real.docx", stat.S_IFREG), DOCX),
    )
    unpacked = unpack(written(data), workspace)
    assert [member.parts for member in unpacked.members] == [("real.docx",)]
    assert unpacked.refused == ("link.docx", "device")


def test_links_and_devices_of_a_tar_are_left_out(written, workspace):
    link, device = tarfile.TarInfo("link"), tarfile.TarInfo("device")
    link.type, link.linkname, device.type = tarfile.SYMTYPE, "/etc/passwd", tarfile.CHRTYPE
    data = tarred((link, b""), (device, b""), (tarfile.TarInfo("../out.docx"), DOCX))
    unpacked = unpack(written(data), workspace)
    assert [member.parts for member in unpacked.members] == [("out.docx",)]
    assert unpacked.refused == ("link", "device")


def test_encrypted_member_is_named_and_the_others_are_unpacked(written, workspace):
    data = bytearray(zipped({"密.docx": DOCX, "明.docx": DOCX}))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + offset] |= 1
    members = {member.parts[0]: member.failure for member in unpack(written(bytes(data)), workspace).members}
    assert members == {"密.docx": "encrypted", "明.docx": None}


def test_damaged_member_is_named_and_the_others_are_unpacked(written, workspace):
    data = bytearray(zipped({"坏.docx": DOCX, "好.docx": DOCX}, zipfile.ZIP_STORED))
    data[data.index(DOCX) + 20] ^= 0xFF
    members = {member.parts[0]: member.failure for member in unpack(written(bytes(data)), workspace).members}
    assert members == {"坏.docx": "damaged", "好.docx": None}


def reason(path: Path, workspace: Path, **limits: int) -> str:
    with pytest.raises(UnreadableDocumentError) as caught:
        unpack(path, workspace, ArchiveLimits(**limits))
    return caught.value.reason


def test_bomb_is_stopped_by_counting(written, workspace):
    stored = zipped({"a.docx": inflating(200)}, zipfile.ZIP_STORED)
    path = written(inflating_member(stored, "a.docx", 200))
    assert reason(path, workspace, max_bytes=8 << 20) == "unpacks-too-large"
    assert sum(file.stat().st_size for file in workspace.iterdir()) <= 8 << 20


def test_bomb_that_lies_about_its_size_is_stopped_all_the_same(written, workspace):
    stored = zipped({"a.docx": inflating(200)}, zipfile.ZIP_STORED)
    path = written(inflating_member(stored, "a.docx", 1))
    unpacked = unpack(path, workspace, ArchiveLimits(max_bytes=8 << 20))
    assert unpacked.members[0].failure == "damaged"
    assert sum(file.stat().st_size for file in workspace.iterdir()) <= 8 << 20


@pytest.mark.parametrize(
    ("limits", "expected"),
    [
        ({"max_ratio": 20, "ratio_from": 1 << 20}, "unpacks-too-large"),
        ({"max_files": 2}, "too-many-files"),
    ],
)
def test_limits_hold_over_nested_archives_too(limits, expected, written, workspace):
    inner = zipped({f"{n}.txt": bytes(2 << 20) for n in range(2)})
    assert reason(written(zipped({"inner.zip": inner})), workspace, **limits) == expected


def test_directory_that_would_fill_the_memory_is_not_loaded(written, workspace):
    data = bytearray(zipped({"a": b"b"}))
    struct.pack_into("<I", data, data.rindex(b"PK\x05\x06") + 12, 1 << 30)
    assert reason(written(bytes(data)), workspace) == "too-many-files"


def test_tar_note_that_would_fill_the_memory_is_not_loaded(written, workspace):
    note = tarfile.TarInfo("././@PaxHeader")
    note.type = tarfile.XHDTYPE
    data = bytearray(tarred((tarfile.TarInfo("a.docx"), DOCX), (note, bytes(2 << 20))))
    assert reason(written(bytes(data), "批次.tar"), workspace) == "damaged"


def test_nested_archives_are_unpacked_to_a_limit(written, workspace):
    data = zipped({"底.docx": DOCX})
    for level in range(4):
        data = zipped({f"{level}.zip": data})
    [member] = unpack(written(data), workspace).members
    assert member.parts == ("3.zip", "2.zip", "1.zip")
    assert member.failure == "unsupported"
    assert "3 层" in member.detail


def test_damaged_nested_archive_does_not_spoil_the_rest(written, workspace):
    data = zipped({"坏.zip": b"PK\x03\x04 nonsense", "好.docx": DOCX})
    members = {member.parts[0]: member.failure for member in unpack(written(data), workspace).members}
    assert members == {"坏.zip": "damaged", "好.docx": None}


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (DOCX, None),
        (zipped({"OFD.xml": b""}), None),
        (zipped({"mimetype": b"application/vnd.oasis.opendocument.text"}), None),
        (DOCX[: len(DOCX) // 2], None),
        (zipped({"方案.docx": DOCX}), ArchiveFormat.ZIP),
        (zipped({}), ArchiveFormat.ZIP),
        (tarred((tarfile.TarInfo("a"), b"b")), ArchiveFormat.TAR),
        (zlib.compress(b"x"), None),
        (b"\x1f\x8b\x08 no gzip at all", None),
        (b"%PDF-1.7" + zipped({"a": b"b"}), None),
        (b"", None),
    ],
)
def test_content_decides_what_is_an_archive(data, expected, written):
    assert archive_format(written(data, "材料.bin")) is expected


@pytest.mark.parametrize("name", ["材料.docx", "材料.PDF", "材料.wps"])
def test_archive_that_is_named_like_a_document_is_one_document(name, written, workspace):
    archive = zipped({"说明.txt": b"x", "方案.docx": DOCX})
    assert archive_format(written(archive, name)) is None
    assert [m.parts for m in unpack(written(zipped({name: archive})), workspace).members] == [(name,)]


def told(*paths: Path, workspace: Path, together: bool = False) -> tuple[dict[str, list[str]], list[str]]:
    """Submissions as title -> names of files, and notices."""
    items = list(submissions(paths, workspace, together=together))
    found = [item for item in items if isinstance(item, Submission)]
    announced = sum(item.count for item in items if isinstance(item, Announced))
    assert announced >= len(found)
    notices = [("错误：" if i.is_error else "") + i.text for i in items if isinstance(i, Notice)]
    return {item.title: [file.name for file in item.files] for item in found}, notices


TREE = {
    "附件10.docx": DOCX,
    "附件2.docx": DOCX,
    "单位甲/正文.docx": DOCX,
    "单位甲/附件/监理报告.pdf": b"%PDF-1.7",
    "单位乙.zip": zipped({"a/合同.docx": DOCX, "b.docx": DOCX}),
    "__MACOSX/._附件2.docx": b"x",
    "单位甲/~$正文.docx": b"x",
    "Thumbs.db": b"x",
}
BATCH = {
    "单位乙.zip": ["合同.docx", "b.docx"],
    "单位甲": ["正文.docx", "监理报告.pdf"],
    "附件2.docx": ["附件2.docx"],
    "附件10.docx": ["附件10.docx"],
}


@pytest.fixture(params=["folder", "zip", "tar.gz"])
def tree(request, tmp_path, written) -> Path:
    """The same files as a folder and as archives."""
    if request.param == "zip":
        return written(zipped(TREE))
    if request.param == "tar.gz":
        with tarfile.open(tmp_path / "批次.tgz", "w:gz") as archive:
            for name, content in TREE.items():
                info = tarfile.TarInfo(name)
                info.size = len(content)
                archive.addfile(info, io.BytesIO(content))
        return tmp_path / "批次.tgz"
    for name, content in TREE.items():
        written(content, f"批次/{name}")
    return tmp_path / "批次"


def test_batch_is_a_submission_for_each_folder_and_loose_file(tree, workspace):
    found, notices = told(tree, workspace=workspace)
    assert found == BATCH
    assert list(found) == list(BATCH)
    assert any("已忽略" in notice and "~$正文.docx" in notice for notice in notices)
    assert not any(notice.startswith("错误") for notice in notices)


def test_together_makes_everything_one_submission(tree, workspace, written):
    more = written(DOCX, "另一份.docx")
    found, _ = told(tree, more, workspace=workspace, together=True)
    assert found == {tree.name: [*(name for names in BATCH.values() for name in names), "另一份.docx"]}


def test_each_path_is_a_submission_in_the_given_order(written, workspace):
    paths = [written(DOCX, name) for name in ("b.docx", "a.docx")]
    found, _ = told(*paths, workspace=workspace)
    assert list(found) == ["b.docx", "a.docx"]


@pytest.mark.parametrize(("data", "reason"), [(b"PK\x03\x04 torn", "damaged")])
def test_damaged_archive_is_one_unreadable_submission(data, reason, written, workspace):
    [_, item] = submissions([written(data)], workspace)
    [file] = item.files
    assert (item.title, file.name, file.failure) == ("批次.zip", "批次.zip", reason)
    assert not list(workspace.iterdir())


@pytest.mark.parametrize("together", [False, True])
def test_empty_folder_and_archive_are_errors(together, written, workspace, tmp_path):
    (tmp_path / "空").mkdir()
    found, [notice] = told(tmp_path / "空", workspace=workspace, together=together)
    assert found == {}
    assert notice.startswith("错误")
    assert "空：里面没有可以检查的文件" in notice
    assert str(tmp_path) not in notice


def test_empty_archive_is_an_error(written, workspace):
    found, [notice] = told(written(zipped({})), workspace=workspace)
    assert found == {}
    assert "批次.zip：里面没有可以检查的文件" in notice
    assert str(workspace.parent) not in notice


def test_missing_path_is_an_error_and_the_others_are_told(written, workspace):
    found, [notice] = told(Path("/没有/这个.docx"), written(DOCX, "有.docx"), workspace=workspace)
    assert found == {"有.docx": ["有.docx"]}
    assert "没有这个文件" in notice


def test_missing_path_leaves_no_submission_together(written, workspace):
    found, notices = told(
        Path("/没有/这个.docx"), written(DOCX, "有.docx"), workspace=workspace, together=True
    )
    assert found == {}
    assert any("不完整" in notice for notice in notices)


def test_pipe_is_refused_without_waiting_for_a_writer(tmp_path, workspace):
    os.mkfifo(tmp_path / "pipe.docx")
    _, [notice] = told(tmp_path / "pipe.docx", workspace=workspace)
    assert "不是普通文件" in notice


def test_folder_that_links_to_itself_ends(tmp_path, workspace, written):
    written(DOCX, "批次/单位/方案.docx")
    (tmp_path / "批次" / "单位" / "回环").symlink_to(tmp_path / "批次")
    found, _ = told(tmp_path / "批次", workspace=workspace)
    assert found == {"单位": ["方案.docx"]}


def test_unpacked_files_go_when_their_submission_is_done_and_named_ones_stay(written, workspace):
    loose, archive = written(DOCX, "散.docx"), written(zipped({"a.docx": DOCX}))
    for item in submissions([loose, archive], workspace):
        if isinstance(item, Submission):
            discard(item, workspace)
    assert not [path for path in workspace.rglob("*") if path.is_file()]
    assert loose.exists()
    assert archive.exists()


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("方案.docx", "方案.docx"),
        (os.fsdecode("方案.docx".encode("gb18030")), "方案.docx"),
        (os.fsdecode(b"\xff\xfe\xff.docx"), "\ufffd\ufffd\ufffd.docx"),
        ("a\nb\x1b[31m.docx", "a\ufffdb\ufffd[31m.docx"),
        ("\u202excod.exe", "xcod.exe"),
        ("长" * 4000 + ".docx", "长" * 194 + "….docx"),
    ],
)
def test_names_are_shown_without_tricks(name, expected):
    assert shown(name) == expected


def test_natural_order():
    given = ["附件10", "附件2", "附件1", "附件01", "附件", "2", "10"]
    assert sorted(given, key=lambda name: natural((name,))) == [
        "2",
        "10",
        "附件",
        "附件01",
        "附件1",
        "附件2",
        "附件10",
    ]


def test_natural_order_of_endless_numbers():
    assert natural(("9" * 10_000,)) < natural(("1" + "0" * 10_000,))


@pytest.mark.parametrize(
    ("path", "junk"),
    [
        ("__MACOSX/a.docx", True),
        ("a/.DS_Store", True),
        ("desktop.ini", True),
        ("~$案.docx", True),
        (".~lock.方案.docx#", True),
        ("方案.docx", False),
        ("~方案.docx", False),
    ],
)
def test_junk(path, junk):
    assert is_junk(tuple(path.split("/"))) is junk


# -- 7z, RAR, tar.xz: unpacked by a child process ------------------------------------------------------------
def seven_zip(members: dict[str, bytes], password: str | None = None) -> bytes:
    with io.BytesIO() as out:
        with py7zr.SevenZipFile(out, "w", password=password) as archive:
            for name, content in members.items():
                archive.writestr(content, name)
        return out.getvalue()


def tar_xz(members: dict[str, bytes]) -> bytes:
    with io.BytesIO() as out:
        with tarfile.open(fileobj=out, mode="w:xz") as archive:
            for name, content in members.items():
                header = tarfile.TarInfo(name)
                header.size = len(content)
                archive.addfile(header, io.BytesIO(content))
        return out.getvalue()


MEMBERS = {"甲单位/方案.docx": DOCX, "甲单位/空.docx": b"", "__MACOSX/._方案.docx": b"x", "乙.docx": DOCX}


@pytest.mark.parametrize("packed", [seven_zip, tar_xz])
def test_other_archives_are_unpacked_like_a_zip(packed, written, workspace):
    path = written(packed(MEMBERS), "批次.rar")
    assert archive_format(path) is ArchiveFormat.FOREIGN
    found = unpack(path, workspace)
    assert [m.parts for m in found.members] == [("乙.docx",), ("甲单位", "方案.docx"), ("甲单位", "空.docx")]
    assert [m.path.read_bytes() for m in found.members] == [DOCX, DOCX, b""]
    assert found.junk == ("__MACOSX/._方案.docx",)


@pytest.mark.parametrize("packed", [seven_zip, tar_xz])
def test_other_archives_are_counted_while_they_unpack(packed, written, workspace):
    bomb = written(packed({"炸弹.docx": bytes(20 << 20)}), "炸弹")
    limits = ArchiveLimits(max_bytes=1 << 20)
    with pytest.raises(UnreadableDocumentError) as caught:
        unpack(bomb, workspace, limits)
    assert caught.value.reason == "unpacks-too-large"
    assert sum(p.stat().st_size for p in workspace.rglob("*") if p.is_file()) <= 1 << 20
    many = written(packed({f"{n}.docx": b"x" for n in range(30)}), "成群")
    with pytest.raises(UnreadableDocumentError) as caught:
        unpack(many, workspace, ArchiveLimits(max_files=20))
    assert caught.value.reason == "too-many-files"


def test_archives_of_any_kind_nest_in_one_another(written, workspace):
    inner = tar_xz({"方案.docx": DOCX})
    outer = zip_of(("里面.7z", seven_zip({"再里面.txz": inner})))
    assert names(written(outer), workspace) == ["里面.7z/再里面.txz/方案.docx"]


def test_encrypted_members_of_a_7z_are_reported_each_by_name(written, workspace):
    path = written(seven_zip({"方案.docx": DOCX, "附件.docx": DOCX}, password="secret"), "密.7z")
    assert [(m.parts, m.failure) for m in unpack(path, workspace).members] == [
        (("方案.docx",), "encrypted"),
        (("附件.docx",), "encrypted"),
    ]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"7z\xbc\xaf\x27\x1c\0\4" + bytes(50), "damaged"),
        (seven_zip({"a.docx": DOCX})[:-20], "damaged"),
        (tar_xz({"a.docx": DOCX})[:-200], "damaged"),
        (lzma.compress(b"no tar"), "unsupported"),
        (b"Rar!\x1a\x07\0" + bytes(50), "damaged"),
    ],
)
def test_other_archives_that_are_broken_say_so(data, reason, written, workspace):
    with pytest.raises(UnreadableDocumentError) as caught:
        unpack(written(data), workspace)
    assert caught.value.reason == reason


def rar(name: bytes, content: bytes, method: int = 0x30, flags: int = 0) -> bytes:
    """A RAR archive (version 4) of one file."""

    def block(kind: int, flags: int, body: bytes) -> bytes:
        head = struct.pack("<BHH", kind, flags, 7 + len(body)) + body
        return struct.pack("<H", zlib.crc32(head) & 0xFFFF) + head

    body = struct.pack(
        "<IIBIIBBHI", len(content), len(content), 2, zlib.crc32(content), 0, 20, method, len(name), 0x20
    )
    member = block(0x74, 0x8000 | flags, body + name)
    return b"Rar!\x1a\x07\0" + block(0x73, 0, bytes(6)) + member + content + block(0x7B, 0x4000, b"")


def test_a_rar_is_unpacked_and_its_locked_member_is_named(written, workspace, tmp_path):
    assert names(written(rar(b"plan.docx", DOCX)), workspace) == ["plan.docx"]
    [locked] = unpack(written(rar(b"plan.docx", DOCX, flags=0x04)), tmp_path).members
    assert (locked.parts, locked.failure) == (("plan.docx",), "encrypted")


def test_a_rar_without_its_program_says_what_to_install(written, workspace, monkeypatch, tmp_path):
    (tmp_path / "empty").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))
    with pytest.raises(UnreadableDocumentError) as caught:
        unpack(written(rar(b"plan.docx", DOCX, method=0x33)), workspace)
    assert caught.value.reason == "unsupported"
    assert "unar" in caught.value.detail


@pytest.mark.needs("unar")
def test_a_compressed_rar_that_is_damaged_names_its_member(written, workspace):
    [member] = unpack(written(rar(b"plan.docx", DOCX, method=0x33)), workspace).members
    assert (member.parts, member.failure) == (("plan.docx",), "damaged")


# -- the child process that unpacks --------------------------------------------------------------------------
@pytest.fixture
def child(monkeypatch, tmp_path):
    """A child that does what a shell script says instead of unpacking; ``$FOLDER`` is where it would."""

    def install(script: str) -> None:
        program = tmp_path / "python"
        program.write_text(f'#!/bin/sh\nFOLDER="$8"\n{script}\n')
        program.chmod(0o755)
        monkeypatch.setattr("sys.executable", str(program))

    return install


MEMBER = '{"members": [[["方案.docx"], "%s", null, ""]], "junk": [], "refused": []}'


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ("kill -SEGV $$", "parser-crash"),
        ("kill -KILL $$", "memory-limit"),
        ("exit 1", "parser-crash"),
        (f"ln -s /etc/passwd \"$FOLDER/1\"; echo '{MEMBER % '1'}'", "parser-crash"),
        (f"mkdir \"$FOLDER/1\"; echo '{MEMBER % '1'}'", "parser-crash"),
        (f"echo '{MEMBER % '../批次.zip'}'", "parser-crash"),
        (f"echo '{MEMBER % '/etc/passwd'}'", "parser-crash"),
        ("sleep 1000", "time-limit"),
    ],
)
def test_a_child_that_ends_or_lies_makes_an_unreadable_archive(
    script, reason, child, written, workspace, monkeypatch
):
    monkeypatch.setattr("worker.gathering.apart._SECONDS", 1 if reason == "time-limit" else 100)
    child(script)
    with pytest.raises(UnreadableDocumentError) as caught:
        unpack(written(zip_of(("方案.docx", DOCX))), workspace)
    assert caught.value.reason == reason


def test_what_a_child_says_of_the_disk_is_no_fault_of_the_archive(child, written, workspace):
    child("""echo '{"errno": 28, "message": "No space left on device"}'""")
    with pytest.raises(OSError, match="No space left") as caught:
        unpack(written(zip_of(("方案.docx", DOCX))), workspace)
    assert caught.value.errno == 28


def test_packed_without_an_archive_is_one_file(written, workspace):
    path = written(gzip.compress(b"no tar"), "材料.gz")
    assert unpack(path, workspace) is None
    assert told(path, workspace=workspace) == ({"材料.gz": ["材料.gz"]}, [])
