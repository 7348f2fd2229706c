"""What the documents' own arithmetic finds: a queue of findings, each answered with a reason."""
from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Mapping

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from labels.checks import CAUSES
from labels.errors import N_
from workbench.store import Row, Store
from workbench.store.derived import (
    Asked, STATES, answer_finding, answer_findings, check_names, count_groups, failures,
    finding_counts, finding_groups, findings,
)
from workbench.store.documents import document_states
from workbench.web.context import current_user, get_project, get_store
from workbench.web.downloads import csv_table, json_lines
from workbench.web.following import behind, derive_again
from workbench.web.keeping import findings_for_me
from workbench.web.security import local_path, roles

blueprint = Blueprint("findings", __name__)
PAGE = 25
# How many findings of a group are shown below its answer; all of them have a page.
FEW = 3
# The coded reasons of an answer; "other" needs words.
REASONS = {
    "source": N_("the source is wrong"), "extraction": N_("the text was read wrongly"),
    "label": N_("a label is wrong"), "revised": N_("the base was revised"),
    "rounding": N_("rounding"), "no_claim": N_("the document does not claim this"),
    "other": N_("other"),
}
STATE_TITLES = {
    "open": N_("to be answered"), "answered": N_("answered"), "broken": N_("all that is broken"),
    "not_checkable": N_("not checkable"),
}


@dataclass(frozen=True, slots=True)
class Suspected:
    """A suspect in words of the interface."""

    start: int
    cause: str
    reason: str
    mended: str | None


@dataclass(frozen=True, slots=True)
class Shown:
    """A finding in words of the interface; `suspected` are the places of its first suspects."""

    row: Row
    message: str
    suspects: tuple[Suspected, ...]
    reason: str

    @property
    def terms(self) -> list[dict[str, Any]]:
        return list(self.row["content"]["terms"])

    @property
    def first(self) -> int | None:
        return self.suspects[0].start if self.suspects else None

    @property
    def at(self) -> int:
        """Where a reader looks first."""
        return first_place(self.row)


def first_place(row: Row) -> int:
    content = row["content"]
    return int((content["suspects"] or content["terms"])[0]["start"])


@dataclass(frozen=True, slots=True)
class Group:
    """Findings of one document with one likely cause in one table; `found` are the first of `n`."""

    found: tuple[Shown, ...]
    n: int
    code: str
    where: str
    cause: str


def shown(row: Row) -> Shown:
    """`row` as `store.derived.findings` gives it."""
    content = row["content"]
    return Shown(
        row, claim_of(content),
        tuple(Suspected(suspect["start"], _(CAUSES[suspect["cause"]]),
                        _filled(suspect["because"], suspect["details"]), suspect["mended"])
              for suspect in content["suspects"]),
        _(REASONS[row["reason"]]) if row["reason"] in REASONS else row["reason"])


def claim_of(content: Mapping[str, Any]) -> str:
    """What an equation (as it is stored) says, in words of the interface."""
    return _filled(content["claim"], content["details"])


def _filled(message: str, details: Mapping[str, Any]) -> str:
    # A detail may itself be a message (the kind of a total).
    return str(_(message)) % {name: _(value) if isinstance(value, str) and value else value
                              for name, value in details.items()}


@blueprint.get("/findings")
@roles("lead", "reviewer", "annotator")
def index() -> ResponseReturnValue:
    """``?state=`` (open by default), ``?document=ID``, ``?check=NAME``, ``?page=N``; with
    ``?group=`` each finding of one group."""
    store, asked = get_store(), _asked()
    number = request.args.get("page", 1, type=int)
    if number < 1:
        abort(404)
    counts = finding_counts(store, asked.document_id)
    place = PAGE, (number - 1) * PAGE
    if asked.group:
        groups = [_alone(row) for row in findings_for_me(findings(
            store, asked.state, asked.document_id, *place, check=asked.check, group=asked.group))]
        listed = sum(row["n"] for row in finding_groups(store, asked))
    else:
        groups = [group for row in finding_groups(store, asked, *place)
                  if (group := _group(store, asked, row)) is not None]
        listed = count_groups(store, asked)
    return render_template(
        "findings/index.html", groups=groups, counts=counts, asked=asked, states=STATE_TITLES,
        documents=document_states(store), checks=check_names(store, asked), reasons=REASONS,
        number_of_page=number, last_page=max(1, -(-listed // PAGE)),
        behind=behind(store, asked.document_id), failures=failures(store, asked.document_id))


def _asked() -> Asked:
    state = request.args.get("state") or "open"
    if state not in STATES:
        abort(404)
    return Asked(state, request.args.get("document", type=int),
                 request.args.get("check") or None, request.args.get("group") or None)


def _alone(row: Row) -> Group:
    return Group((shown(row),), 1, "", "", "")


def _group(store: Store, asked: Asked, row: Row) -> Group | None:
    """`row` as `store.derived.finding_groups` gives it; None where it was made anew since."""
    alone = row["n"] == 1
    found = tuple(map(shown, findings_for_me(findings(
        store, asked.state, row["document_id"], FEW, check=asked.check, group=row["group"],
        position=row["position"] if alone else None))))
    if not found:
        return None
    if alone:
        return Group(found, 1, "", "", "")
    return Group(found, row["n"], row["group"], found[0].row["content"]["where"],
                 found[0].suspects[0].cause)


@blueprint.get("/findings.<any(csv,jsonl):fmt>")
@roles("lead", "reviewer", "annotator")
def download(fmt: str) -> ResponseReturnValue:
    """What the list shows, as ``findings.jsonl`` (the shape of ``workbench check``, with
    the answer) or ``findings.csv``."""
    asked = _asked()
    rows = findings_for_me(findings(get_store(), asked.state, asked.document_id,
                                    check=asked.check, group=asked.group))
    if fmt == "jsonl":
        return json_lines(map(_json, rows), "findings")
    return csv_table(
        ("document", "check", "status", "message", "difference", "allowed", "figures",
         "suspect", "cause", "reason", "answer", "note", "answered_by", "answered_at"),
        map(_line, map(shown, rows)), "findings")


def _json(row: Row) -> dict[str, Any]:
    inner = ("start", "group", "where")
    answer = {name: row[name] for name in ("reason", "note", "answered_by", "answered_at")}
    return {**{name: value for name, value in row["content"].items() if name not in inner},
            **({"answer": answer} if row["reason"] else {})}


def _line(found: Shown) -> tuple[Any, ...]:
    content, first = found.row["content"], found.suspects[0] if found.suspects else None
    suspect = next((term for term in found.terms if first and term["start"] == first.start), None)
    return (found.row["title"] or found.row["name"], found.row["check_name"], found.row["status"],
            found.message, content["difference"], content["tolerance"],
            "; ".join(f"{term['address']}: {term['text']}" for term in found.terms),
            f"{suspect['address']}: {suspect['text']}" if suspect else "",
            first.cause if first else "", first.reason if first else "", found.reason,
            *(found.row[name] if found.row["reason"] else ""
              for name in ("note", "answered_by", "answered_at")))


@blueprint.post("/findings/answer")
@roles("lead", "reviewer")
def answer() -> ResponseReturnValue:
    """Keep the answer to one finding; an empty reason takes the last answer back.

    ``seen`` is when the answer that the form showed was given: one that somebody else gave
    meanwhile is not written over.
    """
    store = get_store()
    document_id, key = request.form.get("document", type=int), request.form.get("key", "")
    reason, note = _said()
    if document_id is None:
        abort(400)
    found = next((row for row in findings(store, "broken", document_id) if row["key"] == key), None)
    if found is None:
        abort(404)
    if reason == "other" and not note:
        flash(_("Say in a few words what the other reason is."), "error")
    elif request.form.get("seen", found["answered_at"] or "") != (found["answered_at"] or ""):
        flash(_("%(name)s has answered this finding meanwhile. Look at it, then answer again.",
                name=found["answered_by"]), "error")
        return redirect(_place(found), 303)
    else:
        answer_finding(store, document_id, key, reason, note, current_user()["name"])
        flash(_("The answer was kept.") if reason else _("The answer was taken back."), "done")
        if request.form.get("then") == "next":
            return redirect(_next(found) if reason else _place(found), 303)
    return redirect(_place(found) if request.form.get("then") == "next" else _back(), 303)


def _said() -> tuple[str, str]:
    """Reason and note of the form."""
    reason = request.form.get("reason", "")
    if reason and reason not in REASONS:
        abort(400)
    return reason, request.form.get("note", "").strip()[:500]


@blueprint.post("/findings/answer-all")
@roles("lead", "reviewer")
def answer_all() -> ResponseReturnValue:
    """One answer for the open findings of a group; without a reason, take back those it has."""
    store = get_store()
    document_id, group = request.form.get("document", type=int), request.form.get("group", "")
    reason, note = _said()
    if document_id is None or not group:
        abort(400)
    found = findings(store, "open" if reason else "answered", document_id, group=group,
                     check=request.form.get("check") or None)
    if reason == "other" and not note:
        flash(_("Say in a few words what the other reason is."), "error")
    elif not found:
        flash(_("None of them waits for that any more."), "note")
    else:
        answer_findings(store, document_id, [row["key"] for row in found], reason, note,
                        current_user()["name"])
        flash(_("%(count)d findings were answered.", count=len(found)) if reason else
              _("%(count)d answers were taken back.", count=len(found)), "done")
    return redirect(_back(), 303)


@blueprint.post("/findings/derive")
@roles("lead")
def derive() -> ResponseReturnValue:
    """Make the records and findings that are due, in the background."""
    derive_again(get_project())
    return redirect(local_path(request.form.get("next")) or url_for("findings.index"), 303)


def _back() -> str:
    """The list that the form was on."""
    return local_path(request.form.get("next")) or url_for("findings.index")


def _place(row: Row) -> str:
    """Where the document shows a finding."""
    start = first_place(row)
    return url_for("documents.document", document_id=row["document_id"], at=start,
                   finding=row["code"], _anchor=f"c{start}")


def _next(row: Row) -> str:
    """The next open finding of the document, or the first, or the queue where there is none."""
    rows = findings(get_store(), "open", row["document_id"])
    after = [one for one in rows if one["position"] > row["position"]] or rows
    return _place(after[0]) if after else url_for("findings.index", document=row["document_id"])
