"""Outcomes by dose: exploratory, levels, whose people, refusals."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from splw_eval.confounding.checks import ComparisonError
from splw_eval.confounding.received.dose import dose_levels, dose_response
from splw_eval.stats.few_clusters.cluster_fit import fit_clusters
from tests.unit.confounding.given_people import given_people

ASKED: dict[str, Any] = {
    "outcome": "after",
    "dose": "contacts",
    "group": "arm",
    "reference": "comparison",
    "covariates": ["before"],
    "cluster": "practice",
}


@pytest.fixture(scope="module")
def frame():
    return given_people()


@pytest.fixture(scope="module")
def found(frame):
    return dose_response(frame, **ASKED)


def test_it_says_first_that_it_is_no_effect(found):
    assert found.exploratory is True
    assert found.notes[0].startswith("Exploratory, and no effect")
    assert "the outcome may shape the dose" in found.notes[0]
    assert "EXPLORATORY" in str(found).splitlines()[0]


def test_only_people_who_were_offered_it_count(frame, found):
    offered = frame[frame["arm"] == "programme"]
    assert found.n == len(offered)
    assert found.group == "programme"
    assert not any("left out" in note for note in found.notes)
    alone = dose_response(offered, **ASKED | {"group": None, "reference": None})
    np.testing.assert_allclose(alone.table["estimate"], found.table["estimate"], rtol=1e-10)


def test_the_line_and_the_levels_are_regressions_by_practice(frame, found):
    offered = frame[frame["arm"] == "programme"]
    one, before = np.ones(len(offered)), offered["before"]
    line = fit_clusters(
        offered["after"], np.column_stack([one, offered["contacts"], before]), offered["practice"]
    )
    row = found.table.iloc[0]
    given = [row["estimate"], row["std_error"], row["df"]]
    assert given == pytest.approx([line.coef[1], line.std_error[1], line.df[1]])
    steps = [offered["contacts"].between(*ends) for ends in ((1, 2), (3, 5), (6, 999))]
    X = np.column_stack([one, *steps, before]).astype(float)
    levels = fit_clusters(offered["after"], X, offered["practice"])
    np.testing.assert_allclose(found.table["estimate"][1:], levels.coef[1:4], rtol=1e-9)
    np.testing.assert_allclose(found.table["std_error"][1:], levels.std_error[1:4], rtol=1e-9)


def test_levels_have_their_names_people_and_means(frame, found):
    assert found.levels["level"].tolist() == ["0", "1-2", "3-5", "6 or more"]
    assert found.levels["n"].sum() == found.n
    nobody = frame[(frame["arm"] == "programme") & (frame["contacts"] == 0)]["after"]
    assert found.levels["mean"].iloc[0] == pytest.approx(nobody.mean())
    assert found.levels["n"].iloc[0] == len(nobody)


def test_people_who_were_offered_it_without_an_outcome_are_counted(frame):
    gaps = frame.copy()
    gaps.loc[gaps["practice"] == "P01", "after"] = np.nan  # of the programme
    gaps.loc[gaps["practice"] == "P08", "after"] = np.nan  # of the other group
    found = dose_response(gaps, **ASKED)
    assert found.n == 150
    assert "30 of 180 rows were left out: without an outcome." in found.notes


@pytest.mark.parametrize(
    ("doses", "cuts", "labels", "counts"),
    [
        ([0, 1, 2, 6, 9], (1, 3, 6), ("0", "1-2", "6 or more"), [1, 2, 2]),
        ([0, 0.5, 4], (1, 3), ("0 to below 1", "3 or more"), [2, 1]),
        ([0, 0, 0, 0, 5, 6, 7, 8], "quartiles", ("0-5", "6 or more"), [5, 3]),
        ([2, 3, 4, 5], "quartiles", ("2", "3", "4 or more"), [1, 1, 2]),
    ],
)
def test_doses_fall_into_levels(doses, cuts, labels, counts):
    found, places = dose_levels(np.array(doses, dtype=float), cuts)
    assert found == labels
    assert np.bincount(places).tolist() == counts


def test_what_cannot_be_used_is_refused(frame):
    def codes(changed, **asked):
        with pytest.raises(ComparisonError) as error:
            dose_response(changed, **ASKED | asked)
        return [told.code for told in error.value.findings]

    below = frame.assign(contacts=frame["contacts"] - 1)
    assert codes(below) == ["SF34"]
    assert codes(frame.assign(contacts=3)) == ["SF34"]
    for cuts in ((), (3, 1), (0, 2), "tertiles", ("1",), 3, None):
        assert codes(frame, cuts=cuts) == ["SF34"]
    assert codes(frame, group="armm", outcome="aftr", conf_level=2) == ["SF01", "SF02", "SF02"]
    assert codes(frame, measured_after=["before"]) == ["SF30"]
    assert codes(frame, measured_after=["arm", "befor"]) == ["SF02", "SF30"]
    assert codes(frame.assign(word="same"), covariates=["word"]) == ["SF10"]
    assert codes(frame.assign(after=2.0)) == ["SF10"]
    assert codes(frame, reference="nobody") == ["SF06"]
    twice = frame.assign(hours=frame["contacts"].fillna(0) / 2)
    assert codes(twice, covariates=["hours"]) == ["SF10"]


def test_rows_in_a_message_are_those_of_the_whole_frame(frame):
    wrong = frame.copy()
    at = wrong.index[wrong["arm"] == "programme"][100]
    wrong.loc[at, "contacts"] = -1
    with pytest.raises(ComparisonError) as error:
        dose_response(wrong, **ASKED)
    assert error.value.findings[0].rows == (at + 1,)


def test_cuts_may_be_an_array(frame, found):
    same = dose_response(frame, **ASKED, cuts=np.array([1, 3, 6]))  # type: ignore[arg-type]
    assert same.table.equals(found.table)


def test_a_level_of_one_person_shows_neither_mean_nor_difference(frame):
    offered = frame["arm"] == "programme"
    counts = frame["contacts"].where(~offered, frame["contacts"].clip(upper=5))
    counts.iloc[frame.index[offered][7]] = 9
    one = dose_response(frame.assign(contacts=counts), **ASKED)
    assert one.levels["n"].tolist()[-1] == 1
    assert one.levels["mean"].isna().tolist() == [False, False, False, True]
    last = one.table.iloc[-1]
    assert last[["estimate", "std_error", "p_value", "conf_low", "conf_high"]].isna().all()
    assert one.table["conf_low"].notna().tolist() == [True, True, True, False]
    assert any("Levels of one person: 6 or more." in note for note in one.notes)


def test_a_level_of_one_practice_has_no_limits(frame):
    offered, own = frame["arm"] == "programme", frame["practice"] == "P03"
    counts = frame["contacts"].where(~offered | own, frame["contacts"].clip(upper=5))
    assert (counts > 5).sum() > 1
    one = dose_response(frame.assign(contacts=counts), **ASKED)
    last = one.table.iloc[-1]
    assert np.isfinite(last["estimate"])
    assert last[["std_error", "p_value", "conf_low", "conf_high"]].isna().all()
    assert np.isfinite(one.levels["mean"]).all()
    assert any("Told by one practice alone: 6 or more." in note for note in one.notes)
    alone = dose_response(frame.assign(contacts=counts), **ASKED | {"cluster": None})
    assert alone.table["conf_low"].notna().all()


def test_an_outcome_made_of_the_dose_has_no_standard_error(frame):
    made = frame.assign(after=1 + 2 * frame["contacts"])
    found = dose_response(made, **ASKED)
    assert found.estimate == pytest.approx(2)
    assert np.isnan(found.table["p_value"].iloc[0])
    assert any("nothing is left to vary" in note for note in found.notes)
