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

import json
from pathlib import Path
from typing import Any, Iterator
from xml.etree import ElementTree

from exporters import Format, Loss
from exporters.regions import (
    SPANS, Files, asked, chosen, class_sets, json_line, narrowed, refuse_dots, relation_label,
    relation_of, write_text,
)
from labels.errors import N_, ExportError
from labels.gold import GoldRegion, GoldRelation, GoldRelease, GoldSpan

FORMAT = Format(
    name="label-studio", title=N_("Label Studio tasks (JSON)"),
    carries=("spans", "relations", "classes"))

CLASSES = "classes"
_LABEL, _TEXT = "label", "text"
_PLACE = ("document", "start", "end", "split")


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
            files.write(name, json_line(_task(release, region)).rstrip(b"\n"))
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
    """The regions that the tasks hold; one that is in both files comes twice.

    The files are read as they are written, one task a line.
    """
    for name in (SPANS, CLASSES):
        path = folder / f"{name}.json"
        if path.exists():
            with path.open(encoding="utf-8", newline="\n") as lines:
                for line in lines:
                    if line not in ("[\n", "]\n"):
                        yield region_of_task(json.loads(line.rstrip(",\n")))


def region_of_task(task: dict[str, Any]) -> GoldRegion:
    """The region of one task. Raises ExportError where a result quotes other words than its own."""
    data = task["data"]
    (annotation,) = task["annotations"]
    spans: dict[str, GoldSpan] = {}
    relations: list[GoldRelation] = []
    answers: dict[str, tuple[str, ...]] = {name: () for name in data["asked"] if name != SPANS}
    order: list[str] = []
    for result in annotation["result"]:
        if result["type"] == "labels":
            value = result["value"]
            if data["text"][value["start"]:value["end"]] != value["text"]:
                raise ExportError(N_("task %(key)s: result %(id)s is not a slice of its text"),
                                  key=data["key"], id=result["id"])
            (label,) = value["labels"]
            order.append(result["id"])
            spans[result["id"]] = GoldSpan(value["start"], value["end"], label)
        elif result["type"] == "relation":
            (label,) = result["labels"]
            relations.append(relation_of(label, order.index(result["from_id"]),
                                         order.index(result["to_id"])))
        else:
            answers[result["from_name"]] = tuple(result["value"]["choices"])
    return GoldRegion(
        id=data["key"], text=data["text"], **{key: data[key] for key in _PLACE},
        asked=tuple(data["asked"]), spans=tuple(spans.values()), relations=tuple(relations),
        classes=tuple(answers.items()))


def _task(release: GoldRelease, region: GoldRegion) -> dict[str, Any]:
    results = [_span(region, index) for index in range(len(region.spans))]
    results += [_relation(relation) for relation in region.relations]
    for name in class_sets(release, region):
        answers = chosen(release, region, name)
        if answers:
            results.append({"id": name, "type": "choices", "from_name": name, "to_name": _TEXT,
                            "value": {"choices": list(answers)}})
    return {
        "data": {"key": region.id, "text": region.text,
                 **{key: getattr(region, key) for key in _PLACE}, "asked": list(region.asked)},
        "annotations": [{"ground_truth": True, "result": results}]}


def _span(region: GoldRegion, index: int) -> dict[str, Any]:
    span = region.spans[index]
    return {"id": f"s{index}", "type": "labels", "from_name": _LABEL, "to_name": _TEXT,
            "value": {"start": span.start, "end": span.end,
                      "text": region.text[span.start:span.end], "labels": [span.label]}}


def _relation(relation: GoldRelation) -> dict[str, Any]:
    return {"type": "relation", "from_id": f"s{relation.source}", "to_id": f"s{relation.target}",
            "direction": "right", "labels": [relation_label(relation)]}


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
