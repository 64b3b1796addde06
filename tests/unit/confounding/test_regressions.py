"""Rows of regressions: rounding is no error, and practices are counted in words that fit."""

from __future__ import annotations

import numpy as np
import pytest

from splw_eval.confounding.basis.regressions import (
    fit_people,
    of_contrast,
    practice_notes,
    reckoned,
    spread_of,
    too_few_practices,
    unit,
)
from splw_eval.confounding.checks import TELLER
from splw_eval.models.person_rows import read_person_rows
from tests.unit.confounding.given_people import given_people


def rows_of(*practices: str):
    frame = given_people()
    kept = frame[frame["practice"].isin(practices)]
    return read_person_rows(kept, TELLER, "SF", outcome="after", group="arm", cluster="practice")


@pytest.mark.parametrize(("estimate", "spread"), [(1.0, 0.0), (1e-17, 0.5)])
def test_rounding_is_no_standard_error(estimate, spread):
    row = reckoned(estimate, 1.7e-17, 10, 0.95, spread)
    assert row["estimate"] == estimate
    for name in ("std_error", "statistic", "p_value", "conf_low", "conf_high"):
        assert np.isnan(row[name])


def test_a_small_error_of_a_small_outcome_is_one():
    assert reckoned(1e-14, 1e-15, 10, 0.95, spread_of([1e-14, 2e-14]))["p_value"] < 0.001


def test_an_outcome_made_of_its_column_has_no_p_value():
    x = np.arange(20.0)
    fit = fit_people(2 * x + 1, np.column_stack([np.ones(20), x]), None)
    row = of_contrast(fit, unit(1, 2), 0.95, spread_of(2 * x + 1))
    assert row["estimate"] == pytest.approx(2)
    assert np.isnan(row["p_value"])


def test_practices_of_each_group_are_counted():
    few, two = rows_of("P00", "P07", "P08", "P09"), rows_of("P00", "P07")
    (found,) = too_few_practices(few, "practice", 3, of_each=2)
    assert (found.code, found.problem) == ("SF08", "a group has people of one practice only")
    assert not list(too_few_practices(few, "practice", 3))
    (found,) = too_few_practices(two, "practice", 3, of_each=2)
    assert found.problem == "the rows that can be used are of 2 practices; 3 are needed"
    assert not list(too_few_practices(two, None, 3, of_each=2))


def test_one_practice_is_no_practices():
    notes = " ".join(practice_notes(rows_of("P00", "P07", "P08")))
    assert '"programme" has people of only 1 practice:' in notes
    assert '"comparison" has people of only 2 practices:' in notes
