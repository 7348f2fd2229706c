"""Where the name of a statistic begins, and whether words are one.

A noun phrase stands before a figure with all that leads in to it (``其中，云泽区累计实现``). `trimmed`
takes that off; `ending` knows what names of statistics end in (收入, 面积, 率 …).
"""
from __future__ import annotations

from functools import lru_cache

from labels.lazy import lazy
from labels.lexicons import Lexicon

# What may lead in to a name. Each guard keeps a word whole: 到位资金, 使用面积, 有效发明专利.
_LEADING = lazy(
    "(?:其中|[一二三四五六]是|年度(?!考核)|积极|加快|大力|继续|进一步|着力|深入|全面|不断|持续|努力|稳步|扎实|有效(?!发明|注册|专利|期|灌溉)|可?预计的"
    "|提前下达的?|全[区市省州县镇国院系街乡盟旗](?!性|[一-龥]{0,2}平均)|[我本该][区市省州县镇院](?!级)|区内|市内|辖区内?|累计|共计|合计|总计|预计"
    "|预期(?!寿命)|截[至止]|到(?![位账达期港])|至|年末|年底|年初|全年|当年|[每当]年|时期|期间|并|且|及(?![格时])|和(?!谐)|以及|使(?!用)"
    "|(?:实现|完成|达成|确保|力争|争取|保持|推动|促进|带动|拉动|增加|安排|下达|编列|列支|新增(?!就业|贷款|[^，]{0,6}债))(?![率额量数值比度])"
    r"|共(?![享同建有])|已|将|则|又|另|各类|经济运行|\([^()]{1,16}\)|[、\-—·()（）”\s]"
    r"|\d+(?![\dA-Za-z.%]|[后岁米元亿万]|总量|警情|报警|热线)"
    r"|[A-D]\d{2,4}|\.|<[^<>]{1,8}>|实际完成|本次|同期|(?:及?以[上下]|前?把)(?=[\u4e00-\u9fff]{3})|加上"
    r"|加(?=[上下市省中]|政府性)|剔除\S{0,8}后|据统计|经统计|经测算|初步核算"
    "|初步统计|过去[一五]年|[一二三四五]年来|[一二三四五]年间?|期末|按(?!揭)|的|部门(?=资产|收入|支出|固定|流动))")
# Places before the name: 云泽区地区生产总值; not 地区, 社区, 城镇 and other common nouns.
_PLACE = lazy(
    r"(?:“[^“”]{1,12}”)?[\u4e00-\u9fff]{2,7}?(?:高新区|开发区|示范区|经开区|商圈|新城|片区|商务区|自贸区|试验区|园区|新区|特区"
    "|自治[区州县]|[区市县州省镇乡旗])(?![级属直域场委办管对内区]|政(?!府(?:性基金|债|投资))|本级|民[政主间营办]|化)")
_PLACE_HEAD = lazy("[区市县州省镇乡旗圈城]")
_COMMON_PLACE = lazy(
    "(?:地区|社区|城区|小区|校区|郊区|牧区|灾区|景区|片区|街区|老区|辖区|全区|镇区|建成区|产业园区|城市|都市|超市|上市|股市|楼市|县市|乡镇|城镇|集镇"
    "|[对本]区|[对本]镇|[对本]县|对市|对乡|外省|各省|各市|各区|各县|入市|农贸市|贸易区|保税区|城乡|灌区|库区|矿区|林区|山区|库区|聚集区|集聚区|功能区"
    "|行政区)$")
_KEPT_SUBJECT = lazy(
    r"(?:规模以上|限额以上|规上|限上|资质|亏损)[\u4e00-\u9fff]{0,9}$|[工建服外国民]\S{0,4}企业$")
# After these the object begins, wherever they stand; the weak ones only lead in.
_VERBS = lazy(
    "(?:实现|完成|达成|安排|下达|编列|申报|列入|征集|确保|力争|争取|需增加|增加|取得|引进|获得|获批|吸引|得益于|募集|兑付|拨付|争创|收回|累计|反映|显示|涉及"
    "|带动(?!就业率)|拉动|推动|设立)(?![率额量数值比度])")
_WEAK_VERBS = lazy(
    "(?:新增(?!就业|贷款|[^，]{0,6}债)|开展|推进|促进|超额|落实|形成|使得?(?!用)|设置有?|所属|实施|加强|提高|加快|强化|优化|健全|完善|扩大|提升"
    "|组织|推广|压减|削减|进行了?|举办|建成(?!区)|坚持|经测算|提供|精准|盘活|加上|加(?![工权油班氢盟密装])|新建|改造|培育|认定|建设(?!用地|投资|工程|规模"
    "|项目|占用)|共有|拥有|审结|受理|办结|办理|查处|查办|侦破|抓获|起诉|批捕|收到|提出|处理|接待(?!游客)|统筹|支持|发放|批准|核准|共?获(?![得批奖])"
    "|撬动|筹措|争取到|发行|稳定|扶持|参加|签订)(?![率额量数值比度])")
_OFFICE = lazy(
    r"(?!跨国)[\u4e00-\u9fff]{2,16}?(?:部门|[委局](?=[\u4e00-\u9fff]{4})|公司|法院|检察院)(?![管收支化])(?!绩效)")
_OFFICE_HEAD = lazy("部门|[委局院]|公司")
_RANK = lazy(r"[^、]{2,12}第[一二三四五六七八九十\d]{1,3}[位名]?、")
_SPACE_END = lazy(r"[的\s、:()\-—·“”\"]+$")
_GLOSS = lazy(r"(?:\([^()]{1,24}\)|\[\d{1,2}\]|<sup>\d{1,2}</sup>)$")
# What is done to what a plan counts: 再新建、改建|农村公路300公里.
_DEEDS = lazy(
    "(?:[、和或并再各将要共新扩续改]|[年全]内|全年|力争|争取|确保|计划|预计|完成|实现|筹措|加快|累计|继续|加快|推进|启动|开工|建设|建成|打造|实施"
    "|增加?|培育|引进|创建|申报|列入|认定|改造"
    "|竣工|发展|组织|开展|举办|推广|安排|筹集|筹建|布局|开通|开行|投放|淘汰|治理|修复|整治|提升|拓宽|打通|加固|更新|种植|扶持|支持|遴选|选派|招聘|提供|突出"
    "|抓好|建立|设立|组建|建(?!筑)|迁建|翻建|达到?|规划|推动|争创|培养|选树|选育|办好|新开办|养护|重建|招引|吸引|引导|帮扶|壮大)*")
_PLAIN_THINGS = frozenset(("企业", "项目", "单位", "人员", "人才", "工程", "平台", "活动", "资金", "设施", "群众",
                           "场所", "对象", "中心", "基地", "机构", "产业", "任务", "以上", "左右", "其中", "每年", "至少"))
# What ends the name of a deed, not of a thing that can be counted.
_DEED_NAME = lazy(
    "^以[上下]|^加装|^新?(?:开工|完工|竣工)$|(?:整治|沟通|修复|治理|改造|建设|培训|更新|维修|养护|任务|工作|活动|检查|改革|每|起|试点|服务"
    "|[的了为至到在和与是等]|其中|共|各)$")
# Terms that other families would cut: they begin like a date or like an organ's head.
LIKE_OTHERS = ("上年结", "年终", "年初结转", "年末结转", "本年收入", "本年支出", "年末滚存", "政府性", "政府债",
               "政府投资", "政府采购")
# A longer phrase is a clause.
LONGEST_NAME = 34


def ending(name: str, names: Lexicon) -> str:
    """The kind of the longest entry that `name` ends in; a whole name may be `short`."""
    whole = names.entries.get(name)
    if whole is not None and whole["kind"] in ("short", "term"):
        return "short"
    found = names.ending(name, len(name))
    kind = names.entries[found]["kind"] if found else ""
    return "head" if kind == "short" else kind


def without_gloss(text: str, start: int, end: int) -> int:
    """Where a phrase ends before the note, in brackets, that follows it."""
    if text[end - 1:end] in (")", "]", ">"):
        gloss = _GLOSS.search(text, start, end)
        if gloss and gloss.start() > start:
            return gloss.start()
    return end


def without_tail(text: str, start: int, end: int) -> int:
    """Where a phrase ends before 的, white space and punctuation."""
    if end > start and not text[end - 1].isalnum() or text[end - 1] == "的":
        tail = _SPACE_END.search(text, start, end)
        return tail.start() if tail else end
    return end


def trimmed(text: str, start: int, end: int) -> tuple[int, bool]:
    """The start of a name: past what leads in, the last verb, a place, an office.

    The flag says whether a verb was passed, so that what follows is its object.
    """
    begin, acted = _trimmed(text[start:end])
    return start + begin, acted


@lru_cache(maxsize=512)
def _trimmed(text: str) -> tuple[int, bool]:
    """`trimmed` of a whole text; documents say the same phrases again and again."""
    start, end = 0, len(text)
    acted = False
    for match in _VERBS.finditer(text, start, end):
        if match.end() < end and not _KEPT_SUBJECT.search(text[start:match.start()]):
            start = match.end()
            acted = True
    while True:
        before = start
        leading = text.find("第", start + 2, min(end, start + 13)) > 0 and _RANK.match(
            text, start, end) or _LEADING.match(text, start, end)
        if leading:
            start = leading.end()
        verb = _WEAK_VERBS.match(text, start, end)
        if verb and verb.end() < end:
            start = verb.end()
            acted = True
        if _PLACE_HEAD.search(text, start + 2, min(end, start + 16)):
            place = _PLACE.match(text, start, end)
            if place and not _COMMON_PLACE.search(place.group()) and end - place.end() >= 3:
                start = place.end()
        if _OFFICE_HEAD.search(text, start + 2, min(end, start + 19)):
            office = _OFFICE.match(text, start, end)
            if office and end - office.end() >= 4:
                start = office.end()
        quote = text.rfind("“", start, end)
        if quote >= 0 and text.find("”", quote, end) < 0:
            start = quote + 1
        bracket = text.rfind("(", start, end)
        if bracket >= 0 and text.find(")", bracket, end) < 0:
            start = bracket + 1
        if start == before:
            return start, acted


def counted_thing(text: str, start: int, end: int) -> tuple[int, int] | None:
    """The noun that a plan counts in ``text[start:end]``, past the verbs: 新建|公共租赁住房 1000套."""
    end = without_tail(text, start, without_gloss(text, start, end))
    begin, _ = trimmed(text, start, end)
    deed = _DEEDS.match(text, begin, end)
    begin = deed.end() if deed else begin
    name = text[begin:end]
    if 2 <= len(name) <= 18 and name not in _PLAIN_THINGS and not _DEED_NAME.search(name):
        return begin, end
    return None
