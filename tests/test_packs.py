"""Rule packs: sound as shipped, mistakes found, and a further rule is an edit of one JSON file."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from extractors.readers import READERS
from schemas import available_packs, load_pack
from schemas.errors import UsageError
from schemas.lint import lint_pack
from schemas.packs import BUILT_IN, read_json, read_pack
from worker.pipeline import Source, check

PACK = BUILT_IN / "jinjiang-2023"
EXAMPLES = Path(__file__).parents[1] / "examples"


@pytest.fixture
def own_pack(tmp_path: Path) -> Path:
    """A copy of the shipped pack under a name of its own."""
    folder = tmp_path / "own-2026"
    shutil.copytree(PACK, folder)
    _edit(folder / "pack.json", lambda d: d.update(id="own-2026"))
    return folder


def _edit(path: Path, change: Callable[[dict[str, Any]], object]) -> None:
    data = read_json(path)
    change(data)
    path.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")


def test_shipped_packs_are_sound() -> None:
    assert {name: lint_pack(BUILT_IN / name) for name in available_packs()} == {
        name: [] for name in available_packs()
    }


def test_vocabulary_names_exactly_the_readers_there_are() -> None:
    vocabulary = read_json(BUILT_IN.parent / "vocabulary.json")
    assert set(vocabulary["$defs"]["x-fact"]["properties"]["reader"]["enum"]) == set(READERS)


def test_unknown_pack_and_class_name_what_there_is() -> None:
    with pytest.raises(UsageError, match="jinjiang-2023"):
        load_pack("no-such-pack")
    with pytest.raises(UsageError, match="acceptance-filing"):
        load_pack("jinjiang-2023").document_class("no-such-class")


@pytest.mark.parametrize(
    ("file", "change", "said"),
    [
        ("pack.json", lambda d: d.update(status="maybe"), "maybe"),
        ("pack.json", lambda d: d["language"]["placeholders"].append("(待"), "正则表达式"),
        ("classes/contract-filing.json", lambda d: d.update({"x-clas": {}}), "未知的注解"),
        ("classes/contract-filing.json", lambda d: d.update(type="objekt"), "JSON Schema"),
        (
            "classes/contract-filing.json",
            lambda d: d["properties"]["合同副本"].update({"$ref": "https://example.invalid/a.json"}),
            "网络",
        ),
        ("classes/contract-filing.json", lambda d: d["required"].append("没有定义"), "没有定义"),
        ("classes/contract-filing.json", lambda d: d["required"].remove("合同副本"), "required"),
        (
            "classes/contract-filing.json",
            lambda d: d["properties"]["合同副本"]["x-requirement"]["synonyms"].append("签约日期"),
            "同义标题",
        ),
        (
            "classes/contract-filing.json",
            lambda d: d["properties"]["备案工作日"]["x-fact"].update({"from": "合同签订时间.天"}),
            "合同签订时间.天",
        ),
        (
            "classes/contract-filing.json",
            lambda d: d["properties"]["备案工作日"]["x-findings"]["maximum"].update(code="too-late"),
            "too-late",
        ),
        ("classes/contract-filing.json", lambda d: d["x-class"]["holds"].append("no-class"), "no-class"),
        ("classes/contract-filing.json", lambda d: d.update({"x-class": "holds"}), "holds"),
        (
            "classes/contract-filing.json",
            lambda d: d["properties"].update(合同副本=True),
            "/properties/合同副本：必须是对象",
        ),
        (
            "classes/contract-filing.json",
            lambda d: d["properties"]["合同副本"].update(properties={"份数": True}),
            "/properties/合同副本/properties/份数：必须是对象",
        ),
        (
            "classes/construction-plan.json",
            lambda d: d["x-routing"]["bands"].reverse(),
            "由低到高",
        ),
    ],
)
def test_linter_finds_the_mistake(
    own_pack: Path, file: str, change: Callable[[dict[str, Any]], object], said: str
) -> None:
    _edit(own_pack / file, change)
    problems = lint_pack(own_pack)
    assert any(p.file == file and said in str(p) for p in problems), problems


def test_linter_says_which_file_is_missing_or_no_json(own_pack: Path) -> None:
    (own_pack / "classes" / "contract-filing.json").unlink()
    (own_pack / "classes" / "decommission-notice.json").write_text("{", encoding="utf-8")
    assert [p.file for p in lint_pack(own_pack)] == [
        "classes/contract-filing.json",
        "classes/decommission-notice.json",
    ]


def test_trial_pack_reports_and_never_rejects(own_pack: Path) -> None:
    _edit(own_pack / "pack.json", lambda d: d.update(status="trial"))
    source = _deficient_example()
    assert check([source]).conclusion == "deficient"
    report = check([source], pack_id=str(own_pack))
    assert report.conclusion == "pass"
    assert {f.severity for f in report.findings} <= {"warning", "info"}


def test_a_further_section_is_an_edit_of_one_json_file(own_pack: Path) -> None:
    """No Python is touched: the report, the HTML and the documentation of the pack show the new rule."""

    def add_benefit(schema: dict[str, Any]) -> None:
        schema["required"].append("效益分析")
        schema["properties"]["效益分析"] = {
            "$ref": "#/$defs/section",
            "x-requirement": {"clause": "第六条", "synonyms": ["社会效益"], "guide": "应写明预期效益。"},
        }

    _edit(own_pack / "classes" / "proposal-maintenance.json", add_benefit)
    assert lint_pack(own_pack) == []
    example = str(EXAMPLES / _maintenance_example())
    report = json.loads(_yushen("check", example, "--pack", str(own_pack), "--format", "json"))
    missing = [f for f in report["findings"] if f["requirement"] == "效益分析"]
    assert [(f["code"], f["clause"], f["severity"]) for f in missing] == [
        ("section-missing", "第六条", "error")
    ]
    assert "应写明预期效益" in missing[0]["advice"]
    assert "效益分析" in [c["requirement"] for c in report["checks"]]
    assert "效益分析" in _yushen("check", example, "--pack", str(own_pack), "--format", "html")
    assert "效益分析" in _yushen("packs", "show", str(own_pack))
    assert "效益分析" in _yushen("packs", "show", str(own_pack), "--markdown")


def test_record_paths_of_facts_are_found_by_their_requirement() -> None:
    maintenance = read_pack(PACK).document_class("proposal-maintenance")
    period = maintenance.requirement("服务周期")
    assert period is not None
    assert [f.path for f in period.facts] == ["服务周期.月数", "服务周期.另述月数"]
    assert period.facts[0].requirement == "服务周期"


def _maintenance_example() -> str:
    return next(
        p.name for p in sorted(EXAMPLES.glob("*.docx")) if "maintenance" in p.name or "运维" in p.name
    )


def _deficient_example() -> Source:
    for path in sorted(EXAMPLES.glob("*.docx")):
        source = Source(path.name, path.read_bytes())
        if check([source]).conclusion == "deficient":
            return source
    raise AssertionError("no deficient example")


def _yushen(*arguments: str) -> str:
    code = "import sys; from intake.cli import main; sys.exit(main())"
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode in (0, 1), done.stderr
    return done.stdout
