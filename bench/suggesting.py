"""How fast suggestions are made, beside peers; how the cost grows; what start-up and memory cost.

    python -m bench.suggesting [--runs N] [--write docs/bench.md] [FOLDER…]

Documents are read first, and not timed: the demo ones, and those of the folders named (the folders
``seeds`` and ``documents`` of ``$WORKBENCH_REFERENCE`` where that is set). All times are processor
time of one core.
"""
from __future__ import annotations

import argparse
import multiprocessing
import os
import platform
import resource
import subprocess
import sys
import time
from collections import defaultdict
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from statistics import median
from typing import Iterator, Sequence

from bench.peers import Compared, Missing, compare
from bench.reading import DEMO, paths, reference
from bench.timing import Timed, timed
from labels import govdoc
from labels.document import Document
from labels.errors import WorkbenchError
from labels.folding import fold
from labels.rules import Context, Pack, Rule, SpanSuggestion, suggest

LENGTHS = (20_000, 100_000, 1_000_000)
SHORT = "云泽区财政局2030年安排资金153亿元，同比增长6.5%。"
_PROSE = (
    "2030年，云泽区实现地区生产总值{n}.5亿元，同比增长6.5%；区财政局安排专项资金{n}万元，支持江岚经济开发区建设智慧水务改造工程。"
    "区委书记陈雨川主持召开第{k}次常务会议，听取区人大常委会办公室关于《云泽区湿地保护条例》执行情况的报告。")
# One line of each: prose, numbers side by side, one name again and again, cells, no full stop.
LINES = {
    "prose": _PROSE,
    "numbers": "{n}.5亿元、{k}%、{n}万平方米、{k}个、2030年{k}月，",
    "names": "云泽区财政局局长陈雨川、",
    "cells": "云泽区\t{n}.{k}\t{n}\t{k}%\t一般公共预算收入\t",
    "digits": "{n}{k}",
    "Han without marks": "推进重点领域改革完善工作机制提升治理能力",
}


@dataclass(frozen=True)
class Speed:
    """What a set of documents costs: spans alone, everything, and each family of rules."""

    name: str
    documents: int
    spans: Timed
    everything: Timed
    families: dict[str, Timed]
    found: int


@dataclass(frozen=True)
class Grown:
    """Nanoseconds a character for one line of each length: spans alone, everything."""

    name: str
    spans: tuple[Timed, ...]
    everything: tuple[Timed, ...]


@dataclass(frozen=True)
class Memory:
    """Most megabytes a process held, after each step."""

    loaded: float
    suggested: float
    line: float


@dataclass(frozen=True)
class Report:
    speeds: tuple[Speed, ...]
    peers: tuple[Compared | Missing, ...]
    start: float
    bare_start: float
    grown: tuple[Grown, ...]
    lengths: tuple[int, ...]
    memory: Memory
    runs: int


def measure(sets: dict[str, list[Document]], runs: int, lengths: Sequence[int] = LENGTHS,
            lines: Sequence[str] = tuple(LINES)) -> Report:
    """Measure all; the peers run over the last of the `sets`, the start in fresh processes."""
    pack = govdoc.load()
    largest = list(sets.values())[-1]
    paragraphs = [document.text[block.start:block.end] for document in largest
                  for block in document.blocks if block.kind != "page_furniture"]
    return Report(
        tuple(speed(name, documents, pack, runs) for name, documents in sets.items()),
        tuple(compare(paragraphs, lambda text: suggest(
            Document("text", text), pack, only_spans=True), runs)),
        _start_seconds(f"from labels.document import Document; from labels import govdoc;"
                       f"from labels.rules import suggest;"
                       f"suggest(Document('short', {SHORT!r}), govdoc.load())", runs),
        _start_seconds("pass", runs),
        tuple(grown(name, pack, lengths, runs) for name in lines),
        tuple(lengths), _in_fresh_process(largest, lengths[-1]), runs)


def speed(name: str, documents: Sequence[Document], pack: Pack, runs: int) -> Speed:
    count = sum(len(document.text) for document in documents)
    found = sum(len(suggest(document, pack, only_spans=True).spans) for document in documents)
    return Speed(
        name, len(documents),
        timed(lambda: [suggest(document, pack, only_spans=True) for document in documents],
              count, runs),
        timed(lambda: [suggest(document, pack) for document in documents], count, runs),
        dict(families(documents, pack, runs)), found)


def families(documents: Sequence[Document], pack: Pack, runs: int) -> Iterator[tuple[str, Timed]]:
    """What the rules of each module cost. A scan that several share counts for the first."""
    count = sum(len(document.text) for document in documents)
    taken: dict[str, list[float]] = defaultdict(lambda: [0.0] * runs)
    for document in documents:
        won = suggest(document, pack, only_spans=True).spans
        for run in range(runs):
            begun = time.process_time()
            view = fold(document.text, document.blocks or None)
            taken["folding"][run] += time.process_time() - begun
            context = Context(document, view, pack.lexicon)
            context.folded = [(view.locate(span.start), view.locate(span.end - 1) + 1)
                              for span in won]
            for entry in pack.rules:
                if entry.kind != "class":
                    begun = time.process_time()
                    _run(entry, context, won)
                    taken[_family(entry)][run] += time.process_time() - begun
    for name, seconds in taken.items():
        yield name, Timed(count, tuple(sorted(seconds)))


def _run(entry: Rule, context: Context, spans: tuple[SpanSuggestion, ...]) -> int:
    given = (context, spans) if entry.kind == "relation" else (context,)
    return sum(1 for _ in entry.function(*given))


def _family(entry: Rule) -> str:
    family = entry.name.split(".")[0]
    return f"{family} (relations)" if entry.kind == "relation" else family


def grown(name: str, pack: Pack, lengths: Sequence[int], runs: int) -> Grown:
    """One line of each length, in which numbers change but words come again."""
    spans, everything = [], []
    for length in lengths:
        document = Document("line", line(name, length))
        # The long lines are timed once: they take as long as all else together.
        times = 1 if length > 200_000 else runs
        spans.append(timed(lambda: suggest(document, pack, only_spans=True), length, times))
        everything.append(timed(lambda: suggest(document, pack), length, times))
    return Grown(name, tuple(spans), tuple(everything))


def line(name: str, length: int) -> str:
    """Exactly `length` characters of the text `name` of `LINES`, without a line feed."""
    pieces: list[str] = []
    held = number = 0
    while held < length:
        number += 1
        pieces.append(LINES[name].format(n=number % 997 + 3, k=number % 89 + 1))
        held += len(pieces[-1])
    return "".join(pieces)[:length]


def _start_seconds(code: str, runs: int) -> float:
    """Seconds on the clock from starting Python until it has run `code` and ended."""
    seconds = []
    for _ in range(runs):
        begun = time.perf_counter()
        subprocess.run([sys.executable, "-c", code], check=True)
        seconds.append(time.perf_counter() - begun)
    return median(seconds)


def _in_fresh_process(documents: list[Document], length: int) -> Memory:
    fresh = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(max_workers=1, mp_context=fresh) as pool:
        return pool.submit(memory, documents, length).result()


def memory(documents: Sequence[Document], length: int) -> Memory:
    """What this process holds at most, with the pack, after all `documents`, after a long line."""
    pack = govdoc.load()
    suggest(Document("short", SHORT), pack)
    loaded = _peak()
    for document in documents:
        suggest(document, pack)
    suggested = _peak()
    suggest(Document("line", line("prose", length)), pack)
    return Memory(loaded, suggested, _peak())


def _peak() -> float:
    """Most megabytes of this process. What getrusage tells begins with the parent's on Linux."""
    status = Path("/proc/self/status")
    if status.exists():
        return int(status.read_text().split("VmHWM:")[1].split()[0]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def render(report: Report) -> str:
    """The report in Markdown."""
    return "\n".join((
        "# How fast suggestions are made", "",
        f"Made by `make bench` on {date.today().isoformat()}: Python {platform.python_version()}, "
        f"{platform.machine()}, {os.cpu_count()} cores of which one is used. Times are processor "
        f"time; a rate is the median of {report.runs} runs, behind it the slowest and the fastest "
        "run. Documents are read before.", "",
        *_speed_table(report.speeds), "", *_family_table(report.speeds[-1]), "",
        *_peer_table(report.peers), "", *_growth_table(report), "",
        "## Start and memory", "",
        f"A fresh Python that loads the pack and suggests for one short sentence ends after "
        f"{report.start:.2f} s (median); one that does nothing after {report.bare_start:.2f} s.",
        "",
        f"The process holds {report.memory.loaded:.0f} MB at most once the pack is loaded, "
        f"{report.memory.suggested:.0f} MB after the documents of the last row above, "
        f"{report.memory.line:.0f} MB after one line of {report.lengths[-1]:,} characters.", ""))


def _speed_table(speeds: Sequence[Speed]) -> Iterator[str]:
    yield ("| documents | characters | spans found | spans, M characters/s "
           "| with values, relations, classes |")
    yield "|---|--:|--:|--:|--:|"
    for row in speeds:
        yield (f"| {row.name} ({row.documents}) | {row.spans.characters:,} | {row.found:,} | "
               f"{_rate(row.spans)} | {_rate(row.everything)} |")


def _family_table(row: Speed) -> Iterator[str]:
    yield f"What the families cost on “{row.name}”; a scan that several share counts for the first:"
    yield ""
    yield "| family | ns a character | share |"
    yield "|---|--:|--:|"
    total = sum(cost.nanoseconds for cost in row.families.values()) or 1.0
    for name, cost in sorted(row.families.items(), key=lambda item: -item[1].nanoseconds):
        yield f"| {name} | {cost.nanoseconds:.0f} | {cost.nanoseconds / total:.0%} |"


def _peer_table(peers: Sequence[Compared | Missing]) -> Iterator[str]:
    yield "## Beside peers"
    yield ""
    yield ("Paragraphs from all over the documents, as many as the peer can do in reasonable time; "
           "both do the same ones in the same run. M characters/s, and how many times as fast.")
    yield ""
    yield "| peer | does | characters | peer | ours, spans of all labels | ours, the same task |"
    yield "|---|---|--:|--:|--:|--:|"
    for row in peers:
        if isinstance(row, Missing):
            yield f"| {row.peer.name} | {row.peer.does} | | not installed | | |"
            continue
        same = _times(row.same, row.theirs) if row.same else ""
        yield (f"| {row.peer.name} | {row.peer.does} | {row.theirs.characters:,} | "
               f"{_rate(row.theirs)} | {_times(row.ours, row.theirs)} | {same} |")


def _times(ours: Timed, theirs: Timed) -> str:
    return f"{_rate(ours)}: {ours.rate / theirs.rate:.1f} ×"


def _growth_table(report: Report) -> Iterator[str]:
    yield "## One long line"
    yield ""
    yield "Nanoseconds a character, spans / everything: alike at every length where it is linear."
    yield ""
    yield "| text | " + " | ".join(f"{length:,}" for length in report.lengths) + " |"
    yield "|---|" + "--:|" * len(report.lengths)
    for row in report.grown:
        yield f"| {row.name} | " + " | ".join(
            f"{spans.nanoseconds:,.0f} / {everything.nanoseconds:,.0f}"
            for spans, everything in zip(row.spans, row.everything)) + " |"


def _rate(cost: Timed) -> str:
    low, high = cost.spread
    digits = 2 if cost.rate >= 1e5 else 4
    return f"{cost.rate / 1e6:.{digits}f} ({low / 1e6:.{digits}f}–{high / 1e6:.{digits}f})"


def _documents(folders: Sequence[Path]) -> list[Document]:
    from workbench.reading import read_bytes
    found: list[Document] = []
    for path in paths(folders):
        try:
            found.extend(read_bytes(path.name, path.read_bytes()))
        except WorkbenchError as error:
            print(f"not read: {error}", file=sys.stderr)
    return found


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.suggesting")
    parser.add_argument("folders", nargs="*", type=Path)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--write", type=Path, help="write the report here too")
    chosen = parser.parse_args(arguments)
    sets = {"demo": _documents([DEMO])}
    folders = chosen.folders or [Path(folder) for folder in reference()]
    if folders:
        sets["real documents"] = _documents(folders)
    told = render(measure(sets, chosen.runs))
    print(told)
    if chosen.write:
        chosen.write.write_text(told, encoding="utf-8")


if __name__ == "__main__":
    main()
