"""Rule packs with mistakes: whoever reads them is told which file is wrong, whatever is wrong with it."""

from __future__ import annotations

import contextlib
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

from fuzz.changes import NUMBERS, WORDS, bytes_changed
from schemas.errors import PackError
from schemas.lint import lint_pack
from schemas.packs import BUILT_IN, read_pack

INSTRUMENTED = ["schemas"]
QUICK = 3_000

_PACK = BUILT_IN / "jinjiang-2023"
_CLASS = "decommission-notice"
_META = {**json.loads((_PACK / "pack.json").read_text("utf-8")), "classes": [_CLASS]}
_FOLDER = tempfile.TemporaryDirectory(prefix="fuzz-packs-")


def seeds() -> Iterator[bytes]:
    """Both files of a pack, one after the other."""
    schema = json.loads((_PACK / "classes" / f"{_CLASS}.json").read_text("utf-8"))
    yield _joined(_META, schema)


def _joined(meta: Any, schema: Any) -> bytes:
    return b"\0".join(
        json.dumps(each, ensure_ascii=False).encode("utf-8", "replace") for each in (meta, schema)
    )


def mutated(data: bytes, random: Random) -> bytes:
    try:
        meta, schema = map(json.loads, data.split(b"\0", 1))
    except (ValueError, RecursionError):
        return bytes_changed(data, random)
    holder = {"meta": meta, "schema": schema}
    for _ in range(random.choice((1, 1, 2))):
        _change(holder[random.choice(("meta", "schema", "schema"))], random)
    return _joined(holder["meta"], holder["schema"])


def _change(node: Any, random: Random) -> None:
    """Something somewhere below ``node`` lost, doubled, or of another type."""
    while isinstance(node, dict | list) and node:
        key = random.choice(list(node) if isinstance(node, dict) else range(len(node)))
        if isinstance(node[key], dict | list) and node[key] and random.random() < 0.8:
            node = node[key]
            continue
        other: Any = random.choice(
            (
                None,
                0,
                -1,
                True,
                "",
                [],
                {},
                [[]],
                [{}],
                1e308,
                *WORDS[:6],
                *NUMBERS[:6],
                "(",
                "#/x",
                "http://x/",
            )
        )
        match random.randrange(3):
            case 0:
                del node[key]
            case 1 if isinstance(node, dict):
                node[random.choice((f"{key}x", "x-fact", "x-requirement", "$ref", "required"))] = node[key]
            case _:
                node[key] = other
        return


def run(data: bytes) -> None:
    meta, _, schema = data.partition(b"\0")
    folder = Path(_FOLDER.name) / "jinjiang-2023"
    (folder / "classes").mkdir(parents=True, exist_ok=True)
    (folder / "pack.json").write_bytes(meta)
    (folder / "classes" / f"{_CLASS}.json").write_bytes(schema)
    lint_pack(folder)
    with contextlib.suppress(PackError):
        read_pack(folder)
