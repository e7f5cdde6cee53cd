# ruff: noqa: E501, F403, F405  (a case reads best on one line)
# fmt: off
"""Every base clean in a few layouts, and with one plain fault."""

from making import bases_filing as f
from making import bases_plan as c
from making import bases_proposal as p
from making.case import at, make
from making.looks import *
from making.markup import append, body, drop, rename, sub

M, E, V, R, X, D = (
    "section-missing",
    "section-empty",
    "value-missing",
    "value-out-of-range",
    "value-inconsistent",
    "deadline-missed",
)

# -- construction proposals ------------------------------------------------------------------------------
make("pc-canteen-styled", "synonyms only, heading styles, no numbers", p.CANTEEN, STYLED)
make("pc-canteen-runin-bracket", "【label】text in one paragraph, nothing bold", p.CANTEEN, RUNIN_BRACKET)
make(
    "pc-canteen-no-source",
    "the funding section is gone; 资金 is still mentioned in the estimate",
    p.CANTEEN,
    PLAIN_CN,
    drop("资金来源"),
    errors=[(M, "经费保障")],
    facts={"经费保障.合计": None},
)
make(
    "pc-canteen-plan-todo",
    "implementation plan only says 待补充",
    p.CANTEEN,
    BLACK_CN,
    body("进度安排", "待补充。"),
    errors=[(E, "实施计划")],
    places=[at(E, "实施计划", "进度安排")],
)
make("pc-canteen-pdf", "the same words as a PDF without any size difference", p.CANTEEN, R_SAME)
make(
    "pc-canteen-pdf-drop",
    "PDF without size differences, technical part gone",
    p.CANTEEN,
    R_SAME,
    drop("技术路线"),
    errors=[(M, "技术实现")],
)

make(
    "pc-flood-chapters",
    "requirements at depth 2 under unrelated chapters, Word numbering 第一章",
    p.FLOOD,
    AUTO_CHAPTER,
)
make("pc-flood-decimal", "typed decimal numbers glued to the titles, no styles", p.FLOOD, DECIMAL_GLUED)
make("pc-flood-pdf", "LibreOffice PDF of the decimal numbered original", p.FLOOD, AUTO_DECIMAL, through="pdf")
make(
    "pc-flood-no-target",
    "建设目标 gone at depth 2, mentioned in running text elsewhere",
    p.FLOOD,
    AUTO_CN,
    drop("建设目标"),
    append("项目背景", "建设目标、建设内容等详见后文各章。"),
    errors=[(M, "建设目标")],
)
make(
    "pc-flood-sum",
    "budget items are 1 万元 short of the total",
    p.FLOOD,
    OUTLINE,
    sub("50.5", "49.5"),
    errors=[(X, "资金估算")],
    facts={"资金估算.分项合计": 3850000},
    routing=None,
    places=[at(X, "资金估算", "资金估算")],
)
make(
    "pc-flood-sources",
    "funding sources exceed the estimate",
    p.FLOOD,
    INHERITED,
    sub("配套236万元", "配套263万元"),
    errors=[(X, "经费保障")],
    facts={"经费保障.合计": 4130000},
    places=[at(X, "经费保障", "经费保障")],
)

make("pc-market-form", "form table of two columns, combined labels", p.MARKET, FORM)
make("pc-market-four", "form table with two pairs a row where they fit", p.MARKET, FORM_FOUR)
make("pc-market-pdf-form", "ruled form as a reportlab PDF", p.MARKET, R_FORM)
make(
    "pc-market-capitals",
    "capitals say 95,000 less",
    p.MARKET,
    FORM_OVER,
    sub("玖拾伍万柒仟元整", "捌拾陆万贰仟元整"),
    errors=[(X, "资金估算")],
    facts={"资金估算.大写金额": 862000},
    routing=None,
    places=[at(X, "资金估算", "项目投资估算")],
)
make(
    "pc-market-empty-cell",
    "the cell beside 技术方案 is empty",
    p.MARKET,
    FORM_NUMBERED,
    body("技术方案"),
    errors=[(E, "技术实现")],
    places=[at(E, "技术实现", "技术方案")],
)
make(
    "pc-market-row-lost",
    "the row 实施进度 is missing from the form",
    p.MARKET,
    FORM_SIDE,
    drop("实施进度"),
    errors=[(M, "实施计划")],
)

make("pc-street-runin", "half a page, run-in bold labels", p.STREET, RUNIN)
make(
    "pc-street-runin-plain", "half a page, run-in labels without bold, numbered 1.", p.STREET, RUNIN_NUMBERED
)
make(
    "pc-street-runin-missing",
    "run-in labels, one label missing",
    p.STREET,
    RUNIN_PLAIN,
    drop("安全可靠情况"),
    errors=[(M, "安全可靠情况")],
)
make(
    "pc-street-over-time",
    "estimate at exactly 300,000 yuan goes to the annual plan",
    p.STREET,
    RUNIN_CN,
    sub(
        "项目估算9.8万元，其中设备7.74万元，平台服务2.06万元",
        "项目估算30万元，其中设备20万元，平台服务10万元",
    ),
    sub("街道社区保障资金6万元，慈善基金会捐助3.8万元", "街道社区保障资金26.2万元，慈善基金会捐助3.8万元"),
    facts={"资金估算.金额": 300000, "经费保障.合计": 300000},
    routing="annual-plan",
)
make(
    "pc-street-under",
    "299,999 yuan enters directly",
    p.STREET,
    RUNIN_QUOTED,
    sub(
        "项目估算9.8万元，其中设备7.74万元，平台服务2.06万元",
        "项目估算299,999元，其中设备20万元，平台服务99,999元",
    ),
    sub("街道社区保障资金6万元，慈善基金会捐助3.8万元", "均由街道社区保障资金解决"),
    facts={"资金估算.金额": 299999, "经费保障.合计": None},
)

make(
    "pc-health-long", "a dozen pages, contents, nested numbers, subtotals and a picture", p.HEALTH, STYLED_CN
)
make("pc-health-chapter", "the long plan with typed chapters, no styles", p.HEALTH, CHAPTER_GLUED)
make(
    "pc-health-pdf-rl", "the long plan as reportlab PDF with contents, header and footer", p.HEALTH, R_DECIMAL
)
make(
    "pc-health-no-basis",
    "编制依据 survives in the contents only",
    p.HEALTH,
    CHAPTER,
    drop("编制依据"),
    sub(
        "!toc",
        "目　录\n第一章 概述……………………1\n第一节 编制依据…………………1\n第二节 建设单位概况………………2\n第二章 建设目标……………………3\n第三章 建设内容……………………4\n第四章 技术方案……………………8\n第五章 实施计划……………………9\n第六章 投资估算与资金筹措……………9\n第七章 安全与信创…………………10",
    ),
    errors=[(M, "建设依据")],
)
make(
    "pc-health-subtotal",
    "a subtotal's items do not add up to the grand total",
    p.HEALTH,
    AUTO_DECIMAL,
    sub("| 3 | 机构接入改造 | 20 | 5 | 100 |", "| 3 | 机构接入改造 | 20 | 4 | 80 |"),
    sub("| 三 | 其他费用 | < | < | 186 |", "| 三 | 其他费用 | < | < | 166 |"),
    errors=[(X, "资金估算")],
    facts={"资金估算.分项合计": 12400000},
    routing=None,
)

make("pc-law-letter", "a letter with the whole plan in it, headings 一、", p.LAW, PLAIN_CN)
make(
    "pc-law-colon-headings",
    "headings with a plain-words lead before the term",
    p.LAW,
    BOLD_CN,
    rename("立项依据", "为什么建：立项依据"),
    rename("建设目标", "建成什么样：建设目标"),
    rename("资金估算", "要多少钱：资金估算"),
    rename("经费保障", "钱从哪来：经费保障"),
)
make("pc-law-pdf-columns", "two columns", p.LAW, R_COLUMNS)
make(
    "pc-law-empty-xx",
    "target is a row of crosses",
    p.LAW,
    PLAIN_DOT,
    body("建设目标", "×××××××××"),
    errors=[(E, "建设目标")],
    places=[at(E, "建设目标", "建设目标")],
)
make("pc-law-table-only", "estimate is nothing but a table, total in its last row", p.LAW, PLAIN_ARABIC)

make("pc-parking-spaced", "letter-spaced headings 项 目 由 来", p.PARKING, SPACED)
make(
    "pc-parking-pdf", "letter-spaced headings in a PDF of LibreOffice", p.PARKING, SPACED_BARE, through="pdf"
)
make(
    "pc-parking-sources-table",
    "funding table's items are not the estimate",
    p.PARKING,
    ROMAN,
    sub("| 银行贷款 | 1500 |", "| 银行贷款 | 1400 |"),
    sub("| 合计 | 3000 |", "| 合计 | 2900 |"),
    errors=[(X, "经费保障")],
    facts={"经费保障.合计": 29000000},
)
make(
    "pc-parking-empty-target",
    "预期目标 has nothing under it",
    p.PARKING,
    LETTER,
    body("预期目标"),
    errors=[(E, "建设目标")],
    places=[at(E, "建设目标", "预期目标")],
)

make("pc-emergency-order", "money first, other order, amount with fen", p.EMERGENCY, CIRCLE)
make("pc-emergency-pdf", "amount with fen in a PDF with a watermark", p.EMERGENCY, R_WATERMARK)
make(
    "pc-emergency-capitals",
    "capitals differ by 9 fen digits swapped",
    p.EMERGENCY,
    AUTO_CIRCLE,
    sub("叁仟肆佰伍拾陆元柒角捌分", "肆仟叁佰伍拾陆元柒角捌分"),
    errors=[(X, "资金估算")],
    facts={"资金估算.大写金额": 1124356.78},
    routing=None,
)

# -- maintenance proposals -----------------------------------------------------------------------------------
make(
    "pm-video-clean",
    "free maintenance of 5 years in the overview is not the service period",
    p.VIDEO,
    AUTO_CN,
)
make(
    "pm-video-over",
    "37 months",
    p.VIDEO,
    BOLD_CN,
    sub("服务期三年，合同一年一签，年度考核合格后续签。", "服务期37个月，自2024年9月1日起算。"),
    errors=[(R, "服务周期")],
    facts={"服务周期.月数": 37},
    places=[at(R, "服务周期", "服务周期")],
)
make(
    "pm-video-no-security",
    "安全可靠情况 is only a warning for maintenance",
    p.VIDEO,
    PLAIN_CN,
    drop("安全可靠情况"),
    warnings=[(M, "安全可靠情况")],
)
make("pm-video-pdf", "chapter PDF by reportlab", p.VIDEO, R_CHAPTER)
make("pm-oa-short", "half a page of run-in text with dashes", p.OA, RUNIN_DASH)
make(
    "pm-oa-period-blank",
    "service period without a period",
    p.OA,
    RUNIN_STOP,
    body("服务周期", "按照政府采购合同约定执行，到期前一个月组织验收。"),
    errors=[(V, "服务周期")],
    facts={"服务周期.月数": None},
    places=[at(V, "服务周期", "服务周期")],
)
make("pm-oa-pdf-bare", "headings known by face and size alone", p.OA, R_BARE)
make("pm-grid-nested", "requirements at depth 2, 2年+1年, yearly and three-year columns", p.GRID, LOCALISED)
make(
    "pm-grid-renewal",
    "2年+2年 is 48 months",
    p.GRID,
    CHAPTER,
    sub("“2年+1年”模式，首期两年，考核优秀可续签一年", "“2年+2年”模式，首期两年，考核优秀可续签两年"),
    errors=[(R, "服务周期")],
    facts={"服务周期.月数": 48},
    places=[at(R, "服务周期", "服务期限")],
)
make(
    "pm-hospital-range",
    "period as a date range, another thing's free maintenance beside it",
    p.HOSPITAL,
    PLAIN_PAREN,
)
make(
    "pm-hospital-range-over",
    "date range of three years and one month",
    p.HOSPITAL,
    PLAIN_WIDE,
    sub("2025年1月1日至2026年12月31日", "2025年1月1日至2028年1月31日"),
    errors=[(R, "服务周期")],
    facts={"服务周期.月数": 37},
)
make("pm-hr-form", "labels with remarks in brackets, unit in the label", p.HR, FORM_CN)
make("pm-hr-form-spaced", "letter-spaced labels without rules", p.HR, FORM_SPACED, name="申报表")
make(
    "pm-hr-form-slash",
    "考核指标 filled with a slash",
    p.HR,
    FORM_FOUR,
    body("考核指标", "/"),
    errors=[(E, "考核指标")],
    places=[at(E, "考核指标", "考核指标")],
)
make("pm-stat-boundary", "exactly 300,000 yuan over 36 months", p.STAT, DECIMAL_SPACED)
make(
    "pm-stat-no-overview",
    "系统基本情况 gone",
    p.STAT,
    AUTO_PLAIN,
    drop("系统基本情况"),
    errors=[(M, "系统概况")],
)

# -- construction plans ------------------------------------------------------------------------------------------
make("cp-database-4m", "exactly four million goes to the district government", c.DATABASE, CHAPTER)
make(
    "cp-database-no-crypto",
    "国产密码应用 gone, crypto cost still in the budget",
    c.DATABASE,
    AUTO_CHAPTER,
    drop("国产密码应用"),
    errors=[(M, "国产密码应用")],
)
make("cp-school-long", "long plan, combined heading, table with the unit in its caption", c.SCHOOL, STYLED_CN)
make("cp-school-pdf", "the long plan as reportlab PDF with chapters", c.SCHOOL, R_CHAPTER)
make(
    "cp-school-empty-share",
    "one section holds only the template's instruction",
    c.SCHOOL,
    INHERITED,
    body("资源整合与信息共享", "（此处填写资源整合与信息共享情况，不少于200字）"),
    errors=[(E, "资源集约利用和信息共享")],
    places=[at(E, "资源集约利用和信息共享", "资源整合与信息共享")],
)
make("cp-air-clean", "synonyms and a requirement named in brackets", c.AIR, BLACK_CN)
make(
    "cp-air-no-budget",
    "项目预算 gone: no amount, no routing",
    c.AIR,
    OUTLINE,
    drop("预算"),
    errors=[(M, "项目预算")],
    facts={"项目预算.金额": None, "项目预算.分项合计": None},
    routing=[],
)
make("cp-trade-form", "plan as a form", c.TRADE, FORM)
make(
    "cp-trade-form-placeholder",
    "信创国产化 says 暂无",
    c.TRADE,
    FORM_OVER,
    body("信创国产化", "暂无"),
    errors=[(E, "信创国产化")],
    places=[at(E, "信创国产化", "信创国产化")],
)
make("cp-tower-30m", "exactly thirty million goes to the committee too; 0.3亿元", c.TOWER, PLAIN_CN)
make(
    "cp-tower-29m",
    "one yuan below thirty million",
    c.TOWER,
    AUTO_CN,
    body("经费预算", "项目预算为29,999,999元。"),
    facts={"项目预算.金额": 29999999, "项目预算.分项合计": None, "项目预算.大写金额": None},
    routing="district-government",
)

# -- filings ---------------------------------------------------------------------------------------------------------
make(
    "af-crossing-clean",
    "filed on the 7th working day over the October holiday with a make-up Sunday",
    f.CROSSING,
    PLAIN_CN,
)
make(
    "af-crossing-late",
    "the 8th working day",
    f.CROSSING,
    AUTO_CN,
    options=("--filed-on", "2024-10-09"),
    facts={"备案工作日": 8},
    errors=[(D, "验收时间")],
    places=[at(D, "验收时间", "验收时间")],
)
make("af-aged-form", "form; 7th working day is the last before the Spring Festival", f.AGED, FORM)
make(
    "af-aged-late",
    "8th working day falls after the Spring Festival",
    f.AGED,
    FORM_FOUR,
    options=("--filed-on", "2025-02-05"),
    facts={"备案工作日": 8},
    errors=[(D, "验收时间")],
)
make("af-courtyard-clean", "S3A3 and a date in Chinese numerals", f.COURTYARD, BOLD_CN)
make(
    "af-courtyard-level-gone",
    "level not stated",
    f.COURTYARD,
    PLAIN_CN,
    body("等保定级", "定级备案工作正在办理中，待公安机关审核。"),
    errors=[(V, "信息系统网络安全等级保护定级")],
    facts={"信息系统网络安全等级保护定级.等级": None},
    places=[at(V, "信息系统网络安全等级保护定级", "等保定级")],
)
make(
    "af-firehouse-depth",
    "all twelve at depth 2, preliminary acceptance date beside the final one",
    f.FIREHOUSE,
    AUTO_DECIMAL,
)
make(
    "af-firehouse-no-user",
    "用户报告 gone",
    f.FIREHOUSE,
    R_DECIMAL,
    drop("用户报告"),
    errors=[(M, "用户报告")],
)
make(
    "cf-letter-clean",
    "7th working day over the May holiday with a make-up Sunday",
    f.CONTRACT_LETTER,
    PLAIN_CN,
)
make(
    "cf-letter-no-copy",
    "合同副本 missing: the announced copy is nowhere",
    f.CONTRACT_LETTER,
    BLACK_CN,
    drop("合同副本"),
    sub("现将合同副本报送备案", "现将有关情况报送备案"),
    errors=[(M, "合同副本")],
)
make("cf-form-clean", "ISO date in a form", f.CONTRACT_FORM, FORM)
make(
    "cf-form-late",
    "8th working day",
    f.CONTRACT_FORM,
    FORM_NUMBERED,
    options=("--filed-on", "2025-05-09"),
    facts={"备案工作日": 8},
    errors=[(D, "合同签订时间")],
)
make("cf-full-clean", "the whole contract as sub-sections", f.CONTRACT_FULL, PLAIN_CN)
make(
    "cf-full-no-date",
    "合同签订日期 gone",
    f.CONTRACT_FULL,
    AUTO_CN,
    drop("合同签订日期"),
    errors=[(M, "合同签订时间")],
    facts={"合同签订时间.日期": None, "备案工作日": None},
)
make("dn-oldsite-clean", "exactly three months ahead", f.OLDSITE, PLAIN_CN)
make(
    "dn-oldsite-late",
    "two whole months ahead",
    f.OLDSITE,
    BOLD_CN,
    sub("2024年9月30日", "2024年10月8日"),
    options=("--filed-on", "2024-10-08"),
    facts={"提前月数": 2},
    errors=[(D, "停运时间")],
    places=[at(D, "停运时间", "停运时间")],
)
make("dn-hotline-form", "form of two columns", f.HOTLINE, FORM)
make(
    "dn-hotline-empty",
    "数据资源处置方案 is 无",
    f.HOTLINE,
    FORM_FOUR,
    body("数据资源处置方案", "无"),
    errors=[(E, "数据资源处置")],
    places=[at(E, "数据资源处置", "数据资源处置方案")],
)
make("dn-river-clean", "date in Chinese numerals, three months ahead", f.RIVER, LOCALISED)
make(
    "dn-river-no-partners",
    "coordination section gone",
    f.RIVER,
    PLAIN_PAREN_ASCII,
    drop("协调对接工作"),
    errors=[(M, "单位协调对接")],
)
