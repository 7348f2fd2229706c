"""function and topics of a passage."""
from __future__ import annotations

import pytest

from labels.document import Block, Document
from labels.govdoc import load
from labels.rules import suggest


def chosen(text: str, class_set: str, kind: str = "paragraph") -> set[str]:
    document = Document("test", text, blocks=(Block(kind, 0, len(text)),))
    found = suggest(document, load(), whole=True)
    assert not found.failures
    return {vote.choice for vote in found.classes if vote.class_set == class_set}


@pytest.mark.parametrize("text, function", [
    ("任命陈雨为云泽区人民法院审判员；", "decision"),
    ("（2020年12月30日云泽区第八届人民代表大会常务委员会第40次会议通过）", "procedure"),
    ("区人大专工委：陈雨、李云川、王岚、赵青山、周敏、吴越", "attendance"),
    ("全区一般公共预算收入157.5亿元，同比增长3%，为预算的100%；支出258.5亿元，下降2.1%，收支平衡。", "figures"),
    ("二、部分项目管理不够规范。个别单位未按规定公开招标，资金使用存在薄弱环节。", "problem"),
    ("下一步，我们将继续深化改革。要加快推进新城建设，要进一步完善养老服务体系，力争明年实现全覆盖。", "plan"),
    ("根据区八届人大常委会审议意见，区政府认真研究，现将有关情况报告如下：", "background"),
    ("关于云泽区2020年预算执行情况的报告", "other"),
    ("3. 一件事：指企业群众办理的、由多个部门事项组成的集成服务。", "definition"),
    ("（三）负责机关财务、档案、信访工作；负责机关后勤保障工作；承担区委交办的其他事项。", "duty"),
])
def test_the_function_of_a_plain_case(text: str, function: str) -> None:
    assert chosen(text, "function") == {function}


def test_every_passage_has_one_function() -> None:
    assert len(chosen("云泽", "function")) == 1


@pytest.mark.parametrize("text, topic", [
    ("全区一般公共预算收入完成预算的98%，非税收入增长。", "finance"),
    ("新增幼儿园3所，义务教育优质均衡发展。", "education"),
    ("任命陈雨为区财政局局长。", "personnel"),
    ("轨道交通二期开工，打通断头路5条。", "construction"),
    ("粮食播种面积稳定，高标准农田建设提速，乡村振兴成效明显。", "rural"),
])
def test_the_main_topic_is_chosen(text: str, topic: str) -> None:
    assert topic in chosen(text, "topics")


def test_a_passage_without_cue_words_has_no_topic() -> None:
    assert chosen("各位好，谢谢大家。", "topics") == set()


def test_a_title_is_other_whatever_it_names() -> None:
    assert chosen("加快推进新城建设", "function", kind="heading") == {"other"}
