import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import click
import pytest
from hostile_files import docx, paragraph, zipped

from intake import cli
from schemas import available_packs, load_pack
from schemas.version import VERSION

ROOT = Path(__file__).resolve().parents[1]
EXAMPLES = ROOT / "examples"
CLEAN = EXAMPLES / "proposal-construction-clean.docx"
DEFICIENT = EXAMPLES / "proposal-construction-deficient.docx"


@pytest.fixture
def run(capfdbinary):
    """Call the command line; exit status, stdout and stderr."""

    def call(*arguments: object) -> tuple[int, bytes, str]:
        status = cli.main([str(argument) for argument in arguments])
        out, err = capfdbinary.readouterr()
        return status, out, err.decode()

    return call


def spawned(*arguments: str, **options) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "intake", *arguments]
    return subprocess.run(command, capture_output=True, cwd=ROOT, check=False, **options)


def lines(out: bytes) -> list[dict]:
    return [json.loads(line) for line in out.splitlines()]


@pytest.fixture
def empty(tmp_path) -> Path:
    path = tmp_path / "空.docx"
    path.touch()
    return path


def test_status_is_the_worst_of_what_came(run, empty):
    assert run("check", CLEAN, "--format", "jsonl")[0] == 0
    assert run("check", CLEAN, DEFICIENT, "--format", "jsonl")[0] == 1
    assert run("check", empty, CLEAN, DEFICIENT, "--format", "jsonl")[0] == 2


def test_lines_come_in_the_order_of_the_paths_and_nothing_else(run, empty):
    paths = [DEFICIENT, empty, CLEAN]
    _, out, err = run("check", *paths, "--format", "jsonl", "--jobs", 2)
    assert [report["documents"][0]["name"] for report in lines(out)] == [path.name for path in paths]
    assert err == ""


def test_json_is_one_report_or_an_array_of_them(run, tmp_path):
    _, one, _ = run("check", CLEAN, "--format", "json")
    _, line, _ = run("check", CLEAN, "--format", "jsonl")
    assert json.loads(one) == json.loads(line)
    _, several, _ = run("check", CLEAN, DEFICIENT, "--format", "json")
    assert [report["conclusion"] for report in json.loads(several)] == ["pass", "deficient"]
    (tmp_path / "批次").mkdir()
    (tmp_path / "批次" / "方案.docx").write_bytes(CLEAN.read_bytes())
    _, batch, _ = run("check", tmp_path / "批次", "--format", "json")
    assert len(json.loads(batch)) == 1


def test_same_bytes_give_the_same_bytes(run):
    arguments = ("check", CLEAN, DEFICIENT, "--format", "jsonl", "--filed-on", "2026-03-10")
    assert run(*arguments)[1] == run(*arguments, "--jobs", 1)[1]


def test_options_reach_the_report(run):
    _, out, _ = run(
        "check", CLEAN, "--format", "jsonl", "--class", "contract-filing", "--filed-on", "2026-03-10"
    )
    [report] = lines(out)
    assert report["document_class"] == "contract-filing"
    assert report["as_of"] == "2026-03-10"
    assert report["pack"] == "jinjiang-2023"


def test_together_is_one_report(run, tmp_path):
    archive = tmp_path / "送审.zip"
    archive.write_bytes(zipped({CLEAN.name: CLEAN.read_bytes(), "附件/说明.docx": docx(paragraph("说明"))}))
    _, out, _ = run("check", archive, "--together", "--format", "jsonl")
    [report] = lines(out)
    assert {document["name"] for document in report["documents"]} == {CLEAN.name, "说明.docx"}


def test_archive_is_a_batch(run, tmp_path):
    archive = tmp_path / "批次.zip"
    archive.write_bytes(
        zipped({"甲/a.docx": CLEAN.read_bytes(), "乙.docx": DEFICIENT.read_bytes(), "Thumbs.db": b"x"})
    )
    status, out, err = run("check", archive, "--format", "jsonl")
    assert {report["documents"][0]["name"] for report in lines(out)} == {"a.docx", "乙.docx"}
    assert status == 1
    assert "已忽略 Thumbs.db" in err


def test_text_is_for_people_and_a_batch_has_a_summary(run):
    _, one, _ = run("check", DEFICIENT)
    assert DEFICIENT.name in one.decode()
    assert b"\x1b" not in one
    _, several, _ = run("check", DEFICIENT, CLEAN)
    assert several.decode().rstrip().splitlines()[-1] == "共 2 件：通过预审检查 1 件，需要补正 1 件。"


def test_html_goes_to_stdout_file_or_folder(run, tmp_path):
    _, out, _ = run("check", CLEAN, "--format", "html")
    assert out.lower().startswith(b"<!doctype html")
    run("check", CLEAN, "--format", "html", "--output", tmp_path / "报告.html")
    assert (tmp_path / "报告.html").read_bytes() == out
    run("check", CLEAN, CLEAN, DEFICIENT, "--format", "html", "--output", tmp_path / "报告")
    assert {path.name for path in (tmp_path / "报告").iterdir()} == {
        f"{CLEAN.name}.html",
        f"{CLEAN.name}-2.html",
        f"{DEFICIENT.name}.html",
    }


def test_docx_is_written_as_a_file(run, tmp_path):
    run("check", DEFICIENT, "--format", "docx", "--output", tmp_path / "补正.docx")
    assert "word/document.xml" in zipfile.ZipFile(tmp_path / "补正.docx").namelist()


def test_output_takes_what_stdout_would(run, tmp_path):
    _, out, _ = run("check", CLEAN, DEFICIENT, "--format", "jsonl")
    _, nothing, _ = run("check", CLEAN, DEFICIENT, "--format", "jsonl", "--output", tmp_path / "a.jsonl")
    assert nothing == b""
    assert (tmp_path / "a.jsonl").read_bytes() == out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "缺少命令"),
        (["chekc"], "没有命令“chekc”"),
        (["check"], "缺少 PATH"),
        (["check", "x", "--formt=json"], "是不是 --format"),
        (["check", "x", "--format", "xml"], "text、json、jsonl、html、docx"),
        (["check", "x", "--filed-on", "3月1日"], "2026-03-10"),
        (["check", "x", "--filed-on"], "--filed-on"),
        (["check", "x", "--jobs", "0"], "大于 0"),
        (["check", "x", "--timeout", "soon"], "大于 0"),
        (["check", "x", "--class", "letter"], "proposal-construction"),
        (["check", "x", "--pack", "nowhere"], "jinjiang-2023"),
        (["check", "/没有/这个.docx"], "没有这个文件"),
        (["check", str(CLEAN), str(DEFICIENT), "--format", "docx"], "--output"),
        (["check", str(CLEAN), "--output", str(CLEAN)], "覆盖原件"),
        (["check", str(CLEAN), "--output", str(ROOT)], "是文件夹"),
        (["check", str(CLEAN), "--output", "/没有/这里/a.txt"], "无法写入"),
        (["packs", "show", "nowhere"], "jinjiang-2023"),
    ],
)
def test_wrong_call_is_explained_in_chinese_with_its_remedy(arguments, words, run):
    status, out, err = run(*arguments)
    assert status == 2
    assert out == b""
    assert words in err
    assert "Traceback" not in err
    assert "Error" not in err


def test_missing_path_does_not_keep_the_others_from_being_checked(run):
    status, out, err = run("check", "/没有/这个.docx", CLEAN, "--format", "jsonl")
    assert (status, len(lines(out))) == (2, 1)
    assert "没有这个文件" in err


def test_failure_of_the_program_is_no_report_and_no_pass(run, monkeypatch, tmp_path):
    document = tmp_path / "bug.docx"
    document.write_text("bug")
    stub = (sys.executable, str(Path(__file__).with_name("stub_child.py")))
    monkeypatch.setattr("worker.sandbox.child_command", lambda module: stub)
    status, out, err = run("check", document, "--format", "jsonl")
    assert (status, out) == (2, b"")
    assert "这不是送审文件的问题" in err
    assert "Traceback" not in err
    _, _, detailed = run("check", document, "--format", "jsonl", "--debug")
    assert "Traceback" in detailed


def test_unexpected_fault_of_the_command_itself_shows_no_traceback(run, monkeypatch):
    def broken(*_arguments, **_options):
        raise ZeroDivisionError("inside")

    monkeypatch.setattr("worker.gathering.submissions.submissions", broken)
    status, out, err = run("check", CLEAN)
    assert (status, out) == (2, b"")
    assert "程序内部错误" in err
    assert "Traceback" not in err
    with pytest.raises(ZeroDivisionError):
        cli.main(["check", str(CLEAN), "--debug"])


def test_help_is_chinese_and_loads_little():
    code = (
        "import sys; from intake.cli import main; status = main(['check', '--help']);"
        "print(sorted(sys.modules.keys() & {'rich', 'lxml', 'docx', 'jinja2', 'jsonschema', 'subprocess'}));"
        "sys.exit(status)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, cwd=ROOT, check=True)
    out = done.stdout.decode()
    assert "用法：" in out
    assert "退出状态" in out
    assert not {"Usage", "Options", "Show this message"} & set(out.split())
    assert out.splitlines()[-1] == "[]"


def pages(command: click.Command, *path: str):
    yield path
    for name, below in getattr(command, "commands", {}).items():
        yield from pages(below, *path, name)


@pytest.mark.parametrize("path", list(pages(cli.yushen)), ids=" ".join)
def test_every_help_page_is_chinese(run, path):
    status, out, _ = run(*path, "--help")
    page = out.decode()
    assert status == 0
    assert page.startswith("用法：yushen")
    assert "--help" in page
    assert not re.findall(r"[A-Z][a-z]+:|\[required\]|[a-z]+ [a-z]+ [a-z]+ [a-z]+", page)


@pytest.mark.parametrize(
    "given", ["20260508", "2026-W19-5", "2026/05/08", "2026-02-30", "２０２６-０５-０８"]
)
def test_date_is_taken_in_the_form_that_is_documented_alone(run, given):
    status, out, err = run("check", CLEAN, "--filed-on", given)
    assert (status, out) == (2, b"")
    assert f"“{given}”不是有效的日期，请写成 2026-03-10 这样的形式" in err


def test_number_that_is_none_is_said_in_chinese(run):
    status, _, err = run("serve", "--port", "many")
    assert (status, err.splitlines()[0]) == (2, "预审：--port 应当是整数。")


def test_reason_of_the_system_is_said_in_chinese(run, tmp_path):
    file = tmp_path / "报告.json"
    file.write_text("{}")
    for output, why in [
        (tmp_path / "没有" / "报告.json", "没有这个文件或文件夹"),
        (file / "报告.json", "路径中有一段不是文件夹"),
    ]:
        status, _, err = run("check", CLEAN, "--format", "json", "--output", output)
        assert status == 2
        assert why in err
        assert not re.search(r"[A-Z][a-z]+ [a-z]+", err)


def test_report_of_a_folder_in_a_batch_says_which_folder(run, tmp_path):
    for folder in ("甲项目", "乙项目"):
        (tmp_path / "批次" / folder).mkdir(parents=True)
        (tmp_path / "批次" / folder / "方案.docx").write_bytes(CLEAN.read_bytes())
    (tmp_path / "批次" / "散件.docx").write_bytes(CLEAN.read_bytes())
    _, out, _ = run("check", tmp_path / "批次")
    assert re.findall("送审件：(.+)", out.decode()) == ["乙项目", "甲项目"]
    assert "送审件：" not in run("check", CLEAN)[1].decode()


def test_version(run):
    assert run("--version") == (0, f"yushen {VERSION}\n".encode(), "")


def test_packs_are_listed_shown_and_linted(run):
    _, out, _ = run("packs", "list")
    assert {line.split()[0] for line in out.decode().splitlines()} == set(available_packs())
    pack = load_pack("jinjiang-2023")
    _, out, _ = run("packs", "show", pack.id)
    assert all(r.name in out.decode() for kind in pack.classes.values() for r in kind.requirements)
    _, out, _ = run("packs", "show", pack.id, "contract-filing")
    assert "合同副本" in out.decode()
    assert "停运时间" not in out.decode()
    assert run("packs", "lint", pack.id)[0] == 0


def test_mistake_in_a_pack_is_shown(run, tmp_path):
    folder = tmp_path / "broken"
    folder.mkdir()
    (folder / "pack.json").write_text('{"id": "other"}')
    status, out, _ = run("packs", "lint", folder)
    assert status == 2
    assert "pack.json" in out.decode()


@pytest.mark.parametrize("locale", ["C", "POSIX", "en_US.ISO-8859-1", "zh_CN.GBK"])
def test_output_is_utf8_in_any_locale(locale, tmp_path):
    path = os.path.join(os.fsencode(tmp_path), "空方案.docx".encode())
    Path(os.fsdecode(path)).touch()
    done = spawned("check", path, "--format", "jsonl", env={"PATH": os.environ["PATH"], "LC_ALL": locale})
    [report] = lines(done.stdout)
    assert report["documents"][0]["name"] == "空方案.docx"
    assert done.stderr == b""


def test_name_that_is_no_text_is_shown_and_checked(tmp_path):
    path = os.path.join(os.fsencode(tmp_path), b"\xff\xfe\xff.docx")
    with open(path, "wb") as file:
        file.write(CLEAN.read_bytes())
    done = spawned("check", path, os.path.join(os.fsencode(tmp_path), b"\xff.none"), "--format", "jsonl")
    assert [report["conclusion"] for report in lines(done.stdout)] == ["pass"]
    assert "没有这个文件" in done.stderr.decode()


def test_reader_of_stdout_that_leaves_early_causes_no_traceback():
    command = [sys.executable, "-m", "intake", "check", *[str(CLEAN)] * 40, "--format", "jsonl"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT)
    assert process.stdout.readline()
    process.stdout.close()
    assert process.stderr.read() == b""
    assert process.wait() == 2
    process.stderr.close()


def test_termination_leaves_nothing_behind(tmp_path):
    archive = tmp_path / "批次.zip"
    archive.write_bytes(zipped({f"{n}.docx": CLEAN.read_bytes() for n in range(100)}))
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    process = subprocess.Popen(
        [sys.executable, "-m", "intake", "check", str(archive), "--format", "jsonl"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(scratch)},
    )
    assert process.stdout.readline()
    assert list(scratch.iterdir())
    process.terminate()
    process.communicate()
    assert not list(scratch.glob("yushen-*"))
