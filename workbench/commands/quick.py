"""Quick decisions: what was decided, by label and by rule."""
from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

import click

from workbench.commands.base import main, project_of


@main.command()
@click.option("--json", "as_json", is_flag=True, help="All of it as one JSON object.")
@click.pass_context
def quick(ctx: click.Context, as_json: bool) -> None:
    """What people decided on single suggestions, by label and by rule.

    They do not come by chance: the most doubtful are asked first, so a rule's share here is not
    how often it is right.
    """
    from workbench.review import quick as decided
    with project_of(ctx).open() as store:
        told = decided.told(store)
    shape = to_json(told)
    if as_json:
        click.echo(json.dumps(shape, ensure_ascii=False, indent=1))
        return
    click.echo(f"{told.decisions} decisions of {told.people} people")
    if told.pairs:
        click.echo(f"two people said just the same of {told.agreed} of {told.pairs} questions")
    columns = ("accepted", "fixed", "rejected", "open", "disputed")
    for title in ("labels", "rules"):
        if shape[title]:
            click.echo(f"\n{title[:-1]:40}" + "".join(f"{name:>10}" for name in columns))
        for row in shape[title]:
            name = row.get("label") or f"{row['rule']} {row['version']}"
            click.echo(f"{name:40}" + "".join(f"{row[column]:>10}" for column in columns))


def to_json(told: Any) -> dict[str, Any]:
    """The shape of ``workbench quick --json``; `told` as `workbench.review.quick.told` gives it."""
    return {
        "decisions": told.decisions, "people": told.people,
        "agreement": {"pairs": told.pairs, "agreed": told.agreed,
                      "share": told.agreed / told.pairs if told.pairs else None},
        "labels": [{"label": name, **asdict(tally)} for name, tally in told.labels.items()],
        "rules": [{"rule": rule, "version": version, **asdict(tally)}
                  for (rule, version), tally in told.rules.items()]}
