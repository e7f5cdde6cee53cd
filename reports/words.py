"""What things are called: titles of classes, codes and facts, taken from the rule pack and the catalogue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

from schemas import Pack, catalogue, load_pack
from schemas.errors import UsageError
from schemas.packs import FactSpec


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one rule pack.

    Attributes:
        regulation: the regulation as a sentence cites it, e.g. ``"《……管理暂行办法》"``.
        classes: class id -> title.
        facts: class id -> the facts that its record may state, in the order in which people read them.
    """

    regulation: str
    classes: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, tuple[FactSpec, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, pack: Pack) -> Self:
        """The words of ``pack``."""
        return cls(
            regulation=f"《{pack.title}》",
            classes={name: each.title for name, each in pack.classes.items()},
            facts={
                name: (*each.facts, *(fact for need in each.requirements for fact in need.facts))
                for name, each in pack.classes.items()
            },
        )

    @classmethod
    def of_id(cls, pack_id: str) -> Self:
        """The words of the pack of that id; of a pack that is not (any longer) installed, its id.

        Raises:
            PackError: the pack is broken.
        """
        try:
            return cls.of(load_pack(pack_id))
        except UsageError:
            return cls(regulation=f"规则包“{pack_id}”")

    def class_title(self, class_id: str | None) -> str:
        """What the document class is called; of an unknown one its id."""
        return self.classes.get(class_id, class_id) if class_id else "种类未能判断"


def code_title(code: str) -> str:
    """What a finding code is called; of an unknown one the code."""
    entry = catalogue().codes.get(code)
    return entry.title if entry else code


def conclusion_title(conclusion: str) -> str:
    """What a conclusion is called."""
    return catalogue().conclusions.get(conclusion, conclusion)
