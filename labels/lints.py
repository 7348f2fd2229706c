"""What in an answer the guide advises against: found, told, and mended only as a proposal.

An answer is ``{"spans": [{"start","end","label"}], "relations": [{"type","source","target",
"direction"}], "classes": {name: [choice]}}`` over one text, its offsets local to that text. An
answer stays as a person made it; a lint says what is odd in it, and mostly how it could be mended.
"""
from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from dataclasses import asdict, dataclass, field
from typing import Any, Iterable, Iterator, Literal, Mapping, Sequence

from labels.errors import N_
from labels.schema import RelationType, Schema

Answer = Mapping[str, Any]
Action = Literal["trim", "widen", "relabel", "drop", "turn", "retype"]

# What each code says; the fields are those of its lint.
MESSAGES: Mapping[str, str] = {
    "edge_space": N_("%(quote)s begins or ends with white space"),
    "edge_mark": N_("%(quote)s begins or ends with punctuation"),
    "marks_left_out": N_("the title marks around %(quote)s belong to it"),
    "unpaired": N_("%(quote)s holds only one bracket of a pair"),
    "overlap": N_("%(quote)s and %(other)s overlap"),
    "two_labels": N_("%(quote)s is marked as %(label)s and as %(other)s"),
    "surface": N_("%(quote)s is %(label)s here and %(other)s at %(count)s other places"),
    "relation_labels": N_("%(type)s does not lead from %(source)s to %(target)s"),
    "relation_value": N_("%(type)s lacks its %(attribute)s"),
    "class_missing": N_("%(name)s has no answer"),
}
PROPOSALS: Mapping[Action, str] = {
    "trim": N_("mark only %(text)s"), "widen": N_("mark %(text)s"),
    "relabel": N_("mark it as %(label)s"), "drop": N_("remove %(text)s"),
    "turn": N_("turn the arrow round"), "retype": N_("call it %(label)s"),
}

_PAIRS = {"（": "）", "(": ")", "〔": "〕", "[": "]", "【": "】", "［": "］", "《": "》", "〈": "〉",
          "「": "」", "『": "』", "“": "”", "‘": "’", "{": "}", "｛": "｝", "〖": "〗"}
_OPENERS = {closer: opener for opener, closer in _PAIRS.items()}
_TITLE_MARKS = ("《", "》")
_QUOTES = frozenset("“”‘’「」『』")
# Of one surface in a document, the label that counts as the usual one: how often it stands at
# least, and how large its share is at least.
LEAST_USUAL = 3
USUAL_SHARE = 0.75


@dataclass(frozen=True, slots=True)
class Proposal:
    """How a lint could be mended.

    ``trim`` and ``widen``: the span becomes [start, end); ``relabel``: the span is `label`;
    ``drop``: the span (or the relation, where the lint has no span) goes; ``turn``: the relation
    leads the other way; ``retype``: the relation is `label`.
    """

    action: Action
    start: int = 0
    end: int = 0
    label: str = ""


@dataclass(frozen=True, slots=True)
class Lint:
    """`spans` and `relations` index those of the answer; `start` and `end` tell where it is."""

    code: str
    start: int
    end: int
    spans: tuple[int, ...] = ()
    relations: tuple[int, ...] = ()
    fields: Mapping[str, Any] = field(default_factory=dict, hash=False)
    proposal: Proposal | None = None

    @property
    def message(self) -> str:
        return MESSAGES[self.code]


def lint(text: str, answer: Answer, schema: Schema, edges: Mapping[str, str] | None = None,
         asked: Iterable[str] = ()) -> tuple[Lint, ...]:
    """The lints of one answer over `text`, in order of the text.

    `edges` names by label the punctuation that may begin or end it (``{"DOC": "《》"}``); `asked`
    the class sets that were asked of this text.
    """
    spans: Sequence[Mapping[str, Any]] = answer.get("spans") or ()
    found = [one for position, span in enumerate(spans)
             for one in _edges(text, position, span, (edges or {}).get(span["label"], ""))]
    found += _overlaps(text, spans)
    for position, link in enumerate(answer.get("relations") or ()):
        found += _relation(spans, position, link, schema)
    found += _classes(answer.get("classes") or {}, schema, asked)
    return tuple(sorted(found, key=lambda one: (one.start, one.end, one.code)))


def lint_to_json(one: Lint) -> dict[str, Any]:
    return {**asdict(one), "fields": dict(one.fields)}


def lint_from_json(row: Mapping[str, Any]) -> Lint:
    """The inverse of `lint_to_json`."""
    return Lint(row["code"], row["start"], row["end"], tuple(row["spans"]),
                tuple(row["relations"]), row["fields"],
                Proposal(**row["proposal"]) if row["proposal"] else None)


# --- one span ------------------------------------------------------------------------------------

def _edges(text: str, position: int, span: Mapping[str, Any], keeps: str) -> Iterator[Lint]:
    start, end = span["start"], span["end"]
    first, last = _trimmed(text, start, end, keeps)
    if (first, last) != (start, end):
        code = "edge_space" if text[start:end].strip() == text[first:last] else "edge_mark"
    elif ("《" in keeps and text[max(0, start - 1):start] == "《" and text[end:end + 1] == "》"
          and "《" not in text[start:end]):
        code, first, last = "marks_left_out", start - 1, end + 1
    else:
        code = "unpaired"
    # What is left may be a single bracket still: a proposal needs no second one.
    while first < last and (cut := _paired(text, first, last, keeps)) != (first, last):
        first, last = cut
    if (first, last) == (start, end):
        return
    wider = first < start or last > end
    yield Lint(code, start, end, (position,), (), {"quote": text[start:end]},
               Proposal("drop", start, end, span["label"]) if first >= last else
               Proposal("widen" if wider else "trim", first, last))


def _paired(text: str, start: int, end: int, keeps: str) -> tuple[int, int]:
    """[start, end) without a bracket whose partner is missing, or with that partner, if it stands
    just outside and the label takes it in."""
    odd = _unpaired(text, start, end)
    if odd is None:
        return start, end
    opens = text[odd] in _PAIRS
    partner = _PAIRS[text[odd]] if opens else _OPENERS[text[odd]]
    if partner == (text[end:end + 1] if opens else text[max(0, start - 1):start]):
        if partner in keeps:
            return (start, end + 1) if opens else (start - 1, end)
        if partner in _QUOTES:
            return start, end  # “菜篮子”工程 begins after the mark that would begin it
    return _trimmed(text, *((start, odd) if opens else (odd + 1, end)), keeps=keeps)


def _trimmed(text: str, start: int, end: int, keeps: str) -> tuple[int, int]:
    """[start, end) without the white space and punctuation at its edges; empty if all is such."""
    while start < end and _leaves(text[start], keeps):
        start += 1
    while start < end and _leaves(text[end - 1], keeps) and not _abbreviation(text, end - 1):
        end -= 1
    return start, end


def _leaves(character: str, keeps: str) -> bool:
    return character not in keeps and (
        character.isspace() or unicodedata.category(character).startswith("P"))


def _abbreviation(text: str, at: int) -> bool:
    """Whether the full stop at `at` ends a Latin abbreviation: Co., Ltd."""
    return text[at] == "." and at > 0 and text[at - 1].isascii() and text[at - 1].isalpha()


def _unpaired(text: str, start: int, end: int) -> int | None:
    """Where a bracket stands whose partner does not stand in [start, end); the first opener that
    stays open, or the last closer that was never opened."""
    opened: list[int] = []
    stray: int | None = None
    for at in range(start, end):
        if text[at] in _PAIRS:
            opened.append(at)
        elif text[at] in _OPENERS:
            if opened and text[opened[-1]] == _OPENERS[text[at]]:
                opened.pop()
            # The single closing quote is an apostrophe too.
            elif text[at] != "’":
                stray = at
    return stray if stray is not None else opened[0] if opened else None


# --- spans among each other ----------------------------------------------------------------------

def _overlaps(text: str, spans: Sequence[Mapping[str, Any]]) -> Iterator[Lint]:
    """Of spans that overlap, the outermost is the one the guide keeps."""
    order = sorted(range(len(spans)), key=lambda at: (spans[at]["start"], -spans[at]["end"], at))
    reach: int | None = None
    for at in order:
        span = spans[at]
        if reach is not None and span["start"] < spans[reach]["end"]:
            yield _overlap(text, spans, reach, at)
        if reach is None or span["end"] > spans[reach]["end"]:
            reach = at


def _overlap(text: str, spans: Sequence[Mapping[str, Any]], outer: int, inner: int) -> Lint:
    one, other = spans[outer], spans[inner]
    quotes = [text[span["start"]:span["end"]] for span in (one, other)]
    if (one["start"], one["end"]) == (other["start"], other["end"]):
        return Lint("two_labels", one["start"], one["end"], (outer, inner), (),
                    {"quote": quotes[0], "label": one["label"], "other": other["label"]})
    inside = other["end"] <= one["end"]
    return Lint("overlap", one["start"], max(one["end"], other["end"]), (outer, inner), (),
                {"quote": quotes[0], "other": quotes[1]},
                Proposal("drop", other["start"], other["end"], other["label"]) if inside else None)


def lint_surfaces(answers: Sequence[tuple[str, Answer]]) -> tuple[tuple[Lint, ...], ...]:
    """Per (text, answer) of one document: spans whose surface mostly has another label in the
    document. White space in a surface does not count."""
    labels: dict[str, Counter[str]] = defaultdict(Counter)
    for text, answer in answers:
        for span in answer.get("spans") or ():
            labels[_surface(text, span)][span["label"]] += 1
    usual = {surface: name for surface, counts in labels.items() if len(counts) > 1
             for name, count in counts.most_common(1)
             if count >= LEAST_USUAL and count >= USUAL_SHARE * sum(counts.values())}
    return tuple(tuple(
        Lint("surface", span["start"], span["end"], (position,), (),
             {"quote": text[span["start"]:span["end"]], "label": span["label"], "other": name,
              "count": labels[_surface(text, span)][name]},
             Proposal("relabel", span["start"], span["end"], name))
        for position, span in enumerate(answer.get("spans") or ())
        if (name := usual.get(_surface(text, span))) not in (None, span["label"]))
        for text, answer in answers)


def _surface(text: str, span: Mapping[str, Any]) -> str:
    return "".join(text[span["start"]:span["end"]].split())


# --- relations and classes -----------------------------------------------------------------------

def _relation(spans: Sequence[Mapping[str, Any]], position: int, link: Mapping[str, Any],
              schema: Schema) -> Iterator[Lint]:
    source, target = spans[link["source"]], spans[link["target"]]
    ends = link["source"], link["target"]
    start, end = min(source["start"], target["start"]), max(source["end"], target["end"])
    kind = next((one for one in schema.relations if one.name == link["type"]), None)
    if kind is None or not _fits(kind, source["label"], target["label"]):
        yield Lint("relation_labels", start, end, ends, (position,),
                   {"type": link["type"], "source": source["label"], "target": target["label"]},
                   _other_relation(kind, source["label"], target["label"], schema))
    elif any(one.name == "direction" for one in kind.attributes) and not link.get("direction"):
        yield Lint("relation_value", start, end, ends, (position,),
                   {"type": link["type"], "attribute": "direction"})


def _fits(kind: RelationType, source: str, target: str) -> bool:
    return source in kind.source and target in kind.target


def _other_relation(kind: RelationType | None, source: str, target: str,
                    schema: Schema) -> Proposal:
    if kind is not None and _fits(kind, target, source):
        return Proposal("turn")
    fitting = [one.name for one in schema.relations if _fits(one, source, target)]
    return Proposal("retype", label=fitting[0]) if len(fitting) == 1 else Proposal("drop")


def _classes(classes: Mapping[str, Sequence[str]], schema: Schema,
             asked: Iterable[str]) -> Iterator[Lint]:
    wanted = frozenset(asked)
    for one in schema.classes:
        if one.name in wanted and not one.multiple and not classes.get(one.name):
            yield Lint("class_missing", 0, 0, fields={"name": one.name})
