"""Characters of symbol fonts, in private code points, as the ordinary characters they look like."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

_PRIVATE = 0xF000
"""Symbol fonts are addressed at 0xF000 plus their own 8-bit code."""

_SYMBOL = {0xB7: "•", 0xB3: "≥", 0xA3: "≤", 0xB1: "±", 0xB4: "×", 0xB8: "÷", 0xB9: "≠", 0xBB: "≈", 0xA5: "∞",
           0xAE: "→", 0xDE: "⇒", 0xD7: "·", 0x2D: "−", 0xA8: "♦", 0xB0: "°"}  # fmt: skip
_WINGDINGS = {0x6C: "●", 0x6D: "❍", 0x6E: "■", 0x6F: "□", 0x70: "□", 0x71: "❑", 0x72: "❒", 0x73: "⬧",
              0x74: "⧫", 0x75: "◆", 0x76: "❖", 0x77: "⬥", 0x9E: "·", 0x9F: "•", 0xA0: "▪", 0xA1: "○",
              0xA4: "◉", 0xA7: "▪", 0xA8: "□", 0xB2: "✧", 0xD8: "➢", 0xE0: "→", 0xE8: "➔", 0xF0: "⇨",
              0xFB: "✗", 0xFC: "✓", 0xFD: "☒", 0xFE: "☑"}  # fmt: skip
_WINGDINGS_2 = {0x4F: "✗", 0x50: "✓", 0x51: "☒", 0x52: "☑", 0x53: "☒", 0x54: "☒", 0x97: "●", 0x98: "•",
                0x99: "○", 0xA2: "■", 0xA3: "□", 0xAE: "◆"}  # fmt: skip
_CIRCLED = {
    **{0x80 + n: chr(ord("①") + n - 1) for n in range(1, 11)},
    **{0x8B + n: chr(ord("❶") + n - 1) for n in range(1, 11)},
}
_FONTS = MappingProxyType(
    {
        "symbol": _SYMBOL,
        "wingdings": _WINGDINGS | _CIRCLED,
        "wingdings 2": _WINGDINGS_2,
    }
)
_BULLET = "•"
_CHINESE, _FIRST_PRIVATE = "\u2e80", "\ue000"
_PASTED = re.compile("[\uf020-\uf0ff]")


def symbol(font: str, code: str) -> str:
    """The character that ``w:sym`` shows; "" where its font's drawing has no ordinary character.

    Args:
        font: name of the font.
        code: code point in hexadecimal, with or without the private offset.
    """
    try:
        point = int(code, 16)
    except ValueError:
        return ""
    drawn = _FONTS.get(font.lower())
    if drawn is not None:
        return drawn.get(point & 0xFF, "")
    return chr(point) if 0 <= point < 0xD800 or 0xF900 <= point <= 0x10FFFF else ""


def may_be_symbol(text: str) -> bool:
    """Whether a symbol font would draw a picture for ``text``: a letter, a sign, a private character."""
    return (text[0] < _CHINESE or text[0] >= _FIRST_PRIVATE) and not text.isdigit()


def in_font(text: str, font: str) -> str:
    """Text as its font draws it: in a symbol font, letters are pictures (R of Wingdings 2 is ☑).

    Args:
        text: a few characters; Chinese ones are drawn in another font.
        font: name of the font for Latin characters.
    """
    drawn = _FONTS.get(font.lower())
    return text if drawn is None else "".join(_drawn(drawn, ord(c)) or c for c in text)


def _drawn(font: Mapping[int, str], point: int) -> str:
    return font.get(point & 0xFF, "") if point < 0x100 or point & ~0xFF == _PRIVATE else ""


def without_private(text: str) -> str:
    """Text with ticks and boxes that were pasted without their font as ordinary characters."""
    return _PASTED.sub(lambda found: _WINGDINGS.get(ord(found[0]) & 0xFF, found[0]), text)


def bullet(text: str, font: str) -> str:
    """The mark of a bulleted list as an ordinary character; a dot where the drawing is not known."""
    return "".join(
        (_FONTS.get(font.lower(), {}).get(ord(c) & 0xFF) or _plain_bullet(ord(c))) if _is_private(c) else c
        for c in text
    )


def _plain_bullet(point: int) -> str:
    return _WINGDINGS.get(point & 0xFF, _BULLET) if point & 0xFF != 0xB7 else _BULLET


def _is_private(character: str) -> bool:
    return 0xE000 <= ord(character) <= 0xF8FF
