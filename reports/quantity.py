"""Values of the record as people write them."""

from __future__ import annotations

from typing import Any

from validators import wording

_LEVELS = "一二三四五"


def quantity(value: Any, unit: str) -> str:
    """A value with its unit in Chinese, e.g. ``quantity(285000, "yuan")`` is ``"28.5万元"``.

    Args:
        value: a JSON scalar.
        unit: a unit of ``schemas.packs.FactSpec``; a value that does not fit it is shown as it is.
    """
    match unit, value:
        case _, bool():
            return "是" if value else "否"
        case "yuan", int() | float():
            return wording.money(value)
        case "months", int() if value and value % 12 == 0:
            return f"{value}个月（{value // 12}年）"
        case "months", int():
            return f"{value}个月"
        case "working-days", int():
            return f"{value}个工作日"
        case "level", int() if 1 <= value <= len(_LEVELS):
            return f"第{_LEVELS[value - 1]}级"
        case "date", str():
            return day(value)
    return str(value)


def day(iso: str) -> str:
    """An ISO date as 2026年3月2日; what is no ISO date as it is."""
    try:
        return wording.day(iso)
    except ValueError:
        return iso


def size(count: int) -> str:
    """A file's size, e.g. ``"1.2 MB"``."""
    if count < 1024:
        return f"{count} B"
    return f"{count / 1024:.0f} KB" if count < 1024 * 1024 else f"{count / 1024 / 1024:.1f} MB"


def ordinal(number: int) -> str:
    """A number from 1 to 999 as official papers count: 一, 十, 十二, 二十, 一百零三."""
    digits = "零一二三四五六七八九"
    hundreds, tens, ones = number // 100, number // 10 % 10, number % 10
    text = f"{digits[hundreds]}百" if hundreds else ""
    if tens:
        text += ("" if tens == 1 and not hundreds else digits[tens]) + "十"
    elif hundreds and ones:
        text += "零"
    return text + (digits[ones] if ones else "")
