"""Numbers hidden so that the sums over several tables do not give a small one back."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from splw_eval.appraisal import disclose, mask
from splw_eval.appraisal.disclosure import PROFILES, mask_count, possible_counts
from splw_eval.appraisal.secondary.cells import Tables, operand
from splw_eval.appraisal.secondary.linking import Equation, equations
from splw_eval.appraisal.secondary.numbers import bounds_of, gathered
from splw_eval.appraisal.secondary.protecting import Protection
from splw_eval.appraisal.secondary.relations import Adds, Falls, OneOf, Same, relations
from splw_eval.appraisal.secondary.suppression import _hidden, _without_notes
from splw_eval.core.columns import Role, columns_of
from splw_eval.core.plan import Plan
from splw_eval.core.result import Note, Result
from splw_eval.core.rows import ChangeRow, FunnelRow, ReasonRow
from splw_eval.evaluate.questions import QUESTIONS
from tests.unit.given_study import plan_of, pre_post_plan

PLAN = Plan.model_validate(pre_post_plan(), strict=False)
OPEN = {"profile": "public_data", "reason": "Made up"}
ROW_TYPES = {question.key: question.row_type for question in QUESTIONS}
OWN_VIEWS = {"", "measured", "missing", "both", "by_day"}
DERIVED = {"arm", "wave", "role", "primary", "start"}


def named(one: Any) -> list[str]:
    """Every count that a relation names."""
    if isinstance(one, Adds):
        return [one.whole, *one.parts]
    return [*one.of, *(one.among if isinstance(one, OneOf) else ())]


@pytest.mark.parametrize("text", sorted({t for one in relations() for t in named(one)}))
def test_every_count_that_a_relation_names_is_a_count_of_a_table(text):
    meant = operand(text)
    columns = columns_of(ROW_TYPES[meant.key])
    assert columns[meant.field].role is Role.COUNT
    assert meant.view in OWN_VIEWS
    known = {*columns, *DERIVED}
    assert {name for name, _, _ in meant.where} <= known


def test_every_kind_of_relation_is_declared():
    assert {type(one) for one in relations()} == {Same, OneOf, Adds, Falls}


def test_what_names_no_count_is_refused():
    with pytest.raises(ValueError, match="names no count"):
        operand("flow")


def flow(measured: int, missing: int, *, arm: str = "", wave: str = "month_3") -> FunnelRow:
    n = measured + missing
    return FunnelRow(
        outcome="phq9", arm=arm, wave=wave, month=3.0, enrolled=n, not_yet_due=0, expected=n,
        measured=measured, missing=missing, share_measured=measured / n,
    )  # fmt: skip


def reason(words: str, people: int, missing: int) -> ReasonRow:
    return ReasonRow(
        outcome="phq9", arm="", wave="month_3", reason=words, people=people,
        others=missing - people, missing=missing, share=people / missing,
    )  # fmt: skip


def held(key: str, *rows: Any) -> Result[Any]:
    return Result(key=key, title=key, unit="people", row_type=type(rows[0]), rows=rows)


def test_where_nothing_tells_a_hidden_number_nothing_more_is_hidden():
    exact = {"flow": held("flow", flow(40, 4))}
    assert disclose(exact, PLAN)["flow"].rows == mask(exact["flow"], PLAN).rows


def test_a_number_is_hidden_where_two_tables_together_would_tell_a_small_one():
    parts = (13, 13, 1)
    exact = {
        "flow": held("flow", flow(58, sum(parts))),
        "reasons": held("reasons", *(reason(str(i), n, sum(parts)) for i, n in enumerate(parts))),
    }
    alone = {key: mask(one, PLAN) for key, one in exact.items()}
    told = disclose(exact, PLAN)
    # About 25 less 15 and 15 is 1 at most.
    assert alone["flow"].rows[0].missing == 25
    assert [row.people for row in alone["reasons"].rows] == [15, 15, None]
    assert [row.people for row in told["reasons"].rows].count(None) == 2
    assert [row.share for row in told["reasons"].rows].count(None) >= 2
    # The same reason as for the small one: the log does not say which of the two is small.
    counted = {row.why for row in told["masking"].rows if row.column == "People"}
    assert len(counted) == 1


def protected(
    counts: dict[Any, int], equations: list[Equation], price: dict[Any, float] | None = None
) -> tuple[Protection, dict[Any, int]]:
    """Counts rounded to 5 and hidden up to 7, and what the search hides of them."""
    nhs = PROFILES["nhs"]
    numbers = gathered(counts, equations)
    seen = {
        cell: possible_counts(n, nhs)
        for cell, was in counts.items()
        if (n := mask_count(was, nhs)) is not None
    }
    low, high, open_ = bounds_of(numbers, seen, 7)
    prices = np.ones(len(numbers.cells))
    for cell, own in (price or {}).items():
        prices[numbers.of[cell]] = own
    search = Protection(numbers, low, high, open_, prices, few=7, least=3)
    search.run()
    return search, numbers.of


def c(name: str) -> tuple[str, int, str]:
    return (name, 0, "n")


# About 25 less about 15 and about 15: what is left is 1 at most.
COUNTS = {c("t"): 27, c("p"): 13, c("q"): 13, c("s"): 1}
SUM = Equation(((c("t"), 1), (c("p"), -1), (c("q"), -1), (c("s"), -1)))


def room(search: Protection, number: int) -> float:
    return float(search.most[number] - search.fewest[number] + 1)


def test_a_small_number_that_a_sum_would_tell_is_left_three_values():
    search, of = protected(COUNTS, [SUM])
    assert len(search.hidden) == 1
    assert room(search, of[c("s")]) >= 3


def test_nothing_is_hidden_for_a_number_that_has_room():
    search, of = protected(COUNTS | {c("t"): 30, c("s"): 4}, [SUM])
    assert search.hidden == []
    assert room(search, of[c("s")]) >= 3


@pytest.mark.parametrize("cheap", ["t", "p", "q"])
def test_the_cheapest_number_that_helps_is_hidden(cheap):
    dear = {c(name): 9.0 for name in "tpq" if name != cheap}
    search, of = protected(COUNTS, [SUM], dear)
    assert search.hidden == [of[c(cheap)]]


def test_counts_of_the_same_people_are_hidden_together():
    counts = COUNTS | {c("also q"): 13}
    search, of = protected(counts, [SUM, Equation(((c("q"), 1), (c("also q"), -1)))], {c("p"): 9})
    assert of[c("q")] == of[c("also q")]
    assert search.hidden in ([of[c("q")]], [of[c("t")]])


def test_zeros_are_never_hidden_and_join_a_total_to_its_only_other_part():
    counts = COUNTS | {c("zero"): 0, c("all"): 27}
    joined = Equation(((c("all"), 1), (c("t"), -1), (c("zero"), -1)))
    search, of = protected(counts, [SUM, joined], {c("p"): 9.0, c("q"): 9.0})
    assert of[c("all")] == of[c("t")]
    assert of[c("zero")] not in search.hidden


def test_where_who_knows_the_small_ones_leaves_two_values_others_leave_three():
    # Six reasons of a hidden number of 7, each of 1 or more: two values are all there are for who
    # knows that all are small, and nothing that could be hidden would change that.
    parts = {c(str(i)): 2 if i == 0 else 1 for i in range(6)}
    whole = Equation(((c("w"), 1), *((part, -1) for part in parts)))
    search, of = protected({c("w"): 7} | parts, [whole])
    assert min(room(search, of[part]) for part in parts) == 3
    assert max(search.most[of[part]] for part in parts) > 7
    assert search.hidden == []


def test_published_data_are_not_touched():
    plan = Plan.model_validate(pre_post_plan(disclosure=OPEN), strict=False)
    exact = {"flow": held("flow", flow(40, 4)), "reasons": held("reasons", reason("a", 4, 4))}
    told = disclose(exact, plan)
    assert {key: told[key].rows for key in exact} == {key: one.rows for key, one in exact.items()}
    assert told["masking"].rows == ()
    assert "Nothing is hidden" in told["masking"].notes[0].sentence()


def test_a_wave_that_is_not_due_for_some_breaks_no_other_relation():
    row = replace(flow(30, 3), enrolled=45, not_yet_due=12)
    told = disclose({"flow": held("flow", row)}, PLAN)
    assert told["flow"].rows[0].enrolled == 45


def test_means_go_with_the_number_that_they_rest_on():
    from tests.unit.appraisal.test_fair_rows import row_of

    row = row_of(ChangeRow, n=20)
    found = _hidden(held("change", row), {0: {"n"}})
    assert found.rows[0].n is None
    assert found.rows[0].estimate is None
    assert (0, "estimate") in found.masked


def test_a_note_does_not_say_what_a_table_no_longer_does():
    note = Note(
        text="Fitted to {rows} scores of {people} people.", counts={"rows": 60, "people": 30}
    )
    exact = replace(held("flow", flow(30, 9)), notes=(note,))
    kept = _without_notes(exact, mask(exact, PLAN), {31})
    assert kept.notes[0].sentence() == "Fitted to 60 scores of 30 people."
    gone = _without_notes(exact, mask(exact, PLAN), {30, 60})
    assert gone.notes[0].sentence() == "Fitted to 60 scores of * people."


def test_the_same_study_is_masked_the_same_each_time():
    exact = {
        "flow": held("flow", flow(13, 6), flow(14, 5, wave="baseline")),
        "reasons": held("reasons", reason("a", 2, 6), reason("b", 4, 6)),
    }
    assert disclose(exact, PLAN) == disclose(exact, PLAN)


def test_two_groups_that_happen_to_be_of_one_size_are_not_taken_for_one():
    plan = Plan.model_validate(plan_of("individual_trial"), strict=False)
    rows = (flow(6, 6, arm="Link worker"), flow(6, 9, arm="Usual care"))
    tables = Tables({"flow": held("flow", *rows)}, plan)
    numbers = gathered(dict(tables.cells()), equations(tables, 7))
    assert numbers.of["flow", 0, "measured"] != numbers.of["flow", 1, "measured"]
