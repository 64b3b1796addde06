"""Bands and kinds of differences where a score is not out of the whole scale."""

from __future__ import annotations

import pandas as pd
import pytest

import splw_eval
from splw_eval.instruments import read_catalogue


def test_a_band_is_given_only_where_the_scale_of_its_limits_applies():
    frame = pd.DataFrame({str(k): [5, 5] for k in range(1, 6)})
    scored = splw_eval.score(frame, instrument="wsas", work_not_applicable=[False, True])
    assert scored["total"].tolist() == [25, 20]
    assert scored["maximum"].tolist() == [40, 32]
    assert scored["band"][0] == "moderately severe or worse"
    assert pd.isna(scored["band"][1])


@pytest.mark.parametrize("name", ["swemwbs", "wemwbs", "wemwbs_to_swemwbs"])
def test_one_and_2_77_standard_errors_are_two_kinds(name):
    for score in read_catalogue()[name].scores:
        kinds = {d.kind: d for d in score.differences if "SEM" in d.note}
        if not kinds:
            continue
        one = kinds["one standard error of measurement"]
        far = kinds["2.77 standard errors of measurement"]
        assert "2.77" not in one.note
        assert "2.77" in far.note
        assert one.value is not None
        assert far.value is not None
        assert 2.5 * one.value < far.value < 3 * one.value
