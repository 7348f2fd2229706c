"""Records of who came to a meeting."""
from __future__ import annotations

from tests.labels.govdoc.told import told, values

TWO_DAYS = """云泽区第六届人大常委会第二十一次会议到会名单

(会期两天, 2024年8月28日)

一、应出席会议: 7人

二、全程出席: 5人

陈 雨	王岚	赵青山	李海	孙小溪

三、因事因病请假: 2人

周明 吴远

(会期两天, 2024年8月29日)

一、应出席会议: 7人

二、全程出席: 4人

陈 雨	王岚	赵青山	李海

三、因事因病请假: 3人

周明 吴远 孙小溪
"""


def test_each_day_is_a_record_with_its_own_names() -> None:
    assert values(TWO_DAYS, "attendance", "date", "expected", "present", "absent") == [
        ("2024-08-28", "7", ("陈雨", "王岚", "赵青山", "李海", "孙小溪"), ("周明", "吴远")),
        ("2024-08-29", "7", ("陈雨", "王岚", "赵青山", "李海"), ("周明", "吴远", "孙小溪"))]


def test_every_name_leads_back_to_its_words() -> None:
    record = told(TWO_DAYS, "attendance")[0]
    assert [TWO_DAYS[start:end] for start, end in record.spans["present"]][0] == "陈 雨"
    assert len(record.spans["present"]) == 5 and len(record.spans["absent"]) == 2


def test_a_sentence_that_counts_is_a_record_without_names() -> None:
    text = "云泽区第六届人民代表大会第三次会议今天开幕。会议应到代表289名，实到代表275名，符合法定人数。\n"
    assert values(text, "attendance", "expected", "present") == [("289", None)]
