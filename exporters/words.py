"""Words of jieba whose borders include those of the spans."""
from __future__ import annotations

import logging
from functools import lru_cache
from typing import TYPE_CHECKING, Sequence

from labels.gold import GoldSpan
from labels.tokens import column_token

if TYPE_CHECKING:
    from jieba import Tokenizer


def cut_words(text: str, spans: Sequence[GoldSpan]) -> tuple[list[str], list[GoldSpan]]:
    """The words of `text`, and those `spans` for whose sake a word was split.

    Words joined are the text. What a column file would not write as it is (white space, controls,
    a backslash) is a word of its own, so that words with spans in them keep one writing.
    """
    borders = {0, len(text)}
    position = 0
    for word in _jieba().cut(text):
        borders.add(position)
        for char in word:
            if char == "\\" or column_token(char) != char:
                borders.update((position, position + 1))
            position += 1
    repaired = [span for span in spans if not {span.start, span.end} <= borders]
    borders.update(border for span in repaired for border in (span.start, span.end))
    places = sorted(borders)
    return [text[start:end] for start, end in zip(places, places[1:])], repaired


@lru_cache(maxsize=1)
def _jieba() -> "Tokenizer":
    """A tokenizer of our own: words that somebody adds to jieba's common one do not change ours."""
    import jieba
    jieba.setLogLevel(logging.WARNING)  # it tells on stderr that it reads its dictionary
    tokenizer = jieba.Tokenizer()
    tokenizer.initialize()
    return tokenizer
