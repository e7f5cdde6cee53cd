"""Tick boxes: of several options only the ticked ones are stated."""

from __future__ import annotations

import re

_TICKED, _OPEN = "☑☒■✔✓√\ufffd", "□☐◻"
"""The last of the ticked stands for a sign that the font of a printed form lacks, as it may lack ☑."""
_BOX = re.compile(rf"[{_TICKED}{_OPEN}]")
_NO_WORD = "否|无|没有|(?:未|不)(?:提供|具备|出具|完成|开展|提交)"
_NO = re.compile(_NO_WORD)
_YES_WORD = "是|有|已?(?:提供|具备|出具|完成|开展|提交)"
_YES_OR_NO = re.compile(rf"(?:[{_TICKED}{_OPEN}]|{_NO_WORD}|{_YES_WORD})+")


def only_ticked(text: str) -> str:
    """``text``, as long as before, with the options blanked whose box is open (``☐一级 ☑二级`` keeps 二级).

    A box stands before its option, or behind it where the line does not begin with one.  Without an open box
    there is nothing to choose from, and no option goes on in the next line.
    """
    return "\n".join(map(_only_ticked, text.split("\n")))


def is_unanswered(text: str) -> bool:
    """Whether ``text`` is nothing but boxes for yes and no, of which none is ticked, or no (☐有 ☑无)."""
    plain = "".join(text.split())
    if not _BOX.search(plain) or not _YES_OR_NO.fullmatch(plain):
        return False
    kept = _only_ticked(plain)
    answer = "".join(_BOX.sub("", kept).split())
    return bool(_NO.fullmatch(answer)) if answer else not any(tick in kept for tick in _TICKED)


def _only_ticked(text: str) -> str:
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
