"""``yushen batch``: interruptions, changes, what is one submission, and the tables at the end."""

import csv
import json
import os
import shutil
import zipfile
from pathlib import Path

import openpyxl
import pytest
from hostile_files import docx, paragraph, zipped

from intake import cli
from reports.summary import Judged, write_csv, write_xlsx
from worker.sandbox import CheckPool

ROOT = Path(__file__).resolve().parents[1]
CLEAN = ROOT / "examples" / "proposal-maintenance-clean.docx"
DEFICIENT = ROOT / "examples" / "proposal-maintenance-deficient.docx"


@pytest.fixture
def run(capfd):
    def call(*arguments: object) -> tuple[int, str, str]:
        status = cli.main(["batch", *map(str, arguments), "--filed-on", "2026-05-11", "--jobs", "1"])
        out, err = capfd.readouterr()
        return status, out, err

    return call


@pytest.fixture
def folder(tmp_path) -> Path:
    """Two loose files, a folder of two levels, and a system's leavings."""
    place = tmp_path / "旧档案"
    (place / "2019" / "甲").mkdir(parents=True)
    shutil.copy(CLEAN, place / "方案一.docx")
    shutil.copy(DEFICIENT, place / "方案二.docx")
    shutil.copy(CLEAN, place / "2019" / "方案三.docx")
    shutil.copy(DEFICIENT, place / "2019" / "甲" / "方案四.docx")
    (place / "Thumbs.db").write_bytes(b"x")
    return place


def table(into: Path) -> list[dict[str, str]]:
    with (into / "summary.csv").open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def named(into: Path) -> dict[str, str]:
    return {row["送审件"]: row["结论"] for row in table(into)}


def test_files_are_submissions_and_so_is_a_folder(run, folder, tmp_path):
    status, out, _ = run(folder, "--into", tmp_path / "结果")
    assert status == 1
    assert [row["送审件"] for row in table(tmp_path / "结果")] == ["2019", "方案一.docx", "方案二.docx"]
    assert "共 3 件" in out
    assert "另有 1 项没有检查" in out


def test_batch_of_nothing_has_not_passed(run, tmp_path):
    (tmp_path / "空").mkdir()
    (tmp_path / "空" / "Thumbs.db").write_bytes(b"x")
    status, out, err = run(tmp_path / "空", "--into", tmp_path / "结果")
    assert status == 2
    assert "没有检查任何文件" in out
    assert "没有找到可以检查的文件。请核对" in err


@pytest.mark.parametrize(
    ("each", "expected"),
    [
        ("file", ["方案三.docx", "方案四.docx", "方案一.docx", "方案二.docx"]),
        ("folder", ["旧档案", "2019", "甲"]),
    ],
)
def test_what_is_one_submission_can_be_said(run, folder, tmp_path, each, expected):
    run(folder, "--into", tmp_path / "结果", "--each", each)
    titles = [row["所在位置"].rpartition("/")[2] for row in table(tmp_path / "结果")]
    assert sorted(titles) == sorted(expected)


@pytest.mark.parametrize(
    ("each", "expected"),
    [
        (None, ["散件.docx", "项目甲"]),
        ("file", ["散件.docx", "项目甲/纪要.docx", "项目甲/附件/方案.docx"]),
        ("folder", ["送审.zip"]),
    ],
)
def test_what_is_one_submission_of_an_archive_can_be_said(run, tmp_path, each, expected):
    archive = tmp_path / "送审.zip"
    names = ("散件.docx", "项目甲/纪要.docx", "项目甲/附件/方案.docx")
    archive.write_bytes(zipped(dict.fromkeys(names, CLEAN.read_bytes())))
    run(archive, "--into", tmp_path / "结果", *(["--each", each] if each else []))
    assert sorted(named(tmp_path / "结果")) == expected


def rewritten(path: Path, data: bytes) -> None:
    """Other bytes in a file that looks untouched: who reads it again is found out."""
    state = path.stat()
    path.write_bytes(data.ljust(state.st_size, b"\0")[: state.st_size])
    os.utime(path, ns=(state.st_atime_ns, state.st_mtime_ns))


def test_a_later_run_reads_only_what_has_changed(run, folder, tmp_path):
    into = tmp_path / "结果"
    run(folder, "--into", into, "--each", "file")
    first = named(into)
    rewritten(folder / "方案一.docx", b"nothing that could be read")
    shutil.copy(CLEAN, folder / "方案二.docx")
    (folder / "2019" / "方案三.docx").unlink()
    _, out, _ = run(folder, "--into", into, "--each", "file")
    assert "其中 2 处以前已经检查过" in out
    second = named(into)
    assert second["方案一.docx"] == first["方案一.docx"] == "通过预审检查"
    assert (first["方案二.docx"], second["方案二.docx"]) == ("需要补正", "通过预审检查")
    assert "方案三.docx" not in second


def test_an_interrupted_run_goes_on_where_it_stopped(run, folder, tmp_path, monkeypatch):
    into = tmp_path / "结果"
    honest = CheckPool.map

    def interrupted(pool, requests):
        results = honest(pool, requests)
        yield next(results)
        yield next(results)
        raise KeyboardInterrupt

    monkeypatch.setattr(CheckPool, "map", interrupted)
    assert run(folder, "--into", into, "--each", "file")[0] == 130
    monkeypatch.undo()
    status, out, _ = run(folder, "--into", into, "--each", "file")
    assert status == 1
    assert "共 4 件" in out
    assert "处以前已经检查过" in out
    assert len(named(into)) == 4


def test_another_call_does_not_mix_with_a_batch(run, folder, tmp_path):
    run(folder, "--into", tmp_path / "结果")
    status, _, err = run(folder, "--into", tmp_path / "结果", "--class", "contract-filing")
    assert status == 2
    assert "--into" in err
    assert "另外的选项" in err


def test_the_result_does_not_lie_in_what_is_checked(run, folder):
    status, _, err = run(folder, "--into", folder / "结果")
    assert status == 2
    assert "请换一个" in err


def test_an_archive_of_folders_is_a_batch(run, tmp_path):
    archive = tmp_path / "报送.zip"
    with zipfile.ZipFile(archive, "w") as z:
        z.write(CLEAN, "甲单位/方案.docx")
        z.write(DEFICIENT, "乙单位/方案.docx")
    run(archive, "--into", tmp_path / "结果")
    assert sorted(named(tmp_path / "结果")) == ["乙单位", "甲单位"]


def test_one_bad_file_stops_nothing(run, folder, tmp_path):
    (folder / "坏.docx").write_bytes(b"PK\3\4 torn")
    status, _, _ = run(folder, "--into", tmp_path / "结果", "--each", "file")
    assert status == 2
    assert named(tmp_path / "结果")["坏.docx"] == "无法审查"
    assert len(named(tmp_path / "结果")) == 5


def test_reports_of_a_batch_are_those_of_the_check(run, folder, tmp_path, capfd):
    run(folder / "方案一.docx", folder / "方案二.docx", "--into", tmp_path / "结果")
    lines = (tmp_path / "结果" / "reports.jsonl").read_text("utf-8").splitlines()
    files = [str(folder / "方案一.docx"), str(folder / "方案二.docx")]
    cli.main(["check", *files, "--format", "jsonl", "--filed-on", "2026-05-11"])
    assert lines == capfd.readouterr().out.splitlines()


def test_the_workbook_has_every_finding_and_every_count(run, folder, tmp_path):
    run(folder, "--into", tmp_path / "结果", "--each", "file")
    book = openpyxl.load_workbook(tmp_path / "结果" / "summary.xlsx", read_only=True)
    assert book.sheetnames == ["送审件", "问题", "统计", "没有检查的文件"]
    reports = [
        json.loads(line) for line in (tmp_path / "结果" / "reports.jsonl").read_text("utf-8").splitlines()
    ]
    findings = list(book["问题"].iter_rows(min_row=2, values_only=True))
    assert [row[3] for row in findings] == [f["code"] for r in reports for f in r["findings"]]
    counts = {(row[0], row[1]): row[3] for row in book["统计"].iter_rows(min_row=2, values_only=True)}
    assert counts["结论", "通过预审检查"] == 2
    assert counts["结论", "需要补正"] == 2
    [left] = book["没有检查的文件"].iter_rows(min_row=2, values_only=True)
    assert left[0].endswith("Thumbs.db")


def test_no_name_becomes_a_formula(tmp_path):
    entry = Judged("=1+1", '=HYPERLINK("x")', None, "@failed")
    write_csv(tmp_path / "a.csv", [entry])
    write_xlsx(tmp_path / "a.xlsx", lambda: [entry], [("=2+2", "+3")])
    with (tmp_path / "a.csv").open(encoding="utf-8-sig", newline="") as stream:
        assert [cell[:1] for cell in list(csv.reader(stream))[1][1:3]] == ["'", "'"]
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    cells = [cell for sheet in book for row in sheet.iter_rows(min_row=2) for cell in row if cell.value]
    assert {cell.data_type for cell in cells} <= {"s", "n"}


def test_a_wide_folder_is_walked_without_opening_a_file(tmp_path):
    from intake.batch.places import Each, Place, places

    for number in range(300):
        (tmp_path / f"{number}.docx").write_bytes(docx(paragraph("甲")) if number == 0 else b"x")
    walk = places((tmp_path,), Each.FILE)
    first = next(walk)
    assert isinstance(first, Place)
    assert first.key.endswith("0.docx")
    assert sum(isinstance(place, Place) for place in walk) == 299


@pytest.fixture
def bucket(s3, monkeypatch) -> str:
    """A bucket of the S3 server, which the settings name; two loose objects and a folder."""
    name = s3.new_bucket()
    monkeypatch.setenv("YUSHEN_S3_ENDPOINT", s3.endpoint)
    monkeypatch.setenv("YUSHEN_S3_ACCESS_KEY", s3.access_key)
    monkeypatch.setenv("YUSHEN_S3_SECRET_KEY", s3.secret_key)
    monkeypatch.setenv("YUSHEN_S3_TLS", "false")
    for key, path in (("档案/一.docx", CLEAN), ("档案/二.docx", DEFICIENT), ("档案/丙/三.docx", CLEAN)):
        s3.client().fput_object(name, key, str(path))
    return name


def test_a_bucket_is_a_batch_too(run, s3, bucket, tmp_path):
    into = tmp_path / "结果"
    status, _, _ = run(f"s3://{bucket}/档案", "--into", into)
    assert status == 1
    assert named(into) == {"丙": "通过预审检查", "一.docx": "通过预审检查", "二.docx": "需要补正"}
    s3.client().fput_object(bucket, "档案/二.docx", str(CLEAN))
    status, out, _ = run(f"s3://{bucket}/档案", "--into", into)
    assert status == 0
    assert "其中 2 处以前已经检查过" in out
    assert named(into)["二.docx"] == "通过预审检查"


def test_a_bucket_that_is_not_there_is_named_with_the_remedy(run, bucket, tmp_path):
    status, _, err = run("s3://no-such-bucket/x", "--into", tmp_path / "结果")
    assert status == 2
    assert "请核对桶名" in err


def test_without_a_store_the_settings_are_named(run, tmp_path):
    status, _, err = run("s3://bucket/x", "--into", tmp_path / "结果")
    assert status == 2
    assert "YUSHEN_S3_ENDPOINT" in err
