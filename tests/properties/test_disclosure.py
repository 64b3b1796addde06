"""No hidden number can be solved from everything that is published of a study."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from splw_eval.appraisal import disclose, hide_alike, hide_pooled, mask
from splw_eval.appraisal.disclosure import PROFILES, mask_count, possible_counts
from splw_eval.appraisal.secondary import LEAST
from splw_eval.appraisal.secondary.linking import Equation
from splw_eval.appraisal.secondary.numbers import bounds_of, gathered
from splw_eval.appraisal.secondary.protecting import Protection
from splw_eval.core.result import Result
from splw_eval.data import Study
from splw_eval.evaluate import evaluate_study
from splw_eval.evaluate.questions import QUESTIONS
from splw_eval.report.write import write_report
from tests.unit.appraisal.attacker import Attacker
from tests.unit.appraisal.given_fair_service import fair_service
from tests.unit.retention.given_reported import measured, served

TOLD_ONCE = (4,)  # gave a number back before totals over several tables were looked at
NHS = PROFILES["nhs"]
# Their counts stand in other tables too, or are masked by themselves, and they take long to make.
SLOW = frozenset(
    {"ratios", "influence", "residuals", "practice_tests", "leaving", "stay_contrast", "worker_icc",
     "service_use", "service_use_contrast", "cost_parts", "cost_per", "cost_per_qaly",
     "cost_acceptable", "e_values", "methods_compared"}
)  # fmt: skip


def answers(study: Study) -> dict[str, Result[Any]]:
    return {one.key: one.ask(study) for one in QUESTIONS if one.key not in SLOW}


def one_by_one(exact: Mapping[str, Result[Any]], study: Study) -> dict[str, Result[Any]]:
    """Masked as it was before totals over several tables were looked at."""
    masked = {key: mask(held, study.plan) for key, held in exact.items()}
    return hide_alike(hide_pooled(masked, study.plan.waves[0].name))


def service(folder: Any, seed: int) -> Study:
    """A service of one group of 8 to 160 people, or of two."""
    rng = np.random.default_rng(seed)
    n, others = int(rng.integers(8, 160)), int(rng.integers(0, 2)) * 40
    rest: dict[str, Any] = {"left": float(rng.uniform(0.2, 0.95))}
    rest |= {"workers": int(rng.integers(3, 8)), "mean": int(rng.integers(40, 200))}
    return served(measured(folder, n, others, seed=seed), n, seed=seed, **rest)


@pytest.mark.parametrize("seed", [1, 2, *TOLD_ONCE])
def test_no_hidden_number_of_a_comparison_can_be_solved(seed, tmp_path):
    study = fair_service(tmp_path, seed)
    exact = answers(study)
    attacker = Attacker(exact, disclose(exact, study.plan), study.plan)
    assert len(attacker.small) > 10
    assert attacker.solved(LEAST) == {}


@pytest.mark.parametrize("seed", [301, 302])
def test_no_hidden_number_of_a_service_can_be_solved(seed, tmp_path):
    study = service(tmp_path, seed)
    exact = answers(study)
    attacker = Attacker(exact, disclose(exact, study.plan), study.plan)
    assert len(attacker.small) > 10
    assert attacker.solved(LEAST) == {}


def test_the_attacker_solves_what_nothing_but_each_table_by_itself_protects(tmp_path):
    study = fair_service(tmp_path, TOLD_ONCE[0])
    exact = answers(study)
    told = Attacker(exact, one_by_one(exact, study), study.plan).solved()
    assert told
    assert all(low == high == Attacker(exact, exact, study.plan).truth[cell]
               for cell, (low, high) in told.items())  # fmt: skip


def test_the_profile_of_ten_is_as_safe(tmp_path):
    study = fair_service(tmp_path, 4, "n10")
    exact = answers(study)
    assert Attacker(exact, disclose(exact, study.plan), study.plan).solved(LEAST) == {}


def test_little_more_is_hidden_than_before(tmp_path):
    study = fair_service(tmp_path, 2)
    exact = answers(study)
    before = sum(len(held.masked) for held in one_by_one(exact, study).values())
    told = disclose(exact, study.plan)
    after = sum(len(held.masked) for key, held in told.items() if key != "masking")
    cells = sum(
        getattr(row, name) is not None
        for held in exact.values()
        for row in held.rows
        for name in row.__slots__
    )
    assert before <= after <= before + 0.04 * cells


tables = st.lists(
    st.lists(st.integers(0, 40), min_size=2, max_size=4), min_size=2, max_size=4
).filter(lambda rows: len({len(row) for row in rows}) == 1)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(rows=tables)
def test_a_table_with_both_its_totals_tells_no_hidden_cell(rows):
    counts, sums = _two_ways(rows)
    numbers = gathered(counts, sums)
    seen = {
        cell: possible_counts(n, NHS)
        for cell, was in counts.items()
        if (n := mask_count(was, NHS)) is not None
    }
    low, high, shown = bounds_of(numbers, seen, NHS.largest_suppressed)
    search = Protection(numbers, low, high, shown, np.ones(len(low)), few=7, least=LEAST)
    search.run()
    room = search.most - search.fewest + 1
    # Two values are left where zeros and other small cells leave no third.
    assert all(room[v] >= 2 or _alone(rows) for v in search.small)


def _alone(rows: list[list[int]]) -> bool:
    """A table whose cells are so nearly all 0 that nothing can move."""
    return sum(n > 0 for row in rows for n in row) < 2 * min(len(rows), len(rows[0]))


def _two_ways(rows: list[list[int]]) -> tuple[dict[Any, int], list[Equation]]:
    counts: dict[Any, int] = {}
    for i, row in enumerate(rows):
        counts |= {("cell", i, str(j)): n for j, n in enumerate(row)}
        counts["row", i, "n"] = sum(row)
    for j in range(len(rows[0])):
        counts["column", j, "n"] = sum(row[j] for row in rows)
    over, down = range(len(rows)), range(len(rows[0]))
    sums = [_sum(("row", i, "n"), [("cell", i, str(j)) for j in down]) for i in over]
    sums += [_sum(("column", j, "n"), [("cell", i, str(j)) for i in over]) for j in down]
    return counts, sums


def _sum(whole: Any, parts: list[Any]) -> Equation:
    return Equation(((whole, 1), *((part, -1) for part in parts)))


def test_every_reader_and_form_is_given_the_same_masked_numbers(tmp_path):
    (tmp_path / "study").mkdir()
    evaluation = evaluate_study(service(tmp_path / "study", 305))
    kept: dict[str, Any] = {"plan": evaluation.plan, "results": evaluation.results}
    found = {}
    for reader in ("evaluator", "commissioner", "public"):
        out = tmp_path / reader
        write_report(out, **kept, provenance=evaluation.provenance, reader=reader)
        files = [out / "results.json", *sorted((out / "tables").iterdir())]
        found[reader] = {file.name: file.read_bytes() for file in files}
    assert found["commissioner"] == found["evaluator"] == found["public"]
