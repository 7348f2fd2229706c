"""Colours, throttle, local paths."""
from __future__ import annotations

import pytest

from labels import govdoc
from workbench.web.colors import CONTRAST, PAPER, TEXT, contrast, css_string, shade, stylesheet
from workbench.web.security import local_path
from workbench.web.throttle import Throttle


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("label", govdoc.load().schema.labels, ids=lambda label: label.name)
def test_label_colours_can_be_read(label: object, theme: str) -> None:
    colors = shade(getattr(label, "color"), theme)
    assert contrast(colors.ink, colors.tint) >= CONTRAST
    assert contrast(TEXT[theme], colors.tint) >= CONTRAST
    assert contrast(colors.ink, PAPER[theme]) >= CONTRAST


@pytest.mark.parametrize("color", ["#ffff00", "#000000", "#ffffff", "#7f7f7f"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_even_colours_badly_chosen_can_be_read(color: str, theme: str) -> None:
    colors = shade(color, theme)
    assert contrast(colors.ink, colors.tint) >= CONTRAST


def test_the_stylesheet_has_each_label_and_cannot_be_broken_out_of() -> None:
    css = stylesheet(govdoc.load().schema)
    assert all(f".l-{label.name} " in css for label in govdoc.load().schema.labels)
    assert css_string('a"}b') == '"a\\22 \\7d b"'


def test_a_throttle_counts_a_key_and_forgets_with_time() -> None:
    now = [0.0]
    throttle = Throttle(2, 60, lambda: now[0])
    throttle.failed("a")
    now[0] = 10
    assert throttle.wait("a") == 0
    throttle.failed("a")
    assert throttle.wait("a") == 50 and throttle.wait("b") == 0
    now[0] = 61
    assert throttle.wait("a") == 0
    throttle.failed("a")
    assert throttle.wait("a") == 9
    throttle.succeeded("a")
    assert throttle.wait("a") == 0


@pytest.mark.parametrize("target", ["/", "/documents/1?page=2#s3"])
def test_local_paths_are_kept(target: str) -> None:
    assert local_path(target) == target


@pytest.mark.parametrize("target", [None, "", "documents", "//x", "https://x", "/\\x", "/\nx"])
def test_other_targets_are_not(target: str | None) -> None:
    assert local_path(target) is None
