# ruff: noqa: E501, F403, F405  (a case reads best on one line)
# fmt: off
"""Submissions of several files."""

import io
import zipfile

from making import bases_filing as f
from making import bases_plan as c
from making import bases_proposal as p
from making.case import Base, Case, add
from making.codes import *
from making.looks import *
from making.markup import Edit, body, drop, rename
from making.paper import pdf
from making.word import docx

_SUPERVISION = """
^ 锦江区智慧斑马线建设项目监理报告
监理单位：四川华兴监理有限公司
# 工程概况
本工程共涉及19处斑马线，合同工期150天。
# 质量控制
对隐蔽工程、到货设备和安装质量进行旁站与抽检，共签发监理通知3份，均已整改闭合。
# 监理结论
工程质量合格，资料完整，同意验收。
> 总监理工程师：刘建
"""
_TEST = """
^ 锦江区智慧斑马线建设项目软件测评报告
# 测评范围
后台管理、设备接入、告警推送、统计分析四个模块，共186条用例。
# 测评结果
功能、性能效率、可靠性、信息安全性均符合要求，遗留缺陷0个。
# 测评结论
通过。
"""
_USER = """
^ 用户报告
试运行期间系统稳定，设备在线率99.2%，平均过街等待时间下降22%，能够满足路口管理需要，同意验收。
> 成都市公安局交通管理局第一分局锦江大队（盖章）
"""
_ACCEPTANCE = """
^ 锦江区智慧斑马线建设项目验收报告
# 验收组织
验收组由5名专家组成，于2024年9月23日召开验收会。
# 验收意见
项目建设内容与合同一致，文档齐全。
# 验收结论
合格，同意通过验收。
"""
_MINUTES = """
^ 区政府专题会议纪要
^^ 第31期
2024年3月6日，分管区领导主持召开会议，审议狮子山街道川师社区独居老人智能看护项目需求方案。
会议认为，项目需求真实、方案可行、投资合理。会议同意该项目需求方案，由街道按程序报领导小组办公室预审。
"""
_CATERING = """
^ 关于机关食堂就餐安排的通知
各科室：下周起午餐供应时间调整为11:40至13:00，请相互转告。
> 办公室
"""
_GONE = {"监理报告": "监理工作报告", "测评报告": "第三方测评报告", "用户报告": "用户使用报告", "项目验收报告": "项目验收报告"}


def main(base: Base, *edits: Edit, look=PLAIN_CN) -> bytes:
    return docx(base.edited(*edits), look)


def without(*requirements: str) -> list[Edit]:
    plain = [rename("项目验收情况", "时间")] if "项目验收报告" in requirements else []
    return [*(drop(_GONE[r]) for r in requirements), *plain]


def together(slug: str, note: str, base: Base, files: dict[str, bytes], paths=("送审材料",), errors=(), folder: str = "送审材料", **more) -> None:
    named = {f"{folder}/{name}" if folder else name: data for name, data in files.items()}
    add(Case(slug, note, named, base.document_class, paths=paths or list(named), options=(*base.options, "--together"), errors=errors, facts=more.pop("facts", base.facts), routing=base.routing, **more))


_FOUR = without("监理报告", "测评报告", "用户报告", "项目验收报告")
_ALL_FOUR = {"监理报告.docx": docx(_SUPERVISION, PLAIN_CN), "软件测评报告.pdf": pdf(_TEST, R_DECIMAL), "用户报告.docx": docx(_USER), "验收报告.docx": docx(_ACCEPTANCE, BOLD_CN)}
together("together-attachments", "four requirements are met by attachments", f.CROSSING, {"01备案报告.docx": main(f.CROSSING, *_FOUR), **_ALL_FOUR})
together("together-attachments-named-badly", "the attachments' names say nothing, their titles and content do", f.CROSSING, {"1.docx": main(f.CROSSING, *_FOUR), "2.docx": docx(_SUPERVISION, PLAIN_CN), "3.pdf": pdf(_TEST, R_DECIMAL), "4.docx": docx(_USER), "5.docx": docx(_ACCEPTANCE, BOLD_CN)})
together("together-one-lost", "the supervisor's report was not packed", f.CROSSING, {"备案报告.docx": main(f.CROSSING, *_FOUR), **{k: v for k, v in _ALL_FOUR.items() if k != "监理报告.docx"}}, errors=[(M, "监理报告")])
together("together-two-lost", "two reports were not packed", f.CROSSING, {"备案报告.docx": main(f.CROSSING, *_FOUR), "监理报告.docx": _ALL_FOUR["监理报告.docx"], "用户报告.docx": _ALL_FOUR["用户报告.docx"]}, errors=[(M, "测评报告"), (M, "项目验收报告")])
together("together-name-only", "the file named 监理报告 holds a canteen notice", f.CROSSING, {"备案报告.docx": main(f.CROSSING, *without("监理报告")), "监理报告.docx": docx(_CATERING)}, errors=[(M, "监理报告")])
together("together-title-only", "the supervisor's report is a cover without a report", f.CROSSING, {"备案报告.docx": main(f.CROSSING, *without("监理报告")), "监理报告.docx": docx("^ 监理报告\n待补充")}, errors=[(E, "监理报告")], equivalents=[[(E, "监理报告"), (M, "监理报告")]])
together("together-see-attachment", "见附件, and the attachment is there", f.COURTYARD, {"备案函.docx": main(f.COURTYARD, body("监理报告", "见附件。")), "附件 监理报告.docx": docx(_SUPERVISION.replace("智慧斑马线建设项目", "老旧院落智慧安防（三期）项目"), PLAIN_CN)})
together("together-see-attachment-lost", "见附件, and another attachment is there", f.COURTYARD, {"备案函.docx": main(f.COURTYARD, body("监理报告", "见附件。")), "附件 测评报告.pdf": pdf(_TEST.replace("智慧斑马线建设项目", "老旧院落智慧安防（三期）项目"), R_DECIMAL)}, errors=[(E, "监理报告")])
together("together-paths", "files named one by one", f.CROSSING, {"备案报告.docx": main(f.CROSSING, *without("监理报告")), "监理报告.pdf": pdf(_SUPERVISION, R_PLAIN)}, paths=(), folder="")
together("together-subfolder", "the attachments in a sub-folder", f.CROSSING, {"备案报告.docx": main(f.CROSSING, *_FOUR), **{f"附件/{k}": v for k, v in _ALL_FOUR.items()}})
together("together-fault-in-main", "attachments complete, the main document lacks a section", f.CROSSING, {"备案报告.docx": main(f.CROSSING, *_FOUR, drop("资金使用情况")), **_ALL_FOUR}, errors=[(M, "资金使用情况")])
together("together-all-pdf", "everything as PDF", f.CROSSING, {"备案报告.pdf": pdf(f.CROSSING.edited(*_FOUR), R_DECIMAL), "监理报告.pdf": pdf(_SUPERVISION, R_PLAIN), "测评报告.pdf": pdf(_TEST, R_SAME), "用户报告.pdf": pdf(_USER, R_PLAIN), "验收报告.pdf": pdf(_ACCEPTANCE, R_DECIMAL)})
together("together-extra", "an attachment that is nothing in particular does no harm", f.CROSSING, {"备案报告.docx": main(f.CROSSING), "就餐安排.docx": docx(_CATERING)})

together("together-minutes", "a proposal with the minutes that approve it", p.STREET, {"需求方案.docx": main(p.STREET), "会议纪要.docx": docx(_MINUTES)}, absent=[(A, None)])
together("together-no-minutes", "a proposal with something else: the approval is a warning only", p.STREET, {"需求方案.docx": main(p.STREET), "通知.docx": docx(_CATERING)}, warnings=[(A, None)])
_OPINION = "^ {}\n^ 关于锦江区大气污染防治精细化管控平台建设方案的意见\n成都市锦江生态环境局：\n你局报来的建设方案收悉。经研究，我{}认为方案满足{}有关要求，无修改意见。\n> {}\n> 2024年9月3日"
_OPINIONS = {f"{who}意见.docx": docx(_OPINION.format(who, short, what, who)) for who, short, what in (("中共成都市锦江区委网络安全和信息化委员会办公室（区委网信办）", "办", "网络安全"), ("区委保密机要局", "局", "国产密码应用和信创国产化"), ("区公安分局", "局", "网络安全等级保护"))}
together("together-opinions", "a plan with the three opinions", c.AIR, {"建设方案.docx": main(c.AIR), **_OPINIONS}, absent=[(A, None)])
together("together-contract-copy", "the contract itself is the copy", f.CONTRACT_LETTER, {"备案函.docx": main(f.CONTRACT_LETTER, drop("合同副本")), "采购合同.pdf": pdf("^ 锦江区智慧社区综合服务平台采购合同\n合同编号：JJMZ-2024-011\n甲方：成都市锦江区民政局\n乙方：四川锦程信息技术股份有限公司\n# 合同标的\n智慧社区综合服务平台的设计、开发、部署和培训。\n# 合同价款\n人民币1,738,000.00元。\n# 履行期限\n210日历天。\n# 违约责任\n逾期交付的，每日支付合同价款万分之五的违约金。\n# 争议解决\n提交成都仲裁委员会仲裁。\n> 甲方（盖章）：成都市锦江区民政局\n> 乙方（盖章）：四川锦程信息技术股份有限公司\n> 签订日期：2024年4月26日", R_PLAIN)})


class _Gbk(zipfile.ZipInfo):
    """A member whose name is written in GBK without a flag, as Chinese Windows does."""

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:  # noqa: N802  (zipfile's own hook)
        return self.filename.encode("gbk"), self.flag_bits


def archive(files: dict[str, bytes], member: type[zipfile.ZipInfo]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        for name, data in files.items():
            z.writestr(member(name, (2024, 10, 8, 9, 0, 0)), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def zipped_case(slug: str, note: str, files: dict[str, bytes], member: type[zipfile.ZipInfo], errors=()) -> None:
    together(slug, note, f.CROSSING, {"验收备案材料.zip": archive(files, member)}, paths=("验收备案材料.zip",), errors=errors, folder="")


zipped_case("together-zip-gbk", "a zip with GBK names and a folder inside", {f"斑马线/{k}": v for k, v in {"备案报告.docx": main(f.CROSSING, *_FOUR), **_ALL_FOUR}.items()}, _Gbk)
zipped_case("together-zip-gbk-lost", "the same without the user report", {f"斑马线/{k}": v for k, v in {"备案报告.docx": main(f.CROSSING, *_FOUR), **_ALL_FOUR}.items() if k != "用户报告.docx"}, _Gbk, errors=[(M, "用户报告")])
zipped_case("together-zip-utf8", "a zip with flagged UTF-8 names", {"备案报告.docx": main(f.CROSSING, *_FOUR), **_ALL_FOUR}, zipfile.ZipInfo)
zipped_case("together-zip-junk", "a zip from a Mac with lock files", {"备案报告.docx": main(f.CROSSING), "__MACOSX/._备案报告.docx": b"\0\x05\x16\x07junk", "~$备案报告.docx": b"\x05lock", "Thumbs.db": b"\xd0\xcf\x11\xe0junk"}, zipfile.ZipInfo)
