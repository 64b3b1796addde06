"""A group that stands on one practice alone."""

from __future__ import annotations

import pytest

from splw_eval import synthetic
from splw_eval.data import load_study


@pytest.mark.parametrize(("practices", "told"), [((1, 2), 1), ((1, 1), 1), ((2, 2), 0)])
def test_practice_and_programme_that_are_one_thing_are_told(tmp_path, practices, told):
    folder = tmp_path / "programme"
    synthetic.programme(seed=3, practices=practices, people=(20, 20)).write(folder)
    found = [f for f in load_study(folder / "study.toml").findings if f.code == "SW86"]
    assert len(found) == told
    assert all("cannot be told apart" in f.remedy for f in found)
