"""Designs told by a matrix of sequences and periods."""

from __future__ import annotations

import numpy as np
import pytest

from splw_eval import power

ROUNDING = 1e-9
WEDGE = [[0, 1, 1, 1], [0, 0, 1, 1], [0, 0, 0, 1]]
BASIC = {"size": 20, "icc": 0.05, "cac": 0.8, "diff": 0.3, "sd": 1.0}


def solved(kind="matrix", **options):
    return power.solve(power.design(kind, **{**BASIC, **options}))


def told(error):
    return " ".join(str(one) for one in error.value.findings)


@pytest.mark.parametrize("baseline", ["none", "ancova"])
def test_two_arms_are_those_of_the_baseline_design(baseline):
    matrix = [[1], [0]] if baseline == "none" else [[0, 1], [0, 0]]
    one = solved(matrix=matrix, clusters=20)
    two = solved("baseline", baseline=baseline, clusters=20)
    assert float(one.std_error) == pytest.approx(float(two.std_error), rel=ROUNDING)


def test_one_period_is_the_parallel_trial():
    options = {"clusters_arm": [7, 12], "cac": None}
    one = solved(matrix=[[1], [0]], **options)
    two = solved("parallel", **options)
    assert float(one.std_error) == pytest.approx(float(two.std_error), rel=ROUNDING)
    assert float(one.power) == pytest.approx(float(two.power), rel=ROUNDING)


def test_without_clusters_it_is_a_trial_of_people():
    found = solved(matrix=[[1], [0]], clusters=10, icc=0.0, test="z")
    assert float(found.std_error) ** 2 == pytest.approx(2 / 100, rel=ROUNDING)


def test_clusters_of_one_are_people():
    found = solved(matrix=[[1], [0]], clusters=200, size=1, icc=0.4)
    assert float(found.std_error) ** 2 == pytest.approx(2 / 100, rel=ROUNDING)


def test_blanks_cost_precision():
    whole = solved(matrix=WEDGE, per_sequence=4)
    part = solved(matrix=[[0, 1, 1, None], [0, 0, 1, 1], [None, 0, 0, 1]], per_sequence=4)
    assert float(part.std_error) > float(whole.std_error)
    assert float(part.precision.parts["patients"]) == 4 * 20 * 10


def test_a_size_of_none_is_a_blank():
    sizes = np.full((3, 4), 20.0)
    sizes[0, 3] = sizes[2, 0] = 0
    one = solved(matrix=WEDGE, clusters=3, sizes=sizes, size=None, force=True)
    matrix = [[0, 1, 1, None], [0, 0, 1, 1], [None, 0, 0, 1]]
    two = solved(matrix=matrix, clusters=3, force=True)
    assert float(one.std_error) == pytest.approx(float(two.std_error), rel=ROUNDING)


def test_fading_correlations_go_by_the_real_times():
    even = solved(matrix=WEDGE, clusters=12, decay=True)
    wide = solved(matrix=WEDGE, clusters=12, decay=True, visits=[0, 3, 6, 9], decay_unit=3)
    assert float(even.std_error) == pytest.approx(float(wide.std_error), rel=ROUNDING)
    uneven = solved(matrix=WEDGE, clusters=12, decay=True, visits=[0, 3, 12, 18], decay_unit=3)
    assert abs(float(uneven.std_error) / float(even.std_error) - 1) > 0.01


def test_a_residual_sd_is_less_than_the_whole():
    """The convention of swCRTdesign, against that of the Shiny calculator."""
    residual = solved(matrix=WEDGE, clusters=12, sd_is="residual", iac=0.4, test="z")
    whole = solved(matrix=WEDGE, clusters=12, sd=1 / (0.95 * 0.6) ** 0.5, iac=0.4, test="z")
    assert float(residual.power) == pytest.approx(float(whole.power), rel=ROUNDING)


def test_an_sd_between_clusters_says_what_an_icc_says():
    one = solved(matrix=WEDGE, clusters=12, icc=None, sd_cluster=0.3, sd_is="residual")
    two = solved(matrix=WEDGE, clusters=12, icc=0.09 / 1.09, sd_is="residual")
    assert float(one.std_error) == pytest.approx(float(two.std_error), rel=ROUNDING)


def test_rules_of_degrees_of_freedom_are_side_by_side():
    found = solved(matrix=WEDGE, clusters=12)
    assert {name: float(one) for name, one in found.precision.df.items()} == {
        "k-2": 10,
        "between-within": 12 - 4 - 1,
    }
    assert list(found.by_rule) == ["k-2", "between-within", "z"]


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        ({"matrix": [[0, 2], [1, 0]]}, "SZ03", "--matrix"),
        ({"matrix": [[0, 1], [0, 1]]}, "SZ05", "cannot tell the effect from time"),
        ({"matrix": [[0, 1], [None, None]]}, "SZ03", "row of blanks"),
        ({"matrix": WEDGE, "cac": -0.9}, "SZ09", "--cac"),
        ({"matrix": WEDGE, "icc": -0.2}, "SZ06", "--icc"),
        ({"matrix": WEDGE, "sd_cluster": 0.3}, "SZ05", "--sd-cluster"),
        ({"matrix": WEDGE, "icc": None, "sd_cluster": 1.3}, "SZ06", "--sd-cluster"),
        ({"matrix": WEDGE, "sampling": "cohort"}, "SZ02", "--iac"),
        ({"matrix": WEDGE, "sampling": "cross-section", "iac": 0.4}, "SZ05", "--iac"),
        ({"matrix": WEDGE, "treatment_correlation": 0.5}, "SZ05", "--sd-treatment"),
        ({"matrix": WEDGE, "visits": [0, 3, 12]}, "SZ05", "--visits"),
        ({"matrix": WEDGE, "visits": [0, 3, 3, 12]}, "SZ05", "--visits"),
        ({"matrix": WEDGE, "exposure_weights": [1.0]}, "SZ05", "--exposure-weights"),
        ({"matrix": WEDGE, "decay_unit": 3.0}, "SZ05", "--decay-unit"),
        ({"matrix": WEDGE, "sizes": [20.0] * 12}, "SZ05", "--size"),
        ({"matrix": WEDGE, "size": None, "sizes": [20.0] * 11}, "SZ05", "lists 11 clusters"),
        ({"matrix": WEDGE, "per_sequence": 4}, "SZ05", "--per-sequence"),
    ],
)
def test_what_contradicts_itself_is_refused(options, code, words):
    with pytest.raises(power.DesignError) as error:
        solved(**{"clusters": 12, **options})
    assert code in {one.code for one in error.value.findings}
    assert words in told(error)
