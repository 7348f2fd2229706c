"""Suggestions that Label Studio asks for while somebody works: for tasks, or for a selection.

A task of ours gets what is suggested for its region of the whole document, which knows what the
document says elsewhere (a short name, a person's post). Any other text gets what the rules say of
it alone. What is asked is read from the project it is asked for; nothing is stored.
"""
from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from typing import Any, Mapping, Sequence

from labels import rules
from labels.document import Document
from labels.errors import InputError, N_
from labels.rules import Pack
from workbench.outgoing import Suggested
from workbench.quick_effect import NONE, effects
from workbench.review.concealing import is_bare
from workbench.store import Store
from workbench.store.documents import load_document
from workbench.store.suggestions import current_set
from workbench.store.tasks import region_by_key, region_text
from workbench.studio import mapping
from workbench.studio.mapping import Kind
from workbench.sync import Connection

Prediction = dict[str, Any]
# Of a text that is not ours; ours are a hundred times shorter.
MOST_CHARACTERS = 1_000_000


@dataclass(frozen=True, slots=True)
class Selection:
    """What somebody drew just now: a region with the labels it has in the editor."""

    start: int
    end: int
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """What Label Studio asks for `tasks` (key, text) of a project there; `interactive` if somebody
    has one of them open, for the `selection` made in it."""

    project_id: int
    kind: Kind
    slot: int
    tasks: tuple[tuple[str, str], ...]
    interactive: bool = False
    selection: Selection | None = None


def read_request(body: Any, link: Connection) -> Asked:
    """What the body of ``/predict`` asks. Raises InputError that says what is wrong with it."""
    if not isinstance(body, dict):
        raise InputError(N_("the request is no JSON object"))
    # Label Studio adds the time the project was made: "4.1795346236".
    number = str(body.get("project", "")).split(".")[0]
    ours = {link.project(kind, slot).id: (kind, slot) for kind, slot in link.slots}
    if not re.fullmatch(r"[0-9]{1,18}", number) or int(number) not in ours:
        raise InputError(N_("project %(project)r is none of this workbench"),
                         project=str(body.get("project"))[:40])
    rows = body.get("tasks")
    if not isinstance(rows, list):
        raise InputError(N_("the request has no list of tasks"))
    tasks = tuple(_task(row, position) for position, row in enumerate(rows))
    params = body.get("params")
    context = params.get("context") if isinstance(params, dict) else None
    return Asked(int(number), *ours[int(number)], tasks, context is not None,
                 _selection(context, tasks))


def _task(row: Any, position: int) -> tuple[str, str]:
    found = row.get("data") if isinstance(row, dict) else None
    data: dict[str, Any] = found if isinstance(found, dict) else {}
    text = data.get(mapping.TEXT)
    if not isinstance(text, str):
        raise InputError(N_("task %(number)s has no text"), number=position + 1)
    if len(text) > MOST_CHARACTERS:
        raise InputError(N_("task %(number)s has %(length)s characters, at most %(most)s are read"),
                         number=position + 1, length=len(text), most=MOST_CHARACTERS)
    key = data.get("key")
    if not _is_text(text):
        raise InputError(N_("task %(number)s holds half a character"), number=position + 1)
    return (key if isinstance(key, str) and _is_text(key) else ""), text


def _is_text(value: str) -> bool:
    """JSON can escape one half of a surrogate pair, which nothing can be asked about."""
    return not any("\ud800" <= character <= "\udfff" for character in value)


def _selection(context: Any, tasks: Sequence[tuple[str, str]]) -> Selection | None:
    """The newest region of the context that has offsets; None if nothing was selected."""
    regions = context.get("result") if isinstance(context, dict) else None
    drawn = [region for region in regions if isinstance(region, dict)
             and isinstance(region.get("value"), dict) and "start" in region["value"]] \
        if isinstance(regions, list) else []
    if not drawn:
        return None
    if len(tasks) != 1:
        raise InputError(N_("a selection is of one task, not of %(count)s"), count=len(tasks))
    value, ((_, text),) = drawn[-1]["value"], tasks
    start, end, labels = value["start"], value.get("end"), value.get("labels")
    # bool is an int in Python; a JSON true is no offset
    if type(start) is not int or type(end) is not int or not 0 <= start <= end <= len(text):
        raise InputError(N_("the selection %(start)s-%(end)s is not within the text"),
                         start=str(start)[:20], end=str(end)[:20])
    return Selection(start, end, tuple(map(str, labels)) if isinstance(labels, list) else ())


def predictions(store: Store, pack: Pack, asked: Asked) -> list[Prediction]:
    """One prediction a task, in their order; empty ones where nothing is suggested.

    The editor also asks whenever it shows an annotation, and adds what it is told to it: to what
    somebody has corrected and submitted, too. So nothing is suggested where nothing is selected,
    nor in a task that was sent without suggestions.
    """
    documents: dict[int, Suggested] = {}
    bare = [bool(key) and is_bare(store, asked.kind, asked.slot, key) for key, _ in asked.tasks]
    made = [mapping.prediction(text, schema=pack.schema) if hidden else
            _of_task(store, pack, asked.kind, key, text, documents)
            for (key, text), hidden in zip(asked.tasks, bare)]
    if not asked.interactive:
        return made
    if asked.selection is None or asked.kind != "spans" or any(bare):
        return [{**one, "result": []} for one in made]
    ((_, text),) = asked.tasks
    return [_of_selection(pack, made[0], text, asked.selection)]


def _of_task(store: Store, pack: Pack, kind: Kind, key: str, text: str,
             documents: dict[int, Suggested]) -> Prediction:
    region = region_by_key(store, key) if key else None
    # A text that was changed in Label Studio is not the document's any more.
    if region is None or region["kind"] != kind \
            or mapping.shown(region_text(store, region["id"])) != text:
        return _alone(pack, kind, text)
    document_id = region["document_id"]
    if document_id not in documents:
        documents[document_id] = _of_document(store, pack, document_id)
    effect = effects(store, [region["id"]]).get(region["id"], NONE)
    return dict(documents[document_id].prediction(kind, text, region["start"], region["end"],
                                                  pack, effect))


def _of_document(store: Store, pack: Pack, document_id: int) -> Suggested:
    """What is suggested for a document; made anew if what is stored is of older rules."""
    current = current_set(store, document_id)
    if current is not None and current["pack_hash"] == pack.hash:
        return Suggested.of(store, current["id"])
    found = rules.suggest(load_document(store, document_id), pack)
    return Suggested.made(found, store, document_id)


def _alone(pack: Pack, kind: Kind, text: str) -> Prediction:
    found = rules.suggest(Document(id="asked", text=text, source="asked"), pack, whole=True)
    start = min((choice.start for choice in found.classes), default=0)
    return dict(Suggested.made(found).prediction(
        kind, text, start if kind == "classes" else 0, len(text), pack))


def _of_selection(pack: Pack, whole: Prediction, text: str, drawn: Selection) -> Prediction:
    """What is suggested in or around a selection: the mentions it touches, whole, with what
    relates them; where there is none, what the rules say of the selected characters alone.

    What was drawn stays as it was drawn: the editor would change it, were its id given to a
    suggestion, and go on showing it where it was.
    """
    spans = [item for item in whole["result"] if item["type"] == "labels"
             and item["value"]["start"] < drawn.end and item["value"]["end"] > drawn.start]
    ids = {item["id"] for item in spans}
    links = [item for item in whole["result"] if item["type"] == "relation"
             and item["from_id"] in ids and item["to_id"] in ids]
    if not spans:
        alone = _alone(pack, "spans", text[drawn.start:drawn.end])["result"]
        spans = [_moved(item, drawn.start) for item in alone if item["type"] == "labels"]
        links = [item for item in alone if item["type"] == "relation"]
    return {**whole, "result": _renamed(spans, links, drawn)}


def _moved(item: Mapping[str, Any], by: int) -> dict[str, Any]:
    value = item["value"]
    return {**item, "value": {**value, "start": value["start"] + by, "end": value["end"] + by}}


def _renamed(spans: Sequence[Mapping[str, Any]], links: Sequence[Mapping[str, Any]],
             drawn: Selection) -> list[dict[str, Any]]:
    """With ids of their own: the same suggestion may stand in the annotation already. What is just
    what was drawn is not said again."""
    kept = [item for item in spans if (item["value"]["start"], item["value"]["end"],
                                       tuple(item["value"]["labels"]))
            != (drawn.start, drawn.end, drawn.labels)]
    names = {item["id"]: f"live{secrets.token_hex(4)}" for item in kept}
    return [*({**item, "id": names[item["id"]]} for item in kept),
            *({**item, "from_id": names[item["from_id"]], "to_id": names[item["to_id"]]}
              for item in links if item["from_id"] in names and item["to_id"] in names)]
