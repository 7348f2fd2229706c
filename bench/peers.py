"""What other libraries need for a part of the work, on the same texts in the same run.

Each peer is given paragraphs, as it is used. A peer that is not installed is left out and named.
"""
from __future__ import annotations

import contextlib
import io
import itertools
import logging
import warnings
from dataclasses import dataclass
from typing import Any, Callable, Iterable, Iterator, Sequence

from bench.timing import Timed, timed
from labels import govdoc
from labels.document import Document
from labels.rules import make_pack, suggest

# The lexicons whose terms are names of things, as an entity ruler holds them.
TERM_LISTS = ("places", "organs", "posts", "laws", "programmes")


Work = Callable[[str], Any]


@dataclass(frozen=True)
class Peer:
    """`prepare` loads it and returns its work on one paragraph; `most` characters it is given.

    `same` returns what we need for just what the peer does, where that is a part of our work.
    """

    name: str
    does: str
    most: int
    prepare: Callable[[], Work]
    same: Callable[[], Work] | None = None


@dataclass(frozen=True)
class Compared:
    """A peer beside us on the very same paragraphs: `ours` finds the spans of all labels, `same`
    does just what the peer does."""

    peer: Peer
    theirs: Timed
    ours: Timed
    same: Timed | None


@dataclass(frozen=True)
class Missing:
    """A peer that is not installed."""

    peer: Peer


def compare(paragraphs: Sequence[str], spans: Work, runs: int,
            peers: "Sequence[Peer] | None" = None) -> Iterator[Compared | Missing]:
    """Every peer beside `spans`, our work on a text, on a share of `paragraphs`."""
    for peer in PEERS if peers is None else peers:
        share = list(_share(paragraphs, peer.most))
        count = sum(map(len, share))
        try:
            with _quiet():
                theirs = _timed(peer.prepare(), share, count, runs)
        except ModuleNotFoundError:
            yield Missing(peer)
            continue
        text = ["\n\n".join(share)]
        yield Compared(peer, theirs, _timed(spans, text, count, runs),
                       _timed(peer.same(), text, count, runs) if peer.same else None)


def _timed(work: Work, texts: Sequence[str], count: int, runs: int) -> Timed:
    work(texts[0])  # loads what is loaded at first use
    return timed(lambda: [work(text) for text in texts], count, runs)


def _share(paragraphs: Sequence[str], most: int) -> Iterator[str]:
    """Paragraphs from all over the text, `most` characters in all at least if there are as many."""
    step = max(1, sum(map(len, paragraphs)) // most)
    counted = itertools.accumulate(map(len, paragraphs[::step]))
    for text, before in zip(paragraphs[::step], itertools.chain((0,), counted)):
        if before < most:
            yield text


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Without what peers say when they load, and of texts they stumble over."""
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        logging.disable(logging.CRITICAL)
        try:
            yield
        finally:
            logging.disable(logging.NOTSET)


def _jieba() -> Work:
    import jieba
    jieba.setLogLevel(logging.WARNING)
    jieba.initialize()
    return lambda text: list(jieba.cut(text))


def _jionlp() -> Work:
    import jionlp
    return lambda text: (jionlp.ner.extract_time(text, time_base={"year": 2024}),
                         jionlp.ner.extract_money(text))


def _entity_ruler() -> Work:
    import spacy
    pipeline = spacy.blank("zh")
    ruler: Any = pipeline.add_pipe("entity_ruler")
    ruler.add_patterns([{"label": name, "pattern": term}
                        for name, term in _terms(TERM_LISTS)])
    return lambda text: pipeline(text).ents


def _terms_alone() -> Work:
    lists = [govdoc.lexicon(name) for name in TERM_LISTS]
    return lambda text: [terms.find(text) for terms in lists]


def _times_and_money() -> Work:
    pack = govdoc.load()
    part = make_pack(pack.schema, (entry for entry in pack.rules
                                   if entry.target in (("DATE",), ("MONEY",))), pack.lexicon)
    return lambda text: suggest(Document("text", text), part)


def _terms(names: Iterable[str]) -> Iterator[tuple[str, str]]:
    for name in names:
        for term in govdoc.lexicon(name):
            yield name, term


PEERS = (
    Peer("jieba", "words only", 100_000, _jieba),
    Peer("spaCy EntityRuler", "the terms of our lexicons only", 100_000, _entity_ruler,
         _terms_alone),
    Peer("JioNLP", "times and sums of money with their values", 30_000, _jionlp,
         _times_and_money),
)
