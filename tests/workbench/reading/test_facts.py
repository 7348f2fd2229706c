"""The facts that the five real documents must yield; the documents live outside of the repository.

Titles and captions are addressed by a few words of them.
"""
import re
from decimal import Decimal

import pytest

from workbench.reading import read_file
from workbench.reading.regions import regions

pytestmark = pytest.mark.reference


@pytest.fixture(scope="module")
def gazette(reference):
    return _read(reference, "baoshan-congress-gazette")


@pytest.fixture(scope="module")
def qingpu(reference):
    return _read(reference, "qingpu-congress-gazette")


@pytest.fixture(scope="module")
def plan(reference):
    return _read(reference, "baoshan-plan-report")


@pytest.fixture(scope="module")
def accounts(reference):
    return _read(reference, "baoshan-final-accounts")


@pytest.fixture(scope="module")
def page(reference):
    return _read(reference, "district-work-reports-web")


def _read(reference, name):
    document = read_file(reference / "seeds" / f"{name}.txt")[0]
    document.check()
    return document


def _codes(document):
    return [warning.code for warning in document.warnings]


def _entries(document):
    """The lines of the contents list, the word 目录 and the number of the issue left out."""
    lines = [document.text[b.start:b.end] for b in document.blocks if b.kind == "toc_entry"]
    return [line for line in lines if len("".join(line.split())) > 3]


def _table(document, words):
    return next(table for table in document.tables if words in table.caption)


# The gazette of the 39th and 40th session.

def test_each_entry_of_the_first_gazette_is_a_part(gazette):
    assert len(gazette.parts) == len(_entries(gazette)) == 20
    assert "part_unmatched" not in _codes(gazette)
    assert [part.type for part in gazette.parts] == [
        "agenda", "resolution", "resolution", "attendance", "attendance", "agenda", "other",
        "budget_report", "rectification_report", "resolution", "other", "resolution",
        "rectification_report", "rectification_report", "rectification_report",
        "appointment_list", "appointment_list", "appointment_list", "attendance", "attendance"]
    titles = ["".join(part.title.split()) for part in gazette.parts]
    for at, words in enumerate((
            "39次会议议题", "关于接受伏中哲", "市第十五届人大代表的议案", "39次会议组成人员", "39次会议列席",
            "40次会议议题", "智慧公安", "初步审查意见", "整改情况的报告", "公告", "代表变动情况的报告",
            "关于接受郑静德", "促进就业工作", "国有资产", "本区科技工作", "任免名单", "免职名单", "任免名单",
            "40次会议组成人员", "40次会议列席")):
        assert words in titles[at]


def test_the_parts_of_the_first_gazette_leave_out_only_its_contents(gazette):
    ends = [part.end for part in gazette.parts]
    starts = [part.start for part in gazette.parts]
    assert all(not gazette.text[end:start].strip() for end, start in zip(ends, starts[1:]))
    assert gazette.text[:starts[0]].strip()[-2:] == "情况"
    assert not gazette.text[ends[-1]:].strip()


def test_the_parts_of_the_first_gazette_know_session_and_day(gazette):
    sessions = [part.meeting for part in gazette.parts if part.meeting
                and part.meeting.startswith("宝山区第八届")]
    assert {re.sub(r"^.*委员会", "", one) for one in sessions} == {"第39次会议", "第40次会议"}
    days = [part.date for part in gazette.parts]
    assert days[:6] == ["2020-12-24", "2020-12-24", "2020-12-23", "2020-12-24", "2020-12-24",
                        "2020-12-30"]
    assert {day for day in days[6:] if day} == {"2020-12-30"}


def test_speakers_of_the_first_gazette_have_post_and_body(gazette):
    assert [(p.speaker, p.post, p.issuer) for p in gazette.parts if p.speaker] == [
        ("黄辉", "副区长", "宝山区人民政府"),
        ("黄雁芳", "副主任委员", "宝山区人大财政经济委员会"),
        ("张晓宁", "局长", "宝山区审计局"),
        ("牛长海", "副主任委员", gazette.parts[10].issuer)]
    assert gazette.parts[10].issuer.endswith("代表资格审查委员会")
    speaker = gazette.parts[6].spans["speaker"]
    assert gazette.text[slice(*speaker)] == "黄 辉"


def test_issuing_numbers_of_the_first_gazette(gazette):
    assert [part.number for part in gazette.parts if part.number] == [
        "宝会主任会议〔2020〕9号", "宝府〔2020〕185号", "宝府〔2020〕190号", "宝府〔2020〕191号"]


def test_both_sessions_expect_32_have_30_and_miss_2(gazette):
    halls = [part for part in gazette.parts if "出席" in part.title]
    for part, absent in zip(halls, (["沈学忠", "陆伟群"], ["陆进生", "曹文洁"])):
        assert "32人" in "".join(gazette.text[part.start:part.end].split())
        lists = [names for names in gazette.name_lists
                 if part.start <= names.names[0].start < part.end]
        assert [(names.count, len(names.names)) for names in lists] == [(30, 30), (2, 2)]
        assert [name.text for name in lists[1].names] == absent
    assert "李 萍" in [name.text for name in gazette.name_lists[2].names]
    assert "count_mismatch" not in _codes(gazette)


def test_notes_of_the_first_gazette_know_their_anchors(gazette):
    assert [note.mark for note in gazette.footnotes] == [str(n) for n in range(1, 10)]
    assert all(note.anchor for note in gazette.footnotes)


# The gazette with the plan report.

def test_each_entry_of_the_second_gazette_is_a_part(qingpu):
    assert len(qingpu.parts) == 20 and "part_unmatched" not in _codes(qingpu)
    assert [part.type for part in qingpu.parts] == [
        "speech", "duty_report", "duty_report", "resolution", "work_report", "congress_report",
        "court_report", "procuratorate_report", "resolution", "budget_report", "audit_report",
        "budget_report", "other", "court_report", "plan_report", "appointment_list",
        "appointment_list", "appointment_list", "agenda", "attendance"]


def test_the_second_gazette_has_three_appointment_lists(qingpu):
    lists = [part for part in qingpu.parts if part.type == "appointment_list"]
    assert [part.title[-3:] for part in lists] == ["（一）", "（二）", "（三）"]
    assert {part.date for part in lists} == {"2020-07-15"}
    assert all("第三十六次会议" in part.meeting for part in lists)


def test_speakers_of_the_second_gazette(qingpu):
    assert [(part.speaker, part.post) for part in qingpu.parts if part.speaker] == [
        ("朱明福", "主任"), ("朱要武", "主任"), ("王毅荣", "局长"), ("余旭峰", "区长"),
        ("张国兴", "局长"), ("朱民", "局长"), ("华琼", "副主任委员")]


def test_an_annexed_letter_stays_in_its_decision(qingpu):
    part = qingpu.parts[3]
    assert "辞职报告" in qingpu.text[part.start:part.end] and part.date == "2020-07-15"


def test_the_plan_report_of_the_second_gazette_has_three_tables(qingpu):
    part = next(part for part in qingpu.parts if part.type == "plan_report")
    tables = [t for t in qingpu.tables if part.start <= t.start < part.end]
    assert tables == list(qingpu.tables)
    assert [(t.number, len(t.rows)) for t in tables] == [("1", 13), ("2", 22), ("3", 13)]


def test_the_table_broken_by_a_page_is_one_with_thirteen_rows(qingpu):
    table = qingpu.tables[0]
    assert [row[0].text for row in table.rows] == [str(n) for n in range(1, 14)]
    assert table.columns[3:] == (("上半年完成", "绝对数"), ("上半年完成", "增幅（%）"),
                                 ("上半年完成", "完成目标（%）"))
    assert (table.rows[0][3].value, table.rows[0][4].value) == (Decimal("232.2"), Decimal("-6.4"))
    assert table.rows[5][4].unit == "%" and table.rows[0][5].value is None
    assert "row_shifted" not in _codes(qingpu)


def test_row_labels_go_on_over_a_page(qingpu):
    rows = qingpu.tables[1].rows
    assert rows[1][3].row[0] == "养老助残服务" and rows[13][3].row[0] == "劳动就业创业服务"


def test_attendance_of_the_second_gazette(qingpu):
    assert [(names.count, len(names.names)) for names in qingpu.name_lists] == [
        (31, 31), (3, 3), (28, 28), (6, 6)]
    assert qingpu.name_lists[3].names[3].text == "陈 达"


def test_the_glossary_of_the_work_report(qingpu):
    assert len(qingpu.definitions) >= 20
    assert qingpu.definitions[0].term == "“四早”"


# The plan report.

def test_the_notice_and_its_two_annexes_are_parts(plan):
    assert [(part.type, part.date) for part in plan.parts] == [
        ("notice", "2022-03-01"), ("plan_report", "2022-01"), ("plan_report", "2022-01-11")]
    assert {part.issuer for part in plan.parts if part.issuer} == {"宝山区发展和改革委员会"}


def _numbered(table):
    return [row[0].text for row in table.rows if row[0].text.isdecimal()]


def test_the_four_tables_have_25_20_25_and_18_numbered_rows(plan):
    assert [table.number for table in plan.tables] == ["1", "2", "3", "4"]
    for table, count in zip(plan.tables, (25, 20, 25, 18)):
        assert _numbered(table) == [str(n) for n in range(1, count + 1)]
    assert "2022年" == plan.tables[2].rows[0][3].period


def test_projects_stand_under_three_group_rows(plan):
    for table in (plan.tables[1], plan.tables[3]):
        groups = [row for row in table.rows if not row[0].text.isdecimal()]
        assert len(groups) == 3
        names = [row[1].row or row[2].row[:1] for row in groups]
        assert [name[0][:3] for name in names] == ["(一)", "(二)", "(三)"]
        assert {row[2].row[0] for row in table.rows if row[0].text.isdecimal()} == {
            name[0] for name in names}
        assert all(len(row[2].row) == 2 and row[2].unit == "亿元"
                   for row in table.rows if row[0].text.isdecimal())


def test_shifted_rows_of_the_first_table_are_mended_and_told(plan):
    rows = plan.tables[0].rows
    assert {row[2].row[:1] for row in rows[18:]} == {("民生保障指标",)}
    assert rows[18][2].text.endswith("可支配收入") and rows[18][3].text.startswith("高于")
    assert rows[18][4].text == ""
    assert rows[19][2].text.endswith("失业人数") and rows[19][4].text.startswith("1.19")
    assert _codes(plan).count("row_shifted") == 7
    told = [w for w in plan.warnings if w.code == "row_shifted"]
    assert [plan.text[w.start:w.end].split("\t")[0] for w in told] == [
        str(n) for n in range(19, 26)]


def test_notes_of_the_plan_report_are_linked(plan):
    assert [note.mark for note in plan.footnotes] == [str(n) for n in range(1, 8)]
    assert all(note.anchor and note.anchor[0] < note.start for note in plan.footnotes)
    assert plan.text[plan.tables[2].notes[0].start:][:2] == "备注"


def test_sections_of_the_plan_report_nest_in_spite_of_mixed_hashes(plan):
    inside = [s for s in plan.sections if s.start > plan.parts[2].start]
    assert [s.number for s in inside if s.level == 1 and s.number] == ["一、", "二、"]
    assert [s.number for s in inside if s.level == 2] == [
        "（一）", "（二）", "（三）", "（四）", "（五）", "（六）", "（一）", "（二）", "（三）", "（四）", "（五）"]
    assert {s.level for s in inside if not s.number and s.start > inside[1].start} == {3}


# The final accounts.

CAPTIONS = (
    ("收入支出决算总表", "", "万元", 25), ("收入决算表", "", "万元", 22), ("支出决算表", "", "万元", 22),
    ("财政拨款收入支出决算总表", "", "万元", 26), ("预算财政拨款支出决算表", "", "万元", 24),
    ("基本支出决算表", "", "万元", 59), ("机关运行经费支出决算表", "", "万元", 1),
    ("政府性基金预算财政拨款支出决算表", "", "万元", 1), ("绩效评价结果信息表", "", "", 12),
    ("职责对照表", "1-1", "", 8), ("在职人员情况", "1-2", "人", 3), ("人员情况对应表", "1-2-1", "人", 16),
    ("历年预算及支出情况", "1-3", "", 2), ("预算和支出情况", "1-4", "万元", 4),
    ("基本支出情况", "1-4-1", "万元", 3), ("资金使用情况", "1-4-2", "万元", 39),
    ("部门资产情况", "1-5", "元", 3), ("固定资产概况", "1-5-1", "元", 4),
    ("新增固定资产情况", "1-5-2", "元", 17), ("制度建设情况", "1-6", "", 37), ("内控制度", "1-6-1", "", 25),
    ("主要指标预期目标", "1-7-1", "", 15), ("规划主要指标", "1-7-2", "", 11),
    ("建设主要指标", "1-7-2-1", "", 9), ("目标完成情况", "1-8", "", 6), ("计划对应表", "1-8-1", "", 22),
    ("主要指标预期目标", "1-9-1", "", 15), ("规划主要指标", "1-9-2", "", 11),
    ("建设主要指标", "1-9-2-1", "", 9), ("绩效评分概况", "3-0-1", "", 11),
    ("评价指标体系表", "3-0", "", 53), ("部门决策类指标得分表", "3-1", "", 9),
    ("合理性分析", "3-1-1", "", 20), ("部门管理类指标得分表", "3-2", "", 20),
    ("部门产出类指标得分表", "3-3", "", 20), ("服务对象满意度情况", "3-3-1", "", 23),
    ("在职人员满意度情况", "3-3-2", "", 7))


def test_every_table_of_the_accounts_has_caption_number_unit_and_rows(accounts):
    first = next(n for n, t in enumerate(accounts.tables) if t.caption.endswith("收入支出决算总表"))
    tables = accounts.tables[first:]
    assert len(tables) == len(CAPTIONS)
    for table, (words, number, unit, rows) in zip(tables, CAPTIONS):
        assert words in table.caption
        assert (table.number, table.unit, len(table.rows)) == (number, unit, rows), table.caption


def test_the_head_of_the_income_table_that_stood_one_to_the_left_is_mended(accounts):
    table = _table(accounts, "年度收入决算表")
    assert len(table.columns) == 11
    assert table.columns[3][:2] == ("项目", "科目名称")
    assert table.columns[4] == ("本年收入合计",) and table.columns[-1] == ("其他收入",)
    row = table.rows[0]
    assert (row[4].value, row[5].value, row[10].text) == (
        Decimal("3178.29"), Decimal("3178.29"), "")
    assert any(w.code == "row_shifted" and table.start <= w.start < table.end
               for w in accounts.warnings)


def test_heads_of_several_levels_become_paths(accounts):
    wide = _table(accounts, "机关运行经费")
    assert wide.columns[6][-2:] == ("公务用车 购置费", "预算数") and len(wide.columns) == 13
    assert wide.rows[0][11].value == Decimal("1.73")
    staff = _table(accounts, "在职人员情况")
    assert staff.columns[4] == ("在编人数", "2014") and staff.rows[0][4].period == "2014"


def test_rows_of_the_score_tables_that_moved_left_stand_under_their_heads_again(accounts):
    table = next(t for t in accounts.tables if t.number == "3-2")
    row = next(row for row in table.rows if any(c.text.startswith("B1042") for c in row))
    assert [cell.text for cell in row][5:] == ["0.75", "0.75", "100.00%"]
    assert row[4].column == ("四级指标",) and row[0].text == ""
    system = next(t for t in accounts.tables if t.number == "3-0")
    codes = [(j, cell.text[:5]) for row in system.rows for j, cell in enumerate(row)
             if cell.text[:3] in ("A10", "B10", "C20") and cell.text[4:5].isdecimal()]
    assert len(codes) >= 10 and {column for column, _ in codes} == {6}
    assert len(system.columns) == 10


def test_what_a_page_cut_from_a_row_is_told(accounts):
    told = [w for w in accounts.warnings if w.code == "row_cut"]
    assert any(accounts.text[w.start:w.end].startswith("门履职") for w in told)
    table = next(t for t in accounts.tables if t.number == "1-4-2")
    rest = next(row for row in table.rows if [c.text for c in row if c.text] == ["144 万元。"])
    assert rest[6].row[1].startswith("2040")


def test_notes_under_tables_of_the_accounts(accounts):
    table = next(t for t in accounts.tables if t.number == "1-3")
    assert [accounts.text[n.start:n.end][:3] for n in table.notes] == ["注：", "(1)", "(2)"]
    assert _table(accounts, "政府性基金").notes


def test_a_list_that_begins_again_stays_inside_its_section(accounts):
    levels = {(s.number, s.title[:6]): s.level for s in accounts.sections}
    assert levels["（一）", "概况"] < levels["(1)", "部门职能"] < levels["（一）", "贯彻执行国家"]
    assert levels["（二）", "绩效目标"] == levels["（一）", "概况"]


def test_a_heading_cut_by_a_blank_line_is_one(accounts):
    section = next(s for s in accounts.sections if s.number == "八、")
    assert section.title.endswith("政府性基金预算财政拨款支出决算情况说明")
    assert any(pieces[0].start == section.heading_start for pieces in accounts.joined)


def test_the_accounts_define_their_terms(accounts):
    assert [d.term for d in accounts.definitions][:3] == ["财政拨款收入", "事业收入", "经营收入"]


# The web page.

def test_the_page_holds_ten_articles_with_title_and_date(page):
    assert len(page.parts) == 10
    assert [part.date for part in page.parts] == ["2025-07-08"] * 8 + ["2025-07-07"] * 2
    assert [part.type for part in page.parts] == ["work_report"] * 8 + ["other"] * 2
    places = ["青浦", "普陀", "虹口", "嘉定", "闵行", "杨浦", "松江", "徐汇"]
    assert [part.title.split("】")[1] for part in page.parts[:8]] == [
        f"2021年{place}区政府工作报告" for place in places]
    assert [part.issuer for part in page.parts[:8]] == [f"{place}区政府" for place in places]


def test_nothing_of_the_legal_notice_of_the_site_is_in_an_article(page):
    last = page.parts[-1].end
    after = [block for block in page.blocks if block.start >= last]
    assert len(after) >= 40 and {block.kind for block in after} == {"page_furniture"}
    for words in ("违约责任", "投稿须知", "产业园区网", "400-162"):
        assert page.text.find(words, last) > 0
        assert words not in page.text[:last]
    assert all(region.end <= last for region in regions(page))
    assert not [s for s in page.sections if s.start >= last]
