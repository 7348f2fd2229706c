r"""Chat JSON Lines: extraction as a conversation, for instruction tuning.

``train.jsonl``, ``validation.jsonl``, ``test.jsonl``; a task a line, first the spans and relations
of a text, then its classes. The answer is JSON, shown here unescaped::

    {"messages": [
      {"role": "system", "content": "你是…标注员。…"},
      {"role": "user", "content": "就业岗位增长5%。"},
      {"role": "assistant", "content":
        {"entities": [{"label": "INDICATOR", "quote": "就业岗位", "occurrence": 1},
                      {"label": "PERCENT", "quote": "5%", "occurrence": 1}],
         "relations": [{"type": "CHANGE", "source": 0, "target": 1, "direction": "up"}]}}]}

A model cannot count characters, so a span is its quote and which of its occurrences is meant
(counted from 1, overlapping ones too); `occurrence_start` gives the offset back. `source` and
`target` are places in ``entities``, from 0. ``spans.schema.json`` and ``classes.schema.json`` are
the JSON schemas of the two answers; null is a single choice that was asked and not answered, so
nothing is lost but relations between windows: a text is at most 1,500 characters, cut after a
sentence and never inside a span. ``regions.jsonl`` says which lines are of which region.
"""
from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any, Iterator

import msgspec

from exporters import Format, Loss
from exporters.lines import Files, json_line, json_text, read_typed, write_text
from exporters.regions import SPANS, chosen, class_sets, narrowed
from exporters.windowed import (
    INDEX, Place, Window, apart_losses, cut, joined, place, take, together,
)
from labels.errors import N_, ExportError
from labels.gold import SPLITS, GoldRegion, GoldRelation, GoldRelease, GoldSpan

FORMAT = Format(
    name="chat", title=N_("Chat messages with JSON answers (JSON Lines)"),
    carries=("spans", "relations", "classes"))

LIMIT = 1_500
_SPANS_PROMPT = """\
你是中文公文的信息抽取助手。请从用户给出的文本中找出下列类型的全部片段，以及片段之间的关系，只输出 JSON。
片段类型：{labels}
关系类型：{relations}
输出格式：{{"entities": [{{"label": 类型, "quote": 原文, "occurrence": 该原文在文本中第几次出现（从 1 起）}}],\
 "relations": [{{"type": 关系, "source": 起点片段序号（从 0 起）, "target": 终点片段序号, "direction": 方向或 null}}]}}
quote 必须与原文逐字相同，包括空格和换行；没有片段时 entities 为空列表。"""
_CLASSES_PROMPT = """\
你是中文公文的分类助手。请按下列各项为用户给出的文本选择类别，只输出 JSON，键为项目名。
{sets}
标为“单选”的项目输出一个类别，无法判断时输出 null；标为“多选”的项目输出类别列表，可以为空。"""


class Entity(msgspec.Struct):
    label: str
    quote: str
    occurrence: int


class Link(msgspec.Struct):
    type: str
    source: int
    target: int
    direction: str | None


class Answer(msgspec.Struct):
    entities: list[Entity]
    relations: list[Link]


class Message(msgspec.Struct):
    role: str
    content: str


class Talk(msgspec.Struct):
    messages: tuple[Message, Message, Message]


class IndexRow(Place):
    windows: list[int]
    classes: tuple[str, ...]


_read_answer = msgspec.json.Decoder(Answer).decode


def write(release: GoldRelease, folder: Path) -> list[Loss]:
    """Write conversations and schemas; relations between windows are lost."""
    losses: list[Loss] = []
    directions: set[str] = set()
    prompt = _SPANS_PROMPT.format(labels="、".join(release.labels),
                                  relations="、".join(release.relations) or "（无）")
    with Files(folder) as files:
        for region in release.regions:
            windows: list[Window] = []
            if SPANS in region.asked:
                losses += apart_losses(region, LIMIT)
                windows = cut(region, LIMIT)
            directions.update(link.direction for link in region.relations if link.direction)
            sets = class_sets(release, region)
            talks = [_talk(prompt, window.text, _answer(window)) for window in windows]
            if sets:
                talks.append(_talk(_classes_prompt(release, sets), region.text,
                                   _classes(release, region, sets)))
            for talk in talks:
                files.write(f"{region.split}.jsonl", json_line(talk))
            files.write(INDEX, json_line(IndexRow(
                *place(region), [window.start for window in windows], sets)))
    for name, schema in (("spans", spans_schema(release, sorted(directions))),
                         ("classes", classes_schema(release))):
        write_text(folder / f"{name}.schema.json",
                   json.dumps(schema, ensure_ascii=False, indent=1) + "\n")
    return losses


def carried(release: GoldRelease) -> Iterator[GoldRegion]:
    """The regions in the order of the release, less the relations between windows."""
    for region in release.regions:
        yield narrowed(release, together(region, LIMIT), region.asked)


def read(folder: Path) -> Iterator[GoldRegion]:
    """The regions in the order of the index. Raises ExportError where an answer quotes wrongly."""
    files = {split: read_typed(folder / f"{split}.jsonl", Talk) for split in SPLITS}
    for row in read_typed(folder / INDEX, IndexRow):
        talks = take(files[row.split], len(row.windows) + bool(row.classes))
        parts = [_window(start, talk) for start, talk in zip(row.windows, talks)]
        region = joined(row, parts)
        if not row.classes:
            yield region
            continue
        answers = json.loads(talks[-1].messages[2].content)
        yield replace(
            region, text=region.text or talks[-1].messages[1].content,
            asked=((SPANS,) if parts else ()) + tuple(answers),
            classes=tuple((name, _names(answer)) for name, answer in answers.items()))


def occurrence(text: str, span: GoldSpan) -> int:
    """Which occurrence of its words the span is, from 1."""
    words = text[span.start:span.end]
    if words[0] not in words[1:]:  # it cannot overlap itself, so `count` finds all before
        return text.count(words, 0, span.start) + 1
    number, found = 1, text.find(words)
    while found != span.start:
        number, found = number + 1, text.find(words, found + 1)
    return number


def occurrence_start(text: str, quote: str, number: int) -> int:
    """Where the occurrence `number` of `quote` begins; raises ExportError where there is none."""
    found = -1
    if number > 1 and quote[0] not in quote[1:]:  # as in `occurrence`
        parts = text.split(quote, number)
        found = len(text) - len(parts[-1]) - len(quote) if len(parts) > number else -1
    else:
        for _ in range(number):
            found = text.find(quote, found + 1)
            if found < 0:
                break
    if found < 0:
        raise ExportError(N_("the answer quotes %(quote)r, which does not stand there"),
                          quote=quote)
    return found


def spans_schema(release: GoldRelease, directions: list[str]) -> dict[str, Any]:
    """The JSON schema of an answer with spans and relations."""
    entity = _object(label={"enum": list(release.labels)}, quote={"type": "string", "minLength": 1},
                     occurrence={"type": "integer", "minimum": 1})
    index = {"type": "integer", "minimum": 0}
    relation = _object(type={"enum": list(release.relations)} if release.relations else False,
                       source=index, target=index, direction={"enum": [*directions, None]})
    return {"$schema": _DRAFT, **_object(entities={"type": "array", "items": entity},
                                         relations={"type": "array", "items": relation})}


def classes_schema(release: GoldRelease) -> dict[str, Any]:
    """The JSON schema of an answer with classes; only the sets asked for are there."""
    sets: dict[str, Any] = {
        name: {"type": "array", "items": {"enum": list(choices)}, "uniqueItems": True}
        if name in release.multiple else {"enum": [*choices, None]}
        for name, choices in release.classes}
    return {"$schema": _DRAFT, **_object(**sets), "required": [], "minProperties": 1}


_DRAFT = "https://json-schema.org/draft/2020-12/schema"


def _object(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties),
            "additionalProperties": False}


def _talk(system: str, text: str, answer: Answer | dict[str, Any]) -> Talk:
    return Talk((Message("system", system), Message("user", text),
                 Message("assistant", json_text(answer).decode("utf-8"))))


def _answer(window: Window) -> Answer:
    text = window.text
    return Answer([Entity(span.label, text[span.start:span.end], occurrence(text, span))
                   for span in window.spans],
                  [Link(link.type, link.source, link.target, link.direction)
                   for link in window.relations])


def _classes_prompt(release: GoldRelease, sets: tuple[str, ...]) -> str:
    return _CLASSES_PROMPT.format(sets="\n".join(
        f"{name}（{'多选' if name in release.multiple else '单选'}）："
        f"{'、'.join(dict(release.classes)[name])}" for name in sets))


def _classes(release: GoldRelease, region: GoldRegion, sets: tuple[str, ...]) -> dict[str, Any]:
    answers = {name: list(chosen(release, region, name)) for name in sets}
    return {name: answer if name in release.multiple else next(iter(answer), None)
            for name, answer in answers.items()}


def _names(answer: list[str] | str | None) -> tuple[str, ...]:
    if answer is None:
        return ()
    return (answer,) if isinstance(answer, str) else tuple(answer)


def _window(start: int, talk: Talk) -> Window:
    _, user, assistant = talk.messages
    text, answer = user.content, _read_answer(assistant.content)
    spans = []
    for entity in answer.entities:
        first = occurrence_start(text, entity.quote, entity.occurrence)
        spans.append(GoldSpan(first, first + len(entity.quote), entity.label))
    return Window(start, text, tuple(spans), tuple([
        GoldRelation(link.type, link.source, link.target, link.direction)
        for link in answer.relations]))
