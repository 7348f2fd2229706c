"""Label Studio tasks with their annotations, and the labelling configurations to import them with.

``spans.json`` goes into a project with the configuration ``spans.xml``, ``classes.json`` into one
with ``classes.xml``, since people are asked for them one after the other. A file is there only if
the release has such regions. One task::

    {"data": {"key": "d1:0-9", "text": "就业岗位增长5%。", "document": "d1", "start": 0, "end": 9,
              "split": "train", "asked": ["spans"]},
     "annotations": [{"ground_truth": true, "result": [
       {"id": "s0", "type": "labels", "from_name": "label", "to_name": "text",
        "value": {"start": 0, "end": 4, "text": "就业岗位", "labels": ["INDICATOR"]}},
       {"id": "s1", …},
       {"type": "relation", "from_id": "s0", "to_id": "s1", "direction": "right",
        "labels": ["CHANGE.up"]}]}]}

The arrow of a relation (``direction``: always right, from source to target) is not the direction
of change; that follows the type after a dot. A class is a result of its own, absent where nothing
was chosen::

    {"id": "function", "type": "choices", "from_name": "function", "to_name": "text",
     "value": {"choices": ["plan"]}}

Label Studio counts offsets in Unicode code points, end exclusive (seen in its editor with 𠮷 and
emoji), as gold does. One place with two labels is two results.
"""
from __future__ import annotations

from pathlib import Path
from typing import Iterator
from xml.etree import ElementTree

import msgspec

from exporters import Format, Loss
from exporters.lines import Files, json_line, read_list, write_text
from exporters.regions import (
    SPANS, asked, chosen, class_sets, gold_spans, narrowed, refuse_dots, relation_label,
    relation_of,
)
from labels.errors import N_, ExportError
from labels.gold import GoldRegion, GoldRelation, GoldRelease

FORMAT = Format(
    name="label-studio", title=N_("Label Studio tasks (JSON)"),
    carries=("spans", "relations", "classes"))

CLASSES = "classes"
_LABEL, _TEXT = "label", "text"


class Value(msgspec.Struct, omit_defaults=True):
    """`labels` and the slice that they are of, or `choices`."""

    start: int | None = None
    end: int | None = None
    text: str | None = None
    labels: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        (label,) = self.labels
        return label


class Result(msgspec.Struct, omit_defaults=True):
    """A span, a relation or a choice, by its `type`; each has the fields of the sample above."""

    id: str = ""
    type: str = ""
    from_name: str = ""
    to_name: str = ""
    value: Value | None = None
    from_id: str = ""
    to_id: str = ""
    direction: str = ""
    labels: tuple[str, ...] = ()


class Annotation(msgspec.Struct):
    ground_truth: bool
    result: list[Result]


class Data(msgspec.Struct):
    key: str
    text: str
    document: str
    start: int
    end: int
    split: str
    asked: tuple[str, ...]


class Task(msgspec.Struct):
    data: Data
    annotations: list[Annotation]


def write(release: GoldRelease, folder: Path) -> list[Loss]:
    """Write tasks and configurations; nothing is lost."""
    taken = {_LABEL, _TEXT} & set(dict(release.classes))
    if taken:
        raise ExportError(N_("the class set %(name)r has the name of another control"),
                          name=sorted(taken)[0])
    refuse_dots(release)
    used: set[str] = set()
    with Files(folder) as files:
        for region in carried(release):
            name = f"{SPANS if SPANS in region.asked else CLASSES}.json"
            files.write(name, ",\n" if name in files else "[\n")
            files.write(name, json_line(_task(release, region))[:-1])
            used.update(map(relation_label, region.relations))
        for name, config in ((SPANS, span_config(release, used)), (CLASSES, class_config(release))):
            if f"{name}.json" in files:
                files.write(f"{name}.json", "\n]\n")
                write_text(folder / f"{name}.xml", config)
    return []


def carried(release: GoldRelease) -> Iterator[GoldRegion]:
    """The regions asked for spans, then those asked for classes."""
    for region in asked(release, SPANS):
        yield narrowed(release, region, [SPANS])
    for region in release.regions:
        if class_sets(release, region):
            yield narrowed(release, region, class_sets(release, region))


def read(folder: Path) -> Iterator[GoldRegion]:
    """The regions that the tasks hold; one that is in both files comes twice."""
    for name in (SPANS, CLASSES):
        yield from map(region_of_task, read_list(folder / f"{name}.json", Task))


def region_of_task(task: Task) -> GoldRegion:
    """The region of one task. Raises ExportError where a result quotes other words than its own."""
    data = task.data
    (annotation,) = task.annotations
    spans: list[Value] = []
    relations: list[GoldRelation] = []
    answers: dict[str, tuple[str, ...]] = {name: () for name in data.asked if name != SPANS}
    place: dict[str, int] = {}
    for result in annotation.result:
        value = result.value
        if result.type == "relation":
            (label,) = result.labels
            relations.append(relation_of(label, place[result.from_id], place[result.to_id]))
        elif value is None or value.start is None or value.end is None:
            answers[result.from_name] = value.choices if value else ()
        else:
            if data.text[value.start:value.end] != value.text:
                raise ExportError(N_("task %(key)s: result %(id)s is not a slice of its text"),
                                  key=data.key, id=result.id)
            place[result.id] = len(spans)
            spans.append(value)
    return GoldRegion(
        id=data.key, text=data.text, document=data.document, start=data.start, end=data.end,
        split=data.split, asked=data.asked, spans=gold_spans(spans), relations=tuple(relations),
        classes=tuple(answers.items()))


def _task(release: GoldRelease, region: GoldRegion) -> Task:
    text = region.text
    results = [Result(f"s{index}", "labels", _LABEL, _TEXT,
                      Value(span.start, span.end, text[span.start:span.end], (span.label,)))
               for index, span in enumerate(region.spans)]
    results += [Result(type="relation", from_id=f"s{relation.source}", to_id=f"s{relation.target}",
                       direction="right", labels=(relation_label(relation),))
                for relation in region.relations]
    for name in class_sets(release, region):
        if answers := chosen(release, region, name):
            results.append(Result(name, "choices", name, _TEXT, Value(choices=answers)))
    return Task(Data(region.id, text, region.document, region.start, region.end, region.split,
                     region.asked), [Annotation(True, results)])


def span_config(release: GoldRelease, used: set[str]) -> str:
    """The labelling configuration of ``spans.json``, where the relation labels `used` occur.

    Every relation label that is used is declared: Label Studio drops an unknown one without a word
    when somebody submits.
    """
    view = ElementTree.Element("View")
    labels = ElementTree.SubElement(view, "Labels", name=_LABEL, toName=_TEXT)
    for label in release.labels:
        ElementTree.SubElement(labels, "Label", value=label)
    if release.relations:
        relations = ElementTree.SubElement(view, "Relations")
        for name in (*release.relations, *sorted(used - set(release.relations))):
            ElementTree.SubElement(relations, "Relation", value=name)
    ElementTree.SubElement(view, "Text", name=_TEXT, value="$text", granularity="symbol")
    return _xml(view)


def class_config(release: GoldRelease) -> str:
    """The labelling configuration of ``classes.json``: one group of choices a class set."""
    view = ElementTree.Element("View")
    ElementTree.SubElement(view, "Text", name=_TEXT, value="$text")
    for name, choices in release.classes:
        group = ElementTree.SubElement(
            view, "Choices", name=name, toName=_TEXT,
            choice="multiple" if name in release.multiple else "single")
        for choice in choices:
            ElementTree.SubElement(group, "Choice", value=choice)
    return _xml(view)


def _xml(view: ElementTree.Element) -> str:
    ElementTree.indent(view)
    return ElementTree.tostring(view, encoding="unicode") + "\n"
