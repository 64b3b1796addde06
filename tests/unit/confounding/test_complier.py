"""Effects among compliers of a frame: beside what, when refused, when weak."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from splw_eval.confounding.checks import ComparisonError
from splw_eval.confounding.received.complier import complier_effect
from tests.unit.confounding.given_people import given_people

ASKED: dict[str, Any] = {
    "outcome": "after",
    "received": "came",
    "group": "arm",
    "covariates": ["before", "age"],
    "reference": "comparison",
}


@pytest.fixture(scope="module")
def frame():
    return given_people()


@pytest.fixture(scope="module")
def found(frame):
    return complier_effect(frame, cluster="practice", randomised=True, **ASKED)


def rows(found, word):
    return found.table[found.table["term"].str.startswith(word)]


def test_it_is_intention_to_treat_over_the_share_moved(found):
    itt = rows(found, "intention")["estimate"].item()
    moved = found.first_stage["estimate"].item()
    assert found.estimate == pytest.approx(itt / moved, rel=1e-9)
    assert rows(found, "complier")["estimate"].nunique() == 1


def test_practices_left_out_are_the_default_and_have_practices_less_2_df(found):
    row = found.table[found.table["default"]]
    words = "two stages, practices left out one by one, df practices less 2"
    assert row["method"].item() == words
    assert row["df"].item() == 10
    assert len(rows(found, "complier")) == 3


def test_contrasts_that_mislead_are_named_so_with_the_reason(found):
    wrong = found.table[found.table["misleading"]]
    assert wrong["term"].tolist() == ["as treated (misleading)", "per protocol (misleading)"]
    assert any("as treated" in note and "stayed away" in note for note in found.notes)
    assert any("per protocol" in note and "left out" in note for note in found.notes)


def test_what_it_rests_on_is_said(found):
    text = " ".join(found.notes)
    for words in ("exclusion restriction", "monotonicity", "Intention to treat needs none"):
        assert words in text


def test_counts_of_who_received_it_are_those_of_the_frame(frame, found):
    counts = frame.groupby("arm")["came"].agg(["size", "sum"])
    assert found.received["n"].tolist() == counts["size"].tolist()
    assert found.received["received"].tolist() == counts["sum"].tolist()
    kept = ((frame["arm"] == "programme") == frame["came"]).sum()
    assert rows(found, "per protocol")["n"].item() == kept


def test_the_first_stage_has_an_f_by_practice(found):
    first = found.first_stage.iloc[0]
    assert first["f"] == pytest.approx((first["estimate"] / first["std_error"]) ** 2)
    assert first["df_below"] < 12
    assert not found.weak


def test_a_weak_first_stage_is_said(frame):
    rng = np.random.default_rng(8)
    share = np.where(frame["arm"] == "programme", 0.27, 0.25)
    weak = frame.assign(came=rng.random(len(frame)) < share)
    found = complier_effect(weak, cluster="practice", randomised=True, **ASKED)
    assert found.weak
    assert found.f < 10
    assert any("weak" in note and "Anderson and Rubin" in note for note in found.notes)


def test_where_everybody_did_as_allocated_all_contrasts_are_one(frame):
    did = frame.assign(came=frame["arm"] == "programme")
    found = complier_effect(did, cluster="practice", randomised=True, **ASKED)
    assert found.table["estimate"].to_numpy() == pytest.approx(found.estimate, rel=1e-9)
    assert not found.weak


def test_without_random_allocation_it_is_refused(frame):
    refused: tuple[Any, ...] = (False, None, "yes")
    for given in refused:
        with pytest.raises(ComparisonError) as error:
            complier_effect(frame, cluster="practice", randomised=given, **ASKED)
        assert [told.code for told in error.value.findings] == ["SF31"]
    with pytest.raises(ComparisonError):
        complier_effect(frame, **ASKED)


def test_what_was_received_must_be_yes_or_no_and_differ(frame):
    with pytest.raises(ComparisonError) as error:
        half = frame.assign(came=frame["came"] * 0.5)
        complier_effect(half, randomised=True, **ASKED)
    assert [told.code for told in error.value.findings] == ["SF32"]
    assert error.value.findings[0].rows == tuple(np.flatnonzero(frame["came"]) + 1)
    with pytest.raises(ComparisonError) as error:
        nobody = frame.assign(came=0)
        complier_effect(nobody, randomised=True, **ASKED)
    assert [told.code for told in error.value.findings] == ["SF33"]
    with pytest.raises(ComparisonError) as error:
        twice = frame.assign(months=frame["age"] * 12)
        complier_effect(twice, randomised=True, **ASKED | {"covariates": ["age", "months"]})
    assert [told.code for told in error.value.findings] == ["SF10"]


def test_where_everybody_did_as_allocated_rounding_is_no_standard_error(frame):
    did = frame.assign(came=frame["arm"] == "programme")
    found = complier_effect(did, cluster="practice", randomised=True, **ASKED)
    assert np.isinf(found.f)
    assert np.isnan(found.first_stage["std_error"].item())
    assert np.isnan(found.first_stage["p_value"].item())


def test_few_practices_of_a_group_have_their_own_degrees_of_freedom(frame):
    few = frame[frame["practice"].isin(["P00", "P05", *(f"P{code:02d}" for code in range(6, 12))])]
    found = complier_effect(few, cluster="practice", randomised=True, **ASKED)
    row = found.table[found.table["default"]]
    assert "Welch" in row["method"].item()
    assert 1 <= row["df"].item() < 6


def test_a_group_of_one_practice_is_refused(frame):
    few = frame[frame["practice"].isin(["P00", *(f"P{code:02d}" for code in range(6, 12))])]
    with pytest.raises(ComparisonError) as error:
        complier_effect(few, cluster="practice", randomised=True, **ASKED)
    assert [told.code for told in error.value.findings] == ["SF08"]
    assert "one practice only" in str(error.value)


def test_true_of_numpy_is_true(frame):
    asked: dict[str, Any] = ASKED | {"covariates": pd.Index(["before", "age"])}
    found = complier_effect(frame, randomised=np.True_, **asked)  # type: ignore[arg-type]
    assert found.n == 360
    with pytest.raises(ComparisonError):
        complier_effect(frame, randomised=np.False_, **asked)  # type: ignore[arg-type]


def test_equal_variances_are_named_where_people_count_as_independent(frame):
    found = complier_effect(frame, randomised=True, **ASKED)
    assert "people independent, equal variances, n - p df" in found.table["method"].iloc[0]
    assert any("vary as much in one group" in note for note in found.notes)
    by_practice = complier_effect(frame, cluster="practice", randomised=True, **ASKED)
    assert not any("vary as much in one group" in note for note in by_practice.notes)


def test_columns_that_tell_nothing_are_refused(frame):
    def codes(changed, **asked):
        with pytest.raises(ComparisonError) as error:
            complier_effect(changed, cluster="practice", randomised=True, **ASKED | asked)
        return [told.code for told in error.value.findings]

    flat = frame.assign(one=1.0, word="same")
    assert codes(flat, covariates=["age", "one", "word"]) == ["SF10", "SF10"]
    rounding = frame.assign(after=np.where(frame["age"] > 50, 0.1 + 0.2, 0.3))
    assert codes(rounding) == ["SF10"]
    assert codes(frame, measured_after=["agee", "arm"]) == ["SF02", "SF30"]
    assert codes(frame, measured_after=None) == ["SF01"]


def test_text_fits_80_columns(found):
    assert max(len(line) for line in str(found).splitlines()) <= 80
    assert repr(found).startswith("<ComplierEffect")
