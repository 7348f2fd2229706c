"""Exporters: frozen gold → files that trainers load. One module a format, found by scanning.

A module of this package is an exporter if it has a `FORMAT` and three functions:

- ``write(release, folder) -> list[Loss]`` writes files into an existing empty folder and returns
  what it could not carry,
- ``carried(release) -> Iterator[GoldRegion]`` tells what the files are to hold, in their order,
- ``read(folder) -> Iterator[GoldRegion]`` reads it from the files.

A format of a release's facts (`labels.facts`) yields rows instead, and has a ``verify`` for them.

`export` does the rest: it checks the release, writes beside the target, compares what was read
with what was carried and counts the losses, adds the papers of the release, ``croissant.json`` and
``manifest.json`` (files with SHA-256, losses, versions), and renames, so that a failed export
leaves nothing behind and an earlier one untouched.
"""
from __future__ import annotations

import hashlib
import importlib
import json
import os
import pkgutil
import platform
import shutil
import tempfile
from collections import Counter
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Callable, Mapping

from labels.errors import N_, ExportError
from labels.gold import GoldRelease

if TYPE_CHECKING:
    from exporters.regions import Counts

MANIFEST = "manifest.json"

Papers = Callable[[], Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Format:
    """What a format is called and what of gold it can carry.

    `carries` and `drops` are among "spans", "relations", "classes", and "records", "cells" of
    formats that hold a release's facts; `extra` is the extra of
    ``pip install annotation-workbench[extra]`` that it needs, `package` the importable name.
    """

    name: str
    title: str
    carries: tuple[str, ...]
    drops: tuple[str, ...] = ()
    extra: str = ""
    package: str = ""


@dataclass(frozen=True, slots=True)
class Loss:
    """One thing of the release that the files do not hold as it was, and why.

    `region` and `what` (``span 0-3 ORG``: local offsets and label) name it. `kind` is "dropped",
    "cut" (a part of it is there) or "repaired" (it is there, and what stands around it was changed
    so that it could be).
    """

    region: str
    what: str
    reason: str
    kind: str = "dropped"


@dataclass(frozen=True, slots=True)
class Export:
    folder: Path
    files: tuple[str, ...]
    losses: tuple[Loss, ...]


def formats() -> dict[str, Format]:
    """All formats by name."""
    return {module.FORMAT.name: module.FORMAT for module in _modules()}


def no_papers() -> Mapping[str, str]:
    """Nothing goes with the files."""
    return {}


def nobody_told(found: Mapping[str, int]) -> None:
    """Nobody is told what has no place."""


def export(release: GoldRelease, name: str, folder: Path, papers: Papers = no_papers,
           foresee: Callable[[Mapping[str, int]], None] = nobody_told) -> Export:
    """Write `release` in format `name` to `folder`, whole or not at all.

    `papers` gives texts that go with the files, by their paths; one that the format has itself
    (its ``README.md``) is followed by it. They are asked for when the files are written.
    `foresee` is told, before anything is written, how much of the release has no place in the
    format (see `uncarried`; nothing where all has).

    Raises ExportError for an unknown format, a missing library, a release that was edited since it
    was frozen, a folder that holds something other than an earlier export, or a full disk.
    """
    from exporters.regions import check  # it needs `Loss` of this module
    module = _module(name)
    folder = Path(folder).resolve()
    if folder.exists() and not folder.is_dir():
        raise ExportError(N_("%(folder)s is a file, not a folder"), folder=folder)
    foreign = _foreign(folder)
    if foreign:
        raise ExportError(
            N_("%(folder)s holds other files: %(file)s"), folder=folder, file=foreign[0],
            hint=N_("name an empty folder, or one that an earlier export made"))
    counts = check(release)
    foresee(uncarried(counts, module.FORMAT))
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        staging = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    except OSError as error:
        raise ExportError(N_("cannot write to %(folder)s: %(why)s"), folder=folder.parent,
                          why=error.strerror) from error
    try:
        losses = tuple(module.write(release, staging))
        _prove(release, module, counts, losses, staging)
        _add(papers(), staging)
        files = _write_manifest(release, module.FORMAT, counts, losses, staging)
        _replace(staging, folder)
    except ImportError as error:
        raise ExportError(
            N_("format %(name)s needs %(package)s"), name=name, package=module.FORMAT.package,
            hint=N_("install it with: pip install 'annotation-workbench[%(extra)s]'"),
            extra=module.FORMAT.extra) from error
    except OSError as error:
        raise ExportError(N_("cannot write to %(folder)s: %(why)s"), folder=folder,
                          why=error.strerror) from error
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return Export(folder, files, losses)


def is_export(folder: Path, release: GoldRelease, name: str,
              papers: Papers = no_papers) -> bool:
    """Whether `folder` holds an export of `release` in format `name` with these `papers`, whole and
    unchanged.

    The files are those of the manifest, each with its SHA-256.
    """
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        return (manifest["format"] == name and manifest["release"]["hash"] == release.hash
                and manifest["release"]["facts"] == release.facts_hash
                and manifest["files"] == _hashes(folder)
                and all((folder / path).read_bytes().endswith(text.encode("utf-8"))
                        for path, text in papers().items()))
    except (OSError, ValueError, KeyError, TypeError):
        return False  # no manifest of ours, or a file that cannot be read


def _prove(release: GoldRelease, module: ModuleType, counts: "Counts", losses: tuple[Loss, ...],
           folder: Path) -> None:
    """Raise ExportError unless the files hold all of the release but the `losses`."""
    from exporters.regions import verify
    # A format of other things than regions compares them itself.
    compare = getattr(module, "verify", verify)
    held = compare(module.carried(release), module.read(folder), module.FORMAT.name)
    sets = dict(release.classes)
    dropped = Counter(
        "classes" if loss.what in sets else f"{loss.what.partition(' ')[0]}s" for loss in losses
        if loss.kind == "dropped")
    for what in ("spans", "relations", "classes"):
        gold, present = getattr(counts, what), getattr(held, what)
        if what in module.FORMAT.carries and gold != present + dropped[what]:
            raise ExportError(
                N_("format %(name)s holds %(held)s of %(gold)s %(what)s and tells "
                   "of %(dropped)s lost"), name=module.FORMAT.name, held=present, gold=gold,
                what=what, dropped=dropped[what])


def uncarried(counts: "Counts", fmt: Format) -> dict[str, int]:
    """How much of a release's regions has no place in a format, by its name in `Format.drops`."""
    return {what: number for what in fmt.drops if (number := getattr(counts, what, 0))}


def _add(papers: Mapping[str, str], folder: Path) -> None:
    from exporters.lines import write_text
    for name, text in papers.items():
        path = folder / name
        own = path.read_text(encoding="utf-8").rstrip("\n") + "\n\n" if path.exists() else ""
        write_text(path, own + text)


def _hashes(folder: Path) -> dict[str, str]:
    """The SHA-256 of each file but the manifest, by its path in `folder`."""
    paths = sorted(os.path.join(place, name) for place, _, names in os.walk(folder)
                   for name in names)
    named = {path.removeprefix(f"{folder}{os.sep}").replace(os.sep, "/"): path for path in paths}
    return {name: _hash(path) for name, path in named.items() if name != MANIFEST}


def _hash(path: Path | str) -> str:
    digest = hashlib.sha256()
    with open(path, "rb", buffering=0) as file:
        while block := file.read(1 << 18):
            digest.update(block)
    return digest.hexdigest()


def _modules() -> list[ModuleType]:
    found = (importlib.import_module(f"{__name__}.{info.name}")
             for info in pkgutil.iter_modules(__path__))
    return [module for module in found if hasattr(module, "FORMAT")]


def _module(name: str) -> ModuleType:
    for module in _modules():
        if module.FORMAT.name == name:
            return module
    raise ExportError(N_("there is no format %(name)r"), name=name,
                      hint=N_("formats: %(known)s"), known=", ".join(sorted(formats())))


def is_replaceable(folder: Path) -> bool:
    """Whether `folder` holds nothing but what an earlier export wrote, or is not there."""
    return not folder.exists() or (folder.is_dir() and not _foreign(folder))


def _foreign(folder: Path) -> list[str]:
    """The files of `folder` that no earlier export wrote there: they would go with it."""
    present = {path.relative_to(folder).as_posix()
               for path in folder.rglob("*") if not path.is_dir()}
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        own = {*manifest["files"], MANIFEST} if "release" in manifest else set()
    except (OSError, ValueError, KeyError, TypeError):
        own = set()  # not a manifest of ours, so nothing here is ours
    return sorted(present - own)


def _write_manifest(release: GoldRelease, fmt: Format, counts: "Counts",
                    losses: tuple[Loss, ...], folder: Path) -> tuple[str, ...]:
    """Write croissant.json and manifest.json; return the names of all files, the manifest last."""
    from exporters.croissant import CROISSANT, write_croissant
    from exporters.lines import json_lines, write_text
    files = _hashes(folder)
    write_croissant(release, fmt.title, files, folder)
    files = dict(sorted({**files, CROISSANT: _hash(folder / CROISSANT)}.items()))
    manifest = {
        "format": fmt.name,
        "release": {"number": release.number, "hash": release.hash,
                    "facts": release.facts_hash, "project": release.project,
                    "schema": f"{release.schema_name}@{release.schema_hash}"},
        "regions": counts.regions,
        "spans": counts.spans,
        "relations": counts.relations,
        "classes": counts.classes,
        "cannot_carry": list(fmt.drops),
        "not_carried": uncarried(counts, fmt),
        "lost": dict(Counter(loss.kind for loss in losses)),
        "losses": losses,
        "files": files,
        "tools": {"annotation-workbench": _version("annotation-workbench"),
                  "python": platform.python_version(),
                  **({fmt.package: _version(fmt.package)} if fmt.package else {})},
    }
    write_text(folder / MANIFEST, json_lines(manifest))
    return (*files, MANIFEST)


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "not installed"


def _replace(staging: Path, folder: Path) -> None:
    """Put `staging` in the place of `folder`; an earlier export goes only when the new is there."""
    staging.chmod(0o755)
    if not folder.exists():
        staging.rename(folder)
        return
    old = Path(tempfile.mkdtemp(prefix=f".{folder.name}-old-", dir=folder.parent))
    folder.rename(old / "export")
    try:
        staging.rename(folder)
    except OSError:
        (old / "export").rename(folder)
        raise
    finally:
        shutil.rmtree(old)
