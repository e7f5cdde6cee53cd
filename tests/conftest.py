"""What all tests share."""

import os
import shutil
from collections.abc import Generator, Iterator
from typing import Any

import pytest

from storage.database import Database
from storage.objects.local import LocalStore

pytest_plugins = ["services"]


PROGRAMS = {"soffice": "libreoffice-writer", "unar": "unar"}
"""Programs that some tests need -> the packages that they come in."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--chaos-kills", type=int, default=8, help="how often tests/test_chaos.py kills")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "needs(program): left out where the program is not installed")
    if os.environ.get("CI"):
        config.pluginmanager.register(NoSkips())


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out, and say so, what this machine has no programs for; where all must be there it fails."""
    if os.environ.get("CI"):
        return
    for program, package in PROGRAMS.items():
        if shutil.which(program):
            continue
        lacking = [i for i in items if any(program in m.args for m in i.iter_markers("needs"))]
        if lacking:
            config.hook.pytest_deselected(items=lacking)
            items[:] = [item for item in items if item not in lacking]
            print(f"{len(lacking)} tests left out: they need {program} (apt-get install {package})")


class NoSkips:
    """Where everything is installed, a skipped test is a failed one."""

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        return failed_if_skipped((yield))

    @pytest.hookimpl(wrapper=True)
    def pytest_make_collect_report(self) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
        return failed_if_skipped((yield))


def failed_if_skipped(report: Any) -> Any:
    if report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped under CI: {report.longrepr}"
    return report


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.needs("postgres"))])
def database(request, tmp_path) -> Iterator[Database]:
    """An empty database with its tables, on each kind of server."""
    if request.param == "postgres":
        url = request.getfixturevalue("postgres").new_database()
        url = url.replace("postgresql:", "postgresql+psycopg:")
    else:
        url = f"sqlite:///{tmp_path / 'state.db'}"
    with Database(url) as made:
        made.upgrade()
        yield made


@pytest.fixture
def store(tmp_path) -> LocalStore:
    """An empty object store."""
    return LocalStore(tmp_path / "store")


@pytest.fixture
def service(request, tmp_path) -> Iterator[Any]:
    """The service in this process, see ``api_service.made``."""
    # Loads the whole service, which other tests can do without.
    from api_service import made

    yield from made(request, tmp_path)


@pytest.fixture
def unit(service) -> Any:
    """A client of the service with a unit's key."""
    return service.client()
