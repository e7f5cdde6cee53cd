"""Sentences, made last: templates of the pack and the catalogue, filled with what was found."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

_FIELD = re.compile(r"\{([^{}]+)\}")


def fill(template: str, values: Mapping[str, Any]) -> str:
    """``template`` with each ``{name}`` replaced; a name that has no value becomes nothing."""
    return _FIELD.sub(lambda m: str(values.get(m[1], "")), template)


def said(value: Any, unit: str) -> str:
    """A fact as a person says it, e.g. ``285000`` in "yuan" as ``28.5万元``."""
    if value is None:
        return ""
    return _SAID.get(unit, str)(value)


def _yuan(value: Any) -> str:
    amount = Decimal(str(value))
    if abs(amount) >= 10_000 and amount % 100 == 0:
        return f"{_plain(amount / 10_000)}万元"
    return f"{_grouped(amount)}元"


def _plain(amount: Decimal) -> str:
    text = f"{amount:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _grouped(amount: Decimal) -> str:
    whole = amount == amount.to_integral_value()
    return f"{int(amount):,}" if whole else f"{amount:,.2f}"


def _date(value: Any) -> str:
    day = date.fromisoformat(str(value))
    return f"{day.year}年{day.month}月{day.day}日"


_SAID: Mapping[str, Callable[[Any], str]] = {
    "yuan": _yuan,
    "months": lambda v: f"{v}个月",
    "working-days": lambda v: f"{v}个工作日",
    "date": _date,
    "level": lambda v: f"第{'一二三四五'[v - 1] if 1 <= v <= 5 else v}级",
}


def bound(keyword: str, limit: Any, unit: str) -> str:
    """A limit as a person says it: ``maximum`` 36 in "months" as ``不超过36个月``."""
    words = {
        "maximum": "不超过",
        "exclusiveMaximum": "小于",
        "minimum": "不少于",
        "exclusiveMinimum": "大于",
        "const": "等于",
    }
    # What is forbidden altogether ("not") is a schema and no value that could be said.
    return "" if keyword == "not" else f"{words.get(keyword, '')}{said(limit, unit)}"
