# ruff: noqa: E501, F403, F405  (a case reads best on one line)
# fmt: off
"""Headings: every numbering, every disguise, and the words that people use for a requirement."""

from making import bases_filing as f
from making import bases_plan as c
from making import bases_proposal as p
from making.case import make
from making.codes import *
from making.looks import *
from making.markup import Edit, append, body, deepen, drop, move, rename, sub
from making.word import Layout


def words(*pairs: tuple[str, str]) -> list[Edit]:
    """Other words for the headings."""
    return [rename(old, new) for old, new in pairs]


_PC = ("政策依据", "总体目标", "建设任务", "技术路线", "进度安排", "投资匡算", "资金来源", "软硬件安全可靠情况")
_PC_WORDS = (
    ("立项依据", "项目建设目标", "主要建设内容", "技术实现方案", "项目实施计划", "经费预算", "经费来源", "安全可靠说明", STYLED_CN),
    ("项目背景及依据", "目标任务", "建设内容与规模", "实现方案", "实施进度安排", "投资估算", "资金筹措方式", "产品安全可靠情况", PLAIN_PAREN),
    ("建设背景和依据", "建设目标及成效", "项目建设内容", "总体技术方案", "工期计划", "经费测算", "资金保障", "安全可靠性说明", DECIMAL_SPACED),
    ("政策法规依据", "预期目标", "建设规模及内容", "技术架构及实现", "建设周期及进度计划", "资金需求", "经费保障渠道", "信创及安全可靠情况", RUNIN_CN),
    ("编制依据", "项目目标", "建设范围和内容", "技术实现路径", "实施步骤", "项目投资概算", "资金来源及落实情况", "软硬件产品安全可靠情况说明", FORM),
)
for number, row in enumerate(_PC_WORDS, 1):
    make(f"words-construction-{number}", "other words for every requirement", p.CANTEEN, row[-1], *words(*zip(_PC, row[:-1], strict=True)))
    gone = (number * 3) % 8
    requirement = ("建设依据", "建设目标", "建设内容", "技术实现", "实施计划", "资金估算", "经费保障", "安全可靠情况")[gone]
    lost = {"资金估算": {"资金估算.金额": None}, "经费保障": {"经费保障.合计": None}}.get(requirement, {})
    make(f"words-construction-{number}-lost", f"other words, nothing meets {requirement}", p.CANTEEN, row[-1], *words(*zip(_PC, row[:-1], strict=True)), drop(row[gone]), errors=[(M, requirement)], facts=lost, routing=[] if requirement == "资金估算" else "direct-entry")

_PM = ("立项依据", "系统概况", "运维内容", "考核指标", "服务周期", "资金估算", "经费保障")
_PM_WORDS = (
    ("立项背景和依据", "系统现状", "运维服务内容", "绩效考核指标", "服务期限", "经费预算", "资金来源", AUTO_CN),
    ("项目立项依据", "系统基本情况", "运行维护内容", "服务考核标准", "运维期限", "费用测算", "经费来源", PLAIN_DOT),
    ("运维依据", "系统概述", "维护内容及要求", "考核办法及指标", "合同期", "投资估算", "资金筹措", FORM_CN),
    ("政策依据", "现有系统概况", "服务内容", "服务质量考核", "运维周期", "运维经费测算", "经费渠道", RUNIN_PLAIN),
)
for number, row in enumerate(_PM_WORDS, 1):
    make(f"words-maintenance-{number}", "other words for every requirement", p.OA, row[-1], *words(*zip(_PM, row[:-1], strict=True)))
    gone = (number * 2 + 1) % 7
    requirement = _PM[gone]
    lost = {"资金估算": {"资金估算.金额": None}, "经费保障": {"经费保障.合计": None}, "服务周期": {"服务周期.月数": None}}.get(requirement, {})
    make(f"words-maintenance-{number}-lost", f"other words, nothing meets {requirement}", p.OA, row[-1], *words(*zip(_PM, row[:-1], strict=True)), drop(row[gone]), errors=[(M, requirement)], facts=lost, routing=[] if requirement == "资金估算" else "direct-entry")

_CP = ("建设原则", "总体架构", "与智慧蓉城锦江运行管理平台的兼容", "资源集约利用和信息共享", "网络安全", "国产密码应用", "信创国产化", "实施计划", "项目预算", "详细设计方案")
_CP_WORDS = (
    ("设计原则", "系统总体架构", "平台兼容性设计", "资源整合利用与信息共享", "网络安全设计", "密码应用设计", "信创设计", "项目实施计划", "投资预算", "系统设计方案", AUTO_CHAPTER),
    ("项目建设原则", "总体架构设计", "与城运平台的兼容对接", "集约化建设与数据共享", "网络安全保障方案", "商用密码应用方案", "国产化方案", "实施进度计划", "投资概算", "详细设计", OUTLINE),
    ("总体原则", "总体技术架构", "平台兼容情况", "利旧与信息资源共享", "网络安全建设方案", "国密应用", "信息技术应用创新", "进度计划", "经费预算", "设计方案", R_DECIMAL),
)
for number, row in enumerate(_CP_WORDS, 1):
    make(f"words-plan-{number}", "other words for every requirement", c.DATABASE, row[-1], *words(*zip(_CP, row[:-1], strict=True)))
    gone = (number * 4 - 3) % 9
    requirement = ("建设原则", "总体架构", "平台兼容", "资源集约利用和信息共享", "网络安全", "国产密码应用", "信创国产化", "实施计划", "项目预算")[gone]
    lost = dict.fromkeys(("项目预算.金额", "项目预算.分项合计", "项目预算.大写金额")) if requirement == "项目预算" else {}
    make(f"words-plan-{number}-lost", f"other words, nothing meets {requirement}", c.DATABASE, row[-1], rename("总体设计", "建设要求"), *words(*zip(_CP, row[:-1], strict=True)), drop(row[gone]), errors=[(M, requirement)], facts=lost, routing=[] if requirement == "项目预算" else c.DATABASE.routing)

_AF = ("项目验收报告", "验收时间", "用户报告", "监理报告", "测评报告", "资金使用情况", "免费运维时间", "数据资源的管理权属和使用范围", "信息资源共享开放", "信息安全建设", "信息系统网络安全等级保护定级", "密码应用评估")
_AF_WORDS = (
    ("竣工验收报告", "通过验收时间", "用户使用报告", "监理工作报告", "软件测评报告", "经费使用情况", "免费维护期", "数据资源权属及使用范围", "数据资源共享开放情况", "信息安全建设情况", "等级保护定级情况", "密评情况", PLAIN_CN),
    ("验收报告", "验收日期", "用户试用报告", "监理总结报告", "第三方测试报告", "资金支付情况", "质保期（免费运维）", "数据权属与使用范围", "信息共享与开放", "信息安全保障建设", "网络安全等级保护", "商用密码应用安全性评估", FORM_FOUR),
    ("项目竣工验收报告", "项目验收时间", "用户意见", "监理意见", "系统测评报告", "资金执行情况", "免费运维期限", "数据管理权属和使用范围", "信息资源共享和开放情况", "信息系统安全建设", "等保定级备案", "密码应用安全性评估", AUTO_DECIMAL),
)
for number, row in enumerate(_AF_WORDS, 1):
    make(f"words-acceptance-{number}", "other words for every requirement", f.AGED, row[-1], *words(*zip(_AF, row[:-1], strict=True)))
    gone = (number * 5 + 2) % 12
    requirement = _AF[gone]
    lost = {"信息系统网络安全等级保护定级": {"信息系统网络安全等级保护定级.等级": None}}.get(requirement, {})
    make(f"words-acceptance-{number}-lost", f"other words, nothing meets {requirement}", f.AGED, row[-1], *words(*zip(_AF, row[:-1], strict=True)), drop(row[gone]), errors=[(M, requirement)], facts=lost)

for number, (when, data, partners, look) in enumerate((("下线时间", "数据资源处理方案", "对接协调情况", BOLD_CN), ("系统停用时间", "数据资源的处置", "相关单位协调对接", RUNIN), ("拟停运日期", "数据迁移与处置", "与相关单位对接情况", R_PLAIN)), 1):
    swap = words(("停运时间", when), ("数据资源处置", data), ("单位协调对接", partners))
    make(f"words-decommission-{number}", "other words for every requirement", f.OLDSITE, look, *swap)
    make(f"words-decommission-{number}-lost", "other words, one is missing", f.OLDSITE, look, *swap, drop((when, data, partners)[number - 1]), errors=[(M, ("停运时间", "数据资源处置", "单位协调对接")[number - 1])], facts={"停运时间.日期": None, "提前月数": None} if number == 1 else {})
for number, (copy, signed, look) in enumerate((("合同文本", "签订日期", PLAIN_ARABIC), ("采购合同副本", "合同签署时间", FORM_OVER), ("合同复印件", "签约时间", R_SAME)), 1):
    swap = words(("合同副本", copy), ("合同签订日期", signed))
    make(f"words-contract-{number}", "other words for both requirements", f.CONTRACT_FORM, look, *swap)
    make(f"words-contract-{number}-lost", "other words, the copy is missing", f.CONTRACT_FORM, look, *swap, drop(copy), errors=[(M, "合同副本")])

# -- one heading, two requirements ------------------------------------------------------------------------------
def merge(first: str, second: str, heading: str, text: str) -> list[Edit]:
    """One section in the place of two."""
    return [drop(second), rename(first, heading), body(heading, text)]


make("joint-plan-money", "实施计划及经费保障", p.LAW, BOLD_CN, *merge("实施计划", "经费保障", "实施计划及经费保障", "2024年6月采购，7月至8月布设，9月验收。所需经费已列入我局2024年部门预算。"))
make("joint-estimate-source", "资金估算及来源", p.OA, PLAIN_CN, *merge("资金估算", "经费保障", "资金估算及来源", "全年18.5万元，列入2024年区政府办部门预算18.5万元。"))
make("joint-estimate-source-2", "投资匡算与资金筹措", p.CANTEEN, STYLED, *merge("投资匡算", "资金来源", "投资匡算与资金筹措", "经测算，项目共需资金28.6万元，全部由区级财政资金28.6万元安排。"))
make("joint-basis-target", "建设依据、目标", p.STREET, AUTO_CN, *merge("建设依据", "建设目标", "建设依据和目标", "依据《成都市居家和社区基本养老服务提升行动方案》，为社区86户独居老人提供24小时异常预警。"))
make("joint-three-reports", "three reports under one heading", f.FIREHOUSE, BOLD_CN, drop("监理报告"), drop("测评报告"), rename("用户报告", "用户报告、监理报告和测评报告"), body("用户报告、监理报告和测评报告", "使用单位、监理单位、测评机构分别出具报告，结论均为合格。"))
make("joint-rights-sharing", "数据资源权属、使用范围及共享开放", f.CROSSING, PLAIN_CN, drop("信息资源共享与开放"), rename("数据资源管理权属和使用范围", "数据资源的管理权属、使用范围及信息资源共享开放"), append("数据资源的管理权属、使用范围及信息资源共享开放", "过街流量数据按日共享至区城运中心，并向社会开放脱敏流量。"))
make("joint-stop-data", "停运时间及数据资源处置", f.OLDSITE, PLAIN_PAREN, *merge("停运时间", "数据资源处置", "停运时间及数据资源处置", "2024年12月31日24时停止对外服务；11.4万条数据导出后移交区数据底座，日志保存6个月后销毁。"))
make("joint-system-service", "系统概况及运维内容", p.OA, RUNIN_CN, *merge("系统概况", "运维内容", "系统概况及运维内容", "系统2019年建成，用户4300人；运维包括应用运维、数据库巡检、用户支持、安全加固。"))
make("joint-service-only", "系统概况 alone does not carry 运维内容", p.OA, RUNIN_CN, drop("运维内容"), append("系统概况", "系统由原厂运维至今，运维内容见原合同。"), errors=[(M, "运维内容")])
make("joint-crypto-security", "国产密码应用与网络安全", c.TRADE, BOLD_CN, *merge("国产密码应用", "网络安全", "网络安全与国产密码应用", "按等级保护二级建设，上线前完成测评；采用国密HTTPS、SM3口令散列。"))

# -- disguises ---------------------------------------------------------------------------------------------------
make("heading-colon", "headings end with a colon", p.OA, PLAIN_CN, *words(*((h, h + "：") for h in _PM)))
make("heading-full-stop", "headings end with a full stop", p.STREET, BOLD_CN, *words(*((h, h + "。") for h in ("建设依据", "建设目标", "建设内容", "技术实现"))))
make("heading-bracketed", "【heading】 on a line of its own", p.OA, PLAIN_CN, *words(*((h, f"【{h}】") for h in _PM)))
make("heading-remarks", "headings with remarks in brackets", p.FLOOD, AUTO_DECIMAL, *words(("实施计划", "实施计划（含施工组织与验收）"), ("资金估算", "资金估算（单位：万元）"), ("建设依据", "建设依据（政策、规划、会议纪要）")))
make("heading-wide-spaces", "headings spaced with full-width blanks", p.STREET, PLAIN_CN, *words(*((h, "　".join(h)) for h in ("建设依据", "建设目标", "建设内容", "技术实现", "实施计划", "资金估算", "经费保障"))))
make("heading-label-line", "labels on their own line with a colon, no number, no style", p.STREET, Layout(heading="plain"), *words(*((h, h + "：") for h in ("建设依据", "建设目标", "建设内容", "技术实现", "实施计划", "资金估算", "经费保障", "安全可靠情况"))))
make("heading-label-line-lost", "the same, one label's text is gone", p.STREET, Layout(heading="plain"), *words(*((h, h + "：") for h in ("建设依据", "建设目标", "建设内容", "技术实现", "实施计划", "资金估算", "经费保障", "安全可靠情况"))), body("技术实现："), errors=[(E, "技术实现")])
make("heading-bare-plain", "headings without number, weight or style: short lines alone", p.OA, Layout(heading="plain"))
make("heading-bare-plain-lost", "the same with one section missing", p.OA, Layout(heading="plain"), drop("系统概况"), errors=[(M, "系统概况")])
make("heading-deep", "all requirements two levels down under one chapter", p.LAW, CHAPTER, deepen, deepen, sub("### 立项依据", "# 项目方案\n## 正文\n### 立项依据"))
make("heading-last-order", "sections in another order", f.CROSSING, AUTO_CN, move("密码应用评估情况", "用户使用报告"), move("资金使用情况", "监理工作报告"))
make("heading-circle", "headings numbered ①②③ by Word", f.OLDSITE, AUTO_CIRCLE)
make("heading-roman", "headings numbered Ⅰ. A.", c.SCHOOL, ROMAN)
make("heading-letter", "headings lettered A. B. C.", f.FIREHOUSE, LETTER)
make("heading-paren-ascii", "headings numbered (1) (2)", f.CONTRACT_FULL, PLAIN_PAREN_ASCII)
make("heading-auto-roman", "Word numbers I. with an outline level on the paragraph", p.GRID, AUTO_ROMAN)
make("heading-localised-lost", "Chinese style names, section missing", p.GRID, LOCALISED, drop("服务期限"), errors=[(M, "服务周期")], facts={"服务周期.月数": None})
make("heading-inherited-lost", "level inherited from the grandparent style, section missing", c.SCHOOL, INHERITED, drop("平台兼容性"), errors=[(M, "平台兼容")])
make("heading-arabic-lost", "1、 with items ① below, section missing", c.AIR, PLAIN_ARABIC, drop("利旧整合和数据共享"), errors=[(M, "资源集约利用和信息共享")])
make("heading-in-list", "a requirement's word opens a list item of another section", c.AIR, PLAIN_CN, drop("密码应用方案"), append("安全保障（网络安全）", "1.边界防护；\n2.入侵检测；\n3.密码应用由政务云平台统一考虑，本项目不再单列。"), errors=[(M, "国产密码应用")])
make("heading-list-items", "principles listed 一是 二是 and 一、 within a section of 一、 headings", c.TOWER, PLAIN_PAREN)
make("heading-split-over", "a requirement split over several sections of the same kind", c.AIR, OUTLINE, rename("设计方案", "设计方案（一）业务与功能"), sub("# 密码应用方案", "# 设计方案（二）数据与接口\n接口采用REST规范，时序数据按小时分区。\n# 密码应用方案"))
make("heading-quoted", "“label”： run in", p.CANTEEN, RUNIN_QUOTED)
make("heading-dash-lost", "label—— run in, one missing", p.CANTEEN, RUNIN_DASH, drop("建设任务"), errors=[(M, "建设内容")])
make("heading-stop-runin", "一、label。text in the manner of official papers", p.VIDEO, RUNIN_STOP)
make("heading-stop-runin-lost", "the same with the basis missing", p.VIDEO, RUNIN_STOP, drop("立项依据"), errors=[(M, "立项依据")])
