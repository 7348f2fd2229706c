"""The bench runs, and tells what it measured; how fast anything is, no test asks."""
from __future__ import annotations

import re
from pathlib import Path

import pytest

from bench import peers, suggesting
from bench.timing import Timed, timed
from labels.document import Block, Document

pytestmark = pytest.mark.apart

TEXT = "云泽区财政局2030年安排资金153亿元，同比增长6.5%。"
DOCUMENT = Document("d", TEXT, blocks=(Block("paragraph", 0, len(TEXT)),))


def test_the_middle_run_counts_and_the_others_are_the_spread() -> None:
    cost = Timed(1_000, (0.001, 0.002, 0.010))
    assert cost.rate == 500_000
    assert cost.nanoseconds == 2_000
    assert cost.spread == (100_000, 1_000_000)


def test_work_is_done_once_a_run() -> None:
    done: list[int] = []
    cost = timed(lambda: done.append(1), 10, 3)
    assert len(done) == len(cost.seconds) == 3
    assert list(cost.seconds) == sorted(cost.seconds)


@pytest.mark.parametrize("name", suggesting.LINES)
def test_a_long_line_has_its_length_and_no_line_feed(name: str) -> None:
    for length in (1, 99, 5_000):
        line = suggesting.line(name, length)
        assert len(line) == length and "\n" not in line


def test_all_is_measured_and_told(monkeypatch: pytest.MonkeyPatch) -> None:
    words = peers.Peer("splitter", "splits", 1_000, lambda: str.split, lambda: str.upper)
    gone = peers.Peer("nobody", "nothing", 1_000, missing)
    monkeypatch.setattr(peers, "PEERS", (words, gone))
    report = suggesting.measure({"small": [DOCUMENT]}, 1, (50, 100), ("prose",))
    assert report.speeds[0].found >= 4
    assert {"folding", "numbers", "dates", "organisations"} <= set(report.speeds[0].families)
    assert 0 < report.bare_start < report.start
    assert 0 < report.memory.loaded <= report.memory.suggested <= report.memory.line
    told = suggesting.render(report)
    assert re.search(r"\| small \(1\) \| \d+ \| \d+ \| [\d.]+ \(", told)
    assert re.search(r"\| splitter \| splits \| \d+ \| .* × \|", told)
    assert "| nobody | nothing | | not installed | | |" in told
    assert re.search(r"\| prose \| [\d,]+ / [\d,]+ \| [\d,]+ / [\d,]+ \|", told)
    assert not re.search(r"/(?:home|root|tmp|work|usr)\b", told)


def missing() -> peers.Work:
    raise ModuleNotFoundError("nobody")


def test_peers_share_paragraphs_from_all_over() -> None:
    asked: list[str] = []
    counted = peers.Peer("counter", "counts", 30, lambda: asked.append)
    paragraphs = [f"第{number}段文字" for number in range(100)]
    (row,) = peers.compare(paragraphs, len, 1, [counted])
    assert isinstance(row, peers.Compared) and row.same is None
    assert 20 <= row.theirs.characters <= 40
    assert set(asked) < set(paragraphs) and len(set(asked)) > 3


def test_the_demo_is_benched_and_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                         capsys: pytest.CaptureFixture[str]) -> None:
    def measured(sets: dict[str, list[Document]], runs: int) -> suggesting.Report:
        assert list(sets) == ["demo"] and sets["demo"] and runs == 1
        monkeypatch.setattr(peers, "PEERS", ())
        return real({"demo": [DOCUMENT]}, runs, (50,), ())
    real = suggesting.measure
    monkeypatch.delenv("WORKBENCH_REFERENCE", raising=False)
    monkeypatch.setattr(suggesting, "measure", measured)
    suggesting.main(["--runs", "1", "--write", str(tmp_path / "bench.md")])
    assert (tmp_path / "bench.md").read_text(encoding="utf-8") == capsys.readouterr().out[:-1]


def test_exports_are_measured_beside_the_converter() -> None:
    from bench import exporting
    report = exporting.measure(20, 1, ("char-bio", "label-studio"), ("char-bio",), (20, 40))
    assert [row.name for row in report.ours] == ["char-bio", "label-studio"]
    assert len(report.peers) == 3
    assert len(report.memory["char-bio"]) == len(report.stored["char-bio"]) == 2
    told = exporting.render(report)
    number = r"[\d,]+ \| [\d.]+ ×"
    assert re.search(rf"\| char-bio \| CoNLL \| {number} \| {number} \|", told)
    assert re.search(rf"\| label-studio \| JSON_MIN \| {number} \| {number} \|", told)
    assert not re.search(r"/(?:home|root|tmp|work|usr)\b", told)


def test_the_report_of_exports_takes_the_place_of_an_earlier_one(tmp_path: Path) -> None:
    from bench import exporting
    path = tmp_path / "bench.md"
    path.write_text("# One\n\nkept\n", encoding="utf-8")
    for told in ("first", "second"):
        exporting.write(f"{exporting.HEADING}\n\n{told}\n", path)
    assert path.read_text(encoding="utf-8") == (
        f"# One\n\nkept\n\n{exporting.HEADING}\n\nsecond\n")


def test_a_release_that_is_made_as_it_is_walked_is_whole() -> None:
    from bench import exporting
    regions = list(exporting.release(12).regions)
    assert len(regions) == 12 and {region.split for region in regions} > {"train"}
    for region in regions:
        region.check()
        assert len(region.text) == exporting.LENGTH and len(region.spans) == exporting.SPANS
