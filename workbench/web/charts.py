"""Plots as inline SVG: of attributes only, since pages allow no style in them; colours are those of
the style sheet, so that they hold in dark and in print. Each says in words what it shows.

Figures always stand beside in a table: a plot shows their shape, it is not their only place.
"""
from __future__ import annotations

from dataclasses import dataclass
from math import floor, log10
from typing import Iterable, Sequence

from markupsafe import Markup, escape

# Around the field of a plot: for the numbers at its left and below, and half a number at its right.
_LEFT, _TOP, _RIGHT, _BELOW = 44, 10, 16, 34
# So many names fit below a plot before they meet.
_NAMES = 9


@dataclass(frozen=True, slots=True)
class Mark:
    """A figure at a place of its axis, with its interval where there is one."""

    value: float | None
    low: float | None = None
    high: float | None = None


def over_time(names: Sequence[str], series: Sequence[Sequence[Mark]], label: str,
              width: int = 680, height: int = 220) -> Markup:
    """Figures from 0 to 1, one place a name: `series` (three at most) are parted by the form of
    their marks, the first with a line through it. What is below 0 stands at 0."""
    field = _Field(width, height, (0, max(len(names), 1)), (0, 1))
    parts = [*field.rules([0, 0.25, 0.5, 0.75, 1], "{:g}"),
             *field.names([(place + 0.5, name) for place, name in enumerate(names)])]
    for number, marks in enumerate(series):
        places = [(place + 0.5 + (number - (len(series) - 1) / 2) * 0.16, one)
                  for place, one in enumerate(marks) if one.value is not None]
        known = [(field.x(place), field.y(max(one.value or 0, 0))) for place, one in places]
        for place, one in places:
            if one.low is not None and one.high is not None:
                parts.append(_line(field.x(place), field.y(max(one.low, 0)), field.x(place),
                                   field.y(max(one.high, 0)), "between"))
        if not number and len(known) > 1:
            path = " ".join(f"{x:.1f},{y:.1f}" for x, y in known)
            parts.append(f'<polyline class="run" points="{path}"/>')
        parts += [_mark(number, x, y) for x, y in known]
    return field.drawn(parts, label)


def scatter(points: Iterable[tuple[float, float]], line: tuple[float, float] | None,
            widest: float, highest: float, label: str, titles: tuple[str, str],
            width: int = 420, height: int = 200) -> Markup:
    """Points, those farther out at the edge; `line` is (at 0, a step) of a line through them;
    `titles` name the two axes."""
    field = _Field(width, height, (0, widest), (0, highest), top=_TOP + 16)
    parts = [*field.rules(ticks(highest), "{:g}"),
             *field.names([(tick, f"{tick:g}") for tick in ticks(widest)])]
    parts += [f'<circle class="dot" cx="{field.x(min(x, widest)):.1f}"'
              f' cy="{field.y(min(y, highest)):.1f}" r="2"/>' for x, y in points]
    if line:
        # Only the part within the field.
        start, each = line
        ends = [0.0, widest]
        if each:
            ends += [(border - start) / each for border in (0, highest)]
        inside = sorted(x for x in ends
                        if 0 <= x <= widest and -1e-6 <= start + each * x <= highest + 1e-6)
        if len(inside) > 1:
            parts.append(_line(field.x(inside[0]), field.y(start + each * inside[0]),
                               field.x(inside[-1]), field.y(start + each * inside[-1]), "run"))
    parts.append(_text(width - _RIGHT, height - 4, titles[0], "end"))
    parts.append(_text(6, _TOP + 4, titles[1], "start"))
    return field.drawn(parts, label)


def columns(names: Sequence[str], counts: Sequence[int], label: str, width: int = 680,
            height: int = 200) -> Markup:
    """A column a name, its count above it."""
    most = max([*counts, 1])
    field = _Field(width, height, (0, max(len(names), 1)), (0, most * 1.12))
    parts = [*field.rules(ticks(most), "{:g}"),
             *field.names([(place + 0.5, name) for place, name in enumerate(names)])]
    for place, count in enumerate(counts):
        left, right = field.x(place + 0.15), field.x(place + 0.85)
        parts.append(f'<rect class="column" x="{left:.1f}" y="{field.y(count):.1f}"'
                     f' width="{right - left:.1f}" height="{field.y(0) - field.y(count):.1f}"/>')
        parts.append(_text((left + right) / 2, field.y(count) - 4, str(count), "middle"))
    return field.drawn(parts, label)


def ticks(highest: float, about: int = 4) -> list[float]:
    """Round numbers from 0 up to `highest`, about so many steps; what no axis could show is 0."""
    if highest < 1e-9:
        return [0]
    power = 10.0 ** floor(log10(highest / about))
    step = next(each for each in (power, 2 * power, 5 * power, 10 * power)
                if highest / each <= about + 0.5)
    return [step * number for number in range(int(highest / step + 1e-9) + 1)]


class _Field:
    """Where the numbers of a plot stand in its picture."""

    def __init__(self, width: int, height: int, across: tuple[float, float],
                 up: tuple[float, float], top: int = _TOP) -> None:
        self.width, self.height, self._top = width, height, top
        self._across, self._up = across, up

    def x(self, value: float) -> float:
        low, high = self._across
        return _LEFT + (self.width - _LEFT - _RIGHT) * (value - low) / (high - low)

    def y(self, value: float) -> float:
        low, high = self._up
        return self.height - _BELOW - (value - low) / (high - low) * (
            self.height - self._top - _BELOW)

    def rules(self, values: Iterable[float], form: str) -> Iterable[str]:
        """A line across at each value, with its number."""
        for value in values:
            y = self.y(value)
            yield _line(_LEFT, y, self.width - _RIGHT, y, "rule")
            yield _text(_LEFT - 6, y + 4, form.format(value), "end")

    def names(self, found: Sequence[tuple[float, str]]) -> Iterable[str]:
        """What stands below the plot; of many only some."""
        step = -(-len(found) // _NAMES) or 1
        for place, name in found[::step]:
            yield _text(self.x(place), self.height - _BELOW + 16, name, "middle")

    def drawn(self, parts: Iterable[str], label: str) -> Markup:
        return Markup(f'<svg class="chart" viewBox="0 0 {self.width} {self.height}"'
                      f' width="{self.width}" height="{self.height}" role="img"'
                      f' aria-label="{escape(label)}">{"".join(parts)}</svg>')


def _line(x1: float, y1: float, x2: float, y2: float, kind: str) -> str:
    return f'<line class="{kind}" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>'


def _text(x: float, y: float, said: str, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(said)}</text>'


def _mark(number: int, x: float, y: float) -> str:
    if number == 0:
        return f'<circle class="mark" cx="{x:.1f}" cy="{y:.1f}" r="4"/>'
    if number == 1:
        return f'<circle class="ring" cx="{x:.1f}" cy="{y:.1f}" r="4"/>'
    return f'<path class="ring" d="M{x:.1f} {y - 5:.1f}l5 9h-10z"/>'
