"""The schema judges: a record against its document class, each violation with the rule that it breaks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from schemas import DocumentClass


@dataclass(frozen=True, slots=True)
class Violation:
    """One thing that the schema does not allow.

    Attributes:
        path: where in the record, e.g. ``("服务周期", "月数")``; of a missing property its holder's path.
        keyword: the JSON Schema keyword that is broken, e.g. ``"maximum"``.
        missing: of ``required``, the property that is missing; else None.
        limit: the keyword's value in the schema.
        value: what the record has there; None for a missing property.
        rule: what the schema's ``x-findings`` says about it, empty for the default.
    """

    path: tuple[str, ...]
    keyword: str
    missing: str | None
    limit: Any
    value: Any
    rule: Mapping[str, Any]

    @property
    def pointer(self) -> str:
        """Record path of what is wrong, with dots: ``服务周期.月数``."""
        return ".".join((*self.path, self.missing) if self.missing else self.path)


def violations(document_class: DocumentClass, record: Mapping[str, Any]) -> tuple[Violation, ...]:
    """What the class's schema does not allow in ``record``, in the schema's order of properties.

    Any validator of JSON Schema 2020-12 finds the same (path, keyword, missing).
    """
    order = {name: index for index, name in enumerate(document_class.schema["properties"])}
    found = dict.fromkeys(_violations(document_class, record))
    return tuple(sorted(found, key=lambda v: order.get(v.pointer.split(".")[0], len(order))))


def _violations(document_class: DocumentClass, record: Mapping[str, Any]) -> Iterator[Violation]:
    for error in _validator(document_class).iter_errors(record):
        path = tuple(str(p) for p in error.absolute_path)
        rules = error.schema.get("x-findings", {}) if isinstance(error.schema, dict) else {}
        rule = rules.get(error.validator, {})
        if error.validator != "required":
            yield Violation(
                path,
                error.validator,
                None,
                _frozen(error.validator_value),
                _frozen(error.instance),
                _Rule(rule),
            )
            continue
        for name in error.validator_value:
            if name not in error.instance:
                yield Violation(
                    path, "required", name, None, None, _Rule(rule.get(name) or rule.get("*") or {})
                )


class _Rule(dict[str, Any]):
    """A rule that hashes by identity of content, so that equal violations fold into one."""

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(tuple(sorted((k, str(v)) for k, v in self.items())))


def _frozen(value: Any) -> Any:
    return value if isinstance(value, str | int | float | bool | None) else str(value)


@lru_cache(maxsize=64)
def _validator(document_class: DocumentClass) -> Any:
    from jsonschema import Draft202012Validator

    return Draft202012Validator(document_class.schema)
