"""Files of a submission that are a main document themselves, and such as naturally come along."""

from __future__ import annotations

import pytest
from docx_files import p, word_file

from worker.pipeline import Source, check

STOP, OTHER = "锦江区智慧停车诱导系统建设项目", "锦江区社区矫正智能管理系统建设项目"


def paper(*lines: str) -> bytes:
    return word_file("".join(map(p, lines)))


def acceptance(project: str, title: str = "验收备案的函") -> bytes:
    return paper(
        f"关于{project}{title}",
        *("一、验收时间", "2024年3月15日", "二、资金使用情况", "合同价118万元，已支付90%。"),
        *("三、免费运维时间", "两年", "四、信息安全建设", "部署主机防护和日志审计。"),
    )


def letter(project: str) -> bytes:
    return paper(f"关于{project}验收备案的函", "项目已通过验收，现将材料报送你办备案，详见附件。")


def plan(project: str) -> bytes:
    return paper(
        f"{project}建设方案",
        *("一、建设原则", "统筹集约，利旧优先。", "二、总体架构", "四层架构，部署在政务云。"),
        *("三、平台兼容", "与城运平台统一认证。", "四、网络安全", "按等保二级建设。"),
    )


def proposal(project: str) -> bytes:
    return paper(
        f"{project}需求方案",
        *("一、建设依据", "区政府第12次常务会议纪要。", "二、建设目标", "车位信息联网。"),
        *("三、资金估算", "131.5万元。", "四、经费保障", "区级财政资金。"),
    )


def contract(project: str) -> bytes:
    return paper(f"{project}采购合同", "甲方：某局", "乙方：某公司", "一、合同标的", "软件开发。")


def contract_letter(project: str) -> bytes:
    return paper(f"关于{project}合同备案的函", "一、合同签订时间", "2024年1月8日")


def not_judged(*files: bytes, given: str | None = None) -> list[str]:
    """What is said of files that were not judged; the files are called 1.docx, 2.docx, ..."""
    sources = [Source(f"{number}.docx", data) for number, data in enumerate(files, start=1)]
    report = check(sources, document_class=given)
    found = [f for f in report.findings if "没有审查：" in f.message]
    assert all((f.code, f.severity, f.requirement) == ("low-confidence", "warning", None) for f in found)
    assert all("单独送审" in f.advice for f in found)
    return [f.message for f in found]


@pytest.mark.parametrize(
    ("files", "given"),
    [
        ((acceptance(STOP), acceptance(OTHER)), None),
        ((letter(STOP), letter(OTHER)), None),
        ((proposal(STOP), proposal(OTHER)), None),
        ((plan(STOP), plan(OTHER)), None),
        ((contract_letter(STOP), contract_letter(OTHER)), None),
        ((proposal(STOP), plan(STOP)), "proposal-construction"),
        ((plan(STOP), acceptance(STOP)), "construction-plan"),
        ((contract_letter(STOP), acceptance(STOP), contract(STOP)), "contract-filing"),
    ],
    ids=["acceptances", "letters", "proposals", "plans", "contracts", "plan", "later", "acceptance beside"],
)
def test_a_main_document_that_was_not_judged_is_told(files: tuple[bytes, ...], given: str | None) -> None:
    (said,) = not_judged(*files, given=given)
    assert "《2.docx》看上去是另一件" in said
    assert "只审查《1.docx》" in said


@pytest.mark.parametrize(
    ("files", "given"),
    [
        ((acceptance(STOP),), None),
        ((acceptance(STOP), acceptance(STOP)), None),
        ((acceptance(STOP), acceptance("智慧停车诱导系统", "验收备案表")), None),
        ((acceptance(STOP), plan(STOP), contract(STOP), proposal(STOP)), "acceptance-filing"),
        ((acceptance(STOP), contract_letter(STOP)), "acceptance-filing"),
        ((contract_letter(STOP), contract(STOP), contract(OTHER)), None),
        ((contract_letter(STOP), contract(STOP), plan(STOP)), "contract-filing"),
        ((plan(STOP), proposal(STOP)), "construction-plan"),
        ((paper("关于报送信息化项目建设方案的请示", "现报送建设方案，请审查。"), plan(STOP)), None),
        ((proposal(STOP), paper("会议纪要", f"会议同意{OTHER}需求方案。")), None),
    ],
    ids=[
        *("alone", "a draft", "a form beside", "earlier stages", "the contract's filing", "two contracts"),
        *("a plan with a contract", "the proposal of a plan", "a letter", "minutes"),
    ],
)
def test_what_naturally_comes_along_is_not_told(files: tuple[bytes, ...], given: str | None) -> None:
    assert not_judged(*files, given=given) == []


def test_the_letter_that_files_an_acceptance_is_the_main_document_though_the_plan_beside_says_more() -> None:
    report = paper("监理报告", "质量合格，同意验收。")
    result = paper("项目验收报告", "验收组一致同意通过验收。")
    files = (plan(STOP), letter(STOP), report, result)
    sources = [Source(f"{number}.docx", data) for number, data in enumerate(files, start=1)]
    assert check(sources).document_class == "acceptance-filing"
    assert check(sources[:2]).document_class == "construction-plan"
