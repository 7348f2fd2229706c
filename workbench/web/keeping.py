"""What a page does not tell an annotator yet: suggestions that are hidden from them, and what was
made of these."""
from __future__ import annotations

from typing import Any, Iterable, Mapping

from workbench.ledger import Place
from workbench.review.concealing import Concealed, concealed
from workbench.store import Row
from workbench.web.context import current_user, get_store


def kept_from_me(document_id: int) -> Concealed:
    """The suggestions of a document that the signed-in person does not see yet; reviewers and leads
    see all."""
    user = current_user()
    if user["role"] != "annotator":
        return Concealed()
    return concealed(get_store(), document_id, user["id"], user["slot"])


def told_by(finding: Row, kept: Concealed) -> bool:
    """Whether a finding tells of a figure that is kept from somebody."""
    return bool(kept) and any(kept.hides("spans", term["start"])
                              for term in finding["content"]["terms"])


def findings_for_me(rows: Iterable[Row]) -> list[Row]:
    """Those that tell nothing that is kept from the signed-in person."""
    kept = _Kept()
    return [row for row in rows if not told_by(row, kept[row["document_id"]])]


def records_for_me(rows: Iterable[Row]) -> list[Row]:
    """Those that hold nothing that is kept from the signed-in person."""
    kept = _Kept()
    return [row for row in rows if not _holds(row["content"], kept[row["document_id"]])]


def places_for_me(places: Iterable[Place], kind: str) -> list[Place]:
    """The matches of a rule that are not kept from the signed-in person; `kind` is the rule's."""
    kept, of = _Kept(), "classes" if kind == "class" else "spans"
    return [place for place in places
            if not kept[place.document_id].hides(of, place.made["start"])]


def carried_for_me(document_id: int, rows: Iterable[Row]) -> list[Row]:
    """The labels of older versions that are not suggested where suggestions are kept from the
    signed-in person."""
    kept = kept_from_me(document_id)
    return [row for row in rows if not any(
        kept.hides("classes" if row["kind"] == "class" else "spans", place[0])
        for place in row["places"] or ())]


class _Kept(dict[int, Concealed]):
    """By document, asked for once."""

    def __missing__(self, document_id: int) -> Concealed:
        self[document_id] = kept_from_me(document_id)
        return self[document_id]


def _holds(record: Mapping[str, Any], kept: Concealed) -> bool:
    if not kept:
        return False
    starts = [record["start"]]
    for places in record["spans"].values():
        starts += [place[0] for place in places] if places and isinstance(places[0], list) \
            else places[:1]
    return any(kept.hides("spans", start) for start in starts)
