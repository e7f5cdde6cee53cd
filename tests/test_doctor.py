"""``yushen doctor`` tells what this machine can read."""

import os
from pathlib import Path

import pytest

from intake import cli


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Programs that say a version, and no others of theirs on the path."""

    def install(*names: str) -> None:
        for name in names:
            (tmp_path / name).write_text(f"#!/bin/sh\necho {name} 7.7\n")
            (tmp_path / name).chmod(0o755)
        monkeypatch.setenv("PATH", str(tmp_path))

    return install


def test_a_machine_with_everything_is_well(programs, capsys):
    programs("soffice", "unar")
    assert cli.main(["doctor"]) == 0
    said = capsys.readouterr().out
    assert "soffice：soffice 7.7" in said
    assert "✘" not in said
    assert all(
        kind in said for kind in (".docx", "PDF", "OFD", "扫描件", "WPS", "ZIP", "7z", "RAR", "ClamAV")
    )


@pytest.mark.parametrize(
    ("there", "package"), [(("unar",), "libreoffice-writer"), (("soffice",), "apt install unar")]
)
def test_what_is_missing_is_named_with_its_remedy(programs, capsys, there, package):
    programs(*there)
    assert cli.main(["doctor"]) == 1
    said = capsys.readouterr().out
    assert said.count("✘") == 1
    assert package.split()[-1] in said


def test_a_program_that_does_not_answer_counts_as_missing(programs, capsys, tmp_path):
    programs("soffice", "unar")
    (tmp_path / "soffice").write_bytes(os.urandom(64))
    assert cli.main(["doctor"]) == 1
    assert "✘" in capsys.readouterr().out
