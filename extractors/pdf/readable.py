"""Tells text from gibberish: characters without meaning, mojibake, glyph numbers taken for characters."""

from __future__ import annotations

import re

_SHARE = 0.3
"""Share of a text's characters that must be wrong for it to be gibberish."""
_HIDDEN_WORD = 4
"""Characters without meaning side by side that may be a word, and are no bullets or icons."""
_LEAST = 20
"""Characters below which nothing can be said."""
_COMMON_SHARE = 0.5
_MEANINGLESS = re.compile(
    "[\ufffd\ue000-\uf8ff\U000f0000-\U0010ffff\x00-\x08\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufff0-\ufff8]"
)
_MOJIBAKE = re.compile("[¡-¿À-ÿ]")
_RARE = re.compile(
    "[\u0180-\u02ff\u0530-\u05ff\u0700-\u0dff\u0f00-\u1eff\u2c00-\u2dff\u3400-\u4dbf\ua000-\uabff\ud7b0-\ud7ff"
    "\U00010000-\U0001d3ff\U0001d800-\U0001efff\U00020000-\U0003ffff]"
)
_IDEOGRAPH = re.compile("[\u4e00-\u9fff]")
_MEANINGLESS_RUN = re.compile(f"{_MEANINGLESS.pattern}{{{_HIDDEN_WORD},}}")
_SPACE = re.compile(r"\s+")


def is_gibberish(text: str) -> bool:
    """Whether a page's text is no text that a person wrote."""
    known = text.encode("gb2312", "ignore").decode("gb2312")
    if len(known) > (1 - _SHARE) * len(text) and len(text) >= _LEAST and not _MEANINGLESS.search(known):
        return False
    text = _SPACE.sub("", text)
    if len(text) < _LEAST:
        return bool(text) and len(_MEANINGLESS.findall(text)) > len(text) / 2
    wrong = len(_MEANINGLESS.findall(text)) + len(_MOJIBAKE.findall(text)) + len(_RARE.findall(text))
    return wrong > _SHARE * len(text) or _are_uncommon("".join(_IDEOGRAPH.findall(text)))


def hides_words(text: str) -> bool:
    """Whether words stand in a text that cannot be read: one font of several does not say what it draws.

    The same private character again and again is an ornament.
    """
    runs = _MEANINGLESS_RUN.findall(text)
    return any(len(set(run)) > 1 or run[0] == "\ufffd" for run in runs)


def _are_uncommon(ideographs: str) -> bool:
    """Whether ideographs are so strange that they must be glyph numbers: in no national standard."""
    if len(ideographs) < _LEAST:
        return False
    return all(
        len(ideographs.encode(charset, "ignore")) < 2 * _COMMON_SHARE * len(ideographs)
        for charset in ("gb2312", "big5", "shift_jis")
    )
