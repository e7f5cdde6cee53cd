"""The fact readers by the names that packs use: from the sections that meet a requirement to one value.

A reader is a function ``(FactSpec, Scope) -> Reading | None``; a further one is one function and one line in
``READERS``.  Which words steer it is the pack's affair (``x-fact``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from extractors.readers import elsewhere, money, names, prices, projects, statements, told
from extractors.readers.scope import Reading, Scope, Source
from schemas.packs import FactSpec

__all__ = ["READERS", "Reader", "Reading", "Scope", "Source"]

Reader = Callable[[FactSpec, Scope], Reading | None]

READERS: Mapping[str, Reader] = {
    "period": statements.period,
    "date": statements.day,
    "level": statements.level,
    "mention": statements.mention,
    "total": money.total,
    "items-sum": money.items_sum,
    "table-total": money.table_total,
    "subtotal": money.subtotal,
    "subtotal-items": money.subtotal_items,
    "capital-total": money.capital_total,
    "sources-sum": money.sources_sum,
    "difference": money.difference,
    "price": prices.price,
    "price-in-capitals": prices.price_in_capitals,
    "working-days": statements.working_days,
    "whole-months": statements.whole_months,
    "label": names.label,
    "other-project": projects.other_project,
    "elsewhere": elsewhere.stated_elsewhere,
    "told-otherwise": told.told_otherwise,
    "told-later": told.told_later,
}
