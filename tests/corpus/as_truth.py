"""Writes truth.jsonl beside this file, one line a case, for scorers that want the corpus in one file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent


def truth() -> list[dict[str, Any]]:
    """Every case as one line; paths relative to this folder."""
    return [
        _line(file.parent.name, json.loads(file.read_text(encoding="utf-8")))
        for file in sorted(HERE.glob("*/expected.json"))
    ]


def _line(slug: str, case: dict[str, Any]) -> dict[str, Any]:
    suffix = Path(case["paths"][0]).suffix.lstrip(".")
    kind = (
        "zip"
        if suffix == "zip"
        else "single"
        if len(case["paths"]) == 1 and "--together" not in case["options"]
        else "folder"
    )
    return {
        "id": slug,
        "paths": [f"{slug}/{path}" for path in case["paths"]],
        "options": case["options"],
        "document_class": case["document_class"],
        "conclusion": case["conclusion"],
        "errors": case["errors"],
        "facts": {path: value for path, value in case["facts"].items() if value is not None},
        "routing": case["routing"] if isinstance(case["routing"], str) else None,
        "places": case["places"],
        "equivalents": case.get("equivalents", []),
        "tags": {
            "base": slug.split("-")[1],
            "class": case["document_class"],
            "layout": "-",
            "format": suffix,
            "mutations": sorted({code for code, _ in case["errors"]}) or ["none"],
            "kind": kind,
        },
    }


if __name__ == "__main__":
    lines = [json.dumps(line, ensure_ascii=False) for line in truth()]
    (HERE / "truth.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{len(lines)} cases")
