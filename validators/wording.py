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


def money(yuan: float) -> str:
    """An amount in 万元 if that takes no more than two decimals, else in 元 to the last 分."""
    exact = Decimal(str(yuan))
    # By integers, for a decimal is not divided or rounded beyond its 28 digits.
    whole = int(exact) if exact == int(exact) else None
    if whole is not None and abs(whole) >= 10_000 and whole % 100 == 0:
        hundredths = f"{abs(whole) // 100 % 100:02}".rstrip("0")
        return f"{'-' * (whole < 0)}{abs(whole) // 10_000:,}{'.' * bool(hundredths)}{hundredths}万元"
    return f"{exact:,.2f}元" if whole is None else f"{whole:,}元"


def day(iso: str) -> str:
    """An ISO date as 2026年3月2日."""
    on = date.fromisoformat(iso)
    return f"{on.year}年{on.month}月{on.day}日"


_SAID: Mapping[str, Callable[[Any], str]] = {
    "yuan": money,
    "months": lambda v: f"{v}个月",
    "working-days": lambda v: f"{v}个工作日",
    "date": lambda v: day(str(v)),
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
