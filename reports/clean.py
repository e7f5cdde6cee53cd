"""Make text from documents safe to show: nothing that hides, turns or steers other text."""

from __future__ import annotations

import re
from typing import Any

from validators.report import Report

_LONGEST = 500

_BREAKS = re.compile("[\t\n\v\f\r\x1c-\x1f\x85\u2028\u2029]+")
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U000e0000-\U000e0fff]"
)
_UNSHOWABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def cleaned(report: Report) -> Report:
    """The same report with every text, names and record included, made safe to show."""
    return Report.from_dict(_clean(report.to_dict()))


def shown(text: str) -> str:
    """``text`` in one line, without invisible or direction-turning characters, at most 500 characters long.

    A control character, which could steer a terminal and is forbidden in XML, becomes U+FFFD.
    """
    text = _INVISIBLE.sub("", _BREAKS.sub(" ", text))
    return shortened(_UNSHOWABLE.sub("\ufffd", text).strip(), _LONGEST)


def shortened(text: str, most: int) -> str:
    """``text`` in at most ``most`` characters, its middle left out; its end may be a file's suffix."""
    if len(text) <= most:
        return text
    tail = most // 4
    return f"{text[: most - tail - 1]}…{text[len(text) - tail :]}"


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return shown(value)
    if isinstance(value, list):
        return [_clean(item) for item in value]
    if isinstance(value, dict):
        return {shown(key): _clean(item) for key, item in value.items()}
    return value
