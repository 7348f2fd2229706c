"""How fast a release is exported, beside Label Studio's converter and spaCy's own writing.

    python -m bench.exporting [--documents N] [--runs N] [--write docs/bench.md]

The release is made up as it is walked: documents of 500 characters with 20 spans. All times are
processor time of one core. Memory is that of fresh processes. *Export* is all that a user gets: the
release checked and hashed, written, read back and compared, its files hashed and described.

Label Studio's converter has two formats for spans of text. The column formats stand beside its
CoNLL, those that are JSON beside its JSON_MIN, and those of Hugging Face, which hold both, beside
the two together. Both of its formats lose what ours carry (relations, classes, white space) and
prove nothing.
"""
from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import platform
import tempfile
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Callable, Iterator, Sequence

import exporters
from bench.suggesting import _peak
from bench.timing import Timed, timed
from labels.gold import GoldRegion, GoldRelease, GoldSpan, SPLITS, release_hash

DOCUMENTS, LENGTH, SPANS = 10_000, 500, 20
MANY = 50_000  # a million spans
HEADING = "# How fast releases are exported"
LABELS = ("ORG", "LOC", "INDICATOR")
_SENTENCE = "江岚市云泽区人民政府办公室印发通知，就业岗位增长5%。"
TEXTS = ("char-bio", "char-bioes", "hf", "label-studio", "doccano", "uie", "brat", "gliner2",
         "chat")
WORDS = ("word-bio", "gliner")
OTHERS = (*WORDS, "hf-parquet", "spacy")
MEASURED = ("char-bio", "hf", "label-studio", "doccano", "chat", "hf-parquet")

CONLL, JSON_MIN, PLAIN = "CoNLL", "JSON_MIN", "CoNLL of the text as it is"
DOCBIN, DOCBIN_READ, JIEBA = "DocBin", "DocBin, read back", "jieba"
PEERS = {
    CONLL: "Label Studio's CoNLL of characters with blanks between, where it keeps the spans",
    PLAIN: "Label Studio's CoNLL of the text as it is, where it loses them",
    JSON_MIN: "Label Studio's JSON_MIN",
    DOCBIN: "spaCy: make_doc, set_ents, DocBin.to_disk",
    DOCBIN_READ: "spaCy: the same with our span groups and data, and get_docs",
    JIEBA: "jieba: the words of the texts, written nowhere"}
# What a format's writing stands beside, and its whole export where that is something else.
BESIDE = {"char-bio": (CONLL,), "char-bioes": (CONLL,), "word-bio": (CONLL,),
          "hf": (CONLL, JSON_MIN), "hf-parquet": (CONLL, JSON_MIN), "spacy": (DOCBIN,)}


class Regions:
    """`count` regions that are made when they are walked, so that the release takes no room."""

    def __init__(self, count: int) -> None:
        self.count = count

    def __len__(self) -> int:
        return self.count

    def __iter__(self) -> Iterator[GoldRegion]:
        text = (_SENTENCE * (LENGTH // len(_SENTENCE) + 1))[6:LENGTH]
        step = LENGTH // SPANS
        for number in range(self.count):
            name = f"d{number}"
            yield GoldRegion(
                id=f"{name}:0-{LENGTH}", document=name, start=0, end=LENGTH,
                text=f"{number:06}{text}", asked=("spans",), group=name,
                split=SPLITS[max(0, number % 10 - 7)], annotators=("li",), spans=tuple(
                    GoldSpan(place, place + 6, LABELS[place // step % len(LABELS)])
                    for place in range(0, step * SPANS, step)))


def release(count: int) -> GoldRelease:
    regions = Regions(count)
    return GoldRelease(
        number=1, project="江岚", created="2031-01-02T03:04:05Z", schema_name="govdoc",
        schema_version="1", schema_hash="0", labels=LABELS, relations=(), classes=(),
        regions=regions, hash=release_hash("0", regions))


@dataclass(frozen=True)
class Row:
    """What is written; how long that takes alone, and with checking, reading back, describing."""

    name: str
    write: Timed
    export: Timed


@dataclass(frozen=True)
class Report:
    """`memory` is that of releases made up as they are walked, `stored` that of stored ones."""

    documents: int
    ours: tuple[Row, ...]
    peers: dict[str, Timed]
    memory: dict[str, tuple[float, ...]]
    stored: dict[str, tuple[float, ...]]
    many: tuple[int, ...]


def measure(documents: int, runs: int, names: Sequence[str] = TEXTS + OTHERS,
            measured: Sequence[str] = MEASURED, many: Sequence[int] = (DOCUMENTS, MANY)) -> Report:
    """Measure the formats `names`, the peers on the same documents, and memory for `many`."""
    # Walking costs something, which is not the exporter's: the regions are made before.
    made = release(documents)
    held = replace(made, regions=tuple(made.regions))
    ours = []
    for name in names:
        slow = 1 if name in OTHERS else runs
        module = exporters._module(name)
        ours.append(Row(name, _timed(lambda folder: module.write(held, folder), documents, slow),
                        _timed(lambda folder: exporters.export(held, name, folder / "out"),
                               documents, slow)))
    peers = dict(_converter(held, runs))
    if "spacy" in names:
        peers[DOCBIN] = _timed(lambda folder: _docbin(held, folder), documents, 1)
        peers[DOCBIN_READ] = _timed(lambda folder: _docbin_read(held, folder), documents, 1)
    if set(WORDS) & set(names):
        peers[JIEBA] = _timed(lambda _: _cut(held), documents, 1)
    with tempfile.TemporaryDirectory() as folder:
        stores = [_stored(Path(folder) / f"{count}.sqlite", count) for count in many]
        return Report(
            documents, tuple(ours), peers,
            {name: tuple(_in_fresh_process(memory, name, count) for count in many)
             for name in measured},
            {name: tuple(_in_fresh_process(stored_memory, name, path) for path in stores)
             for name in measured}, tuple(many))


def _timed(work: Callable[[Path], Any], documents: int, runs: int) -> Timed:
    def once() -> None:
        with tempfile.TemporaryDirectory() as folder:
            work(Path(folder))
    return timed(once, documents * LENGTH, runs)


def _converter(held: GoldRelease, runs: int) -> Iterator[tuple[str, Timed]]:
    """Label Studio's own export, read from its JSON as it stands in a file.

    For CoNLL it parts tokens at blanks: a Chinese text is hardly parted and its spans are lost. So
    it is given the text as it is, and with a blank between all characters, where it keeps them.
    """
    from label_studio_sdk.converter import Converter
    config = "".join(f'<Label value="{label}"/>' for label in held.labels)
    converter = Converter(f'<View><Labels name="label" toName="text">{config}</Labels>'
                          '<Text name="text" value="$text"/></View>', None)
    with tempfile.TemporaryDirectory() as folder:
        plain, parted = Path(folder) / "plain.json", Path(folder) / "parted.json"
        plain.write_text(json.dumps([_task(region, 1) for region in held.regions]), "utf-8")
        parted.write_text(json.dumps([_task(region, 2) for region in held.regions]), "utf-8")
        for name, source, convert in (
                (CONLL, parted, converter.convert_to_conll2003),
                (PLAIN, plain, converter.convert_to_conll2003),
                (JSON_MIN, plain, converter.convert_to_json_min)):
            yield name, _timed(lambda out: convert(str(source), str(out), is_dir=False),
                               len(held.regions), 1 if source == parted else runs)


def _task(region: GoldRegion, width: int) -> dict[str, Any]:
    text = region.text if width == 1 else " ".join(region.text)
    results = [{"id": f"s{number}", "type": "labels", "from_name": "label", "to_name": "text",
                "value": {"start": span.start * width, "end": span.end * width - width + 1,
                          "text": text[span.start * width:span.end * width - width + 1],
                          "labels": [span.label]}} for number, span in enumerate(region.spans)]
    return {"id": region.id, "data": {"text": text},
            "annotations": [{"id": 1, "completed_by": {"id": 1}, "result": results}]}


def _docbin(held: GoldRelease, folder: Path) -> None:
    """The shortest way to a DocBin in spaCy, without spans groups, data of our own or a check."""
    import spacy
    from spacy.tokens import DocBin
    make_doc = spacy.blank("zh").make_doc
    docs = DocBin()
    for region in held.regions:
        doc = make_doc(region.text)
        doc.set_ents([doc.char_span(span.start, span.end, label=span.label)
                      for span in region.spans])
        docs.add(doc)
    docs.to_disk(folder / "train.spacy")


def _docbin_read(held: GoldRelease, folder: Path) -> None:
    """What spaCy itself needs for what our DocBins hold, and to load it."""
    import spacy
    from spacy.tokens import DocBin
    nlp = spacy.blank("zh")
    docs = DocBin(attrs=["ENT_IOB", "ENT_TYPE"], store_user_data=True)
    for region in held.regions:
        doc = nlp.make_doc(region.text)
        doc.spans["sc"] = [doc.char_span(span.start, span.end, label=span.label)
                           for span in region.spans]
        doc.set_ents(list(doc.spans["sc"]))
        doc.user_data.update({"id": region.id, "document": region.document,
                              "start": region.start, "end": region.end})
        docs.add(doc)
    docs.to_disk(folder / "train.spacy")
    for _ in DocBin().from_disk(folder / "train.spacy").get_docs(nlp.vocab):
        pass


def _cut(held: GoldRelease) -> None:
    from exporters.words import _jieba
    for region in held.regions:
        for _ in _jieba().cut(region.text):
            pass


def _in_fresh_process(work: Callable[[str, Any], float], *arguments: Any) -> float:
    fresh = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(max_workers=1, mp_context=fresh) as pool:
        return pool.submit(work, *arguments).result()


def memory(name: str, documents: int) -> float:
    """Most megabytes of this process after one export."""
    with tempfile.TemporaryDirectory() as folder:
        exporters.export(release(documents), name, Path(folder) / "out")
    return _peak()


def stored_memory(name: str, path: Path) -> float:
    """Most megabytes of this process after one export of the release that is stored at `path`."""
    from workbench.stages import export_release
    from workbench.store import Store
    with tempfile.TemporaryDirectory() as folder, Store(path) as store:
        export_release(store, 1, name, Path(folder) / "out")
    return _peak()


def _stored(path: Path, documents: int) -> Path:
    """A database with a release of `documents` regions, as if all were of one document."""
    from labels.document import Document
    from workbench.store import Store
    from workbench.store.documents import add_document
    from workbench.store.gold import add_release
    with Store(path, create=True) as store:
        document = add_document(store, Document("d", "云泽区")).document_id
        add_release(store, release(documents), [document] * documents, "bench")
    return path


def render(report: Report) -> str:
    """The report in Markdown."""
    return "\n".join((
        HEADING, "",
        f"Made by `make bench` on {date.today().isoformat()}: Python {platform.python_version()}, "
        f"{platform.machine()}, {os.cpu_count()} cores of which one is used, processor time. "
        f"{report.documents:,} documents of {LENGTH} characters with {SPANS} spans. *Export* is "
        "all that a user gets: the release checked and hashed, written, read back and compared, "
        "its files hashed and described. The peers write only, and prove nothing.", "",
        *_format_table(report), "", *_peer_table(report), "",
        *_memory_table("made up as it is walked", report.memory, report.many), "",
        *_memory_table("walked in a project's database", report.stored, report.many), ""))


def _format_table(report: Report) -> Iterator[str]:
    yield "| format | beside | write, documents/s | | export, documents/s | |"
    yield "|---|---|--:|--:|--:|--:|"
    for row in report.ours:
        yield _format_row(report, row.name, row)
        if row.name in WORDS:
            words = report.peers[JIEBA]
            yield _format_row(report, f"{row.name}, without the time of jieba", Row(
                row.name, _less(row.write, words), _less(row.export, words)))


def _format_row(report: Report, title: str, row: Row) -> str:
    written = _peers(row.name)
    proven = (DOCBIN_READ,) if row.name == "spacy" else written
    return (f"| {title} | {' + '.join(written)} | {_rate(row.write)} "
            f"| {_ratio(row.write, [report.peers[name] for name in written])} "
            f"| {_rate(row.export)} "
            f"| {_ratio(row.export, [report.peers[name] for name in proven])} |")


def _peers(name: str) -> tuple[str, ...]:
    return BESIDE.get(name, (JSON_MIN,))


def _ratio(ours: Timed, theirs: Sequence[Timed]) -> str:
    """How many times as fast as all of `theirs` one after the other."""
    seconds = sum(peer.characters / peer.rate for peer in theirs)
    return f"{seconds / (ours.characters / ours.rate):.1f} ×"


def _less(cost: Timed, words: Timed) -> Timed:
    jieba = words.characters / words.rate
    return Timed(cost.characters, tuple(max(taken - jieba, 1e-9) for taken in cost.seconds))


def _peer_table(report: Report) -> Iterator[str]:
    yield "| | what the peer does | documents/s |"
    yield "|---|---|--:|"
    for name, theirs in report.peers.items():
        yield f"| {name} | {PEERS[name]} | {_rate(theirs)} |"


def _memory_table(what: str, memory: dict[str, tuple[float, ...]],
                  many: Sequence[int]) -> Iterator[str]:
    yield f"Most megabytes of a fresh process that exports a release {what}:"
    yield ""
    yield "| format | " + " | ".join(f"{count:,} documents" for count in many) + " |"
    yield "|---|" + "--:|" * len(many)
    for name, found in memory.items():
        yield f"| {name} | " + " | ".join(f"{size:.0f}" for size in found) + " |"


def _rate(cost: Timed) -> str:
    return f"{cost.rate / LENGTH:,.0f}"


def write(told: str, path: Path) -> None:
    """Put the report at the end of `path`; the one of an earlier run is taken out."""
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    parts = [part for part in before.split("\n# ") if not part.startswith(HEADING.lstrip("# "))]
    path.write_text("\n# ".join([part.rstrip() + "\n" for part in parts if part] + [
        told.removeprefix("# ")]), encoding="utf-8")


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.exporting")
    parser.add_argument("--documents", type=int, default=DOCUMENTS)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--write", type=Path, help="put the report into this file too")
    chosen = parser.parse_args(arguments)
    told = render(measure(chosen.documents, chosen.runs))
    print(told)
    if chosen.write:
        write(told, chosen.write)


if __name__ == "__main__":
    main()
