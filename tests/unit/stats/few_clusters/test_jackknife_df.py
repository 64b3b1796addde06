"""Degrees of freedom of a jackknife over practices of two groups."""

from __future__ import annotations

import numpy as np
import pytest

from splw_eval.stats.few_clusters.jackknife import df_rule, groups_of_practices, jackknife_df


def means_left_out(values, groups):
    """A difference of two means without each practice."""
    keep = ~np.eye(len(values), dtype=bool)
    return [values[k & (groups == 1)].mean() - values[k & (groups == 0)].mean() for k in keep]


@pytest.fixture
def two_groups():
    rng = np.random.default_rng(3)
    groups = np.array([1, 1, 1, *[0] * 12])
    return rng.normal(size=15), groups


def test_of_two_means_they_are_welch_and_satterthwaites_but_for_a_factor(two_groups):
    values, groups = two_groups
    whole = values[groups == 1].mean() - values[groups == 0].mean()
    found = jackknife_df(means_left_out(values, groups), whole, groups)
    parts = []
    for code in (0, 1):
        own = values[groups == code]
        # Without one of G the mean moves by its distance over G - 1.
        parts.append((((own - own.mean()) / (len(own) - 1)) ** 2).sum())
    welch = sum(parts) ** 2 / (parts[0] ** 2 / 11 + parts[1] ** 2 / 2)
    alike = (1 / 3 + 1 / 12) ** 2 / (1 / 9 / 2 + 1 / 144 / 11)
    assert found == pytest.approx(min(welch, alike, 13))
    assert 2 <= found < 13


def test_two_practices_that_happen_to_be_alike_do_not_pass_for_a_known_spread():
    values = np.array([1.0, 1.0 + 1e-6, *np.random.default_rng(1).normal(size=13)])
    groups = np.array([1, 1, *[0] * 13])
    whole = values[:2].mean() - values[2:].mean()
    assert jackknife_df(means_left_out(values, groups), whole, groups) < 1.5


def test_groups_of_four_practices_have_practices_less_2(two_groups):
    values, _ = two_groups
    groups = np.array([1] * 4 + [0] * 11)
    whole = values[groups == 1].mean() - values[groups == 0].mean()
    left = means_left_out(values, groups)
    assert jackknife_df(left, whole, groups) == 13
    assert jackknife_df(left, whole, groups, 2) == 11
    assert jackknife_df(left, whole, groups, 20) == 0


def test_covariates_of_practices_bound_the_few(two_groups):
    values, groups = two_groups
    whole = values[groups == 1].mean() - values[groups == 0].mean()
    left = means_left_out(values, groups)
    assert jackknife_df(left, whole, groups, 12) == 1


def test_a_group_of_one_practice_has_none():
    assert jackknife_df([1.0, 2.0, 3.0, 4.0], 2.5, [1, 0, 0, 0]) == 0


def test_practices_of_both_groups_count_in_each():
    groups = groups_of_practices([0, 1, 0, 1, 0, 0, 1], list("aabbccd"))
    assert groups.tolist() == [-1, -1, 0, 1]
    left = [1.0, 2.0, 3.0, 4.0]
    assert 0 < jackknife_df(left, 2.5, groups) <= 2
    both = np.full(15, -1)
    assert jackknife_df(np.arange(15.0), 7.0, np.append(both[1:], 1)) == 13


def test_the_rule_is_told_in_words():
    assert df_rule([0] * 4 + [1] * 4) == "df practices less 2"
    assert df_rule([0] * 4 + [1] * 4, 1) == "df practices less 3"
    few = df_rule([0] * 3 + [1] * 4)
    assert few == "df by Welch and Satterthwaite, at most practices less 2"
