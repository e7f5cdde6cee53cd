"""The shipped examples get exactly the findings that examples/README.md names, through the command itself."""

import importlib.util
import json
import subprocess
import sys
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = ROOT / "examples"

ERRORS = {
    "proposal-construction-deficient": {
        ("section-missing", "技术实现"),
        ("section-empty", "实施计划"),
        ("value-inconsistent", "资金估算"),
    },
    "proposal-maintenance-deficient": {
        ("section-missing", "考核指标"),
        ("value-out-of-range", "服务周期"),
        ("value-inconsistent", "资金估算"),
    },
    "construction-plan-deficient": {
        ("section-missing", "国产密码应用"),
        ("section-empty", "信创国产化"),
        ("value-missing", "项目预算"),
    },
    "acceptance-filing-deficient": {
        ("section-missing", "密码应用评估"),
        ("value-missing", "信息系统网络安全等级保护定级"),
        ("deadline-missed", "验收时间"),
    },
    "contract-filing-deficient": {("section-missing", "合同副本"), ("deadline-missed", "合同签订时间")},
    "decommission-notice-deficient": {("section-empty", "数据资源处置"), ("deadline-missed", "停运时间")},
}
FILED_ON = {
    "acceptance-filing-clean": "2026-03-10",
    "acceptance-filing-deficient": "2026-02-11",
    "contract-filing-clean": "2026-05-08",
    "contract-filing-deficient": "2026-05-11",
    "decommission-notice-clean": "2026-06-15",
    "decommission-notice-deficient": "2026-06-15",
}
FACTS = {
    "proposal-construction-clean": {
        ("资金估算", "金额"): 2_150_000,
        ("资金估算", "分项合计"): 2_150_000,
        ("资金估算", "大写金额"): 2_150_000,
        ("经费保障", "合计"): 2_150_000,
    },
    "proposal-maintenance-clean": {("服务周期", "月数"): 36, ("资金估算", "金额"): 1_210_000},
    "proposal-maintenance-deficient": {("服务周期", "月数"): 48, ("资金估算", "大写金额"): 280_000},
    "construction-plan-clean": {("项目预算", "金额"): 4_420_000, ("项目预算", "分项合计"): 4_420_000},
    "acceptance-filing-clean": {
        ("验收时间", "日期"): "2026-03-02",
        ("免费运维时间", "月数"): 36,
        ("信息系统网络安全等级保护定级", "等级"): 3,
    },
    "contract-filing-clean": {("合同签订时间", "日期"): "2026-04-27"},
    "decommission-notice-clean": {("停运时间", "日期"): "2026-09-30"},
}
DOCUMENTS = sorted(p.name for p in EXAMPLES.iterdir() if p.suffix in {".docx", ".pdf"})


def check(name: str, *, dated: bool = True) -> tuple[int, dict]:
    stem = name.partition(".")[0]
    options = ["--filed-on", FILED_ON[stem]] if dated and stem in FILED_ON else []
    done = subprocess.run(
        [sys.executable, "-m", "intake", "check", str(EXAMPLES / name), "--format", "jsonl", *options],
        capture_output=True,
        cwd=ROOT,
        check=False,
    )
    return done.returncode, json.loads(done.stdout)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_example_gets_the_findings_that_it_was_written_for(name):
    stem = name.partition(".")[0]
    status, report = check(name)
    errors = {(f["code"], f["requirement"]) for f in report["findings"] if f["severity"] == "error"}
    facts = {path: report["record"].get(path[0], {}).get(path[1]) for path in FACTS.get(stem, {})}
    assert errors == ERRORS.get(stem, set())
    assert facts == FACTS.get(stem, {})
    assert report["document_class"] == stem.rpartition("-")[0]
    assert report["conclusion"] == ("deficient" if errors else "pass")
    assert status == (1 if errors else 0)


@pytest.mark.parametrize("stem", [stem for stem in FILED_ON if stem.endswith("clean")])
def test_a_deadline_that_was_not_judged_for_want_of_a_filing_date_is_a_warning(stem):
    status, report = check(f"{stem}.docx", dated=False)
    (finding,) = (f for f in report["findings"] if "没有给出报送日期" in f["message"])
    assert (finding["code"], finding["severity"]) == ("low-confidence", "warning")
    assert (status, report["conclusion"]) == (0, "pass")


def test_every_class_has_a_clean_and_a_deficient_example():
    classes = {name.partition(".")[0].rpartition("-")[0] for name in DOCUMENTS}
    assert {f"{c}-{kind}.docx" for c in classes for kind in ("clean", "deficient")} <= set(DOCUMENTS)
    assert set(ERRORS) == {f"{c}-deficient" for c in classes}


def test_readme_names_every_example_and_every_deficient_requirement():
    rows = {
        line.split("`")[1]: line
        for line in (EXAMPLES / "README.md").read_text("utf-8").splitlines()
        if line.startswith("| `")
    }
    for name in DOCUMENTS:
        stem, _, suffix = name.partition(".")
        row = rows[f"{stem}.docx"]
        assert f".{suffix}`" in row
        assert {r for _, r in ERRORS.get(stem, set())} == set(row.split("**")[1::2])


@pytest.mark.parametrize("name", [n for n in DOCUMENTS if n.endswith(".docx")])
def test_word_files_are_what_their_sources_make(name):
    spec = importlib.util.spec_from_file_location("examples_make", EXAMPLES / "make.py")
    assert spec
    assert spec.loader
    make = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = make
    spec.loader.exec_module(make)
    made = make.make(make.read(make.SOURCES / f"{name.removesuffix('.docx')}.txt"))
    assert parts(made) == parts((EXAMPLES / name).read_bytes())


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(data)) as file:
        return {name: file.read(name) for name in file.namelist()}
