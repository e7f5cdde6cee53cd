"""What the corpus is made with: texts, layouts, faults, writers."""

from __future__ import annotations

import importlib
import pkgutil

from making import case


def all_cases(wanted: list[str] = ()) -> list[case.Case]:  # type: ignore[assignment]
    """Every case of every ``cases_*`` module; only those whose name contains one of ``wanted``, if any."""
    case.WANTED = tuple(wanted)
    for module in pkgutil.iter_modules(__path__):
        if module.name.startswith("cases_"):
            importlib.import_module(f"making.{module.name}")
    return case.CASES
