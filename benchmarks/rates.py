"""How fast one way of doing something is, beside another."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Rate:
    """What so many things took.

    Attributes:
        count: how many were done.
        clock: seconds.
        processor: seconds.
    """

    count: int = 0
    clock: float = 0.0
    processor: float = 0.0

    @property
    def a_minute(self) -> float:
        """How many a minute."""
        return self.count / self.clock * 60

    @property
    def processor_each(self) -> float:
        """Processor seconds each."""
        return self.processor / self.count
