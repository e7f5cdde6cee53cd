"""Whether text recognition is installed; asked before anything of it is loaded."""

from __future__ import annotations

import importlib.util

PACKAGES = ("rapidocr", "onnxruntime", "cv2", "numpy", "PIL")
"""Modules that text recognition needs."""


def is_available() -> bool:
    """Whether all of them are installed."""
    return all(importlib.util.find_spec(name) for name in PACKAGES)
