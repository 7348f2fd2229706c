"""Which documents are found inside a document: gazettes, listings, notices with annexes."""
import time

import pytest

from workbench.reading import read_bytes
from workbench.reading.contents import form_of, likeness
from workbench.reading.regions import regions

CONTENTS = """目 录

云泽区人大常委会关于接受沈砚秋辞去江岚市
第十一届人民代表大会代表职务请求的决定........3
云泽区人民法院半年工作报告....... 罗 清 5
云泽区人大常委会免职名单.......9
云泽区人大常委会任免名单.......10
云泽区人大常委会任免名单.......11
{}
"""
BODY = """云泽区人民代表大会常务委员会关于接受沈砚秋
辞去江岚市第十一届人民代表大会代表职务请求的决定

(2030年3月1日云泽区第六届人大常委会第9次会议通过)

决定接受辞职请求。

附：辞职报告

辞职报告

区人大常委会：

因工作变动，提出辞职。

沈砚秋

2030年2月20日

云泽区人民法院半年工作报告

——2030年3月1日在云泽区第六届人民代表大会常务委员会
第9次会议上

云泽区人民法院院长 罗 清

各位委员：

现将半年工作报告如下。

云泽区人民代表大会常务委员会任免名单

(2030年3月1日云泽区第六届人大常委会第9次会议通过)

任命孟晚亭为云泽区审计局局长。

云泽区人民代表大会常务委员会免职名单

(2030年3月1日云泽区第六届人大常委会第9次会议通过)

免去孟晚亭的云泽区财政局副局长职务。

云泽区人民代表大会常务委员会任免名单

(2030年3月1日云泽区第六届人大常委会第9次会议通过)

任命方圆为云泽区人民法院审判员。
"""


def read(text, name="公报.txt"):
    document = read_bytes(name, text.encode())[0]
    document.check()
    return document


@pytest.fixture(scope="module")
def gazette():
    return read(CONTENTS.format("") + "\n" + BODY)


def test_a_gazette_splits_at_the_titles_that_its_contents_list(gazette):
    assert [part.type for part in gazette.parts] == [
        "resolution", "court_report", "appointment_list", "appointment_list", "appointment_list"]
    assert not gazette.warnings
    assert gazette.text[gazette.parts[1].start:].startswith("云泽区人民法院半年")


def test_an_annex_belongs_to_the_document_above_it(gazette):
    first = gazette.parts[0]
    assert "提出辞职" in gazette.text[first.start:first.end]


def test_facts_of_a_part_say_where_they_stand(gazette):
    report = gazette.parts[1]
    assert (report.speaker, report.post, report.issuer, report.date) == (
        "罗清", "院长", "云泽区人民法院", "2030-03-01")
    assert report.meeting == "云泽区第六届人民代表大会常务委员会第9次会议"
    found = {name: gazette.text[slice(*span)] for name, span in report.spans.items()}
    assert found["speaker"] == "罗 清" and found["post"] == "院长"
    assert "".join(found["meeting"].split()) == report.meeting


def test_an_entry_without_a_document_is_told():
    document = read(CONTENTS.format("关于加强公益诉讼工作的决定.......12") + "\n" + BODY)
    told, = document.warnings
    assert told.code == "part_unmatched"
    assert document.text[told.start:told.end].startswith("关于加强公益诉讼")


def test_a_document_without_an_entry_is_told():
    document = read(CONTENTS.format("") + "\n" + BODY + "\n云泽区人大常委会公告\n\n"
                    "(2030年3月2日)\n\n现予公告。\n")
    assert len(document.parts) == 6 and document.parts[5].date == "2030-03-02"
    assert [document.text[w.start:w.end] for w in document.warnings] == ["云泽区人大常委会公告"]


def test_contents_of_sections_make_no_parts():
    document = read("2030年工作报告\n\n目录\n\n一、概况........1\n二、工作安排........2\n\n"
                    "一、概况\n\n全区运行平稳。\n\n二、工作安排\n\n全力推进项目。\n")
    assert len(document.parts) == 1


def test_the_same_body_does_not_make_titles_alike():
    entry, other = "云泽区人民代表大会常务委员会任免名单", "云泽区人大常委会公告"
    assert likeness(form_of(entry), form_of("云泽区人大常委会任免名单")) == 1.0
    assert likeness(form_of(entry), form_of(other)) < 0.4


def test_titles_that_differ_in_the_session_are_apart():
    assert likeness(form_of("第39次会议议题"), form_of("第40次会议议题")) < likeness(
        form_of("第39次会议议题"), form_of("第 39 次会议 议题"))


NOTICE = """关于印发《云泽区2030年计划》的通知

各街镇，各委办局：

现印发给你们，请认真执行。

云泽区发展和改革委员会

2030年3月1日

附件 1

云泽区2030年国民经济和社会发展计划

2030年2月

全年安排项目二十个。

附件 2

关于云泽区2029年计划执行情况的报告

——2030年1月8日在云泽区第九届人民代表大会
第一次会议上

各位代表：

请予审议。
"""


def test_the_annexes_of_a_notice_are_parts():
    document = read(NOTICE)
    assert [(part.type, part.date) for part in document.parts] == [
        ("notice", "2030-03-01"), ("plan_report", "2030-02"), ("plan_report", "2030-01-08")]
    assert document.text[document.parts[1].start:].startswith("附件 1")


def test_sections_and_regions_stay_inside_a_part():
    document = read(NOTICE)
    for view in (*document.sections, *regions(document)):
        assert any(part.start <= view.start and view.end <= part.end for part in document.parts)


LISTING = "网站首页\n\n" + "".join(
    f"  • 【云泽资讯】2030年{place}区政府工作报告\n\n    各位代表：现在报告工作，请予审议。全年平稳。\n\n    2030-02-0{n}\n\n"
    for n, place in enumerate(("云泽", "澄浦", "石埠"), 1)) + """共 28 页

联系热线

一、投稿规范

1)不得违反法律的;

二、违约责任

本站保留追究的权利。
"""


def test_a_page_of_articles_splits_and_leaves_the_site_out():
    document = read(LISTING)
    assert [(part.title, part.date) for part in document.parts] == [
        ("【云泽资讯】2030年云泽区政府工作报告", "2030-02-01"),
        ("【云泽资讯】2030年澄浦区政府工作报告", "2030-02-02"),
        ("【云泽资讯】2030年石埠区政府工作报告", "2030-02-03")]
    assert [part.issuer for part in document.parts] == ["云泽区政府", "澄浦区政府", "石埠区政府"]
    after = document.parts[-1].end
    assert {b.kind for b in document.blocks if b.start >= after or b.start < 5} == {
        "page_furniture"}
    assert not document.sections


def test_a_long_gazette_costs_in_proportion_to_its_length():
    def seconds(count):
        lines = [f"关于云泽区第{n}号事项办理情况的报告" for n in range(count)]
        text = "目录\n\n" + "".join(f"{line}......{n}\n" for n, line in enumerate(lines)) + "\n"
        text += "".join(f"{line}\n\n(2030年3月1日)\n\n全年工作平稳推进。\n\n" for line in lines)
        begun = time.process_time()
        read(text)
        return time.process_time() - begun
    small = min(seconds(500) for _ in range(2))
    assert seconds(2000) < 12 * small + 0.2
