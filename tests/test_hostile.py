"""No file hurts: each ends in a report that says why, none passes, and the command lives."""

import io
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from hostile_files import hostile_files

from intake import cli
from schemas import catalogue

ROOT = Path(__file__).resolve().parents[1]
MADE = {hostile.name: hostile for hostile in hostile_files()}
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


@pytest.mark.parametrize("corpus", [None, *filter(Path.is_dir, [CORPUS])])
def test_every_file_ends_in_a_report_that_says_why(corpus, made, capfdbinary):
    """Files made here, and those that broke other readers, which lie beside some checkouts of ours."""
    paths = sorted(str(path) for path in (corpus or made).rglob("*") if path.is_file())
    outcome = check(paths, capfdbinary)
    assert len(outcome.reports) >= len(paths)
    assert not list(unexplained(outcome.reports))
    assert "--debug" not in outcome.complaints
    assert outcome.status == 2


def test_reason_is_the_right_one(made, capfdbinary):
    outcome = check([str(made / name) for name in MADE if MADE[name].reasons], capfdbinary)
    given = {report["documents"][0]["name"]: reasons(report) for report in outcome.reports}
    assert given.keys() == {name for name in MADE if MADE[name].reasons}
    assert not {name: found for name, found in given.items() if not found & set(MADE[name].reasons)}


def test_bad_files_of_one_submission_are_each_named_and_the_rest_is_read(made, capfdbinary):
    bad = ["空.docx", "加密.docx", "表单自套.pdf", "解压炸弹.docx", "旧版.doc"]
    clean = ROOT / "examples" / "proposal-construction-clean.docx"
    outcome = check([*(str(made / name) for name in bad), str(clean), "--together"], capfdbinary)
    [report] = outcome.reports
    unreadable = [f for f in report["findings"] if f["code"] == "document-unreadable"]
    assert all(any(f"《{name}》" in finding["message"] for finding in unreadable) for name in bad)
    assert report["document_class"] == "proposal-construction"
    assert report["conclusion"] == "deficient"
