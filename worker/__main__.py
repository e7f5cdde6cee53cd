"""``python -m worker work|sweep``: what ``yushen serve`` and ``yushen worker`` start."""

from __future__ import annotations

import sys

from storage import logs
from storage.settings import load_settings
from worker.app import run_worker
from worker.sweeper import run_sweeper

if __name__ == "__main__":
    part, run = {"work": ("worker", run_worker), "sweep": ("sweeper", run_sweeper)}[sys.argv[1]]
    settings = load_settings()
    logs.setup(part, settings.log_level)
    run(settings)
