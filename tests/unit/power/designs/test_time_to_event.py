"""Trials of a time to an event: events, people, clusters and refusals."""

from __future__ import annotations

import numpy as np
import pytest

from splw_eval import power

KEPT = {"visits": [0, 3, 12, 18], "retention": [1, 0.85, 0.7, 0.6]}


def solved(**options):
    return power.solve(power.design("tte", **options))


def test_events_alone_are_found_without_any_people():
    found = solved(hr=0.5, power=0.9, solve="events")
    assert float(found.unrounded) == pytest.approx(87.4792977215, abs=1e-6)
    assert found.patients is None


def test_an_effect_and_its_mirror_image_need_the_same_events():
    both = [float(solved(hr=hr, power=0.9, solve="events").unrounded) for hr in (0.5, 2.0)]
    assert both[0] == pytest.approx(both[1], rel=1e-10)


def test_constant_retention_is_a_constant_hazard():
    hazard = -np.log(0.6) / 18
    kept = {"visits": [0, 9, 18], "retention": [1, np.sqrt(0.6), 0.6]}
    by_share = solved(hr=0.7, patients=500, accrual=6, **kept)
    by_hazard = solved(hr=0.7, patients=500, accrual=6, duration=24, rate0=hazard)
    assert float(by_share.power) == pytest.approx(float(by_hazard.power), rel=1e-10)


def test_the_hazard_ratio_may_be_two_hazards():
    one = solved(rate0=0.05, rate1=0.03, patients=400, duration=12)
    other = solved(rate0=0.05, hr=0.6, patients=400, duration=12)
    assert float(one.power) == pytest.approx(float(other.power), rel=1e-12)


@pytest.mark.parametrize("formula", ["schoenfeld", "freedman", "lachin-foulkes"])
@pytest.mark.parametrize("hr", [0.7, 1.6])
def test_people_and_the_detectable_ratio_give_the_power_asked(formula, hr):
    people = solved(hr=hr, power=0.8, formula=formula, **KEPT)
    assert float(people.power) >= 0.8
    exact = float(people.unrounded)
    back = solved(hr=hr, power=0.8, patients=exact, formula=formula, solve="mde", **KEPT)
    assert float(back.unrounded) == pytest.approx(hr, rel=1e-6)


def test_loss_costs_events():
    whole = solved(hr=0.7, patients=600, **KEPT)
    lost = solved(hr=0.7, patients=600, dropout=[0, 0.05, 0.1, 0.2], **KEPT)
    assert float(lost.precision.parts["events"]) < float(whole.precision.parts["events"])
    assert float(lost.power) < float(whole.power)


def test_covariates_that_tell_of_the_arm_cost_people():
    plain, adjusted = (
        float(solved(hr=0.7, p0=0.4, power=0.8, r2=one).unrounded) for one in (0.0, 0.1)
    )
    assert adjusted == pytest.approx(plain / 0.9, rel=1e-9)


def test_the_design_effect_multiplies_people_and_is_called_approximate():
    plain = solved(hr=0.7, p0=0.35, power=0.8)
    given = {"hr": 0.7, "p0": 0.35, "power": 0.8, "size": 20, "icc": 0.02}
    wide = solved(**given, solve="patients", test="z")
    assert float(wide.unrounded) == pytest.approx(1.38 * float(plain.unrounded), rel=1e-9)
    assert "approximation" in wide.asked.kind.model(wide.asked.values)
    assert any(note.startswith("Approximate") for note in wide.notes)


def test_a_frailty_adds_the_variance_of_clusters_and_takes_their_df():
    given = {"hr": 0.6, "p0": 0.4, "clusters": 20, "size": 30}
    plain, frail = solved(**given, icc=0, test="z"), solved(**given, sd_cluster=0.2)
    added = float(frail.precision.variance - plain.precision.variance)
    assert added == pytest.approx(0.2**2 * (1 / 10 + 1 / 10), rel=1e-9)
    assert float(frail.df) == 18
    assert float(frail.power) < float(frail.by_rule["z"]) < float(plain.power)


def test_a_frailty_can_be_more_than_any_people_overcome():
    given = {"hr": 0.8, "p0": 0.4, "clusters": 8, "sd_cluster": 0.4, "power": 0.8}
    with pytest.raises(power.InfeasibleError, match="ceiling"):
        solved(**given, solve="patients")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"hr": 0.7, "power": 0.8, "solve": "patients"}, "--solve events"),
        ({"hr": 0.7, "power": 0.8, "rate0": 0.1}, "--duration: is missing"),
        ({"hr": 0.7, "power": 0.8, "p0": 0.3, "rate0": 0.1, "duration": 5}, "more than once"),
        ({"hr": 0.7, "rate1": 0.1, "rate0": 0.2, "duration": 5, "power": 0.8}, "same twice"),
        ({"hr": 0.7, "power": 0.8, "visits": [0, 6], "retention": [1, 0.8, 0.9]}, "rises"),
        ({"hr": 0.7, "power": 0.8, "visits": [0, 6], "retention": [0.9, 0.8]}, "not 1 at"),
        ({"hr": 0.7, "power": 0.8, "rate0": 0.1, "duration": 5, "accrual": 6}, "longer than"),
        ({"hr": 0.7, "p0": 0.3, "patients": 90, "icc": 0.1, "sd_cluster": 0.2}, "both widen"),
        ({"hr": 0.7, "p0": 0.3, "patients": 90, "icc": 0.1}, "--size: is missing"),
        ({"hr": 0.7, "p_event": 0.3, "power": 0.8, "formula": "lachin-foulkes"}, "each arm"),
        ({"hr": 1.0, "p0": 0.3, "power": 0.8}, "no number of people"),
        ({"hr": 0.7, "p0": 0.4, "clusters": 20, "size": 50}, "would not matter at all"),
    ],
)
def test_what_contradicts_itself_is_refused_in_words(options, words):
    with pytest.raises(power.DesignError, match=words):
        power.design("tte", **options)


def test_a_grid_is_the_same_as_one_by_one():
    ratios = np.array([0.5, 0.7, 0.9])
    whole = solved(hr=ratios, patients=500, accrual=6, **KEPT).power
    each = [float(solved(hr=one, patients=500, accrual=6, **KEPT).power) for one in ratios]
    np.testing.assert_allclose(whole, each, rtol=1e-12)


def test_clusters_that_are_said_not_to_matter_still_rule_the_degrees_of_freedom():
    given = {"hr": 0.7, "p0": 0.4, "clusters": 20, "size": 50}
    found = solved(**given, icc=0)
    assert float(found.df) == 18
    assert not any("prefer --test t" in note for note in found.notes)


def test_retention_beyond_the_last_visit_is_told():
    given = {"hr": 0.7, "visits": [0, 6, 12], "retention": [1, 0.8, 0.7], "patients": 300}
    assert any("beyond 12 after" in note for note in solved(**given, duration=48).notes)
    assert not any("beyond 12 after" in note for note in solved(**given).notes)
