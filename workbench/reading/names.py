"""Lists of names: the attendance grids of a session, and their stated number."""
from __future__ import annotations

import re

from labels.document import Name, NameList, ReadWarning
from workbench.reading.draft import Range

_HAN = r"[㐀-䶿一-鿿𠀀-𪛟]"
_TOKEN = re.compile(rf"{_HAN}(?:[ \u3000]{{1,3}}{_HAN}(?!{_HAN}))|{_HAN}{{2,4}}(?:·{_HAN}{{1,8}})*")
_SEPARATOR = re.compile(r"[ \t\u3000\n、，]*")
_HEADING = re.compile(
    r"(?:出席|请假|缺席|列席|到会|参加|与会|名单).{0,12}?[（(:：]?\s*(?P<n>\d{1,4})\s*[人名位]")
# The common family names of one character; a list may hold one in five names outside of it.
_FAMILIES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付"
    "方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤常温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左"
    "柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车连芦麦褚娄窦"
    "戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝官封谈匡鞠惠荆乐冀郁胥南"
    "班储原栗燕楚鄢劳谌奚皮粟冼蔺楼盘满闻位厉伊仝区郜海阚花权强帅屠豆朴盖练廉禹井祖漆巴丰支卿国狄平计索宣晋相初门云容敬来扈晁芮都普阙浦"
    "戈伏鹿薄邸雍辜羊阿乌母裘亓修邰赫杭况那宿鲜印逯隆茹诺战慕危玉银亢嵇公哈湛宾戎勾茅利于呼居揭干但尉冶斯元束檀衣信展阴昝智幸奉植衡富尧闭由贡")
_NOT_A_NAME = re.compile(r"(?:委员会|人民政府|主任|副主任|代表|办公室|局长|情况|名单|议题|报告|决定|目录|合计|总计)$")
_LEAST = 2


def names_in(text: str, start: int, end: int) -> list[Range]:
    """The names of a range that holds nothing but names; an empty list for any other range.

    Cells are parted by tabs, ideographic commas or spaces; ``李 萍`` is one name. Cost is linear.
    """
    if text[start] not in _FAMILIES:
        return []
    found: list[Range] = []
    position = start
    while position < end:
        name = _TOKEN.match(text, position, end)
        if name is None or _NOT_A_NAME.search(name.group()):
            return []
        found.append(name.span())
        gap = _SEPARATOR.match(text, name.end(), end)
        position = gap.end() if gap else end
        if position == name.end() and position < end:
            return []
    known = sum(text[first] in _FAMILIES for first, _ in found)
    return found if len(found) >= _LEAST and 5 * known >= 4 * len(found) else []


def stated_count(heading: str) -> int | None:
    """The number that a heading such as ``二、出席（30人）：`` states; None if it is no such."""
    found = _HEADING.search(heading) if len(heading) <= 60 else None
    return int(found["n"]) if found else None


def build_list(text: str, heading: Range | None, names: list[Range]
               ) -> tuple[NameList, ReadWarning | None]:
    """The list, and the warning `count_mismatch` when its heading states another number."""
    title = " ".join(text[heading[0]:heading[1]].split()) if heading else ""
    count = stated_count(title)
    built = NameList(title, count, tuple(Name(text[a:b], a, b) for a, b in names))
    if count is None or count == len(names):
        return built, None
    return built, ReadWarning(
        "count_mismatch", names[0][0], names[-1][1],
        f"the heading states {count} names, {len(names)} are listed")
