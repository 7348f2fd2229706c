"""The numbers that Word writes before paragraphs by itself: 一、 （一） 1. 第一章 ①.

They are not in the text of the file but count as text for every reader of it, and the sections of
a document depend on them. Follows ECMA-376 part 1, 17.9: a paragraph belongs to a numbering
instance (num), which follows an abstract numbering whose levels count on over all its instances,
unless an instance starts a level anew.
"""
from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Any, Callable

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"

_DIGITS = "〇一二三四五六七八九"
_FORMAL = "零壹贰叁肆伍陆柒捌玖"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"),
          (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
_PLACE = re.compile("%([1-9])")
_LEVELS = 9
_MOST = 9_999


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a list. `text` holds %1 … %9 for the counts; `style` is the paragraph style
    that takes this level; `restart` is the level after which it starts anew (None: any above)."""

    start: int = 1
    form: str = "decimal"
    text: str = ""
    style: str = ""
    legal: bool = False
    restart: int | None = None


@dataclass(slots=True)
class Numbering:
    """Counts the numbered paragraphs of a document in their order."""

    abstracts: dict[str, dict[int, Level]] = field(default_factory=dict)
    instances: dict[str, str] = field(default_factory=dict)
    overrides: dict[str, dict[int, Level]] = field(default_factory=dict)
    starts: dict[str, dict[int, int]] = field(default_factory=dict)
    _counts: dict[str, dict[int, int]] = field(default_factory=dict)
    _begun: set[tuple[str, int]] = field(default_factory=set)

    def level_of_style(self, instance: str, style: str) -> int:
        """The level that paragraphs of `style` take in a list; 0 where none is named."""
        levels = self._levels(instance)
        return next((number for number, level in levels.items() if level.style == style), 0)

    def next(self, instance: str, level: int) -> str:
        """The number of the next paragraph at `level` (from 0), as it is shown; "" for a bullet
        or a list that the document does not define."""
        levels = self._levels(instance)
        if level not in levels:
            return ""
        counts = self._counts.setdefault(self.instances[instance], {})
        start = self.starts.get(instance, {}).get(level)
        if start is not None and (instance, level) not in self._begun:
            counts[level] = start
        else:
            counts[level] = counts[level] + 1 if level in counts else levels[level].start
        self._begun.add((instance, level))
        for deeper in [one for one in counts if one > level]:
            restart = levels[deeper].restart if deeper in levels else None
            if restart is None or 0 < restart and level < restart:
                del counts[deeper]
        for above in range(level):
            counts.setdefault(above, levels[above].start if above in levels else 1)
        return _shown(levels, level, counts)

    def _levels(self, instance: str) -> dict[int, Level]:
        abstract = self.abstracts.get(self.instances.get(instance, ""), {})
        return {**abstract, **self.overrides.get(instance, {})}


def read_numbering(root: Any | None, style_lists: dict[str, str]) -> Numbering:
    """The lists that numbering.xml defines; `style_lists` names the instance of a list style."""
    numbering = Numbering()
    if root is None:
        return numbering
    linked: dict[str, str] = {}
    for abstract in root.iter(f"{W}abstractNum"):
        key = abstract.get(f"{W}abstractNumId") or ""
        numbering.abstracts[key] = {
            _int(level.get(f"{W}ilvl"), 0): _level(level) for level in abstract.iter(f"{W}lvl")}
        style = _value(abstract, "numStyleLink")
        if style:
            linked[key] = style
    for num in root.iter(f"{W}num"):
        instance = num.get(f"{W}numId") or ""
        numbering.instances[instance] = _value(num, "abstractNumId")
        for override in num.iter(f"{W}lvlOverride"):
            level = _int(override.get(f"{W}ilvl"), 0)
            own = override.find(f"{W}lvl")
            if own is not None:
                numbering.overrides.setdefault(instance, {})[level] = _level(own)
            start = _value(override, "startOverride")
            if start:
                numbering.starts.setdefault(instance, {})[level] = _int(start, 1)
    for key, style in linked.items():
        target = numbering.instances.get(style_lists.get(style, ""), "")
        if not numbering.abstracts[key] and target != key:
            numbering.abstracts[key] = numbering.abstracts.get(target, {})
    return numbering


def spaced(number: str) -> str:
    """The number as it stands before text: with a space, unless it ends in 、 or a bracket."""
    return number if not number or number[-1] in "、）)：:】］" else number + " "


def _level(element: Any) -> Level:
    level = Level(_int(_value(element, "start"), 1), _value(element, "numFmt") or "decimal",
                  _value(element, "lvlText"), _value(element, "pStyle"),
                  element.find(f"{W}isLgl") is not None)
    restart = _value(element, "lvlRestart")
    return replace(level, restart=_int(restart, 0)) if restart else level


def _value(element: Any, tag: str) -> str:
    child = element.find(f"{W}{tag}")
    return (child.get(f"{W}val") or "") if child is not None else ""


def _int(value: str | None, default: int) -> int:
    return min(int(value), _MOST) if value and value.isdecimal() and len(value) < 9 else default


def _shown(levels: dict[int, Level], level: int, counts: dict[int, int]) -> str:
    own = levels[level]
    if own.form in ("bullet", "none"):
        return "" if own.form == "bullet" else _PLACE.sub("", own.text).strip()

    def count(found: re.Match[str]) -> str:
        at = int(found[1]) - 1
        form = levels[at].form if at in levels else "decimal"
        return format_count(counts.get(at, 1), "decimal" if own.legal else form)

    return " ".join(_PLACE.sub(count, own.text).split())


def format_count(count: int, form: str) -> str:
    """A count in one of Word's number formats; in Arabic digits where the format is unknown."""
    make = _FORMS.get(form)
    return make(count) if make and 0 < count <= _MOST else str(count)


def han(count: int, digits: str = _DIGITS, units: str = "十百千") -> str:
    """105 → 一百零五, 12 → 十二; with the digits and units of 壹 where these are given."""
    zero = "零"
    pieces: list[str] = []
    text = str(count)
    for place, digit in zip(range(len(text) - 1, -1, -1), text):
        if digit != "0":
            pieces.append(digits[int(digit)] + (units[place - 1] if place else ""))
        elif pieces and pieces[-1] != zero:
            pieces.append(zero)
    while pieces and pieces[-1] == zero:
        pieces.pop()
    found = "".join(pieces)
    return found[1:] if found.startswith("一十") else found


def _letters(count: int) -> str:
    return chr(ord("a") + (count - 1) % 26) * ((count - 1) // 26 + 1)


def _roman(count: int) -> str:
    pieces: list[str] = []
    for value, sign in _ROMAN:
        pieces.append(sign * (count // value))
        count %= value
    return "".join(pieces)


def _circled(count: int) -> str:
    return chr(ord("①") + count - 1) if count <= 20 else str(count)


def _digits(count: int) -> str:
    return "".join(_DIGITS[int(digit)] for digit in str(count))


_FORMS: dict[str, Callable[[int], str]] = {
    **dict.fromkeys(("chineseCounting", "chineseCountingThousand", "japaneseCounting",
                     "taiwaneseCounting", "taiwaneseCountingThousand"), han),
    **dict.fromkeys(("ideographDigital", "japaneseDigitalTenThousand", "taiwaneseDigital"),
                    _digits),
    "chineseLegalSimplified": lambda count: han(count, _FORMAL, "拾佰仟"),
    "ideographTraditional": lambda count: _STEMS[(count - 1) % 10],
    "ideographZodiac": lambda count: _BRANCHES[(count - 1) % 12],
    **dict.fromkeys(("decimalEnclosedCircle", "decimalEnclosedCircleChinese"), _circled),
    "decimalZero": lambda count: f"{count:02d}",
    "decimalFullWidth": lambda count: str(count).translate(
        str.maketrans("0123456789", "０１２３４５６７８９")),
    "decimalEnclosedParen": lambda count: f"({count})",
    "decimalEnclosedFullstop": lambda count: f"{count}.",
    "lowerLetter": _letters, "upperLetter": lambda count: _letters(count).upper(),
    "lowerRoman": _roman, "upperRoman": lambda count: _roman(count).upper(),
}
