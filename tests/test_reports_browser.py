"""The web page as a clerk sees it, in a browser: on a desk, on a phone and on paper."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import browser
import pypdfium2
import pytest
import report_cases

from reports import render

ROOT = Path(__file__).resolve().parents[1]
EXAMPLE = ROOT / "examples" / "proposal-maintenance-deficient.docx"

if not browser.program():
    pytest.skip(
        "left out: how the HTML report looks in a browser (needs Chromium: apt-get install chromium)",
        allow_module_level=True,
    )


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[browser.Browser]:
    with browser.Browser(str(browser.program()), tmp_path_factory.mktemp("profile")) as running:
        yield running


def check(form: str) -> str:
    command = [sys.executable, "-m", "intake", "check", "--format", form, str(EXAMPLE)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    assert done.returncode == 1, done.stderr.decode()
    return done.stdout.decode()


@pytest.fixture(scope="module")
def report() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(check("json"))
    return found


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("page") / "报告 1.html"
    path.write_text(check("html"), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def batch_page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("pages") / "batch.html"
    path.write_text(str(render(report_cases.batch(), "html")), encoding="utf-8")
    return path


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


SEEN = "document.body.innerText"
"""The text that is rendered; what is hidden is not in it."""


def test_conclusion_is_what_is_seen_first(chromium: browser.Browser, page: Path) -> None:
    chromium.show(page)
    top = squeezed(chromium.tell(SEEN))
    assert top.startswith(f"✘需要补正{EXAMPLE.name}")
    assert chromium.tell("document.querySelector('.verdict').getBoundingClientRect().bottom < innerHeight")


@pytest.mark.parametrize("size", [browser.DESK, browser.PHONE], ids=["desk", "phone"])
def test_each_finding_is_seen_with_its_place_and_remedy(
    chromium: browser.Browser, page: Path, report: dict[str, Any], size: tuple[int, int]
) -> None:
    chromium.show(page, size)
    seen = squeezed(chromium.tell(SEEN))
    assert len(report["findings"]) >= 4
    for finding in report["findings"]:
        assert squeezed(finding["message"]) in seen
        assert squeezed(finding["advice"]) in seen
        assert all(squeezed(place["text"] or "") in seen for place in finding["locations"])
    assert chromium.tell(f"[...document.querySelectorAll('.remark')].every({SHOWN})")


SHOWN = "e => e.checkVisibility() && e.getBoundingClientRect().height > 20"


@pytest.mark.parametrize("which", ["page", "batch_page"])
@pytest.mark.parametrize("size", [browser.DESK, browser.PHONE], ids=["desk", "phone"])
def test_nothing_is_wider_than_the_window(
    chromium: browser.Browser, which: str, size: tuple[int, int], request: pytest.FixtureRequest
) -> None:
    chromium.show(request.getfixturevalue(which), size)
    assert chromium.tell("document.documentElement.scrollWidth") <= size[0]
    outside = f"e => e.getBoundingClientRect().right > {size[0] + 1} && e.checkVisibility()"
    assert chromium.tell(f"[...document.querySelectorAll('p, li, td, th, dd')].filter({outside}).length") == 0


@pytest.mark.parametrize("which", ["page", "batch_page"])
def test_page_asks_for_nothing_and_the_browser_has_no_complaint(
    chromium: browser.Browser, which: str, request: pytest.FixtureRequest
) -> None:
    path = request.getfixturevalue(which)
    chromium.show(path)
    assert chromium.tell("document.styleSheets[0].cssRules.length") > 20
    assert chromium.requests == [path.as_uri()]
    assert chromium.complaints == []


@pytest.mark.parametrize("which", ["page", "batch_page"])
def test_each_link_leads_to_its_place_on_the_page(
    chromium: browser.Browser, which: str, request: pytest.FixtureRequest
) -> None:
    chromium.show(request.getfixturevalue(which))
    links = chromium.tell("document.links.length")
    assert links >= 3
    for number in range(links):
        chromium.tell(f"document.links[{number}].click()")
        arrived = chromium.tell(
            "new Promise(done => requestAnimationFrame(() => { const place ="
            " document.querySelector(':target').getBoundingClientRect();"
            " done(place.top < innerHeight && place.bottom > 0) }))"
        )
        assert arrived, chromium.tell("location.hash")


def test_print_has_all_of_it_on_a4_and_no_links_back(
    chromium: browser.Browser, page: Path, batch_page: Path, report: dict[str, Any]
) -> None:
    chromium.show(page)
    paper = pypdfium2.PdfDocument(chromium.printed())
    assert {tuple(round(side) for side in sheet.get_size()) for sheet in paper} <= {(595, 842), (594, 841)}
    text = squeezed("".join(sheet.get_textpage().get_text_bounded() for sheet in paper))
    assert "需要补正" in text
    for finding in report["findings"]:
        assert finding["code"] in text
        assert finding["requirement"] in text
    chromium.show(batch_page)
    pages = pypdfium2.PdfDocument(chromium.printed())
    assert len(pages) > len(report_cases.batch())
    assert "返回各件结论" not in "".join(sheet.get_textpage().get_text_bounded() for sheet in pages)
