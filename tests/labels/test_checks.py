"""Equations judged: tolerance from the decimals shown, suspects ranked, places confirmed."""
from __future__ import annotations

from decimal import Decimal
from typing import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labels.document import Cell, Table
from labels.checks import (
    Equation, Finding, NotCheckable, Suspect, Term, confirmed, coverage, judge, work_out,
)


def term(text: str, place: int, step: str | None = None) -> Term:
    decimals = len(text.partition(".")[2])
    shown = Decimal(1).scaleb(-decimals) if step is None else Decimal(step)
    return Term(text, place, place + len(text), Decimal(text), shown, f"r{place}")


def total(*texts: str, at: int = 0, places: Sequence[int] = ()) -> Equation:
    """The first is the sum of the rest."""
    where = places or [at + 20 * position for position in range(len(texts))]
    terms = tuple(term(text, place) for text, place in zip(texts, where))
    return Equation("test.total", terms, "adds up", weights=(1, *[-1] * (len(texts) - 1)))


def rate(budget: str, actual: str, shown: str, at: int = 0) -> Equation:
    """`actual` is `shown` per cent of `budget`."""
    terms = (term(budget, at), term(actual, at + 20), term(shown, at + 40))
    return Equation("test.rate", terms, "rate", residual=lambda v: v[0] * v[2] - 100 * v[1])


def one(*claims: Equation) -> Finding:
    return judge(claims)[0]


def test_a_sum_that_adds_up_holds() -> None:
    assert one(total("6", "1", "2", "3")).status == "holds"


def test_rows_rounded_to_what_they_show_may_be_off_by_half_a_digit_each() -> None:
    # 0.3 may be 0.25 to 0.35: three rows of 0.3 add up to anything from 0.75 to 1.05.
    assert work_out(total("1.0", "0.3", "0.3", "0.3")).tolerance == Decimal("0.20")
    assert one(total("1.0", "0.3", "0.3", "0.3")).status == "holds"
    assert one(total("1.2", "0.3", "0.3", "0.3")).status == "broken"


def test_whole_numbers_that_are_counted_allow_nothing() -> None:
    terms = (term("30", 0, "0"), term("29", 20, "0"))
    finding = one(Equation("test.count", terms, "counted", weights=(1, -1)))
    assert (finding.status, finding.difference) == ("broken", 1)


def test_a_rate_is_as_exact_as_its_figures() -> None:
    # 42.6 of 50.0 is 85.2 %; 85.3 differs by more than the last digits of all three allow.
    assert one(rate("50.0", "42.6", "85.2")).status == "holds"
    assert one(rate("50.0", "42.6", "85.8")).status == "broken"


def test_the_slope_of_a_product_is_worked_out_at_its_figures() -> None:
    line = work_out(rate("50.0", "42.6", "85.2"))
    assert line.slopes == (Decimal("85.2"), Decimal(-100), Decimal("50.0"))
    assert line.residual == 0


def test_a_digit_misread_is_the_first_suspect_with_what_it_would_be() -> None:
    # Rows and columns of one small table; 45 should be 15.
    rows = [total("15", "7", "8", places=(0, 10, 20)), total("20", "9", "11", places=(30, 40, 50))]
    columns = [total("16", "7", "9", places=(60, 10, 40)),
               total("65", "45", "20", places=(70, 0, 30))]
    rows[0] = total("45", "7", "8", places=(0, 10, 20))
    columns[1] = total("35", "45", "20", places=(70, 0, 30))
    broken = [finding for finding in judge([*rows, *columns]) if finding.status == "broken"]
    assert len(broken) == 2
    for finding in broken:
        first = finding.suspects[0]
        assert (first.start, first.cause, first.mended) == (0, "digit", "15")


def test_a_figure_that_another_equation_confirms_is_suspected_last() -> None:
    wrong = total("17", "8", "6", places=(0, 10, 20))
    right = total("8", "5", "3", places=(10, 30, 40))
    suspects = judge([wrong, right])[0].suspects
    assert suspects[-1].start == 10 and suspects[-1].details["closed"] == 1


def test_a_sum_in_another_unit_is_told_as_such() -> None:
    # 120000 should stand in tens of thousands: 12.
    finding = judge([total("30", "18", "120000", places=(0, 10, 20)),
                     total("12", "5", "7", places=(50, 60, 70))])[0]
    assert ("unit", "12") in [(s.cause, s.mended) for s in finding.suspects]


def test_two_figures_in_each_others_place_are_found_together() -> None:
    first = total("100", "63", "41", places=(0, 10, 20))    # 41 belongs below
    second = total("200", "163", "37", places=(30, 40, 50))  # holds
    third = total("90", "53", "33", places=(60, 70, 80))
    # 63 + 37 = 100; 53 + 37 = 90: exchange 41 and 37 … 33 and 37 in two sums
    broken = [f for f in judge([first, second, third]) if f.status == "broken"]
    assert len(broken) == 2
    swapped = judge([total("100", "60", "25", places=(0, 10, 20)),
                     total("95", "70", "40", places=(30, 40, 50))])
    assert {(s.start, s.cause) for f in swapped for s in f.suspects[:1]} == {
        (20, "swapped"), (50, "swapped")}


def test_what_cannot_be_checked_is_told_with_its_reason() -> None:
    (finding,) = judge([NotCheckable("test.total", 3, 9, "表1", "no column of figures")])
    assert (finding.status, finding.message) == ("not_checkable", "no column of figures")
    assert finding.suspects == ()


def test_a_figure_is_confirmed_by_a_sum_that_holds_unless_another_is_broken() -> None:
    findings = judge([total("3", "1", "2", places=(0, 10, 20)),
                      total("9", "2", "4", places=(30, 20, 40))])
    assert confirmed(findings) == {(0, 1), (10, 11)}
    told = coverage([(0, 1), (20, 21), (90, 91)], findings)
    assert (told.amounts, told.checked, told.confirmed) == (3, 2, 1)


@given(st.lists(st.integers(1, 9_999), min_size=2, max_size=20),
       st.integers(0, 19), st.integers(0, 3), st.integers(1, 9))
def test_one_changed_digit_in_a_sum_of_whole_numbers_is_always_found(
        rows: list[int], which: int, digit: int, more: int) -> None:
    position, power = which % len(rows), 10 ** digit
    changed = list(rows)
    old = rows[position] // power % 10
    changed[position] += ((old + more) % 10 - old) * power
    equation = Equation("test.total", tuple(
        Term(str(value), 10 * place, 10 * place + 5, Decimal(value), Decimal(0), "")
        for place, value in enumerate([sum(rows), *changed])), "adds up",
        weights=(1, *[-1] * len(rows)))
    finding = one(equation)
    assert (finding.status == "holds") == (changed == rows)


@pytest.mark.parametrize("decimals", ["0", "0.1", "0.01"])
def test_the_key_of_a_finding_is_where_its_figures_stand(decimals: str) -> None:
    equation = Equation("a.b", (term("1", 5, decimals), term("2", 9, decimals)), "m",
                        weights=(1, -1))
    assert one(equation).key == "a.b:5-6,9-10"


def test_a_figure_printed_twice_may_not_differ_by_a_digit() -> None:
    terms = (term("12.34", 0), term("12.35", 20))
    assert one(Equation("test.same", terms, "same", weights=(1, -1))).status == "holds"
    assert one(Equation("test.same", terms, "same", weights=(1, -1), copied=True)
               ).status == "broken"


def test_many_rounded_rows_do_not_all_round_to_one_side() -> None:
    # Twenty rows may be off by 10 at most, but by no more than about 5 in all likelihood.
    assert one(total("105", *["5"] * 20)).status == "holds"
    assert one(total("107", *["5"] * 20)).status == "broken"


def exact_sums(count: int) -> list[Equation]:
    return [total(f"{3 * number + 6}.00", f"{number + 1}.00", f"{number + 2}.00",
                  f"{number + 3}.00", at=1000 * number) for number in range(count)]


def test_where_no_sum_is_ever_rounded_the_last_digit_counts() -> None:
    off = total("6.01", "1.00", "2.00", "3.00", at=100_000)
    assert judge([*exact_sums(5), off])[-1].status == "holds"
    assert judge([*exact_sums(40), off])[-1].status == "broken"


def test_what_a_check_itself_suspects_comes_first() -> None:
    told = Suspect(400, 404, "missing", "its cell is empty")
    terms = (term("9", 0), term("4", 20), term("3", 40))
    finding = one(Equation("test.total", terms, "m", weights=(1, -1, -1), suspects=(told,)))
    assert finding.suspects[0] == told and len(finding.suspects) == 4


def table(*rows: str) -> Table:
    """A table of figures, one row a line, cells parted by blanks; ``.`` is an empty cell."""
    at, made = 0, []
    for line in rows:
        cells = []
        for words in line.split():
            shown = words.strip(".") and words
            cells.append(Cell(shown, at, at + len(shown), Decimal(shown) if shown else None))
            at += 10
        made.append(tuple(cells))
    return Table("", "", "", 0, at, ((),) * len(made[0]), tuple(made))


def sums(made: Table, *groups: tuple[int, ...]) -> list[Equation]:
    """In every column: the first row of each group is the sum of its others."""
    found = []
    for group in groups:
        for column in range(len(made.rows[0])):
            cells = [made.rows[row][column] for row in group]
            terms = tuple(Term(cell.text, cell.start, cell.end, cell.value or Decimal(0),
                               Decimal(0), "") for cell in cells)
            found.append(Equation("test.total", terms, "m",
                                  weights=(1, *[-1] * (len(terms) - 1))))
    return found


def test_figures_that_slid_by_a_row_are_found_by_moving_them_back() -> None:
    # Three groups (0: 1 2, 3: 4 5, 6: 7 8); from row 3 on all figures stand one too low.
    made = table("30 3", "10 1", "20 2", "0 0", "70 7", "30 3", "40 4", "110 11", "50 5", "60 6")
    across = [Equation("test.ten", tuple(
        Term(cell.text, cell.start, cell.end, cell.value or Decimal(0), Decimal(0), "")
        for cell in row), "ten times", weights=(1, -10)) for row in made.rows]
    findings = judge([*sums(made, (0, 1, 2), (3, 4, 5), (6, 7, 8)), *across], [made])
    slid = [finding for finding in findings if finding.status == "broken"]
    assert len(slid) == 4
    for finding in slid:
        assert finding.suspects[0].cause == "shifted"
        assert finding.suspects[0].details["move"] == 1


def test_a_row_that_is_missing_falls_short_in_every_column() -> None:
    made = table("60 6", "10 1", "20 2")
    for finding in judge(sums(made, (0, 1, 2)), [made]):
        assert finding.suspects[0].cause == "missing"
        assert finding.suspects[0].details["short"] == ("30" if finding.difference == 30 else "3")


def test_one_wrong_figure_is_no_missing_row() -> None:
    made = table("60 6", "10 1", "20 2", "31 3")
    (finding,) = [one for one in judge(sums(made, (0, 1, 2, 3)), [made])
                  if one.status == "broken"]
    assert "missing" != finding.suspects[0].cause
