"""Label Studio's editor as a person uses it, for tests in a real browser (Playwright, sync API).

What is read is what is seen (the highlights of the page); what is done is done with mouse and
keys. Written against Label Studio 1.23.2.
"""
from __future__ import annotations

import os
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Iterator
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, expect, sync_playwright

CHROMIUM = os.environ.get("WORKBENCH_CHROMIUM", "/usr/bin/chromium")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
             "--disable-background-networking", "--disable-component-update", "--disable-sync"]
TIMEOUT_MS = 60_000

HIGHLIGHTS = ".workbench-text .htx-highlight"
SUBMIT = "[data-testid=bottombar-submit-button], [data-testid=bottombar-update-button]"


@dataclass(frozen=True)
class Seen:
    """A highlighted region: the label as shown (the Chinese title) and the text under it."""

    label: str
    text: str


@contextmanager
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        try:
            yield chromium
        finally:
            chromium.close()


def new_page(chromium: Browser) -> Page:
    """A page with cookies of its own, so that several people can be signed in at once."""
    page = chromium.new_context(viewport={"width": 1400, "height": 900}).new_page()
    page.set_default_timeout(TIMEOUT_MS)
    return page


def sign_in(page: Page, url: str, email: str, password: str) -> None:
    page.goto(f"{url}/user/login/")
    page.fill("input[name=email]", email)
    page.fill("input[name=password]", password)
    page.click("button[type=submit]")
    page.wait_for_url(lambda address: "/user/login" not in address)


def open_task(page: Page, project_id: int, task_id: int, url: str | None = None) -> None:
    """Open a task and wait until it can be worked on. `url` defaults to where `page` is."""
    if url is None:
        parts = urlsplit(page.url)
        url = f"{parts.scheme}://{parts.netloc}"
    page.goto(f"{url}/projects/{project_id}/data?task={task_id}")
    expect(page.locator(".lsf-current-task__task-id")).to_have_text(str(task_id))
    page.locator(".workbench-text .lsf-richtext__line").first.wait_for()
    page.locator(SUBMIT).first.wait_for()


def regions(page: Page) -> list[Seen]:
    """The regions highlighted in the text, in reading order; line breaks are left out."""
    found = page.evaluate("""(selector) => {
        const regions = new Map();
        for (const part of document.querySelectorAll(selector)) {
            const id = [...part.classList].find(name => /^htx-highlight-.+-\\d+$/.test(name));
            if (!regions.has(id)) regions.set(id, {label: '', text: []});
            // a region of several lines has one highlight a line; only one of them is labelled
            regions.get(id).label ||= part.dataset.label || '';
            regions.get(id).text.push(part.textContent);
        }
        return [...regions.values()].map(r => ({label: r.label, text: r.text.join('')}));
    }""", HIGHLIGHTS)
    return [Seen(row["label"].partition(":")[2], row["text"]) for row in found]


def select_region(page: Page, text: str) -> None:
    """Click the region whose highlight shows exactly `text` (its first line if it has several)."""
    highlight = page.locator(HIGHLIGHTS).get_by_text(text, exact=True)
    if highlight.count() == 0:
        highlight = page.locator(HIGHLIGHTS, has_text=text)
    highlight.first.click()
    page.locator(".htx-highlight.__active, .htx-highlight-active, .lsf-detailed-region").first \
        .wait_for()


def relabel(page: Page, text: str, hotkey: str) -> None:
    """Select a region and give it another label by the label's key."""
    select_region(page, text)
    page.keyboard.press(hotkey)
    page.keyboard.press("Escape")


def delete_region(page: Page, text: str) -> None:
    select_region(page, text)
    page.keyboard.press("Backspace")


def mark(page: Page, text: str, hotkey: str) -> None:
    """Choose a label by its key and drag over `text` (on one line, not highlighted yet).

    A task that was just opened may miss the first key; who sees nothing marked does it again.
    """
    before = len(regions(page))
    for _ in range(3):
        _drag(page, text, hotkey)
        for _ in range(20):
            if len(regions(page)) > before:
                return
            page.wait_for_timeout(100)
    raise AssertionError(f"{text!r} could not be marked")


def _drag(page: Page, text: str, hotkey: str) -> None:
    page.keyboard.press(hotkey)
    box = page.evaluate("""([selector, wanted]) => {
        const lines = document.querySelector(selector);
        const walker = document.createTreeWalker(lines, NodeFilter.SHOW_TEXT);
        for (let node = walker.nextNode(); node; node = walker.nextNode()) {
            const at = node.data.indexOf(wanted);
            if (at < 0) continue;
            const range = document.createRange();
            range.setStart(node, at);
            range.setEnd(node, at + wanted.length);
            node.parentElement.scrollIntoView({block: 'center'});
            const {left, right, top, bottom} = range.getBoundingClientRect();
            return {left, right, y: (top + bottom) / 2};
        }
        return null;
    }""", [".workbench-text .lsf-htx-richtext", text])
    assert box is not None, f"the page does not show {text!r}"
    page.mouse.move(box["left"] + 1, box["y"])
    page.mouse.down()
    page.mouse.move(box["right"] - 1, box["y"], steps=8)
    page.mouse.up()
    page.keyboard.press("Escape")


def relate(page: Page, source: str, target: str, value: str) -> None:
    """Draw an arrow between two regions and name it; `value` as the list of names shows it."""
    select_region(page, source)
    page.keyboard.press("Alt+r")
    page.locator(HIGHLIGHTS).get_by_text(target, exact=True).first.click()
    page.locator("#regions-relations_1_droppable").locator("visible=true").first.click()
    arrow = page.locator(".lsf-relations__item").last
    arrow.hover()
    arrow.get_by_label("Show Relation Labels").click()
    arrow.locator("[data-testid^=select-trigger]").click()
    page.locator(f'[data-testid="select-option-{value}"]').click()
    page.keyboard.press("Escape")


def choose(page: Page, title: str) -> None:
    """Tick or untick the choice shown as `title` in a project of classes."""
    page.locator(f'.lsf-choice label:has(input[name="{title}"])').click()


def submit(page: Page) -> dict[str, Any]:
    """Press Submit or Update; returns the annotation as the server answered it."""
    button = page.locator(SUBMIT).first
    expect(button).to_be_enabled()
    with page.expect_response(
            lambda answer: "/annotations" in answer.url
            and answer.request.method in ("POST", "PATCH", "PUT")) as answer:
        button.click()
    assert answer.value.ok, f"{answer.value.status} {answer.value.url}"
    return dict(answer.value.json())
