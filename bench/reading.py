"""How fast documents are read: characters of text a second on one core, for every format.

    python -m bench.reading [FOLDER…]

PDF is told per page too, docx per 1,800 characters, which is about a printed page. At the end the
peak memory of this process is told after one round over all files and after ten more: it must not
grow with the number of documents. (The child that parses is bounded by `limits`.)

Reads the demo documents and generated ones, and every file of the folders named (the folders
``seeds`` and ``documents`` of ``$WORKBENCH_REFERENCE`` where that is set). A run reads all files of
a format once, from bytes to `Document`; of five runs the median and the spread are told. What a
cell means is remembered from row to row, so every run starts with that memory empty.
"""
from __future__ import annotations

import gc
import os
import resource
import sys
import time
from collections import defaultdict
from pathlib import Path
from statistics import median
from typing import Iterable, Sequence

from labels.errors import WorkbenchError
from workbench.reading import SUFFIXES, read_bytes, values
from workbench.reading.readers import pdf

RUNS = 5
PAGE_CHARACTERS = 1_800
_ROOT = Path(__file__).resolve().parent.parent
DEMO = _ROOT / "workbench" / "demo" / "documents"
_PARAGRAPH = "全年实现地区生产总值{n}亿元，同比增长6.5%，固定资产投资完成{n}亿元；云泽区累计新增就业岗位{n}个，民生持续改善。"

File = tuple[str, bytes]


def main(folders: Sequence[str]) -> None:
    files: dict[str, list[File]] = defaultdict(list)
    for path in paths([DEMO, *map(Path, folders or reference())]):
        files[path.suffix.lower().lstrip(".")].append((path.name, path.read_bytes()))
    files["txt (made)"] = [("made.txt", _report(400).encode())]
    files["txt (tables)"] = [("tables.txt", _tables(60).encode())]
    print(f"{'format':14}{'files':>6}{'characters':>12}{'M chars/s':>11}   spread of {RUNS} runs")
    everything: list[File] = []
    for name, held in sorted(files.items()):
        held = [file for file in held if _readable(file)]
        everything += held
        if held:
            _tell(name, held)
    _tell_memory(everything)


def _tell(name: str, files: Sequence[File]) -> None:
    count = sum(len(document.text) for file in files for document in read_bytes(*file))
    rates = sorted(count / _seconds(files) / 1e6 for _ in range(RUNS))
    pages = {"pdf": sum(pdf.pages(data) for _, data in files), "docx": count // PAGE_CHARACTERS}
    milliseconds = count / median(rates) / 1e3
    per_page = f"   {milliseconds / pages[name]:.1f} ms a page" if pages.get(name) else ""
    print(f"{name:14}{len(files):>6}{count:>12}{median(rates):>11.2f}   "
          f"{rates[0]:.2f} – {rates[-1]:.2f}{per_page}")


def _tell_memory(files: Sequence[File]) -> None:
    """Peak resident memory after one round over all files, and after ten more."""
    for rounds in (1, 10):
        for _ in range(rounds):
            for file in files:
                read_bytes(*file)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"memory at most, after {rounds:>2} rounds of {len(files)} files: {peak:.0f} MB")


def _seconds(files: Sequence[File]) -> float:
    for remembered in (values.number_of, values.looks_measured, values.period_in):
        remembered.cache_clear()
    gc.collect()
    begun = time.perf_counter()
    for file in files:
        read_bytes(*file)
    return time.perf_counter() - begun


def _readable(file: File) -> bool:
    try:
        read_bytes(*file)
    except WorkbenchError as error:
        print(f"not read: {error}", file=sys.stderr)
        return False
    return True


def reference() -> list[str]:
    folder = os.environ.get("WORKBENCH_REFERENCE")
    return [str(Path(folder) / name) for name in ("seeds", "documents")] if folder else []


def paths(folders: Iterable[Path]) -> Iterable[Path]:
    for folder in folders:
        yield from (path for path in sorted(folder.iterdir())
                    if path.suffix.lower() in SUFFIXES and path.name != "README.md")


def _report(sections: int) -> str:
    """A work report of numbered sections, each with four paragraphs."""
    lines = ["2030年云泽区政府工作报告", "——2030年1月8日在云泽区第九届人民代表大会第一次会议上"]
    for number in range(sections):
        lines.append(f"（{'一二三四五六七八九'[number % 9]}）推进第{number}项重点工作")
        lines.extend(_PARAGRAPH.format(n=number * 7 + k) for k in range(4))
    return "\n\n".join(lines) + "\n"


def _tables(count: int) -> str:
    """Tables of 30 rows by 6 columns, a third of their lines over a page break."""
    lines: list[str] = []
    head = "序号\t项目名称\t年初预算\t调整后预算\t支出决算\t完成率"
    for number in range(count):
        lines += [f"表{number + 1} 2030年云泽区第{number}类项目支出情况", "", "单位：万元", "", head]
        for row in range(30):
            if row == 20:
                lines += ["", f"— {number} —", "", head]
            lines.append(f"{row + 1}\t第{number}类第{row}号项目\t{row * 31}.{number:02d}\t"
                         f"{row * 37:,}.50\t{row * 29}.00\t{row * 3}.5%")
        lines.append("")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main(sys.argv[1:])
