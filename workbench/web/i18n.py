"""Languages of the interface, and everything that is shown translated."""
from __future__ import annotations

from datetime import datetime
from typing import Any, Mapping, Protocol

from flask import Flask, g, session
from flask_babel import Babel, format_datetime, format_decimal, get_locale, gettext

from labels.errors import N_, WorkbenchError
from workbench.store.settings import get_setting
from workbench.web.context import get_store

LOCALES = {"zh_Hans_CN": "简体中文", "en": "English"}
DEFAULT = "zh_Hans_CN"

ROLE_TITLES = {"lead": N_("Lead"), "reviewer": N_("Reviewer"), "annotator": N_("Annotator")}
TASK_STATES = {
    "waiting": N_("not yet sent"), "open": N_("to be annotated"), "answered": N_("annotated"),
    "disputed": N_("disputed"), "skipped": N_("skipped"), "quarantined": N_("quarantined"),
    "settled": N_("settled"),
}
TASK_KINDS = {"spans": N_("Spans and relations"), "classes": N_("Paragraph classes")}
ACTIVITIES = {
    "studio": N_("Starting Label Studio"), "sync": N_("Syncing with Label Studio"),
    "ingest": N_("Reading documents"), "suggest": N_("Making suggestions"),
    "replay": N_("Replaying the draft of the rules"), "score": N_("Scoring a reference file"),
    "schema": N_("Taking a change of the schema to all answers"),
    "derive": N_("Making records and checking the arithmetic"),
    "settle": N_("Settling"), "freeze": N_("Freezing a release"),
    "pull": N_("Fetching answers"), "live": N_("Agreeing with Label Studio on what it calls"),
    "backup": N_("Making a backup"), "plan": N_("Working out what a sync would do"),
}
ACTIVITY_STATES = {"running": N_("running"), "done": N_("done"), "failed": N_("failed")}
DIRECTIONS = {"up": N_("up"), "down": N_("down"), "flat": N_("unchanged")}
SUMS = {
    "confirmed": N_("confirmed by an equation"), "doubted": N_("in an equation that is broken"),
    "suspect": N_("most likely wrong: an equation is broken"),
    "answered": N_("in a broken equation that was answered"),
    "asked": N_("what you came for"),
}
CARRIED = {"spans": N_("spans"), "relations": N_("relations"), "classes": N_("classes"),
           "records": N_("records"), "cells": N_("table cells")}
SPLIT_TITLES = {"train": N_("training"), "validation": N_("validation"), "test": N_("test")}
WARNINGS = {
    "encoding": N_("the encoding of the file was guessed"),
    "row_shifted": N_("a row has more cells than the head of its table"),
    "count_mismatch": N_("the number stated and the names listed differ"),
    "part_unmatched": N_("an entry of the contents was not found in the text"),
    "furniture_in_mention": N_("a page header or footer stands inside a mention"),
}


class Titled(Protocol):
    """Anything of a schema that has a Chinese and an English title."""

    @property
    def title(self) -> str: ...
    @property
    def title_en(self) -> str: ...


def init_app(app: Flask) -> None:
    app.config.setdefault("BABEL_DEFAULT_LOCALE", DEFAULT)
    app.config.setdefault("BABEL_DEFAULT_TIMEZONE", "Asia/Shanghai")
    Babel(app, locale_selector=_choose)
    app.context_processor(lambda: {
        "locales": LOCALES, "locale": str(get_locale()), "html_lang": html_lang(),
        "title_of": title_of, "moment": moment, "number": format_decimal,
        "role_title": lambda name: gettext(ROLE_TITLES[name]),
        "task_state": lambda name: gettext(TASK_STATES[name]),
        "task_kind": lambda name: gettext(TASK_KINDS[name]),
        "project_title": project_title(),
        "warning_title": lambda code: gettext(WARNINGS.get(code, code)),
        "sum_titles": {name: gettext(title) for name, title in SUMS.items()},
        "sum_title": lambda names: gettext(SUMS[names.split()[0]]),
        "error_line": translated,
        "direction": lambda name: gettext(DIRECTIONS.get(name, name)),
    })


def _choose() -> str:
    # There is no session where opening it failed; the error page is still shown.
    chosen = session.get("locale") if session else None
    return chosen if chosen in LOCALES else DEFAULT


def project_title() -> str:
    """The title of the project; empty where the store cannot be read (on an error page)."""
    if "project_title" not in g:
        try:
            g.project_title = str(get_setting(get_store(), "title", ""))
        except WorkbenchError:
            g.project_title = ""
    return str(g.project_title)


def html_lang() -> str:
    return "zh-Hans-CN" if in_chinese() else "en"


def in_chinese() -> bool:
    locale = get_locale()
    return locale is None or locale.language == "zh"


def title_of(thing: Titled) -> str:
    """The title of a label, relation or class in the language of the interface."""
    return thing.title if in_chinese() else thing.title_en


def moment(stamp: str | None) -> str:
    """A stored time as people of this language write it."""
    return format_datetime(datetime.fromisoformat(stamp), "medium") if stamp else ""


def translated(error: WorkbenchError) -> str:
    """The line that `error` says, in the language of the interface."""
    return sentence(error.message, error.hint, error.context)


def sentence(message: str, hint: str, context: Mapping[str, Any]) -> str:
    """A message and its hint (msgids, both filled from `context`) as one line."""
    line = gettext(message) % context
    if not hint:
        return str(line)
    return str(gettext("%(line)s; %(hint)s", line=line, hint=gettext(hint) % context))
