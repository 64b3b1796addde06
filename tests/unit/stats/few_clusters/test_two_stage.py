"""Two-stage analysis of practices."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from splw_eval.core.errors import FitError
from splw_eval.stats.few_clusters.summaries import summarise_practices
from splw_eval.stats.few_clusters.two_stage import two_stage_test

SECOND = np.arange(9) >= 5
STRATA = np.array([0, 0, 1, 1, 1, 0, 0, 1, 1])


def people(seed=1):
    rng = np.random.default_rng(seed)
    practice = np.concatenate([np.arange(9), rng.integers(0, 9, 200)])
    X = np.column_stack([rng.normal(size=209) + SECOND[practice], rng.normal(size=9)[practice]])
    y = 3 + X @ [1.0, 0.5] + rng.normal(size=9)[practice] + rng.normal(size=209)
    return y, X, practice


def test_means_without_covariates_give_the_pooled_t_test():
    y, X, practice = people()
    made = summarise_practices(y, X[:, :0], practice, SECOND)
    assert made.value == pytest.approx([y[practice == each].mean() for each in range(9)])
    found = two_stage_test(made.value, SECOND, shift=made.shift)
    import statsmodels.api as sm

    fit = sm.OLS(made.value, sm.add_constant(SECOND.astype(float))).fit()
    assert found.estimate == pytest.approx(fit.params[1])
    assert found.std_error == pytest.approx(fit.bse[1])
    assert found.p_value == pytest.approx(fit.pvalues[1])
    assert [found.conf_low, found.conf_high] == pytest.approx(fit.conf_int()[1])
    assert (found.df, found.n) == (7, 9)


def test_residual_means_are_those_of_the_model_of_people_without_the_arm():
    y, X, practice = people()
    made = summarise_practices(y, X, practice, SECOND)
    columns = np.column_stack([np.ones(len(y)), X])
    residual = y - columns @ np.linalg.lstsq(columns, y, rcond=None)[0]
    assert made.value == pytest.approx([residual[practice == each].mean() for each in range(9)])
    assert made.between == 1
    assert made.size.sum() == 209


@pytest.mark.parametrize("strata", [None, STRATA])
def test_an_effect_put_into_the_outcome_comes_back_whole_whatever_covariates_share_with_it(strata):
    y, X, practice = people()

    def fitted(outcome):
        made = summarise_practices(outcome, X, practice, SECOND, strata=strata)
        return two_stage_test(
            made.value, SECOND, shift=made.shift, strata=strata, between=made.between
        )

    before, after = fitted(y), fitted(y + 2.5 * SECOND[practice])
    assert after.estimate == pytest.approx(before.estimate + 2.5)
    assert after.std_error == pytest.approx(before.std_error)
    # 9 practices less 2 arms, 1 column of practices and, with strata, 1 stratum more
    assert before.df == (6 if strata is None else 5)


def test_strata_enter_the_second_stage():
    y, X, practice = people()
    means = summarise_practices(y, X[:, :0], practice, SECOND, strata=STRATA).value
    found = two_stage_test(means, SECOND, strata=STRATA)
    import statsmodels.api as sm

    fit = sm.OLS(means, np.column_stack([SECOND, STRATA == 0, STRATA == 1]).astype(float)).fit()
    assert found.estimate == pytest.approx(fit.params[0])
    assert found.std_error == pytest.approx(fit.bse[0])
    assert found.df == fit.df_resid == 6


def test_columns_that_say_what_strata_say_cost_no_further_degree_of_freedom():
    y, _, practice = people()
    X = np.column_stack([STRATA[practice], 2.0 * STRATA[practice], np.ones(len(y))])
    assert summarise_practices(y, X, practice, SECOND, strata=STRATA).between == 0
    assert summarise_practices(y, X, practice, SECOND).between == 1


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({"value": [1.0]}, "one value for each practice"),
        ({"arm": SECOND.astype(int)}, "True in the second arm"),
        ({"arm": np.ones(9, bool)}, "True in the second arm"),
        ({"value": np.full(9, np.nan)}, "finite"),
        ({"conf_level": 95}, "between 0 and 1"),
        ({"strata": SECOND.astype(int)}, "No stratum has practices of both arms"),
        ({"shift": np.ones(9)}, "covariates tell the arms apart"),
        ({"between": 7}, "no degree of freedom"),
        ({"value": SECOND + 1e6}, "do not differ"),
    ],
)
def test_what_cannot_be_compared_is_said_in_words(how, said):
    asked: dict[str, Any] = {"value": np.arange(9.0) ** 2, "arm": SECOND} | how
    with pytest.raises(FitError, match=said):
        two_stage_test(**asked)


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({"y": [1.0]}, "one value for each row"),
        ({"y": np.full(209, np.inf)}, "finite"),
        ({"arm": np.arange(12) > 5}, "at least one row"),
        ({"arm": [True, False]}, "at least one row"),
    ],
)
def test_rows_that_cannot_be_summarised_are_refused_in_words(how, said):
    y, X, practice = people()
    asked: dict[str, Any] = {"y": y, "X": X, "practice": practice, "arm": SECOND} | how
    with pytest.raises(FitError, match=said):
        summarise_practices(**asked)
