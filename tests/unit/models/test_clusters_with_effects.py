"""Effects of clusters in one arm: only clusters of that arm are counted, whatever the rest hold."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from splw_eval import fit_mixed_model
from splw_eval.models.checks import ModelError
from splw_eval.models.engine_clusters import clusters_with_effects
from splw_eval.models.side_by_side import robust_fit
from tests.unit.models.boundary_rows import rows_of

ROLES = {"outcome": "y", "person": "id", "wave": "w", "cluster": "pr", "arm": "arm"}
OPTIONS = {"cluster_effect_in": ["b"], "covariance": "compound_symmetry"}


def nested(workers, practices=5, *, codes=True, seed=1, size=8):
    """Link workers in "b"; people of "a" may carry a practice's code, which means nothing."""
    rows = rows_of(seed, practices=workers + practices, size=size, by_wave=0.3)
    place = rows["pr"].str[1:].astype(int)
    rows["arm"] = np.where(place < workers, "b", "a")
    return rows if codes else rows.assign(pr=rows["pr"].where(rows["arm"] == "b"))


def fitted_of(rows, **options):
    return fit_mixed_model(rows, fixed="arm * C(w)", **{**ROLES, **OPTIONS, **options})


@pytest.mark.parametrize("codes", [True, False])
@pytest.mark.parametrize("by_arm", [True, False])
def test_two_link_workers_are_too_few_whatever_the_others_carry(codes, by_arm):
    fitted = fitted_of(nested(2, codes=codes), by_arm=by_arm)
    counted = clusters_with_effects(fitted.design, fitted.spec)
    assert counted is not None
    assert counted.count == 2
    assert fitted.contrast()["conf_low"].isna().all()
    assert fitted.coefficients["df"].isna().all()
    text = " ".join(fitted.notes)
    assert "There are 2 clusters" in text
    assert "too few for any interval" in text
    assert "7 clusters" not in text
    assert "7 clusters" not in repr(fitted)
    assert (fitted.icc["clusters"] == 2).all()


def test_codes_of_people_without_effects_change_nothing():
    filled, empty = (fitted_of(nested(6, codes=codes)) for codes in (True, False))
    assert filled.notes == empty.notes
    for what in ("difference", "difference in change"):
        pd.testing.assert_frame_equal(filled.contrast(what), empty.contrast(what))
        pd.testing.assert_frame_equal(filled.side_by_side(what), empty.side_by_side(what))
        assert filled.disagreement(what) == empty.disagreement(what)
    pd.testing.assert_frame_equal(filled.icc, empty.icc)
    pd.testing.assert_frame_equal(filled.ancova().contrast(), empty.ancova().contrast())
    pd.testing.assert_frame_equal(filled.baseline_counts, empty.baseline_counts)
    assert set(filled.influence("difference")["left_out"]) == {f"p{n}" for n in range(6)}
    np.testing.assert_allclose(robust_fit(filled, "CR2").vcov, robust_fit(empty, "CR2").vcov)
    assert "48 of them in 6 clusters" in filled.in_words


def test_one_link_worker_and_workers_of_one_person_each_are_refused():
    for codes in (True, False):
        with pytest.raises(ModelError) as caught:
            fitted_of(nested(1, codes=codes))
        assert [one.code for one in caught.value.findings] == ["SM06"]
        rows = nested(4, codes=codes)
        single = (rows["arm"] == "a") | rows["id"].str.endswith("-0")
        with pytest.raises(ModelError) as caught:
            fitted_of(rows[single])
        assert [one.code for one in caught.value.findings] == ["SM07"]


def test_only_arms_with_effects_are_said_to_have_one_cluster():
    rows = nested(5)
    rows.loc[rows["arm"] == "a", "pr"] = "nobody"
    fitted = fitted_of(rows)
    assert not any("has one cluster" in note for note in fitted.notes)
    everywhere = fitted_of(rows, cluster_effect_in=["a", "b"])
    assert any('"a" has one cluster' in note for note in everywhere.notes)


def test_between_within_counts_link_workers_less_one():
    for codes in (True, False):
        fitted = fitted_of(nested(6, codes=codes), df="between-within")
        assert (fitted.contrast()["df"] == 5).all()
