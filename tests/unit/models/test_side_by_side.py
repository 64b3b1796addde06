"""Methods side by side, each against its own source, and where they disagree."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from splw_eval import fit_mixed_model
from splw_eval.core.errors import FitError
from splw_eval.models.disagreement import disagreement
from splw_eval.models.side_by_side import robust_fit
from tests.unit.models.made import TRIAL, made_trial
from tests.unit.models.whole import DESIGNS, fit_of, frame_of, whole

COLUMNS = [
    *("term", "method", "estimate", "std_error", "df"),
    *("statistic", "p_value", "conf_low", "conf_high", "n"),
]
SIX = [
    "model, z",
    "Satterthwaite (keep)",
    "Kenward-Roger (keep)",
    "between-within",
    "CR2 by cluster",
    "CR3 by cluster",
]
MEANS = "t test of practice means"
Z, KR = "model, z", "Kenward-Roger (keep)"


def by_method(table):
    return {method: rows.reset_index(drop=True) for method, rows in table.groupby("method")}


def test_every_method_answers_for_every_wave():
    table = fit_of("practices").side_by_side()
    assert list(table.columns) == COLUMNS
    assert list(table["method"]) == [*SIX, MEANS] * 4
    assert table.notna().all(axis=None)
    assert table.attrs["notes"] == ()


@pytest.mark.parametrize("what", ["difference", "difference in change", "mean", "change"])
def test_the_model_s_own_rows_are_those_of_contrast(what):
    fitted = fit_of("practices")
    found = by_method(fitted.side_by_side(what))
    for rule, method in (
        ("z", "model, z"),
        ("satterthwaite", "Satterthwaite (keep)"),
        ("kenward-roger", "Kenward-Roger (keep)"),
        ("between-within", "between-within"),
    ):
        expected = fitted.contrast(what, df=rule)
        pd.testing.assert_frame_equal(found[method].drop(columns="method"), expected)


def dense_robust(fitted, name, unit, kind):
    """CR2 and CR3 with whole matrices, and their degrees of freedom."""
    x, y, v = fitted.design.x, fitted.design.y, whole(fitted, name)
    inverse = np.linalg.inv(v)
    phi = np.linalg.inv(x.T @ inverse @ x)
    residual = y - x @ (phi @ x.T @ inverse @ y)
    hat = np.eye(len(y)) - x @ phi @ x.T @ inverse
    maps = []
    for k in np.unique(unit):
        rows = np.flatnonzero(unit == k)
        at = np.ix_(rows, rows)
        vx = np.linalg.solve(v[at], x[rows])
        if kind == "CR3":
            a = np.linalg.pinv(hat[at], rcond=1e-10)
        else:
            lower = np.linalg.cholesky(v[at])
            values, vectors = np.linalg.eigh(lower.T @ hat[at] @ v[at] @ lower)
            kept = values > 1e-10 * values[-1]
            power = np.where(kept, np.where(kept, values, 1) ** -0.5, 0)
            a = lower @ (vectors * power) @ vectors.T @ lower.T
        row = np.zeros((x.shape[1], len(y)))
        row[:, rows] = phi @ vx.T @ a
        maps.append(row @ hat)
    scores = np.array([row @ y for row in maps])
    assert np.allclose(np.array([m @ residual for m in maps]), scores)
    df = []
    for place in range(x.shape[1]):
        g = np.array([m[place] for m in maps])
        omega = g @ v @ g.T
        df.append(np.trace(omega) ** 2 / (omega**2).sum())
    return scores.T @ scores, df


@pytest.mark.parametrize("kind", ["CR2", "CR3"])
@pytest.mark.parametrize("name", DESIGNS)
def test_robust_errors_are_those_of_whole_matrices(name, kind):
    fitted = fit_of(name)
    design = fitted.design
    unit = design.person.codes
    if design.cluster is not None:
        unit = np.where(design.cluster.codes >= 0, design.cluster.codes, 1000 + unit)
    covariance, df = dense_robust(fitted, name, unit, kind)
    found = robust_fit(fitted, kind)
    np.testing.assert_allclose(found.vcov, covariance, rtol=1e-6, atol=1e-9)
    own = [found.satterthwaite_df(row) for row in np.eye(len(design.names))]
    np.testing.assert_allclose(own, df, rtol=1e-6)


@pytest.mark.parametrize(
    ("what", "weights"),
    [("difference", {12: 1.0}), ("difference in change", {0: -1.0, 12: 1.0})],
)
def test_the_t_test_is_that_of_the_means_of_practices(what, weights):
    frame = frame_of("practices").dropna()
    cells = frame.groupby(["arm", "practice", "month"])["score"].mean().unstack()
    numbers = sum(size * cells[wave] for wave, size in weights.items())
    expected = stats.ttest_ind(numbers["usual"], numbers["programme"])
    row = by_method(fit_of("practices").side_by_side(what, waves=[12]))[MEANS].iloc[0]
    assert row["df"] == 4
    assert row["statistic"] == pytest.approx(expected.statistic, rel=1e-12)
    assert row["p_value"] == pytest.approx(expected.pvalue, rel=1e-10)
    difference = numbers["usual"].mean() - numbers["programme"].mean()
    assert row["estimate"] == pytest.approx(difference, rel=1e-12)


def test_one_wave_has_a_t_test_too():
    row = by_method(fit_of("one wave").side_by_side())[MEANS].iloc[0]
    cells = frame_of("one wave").dropna().groupby(["arm", "practice"])["score"].mean()
    expected = stats.ttest_ind(cells["usual"], cells["programme"])
    assert row["statistic"] == pytest.approx(expected.statistic, rel=1e-12)


@pytest.mark.parametrize("name", ["people alone", "in one arm"])
def test_arms_that_are_not_of_whole_practices_have_no_t_test(name):
    assert MEANS not in set(fit_of(name).side_by_side()["method"])


def test_without_practices_people_are_the_units():
    methods = set(fit_of("people alone").side_by_side()["method"])
    assert {"CR2 by person", "CR3 by person"} <= methods


def test_a_variance_of_zero_shows_both_rules_and_between_within():
    fitted = fit_of("variance of zero")
    assert fitted.convergence.on_boundary
    found = by_method(fitted.side_by_side("difference in change"))
    assert {"Kenward-Roger (conditional)", "Satterthwaite (conditional)"} <= set(found)
    for boundary in ("keep", "conditional"):
        expected = fitted.contrast("difference in change", boundary=boundary)
        own = found[f"Kenward-Roger ({boundary})"].drop(columns="method")
        pd.testing.assert_frame_equal(own, expected)
    table = fitted.at_boundary
    assert list(table.columns) == COLUMNS
    assert list(table["method"].unique()) == [
        "Kenward-Roger (keep)",
        "Kenward-Roger (conditional)",
        "between-within",
    ]
    assert set(fitted.design.names) <= set(table["term"])
    assert set(found["between-within"]["term"]) <= set(table["term"])
    assert any("`at_boundary`" in note for note in fitted.notes)


def test_without_a_variance_of_zero_there_is_nothing_of_the_boundary():
    fitted = fit_of("compound symmetry")
    assert not fitted.convergence.on_boundary
    assert fitted.at_boundary.empty
    assert list(fitted.at_boundary.columns) == COLUMNS


def table_of(**intervals):
    rows = [
        {"term": "b - a", "method": method, "conf_low": low, "conf_high": high}
        for method, (low, high) in intervals.items()
    ]
    return pd.DataFrame(rows)


def test_methods_that_agree_are_said_to_agree():
    fitted = fit_of("practices")
    for table in (table_of(z=(0.1, 1), kr=(0.05, 1.1)), table_of(z=(-0.1, 1), kr=(-0.2, 1.1))):
        (sentence,) = disagreement(fitted, table)
        assert sentence.startswith("All methods agree")


def test_an_interval_that_excludes_zero_beside_one_that_does_not_is_named():
    found = disagreement(
        fit_of("practices"), table_of(**{Z: (0.1, 1), KR: (-0.05, 1.1), "t": (-0.2, 1)})
    )
    assert found[0] == f"b - a: the interval excludes 0 by {Z}, and contains it by {KR} and t."
    assert "6 clusters" in found[1]
    assert "Believe the wider of Kenward-Roger (keep)" in found[1] or "Believe Kenward" in found[1]
    assert "significant" not in " ".join(found)


def test_widths_that_differ_are_named_with_their_ratio():
    found = disagreement(fit_of("practices"), table_of(z=(1, 2), kr=(0.5, 2.5)))
    assert found[0] == "b - a: the interval of kr is 2.0 times as wide as that of z."


def test_advice_goes_with_the_units_and_with_variances_of_zero():
    table = table_of(
        **{Z: (1, 2), KR: (0.5, 2.5), "between-within": (0.6, 2), "CR2 by cluster": (1, 2)}
    )
    assert "People are the units" in disagreement(fit_of("people alone"), table)[1]
    assert "estimated as zero" in disagreement(fit_of("variance of zero"), table)[1]
    assert "estimated as zero" not in disagreement(fit_of("compound symmetry"), table)[1]
    alone = fit_of("practices", cluster_effect="none")
    assert "Believe CR2 by cluster" in disagreement(alone, table)[1]


def test_advice_names_only_methods_that_are_there():
    table = table_of(**{Z: (1, 2), KR: (0.5, 2.5)})
    for name in ("practices", "variance of zero", "people alone"):
        (words,) = disagreement(fit_of(name), table)[1:]
        assert not any(other in words for other in ("CR2", "CR3", "t test", "between-within"))
    alone = disagreement(fit_of("practices", cluster_effect="none"), table)[1]
    assert "CR2" not in alone
    assert "fit effects of clusters" in alone


def test_a_model_without_effects_at_each_wave_is_not_to_be_believed():
    fitted = fit_of("practices", cluster_effect="intercept")
    table = table_of(**{Z: (1, 2), KR: (1, 2.1), "CR2 by cluster": (-1, 4), MEANS: (-2, 5)})
    words = disagreement(fitted, table)[1]
    assert "Believe Kenward" not in words
    assert "far too narrow" in words
    assert f"Believe CR2 by cluster and {MEANS}" in words
    assert 'cluster_effect="wave"' in words
    none = disagreement(fitted, table_of(**{Z: (1, 2), KR: (0.5, 2.5)}))[1]
    assert "Believe none of these" in none
    assert "CR2" not in none


def test_a_fit_says_where_its_methods_disagree():
    sentences = fit_of("variance of zero").disagreement("difference in change")
    assert all(sentence.endswith(".") for sentence in sentences)


def test_three_practices_get_no_interval_and_say_so():
    frame = made_trial(practices=3, size=9, spread=0.3)
    fitted = fit_mixed_model(frame, **TRIAL)
    table = fitted.side_by_side()
    assert table["conf_low"].isna().all()
    assert fitted.disagreement() == ("No interval can be given, so there is nothing to compare.",)


def test_a_cluster_too_large_to_be_adjusted_is_refused_in_plain_words(monkeypatch):
    monkeypatch.setattr("splw_eval.stats.mixed.robust_clusters.MOST_ROWS", 10)
    with pytest.raises(FitError, match="takes a matrix of"):
        robust_fit(fit_of("practices"), "CR2")
    table = fit_of("practices").side_by_side()
    assert "CR2 by cluster" not in set(table["method"])
    assert table.attrs["notes"][0].startswith("CR2 is left out: A cluster has")


def test_a_model_without_arms_has_its_changes_side_by_side():
    table = fit_of("no arm").side_by_side("change")
    assert set(table["method"]) >= set(SIX)
    assert MEANS not in set(table["method"])
