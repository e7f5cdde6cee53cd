"""Tick boxes: of several options only the ticked ones are stated."""

from __future__ import annotations

import re

_TICKED, _OPEN = "☑☒■✔✓√", "□☐◻"
_BOX = re.compile(rf"[{_TICKED}{_OPEN}]")


def only_ticked(text: str) -> str:
    """``text``, as long as before, with the options blanked whose box is open (``☐一级 ☑二级`` keeps 二级).

    A box stands before its option, or behind it where the text does not begin with one.  Without an open box
    there is nothing to choose from.
    """
    boxes = list(_BOX.finditer(text))
    if not any(box[0] in _OPEN for box in boxes):
        return text
    before = not text[: boxes[0].start()].strip() or text[: boxes[0].start()].rstrip().endswith(("：", ":"))
    kept = list(text)
    for index, box in enumerate(boxes):
        if box[0] in _TICKED:
            continue
        if before:
            start, end = box.end(), boxes[index + 1].start() if index + 1 < len(boxes) else len(text)
        else:
            start, end = boxes[index - 1].end() if index else 0, box.start()
        kept[start:end] = " " * (end - start)
    return "".join(kept)
