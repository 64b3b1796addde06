"""Between-within degrees of freedom: which level a column stands at, and how many are left."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from splw_eval.core.errors import FitError
from splw_eval.stats.mixed.between_within import between_within_df

K, EACH, WAVES = 14, 6, 4
PEOPLE = K * EACH


class Trial:
    """A trial of two arms in clusters, seen at four waves, with gaps."""

    def __init__(self, *, gaps: bool = True) -> None:
        rng = np.random.default_rng(5)
        seen = rng.random((PEOPLE, WAVES)) < (0.8 if gaps else 2.0)
        seen[:, 0] = True
        self.person, self.wave = np.nonzero(seen)
        self.cluster = self.person // EACH
        self.arm = (self.cluster % 2).astype(float)
        self.n = len(self.person)
        self.one = np.ones(self.n)
        self.after = [(self.wave == wave).astype(float) for wave in range(1, WAVES)]
        self.age = rng.normal(50, 10, PEOPLE)[self.person]
        self.mean_age = (np.bincount(self.cluster, self.age) / np.bincount(self.cluster))[
            self.cluster
        ]
        self.dose = rng.normal(size=self.n)

    def df(self, *columns: np.ndarray, cluster: bool = True, rows: np.ndarray | None = None):
        return between_within_df(
            np.column_stack(columns),
            person=self.person,
            wave=self.wave,
            cluster=self.cluster if cluster else None,
            rows=np.eye(len(columns)) if rows is None else rows,
        )


@pytest.mark.parametrize("gaps", [False, True], ids=["complete", "gaps"])
def test_an_arm_and_its_interactions_have_clusters_less_two(gaps):
    t = Trial(gaps=gaps)
    df = t.df(t.one, t.arm, *t.after, *(t.arm * a for a in t.after))
    within = t.n - PEOPLE - 6
    np.testing.assert_array_equal(df, [K - 2, K - 2, *[within] * 3, *[K - 2] * 3])


def test_a_change_in_one_arm_is_no_surer_than_its_clusters_where_they_change_by_themselves():
    t = Trial()
    x = np.column_stack([t.one, *t.after])
    codes: dict[str, Any] = {"person": t.person, "wave": t.wave, "cluster": t.cluster}
    codes["rows"] = np.eye(4)
    df = between_within_df(x, **codes, wave_effects=True)
    np.testing.assert_array_equal(df, [K - 1] * 4)
    assert between_within_df(x, **codes)[1] == t.n - PEOPLE - 3


def test_an_arm_that_enters_after_the_first_wave_alone_has_clusters_less_two():
    t = Trial()
    df = t.df(t.one, *t.after, *(t.arm * a for a in t.after))
    np.testing.assert_array_equal(df[-3:], [K - 2] * 3)


@pytest.mark.parametrize("coded", ["by arm", "by wave"])
def test_another_coding_of_the_same_model_costs_the_same(coded):
    t = Trial()
    if coded == "by arm":
        df = t.df(1 - t.arm, t.arm, *t.after)
        assert df[0] == df[1] == K - 2
    else:
        first = (t.wave == 0).astype(float)
        df = t.df(first, *t.after, t.arm)
        assert df[-1] == K - 2
    assert t.n - PEOPLE - 3 in df


def test_the_mean_of_a_practice_costs_one_more_and_stands_between_clusters():
    t = Trial()
    df = t.df(t.one, t.arm, t.mean_age, *t.after, *(t.mean_age * a for a in t.after))
    assert set(df[[0, 1, 2, 6, 7, 8]]) == {K - 3}


def test_what_differs_between_people_of_a_cluster_stands_between_people():
    t = Trial()
    df = t.df(t.one, t.arm, *t.after, t.age, t.age * t.after[0], t.dose)
    np.testing.assert_array_equal(df[-3:], [PEOPLE - K - 2] * 3)
    assert df[1] == K - 2


def test_a_treatment_that_clusters_begin_at_different_waves_stands_between_clusters():
    t = Trial()
    begun = (t.wave >= 1 + t.cluster % 3).astype(float)
    assert t.df(t.one, *t.after, begun)[-1] == K - 2


def test_all_levels_add_up_to_rows_less_rank():
    t = Trial()
    df = t.df(t.one, t.arm, *t.after, t.age)
    assert df[1] + df[-1] + df[2] == t.n - 6
    alone = t.df(t.one, t.arm, *t.after, t.age, cluster=False)
    assert alone[1] + alone[2] == t.n - 6


def test_without_clusters_the_rule_is_that_of_mmrm():
    t = Trial()
    interactions = [t.arm * a for a in t.after]
    df = t.df(t.one, t.arm, *t.after, *interactions, t.age, cluster=False)
    within = t.n - (PEOPLE + 6)
    np.testing.assert_array_equal(df, [within, PEOPLE - 3, *[within] * 6, PEOPLE - 3])


def test_a_contrast_takes_the_smallest_df_that_it_touches():
    t = Trial()
    rows = np.array([[1.0, 0, 1, 0, 0, 0], [0, 0, 0, 0, 0, 1], [1, 1, 1, 0, 0, 1]])
    df = t.df(t.one, t.arm, *t.after, t.age, rows=rows)
    np.testing.assert_array_equal(df, [K - 2, PEOPLE - K - 1, K - 2])


def test_where_nobody_has_a_second_row_the_intercept_stands_between_people():
    t = Trial()
    first = t.wave == 0
    df = between_within_df(
        np.column_stack([t.one, t.arm])[first],
        person=t.person[first],
        wave=t.wave[first],
        rows=np.eye(2),
    )
    np.testing.assert_array_equal(df, [PEOPLE - 2] * 2)


def test_order_of_rows_and_names_of_clusters_and_people_do_not_matter():
    t = Trial()
    x = np.column_stack([t.one, t.arm, *t.after, t.age, t.mean_age])
    order = np.random.default_rng(1).permutation(t.n)
    found = between_within_df(
        x[order],
        person=7 * (PEOPLE - t.person[order]),
        wave=t.wave[order],
        cluster=3 * (K - t.cluster[order]),
        rows=np.eye(x.shape[1]),
    )
    np.testing.assert_array_equal(found, t.df(t.one, t.arm, *t.after, t.age, t.mean_age))


def test_no_df_left_and_contrasts_of_nothing_are_refused():
    t = Trial()
    few = t.cluster < 2
    with pytest.raises(FitError, match="left between clusters"):
        between_within_df(
            np.column_stack([t.one, t.arm])[few],
            person=t.person[few],
            wave=t.wave[few],
            cluster=t.cluster[few],
            rows=np.eye(2),
        )
    with pytest.raises(FitError, match="no column"):
        t.df(t.one, t.arm, rows=np.zeros((1, 2)))
    with pytest.raises(FitError, match="one number for each"):
        t.df(t.one, t.arm, rows=np.ones((1, 3)))
