"""What kind of submission a document is."""

from __future__ import annotations

from itertools import count

import pytest

from extractors.classify import classify
from extractors.document import Document, Paragraph
from extractors.outline import read_outline
from schemas import load_pack
from worker.pipeline import words_of

PACK = load_pack("jinjiang-2023")


def _decided(*lines: str) -> str | None:
    numbers = count(1)
    blocks = tuple(
        Paragraph(next(numbers), line, size=22.0 if n == 0 else 14.0) for n, line in enumerate(lines)
    )
    best = classify(read_outline(Document("a.docx", "x", None, blocks), words_of(PACK)), PACK)[0]
    return best.class_id if best.decided else None


@pytest.mark.parametrize(
    ("lines", "class_id"),
    [
        (("锦江区智慧停车项目建设方案", "本方案正在编写。"), "construction-plan"),
        (("锦江区智慧停车系统设计方案", "一、总体架构", "分三层建设。", "二、网络安全"), "construction-plan"),
        (("微型固态硬盘设计方案", "一、产品特性", "读写速度快。", "二、联系方式", "电话见封底。"), None),
    ],
    ids=["a class's own name is enough", "a lesser name with its sections", "a lesser name alone is not"],
)  # fmt: skip
def test_title_alone_decides_only_where_it_names_the_class(
    lines: tuple[str, ...], class_id: str | None
) -> None:
    assert _decided(*lines) == class_id


_CONTENT = {
    "proposal-construction": (
        "一、建设依据",
        "依据成智慧领〔2022〕5号文件。",
        "二、建设内容",
        "部署平台一套。",
    ),
    "proposal-maintenance": ("一、系统现状", "2019年建成。", "二、运维内容", "日常巡检、故障处理。"),
    "construction-plan": ("一、总体架构", "采用四层架构。", "二、网络安全", "按等保二级建设。"),
    "acceptance-filing": ("一、验收时间", "2024年5月10日", "二、资金使用情况", "已支付108万元。"),
    "contract-filing": ("一、合同签订时间", "2024年3月1日", "二、合同副本", "附后。"),
    "decommission-notice": ("一、停运时间", "2024年12月31日起停止运行。", "二、数据处置", "全部移交。"),
}
_TITLES = {
    "proposal-construction": """智慧社区项目立项申请书 智慧社区项目立项报告 关于智慧社区建设项目立项的请示
        智慧社区项目预审申报表 智慧社区项目入库申请 智慧社区建设项目采购需求 智慧社区建设需求说明书
        关于提请预审智慧社区建设项目的函 智慧社区项目策划书 关于申请将智慧社区项目纳入年度计划的请示""",
    "proposal-maintenance": """政务网运维服务采购需求 政务网运行维护项目立项申请书 政务网维保服务方案
        关于申请政务网运维经费的请示 政务网运维项目预审申报表（2024年） 政务网运维购买服务方案""",
    "construction-plan": """智慧社区项目初步设计说明书 智慧社区平台解决方案 智慧社区项目总体方案（送审稿）
        智慧社区平台方案设计""",
    "acceptance-filing": """关于智慧食堂项目验收情况的报告 关于报送智慧食堂项目验收材料的函 终验报备表
        关于智慧食堂项目通过验收的函 关于对智慧食堂项目验收进行备案的报告""",
    "contract-filing": """关于报送政务网改造项目合同的报告 关于政务网改造项目签订合同的报告
        政务网改造项目合同报送单 关于报备政务网改造项目采购合同的报告
        关于政务网改造项目补充协议备案的函""",
    "decommission-notice": """智慧食堂系统退役报备 智慧食堂系统停止运行计划 关于关闭智慧食堂系统的请示
        智慧食堂系统停运情况说明""",
}


@pytest.mark.parametrize(
    ("title", "class_id"),
    [(title, name) for name, titles in _TITLES.items() for title in titles.split()],
)
def test_a_title_in_other_words_names_the_class_of_its_content(title: str, class_id: str) -> None:
    assert _decided(title, *_CONTENT[class_id]) == class_id


_OTHER_PAPERS = """关于印发智慧社区建设工作方案的通知 智慧社区建设工作领导小组会议纪要 智慧食堂项目监理报告
    政务网等级测评报告 智慧社区项目招标文件 锦江区项目验收管理办法 智慧食堂系统用户手册 政务网运维月报
    智慧社区软件需求规格说明书 关于开展智慧社区建设项目申报工作的通知 智慧社区项目绩效评价报告
    应用层协议分析模块详细设计 关于申请追加政务网运维经费的请示"""


@pytest.mark.parametrize("title", _OTHER_PAPERS.split())
def test_a_paper_of_another_kind_is_of_no_class(title: str) -> None:
    assert _decided(title, "一、工作内容", "组织培训、开展检查。", "二、资金情况", "共支出12万元。") is None
