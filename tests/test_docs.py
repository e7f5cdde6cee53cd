"""What the docs promise: codes, reasons, options, settings, limits, links, and the commands they show."""

import dataclasses
import json
import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from extractors.document import Limits
from intake import patience, supervisor
from intake.cli import yushen
from schemas import errors
from schemas.catalogue import catalogue
from schemas.packs import available_packs, load_pack
from schemas.page import page as pack_page
from storage import database, jobs, objects, settings, submissions
from storage.settings import Settings
from validators import report
from worker import checking, process
from worker.gathering.archives import ArchiveLimits
from worker.limits import SandboxLimits

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "examples").glob("*.md")])
PRODUCT = ("intake", "schemas", "extractors", "validators", "reports", "worker")
ROOMS = {*PRODUCT, "storage"}
MEBIBYTE = 1024 * 1024


def doc(name: str) -> str:
    return (ROOT / "docs" / name).read_text("utf-8")


def first_cells(text: str) -> set[str]:
    """What stands in backquotes in the first cell of each table row."""
    rows = re.findall(r"(?m)^\|([^|]*)\|", text)
    return {word for cell in rows for word in re.findall(r"`([^`]+)`", cell)}


def test_every_finding_code_is_documented_with_title_and_severity():
    text = doc("read-the-report.md")
    for code, entry in catalogue().codes.items():
        row = re.search(rf"(?m)^\| `{code}` \| {entry.title} \| .+ \| {entry.severity} \|$", text)
        assert row, code


def test_every_conclusion_is_documented():
    text = doc("read-the-report.md")
    for conclusion, title in catalogue().conclusions.items():
        assert f"| `{conclusion}` | {title} |" in text


def test_every_key_of_the_report_is_documented():
    shapes = (
        report.Report,
        report.DocumentInfo,
        report.Check,
        report.Finding,
        report.Routing,
        report.Location,
    )
    keys = {field.name for shape in shapes for field in dataclasses.fields(shape)} | {"report_version"}
    words = set(re.findall(r"`(\w+)`", doc("read-the-report.md")))
    assert keys | {str(outcome) for outcome in report.Outcome} - {"not-checked"} <= words


def test_every_reason_of_unreadability_is_documented_and_worded():
    reasons = {str(reason) for reason in errors.UnreadableReason}
    assert reasons <= first_cells(doc("errors.md"))
    assert reasons == catalogue().unreadable.keys()


def test_every_exception_is_documented():
    names = {name for name, kind in vars(errors).items() if name.endswith("Error") and isinstance(kind, type)}
    assert names <= first_cells(doc("errors.md"))


SERVICE = (database, jobs, objects, settings, submissions, supervisor, checking, process, patience)


def test_every_exception_of_the_service_is_documented():
    own = {kind for module in SERVICE for kind in vars(module).values() if isinstance(kind, type)}
    names = {k.__name__ for k in own if issubclass(k, Exception) and k.__module__.split(".")[0] in ROOMS}
    assert len(names) > len(SERVICE)
    assert names <= first_cells(doc("errors.md"))


def commands(group: click.Command, path: str) -> Iterator[tuple[str, click.Command]]:
    yield path, group
    if isinstance(group, click.Group):
        for name, command in group.commands.items():
            yield from commands(command, f"{path} {name}")


COMMANDS = dict(commands(yushen, "yushen"))


@pytest.mark.parametrize("path", COMMANDS)
def test_every_command_and_option_is_documented(path):
    text = doc("use.md")
    assert path.split()[-1] in re.findall(r"[\w-]+", text)
    for parameter in COMMANDS[path].params:
        if isinstance(parameter, click.Option):
            assert {o for o in parameter.opts if o.startswith("--")} <= set(re.findall(r"--[\w-]+", text))


def test_every_documented_option_exists():
    options = {o for command in COMMANDS.values() for p in command.params for o in p.opts} | {"--help"}
    assert {cell.split()[0] for cell in first_cells(doc("use.md"))} <= options


def test_every_choice_of_an_option_is_documented():
    text = doc("use.md")
    for command in COMMANDS.values():
        for parameter in command.params:
            if isinstance(parameter.type, click.Choice):
                assert {str(choice) for choice in parameter.type.choices} <= set(re.findall(r"\w+", text))


def test_every_setting_is_documented():
    sources = [ROOT / "bootstrap.sh", ROOT / "yushen", ROOT / "run-tests"]
    sources += [path for room in PRODUCT for path in (ROOT / room).rglob("*.py")]
    used = {name for path in sources for name in re.findall(r"\bYUSHEN_\w+", path.read_text("utf-8"))}
    of_service = {f"YUSHEN_{name.upper()}" for name in Settings.model_fields} | {"YUSHEN_CONFIG"}
    documented = {cell for cell in first_cells(doc("deploy.md")) if cell.startswith("YUSHEN_")}
    assert used - of_service == documented - of_service


def test_every_limit_is_documented_with_its_default():
    rows = dict(re.findall(r"(?m)^\| `(\w*Limits\.\w+)` \| ([^|]+) \|", doc("deploy.md")))
    expected = {
        f"{type(limits).__name__}.{field.name}": shown(getattr(limits, field.name))
        for limits in (Limits(), SandboxLimits(), ArchiveLimits())
        for field in dataclasses.fields(limits)
        if not callable(getattr(limits, field.name))
    }
    assert rows == expected


def shown(value: float) -> str:
    return f"{value // MEBIBYTE} MiB" if value >= MEBIBYTE else f"{value:g}"


@pytest.mark.parametrize("annotation", ["x-requirement", "x-fact"])
def test_every_annotation_that_a_rule_may_carry_is_documented(annotation):
    vocabulary = json.loads((ROOT / "schemas/vocabulary.json").read_text("utf-8"))["$defs"]
    properties = vocabulary[annotation]["properties"]
    documented = first_cells(doc("add-a-rule.md"))
    assert set(properties) <= documented
    assert set(properties.get("reader", {}).get("enum", ())) <= documented


@pytest.mark.parametrize("pack", available_packs())
def test_pack_page_is_what_the_pack_makes(pack):
    remedy = f"run: ./yushen packs show {pack} --markdown > docs/packs/{pack}.md"
    assert doc(f"packs/{pack}.md") == pack_page(load_pack(pack)), remedy


@pytest.mark.parametrize("pack", available_packs())
def test_pack_page_names_every_class_requirement_fact_and_attachment(pack):
    text = doc(f"packs/{pack}.md")
    for document_class in load_pack(pack).classes.values():
        _, _, after = text.partition(f"## `{document_class.id}` {document_class.title}\n")
        section = after.partition("\n## ")[0]
        for requirement in document_class.requirements:
            row = rf"(?m)^\| \*\*{requirement.name}\*\* \| {requirement.clause} \| {requirement.severity} \|"
            assert re.search(row, section)
            assert all(f"| `{fact.path}` |" in section for fact in requirement.facts)
        assert all(f"| `{fact.path}` |" in section for fact in document_class.facts)
        assert all(f"| {rule.name} |" in section for rule in document_class.attachments)


def test_readme_lists_every_document_class():
    classes = set(load_pack("jinjiang-2023").classes)
    assert classes <= first_cells((ROOT / "README.md").read_text("utf-8"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_relative_links_lead_somewhere(page):
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text("utf-8")):
        if "://" in target:
            continue
        path, _, anchor = target.partition("#")
        linked = (page.parent / path).resolve() if path else page
        assert linked.exists(), target
        if anchor:
            assert anchor in anchors(linked), target


def anchors(page: Path) -> set[str]:
    headings = re.findall(r"(?m)^#+ (.+)$", page.read_text("utf-8"))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_readmes_have_the_same_structure():
    english, chinese = ((ROOT / name).read_text("utf-8") for name in ("README.md", "README.zh-CN.md"))
    assert re.findall(r"(?m)^(#+) ", english) == re.findall(r"(?m)^(#+) ", chinese)
    assert fences(english) == fences(chinese)
    assert re.findall(r"\]\(((?!README)[^)]+)\)", english) == re.findall(r"\]\(((?!README)[^)]+)\)", chinese)
    assert first_cells(english) == first_cells(chinese)


def fences(text: str) -> list[tuple[str, str]]:
    """Language and text of each code block."""
    return re.findall(r"(?ms)^ *```(\w*)\n(.*?)^ *```$", text)


def test_quick_start_is_two_commands():
    readme = (ROOT / "README.md").read_text("utf-8")
    _, _, section = readme.partition("## Quick start")
    blocks = [text for language, text in fences(section.partition("\n## ")[0]) if language == "bash"]
    assert [len(block.splitlines()) for block in blocks] == [1, 1]
    assert all((ROOT / block.split()[0]).stat().st_mode & 0o111 for block in blocks)


def test_quick_start_shows_what_the_example_gives():
    shown = fences((ROOT / "README.md").read_text("utf-8"))
    command = next(text for language, text in shown if language == "bash")
    beginning = next(text for language, text in shown if language == "text")
    done = subprocess.run(shlex.split(command), cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stdout.startswith(beginning), "README.md and README.zh-CN.md show something else"
    assert done.returncode == 1


SHOWN = sorted(
    {
        line.removeprefix("$ ")
        for page in PAGES
        for language, text in fences(page.read_text("utf-8"))
        if language == "console"
        for line in text.splitlines()
        if line.startswith("$ ./yushen ")
    }
)


@pytest.mark.parametrize("command", SHOWN)
def test_shown_command_runs_and_ends_as_stated(command):
    done = subprocess.run(shlex.split(command), cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == (1 if "-deficient" in command else 0), done.stderr
    assert done.stdout
