"""The tables of PDFs, read by us from pdfium's lines, held against an independent reader: pdfplumber."""

import re
import unicodedata
from pathlib import Path

import pdfplumber
import pytest

from extractors.document import Table, paragraphs
from extractors.formats import extract

ROOT = Path(__file__).resolve().parents[1]
FILES = [
    *sorted((ROOT / "examples").glob("*-clean.pdf")),
    *(next((ROOT / "tests" / "corpus" / case).glob("*.pdf")) for case in ("pdf-lo-toc", "pdf-table-breaks")),
]


def plain(text: str | None) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text or ""))


def ours(path: Path) -> set[str]:
    blocks = extract(path.read_bytes(), path.name).blocks
    tables = [block for block in blocks if isinstance(block, Table)]
    cells = (cell for table in tables for row in table.rows for cell in row)
    return {plain("".join(p.shown for p in paragraphs(cell.blocks))) for cell in cells} - {""}


def theirs(path: Path) -> set[str]:
    with pdfplumber.open(path) as document:
        tables = [table for page in document.pages for table in page.extract_tables()]
    return {plain(cell) for table in tables for row in table for cell in row} - {""}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.parent.name + "/" + path.name)
def test_another_reader_finds_the_same_cells(path):
    """A cell over a page break is one for us and two for the witness; all else is equal."""
    mine, witness = ours(path), theirs(path)
    assert mine
    assert not {cell for cell in witness - mine if not any(cell in whole for whole in mine)}
    assert not {
        cell for cell in mine - witness if not any(cell.startswith(part) for part in witness if len(part) > 1)
    }
