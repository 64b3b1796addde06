"""Arrays in, scores out: blocks, types and missing answers change nothing but what they should."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given as whatever
from hypothesis import settings
from hypothesis import strategies as st

from splw_eval.core.errors import DataError
from splw_eval.instruments import faulty_responses, keying_hint, read_catalogue, score_responses
from splw_eval.instruments.blocks import MOST_ROWS, ROWS
from splw_eval.instruments.scoring import as_columns
from tests.unit.instruments.given_instrument import given

SCORED = [
    name
    for name, held in read_catalogue().items()
    if not any(o.kind == "file" for o in held.options.values())
]


def options_of(held):
    """Any choice of what must be said."""
    return {
        name: next(iter(option.choices))
        for name, option in held.options.items()
        if option.required and option.choices
    }


def answers_to(held, n, missing, seed):
    rng = np.random.default_rng(seed)
    ready = {s.items[0]: s.range for s in held.scores if s.formula.how == "given"}
    chosen = options_of(held)
    codes = held.codes
    for variant in held.variants:
        codes = variant.codes if chosen.get(variant.option) == variant.choice else codes
    columns = []
    for item in held.items:
        low, high = ready.get(item) or held.item_codes.get(item) or codes
        column = rng.integers(int(low), int(high) + 1, n).astype(float)
        column[rng.random(n) < missing] = np.nan
        columns.append(column)
    return np.column_stack(columns)


@pytest.mark.parametrize("name", SCORED)
def test_scores_of_a_block_are_those_of_each_row_alone(name):
    held = read_catalogue()[name]
    answers, options = answers_to(held, 40, 0.15, 1), options_of(held)
    together = score_responses(answers, held, **options)
    for i in range(len(answers)):
        alone = score_responses(answers[i : i + 1], held, **options)
        for score, made in together.items():
            np.testing.assert_array_equal(alone[score].values[0], made.values[i])
            assert alone[score].answered[0] == made.answered[i]
            assert alone[score].prorated[0] == made.prorated[i]


@pytest.mark.parametrize("name", SCORED)
@settings(max_examples=5, deadline=None)
@whatever(seed=st.integers(0, 1_000), missing=st.sampled_from([0.0, 0.02, 0.5]))
def test_rows_in_another_order_get_the_same_scores(name, seed, missing):
    held = read_catalogue()[name]
    answers, options = answers_to(held, 25, missing, seed), options_of(held)
    order = np.random.default_rng(seed).permutation(len(answers))
    made = score_responses(answers, held, **options)
    turned = score_responses(answers[order], held, **options)
    for score, of in made.items():
        np.testing.assert_array_equal(of.values[order], turned[score].values)


@pytest.mark.parametrize("name", SCORED)
@settings(max_examples=5, deadline=None)
@whatever(seed=st.integers(0, 1_000))
def test_a_score_lies_in_its_range_and_is_prorated_only_where_the_rule_allows(name, seed):
    held = read_catalogue()[name]
    made = score_responses(answers_to(held, 60, 0.1, seed), held, **options_of(held))
    for score in held.scores:
        of = made[score.name]
        known = of.values[~np.isnan(of.values)]
        assert ((known >= score.range[0] - 1e-9) & (known <= score.range[1] + 1e-9)).all()
        assert not (of.prorated & np.isnan(of.values)).any()
        if score.formula.fill != "mean":
            assert not of.prorated.any()
        short = of.answered < len(score.items)
        if score.formula.fill == "none" and score.formula.how not in {"table", "level"}:
            assert np.isnan(of.values[short]).all()


@pytest.mark.parametrize("dtype", [np.int8, np.uint8, np.int16, np.int64, np.float32, np.float64])
def test_the_type_of_the_columns_does_not_matter(dtype):
    held = read_catalogue()["hads"]
    answers = answers_to(held, 500, 0.0, 3)
    expected = score_responses(answers, held, coding="printed")
    columns = [column.astype(dtype) for column in answers.T]
    made = score_responses(columns, held, coding="printed")
    for name, of in expected.items():
        np.testing.assert_array_equal(made[name].values, of.values)


def test_columns_may_be_of_several_types():
    columns = [np.array([1], dtype=t) for t in (np.int8, np.uint8, np.float32, np.int64, float)]
    made = score_responses([*columns, np.array([True]), np.array([1])], "gad7")
    assert made["total"].values.tolist() == [7]


@pytest.mark.parametrize("n", [ROWS - 1, ROWS, 2 * ROWS + 7])
def test_more_rows_than_a_block_are_all_scored(n):
    answers = answers_to(read_catalogue()["swemwbs"], n, 0.01, n)
    made = score_responses(answers, "swemwbs")
    np.testing.assert_array_equal(made["raw"].values, answers.sum(axis=1))
    assert np.isnan(made["metric"].values).sum() == np.isnan(answers).any(axis=1).sum()
    np.testing.assert_array_equal(made["raw"].answered, (~np.isnan(answers)).sum(axis=1))


def test_a_table_of_small_integers_is_scored_in_its_larger_blocks():
    answers = np.random.default_rng(2).integers(1, 6, (MOST_ROWS + 5, 7)).astype(np.int8)
    made = score_responses(answers, "swemwbs")
    np.testing.assert_array_equal(made["raw"].values, answers.sum(axis=1))
    np.testing.assert_array_equal(
        made["metric"].values[-3:], score_responses(answers[-3:], "swemwbs")["metric"].values
    )


def test_no_rows_give_no_scores():
    assert score_responses(np.empty((0, 7)), "swemwbs")["metric"].values.shape == (0,)


def test_somebody_who_answered_nothing_has_no_score():
    made = score_responses(np.full((1, 10), np.nan), "mtbq10")["global"]
    assert np.isnan(made.values[0])
    assert made.answered[0] == 0


def test_another_number_of_columns_is_refused():
    with pytest.raises(DataError, match="needs 7 columns of numbers of one length, got 6"):
        score_responses(np.ones((3, 6)), "swemwbs")
    with pytest.raises(DataError, match="of one length"):
        as_columns([np.ones(2), np.ones(3), np.ones(2)], read_catalogue()["ucla3"])


@pytest.mark.parametrize("bad", [np.inf, -np.inf, 4.0, -1.0, 1e300])
def test_an_answer_outside_the_codes_is_refused_wherever_it_stands(bad):
    answers = np.ones((ROWS + 10, 9))
    answers[ROWS + 3, 4] = bad
    with pytest.raises(DataError) as refused:
        score_responses(answers, "phq9")
    (found,) = refused.value.findings
    assert (found.code, found.column, found.rows) == ("SI06", "5", (ROWS + 4,))


def test_an_answer_that_is_no_whole_number_is_refused():
    answers = np.ones((3, 9))
    answers[1, 0] = 1.5
    with pytest.raises(DataError, match="not a whole number") as refused:
        score_responses(answers, "phq9")
    assert "1.5" not in str(refused.value)


def test_faulty_answers_are_found_by_item():
    answers = np.ones((3, 9))
    answers[2, 8], answers[0, 0], answers[1, 3] = 9, 0.5, np.nan
    found = faulty_responses(answers, "phq9")
    assert list(found) == [str(i) for i in range(1, 10)]
    assert {item: np.flatnonzero(rows).tolist() for item, rows in found.items() if rows.any()} == {
        "1": [0],
        "9": [2],
    }


@pytest.mark.parametrize(
    ("answers", "codes", "said"),
    [
        ([1, 2, 4], (0, 3), "Keyed from 1 to 4 instead of 0 to 3?"),
        ([0, 2, 4], (1, 5), "Keyed from 0 to 4 instead of 1 to 5?"),
        ([0, 1, 4], (0, 3), ""),
        ([0, 5], (1, 5), ""),
        ([0, 3, 99], (0, 3), "Codes for missing answers? If so, declare them."),
        ([0, 3, 17], (0, 3), ""),
        ([0, 3], (0, 3), ""),
        ([], (0, 3), ""),
        ([1.5, 4], (0, 3), ""),
    ],
)
def test_the_keying_is_guessed_at_only_where_it_explains_every_answer(answers, codes, said):
    assert keying_hint(np.array(answers, dtype=float), codes) == said


def test_a_formula_of_every_kind_is_what_it_says(tmp_path):
    answers = np.array([[0.0, 3.0, 4.0], [np.nan, 3.0, 4.0]])
    expected = {
        'how = "sum"': [7, np.nan],
        'how = "sum", reversed = ["2", "3"]': [1, np.nan],
        'how = "sum", fewest = 2, fill = "mean"': [7, 10.5],
        'how = "sum", fewest = 2, fill = "zero"': [7, 7],
        'how = "mean", fewest = 2, fill = "mean"': [7 / 3, 3.5],
        'how = "percentage", factor = 25.0': [175 / 3, np.nan],
        'how = "count", counted = { 1 = [0], 2 = [1, 2], 3 = [3, 4] }': [2, np.nan],
        'how = "count", counted = { 1 = [0], 2 = [3], 3 = [4] }, fewest = 2, fill = "zero"': [3, 2],
        'how = "tariff", start = 1.0, any_at_highest = 0.5, any_above_lowest = 0.25, add = '
        "{ 1 = [0, 1, 2, 3, 4], 2 = [0, 1, 2, 3, 4], 3 = [0, 1, 2, 3, 4] }": [7.25, np.nan],
    }
    for formula, values in expected.items():
        made = score_responses(answers, given(tmp_path, formula=formula))["total"]
        np.testing.assert_array_equal(made.values, values, err_msg=formula)


def test_a_tariff_of_three_decimals_is_exact_in_the_last():
    rng = np.random.default_rng(5)
    answers = rng.integers(1, 6, (500, 5))
    made = score_responses(answers, "eq5d_5l_uk_2026")["index"].values
    assert [float(f"{value:.3f}") for value in made] == made.tolist()
