"""The difference of two releases in lines for a terminal; English, as all of the command line."""
from __future__ import annotations

from typing import Any, Iterator, Mapping, Sequence

from labels.release_diff import ReleaseDiff

SHOWN = 200


def diff_lines(diff: ReleaseDiff, notes: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    yield (f"release {diff.first} -> {diff.second}: regions +{len(diff.regions_added)}"
           f" -{len(diff.regions_removed)} changed {len(diff.regions_changed)}"
           f" unchanged {diff.same}")
    for sign, names in (("+", diff.documents_added), ("-", diff.documents_removed)):
        yield from (f"{sign} document {name}" for name in names)
    for note in notes:
        yield f"{note['kind']} {note['document']}: {_told(note)}"
    for what in ("spans", "relations", "classes"):
        for name, count in getattr(diff, what).items():
            if count.added or count.removed:
                yield (f"{what} {name}: {count.before} -> {count.after}"
                       f" (+{count.added} -{count.removed})")
    for change in diff.span_changes[:SHOWN]:
        before, after = change.before, change.after
        yield "\t".join((change.change, change.region, change.words.replace("\n", " "),
                         f"{before.start}-{before.end} {before.label}" if before else "",
                         f"{after.start}-{after.end} {after.label}" if after else ""))
    if len(diff.span_changes) > SHOWN:
        yield f"… and {len(diff.span_changes) - SHOWN} more spans: --json shows all"
    for name, old, new in diff.splits:
        yield f"split {name}: {old} -> {new}"
    yield from (f"records or cells of {name} changed" for name in diff.facts)
    for what, found in diff.schema.items():
        yield f"{what}: {', '.join(found)}"


def _told(note: Mapping[str, Any]) -> str:
    content = note["content"]
    if note["kind"] == "moved":
        return (f"{content['from_split']} -> {content['to_split']}, because its group grew"
                f" together with that of {content['to']}")
    return f"{content['why']} ({content['by']})"
