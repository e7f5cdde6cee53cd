"""Reports written by hand: what the forms under ``reports/`` are tested and looked at with."""

from __future__ import annotations

from dataclasses import replace

from validators.report import (
    Check,
    Conclusion,
    DocumentInfo,
    Finding,
    Location,
    Outcome,
    Report,
    Routing,
    Severity,
)

REGULATION = "成都市锦江区智慧锦江建设项目管理暂行办法（征求意见稿）"
PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def document(name: str, pages: int | None = None, media_type: str | None = DOCX) -> DocumentInfo:
    return DocumentInfo(name, "3f5a" * 16, 1_287_412, media_type, pages)


def check(requirement: str, outcome: str, *locations: Location, clause: str = "第六条") -> Check:
    return Check(requirement, clause, Outcome(outcome), locations)


def report(**changes: object) -> Report:
    plain = Report(
        engine="0.1.0",
        pack="jinjiang-2023",
        pack_version="1.0.0",
        as_of="2026-03-16",
        document_class="proposal-maintenance",
        class_confidence=0.97,
        conclusion=Conclusion.PASS,
        documents=(document("锦江区河湖智能监测系统运维项目需求方案.docx"),),
        checks=(),
        findings=(),
        record={},
        routing=(),
    )
    return replace(plain, **changes)


def deficient() -> Report:
    name = "锦江区河湖智能监测系统运维项目需求方案.pdf"

    def at(page: int, paragraph: int, heading: str, text: str | None = None) -> Location:
        return Location(name, page, paragraph, heading, (90.0, 120.5, 505.2, 136.0), text)

    content = at(3, 22, "三、运维内容")
    period = at(4, 31, "四、服务周期", "自合同签订之日起2年；期满经评价合格的，可再续签2年。")
    money = at(5, 34, "五、资金估算", "项目资金估算共计285,000元（大写：贰拾捌万元整），均为首期费用。")
    items = at(5, 40, "五、资金估算", "合计 293,000")
    sources = at(6, 44, "六、经费保障", "待补充")
    return report(
        conclusion=Conclusion.DEFICIENT,
        documents=(document(name, 8, PDF),),
        checks=(
            check("立项依据", "met", at(1, 6, "一、立项依据")),
            check("系统概况", "met", at(2, 12, "二、现有系统情况")),
            check("运维内容", "met", content),
            check("考核指标", "deficient", content),
            check("服务周期", "deficient", period),
            check("资金估算", "deficient", money),
            check("经费保障", "deficient", sources),
            check("安全可靠情况", "not-checked", clause="第十九条"),
        ),
        findings=(
            Finding(
                "f-3b91c2",
                "section-missing",
                "考核指标",
                Severity.ERROR,
                "第六条",
                "缺少“考核指标”：全文没有找到这一部分，也没有含义相同的标题、表格栏目或附件。",
                "请在“三、运维内容”之后增加“考核指标”一节并写明内容。应写明可用率、响应和修复时限、满意度等量化指标及考核方式。",
                locations=(content,),
            ),
            Finding(
                "f-77a0de",
                "value-out-of-range",
                "服务周期",
                Severity.ERROR,
                "第六条",
                "“四、服务周期”写明的服务周期为48个月（含续签），超过最长3年（36个月）的规定。",
                "请把服务周期（含续签）改为不超过36个月。",
                expected=36,
                found=48,
                locations=(period,),
            ),
            Finding(
                "f-90ff12",
                "value-inconsistent",
                "资金估算",
                Severity.ERROR,
                "第六条",
                "“五、资金估算”的大写金额为28万元，与小写金额28.5万元不符。",
                "请核对大写和小写金额，改为一致。",
                expected=285000,
                found=280000,
                locations=(money,),
            ),
            Finding(
                "f-5d4410",
                "value-inconsistent",
                "资金估算",
                Severity.ERROR,
                "第六条",
                "“五、资金估算”所列各分项之和为29.3万元，与总额28.5万元不符，相差0.8万元。",
                "请逐项核对明细表和总额，改为一致；小数四舍五入造成的末位差不必改。",
                expected=285000,
                found=293000,
                locations=(items, money),
            ),
            Finding(
                "f-e0c8a7",
                "section-empty",
                "经费保障",
                Severity.ERROR,
                "第六条",
                "“六、经费保障”没有实质内容，只有占位语“待补充”。",
                "请在“六、经费保障”下写明“经费保障”的实际内容，删去占位语和模板说明。"
                "应写明资金渠道（区级财政、上级补助、单位自筹等）和各渠道金额。",
                locations=(sources,),
            ),
            Finding(
                "f-118b3c",
                "attachment-missing",
                "分管区领导审核同意",
                Severity.WARNING,
                "第六条",
                "送审件中没有“分管区领导审核同意”材料。",
                "请随送审件一并提交；已另行报送的，可忽略本条。需求方案经分管区领导审核同意（会议纪要或领导签批）后提交预审。",
            ),
        ),
        record={
            "项目名称": "锦江区河湖智能监测系统运维项目",
            "建设单位": "成都市锦江区农业和水务局",
            "服务周期": {"标题": "四、服务周期", "有内容": True, "月数": 48},
            "资金估算": {
                "标题": "五、资金估算",
                "有内容": True,
                "金额": 285000,
                "分项合计": 293000,
                "大写金额": 280000,
                "分项差额": 8000,
            },
        },
        routing=(
            Routing(
                "第六条",
                "direct-entry",
                "经费估算28.5万元，在30万元（不含）以下，通过预审后直接进入项目库入库程序。",
            ),
        ),
    )


def passing() -> Report:
    def at(paragraph: int, heading: str) -> Location:
        return Location("智慧停车平台建设方案.docx", None, paragraph, heading)

    attached = Location("等保定级意见.pdf", 1)
    return report(
        document_class="construction-plan",
        documents=(document("智慧停车平台建设方案.docx"), document("等保定级意见.pdf", 3, PDF)),
        checks=(
            check("建设原则", "met", at(14, "1.3 建设原则"), clause="第八条"),
            check("总体架构", "met", at(40, "3.1 总体架构"), clause="第八条"),
            check("平台兼容", "met", at(66, "3.4 与智慧蓉城锦江运行管理平台的对接"), clause="第八条"),
            check("项目预算", "met", at(120, "7 项目投资预算"), at(131, "7.2 预算明细"), clause="第八条"),
            check("网络安全", "met", attached, clause="第十八条"),
        ),
        findings=(
            Finding(
                "f-2c",
                "low-confidence",
                "平台兼容",
                Severity.WARNING,
                "第八条",
                "“3.4 与智慧蓉城锦江运行管理平台的对接”与要求的“平台兼容”名称不完全相同，"
                "已按“平台兼容”核查，请人工确认。",
                "建议把标题改为“平台兼容”。",
                locations=(at(66, "3.4 与智慧蓉城锦江运行管理平台的对接"),),
            ),
        ),
        record={
            "项目名称": "锦江区智慧停车平台建设项目",
            "建设单位": "成都市锦江区综合行政执法局",
            "项目预算": {"金额": 12856000.5},
        },
        routing=(
            Routing(
                "第十条",
                "district-government",
                "总投资12,856,000.5元，在400万元（含）至3000万元（不含）之间，报区政府常务会议审定后按政府采购程序实施。",
            ),
        ),
    )


def spotless() -> Report:
    return report(record={"项目名称": "锦江区政务网运维项目"}, checks=(check("立项依据", "met"),))


def unreadable() -> Report:
    name = "扫描件0001.pdf"
    return report(
        document_class=None,
        class_confidence=None,
        conclusion=Conclusion.UNREADABLE,
        documents=(document(name, 12, PDF),),
        findings=(
            Finding(
                "f-0a",
                "document-unreadable",
                None,
                Severity.ERROR,
                None,
                f"《{name}》无法审查：文件只有图片（扫描件、照片，或者文字已转成图形），没有可以读取的文字。",
                "请提交由 Word 或 WPS 直接导出的 PDF 或 .docx 原文件，扫描件请人工审查。",
                locations=(Location(name),),
            ),
        ),
    )


def hostile() -> Report:
    evil = "<script>alert(1)</script>\u202efdp.exe\x1b[31m\ud800\x00\uffff\u2028]]>&amp;{{7*7}}"
    name = evil + "长" * 4000 + ".docx"
    place = Location(name, 1, 1, evil, None, f'"><img src=x onerror=alert(1)>{evil}')
    return report(
        conclusion=Conclusion.DEFICIENT,
        documents=(document(name, 1, "text/html; <b>"),),
        checks=(check(evil, "deficient", place), check("立项依据", "met", place)),
        findings=(
            Finding(
                f'x" onclick="alert(1) {evil}',
                evil,
                evil,
                Severity.ERROR,
                evil,
                f"《{name}》" + evil,
                "a" * 4000,
                locations=(place,) * 9,
            ),
        ),
        record={"项目名称": evil, "建设单位": name, "资金估算": evil, "服务周期": {"月数": [evil]}},
        routing=(Routing(evil, evil, evil),),
    )


def batch() -> list[Report]:
    return [deficient(), passing(), unreadable(), spotless(), deficient()]
