# ruff: noqa: E501, F403, F405  (a case reads best on one line)
# fmt: off
"""Files that cannot be read, and documents that are no filing at all."""

from making import bases_filing as f
from making import bases_plan as c
from making import bases_proposal as p
from making.case import Case, add, make
from making.codes import *
from making.damaged import encrypted_docx, encrypted_pdf, garbled_pdf, scanned_pdf
from making.looks import *
from making.markup import drop
from making.paper import pdf
from making.word import Layout, docx, package, png, zipped


def unreadable(slug: str, note: str, name: str, data: bytes, *options: str, either: bool = False) -> None:
    same = [[(U, None), (N, None)]] if either else []
    add(Case(slug, note, {name: data}, None, options=options, conclusion="unreadable", errors=[(U, None)], equivalents=same))


_WORD = docx(p.FLOOD.text, AUTO_CN)
_PDF = pdf(p.STREET.text, R_DECIMAL)
unreadable("unreadable-encrypted-docx", "a docx with a password to open", "需求方案.docx", encrypted_docx())
unreadable("unreadable-encrypted-pdf", "a PDF with a password to open", "建设方案.pdf", encrypted_pdf())
unreadable("unreadable-truncated-docx", "the upload broke off half-way", "内涝监测项目需求方案.docx", _WORD[: len(_WORD) // 2])
unreadable("unreadable-truncated-pdf", "a PDF of which only the first 600 bytes came", "需求方案.pdf", _PDF[:600])
unreadable("unreadable-zero-docx", "a file of no bytes", "验收备案.docx", b"")
unreadable("unreadable-zero-pdf", "a file of no bytes", "合同.pdf", b"")
unreadable("unreadable-png-docx", "a picture named .docx", "领导签批.docx", png(200, 200))
unreadable("unreadable-html-docx", "an error page saved as .docx", "下载.docx", b"<!DOCTYPE html><html><head><title>404 Not Found</title></head><body><h1>404 Not Found</h1></body></html>", either=True)
unreadable("unreadable-scan-pdf", "pages that are pictures without a character", "扫描件.pdf", scanned_pdf())
unreadable("unreadable-scan-pdf-class", "the same with a class given: still nothing to judge", "扫描件.pdf", scanned_pdf(1), "--class", "contract-filing")
unreadable("unreadable-garbled-pdf", "a text layer of wrong characters", "监理报告.pdf", garbled_pdf(), "--class", "acceptance-filing")
unreadable("unreadable-blank-docx", "a document without a word", "空白文件.docx", package("<w:p/><w:p/>", Layout()))
unreadable("unreadable-picture-docx", "scans pasted into a Word file", "会议纪要扫描.docx", docx("!pic\n!pic"))
unreadable("unreadable-zip-docx", "a zip of something else named .docx", "材料.docx", zipped({"readme.txt": "项目需求方案".encode(), "a/b.txt": b"x"}), either=True)
unreadable("unreadable-bad-xml", "the document part is not well formed", "方案.docx", zipped({"[Content_Types].xml": b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>', "_rels/.rels": b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>', "word/document.xml": b"<w:document><w:body><w:p>"}))
unreadable("unreadable-header-only", "words in the header alone, no body", "方案.docx", package("<w:p/>", Layout(header="锦江区智慧社区项目需求方案 建设依据 建设目标")))
unreadable("unreadable-noise", "noise named .pdf", "方案.pdf", bytes((n * n * 31 + n * 7) % 251 for n in range(5000)))

# -- no filing at all ------------------------------------------------------------------------------------------------
_OTHERS = {
    "notice": ("a notice of a training", PLAIN_CN, """
^ 关于举办2024年度政务信息化项目管理培训班的通知
各区级部门、各街道办事处：
为提升项目管理能力，决定举办培训班。现将有关事项通知如下。
# 培训时间
2024年9月12日全天。
# 培训地点
区行政中心A区三楼会议室。
# 培训内容
讲解项目申报、建设方案编制、验收备案和绩效评价的有关要求。
# 参加人员
各单位分管领导和信息化工作人员各1名。
> 锦江区智慧锦江领导小组办公室
> 2024年9月2日
"""),
    "minutes": ("minutes of a meeting", PLAIN_PAREN, """
^ 区政府专题会议纪要
^^ 第27期
2024年8月19日上午，区政府副区长主持召开专题会议，研究城市运行感知体系有关工作。会议听取了区城运中心工作汇报，与会部门作了发言。
# 关于点位共享
会议议定，由综合执法局、公安分局共同梳理点位清单，9月底前完成。
# 关于责任分工
会议要求，各单位明确一名联络员，每周五报送进展。
参会人员：略
"""),
    "summary": ("a yearly work report", STYLED_CN, """
^ 成都市锦江区司法局2023年度工作总结
# 主要工作
全年办理法律援助案件612件，调解纠纷3920件，公共法律服务覆盖全部社区。
# 存在的问题
基层力量不足，信息化手段应用不够。
# 下一步打算
持续推进法治锦江建设，深化公共法律服务体系改革。
"""),
    "tender": ("a tender notice", BOLD_CN, """
^ 锦江区智慧教育示范区建设项目公开招标公告
# 采购项目基本情况
采购编号：510104202400123，预算金额1560万元，最高限价1560万元。
# 供应商资格要求
具有独立承担民事责任的能力，具有良好的商业信誉和健全的财务会计制度，本项目不接受联合体投标。
# 获取招标文件
时间：2024年10月8日至2024年10月14日，登录四川政府采购网获取。
# 投标截止和开标时间
2024年10月29日9时30分。
# 联系方式
采购代理机构：四川正信招标代理有限公司，电话028-61234567。
"""),
    "thesis": ("a scholarly paper on the subject", R_DECIMAL, """
^ 城市运行“一网统管”中数据共享的激励机制研究
摘要：本文以西部某中心城区为例，构建多主体博弈模型，分析部门间数据共享的动力与阻力。
关键词：数据共享；演化博弈；城市治理
# 引言
随着数字政府的发展，数据壁垒问题受到学界持续关注。
# 文献综述
国外研究集中于开放政府数据的价值测度，国内研究侧重体制机制。
# 模型构建
假设参与方均为有限理性，支付矩阵如下所述。
# 结论
适度的考核激励能够促进演化稳定策略的形成。
# 参考文献
[1] 王某. 政务数据共享研究[J]. 电子政务, 2022(3): 12-20.
"""),
    "story": ("a press release about an acceptance", PLAIN_CN, """
^ 锦江：斑马线会“说话”，过街更安心
近日，记者在红星路口看到，行人踏上斑马线，地灯随即亮起。据了解，这一系统日前顺利通过验收，已在全区19处路口投入使用。
市民张女士说，接送孩子放心多了。下一步，锦江交警将继续优化配时，让智慧交通惠及更多群众。
"""),
}
for _name, (_note, _look, _text) in _OTHERS.items():
    _data, _suffix = (docx(_text, _look), "docx") if isinstance(_look, Layout) else (pdf(_text, _look), "pdf")
    add(Case(f"other-{_name}", f"{_note}: no filing", {f"材料.{_suffix}": _data}, None, conclusion="unreadable", errors=[(N, None)]))
add(Case("other-notice-misnamed", "a notice in a file that is named like a proposal", {"锦江区智慧停车项目需求方案.docx": docx(_OTHERS["notice"][2], PLAIN_CN)}, None, conclusion="unreadable", errors=[(N, None)]))

# -- the class -------------------------------------------------------------------------------------------------------------
_ALL = {"acceptance-filing": ("项目验收报告", "验收时间", "用户报告", "监理报告", "测评报告", "资金使用情况", "免费运维时间", "数据资源的管理权属和使用范围", "信息资源共享开放", "信息安全建设", "信息系统网络安全等级保护定级", "密码应用评估"), "decommission-notice": ("停运时间", "数据资源处置", "单位协调对接"), "contract-filing": ("合同副本", "合同签订时间")}


def mismatch(slug: str, note: str, base, look, given: str) -> None:
    make(slug, note, base, look, options=("--class", given), document_class=given, errors=[(M, r) for r in _ALL[given]], warnings=[(MIS, None)], facts={k: None for k in base.facts if "." in k or k in ("备案工作日", "提前月数")}, routing=None)


mismatch("class-given-wrong-1", "a proposal judged as a decommission notice, as asked", p.CANTEEN, PLAIN_CN, "decommission-notice")
mismatch("class-given-wrong-2", "a decommission notice judged as an acceptance filing, as asked", f.OLDSITE, BOLD_CN, "acceptance-filing")
mismatch("class-given-wrong-3", "a construction plan judged as a contract filing, as asked", c.AIR, R_DECIMAL, "contract-filing")
for _n, (_base, _look) in enumerate(((p.CANTEEN, PLAIN_CN), (p.HR, FORM), (c.TRADE, FORM_OVER), (f.AGED, BOLD_CN), (f.CONTRACT_FULL, R_SAME), (f.RIVER, RUNIN)), 1):
    make(f"class-given-right-{_n}", "the class was given and fits", _base, _look, options=(*_base.options, "--class", _base.document_class), absent=[(MIS, None)])


def untitled(text: str) -> str:
    """Without title lines: only the content can tell the class."""
    return "\n".join(line for line in text.splitlines() if not line.startswith("^"))


for _n, (_base, _look) in enumerate(((p.CANTEEN, PLAIN_CN), (p.OA, BOLD_CN), (c.AIR, AUTO_CN), (f.CROSSING, STYLED), (f.CONTRACT_LETTER, PLAIN_CN), (f.HOTLINE, FORM), (p.VIDEO, R_PLAIN)), 1):
    make(f"class-by-content-{_n}", "no title: the class is known by the sections alone", _base, _look, untitled, name="材料", facts={"项目名称": None} if _n != 6 else {})
make("class-by-content-lost", "no title and a section missing", p.CANTEEN, PLAIN_CN, untitled, drop("技术路线"), name="扫描20240318", facts={"项目名称": None}, errors=[(M, "技术实现")])
make("class-misnamed-file", "the file's name says notice, its content is a proposal", p.VIDEO, AUTO_CN, name="关于召开例会的通知")
make("class-request-letter", "a request for approval that is a proposal", p.CANTEEN, PLAIN_CN, lambda s: s.replace("^^ 需求方案", "^^ 立项请示").replace("建设单位：", "区智慧锦江领导小组办公室：\n我局拟实施下列项目，请予预审。\n建设单位："), name="请示")
