"""The stages a document goes through, one function each; every stage can be repeated.

ingest → suggest → push → (people correct) → pull → settle → freeze → export

Stages that speak with Label Studio stand in `workbench.sync`.
"""
from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Callable, Iterable, Mapping, Sequence

import exporters
from labels import rules
from labels.document import Document
from labels.errors import ExportError, InputError, N_
from labels.facts import facts_hash
from labels.gold import (
    GoldRegion, GoldRelation, GoldRelease, GoldSpan, release_hash,
)
from labels.rules import Pack
from workbench import effective, facts, grouping, inheriting, merging, reading, rereading
from workbench.clock import now
from workbench.progress import Progress, silent
from workbench.reading import regions as region_views
from workbench.review import holding
from workbench.store import Row, Store
from workbench.store.answers import accepted_answers, canonical
from workbench.store.documents import (
    add_document, document_row, is_current, load_document,
)
from workbench.store.facts import add_release_facts
from workbench.store.gold import (
    add_release, documents_to_settle, gold_grounds, load_release, said_before, sealed_release,
    settle_region, settled_regions, withdraw_region,
)
from workbench.store.schemas import end_reviewed, regions_in_review, require_settled
from workbench.store.settings import get_setting
from workbench.store.suggestions import documents_without, save_suggestions
from workbench.store.tasks import add_regions, has_regions
from workbench.store.withdrawals import untold


@dataclass(frozen=True, slots=True)
class Ingested:
    """What became of one file: `outcome` is new, changed, unchanged, returned (it was
    removed) or refused (with why)."""

    file: str
    outcome: str
    documents: int = 0
    message: str = ""


def ingest(store: Store, paths: Sequence[Path], progress: Progress = silent) -> list[Ingested]:
    """Read files, folders and archives into the store, one entry a file or member of an archive.

    What cannot be read does not stop the rest.
    """
    files = list(files_in(paths))
    report: list[Ingested] = []
    for position, (path, name) in enumerate(files):
        progress(position, len(files), name)
        for one in reading.read_each(path, name):
            # What stands for the file, or for the member of the archive, in the report.
            file = f"{path}{one.name[len(name):]}"
            if one.error is not None:
                report.append(Ingested(file, "refused", 0, str(one.error)))
                continue
            try:
                with store.write():
                    outcomes = {add_document(store, document, str(path.resolve())).outcome
                                for document in one.documents}
            except InputError as error:
                report.append(Ingested(file, "refused", 0, str(error)))
                continue
            outcome = next((one for one in ("changed", "new", "returned") if one in outcomes),
                           "unchanged")
            report.append(Ingested(file, outcome, len(one.documents)))
    progress(len(files), len(files))
    return report


def files_in(paths: Iterable[Path]) -> Iterable[tuple[Path, str]]:
    """(path, name) of the files named, and inside folders of those that a reader knows.

    The name of a file in a folder is its path from there.
    """
    for path in paths:
        if path.is_dir():
            yield from ((inner, inner.relative_to(path).as_posix())
                        for inner in sorted(path.rglob("*"))
                        if inner.is_file() and inner.suffix.lower() in reading.SUFFIXES
                        and not inner.name.startswith("."))
        else:
            yield path, path.name


@dataclass(frozen=True, slots=True)
class Failed:
    """A rule that raised `count` times in `documents` documents, first with `error`."""

    rule: str
    error: str
    count: int
    documents: int

    def __str__(self) -> str:
        return (f"{self.rule} ({self.count} times in {self.documents} documents):"
                f" {self.error}")


@dataclass(frozen=True, slots=True)
class Suggested:
    documents: int
    spans: int
    failures: tuple[Failed, ...]


def suggest(store: Store, pack: Pack, progress: Progress = silent) -> Suggested:
    """Suggest for all documents that lack suggestions by this state of the pack, or whose passages
    inherit something else from the gold that counts than what they say."""
    heritage = inheriting.heritage(store, progress)
    waiting = sorted({*documents_without(store, pack.hash), *heritage.due(store)})
    spans = 0
    failures: dict[str, Failed] = {}
    for position, document_id in enumerate(waiting):
        document = load_document(store, document_id)
        progress(position, len(waiting), document.title or document.id)
        inherited = heritage.given(store, document_id, document, pack)
        found = merging.merged(document, rules.suggest(document, pack), inherited)
        save_suggestions(store, document_id, pack.hash, found, [one.row() for one in inherited])
        spans += len(found.spans)
        for failure in found.failures:
            known = failures.get(failure.rule, Failed(failure.rule, failure.error, 0, 0))
            failures[failure.rule] = Failed(known.rule, known.error, known.count + failure.count,
                                            known.documents + 1)
    progress(len(waiting), len(waiting))
    return Suggested(len(waiting), spans, tuple(failures.values()))


def cut_regions(store: Store, document_id: int) -> None:
    """Store the regions of a document, once; later suggestions do not move them.

    A new version takes over the regions whose text stands in it, and is cut between them.
    """
    row = document_row(store, document_id)
    if row is None:
        raise InputError(N_("there is no document %(id)s"), id=document_id)
    prefix = key_prefix(store, row)
    with store.write():
        if has_regions(store, document_id, "spans"):
            return
        plan = rereading.plan(store, document_id)
        found = rereading.new_regions(store, document_id, plan)
        rereading.apply(store, document_id, plan)
        for kind, cut in found.items():
            add_regions(store, document_id, kind, prefix,
                        [(region.start, region.end, region.heading_path) for region in cut])


def key_prefix(store: Store, document: Row) -> str:
    """What the keys of the regions of a document begin with."""
    return f"{get_setting(store, 'uuid')}/{document['name']}@{document['version']}"


def uncut_regions(store: Store, document_id: int) -> Mapping[str, Sequence[region_views.Region]]:
    """The regions by kind that `cut_regions` would add now."""
    if has_regions(store, document_id, "spans"):
        return {}
    return rereading.new_regions(store, document_id, rereading.plan(store, document_id))


@dataclass(frozen=True, slots=True)
class Settled:
    """`settled` are new or changed. Of regions (ids) of current documents: `disagreeing` have
    answers that differ, `held` agree but something about them is open (`contradicted`: of these how
    many by the arithmetic), the gold of `withdrawn` has lost the answers it was made of."""

    settled: int
    unchanged: int
    disagreeing: tuple[int, ...]
    withdrawn: tuple[int, ...] = ()
    held: tuple[int, ...] = ()
    contradicted: int = 0


def settle(store: Store, pack: Pack, by: str, progress: Progress = silent) -> Settled:
    """Make gold of the regions on whose answers people agree; withdraw gold that lost its ground.

    One answer settles its region; several settle it if they say the same. Regions with
    differing answers are left for adjudication and named; those about which a finding or a lint
    is open (`review.holding`) for a reviewer. Gold stands as long as the answers it
    was settled from are just those that count now, whoever settled it. Each document is settled
    whole; one after the other, so that others can write meanwhile.
    """
    require_settled(store)
    end_reviewed(store)
    guide_hash = effective.guide(store).hash
    found: list[_Settling] = []
    waiting = documents_to_settle(store)
    for position, (document_id, title) in enumerate(waiting):
        progress(position, len(waiting), title)
        one = _Settling(store, pack.schema.hash, guide_hash, by)
        with store.write():
            one.document(document_id)
        found.append(one)
    progress(len(waiting), len(waiting))
    return Settled(
        sum(one.settled for one in found), sum(one.unchanged for one in found),
        tuple(sorted(region for one in found for region in one.disagreeing)),
        tuple(sorted(region for one in found for region in one.withdrawn)),
        tuple(sorted(region for one in found for region in one.held)),
        sum(one.contradicted for one in found))


class _Settling:
    """One document being settled."""

    def __init__(self, store: Store, schema_hash: str, guide_hash: str, by: str) -> None:
        self.store, self.by = store, by
        self.schema_hash, self.guide_hash = schema_hash, guide_hash
        self.settled = self.unchanged = self.contradicted = 0
        self.disagreeing: list[int] = []
        self.withdrawn: list[int] = []
        self.held: list[int] = []

    def document(self, document_id: int) -> None:
        store = self.store
        answers = accepted_answers(store, document_id)
        grounds = gold_grounds(store, document_id)
        current = is_current(store, document_id)
        changed = [region for region in sorted(answers.keys() | grounds.keys())
                   if grounds.get(region) != {row["id"] for row in answers.get(region, ())}]
        self.unchanged = len(answers.keys() | grounds.keys()) - len(changed)
        causes = holding.unreasoned(store, document_id) if changed else {}
        reasons = holding.reasons_for(store, document_id) if changed else {}
        for region in changed:
            rows = answers.get(region, [])
            said = {canonical(json.loads(row["answer"])) for row in rows}
            held = region in causes and len(said) == 1 and not said_before(
                store, region, *said)
            if len(said) == 1 and not held:
                self._settle(region, json.loads(*said), rows, reasons.get(region, ()))
                continue
            if region in grounds:
                withdraw_region(store, region, schema_hash=self.schema_hash, by=self.by)
                self.withdrawn += [region] if current else []
            if held:
                self.held.append(region)
                self.contradicted += any(one["cause"] == "finding" for one in causes[region])
            elif said and current:
                self.disagreeing.append(region)

    def _settle(self, region: int, answer: Mapping[str, Any], rows: Sequence[Row],
                reasons: Sequence[Mapping[str, Any]]) -> None:
        settle_region(self.store, region_id=region, answer=answer,
                      answer_ids=[row["id"] for row in rows],
                      annotators=sorted({row["annotator"] for row in rows}),
                      schema_hash=self.schema_hash, settled_by=self.by,
                      guide_hash=self.guide_hash, reasons=reasons)
        self.settled += 1


def freeze(store: Store, pack: Pack, by: str, progress: Progress = silent) -> GoldRelease:
    """Freeze all gold, and the facts that follow from it, into the next release; the last one is
    returned if nothing changed.

    Gold of older versions of a document stays out (`store.gold.count_older` tells how much): a
    release would hold the old and the new text. So does gold that a change of the schema left
    doubtful, till somebody has looked, and that of documents that were withdrawn. Raises
    ExportError if nothing is settled.
    """
    require_settled(store)
    end_reviewed(store)
    # The long part of the work, before the write that others wait for.
    facts.prepare(store, _to_freeze(store), progress)
    with store.write():
        rows = _to_freeze(store)
        if not rows:
            raise ExportError(N_("no region is settled yet"),
                              hint=N_("correct tasks in Label Studio, then sync and settle"))
        last = store.row("SELECT number, hash, json_extract(header, '$.facts_hash') AS facts_hash"
                         " FROM releases ORDER BY number DESC LIMIT 1")
        number = last["number"] + 1 if last else 1
        placed = grouping.place(store, rows, number)
        regions = tuple(_gold_region(placed, pack, row) for row in rows)
        digest = release_hash(pack.schema.hash, regions)
        held = [(found, placed.split(name)) for name, found in facts.prepare(store, rows).items()]
        if last and (last["hash"], last["facts_hash"]) == (digest, facts_hash(held)):
            same = load_release(store, last["number"])
            assert same is not None
            return same
        schema = pack.schema
        release = GoldRelease(
            number=number, project=str(get_setting(store, "title")),
            created=now(), schema_name=schema.name, schema_version=schema.version,
            schema_hash=schema.hash, labels=schema.label_names,
            relations=tuple(relation.name for relation in schema.relations),
            classes=tuple((classes.name, tuple(choice.name for choice in classes.choices))
                          for classes in schema.paragraph_classes),
            regions=regions, hash=digest,
            multiple=tuple(classes.name for classes in schema.paragraph_classes
                           if classes.multiple), facts_hash=facts_hash(held))
        add_release(store, release, [row["document_id"] for row in rows], by,
                    [*untold(store, number), *placed.notes], [row["id"] for row in rows])
        add_release_facts(store, number, held)
        return release


def _to_freeze(store: Store) -> list[Row]:
    """The settled regions that the next release takes."""
    doubtful = regions_in_review(store)
    return [row for row in settled_regions(store) if row["region_id"] not in doubtful]


def _gold_region(placed: grouping.Placed, pack: Pack, row: Any) -> GoldRegion:
    answer = row["answer"]
    asked = ("spans",) if row["kind"] == "spans" else _sets_asked(pack, answer)
    region = GoldRegion(
        id=f"{row['name']}@{row['document_version']}:{row['kind']}:{row['start']}-{row['end']}",
        document=row["name"], start=row["start"], end=row["end"], text=row["text"], asked=asked,
        spans=tuple(GoldSpan(span["start"], span["end"], span["label"])
                    for span in answer["spans"]),
        relations=tuple(GoldRelation(link["type"], link["source"], link["target"],
                                     link.get("direction")) for link in answer["relations"]),
        classes=tuple(sorted((name, tuple(chosen))
                             for name, chosen in answer["classes"].items())),
        annotators=tuple(row["annotators"]), group=placed.groups[row["name"]].group,
        split=placed.split(row["name"]))
    region.check()
    return region


def _sets_asked(pack: Pack, answer: Mapping[str, Any]) -> tuple[str, ...]:
    """The class sets that people were asked for. One that the project added was asked where it has
    an answer: nobody knows of the others whether it was there already."""
    always = {pack.names.class_set(classes.name) for classes in pack.base.paragraph_classes}
    return tuple(classes.name for classes in pack.schema.paragraph_classes
                 if classes.name in always or answer["classes"].get(classes.name))


def export_release(store: Store, number: int, fmt: str, folder: Path,
                   papers: exporters.Papers = exporters.no_papers,
                   foresee: Callable[[Mapping[str, int]], None] = exporters.nobody_told,
                   ) -> exporters.Export:
    """Write release `number` in format `fmt` to `folder`, with the texts that go with it; `papers`
    and `foresee` as in `exporters.export`.

    Raises ExportError, also for a release that was changed after it was frozen.
    """
    return exporters.export(sealed_release(store, number), fmt, folder, papers, foresee)


def suggest_passage(document: Document, pack: Pack) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Suggestions for a bare text as one passage, and the failures of rules in words."""
    found = rules.suggest(document, pack, whole=True)
    return (answer_row(document, found),
            tuple(f"{failure.rule}: {failure.error}" for failure in found.failures))


def answer_row(document: Document, suggestions: rules.Suggestions) -> dict[str, Any]:
    """The shape of ``workbench suggest --output``: one passage with all that was suggested."""
    classes: dict[str, list[str]] = defaultdict(list)
    class_rules: dict[str, list[str]] = defaultdict(list)
    for choice in suggestions.classes:
        classes[choice.class_set].append(choice.choice)
        class_rules[choice.class_set].append(choice.rule)
    spans = []
    for span in suggestions.spans:
        row: dict[str, Any] = {"start": span.start, "end": span.end, "label": span.label,
                               "rule": span.rule, "score": span.score}
        if span.value is not None:
            row["value"] = {"low": span.value.low, "high": span.value.high,
                            "unit": span.value.unit}
        spans.append(row)
    relations = []
    for link in suggestions.relations:
        row = {"type": link.type, "from": link.source, "to": link.target, "rule": link.rule,
               "score": link.score}
        if link.direction:
            row["direction"] = link.direction
        relations.append(row)
    return {"id": document.id, "text": document.text, "spans": spans, "relations": relations,
            "function": next(iter(classes["function"]), None), "topics": classes["topics"],
            "class_rules": {"function": next(iter(class_rules["function"]), None),
                            "topics": class_rules["topics"]}}
