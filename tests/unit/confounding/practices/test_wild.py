"""The wild bootstrap of practices, from a data frame."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from splw_eval.confounding.checks import ComparisonError
from splw_eval.confounding.practices.clustered import fit_clustered
from splw_eval.confounding.practices.wild import wild_bootstrap
from splw_eval.stats.resampling.wild import wild_cluster_bootstrap
from tests.unit.confounding.practices_made import people_of_fifteen

FRAME = people_of_fifteen()


def compared(frame=FRAME, **how: Any):
    asked: dict[str, Any] = {
        "outcome": "y",
        "fixed": "treated + x",
        "cluster": "practice",
        "term": "treated",
    }
    return wild_bootstrap(frame, **{**asked, **how})


def test_the_known_share_of_all_signs_comes_from_a_frame_too():
    found = compared()
    assert found.p_value == 324 / 32_768
    assert (found.signs, found.exact, found.clusters, found.n) == (32_768, True, 15, 300)
    assert "all 32,768" in found.method


def test_both_rules_stand_in_the_table_in_the_model_and_unadjusted():
    found = compared()
    assert list(found.table["method"]) == [
        "in the model: wild bootstrap of practices",
        "in the model: CR2 by practice, Satterthwaite df",
        "unadjusted: wild bootstrap of practices",
        "unadjusted: CR2 by practice, Satterthwaite df",
    ]
    assert list(found.table["default"]) == [True, False, False, False]
    for place, fixed in ((1, "treated + x"), (3, "treated")):
        fit = fit_clustered(FRAME, outcome="y", fixed=fixed, cluster="practice")
        same = fit.coefficients.iloc[1]
        row = found.table.iloc[place]
        for column in ("estimate", "std_error", "df", "p_value", "conf_low", "conf_high"):
            assert row[column] == pytest.approx(same[column], rel=1e-9)
    alone = compared(fixed="treated")
    assert found.table.loc[2, "p_value"] == alone.p_value
    assert len(alone.table) == 2


def test_a_null_other_than_zero_is_that_of_an_outcome_with_it_taken_out():
    found = compared(null=0.5)
    same = compared(FRAME.assign(y=FRAME["y"] - 0.5 * FRAME["treated"]))
    assert found.p_value == same.p_value
    assert found.estimate == pytest.approx(same.estimate + 0.5)
    assert found.conf_low == pytest.approx(same.conf_low + 0.5, rel=1e-6)
    moved = same.table.loc[1, ["estimate", "conf_low", "conf_high"]].astype(float) + 0.5
    np.testing.assert_allclose(
        found.table.loc[1, ["estimate", "conf_low", "conf_high"]].astype(float), moved
    )
    assert found.table.loc[1, "p_value"] == pytest.approx(same.table.loc[1, "p_value"])


def test_weights_go_into_the_test():
    found = compared(weights="w")
    X = np.column_stack([np.ones(300), FRAME["treated"], FRAME["x"]])
    same = wild_cluster_bootstrap(FRAME["y"], X, FRAME["practice"], 1, weights=FRAME["w"])
    assert (found.p_value, found.conf_low) == (same.p_value, pytest.approx(same.conf_low))
    assert found.p_value != compared().p_value


def test_a_term_is_named_as_its_coefficient_or_as_the_formula_writes_it():
    by_term = compared(fixed="arm + x", term="arm")
    assert by_term.term == "arm[T.usual care]"
    assert by_term.p_value == compared(fixed="arm + x", term="arm[T.usual care]").p_value
    with pytest.raises(ComparisonError, match=r"2 coefficients.*never"):
        compared(fixed="treated + smoking", term="smoking")
    with pytest.raises(ComparisonError, match=r'term="age" is no coefficient.*Intercept, treated'):
        compared(term="age")


def test_the_unadjusted_rows_of_a_product_keep_what_it_is_a_product_of():
    found = compared(fixed="treated*x + deprivation", term="treated:x")
    alone = compared(fixed="treated*x", term="treated:x")
    assert found.table.loc[2, "estimate"] == pytest.approx(alone.estimate)
    assert len(alone.table) == 2
    squared = compared(fixed="treated + x + I(x^2)", term="I(x^2)")
    lone = compared(fixed="x + I(x^2)", term="I(x^2)")
    assert squared.table.loc[2, "estimate"] == pytest.approx(lone.estimate)
    bare = compared(fixed="x + treated:deprivation", term="treated:deprivation")
    assert len(bare.table) == 4


def test_a_coefficient_that_others_are_products_with_says_where_it_holds():
    said = " ".join(compared(fixed="treated*x*smoking").notes)
    assert "the difference where x is 0 and smoking is of its first level" in said
    assert not any("first level" in note or "is 0" in note for note in compared().notes)
    fit = fit_clustered(FRAME, outcome="y", fixed="treated*x", cluster="practice", arm="treated")
    assert any('coefficient of "treated" differ' in note for note in fit.notes)


def test_an_outcome_far_from_zero_changes_no_share():
    far = compared(FRAME.assign(y=FRAME["y"] + 1e9))
    assert far.p_value == compared().p_value
    assert far.estimate == pytest.approx(compared().estimate, rel=1e-5)


def test_above_sixteen_practices_signs_are_drawn_with_a_seed():
    frame = FRAME.assign(practice=np.arange(300) % 20)
    frame["treated"] = (frame["practice"] < 9).astype(int)
    found = compared(frame, draws=999, seed=3)
    assert (found.signs, found.exact, found.seed) == (1_000, False, 3)
    assert found.p_value == compared(frame, draws=999, seed=3).p_value


def test_too_few_practices_give_no_limits_and_say_so():
    few = FRAME[FRAME["practice"].isin([f"practice {each:02d}" for each in (5, 6, 7, 8)])]
    found = compared(few)
    assert (found.conf_low, found.conf_high) == (-np.inf, np.inf)
    assert found.smallest_p_value == 1 / 8
    said = " ".join(found.notes)
    assert "The smallest p-value that 16 sign vectors can give is 0.125" in said
    assert "only 4 practices" in said
    assert "degrees of freedom, fewer than 4" in said
    assert "no limit to no limit" in str(found)


def test_a_coefficient_of_one_practice_is_named_as_such():
    frame = FRAME.assign(treated=(FRAME["practice"] == "practice 00").astype(int))
    assert any("One practice alone" in note for note in compared(frame).notes)
    assert not any("alone" in note for note in compared().notes)


def test_the_record_prints_in_80_columns_and_gives_its_table():
    found = compared(weights="w")
    assert max(map(len, str(found).splitlines())) <= 80
    assert "p 0.0" in repr(found)
    assert found.to_frame().equals(found.table)


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({"seed": -1}, "SF01 seed="),
        ({"draws": 0}, "SF01 draws="),
        ({"null": "0"}, "SF01 null="),
        ({"null": np.nan}, "SF01 null="),
        ({"conf_level": 1}, "SF01 conf_level"),
        ({"measured_after": "x"}, "SF30 column x"),
        ({"weights": "w", "measured_after": ["w"]}, "SF30 column w"),
        ({"measured_after": ["nowhere"]}, "SF02 column nowhere"),
        ({"frame": None}, "SF01 .*no pandas DataFrame"),
        ({"fixed": "treated + arm"}, "SF10"),
        ({"cluster": "arm"}, None),
    ],
)
def test_what_cannot_be_tested_is_refused_by_name(how, said):
    if said is None:
        assert compared(**how, fixed="x", term="x").signs == 4
        return
    with pytest.raises(ComparisonError, match=said):
        compared(**how)


def test_a_model_that_fits_without_error_is_refused():
    with pytest.raises(ComparisonError, match=r"SF10 .*without error"):
        compared(FRAME.assign(y=3 + 2 * FRAME["treated"]), fixed="treated")
