"""The corpus: each folder of ``tests/corpus`` with an expected.json is a test; its README.md has the keys."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from worker.pipeline import Source, check

CORPUS = Path(__file__).parent / "corpus"
KNOWN_WRONG = frozenset((CORPUS / "known-wrong.txt").read_text(encoding="utf-8").split())
EVERY = sorted(p.parent.name for p in CORPUS.glob("*/expected.json"))
CASES = [slug for slug in EVERY if slug not in KNOWN_WRONG]
BY_COMMAND = frozenset(
    {
        "pc-canteen-styled",
        "pm-video-over",
        "cp-school-pdf",
        "af-aged-late",
        "cf-form-clean",
        "dn-hotline-empty",
    }
)
_COMMAND = "import sys; from intake.cli import main; sys.exit(main())"
_STATUS = {"pass": 0, "deficient": 1, "unreadable": 2}
_DATE = re.compile(r"\d{4}-\d\d-\d\d")


@pytest.mark.parametrize("slug", CASES)
def test_report_is_as_expected(slug: str) -> None:
    expected = _expected(slug)
    report = _by_command(slug, expected) if _is_archive(expected) else _in_process(slug, expected)
    _compare(slug, expected, report)


def test_known_wrong_is_still_wrong() -> None:
    """What is mended leaves the list; what is on the list is a debt that everybody sees."""
    for slug in sorted(KNOWN_WRONG):
        expected = _expected(slug)
        report = _by_command(slug, expected) if _is_archive(expected) else _in_process(slug, expected)
        with pytest.raises(AssertionError):
            _compare(slug, expected, report)


@pytest.mark.parametrize("slug", sorted(BY_COMMAND))
def test_command_gives_the_same_report(slug: str) -> None:
    expected = _expected(slug)
    assert _by_command(slug, expected) == json.loads(json.dumps(_in_process(slug, expected)))


def _expected(slug: str) -> dict[str, Any]:
    return json.loads((CORPUS / slug / "expected.json").read_text(encoding="utf-8"))


def _is_archive(expected: dict[str, Any]) -> bool:
    return any(path.endswith(".zip") for path in expected["paths"])


def _in_process(slug: str, expected: dict[str, Any]) -> dict[str, Any]:
    options = dict(_options(expected["options"]))
    report = check(
        [Source(name=file.name, data=file.read_bytes()) for file in _files(slug, expected["paths"])],
        pack_id="jinjiang-2023",
        document_class=options.get("--class"),
        filed_on=date.fromisoformat(options["--filed-on"]) if "--filed-on" in options else None,
    )
    return report.to_dict()


def _by_command(slug: str, expected: dict[str, Any]) -> dict[str, Any]:
    paths = [str(CORPUS / slug / path) for path in expected["paths"]]
    done = subprocess.run(
        [sys.executable, "-c", _COMMAND, "check", *paths, "--format", "jsonl", *expected["options"]],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        cwd=CORPUS.parent.parent,
    )
    assert done.returncode == _STATUS[expected["conclusion"]], done.stdout + done.stderr
    return json.loads(done.stdout)


def _options(options: list[str]) -> Iterator[tuple[str, str | None]]:
    rest = iter(options)
    for option in rest:
        yield option, None if option == "--together" else next(rest)


def _files(slug: str, paths: list[str]) -> list[Path]:
    named = [CORPUS / slug / path for path in paths]
    return [f for p in named for f in (sorted(q for q in p.rglob("*") if q.is_file()) if p.is_dir() else [p])]


# -- comparing -------------------------------------------------------------------------------------------
def _compare(slug: str, expected: dict[str, Any], report: dict[str, Any]) -> None:
    problems = list(_problems(expected, report))
    assert not problems, "\n".join([f"{slug}: {expected['note']}", *(f"  {p}" for p in problems)])


def _problems(expected: dict[str, Any], report: dict[str, Any]) -> Iterator[str]:
    yield from _differs("conclusion", expected["conclusion"], report["conclusion"])
    if expected["document_class"]:
        yield from _differs("class", expected["document_class"], report["document_class"])
    yield from _finding_problems(expected, report["findings"])
    yield from _fact_problems(expected["facts"], report["record"])
    yield from _place_problems(expected["places"], report["findings"])
    outcomes = sorted({r["outcome"] for r in report["routing"]})
    if expected["routing"] is not None:
        wanted = expected["routing"]
        yield from _differs("routing", wanted if isinstance(wanted, list) else [wanted], outcomes)


def _differs(what: str, wanted: Any, got: Any) -> Iterator[str]:
    if wanted != got:
        yield f"{what}: expected {wanted}, got {got}"


def _finding_problems(expected: dict[str, Any], findings: list[dict[str, Any]]) -> Iterator[str]:
    errors = {(f["code"], f["requirement"]): f for f in findings if f["severity"] == "error"}
    wanted = {(code, requirement) for code, requirement in expected["errors"]}
    for group in expected.get("equivalents", []):
        first, *others = ((code, requirement) for code, requirement in group)
        for other in others:
            if first in wanted and first not in errors and other in errors:
                errors[first] = errors.pop(other)
    for pair in sorted(wanted - errors.keys(), key=str):
        yield f"not found: {_shown(pair)}"
    for pair in sorted(errors.keys() - wanted, key=str):
        yield f"false alarm: {_shown(pair)}: {errors[pair]['message']}"
    for code, requirement in expected["warnings"]:
        if not _has(findings, code, requirement, "warning"):
            yield f"no warning: {_shown((code, requirement))}"
    for code, requirement in expected["absent"]:
        if _has(findings, code, requirement):
            yield f"should not be there: {_shown((code, requirement))}"


def _shown(pair: tuple[str, str | None]) -> str:
    return f"{pair[0]} {pair[1] or '-'}"


def _has(findings: list[dict[str, Any]], code: str, requirement: str | None, severity: str = "") -> bool:
    """Whether such a finding is there; a requirement of None stands for any."""
    return any(
        f["code"] == code and requirement in (None, f["requirement"]) and severity in ("", f["severity"])
        for f in findings
    )


def _fact_problems(facts: dict[str, Any], record: dict[str, Any]) -> Iterator[str]:
    for path, wanted in facts.items():
        got = _stated(record, path)
        if not _same(wanted, got):
            yield f"fact {path}: expected {wanted}, got {got}"


def _stated(record: Any, path: str) -> Any:
    for part in path.split("."):
        record = record.get(part) if isinstance(record, dict) else None
    if isinstance(record, dict):
        return next((record[key] for key in ("值", "value", "名称") if key in record), None)
    return record


def _same(wanted: Any, got: Any) -> bool:
    if wanted is None or got is None:
        return wanted is got
    if isinstance(wanted, int | float):
        return isinstance(got, int | float) and abs(got - wanted) < 0.005
    if _DATE.fullmatch(wanted):
        return bool(got == wanted)
    return _same_name(_squashed(wanted), _squashed(got))


def _same_name(a: str, b: str) -> bool:
    """Equal, or one within the other but for a little (a title says 项目 or 建设 more than the form)."""
    shorter, longer = sorted((a, b), key=len)
    return shorter in longer and len(shorter) >= 0.6 * len(longer)


def _squashed(text: str | None) -> str:
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", text or ""))


def _place_problems(places: list[dict[str, Any]], findings: list[dict[str, Any]]) -> Iterator[str]:
    for place in places:
        code, requirement = place["error"]
        locations = [
            location
            for f in findings
            if (f["code"], f["requirement"]) == (code, requirement)
            for location in f["locations"]
        ]
        if not any(_points_there(place, location) for location in locations):
            wanted = {key: value for key, value in place.items() if key != "error"}
            yield f"place of {_shown((code, requirement))}: expected {wanted}, got {locations}"


def _points_there(place: dict[str, Any], location: dict[str, Any]) -> bool:
    heading = _squashed(place.get("heading"))
    return (
        ("document" not in place or place["document"] == location["document"])
        and ("page" not in place or place["page"] == location["page"])
        and (heading in _squashed(location["heading"]) or heading in _squashed(location["text"]))
    )
