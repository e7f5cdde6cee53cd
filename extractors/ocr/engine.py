"""The recognition engine: RapidOCR with the models of its own wheel, loaded once and only when needed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any

_LONGEST_SIDE = 2000
"""Pixels that the engine makes a larger picture smaller to, which bounds its memory."""
_LEAST_SCORE = 0.3
"""Below it nothing is said about what was found, not even that it is handwriting."""
SETTINGS: Mapping[str, Any] = MappingProxyType(
    {
        "Global.use_cls": False,
        "Global.log_level": "critical",
        "Global.text_score": _LEAST_SCORE,
        "Global.max_side_len": _LONGEST_SIDE,
        "Rec.rec_batch_num": 1,
        "EngineConfig.onnxruntime.intra_op_num_threads": 1,
        "EngineConfig.onnxruntime.inter_op_num_threads": 1,
    }
)
"""How the engine is set.

Its line classifier stays off: it turns upright lines upside down and loses them.  Each line is recognised by
itself: six at once, as it comes, are all made as wide as the widest, which takes a fifth more of a processor
and half as much memory again.
"""


class OcrUnavailableError(Exception):
    """The packages or the models of text recognition are not there."""


@dataclass(frozen=True, slots=True)
class Recognised:
    """One line, or part of a line, as it was recognised.

    Attributes:
        text: what it says.
        score: how sure that is, 0 to 1.
        x0, top, x1, bottom: the upright rectangle around it, in pixels.
    """

    text: str
    score: float
    x0: float
    top: float
    x1: float
    bottom: float


def recognise(image: Any) -> list[Recognised]:
    """The lines of an upright picture (numpy array, 8 bits, three channels), in no particular order.

    Raises:
        OcrUnavailableError: the engine cannot be loaded.
        MemoryError: the engine ran out of memory.
    """
    try:
        found = _engine()(image)
    except Exception as error:
        if "alloc" in str(error):  # onnxruntime and OpenCV have no type for it
            raise MemoryError("text recognition") from error
        raise
    if found.boxes is None:
        return []
    return [
        Recognised(text, float(score), *_around(box))
        for box, text, score in zip(found.boxes, found.txts, found.scores, strict=True)
    ]


def _around(box: Any) -> tuple[float, float, float, float]:
    xs, ys = [float(x) for x, _ in box], [float(y) for _, y in box]
    return min(xs), min(ys), max(xs), max(ys)


@lru_cache(maxsize=1)
def _engine() -> Any:
    """The engine, with its models loaded."""
    try:
        from rapidocr import RapidOCR

        engine = RapidOCR(params=dict(SETTINGS))
    except (ImportError, OSError) as error:
        raise OcrUnavailableError(str(error)) from error
    return engine
