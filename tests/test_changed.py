"""The check notices what is changed in clean documents; the command that looks for more of that works."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from changed import judging, runner
from changed.changes import KINDS
from changed.documents import Candidate, Clean, clean, examples
from changed.judging import Outcome
from test_examples import EXAMPLES

from extractors.document import Document, paragraphs

LEAST = {"drop": 40, "empty": 40, "amounts": 9, "lines": 19}
"""So many changes at least the six clean examples offer."""


@pytest.fixture(scope="module")
def documents() -> list[Clean]:
    return [document for document in map(clean, examples()) if document]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of one clean Word document, of which known.txt knows nothing."""
    shutil.copy(EXAMPLES / "proposal-maintenance-clean.docx", tmp_path / "a.docx")
    return tmp_path


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_changed_in_an_example_is_noticed(kind: str, documents: list[Clean]) -> None:
    found = [result for document in documents for result in judging.results(document, [kind], seed=1)]
    assert {r.key for r in found if r.outcome is not Outcome.NOTICED} <= runner.known()
    assert Outcome.MISSED not in {r.outcome for r in found}
    assert len(found) >= LEAST[kind]


@pytest.mark.parametrize(
    "options",
    [["--only", "amounts", "lines"], ["--only", "drop", "empty", "--most", "60"]],
    ids=["amounts", "sections"],
)
def test_of_the_corpus_nothing_goes_unnoticed_but_what_is_known(
    options: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    status = runner.main([*options, "--seed", "1"])
    assert status == 0, capsys.readouterr().out


def test_each_clean_example_is_changed(documents: list[Clean]) -> None:
    assert {d.slug for d in documents} == {path.stem for path in EXAMPLES.glob("*-clean.docx")}


def test_a_deficient_document_is_not_changed() -> None:
    path = EXAMPLES / "proposal-maintenance-deficient.docx"
    assert clean(Candidate("deficient", path)) is None


def test_dropped_is_gone_with_its_title_and_emptied_without_it(documents: list[Clean]) -> None:
    of_class = {d.slug: d for d in documents}["decommission-notice-clean"]
    texts = {
        (kind, change.what): "".join(p.text for p in paragraphs(change.document.blocks))
        for kind in ("drop", "empty")
        for change in KINDS[kind](of_class, judging.chance(1, kind, of_class))
    }
    for requirement in of_class.judge_by.requirements:
        (met,) = of_class.met[requirement.name]
        assert met.section.heading
        title, said = met.section.heading.text, next(iter(paragraphs(met.section.blocks))).text
        assert title not in texts["drop", requirement.name]
        assert title in texts["empty", requirement.name]
        assert said not in texts["drop", requirement.name] + texts["empty", requirement.name]


@pytest.mark.parametrize("kind", ["amounts", "lines"])
def test_one_number_is_another_and_all_else_the_same(kind: str, documents: list[Clean]) -> None:
    for document in documents:
        for change in KINDS[kind](document, judging.chance(1, kind, document)):
            before, after = _texts(document.document), _texts(change.document)
            (different,) = [(b, a) for b, a in zip(before, after, strict=True) if b != a]
            assert sum(b != a for b, a in zip(*different, strict=True)) == 1


def test_a_seed_says_what_is_changed_and_how(documents: list[Clean]) -> None:
    budget = {d.slug: d for d in documents}["construction-plan-clean"]

    def changed(seed: int) -> list[tuple[str, list[str]]]:
        made = KINDS["lines"](budget, judging.chance(seed, "lines", budget))
        return [(change.what, _texts(change.document)) for change in made]

    assert changed(1) == changed(1)
    assert changed(1) != changed(2)
    assert [what for what, _ in changed(1)] == [what for what, _ in changed(2)]


def test_what_goes_unnoticed_is_said_and_fails_the_run(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(judging, "report_on", lambda document, change: document.report)
    assert runner.main(["--documents", str(folder), "--only", "drop"]) == 1
    said = capsys.readouterr().out
    assert "missed   drop a.docx 考核指标: nothing new\n" in said
    assert " missed\n" in said.splitlines(keepends=True)[-1]


def test_what_is_known_does_not_fail_the_run_until_it_is_noticed(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(runner, "known", lambda: frozenset({"empty a.docx 考核指标"}))
    assert runner.main(["--documents", str(folder), "--only", "empty"]) == 1
    assert "paid     empty a.docx 考核指标: noticed now, take it off known.txt\n" in capsys.readouterr().out
    monkeypatch.setattr(judging, "outcome", lambda document, change, report: Outcome.DOUBTED)
    monkeypatch.setattr(runner, "known", lambda: frozenset(f"empty a.docx {name}" for name in _names(folder)))
    assert runner.main(["--documents", str(folder), "--only", "empty"]) == 0


@pytest.mark.needs("soffice")
def test_another_format_with_another_verdict_fails_the_run(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["--documents", str(folder), "--only", "formats"]
    assert runner.main(asked) == 0
    assert capsys.readouterr().out == "formats  1 changes, 1 noticed\n"
    lost = Candidate("a.docx", EXAMPLES / "proposal-maintenance-deficient.docx").report()
    original = Candidate.report
    monkeypatch.setattr(
        Candidate, "report", lambda self, name="", data=b"": lost if name == "a.pdf" else original(self)
    )
    assert runner.main(asked) == 1
    assert (
        "missed   formats a.docx pdf: as Word pass: nothing new; as pdf deficient: "
        in capsys.readouterr().out
    )


def _names(folder: Path) -> list[str]:
    document = clean(Candidate("a.docx", folder / "a.docx"))
    assert document
    return [requirement.name for requirement in document.judge_by.requirements]


def _texts(document: Document) -> list[str]:
    return [paragraph.text for paragraph in paragraphs(document.blocks)]
