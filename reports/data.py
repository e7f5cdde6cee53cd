"""Reports for programs: JSON and JSON lines."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from reports.style import Style
    from reports.words import Words
    from validators.report import Report

_LINE_BREAKS = re.compile("[\x7f\x85\u2028\u2029]")


def render_json(reports: Sequence[Report], words: Words | None, style: Style) -> str:
    """The object of a single report, an array of several."""
    if len(reports) == 1:
        return _portable(reports[0].to_json(indent=2)) + "\n"
    return _portable("[" + ",".join(f"\n{report.to_json(indent=2)}" for report in reports) + "\n]") + "\n"


def render_lines(reports: Sequence[Report], words: Words | None, style: Style) -> str:
    """One report a line."""
    return "".join(_portable(report.to_json()) + "\n" for report in reports)


def json_bytes(report: dict[str, Any], indent: int | None = None) -> bytes:
    """The contract's JSON object as every door gives it out, without a line break at its end."""
    return _encoded(json.dumps(report, ensure_ascii=False, indent=indent))


def _portable(text: str) -> str:
    """The same JSON, in characters that every encoder takes and no reader of lines breaks at.

    A quote from a damaged file may hold half of a surrogate pair, or a separator that some languages count
    as the end of a line; both have an escape in JSON.
    """
    return _encoded(text).decode("utf-8")


def _encoded(text: str) -> bytes:
    return _LINE_BREAKS.sub(lambda c: f"\\u{ord(c[0]):04x}", text).encode("utf-8", "backslashreplace")
