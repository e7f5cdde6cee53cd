# ruff: noqa: E501, F403, F405  (a case reads best on one line)
# fmt: off
"""What Word can do to a text: revisions, controls, boxes, hidden text, line breaks, odd tables."""

from making import bases_filing as f
from making import bases_plan as c
from making import bases_proposal as p
from making.case import at, make
from making.codes import *
from making.looks import *
from making.markup import body, drop, rename, sub
from making.word import Layout

make("word-deleted-section", "heading and text deleted with tracked changes", p.CANTEEN, STYLED, sub("# 技术路线", "!del\n# 技术路线"), sub("# 进度安排", "!end\n# 进度安排"), errors=[(M, "技术实现")])
make("word-deleted-body", "only the text deleted with tracked changes", p.OA, BOLD_CN, body("考核指标", "[[del:可用率99.9%，用户报障15分钟响应，全年重大故障不超过1次。]]"), errors=[(E, "考核指标")], places=[at(E, "考核指标", "考核指标")])
make("word-inserted-section", "heading and text inserted with tracked changes", p.CANTEEN, STYLED, sub("# 资金来源", "!ins\n# 资金来源"), sub("# 软硬件安全可靠情况", "!end\n# 软硬件安全可靠情况"))
make("word-inserted-amount", "an amount corrected with tracked changes: the deleted one is gone", p.OA, BOLD_CN, body("资金估算", "[[del:38.5万元]][[ins:18.5万元]]。"))
make("word-inserted-period", "a period corrected from 三年 to 五年", p.STAT, PLAIN_CN, body("合同期限", "自合同签订之日起[[del:三]][[ins:五]]年。"), errors=[(R, "服务周期")], facts={"服务周期.月数": 60})
make("word-deleted-row-text", "the label of a form row deleted", p.MARKET, FORM, rename("实施进度", "[[del:实施进度]]"), body("[[del:实施进度]]", "[[del:2024年7月启动采购，10月上线试运行，12月完成初验。]]"), errors=[(M, "实施计划")])
make("word-hidden-section", "a section set as hidden text", p.LAW, BOLD_BARE, sub("# 安全可靠情况", "!hid\n# 安全可靠情况"), sub("不在本地留存个人信息。", "不在本地留存个人信息。\n!end"), errors=[(M, "安全可靠情况")])
make("word-hidden-body", "the text is hidden, the heading is not", f.OLDSITE, BOLD_CN, body("单位协调对接", "[[hid:已函告17个街道和园区管委会。]]"), errors=[(E, "单位协调对接")])
make("word-control-block", "whole sections in content controls", p.CANTEEN, STYLED_CN, sub("# 建设任务", "!sdt\n# 建设任务"), sub("# 资金来源", "!end\n!sdt\n# 资金来源"), sub("> 成都市锦江区教育局", "!end\n> 成都市锦江区教育局"))
make("word-control-inline", "the answers are content controls that were filled in", f.CONTRACT_FORM, FORM, body("合同签订日期", "[[sdt:2025年4月25日]]"), body("合同副本", "[[sdt:已附合同扫描件22页，双方签章齐全]]"), body("项目名称", "[[sdt:锦江区数字乡愁文化展示系统]]"))
make("word-control-prompts", "two controls filled in, one still shows its prompt", f.HOTLINE, FORM, body("计划停运时间", "[[sdt:2025年8月31日]]"), body("数据资源处置方案", "[[sdt:知识条目8200条移交市12345热线，坐席录音到期销毁]]"), body("与相关单位协调对接情况", "[[prompt:点击输入对接单位和对接结果]]"), errors=[(E, "单位协调对接")])
make("word-box-section", "a section stands in a text box", p.STREET, BOLD_CN, sub("# 安全可靠情况", "!box\n# 安全可靠情况"), sub("脱敏展示。", "脱敏展示。\n!end"))
make("word-box-other", "a text box with something else; the section is missing", p.STREET, BOLD_CN, drop("实施计划"), sub("> 2024年3月", "[[box:联系人：社区党委书记 王芳⏎电话：028-84512345]]\n> 2024年3月"), errors=[(M, "实施计划")])
make("word-line-breaks", "label and text in one paragraph, parted by a line break", p.OA, Layout(form="runin", numbers=("一、",), colon="↵"))
make("word-line-breaks-all", "all sections in one paragraph with line breaks, as pasted from a web page", p.OA, PLAIN_CN, lambda s: "^ 锦江区政务协同办公系统2024年度运维项目需求方案\n建设单位：成都市锦江区人民政府办公室\n" + "↵".join(x for n, h in enumerate(s.split("# ")[1:], 1) for x in (f"{'一二三四五六七八'[n - 1]}、{h.splitlines()[0]}", *h.splitlines()[1:]) if x.strip()))
make("word-split-runs", "headings torn into runs of different weight", p.LAW, PLAIN_CN, rename("立项依据", "立**项依**据"), rename("经费保障", "**经**费保**障**"), rename("资金估算", "资金[[sdt:估算]]"))
make("word-heading-inserted-word", "a heading completed with tracked changes", c.AIR, BOLD_CN, rename("密码应用方案", "[[ins:国产]]密码应用[[del:的初步]]方案"))
make("word-underlined-form", "underlined blanks that were filled in", f.CONTRACT_LETTER, PLAIN_CN, body("合同签订时间", "合同签订时间为[[u:　2024　]]年[[u:　4　]]月[[u:　26　]]日。"))
make("word-nested-budget", "the budget is a table nested in the form", c.TRADE, FORM, body("项目预算", "156万元（壹佰伍拾陆万元整）\n| 序号 | 名称 | 金额(万元) |\n| 1 | 软件开发 | 96 |\n| 2 | 数据服务 | 45 |\n| 3 | 测评 | 15 |\n| 合计 | < | 156 |"), facts={"项目预算.分项合计": 1560000})
make("word-nested-budget-off", "the nested budget is 3 万元 over the total", c.TRADE, FORM_OVER, body("项目预算", "156万元（壹佰伍拾陆万元整）\n| 序号 | 名称 | 金额(万元) |\n| 1 | 软件开发 | 96 |\n| 2 | 数据服务 | 48 |\n| 3 | 测评 | 15 |\n| 合计 | < | 156 |"), facts={"项目预算.分项合计": 1590000}, errors=[(X, "项目预算")], routing=None, places=[at(X, "项目预算", "项目预算")])
make("word-vertical-groups", "form with a merged group column left of the labels", p.HR, FORM_SIDE)
make("word-vertical-groups-lost", "the same, one row lost", f.AGED, FORM_SIDE, drop("密码应用评估"), errors=[(M, "密码应用评估")])
make("word-label-over-value", "label row over value row", f.AGED, FORM_OVER)
make("word-form-no-rules", "a form whose table has no visible rules", f.HOTLINE, FORM_BARE)
make("word-form-remarks", "labels with remarks (包括…)", c.TRADE, FORM_NUMBERED, rename("设计方案", "设计方案（包括功能、数据、接口设计）"), rename("网络安全", "网络安全（含等级保护）"), rename("项目预算", "项目预算（附明细）"))
make("word-form-free-text", "a form cell that holds several labelled answers", f.HOTLINE, FORM, drop("数据资源处置方案"), drop("与相关单位协调对接情况"), body("停运原因", "并入12345热线知识库。\n数据资源处置：知识条目8200条移交市12345热线，坐席录音到期销毁。\n单位协调对接：已与市12345办、区城运中心签署移交备忘录。"))
make("word-lo-roundtrip", "written by LibreOffice", p.FLOOD, AUTO_CN, through="docx")
make("word-lo-roundtrip-form", "form written by LibreOffice", p.MARKET, FORM_FOUR, through="docx")
make("word-lo-roundtrip-fault", "written by LibreOffice, a section missing", c.DATABASE, CHAPTER, drop("信创国产化"), through="docx", errors=[(M, "信创国产化")])
