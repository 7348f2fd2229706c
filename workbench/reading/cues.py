"""What a line of a public document says by its form: title, byline, salutation, signature."""
from __future__ import annotations

import re

_ORGAN = (
    "委员会|人民政府|政府|代表大会|常务委员会|常委会|主任会议|人民法院|法院|人民检察院|检察院|财政局|审计局|局|厅|"
    "办公室|办公厅|委|部|处|署|中心|公司|医院|大学|学校|协会|街道办事处|政协|党组|支队|总队|监察委|领导小组|指挥部")
_TITLE_END = re.compile(
    r"(?:报告|决议|决定|名单|议案|提案|公告|议题|议程|情况|讲话|发言|致辞|通知|通报|意见|方案|规划|计划|公报|条例|办法|规定|细则|决算|预算"
    r"|草案|说明|要点|纲要|批复|复函|函|请示|预案|规则|章程|工作总结|总结|评价结果|公示|通告|令|统计公报)"
    r"(?:[（(][^（）()]{1,24}[)）])?$")
_NO_TITLE = re.compile(
    r"[。；！？;!?|\t]|[:：]$|^(?:附件|特此|现将|以上|根据|关于.{0,8}的说明[:：]|备注|注[:：]|来源|现予|其中)")
_DATE_BODY = (
    r"(?:\d{4}|[二一][〇○零一二三四五六七八九OＯ０]{3})\s*年\s*(?:\d{1,2}|[一二三四五六七八九十]{1,2})\s*月"
    r"(?:\s*(?:\d{1,2}|[一二三四五六七八九十]{1,3})\s*日)?")
_DATE = re.compile(_DATE_BODY)
_DATE_ONLY = re.compile(
    rf"[（(]?\s*(?:{_DATE_BODY}|\d{{4}}[-/.]\d{{1,2}}[-/.]\d{{1,2}})"
    r"(?:\s*\d\d:\d\d(?::\d\d)?)?\s*[)）]?")
_DASHED = re.compile(
    r"\s{0,4}(?:[—–─-]{2}|―{1,2})\s?(?:(?:\d{4}|[二一][〇○零一二三四五六七八九]{3})\s*年|在[^。]{2,80}会议?上?)")
_ISSUE = re.compile(r"(?:\d{4}\s*年\s*)?第.{1,4}[号期]\s*(?:[（(]总第.{1,8}[)）])")
_HELD = re.compile(r"\d{4}\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日\s*在[^。：:]{4,80}")
_SUBTITLE = re.compile(r"[（(][^（）()。；]{2,40}[)）]")
_BRACKETED = re.compile(rf"[（(](?:[^（）()。]{{0,30}}?{_DATE_BODY}|会期|\S{{0,12}}会议)[^。]{{0,160}}[)）]?")
_BYLINE_CLOSE = re.compile(r"(?:会议(?:[（(]扩大[)）])?上?|上|通过)[)）]?$")
_DOCNO = re.compile(
    r"[一-鿿]{1,14}[〔\[［【(（]\s*(?:19|20)\d\d\s*[〕\]］】)）]\s*(?:第\s*)?\d{1,5}\s*号")
_PERSON_LINE = re.compile(
    r"[^\s，。；：:、][^，。；：:]{1,40}?[\s　;；]{1,6}[一-鿿](?:[\s　]{0,3}[一-鿿]){1,3}(?:·[一-鿿]{1,6})?")
_POST_END = re.compile(
    r"(?:长|主任|副主任|委员|书记|主席|理事|审计师|代表|县长|省长|市长|区长|院长|检察长|董事长|总裁|经理|主任委员)\s*$")
_SOURCE = re.compile(
    r"(?:(?:信息)?来源|发布(?:时间|日期|机构)|发文(?:机关|单位|日期)|成文日期|作者|日期|时间|文号|索引号|发布单位|责任编辑|编辑)\s*[:：].{0,160}")
_ADDRESSED = re.compile(
    rf"(?:各位|同志们|代表们|朋友们|主任[、，]|主席[、，]|主席团|.{{0,40}}(?:{_ORGAN})\s*[：:]$)")
_ORGAN_LINE = re.compile(rf"[^，。；：:、！？\d“”]{{2,36}}?(?:{_ORGAN})")
_SENTENCE_END = re.compile(r"[。！？；：…!?;:][”’」』）)*]{0,4}$")
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
_DAY = re.compile(
    r"(?P<y>\d{4}|[二一][〇○零一二三四五六七八九OＯ０]{3})\s*年\s*(?P<m>\d{1,2}|[一二三四五六七八九十]{1,2})\s*月"
    r"(?:\s*(?P<d>\d{1,2}|[一二三四五六七八九十]{1,3})\s*日)?")

TITLE_MAX = 100
_TYPES: tuple[tuple[str, str], ...] = (
    ("rectification_report", r"整改|落实.*(?:审议意见|决议|决定).*报告"),
    ("attendance", r"出席|列席|请假"),
    ("agenda", r"议题|议程"),
    ("appointment_list", r"(?:任免|任命|免职|任职|免去)(?!.*(?:条例|办法|规定|规则|细则)$)"),
    ("resolution", r"(?:决议|决定|公告|议案)(?:[（(].*[)）])?$"),
    ("notice", r"(?:通知|通告|通报|公示)(?:[（(].*[)）])?$"),
    ("speech", r"讲话|致辞|发言"),
    ("performance_evaluation", r"绩效评价|绩效自评"),
    ("duty_report", r"履职|述职"),
    ("court_report", r"法院.*报告"),
    ("procuratorate_report", r"检察院.*报告"),
    ("audit_report", r"审计.*报告"),
    ("budget_report", r"预算.*(?:报告|执行|草案)|财政决算|决算.*报告|财政.*报告"),
    ("final_accounts", r"决算"),
    ("budget_report", r"预算"),
    ("plan_report", r"(?:国民经济|社会发展).*(?:计划|规划)|计划执行"),
    ("congress_report", r"(?:人大|人民代表大会)常?.*(?:工作|半年).*报告"),
    ("work_report", r"政府工作报告|人民政府.*工作.*报告|政府工作.*报告"),
    ("gazette", r"(?:人大|代表大会|委员会|政府).*公报$|^公报"),
)
_TYPE_PATTERNS = tuple((name, re.compile(pattern)) for name, pattern in _TYPES)


def squeeze(content: str) -> str:
    return "".join(content.replace("*", "").lstrip("#").split())


def document_type(title: str) -> str:
    """The guide's document type by the words of a title; ``other`` where they do not tell."""
    words = squeeze(title)
    return next((name for name, pattern in _TYPE_PATTERNS if pattern.search(words)), "other")


def is_title_form(content: str) -> bool:
    """Whether a line has the form of a title: it ends as titles end and is no sentence."""
    if len(content) > TITLE_MAX:
        return False
    words = squeeze(content)
    return (4 <= len(words) <= 90 or words in ("任免名单", "公告")) and (
        bool(_TITLE_END.search(words)) and not _NO_TITLE.search(words))


def is_byline(content: str) -> bool:
    """Who, when, where under a title: a dash line, a bracket with a date, a person, a source."""
    if len(content) > 180:
        return False
    plain = content.strip("* ")
    return bool(
        _DASHED.match(plain) and "。" not in plain or _BRACKETED.fullmatch(" ".join(plain.split()))
        or _ISSUE.fullmatch(plain) or _HELD.fullmatch(plain) or _SUBTITLE.fullmatch(plain)
        or _DATE_ONLY.fullmatch(plain)
        or _DOCNO.fullmatch(squeeze(plain))
        or is_person_line(plain) or _SOURCE.fullmatch(plain))


def closes_byline(content: str) -> bool:
    """The second line of ``——2030年1月8日在云泽区第九届人民代表大会`` / ``第一次会议上``."""
    return len(content) <= 60 and bool(_BYLINE_CLOSE.search(content)) and "。" not in content


def is_source_line(content: str) -> bool:
    """``来源：… 发布时间：…`` of a web page."""
    return len(content) <= 180 and bool(_SOURCE.fullmatch(content))


def starts_byline(content: str) -> bool:
    head = content[:180]
    return "。" not in head and bool(
        _DASHED.match(head) or _BRACKETED.match(head) or _HELD.match(head) and len(content) <= 90)


def is_person_line(content: str) -> bool:
    """A post and a name, parted by white space: ``云泽区审计局局长 张 三``."""
    if len(content) > 50 or not _PERSON_LINE.fullmatch(content):
        return False
    return any(_POST_END.search(content[:at]) for at in range(2, len(content))
               if content[at] in " \t\u3000;；")


def is_organ_line(content: str) -> bool:
    return len(content) <= 40 and bool(_ORGAN_LINE.fullmatch(content))


def is_docno_line(content: str) -> bool:
    return len(content) <= 40 and bool(_DOCNO.fullmatch(squeeze(content)))


def is_date_line(content: str) -> bool:
    return len(content) <= 40 and bool(_DATE_ONLY.fullmatch(content))


def is_salutation(content: str, *, under_title: bool = False) -> bool:
    """``各位代表：``, ``主任、各位副主任、各位委员：``, ``区人大常委会：``; `under_title` also
    ``各街镇，各委办局：``."""
    return 1 < len(content) <= 60 and content[-1] in ":：!！" and "。" not in content and (
        bool(_ADDRESSED.match(content)) or under_title and content[0] == "各")


def ends_sentence(content: str) -> bool:
    return bool(_SENTENCE_END.search(content[-6:]))


def docno_in(content: str) -> str | None:
    found = _DOCNO.search(content[:400])
    return "".join(found.group().split()) if found else None


def date_span(content: str) -> tuple[int, int] | None:
    """Where the date that `date_in` reads stands in a short text."""
    found = _DAY.search(content[:400]) or _ISO.search(content[:400])
    return found.span() if found else None


def date_in(content: str) -> str | None:
    """The first full date of a short text as an ISO string (year-month where no day is given)."""
    from workbench.reading.numbering import han_number
    found = _DAY.search(content[:400])
    if found is None:
        iso = _ISO.search(content[:400])
        parts = [int(part) for part in iso.groups()] if iso else []
    else:
        parts = [int(part) if part.isdecimal() else han_number(_zeros(part))
                 for part in found.group("y", "m", "d") if part]
    if len(parts) < 2 or not 1 <= parts[1] <= 12 or (len(parts) > 2 and not 1 <= parts[2] <= 31):
        return None
    return "-".join([f"{parts[0]:04d}", *(f"{part:02d}" for part in parts[1:])])


def _zeros(number: str) -> str:
    return number.translate(str.maketrans("○零OＯ０", "〇〇〇〇〇"))
