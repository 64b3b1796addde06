"""Differences between groups where the count of one of the groups is hidden."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from splw_eval.appraisal import disclose, mask
from splw_eval.appraisal.compared import comparisons, hide_compared
from splw_eval.appraisal.secondary.cells import operand
from splw_eval.core.columns import Role, columns_of
from splw_eval.core.result import Result
from splw_eval.data import Study
from splw_eval.evaluate.questions import QUESTIONS
from tests.unit.given_study import outcome, plan_of
from tests.unit.loading import loaded

TABLES = frozenset(
    {"flow", "scores", "change", "responders", "model_people", "contrasts", "adjusted",
     "differences", "practice_tests", "e_values", "methods_compared"}
)  # fmt: skip
COMPARED = ("contrasts", "adjusted", "differences", "e_values", "methods_compared")
PLAIN = (
    ("adjusted", "Unadjusted", ("scores", "mean")),
    ("adjusted", "Unadjusted", ("change", "mean_wave")),
    ("differences", "Difference in changes, unadjusted", ("change", "estimate")),
    ("differences", "At the start", ("change", "mean_baseline")),
)
ROW_TYPES = {question.key: question.row_type for question in QUESTIONS}
OWN_PEOPLE = {("subgroups", "n_smaller")}  # of one level, whose people stand in the same row
MEASURED = {"flow": "measured", "scores": "n", "change": "n", "responders": "n"}
LINK, USUAL = "Link worker", "Usual care"
Told = Mapping[str, Result[Any]]


def cohort(folder: Path, *groups: tuple[int, int], seed: int = 1) -> Study:
    """Two groups of so many people, of whom so many are measured the second time."""
    rng = np.random.default_rng(seed)
    rows: list[list[Any]] = [["person", "arm", "phq_0", "phq_3"]]
    for word, (people, seen) in zip(("link", "usual"), groups, strict=True):
        for i in range(people):
            first = int(rng.integers(8, 24))
            after: Any = max(first - int(rng.integers(-2, 8)), 0) if i < seen else ""
            rows.append([f"{word}{i}", word, first, after])
    mid = {"value": 5.0, "source": "Made up"}
    plan = plan_of("controlled_cohort", disclosure={"profile": "nhs"}, outcomes=[outcome(mid=mid)])
    return loaded(folder, plan, scores=rows)


def answers(study: Study) -> Told:
    return {one.key: one.ask(study) for one in QUESTIONS if one.key in TABLES}


def without(study: Study, *arms: str) -> tuple[Told, Told]:
    """Results before masking, and with those measured of some groups hidden at the end."""
    exact = answers(study)
    shown = {key: mask(held, study.plan) for key, held in exact.items()}
    for key, count in MEASURED.items():
        columns = columns_of(shown[key].row_type)
        going = [n for n, c in columns.items() if count in {n, c.base}]
        rows = [
            replace(row, **dict.fromkeys(going)) if at_the_end(row) and row.arm in arms else row
            for row in shown[key].rows
        ]
        shown[key] = replace(shown[key], rows=tuple(rows))
    return exact, hide_compared(exact, shown, study.plan)


def telling(told: Told) -> Iterator[str]:
    """Differences of means, shown beside the mean of one group while that of the other is not."""
    for key, method, (table, name) in PLAIN:
        row = next((r for r in told[key].rows if r.method == method), None)
        means = {r.arm: getattr(r, name) for r in told[table].rows if at_the_end(r)}
        if row is not None and row.estimate is not None and None in means.values():
            yield f"{method}: {name}"


def at_the_end(row: Any) -> bool:
    return bool(row.wave == "month_3")


@pytest.fixture(scope="module")
def eight_of_ten(tmp_path_factory):
    """Thirty people beside ten, of whom eight are measured at the end: two are missing."""
    return without(cohort(tmp_path_factory.mktemp("study"), (30, 20), (10, 8)), USUAL)


def test_eight_of_ten_are_not_shown_in_any_table_that_compares(eight_of_ten):
    exact, told = eight_of_ten
    assert exact["adjusted"].rows[0].n_smaller == 8
    assert list(telling(told)) == []
    for key in COMPARED:
        assert told[key].rows
        assert {row.n_smaller for row in told[key].rows} == {None}, key


def test_a_group_hidden_by_what_stands_in_other_tables_is_hidden_in_every_comparison(tmp_path):
    told = disclose(answers(study := cohort(tmp_path, (40, 38), (20, 14), seed=13)), study.plan)
    assert [r.n for r in told["change"].rows if at_the_end(r)] == [40, None]
    for key in ("adjusted", "differences", "e_values"):
        assert {row.n_smaller for row in told[key].rows} == {None}, key


def test_nothing_is_left_that_rests_on_the_hidden_count(eight_of_ten):
    _, told = eight_of_ten
    for key in COMPARED:
        columns = columns_of(told[key].row_type)
        resting = [name for name, c in columns.items() if c.base == "n_smaller"]
        assert resting
        assert all(getattr(row, name) is None for row in told[key].rows for name in resting)
        assert not [n for _, n in told[key].decimals if n in resting]


def test_what_is_hidden_is_said_to_be(eight_of_ten):
    exact, told = eight_of_ten
    for key in COMPARED:
        gone = {
            (i, name)
            for i, (was, row) in enumerate(zip(exact[key].rows, told[key].rows, strict=True))
            for name in columns_of(told[key].row_type)
            if getattr(was, name) is not None and getattr(row, name) is None
        }
        assert gone <= told[key].masked


def test_a_plain_difference_is_hidden_where_the_larger_group_is_and_an_adjusted_one_stays(tmp_path):
    _, told = without(cohort(tmp_path, (40, 38), (20, 20)), LINK)
    rows = {row.method: row for row in told["adjusted"].rows}
    assert rows["Unadjusted"].estimate is None
    assert rows["Unadjusted"].conf_low is None
    assert rows["Unadjusted"].n_smaller == 20
    assert rows["Regression"].estimate is not None
    assert all(row.estimate is not None for row in told["contrasts"].rows)
    assert list(telling(told)) == []


def test_of_two_groups_of_one_size_nobody_knows_which_is_counted(tmp_path):
    _, told = without(cohort(tmp_path, (20, 18), (20, 18)), LINK)
    assert all(row.n_smaller is None for key in COMPARED for row in told[key].rows)


def test_without_it_the_hidden_mean_would_follow(tmp_path):
    study = cohort(tmp_path, (30, 20), (10, 8))
    exact, told = without(study, USUAL)
    shown = {**told, "adjusted": mask(exact["adjusted"], study.plan)}
    assert list(telling(shown)) == ["Unadjusted: mean", "Unadjusted: mean_wave"]


def test_two_groups_that_are_shown_keep_every_difference(tmp_path):
    _, told = without(cohort(tmp_path, (60, 45), (50, 35)))
    for key in COMPARED:
        assert all(row.n_smaller == 35 for row in told[key].rows)


def test_data_that_are_public_keep_every_difference(tmp_path):
    open_ = {"profile": "public_data", "reason": "Made up"}
    study = cohort(tmp_path, (30, 20), (10, 8))
    plan = study.plan.model_copy(
        update={"disclosure": study.plan.disclosure.model_copy(update=open_)}
    )
    exact = answers(study)
    told = disclose(exact, plan)
    assert all(told[key].rows == exact[key].rows for key in exact)


@settings(max_examples=15, deadline=None)
@given(
    sizes=st.tuples(st.integers(9, 40), st.integers(9, 40)),
    lost=st.tuples(st.integers(0, 9), st.integers(0, 9)),
    arms=st.sampled_from([(LINK,), (USUAL,), (LINK, USUAL)]),
    seed=st.integers(0, 10_000),
)
def test_no_hidden_mean_of_a_group_follows_from_that_of_the_other(sizes, lost, arms, seed):
    groups = [(n, max(n - gone, 2)) for n, gone in zip(sizes, lost, strict=True)]
    with TemporaryDirectory() as folder:
        study = cohort(Path(folder), *groups, seed=seed)
        exact, told = without(study, *arms)
    assert list(telling(told)) == []
    assert list(telling(disclose(exact, study.plan))) == []
    fewest = min((seen, name) for (_, seen), name in zip(groups, (LINK, USUAL), strict=True))
    if fewest[1] in arms:
        assert {row.n_smaller for key in COMPARED for row in told[key].rows} <= {None}


def test_every_table_that_counts_the_smaller_of_two_groups_is_declared():
    found = {(operand(one.of).key, operand(one.of).field) for one in comparisons()}
    for question in QUESTIONS:
        for name, column in columns_of(question.row_type).items():
            if name == "n_smaller" and column.role is Role.COUNT:
                assert (question.key, name) in found | OWN_PEOPLE


def test_what_is_declared_names_counts_that_there_are():
    for one in comparisons():
        for text in (one.of, *one.same):
            meant = operand(text)
            assert columns_of(ROW_TYPES[meant.key])[meant.field].role is Role.COUNT
        assert "compared" in columns_of(ROW_TYPES[operand(one.of).key])
