"""Predictions against whole matrices."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from splw_eval import fit_mixed_model
from splw_eval.core.errors import FitError
from splw_eval.stats.tails import t_critical
from tests.unit.models.made import TRIAL, made_trial
from tests.unit.models.whole import DESIGNS, fit_of, frame_of, matrices, shared_rows, whole

# The same linear algebra, once whole and once by patterns.
REL = 1e-8
SEPARATE = ("compound symmetry", "in one arm, by arm", "months as numbers", "one wave")


def error_part(fitted, name):
    """What is drawn anew each time, of each row."""
    if name not in SEPARATE:
        return np.zeros(len(fitted.design.y))
    each = len(fitted.fit.model.structure.parameters)
    by_group = fitted.fit.fit.theta[0, : fitted.fit.model.of_people : each]
    group = fitted.design.arm.codes if fitted.spec.by_arm else 0 * fitted.design.rows
    return by_group[group]


def best_predictions(fitted, name, target):
    """Estimate and error variance of x beta + u where cov(u, y) = target and var(u) is given."""
    covariance, variance = target
    x, y = fitted.design.x, fitted.design.y
    inverse = np.linalg.inv(whole(fitted, name))
    phi = np.linalg.inv(x.T @ inverse @ x)
    beta = phi @ x.T @ inverse @ y
    estimate = x @ beta + covariance @ inverse @ (y - x @ beta)
    left = x - covariance @ inverse @ x
    known = fitted.inference(fitted.spec.boundary).adjusted_in_x[0]
    spread = variance - np.einsum("ij,jk,ik->i", covariance, inverse, covariance)
    return estimate, np.einsum("ip,pq,iq->i", left, known, left) + spread


def of_clusters(fitted, name):
    wave = fitted.design.wave_codes
    effects = matrices(fitted)[1]
    place = np.flatnonzero(np.abs(effects).sum(axis=(1, 2)) > 0)
    if not len(place):
        return np.zeros((len(wave), len(wave))), np.zeros(len(wave))
    shared = effects[place[0]][wave[:, None], wave]
    covariance = np.where(shared_rows(fitted, name), shared, 0.0)
    return covariance, np.diag(covariance)


@pytest.mark.parametrize("name", DESIGNS)
def test_rows_of_the_model_are_predicted_by_their_fixed_part(name):
    fitted = fit_of(name)
    found = fitted.predict()
    assert list(found.columns) == ["estimate", "std_error", "df", "conf_low", "conf_high"]
    assert list(found.index) == fitted.design.rows.tolist()
    np.testing.assert_allclose(found["estimate"], fitted.design.x @ fitted.fit.beta[0], rtol=REL)
    for place in (0, 3, len(found) - 1):
        test = fitted.inference(fitted.spec.boundary).kenward_roger(fitted.design.x[place])
        row = found.iloc[place]
        assert row["std_error"] == pytest.approx(np.sqrt(test.covariance[0, 0, 0]), rel=REL)
        assert row["df"] == pytest.approx(test.df[0], rel=1e-6)
        half = t_critical(float(test.df[0]), 0.95) * row["std_error"]
        assert row["conf_high"] - row["estimate"] == pytest.approx(half, rel=1e-6)


@pytest.mark.parametrize("name", DESIGNS)
def test_practices_are_predicted_as_whole_matrices_do(name):
    fitted = fit_of(name)
    estimate, variance = best_predictions(fitted, name, of_clusters(fitted, name))
    found = fitted.predict(include="clusters")
    np.testing.assert_allclose(found["estimate"], estimate, rtol=REL)
    np.testing.assert_allclose(found["std_error"] ** 2, variance, rtol=REL, atol=1e-10)
    codes = fitted.design.cluster_codes
    has = np.zeros(len(found), bool) if codes is None else codes >= 0
    np.testing.assert_array_equal(found["known"], has)


@pytest.mark.parametrize("name", DESIGNS)
def test_people_are_predicted_as_whole_matrices_do(name):
    fitted = fit_of(name)
    error = error_part(fitted, name)
    v = whole(fitted, name)
    covariance = v - np.diag(error)  # another outcome of the same person at the same wave
    estimate, variance = best_predictions(fitted, name, (covariance, np.diag(covariance)))
    found = fitted.predict(include="people")
    assert found["known"].all()
    np.testing.assert_allclose(found["estimate"], estimate, rtol=REL)
    np.testing.assert_allclose(found["std_error"] ** 2, variance, rtol=REL, atol=1e-10)
    if name not in SEPARATE:
        np.testing.assert_allclose(found["estimate"], fitted.design.y, rtol=REL)


@pytest.mark.parametrize("name", DESIGNS)
@pytest.mark.parametrize("include", ["fixed", "clusters", "people"])
def test_an_outcome_drawn_anew_adds_the_variance_that_is_left(name, include):
    fitted = fit_of(name)
    mean = fitted.predict(include=include)
    new = fitted.predict(include=include, interval="prediction")
    v = np.diag(whole(fitted, name))
    of_practice = of_clusters(fitted, name)[1]
    added = {"fixed": v, "clusters": v - of_practice, "people": error_part(fitted, name)}[include]
    np.testing.assert_allclose(
        new["std_error"] ** 2 - mean["std_error"] ** 2, added, rtol=1e-7, atol=1e-10
    )
    np.testing.assert_allclose(new["estimate"], mean["estimate"], rtol=REL)


@pytest.mark.parametrize("include", ["fixed", "clusters", "people"])
@pytest.mark.parametrize("interval", ["confidence", "prediction"])
@pytest.mark.parametrize("name", DESIGNS)
def test_the_same_rows_as_a_frame_are_predicted_alike(name, include, interval):
    fitted = fit_of(name)
    frame = frame_of(name).reset_index(drop=True)
    own = fitted.predict(include=include, interval=interval)
    other = fitted.predict(frame, include=include, interval=interval).loc[own.index]
    pd.testing.assert_frame_equal(own, other)


def test_the_df_of_a_new_outcome_are_those_of_the_sum_by_numerical_derivatives():
    fitted = fit_of("practices")
    found = fitted.predict(interval="prediction").iloc[5]
    design, theta = fitted.design, fitted.fit.fit.theta
    assert design.cluster is not None
    row, wave = design.x[5], design.wave_codes[5]

    cluster = design.cluster.codes

    def variance(at):
        sigma, g = fitted.fit.model.matrices(at)
        effects = fitted.fit.model.clusters.effects
        shared = effects @ g[0, 0] @ effects.T
        person, waves = design.person.codes, design.wave_codes
        pick = (waves[:, None], waves)
        v = np.where(person[:, None] == person, sigma[0, 0][pick], 0.0)
        v = v + np.where(cluster[:, None] == cluster, shared[pick], 0.0)
        phi = np.linalg.inv(design.x.T @ np.linalg.solve(v, design.x))
        return row @ phi @ row + sigma[0, 0, wave, wave] + shared[wave, wave]

    steps = np.eye(theta.shape[1]) * 1e-5
    slope = np.array([(variance(theta + s) - variance(theta - s)) / 2e-5 for s in steps])
    df = 2 * variance(theta) ** 2 / (slope @ fitted.inference("keep").w[0] @ slope)
    assert found["df"] == pytest.approx(df, rel=1e-5)


def test_strangers_get_what_is_known_of_them():
    fitted = fit_of("compound symmetry")
    new = pd.DataFrame(
        {
            "arm": "usual",
            "month": 12,
            "practice": ["practice 1", "practice 1", "elsewhere"],
            "person": ["p1-0", "nobody", "nobody"],
        }
    )
    fixed = fitted.predict(new)
    clusters = fitted.predict(new, include="clusters")
    people = fitted.predict(new, include="people", interval="prediction")
    assert clusters["known"].tolist() == [True, True, False]
    assert people["known"].tolist() == [True, False, False]
    assert people["estimate"][1] == pytest.approx(clusters["estimate"][1])
    assert people["estimate"][2] == pytest.approx(fixed["estimate"][2])
    assert people["estimate"][0] != pytest.approx(clusters["estimate"][0])
    assert people["std_error"].is_monotonic_increasing
    whole_spread = fitted.predict(new, interval="prediction")["std_error"][2]
    assert people["std_error"][2] == pytest.approx(whole_spread)


def test_a_known_person_is_predicted_at_a_wave_that_was_not_seen():
    fitted = fit_of("practices")
    design = fitted.design
    assert design.wave is not None
    assert design.cluster is not None
    counts = np.bincount(design.person.codes)
    person = int(np.flatnonzero(counts < design.waves)[0])
    rows = design.person.codes == person
    missed = next(w for w in range(design.waves) if w not in design.wave_codes[rows])
    new = frame_of("practices").set_index(["person", "month"], drop=False)
    new = new.loc[[(design.person.levels[person], design.wave.levels[missed])]]
    found = fitted.predict(new, include="people").iloc[0]
    sigma, shared = (part[0] for part in matrices(fitted))
    at = design.wave_codes
    same = design.person.codes == person
    near = design.cluster.codes == design.cluster.codes[rows][0]
    covariance = np.where(same, sigma[missed, at], 0.0) + np.where(near, shared[missed, at], 0.0)
    inverse = np.linalg.inv(whole(fitted, "practices"))
    left = design.y - design.x @ fitted.fit.beta[0]
    expected = fitted.predict(new)["estimate"].iloc[0] + covariance @ inverse @ left
    assert found["estimate"] == pytest.approx(expected, rel=REL)
    assert found["std_error"] > 0


def test_rows_without_a_covariate_are_missing_and_the_others_are_not():
    fitted = fit_of("practices")
    new = frame_of("practices").dropna().head(3).reset_index(drop=True)
    new.loc[1, "age"] = np.nan
    for interval in ("confidence", "prediction", None):
        found = fitted.predict(new, interval=interval)
        assert found.iloc[1].isna().all()
        assert found.drop(index=1).notna().all(axis=None)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"arm": "third"}, "levels that the model has not seen"),
        ({"month": 7}, "levels that the model has not seen"),
        ({"age": "old"}, "must hold numbers"),
    ],
)
def test_what_the_model_has_not_seen_is_refused(change, words):
    with pytest.raises(FitError, match=words):
        fit_of("practices").predict(frame_of("practices").assign(**change))


def test_a_missing_column_and_unknown_words_are_refused():
    fitted = fit_of("practices")
    with pytest.raises(FitError, match='"age"'):
        fitted.predict(frame_of("practices").drop(columns="age"))
    with pytest.raises(FitError, match='"practice"'):
        fitted.predict(frame_of("practices").drop(columns="practice"), include="clusters")
    with pytest.raises(FitError, match="interval"):
        fitted.predict(interval="tolerance")
    with pytest.raises(FitError, match="include"):
        fitted.predict(include="all")
    with pytest.raises(FitError, match="conf_level"):
        fitted.predict(conf_level=95)


@pytest.mark.parametrize("rule", ["satterthwaite", "between-within", "z"])
def test_intervals_follow_the_rule_of_the_model(rule):
    fitted = fit_of("practices", df=rule)
    row = fitted.predict().iloc[0]
    own = fitted.contrast(dict(zip(fitted.design.names, fitted.design.x[0], strict=True)))
    for name in ("std_error", "df", "conf_low", "conf_high"):
        assert row[name] == pytest.approx(own[name][0], rel=1e-7)


def test_three_practices_get_estimates_and_no_intervals():
    fitted = fit_mixed_model(made_trial(practices=3, size=9), **TRIAL)
    for include in ("fixed", "clusters", "people"):
        found = fitted.predict(include=include, interval="prediction")
        assert found[["estimate", "std_error"]].notna().all(axis=None)
        assert found[["df", "conf_low", "conf_high"]].isna().all(axis=None)


def test_no_rows_give_no_predictions():
    found = fit_of("practices").predict(frame_of("practices").head(0), include="people")
    assert found.empty
