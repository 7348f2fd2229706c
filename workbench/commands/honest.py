"""Hidden suggestions and known answers: the shares, and what they tell."""
from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Iterator

import click

from workbench.commands.base import main, out, project_of, say

if TYPE_CHECKING:
    from workbench.review.figures import Estimate
    from workbench.review.honest_report import Report, Speed, Taken
    from workbench.review.known import Score


@main.group(invoke_without_command=True)
@click.option("--json", "as_json", is_flag=True, help="All figures, as one JSON object.")
@click.pass_context
def honest(ctx: click.Context, as_json: bool) -> None:
    """What suggestions do to answers: error, speed and agreement where they were shown and where
    they were hidden, by rule and by person; and how people did where the answer was known."""
    if ctx.invoked_subcommand is not None:
        return
    from workbench.review.honest_report import honest_report, report_to_json
    from workbench.review.known import scores, scores_to_json
    with project_of(ctx).open() as store:
        found, known = honest_report(store), scores(store)
    if as_json:
        out({**report_to_json(found), "known": scores_to_json(known)})
        return
    say(f"Left out: {found.alone} answers to regions whose gold rests on one answer,"
        f" {found.unsettled} to regions that are not settled, {found.unknown} of which it cannot be"
        f" told what was shown. Where a value is empty there are too few (less than"
        f" {found.least['answers']}).")
    for line in (*_report_lines(found), *_known_lines(known)):
        click.echo("\t".join(line))


def _report_lines(found: Report) -> Iterator[tuple[str, ...]]:
    groups = [("all", found.both), *((one.name, one.both) for one in found.people)]
    for name, sides in groups:
        for both in sides:
            for way, side in (("shown", both.shown), ("hidden", both.hidden)):
                for measure, figure in (
                        ("precision", side.precision), ("recall", side.recall),
                        ("F1", side.exact), ("F1 overlapping", side.near), ("agree", side.alike)):
                    yield both.kind, name, f"{measure}, {way}", *_figure(figure)
                yield both.kind, name, f"seconds for 1,000 characters, {way}", *_speed(side.speed)
            yield both.kind, name, "F1, shown less hidden", *_figure(both.difference)
    yield from _taken_lines("rule", "all", found.taken)
    for rule in found.rules:
        yield from _taken_lines("rule", rule.name, rule)
    for person in found.people:
        yield from _taken_lines("person", person.name, person.taken)


def _taken_lines(group: str, name: str, taken: Taken) -> Iterator[tuple[str, ...]]:
    for measure, figure in (
            ("wrong, shown: kept", taken.stamped), ("wrong, hidden: made", taken.alone),
            ("wrong, waved through", taken.excess), ("right, shown: kept", taken.kept),
            ("right, hidden: found", taken.found)):
        yield group, name, measure, *_figure(figure)


def _known_lines(known: tuple[Score, ...]) -> Iterator[tuple[str, ...]]:
    for one in known:
        for measure, figure in (("F1", one.exact), ("F1 overlapping", one.near),
                                ("paragraphs just so", one.classes)):
            yield "known", one.person, measure, *_figure(figure)
        yield "known", one.person, "seconds for 1,000 characters", *_speed(one.speed)


def _figure(one: Estimate) -> tuple[str, ...]:
    return (*("" if value is None else f"{value:.4f}" for value in (one.value, one.low, one.high)),
            str(one.n), str(one.documents))


def _speed(one: Speed) -> tuple[str, ...]:
    return "" if one.median is None else f"{one.median:.1f}", "", "", str(one.n), ""


@honest.command("set")
@click.option("--spans", type=int, help="Hide the suggestions of so many percent of the regions.")
@click.option("--classes", type=int, help="The same of the paragraphs.")
@click.option("--known", type=int, help="Ask so many percent of the settled regions again, of"
              " annotators who have not answered them; 0 deletes those that nobody has begun.")
@click.option("--least", type=int, help="Only those that at least so many people settled, or a"
              " decision between answers.")
@click.option("--told/--not-told", default=None, help="Whether people see how they did.")
@click.pass_context
def honest_set(ctx: click.Context, spans: int | None, classes: int | None, known: int | None,
               least: int | None, told: bool | None) -> None:
    """Set the shares (what is not named stays) and print them. The next sync follows them; what
    it will do is told by: workbench sync --dry-run"""
    from workbench.review.honest import SETTING, honest_given, honest_of
    from workbench.store.settings import get_setting, set_setting
    named: dict[str, Any] = {name: value for name, value in (
        ("spans", spans), ("classes", classes), ("known", known), ("least", least),
        ("told", told)) if value is not None}
    with project_of(ctx).open() as store:
        wanted = replace(honest_of(get_setting(store, SETTING)), **named)
        honest_given(**wanted.as_json())
        if named:
            set_setting(store, SETTING, wanted.as_json())
    out(wanted.as_json())
