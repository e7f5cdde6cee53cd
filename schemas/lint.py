"""The linter of rule packs: what a mistake in the data would otherwise show only in a wrong verdict."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from schemas.catalogue import catalogue
from schemas.errors import PackError
from schemas.packs import read_json

_ANNOTATIONS = ("x-class", "x-requirement", "x-fact", "x-findings", "x-attachment", "x-routing")


@dataclass(frozen=True, slots=True)
class Problem:
    """A mistake in a pack: the file, the place in it (JSON pointer, "" for the whole), and what is wrong."""

    file: str
    pointer: str
    message: str

    def __str__(self) -> str:
        return f"{self.file}{'#' + self.pointer if self.pointer else ''}：{self.message}"


def lint_pack(folder: Path) -> list[Problem]:
    """Every mistake in the pack in ``folder``, file by file; an empty list for a sound pack."""
    try:
        meta = read_json(folder / "pack.json")
    except PackError as error:
        return [Problem("pack.json", "", str(error))]
    problems = [Problem("pack.json", *p) for p in _pack_problems(meta, folder)]
    if problems:
        # Where the classes are is not known for sure.
        return problems
    for name in meta["classes"]:
        file = f"classes/{name}.json"
        try:
            schema = read_json(folder / file)
        except PackError as error:
            problems.append(Problem(file, "", str(error)))
            continue
        problems += [Problem(file, *p) for p in _class_problems(schema, meta["classes"])]
    return problems


_Found = Iterator[tuple[str, str]]


def _pack_problems(meta: Mapping[str, Any], folder: Path) -> _Found:
    invalid = list(_invalid(meta, "pack"))
    yield from invalid
    if invalid:
        return
    if meta.get("id") != folder.name:
        yield "/id", f"规则包编号“{meta.get('id')}”与文件夹名“{folder.name}”不同"
    language = meta.get("language", {})
    for key in ("placeholders", "references", "identifying"):
        for index, pattern in enumerate(language.get(key, [])):
            yield from _bad_pattern(pattern, f"/language/{key}/{index}")


def _class_problems(schema: Mapping[str, Any], classes: Collection[str]) -> _Found:
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import SchemaError

    try:
        Draft202012Validator.check_schema(schema)
    except SchemaError as error:
        yield (
            "/" + "/".join(map(str, error.absolute_path)),
            f"不是有效的 JSON Schema 2020-12：{error.message}",
        )
        return
    found = [problem for pointer, node in _nodes(schema, "") for problem in _node_problems(pointer, node)]
    found += _shape_problems(schema)
    yield from found
    if found:
        # What follows relies on annotations that are as they should be.
        return
    for other in schema.get("x-class", {}).get("holds", ()):
        if other not in classes:
            yield "/x-class/holds", f"规则包中没有文件种类“{other}”"
    yield from _required_problems(schema)
    yield from _synonym_problems(schema)
    yield from _path_problems(schema)


def _nodes(node: Any, pointer: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every object of the schema itself (annotations are looked at as a whole)."""
    if isinstance(node, dict):
        yield pointer, node
        for key, child in node.items():
            if not key.startswith("x-"):
                yield from _nodes(child, f"{pointer}/{key}")
    elif isinstance(node, list):
        for index, child in enumerate(node):
            yield from _nodes(child, f"{pointer}/{index}")


def _node_problems(pointer: str, node: Mapping[str, Any]) -> _Found:
    reference = node.get("$ref")
    if isinstance(reference, str) and not reference.startswith("#/"):
        yield f"{pointer}/$ref", "只允许引用本文件内的定义（#/…），不访问网络"
    for key, value in node.items():
        if not key.startswith("x-"):
            continue
        if key not in _ANNOTATIONS:
            yield f"{pointer}/{key}", "未知的注解"
            continue
        invalid = [(f"{pointer}/{key}{at}", message) for at, message in _invalid(value, key)]
        yield from invalid
        if not invalid:
            yield from _annotation_problems(f"{pointer}/{key}", key, value)


def _shape_problems(schema: Mapping[str, Any], pointer: str = "", depth: int = 2) -> _Found:
    """JSON Schema lets a property be true or false, which says neither what to read nor what to find."""
    for name, node in schema.get("properties", {}).items() if depth else ():
        if isinstance(node, dict):
            yield from _shape_problems(node, f"{pointer}/properties/{name}", depth - 1)
        else:
            yield f"{pointer}/properties/{name}", "必须是对象，写明这项内容或数据"


def _annotation_problems(pointer: str, key: str, value: Mapping[str, Any]) -> _Found:
    """Of an annotation that is as the vocabulary has it."""
    for pattern in _patterns(key, value):
        yield from _bad_pattern(pattern, pointer)
    for rule in _rules(value) if key == "x-findings" else ():
        if rule.get("code", "section-missing") not in catalogue().codes:
            yield pointer, f"未知的代码“{rule['code']}”"


def _rules(findings: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for keyword, rule in findings.items():
        if keyword == "required":
            yield from rule.values()
        else:
            yield rule


def _patterns(key: str, value: Mapping[str, Any]) -> Iterator[str]:
    if key == "x-class":
        yield from value.get("name_patterns", ())
        yield from value.get("sure_patterns", ())
    if key == "x-requirement":
        yield from (value[k] for k in ("evidence", "bare", "signed", "left_blank", "filled_in") if k in value)
        yield from value.get("clauses", ())
        yield value.get("by_place", {}).get("text", "")
        for each in (*value.get("patterns", ()), *value.get("near_patterns", ())):
            yield from (each.get("title", ""), each.get("text", ""))
    if key == "x-fact":
        for each in ("patterns", "as_good", "without", "titled", "in_summaries", "covering"):
            yield from value.get(each, ())
        yield from (value.get("signed", ""), value.get("beside", ""))


def _bad_pattern(pattern: str, pointer: str) -> _Found:
    try:
        re.compile(pattern)
    except re.error as error:
        yield pointer, f"正则表达式有误：{error}"


def _invalid(value: Any, definition: str) -> _Found:
    for error in _annotation_validator(definition).iter_errors(value):
        yield "".join(f"/{p}" for p in error.absolute_path), error.message


@lru_cache(maxsize=16)
def _annotation_validator(definition: str) -> Any:
    from jsonschema import Draft202012Validator

    vocabulary = read_json(Path(__file__).parent / "vocabulary.json")
    return Draft202012Validator({"$ref": f"#/$defs/{definition}", "$defs": vocabulary["$defs"]})


def _required_problems(schema: Mapping[str, Any]) -> _Found:
    properties = schema.get("properties", {})
    required = schema.get("required", [])
    for name in required:
        if name not in properties:
            yield "/required", f"必需的“{name}”没有在 properties 中定义"
    for name, node in properties.items():
        if "x-requirement" in node and name not in required:
            yield f"/properties/{name}", f"“{name}”是规定的内容，却不在 required 中"


def _synonym_problems(schema: Mapping[str, Any]) -> _Found:
    """A title that surely means two requirements means neither."""
    means: dict[str, set[str]] = defaultdict(set)
    for name, node in schema.get("properties", {}).items():
        for title in (name, *node.get("x-requirement", {}).get("synonyms", ())):
            if "x-requirement" in node:
                means[title].add(name)
    for title, names in means.items():
        if len(names) > 1:
            yield "/properties", f"“{title}”同时是{'、'.join(sorted(names))}的同义标题"


def _path_problems(schema: Mapping[str, Any]) -> _Found:
    """Record paths that annotations name must be facts of the class."""
    properties = schema.get("properties", {})
    facts = {name for name, node in properties.items() if "x-fact" in node}
    for name, node in properties.items():
        facts |= {f"{name}.{key}" for key, child in node.get("properties", {}).items() if "x-fact" in child}
    for name, node in properties.items():
        for path, about in [
            (name, node),
            *((f"{name}.{k}", c) for k, c in node.get("properties", {}).items()),
        ]:
            fact = about.get("x-fact", {})
            named = [fact[k] for k in ("from", "to", "apart_from", "whole", "instead_of") if k in fact]
            named += [p if "." in p else f"{name}.{p}" for p in fact.get("of", ())]
            for other in named:
                if other not in facts:
                    yield f"/properties/{path.replace('.', '/properties/')}/x-fact", f"没有“{other}”这个数据"
    routing = schema.get("x-routing")
    if routing and routing["amount"] not in facts:
        yield "/x-routing/amount", f"没有“{routing['amount']}”这个数据"
    if routing and [b.get("below") for b in routing["bands"]] != _rising(routing["bands"]):
        yield "/x-routing/bands", "各档必须由低到高排列，最后一档不写 below"


def _rising(bands: list[Mapping[str, Any]]) -> list[float | None]:
    return [*sorted(b["below"] for b in bands if "below" in b), None]
