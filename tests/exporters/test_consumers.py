"""Gold is what each consumer loads, and what was declared lost: by content, consumer by consumer.

The nasty release and releases made at random go through every exporter; `consumers` loads the files
with the consumers' own libraries. ``make test-long`` does that 5 × N times from SEED on.
"""
from __future__ import annotations

import os
from collections import Counter
from pathlib import Path
from typing import Any, Callable

import pytest

from exporters import Export, Loss, export, formats
from labels.gold import GoldRelease
from tests.exporters import consumers, made
from tests.exporters.consumers import Held, Links, Spans
from tests.exporters.nasty import RELEASE

BREAKS = "\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"
# What is cut off the edges of a span; of any other format nothing ever is.
EDGES: dict[str, str | None] = {"brat": BREAKS, "gliner": None, "gliner2": None}
# What of losses a view of a format has, beside the spans: tags and entities have no room for all.
FLAT = {"datasets_tokens": "tag", "spacy_entities": "ent"}
CONSUMERS: dict[str, tuple[str, ...]] = {
    "hf": ("datasets", "datasets_tokens"), "hf-parquet": ("datasets", "datasets_tokens"),
    "char-bio": ("seqeval",), "char-bioes": ("seqeval",), "word-bio": ("seqeval",),
    "spacy": ("spacy", "spacy_entities"), "brat": ("pybrat",), "label-studio": ("label_studio",),
    "gliner2": ("gliner2",), "gliner": ("gliner",), "doccano": ("doccano",), "chat": ("chat",),
    "uie": ("uie",)}
# Formats of spans. Those of records and of tables have tests of their own.
SPANNED = sorted(name for name, fmt in formats().items() if "spans" in fmt.carries)
PAIRS = [(name, consumer) for name in SPANNED for consumer in CONSUMERS.get(name, ())]


@pytest.fixture
def load(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest,
         ) -> Callable[[str, str, Path, Path], Held]:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")

    def run(name: str, consumer: str, folder: Path, scratch: Path) -> Held:
        scratch.mkdir()
        if consumer.startswith("datasets"):
            pytest.importorskip("datasets").disable_progress_bars()
        if consumer == "seqeval":
            return consumers.seqeval("IOBES" if name == "char-bioes" else "IOB2")(folder, scratch)
        if consumer == "gliner2":
            return consumers.gliner2(request.getfixturevalue("gliner2_data"))(folder, scratch)
        found: Held = getattr(consumers, consumer)(folder, scratch)
        return found
    return run


def expected(release: GoldRelease, done: Export, name: str, consumer: str) -> Held:
    """What is left of gold where the losses are taken away, each by the name it is told by."""
    lost = {(loss.region, loss.what): loss for loss in done.losses}
    counts = Counter((loss.region, loss.what) for loss in done.losses if loss.kind == "dropped")
    held = Held(links=Counter(), choices=Counter(), asked=set())
    assert held.links is not None and held.choices is not None and held.asked is not None
    for region in release.regions:
        held.splits[region.id] = region.split
        if "spans" in region.asked and (region.id, "spans") not in lost:
            held.texts[region.id] = region.text
        if consumer == "datasets" and (region.id, "text in spans") in lost:
            del held.texts[region.id]
        left = {}
        for number, span in enumerate(region.spans):
            what = f"{span.start}-{span.end} {span.label}"
            place: tuple[int, int] | None = (span.start, span.end)
            if counts[region.id, f"span {what}"]:
                counts[region.id, f"span {what}"] -= 1
                place = None
            elif lost.get((region.id, f"span {what}"), Loss("", "", "", "")).kind == "cut":
                place = _trimmed(region.text, span.start, span.end, EDGES[name])
            left[number] = place
            flat = f"{FLAT.get(consumer)} {what}"
            if counts[region.id, flat]:
                counts[region.id, flat] -= 1
            elif place is not None:
                held.spans[(region.id, *place, span.label)] += 1
        for link in region.relations:
            source, target = region.spans[link.source], region.spans[link.target]
            label = f"{link.type}.{link.direction}" if link.direction else link.type
            what = f"relation {source.start}-{source.end} {label} {target.start}-{target.end}"
            if counts[region.id, what]:
                counts[region.id, what] -= 1
                continue
            one, other = left[link.source], left[link.target]
            if name in CARRYING_RELATIONS:
                assert one is not None and other is not None, (region.id, what)
                held.links[(region.id, *one, label, *other)] += 1
        for asked in set(region.asked) - {"spans"}:
            if (region.id, asked) not in lost:
                held.asked.add((region.id, asked))
                held.choices.update((region.id, asked, choice) for choice in region.chosen(asked))
    return held


CARRYING_RELATIONS = {name for name, fmt in formats().items() if "relations" in fmt.carries}


def _trimmed(text: str, start: int, end: int, edges: str | None) -> tuple[int, int]:
    words = text[start:end]
    first = start + len(words) - len(words.lstrip(edges))
    return first, first + len(words.strip(edges))


def check(release: GoldRelease, done: Export, found: Held, name: str, consumer: str) -> None:
    wanted = expected(release, done, name, consumer)
    told = {loss.region for loss in done.losses if loss.what == "text in spans"}
    assert {one: text for one, text in found.texts.items()
            if consumer != "datasets" or one not in told} == wanted.texts
    assert _told(found.spans, wanted.spans) == {}
    if found.links is not None:
        assert _told(found.links, wanted.links or Counter()) == {}
    if found.asked is not None:
        assert found.asked == wanted.asked
        assert found.choices == wanted.choices
    assert found.splits.items() <= wanted.splits.items()


def _told(found: Spans | Links, wanted: Spans | Links) -> dict[str, Any]:
    """What is there too much and too little; nothing where both are the same."""
    there, gold = Counter[Any](found), Counter[Any](wanted)
    return {} if there == gold else {"too much": there - gold, "missing": gold - there}


def test_every_format_of_spans_has_its_consumer() -> None:
    assert set(SPANNED) <= set(CONSUMERS)


@pytest.mark.parametrize(("name", "consumer"), PAIRS)
def test_the_nasty_release_is_loaded_but_for_what_is_declared(
        name: str, consumer: str, exported: Callable[[str], Export], load: Any,
        tmp_path: Path) -> None:
    done = exported(name)
    found = load(name, consumer, done.folder, tmp_path / "scratch")
    check(RELEASE, done, found, name, consumer)


def through(name: str, seed: int, load: Any, folder: Path) -> None:
    release = made.release(seed)
    done = export(release, name, folder / "out")
    for consumer in CONSUMERS[name]:
        check(release, done, load(name, consumer, done.folder, folder / consumer), name, consumer)


@pytest.mark.parametrize("name", SPANNED)
def test_any_release_is_loaded_but_for_what_is_declared(
        name: str, load: Any, tmp_path: Path) -> None:
    for seed in range(4):
        (tmp_path / str(seed)).mkdir()
        through(name, seed, load, tmp_path / str(seed))


@pytest.mark.long
@pytest.mark.parametrize("name", SPANNED)
def test_thousands_of_releases_are_loaded_but_for_what_is_declared(
        name: str, load: Any, tmp_path_factory: pytest.TempPathFactory) -> None:
    first = 1_000_000 * int(os.environ.get("SEED", "1"))
    for seed in range(first, first + 5 * int(os.environ.get("N", "200"))):
        through(name, seed, load, tmp_path_factory.mktemp("any"))
