"""What newer suggestions would change in answers that people gave. Pure."""
from __future__ import annotations

from typing import Any, Mapping, Sequence


def offered(before: Mapping[str, Any], after: Mapping[str, Any],
            answers: Sequence[Mapping[str, Any]]) -> dict[str, list[Any]]:
    """What newer suggestions would change in the answers people gave.

    `before` and `after` are predictions. `added`: suggested now, not before, in no answer.
    `removed`: suggested before, not now, still in an answer. Spans are local to the region;
    choices are [class set, choice].
    """
    old, new = _said(before), _said(after)
    given: set[tuple[Any, ...]] = {(span["start"], span["end"], span["label"])
                                   for answer in answers for span in answer["spans"]}
    given |= {(name, choice) for answer in answers
              for name, chosen in answer["classes"].items() for choice in chosen}
    return {"added": _told(new - old - given), "removed": _told((old - new) & given)}


def _said(prediction: Mapping[str, Any]) -> set[tuple[Any, ...]]:
    found: set[tuple[Any, ...]] = set()     # spans have three places, choices two
    for item in prediction.get("result", ()):
        if item["type"] == "labels":
            value = item["value"]
            found.add((value["start"], value["end"], value["labels"][0]))
        elif item["type"] == "choices":
            found |= {(item["from_name"], choice) for choice in item["value"]["choices"]}
    return found


def _told(found: set[tuple[Any, ...]]) -> list[Any]:
    return [dict(zip(("start", "end", "label"), one)) if len(one) == 3 else list(one)
            for one in sorted(found, key=str)]
