"""JSON and JSON lines."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
import report_cases as cases

from reports import render
from schemas.errors import UsageError
from validators.report import Report

ROOT = Path(__file__).resolve().parent.parent


def test_one_report_is_an_object():
    assert Report.from_dict(json.loads(render(cases.deficient(), "json"))) == cases.deficient()


def test_a_batch_of_one_is_an_object_too():
    assert render([cases.passing()], "json") == render(cases.passing(), "json")


def test_several_are_an_array_in_order():
    read = json.loads(render(cases.batch(), "json"))
    assert [Report.from_dict(each) for each in read] == cases.batch()


def test_none_are_an_empty_array():
    assert json.loads(render([], "json")) == []


def test_lines_hold_one_report_each_in_order():
    lines = render(cases.batch(), "jsonl").split("\n")
    assert lines.pop() == ""
    assert [Report.from_dict(json.loads(line)) for line in lines] == cases.batch()


def test_hostile_text_breaks_neither_lines_nor_encoding():
    text = render([cases.hostile(), cases.passing()], "jsonl")
    assert len(text.encode("utf-8").decode("utf-8").splitlines()) == 2
    assert Report.from_dict(json.loads(text.splitlines()[0])) == cases.hostile()


def test_an_unknown_form_is_told_with_those_there_are():
    with pytest.raises(UsageError, match="text、json、jsonl、html、docx"):
        render(cases.passing(), "xml")


@pytest.mark.parametrize(
    ("form", "spared"),
    [
        ("json", {"jinja2", "docx", "rich", "reports.case"}),
        ("jsonl", {"jinja2", "docx", "rich"}),
        ("text", {"jinja2", "docx", "rich"}),
        ("html", {"docx", "rich"}),
    ],
)
def test_a_form_loads_no_library_of_another(form, spared):
    script = (
        "import sys, report_cases, reports;"
        f"reports.render(report_cases.passing(), {form!r});"
        f"print(*sorted({spared!r} & sys.modules.keys()))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={"PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}", "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == []
