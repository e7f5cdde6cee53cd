"""The catalogue: every finding code, reason of unreadability and kind of active content, with its wording."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from schemas.packs import read_json


@dataclass(frozen=True, slots=True)
class CodeEntry:
    """One finding code: title, default severity, when it is given, templates of message and advice."""

    title: str
    severity: str
    when: str
    message: str
    advice: str


@dataclass(frozen=True, slots=True)
class UnreadableEntry:
    """Why a file could not be read (template with ``{detail}``) and what its submitter can do."""

    reason: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All wording that belongs to the engine and not to one regulation."""

    codes: Mapping[str, CodeEntry]
    unreadable: Mapping[str, UnreadableEntry]
    active: Mapping[str, str]
    conclusions: Mapping[str, str]


@lru_cache(maxsize=1)
def catalogue() -> Catalogue:
    """Read the catalogue that is shipped with the program.

    Raises:
        PackError: the file is missing or malformed.
    """
    data = read_json(Path(__file__).parent / "catalogue.json")
    return Catalogue(
        codes={code: CodeEntry(**entry) for code, entry in data["codes"].items()},
        unreadable={reason: UnreadableEntry(**entry) for reason, entry in data["unreadable"].items()},
        active=data["active"],
        conclusions=data["conclusions"],
    )
