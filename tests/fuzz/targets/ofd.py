"""OFD files, from the package to the report; without text recognition."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from ofd_files import NS, attachment, lines, ofd, stamp, text

from extractors.pdf.page import Rule
from fuzz.changes import in_zip, xml_changed
from fuzz.judging import judge

INSTRUMENTED = ["extractors", "validators", "worker"]
QUICK = 5_000


def seeds() -> Iterator[bytes]:
    page = (
        text("项目需求方案（维护类）", 150, 80, 18, bold=True)
        + text("一、立项依据", 72, 120, 14)
        + text("根据规定，服务周期为三年。", 90, 140, 12, width=200)
        + lines([Rule(200, 72, 500), Rule(230, 72, 500)], [Rule(72, 200, 230), Rule(500, 200, 230)])
        + text("合计 28.5万元", 80, 220, 12)
    )
    yield ofd([page])
    yield ofd(
        [page, page], {**attachment("清单.xlsx")[1], **stamp(1, 20, 20, 40, 40)}, attachment("清单.xlsx")[0]
    )
    unit = (
        f'<ofd:Res {NS}><ofd:CompositeGraphicUnits><ofd:CompositeGraphicUnit ID="5"><ofd:Content>'
        f'{text("套", 10, 20, 12)}<ofd:CompositeObject ResourceID="5" Boundary="0 0 9 9"/></ofd:Content>'
        "</ofd:CompositeGraphicUnit></ofd:CompositeGraphicUnits></ofd:Res>"
    )
    composite = '<ofd:CompositeObject ResourceID="5" Boundary="0 0 9 9" CTM="1 0 0 1 5 5"/>'
    nested = f"<ofd:PageBlock>{composite}</ofd:PageBlock>"
    image = '<ofd:ImageObject ResourceID="9" Boundary="0 0 210 297"/>'
    yield ofd([page + nested, image], {"Doc_0/PublicRes.xml": unit})


def mutated(data: bytes, random: Random) -> bytes:
    return in_zip(data, random, xml_changed)


def run(data: bytes) -> None:
    judge(data, "送审.ofd")
