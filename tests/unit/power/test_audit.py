"""The planned size of a study beside what was reached, for each design and with small numbers."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from splw_eval import power
from splw_eval.core.model_rows import PRIMARY
from splw_eval.data import Study, load_study
from splw_eval.describe import describe_contrasts, describe_ratios
from splw_eval.power import DesignAudit, audit
from splw_eval.power.audit_contrasts import contrast_lines
from splw_eval.power.audit_design import Size, Spread, exactness_of, planned_exactness
from splw_eval.stats.power.detectable import detectable_difference
from tests.unit.describe.comparison.given_models import contrast, study

ROUNDED = 0.006  # three figures of numbers near 1
EXAMPLE = Path(__file__).parents[3] / "analyses" / "example_programme" / "study.toml"
EXACT: dict[str, Any] = {"disclosure": {"profile": "public_data", "reason": "made up"}}


def cited(value: float) -> dict[str, Any]:
    return {"value": value, "source": "a paper"}


PLANNED = {
    "design": "parallel",
    "power": 0.9,
    "people": 240,
    "clusters_arm": [6, 6],
    "target_difference": cited(1.5),
    "sd": cited(4.0),
    "icc": cited(0.05),
    "cluster_size_cv": cited(0.4),
    "correlation": cited(0.6),
    "attrition": cited(0.25),
}


def planned(design: str = "cluster_trial", *, size: Any = None, **changes: Any) -> Study:
    return study(design, sample_size=PLANNED if size is None else size, **changes)


def names(found: DesignAudit) -> list[str]:
    return [line.quantity for line in found.lines]


@pytest.fixture(scope="module")
def exact() -> tuple[Study, DesignAudit]:
    of = planned(**EXACT)
    return of, audit(of)


def test_numbers_reached_stand_beside_those_planned(exact):
    _, found = exact
    clusters = found.line("practices, all groups")
    assert (clusters.planned, clusters.achieved) == (12, 12)
    people = found.line("people, all groups")
    assert (people.planned, people.achieved) == (240, 240)
    assert "240 of 240 planned (100%)" in people.sentence


def test_the_icc_is_the_models_with_its_interval_and_its_source(exact):
    of, found = exact
    wave = of.plan.estimand.contrast.waves[0]
    title = next(w.title for w in of.plan.waves if w.name == wave)
    (row,) = [r for r in describe_ratios(of).rows if r.measure == f"ICC at {title}"]
    line = found.line("intra-cluster correlation (ICC)")
    assert line.achieved == pytest.approx(row.estimate, abs=1e-4)
    assert (line.conf_low, line.conf_high) == (row.conf_low, row.conf_high)
    assert (line.planned, line.source) == (0.05, "a paper")
    assert "the interval" in line.sentence


def test_losses_are_told_by_wave_and_arm(exact):
    of, found = exact
    lost = [name for name in names(found) if name.startswith("lost by")]
    assert len(lost) == (len(of.plan.waves) - 1) * len(of.plan.groups)
    place = len(of.plan.waves) - 1
    scores = of.scores[of.plan.primary.name]
    gone = np.isnan(scores[of.people.arm == 0, place]).mean()
    title, arm = of.plan.waves[place].title, of.plan.groups[0]
    line = found.line(f"lost by {title}, {arm}")
    assert line.achieved == pytest.approx(gone, abs=1e-4)


def test_precision_is_that_of_the_primary_contrast(exact):
    of, found = exact
    row: Any = next(r for r in describe_contrasts(of).rows if r.part == PRIMARY)
    error = found.line("standard error of the main question").achieved
    assert error == pytest.approx(row.std_error, rel=ROUNDED)
    half = found.line("half-width of its 95% interval").achieved
    assert half == pytest.approx((row.conf_high - row.conf_low) / 2, rel=ROUNDED)
    least = found.line("difference detected by the precision reached").achieved
    expected = detectable_difference(row.std_error, 10, power=0.9)  # 12 practices less 2
    assert least == pytest.approx(float(expected), rel=ROUNDED)


def test_planned_and_reached_are_compared_with_the_same_degrees_of_freedom(exact):
    of, found = exact
    row: Any = next(r for r in describe_contrasts(of).rows if r.part == PRIMARY)
    of_plan = planned_exactness(of.plan)
    assert of_plan is not None
    assert row.df > of_plan.df == 10
    error = found.line("standard error of the main question")
    for name, planned in (
        ("half-width of its 95% interval", of_plan.half_width),
        ("difference detected by the precision reached", of_plan.detectable),
    ):
        line = found.line(name)
        assert line.planned == pytest.approx(planned, rel=ROUNDED)
        assert "10 df, as planned" in line.sentence
        assert abs(per_cent(line.sentence) - per_cent(error.sentence)) <= 1  # as rounded
    own = float(detectable_difference(row.std_error, row.df, power=0.9))
    assert f"own {row.df:.3g} df it is {own:.3g}" in line.sentence


def per_cent(sentence: str) -> int:
    """By how much what was reached differs from what was planned."""
    (said,) = re.findall(r"That is (\d+)% less than was planned", sentence)
    return int(said)


def test_a_study_worse_than_planned_on_equal_terms_is_not_said_to_be_as_planned():
    found = audit(load_study(EXAMPLE))
    for name in (
        "standard error of the main question",
        "half-width of its 95% interval",
        "difference detected by the precision reached",
    ):
        assert "5% more than was planned" in found.line(name).sentence
    assert "it would be 0.907" in found.line("half-width of its 95% interval").sentence
    assert found.line("difference detected by the precision reached").achieved == 1.27


def test_without_degrees_of_freedom_of_the_plan_those_of_the_analysis_count():
    of = study(**EXACT)
    row: Any = next(r for r in describe_contrasts(of).rows if r.part == PRIMARY)
    least = audit(of).line("difference detected by the precision reached").achieved
    expected = detectable_difference(row.std_error, row.df, power=0.8)
    assert least == pytest.approx(float(expected), rel=ROUNDED)


def test_a_plan_that_does_not_add_up_is_told_so():
    line = audit(load_study(EXAMPLE)).line("planned difference, by the planned figures")
    assert line.planned == 1.03
    assert line.achieved is None
    assert "did not add up: its own figures give a power of 0.66 to find 1.03, and not 0.8" in (
        line.sentence
    )
    assert "they detect 1.21" in line.sentence


def test_a_plan_that_adds_up_is_told_so_by_the_planners_own_power(exact):
    _, found = exact
    line = found.line("planned difference, by the planned figures")
    wide = audit(planned(size={**PLANNED, "target_difference": cited(3.0)}, **EXACT))
    assert "adds up" in wide.line("planned difference, by the planned figures").sentence
    residual = 4.0 * (1 - 0.6**2) ** 0.5
    given: dict[str, Any] = {"clusters_arm": [6, 6], "size": 20, "dropout": 0.25, "cv": 0.4}
    answer = power.solve(power.design("parallel", icc=0.05, sd=residual, diff=1.5, **given))
    assert f"a power of {float(answer.power):.2f} to find 1.5, and not 0.9" in line.sentence


def test_what_was_planned_is_what_the_planner_gives(exact):
    of, found = exact
    residual = 4.0 * (1 - 0.6**2) ** 0.5
    design = power.design(
        "parallel",
        clusters_arm=[6, 6],
        size=20,
        dropout=0.25,
        cv=0.4,
        icc=0.05,
        sd=residual,
        power=0.9,
    )
    answer = power.solve(design)
    of_plan = planned_exactness(of.plan)
    assert of_plan is not None
    assert of_plan.std_error == pytest.approx(float(answer.std_error), rel=1e-9)
    assert of_plan.df == float(answer.df) == 10
    assert of_plan.detectable == pytest.approx(float(answer.mde), rel=1e-7)
    line = found.line("difference detected by the precision reached")
    assert line.planned == pytest.approx(of_plan.detectable, rel=ROUNDED)


def test_power_is_never_worked_out_from_the_estimate():
    none, large = (audit(planned(effect=effect, **EXACT)) for effect in (0.0, 3.0))
    for name in names(none):
        if "detect" in name or "half-width" in name:
            assert none.line(name).achieved == pytest.approx(large.line(name).achieved, rel=0.02)
    assert none.to_dict()["observed_power"] is None
    assert any("Observed power is not given" in note for note in none.notes)
    assert not any("power" in name for name in names(none))


def test_a_difference_is_held_against_the_mid(exact):
    of, found = exact
    mid = of.plan.primary.mid
    assert mid is not None
    line = found.line("half-width of its 95% interval")
    assert line.achieved is not None
    assert f"It is {'less' if line.achieved < mid.value else 'no less'} than the MID" in (
        line.sentence
    )
    assert found.line("minimal important difference (MID)").planned == mid.value


def test_without_a_plan_of_the_size_what_was_reached_is_told_all_the_same():
    found = audit(study(**EXACT))
    assert found.line("practices, all groups").planned is None
    assert "not stated in the plan" in found.line("practices, all groups").sentence
    assert found.line("difference that the design detects, figures as found").achieved
    assert any("no [sample_size]" in note for note in found.notes)
    assert any("as is usual, since the plan names none" in note for note in found.notes)


def test_few_people_are_hidden_and_nothing_tells_of_them():
    found = audit(planned("individual_trial", size={}, people=40, programme_share=0.1, seed=3))
    arm = found.line("people, " + study("individual_trial").plan.groups[0])
    assert arm.masked
    assert arm.achieved is None
    assert "too few people" in arm.sentence
    assert found.line("people, all groups").masked
    of_precision = [line for line in found.lines if line.of_precision]
    assert len(of_precision) >= 4
    assert all(line.achieved is None for line in of_precision)


def test_counts_are_rounded_as_in_the_report():
    found = audit(planned(people=243))
    counts = [line.achieved for line in found.lines if line.quantity.startswith("people, ")]
    assert counts
    assert all(n is not None and n % 5 == 0 for n in counts)
    assert found.disclosure.profile == "nhs"


def test_people_without_practices_have_no_lines_of_practices():
    size = {"design": "individual", "people": 200, "sd": cited(4.0), "correlation": cited(0.6)}
    found = audit(planned("individual_trial", size=size, practices=None, **EXACT))
    assert not any("practice" in name or "ICC" in name for name in names(found))
    line = found.line("standard error of the main question")
    assert line.planned == pytest.approx(4 * (1 - 0.36) ** 0.5 * (2 / 100) ** 0.5, rel=ROUNDED)


def test_one_group_is_told_by_its_change():
    size = {"design": "pre-post", "people": 240, "sd": cited(4.0), "correlation": cited(0.6)}
    found = audit(planned("pre_post", size=size, **EXACT))
    assert found.line("practices").achieved == 12
    assert found.line("people").achieved == 240
    line = found.line("standard error of the main question")
    assert line.planned == pytest.approx(4 * (0.8 / 240) ** 0.5, rel=ROUNDED)
    assert found.line("difference that the design detects").achieved


def test_link_workers_of_one_arm_are_units_there_alone():
    found = audit(planned("individual_trial", size={}, workers=8, interval_by="link_worker"))
    assert "link workers, all groups" in names(found)
    of_arms = [name for name in names(found) if name.startswith("link workers, ")]
    assert len(of_arms) == 2  # the programme's, and all
    assert found.line("difference that the design detects, figures as found").achieved


def test_a_slope_is_not_held_against_a_size_of_change():
    found = audit(planned(estimand=contrast("slope"), **EXACT))
    assert not any(name.startswith("difference that the design") for name in names(found))
    assert "MID" not in found.line("half-width of its 95% interval").sentence
    assert found.line("standard error of the main question").planned is None


def test_a_study_whose_model_cannot_be_fitted_is_told_so():
    of = planned(practices=240, people=240)
    found = audit(of)
    line = found.line("standard error of the main question")
    assert line.achieved is None
    assert "no model could be fitted" in line.sentence
    assert any("no model could be fitted" in note for note in found.notes)


def test_losses_planned_by_wave_stand_at_their_waves():
    of = study()
    shares = {wave.name: 0.1 * i for i, wave in enumerate(of.plan.waves) if i}
    size = {"dropout": {"shares": shares, "source": "a paper"}}
    found = audit(planned(size=size, **EXACT))
    told = {line.quantity: line.planned for line in found.lines if line.quantity.startswith("lost")}
    assert set(told.values()) == set(shares.values())


def test_the_table_and_the_record_hold_every_line(exact):
    _, found = exact
    table = found.table
    assert list(table.columns[:3]) == ["quantity", "planned", "achieved"]
    assert len(table) == len(found.lines) == len(set(names(found)))
    record = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    assert [row["quantity"] for row in record["rows"]] == names(found)
    assert "Design audit of" in repr(found)
    with pytest.raises(KeyError):
        found.line("observed power")


def test_the_synthetic_programme_is_audited_from_its_files():
    found = audit(load_study(EXAMPLE))
    assert found.synthetic
    assert found.line("practices, Link workers").achieved == 7
    assert found.line("practices, Usual care").achieved == 8
    assert found.line("standard error of the main question").planned == pytest.approx(0.4, abs=0.01)


def test_precision_of_unlike_arms_has_degrees_of_freedom_by_satterthwaite():
    spread = Spread(sd=1.0, icc=0.05, cv=0.0, correlation=None)
    nested = (
        Size(clusters=10, people=8),
        Size(clusters=80, people=1, alone=True),
    )
    found = exactness_of(nested, spread, power=0.8, alpha=0.05)
    assert found is not None
    inner, outer = (1 + 7 * 0.05) / 80, 1 / 80
    assert found.std_error == pytest.approx((inner + outer) ** 0.5, rel=1e-12)
    df = (inner + outer) ** 2 / (inner**2 / 9 + outer**2 / 79)
    assert found.df == pytest.approx(df, rel=1e-12)


@pytest.mark.parametrize("cac", [None, 0.7])
def test_a_change_of_one_group_is_what_the_planner_gives(cac):
    spread = Spread(sd=4.0, icc=0.06, cv=0.3, correlation=0.5, cac=cac)
    found = exactness_of((Size(clusters=9, people=14),), spread, power=0.8, alpha=0.05)
    design = power.design(
        "pre-post",
        clusters=9,
        size=14,
        sd=4.0,
        icc=0.06,
        cv=0.3,
        iac=0.5,
        cac=0.5 if cac is None else cac,
        power=0.8,
    )
    answer = power.solve(design)
    assert found is not None
    assert found.std_error == pytest.approx(float(answer.std_error), rel=1e-12)
    assert found.df == float(answer.df) == 8
    assert found.detectable == pytest.approx(float(answer.mde), rel=1e-7)


def test_three_arms_have_no_single_design_to_be_held_against():
    third = {"value": "more", "label": "More", "role": "programme"}
    of = study()
    arms = [arm.model_dump(mode="json") for arm in of.plan.arms]
    held = study(arms=[*arms, third], time_zero=[{"event": "referral"}])
    arm = np.arange(240) % 12 // 4
    found = audit(replace(held, people=replace(held.people, arm=arm)))
    assert sum(line.quantity.startswith("standard error") for line in found.lines) == 2
    assert not any(line.quantity.startswith("difference that the") for line in found.lines)
    assert len(set(names(found))) == len(found.lines)


@pytest.mark.parametrize(
    "second", [Size(clusters=1, people=9), Size(clusters=80, people=1, alone=True)]
)
def test_too_few_clusters_detect_nothing(second):
    spread = Spread(sd=1.0, icc=0.05, cv=0.0, correlation=None)
    arms = (Size(clusters=1, people=9), second)
    found = exactness_of(arms, spread, power=0.8, alpha=0.05)
    assert found is not None
    assert np.isnan(found.detectable)


def test_one_practice_of_each_group_is_told_so_and_the_record_holds_no_nan():
    found = audit(planned(practices=2, **EXACT))
    line = found.line("difference that the design detects")
    assert line.achieved is None
    assert "no difference can be told from chance" in line.sentence
    json.dumps(found.to_dict(), allow_nan=False)


def test_an_analysis_by_the_normal_is_told_so_beside_the_planned_rule(exact):
    of, _ = exact
    row: Any = next(r for r in describe_contrasts(of).rows if r.part == PRIMARY)
    lines = contrast_lines(of.plan, replace(row, df=None), planned_exactness(of.plan), 10, "")
    least = list(lines)[-1]
    by_t, by_z = (
        float(detectable_difference(row.std_error, df, power=0.9)) for df in (10.0, np.inf)
    )
    assert least.achieved == pytest.approx(by_t, rel=ROUNDED)
    assert f"by the normal, as the analysis tells no df, it is {by_z:.3g}" in least.sentence
