"""``python -m examples.train``: see README.md."""
from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

import click

import exporters
from examples.train import paragraphs, pipeline, spans
from examples.train.releases import (
    demo_release, project_release, require_apart, told,
)
from labels.errors import WorkbenchError
from labels.gold import GoldRelease

FORMATS = ("char-bio", "hf", "spacy")
# What a model on shuffled tags may reach at most, as a part of what the model itself does.
CONTROL = 0.1


@click.command()
@click.option("--project", type=click.Path(path_type=Path), help="A project folder"
              " (default: the gold of the demo).")
@click.option("--release", "number", type=int, default=1, show_default=True)
@click.option("--spacy/--no-spacy", default=True, show_default=True, help="Train spaCy, too.")
def main(project: Path | None, number: int, spacy: bool) -> None:
    """Export a release, train on it, and score on groups of documents that training never saw.

    Exit status 1 if a model that was trained on shuffled labels does not fail.
    """
    begun = time.monotonic()
    try:
        release = project_release(project, number) if project else demo_release()
        for line in told(release):
            click.echo(line)
        require_apart(release)
        for split in ("train", "test"):
            if not any(region.spans for region in release.split(split)):
                raise click.ClickException(f"the {split} split holds no spans to work with")
        with tempfile.TemporaryDirectory() as folder:
            for name in FORMATS[:2] + (FORMATS[2:] if spacy else ()):
                exporters.export(release, name, Path(folder) / name)
            wrong = show(release, Path(folder), spacy)
    except WorkbenchError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{time.monotonic() - begun:.0f} s")
    for line in wrong:
        click.echo(f"The scores mean nothing: {line}.", err=True)
    sys.exit(1 if wrong else 0)


def show(release: GoldRelease, folder: Path, spacy: bool) -> list[str]:
    """Print all scores; what is wrong with them, in words: a control that did not fail."""
    return [*_spans(release, folder, spacy), *_paragraphs(release, folder)]


def _spans(release: GoldRelease, folder: Path, spacy: bool) -> list[str]:
    test, train = ([region for region in release.split(split) if "spans" in region.asked]
                   for split in ("test", "train"))
    baseline = spans.dictionary_score(train, test, release.labels)
    model = spans.train_and_score(folder / "char-bio", release.labels)
    control = spans.train_and_score(folder / "char-bio", release.labels, shuffled=True)
    rows = {"dictionary of training": baseline, "CRF over characters": model,
            "CRF, tags shuffled": control}
    if spacy:
        rows["spaCy blank zh"] = pipeline.train_and_score(folder / "spacy")
    click.echo("\nspans (strict)            precision  recall     F1")
    for name, one in rows.items():
        click.echo(f"{name:25} {one.precision:9.3f} {one.recall:7.3f} {one.f1:6.3f}")
    if model.f1 <= baseline.f1:
        click.echo("The CRF has learnt no more than the dictionary holds.")
    if control.f1 > CONTROL * model.f1:
        return [f"trained on shuffled tags it still reaches F1 {control.f1:.3f}"]
    return []


def _paragraphs(release: GoldRelease, folder: Path) -> list[str]:
    wrong = []
    click.echo("\nparagraphs                accuracy  macro F1")
    for class_set in (name for name, _ in release.classes if name not in release.multiple):
        if not all(paragraphs.rows(folder / "hf", class_set, split)[0]
                   for split in ("train", "test")):
            continue
        model, control = (paragraphs.train_and_score(folder / "hf", class_set, shuffled)
                          for shuffled in (False, True))
        click.echo(f"{class_set + ', always the usual':25} {model.commonest:8.3f}")
        click.echo(f"{class_set:25} {model.accuracy:8.3f} {model.macro_f1:9.3f}")
        click.echo(f"{class_set + ', shuffled':25} {control.accuracy:8.3f}"
                   f" {control.macro_f1:9.3f}")
        if control.accuracy > (model.commonest + model.accuracy) / 2:
            wrong.append(f"trained on shuffled choices of {class_set} it still reaches"
                         f" {control.accuracy:.3f}")
    return wrong


if __name__ == "__main__":
    main()
