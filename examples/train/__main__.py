"""``python -m examples.train``: see README.md."""
from __future__ import annotations

import tempfile
import time
from pathlib import Path

import click

import exporters
from examples.train import paragraphs, pipeline, spans
from examples.train.releases import demo_release, project_release, told
from labels.errors import WorkbenchError
from labels.gold import GoldRelease

FORMATS = ("char-bio", "hf", "spacy")


@click.command()
@click.option("--project", type=click.Path(path_type=Path), help="A project folder"
              " (default: the gold of the demo).")
@click.option("--release", "number", type=int, default=1, show_default=True)
@click.option("--spacy/--no-spacy", default=True, show_default=True, help="Train spaCy, too.")
def main(project: Path | None, number: int, spacy: bool) -> None:
    """Export a release, train on it, and score on groups of documents that training never saw."""
    begun = time.monotonic()
    try:
        release = project_release(project, number) if project else demo_release()
        for line in told(release):
            click.echo(line)
        for split in ("train", "test"):
            if not any(region.spans for region in release.split(split)):
                raise click.ClickException(f"the {split} split holds no spans to work with")
        with tempfile.TemporaryDirectory() as folder:
            for name in FORMATS[:2] + (FORMATS[2:] if spacy else ()):
                exporters.export(release, name, Path(folder) / name)
            show(release, Path(folder), spacy)
    except WorkbenchError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{time.monotonic() - begun:.0f} s")


def show(release: GoldRelease, folder: Path, spacy: bool) -> None:
    test = [region for region in release.split("test") if "spans" in region.asked]
    train = [region for region in release.split("train") if "spans" in region.asked]
    rows = {"dictionary of training": spans.dictionary_score(train, test, release.labels),
            "CRF over characters": spans.train_and_score(folder / "char-bio", release.labels),
            "CRF, tags shuffled": spans.train_and_score(folder / "char-bio", release.labels,
                                                        shuffled=True)}
    if spacy:
        rows["spaCy blank zh"] = pipeline.train_and_score(folder / "spacy")
    click.echo("\nspans (strict)            precision  recall     F1")
    for name, one in rows.items():
        click.echo(f"{name:25} {one.precision:9.3f} {one.recall:7.3f} {one.f1:6.3f}")
    single = [name for name, _ in release.classes if name not in release.multiple]
    click.echo("\nparagraphs                accuracy  macro F1")
    for class_set in single:
        for shuffled in (False, True):
            if all(paragraphs.rows(folder / "hf", class_set, split)[0]
                   for split in ("train", "test")):
                one_ = paragraphs.train_and_score(folder / "hf", class_set, shuffled)
                if not shuffled:
                    click.echo(f"{class_set + ', always the usual':25} {one_.commonest:8.3f}")
                click.echo(f"{class_set + (', shuffled' if shuffled else ''):25}"
                           f" {one_.accuracy:8.3f} {one_.macro_f1:9.3f}")


if __name__ == "__main__":
    main()
