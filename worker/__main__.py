"""``python -m worker work|sweep``: what ``yushen serve`` and ``yushen worker`` start."""

from __future__ import annotations

import sys

from storage.settings import load_settings
from worker.app import run_worker
from worker.sweeper import run_sweeper

if __name__ == "__main__":
    {"work": run_worker, "sweep": run_sweeper}[sys.argv[1]](load_settings())
