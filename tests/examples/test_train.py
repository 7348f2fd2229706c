"""The training example does what it says on the demo gold, where its libraries are installed."""
from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

import exporters
from examples.train import paragraphs, pipeline, spans
from examples.train.__main__ import main
from examples.train.releases import demo_release, require_apart
from labels.errors import InputError
from labels.gold import GoldRelease
from labels.release_figures import figures

pytestmark = pytest.mark.apart
pytest.importorskip("sklearn_crfsuite")
pytest.importorskip("nervaluate")


@pytest.fixture(scope="module")
def release() -> GoldRelease:
    return demo_release()


@pytest.fixture(scope="module")
def exported(release: GoldRelease, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("exported")
    for name in ("char-bio", "hf"):
        exporters.export(release, name, folder / name)
    return folder


def test_the_test_is_of_documents_that_training_never_saw(release: GoldRelease) -> None:
    groups = {split: {region.group for region in release.split(split)}
              for split in ("train", "validation", "test")}
    assert not groups["train"] & groups["test"] and all(groups.values())
    assert figures(release).leakage.grouped == 0
    assert release == demo_release()


def test_a_model_beats_the_dictionary_and_its_shuffled_control_fails(
        release: GoldRelease, exported: Path) -> None:
    test, train = release.split("test"), release.split("train")
    baseline = spans.dictionary_score(train, test, release.labels)
    model = spans.train_and_score(exported / "char-bio", release.labels)
    control = spans.train_and_score(exported / "char-bio", release.labels, shuffled=True)
    assert model.f1 > baseline.f1 + 0.2 and model.f1 > 0.55
    assert control.f1 < 0.05 < baseline.f1


def test_paragraphs_are_told_apart_and_their_shuffled_control_fails(exported: Path) -> None:
    model = paragraphs.train_and_score(exported / "hf", "function")
    control = paragraphs.train_and_score(exported / "hf", "function", shuffled=True)
    assert model.accuracy > 2 * max(model.commonest, control.accuracy)
    assert control.macro_f1 < 0.1


def test_spacy_learns_from_its_files(release: GoldRelease, tmp_path: Path) -> None:
    pytest.importorskip("spacy")
    exporters.export(release, "spacy", tmp_path / "spacy")
    assert pipeline.train_and_score(tmp_path / "spacy", epochs=12).f1 > 0.1


@pytest.mark.parametrize(("control", "status"), [(0.01, 0), (0.5, 1)])
def test_a_control_that_does_not_fail_ends_with_status_1(
        control: float, status: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def learnt(folder: Path, labels: tuple[str, ...], shuffled: bool = False) -> spans.SpanScore:
        return spans.SpanScore(*3 * (control if shuffled else 0.7,))
    monkeypatch.setattr(spans, "train_and_score", learnt)
    done = CliRunner().invoke(main, ["--no-spacy"])
    assert done.exit_code == status
    assert ("The scores mean nothing" in done.output) == bool(status)
    assert "paragraphs of the test that training has too: 0 of 57" in done.output


def test_a_release_whose_test_was_trained_on_is_refused(release: GoldRelease) -> None:
    mixed = replace(release, regions=tuple(
        replace(region, split="train" if number % 2 else "test")
        for number, region in enumerate(release.regions)))
    with pytest.raises(InputError, match="stand in training and in the test"):
        require_apart(mixed)


def test_a_project_without_the_release_is_told_in_one_line(tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["--project", str(tmp_path / "none")])
    assert done.exit_code == 1 and "Error: there is no project" in done.output
