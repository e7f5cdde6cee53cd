"""What the reader's screen is like."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Style:
    """How text is laid out.

    Attributes:
        width: columns of the terminal; a Chinese character takes two.
        colour: write ANSI colours.
    """

    width: int = 80
    colour: bool = False
