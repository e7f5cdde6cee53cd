"""Where a finding points: at the words that a person has to mend."""

from docx_files import p, tbl, tc, tr, word_file

from validators.report import Finding
from worker.pipeline import Source, check

_PLAN = (
    "建设依据：依据《智慧蓉城建设规划》。",
    "建设目标：出入记录可查，预警时间小于1分钟。",
    "建设内容：采购门禁终端48台，部署管理平台1套。",
    "技术实现：终端经物联网网关接入专网，平台部署在政务云。",
    "实施计划：2024年3月采购，6月部署，7月验收。",
)
_ROWS = (
    ("名称", "金额（元）"),
    ("门禁终端", "168000"),
    ("管理平台", "65000"),
    ("合计", "253000"),
)


def _contradictions(*blocks: str) -> list[Finding]:
    title = p("锦绣社区门禁改造项目需求方案（建设类）")
    data = word_file(title + "".join(map(p, _PLAN)) + "".join(blocks))
    report = check([Source("方案.docx", data)], document_class="proposal-construction")
    return [finding for finding in report.findings if finding.code == "value-inconsistent"]


def _quoted(finding: Finding) -> list[str | None]:
    return [location.text for location in finding.locations]


def _table() -> str:
    return tbl(*(tr(*(tc(p(text)) for text in row)) for row in _ROWS))


def test_a_wrong_sum_is_shown_with_the_rows_of_its_items_and_of_its_total() -> None:
    other = tbl(tr(tc(p("设备")), tc(p("台数"))), tr(tc(p("门禁终端")), tc(p("48"))))
    (finding,) = _contradictions(p("六、资金估算"), other, p("费用明细如下："), _table())
    assert _quoted(finding) == ["门禁终端 168000", "合计 253000"]
    first, total = (location.paragraph or 0 for location in finding.locations)
    assert total - first == 4


def test_a_wrong_sum_beside_a_total_in_words_is_shown_with_both() -> None:
    table = tbl(*(tr(*(tc(p(text)) for text in row)) for row in _ROWS[:-1]))
    (finding,) = _contradictions(p("六、资金估算"), p("项目总投资24万元。"), table)
    assert _quoted(finding) == ["门禁终端 168000", "项目总投资24万元。"]


def test_a_wrong_sum_in_an_annexed_table_is_found_where_its_total_is_the_one_stated() -> None:
    other = [*_ROWS[:-1], ("合计", "233000")]
    wrong, right = (tbl(*(tr(*(tc(p(text)) for text in row)) for row in rows)) for rows in (_ROWS, other))
    (finding,) = _contradictions(p("六、资金估算"), p("项目总投资253000元。"), p("附：费用明细表"), wrong)
    assert finding.requirement == "资金估算"
    assert _quoted(finding) == ["门禁终端 168000", "项目总投资253000元。"]
    assert not _contradictions(p("六、资金估算"), p("项目总投资253000元。"), p("附：设备参考价"), right)
