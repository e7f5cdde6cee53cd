"""Times the check of scanned pages against RapidOCR alone on the same pages, interleaved in one run.

    .venv/bin/python benchmarks/recognition.py --documents 6 --pages 4

The check gets PDFs of pages that were scanned a little askew, and does all that the product does, in a
child process of the product's own pool, which is warm: rendering, straightening, recognition, layout,
judgement, report.  RapidOCR alone, with the same models and settings, is handed the rendered pages.  Beside
the time on the clock it tells the processor time, which is what may be compared on a busy machine.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pypdfium2 as pdfium
from PIL import Image
from rates import Rate
from run import Contestant, make_pdf

ROOT = Path(__file__).resolve().parents[1]
sys.path.append(str(ROOT / "tests"))

from running import ROLES, command_line, descendants, processor_seconds  # noqa: E402

from worker.sandbox import CheckDocument, CheckPool, CheckRequest  # noqa: E402

PACK = "jinjiang-2023"
SCAN_DPI, SKEW, NOISE, QUALITY = 200, 0.5, 5.0, 75
READ_DPI = 150
"""What whoever calls RapidOCR would render pages at; more gains it nothing and costs it time."""
AIM = 0.9


def rendered(document: pdfium.PdfDocument, dpi: int) -> list[Image.Image]:
    """Its pages as pictures."""
    return [page.render(scale=dpi / 72).to_pil().convert("RGB") for page in document]


def scan(plain: Path, path: Path) -> None:
    """Write a PDF of nothing but pictures: the pages of ``plain`` askew, grainy and packed as scanners do."""
    document = pdfium.PdfDocument(plain)
    pages = [grainy(picture, seed) for seed, picture in enumerate(rendered(document, SCAN_DPI))]
    document.close()
    pages[0].save(path, save_all=True, append_images=pages[1:], resolution=SCAN_DPI, quality=QUALITY)


def grainy(picture: Image.Image, seed: int) -> Image.Image:
    turned = picture.rotate(SKEW, resample=Image.Resampling.BICUBIC, fillcolor="white")
    grain = np.random.default_rng(seed).normal(0, NOISE, (turned.height, turned.width, 1))
    return Image.fromarray(np.clip(np.asarray(turned) + grain, 0, 255).astype(np.uint8))


def make_files(folder: Path, name: str, pages: int, edition: int) -> tuple[Path, Path, int]:
    """A scan, its pages as RapidOCR gets them, and how many there are."""
    plain, scanned, pictures = (folder / f"{name}{end}" for end in (".plain.pdf", ".pdf", ".npy"))
    make_pdf(pages, plain, edition)
    scan(plain, scanned)
    document = pdfium.PdfDocument(scanned)
    # As OpenCV reads pictures: blue, green, red.
    arrays = np.stack([np.asarray(page)[:, :, ::-1] for page in rendered(document, READ_DPI)])
    document.close()
    np.save(pictures, arrays)
    return scanned, pictures, len(arrays)


def child_seconds() -> float:
    """Processor time of the children that check."""
    children = descendants(os.getpid())
    return sum(processor_seconds(pid) for pid in children if ROLES["child"] in command_line(pid))


def check(pool: CheckPool, path: Path) -> None:
    """Judge one scan, and make sure that it was read."""
    result = pool.check(CheckRequest((CheckDocument(path.name, path),), PACK))
    report = result.report or {}
    if report.get("document_class") != "construction-plan":
        sys.exit(f"the scan was not read; is a Chinese font installed? {result.failure or report}")


def measure(files: Sequence[tuple[Path, Path, int]]) -> tuple[Rate, Rate]:
    """Read all files but the first, which warms up, in both ways in turn."""
    ours, alone = Rate(), Rate()
    with CheckPool(1) as pool, Contestant("rapidocr", "npy", sys.executable) as rapidocr:
        check(pool, files[0][0])
        rapidocr.time(files[0][1])
        for scanned, pictures, pages in files[1:]:
            begun, before = time.monotonic(), child_seconds()
            check(pool, scanned)
            ours.clock += time.monotonic() - begun
            ours.processor += child_seconds() - before
            ours.count += pages
            begun = time.monotonic()
            seconds, _ = rapidocr.time(pictures)
            alone.clock += time.monotonic() - begun
            alone.processor += seconds
            alone.count += pages
    return ours, alone


def main() -> None:
    """Read each file in both ways, and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--documents", type=int, default=6)
    parser.add_argument("--pages", type=int, default=4)
    given = parser.parse_args()
    with TemporaryDirectory() as name:
        folder = Path(name)
        files = [make_files(folder, "warm-up", 1, 0)]
        files += [make_files(folder, f"{n}", given.pages, n) for n in range(1, given.documents + 1)]
        ours, alone = measure(files)
    print(f"| {ours.count} pages | pages a minute | processor seconds a page |")
    print("|---|---|---|")
    for title, row in (("yushen, the whole check", ours), ("RapidOCR alone", alone)):
        print(f"| {title} | {row.a_minute:.1f} | {row.processor_each:.2f} |")
    print(
        f"\n{ours.a_minute / alone.a_minute:.2f} of the rate on the clock,"
        f" {alone.processor_each / ours.processor_each:.2f} by processor time; the aim is {AIM}"
    )


if __name__ == "__main__":
    main()
