"""INDICATOR by the form of its line: items of a budget, scores, rows of tables, indices, ages."""
from __future__ import annotations

from typing import Iterable, Iterator

from labels.govdoc.clauses import clause_start
from labels.govdoc.columns import name_cells
from labels.govdoc.names import once
from labels.govdoc.rules.dates import after_dates, dates_of
from labels.govdoc.rules.numbers import figures_of
from labels.govdoc.statistics import LIKE_OTHERS, LONGEST_NAME, ending, trimmed
from labels.govdoc.scanning import worded
from labels.lazy import lazy
from labels.rules import Context, Match, rule

_BUDGET_ITEM = lazy(r"(?:\(款\)|^|[。;\n])([^()、，。;:\n\d]{2,24})$")
# How far a paragraph is read for what it says of the item that heads it.
_PARAGRAPH = 1200
_SCORED = lazy(r"\n[A-D]\d{2,4}([^\n:，。;]{2,26}?)(?:增长情况|完成情况)?:")
_SCORE_GIVEN = lazy(r"得(?:满分|分)?\d")
_BARE_VALUE = worded(
    r"(指数|比值|比(?<=收入比)|系数)(?:调整)?(?:为|达到?|是)?\s?\d[\d.]{0,6}(?=[，。、;,()\n]"
    r"|[:∶︰]\d|$)", "指数", "比值", "比", "系数")
_AGED = lazy(r"岁(?:及以[上下]|以[上下])?(?:常住|户籍|老年|老龄)?人口(?=(?:为|达到?|占比?|共|有|约|比重为?){0,3}\s?\d)")
_AGES = lazy(r"\d{1,3}(?:[-—–~至]\d{1,3})?周?$")
_RANGED = worded(r"(?:服务半径|生活圈|服务圈|就医圈)[\u4e00-\u9fff]{0,6}?率",
                 "服务半径", "生活圈", "服务圈", "就医圈")
_RANGE = lazy(r"\d{1,4}\s?(?:米|分钟|公里)$")
# Between tabs: a name, then a goal; before the name the number of the row, perhaps a group.
_GOAL_ROW = lazy(
    r"\t([\u4e00-\u9fff][^\t\n，。;:]{2,24}?)(?:\([^()\t]{1,12}\))?\t(?:可比|同比|立项|增长|下降|控制在|确保|达到?"
    r"|不[低高少超][于过]|≥|≤)\s?\d")
_ORDINAL = lazy(r"\d{1,2}(?:\t[^\t]{0,12})?")
# A cell of a bare number; a cell that may be a name, with its mark and its unit in brackets.
_NUMBER_CELL = lazy(r"\t-?\d[\d,.]*(?=[\t\n]|$)")
_NAME_CELL = lazy(
    r"(?:[一二三四五六七八九十]{1,3}、|\([一二三四五六七八九十\d]{1,3}\)|\d{1,3}[.、]|其中:|#|[①-⑳]"
    r"|[A-D]\d{2,4})*\s?([\u4e00-\u9fffA-Za-zⅠ-Ⅻ][^\t\n。;:]{2,29}?)(?:\([^()\t]{1,12}\))?$")
# 208 <tab> 05 <tab> 01 <tab> name: the codes of an item of a budget.
_CODES = lazy(r"(?:^|[\t\n])[12345]\d{2}\t(?:\d{2}\t){0,2}\t{0,2}$")
_CELLS_BACK = 3
_LONGEST_CELL = 60


@rule("INDICATOR", priority=41, score=0.85, examples=[
    "行政单位医疗（款）⟦公务员医疗补助⟧（项）。年初预算为5.6万元，支出决算为6.2万元。"],
    rejects=["行政单位医疗（款）公务员医疗补助（项）。用于公务员。"])
def budget_item(context: Context) -> Iterable[Match]:
    """The item of a budget line whose budget and accounts the next sentences give."""
    text = context.view.text
    at = text.find("(项)")
    while at >= 0:
        item = _BUDGET_ITEM.search(text[max(0, at - 30):at])
        rest = text[at:at + _PARAGRAPH].partition("\n")[0]
        if item and ("预算为" in rest or "决算为" in rest or "决算数为" in rest):
            yield Match(at - len(item.group(1)), at)
        at = text.find("(项)", at + 3)


@rule("INDICATOR", priority=40, score=0.85, lexicons=("indicators", "dates"), examples=[
    "全区⟦居民消费价格指数⟧为101.2，其中⟦食品类价格指数⟧ 99.8。", "⟦城乡居民收入比值⟧为2.01，缩小0.02",
    "⟦三次产业结构⟧为2.0:50.5:47.5"],
    rejects=["系数1.2倍", "指数级增长", "按1.5的系数计算"])
def bare_value(context: Context) -> Iterable[Match]:
    """An index, a ratio or a structure before a number without a unit."""
    text = context.view.text
    dates = dates_of(context)
    for match in _BARE_VALUE.finditer(context):
        end = match.end(1)
        floor = clause_start(text, max(0, match.start() - 60), match.start())
        start, _ = trimmed(text, after_dates(dates, floor, end), end)
        if 4 <= end - start <= LONGEST_NAME and text[start] not in "是在的为":
            yield Match(start, end, terms=(match.group(1),))


@rule("INDICATOR", priority=40, score=0.8, lexicons=("indicators",), examples=[
    "⟦科学技术支出⟧\t20774\t20712\t97.6", "4、⟦住房保障支出⟧\t5820\t5919\t2.3",
    "⟦生猪存栏⟧\t万头\t81.9", "215\t05\t17\t⟦产业发展⟧\t4460.00\t4460.00", "⟦资金结余⟧\t28.6\t⟦收入总计⟧\t33.4"],
    rejects=["云桥路\t300\t500", "单位\t20774", "序号\t1"])
def table_row(context: Context) -> Iterable[Match]:
    """The cell before bare numbers that ends in the head of a statistic or stands behind codes."""
    return once(context, "items.rows", lambda given: list(_rows(given)))


@rule("INDICATOR", priority=86, score=0.85, lexicons=("indicators",), examples=[
    "⟦年初结转和结余⟧\t286.40\t⟦年末结转和结余⟧\t336.40"], rejects=["年初\t286.40"])
def fixed_row(context: Context) -> Iterable[Match]:
    """A cell as `table_row` finds it that begins like a date."""
    text = context.view.text
    return (match for match in once(context, "items.rows", lambda given: list(_rows(given)))
            if text.startswith(LIKE_OTHERS, match.start))


def _rows(context: Context) -> Iterator[Match]:
    text, names = context.view.text, context.lexicon("indicators")
    if "\t" not in text:
        return
    for match in _NUMBER_CELL.finditer(text):
        tab = match.start()
        for _ in range(_CELLS_BACK):
            low = max(0, tab - _LONGEST_CELL)
            begin = max(text.rfind("\t", low, tab), text.rfind("\n", low, tab)) + 1
            if not begin and low or begin < tab and text[tab - 1].isdigit() and (
                    text[begin:begin + 1].isdigit()):
                break  # no name is as long; or the number of another column
            name = _NAME_CELL.match(text[begin:tab])
            if name and (ending(name.group(1), names) in ("short", "term", "head")
                         or _CODES.search(text[max(0, begin - 14):begin])):
                yield Match(begin + name.start(1), begin + name.end(1))
                break
            if text[begin - 1:begin] != "\t":
                break
            tab = begin - 1


@rule("INDICATOR", priority=38, score=0.7, examples=[
    "8\t⟦土地减量化⟧\t立项 170 公顷\t108.1", "17\t⟦户外广告整治率⟧\t达到 90%\t88%"],
    rejects=["3\t云桥路拓宽\t竣工5公里\t3", "2\t医疗服务\t建成智慧小屋6个\t2"])
def goal_row(context: Context) -> Iterable[Match]:
    """The name in a numbered row whose next cell sets a goal: number, name, 增长6%."""
    text = context.view.text
    for match in _GOAL_ROW.finditer(text):
        begin = match.start() + 1
        before = text[max(0, begin - 40):begin - 1]
        row = before.rpartition("\n")[2] if "\n" in before or begin <= 40 else ""
        if _ORDINAL.fullmatch(row):
            yield Match(begin, match.end(1))


_CELL_NAME = lazy(
    r"(?:[A-D]\d{2,4}\s?|\d{1,2}[.、]\s?)?([\u4e00-\u9fff][\u4e00-\u9fffA-Za-z0-9“”+/·—\-]{2,26}?)"
    r"(?:(?:同比|年均)?(?:增长|下降|提高|降低))?\s?(?:\([^()\t\n]{1,12}\))?\s?$")
_KIND_CELL = lazy("约束性|预期性|预测性|指导性|\\(?[%万亿元个家人项件]{1,3}\\)?")
_NO_CELL_NAME = lazy("项目|工程|合计|小计|总计|其他|备注|得分|[年月日]$|完成|施工|扣|[镇街村]$")


@rule("INDICATOR", priority=39, score=0.7, lexicons=("units",), examples=[
    "3\t⟦制度适用性⟧\t94%", "2\t⟦信用信息查询量⟧\t3万次/年\t预期性", "4\t⟦服务业营收⟧同比增长\t10%\t35%"],
    rejects=["3\t云桥路拓宽工程\t5公里\t施工", "合计\t94%", "3\t制度适用性\t94"])
def figure_row(context: Context) -> Iterable[Match]:
    """The cell of a row whose next cell is but a figure with its unit: 制度适用性 <tab> 94%."""
    text = context.view.text
    if "\t" not in text:
        return
    for figure in figures_of(context):
        tab = figure.start - 1
        if text[tab:tab + 1] != "\t" or figure.label == "MONEY":
            continue
        low = max(0, tab - 48)
        begin = max(text.rfind("\t", low, tab), text.rfind("\n", low, tab)) + 1
        if _KIND_CELL.fullmatch(text, begin, tab) and text[begin - 1:begin] == "\t":
            tab = begin - 1  # 网办率 <tab> 预期性 <tab> 100%
            low = max(0, tab - 48)
            begin = max(text.rfind("\t", low, tab), text.rfind("\n", low, tab)) + 1
        name = _CELL_NAME.match(text[begin:tab]) if begin or not low else None
        if name and not _NO_CELL_NAME.search(name.group(1)):
            yield Match(begin + name.start(1), begin + name.end(1))


# A row between commas: 地区生产总值,亿元,612.5,643.1,5.0%
_UNIT_CELL = worded(
    r",(?:[万亿]?元|亿?美元|[万亿]?人|[万]?(?:户|吨|册|辆|件)|家|个|%|微克/立方米|万?平方米),(?=-?\d)",
    *(f",{unit}" for unit in (
        "元", "万", "亿", "美", "人", "户", "吨", "册", "辆", "件", "家", "个", "%", "微克/", "平方米")))
_CSV_NAME = lazy(
    r"(?:^|\n)(?:\d{1,3},)?\"?([\u4e00-\u9fffA-Z][^,\n\"]{1,30}?)(?:\([^()\n]{1,20}\))?\"?$")


@rule("INDICATOR", priority=39, score=0.8, examples=[
    "⟦地区生产总值⟧,亿元,612.5,643.1,5.0%", "\"⟦细颗粒物浓度⟧(PM2.5,年均值)\",微克/立方米,31,29,-6.5%"],
    rejects=["云泽区,共有,3,5", "投资8亿元,增长3%"])
def comma_row(context: Context) -> Iterable[Match]:
    """The first field of a row between commas, before its unit and its numbers."""
    text = context.view.text
    for match in _UNIT_CELL.finditer(context):
        low = max(0, match.start() - 60)
        name = _CSV_NAME.search(text[low:match.start()])
        if name and (name.start() or not low):
            yield Match(low + name.start(1), low + name.end(1))


@rule("INDICATOR", priority=39, score=0.75, examples=["⟦生猪存栏⟧81.9万头"], rejects=["栏目\t3"])
def table_cell(context: Context) -> Iterable[Match]:
    """A cell under 指标, 科目 or, in tables of sums, 项目, in a row that holds a number."""
    locate = context.view.locate
    for start, end in name_cells(context):
        yield Match(locate(start), locate(end - 1) + 1)


@rule("INDICATOR", priority=66, score=0.85, lexicons=("indicators", "units"), examples=[
    "年末⟦65岁及以上人口⟧3.2万人，占23.7%", "⟦公交站点500米服务半径覆盖率⟧达84%", "⟦0—14岁人口⟧占比12.5%"],
    rejects=["为65岁以上老人发放津贴", "500米内有3个站点"])
def sized(context: Context) -> Iterable[Match]:
    """A name that begins with or holds a measure: 65岁及以上人口, 500米服务半径覆盖率."""
    text = context.view.text
    for match in _AGED.finditer(text):
        ages = _AGES.search(text[max(0, match.start() - 9):match.start()])
        if ages:
            yield Match(match.start() - len(ages.group()), match.end())
    for match in _RANGED.finditer(context):
        measure = _RANGE.search(text[max(0, match.start() - 7):match.start()])
        if measure:
            begin, end = match.start() - len(measure.group()), match.end()
            floor = clause_start(text, max(0, begin - 40), begin)
            start, _ = trimmed(text, after_dates(dates_of(context), floor, begin), end)
            yield Match(min(start, begin), end)


@rule("INDICATOR", priority=42, score=0.8, examples=[
    "C2032 ⟦在职人员满意度⟧：经调查，得满分 2 分。"], rejects=["C2032 在职人员满意度：开展调查。"])
def scored_indicator(context: Context) -> Iterable[Match]:
    """The numbered indicator of a performance evaluation whose score the paragraph gives."""
    text = context.view.text
    # The line feed put in front, so that the first line is one too, is taken off again.
    for match in _SCORED.finditer("\n" + text):
        end = match.end() - 1
        if _SCORE_GIVEN.search(text[end:end + _PARAGRAPH].partition("\n")[0]):
            yield Match(match.start(1) - 1, match.end(1) - 1)
