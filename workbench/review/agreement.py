"""How far people agree who answered the same regions without seeing each other's answers.

Only answers that were made blind count, the newest of each person; each two of one region make a
pair. Figures are of all pairs together, so a region that three people answered counts three times.
"""
from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import asdict, dataclass, field
from datetime import date
from itertools import combinations
from typing import Any, Hashable, Iterable, Mapping, Sequence

from labels.schema import ClassSet, Schema
from workbench.review.figures import (
    Estimate, alpha, alpha_columns, alpha_row, cohen, estimate, f1, fleiss, fleiss_row, share,
)
from workbench.review.pairs import DISTANCES, Answer, Compared, compare, spans_in
from workbench.store import Row, Store
from workbench.store.review import people_answers, texts_of_regions

ALL = ""        # the name of the line of all labels (relations) together
FRINGES = 20


@dataclass(frozen=True, slots=True)
class Line:
    """F1 of what is just the same, and of what overlaps; `alpha` is Krippendorff's over characters
    (does the character bear the label?), None for relations."""

    name: str
    exact: Estimate
    overlap: Estimate
    alpha: Estimate | None = None


@dataclass(frozen=True, slots=True)
class ClassLine:
    """A set of classes (`choice` empty), or one of its choices as a question of yes and no. `same`
    is the share of pairs that agree; of a choice the F1, because nearly all say no to it. `fleiss`
    is of the paragraphs that the most frequent number of people (`raters`) answered; None if that
    is less than three."""

    name: str
    choice: str
    same: Estimate
    alpha: Estimate
    fleiss: Estimate | None = None
    raters: int = 0


@dataclass(frozen=True, slots=True)
class PairLine:
    """Two people. `kappa` is Cohen's, by set of classes."""

    people: tuple[str, str]
    regions: int
    exact: Estimate
    overlap: Estimate
    kappa: Mapping[str, Estimate]


@dataclass(frozen=True, slots=True)
class Slice:
    """A document type, or a week (its Monday): the spans, and α of each set of classes."""

    name: str
    regions: int
    exact: Estimate
    overlap: Estimate
    alphas: Mapping[str, Estimate]


@dataclass(frozen=True, slots=True)
class Agreement:
    """`labels` counts (label, label) of spans that stand for each other, "" for nothing (see
    `pairs.Compared`); `borders` counts (label, distance of the start, of the end) by place in
    `pairs.DISTANCES`, of spans whose borders differ; `fringes` are (label, words
    that only one of two took, how often), the most frequent first. `seen` answers were left out
    because another stood there before."""

    regions: Mapping[str, int]
    documents: int
    people: tuple[str, ...]
    seen: int
    spans: tuple[Line, ...] = ()
    relations: tuple[Line, ...] = ()
    classes: tuple[ClassLine, ...] = ()
    pairs: tuple[PairLine, ...] = ()
    types: tuple[Slice, ...] = ()
    weeks: tuple[Slice, ...] = ()
    labels: Mapping[tuple[str, str], int] = field(default_factory=dict)
    borders: Mapping[tuple[str, int, int], int] = field(default_factory=dict)
    fringes: tuple[tuple[str, str, int], ...] = ()


def agreement(store: Store, schema: Schema) -> Agreement:
    """All figures of the project, worked out anew."""
    answers = people_answers(store)
    regions: dict[int, list[Row]] = defaultdict(list)
    for row in answers:
        if row["blind"]:
            regions[row["region_id"]].append(row)
    shared = [rows for rows in regions.values() if len(rows) > 1]
    texts = texts_of_regions(store, [rows[0]["region_id"] for rows in shared])
    return measure(shared, texts, schema, seen=sum(not row["blind"] for row in answers))


def measure(shared: Sequence[Sequence[Row]], texts: Mapping[int, str], schema: Schema,
            seen: int = 0) -> Agreement:
    """`shared`: the answers of each region that several people answered (rows of
    `store.review.people_answers`); `texts`: the slices of their documents by region."""
    asked = {kind: [rows for rows in shared if rows[0]["kind"] == kind]
             for kind in ("spans", "classes")}
    compared = [_Pair(one, other, compare(one["answer"], other["answer"],
                                          texts[one["region_id"]]))
                for rows in asked["spans"] for one, other in combinations(rows, 2)]
    sets = schema.paragraph_classes
    labels: Counter[tuple[str, str]] = Counter()
    borders: Counter[tuple[str, int, int]] = Counter()
    fringes: Counter[tuple[str, str]] = Counter()
    for pair in compared:
        labels.update(pair.found.labels)
        fringes.update(pair.found.fringes)
        borders.update(pair.found.borders)
    return Agreement(
        {kind: len(found) for kind, found in asked.items()},
        len({rows[0]["document_id"] for rows in shared}),
        tuple(sorted({row["person"] for rows in shared for row in rows})), seen,
        _span_lines(compared, asked["spans"], texts, schema), _relation_lines(compared, schema),
        tuple(line for classes in sets for line in _class_lines(asked["classes"], classes)),
        _pair_lines(compared, asked["classes"], sets),
        _slices(compared, asked["classes"], sets, lambda rows: str(rows[0]["type"])),
        _slices(compared, asked["classes"], sets, _week),
        labels, borders,
        tuple((label, words, n) for (label, words), n in fringes.most_common(FRINGES)))


@dataclass(frozen=True, slots=True)
class _Pair:
    one: Row
    other: Row
    found: Compared


def _f1_of(pairs: Iterable[_Pair], group: str, name: str) -> tuple[Estimate, Estimate]:
    """Exact and overlapping F1 of one label (relation), or of all; `n` is how many were said."""
    exact: dict[int, list[float]] = defaultdict(lambda: [0.0, 0.0])
    near: dict[int, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for pair in pairs:
        tallies = getattr(pair.found, group)
        for tally in tallies.values() if name == ALL else filter(None, [tallies.get(name)]):
            document = pair.one["document_id"]
            for rows, agreed in ((exact, tally.same), (near, tally.near)):
                rows[document][0] += agreed
                rows[document][1] += tally.said
    said = int(sum(row[1] for row in exact.values()))
    return estimate(exact, f1, said), estimate(near, f1, said)


def _span_lines(pairs: Sequence[_Pair], regions: Sequence[Sequence[Row]],
                texts: Mapping[int, str], schema: Schema) -> tuple[Line, ...]:
    said = {label for pair in pairs for label in pair.found.spans}
    names = [ALL, *(name for name in schema.label_names if name in said),
             *sorted(said - set(schema.label_names))]
    alphas = _character_alphas(regions, texts, names)
    return tuple(Line(name, *_f1_of(pairs, "spans", name), alphas[name])
                 for name in names) if said else ()


def _relation_lines(pairs: Sequence[_Pair], schema: Schema) -> tuple[Line, ...]:
    said = {name for pair in pairs for name in pair.found.relations}
    known = [relation.name for relation in schema.relations]
    names = [ALL, *(name for name in known if name in said), *sorted(said - set(known))]
    return tuple(Line(name, *_f1_of(pairs, "relations", name)) for name in names) if said else ()


def _character_alphas(regions: Sequence[Sequence[Row]], texts: Mapping[int, str],
                      names: Sequence[str]) -> dict[str, Estimate]:
    """α over characters: of `ALL` (the first of `names`), which labels a character bears; of a
    label, whether it does."""
    counts: dict[str, dict[Hashable, Counter[Hashable]]] = {
        name: defaultdict(Counter) for name in names}
    characters = 0
    for rows in regions:
        document, length = rows[0]["document_id"], len(texts[rows[0]["region_id"]])
        characters += length
        without = dict.fromkeys(names, length)  # that no answer gives the label to
        for width, borne in stretches([row["answer"] for row in rows], length):
            counts[ALL][document].update(alpha_row(borne, width))
            for name in frozenset().union(*borne):
                without[name] -= width
                counts[name][document].update(
                    alpha_row([name in labels for labels in borne], width))
        for name in names[1:]:
            counts[name][document].update(alpha_row([False] * len(rows), without[name]))
    return {name: estimate(alpha_columns(by_document), alpha, characters)
            for name, by_document in counts.items()}


def stretches(answers: Sequence[Answer], length: int) -> list[tuple[int, list[frozenset[str]]]]:
    """The text of a region cut where a span of any answer begins or ends: of each stretch how many
    characters it has, and which labels they bear in each of the answers."""
    spans = [spans_in(answer) for answer in answers]
    edges = sorted({0, length, *(edge for found in spans for start, end, _ in found
                                 for edge in (start, end))})
    return [(right - left, [frozenset(label for start, end, label in found
                                      if start <= left and right <= end) for found in spans])
            for left, right in zip(edges, edges[1:])]


def chosen(row: Row, name: str) -> tuple[str, ...]:
    """What an answer says of a set of classes, in one order."""
    return tuple(sorted(row["answer"]["classes"].get(name, ())))


def _class_lines(regions: Sequence[Sequence[Row]], classes: ClassSet) -> list[ClassLine]:
    said = [(rows[0]["document_id"], [chosen(row, classes.name) for row in rows])
            for rows in regions]
    if not any(any(values) for _, values in said):
        return []
    lines = [_class_line(said, classes.name)]
    for choice in classes.choices:
        asked: list[tuple[int, list[Any]]] = [
            (document, [choice.name in values for values in each]) for document, each in said]
        if any(any(values) for _, values in asked):
            lines.append(_class_line(asked, classes.name, choice.name))
    return lines


def _class_line(said: Sequence[tuple[int, list[Any]]], name: str, choice: str = "") -> ClassLine:
    same: dict[int, list[float]] = defaultdict(lambda: [0.0, 0.0])
    spread: dict[Hashable, Counter[Hashable]] = defaultdict(Counter)
    for document, values in said:
        spread[document].update(alpha_row(values))
        for one, other in combinations(values, 2):
            same[document][0] += (one and other) if choice else one == other
            same[document][1] += one + other if choice else 1
    compared = int(sum(row[1] for row in same.values()))
    known, raters = _fleiss(said)
    return ClassLine(name, choice, estimate(same, f1 if choice else share, compared),
                     estimate(alpha_columns(spread), alpha, len(said)), known, raters)


def _fleiss(said: Sequence[tuple[int, list[Any]]]) -> tuple[Estimate | None, int]:
    by_raters = Counter(len(values) for _, values in said if len(values) > 2)
    if not by_raters:
        return None, 0
    raters = max(by_raters, key=lambda n: (by_raters[n], n))
    units = [(document, values) for document, values in said if len(values) == raters]
    order = sorted({value for _, values in units for value in values}, key=repr)
    rows: dict[int, list[float]] = defaultdict(lambda: [0.0] * (len(order) + 2))
    for document, values in units:
        rows[document] = [old + new for old, new in
                          zip(rows[document], fleiss_row(values, order))]
    return estimate(rows, fleiss(raters), len(units)), raters


def _pair_lines(pairs: Sequence[_Pair], regions: Sequence[Sequence[Row]],
                sets: Sequence[ClassSet]) -> tuple[PairLine, ...]:
    """By name, never by how well they agree: the list ranks nobody."""
    spans: dict[tuple[str, str], list[_Pair]] = defaultdict(list)
    classes: dict[tuple[str, str], list[tuple[Row, Row]]] = defaultdict(list)
    for pair in pairs:
        spans[_names(pair.one, pair.other)].append(pair)
    for rows in regions:
        for one, other in combinations(rows, 2):
            first, second = sorted((one, other), key=lambda row: str(row["person"]))
            classes[_names(one, other)].append((first, second))
    return tuple(PairLine(
        people, len(spans[people]) + len(classes[people]),
        *_f1_of(spans[people], "spans", ALL),
        {each.name: _kappa(classes[people], each.name) for each in sets if classes[people]})
        for people in sorted({*spans, *classes}))


def _names(one: Row, other: Row) -> tuple[str, str]:
    first, second = sorted((str(one["person"]), str(other["person"])))
    return first, second


def _kappa(pairs: Sequence[tuple[Row, Row]], name: str) -> Estimate:
    order = sorted({chosen(row, name) for pair in pairs for row in pair})
    width, place = len(order), {value: position for position, value in enumerate(order)}
    rows: dict[int, list[float]] = defaultdict(lambda: [0.0] * (width * width))
    for one, other in pairs:
        rows[one["document_id"]][place[chosen(one, name)] * width
                                 + place[chosen(other, name)]] += 1
    return estimate(rows, cohen, len(pairs))


def _week(rows: Sequence[Row]) -> str:
    """The Monday of the week in which the last of these answers was given (UTC)."""
    day = date.fromisoformat(max(row["answered_at"] for row in rows)[:10])
    return date.fromordinal(day.toordinal() - day.weekday()).isoformat()


def _slices(pairs: Sequence[_Pair], regions: Sequence[Sequence[Row]], sets: Sequence[ClassSet],
            name_of: Any) -> tuple[Slice, ...]:
    spans: dict[str, list[_Pair]] = defaultdict(list)
    classes: dict[str, list[Sequence[Row]]] = defaultdict(list)
    for pair in pairs:
        spans[name_of((pair.one, pair.other))].append(pair)
    for rows in regions:
        classes[name_of(rows)].append(rows)
    return tuple(Slice(
        name, len({pair.one["region_id"] for pair in spans[name]}) + len(classes[name]),
        *_f1_of(spans[name], "spans", ALL),
        {each.name: _set_alpha(classes[name], each.name) for each in sets if classes[name]})
        for name in sorted({*spans, *classes}))


def _set_alpha(regions: Sequence[Sequence[Row]], name: str) -> Estimate:
    spread: dict[Hashable, Counter[Hashable]] = defaultdict(Counter)
    for rows in regions:
        spread[rows[0]["document_id"]].update(alpha_row([chosen(row, name) for row in rows]))
    return estimate(alpha_columns(spread), alpha, len(regions))


def agreement_to_json(found: Agreement) -> dict[str, Any]:
    """One object; tables of pairs as lists of rows."""
    plain = asdict(found)
    plain["labels"] = [[*names, n] for names, n in sorted(found.labels.items())]
    plain["borders"] = [
        {"label": label, "start": list(DISTANCES[start]), "end": list(DISTANCES[end]), "count": n}
        for (label, start, end), n in sorted(found.borders.items())]
    return plain


HEAD = ("group", "name", "measure", "value", "low", "high", "n", "documents")


def figures(found: Agreement) -> Iterable[tuple[str, str, str, Estimate]]:
    """Each figure with its group, its name in it, and what it measures."""
    for group, lines in (("span", found.spans), ("relation", found.relations)):
        for line in lines:
            yield group, line.name or "all", "F1", line.exact
            yield group, line.name or "all", "F1 overlapping", line.overlap
            if line.alpha is not None:
                yield group, line.name or "all", "alpha of characters", line.alpha
    for each in found.classes:
        name = f"{each.name}={each.choice}" if each.choice else each.name
        yield "class", name, "F1" if each.choice else "share the same", each.same
        yield "class", name, "alpha", each.alpha
        if each.fleiss is not None:
            yield "class", name, f"kappa of Fleiss, {each.raters} people", each.fleiss
    for pair in found.pairs:
        name = " + ".join(pair.people)
        yield "pair", name, "F1", pair.exact
        yield "pair", name, "F1 overlapping", pair.overlap
        for classes, kappa in pair.kappa.items():
            yield "pair", name, f"kappa of Cohen, {classes}", kappa
    for group, slices in (("type", found.types), ("week", found.weeks)):
        for part in slices:
            yield group, part.name, "F1", part.exact
            yield group, part.name, "F1 overlapping", part.overlap
            for classes, spread in part.alphas.items():
                yield group, part.name, f"alpha, {classes}", spread


def told(found: Agreement) -> Iterable[tuple[str, ...]]:
    """A line of words a figure, as `HEAD` names them; what is not defined is empty."""
    for group, name, measure, figure in figures(found):
        yield (group, name, measure,
               *("" if value is None else f"{value:.4f}"
                 for value in (figure.value, figure.low, figure.high)),
               str(figure.n), str(figure.documents))
