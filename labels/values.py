"""Normalised values: the number, sum, share or quantity that a mention stands for.

Every function takes the mention itself (folded or as it stands in a source: white space, full-width
forms, traditional and financial characters, letters that OCR put for digits) and returns a `Value`,
or None where the words cannot be read as one. 余, 多 and the like after a figure are passed over:
the value is the figure that is written. Pure: no lexicon, no document. Dates are in `labels.days`.
"""
from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from labels.lazy import lazy
from labels.rules import Value

# Full-width forms fold one to one, as in labels.folding; here ， too, which parts thousands.
_FOLD = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
# Traditional and financial forms that stand for the same numeral, mark or unit.
_FOLD |= str.maketrans("萬億點兩陸圓圆個餘幾負貳參叁參倆塊錢對後﹣−", "万亿点两陆元元个余几负贰叁叁叁两块钱对后--")
_SPACE = lazy(r"\s+")
# O, o, l and I between digits, or O before a power or unit, are zeros and ones that OCR misread.
OCR = lazy(r"[OoIl](?:(?<=\d.)(?=\d|\.\d)|(?<=[\d.O]O)(?=O*[万亿元%年月个]))")
_OCR_DIGITS = str.maketrans("OoIl", "0011")

_DIGITS = {char: index for index, chars in enumerate(
    ("零〇○", "一壹", "二两贰", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖"))
    for char in chars}
_POWERS = {"十": 1, "拾": 1, "百": 2, "佰": 2, "千": 3, "仟": 3}
_BIG = (("兆", 12), ("亿", 8), ("万", 4))
_LETTERS = {"k": 3, "K": 3, "w": 4, "W": 4, "M": 6}
_HAN = "零〇○一壹二两贰三叁四肆五伍六陆七柒八捌九玖十拾百佰千仟"
_TOKEN = lazy(r"(?P<arabic>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)|(?P<power>[十拾百佰千仟])"
              rf"|(?P<digits>[{''.join(_DIGITS)}]+)")
_MIXED = lazy(r"(\d+)\s+(\d+/\d+)$")
_SCIENTIFIC = lazy(r"\d{1,20}(?:\.\d{1,20})?[eE][-+]?\d{1,2}")
_RANGE = lazy(r"[-–—―~∼〜至到]+")
_VAGUE = lazy(r"[余多几来许]")


def plain(number: Decimal) -> str:
    """`number` in plain notation without trailing zeros: ``1E+8`` → ``100000000``."""
    text = format(number, "f")
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"


def one_form(text: str) -> str:
    """`text` without white space, in ASCII and simplified forms, digits mended."""
    text = _SPACE.sub("", text.translate(_FOLD))
    return mended(text)


def mended(text: str) -> str:
    """`text` with the letters that OCR put for digits replaced; its length stays."""
    if "O" in text or "l" in text or "o" in text or "I" in text:
        return OCR.sub(lambda match: match.group().translate(_OCR_DIGITS), text)
    return text


# --- numbers -----------------------------------------------------------------------------------

def number(text: str) -> Decimal | None:
    """The number that `text` wholly is.

    ``1,205.8``, ``3.2万``, ``7万5千``, ``40k``, ``一百二十点五``, ``二〇二〇``, ``壹拾贰万``, ``半百``,
    ``三分之一``, ``3又1/5``.
    """
    mixed = _MIXED.match(text.translate(_FOLD).strip())
    text = one_form(f"{mixed.group(1)}又{mixed.group(2)}" if mixed else text)
    text = _VAGUE.sub("", text)
    bare = text.lstrip("-负")
    found = Decimal(bare) if _SCIENTIFIC.fullmatch(bare) else _fraction(bare)
    return -found if found is not None and len(text) - len(bare) == 1 else found


def _fraction(text: str) -> Decimal | None:
    """`text` without a sign, with 又, 分之 or / where it has them."""
    whole, mark, rest = text.partition("又")
    if mark:
        left, right = _magnitude(whole), _fraction(rest)
        return None if left is None or right is None else left + right
    for mark, upper in (("分之", 1), ("/", 0)):
        ends = text.split(mark)
        if len(ends) == 2:
            numbers = [number(end) for end in ends]
            top, bottom = numbers[upper], numbers[1 - upper]
            return top / bottom if top is not None and bottom else None
    return _magnitude(text)


def _magnitude(text: str) -> Decimal | None:
    """`text` without sign and fraction: big powers part it, each side is read for itself."""
    if not text:
        return None
    if text[-1] == "打":
        head = _magnitude(text[:-1])
        return None if head is None else head * 12
    if text[-1] in _LETTERS:
        head = _magnitude(text[:-1])
        return None if head is None else head.scaleb(_LETTERS[text[-1]])
    for mark, power in _BIG:
        left, found, right = text.rpartition(mark)
        if found:
            head = _magnitude(left) if left else Decimal(1)
            if len(right) == 1 and _DIGITS.get(right):
                # 九万四 is 94,000: a digit right after a power counts in the next power down.
                tail: Decimal | None = Decimal(_DIGITS[right]).scaleb(power - 1)
            else:
                tail = _magnitude(right) if right else Decimal(0)
            return None if head is None or tail is None else head.scaleb(power) + tail
    if text == "半":
        return Decimal("0.5")
    if text[0] == "半" and text[1:] in _POWERS:
        return Decimal("0.5").scaleb(_POWERS[text[1:]])
    return _section(text)


def _section(text: str) -> Decimal | None:
    """A numeral below ten thousand, Chinese, Arabic or both, with 点 where it has a fraction."""
    whole, point, fraction = text.partition("点")
    if point and (not fraction or any(char not in _DIGITS for char in fraction)):
        return None
    value = _whole(whole)
    if value is None or not point:
        return value
    return value + Decimal("0." + "".join(str(_DIGITS[char]) for char in fraction))


def _whole(text: str) -> Decimal | None:
    total, position = Decimal(0), 0
    digit: Decimal | None = None
    power, spoken, zero = 0, False, False
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            return None
        position = match.end()
        if match["power"]:
            power = _POWERS[match["power"]]
            total += (Decimal(1) if digit is None else digit).scaleb(power)
            digit, zero = None, False
            continue
        if digit is not None:
            return None
        if match["arabic"]:
            digit, spoken = Decimal(match["arabic"].replace(",", "")), False
        else:
            figures = match["digits"]
            zero = not _DIGITS[figures[0]]
            digit, spoken = Decimal("".join(str(_DIGITS[char]) for char in figures)), True
            if not digit and position < len(text):
                digit = None  # 一百零十: the zero only fills
    if digit is None:
        return total if text else None
    # 两千四百五 is 2450: a last digit right after 百 or 千 counts in the next power down.
    return total + (digit.scaleb(power - 1) if spoken and not zero and power > 1 and digit < 10
                    else digit)


# --- one or two numbers with a unit ------------------------------------------------------------

_LENT = lazy(r"^(?:[\d.,]+|[一二两三四五六七八九])(?P<power>[十百佰千仟万亿kKwW]+)$")
_LENT_BIG = lazy(r"(?P<power>[万亿kKwW]+)$")
_ENDS_BIG = lazy(r"[万亿]$")
_COUNTLESS = lazy(r"^[几数](?=[十百千万亿])|(?<=十)几")


def _bounds(text: str, unit: str) -> Value | None:
    """The one or two numbers in `text` as a value of `unit`; a power said once holds for both."""
    sign = -1 if text[:1] in ("-", "负") else 1
    parts = [part for part in _RANGE.split(text.lstrip("-负")) if part]
    if not parts or len(parts) > 2:
        return None
    if len(parts) == 1 and _COUNTLESS.search(parts[0]):
        return _unsaid(parts[0], unit)
    numbers = [number(part) for part in parts]
    if len(parts) == 2:
        lent = _with_power_of(parts[0], parts[1])
        if lent is not None and numbers[1] is not None and lent <= numbers[1]:
            numbers[0] = lent
    found = [entry for entry in numbers if entry is not None]
    if len(found) < len(parts):
        return None
    return Value(plain(sign * found[0]), plain(found[1] if len(found) > 1 else sign * found[0]),
                 unit)


def _with_power_of(left: str, right: str) -> Decimal | None:
    """`left` read with the power that `right` ends in: 1.5-2万, 十八至三十万, 两到三千."""
    if _ENDS_BIG.search(left):
        return None
    short = left[0].isdigit() or len(left) == 1
    match = (_LENT if short else _LENT_BIG).search(right)
    return number(left + match.group("power")) if match else None


def _unsaid(text: str, unit: str) -> Value | None:
    """几十万, 数百, 十几: from the power that is said to ten times it, or to the next ten."""
    if text[0] in "几数":
        low = number(text[1:])
        return None if low is None else Value(plain(low), plain(low * 10), unit)
    low = number(text)
    high = number(text.replace("十几", "二十" if text.startswith("十几") else "十"))
    if low is None or high is None:
        return None
    return Value(plain(low), plain(max(low, high)), unit)


# Most mentions are one figure in digits with its unit; they need no more than this.
_PLAIN = lazy(r"(?P<number>\d{1,18}(?:\.\d{1,9})?) ?(?P<power>[万亿]{0,2})"
              r"(?P<unit>[^\d十百千佰仟万亿余多几半.,、:∶至到~～–—―∼〜-][^\d半]*)?$")
_SCALE = {"": 0, "万": 4, "亿": 8, "万亿": 12}


def _simple(text: str, units: dict[str, str] | None = None) -> Value | None:
    """``12.5亿元``, ``38个``; of `units` (as written → as valued) alone where they are given."""
    match = _PLAIN.match(text)
    if match is None or match["power"] not in _SCALE:
        return None
    unit = match["unit"] or ""
    if units is not None:
        if unit not in units:
            return None
        unit = units[unit]
    elif not unit.isalpha():
        return None
    found = _shifted(match["number"], _SCALE[match["power"]])
    return Value(found, found, unit)


def _shifted(number: str, places: int) -> str:
    """`plain` of ``number × 10^places``, digit by digit: a tenth of what a Decimal costs."""
    whole, _, fraction = number.partition(".")
    if places:
        fraction = fraction.ljust(places, "0")
        whole, fraction = whole + fraction[:places], fraction[places:]
    if whole[0] == "0":
        whole = whole.lstrip("0") or "0"
    fraction = fraction.rstrip("0")
    return f"{whole}.{fraction}" if fraction else whole


# --- money, shares, quantities -----------------------------------------------------------------

CURRENCIES = (("美元", "USD"), ("美金", "USD"), ("港元", "HKD"), ("港币", "HKD"), ("欧元", "EUR"),
              ("日元", "JPY"), ("英镑", "GBP"), ("澳门元", "MOP"), ("新台币", "TWD"), ("台币", "TWD"),
              ("韩元", "KRW"), ("卢布", "RUB"), ("瑞士法郎", "CHF"), ("法郎", "CHF"), ("加元", "CAD"),
              ("澳元", "AUD"), ("新元", "SGD"), ("美刀", "USD"))
_YUAN = {"元": "CNY"}
_ABOUT = lazy(r"^(?:约|近|大约|至少|超过|不足|小于|大于|不低于|不超过)+|\(含\)|(?:左右|上下|以上|以下|以内|之间)$")
_CHANGE = lazy(r"(?P<yuan>.*?)[元块](?P<rest>零?[^元块]*(?:[角毛分]|(?<=块)[^钱])钱?)$")
_JIAO = lazy(r"零?(?:(?P<jiao>[^角毛分]+)[角毛]|(?P<last>[^角毛分零]$))?零?(?:(?P<fen>[^角毛分]+)分)?钱?$")


def money(text: str) -> Value | None:
    """A sum; the unit is an ISO 4217 code, CNY where no currency is said.

    ``153 亿 元``, ``1万（含）-5万元``, ``五元三毛``, ``壹拾贰万叁仟元整``, ``人民币数十亿元``.
    """
    found = _simple(text, _YUAN)
    if found is not None:
        return found
    text = one_form(text)
    while (shorter := _ABOUT.sub("", text)) != text:
        text = shorter
    text = re.sub(r"人民币|RMB|CNY|[¥￥整正]", "", text)
    code = next((code for name, code in CURRENCIES if name in text), "CNY")
    for name, _ in CURRENCIES:
        text = text.replace(name, "")
    text = text.replace("个亿", "亿").replace("个", "")
    change = _CHANGE.fullmatch(text)
    if change and "分之" not in text:
        return _with_change(change["yuan"], change["rest"], code)
    return _bounds(re.sub(r"[元块钱]", "", text), code)


def _with_change(yuan: str, rest: str, code: str) -> Value | None:
    """五元三毛, 三元五角二分, 三块五: whole units and what follows them."""
    parts = _JIAO.fullmatch(rest)
    if parts is None:
        return None
    sums = [number(yuan), number(parts["jiao"] or parts["last"] or "零"),
            number(parts["fen"] or "零")]
    found = [entry for entry in sums if entry is not None]
    if len(found) < 3:
        return None
    total = plain(found[0] + found[1].scaleb(-1) + found[2].scaleb(-2))
    return Value(total, total, code)


_SHARES = {"%": "%", "‰": "‰", "个百分点": "百分点", "倍": "倍"}
_IN_A = (("百分之", "%", 0), ("佰分之", "%", 0), ("千分之", "‰", 0), ("百万分之", "%", -4),
         ("千万分之", "%", -5), ("万万分之", "%", -6), ("万分之", "%", -2))


def percent(text: str) -> Value | None:
    """A share: unit ``%``, ``‰``, ``百分点``, ``倍`` or ``比`` (the quotient of a ratio).

    成, 折 and 万分之 become per cent; 倍半 is half as much again: 一倍半 is 1.5 倍.
    """
    found = _simple(text, _SHARES)
    if found is not None:
        return found
    text = one_form(text)
    sign = "-" if text[:1] in ("-", "负") else ""
    bare = text.lstrip("-负")
    for mark, unit in (("个百分点", "百分点"), ("%", "%"), ("‰", "‰")):
        if mark in text:
            return _bounds(_first_of_list(text.replace(mark, "")), unit)
    if "倍" in text:
        head, _, half = text.partition("倍")
        return _halved(head, "倍") if half == "半" else _bounds(text.replace("倍", ""), "倍")
    for mark, unit, shift in _IN_A:
        if bare.startswith(mark):
            return _scaled(_bounds(sign + bare.replace(mark, ""), unit), shift)
    if bare == "对折":
        return Value("50", "50", "%")
    tenths = re.fullmatch(r"(.+?)[成折](半?)[多余]?", bare)
    if tenths:
        return _tenths(tenths.group(1), bool(tenths.group(2)))
    small = re.fullmatch(r"(.+)[成](.)", bare)
    if small:
        return _scaled(_joined(small.group(1), small.group(2)), 1)
    return _ratio(bare)


def _tenths(text: str, half: bool) -> Value | None:
    """成 and 折 in per cent: 三成 30, 八点五折 85, 三八折 38, 三成半 35."""
    if re.fullmatch(r"[一二三四五六七八九]{2}", text):
        return _bounds(text, "%")
    return _scaled(_halved(text, "%") if half else _bounds(text, "%"), 1)


def _joined(whole: str, tenth: str) -> Value | None:
    """八成五: 8.5."""
    first, second = number(whole), number(tenth)
    if first is None or second is None:
        return None
    total = plain(first + second.scaleb(-1))
    return Value(total, total, "%")


def _halved(text: str, unit: str) -> Value | None:
    """`text` and a half."""
    found = number(text)
    if found is None:
        return None
    total = plain(found + Decimal("0.5"))
    return Value(total, total, unit)


def _scaled(found: Value | None, power: int) -> Value | None:
    if found is None:
        return None
    return Value(plain(Decimal(found.low).scaleb(power)), plain(Decimal(found.high).scaleb(power)),
                 found.unit)


def _ratio(text: str) -> Value | None:
    ends = re.split("[:∶]", text)
    if len(ends) != 2:
        return None
    try:
        share = plain(Decimal(ends[0]) / Decimal(ends[1]))
    except (InvalidOperation, ZeroDivisionError):
        return None
    return Value(share, share, "比")


def _first_of_list(text: str) -> str:
    """``15、22`` reads as a range from the first to the last: a value has two ends."""
    parts = text.split("、")
    return text if len(parts) == 1 else f"{parts[0]}-{parts[-1]}"


# Units that 千 makes another unit of: 12千米 is 12 of 千米, not 12,000 of 米.
_KILO = tuple("米克瓦伏卡焦帕")
_NUMERAL = rf"(?:[\d,.]+[余多几]?[十百佰千仟万亿kKwW]*|[{_HAN}万亿]+(?:点[{_HAN}]+)?[余多几]?[万亿]*)[余多几来]*"
_QUANTITY = lazy(rf"(?P<number>[-负]?{_NUMERAL}(?:(?:[-–—―~∼〜至到]+){_NUMERAL})?)(?P<unit>.*)")


def quantity(text: str) -> Value | None:
    """A number with a unit: ``30万余件`` → 300000 件; without a unit the unit is empty.

    Half units count: 一吨半 is 1.5 吨, 2个半小时 2.5 个小时.
    """
    found = _simple(text)
    if found is not None:
        return found
    text = one_form(text)
    match = _QUANTITY.match(text)
    if match is None:
        return None
    figure, unit = match["number"], match["unit"]
    if not unit and len(figure) > 1 and figure[-1] == "两":
        figure, unit = figure[:-1], "两"  # of weight: 三十两
    if figure[-1] == "千" and unit[:1] in _KILO:
        figure, unit = figure[:-1], f"千{unit}"
    if unit.startswith("个半") or (unit.endswith("半") and len(unit) > 1):
        unit = "个" + unit[2:] if unit.startswith("个半") else unit[:-1]
        return _halved(figure, unit)
    return _bounds(figure, unit)
