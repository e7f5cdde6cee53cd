"""The report as a web page: parsed as a browser would, then asked."""

import re
from dataclasses import replace
from itertools import pairwise
from urllib.parse import unquote

import pytest
import report_cases as cases
from lxml import html

from reports import render


def page(reports):
    return html.document_fromstring(render(reports, "html"))


def words(element) -> str:
    return re.sub(r"\s+", "", element.text_content())


def rows(document, section: str) -> dict[str, list[str]]:
    table = document.xpath(f"//section[@aria-labelledby='{section}']//tbody/tr")
    return {words(row[0]): [words(cell) for cell in row[1:]] for row in table}


@pytest.mark.parametrize(
    "make", [cases.deficient, cases.passing, cases.unreadable, cases.batch, cases.hostile]
)
def test_the_page_stands_alone(make):
    document = page(make())
    assert not document.xpath("//script | //link | //img | //iframe | //object | //form | //*[@src]")
    assert not re.search(r"url\(|@import|https?://", render(make(), "html"))
    assert all(link.startswith("#") for link in document.xpath("//a/@href"))


@pytest.mark.parametrize(
    "make", [cases.deficient, cases.passing, cases.unreadable, cases.batch, cases.hostile]
)
def test_every_link_and_label_has_its_target_once(make):
    document = page(make())
    ids = document.xpath("//@id")
    assert len(ids) == len(set(ids))
    targets = {unquote(link[1:]) for link in document.xpath("//a/@href")}
    assert targets | set(document.xpath("//@aria-labelledby")) <= set(ids)


@pytest.mark.parametrize("make", [cases.deficient, cases.passing, cases.unreadable, cases.batch])
def test_headings_are_nested_without_gaps(make):
    levels = [int(e.tag[1]) for e in page(make()).iter("h1", "h2", "h3", "h4", "h5", "h6")]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_the_language_and_the_conclusion_are_told():
    document = page(cases.deficient())
    assert document.get("lang") == "zh-CN"
    assert document.findtext(".//title") == "需要补正：锦江区河湖智能监测系统运维项目需求方案.pdf"
    header = words(document.find(".//article/header"))
    assert "✘需要补正" in header
    assert f"按《{cases.REGULATION}》检查" in header


def test_each_finding_has_an_anchor_by_its_id():
    document = page(cases.deficient())
    for finding in cases.deficient().findings:
        [item] = document.xpath("//li[@id=$id]", id=finding.id)
        told = words(item)
        assert finding.message in told
        assert finding.advice in told
        assert finding.code in told


def test_an_anchor_is_the_id_to_the_letter_and_is_found_by_its_link():
    finding = replace(cases.unreadable().findings[0], id='value-missing:考核 指标"', requirement="考核指标")
    document = page(cases.report(findings=(finding,), checks=(cases.check("考核指标", "deficient"),)))
    [item] = document.xpath("//li[contains(@class, 'remark')]")
    assert item.get("id") == 'value-missing:考核-指标"'
    [link] = document.xpath("//td//a/@href")
    assert unquote(link) == f"#{item.get('id')}"


def test_anchors_of_a_batch_tell_its_cases_apart():
    ids = page(cases.batch()).xpath("//li[contains(@class, 'remark')]/@id")
    assert "1-f-3b91c2" in ids
    assert "5-f-3b91c2" in ids


def test_a_finding_quotes_its_places():
    [item] = page(cases.deficient()).xpath("//li[@id='f-5d4410']")
    places = [words(each) for each in item.xpath(".//dd[q]")]
    assert places[0] == "第5页，“五、资金估算”，第40段合计293,000"
    assert len(places) == 2


def test_the_matrix_shows_outcome_place_and_findings():
    needs = rows(page(cases.deficient()), "needs-1")
    assert needs["系统概况"] == ["✔已满足", "第六条", "第2页，“二、现有系统情况”，第12段"]
    assert needs["资金估算"] == ["✘需补正", "第六条", "第3条：数据前后矛盾第4条：数据前后矛盾"]
    assert needs["安全可靠情况"] == ["?未核查", "第十九条", "—"]


def test_a_requirement_links_to_its_finding():
    links = page(cases.deficient()).xpath("//tr[th='考核指标']//a/@href")
    assert links == ["#f-3b91c2"]


def test_every_table_has_headers_with_scope():
    for table in page(cases.batch()).iter("table"):
        assert table.xpath("./thead//th[@scope='col']")
        assert all(row.xpath("./th[@scope='row']") for row in table.xpath("./tbody/tr"))


def test_facts_routing_documents_and_origin_are_there():
    document = page(cases.deficient())
    assert rows(document, "facts-1")["资金估算的总金额"] == ["28.5万元"]
    assert "直接进入项目库入库程序" in words(document.xpath("//section[@aria-labelledby='routing-1']")[0])
    documents = words(document.xpath("//section[@aria-labelledby='documents-1']")[0])
    assert "PDF，8页，1.2MB" in documents
    assert "3f5a" * 16 in documents
    footer = words(document.find(".//article/footer"))
    assert "预审0.1.0；规则包jinjiang-20231.0.0；审查基准日2026年3月16日" in footer
    assert "不代替正式审查意见" in footer


def test_a_batch_is_summed_up_in_a_table():
    document = page(cases.batch())
    assert document.findtext(".//h1") == "预审结果汇总"
    table = [[words(cell) for cell in row] for row in document.xpath("//main/section[1]//tbody/tr")]
    assert [row[3] for row in table] == [
        "✘需要补正",
        "✔通过预审检查",
        "?无法审查",
        "✔通过预审检查",
        "✘需要补正",
    ]
    assert table[0][4:] == ["5", "1"]
    assert len(document.xpath("//article")) == 5


def test_hostile_text_stays_text():
    text = render(cases.hostile(), "html")
    document = html.document_fromstring(text)
    assert not document.xpath("//@onclick | //@onerror")
    assert "<script>alert(1)</script>" in document.find(".//h1").text_content()
    assert "{{7*7}}" in text
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\uffff]", text)
    assert len(document.find(".//h1").text_content()) < 80


def test_equal_reports_give_equal_pages():
    assert render(cases.batch(), "html") == render(cases.batch(), "html")


def test_text_and_ground_contrast_as_aa_asks():
    css = page(cases.deficient()).findtext(".//style")
    light, dark, _print = re.findall(r":root \{(.*?)\}", css, re.S)
    for scheme in (light, dark):
        colours = dict(re.findall(r"--([\w-]+): (#[0-9a-f]+)", scheme))
        for ink in ("ink", "quiet", "link", "good", "bad", "odd", "note"):
            for ground in ("ground", "soft", f"{ink}-soft"):
                if ground in colours:
                    assert contrast(colours[ink], colours[ground]) >= 4.5, (ink, ground)


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted(map(luminance, (one, other)))
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(c * 2 for c in colour[1:])
    channels = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
