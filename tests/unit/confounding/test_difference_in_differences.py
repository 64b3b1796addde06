"""Differences in differences of a frame: what stands beside them, Lord's paradox, refusals."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from splw_eval.confounding.checks import ComparisonError
from splw_eval.confounding.differences.difference_in_differences import difference_in_differences
from splw_eval.core.errors import FitError
from splw_eval.stats.causal.did import doubly_robust_difference, jackknife_difference
from splw_eval.stats.causal.least_squares import fit_independent
from splw_eval.stats.tails import t_critical
from tests.unit.confounding.given_people import given_people

ASKED: dict[str, Any] = {
    "outcome": "after",
    "baseline": "before",
    "group": "arm",
    "covariates": ["age", "ethnicity"],
    "reference": "comparison",
}


@pytest.fixture(scope="module")
def frame():
    return given_people()


@pytest.fixture(scope="module")
def found(frame):
    return difference_in_differences(frame, cluster="practice", **ASKED)


def arrays(frame):
    dummies = [(frame["ethnicity"] == level).astype(float) for level in "bc"]
    X = np.column_stack([np.ones(len(frame)), frame["age"], *dummies])
    return (frame["after"] - frame["before"]).to_numpy(), frame["arm"] == "programme", X


def test_the_default_is_doubly_robust_with_practices_left_out(frame, found):
    change, treated, X = arrays(frame)
    row = found.table[found.table["default"]]
    assert len(row) == 1
    assert found.estimate == pytest.approx(doubly_robust_difference(change, treated, X).estimate)
    error = jackknife_difference(change, treated, X, frame["practice"]).std_error[0]
    assert found.std_error == pytest.approx(error, rel=1e-9)
    assert row["df"].item() == 10
    reach = t_critical(10, 0.95) * error
    limits = row[["conf_low", "conf_high"]].to_numpy()[0]
    assert limits == pytest.approx([found.estimate - reach, found.estimate + reach])
    assert (found.practices, found.n) == (12, 360)


def test_unadjusted_and_adjusted_stand_in_one_table(frame, found):
    terms = found.table["term"].tolist()
    assert terms[0].startswith("unadjusted")
    assert terms[-1].startswith("ANCOVA")
    change = frame["after"] - frame["before"]
    means = change.groupby(frame["arm"]).mean()
    crude = found.table["estimate"].iloc[0]
    assert crude == pytest.approx(means["programme"] - means["comparison"])
    columns = "term method default estimate std_error df statistic p_value conf_low conf_high n"
    assert found.table.columns.tolist() == columns.split()
    assert found.to_frame() is not found.table


def test_ancova_differs_by_what_of_the_first_gap_it_takes_to_close(frame, found):
    """An identity of least squares, of which the sentence gives the numbers."""
    change, treated, X = arrays(frame)
    line = fit_independent(change, np.column_stack([X, treated])).coef[-1]
    ancova = found.table["estimate"].iloc[-1]
    moved = (1 - found.slope) * found.baseline_difference_adjusted
    assert ancova - line == pytest.approx(moved, rel=1e-9)
    assert f"by {moved:.4g}" in found.notes[0]
    assert "Lord's paradox" in found.notes[0]
    gap = frame.groupby("arm")["before"].mean()
    assert found.baseline_difference == pytest.approx(gap["programme"] - gap["comparison"])
    assert f"was {abs(found.baseline_difference):.4g} lower" in found.notes[0]


def test_the_reference_turns_the_sign(frame, found):
    asked = ASKED | {"reference": "programme", "covariates": []}
    other = difference_in_differences(frame, cluster="practice", **asked)
    plain = difference_in_differences(frame, cluster="practice", **ASKED | {"covariates": []})
    assert other.estimate == pytest.approx(-plain.estimate)
    assert any("no covariates" in note for note in plain.notes)
    unnamed = difference_in_differences(frame, **ASKED | {"reference": None})
    assert any("first in order" in note for note in unnamed.notes)
    assert unnamed.groups == ("comparison", "programme")


def test_a_covariate_alike_within_practices_takes_a_degree_of_freedom(frame):
    rural = frame.assign(rural=frame["practice"].isin(["P00", "P03", "P07", "P10"]).astype(int))
    asked = ASKED | {"covariates": ["age", "rural"]}
    found = difference_in_differences(rural, cluster="practice", **asked)
    assert found.table.loc[found.table["default"], "df"].item() == 9


def test_people_without_practices_have_influence_functions_and_a_warning(frame):
    found = difference_in_differences(frame, **ASKED)
    change, treated, X = arrays(frame)
    assert found.std_error == pytest.approx(
        doubly_robust_difference(change, treated, X).std_error(), rel=1e-9
    )
    assert np.isinf(found.table.loc[found.table["default"], "df"].item())
    assert any("No practices were named" in note for note in found.notes)


def test_rows_without_a_score_are_left_out_and_counted(frame, found):
    gaps = frame.copy()
    gaps.loc[:9, "after"] = np.nan
    gaps.loc[10:14, "before"] = np.nan
    fewer = difference_in_differences(gaps, cluster="practice", **ASKED)
    assert fewer.n == 345
    assert sum(note.startswith(("10 of 360", "5 of 360")) for note in fewer.notes) == 2
    assert any("seen both times" in note for note in fewer.notes)
    assert not any("seen both times" in note for note in found.notes)


def test_one_practice_that_carries_a_covariate_leaves_no_jackknife_and_says_so(frame):
    rare = frame["practice"].isin(["P01", "P02", "P08"]) & (frame.index % 5 == 1)
    held = frame.assign(rare=np.where(rare, "yes", "no"))
    asked = ASKED | {"covariates": ["age", "rare"]}
    found = difference_in_differences(held, cluster="practice", **asked)
    assert np.isnan(found.std_error)
    assert np.isfinite(found.estimate)
    assert any("Without one of the 12 practices" in note for note in found.notes)
    assert found.table["std_error"].iloc[2] > 0


def test_few_practices_of_a_group_have_their_own_degrees_of_freedom(frame):
    few = frame[frame["practice"].isin(["P00", "P05", *(f"P{code:02d}" for code in range(6, 12))])]
    asked = ASKED | {"covariates": ["age"]}
    found = difference_in_differences(few, cluster="practice", **asked)
    robust = found.table[found.table["term"].str.startswith("doubly")]
    assert robust["method"].str.contains("df by Welch and Satterthwaite").all()
    assert ((robust["df"] >= 1) & (robust["df"] < 6)).all()
    assert any("people of only 2 practices" in note for note in found.notes)
    assert any("summed by practice are too narrow" in note for note in found.notes)
    many = difference_in_differences(frame, cluster="practice", **ASKED)
    assert many.table["method"].iloc[1].endswith("df practices less 2")


def test_a_group_of_one_practice_is_refused(frame):
    few = frame[frame["practice"].isin(["P00", "P07", "P08", "P09"])]
    with pytest.raises(ComparisonError) as error:
        difference_in_differences(few, cluster="practice", **ASKED)
    assert [told.code for told in error.value.findings] == ["SF08"]
    assert "1 practices" not in str(error.value)


def test_one_huge_practice_is_said_to_make_limits_too_narrow(frame):
    huge = frame[(frame["practice"] == "P08") | (frame.index % 3 == 0)]
    huge = pd.concat([huge, *[frame[frame["practice"] == "P08"]] * 2])
    found = difference_in_differences(huge, cluster="practice", **ASKED | {"covariates": []})
    assert any("limits by CR2 are then too narrow" in note for note in found.notes)


def test_a_change_alike_for_everybody_is_refused(frame):
    def codes(changed, **asked):
        with pytest.raises(ComparisonError) as error:
            difference_in_differences(changed, cluster="practice", **ASKED | asked)
        return [told.code for told in error.value.findings]

    assert codes(frame.assign(after=frame["before"] + 0.1)) == ["SF10"]
    assert codes(frame.assign(after=7.0)) == ["SF10"]
    assert codes(frame.assign(word="same"), covariates=["age", "word"]) == ["SF10"]


def test_covariates_that_foretell_the_group_together_are_refused_as_such(frame):
    rng = np.random.default_rng(1)
    first = rng.normal(size=len(frame))
    gap = np.where(frame["arm"] == "programme", 1, -1) * rng.uniform(0.5, 1.5, len(frame))
    apart = frame.assign(first=first, second=first + gap)
    with pytest.raises(ComparisonError) as error:
        difference_in_differences(apart, **ASKED | {"covariates": ["first", "second"]})
    assert [told.code for told in error.value.findings] == ["SF22"]
    assert '"first" and "second" together' in str(error.value)


def test_a_start_measured_after_the_start_is_refused(frame):
    with pytest.raises(ComparisonError) as error:
        difference_in_differences(frame, **ASKED, measured_after=["before", "contract"])
    assert [told.code for told in error.value.findings] == ["SF02", "SF30"]
    assert "baseline=" in str(error.value)
    wrongs: tuple[dict[str, Any], ...]
    wrongs = ({"covariates": None}, {"covariates": 3}, {"measured_after": 3})
    for wrong in wrongs:
        with pytest.raises(FitError):
            difference_in_differences(frame, **ASKED | wrong)


def test_few_independent_people_are_told_that_normal_limits_are_rough(frame):
    found = difference_in_differences(frame[:80], **ASKED | {"covariates": ["age"]})
    assert "Limits of the normal distribution are rough with 80 people." in found.notes
    assert any("vary as much in one group" in note for note in found.notes)


def test_text_fits_80_columns_and_names_the_groups(found):
    lines = str(found).splitlines()
    assert max(len(line) for line in lines) <= 80
    assert '"programme"' in lines[0]
    assert repr(found).startswith("<DifferenceInDifferences")


@pytest.mark.parametrize(
    "covariates", [["age", "before"], ["I(before^2)"], "age + I(before^2)", "before:age"]
)
def test_the_score_at_the_start_among_the_covariates_is_refused(frame, covariates):
    with pytest.raises(ComparisonError, match="ANCOVA") as error:
        difference_in_differences(frame, **ASKED | {"covariates": covariates})
    assert [(told.code, told.column) for told in error.value.findings] == [("SF01", "before")]


def test_a_power_of_what_was_measured_after_the_start_is_refused(frame):
    with pytest.raises(ComparisonError) as error:
        difference_in_differences(
            frame, **ASKED | {"covariates": ["I(contacts^2)"]}, measured_after=["contacts"]
        )
    assert [(told.code, told.column) for told in error.value.findings] == [("SF30", "contacts")]


def test_what_was_measured_after_the_start_is_refused_with_everything_else(frame):
    with pytest.raises(ComparisonError) as error:
        difference_in_differences(
            frame,
            **ASKED | {"baseline": "after", "covariates": ["age", "C(contacts)"]},
            measured_after=["contacts"],
            conf_level=95,
        )
    assert {told.code for told in error.value.findings} == {"SF01", "SF30"}
    assert len(error.value.findings) == 3
    assert "contacts" in {told.column for told in error.value.findings}


def test_wrong_columns_are_refused(frame):
    with pytest.raises(ComparisonError) as error:
        difference_in_differences(frame, **ASKED | {"baseline": "befor", "outcome": "aftr"})
    assert [told.code for told in error.value.findings] == ["SF02", "SF02"]
    two = frame[frame["practice"].isin(["P00", "P07"])]
    with pytest.raises(ComparisonError) as error:
        difference_in_differences(two, cluster="practice", **ASKED)
    assert [told.code for told in error.value.findings] == ["SF08"]
    with pytest.raises(ComparisonError) as error:
        told = frame.assign(apart=(frame["arm"] == "programme") * 1.0)
        difference_in_differences(told, **ASKED | {"covariates": ["apart"]})
    assert [told.code for told in error.value.findings] == ["SF21"]
    with pytest.raises(ComparisonError) as error:
        twice = frame.assign(months=frame["age"] * 12)
        difference_in_differences(twice, **ASKED | {"covariates": ["age", "months"]})
    assert [told.code for told in error.value.findings] == ["SF10"]
    assert '"months"' in str(error.value)
    with pytest.raises(FitError, match="DataFrame"):
        difference_in_differences([1, 2], **ASKED)  # type: ignore[arg-type]


def test_a_frame_is_left_as_it_was(frame):
    before = frame.copy()
    difference_in_differences(frame, cluster="practice", **ASKED)
    pd.testing.assert_frame_equal(frame, before)
