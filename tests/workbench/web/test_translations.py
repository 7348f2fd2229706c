"""Every message has its Chinese, the compiled catalogue is of the source, no text stands bare."""
from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Callable

import pytest
from babel.messages.pofile import PoFileError

from labels.errors import InputError
from tests.workbench.web.conftest import Browser
from workbench.project import Project
from workbench.web import catalog, create_app
from workbench.web.i18n import translated

LOCALE = "zh_Hans_CN"
TEMPLATES = sorted((Path(catalog.__file__).parent / "templates").rglob("*.html"))
SPOKEN = ("title", "placeholder", "aria-label", "alt")
FIELDS = re.compile(r"%\(\w+\)[a-z]")
# Words that stand for themselves in any language.
BARE = {*"acefFgjklmnprsu", "Enter", "Esc", "CSV", "JSON",
        "JSON Lines", "workbench ingest", "workbench suggest", "workbench studio up",
        "workbench studio connect --workbench-url URL"}


def test_every_message_of_the_source_is_translated() -> None:
    known = catalog.read_catalog(LOCALE)
    missing = [message.id for message in catalog.extract()
               if message.id and message.id not in known]
    assert missing == []
    assert [message.id for message in catalog.untranslated(known)] == []


def test_no_message_is_left_over() -> None:
    source = catalog.extract()
    assert [message.id for message in catalog.read_catalog(LOCALE)
            if message.id and message.id not in source] == []


def test_translations_keep_the_fields_of_their_messages() -> None:
    for message in catalog.read_catalog(LOCALE):
        if isinstance(message.id, tuple):
            fields = set(FIELDS.findall(message.id[1]))
            assert all(set(FIELDS.findall(form)) == fields for form in message.string), message.id
        elif message.id:
            assert set(FIELDS.findall(message.string)) == set(FIELDS.findall(message.id))


def test_the_compiled_catalogue_is_of_the_written_one() -> None:
    compiled = catalog.po_file(LOCALE).with_suffix(".mo").read_bytes()
    assert compiled == catalog.compiled(catalog.read_catalog(LOCALE))


class Bare(HTMLParser):
    """Words in text nodes and spoken attributes, after the expressions were cut out."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.feed(html)

    def handle_data(self, data: str) -> None:
        self._note(data)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        for name, value in attributes:
            if name in SPOKEN:
                self._note(value or "")

    def _note(self, text: str) -> None:
        for line in text.splitlines():
            if re.search(r"[A-Za-z\u4e00-\u9fff]", line) and line.strip() not in BARE:
                self.words.append(line.strip())


def bare_words(template: str) -> list[str]:
    cut = re.sub(r"{#.*?#}|{%.*?%}|{{.*?}}", "", template, flags=re.S)
    return Bare(cut).words


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
def test_templates_have_no_text_outside_of_gettext(path: Path) -> None:
    assert bare_words(path.read_text(encoding="utf-8")) == []


def test_the_scan_finds_bare_text() -> None:
    assert bare_words('<p title="Say {{ x }}">{{ _("yes") }} no</p>') == ["Say", "no"]


def test_the_language_is_chosen_in_the_header_and_stays(
        browser: Callable[..., Browser]) -> None:
    someone = browser()
    assert '<html lang="zh-Hans-CN">' in someone.get("/sign-in").text
    someone.post("/language", {"locale": "en", "next": "/sign-in"})
    page = someone.get("/sign-in").text
    assert '<html lang="en">' in page and "Sign in" in page
    someone.sign_in("lead")
    assert "What waits for you" in someone.get("/").text
    assert "Organisation" in someone.get("/documents/1").text
    someone.post("/language", {"locale": "zh_Hans_CN"})
    page = someone.get("/documents/1").text
    assert "机构" in page and "Organisation" not in page


def test_a_language_that_is_not_there_is_refused(browser: Callable[..., Browser]) -> None:
    assert browser().post("/language", {"locale": "xx"}).status_code == 400


def test_errors_are_shown_in_the_language_of_the_page(project: Project) -> None:
    error = InputError("there is no role %(role)r", role="x",
                       hint="roles: lead, reviewer, annotator")
    app = create_app(project, testing=True)
    with app.test_request_context():
        assert translated(error) == "没有 'x' 角色；角色：lead、reviewer、annotator"
    assert str(error) == "there is no role 'x'; roles: lead, reviewer, annotator"


def test_a_catalogue_with_the_marks_of_a_merge_is_not_read_in_part(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalog, "TRANSLATIONS", tmp_path)
    path = catalog.po_file("de")
    path.parent.mkdir(parents=True)
    path.write_text('msgid "a"\nmsgstr "b"\n\n<<<<<<< HEAD\nmsgid "c"\nmsgstr "d"\n',
                    encoding="utf-8")
    with pytest.raises(PoFileError):
        catalog.read_catalog("de")
