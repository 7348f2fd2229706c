"""function and topics of a passage."""
from __future__ import annotations

import pytest

from labels.document import Block, Document, Section
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


@pytest.mark.parametrize("text, function", [
    ("云泽区八届人大常委会第20次会议在区会议中心举行。会议听取和审议了区政府专项工作报告。", "procedure"),
    ("常委会组成人员28人出席会议，3人请假。", "attendance"),
    ("财经委提出以下建议：", "suggestion"),
    ("生态环境持续改善。完成河道整治12公里，建成公园3座，空气质量优良率达到92%，创历史最好水平。", "achievement"),
    ("第十条 区人大常委会应当对提请任命的人员进行任前法律知识考试，不得委托他人。", "duty"),
    ("主要预期目标是：地区生产总值增长5%左右，城镇调查失业率控制在5%以内，居民收入增长与经济增长同步。", "target"),
    ("（一）预算编制不够完整。部分单位结余资金未纳入预算，个别项目执行率偏低，资产账实不符。", "problem"),
])
def test_the_function_of_other_plain_cases(text: str, function: str) -> None:
    assert chosen(text, "function") == {function}


@pytest.mark.parametrize("heading, function", [
    ("一、2024年工作回顾", "achievement"), ("二、2025年工作安排", "plan")])
def test_a_heading_speaks_for_what_stands_under_it(heading: str, function: str) -> None:
    body = "全力推动乡村产业发展，坚持创新驱动，实施一批重点项目，社会事业全面进步。"
    text = f"{heading}\n{body}"
    start = len(heading) + 1
    document = Document(
        "test", text,
        sections=(Section(1, "", heading, 0, len(text), 0, len(heading)),),
        blocks=(Block("heading", 0, len(heading)), Block("paragraph", start, len(text))))
    found = suggest(document, load())
    assert not found.failures
    assert [vote.choice for vote in found.classes
            if vote.class_set == "function" and vote.start == start] == [function]


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


def test_three_topics_can_hold() -> None:
    text = "新建学校3所，新增学位2000个；新增养老床位400张，发放救助资金；社区医院开诊，家庭医生签约率提高。"
    assert chosen(text, "topics") == {"education", "health", "welfare"}


def test_a_side_remark_is_no_topic() -> None:
    text = ("轨道交通二期开工，打通断头路5条，新建公路桥梁12座，改造农村公路80公里，建成停车场6个，"
            "完成供水管网改造30公里，方便居民就医。")
    assert chosen(text, "topics") == {"construction"}


@pytest.mark.parametrize("text", ["全市政府系统", "区政府办公室主任"])
def test_words_that_hold_a_word_of_a_topic(text: str) -> None:
    assert "construction" not in chosen(text, "topics")


def test_a_passage_without_cue_words_has_no_topic() -> None:
    assert chosen("各位好，谢谢大家。", "topics") == set()


def test_a_title_is_other_whatever_it_names() -> None:
    assert chosen("加快推进新城建设", "function", kind="heading") == {"other"}
