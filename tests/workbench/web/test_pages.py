"""What every page keeps to, and what each shows."""
from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Callable, Iterator

import pytest
from flask import Flask

from labels.document import Block, Document
from labels.rules import Evidence, SpanSuggestion, Suggestions
from tests.workbench.conftest import DOCUMENT, TEXT
from tests.workbench.web.conftest import Browser, released
from workbench.project import Project
from workbench.store import Store, people
from workbench.store.documents import add_document
from workbench.store.invitations import invite
from workbench.store.settings import set_setting
from workbench.store.suggestions import save_suggestions
from workbench.web import create_app

Open = Callable[..., Browser]
EVIL = "<script>alert('区')</script>\" onload=\"x"
PAGES = ("/", "/documents", "/documents/1", "/documents/1?span=2", "/documents/1/spans/2",
         "/documents/1?label=ORG", "/tasks", "/tasks?state=settled", "/tasks?document=1",
         "/held", "/releases", "/releases/1", "/people", "/people/slots", "/mine",
         "/people/2/work", "/overview", "/account/studio", "/studio", "/password", "/no-such-page")


class Tags(HTMLParser):
    """All tags with their attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attributes)))


@pytest.mark.parametrize("digits", [19, 25, 5000])
@pytest.mark.parametrize("path", [
    "/documents/{}", "/documents/1/spans/{}", "/releases/{}", "/releases/{}/hf.zip",
    "/documents/1?span={}", "/documents/1?page={}", "/documents/1?at={}", "/tasks?page={}",
    "/tasks?document={}"])
def test_a_number_of_any_length_in_an_address_is_answered(browser: Open, with_tasks: int,
                                                          path: str, digits: int) -> None:
    answer = browser("lead").get(path.format("9" * digits))
    assert answer.status_code in ((404,) if "?" not in path else (404, 200)), answer.text[:200]
    assert "session" not in answer.headers.get("Set-Cookie", "")


def every_page(browser: Open, store: Store) -> Iterator[tuple[str, str, dict[str, str]]]:
    lead = browser("lead")
    released(lead, store)
    for path in PAGES:
        answer = lead.get(path)
        assert answer.status_code == (404 if path == "/no-such-page" else 200), path
        yield path, answer.text, dict(answer.headers)
    for path in ("/sign-in", f"/join/{invite(store, '王丽', 'annotator', 1, 'lead')}"):
        answer = browser().get(path)
        yield path, answer.text, dict(answer.headers)


def test_every_page_has_the_headers_of_a_strict_site(
        browser: Open, with_tasks: int, store: Store) -> None:
    nonces = set()
    for path, _, headers in every_page(browser, store):
        policy = headers["Content-Security-Policy"]
        match = re.fullmatch(
            r"default-src 'none'; script-src 'self' 'nonce-(\S+)'; style-src 'self' 'nonce-\1';"
            r" img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self';"
            r" base-uri 'none'; frame-ancestors 'none'", policy)
        assert match, path
        nonces.add(match.group(1))
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["Cache-Control"] == "no-store"
    assert len(nonces) == len(PAGES) + 2


def test_no_page_has_inline_styles_handlers_or_scripts(
        browser: Open, with_tasks: int, store: Store) -> None:
    for path, html, _ in every_page(browser, store):
        for tag, attributes in Tags(html).found:
            assert tag != "style", path
            assert not {"style"} & set(attributes), (path, tag)
            assert not [name for name in attributes if name.startswith("on")], (path, tag)
            assert tag != "script" or attributes.get("src"), path
            assert not (attributes.get("href") or "").startswith("javascript:"), path


def test_every_page_has_one_heading_a_skip_link_and_named_fields(
        browser: Open, with_tasks: int, store: Store) -> None:
    for path, html, _ in every_page(browser, store):
        if "/spans/" in path:
            continue
        tags = Tags(html).found
        assert [tag for tag, _ in tags].count("h1") == 1, path
        assert ("a", {"class": "skip", "href": "#main"}) in tags
        ids = [attributes["id"] for _, attributes in tags if "id" in attributes]
        assert len(ids) == len(set(ids)) and "main" in ids, path
        assert all("scope" in attributes for tag, attributes in tags if tag == "th"), path
        labels = html.count("<label")
        fields = [attributes for tag, attributes in tags if tag in ("input", "select")
                  and attributes.get("type") != "hidden"]
        assert labels >= len(fields), path


def test_static_files_may_be_kept_and_need_no_session(browser: Open) -> None:
    answer = browser().get("/static/app.css")
    assert answer.status_code == 200 and "no-store" not in answer.headers["Cache-Control"]
    assert "Set-Cookie" not in answer.headers
    answer.close()


def test_the_page_shows_suggestions_and_the_rule_of_the_one_asked_for(browser: Open) -> None:
    lead = browser("annotator")
    page = lead.get("/documents/1").text
    spans = [attributes for tag, attributes in Tags(page).found
             if tag == "a" and "data-span" in attributes]
    assert [span["data-span"] for span in spans] == ["0", "1", "2", "3"]
    assert "t.money" not in page
    asked = lead.get("/documents/1?span=2").text
    for said in ("t.money", "v1", "0.95", "65.2亿元", "6520000000", "15–22", "全年收入"[2:]):
        assert said in asked
    assert "数值" in asked and 'data-jump="1"' in asked
    alone = lead.get("/documents/1/spans/2").text
    assert "t.money" in alone and "<html" not in alone
    assert lead.get("/documents/1/spans/99").status_code == 404


def test_the_label_filter_works_without_scripts(browser: Open) -> None:
    page = browser("annotator").get("/documents/1?label=MONEY&label=NONSENSE").text
    spans = [attributes for tag, attributes in Tags(page).found
             if tag == "a" and "data-span" in attributes]
    assert [span["data-span"] for span in spans] == ["2"]
    assert "云泽区财政局" in page


def test_a_span_or_page_that_is_not_there(browser: Open) -> None:
    lead = browser("lead")
    assert lead.get("/documents/1?span=77").status_code == 200
    for path in ("/documents/1?page=2", "/documents/1?page=0", "/documents/9", "/tasks?page=-1",
                 "/tasks?state=nonsense", "/releases/7", "/releases/1/nonsense.zip"):
        assert lead.get(path).status_code == 404, path


def test_what_people_and_documents_say_is_escaped(
        project: Project, store: Store, filled: int) -> None:
    text = f"{EVIL}\n\n正文 {EVIL} 完"
    document = Document(id=EVIL, text=text, source=EVIL, title=EVIL, type=EVIL, date=EVIL,
                        blocks=(Block("title", 0, len(EVIL)),
                                Block("paragraph", len(EVIL) + 2, len(text))))
    document_id = add_document(store, document).document_id
    save_suggestions(store, document_id, project.pack().hash, Suggestions(
        (SpanSuggestion(0, len(EVIL), "ORG", EVIL, EVIL, 0.5, Evidence(EVIL, (EVIL,))),), (), ()))
    set_setting(store, "title", EVIL)
    people.add_user(store, EVIL, "lead", "a long password")
    lead = Browser(create_app(project, testing=True).test_client())
    lead.sign_in(EVIL)
    for path in ("/", "/documents", f"/documents/{document_id}?span=0", "/tasks", "/people",
                 "/studio", f"/documents/{document_id}/spans/0"):
        html = lead.get(path).text
        assert "<script>alert" not in html, path
        assert "&lt;script&gt;alert" in html, path
        for tag, attributes in Tags(html).found:
            assert "onload" not in attributes, path


def test_the_text_in_the_page_is_the_text_of_the_document(browser: Open) -> None:
    html = browser("lead").get("/documents/1").text
    article = html[html.index("<article"):html.index("</article>")]
    article = re.sub(r'<ul class="classes".*?</ul>', "", article)

    class Words(HTMLParser):
        said = ""

        def handle_data(self, data: str) -> None:
            self.said += data

    words = Words()
    words.feed(article)
    assert "".join(words.said.split()) == "".join(TEXT.split())


def test_a_block_of_140_000_characters_is_shown_with_all_its_marks(
        project: Project, store: Store, filled: int) -> None:
    text = ("云泽区全年收入增长\n" * 14_000)[:140_000]
    document_id = add_document(store, Document(
        "long", text, blocks=(Block("paragraph", 0, len(text)),))).document_id
    save_suggestions(store, document_id, project.pack().hash, Suggestions(tuple(
        SpanSuggestion(at, at + 3, "LOC", "t.loc", "v1", 0.9, Evidence("云泽区"))
        for at in range(0, len(text) - 10, 20)), (), ()))
    lead = Browser(create_app(project, testing=True).test_client())
    lead.sign_in("lead")
    lead.get("/documents")
    page = lead.get(f"/documents/{document_id}")
    assert page.text.count("data-span=") == 7_000


def test_tasks_lead_to_label_studio(browser: Open, with_tasks: int) -> None:
    page = browser("annotator").get("/tasks").text
    assert re.search(r'href="https://studio\.example/projects/4/data\?task=7\d"', page)
    assert "secret-token" not in page
    assert "标注" in page


def test_the_studio_page_shows_addresses_and_syncs_but_no_token(
        browser: Open, with_tasks: int) -> None:
    page = browser("annotator").get("/studio").text
    assert "https://studio.example" in page and "http://127.0.0.1:9" in page
    assert "secret-token" not in page and "/studio/sync" not in page
    assert "新建任务 3" in page and "正在向 Label Studio 发送任务" in page
    assert 'max="3" value="1"' in page


def test_before_label_studio_is_ready_pages_say_so(browser: Open) -> None:
    lead = browser("lead")
    assert "Label Studio 尚未启动" in lead.get("/studio").text
    assert "尚未就绪" in lead.get("/tasks").text
    answer = lead.post("/studio/sync", follow_redirects=True)
    assert "Label Studio 尚未就绪" in answer.text


def test_progress_is_told_to_the_script(browser: Open, with_tasks: int) -> None:
    told = browser("annotator").get("/activities").json
    assert told[0]["name"] == "sync" and (told[0]["done"], told[0]["total"]) == (1, 3)
    assert told[0]["state"] == "running" and told[0]["silent"] is False


def test_the_overview_tells_each_role_what_waits(browser: Open, with_tasks: int) -> None:
    assert "个已标注任务待定稿" in browser("lead").get("/").text
    assert "个已标注任务待定稿" not in browser("annotator").get("/overview").text
    assert browser("annotator").get("/").headers["Location"] == "/mine"


def test_an_unknown_address_and_a_wrong_method_have_their_pages(browser: Open) -> None:
    lead = browser("lead")
    missing = lead.get("/no-such-page").text
    assert "页面不存在" in missing and "负责人" in missing
    assert "负责人" not in browser().get("/no-such-page").text
    wrong = lead.post("/documents")
    assert wrong.status_code == 405 and "不支持此操作" in wrong.text
    large = lead.post("/language", {"locale": "x" * (2 << 20)})
    assert large.status_code == 413 and "过大" in large.text


def test_a_failure_shows_a_page_and_not_its_trace(project: Project, filled: int) -> None:
    app = create_app(project)
    app.logger.disabled = True

    def fails() -> str:
        raise RuntimeError("inner secret")

    app.add_url_rule("/fails", "fails", fails)
    from workbench.web.security import public
    public(app.view_functions["fails"])
    answer = app.test_client().get("/fails")
    assert answer.status_code == 500 and "服务器出错了" in answer.text
    assert "inner secret" not in answer.text
    assert "Content-Security-Policy" in answer.headers


def test_a_store_that_is_gone_shows_a_page(project: Project, app: Flask) -> None:
    project.database.rename(project.database.with_suffix(".away"))
    answer = app.test_client().get("/healthz")
    assert answer.status_code == 503 and "没有项目数据库" in answer.text


def test_label_colours_come_from_a_stylesheet(browser: Open) -> None:
    answer = browser("annotator").get("/labels.css")
    assert answer.mimetype == "text/css" and ".l-ORG" in answer.text
    assert DOCUMENT.title not in answer.text
