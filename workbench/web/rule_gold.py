"""What gold says of the rules: which are below the threshold, what none of them says, and what
passages inherit from settled ones that are equal."""
from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from labels.errors import InputError, N_
from labels.inheritance import FIGURES, WORDS
from workbench import inherited, ledger as ledgers, standing
from workbench.web import rules
from workbench.web.colors import css_name
from workbench.web.context import current_user, get_project, get_store
from workbench.web.following import suggest_again
from workbench.web.i18n import translated
from workbench.web.security import roles

blueprint = Blueprint("rule_gold", __name__)
SOURCES = {WORDS: N_("word for word"), FIGURES: N_("up to figures and years")}
# Suspects beyond these are counted.
MOST = 50


@blueprint.get("/rules/gold")
@roles("lead", "reviewer", "annotator")
def index() -> ResponseReturnValue:
    """Everything at once; a rule's own figures stand on its page."""
    store = get_store()
    found = ledgers.ledger(get_project(), store)
    suspects = inherited.suspects(store)
    return render_template(
        "rules/gold.html", ledger=found, threshold=found.threshold, sources=SOURCES,
        proposed=[entry for entry in found.entries if entry.proposed],
        demoted=[entry for entry in found.entries if entry.demoted],
        coverage=sorted(found.coverage.items(), key=lambda one: (-one[1].missed, one[0])),
        hidden=any(ledgers.HIDDEN in entry.shares for entry in found.entries),
        open_labels=sum(one.found < one.gold for one in found.coverage.values()),
        heirs=inherited.figures(store), suspects=suspects[:MOST], more=len(suspects[MOST:]),
        schema=found.pack.schema, titled=rules.targets(found.pack.schema), css_name=css_name,
        draft=rules.draft_view(store), kinds=rules.KINDS)


@blueprint.post("/rules/gold/threshold")
@roles("lead")
def threshold() -> ResponseReturnValue:
    """Set the threshold in per cent; an empty one is none."""
    share = request.form.get("share", "").strip()
    try:
        asked = standing.Threshold(
            float(share) / 100 if share else None, int(request.form.get("least") or "20"),
            request.form.get("by_itself") == "1")
        standing.set_threshold(get_store(), asked)
    except InputError as error:
        flash(translated(error), "error")
    except ValueError:
        flash(_("Both must be numbers."), "error")
    else:
        flash(_("The threshold is set."), "done")
        if asked.by_itself:
            suggest_again(get_project())
    return redirect(url_for("rule_gold.index"), 303)


@blueprint.post("/rules/<rule_name>/standing")
@roles("lead")
def stand(rule_name: str) -> ResponseReturnValue:
    """Demote a rule (``action=demote``) or promote it, at once: gold has judged it."""
    action = request.form.get("action", "")
    here = redirect(request.form.get("back") == "gold" and url_for("rule_gold.index")
                    or url_for("rules.rule", rule_name=rule_name), 303)
    try:
        version = standing.change(get_store(), rule_name, standing.PROMOTE if action == "promote"
                                  else standing.DEMOTE, request.form.get("why", ""),
                                  current_user()["name"])
    except InputError as error:
        flash(translated(error), "error")
        return here
    flash(_("Version %(version)s of the rules counts from now on.", version=version), "done")
    suggest_again(get_project())
    return here
