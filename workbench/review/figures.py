"""Coefficients of agreement from counts that can be added up, and their intervals by document.

Every figure is worked out from a row of counts a document. The counts of documents add up, so one
formula gives the figure itself and, on documents drawn with replacement, its interval. Rows stand
in the last axis: a formula takes one row, or a whole stack of them at once.

F1 is symmetric in who answered. Cohen's κ: J. Cohen, Educational and Psychological Measurement 20
(1960). Fleiss' κ: J. L. Fleiss, Psychological Bulletin 76 (1971). Krippendorff's α for nominal
data with any number of values a unit: K. Krippendorff, Computing Krippendorff's Alpha-Reliability
(2011). The tests hold them to the published examples, and α to the library `krippendorff`.
"""
from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Callable, Hashable, Iterable, Mapping, Sequence

import numpy as np

DRAWS = 1000
SEED = 20_260_101
# Fewer documents say nothing of how much documents differ.
LEAST_DOCUMENTS = 5

Rows = Any      # an array of floats whose last axis holds the counts
Formula = Callable[[Rows], Rows]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure; None where it is not defined (nothing to agree on, or no variety at all).

    `low` and `high` bound 95 % of the draws of documents; None for too few documents. `n` counts
    what was compared, `documents` where.
    """

    value: float | None
    low: float | None
    high: float | None
    n: int
    documents: int


def f1(rows: Rows) -> Rows:
    """Rows of [agreed, said by either in all]: 2 · agreed / said."""
    return _divided(2 * rows[..., 0], rows[..., 1])


def share(rows: Rows) -> Rows:
    """Rows of [so, of all]."""
    return _divided(rows[..., 0], rows[..., 1])


def cohen(rows: Rows) -> Rows:
    """Rows of c · c counts: what the first said by what the second said."""
    width = int(round(rows.shape[-1] ** 0.5))
    table = rows.reshape(*rows.shape[:-1], width, width)
    total = table.sum(axis=(-1, -2))
    agreed = np.trace(table, axis1=-2, axis2=-1)
    by_chance = (table.sum(axis=-1) * table.sum(axis=-2)).sum(axis=-1)
    return _divided(agreed * total - by_chance, total * total - by_chance)


def fleiss(raters: int) -> Formula:
    """Rows of [units, Σ agreement of the unit, ratings of each value …]; each unit was rated by
    just so many `raters` (see `fleiss_row`)."""
    def formula(rows: Rows) -> Rows:
        units = rows[..., 0]
        by_chance = (_divided(rows[..., 2:], (units * raters)[..., None]) ** 2).sum(axis=-1)
        return _divided(_divided(rows[..., 1], units) - by_chance, 1 - by_chance)
    return formula


def alpha(rows: Rows) -> Rows:
    """Rows of [disagreeing pairs, values of each kind …] (see `alpha_row`)."""
    each = rows[..., 1:]
    total = each.sum(axis=-1)
    expected = total * total - (each * each).sum(axis=-1)
    return 1 - _divided((total - 1) * rows[..., 0], expected)


def fleiss_row(values: Sequence[Hashable], order: Sequence[Hashable]) -> list[float]:
    """What one unit adds to a row of `fleiss`; `order` names the columns of the values."""
    raters, counts = len(values), Counter(values)
    agreed = sum(n * (n - 1) for n in counts.values()) / (raters * (raters - 1))
    return [1.0, agreed, *(float(counts[value]) for value in order)]


def alpha_row(values: Sequence[Hashable], weight: float = 1.0) -> Counter[Hashable]:
    """What one unit adds to a row of `alpha`, by column; the disagreeing pairs stand under
    `DISAGREEING`. A unit with fewer than two values adds nothing."""
    found: Counter[Hashable] = Counter()
    if len(values) < 2:
        return found
    for value, n in Counter(values).items():
        found[value] += weight * n      # type: ignore[assignment]
        found[DISAGREEING] += weight * n * (    # type: ignore[assignment]
            len(values) - n) / (len(values) - 1)
    return found


DISAGREEING = ("disagreeing pairs",)


def alpha_columns(by_document: Mapping[Hashable, Counter[Hashable]]) -> dict[Hashable, list[float]]:
    """Rows of `alpha` a document, all with the same columns."""
    order = sorted({value for counts in by_document.values() for value in counts
                    if value != DISAGREEING}, key=repr)
    return {document: [counts[DISAGREEING], *(counts[value] for value in order)]
            for document, counts in by_document.items()}


def estimate(by_document: Mapping[Any, Iterable[float]], formula: Formula, n: int) -> Estimate:
    """The figure of all documents together, and its interval: documents are drawn with
    replacement, always in the same way (the percentile bootstrap)."""
    names = sorted(by_document)
    if not names:
        return Estimate(None, None, None, n, 0)
    rows = np.array([list(by_document[name]) for name in names], dtype=float)
    value = _number(formula(rows.sum(axis=0)))
    low = high = None
    if value is not None and len(names) >= LEAST_DOCUMENTS:
        drawn = formula(_draws(len(names)) @ rows)
        drawn = drawn[~np.isnan(drawn)]
        if drawn.size:
            low, high = (float(edge) for edge in np.percentile(drawn, [2.5, 97.5]))
    return Estimate(value, low, high, n, len(names))


@lru_cache(maxsize=4)
def _draws(documents: int) -> Rows:
    """How often each document is drawn, for each draw."""
    return np.random.default_rng(SEED).multinomial(
        documents, [1 / documents] * documents, size=DRAWS).astype(float)


def _number(value: Any) -> float | None:
    return None if np.isnan(value) else float(value)


def _divided(above: Rows, below: Rows) -> Rows:
    above, below = np.asarray(above, dtype=float), np.asarray(below, dtype=float)
    return np.divide(above, below, out=np.full(np.broadcast(above, below).shape, np.nan),
                     where=below != 0)
