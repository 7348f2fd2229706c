"""`workbench score`: run the rules over a reference file and lay the figures out."""
from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Mapping, Sequence, TypeGuard

from labels import govdoc
from labels.document import Document
from labels.errors import InputError, N_
from labels.rules import Pack
from labels.scoring import Scores, Tally, gaps, holdout, score, scores_to_json, wilson
from workbench.progress import Progress, silent
from workbench.stages import suggest_passage


def read_reference(path: Path) -> list[dict[str, Any]]:
    """The rows of a reference file. Raises InputError with file and line."""
    try:
        content = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(N_("%(file)s cannot be read: %(why)s"), file=path, why=error) from error
    return parse_reference(content, path.name)


def parse_reference(content: str, name: str) -> list[dict[str, Any]]:
    """As `read_reference`, of the content of a file; `name` is named in errors."""
    rows: list[dict[str, Any]] = []
    seen: set[str] = set()
    # Not splitlines: a text may hold a line separator of Unicode.
    for number, line in enumerate(content.split("\n"), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            _check(row)
            _demand(str(row["id"]) not in seen, f"the id {row['id']} stands twice")
        except (ValueError, RecursionError) as error:
            raise InputError(N_("%(file)s line %(line)s is no reference row: %(why)s"),
                             file=name, line=number, why=error,
                             hint=N_("each line is an object with id, text, spans")) from error
        seen.add(str(row["id"]))
        rows.append(row)
    if not rows:
        raise InputError(N_("%(file)s holds no reference rows"), file=name)
    return rows


def _check(row: Any) -> None:
    """Raises ValueError, with the reason, where `row` is not as `labels.scoring` tells."""
    _demand(isinstance(row, dict), "it is no object")
    _demand(_is_name(row.get("id")) or _is_number(row.get("id")), "id is no text")
    _demand(isinstance(row.get("text"), str), "text is no text")
    spans = _objects(row, "spans", needed=True)
    for place, span in enumerate(spans):
        start, end = span.get("start"), span.get("end")
        _demand(_is_number(start) and _is_number(end) and 0 <= start < end <= len(row["text"]),
                f"span {place} is no slice of the text: start {start!r}, end {end!r}")
        _demand(_is_name(span.get("label")), f"the label of span {place} is no text")
    for place, relation in enumerate(_objects(row, "relations")):
        _demand(_is_name(relation.get("type")), f"the type of relation {place} is no text")
        for end in ("from", "to"):
            _demand(_is_number(relation.get(end)) and 0 <= relation[end] < len(spans),
                    f"{end} of relation {place} is no span: {relation.get(end)!r}")
        _demand(isinstance(relation.get("direction"), (str, type(None))),
                f"the direction of relation {place} is no text")
    _demand(isinstance(row.get("function"), (str, type(None))), "function is no text")
    _demand(isinstance(row.get("topics", []), list) and all(map(_is_name, row.get("topics", []))),
            "topics is no list of texts")


def _objects(row: Mapping[str, Any], key: str, needed: bool = False) -> list[dict[str, Any]]:
    found = row.get(key, None if needed else [])
    _demand(isinstance(found, list) and all(isinstance(entry, dict) for entry in found),
            f"{key} is no list of objects")
    return list(found)


def _demand(met: bool, otherwise: str) -> None:
    if not met:
        raise ValueError(otherwise)


def _is_name(value: Any) -> bool:
    return isinstance(value, str) and bool(value)


def _is_number(value: Any) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool)


def score_reference(path: Path, apart: bool = False, progress: Progress = silent,
                    pack: Pack | None = None) -> dict[str, Scores]:
    """Scores by part: ``all``, and with `apart` also ``developed`` and ``holdout``.

    `pack` is the built-in one unless another is given.
    """
    return score_rows(read_reference(path), pack or govdoc.load(), apart, progress)


def score_rows(rows: Sequence[Mapping[str, Any]], pack: Pack, apart: bool = False,
               progress: Progress = silent) -> dict[str, Scores]:
    """As `score_reference`, of rows that were read already."""
    answers = {}
    for position, row in enumerate(rows):
        document = Document(id=str(row["id"]), text=row["text"])
        answers[row["id"]], _ = suggest_passage(document, pack)
        progress(position + 1, len(rows))
    groups = {"all": score(rows, answers)}
    if apart:
        groups["developed"] = score([row for row in rows if not holdout(row)], answers)
        groups["holdout"] = score([row for row in rows if holdout(row)], answers)
    return groups


def to_json(groups: Mapping[str, Scores]) -> dict[str, Any]:
    """One object a part; with a part held aside also ``gaps``, as `labels.scoring.gaps` tells."""
    figures: dict[str, Any] = {name: scores_to_json(scores) for name, scores in groups.items()}
    if "holdout" in groups:
        figures["gaps"] = [{"label": label, "developed": round(one, 4), "holdout": round(other, 4)}
                           for label, one, other in gaps(groups["developed"], groups["holdout"])]
    return figures


def format_scores(groups: Mapping[str, Scores]) -> str:
    """A plain table a person can read: one line a label, relation, class and rule."""
    lines: list[str] = []
    for name, scores in groups.items():
        lines.append(f"== {name}: {scores.passages} passages")
        for title, tallies in (("spans", scores.spans), ("relations", scores.relations),
                               ("function", scores.functions), ("topics", scores.topics)):
            lines.append(f"{title:<14}{'expected':>9}{'answered':>9}{'right':>7}"
                         f"{'prec.':>8}{'recall':>8}{'F1':>8}")
            for label, tally in sorted(tallies.items()):
                lines.append(_line(label, tally))
            lines.append(_line("micro", Scores.micro(tallies)))
            if title == "function":
                lines.append(f"  {'accuracy':<12}{Scores.micro(tallies).recall:>42.3f}")
        lines.append(f"{'rule':<34}{'answered':>9}{'right':>7}{'prec.':>8}   95% interval")
        for rule, tally in sorted(scores.rules.items()):
            low, high = wilson(tally.right, tally.answered)
            lines.append(f"{rule:<34}{tally.answered:>9}{tally.right:>7}{tally.precision:>8.3f}"
                         f"   {low:.2f}–{high:.2f}")
    if "holdout" in groups:
        lines.append("== gaps in F1 above 0.04 between developed and holdout"
                     " (labels with 30 spans or more in each)")
        lines.extend(f"  {label:<12}{one:>8.3f}{other:>8.3f}{one - other:>+8.3f}" for
                     label, one, other in gaps(groups["developed"], groups["holdout"]))
        if lines[-1].startswith("=="):
            lines.append("  none")
    return "\n".join(lines)


def _line(label: str, tally: Tally) -> str:
    return (f"  {label:<12}{tally.expected:>9}{tally.answered:>9}{tally.right:>7}"
            f"{tally.precision:>8.3f}{tally.recall:>8.3f}{tally.f1:>8.3f}")
