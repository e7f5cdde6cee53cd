"""No file hurts: each ends in a report that says why, none passes, and the command lives."""

import io
import json
import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from hostile_files import hostile_files
from hostile_others import NAMES, hostile_other_files
from hostile_pdf import hostile_pdf_files
from hostile_word import hostile_word_files

from intake import cli
from schemas import catalogue

ROOT = Path(__file__).resolve().parents[1]
GENERATORS = (hostile_files, hostile_word_files, hostile_pdf_files, hostile_other_files)
MADE = {hostile.name: hostile for generate in GENERATORS for hostile in generate()}
QUICK = ("--timeout", "20")
"""For files made here, which take a second or two, or never end."""
CORPUS = Path(os.environ.get("YUSHEN_HOSTILE", ROOT.parent / "shared" / "hostile"))


@dataclass(frozen=True)
class Outcome:
    """What one call of ``yushen check`` said."""

    status: int
    reports: list[dict]
    complaints: str


def check(arguments: list[str], capfdbinary: pytest.CaptureFixture[bytes]) -> Outcome:
    status = cli.main(["check", "--format", "jsonl", "--jobs", "2", *arguments])
    out, err = capfdbinary.readouterr()
    return Outcome(status, [json.loads(line) for line in io.BytesIO(out)], err.decode())


def unexplained(reports: list[dict]) -> Iterator[str]:
    """Names of reports that pass, or that give no verdict and no reason either."""
    for report in reports:
        codes = {finding["code"] for finding in report["findings"]}
        judged = report["conclusion"] == "deficient"
        if not (judged or (report["conclusion"] == "unreadable" and codes & _REASONED)):
            yield report["documents"][0]["name"]


_REASONED = {"document-unreadable", "class-undetermined"}


def reasons(report: dict) -> set[str]:
    """Keys of the catalogue whose words the report's messages contain."""
    words = {key: entry.reason.removesuffix("{detail}") for key, entry in catalogue().unreadable.items()}
    messages = [f["message"] for f in report["findings"] if f["code"] == "document-unreadable"]
    return {key for key, reason in words.items() if any(reason in message for message in messages)}


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    for hostile in MADE.values():
        (folder / hostile.name).write_bytes(hostile.data)
    return folder


if CORPUS.is_dir():  # it lies beside some checkouts of ours

    def test_every_file_that_broke_another_reader_ends_in_a_report_that_says_why(capfdbinary):
        paths = sorted(str(path) for path in CORPUS.rglob("*") if path.is_file())
        outcome = check(paths, capfdbinary)
        assert len(outcome.reports) >= len(paths)
        assert not list(unexplained(outcome.reports))
        assert "--debug" not in outcome.complaints
        assert outcome.status == 2


@pytest.fixture(scope="module")
def told(made) -> dict[str, list[dict]]:
    """Name of each file made here -> its reports, several for an archive."""
    code = "import sys; from intake.cli import main; sys.exit(main())"
    call = ["check", "--format", "jsonl", "--jobs", "2", *QUICK]
    told = {}
    archives = [name for name in MADE if name.rsplit(".", 1)[1] in ARCHIVES]
    for names in ([name for name in MADE if name not in archives], *([name] for name in archives)):
        paths = [str(made / name) for name in names]
        done = subprocess.run(
            [sys.executable, "-c", code, *call, *paths], cwd=ROOT, capture_output=True, check=False
        )
        reports = [json.loads(line) for line in done.stdout.splitlines()]
        assert done.returncode == 2, done.stderr.decode()
        assert b"Traceback" not in done.stderr
        assert b"--debug" not in done.stderr
        if len(names) > 1:
            assert len(reports) == len(names)
            told |= {name: [report] for name, report in zip(names, reports, strict=True)}
        else:
            assert reports or "没有可以检查的文件".encode() in done.stderr
            told[names[0]] = reports
    return told


ARCHIVES = ("zip", "tar", "gz", "bz2", "xz", "7z", "rar", "rar5")


def test_every_file_made_here_ends_in_a_report_that_says_why(told):
    assert told.keys() == MADE.keys()
    assert not list(unexplained([report for reports in told.values() for report in reports]))


def test_reason_is_the_right_one(told):
    given = {name: {r for report in told[name] for r in reasons(report)} for name in MADE}
    wrong = {
        name: given[name] for name in MADE if MADE[name].reasons and not given[name] & set(MADE[name].reasons)
    }
    assert not wrong


def test_what_is_said_of_it_are_whole_sentences(told):
    for name, reports in told.items():
        for report in reports:
            messages = [f["message"] for f in report["findings"] if f["code"] == "document-unreadable"]
            assert all(message.endswith(("。", "）")) for message in messages), (name, messages)


def test_what_could_run_or_be_fetched_is_noticed(told):
    noticed = {
        name: {
            f["found"] for report in told[name] for f in report["findings"] if f["code"] == "active-content"
        }
        for name in MADE
    }
    assert not {name: noticed[name] for name in MADE if set(MADE[name].notices) - noticed[name]}


def test_names_hurt_nobody(tmp_path, capfdbinary):
    document = (ROOT / "examples" / "contract-filing-deficient.docx").read_bytes()
    for name in NAMES:
        (tmp_path / name).write_bytes(document)
    status = cli.main(["check", "--jobs", "2", *(str(tmp_path / name) for name in NAMES)])
    out, err = capfdbinary.readouterr()
    assert status in (1, 2)
    shown = out.decode() + err.decode()
    assert out.decode().count("contract-filing") or len(NAMES) <= out.decode().count("需要补正")
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]", shown)


@pytest.fixture
def strange(tmp_path) -> Iterator[list[Path]]:
    """What is named like a file and is none."""
    pipe, dangling, loop, socket_path = (
        tmp_path / f"{name}.docx" for name in ("管道", "断链", "环链", "套接字")
    )
    os.mkfifo(pipe)
    dangling.symlink_to(tmp_path / "没有")
    loop.symlink_to(loop)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(socket_path))
        yield [
            pipe,
            dangling,
            loop,
            socket_path,
            Path("/dev/zero"),
            Path("/dev/full"),
            tmp_path / ("长" * 300),
        ]


@pytest.mark.parametrize("together", [(), ("--together",)])
def test_what_is_no_file_is_refused_without_waiting(strange, together, capfdbinary):
    for path in strange:
        outcome = check([str(path), *together], capfdbinary)
        assert outcome.status == 2
        assert not outcome.reports
        assert len(outcome.complaints.strip().splitlines()) == 1
        assert outcome.complaints.startswith("预审：")
        assert "--debug" not in outcome.complaints


def test_strange_files_of_a_folder_are_named_and_the_rest_is_judged(strange, capfdbinary):
    folder = strange[0].parent
    (folder / "方案.docx").write_bytes((ROOT / "examples" / "contract-filing-deficient.docx").read_bytes())
    (folder / "回环").symlink_to(folder)
    outcome = check([str(folder)], capfdbinary)
    assert outcome.status == 2
    assert [report["documents"][0]["name"] for report in outcome.reports] == ["方案.docx"]
    assert all(path.name in outcome.complaints for path in strange[:4])


def test_bad_files_of_one_submission_are_each_named_and_the_rest_is_read(made, capfdbinary):
    bad = ["空.docx", "加密.docx", "表单自套.pdf", "解压炸弹.docx", "旧版.doc"]
    clean = ROOT / "examples" / "proposal-construction-clean.docx"
    outcome = check([*(str(made / name) for name in bad), str(clean), "--together"], capfdbinary)
    [report] = outcome.reports
    unreadable = [f for f in report["findings"] if f["code"] == "document-unreadable"]
    assert all(any(f"《{name}》" in finding["message"] for finding in unreadable) for name in bad)
    assert report["document_class"] == "proposal-construction"
    assert report["conclusion"] == "deficient"
