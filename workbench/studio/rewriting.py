"""Rewriting what Label Studio holds under a changed schema: answers, drafts, predictions, labels.

Its facts (1.23.2, seen): a PATCH of an annotation keeps its author (``completed_by``) and deletes
the drafts that somebody began on it, so these lie apart meanwhile; a PATCH of a draft keeps its
owner. The list of tasks shows only one's own drafts, the drafts of one task are everybody's. A
prediction is validated against the labels of the project when it is changed. Which labels are in
use is counted, wrongly after a while, so the count is made anew before it is asked.
"""
from __future__ import annotations

import copy
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from typing import Any, Iterator, Mapping, Sequence

from labels.answers import in_order
from labels.errors import StudioError, StudioMismatch
from labels.guide import Guide
from labels.migrating import union
from labels.naming import Names, directions_of
from labels.schema import Schema
from workbench.studio.client import Client
from workbench.studio.mapping import (
    LABELS, Kind, instruction, labeling_config, relation_value,
)
from workbench.studio.push import task_rows

PAGE = 100
_FIELDS = ("id,meta,annotations,predictions,result,completed_by,updated_at,was_cancelled,"
           "total_predictions")

Result = Sequence[Mapping[str, Any]]


# --- results -------------------------------------------------------------------------------------

def told(result: Result) -> dict[str, Any]:
    """What a result says, as the JSON of an answer, without judging it: what cannot be read is left
    out, as is what is said twice."""
    spans: dict[tuple[int, int, str], int] = {}
    places: dict[str, int] = {}
    for item in result:
        labels, value = _labels(item), item.get("value") or {}
        if labels and type(value.get("start")) is int and type(value.get("end")) is int:
            key = (value["start"], value["end"], labels[0])
            places[str(item.get("id"))] = spans.setdefault(key, len(spans))
    relations: dict[tuple[int, int, str, str | None], None] = {}
    classes: dict[str, list[str]] = {}
    for item in result:
        if item.get("type") == "relation":
            ends = [places.get(str(item.get(end))) for end in ("from_id", "to_id")]
            source, target = reversed(ends) if item.get("direction") == "left" else ends
            for value in item.get("labels") or ():
                name, _, direction = str(value).split(" ")[-1].partition(".")
                if source is not None and target is not None and source != target:
                    relations[source, target, name, direction or None] = None
        elif item.get("type") == "choices":
            chosen = (item.get("value") or {}).get("choices") or ()
            classes[str(item.get("from_name"))] = [str(choice) for choice in chosen]
    return {"spans": [{"start": start, "end": end, "label": label}
                      for start, end, label in spans],
            "relations": [{"source": source, "target": target, "type": name,
                           "direction": direction}
                          for source, target, name, direction in relations],
            "classes": classes}


def _labels(item: Mapping[str, Any]) -> list[str]:
    """The labels of a span; none for what is no span."""
    if item.get("type") != "labels" or item.get("from_name") != LABELS:
        return []
    return [str(label) for label in (item.get("value") or {}).get("labels") or ()]


def rewritten(result: Result, names: Names, new: Schema) -> list[dict[str, Any]]:
    """`result` under the names of `new`. What has no name there goes, a relation with its spans;
    equal spans become one. Everything else, also what was never ours, stays as it is."""
    made: list[dict[str, Any]] = []
    # The id of a span → the id of the span that stands for it; None: it is gone.
    stands: dict[str, str | None] = {}
    first: dict[tuple[Any, ...], str] = {}
    for item in copy.deepcopy(list(result)):
        labels = _labels(item)
        if not labels:
            made.append(dict(item))
            continue
        turned = [name for label in labels if (name := names.label(label))]
        value, key = item["value"], str(item.get("id"))
        place = (value.get("start"), value.get("end"), *turned)
        if not turned:
            stands[key] = None
        elif place in first:
            stands[key] = first[place]
        else:
            first[place] = key
            stands[key] = key
            made.append({**item, "value": {**value, "labels": turned}})
    return _linked(made, stands, names, new)


def _linked(items: Sequence[Mapping[str, Any]], stands: Mapping[str, str | None], names: Names,
            new: Schema) -> list[dict[str, Any]]:
    """Relations and choices under their new names; spans are so already."""
    made: list[dict[str, Any]] = []
    arrows: dict[tuple[Any, ...], dict[str, Any]] = {}
    for item in items:
        if item.get("type") == "relation":
            ends = [stands.get(str(item.get(end)), str(item.get(end)))
                    for end in ("from_id", "to_id")]
            values = _relation_values(item.get("labels") or (), names, new)
            if None in ends or ends[0] == ends[1] or not values and item.get("labels"):
                continue
            key = (*ends, item.get("direction"))
            if key in arrows:
                # The editor keeps one relation a pair of regions.
                arrows[key]["labels"] = list(dict.fromkeys((*arrows[key]["labels"], *values)))
                continue
            arrows[key] = {**item, "from_id": ends[0], "to_id": ends[1], "labels": values}
            made.append(arrows[key])
        elif item.get("type") == "choices":
            made.extend(_choices(item, names, new))
        else:
            made.append(dict(item))
    return made


def _relation_values(values: Sequence[Any], names: Names, new: Schema) -> list[str]:
    known = {relation.name: directions_of(relation) for relation in new.relations}
    found: list[str] = []
    for value in values:
        name, _, direction = str(value).split(" ")[-1].partition(".")
        now = names.relation(name)
        if now is None:
            continue
        turned = names.direction(name, direction) if direction else None
        found.append(relation_value(new, now, turned if turned in known[now] else None)
                     if now in known else str(value))
    return list(dict.fromkeys(found))


def _choices(item: Mapping[str, Any], names: Names, new: Schema) -> Iterator[dict[str, Any]]:
    name = str(item.get("from_name"))
    now = names.class_set(name)
    if now is None:
        return
    value = item.get("value") or {}
    chosen = list(dict.fromkeys(
        turned for choice in value.get("choices") or ()
        if (turned := names.choice(name, str(choice)))))
    single = {classes.name for classes in new.classes if not classes.multiple}
    if chosen or not value.get("choices"):
        yield {**item, "from_name": now, "value": {
            **value, "choices": in_order(chosen, now, new)[:1] if now in single else chosen}}


# --- the labels of a project there ---------------------------------------------------------------

def both_configs(old: Schema, new: Schema, kind: Kind) -> str:
    """A form that holds what answers of either schema say, also relations under older titles."""
    view = ET.fromstring(labeling_config(union(old, new), kind))
    relations = view.find("Relations")
    if relations is not None:
        known = {entry.get("value") for entry in relations}
        for entry in ET.fromstring(labeling_config(old, kind)).iterfind("Relations/Relation"):
            if entry.get("value") not in known:
                relations.append(entry)
    ET.indent(view)
    return ET.tostring(view, encoding="unicode")


def set_labels(client: Client, project_id: int, config: str,
               instruction_: str | None = None) -> None:
    """Give a project its labels (and instruction), if it has others."""
    wanted = {"label_config": config}
    if instruction_ is not None:
        wanted["expert_instruction"] = instruction_
    there = client.get(f"/api/projects/{project_id}/")
    changed = {key: value for key, value in wanted.items() if there.get(key) != value}
    if changed:
        client.patch(f"/api/projects/{project_id}/", changed)


def still_in_use(client: Client, project_id: int, config: str) -> str:
    """What Label Studio says against a form without labels that answers or drafts there use; empty
    if there is nothing against it."""
    client.post(f"/api/projects/{project_id}/summary/reset/", {})
    try:
        client.post(f"/api/projects/{project_id}/validate/", {"label_config": config})
    except StudioError as error:
        if error.context.get("status") != 400:
            raise
        return str(error.context.get("why"))
    return ""


def labels_in_drafts(client: Client, project_id: int) -> Mapping[str, Mapping[str, int]]:
    """How often drafts there bear each label, by the name of the question."""
    client.post(f"/api/projects/{project_id}/summary/reset/", {})
    found = client.get(f"/api/projects/{project_id}/summary/")["created_labels_drafts"]
    return found or {}


def narrowed(new: Schema, guide: Guide, kind: Kind) -> tuple[str, str]:
    """The form and the instruction of the new schema alone."""
    return labeling_config(new, kind), instruction(new, guide, kind)


# --- answers, drafts, predictions ----------------------------------------------------------------

@dataclass(frozen=True, slots=True)
class Held:
    """What Label Studio holds of one task; annotations and predictions as it gives them."""

    task_id: int
    key: str | None
    annotations: tuple[Mapping[str, Any], ...]
    predictions: tuple[Mapping[str, Any], ...]


def held(client: Client, project_id: int) -> Iterator[Held]:
    """All tasks of a project, by id."""
    for row in task_rows(client, project_id, {"fields": "all", "include": _FIELDS},
                         page_size=PAGE):
        yield Held(row["id"], (row.get("meta") or {}).get("key"),
                   tuple(row.get("annotations") or ()), tuple(row.get("predictions") or ()))


def drafts_of(client: Client, task_id: int) -> list[dict[str, Any]]:
    """Everybody's drafts in a task."""
    found: list[dict[str, Any]] = client.get(f"/api/tasks/{task_id}/drafts")
    return found


def put_annotation(client: Client, annotation_id: int, result: Result) -> Mapping[str, Any]:
    """Give an annotation another result; its author stays. Returns it as it is there now."""
    made: Mapping[str, Any] = client.patch(
        f"/api/annotations/{annotation_id}/", {"result": list(result)})
    return made


def put_draft(client: Client, draft_id: int, **changed: Any) -> bool:
    """Change a draft; False if its owner submitted or dropped it meanwhile."""
    try:
        client.patch(f"/api/drafts/{draft_id}/", changed)
    except StudioMismatch as error:
        if error.context.get("status") != 404:
            raise
        return False
    return True


def put_prediction(client: Client, project_id: int, task_id: int, prediction_id: int,
                   result: Result) -> None:
    client.patch(f"/api/predictions/{prediction_id}/", {
        "result": list(result), "project": project_id, "task": task_id})
