"""The examples saved in other formats: the same document gets the same verdict, whatever it is saved as."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from ofd_files import of_pdf
from test_examples import DOCUMENTS, EXAMPLES, FILED_ON

from worker.pipeline import Source, check

WORD_FILES = [name for name in DOCUMENTS if name.endswith(".docx")]
Saved = Callable[[str, str], bytes]

pytestmark = pytest.mark.needs("soffice")


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Saved:
    """An example's bytes as LibreOffice saves it in a format; all are saved when the first is asked for."""
    folders: dict[str, Path] = {}

    def save(name: str, form: str) -> bytes:
        if form not in folders:
            folders[form] = tmp_path_factory.mktemp(form)
            profile = tmp_path_factory.mktemp("profile")
            how = (
                f"-env:UserInstallation={profile.as_uri()}",
                "--convert-to",
                form,
                "--outdir",
                folders[form],
            )
            subprocess.run(
                ["soffice", "--headless", *how, *(EXAMPLES / each for each in WORD_FILES)],
                check=True,
                capture_output=True,
                timeout=300,
            )
        return (folders[form] / name).with_suffix(f".{form}").read_bytes()

    return save


def verdict(name: str, data: bytes) -> dict[str, Any]:
    """Class, conclusion, findings, facts and the way on, without places: other formats have other places."""
    stem = name.partition(".")[0]
    filed_on = date.fromisoformat(FILED_ON[stem]) if stem in FILED_ON else None
    report = check([Source(name, data)], filed_on=filed_on).to_dict()
    return {
        "findings": [(f["code"], f["requirement"], f["severity"]) for f in report["findings"]],
        **{key: report[key] for key in ("document_class", "conclusion", "record", "routing")},
    }


@pytest.mark.parametrize("form", ["doc", "rtf", "odt", "pdf", "ofd"])
@pytest.mark.parametrize("name", WORD_FILES)
def test_the_verdict_is_that_of_the_word_document(name: str, form: str, saved: Saved) -> None:
    data = of_pdf(saved(name, "pdf")) if form == "ofd" else saved(name, form)
    assert verdict(f"{Path(name).stem}.{form}", data) == verdict(name, (EXAMPLES / name).read_bytes())
