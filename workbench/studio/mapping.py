"""Our spans, relations and classes ↔ what Label Studio stores. Pure: no network, no SDK.

Two kinds of project are asked of people: ``spans`` (spans and relations of one region) and
``classes`` (function and topics of one paragraph).

The data always hold the schema's own names; people see Chinese titles. Labels and choices do that
with ``alias``. A ``<Relation>`` has no alias in Label Studio 1.23 (an unknown relation label is
dropped without a word when somebody submits), so its value is the title followed by the name:
``变化·上升 CHANGE.up``; the last word is what counts when it comes back.

Offsets are Unicode code points into the task's text, end exclusive, on both sides.
"""
from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from typing import Any, Iterable, Iterator, Literal, Mapping, Sequence

from labels.document import slice_checked
from labels.errors import N_, OffsetError, SchemaError, StudioMismatch
from labels.guide import Guide, written
from labels.schema import RelationType, Schema

Kind = Literal["spans", "classes"]

# One constant for every prediction: the editor shows only predictions whose version is the
# project's, so a version that changed with the rules would hide those of earlier pushes. Which
# rules made a suggestion is kept in our own store.
MODEL_VERSION = "workbench"

TEXT = "text"
LABELS = "label"
RESERVED = (TEXT, LABELS, "before", "after")

# The text as a page, its surroundings quieter than itself.
STYLE = """
.workbench-text .lsf-richtext__line { font-size: 17px; line-height: 1.9; }
.workbench-context .lsf-richtext__line { font-size: 14px; line-height: 1.7; color: #6b7280; }
"""

DIRECTION_TITLES = {"up": "上升", "down": "下降", "flat": "持平"}


class Quarantine(StudioMismatch):
    """An answer that cannot be accepted as it is; the message is the reason."""


@dataclass(frozen=True, slots=True)
class StudioSpan:
    """`text` is always ``task_text[start:end]``; `score` is that of a suggestion, else None."""

    start: int
    end: int
    label: str
    text: str
    score: float | None = None


@dataclass(frozen=True, slots=True)
class StudioRelation:
    """`source` and `target` index the spans beside it."""

    source: int
    target: int
    type: str
    direction: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody submitted: spans in reading order, relations that index them, classes."""

    spans: tuple[StudioSpan, ...] = ()
    relations: tuple[StudioRelation, ...] = ()
    classes: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def chosen(self, class_set: str) -> tuple[str, ...]:
        return dict(self.classes).get(class_set, ())


def labeling_config(schema: Schema, kind: Kind) -> str:
    """The XML that Label Studio draws the form from. Raises SchemaError for a reserved name."""
    view = ET.Element("View")
    ET.SubElement(view, "Style").text = STYLE
    ET.SubElement(view, "Header", value="$heading", size="5")
    _context(view, "before")
    if kind == "spans":
        _add_labels(view, schema)
    page = ET.SubElement(view, "View", className="workbench-text")
    ET.SubElement(page, "Text", name=TEXT, value="$text", granularity="symbol")
    _context(view, "after")
    if kind == "spans":
        _add_relations(view, schema)
    else:
        _add_choices(view, schema)
    ET.indent(view)
    return ET.tostring(view, encoding="unicode")


def _context(view: ET.Element, name: str) -> None:
    box = ET.SubElement(view, "View", className="workbench-context")
    ET.SubElement(box, "Text", name=name, value=f"${name}")


def _add_labels(view: ET.Element, schema: Schema) -> None:
    # smart: with a live backend, what somebody selects is asked about; without one, nothing.
    labels = ET.SubElement(view, "Labels", name=LABELS, toName=TEXT, choice="single",
                           showInline="true", smart="true")
    for label in schema.labels:
        attributes = {"value": label.title, "alias": label.name, "background": label.color}
        if label.hotkey:
            attributes["hotkey"] = label.hotkey
        if label.guide:
            attributes["hint"] = label.guide
        ET.SubElement(labels, "Label", attributes)


def _add_relations(view: ET.Element, schema: Schema) -> None:
    if not schema.relations:
        return
    relations = ET.SubElement(view, "Relations")
    for relation in schema.relations:
        for direction in (*_directions(relation), None):
            ET.SubElement(relations, "Relation", value=relation_value(schema, relation.name,
                                                                      direction))


def _add_choices(view: ET.Element, schema: Schema) -> None:
    for classes in schema.paragraph_classes:
        if classes.name in RESERVED:
            raise SchemaError(
                N_("a class set cannot be called %(name)r: Label Studio has a field of that name"),
                name=classes.name)
        ET.SubElement(view, "Header", value=classes.title, size="6")
        box = ET.SubElement(
            view, "Choices", name=classes.name, toName=TEXT, showInline="true",
            choice="multiple" if classes.multiple else "single",
            required="false" if classes.multiple else "true")
        for choice in classes.choices:
            ET.SubElement(box, "Choice", value=choice.title, alias=choice.name, hint=choice.name)


def relation_value(schema: Schema, name: str, direction: str | None = None) -> str:
    """What Label Studio stores for a relation, e.g. ``变化·上升 CHANGE.up``."""
    title = schema.relation(name).title
    if direction is None:
        return f"{title} {name}"
    return f"{title}·{DIRECTION_TITLES.get(direction, direction)} {name}.{direction}"


def _directions(relation: RelationType) -> tuple[str, ...]:
    return next((a.values for a in relation.attributes if a.name == "direction"), ())


def instruction(schema: Schema, guide: Guide, kind: Kind) -> str:
    """The guide as the project's instruction (HTML), a click away from every task."""
    # Label Studio strips styles and takes the space from headings and lists: plain lines.
    page = ET.Element("div")
    for group in (_span_lines if kind == "spans" else _class_lines)(schema, guide):
        for title, text in group:
            line = ET.SubElement(page, "p")
            ET.SubElement(line, "b").text = title
            ET.SubElement(line, "span").text = f" {text}".rstrip()
        ET.SubElement(page, "hr")
    return ET.tostring(page, encoding="unicode", method="html")


def _span_lines(schema: Schema, guide: Guide) -> Iterator[list[tuple[str, str]]]:
    yield [("", text) for text in guide.general]
    for label in schema.labels:
        entry = guide.labels.get(label.name)
        lines = [(f"{label.title} {label.name}", entry.rule if entry else label.guide)]
        if entry:
            lines += [("✓", written(example)) for example in entry.yes]
            lines += [("✗", f"{refused.text}（{refused.why}）") for refused in entry.no]
            lines += [("·", written(text)) for text in entry.decisions]
        yield lines
    yield [(f"{relation.title} {relation.name}", _relation_line(relation, schema, guide))
           for relation in schema.relations]


def _relation_line(relation: RelationType, schema: Schema, guide: Guide) -> str:
    titles = {label.name: label.title for label in schema.labels}
    ends = " → ".join("、".join(titles[name] for name in names)
                      for names in (relation.source, relation.target))
    entry = guide.relations.get(relation.name)
    return " ".join((ends, entry.rule, *map(written, entry.decisions))) if entry else ends


def _class_lines(schema: Schema, guide: Guide) -> Iterator[list[tuple[str, str]]]:
    for classes in schema.paragraph_classes:
        entry = guide.classes.get(classes.name)
        lines = [(f"{classes.title} {classes.name}", entry.rule if entry else "")]
        for choice in classes.choices:
            told = entry.choices.get(choice.name) if entry else None
            example = f"例：{told.example}" if told and told.example else ""
            lines.append((f"{choice.title} {choice.name}",
                          f"{told.rule} {example}" if told else ""))
        yield lines


def shown(text: str) -> str:
    """`text` as it is sent: of equal length, so that offsets count for both.

    The editor shows ``\\r\\n`` as two line ends; a space before the line end is not seen.
    """
    return text.replace("\r\n", " \n").replace("\r", "\n")


def task_data(key: str, text: str, *, heading_path: Sequence[str] = (), before: str = "",
              after: str = "", document_title: str = "", document_url: str = "",
              ) -> dict[str, str]:
    """The ``data`` of a task. `key` is ours; Label Studio has no external key of its own.

    Raises StudioMismatch if `text` holds a carriage return, which the editor would show as an
    empty line of its own.
    """
    if "\r" in text:
        raise StudioMismatch(N_("the text of task %(key)s holds a carriage return"), key=key)
    heading = " › ".join(title for title in (document_title, *heading_path) if title)
    return {"key": key, "text": text, "heading": heading, "before": before, "after": after,
            "document": document_title, "url": document_url}


def prediction(text: str, spans: Sequence[StudioSpan] = (),
               relations: Sequence[StudioRelation] = (),
               classes: Iterable[tuple[str, Sequence[str]]] = (), *, schema: Schema,
               model_version: str = MODEL_VERSION) -> dict[str, Any]:
    """Suggestions as a Label Studio prediction. The id of a region tells what was suggested.

    Its score is the mean of those of the spans. Raises OffsetError if a span is not a slice of
    `text`.
    """
    ids = [_region_id(span) for span in spans]
    result = [_region(region_id, text, span) for region_id, span in zip(ids, spans)]
    # The editor keeps one relation a pair of regions; several names go into one.
    names: dict[tuple[int, int], list[str]] = {}
    for relation in relations:
        names.setdefault((relation.source, relation.target), []).append(
            relation_value(schema, relation.type, relation.direction))
    result += [{"type": "relation", "from_id": ids[source], "to_id": ids[target],
                "direction": "right", "labels": values}
               for (source, target), values in names.items()]
    result += [{"id": f"c{name}", "from_name": name, "to_name": TEXT, "type": "choices",
                "value": {"choices": list(chosen)}} for name, chosen in classes if chosen]
    scores = [span.score for span in spans if span.score is not None]
    made: dict[str, Any] = {"model_version": model_version, "result": result}
    if scores:
        made["score"] = round(sum(scores) / len(scores), 4)
    return made


def _region_id(span: StudioSpan) -> str:
    return f"s{span.start}e{span.end}{re.sub(r'[^A-Za-z0-9]', '', span.label)}"


def _region(region_id: str, text: str, span: StudioSpan) -> dict[str, Any]:
    region: dict[str, Any] = {
        "id": region_id, "from_name": LABELS, "to_name": TEXT, "type": "labels",
        "value": {"start": span.start, "end": span.end, "labels": [span.label],
                  "text": slice_checked(text, span.start, span.end, span.text)}}
    if span.score is not None:
        region["score"] = span.score
    return region


def read_annotation(result: Sequence[Mapping[str, Any]], text: str, schema: Schema,
                    kind: Kind) -> Answer:
    """The answer in an annotation's `result`, or `Quarantine` with the reason.

    Nothing is mended here: a span is accepted only where ``text[start:end]`` is the text that
    came with it, under a label of the schema. Exact duplicates become one.
    """
    regions: dict[str, StudioSpan] = {}
    arrows: list[Mapping[str, Any]] = []
    classes: dict[str, tuple[str, ...]] = {}
    for item in result:
        kind_of_item = item.get("type")
        if kind_of_item == "labels" and kind == "spans":
            regions[str(item.get("id"))] = _read_region(item, text, schema)
        elif kind_of_item == "relation" and kind == "spans":
            arrows.append(item)
        elif kind_of_item == "choices" and kind == "classes":
            name, chosen = _read_choices(item, schema)
            classes[name] = chosen
        else:
            raise Quarantine(N_("a result of the unknown type %(type)r"), type=kind_of_item)
    order = sorted({(s.start, s.end, s.label): s for s in regions.values()}.items())
    spans = tuple(span for _, span in order)
    position = {key: index for index, (key, _) in enumerate(order)}
    index = {region_id: position[span.start, span.end, span.label]
             for region_id, span in regions.items()}
    relations = {relation: None for arrow in arrows
                 for relation in _read_relation(arrow, index, schema)}
    return Answer(spans, tuple(sorted(relations, key=_relation_order)),
                  tuple(sorted(classes.items())))


def _relation_order(relation: StudioRelation) -> tuple[int, int, str, str]:
    return relation.source, relation.target, relation.type, relation.direction or ""


def _read_region(item: Mapping[str, Any], text: str, schema: Schema) -> StudioSpan:
    value = item.get("value") or {}
    if item.get("from_name") != LABELS or item.get("to_name") != TEXT:
        raise Quarantine(N_("a span that answers the unknown question %(name)r"),
                         name=item.get("from_name"))
    start, end, quote = value.get("start"), value.get("end"), value.get("text")
    # bool is an int in Python; a JSON true is no offset
    if type(start) is not int or type(end) is not int or not isinstance(quote, str):
        raise Quarantine(N_("a span without offsets or text"))
    try:
        slice_checked(text, start, end, quote)
    except OffsetError as error:
        raise Quarantine(error.message, **error.context) from error
    labels = value.get("labels") or []
    if len(labels) != 1:
        raise Quarantine(N_("span %(start)s-%(end)s %(quote)r has %(count)s labels, not one"),
                         start=start, end=end, quote=quote, count=len(labels))
    if labels[0] not in schema.label_names:
        raise Quarantine(N_("span %(start)s-%(end)s %(quote)r has the unknown label %(label)r"),
                         start=start, end=end, quote=quote, label=labels[0])
    score = item.get("score")
    return StudioSpan(start, end, labels[0], quote,
                      float(score) if isinstance(score, (int, float)) else None)


def _read_relation(item: Mapping[str, Any], index: Mapping[str, int],
                   schema: Schema) -> list[StudioRelation]:
    try:
        source, target = index[str(item.get("from_id"))], index[str(item.get("to_id"))]
    except KeyError as error:
        raise Quarantine(N_("a relation names the missing span %(id)s"), id=error) from error
    # People can turn an arrow round in the editor; the ids stay, the direction changes.
    arrow = item.get("direction", "right")
    if arrow == "left":
        source, target = target, source
    elif arrow != "right":
        raise Quarantine(N_("a relation that points both ways"))
    if source == target:
        raise Quarantine(N_("a relation that leads from a span to itself"))
    names = item.get("labels") or []
    if not names:
        raise Quarantine(N_("the relation between %(source)s and %(target)s has no name"),
                         source=item.get("from_id"), target=item.get("to_id"))
    return [StudioRelation(source, target, *_read_relation_name(name, schema)) for name in names]


def _read_relation_name(value: str, schema: Schema) -> tuple[str, str | None]:
    name, _, direction = str(value).split(" ")[-1].partition(".")
    for relation in schema.relations:
        if relation.name == name and (not direction or direction in _directions(relation)):
            return name, direction or None
    raise Quarantine(N_("the unknown relation %(name)r"), name=value)


def _read_choices(item: Mapping[str, Any], schema: Schema) -> tuple[str, tuple[str, ...]]:
    asked = {classes.name: classes for classes in schema.paragraph_classes}
    name = item.get("from_name")
    if name not in asked:
        raise Quarantine(N_("a choice that answers the unknown question %(name)r"), name=name)
    classes = asked[name]
    known = [choice.name for choice in classes.choices]
    chosen = (item.get("value") or {}).get("choices") or []
    for one in chosen:
        if one not in known:
            raise Quarantine(N_("%(name)s has the unknown choice %(choice)r"),
                             name=name, choice=one)
    if len(chosen) > 1 and not classes.multiple:
        raise Quarantine(N_("%(name)s has %(count)s choices, not one"),
                         name=name, count=len(chosen))
    return name, tuple(sorted(set(chosen), key=known.index))
