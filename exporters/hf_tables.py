"""The tables of a Hugging Face dataset folder, whatever files they are kept in.

Two configurations are canonical: ``spans`` (with relations) and ``classes``. The others repeat them
in the shape that trainers take: ``tokens`` for token classification, in characters with flat BIO
tags, and one configuration a class set, named like it, for text classification. Reading makes the
rows of these again from the canonical ones and compares.
"""
from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any, Callable, Iterable, Iterator

import msgspec

from exporters import Loss
from exporters.columns import BIO, LIMIT
from exporters.regions import SPANS, asked, chosen, class_sets, narrowed, span_loss
from labels.errors import N_, ExportError
from labels.gold import SPLITS, GoldRegion, GoldRelation, GoldRelease, GoldSpan
from labels.tokens import OUTSIDE, bio_tags, flat, windows

CLASSES, TOKENS = "classes", "tokens"
REGION = ("id", "document", "start", "end", "text")

Feature = dict[str, Any]


class SpanRow(msgspec.Struct):
    id: str
    document: str
    start: int
    end: int
    text: str
    spans: tuple[GoldSpan, ...]
    relations: tuple[GoldRelation, ...]


class TokenRow(msgspec.Struct):
    id: str
    document: str
    start: int
    end: int
    tokens: list[str]
    ner_tags: list[str]


ClassRow = dict[str, Any]
Row = SpanRow | TokenRow | ClassRow


def _scalar(name: str, dtype: Any) -> Feature:
    return {"name": name, "dtype": dtype}


def _names(names: Iterable[str]) -> Feature:
    return {"class_label": {"names": {str(index): name for index, name in enumerate(names)}}}


_PLACE_FEATURES = [_scalar("id", "string"), _scalar("document", "string"),
                   _scalar("start", "int64"), _scalar("end", "int64")]
_REGION_FEATURES = [*_PLACE_FEATURES, _scalar("text", "string")]


@dataclass(frozen=True)
class Kept:
    """The rows of a folder as its kind of file keeps them.

    `spans` and `classes` read the canonical ones of a split; `derived` reads the others of a
    configuration and split as they stand there, and `as_derived` tells how a row should.
    """

    spans: Callable[[str], Iterator[SpanRow]]
    classes: Callable[[str], Iterator[ClassRow]]
    derived: Callable[[str, str], Iterator[Any]]
    as_derived: Callable[[Row], Any]


@dataclass(frozen=True)
class Table:
    """One configuration: what it is for, its columns as `datasets` declares them, its rows."""

    config: str
    task: str
    features: list[Feature]
    rows: Callable[[GoldRegion], Iterator[Row]]


def tables(release: GoldRelease) -> list[Table]:
    """The canonical tables, then those made of them."""
    tags = [OUTSIDE, *(f"{prefix}-{label}" for label in release.labels
                       for prefix in BIO.prefixes)]
    return [
        Table(SPANS, "spans and relations (canonical)", [*_REGION_FEATURES, {
            "name": "spans", "list": [_scalar("start", "int64"), _scalar("end", "int64"),
                                      _scalar("label", "string")]}, {
            "name": "relations", "list": [_scalar("type", "string"), _scalar("source", "int64"),
                                          _scalar("target", "int64"),
                                          _scalar("direction", "string")]}], _span_rows),
        Table(CLASSES, "all classes (canonical)", [*_REGION_FEATURES, *(
            {"name": name, "list": "string"} if name in release.multiple
            else _scalar(name, "string") for name, _ in release.classes)],
            lambda region: _class_rows(release, region)),
        Table(TOKENS, "token classification", [
            *_PLACE_FEATURES, {"name": "tokens", "list": "string"},
            {"name": "ner_tags", "list": _names(tags)}], _token_rows),
        *(_choice_table(release, name, choices) for name, choices in release.classes)]


def check_names(release: GoldRelease) -> None:
    """Raise ExportError for a class set that cannot be a column and a configuration."""
    for name, _ in release.classes:
        if name in (*REGION, SPANS, CLASSES, TOKENS, "tokens", "label"):
            raise ExportError(N_("the class set %(name)r has the name of another column"),
                              name=name)
        if not re.fullmatch(r"[\w-]+", name):
            raise ExportError(N_("the class set %(name)r cannot be a file's name"), name=name)


def losses_of(release: GoldRelease, region: GoldRegion) -> Iterator[Loss]:
    """An unanswered single choice (null says *not asked*), and spans that tags have no room for."""
    for name in _unanswered(release, region):
        yield Loss(region.id, name, N_("asked without an answer, written as not asked"))
    for span in flat(region.spans)[1]:
        yield span_loss(region, span, N_("overlaps; not among the tags of the tokens"), "tag")


def narrow(release: GoldRelease, region: GoldRegion) -> GoldRegion:
    unanswered = _unanswered(release, region)
    return narrowed(release, region, [name for name in region.asked if name not in unanswered])


def carried(release: GoldRelease) -> Iterator[GoldRegion]:
    """The regions split by split, first those of ``spans``, then those of ``classes``."""
    for split in SPLITS:
        for region in asked(release, SPANS, split):
            yield narrowed(release, region, [SPANS])
        for region in release.regions:
            if region.split == split and class_sets(release, region):
                held = narrow(release, region)
                if class_sets(release, held):
                    yield narrowed(release, held, set(held.asked) - {SPANS})


def read_tables(kept: Kept) -> Iterator[GoldRegion]:
    """The regions of the canonical tables, in the order of `carried`.

    Those made of the canonical ones are walked beside them. Raises ExportError where they hold
    something else.
    """
    for split in SPLITS:
        with _Derived(kept, split) as derived:
            for row in kept.spans(split):
                region = region_of_spans(row, split)
                for made in _token_rows(region):
                    derived.compare(TOKENS, made, region.id)
                yield region
        with _Derived(kept, split) as derived:
            for answers in kept.classes(split):
                for name, answer in answers.items():
                    if name not in REGION and answer is not None:
                        derived.compare(name, {**{key: answers[key] for key in REGION},
                                               "label": answer}, answers["id"])
                yield region_of_classes(answers, split)


class _Derived:
    """The files made of a canonical one, each read along with it and to its end."""

    def __init__(self, kept: Kept, split: str) -> None:
        self._kept = kept
        self._split = split
        self._rows: dict[str, Iterator[Any]] = {}

    def __enter__(self) -> "_Derived":
        return self

    def __exit__(self, kind: type[BaseException] | None, *rest: Any) -> None:
        for config, rows in self._rows.items():
            if kind is None and next(rows, None) is not None:
                raise ExportError(N_("%(file)s holds rows of no region"),
                                  file=f"{config}-{self._split}")

    def compare(self, config: str, row: Row, region: str) -> None:
        """Raise ExportError unless the next row of `config` is `row`."""
        if config not in self._rows:
            self._rows[config] = self._kept.derived(config, self._split)
        if next(self._rows[config], None) != self._kept.as_derived(row):
            raise ExportError(N_("%(file)s holds something else of region %(id)s"),
                              file=f"{config}-{self._split}", id=region)


def region_of_spans(row: SpanRow, split: str) -> GoldRegion:
    return GoldRegion(id=row.id, document=row.document, start=row.start, end=row.end, text=row.text,
                      split=split, asked=(SPANS,), spans=row.spans, relations=row.relations)


def region_of_classes(row: ClassRow, split: str) -> GoldRegion:
    answers = {name: answer for name, answer in row.items()
               if name not in REGION and answer is not None}
    return GoldRegion(
        **{key: row[key] for key in REGION}, split=split, asked=tuple(answers),
        classes=tuple((name, (answer,) if isinstance(answer, str) else tuple(answer))
                      for name, answer in answers.items()))


def _unanswered(release: GoldRelease, region: GoldRegion) -> list[str]:
    return [name for name in class_sets(release, region)
            if name not in release.multiple and not region.chosen(name)]


def _place(region: GoldRegion) -> ClassRow:
    return {"id": region.id, "document": region.document, "start": region.start,
            "end": region.end, "text": region.text}


def _span_rows(region: GoldRegion) -> Iterator[Row]:
    if SPANS in region.asked:
        yield SpanRow(region.id, region.document, region.start, region.end, region.text,
                      region.spans, region.relations)


def _class_rows(release: GoldRelease, region: GoldRegion) -> Iterator[Row]:
    if class_sets(release, region):
        yield {**_place(region),
               **{name: _answer(release, region, name) for name, _ in release.classes}}


def _answer(release: GoldRelease, region: GoldRegion, class_set: str) -> list[str] | str | None:
    if class_set not in region.asked:
        return None
    answers = chosen(release, region, class_set)
    return list(answers) if class_set in release.multiple else answers[0]


def _token_rows(region: GoldRegion) -> Iterator[Row]:
    """One row a window of `LIMIT` characters; `start` and `end` are offsets into the document."""
    if SPANS not in region.asked:
        return
    kept, _ = flat(region.spans)
    tags = bio_tags(len(region.text), kept)
    for window in windows(region.text, kept, LIMIT):
        yield TokenRow(
            region.id, region.document, region.start + window.start, region.start + window.end,
            list(region.text[window.start:window.end]), tags[window.start:window.end])


def _choice_table(release: GoldRelease, name: str, choices: tuple[str, ...]) -> Table:
    def rows(region: GoldRegion) -> Iterator[Row]:
        if name in region.asked:
            yield {**_place(region), "label": _answer(release, region, name)}
    one = _names(choices)
    label = {"name": "label", "list": one} if name in release.multiple else {
        "name": "label", "dtype": one}
    return Table(name, "text classification", [*_REGION_FEATURES, label], rows)


def card(release: GoldRelease, found: list[Table], counts: dict[tuple[str, str], int],
         ending: str) -> str:
    """README.md: the YAML head that `datasets` loads by, and what a person should know.

    `counts` are the rows of each file by configuration and split. JSON is YAML.
    """
    configs, info, rows = "", "", ""
    for table in found:
        splits = [split for split in SPLITS if counts.get((table.config, split))]
        if splits:
            configs += f"- config_name: {_yaml(table.config)}\n  data_files:\n" + "".join(
                f"  - split: {split}\n    path: {_yaml(path(table.config, split, ending))}\n"
                for split in splits)
            info += f"- config_name: {_yaml(table.config)}\n  features:\n" + "".join(
                f"  - {_yaml(feature)}\n" for feature in table.features)
            rows += "".join(f"| `{table.config}` | {table.task} | {split} | "
                            f"{counts[table.config, split]} |\n" for split in splits)
    first = next((table.config for table in found
                  if any((table.config, split) in counts for split in SPLITS)), SPANS)
    sets = "".join(
        f"- `{name}` ({'any number' if name in release.multiple else 'one'}): "
        + ", ".join(f"`{choice}`" for choice in choices) + "\n"
        for name, choices in release.classes)
    return f"""\
---
pretty_name: {_yaml(f"{release.project}, release {release.number}")}
language:
- zh
task_categories:
- token-classification
- text-classification
configs:
{configs}dataset_info:
{info}---

# {release.project}, release {release.number}

Gold of Chinese public documents, settled by people. Made {release.created}; schema
`{release.schema_name}` version {release.schema_version} (`{release.schema_hash}`), release hash
`{release.hash}`.

```python
datasets.load_dataset("path/to/this/folder", "{first}")
```

| config | for | split | rows |
|---|---|---|---|
{rows}
`text` is a region: an exact slice `start`–`end` of its document. Outside its regions a document is
not annotated. Span offsets are Unicode code points into `text`, end exclusive; `source` and
`target` of a relation index `spans`. Null in a class column means that it was not asked. A row of
`tokens` is a window of at most {LIMIT} characters of a region, each a token; of spans that overlap,
the tags hold the longest only.

Labels: {", ".join(f"`{label}`" for label in release.labels)}

Relations: {", ".join(f"`{relation}`" for relation in release.relations) or "none"}

Classes:

{sets}"""


def path(config: str, split: str, ending: str) -> str:
    return f"data/{config}-{split}.{ending}"


def _yaml(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
