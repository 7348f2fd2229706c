"""How fast a release is exported, beside Label Studio's converter and spaCy's own writing.

    python -m bench.exporting [--documents N] [--runs N] [--write docs/bench.md]

The release is made up as it is walked: documents of 500 characters with 20 spans. All times are
processor time of one core. Memory is that of fresh processes.
"""
from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import platform
import tempfile
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
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
OTHERS = ("word-bio", "gliner", "hf-parquet", "spacy")
MEASURED = ("char-bio", "hf", "label-studio", "doccano", "chat", "hf-parquet")


class Regions:
    """`count` regions that are made when they are walked, so that the release takes no room."""

    def __init__(self, count: int) -> None:
        self.count = count

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
    regions: Any = Regions(count)  # exporters only walk them
    return GoldRelease(
        number=1, project="江岚", created="2031-01-02T03:04:05Z", schema_name="govdoc",
        schema_version="1", schema_hash="0", labels=LABELS, relations=(), classes=(),
        regions=regions, hash=release_hash("0", regions))


@dataclass(frozen=True)
class Row:
    """What is written; how long that takes alone, and with checking, reading back, describing."""

    name: str
    write: Timed
    export: Timed | None = None


@dataclass(frozen=True)
class Report:
    documents: int
    ours: tuple[Row, ...]
    peers: dict[str, Timed]
    memory: dict[str, tuple[float, ...]]
    runs: int


def measure(documents: int, runs: int, names: Sequence[str] = TEXTS + OTHERS,
            measured: Sequence[str] = MEASURED, many: Sequence[int] = (DOCUMENTS, MANY)) -> Report:
    """Measure the formats `names`, the peers on the same documents, and memory for `many`."""
    # Walking costs something, and a real release is in memory: the regions are made before.
    made = release(documents)
    held = GoldRelease(**{**{field: getattr(made, field) for field in made.__slots__},
                          "regions": tuple(made.regions)})
    ours = []
    for name in names:
        slow = 1 if name in OTHERS else runs
        module = exporters._module(name)
        ours.append(Row(name, _timed(lambda folder: module.write(held, folder), documents, slow),
                        _timed(lambda folder: exporters.export(held, name, folder / "out"),
                               documents, slow)))
    peers = dict(_converter(held, runs))
    if "spacy" in names:
        peers["spaCy: make_doc, set_ents, DocBin.to_disk"] = _timed(
            lambda folder: _docbin(held, folder), documents, 1)
    return Report(documents, tuple(ours), peers,
                  {name: tuple(_in_fresh_process(name, count) for count in many)
                   for name in measured}, runs)


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
                ("its CoNLL of characters with blanks between", parted,
                 converter.convert_to_conll2003),
                ("its CoNLL of the text as it is (spans are lost)", plain,
                 converter.convert_to_conll2003),
                ("its JSON_MIN", plain, converter.convert_to_json_min)):
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


def _in_fresh_process(name: str, documents: int) -> float:
    fresh = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(max_workers=1, mp_context=fresh) as pool:
        return pool.submit(memory, name, documents).result()


def memory(name: str, documents: int) -> float:
    """Most megabytes of this process after one export."""
    with tempfile.TemporaryDirectory() as folder:
        exporters.export(release(documents), name, Path(folder) / "out")
    return _peak()


def render(report: Report) -> str:
    """The report in Markdown."""
    return "\n".join((
        HEADING, "",
        f"Made by `make bench` on {date.today().isoformat()}: Python {platform.python_version()}, "
        f"{platform.machine()}, {os.cpu_count()} cores of which one is used, processor time. "
        f"{report.documents:,} documents of {LENGTH} characters with {SPANS} spans. *Export* is "
        "all: the hash of the release checked, written, read back and compared, described.", "",
        *_format_table(report), "", *_peer_table(report), "", *_memory_table(report), ""))


def _format_table(report: Report) -> Iterator[str]:
    yield "| format | write, documents/s | export, documents/s |"
    yield "|---|--:|--:|"
    for row in report.ours:
        yield f"| {row.name} | {_rate(row.write)} | {_rate(row.export) if row.export else ''} |"


def _peer_table(report: Report) -> Iterator[str]:
    ours = {row.name: row for row in report.ours}
    against = {"its CoNLL": "char-bio", "its JSON": "label-studio", "spaCy": "spacy"}
    yield "| Label Studio's converter, spaCy | documents/s | ours | write | export |"
    yield "|---|--:|---|--:|--:|"
    for name, theirs in report.peers.items():
        row = next((ours[own] for start, own in against.items()
                    if name.startswith(start) and own in ours), None)
        if row and row.export:
            yield (f"| {name} | {_rate(theirs)} | {row.name} | {row.write.rate / theirs.rate:.1f} "
                   f"× | {row.export.rate / theirs.rate:.1f} × |")


def _memory_table(report: Report) -> Iterator[str]:
    counts = [len(found) for found in report.memory.values()]
    many = (DOCUMENTS, MANY)[:max(counts, default=0)]
    yield "Most megabytes of a fresh process that exports a release made up as it is walked:"
    yield ""
    yield "| format | " + " | ".join(f"{count:,} documents" for count in many) + " |"
    yield "|---|" + "--:|" * len(many)
    for name, found in report.memory.items():
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
