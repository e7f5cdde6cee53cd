"""What a pack may tell the readers of facts, and the words by which it tells a class: each by itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

from docx_files import p, word_file

from extractors.classify import classify
from extractors.document import Document, Paragraph
from extractors.matching import Met
from extractors.outline import read_outline
from extractors.readers.money import difference
from extractors.readers.scope import Reading, Scope
from extractors.readers.statements import period
from schemas import load_pack
from schemas.packs import FactSpec, Pack
from worker.pipeline import Source, check, words_of

PACK = load_pack("jinjiang-2023")


def months(text: str, **options: tuple[str, ...]) -> int | None:
    """The period that is read from a section of one paragraph."""
    blocks = (Paragraph(1, "一、免费运维时间"), Paragraph(2, text))
    outline = read_outline(Document("a.docx", "x", None, blocks), words_of(PACK))
    [section] = outline.root.children
    met = Met(outline, section, 1.0, substantive=True, depth=1)
    spec = FactSpec("免费运维时间.月数", "period", "期限", "months", None, options)
    reading = period(spec, Scope((outline,), (met,), None, {}))
    return None if reading is None else reading.value


def until(text: str, *lines: str) -> int | None:
    """The months of service of a proposal with these lines before its only section."""
    body = "".join(p(line) for line in ("运维项目需求方案", *lines, "一、服务周期", text))
    report = check([Source("a.docx", word_file(body))], document_class="proposal-maintenance")
    stated: int | None = report.record["服务周期"].get("月数")
    return stated


def test_a_period_from_the_signing_to_a_day_is_longest_from_the_day_of_the_document() -> None:
    assert until("自合同签订之日起至2027年12月31日止。", "2026年3月") == 22
    assert until("自合同签订之日起至2027年12月31日止。", "2026年3月15日") == 22
    assert until("合同生效之日起至2029年12月止。", "2026年3月") == 46
    assert until("自合同签订之日起至项目验收合格止。", "2026年3月") is None
    assert until("自合同签订之日起至2025年12月31日止。", "2026年3月") is None
    assert until("自合同签订之日起12个月，至2027年12月31日前完成。", "2026年3月") == 12


BOTH = "质保期五年，免费运维三年。"
PREFER, OWN = ("质保", "免费运维", "运维"), ("免费运维",)


def test_a_fact_s_own_word_comes_before_what_often_is_the_same() -> None:
    assert months(BOTH, prefer=PREFER) == 60
    assert months(BOTH, prefer=PREFER, own=OWN) == 36
    assert months("免费运维三年，质保期五年。", prefer=PREFER, own=OWN) == 36


def test_what_is_said_of_another_in_the_same_breath_is_not_its_own() -> None:
    assert months("免费运维：硬件质保五年，软件三年。", prefer=PREFER, own=OWN) == 36


def test_without_its_own_word_the_other_words_are_read_as_before() -> None:
    assert months("质保期五年。", prefer=PREFER, own=OWN) == 60


def test_words_to_avoid_are_avoided_beside_the_own_word_too() -> None:
    text = "免费运维：试运行五年，正式三年。"
    assert months(text, prefer=PREFER, own=OWN) == 60
    assert months(text, prefer=PREFER, own=OWN, avoid=("试运行",)) == 36


def test_a_wording_that_holds_the_own_word_is_the_own_word() -> None:
    """免费运维服务 and 运维 both speak of it, so neither is another period's."""
    for word, text in (
        ("免费运维服务", "免费运维服务三年，质保五年。"),
        ("运维", "免费运维：系统运维三年，质保五年。"),
    ):
        assert months(text, prefer=(word, "质保")) == 60
        assert months(text, prefer=(word, "质保"), own=OWN) == 36


def test_the_shipped_pack_knows_the_own_words_of_free_maintenance() -> None:
    requirement = PACK.document_class("acceptance-filing").requirement("免费运维时间")
    assert requirement is not None
    words = {key: requirement.facts[0].words(key) for key in ("prefer", "avoid", "own")}
    assert months(BOTH, **words) == 36


def amount(value: float, resolution: float = 1) -> Reading:
    return Reading(value, resolution=Decimal(str(resolution)))


def gap(sources: float, others: tuple[str, ...] = (), unit: float = 1, **readings: float) -> float | None:
    """The difference of three sources, shown in that unit, and the estimate."""
    options = {"of": ["合计", "资金估算.金额"], "or_of": others}
    spec = FactSpec("经费保障.估算差额", "difference", "差", "yuan", None, options)
    known = {f"资金估算.{name}": amount(value) for name, value in readings.items()}
    known["经费保障.合计"] = replace(amount(sources, unit), terms=3)
    reading = difference(spec, Scope((), (), None, known))
    return None if reading is None else reading.value


OTHERS = ("资金估算.分项合计", "资金估算.大写金额")


def test_what_agrees_with_another_amount_of_the_estimate_is_no_difference() -> None:
    assert gap(100, 金额=90, 分项合计=100) == 10
    assert gap(100, OTHERS, 金额=90, 分项合计=100) == 0
    assert gap(100, OTHERS, 金额=90, 大写金额=100) == 0
    assert gap(100, OTHERS, 金额=100, 分项合计=90) == 0
    assert gap(1_000_000, OTHERS, 1_000, 金额=1_000_800, 分项合计=900_000) == 0


def test_what_agrees_with_none_is_a_difference_from_the_estimate() -> None:
    assert gap(100, OTHERS, 金额=90, 分项合计=95, 大写金额=80) == 10
    assert gap(100, OTHERS, 金额=90) == 10


def test_another_amount_stands_for_no_estimate_that_is_missing() -> None:
    assert gap(100, OTHERS, 分项合计=100) is None


def test_rounding_explains_a_difference_from_another_amount_too() -> None:
    assert gap(1_000_000, OTHERS, 1_000, 金额=900_000, 分项合计=1_000_800) == 0
    assert gap(1_000_000, OTHERS, 1_000, 金额=900_000, 分项合计=1_001_400) == 100_000


PROPOSAL = (
    ("一、建设依据", "区政府会议纪要。"),
    ("二、资金估算", "总投资90万元（大写：壹佰万元整）。"),
    ("三、经费保障", "区级财政安排60万元，街道自筹40万元。"),
)


def test_the_shipped_pack_tells_one_contradiction_once() -> None:
    """The sources agree with the capitals: those contradict the estimate, and the sources are not blamed."""
    body = p("锦江区智慧停车项目需求方案") + "".join(p(line) for lines in PROPOSAL for line in lines)
    report = check([Source("方案.docx", word_file(body))], document_class="proposal-construction")
    inconsistent = [f.requirement for f in report.findings if f.code == "value-inconsistent"]
    assert inconsistent == ["资金估算"]
    assert report.record["经费保障"]["合计"] == 1_000_000


TITLE = "智慧食堂系统停运报备函"


def with_class(change: Callable[[Any], Any]) -> Pack:
    """The shipped pack, one class of it changed."""
    name = "decommission-notice"
    return replace(PACK, classes={**PACK.classes, name: change(PACK.classes[name])})


def decided(pack: Pack, *lines: str) -> str | None:
    blocks = tuple(Paragraph(n, line, size=22.0 if n == 1 else 14.0) for n, line in enumerate(lines, 1))
    best = classify(read_outline(Document("a.docx", "x", None, blocks), words_of(pack)), pack)[0]
    return best.class_id if best.decided else None


def test_a_sure_pattern_decides_though_no_section_is_met() -> None:
    alone = with_class(lambda c: replace(c, names=()))
    assert decided(alone, TITLE, "特此函告。") == "decommission-notice"
    without = with_class(lambda c: replace(c, sure_patterns=(), names=()))
    assert decided(without, TITLE, "特此函告。") is None
    sections = ("一、停运时间", "2024年12月31日起停止运行。", "二、数据处置", "移交。")
    assert decided(without, TITLE, *sections) == "decommission-notice"


def test_a_sure_pattern_must_match_the_title() -> None:
    other = with_class(lambda c: replace(c, sure_patterns=("停运告示$",), names=()))
    assert decided(other, TITLE, "特此函告。") is None


def test_a_sure_pattern_alone_makes_no_title_of_the_class() -> None:
    """It makes a name sure; a title that no name or wording of the class is in has none."""
    odd = with_class(lambda c: replace(c, sure_patterns=("食堂",), names=(), name_patterns=()))
    assert decided(odd, TITLE, "特此函告。") != "decommission-notice"
