"""The columns of the fixed part against patsy, which statsmodels uses."""

from __future__ import annotations

import numpy as np
import patsy
import pytest

from splw_eval.core.errors import FitError
from splw_eval.models.design import read_columns
from splw_eval.models.fixed_part import constrain_baseline, fixed_part_of
from splw_eval.models.formula import parse_formula
from tests.unit.models.made import made_trial

FRAME = made_trial().assign(
    dose=lambda frame: np.arange(len(frame)) % 5,
    sex=lambda frame: np.where(np.arange(len(frame)) % 7 < 3, "f", "m"),
    alone=lambda frame: np.arange(len(frame)) % 3 == 0,
)


def made(text, frame=FRAME):
    read = read_columns(frame, parse_formula(text))
    part = fixed_part_of(parse_formula(text), {f: variable for f, (variable, _) in read.items()})
    return part, {factor: values for factor, (_, values) in read.items()}


@pytest.mark.parametrize(
    "text",
    [
        "1",
        "arm",
        "arm * C(month) + age",
        "arm : C(month)",
        "0 + arm : C(month)",
        "0 + arm * C(month)",
        "C(month) + C(month):arm + age:arm",
        "arm * C(month) * sex",
        "sex + sex:arm:C(month)",
        "alone * age",
        "C(dose):age",
        "0 + C(dose):age + arm",
        "dose + C(month)",
        "age * dose * month",
        "arm:age + age",
        "0 + sex + arm",
    ],
)
def test_columns_are_those_of_patsy(text):
    part, columns = made(text)
    theirs = patsy.dmatrix(text, FRAME, return_type="dataframe")
    ours = dict(zip(part.names, part.matrix(columns, len(FRAME)).T, strict=True))
    assert set(ours) == set(theirs.columns)
    for name, column in ours.items():
        np.testing.assert_array_equal(column, theirs[name])


def test_powers_are_those_of_the_column_under_the_name_that_r_gives_them():
    part, columns = made("arm * I(dose**3) + I(dose^2):C(month)")
    found = dict(zip(part.names, part.matrix(columns, len(FRAME)).T, strict=True))
    theirs = patsy.dmatrix("arm * I(dose**3) + I(dose**2):C(month)", FRAME, return_type="dataframe")
    assert set(found) == {name.replace(" ** ", "^") for name in theirs.columns}
    for name, column in theirs.items():
        np.testing.assert_array_equal(found[name.replace(" ** ", "^")], column)
    assert part.terms.count("I(dose^2):C(month)") == 4


def test_a_power_of_words_is_refused_by_name():
    with pytest.raises(FitError, match='Column "sex" must hold numbers'):
        made("I(sex^2)")


def test_every_column_knows_its_term():
    part, _ = made("arm * C(month)")
    assert part.terms.count("arm:C(month)") == 3
    assert part.terms[0] == "Intercept"


@pytest.mark.parametrize("text", ["arm * C(month)", "0 + arm : C(month)", "C(month)*arm*sex"])
def test_arms_have_one_mean_at_the_first_wave_under_the_constraint(text):
    part, columns = made(text)
    held = constrain_baseline(part, columns, "arm", "month")
    x = held.matrix(columns, len(FRAME))
    assert np.linalg.matrix_rank(x) == x.shape[1]
    first = (FRAME["month"] == 0).to_numpy()
    for sex in ("f", "m"):
        rows = x[first & (FRAME["sex"] == sex).to_numpy()]
        assert (rows == rows[0]).all()
    later = x[~first & (FRAME["sex"] == "f").to_numpy()]
    assert len(np.unique(later, axis=0)) == 6
