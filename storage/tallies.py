"""Counts for the metrics, which only grow.

They are kept in the database: no worker need be asked for them, and no restart or purge sets them back.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from storage import rows
from storage.models import Tally

BUCKETS = (0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800, 7200)
"""Upper bounds in seconds of the histograms."""

OVER = "inf"
"""The bucket above the last bound."""

_SHARDS = 16

Key = tuple[str, str]
"""Name and labels of a count."""


def add(session: Session, counts: Mapping[Key, float]) -> None:
    """Count, in the same transaction as what is counted."""
    shard = os.getpid() % _SHARDS
    # Sorted: two transactions that count the same must do so in the same order.
    counted = [
        {"name": name, "labels": labels, "shard": shard, "value": value}
        for (name, labels), value in sorted(counts.items())
    ]
    rows.put(session, Tally, counted, summed=True, column="value")


def all_counts(session: Session) -> dict[Key, float]:
    """Every count, those of all processes together."""
    total = func.sum(Tally.value)
    rows = session.execute(select(Tally.name, Tally.labels, total).group_by(Tally.name, Tally.labels))
    return {(name, labels): float(value) for name, labels, value in rows}


def label(**labels: str) -> str:
    """Labels as they are stored; the values are words of ours, without commas."""
    return ",".join(f"{name}={value}" for name, value in sorted(labels.items()))


def timing(name: str, duration: timedelta, **labels: str) -> dict[Key, float]:
    """What a histogram counts for one duration: its bucket and its sum."""
    seconds = max(0.0, duration.total_seconds())
    bucket = next((f"{bound:g}" for bound in BUCKETS if seconds <= bound), OVER)
    return {(name, label(**labels, le=bucket)): 1.0, (f"{name}_sum", label(**labels)): seconds}
