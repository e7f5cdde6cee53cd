"""The import law of docs/architecture.md: who may import whom, wherever in a file the import stands."""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

EXTRACTORS_TYPES = ("extractors.document", "extractors.record")

LAW: dict[str, tuple[str, ...]] = {
    "schemas": (),
    "storage": (),
    "extractors": ("schemas",),
    "validators": ("schemas", *EXTRACTORS_TYPES),
    "reports": ("schemas", "validators", *EXTRACTORS_TYPES),
    "worker": ("schemas", "storage", "extractors", "validators", "reports"),
    "intake": ("schemas", "storage"),
    # The command line alone: it hands files to child processes and renders what comes back.
    "intake.cli": ("worker.sandbox", "worker.limits", "worker.gathering", "reports"),
    "intake.doctor": ("worker.gathering.clamav",),
    "intake.batch": ("worker.sandbox", "worker.gathering", "reports"),
    "intake.output": ("worker.gathering.names", "reports.data"),
    # How a file name may be shown is one rule at both doors.
    "intake.api.filenames": ("worker.gathering.names",),
    # A stored report is made into the form that is asked for; nothing that a stranger sent is opened.
    "intake.api.forms": ("reports.kept",),
    "intake.http": ("worker.mortality",),
    "intake.supervisor": ("worker.mortality",),
}
"""Importing module or package -> what it and what is under it may import beside its own room."""

ROOMS = {name for name in LAW if "." not in name}
DOCUMENT_LIBRARIES = {
    *("PIL", "cv2", "docx", "jieba", "lxml", "numpy", "onnxruntime", "pdfminer", "pdfplumber"),
    *("py7zr", "pypdfium2", "pypdfium2_raw", "rapidocr", "rarfile"),
}
PARENTS = ("intake", "worker.sandbox", "worker.gathering")
"""Modules of the processes that see hostile bytes only as bytes."""
BESIDE_THE_ROOMS = {"tests", "docs", "examples", "benchmarks", "deploy", "locks"}

DOTTED = re.compile(r"((?:\w+\.)+\w+)(?::\w+)?")


def modules() -> dict[str, Path]:
    """Dotted name -> file of every module of the rooms."""
    return {
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
        for room in sorted(ROOMS)
        for path in sorted((ROOT / room).rglob("*.py"))
    }


def imports(source: str, package: str, known: set[str]) -> Iterator[str]:
    """Every module that ``source``, which lives in ``package``, names: by import at any depth, or by a string
    that is the dotted name of a module of ours, as a lazy import by name has it."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            start = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            module = ".".join([*start, *filter(None, [node.module])])
            for alias in node.names:
                yield full if (full := f"{module}.{alias.name}") in known else module
        elif isinstance(node, ast.Constant) and (match := DOTTED.fullmatch(str(node.value))):
            yield from {match[1]} & known


def within(module: str, scope: str) -> bool:
    return module == scope or module.startswith(f"{scope}.")


def lawful(importer: str, imported: str) -> bool:
    room = importer.split(".")[0]
    return within(imported, room) or any(
        within(imported, allowed)
        for scope, targets in LAW.items()
        if within(importer, scope)
        for allowed in targets
    )


def package_of(module: str, path: Path) -> str:
    return module if path.name == "__init__.py" else module.rpartition(".")[0]


def arrows() -> dict[str, set[str]]:
    """Module -> all that it imports, others' packages included."""
    known = modules()
    return {
        name: set(imports(path.read_text("utf-8"), package_of(name, path), set(known)))
        for name, path in known.items()
    }


def test_no_arrow_but_the_law():
    broken = [
        f"{importer} -> {imported}"
        for importer, targets in arrows().items()
        for imported in sorted(targets)
        if imported.split(".")[0] in ROOMS and not lawful(importer, imported)
    ]
    assert not broken


def test_no_circle_among_modules():
    known = modules().keys()
    graph = {name: {t for t in targets if t in known} - {name} for name, targets in arrows().items()}
    TopologicalSorter(graph).prepare()


def test_processes_that_take_bytes_in_name_no_document_library():
    named = [
        f"{importer} -> {imported}"
        for importer, targets in arrows().items()
        if any(within(importer, parent) for parent in PARENTS)
        for imported in sorted(targets)
        if imported.split(".")[0] in DOCUMENT_LIBRARIES
    ]
    assert not named


def test_processes_that_take_bytes_in_load_no_document_library():
    parents = [
        name
        for name in modules()
        if any(within(name, parent) for parent in PARENTS) and not name.endswith(".__main__")
    ]
    script = f"import sys, {', '.join(parents)}; print(*sorted({DOCUMENT_LIBRARIES!r} & sys.modules.keys()))"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == []


def test_every_module_lives_in_a_room():
    strays = {
        str(path.relative_to(ROOT))
        for path in [*ROOT.glob("*.py"), *ROOT.glob("[!.]*/**/*.py")]
        if path.relative_to(ROOT).parts[0] not in ROOMS | BESIDE_THE_ROOMS
    }
    assert not strays


def test_every_room_is_packaged():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    packaged = set(project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"])
    assert packaged == {room for room in ROOMS if (ROOT / room).is_dir()}


def test_architecture_page_states_this_very_law():
    text = (ROOT / "docs/architecture.md").read_text("utf-8")
    rows = re.findall(r"(?m)^\| `([\w.]+)` \|[^|]+\|([^|]+)\|$", text)
    assert {room: set(re.findall(r"`([\w.]+)`", cell)) for room, cell in rows} == {
        room: set(targets) for room, targets in LAW.items()
    }


@pytest.mark.parametrize(
    ("source", "named"),
    [
        ("import worker.pipeline", "worker.pipeline"),
        ("from worker import pipeline", "worker.pipeline"),
        ("from worker.pipeline import check", "worker.pipeline"),
        ("def f():\n    from worker.pipeline import check", "worker.pipeline"),
        ("if TYPE_CHECKING:\n    import worker.pipeline as p", "worker.pipeline"),
        ("from .cli import main", "intake.cli"),
        ("from . import cli", "intake.cli"),
        ("from ..worker import pipeline", "worker.pipeline"),
        ("import_module('worker.pipeline')", "worker.pipeline"),
        ("ENTRY = 'worker.pipeline:check'", "worker.pipeline"),
    ],
)
def test_the_walk_sees_an_import_in_any_form(source, named):
    package = "x.intake" if "from .." in source else "intake"
    known = {"worker.pipeline", "intake.cli", "x.worker.pipeline"}
    assert named in {name.removeprefix("x.") for name in imports(source, package, known)}


@pytest.mark.parametrize(
    ("importer", "imported", "allowed"),
    [
        ("extractors.pdf.read", "extractors.document", True),
        ("validators.judge", "extractors.record", True),
        ("validators.judge", "extractors.docx", False),
        ("schemas.packs", "validators.report", False),
        ("extractors.outline", "validators.report", False),
        ("intake.cli", "worker.sandbox", True),
        ("intake.cli", "worker.pipeline", False),
        ("intake.api", "worker.sandbox", False),
        ("intake.api", "reports.html", False),
        ("intake.api.forms", "reports.kept", True),
        ("intake.api", "storage.objects", True),
    ],
)
def test_the_law_says(importer, imported, allowed):
    assert lawful(importer, imported) is allowed
