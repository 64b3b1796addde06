"""One comparison under every strategy, side by side."""

from __future__ import annotations

import numpy as np
import pytest

from splw_eval.missing.assumptions.sensitivity import sensitivity
from splw_eval.missing.assumptions.tipping_point import tipping_point
from splw_eval.missing.checks import MissingError
from splw_eval.missing.filling.draw import draw
from splw_eval.missing.filling.impute import impute
from splw_eval.missing.pooling.analyse import analyse
from splw_eval.missing.pooling.pool import pool
from tests.unit.missing.given_waves import NAMES, drawn, waves_frame

ROUNDING = 1e-9


def test_each_row_is_what_imputing_analysing_and_pooling_gives():
    found = sensitivity(drawn(), wave=18, reference="comparison").table
    assert found["strategy"].tolist() == ["MAR", "J2R", "CIR", "CR", "LMCF"]
    for _, row in found.iterrows():
        completed = impute(drawn(), strategy=row["strategy"], reference="comparison")
        pooled = pool(analyse(completed, wave=18, fixed="arm + score_0 + age", cluster="gp")).table
        wanted = pooled[pooled["term"].str.startswith("arm")].iloc[0]
        for name in ("estimate", "std_error", "df", "conf_low", "conf_high", "fraction_missing"):
            assert row[name] == pytest.approx(wanted[name], rel=ROUNDING), name


def test_missing_at_random_is_there_even_where_it_is_not_asked_for():
    found = sensitivity(drawn(), wave=12, reference="comparison", strategies=["copy reference"])
    assert found.table["strategy"].tolist() == ["MAR", "CR"]
    assert (found.wave, found.n) == ("12", 160)


def test_it_prints_within_eighty_columns():
    text = str(sensitivity(drawn(), wave=18, reference="comparison"))
    assert max(map(len, text.splitlines())) <= 80


def test_faults_are_told_together():
    with pytest.raises(MissingError) as told:
        sensitivity(drawn(), wave=5, reference=None, strategies=["LOCF"], conf_level=0)
    assert len(told.value.findings) == 4


def test_what_was_told_of_the_draws_is_told_again():
    few = draw(waves_frame(80), **NAMES, imputations=2, burn_in=20, thin=1)
    assert any("by_arm=True" in note for note in few.notes)
    for found in (
        sensitivity(few, wave=18, reference="comparison"),
        tipping_point(few, wave=18, reference="comparison"),
    ):
        assert set(few.notes) <= set(found.notes)
        assert "Missing at random is assumed" in " ".join(found.notes)


def test_an_arm_of_one_practice_is_refused():
    frame = waves_frame()
    frame["gp"] = np.where(frame["arm"] == "programme", "one", frame["gp"])
    draws = draw(frame, **NAMES, imputations=2, burn_in=20, thin=1)
    for compared in (sensitivity, tipping_point):
        with pytest.raises(MissingError, match='"programme" has one practice only'):
            compared(draws, wave=18, reference="comparison")
