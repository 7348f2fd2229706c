"""The rooms that are offered to people: those they may enter, and nothing twice."""
from __future__ import annotations

import re
from typing import Callable

import pytest
from flask import Flask

from tests.workbench.web.conftest import Browser
from workbench.web.navigation import GROUPS


def test_every_room_is_a_view_of_the_application(app: Flask) -> None:
    endpoints = [room.endpoint for group in GROUPS for room in group.rooms]
    assert set(endpoints) <= set(app.view_functions)
    assert len(set(endpoints)) == len(endpoints)


def test_no_page_belongs_to_two_rooms(app: Flask) -> None:
    for name in app.blueprints:
        assert sum(room.holds(name) for group in GROUPS for room in group.rooms) <= 1, name


@pytest.mark.parametrize("role", ("annotator", "reviewer", "lead"))
def test_every_link_of_the_navigation_opens(role: str, browser: Callable[[str], Browser]) -> None:
    opened = browser(role)
    todo, seen = ["/documents"], set[str]()
    while todo:
        answer = opened.get(todo.pop())
        assert answer.status_code == 200
        for part in re.findall(r"<nav (?:aria-label|class=\"bar).*?</nav>", answer.text, re.S):
            for href in re.findall(r'href="([^"?#]+)"', part):
                if href not in seen:
                    seen.add(href)
                    todo.append(href)
    assert ("/people" in seen) == (role == "lead")
    assert ("/adjudicate" in seen) == (role != "annotator")
    assert {"/mine", "/guide", "/findings"} <= seen


def test_the_present_room_and_its_group_are_marked(browser: Callable[[str], Browser]) -> None:
    page = browser("lead").get("/findings").text
    marks = re.findall(r'<a href="([^"]+)" aria-current="(\w+)">', page)
    assert marks[:2] == [("/documents", "true"), ("/findings", "page")]
