# ruff: noqa: E501, F403, F405  (a case reads best on one line)
# fmt: off
"""Periods, money, dates and levels as people write them, and what stands beside them to mislead."""

from making import bases_filing as f
from making import bases_plan as c
from making import bases_proposal as p
from making.case import at, make
from making.codes import *
from making.looks import *
from making.markup import append, body, drop, rename, sub

# -- periods --------------------------------------------------------------------------------------------------
for number, (text, months, look) in enumerate((
    ("三年", 36, FORM), ("36个月", 36, PLAIN_CN), ("三年零六个月", 42, BOLD_CN), ("2024年1月1日至2026年12月31日", 36, PLAIN_CN),
    ("自合同签订之日起两年。", 24, RUNIN), ("采用2年+1年的方式。", 36, FORM_OVER), ("一年一签，最长三年。", 36, PLAIN_CN), ("一年一签，最长不超过四年。", 48, AUTO_CN),
    ("半年", 6, FORM), ("十二个月，自2024年5月1日起算。", 12, DECIMAL_SPACED), ("2025.01.01—2027.12.31", 36, FORM_FOUR), ("自2024年7月1日起至2027年6月30日止。", 36, BOLD_CN),
    ("2024年7月1日至2027年7月31日。", 37, PLAIN_CN), ("1+1+1年，每年考核后签订下一年度合同。", 36, PLAIN_DOT), ("采取“1+1+1+1”方式，共四年。", 48, CHAPTER), ("首期1年，可续签2次，每次1年。", 36, RUNIN_CN),
    ("首年服务期满考核合格的，可续签三次，每次一年。", 48, PLAIN_CN), ("三个年度（2025年度至2027年度）。", 36, STYLED), ("壹年", 12, FORM_SPACED), ("一年半", 18, FORM_NUMBERED),
    ("二十四个月", 24, R_FORM), ("叁年，合同一年一签。", 36, RUNIN_STOP), ("2年6个月", 30, AUTO_DECIMAL), ("服务期为５年。", 60, PLAIN_CN),
    ("服务期自2025年3月1日起，至2028年2月29日止。", 36, PLAIN_CN), ("服务期限：3 年", 36, OUTLINE), ("本项目服务期限为贰年，合同期满前两个月启动下一轮采购。", 24, BOLD_CN), ("不超过三年", 36, R_PLAIN),
    ("服务周期共36个月，分三个合同年度执行，每个合同年度12个月。", 36, PLAIN_CN), ("合同签订后10日内进场，服务期12个月。", 12, PLAIN_CN),
), 1):
    over = [(R, "服务周期")] if months > 36 else []
    make(f"period-{number:02}", f"service period: {text}", p.OA, look, body("服务周期", text), facts={"服务周期.月数": months}, errors=over, places=[at(R, "服务周期", "服务周期")] if over else [])

make("period-free-same-sentence", "free maintenance by the builder in the same section", p.VIDEO, PLAIN_CN, body("服务周期", "原承建单位提供的五年免费运维期已于2023年届满；本次采购的服务周期为两年。"), facts={"服务周期.月数": 24})
make("period-experience", "years of experience in the same section", p.STAT, BOLD_CN, body("合同期限", "合同期三年。驻场工程师须具有5年以上同类工作经验，驻场人员更换须提前1个月告知。"), facts={"服务周期.月数": 36})
make("period-former-contract", "the former contract's period comes first", p.OA, PLAIN_CN, body("服务周期", "上一轮运维合同为期4年，已于2024年3月届满。本轮服务周期为1年。"), facts={"服务周期.月数": 12})
make("period-free-elsewhere", "free maintenance of 60 months in other sections only", p.GRID, AUTO_CN, append("系统现状", "建设合同约定的免费运维期为60个月。"), append("安全可靠情况", "国产数据库许可为五年期，厂家提供10年备件供应承诺。"))
make("period-free-but-missing", "a free maintenance period is no service period", p.VIDEO, PLAIN_CN, body("服务周期", "原免费运维期为5年，现已届满，需要重新采购运维服务，采购完成后即进场。"), errors=[(V, "服务周期")], facts={"服务周期.月数": None})
make("period-unit-in-label-months", "label 服务周期（月）, value 36", p.HR, FORM, rename("服务周期", "服务周期（月）"), body("服务周期（月）", "36"), facts={"服务周期.月数": 36})
make("period-unit-in-label-years", "label 服务周期（年）, value 4", p.HR, FORM_FOUR, rename("服务周期", "服务周期（年）"), body("服务周期（年）", "4"), facts={"服务周期.月数": 48}, errors=[(R, "服务周期")])
make("period-table", "the period stands in a small table", p.STAT, PLAIN_CN, body("合同期限", "| 阶段 | 起止时间 |\n| 首年 | 2024年7月1日至2025年6月30日 |\n| 续签第一年 | 2025年7月1日至2026年6月30日 |\n| 续签第二年 | 2026年7月1日至2027年6月30日 |"), facts={"服务周期.月数": 36})
make("period-only-elsewhere", "the heading is gone; the period in the money section is no section", p.VIDEO, BOLD_CN, drop("服务周期"), errors=[(M, "服务周期")], facts={"服务周期.月数": None})
make("period-words-only", "长期 is no period", p.HR, FORM_OVER, body("服务周期", "长期服务，以实际需要为准"), errors=[(V, "服务周期")], facts={"服务周期.月数": None}, places=[at(V, "服务周期", "服务周期")])

# -- money of a proposal --------------------------------------------------------------------------------------------
for number, (text, yuan, look) in enumerate((
    ("285,000.00元", 285000, PLAIN_CN), ("人民币贰拾捌万伍仟元整", 285000, FORM), ("0.03亿元", 3000000, BOLD_CN), ("￥285,000", 285000, FORM_FOUR),
    ("28.5万", 285000, RUNIN), ("28.50 万元", 285000, PLAIN_DOT), ("二十八万五千元", 285000, PLAIN_CN), ("约28.5万元。", 285000, AUTO_CN),
    ("共计 28.5 万元（含税）。", 285000, DECIMAL_GLUED), ("1,285,000.00(元)", 1285000, FORM_OVER), ("软件运维费20万元，硬件巡检费8.5万元，合计28.5万元。", 285000, PLAIN_CN),
    ("总费用28.5万元，其中首付款10万元、尾款18.5万元。", 285000, BOLD_CN), ("运维费每月2.375万元，全年28.5万元。", 285000, RUNIN_CN), ("按25个点位、每点位每月950元计，12个月共需285,000元。", 285000, PLAIN_CN),
    ("项目预算不超过28.5万元。", 285000, R_PLAIN), ("本年度运维经费估算为人民币285000元整。", 285000, AUTO_DECIMAL), ("30万元", 300000, PLAIN_CN), ("299999.99元", 299999.99, FORM),
    ("300,000.00元（大写：叁拾万元整）", 300000, BOLD_CN), ("29.9999万元", 299999, PLAIN_CN), ("参照2023年度合同价32万元，本年度核减后估算为28.5万元。", 285000, PLAIN_CN),
    ("２８．５万元", 285000, STYLED),
), 1):
    route = "direct-entry" if yuan < 300000 else "annual-plan"
    make(f"money-{number:02}", f"estimate: {text}", p.OA, look, body("资金估算", text), body("经费保障", "由区级财政资金保障。"), facts={"资金估算.金额": yuan, "经费保障.合计": None}, routing=route)

make("money-missing", "no amount in the estimate: missing value, no routing", p.OA, PLAIN_CN, body("资金估算", "费用以政府采购成交结果为准，由财政评审核定。"), body("经费保障", "由区级财政资金保障。"), errors=[(V, "资金估算")], facts={"资金估算.金额": None, "经费保障.合计": None}, routing=[], places=[at(V, "资金估算", "资金估算")])
make("money-capitals-wrong", "capitals one zero short", p.STAT, PLAIN_CN, body("资金需求测算", "总额30万元（大写：人民币叁万元整），每年10万元。"), errors=[(X, "资金估算")], facts={"资金估算.大写金额": 30000}, routing=None)
make("money-capitals-fen", "capitals with 角分 and 零", p.OA, BOLD_CN, body("资金估算", "全年运维费185,007.05元（大写：壹拾捌万伍仟零柒元零伍分）。"), body("经费保障", "列入2024年部门预算。"), facts={"资金估算.金额": 185007.05, "资金估算.大写金额": 185007.05, "经费保障.合计": None})
make("money-capitals-yuan-char", "capitals with 圆 instead of 元", p.HOSPITAL, PLAIN_CN, sub("陆拾肆万元整", "陆拾肆万圆整"))
make("money-sources-percent", "sources as percentages have no sum", p.CANTEEN, PLAIN_CN, body("资金来源", "市级承担40%，区级财政承担60%。"), facts={"经费保障.合计": None})
make("money-sources-nested", "a source split by years must not be counted twice", p.OA, PLAIN_CN, body("资金估算", "两年共37万元。"), body("经费保障", "区级财政资金37万元（其中2024年18.5万元，2025年18.5万元）。"), body("服务周期", "两年"), facts={"资金估算.金额": 370000, "经费保障.合计": 370000, "服务周期.月数": 24}, routing="annual-plan")
make("money-sources-each", "各安排: the same amount each year", p.VIDEO, PLAIN_CN, body("经费保障", "2024年、2025年、2026年各安排288万元，均由区级财政预算保障。"), facts={"经费保障.合计": 8640000})
make("money-sources-short-year", "year-wise sources one year short", p.VIDEO, PLAIN_CN, body("经费保障", "区级财政2024年安排288万元，2025年安排288万元。"), errors=[(X, "经费保障")], facts={"经费保障.合计": 5760000}, places=[at(X, "经费保障", "经费保障")])
make("money-sources-table-off", "a funding table that is 5 万元 short", p.HEALTH, AUTO_CN, body("资金筹措", "| 资金渠道 | 金额（万元） |\n| 上级转移支付 | 400 |\n| 区级财政 | 855 |\n| 合计 | 1255 |"), errors=[(X, "经费保障")], facts={"经费保障.合计": 12550000})
make("money-sources-other-unit", "sources in yuan, the estimate in 万元", p.CANTEEN, BOLD_CN, body("资金来源", "区级财政资金186,000元，学校公用经费100,000元。"))
make("money-sources-wait", "sources name an amount already spent elsewhere", p.CANTEEN, PLAIN_CN, body("资金来源", "由区级财政资金28.6万元保障。教育费附加中用于其他信息化项目的120万元与本项目无关。"))


def table(*rows: str) -> str:
    return "\n".join(rows)


_B = p.LAW
_HEAD = "| 名称 | 数量 | 单价（元） | 小计（元） |"
make("budget-total-first", "the total stands in the first row", _B, PLAIN_CN, body("资金估算", table("| 序号 | 费用名称 | 金额（元） |", "| | 合计 | 299,900 |", "| 1 | 智能终端 | 273,000 |", "| 2 | 安装调试 | 17,500 |", "| 3 | 流量与培训 | 9,400 |")))
make("budget-unit-caption", "unit in the caption above the table", _B, BOLD_CN, body("资金估算", table("项目估算总额29.99万元。", "表1 费用明细（单位：万元）", "| 费用名称 | 金额 |", "| 智能终端 | 27.3 |", "| 安装调试 | 1.75 |", "| 流量与培训 | 0.94 |", "| 合计 | 29.99 |")))
make("budget-mixed-units", "text in 万元, table in 元", _B, AUTO_CN, sub("# 资金估算\n", "# 资金估算\n项目估算总额29.99万元。\n"))
make("budget-rounding", "three items rounded to the last shown digit", _B, PLAIN_CN, body("资金估算", table("总额10.00万元。", "| 内容 | 金额（万元） |", "| 终端 | 3.33 |", "| 安装 | 3.33 |", "| 培训 | 3.33 |", "| 合计 | 10.00 |")), facts={"资金估算.金额": 100000, "资金估算.分项合计": None})
make("budget-off-by-half", "half a 万元 is no rounding", _B, PLAIN_CN, body("资金估算", table("总额10.00万元。", "| 内容 | 金额（万元） |", "| 终端 | 3.33 |", "| 安装 | 3.33 |", "| 培训 | 2.84 |", "| 合计 | 10.00 |")), errors=[(X, "资金估算")], facts={"资金估算.金额": 100000, "资金估算.分项合计": 95000}, routing=None, places=[at(X, "资金估算", "资金估算")])
make("budget-off-by-100", "off by 100 yuan in a table in yuan", _B, STYLED_CN, sub("| 流量费 | 35 | 240 | 8,400 |", "| 流量费 | 35 | 240 | 8,300 |"), errors=[(X, "资金估算")], facts={"资金估算.分项合计": 299800}, routing=None)
make("budget-text-and-table", "the text's total is not the table's", _B, PLAIN_CN, sub("# 资金估算\n", "# 资金估算\n项目估算总额28.99万元。\n"), errors=[(X, "资金估算")], facts={"资金估算.金额": None, "资金估算.分项合计": 299900}, routing=None)
make("budget-no-total-row", "no total row: the items make the text's total", _B, PLAIN_CN, sub("| 合计 | < | < | 299,900 |", ""), sub("# 资金估算\n", "# 资金估算\n总计299,900元。\n"))
make("budget-subtotals", "小计 rows between the items", _B, BOLD_CN, body("资金估算", table("总额50万元。", "| 序号 | 内容 | 金额（万元） |", "| 1 | 服务器 | 20 |", "| 2 | 交换机 | 5 |", "| | 小计 | 25 |", "| 3 | 软件开发 | 22 |", "| 4 | 测评 | 3 |", "| | 小计 | 25 |", "| | 合计 | 50 |")), facts={"资金估算.金额": 500000, "资金估算.分项合计": 500000}, routing="annual-plan")
make("budget-subtotals-first", "subtotals stand above their items", _B, PLAIN_CN, body("资金估算", table("总额50万元。", "| 序号 | 内容 | 金额（万元） |", "| 一 | 硬件 | 25 |", "| （一） | 服务器 | 20 |", "| （二） | 交换机 | 5 |", "| 二 | 软件 | 25 |", "| （一） | 软件开发 | 22 |", "| （二） | 测评 | 3 |", "| | 总计 | 50 |")), facts={"资金估算.金额": 500000, "资金估算.分项合计": 500000}, routing="annual-plan")
make("budget-decimal-levels", "items numbered 1, 1.1, 1.2, 2, 2.1", _B, AUTO_DECIMAL, body("资金估算", table("总额50万元。", "| 序号 | 内容 | 金额（万元） |", "| 1 | 硬件 | 25 |", "| 1.1 | 服务器 | 20 |", "| 1.2 | 交换机 | 5 |", "| 2 | 软件 | 25 |", "| 2.1 | 软件开发 | 22 |", "| 2.2 | 测评 | 3 |", "| 合计 | < | 50 |")), facts={"资金估算.金额": 500000, "资金估算.分项合计": 500000}, routing="annual-plan")
make("budget-among-which", "其中 rows are parts of the row above", _B, PLAIN_CN, body("资金估算", table("总额50万元。", "| 内容 | 金额（万元） |", "| 硬件购置 | 30 |", "| 其中：服务器 | 20 |", "| 　　　交换机 | 10 |", "| 软件开发 | 20 |", "| 合计 | 50 |")), facts={"资金估算.金额": 500000, "资金估算.分项合计": None}, routing="annual-plan")
make("budget-year-columns", "a column a year and one for the sum", _B, BOLD_CN, body("资金估算", table("两年总额50万元。", "| 内容 | 2024年（万元） | 2025年（万元） | 合计（万元） |", "| 终端 | 20 | 10 | 30 |", "| 服务 | 8 | 12 | 20 |", "| 合计 | 28 | 22 | 50 |")), facts={"资金估算.金额": 500000, "资金估算.分项合计": 500000}, routing="annual-plan")
make("budget-capital-row", "the total row says it in capitals too", _B, FORM, body("资金估算", table("| 内容 | 金额（元） |", "| 终端 | 180,000 |", "| 服务 | 80,000 |", "| 合计 | 260,000 |", "| 合计（大写） | 贰拾陆万元整 |")), facts={"资金估算.金额": 260000, "资金估算.分项合计": 260000, "资金估算.大写金额": 260000})
make("budget-capital-row-wrong", "the capitals in the total row are wrong", _B, FORM, body("资金估算", table("| 内容 | 金额（元） |", "| 终端 | 180,000 |", "| 服务 | 80,000 |", "| 合计 | 260,000 |", "| 合计（大写） | 贰拾玖万元整 |")), facts={"资金估算.金额": 260000, "资金估算.分项合计": 260000, "资金估算.大写金额": 290000}, errors=[(X, "资金估算")], routing=None)
make("budget-unit-per-cell", "each cell carries its own unit", _B, PLAIN_CN, body("资金估算", table("总额50万元。", "| 内容 | 金额 |", "| 终端 | 30万元 |", "| 服务 | 180,000元 |", "| 培训 | 2万元 |", "| 合计 | 50万元 |")), facts={"资金估算.金额": 500000, "资金估算.分项合计": 500000}, routing="annual-plan")
make("budget-blank-cells", "dashes and blanks among the amounts", _B, PLAIN_CN, body("资金估算", table("总额50万元。", "| 内容 | 金额（万元） | 备注 |", "| 终端 | 30 | 三家询价，最低价28万元 |", "| 机房 | — | 利旧 |", "| 网络 | 0 | 利旧 |", "| 服务 | 20 | |", "| 合计 | 50 | |")), facts={"资金估算.金额": 500000, "资金估算.分项合计": 500000}, routing="annual-plan")
make("budget-two-tables", "two tables, a summary in the text", _B, STYLED_CN, body("资金估算", table("总额50万元，其中软件30万元、硬件20万元。", "表1 软件（万元）", "| 模块 | 金额（万元） |", "| 采集 | 12 |", "| 展示 | 18 |", "| 小计 | 30 |", "", "表2 硬件（万元）", "| 设备 | 金额（万元） |", "| 终端 | 14 |", "| 网关 | 6 |", "| 小计 | 20 |")), facts={"资金估算.金额": 500000, "资金估算.分项合计": None}, routing="annual-plan")
make("budget-unit-price-wrong-only", "quantity, unit price and amount columns in 万元", _B, PLAIN_CN, body("资金估算", table("| 序号 | 设备 | 数量 | 单价（万元） | 总价（万元） |", "| 1 | 摄像机 | 40 | 0.35 | 14 |", "| 2 | 服务器 | 2 | 5.5 | 11 |", "| 3 | 集成 | 1 | 3 | 3 |", "| 合计 | < | < | < | 28 |")), facts={"资金估算.金额": 280000, "资金估算.分项合计": 280000})

# -- a plan's budget and its routing -------------------------------------------------------------------------------
for number, (text, yuan, route, look) in enumerate((
    ("总投资3999999元。", 3999999, "procurement", PLAIN_CN), ("总投资399.9999万元。", 3999999, "procurement", AUTO_CN), ("总投资4,000,000.00元。", 4000000, "district-government", BOLD_CN),
    ("总投资0.04亿元。", 4000000, "district-government", FORM), ("总投资2999.9999万元。", 29999999, "district-government", PLAIN_CN), ("总投资叁仟万元整。", 30000000, "district-government-and-committee", CHAPTER),
    ("总投资3.2亿元。", 320000000, "district-government-and-committee", OUTLINE), ("项目总投资120万元，较可研批复压减15万元。", 1200000, "procurement", PLAIN_CN),
), 1):
    make(f"plan-money-{number}", f"plan budget: {text}", c.TRADE, look, body("项目预算", text), facts={"项目预算.金额": yuan, "项目预算.大写金额": 30000000 if "叁" in text else None}, routing=route)
make("plan-budget-off", "a plan's items do not make its total", c.TOWER, AUTO_CN, sub("3,150,000.00", "3,510,000.00"), errors=[(X, "项目预算")], facts={"项目预算.分项合计": 30360000}, routing=None, places=[at(X, "项目预算", "经费预算")])
make("plan-capitals-off", "a plan's capitals are not its figures", c.SCHOOL, STYLED_CN, sub("贰仟玖佰玖拾玖万捌仟元整", "贰仟玖佰捌拾玖万捌仟元整"), errors=[(X, "项目预算")], facts={"项目预算.大写金额": 29898000}, routing=None)
make("plan-budget-silent", "a plan's budget section without any amount", c.AIR, PLAIN_CN, body("预算", "预算由第三方造价机构编制，详见造价审核报告。"), errors=[(V, "项目预算")], facts={"项目预算.金额": None, "项目预算.分项合计": None}, routing=[])

# -- dates, deadlines, levels ------------------------------------------------------------------------------------------
for number, (text, iso, filed, days, look) in enumerate((
    ("二〇二五年二月七日", "2025-02-07", "2025-02-17", 7, PLAIN_CN), ("2025.2.7", "2025-02-07", "2025-02-18", 8, FORM), ("2025/02/07", "2025-02-07", "2025-02-10", 2, FORM_FOUR),
    ("2025 年 2 月 7 日", "2025-02-07", "2025-02-07", 0, BOLD_CN), ("合同于2024年12月30日由双方签字盖章。", "2024-12-30", "2025-01-09", 7, PLAIN_CN), ("2024年12月30日", "2024-12-30", "2025-01-10", 8, AUTO_CN),
    ("2024-02-06", "2024-02-06", "2024-02-22", 8, FORM_OVER), ("2024-02-06", "2024-02-06", "2024-02-21", 7, R_FORM), ("本合同签订日期为2024年9月29日，合同生效日期为2024年10月8日。", "2024-09-29", "2024-10-14", 7, RUNIN),
    ("2025年9月28日签订（中标通知书发出日期为2025年9月1日）", "2025-09-28", "2025-10-15", 8, PLAIN_CN), ("2026年2月13日", "2026-02-13", "2026-03-02", 7, PLAIN_DOT), ("贰零贰伍年零肆月叁拾日", "2025-04-30", "2025-05-14", 7, BOLD_CN),
), 1):
    late = days > 7
    make(f"signed-{number:02}", f"signed {text}, filed {filed}", f.CONTRACT_FORM, look, body("合同签订日期", text), options=("--filed-on", filed), facts={"合同签订时间.日期": iso, "备案工作日": days}, errors=[(D, "合同签订时间")] if late else [])
for number, (text, iso, filed, days, look) in enumerate((
    ("2024年4月3日", "2024-04-03", "2024-04-15", 7, PLAIN_CN), ("2024年4月3日", "2024-04-03", "2024-04-16", 8, FORM), ("2025年5月30日组织竣工验收", "2025-05-30", "2025-06-11", 7, BOLD_CN),
    ("2025年5月30日组织竣工验收", "2025-05-30", "2025-06-12", 8, RUNIN_CN), ("初步验收2024年6月12日，最终验收2024年9月6日。", "2024-09-06", "2024-09-18", 7, PLAIN_CN), ("项目于2024年9月6日（星期五）通过专家验收。", "2024-09-06", "2024-09-19", 8, AUTO_CN),
    ("2026-04-30", "2026-04-30", "2026-05-13", 7, FORM_FOUR), ("2026-04-30", "2026-04-30", "2026-05-14", 8, R_DECIMAL), ("2026年9月24日", "2026-09-24", "2026-10-10", 6, PLAIN_CN),
), 1):
    make(f"accepted-{number}", f"accepted {text}, filed {filed}", f.AGED, look, body("验收时间", text), options=("--filed-on", filed), facts={"验收时间.日期": iso, "备案工作日": days}, errors=[(D, "验收时间")] if days > 7 else [], places=[at(D, "验收时间", "验收时间")] if days > 7 else [])
make("deadline-beyond-calendar", "2028 is beyond the calendar: nothing is guessed", f.AGED, PLAIN_CN, body("验收时间", "2028年3月1日"), options=("--filed-on", "2028-03-31"), facts={"验收时间.日期": "2028-03-01", "备案工作日": None}, unstated=["备案工作日"], absent=[(D, None)])
make("deadline-beyond-calendar-contract", "2029 is beyond the calendar", f.CONTRACT_FORM, FORM, body("合同签订日期", "2029年3月1日"), options=("--filed-on", "2029-03-06"), facts={"合同签订时间.日期": "2029-03-01", "备案工作日": None}, unstated=["备案工作日"], absent=[(D, None)])
make("deadline-month-words", "the month alone is no date", f.AGED, FORM, body("验收时间", "2025年1月"), errors=[(V, "验收时间")], facts={"验收时间.日期": None, "备案工作日": None})
for number, (text, iso, filed, months, look) in enumerate((
    ("2025年1月1日零时停止运行", "2025-01-01", "2024-09-30", 3, PLAIN_CN), ("2024-12-31", "2024-12-31", "2024-10-08", 2, BOLD_CN), ("拟定于二〇二五年三月三十一日停运", "2025-03-31", "2024-12-31", 3, RUNIN),
    ("2025.03.15", "2025-03-15", "2024-12-16", 2, R_PLAIN), ("2025年6月15日", "2025-06-15", "2025-03-14", 3, AUTO_CN), ("系统自2019年3月1日上线运行，计划2025年12月31日停止运行", "2025-12-31", "2025-09-29", 3, PLAIN_DOT),
), 1):
    make(f"stop-{number}", f"stop {text}, filed {filed}", f.OLDSITE, look, body("停运时间", text), sub("> 2024年9月30日", ""), options=("--filed-on", filed), facts={"停运时间.日期": iso, "提前月数": months}, errors=[(D, "停运时间")] if months < 3 else [])
make("stop-no-date", "a quarter is no date", f.OLDSITE, PLAIN_CN, body("停运时间", "拟于年底前停运，具体时间另行公告。"), errors=[(V, "停运时间")], facts={"停运时间.日期": None, "提前月数": None})
for number, (text, level, look) in enumerate((
    ("第三级", 3, FORM), ("等保二级", 2, PLAIN_CN), ("S2A2G2", 2, BOLD_CN), ("定级为3级，已向公安机关备案。", 3, RUNIN), ("二级（S2A1），备案号51010443001-22001。", 2, AUTO_CN), ("系统安全保护等级：第二级", 2, FORM_OVER),
    ("本系统定为第二级，所部署的政务云平台为第三级。", 2, PLAIN_CN), ("安全保护等级为叁级。", 3, R_PLAIN), ("按照GB/T 22239—2019和GB/T 28448—2019开展定级，专家评审同意定为三级。", 3, PLAIN_DOT), ("已定级备案，等级为二级，测评得分87.32分，结论为良。", 2, STYLED_CN),
), 1):
    make(f"level-{number:02}", f"level: {text}", f.AGED, look, body("信息系统网络安全等级保护定级", text), facts={"信息系统网络安全等级保护定级.等级": level})
for number, (text, months, look) in enumerate((
    ("三年", 36, FORM), ("24个月，自验收合格之日起算。", 24, PLAIN_CN), ("免费运维期1年半", 18, BOLD_CN), ("自终验合格之日起18个月；免费期满后的运维另行采购，合同一般三年一签。", 18, PLAIN_CN), ("2025年1月17日至2028年1月16日", 36, FORM_FOUR), ("陆拾个月", 60, RUNIN),
), 1):
    make(f"free-{number}", f"free maintenance: {text}", f.AGED, look, body("免费运维时间", text), facts={"免费运维时间.月数": months})
make("free-missing", "free maintenance without a period", f.AGED, PLAIN_CN, body("免费运维时间", "由承建单位按合同约定提供免费运维服务，驻场2人。"), errors=[(V, "免费运维时间")], facts={"免费运维时间.月数": None}, places=[at(V, "免费运维时间", "免费运维时间")])
make("free-none", "无 as free maintenance", f.AGED, FORM_FOUR, body("免费运维时间", "无"), errors=[(E, "免费运维时间")], facts={"免费运维时间.月数": None})
