"""The schemas judge: another JSON Schema validator finds the same violations in every record."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from schemas import DocumentClass, load_pack
from validators.judge import violations
from worker.pipeline import Source, check

ROOT = Path(__file__).parents[1]
PACK = load_pack("jinjiang-2023")
# The samples lie beside a checkout where this project is developed; a user's clone does without them.
SAMPLES = ROOT.parent / "shared" / "samples" / "corpus"


def _documents() -> Iterator[Path]:
    folders = [ROOT / "examples", ROOT / "tests" / "corpus", SAMPLES]
    for folder in folders:
        yield from sorted(p for p in folder.glob("**/*") if p.suffix in {".docx", ".pdf"})


def _found_by_rs(document_class: DocumentClass, record: dict[str, Any]) -> set[tuple[str, str, str]]:
    found = set()
    for error in _rs_validator(document_class.id).iter_errors(record):
        keyword = str(error.schema_path[-1])
        path = ".".join(map(str, error.instance_path))
        if keyword == "required" or "required" in error.schema_path:
            missing = error.message.split('"')[1]
            found.add((path, "required", missing))
        else:
            found.add((path, keyword, ""))
    return found


@lru_cache
def _rs_validator(class_id: str) -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(dict(PACK.classes[class_id].schema))


def _found_by_us(document_class: DocumentClass, record: dict[str, Any]) -> set[tuple[str, str, str]]:
    return {(".".join(v.path), v.keyword, v.missing or "") for v in violations(document_class, record)}


def test_jsonschema_rs_finds_the_same_in_every_document() -> None:
    judged = 0
    for path in _documents():
        report = check([Source(path.name, path.read_bytes())])
        if report.document_class is None:
            continue
        judged += 1
        document_class = PACK.classes[report.document_class]
        record = json.loads(json.dumps(report.record))
        assert _found_by_rs(document_class, record) == _found_by_us(document_class, record), path
    assert judged > 200


@pytest.mark.parametrize("class_id", sorted(PACK.classes))
def test_an_empty_record_misses_everything_in_both(class_id: str) -> None:
    document_class = PACK.classes[class_id]
    found = _found_by_us(document_class, {})
    assert found == _found_by_rs(document_class, {})
    assert {r.name for r in document_class.requirements} <= {missing for _, _, missing in found}


@pytest.mark.parametrize("months", [1, 36, 37, 120])
def test_the_limit_of_the_service_period_is_in_the_schema(months: int) -> None:
    document_class = PACK.classes["proposal-maintenance"]
    record = {"服务周期": {"有内容": True, "匹配度": 1.0, "月数": months}}
    ours = {v for v in _found_by_us(document_class, record) if v[0] == "服务周期.月数"}
    assert ours == ({("服务周期.月数", "maximum", "")} if months > 36 else set())
    assert ours == {v for v in _found_by_rs(document_class, record) if v[0] == "服务周期.月数"}
