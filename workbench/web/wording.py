"""A conflict in words of the interface, with what it is about in its context."""
from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Mapping, Sequence

from flask import url_for
from flask_babel import gettext as _

from labels.errors import N_
from labels.schema import Schema
from workbench.deciding import DECISIONS, Offer, Resolution, offers, read_resolution
from workbench.store import Row, Store
from workbench.store.conflicts import VANISHED
from workbench.store.documents import document_row
from workbench.store.settings import get_setting
from workbench.store.tasks import region_text
from workbench.studio.client import task_url
from workbench.web.context import get_project
from workbench.web.i18n import Titled, title_of
from workbench.web.tasks import studio_link

# Characters shown on either side of what a conflict is about.
AROUND = 40


@dataclass(frozen=True, slots=True)
class Quote:
    """Words in their context; `href` leads to where the document shows them."""

    before: str
    text: str
    after: str
    label: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """A conflict in words of the interface. `groups` are (title, quotes), `facts` (title, words),
    `raw` what Label Studio gave."""

    row: Row
    sentence: str
    document: Row | None
    region: Row | None
    groups: tuple[tuple[str, tuple[Quote, ...]], ...]
    facts: tuple[tuple[str, str], ...]
    raw: str
    link: str | None
    offers: tuple[Offer, ...]
    resolution: Resolution | None
    resolved: str


def shown(store: Store, schema: Schema, row: Row) -> Shown:
    content = row["content"]
    region = row["region_id"] and store.row("SELECT * FROM regions WHERE id = ?",
                                            [row["region_id"]])
    document = document_row(store, region["document_id"]) if region else None
    said = read_resolution(row["resolution"]) if row["ended_at"] else None
    answer = row["answer_id"] and store.row("SELECT * FROM answers WHERE id = ?",
                                            [row["answer_id"]])
    groups, facts = _TOLD[row["kind"]](store, row, region) if row["kind"] in _TOLD else ((), ())
    who = answer["annotator"] if answer else content.get("by")
    raw = answer["raw"] if answer and row["kind"] == "quarantine" else ""
    return Shown(
        row, _sentence(schema, row, who), document, region, groups, facts,
        json.dumps(json.loads(raw), ensure_ascii=False, indent=1) if raw else "",
        _link(store, row, region, answer), tuple(offers(row)) if said is None else (), said,
        _resolved(said) if said else "")


def _sentence(schema: Schema, row: Row, who: str | None) -> str:
    content = row["content"]
    if row["kind"] == "suggestions":
        return _("The rules would now suggest other labels than those that people answered.")
    if row["kind"] == "anchor":
        label = _label(schema, content)
        if content.get("candidates"):
            return _("%(label)s “%(quote)s” may be in one of %(count)d places of the new version.",
                     label=label, quote=_cut(content["was"]["text"]),
                     count=len(content["candidates"]))
        return _("%(label)s “%(quote)s” is not in the new version.", label=label,
                 quote=_cut(content.get("was", {}).get("text", "")))
    if row["kind"] == "quarantine":
        return _("An answer of %(who)s cannot be taken: %(why)s", who=who or _("somebody"),
                 why=content.get("reason", ""))
    if row["kind"] == "data":
        return _("The text of a task that has answers was edited in Label Studio.")
    if row["kind"] == "double":
        return _("Label Studio holds two tasks of one passage, and both have answers.")
    if row["kind"] == "foreign":
        return _("Task %(task)s in our project is not ours; it has %(count)s answers.",
                 task=content.get("task", "?"), count=content.get("answers", 0))
    if row["kind"] == "schema":
        return _("Version %(number)s of the schema leaves this answer open: %(why)s",
                 number=content.get("version", "?"), why=content.get("why", ""))
    return str(content.get("why") or row["key"])


def _label(schema: Schema, content: Mapping[str, Any]) -> str:
    name = str(content.get("label", ""))
    if content.get("kind") == "class":
        return _("the classes of the paragraph")
    return title_of(schema.label(name)) if name in schema.label_names else name


def _cut(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:60]}…"


def _resolved(said: Resolution) -> str:
    if said.name == VANISHED:
        return _("it ended by itself")
    title = next((_(one.title) for one in DECISIONS if one.name == said.name), said.name)
    return f"{title} {said.candidate + 1}" if said.candidate is not None else title


Groups = tuple[tuple[str, tuple[Quote, ...]], ...]
Facts = tuple[tuple[str, str], ...]


def _suggestions(store: Store, row: Row, region: Row | None) -> tuple[Groups, Facts]:
    text = region_text(store, region["id"]) if region else ""

    def quotes(found: Sequence[Any]) -> tuple[Quote, ...]:
        return tuple(quote_in(text, one, region) if isinstance(one, dict) else
                     Quote("", " · ".join(map(str, one)), "") for one in found)
    content = row["content"]
    return tuple((title, quotes(content.get(name) or ())) for name, title in (
        ("added", _("Suggested now, in no answer")),
        ("removed", _("Not suggested any more, still in an answer"))) if content.get(name)), ()


def quote_in(text: str, span: Mapping[str, Any], region: Row | None) -> Quote:
    start, end = span["start"], span["end"]
    href = url_for("documents.document", document_id=region["document_id"],
                   at=region["start"] + start, to=region["start"] + end,
                   _anchor="main") if region else ""
    return Quote(text[max(0, start - AROUND):start], text[start:end], text[end:end + AROUND],
                 str(span.get("label", "")), href)


def _anchor(store: Store, row: Row, region: Row | None) -> tuple[Groups, Facts]:
    content = row["content"]

    def quote(shown: Mapping[str, Any], document_id: int | None) -> Quote:
        href = url_for("documents.document", document_id=document_id, at=shown["start"],
                       to=shown["end"], _anchor="main") if document_id else ""
        return Quote(shown["before"], shown["text"], shown["after"],
                     content["label"] if content.get("kind") == "span" else "", href)
    groups: list[tuple[str, tuple[Quote, ...]]] = []
    if "was" in content:
        groups.append((_("In the older version"),
                       (quote(content["was"], content.get("old_document")),)))
    if content.get("candidates"):
        groups.append((_("In the new version"), tuple(
            quote(one, content.get("document")) for one in content["candidates"])))
    facts = ((_("Classes"), _choices(content)),) if content.get("kind") == "class" else ()
    return tuple(groups), facts


def _choices(content: Mapping[str, Any]) -> str:
    return "; ".join(f"{name}: {', '.join(chosen)}"
                     for name, chosen in json.loads(content["label"]).items())


def _data(store: Store, row: Row, region: Row | None) -> tuple[Groups, Facts]:
    """Where the two texts part: the first place, and what stands there on either side."""
    there = str(row["content"].get("there", ""))
    ours = region_text(store, region["id"]) if region else ""
    at = next((place for place, (one, other) in enumerate(zip(ours, there)) if one != other),
              min(len(ours), len(there)))
    tail = 0
    while tail < min(len(ours), len(there)) - at and ours[-1 - tail] == there[-1 - tail]:
        tail += 1
    return tuple((title, (Quote(text[max(0, at - AROUND):at], text[at:len(text) - tail][:200],
                                text[len(text) - tail:][:AROUND]),))
                 for title, text in ((_("In the document"), ours),
                                     (_("In Label Studio"), there))), ()


def _foreign(store: Store, row: Row, region: Row | None) -> tuple[Groups, Facts]:
    return (), ((_("Its text"), str(row["content"].get("text", ""))),)


# What became of a label in a change of the schema, by its fate (see `labels.answers.Note`).
FATES = {
    "unsure": N_("%(before)s was split. It counts as %(after)s, and may be: %(options)s"),
    "odd": N_("%(after)s may not connect these any more"),
    "crowded": N_("Only one of these may be told now: %(options)s. %(after)s counts"),
    "missing": N_("%(before)s is there again; what bore it was changed since and is not put back"),
}


def _schema(store: Store, row: Row, region: Row | None) -> tuple[Groups, Facts]:
    """Each doubtful note with the words it is about; choices are about no words."""
    schema, content = get_project().pack().schema, row["content"]
    text = region_text(store, region["id"]) if region else ""
    groups: list[tuple[str, tuple[Quote, ...]]] = []
    for note in content.get("notes") or ():
        said = str(_(FATES.get(note["fate"], "%(before)s → %(after)s"))) % {
            "before": named(schema, note["before"]), "after": named(schema, note["after"]),
            "options": "、".join(str(named(schema, name)) for name in note["options"])}
        places = [(note["start"], note["end"]), *([tuple(note["target"])] if note["target"]
                                                  else ())]
        groups.append((said, tuple(
            quote_in(text, {"start": start, "end": end, "label": note["after"]}, region)
            for start, end in places if note["what"] != "choice")))
    return tuple(groups), ()


_TOLD = {"schema": _schema, "suggestions": _suggestions, "anchor": _anchor, "data": _data,
         "foreign": _foreign}


def _link(store: Store, row: Row, region: Row | None, answer: Row | None) -> str | None:
    """The task in Label Studio that a conflict is about."""
    studio = get_setting(store, "studio")
    content = row["content"]
    if not studio:
        return None
    if region is not None and row["kind"] != "double":
        slot = content.get("slot") or (answer["slot"] if answer else 1)
        task = store.row("SELECT studio_project, studio_task FROM tasks WHERE region_id = ?"
                         " AND slot = ? AND gone_at IS NULL", [region["id"], slot])
        return studio_link(studio, task) if task else None
    project = studio["projects"].get(f"{content.get('kind')}:{content.get('slot')}")
    if project and "task" in content:
        return task_url(studio["public_url"], project[0], content["task"])
    return None


def named(schema: Schema, value: Any) -> Any:
    """Names of the schema by their titles; other words in quotation marks."""
    things: dict[str, Titled] = {choice.name: choice for classes in schema.classes
                                 for choice in classes.choices}
    things.update((one.name, one) for one in schema.classes)
    things.update((one.name, one) for one in schema.relations)
    things.update((one.name, one) for one in schema.labels)
    if value in things:
        return title_of(things[value])
    if value == "direction":
        return _("direction")
    return f"“{value}”" if isinstance(value, str) else value
