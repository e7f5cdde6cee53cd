# ruff: noqa: E501, F403, F405  (a case reads best on one line)
# fmt: off
"""PDFs: the same verdict as from Word, whatever the page does to the text."""

from making import bases_filing as f
from making import bases_plan as c
from making import bases_proposal as p
from making.case import at, make
from making.codes import *
from making.looks import *
from making.markup import body, drop, sub
from making.paper import Sheet, low
from making.word import Layout

# -- LibreOffice: pairs of one document clean and faulty ----------------------------------------------------------
for _n, (_base, _look, _gone, _requirement) in enumerate((
    (p.MARKET, FORM, "技术方案", "技术实现"),
    (p.LAW, PLAIN_CN, "建设目标", "建设目标"),
    (p.STREET, RUNIN, "实施计划", "实施计划"),
    (f.AGED, FORM_FOUR, "信息安全建设", "信息安全建设"),
    (f.FIREHOUSE, AUTO_DECIMAL, "监理报告", "监理报告"),
    (c.TOWER, CHAPTER, "信创建设", "信创国产化"),
    (f.RIVER, BOLD_CN, "数据处置", "数据资源处置"),
    (p.GRID, STYLED_CN, "系统现状", "系统概况"),
), 1):
    make(f"pdf-lo-{_n}", "a PDF written by LibreOffice", _base, _look, through="pdf")
    make(f"pdf-lo-{_n}-lost", f"the same without {_gone}", _base, _look, drop(_gone), through="pdf", errors=[(M, _requirement)])
make("pdf-lo-columns", "two columns by Word's section", p.LAW, Layout(heading="bold", numbers=CN, columns=2, size=21), body("资金估算", "终端35台273,000元，安装、流量与培训26,900元，合计299,900元。"), facts={"资金估算.分项合计": None}, through="pdf")
make("pdf-lo-toc", "contents by field, printed", c.SCHOOL, Layout(numbers=("一、", "（一）", "1."), header="锦江区智慧教育示范区建设项目建设方案"), through="pdf")
make("pdf-lo-box", "a section in a text box, printed", p.STREET, BOLD_CN, sub("# 安全可靠情况", "!box\n# 安全可靠情况"), sub("脱敏展示。", "脱敏展示。\n!end"), through="pdf")
make("pdf-lo-footnote", "a footnote that mentions the missing basis, printed", p.FLOOD, AUTO_CN, drop("建设依据"), sub("不能满足“叫应”要求。", "不能满足“叫应”要求[[fn:本项目的建设依据见区政府第52次常务会议纪要。]]。"), through="pdf", errors=[(M, "建设依据")])

# -- reportlab -----------------------------------------------------------------------------------------------------------
_HEI = Sheet(face="hei", heading_sizes=(12, 12, 12, 12))
make("pdf-header-names-it", "the running header names the missing section", p.OA, Sheet(face="hei", header="考核指标 — 2024年度运维项目"), drop("考核指标"), errors=[(M, "考核指标")])
make("pdf-watermark-names-it", "the watermark names the missing section", p.CANTEEN, Sheet(face="hei", watermark="资金来源"), drop("资金来源"), errors=[(M, "经费保障")], facts={"经费保障.合计": None})
make("pdf-watermark-clean", "a watermark across a complete form", f.HOTLINE, Sheet(face="hei", form="two", numbers=(), watermark="内部资料"))
for _lines in (20, 21, 22, 23):
    make(f"pdf-foot-{_lines}", "a heading at the foot of the page, its text on the next", p.STREET, _HEI, sub("# 建设内容", low(_lines) + "\n# 建设内容"), sub("# 安全可靠情况", low(26) + "\n# 安全可靠情况"))
make("pdf-foot-empty", "a heading at the foot of the page with nothing on the next but the next heading", p.STREET, _HEI, sub("# 建设内容", low(21) + "\n# 建设内容"), body("建设内容"), errors=[(E, "建设内容")])
_ROWS = "\n".join(f"| {n} | 第{n}处点位智能化改造 | 1.25 |" for n in range(1, 81))
make("pdf-table-breaks", "a budget table over three pages with a repeated head", p.LAW, _HEI, body("资金估算", f"估算总额100万元。\n| 序号 | 内容 | 金额（万元） |\n{_ROWS}\n| 合计 | < | 100.00 |"), facts={"资金估算.金额": 1000000, "资金估算.分项合计": 1000000}, routing="annual-plan")
make("pdf-table-breaks-off", "the same, one item on the second page is 2 instead of 1.25", p.LAW, _HEI, body("资金估算", f"估算总额100万元。\n| 序号 | 内容 | 金额（万元） |\n{_ROWS.replace('| 47 | 第47处点位智能化改造 | 1.25 |', '| 47 | 第47处点位智能化改造 | 2.00 |')}\n| 合计 | < | 100.00 |"), facts={"资金估算.金额": 1000000, "资金估算.分项合计": 1007500}, routing=None, errors=[(X, "资金估算")])
make("pdf-columns-lost", "two columns, a section missing", p.VIDEO, Sheet(face="hei", columns=2, size=10.5, heading_sizes=(12, 11, 10.5)), drop("系统概况"), errors=[(M, "系统概况")])
make("pdf-columns-clean", "two columns", c.AIR, Sheet(face="hei", columns=2, size=10.5, heading_sizes=(12, 11, 10.5)), sub("0.00 |", "0 |"))
make("pdf-toc-no-dots", "contents without dot leaders", p.HEALTH, Sheet(face="hei", toc_dots=False, numbers=("第一章 ", "1.", "（1）")))
make("pdf-toc-only", "contents with dots name a section that the body lacks", c.SCHOOL, Sheet(face="hei", numbers=("一、", "（一）", "1.")), sub("!toc", "目 录\n一、项目概述 ........................ 3\n二、总体架构设计 ........................ 3\n三、资源整合与信息共享 ........................ 4\n四、项目设计方案 ........................ 4\n五、信创国产化与国产密码应用 ........................ 6\n六、网络安全方案 ........................ 6\n七、项目实施计划 ........................ 7\n八、投资预算 ........................ 7"), drop("资源整合与信息共享"), errors=[(M, "资源集约利用和信息共享")])
make("pdf-form-long", "a ruled form that runs over two pages", p.MARKET, R_FORM, body("建设目标与内容", "两年内将辖区入网餐饮单位7600余户全部纳入线上监测。\n" + low(16)))
make("pdf-form-empty", "a ruled form with an empty cell", f.AGED, R_FORM, body("资金使用情况"), errors=[(E, "资金使用情况")], places=[at(E, "资金使用情况", "资金使用情况", page=1)])
make("pdf-form-lost", "a ruled form without a row", p.HR, R_FORM, drop("系统概况（含建成时间、部署方式）"), errors=[(M, "系统概况")])
make("pdf-form-numbered", "a ruled form with numbered labels", c.TRADE, R_FORM_NUMBERED)
make("pdf-spaced", "letter-spaced headings", f.OLDSITE, R_SPACED)
make("pdf-bare-lost", "headings known by size alone, one missing", f.RIVER, R_BARE, drop("数据处置"), errors=[(M, "数据资源处置")])
make("pdf-glued", "decimal numbers glued to headings of the body's size", f.FIREHOUSE, R_GLUED)
make("pdf-glued-lost", "the same, a section missing", f.FIREHOUSE, R_GLUED, drop("信息资源共享开放"), errors=[(M, "信息资源共享开放")])
make("pdf-page-place", "the place of a fault on the second page", p.STREET, _HEI, sub("# 建设内容", "!page\n# 建设内容"), body("技术实现", "待补充"), errors=[(E, "技术实现")], places=[at(E, "技术实现", "技术实现", page=2)])
make("pdf-period-page", "a period over the limit on the second page", p.VIDEO, _HEI, sub("# 服务周期", "!page\n# 服务周期"), body("服务周期", "服务期四年。"), errors=[(R, "服务周期")], facts={"服务周期.月数": 48}, places=[at(R, "服务周期", "服务周期", page=2)])
