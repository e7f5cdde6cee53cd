"""File names as they come, and as they may be shown: readable, one line, no tricks with direction."""

from __future__ import annotations

import os
import re
import unicodedata

_LONGEST = 200
_JUNK_FOLDERS = frozenset({"__macosx", ".git", ".svn", "$recycle.bin", "system volume information"})
_JUNK_FILES = frozenset({".ds_store", "thumbs.db", "ehthumbs.db", "desktop.ini", ".~lock"})
_JUNK_STARTS = ("~$", "._", ".~lock.", ".~")


def shown(name: str) -> str:
    """``name`` for people: undecodable bytes tried as GB18030, nothing invisible in it, not endless."""
    raw = os.fsencode(name)
    text = next((t for encoding in ("utf-8", "gb18030") if (t := _decoded(raw, encoding)) is not None), None)
    if text is None:
        text = raw.decode("utf-8", "replace")
    text = "".join(_visible(character) for character in text)
    return text if len(text) <= _LONGEST else _shortened(text)


def _visible(character: str) -> str:
    match unicodedata.category(character):
        case "Cf":
            # Marks of direction and width: they show nothing and can turn fdp.exe into exe.pdf.
            return ""
        case "Cc" | "Cs" | "Zl" | "Zp":
            return "\ufffd"
        case _:
            return character


def _shortened(text: str) -> str:
    stem, dot, suffix = text.rpartition(".")
    if not dot or len(suffix) > 10:
        return text[: _LONGEST - 1] + "…"
    return f"{stem[: _LONGEST - len(suffix) - 2]}….{suffix}"


def _decoded(raw: bytes, encoding: str) -> str | None:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError:
        return None


def is_junk(parts: tuple[str, ...]) -> bool:
    """Whether a path is what operating systems and editors leave behind, and no document."""
    *folders, name = (part.lower() for part in parts)
    return (
        not _JUNK_FOLDERS.isdisjoint(folders)
        or name in _JUNK_FILES
        or name in _JUNK_FOLDERS
        or name.startswith(_JUNK_STARTS)
    )


def natural(parts: tuple[str, ...]) -> tuple[tuple[tuple[tuple[int, int, str], ...], str], ...]:
    """A sort key in which 附件2 stands before 附件10, whatever the machine's language."""
    return tuple((tuple(_piece(p) for p in re.split(r"(\d+)", part) if p), part) for part in parts)


def _piece(text: str) -> tuple[int, int, str]:
    """Numbers before words, and by their value: more digits, larger number."""
    digits = text.lstrip("0")
    return (0, len(digits), digits) if text.isdecimal() else (1, 0, text)
