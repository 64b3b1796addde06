"""Units of the error of hazard ratios: few practices, rows that are no people, weights."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from splw_eval import fit_cox
from splw_eval.retention.checks import RetentionError

ASKED: dict[str, Any] = {"time": "day", "event": "ending"}
PAGE = Path(__file__).resolve().parents[3] / "docs" / "methods" / "size-of-retention-tests.md"


@pytest.fixture
def frame() -> pd.DataFrame:
    rng = np.random.default_rng(3)
    n = 240
    practice = np.arange(n) % 6
    return pd.DataFrame(
        {
            "id": np.arange(n),
            "day": rng.integers(1, 90, n),
            "ending": rng.integers(0, 2, n),
            "practice": practice,
            "arm": np.where(practice == 2, "new", "old"),
            "age": rng.normal(size=n),
            "w": rng.gamma(1, 1, n) + 0.05,
        }
    )


def cut(frame: pd.DataFrame) -> pd.DataFrame:
    """The same days in two rows each, cut on day 20."""
    first = frame.assign(start=0, day=frame["day"].clip(upper=20))
    first["ending"] = frame["ending"].where(frame["day"] <= 20, 0)
    return pd.concat([first, frame[frame["day"] > 20].assign(start=20)], ignore_index=True)


def refused(frame: pd.DataFrame, **options: Any) -> str:
    with pytest.raises(RetentionError) as caught:
        fit_cox(frame, **{**ASKED, **options})
    return str(caught.value)


@pytest.mark.parametrize("vcov", [None, "jackknife", "kc", "md"])
def test_an_arm_of_one_practice_is_named_and_the_plain_sandwich_is_no_way_out(frame, vcov):
    told = refused(frame, covariates=["age", "arm"], cluster="practice", vcov=vcov)
    assert 'tell of "arm"' in told
    assert "one practice alone" in told
    assert '"age"' not in told
    assert 'Leave "arm" out' in told
    assert 'vcov="model" takes people as independent' in told
    assert "sandwich" not in told


def test_an_arm_of_two_practices_may_be_compared_by_practice(frame):
    frame["arm"] = np.where(frame["practice"].isin([2, 3]), "new", "old")
    frame["site"] = np.where(frame["practice"].isin([2]), "x", "y")
    frame["more"] = frame["arm"].eq("new") * 1.0 + frame["age"] * frame["practice"].eq(3)
    told = refused(frame, covariates=["arm", "more"], cluster="practice")
    assert '"arm"' in told
    assert "two practices alone" in told
    assert "compare_retention compares" in told


def test_columns_that_follow_from_each_other_without_a_practice_are_named(frame):
    noise = np.random.default_rng(1).normal(size=len(frame))
    frame["old_age"] = frame["age"] + noise * (frame["practice"] == 4)
    told = refused(frame, covariates=["age", "old_age"], cluster="practice")
    assert '"old_age"' in told
    assert "follows from the other covariates" in told


def test_the_plain_sandwich_of_few_practices_says_by_how_much_it_is_too_small(frame):
    asked: dict[str, Any] = {**ASKED, "cluster": "practice", "vcov": "sandwich"}
    notes = " ".join(fit_cox(frame, **asked, covariates=["age", "arm"]).notes)
    low, high = re.findall(r"8\.6 to 12\.5", notes)[0].split(" to ")
    rows = [line.split("|") for line in PAGE.read_text(encoding="utf-8").splitlines()]
    head = next(row for row in rows if "Cox sandwich *z*" in " ".join(row))
    body = rows[rows.index(head) + 2 :][:8]  # the cells of 7 against 8 practices
    columns = [
        [cell.strip() for cell in head].index(f"Cox {n}") for n in ("jackknife", "sandwich *z*")
    ]
    jackknife, seven = ([float(row[at].strip(" *")) for row in body] for at in columns)
    assert [f"{min(seven):.1f}", f"{max(seven):.1f}"] == [low, high]
    assert f"{min(jackknife):.1f} to {max(jackknife):.1f} %" in notes
    assert 'A level of "arm", or those who left at it, are of one practice alone' in notes
    plain = " ".join(fit_cox(frame, **asked, covariates=["age"]).notes)
    assert "8.6 to 12.5" in plain
    assert "one practice alone" not in plain
    frame["practice"] = np.arange(len(frame)) % 48
    assert "8.6 to 12.5" not in " ".join(fit_cox(frame, **asked, covariates=["age"]).notes)


def test_a_sandwich_without_practices_is_by_person_or_refused_without_advising_itself(frame):
    fit = fit_cox(frame, **ASKED, covariates="age", vcov="sandwich")
    assert (fit.by, fit.df) == ("person", 238)
    told = refused(cut(frame), start="start", covariates="age", vcov="sandwich")
    assert "id=" in told
    assert "choose" not in told
    whole = fit_cox(cut(frame), **ASKED, start="start", id="id", covariates="age", vcov="sandwich")
    assert_allclose(whole.covariance.to_numpy(), fit.covariance.to_numpy(), rtol=1e-9)


def test_rows_that_may_be_of_one_person_are_not_taken_for_people(frame):
    rows = cut(frame)
    told = refused(rows, start="start", covariates="age")
    assert "SR17" in told
    assert "Name the column of people: id=" in told
    fit = fit_cox(rows, **ASKED, start="start", covariates="age", vcov="model")
    assert fit.n == len(rows)
    assert any("no id was given" in note for note in fit.notes)
    assert "by person" in refused(rows, start="start", covariates="age", weights="w")
    by = fit_cox(rows, **ASKED, start="start", covariates="age", cluster="practice")
    assert by.n == len(rows)
    assert by.df == 4


@pytest.mark.parametrize("weights", [None, "w"])
@pytest.mark.parametrize("cluster", [None, "practice"])
def test_cutting_rows_of_known_people_changes_no_error_and_no_df(frame, weights, cluster):
    asked: dict[str, Any] = {**ASKED, "covariates": "age", "weights": weights, "cluster": cluster}
    whole = fit_cox(frame, **asked, id="id")
    parts = fit_cox(cut(frame), **asked, start="start", id="id")
    assert (whole.n, whole.df, whole.vcov) == (parts.n, parts.df, parts.vcov)
    names = ["estimate", "std_error", "p_value"]
    assert_allclose(
        parts.coefficients[names].to_numpy(float), whole.coefficients[names].to_numpy(float)
    )
    tests = [fit.proportional_hazards.drop(columns="term") for fit in (whole, parts)]
    assert_allclose(tests[0].to_numpy(float), tests[1].to_numpy(float), rtol=1e-8)


def test_nothing_hangs_on_the_unit_of_weights_that_are_no_whole_numbers(frame):
    fits = [
        fit_cox(frame.assign(w=frame["w"] * times), **ASKED, covariates="age", weights="w")
        for times in (0.1, 1.0, 10.0)
    ]
    new = pd.DataFrame({"age": [0.0, 1.0]})
    limits = ["estimate", "conf_low", "conf_high"]
    first = fits[1].predict_retention(new, [5, 40])[limits].to_numpy()
    for fit in fits:
        assert_allclose(fit.predict_retention(new, [5, 40])[limits].to_numpy(), first)
        tests = fit.proportional_hazards
        assert tests[["statistic", "p_value"]].isna().all(axis=None)
        assert_allclose(
            tests["p_by_person"].to_numpy(), fits[1].proportional_hazards["p_by_person"].to_numpy()
        )
        assert any("neither hangs on the unit" in note for note in fit.notes)
    counted = fit_cox(frame.assign(w=2), **ASKED, covariates="age", weights="w")
    assert counted.proportional_hazards["p_value"].notna().all()
    assert any("counts as so many people" in note for note in counted.notes)
    errors = fits[1].baseline["std_error"].to_numpy()
    assert (errors > counted.baseline["std_error"].to_numpy()).all()


def test_the_test_of_proportional_hazards_by_practice_stands_beside_and_is_quoted(frame):
    fit = fit_cox(frame, **ASKED, covariates="age", cluster="practice")
    tests = fit.proportional_hazards
    assert list(tests.columns[-2:]) == ["f_statistic", "p_by_practice"]
    p = tests["p_by_practice"].iloc[-1]
    assert p != tests["p_value"].iloc[-1]
    assert any(f"by practice has p = {p:.2g}" in note for note in fit.notes)
    alone = fit_cox(frame, **ASKED, covariates="age")
    assert "f_statistic" not in alone.proportional_hazards
    assert any("ignores practices" in note for note in alone.notes)


def test_more_than_200_people_are_not_left_out_one_by_one_for_a_table(frame, monkeypatch):
    fit = fit_cox(frame, **ASKED, covariates="age", weights="w")
    monkeypatch.setattr(type(fit.rows), "jackknife", lambda *_: 1 / 0)
    assert fit.errors["jackknife"].isna().all()
    assert fit.errors["sandwich"].notna().all()
    assert any("errors has no jackknife" in note for note in fit.notes)
