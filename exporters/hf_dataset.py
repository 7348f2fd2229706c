r"""A Hugging Face dataset folder: canonical spans and relations, and classes, as JSON Lines.

``README.md`` declares the columns, so that ``datasets.load_dataset(FOLDER, "spans")`` needs no
code, keeps its types where every list of a split is empty, and works offline. A split without
regions has no file. One line of ``data/spans-train.jsonl``::

    {"id": "d1:0-9", "document": "d1", "start": 0, "end": 9, "text": "就业岗位增长5%。",
     "spans": [{"start": 0, "end": 4, "label": "INDICATOR"}, {"start": 6, "end": 8, "label": …}],
     "relations": [{"type": "CHANGE", "source": 0, "target": 1, "direction": "up"}]}

and of ``data/classes-train.jsonl``, one column a class set (null: not asked; []: none chosen)::

    {"id": "d1:0-9", "document": "d1", "start": 0, "end": 9, "text": "就业岗位增长5%。",
     "function": "achievement", "topics": ["employment"]}

`start` and `end` of a region are offsets into its document, those of spans into `text`; all count
Unicode code points, end exclusive. `source` and `target` index `spans`. A single choice is a plain
string (``dataset.class_encode_column("function")`` makes it a ClassLabel).
"""
from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any, Iterator

from exporters import Format, Loss
from exporters.regions import (
    SPANS, carried, check, chosen, class_sets, json_line, read_json_lines, verify,
    write_text,
)
from labels.errors import N_, ExportError
from labels.gold import SPLITS, GoldRegion, GoldRelation, GoldRelease, GoldSpan

FORMAT = Format(
    name="hf", title=N_("Hugging Face dataset (JSON Lines)"),
    carries=("spans", "relations", "classes"))

CLASSES = "classes"
_REGION = ("id", "document", "start", "end", "text")
_REGION_FEATURES = """\
  - name: id
    dtype: string
  - name: document
    dtype: string
  - name: start
    dtype: int64
  - name: end
    dtype: int64
  - name: text
    dtype: string
"""
_SPAN_FEATURES = """\
  - name: spans
    list:
    - name: start
      dtype: int64
    - name: end
      dtype: int64
    - name: label
      dtype: string
  - name: relations
    list:
    - name: type
      dtype: string
    - name: source
      dtype: int64
    - name: target
      dtype: int64
    - name: direction
      dtype: string
"""


def write(release: GoldRelease, folder: Path) -> list[Loss]:
    """Write the dataset. A single choice without an answer is a Loss: null says *not asked*."""
    check(release)
    taken = set(_REGION) & set(dict(release.classes))
    if taken:
        raise ExportError(N_("the class set %(name)r has the name of another column"),
                          name=sorted(taken)[0])
    losses: list[Loss] = []
    expected = []
    for region in release.regions:
        unanswered = [name for name in class_sets(release, region)
                      if name not in release.multiple and not region.chosen(name)]
        losses += [Loss(region.id, name, N_("asked without an answer, written as not asked"))
                   for name in unanswered]
        expected.append(carried(release, region, set(region.asked) - set(unanswered)))
    files: dict[str, dict[str, int]] = {SPANS: {}, CLASSES: {}}
    for split in SPLITS:
        regions = [region for region in expected if region.split == split]
        rows_of = ((SPANS, _span_rows(regions)), (CLASSES, _class_rows(release, regions)))
        for config, rows in rows_of:
            lines = [json_line(row) for row in rows]
            if lines:
                write_text(folder / "data" / f"{config}-{split}.jsonl", "".join(lines))
                files[config][split] = len(lines)
    write_text(folder / "README.md", _card(release, files))
    verify(expected, read(folder), FORMAT.name)
    return losses


def read(folder: Path) -> Iterator[GoldRegion]:
    """The regions that the data files hold; those of both configs come twice."""
    for split in SPLITS:
        for config in (SPANS, CLASSES):
            path = folder / "data" / f"{config}-{split}.jsonl"
            for row in read_json_lines(path) if path.exists() else ():
                yield region_of_row(row, split)


def region_of_row(row: dict[str, Any], split: str) -> GoldRegion:
    """The region of one row of either config, as JSON or as `datasets` gives it."""
    place = {key: row[key] for key in _REGION}
    if SPANS in row:
        return GoldRegion(
            **place, split=split, asked=(SPANS,),
            spans=tuple(GoldSpan(**span) for span in row[SPANS]),
            relations=tuple(GoldRelation(**relation) for relation in row["relations"]))
    answers = {name: answer for name, answer in row.items()
               if name not in _REGION and answer is not None}
    return GoldRegion(
        **place, split=split, asked=tuple(answers),
        classes=tuple((name, (answer,) if isinstance(answer, str) else tuple(answer))
                      for name, answer in answers.items()))


def _span_rows(regions: list[GoldRegion]) -> Iterator[dict[str, Any]]:
    for region in regions:
        if SPANS in region.asked:
            yield {**_place(region), "spans": [asdict(span) for span in region.spans],
                   "relations": [asdict(relation) for relation in region.relations]}


def _class_rows(release: GoldRelease, regions: list[GoldRegion]) -> Iterator[dict[str, Any]]:
    for region in regions:
        if class_sets(release, region):
            yield {**_place(region),
                   **{name: _answer(release, region, name) for name, _ in release.classes}}


def _place(region: GoldRegion) -> dict[str, Any]:
    return {key: getattr(region, key) for key in _REGION}


def _answer(release: GoldRelease, region: GoldRegion, class_set: str) -> list[str] | str | None:
    if class_set not in region.asked:
        return None
    answers = chosen(release, region, class_set)
    return list(answers) if class_set in release.multiple else answers[0]


def _card(release: GoldRelease, files: dict[str, dict[str, int]]) -> str:
    """README.md: the YAML head that `datasets` loads by, and what a person should know."""
    features = {SPANS: _REGION_FEATURES + _SPAN_FEATURES,
                CLASSES: _REGION_FEATURES + "".join(
                    f"  - name: {_yaml(name)}\n"
                    + ("    list: string\n" if name in release.multiple else "    dtype: string\n")
                    for name, _ in release.classes)}
    configs, info = "", ""
    for config, splits in files.items():
        if splits:
            configs += f"- config_name: {config}\n  data_files:\n" + "".join(
                f"  - split: {split}\n    path: data/{config}-{split}.jsonl\n" for split in splits)
            info += f"- config_name: {config}\n  features:\n{features[config]}"
    rows = "".join(f"| `{config}` | {split} | {count} |\n"
                   for config, splits in files.items() for split, count in splits.items())
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
datasets.load_dataset("path/to/this/folder", "{next(c for c in files if files[c])}")
```

| config | split | regions |
|---|---|---|
{rows}
`text` is a region: an exact slice `start`–`end` of its document. Outside its regions a document is
not annotated. Span offsets are Unicode code points into `text`, end exclusive; `source` and
`target` of a relation index `spans`. Null in a class column means that it was not asked.

Labels: {", ".join(f"`{label}`" for label in release.labels)}

Relations: {", ".join(f"`{relation}`" for relation in release.relations) or "none"}

Classes:

{sets}"""


def _yaml(text: str) -> str:
    """A JSON string is a YAML string."""
    return json.dumps(text, ensure_ascii=False)
