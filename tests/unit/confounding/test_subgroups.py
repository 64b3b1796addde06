"""Who benefits: interactions, levels, joint tests, multiplicity, refusals."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from splw_eval.confounding.benefit.subgroups import subgroups
from splw_eval.confounding.checks import ComparisonError
from splw_eval.core.errors import FitError
from splw_eval.stats.few_clusters.cluster_fit import fit_clusters
from tests.unit.confounding.given_people import given_people

ASKED: dict[str, Any] = {
    "outcome": "after",
    "group": "arm",
    "by": ["imd", "ethnicity"],
    "baseline": "before",
    "covariates": ["age"],
    "cluster": "practice",
    "reference": "comparison",
}


@pytest.fixture(scope="module")
def frame():
    return given_people()


@pytest.fixture(scope="module")
def found(frame):
    return subgroups(frame, **ASKED)


def test_an_interaction_is_the_difference_of_two_differences(found):
    levels = found.levels[found.levels["by"] == "ethnicity"].set_index("level")["estimate"]
    table = found.table[found.table["by"] == "ethnicity"].set_index("level")["estimate"]
    assert table["b"] == pytest.approx(levels["b"] - levels["a"])
    assert table["c"] == pytest.approx(levels["c"] - levels["a"])


def test_the_line_of_a_number_is_a_regression_by_practice(frame, found):
    arm = (frame["arm"] == "programme").astype(float)
    parts = [np.ones(360), arm, frame["imd"], frame["imd"] * arm, frame["before"], frame["age"]]
    fit = fit_clusters(frame["after"], np.column_stack(parts), frame["practice"])
    row = found.table[found.table["by"] == "imd"].iloc[0]
    given = [row["estimate"], row["std_error"], row["df"]]
    assert given == pytest.approx([fit.coef[3], fit.std_error[3], fit.df[3]], rel=1e-8)
    median = float(np.quantile(frame["imd"], 0.5, method="inverted_cdf"))
    middle = found.levels[found.levels["level"] == f"at {median:g} (median)"].iloc[0]
    contrast = fit.contrast([0, 1, 0, median, 0, 0])
    assert middle["estimate"] == pytest.approx(contrast.estimate, rel=1e-8)
    assert middle["std_error"] == pytest.approx(contrast.std_error, rel=1e-8)


def test_levels_have_people_of_both_groups_and_no_p_values(frame, found):
    assert not {"p_value", "statistic"} & {*found.levels.columns, *found.table.columns}
    row = found.levels[found.levels["level"] == "b"].iloc[0]
    counts = frame[frame["ethnicity"] == "b"]["arm"].value_counts()
    assert row["n_reference"] == counts["comparison"]
    assert row["n_other"] == counts["programme"]
    assert row["n"] == counts.sum()


def test_each_column_has_one_test_of_its_interactions_together(found):
    assert found.tests["by"].tolist() == ["imd", "ethnicity"]
    assert found.tests["interactions"].tolist() == [1, 2]
    one = found.table[found.table["by"] == "imd"].iloc[0]
    square = (one["estimate"] / one["std_error"]) ** 2
    assert found.tests["statistic"].iloc[0] == pytest.approx(square)
    assert found.tests["p_value"].between(0, 1).all()


def test_how_many_were_looked_at_is_said_first(found):
    assert found.notes[0].startswith("3 interactions were looked at, in 2 columns")
    assert "about 14%" in found.notes[0]
    assert "named beforehand" in found.notes[0]


def test_a_number_with_two_values_has_a_level_for_each(frame):
    sex = frame.assign(sex=(np.arange(len(frame)) // 12) % 2)
    found = subgroups(sex, **ASKED | {"by": "sex"})
    assert found.levels["level"].tolist() == ["0", "1"]
    assert found.levels["n"].sum() == len(frame)
    by_level = subgroups(sex, **ASKED | {"by": ["C(sex)"]})
    assert by_level.table["estimate"].item() == pytest.approx(found.table["estimate"].item())
    assert by_level.table["against"].item() == "0"


def test_a_column_that_is_a_covariate_too_counts_once(frame, found):
    both = subgroups(frame, **ASKED | {"covariates": ["age", "imd"], "by": ["imd"]})
    alone = subgroups(frame, **ASKED | {"by": ["imd"]})
    assert both.table["estimate"].item() == pytest.approx(alone.table["estimate"].item())
    formula = subgroups(frame, **ASKED | {"covariates": "age", "by": ["imd"]})
    assert formula.table["estimate"].item() == pytest.approx(alone.table["estimate"].item())
    levels = subgroups(frame, **ASKED | {"covariates": "age + imd", "by": ["C(imd)"]})
    assert len(levels.table) == 9


def test_people_count_as_independent_without_practices(frame):
    found = subgroups(frame, **ASKED | {"cluster": None})
    assert found.table["df"].tolist() == [354.0, 352.0, 352.0]
    assert found.practices is None


def two_practices(frame, people):
    """Level d in one practice of each group."""
    own = frame["practice"].isin(["P00", "P11"]) & (frame.index // 12 < people)
    return frame.assign(ethnicity=frame["ethnicity"].where(~own, "d"))


def test_a_level_of_one_person_is_refused(frame):
    with pytest.raises(ComparisonError) as error:
        subgroups(two_practices(frame, 1), **ASKED)
    assert [told.code for told in error.value.findings] == ["SF35"]
    assert "1 level has fewer than 2 people" in str(error.value)


def test_a_level_of_one_practice_of_a_group_has_no_limits_and_no_test(frame):
    found = subgroups(two_practices(frame, 8), **ASKED)
    levels = found.levels[found.levels["by"] == "ethnicity"].set_index("level")
    table = found.table[found.table["by"] == "ethnicity"].set_index("level")
    for rows in (levels, table):
        assert np.isfinite(rows["estimate"]).all()
        for name in ("std_error", "df", "conf_low", "conf_high"):
            assert rows.index[rows[name].isna()].tolist() == ["d"]
    assert found.tests["p_value"].isna().tolist() == [False, True]
    assert any("told by one practice alone in a group: d." in note for note in found.notes)
    columns = "by interactions statistic df df_denominator p_value n"
    assert found.tests.columns.tolist() == columns.split()


def test_a_number_of_two_values_is_looked_at_level_by_level(frame):
    rare = (two_practices(frame, 8)["ethnicity"] == "d").astype(int)
    found = subgroups(frame.assign(rare=rare), **ASKED | {"by": ["rare"]})
    assert found.levels["conf_low"].isna().tolist() == [False, True]
    assert found.table["conf_low"].isna().all()
    assert any("rare: told by one practice alone in a group: 1." in note for note in found.notes)
    single = (two_practices(frame, 1)["ethnicity"] == "d").astype(int)
    with pytest.raises(ComparisonError, match="fewer than 2 people"):
        subgroups(frame.assign(rare=single), **ASKED | {"by": ["rare"]})


def test_without_practices_a_level_of_some_people_has_limits(frame):
    found = subgroups(two_practices(frame, 8), **ASKED | {"cluster": None})
    assert found.levels["conf_low"].notna().all()
    assert any("vary as much in one group" in note for note in found.notes)
    assert "equal variances" in found.method


def test_a_number_that_varies_in_one_practice_of_a_group_has_no_limits(frame):
    own = frame["practice"] == "P00"
    fixed = np.where((frame["arm"] == "programme") & ~own, 0.0, frame["imd"])
    found = subgroups(frame.assign(far=fixed), **ASKED | {"by": ["far"]})
    assert found.table["conf_low"].isna().all()
    assert found.levels["conf_low"].isna().all()
    assert any("far: how it bears on" in note for note in found.notes)


def test_text_fits_80_columns(found):
    assert max(len(line) for line in str(found).splitlines()) <= 80
    assert repr(found) == "<Subgroups: 3 interactions, n = 360>"
    assert found.to_frame().equals(found.table)


def test_what_cannot_be_used_is_refused_all_at_once(frame):
    def codes(changed, **asked):
        with pytest.raises(ComparisonError) as error:
            subgroups(changed, **ASKED | asked)
        return sorted(told.code for told in error.value.findings)

    rare = frame.assign(
        ethnicity=frame["ethnicity"].where(
            (frame["arm"] == "programme") | (frame.index % 9 != 1), "d"
        )
    )
    assert codes(rare) == ["SF35"]
    assert codes(rare.assign(imd=3)) == ["SF35", "SF35"]
    assert codes(frame, by=[]) == ["SF01"]
    assert codes(frame, by=["imd", "C(imd)"]) == ["SF01"]
    assert codes(frame, by=["imdd", "ethnicityy"]) == ["SF02", "SF02"]
    assert codes(frame, measured_after=["imd", "age"]) == ["SF30", "SF30"]
    assert codes(frame, measured_after=["before", "arm"]) == ["SF30", "SF30"]
    assert codes(frame, measured_after=["beforee"]) == ["SF02"]
    assert codes(frame.assign(word="same"), covariates=["word"], by=["imd"]) == ["SF10"]
    assert codes(frame.assign(after=1.0), by=["imd"]) == ["SF10"]
    one = frame[frame["practice"].isin(["P00", "P07", "P08", "P09"])]
    assert codes(one, by=["imd"]) == ["SF08"]
    with pytest.raises(FitError, match="by= must be names"):
        subgroups(frame, **ASKED | {"by": None})
    twice = frame.assign(months=frame["age"] * 12)
    assert codes(twice, by=["imd"], covariates=["age", "months"]) == ["SF10"]
