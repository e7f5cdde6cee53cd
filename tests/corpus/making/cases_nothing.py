# ruff: noqa: E501, F403, F405  (a case reads best on one line)
# fmt: off
"""What meets nothing, what has no substance, and what only looks so."""

from making import bases_filing as f
from making import bases_plan as c
from making import bases_proposal as p
from making.case import at, make
from making.codes import *
from making.looks import *
from making.markup import append, body, drop, prepend, sub
from making.word import Layout

# -- mentions ------------------------------------------------------------------------------------------------
make("nothing-header", "the requirement's name stands in the page header only", p.STREET, Layout(heading="plain", numbers=CN, header="建设目标 · 川师社区智能看护"), drop("建设目标"), errors=[(M, "建设目标")])
make("nothing-footer", "the requirement's name stands in the page footer only", c.AIR, Layout(heading="bold", numbers=CN, footer="网络安全 "), drop("安全保障（网络安全）"), errors=[(M, "网络安全")])
make("nothing-footnote", "a footnote mentions the basis", p.FLOOD, AUTO_CN, drop("建设依据"), sub("不能满足“叫应”要求。", "不能满足“叫应”要求[[fn:本项目的建设依据见区政府第52次常务会议纪要。]]。"), errors=[(M, "建设依据")])
make("nothing-running-text", "running text promises a section that is not there", c.AIR, PLAIN_CN, sub("服务于秋冬季和夏季臭氧攻坚。", "服务于秋冬季和夏季臭氧攻坚。本方案从总体架构、平台兼容、设计方案、密码应用、网络安全等方面展开论述。"), drop("平台兼容与对接"), errors=[(M, "平台兼容")])
make("nothing-see-below", "建设依据、建设目标等详见后文 in the preamble", p.LAW, PLAIN_CN, sub("现报送贵办预审。", "现报送贵办预审。项目立项依据、建设目标、实施计划等详见后文。"), drop("实施计划"), errors=[(M, "实施计划")])
make("nothing-attachment-list", "the attachments' names stand in a list, the attachments are not there", f.CROSSING, PLAIN_CN, drop("监理工作报告"), drop("第三方测评报告"), append("密码应用评估情况", "附件：1.项目验收报告\n2.用户报告\n3.监理报告\n4.测评报告"), errors=[(M, "监理报告"), (M, "测评报告")])
make("nothing-scope-list", "numbered lines say what the plan contains; one of them is not written", p.CANTEEN, BOLD_CN, sub("# 政策依据", "本方案由以下部分组成：\n（1）政策依据；\n（2）总体目标；\n（3）建设任务；\n（4）技术路线；\n（5）进度安排；\n（6）投资匡算；\n（7）资金来源；\n（8）软硬件安全可靠情况。\n# 政策依据"), drop("技术路线"), errors=[(M, "技术实现")])
make("nothing-scope-list-clean", "the same list before a complete plan", p.CANTEEN, BOLD_CN, sub("# 政策依据", "本方案由以下部分组成：\n（1）政策依据；\n（2）总体目标；\n（3）建设任务；\n（4）技术路线；\n（5）进度安排；\n（6）投资匡算；\n（7）资金来源；\n（8）软硬件安全可靠情况。\n# 政策依据"))
make("nothing-contents-typed", "typed contents name it, the body does not have it", c.SCHOOL, Layout(numbers=("一、", "（一）", "1."), toc="typed"), drop("项目实施计划"), sub("!toc", "目　录\n一、项目概述⇥1\n二、总体架构设计⇥2\n三、资源整合与信息共享⇥3\n四、项目设计方案⇥3\n五、信创国产化与国产密码应用⇥5\n六、网络安全方案⇥5\n七、项目实施计划⇥6\n八、投资预算⇥7"), errors=[(M, "实施计划")])
make("nothing-contents-pdf", "contents of a PDF name a section that was taken out", p.HEALTH, R_CHAPTER, sub("!toc", "目 录\n第一章 概述....................3\n第二章 建设目标....................4\n第三章 建设内容....................4\n第四章 技术方案....................7\n第五章 实施计划....................8\n第六章 投资估算与资金筹措....................8\n第七章 安全与信创....................9"), drop("实施计划"), errors=[(M, "实施计划")])
make("nothing-watermark", "a watermark names the section that is missing", p.EMERGENCY, Layout(heading="plain", numbers=CN, watermark="建设内容"), drop("建设内容"), errors=[(M, "建设内容")])
make("nothing-comment", "a reviewer's comment asks for the target; the section is blank", p.STREET, BOLD_CN, body("建设目标", "[[cm:请补充建设目标，要有量化指标]]"), errors=[(E, "建设目标")], places=[at(E, "建设目标", "建设目标")])
make("nothing-quoted-rule", "the regulation's own list of sections is quoted", p.OA, PLAIN_CN, drop("考核指标"), append("立项依据", "《暂行办法》第六条规定，维护类项目需求方案应包括立项依据、系统概况、运维内容、考核指标、服务周期、资金估算、经费保障等方面内容，本方案据此编制。"), errors=[(M, "考核指标")])
make("nothing-fill-note", "the form's filling notes name every section", f.HOTLINE, FORM, prepend("填表说明：停运时间、数据资源处置、单位协调对接均为必填项。"), drop("与相关单位协调对接情况"), errors=[(M, "单位协调对接")])
make("nothing-heading-of-other", "免费运维 in the payment text does not state the free maintenance time", f.CROSSING, BOLD_CN, drop("免费运维期"), append("资金使用情况", "余款在免费运维期满后支付。"), errors=[(M, "免费运维时间")], facts={"免费运维时间.月数": None})

# -- placeholders ------------------------------------------------------------------------------------------------
for number, (word, base, heading, requirement, look) in enumerate((
    ("略", p.CANTEEN, "技术路线", "技术实现", PLAIN_CN),
    ("（略）", c.DATABASE, "平台兼容", "平台兼容", AUTO_CN),
    ("××", c.TRADE, "国产密码应用", "国产密码应用", FORM),
    ("XXXXXX", p.FLOOD, "技术实现", "技术实现", OUTLINE),
    ("……", f.CROSSING, "信息安全建设情况", "信息安全建设", PLAIN_DOT),
    ("______________", f.CONTRACT_FORM, "合同副本", "合同副本", FORM_FOUR),
    ("TBD", c.AIR, "国产化适配", "信创国产化", DECIMAL_SPACED),
    ("见附件", f.COURTYARD, "监理报告", "监理报告", BLACK_CN),
    ("详见附件2。", f.AGED, "用户报告", "用户报告", FORM),
    ("（空）", p.HR, "运维内容", "运维内容", FORM_OVER),
    ("同上", f.FIREHOUSE, "测评报告", "测评报告", AUTO_CN),
    ("待定", f.OLDSITE, "数据资源处置", "数据资源处置", BOLD_CN),
    ("暂无。", p.VIDEO, "考核指标", "考核指标", RUNIN_CN),
    ("此处内容待完善", c.TOWER, "兼容性设计", "平台兼容", CHAPTER),
    ("填写说明：请说明项目建设所依据的法律法规、规划和会议纪要等。", p.STREET, "建设依据", "建设依据", RUNIN_PLAIN),
    ("（请在此处简要描述系统建设时间、部署方式、用户规模等）", p.OA, "系统概况", "系统概况", BOLD_BARE),
    ("[[prompt:单击或点击此处输入文字。]]", p.LAW, "建设内容及规模", "建设内容", STYLED),
    ("[[prompt:请输入数据的去向、移交单位和销毁方式]]", f.HOTLINE, "数据资源处置方案", "数据资源处置", FORM_SIDE),
    ("—", f.AGED, "信息资源共享开放", "信息资源共享开放", FORM_FOUR),
    ("N/A", c.TRADE, "平台兼容", "平台兼容", FORM_NUMBERED),
    ("XX年XX月XX日", f.RIVER, "数据处置", "数据资源处置", BOLD_CN),
    ("待补充……", f.CROSSING, "密码应用评估情况", "密码应用评估", R_PLAIN),
    ("暂略，后续补充完善", c.AIR, "利旧整合和数据共享", "资源集约利用和信息共享", R_DECIMAL),
    ("【待补充】", p.GRID, "服务内容", "运维内容", R_CHAPTER),
), 1):
    edit = body(heading if heading != "平台兼容" or base is c.TRADE else "与智慧蓉城锦江运行管理平台的兼容", word)
    make(f"placeholder-{number:02}", f"placeholder {word[:20]} and nothing else", base, look, edit, errors=[(E, requirement)])
make("placeholder-many", "a template sent back hardly filled in", p.STREET, STYLED_CN, body("建设依据", "（说明项目建设的政策文件依据）"), body("技术实现", "待补充"), body("实施计划"), body("安全可靠情况", "XXX"), errors=[(E, "建设依据"), (E, "技术实现"), (E, "实施计划"), (E, "安全可靠情况")])
make("placeholder-both", "one heading for two requirements, empty: both are", p.MARKET, FORM, body("建设目标与内容", "待补充"), errors=[(E, "建设目标"), (E, "建设内容")])
make("placeholder-last", "the last section of the document is empty", f.RIVER, PLAIN_CN, body("协调对接工作"), errors=[(E, "单位协调对接")], places=[at(E, "单位协调对接", "协调对接工作")])
make("placeholder-date", "date left as ____年__月__日", f.CONTRACT_LETTER, BOLD_CN, body("合同签订时间", "____年____月____日"), errors=[(E, "合同签订时间")], facts={"合同签订时间.日期": None, "备案工作日": None}, equivalents=[[(E, "合同签订时间"), (V, "合同签订时间")]])
make("placeholder-picture-gone", "only a caption of blanks under the heading in a run-in form", p.CANTEEN, RUNIN, body("资金来源", "　　"), errors=[(E, "经费保障")], facts={"经费保障.合计": None})

# -- it looks like nothing but is something ---------------------------------------------------------------------------
make("substance-none-needed", "无需…, 不涉及… and words that begin like a placeholder", f.OLDSITE, PLAIN_CN, body("单位协调对接", "无需其他单位承接：系统仅本局内部使用，已书面告知区城运中心和云服务商，均无异议。"))
make("substance-short", "very short answers that are answers", f.HOTLINE, FORM_FOUR, body("数据资源处置方案", "全部移交区档案馆"), body("与相关单位协调对接情况", "已与区城运中心对接"))
make("substance-instruction-left", "the template's instruction was left in above a real answer", p.OA, BOLD_CN, body("运维内容", "（填写说明：列明运维对象和服务方式，不少于100字。）\n应用运维、数据库巡检、用户支持、安全加固、重要会议保障，采用1人驻场加远程值守的方式。"))
make("substance-strategy-words", "战略, 无线, 忽略 hold the placeholders' characters", c.AIR, PLAIN_CN, body("平台兼容与对接", "无线传感数据经统一网关接入，与智慧蓉城锦江运行管理平台的事件、地图、用户三类接口兼容，异常值忽略规则与平台一致。"))
make("substance-table-only", "a section that is only a table", p.CANTEEN, PLAIN_CN, body("进度安排", "| 时间 | 工作 |\n| 2024年5月 | 采购 |\n| 2024年6月至8月 | 施工与联调 |\n| 2024年9月 | 验收 |"))
make("substance-picture-only", "a section that is only a diagram", c.DATABASE, AUTO_CN, body("总体架构", "!pic"))
make("substance-picture-pdf", "a section that is only a diagram, as PDF", c.AIR, R_PLAIN, body("系统总体架构", "!pic"))
make("substance-subheadings", "a heading without text of its own, its sub-headings have text", p.CANTEEN, PLAIN_CN, body("建设任务", "## 前端补点\n新增摄像机48路，覆盖操作间、库房、留样间。\n## 平台开通\n在区教育云上开通视频汇聚与识别服务。"))
make("substance-depth-four", "text stands four levels below the requirement's heading", c.TOWER, CHAPTER, body("技术设计方案", "## 计算资源\n### 虚拟机\n#### 规格\n通用型1200台，分8核32G与16核64G两种。\n## 存储资源\n### 块存储\n#### 容量\n共1.8PB，三副本。"))
make("substance-see-own-table", "见下表 with the table below", p.LAW, BOLD_CN, body("实施计划", "详见下表。\n| 月份 | 任务 |\n| 6月 | 采购 |\n| 7—8月 | 布设 |\n| 9月 | 验收 |"))
