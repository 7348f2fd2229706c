"""Which regions go out without their suggestions, and which settled ones are asked again.

Both follow from the key of a region and a share: a larger share only adds regions. The choice is
another one than that of the overlap, and the two are another one than each other, so that none of
them says anything of the others.
"""
from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Mapping

from labels.errors import InputError, N_
from workbench.slots import MOST_PEOPLE, within

SETTING = "honest"


@dataclass(frozen=True, slots=True)
class Honest:
    """Shares in percent: of the regions of each kind whose suggestions are hidden (`spans`,
    `classes`), and of the settled regions that are asked again (`known`), where `least` people or
    more, or a decision between answers, settled them. `told`: people see how they did.

    This is the setting ``honest``; a project without it hides nothing and asks nothing again.
    """

    spans: int = 0
    classes: int = 0
    known: int = 0
    least: int = 2
    told: bool = False

    def hidden(self, kind: str) -> int:
        """The share of the regions of this kind whose suggestions are hidden."""
        return self.spans if kind == "spans" else self.classes

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def honest_of(setting: Mapping[str, Any] | None) -> Honest:
    """The setting as stored, or what holds where there is none."""
    return Honest(**setting) if setting else Honest()


def honest_given(spans: int, classes: int, known: int, least: int, told: bool) -> Honest:
    """What somebody asks for. Raises InputError where it is out of bounds."""
    for share in (spans, classes, known):
        if not 0 <= share <= 100:
            raise InputError(N_("a share is 0 to 100 percent, not %(share)s"), share=share)
    if not 1 <= least <= MOST_PEOPLE:
        raise InputError(N_("a region is answered by 1 to %(most)s people, not by %(people)s"),
                         most=MOST_PEOPLE, people=least)
    return Honest(spans, classes, known, least, told)


def is_hidden(key: str, kind: str, honest: Honest) -> bool:
    """Whether the region is sent without its suggestions, in all slots alike."""
    return within(f"hidden {key}", honest.hidden(kind))


def is_known(key: str, honest: Honest) -> bool:
    """Whether the region, once it is settled, is asked again."""
    return within(f"known {key}", honest.known)
