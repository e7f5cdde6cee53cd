"""Rule packs as data, their loader and their linter, and the catalogue of codes."""

from schemas.catalogue import Catalogue, catalogue
from schemas.packs import DocumentClass, Language, Pack, Requirement, available_packs, load_pack, read_pack

__all__ = [
    "Catalogue",
    "DocumentClass",
    "Language",
    "Pack",
    "Requirement",
    "available_packs",
    "catalogue",
    "load_pack",
    "read_pack",
]
