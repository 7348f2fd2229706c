"""Changing the rules in the browser: the lead's half of the rule pages.

Every change goes into one draft, which is replayed, looked at, and saved or dropped.
"""
from __future__ import annotations

from contextlib import closing
from typing import Any, Callable, Mapping

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from labels import govdoc
from labels.errors import InputError, N_, RuleError, WorkbenchError
from labels.overlays import (
    AddPattern, AddTerm, Overlay, SwitchOff, TakeTerm, folded, lexicon_names,
    parse_overlay,
)
from workbench import changes, jobs, ledger as ledgers
from workbench.effective import base_pack
from workbench.progress import Progress, Said
from workbench.store.ledger import drop_reference, references
from workbench.store.overlays import (
    ask_to_stop, count_changes, drop_draft, replay_changes,
)
from workbench.web import rules
from workbench.web.colors import css_name
from workbench.web.context import current_user, get_project, get_store
from workbench.web.following import suggest_again
from workbench.web.home import running
from workbench.web.i18n import translated
from workbench.web.security import roles, takes

blueprint = Blueprint("rule_changes", __name__)
PAGE = 50
# A reference of some ten thousand passages.
MOST_BYTES = 32 << 20
GROUPS = (("gained", "right"), ("gained", "wrong"), ("lost", "right"), ("lost", "wrong"),
          ("gained", "unjudged"), ("lost", "unjudged"))
GROUP_TITLES = {
    ("gained", "right"): N_("newly right"), ("gained", "wrong"): N_("newly wrong"),
    ("lost", "right"): N_("right, and lost"), ("lost", "wrong"): N_("wrong, and gone"),
    ("gained", "unjudged"): N_("gained, not judged"), ("lost", "unjudged"): N_("lost, not judged"),
}


def _edit(change: Callable[[Overlay], Overlay], target: str, **values: Any) -> Response:
    """Change the draft; back to `target`, where an error is shown above the page."""
    try:
        changes.edit(get_store(), current_user()["name"], change)
    except InputError as error:
        flash(translated(error), "error")
    return redirect(url_for(target, **values), 303)


@blueprint.post("/rules/<rule_name>/switch")
@roles("lead")
def switch(rule_name: str) -> ResponseReturnValue:
    """Switch a rule off (``on=0``) or on again in the draft; a pattern of ours is taken out."""
    def change(overlay: Overlay) -> Overlay:
        if request.form.get("on") == "1":
            return overlay.without(SwitchOff(rule_name))
        own = [one for one in overlay.changes
               if isinstance(one, AddPattern) and f"pattern.{one.name}" == rule_name]
        return overlay.without(own[0]) if own else overlay.with_change(SwitchOff(rule_name))
    return _edit(change, "rule_changes.draft")


@blueprint.post("/rules/lexicons/<lexicon_name>")
@roles("lead")
def add_term(lexicon_name: str) -> ResponseReturnValue:
    """Add a term with its columns to the draft."""
    if lexicon_name not in lexicon_names(govdoc.load()):
        abort(404)
    given = {key: value.strip() for key, value in request.form.items()
             if key not in ("csrf_token", "term")}
    term = AddTerm(lexicon_name, folded(request.form.get("term", "")),
                   tuple((key, value) for key, value in given.items() if value))
    try:
        _new_term(term)
        changes.edit(get_store(), current_user()["name"], lambda one: one.with_change(term))
    except InputError as error:
        return rules.lexicon(lexicon_name, translated(error), request.form.to_dict(), 400)
    flash(_("%(term)s stands in the draft.", term=term.term), "done")
    return redirect(url_for("rules.lexicon", lexicon_name=lexicon_name), 303)


def _new_term(term: AddTerm) -> None:
    """Raise RuleError if the draft adds the term already: it would be replaced unseen."""
    if any(isinstance(one, AddTerm) and (one.lexicon, one.term) == (term.lexicon, term.term)
           for one in changes.working_copy(get_store()).changes):
        raise RuleError(N_("%(term)s stands in the lexicon %(lexicon)s already"), term=term.term,
                        lexicon=term.lexicon)


@blueprint.post("/rules/lexicons/<lexicon_name>/take")
@roles("lead")
def take_term(lexicon_name: str) -> ResponseReturnValue:
    """Take a term of the pack out (``back=1``: put it back), or drop one that was added."""
    term = request.form.get("term", "")

    def change(overlay: Overlay) -> Overlay:
        said = [one for one in overlay.changes if isinstance(one, (AddTerm, TakeTerm))
                and (one.lexicon, one.term) == (lexicon_name, term)]
        if request.form.get("back") == "1" or any(isinstance(one, AddTerm) for one in said):
            return Overlay(tuple(one for one in overlay.changes if one not in said))
        return overlay.with_change(TakeTerm(lexicon_name, term))
    return _edit(change, "rules.lexicon", lexicon_name=lexicon_name,
                 q=request.form.get("q") or None)


@blueprint.get("/rules/pattern")
@roles("lead")
def pattern() -> ResponseReturnValue:
    """The form of a pattern rule; ``?name=`` fills it from the one of that name."""
    name = request.args.get("name", "")
    known = [one for one in changes.working_copy(get_store()).changes
             if isinstance(one, AddPattern) and one.name == name]
    if name and not known:
        abort(404)
    one = known[0] if known else AddPattern("", "", "", 50, 0.8, ())
    return _pattern_form({
        "name": one.name, "label": one.label, "pattern": one.pattern,
        "priority": str(one.priority), "score": str(one.score),
        "examples": "\n".join(one.examples), "rejects": "\n".join(one.rejects)})


def _pattern_form(given: Mapping[str, str], error: str = "",
                  status: int = 200) -> ResponseReturnValue:
    pack = base_pack(get_store())
    return render_template(
        "rules/pattern.html", given=given, error=error, schema=pack.schema,
        draft=rules.draft_view(get_store()),
        priorities=[(label, sorted({rule.priority for rule in pack.rules
                                    if pack.says(rule) == (label.name,)}))
                    for label in pack.schema.labels]), status


@blueprint.post("/rules/pattern")
@roles("lead")
def add_pattern() -> ResponseReturnValue:
    given = {key: request.form.get(key, "") for key in (
        "name", "label", "pattern", "priority", "score", "examples", "rejects")}
    try:
        one = _read_pattern(given)
        changes.edit(get_store(), current_user()["name"], lambda all: all.with_change(one))
    except InputError as error:
        return _pattern_form(given, translated(error), 400)
    return redirect(url_for("rule_changes.draft"), 303)


def _read_pattern(given: Mapping[str, str]) -> AddPattern:
    def number(key: str, kind: Callable[[str], Any]) -> Any:
        try:
            return kind(given[key].strip())
        except ValueError as error:
            raise RuleError(N_("%(key)s must be a number"), key=key) from error

    def lines(key: str) -> tuple[str, ...]:
        return tuple(line.strip() for line in given[key].splitlines() if line.strip())
    return AddPattern(given["name"].strip(), given["label"], given["pattern"].strip("\r\n"),
                      number("priority", int), number("score", float), lines("examples"),
                      lines("rejects"))


@blueprint.get("/rules/draft")
@roles("lead")
def draft() -> ResponseReturnValue:
    """The draft with what its replay found; ``?change=``, ``?verdict=`` and ``?page=N``."""
    store = get_store()
    begun = rules.draft_view(store)
    change, verdict = request.args.get("change") or None, request.args.get("verdict") or None
    number = request.args.get("page", 1, type=int)
    if number < 1 or change not in (None, "gained", "lost") or \
            verdict not in (None, *rules.VERDICTS):
        abort(404)
    listed = count_changes(store, change, verdict)
    schema = get_project().pack().schema
    return render_template(
        "rules/draft.html", draft=begun, change=change, verdict=verdict, groups=GROUPS,
        titles=GROUP_TITLES, listed=listed, number_of_page=number,
        last_page=max(1, -(-listed // PAGE)), schema=schema, css_name=css_name,
        rows=replay_changes(store, change, verdict, PAGE, (number - 1) * PAGE),
        titled=rules.targets(schema), verdicts=rules.VERDICTS,
        activities=[one for one in running(store) if one["name"] == "replay"])


@blueprint.post("/rules/draft/remove")
@roles("lead")
def remove() -> ResponseReturnValue:
    """Take one change (its line) out of the draft, or put one back that the draft took out."""
    line = request.form.get("line", "")
    try:
        (change,) = parse_overlay(line).changes
    except (InputError, ValueError):
        abort(400)

    def changed(overlay: Overlay) -> Overlay:
        return (overlay.without(change) if change in overlay.changes
                else overlay.with_change(change))
    return _edit(changed, "rule_changes.draft")


@blueprint.post("/rules/draft/replay")
@roles("lead")
def replay() -> ResponseReturnValue:
    project = get_project()
    if not jobs.start(project, "replay", lambda progress: changes.replay_draft(project, progress)):
        flash(_("A replay is running already."), "note")
    return redirect(url_for("rule_changes.draft"), 303)


@blueprint.post("/rules/draft/stop")
@roles("lead")
def stop() -> ResponseReturnValue:
    ask_to_stop(get_store())
    flash(_("The replay ends after the document it is at."), "note")
    return redirect(url_for("rule_changes.draft"), 303)


@blueprint.post("/rules/draft/save")
@roles("lead")
def save() -> ResponseReturnValue:
    """Make the draft count, and suggest anew in the background."""
    store, project = get_store(), get_project()
    try:
        version = changes.save_draft(store, request.form.get("why", ""), current_user()["name"])
    except InputError as error:
        flash(translated(error), "error")
        return redirect(url_for("rule_changes.draft"), 303)
    flash(_("Version %(version)s of the rules counts from now on.", version=version), "done")
    suggest_again(project)
    return redirect(url_for("rules.index"), 303)


@blueprint.post("/rules/draft/drop")
@roles("lead")
def drop() -> ResponseReturnValue:
    drop_draft(get_store())
    flash(_("The draft was dropped; the rules are as they were."), "done")
    return redirect(url_for("rules.index"), 303)


@blueprint.post("/rules/back")
@roles("lead")
def back() -> ResponseReturnValue:
    """Go back to the version of the rules that ``version`` says (0: the pack as it came)."""
    version = request.form.get("version", type=int)
    if version is None:
        abort(400)
    try:
        made = changes.go_back(get_store(), version, current_user()["name"])
    except InputError as error:
        flash(translated(error), "error")
        return redirect(url_for("rules.history"), 303)
    flash(_("Version %(version)s of the rules counts from now on.", version=made), "done")
    suggest_again(get_project())
    return redirect(url_for("rules.history"), 303)


@blueprint.post("/rules/suggest")
@roles("lead")
def suggest() -> ResponseReturnValue:
    if not suggest_again(get_project()):
        flash(_("Suggestions are being made already."), "note")
    return redirect(url_for("rules.index"), 303)


@blueprint.post("/rules/references")
@roles("lead")
@takes(MOST_BYTES)
def add_reference() -> ResponseReturnValue:
    """Keep a hand-labelled file and score the rules against it, in the background."""
    file = request.files.get("file")
    if file is None or not file.filename:
        flash(_("Choose a file first."), "error")
        return redirect(url_for("rules.index", _anchor="references"), 303)
    name = file.filename.replace("\\", "/").rsplit("/", 1)[-1]
    try:
        with closing(file.stream):  # a large one is a file on disk
            content = file.read().decode("utf-8-sig")
        found = ledgers.add_reference(get_store(), name, content, current_user()["name"])
    except UnicodeDecodeError:
        flash(_("%(file)s is not written in UTF-8.", file=name), "error")
    except WorkbenchError as error:
        flash(translated(error), "error")
    else:
        _score(found)
    return redirect(url_for("rules.index", _anchor="references"), 303)


@blueprint.post("/rules/references/<int:reference_id>")
@roles("lead")
def reference(reference_id: int) -> ResponseReturnValue:
    """Score again, or with ``drop=1`` drop a reference file."""
    if reference_id not in {row["id"] for row in references(get_store())}:
        abort(404)
    if request.form.get("drop") == "1":
        drop_reference(get_store(), reference_id)
    else:
        _score(reference_id)
    return redirect(url_for("rules.index", _anchor="references"), 303)


def _score(reference_id: int) -> None:
    project = get_project()

    def work(progress: Progress) -> Said:
        f1 = ledgers.score_stored(project, reference_id, progress)
        return Said(N_("F1 of all spans: %(f1)s"), {"f1": f"{f1:.3f}"})
    if not jobs.start(project, "score", work):
        flash(_("Another file is being scored."), "note")
