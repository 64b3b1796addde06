"""Curves of retention by counting, against R's survival and cmprsk."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from splw_eval.stats.survival.curves import survival_curve
from splw_eval.stats.survival.day_counts import count_days, count_groups
from splw_eval.stats.survival.incidence import cumulative_incidence
from splw_eval.stats.survival.logrank import log_rank, observed_expected, stratified_log_rank
from splw_eval.stats.survival.pseudo_values import pseudo_values
from splw_eval.stats.survival.quantiles import time_quantile
from splw_eval.stats.survival.restricted_mean import restricted_mean, time_lost

HERE = Path(__file__).resolve().parent
R = json.loads((HERE / "day_counts.json").read_text(encoding="utf-8"))
DAYS = R["days"]
# The same closed formulas, so only rounding may differ; more of it where influences are summed.
REL = 1e-11
SCALES = ["log-log", "log", "plain"]
PERSON = np.arange(300)


@pytest.fixture(scope="module")
def made():
    return {
        "day": 1 + 37 * PERSON % 97,
        "cause": (PERSON**2 + PERSON // 7) % 3,
        "cluster": PERSON % 15,
        "causes": 2,
    }


@pytest.fixture(scope="module")
def weights():
    return 0.5 + (11 * PERSON % 7) / 7


def close(found, expected, rel=REL):
    np.testing.assert_allclose(found, expected, rtol=rel)


def test_the_share_still_engaged_and_its_errors_agree_with_r(made):
    curve = survival_curve(count_days(**made))
    close(curve.estimate[DAYS], R["survival"])
    close(curve.std_error[DAYS], R["greenwood"])
    close(curve.robust_std_error[DAYS], R["survival_practice"])
    close([curve.conf_low[20], curve.conf_high[20]], R["limits_day_20"])


def test_the_weighted_share_and_its_practice_error_agree_with_r(made, weights):
    curve = survival_curve(count_days(**made, weights=weights))
    close(curve.estimate[DAYS], R["weighted_survival"])
    close(curve.robust_std_error[DAYS], R["weighted_practice"])


def test_the_shares_by_cause_and_their_errors_agree_with_r(made):
    found = cumulative_incidence(count_days(**made))
    close(found.estimate[:, DAYS], R["incidence"])
    close(found.std_error[:, DAYS], R["incidence_error"])
    close(found.robust_std_error[:, DAYS], R["incidence_practice"])


@pytest.mark.parametrize("scale", SCALES)
def test_limits_on_each_scale_agree_with_r(made, scale):
    counts = count_days(**made)
    curve = survival_curve(counts, conf_type=scale)
    close([curve.conf_low[DAYS], curve.conf_high[DAYS]], list(R["limits"][scale].values()))
    found, told = cumulative_incidence(counts, conf_type=scale), R["incidence_limits"][scale]
    close(found.conf_low[:, DAYS], told["low"])
    close(found.conf_high[:, DAYS], told["high"])


def test_the_variance_by_cause_in_the_other_form_agrees_with_cmprsk(made):
    found = cumulative_incidence(count_days(**made), variance="cmprsk")
    close(found.std_error[:, DAYS] ** 2, R["cmprsk_variance"])


def test_leavings_on_day_0_agree_with_r():
    told = R["day_0"]
    found = cumulative_incidence(count_days(told["time"], told["cause"], causes=2))
    close(found.estimate, told["incidence"])
    close(found.std_error, told["error"])


def test_the_mean_days_engaged_agree_with_r(made):
    found = restricted_mean(count_days(**made), 80)
    close([found.estimate[0], found.std_error[0]], R["restricted_mean_80"])
    close(found.robust_std_error[0], R["restricted_mean_80_practice"])


def test_the_days_lost_to_each_cause_agree_with_r(made):
    found = time_lost(count_days(**made), 80)
    close(found.estimate, R["time_lost_80"])
    close(found.robust_std_error, R["time_lost_80_practice"])


def test_means_over_times_that_are_no_whole_days_agree_with_r(made):
    counts, day = count_days(**made), np.arange(98)
    real = 0.5 * day + 0.01 * day**2
    found = restricted_mean(counts, 60, times=real)
    close([found.estimate[0], found.std_error[0]], R["real_restricted_mean_60"])
    close(time_lost(counts, 60, times=real).estimate, R["real_time_lost_60"])


@pytest.mark.parametrize("told", R["quantiles"])
def test_quantiles_and_their_limits_agree_with_r(told):
    curve = survival_curve(
        count_days(told["time"], told["event"], causes=1, last_day=20), conf_type=told["conf_type"]
    )
    found = [time_quantile(curve, share) for share in (0.25, 0.5, 0.75)]
    for field, name in [("estimate", "quantile"), ("conf_low", "low"), ("conf_high", "high")]:
        expected = [np.nan if value is None else value for value in told[name]]
        np.testing.assert_array_equal([getattr(one, field) for one in found], expected)


def groups_of(made, codes, **kept):
    return count_groups(group=codes, groups=int(codes.max()) + 1, last_day=97, **(made | kept))


def same_test(found, told):
    close(found.observed, told["observed"])
    close(found.expected, told["expected"])
    # Of a group that the others balance exactly: R's own rounding.
    np.testing.assert_allclose(found.variance, told["variance"], rtol=1e-10)
    close(found.statistic, told["statistic"], 1e-9)
    close(found.p_value, told["p_value"], 1e-9)


@pytest.mark.parametrize("rho", [0, 1])
def test_tests_of_groups_agree_with_r(made, rho):
    arm, third = (PERSON % 15 < 7).astype(int), PERSON // 5 % 3
    # R puts the group coded 0 first, too.
    same_test(log_rank(groups_of(made, arm), rho=rho), R["log_rank"]["arm"][rho])
    same_test(log_rank(groups_of(made, third), rho=rho), R["log_rank"]["third"][rho])
    of_cause = log_rank(groups_of(made, arm), rho=rho, cause=2)
    same_test(of_cause, R["log_rank"]["cause_2"][rho])


@pytest.mark.parametrize("rho", [0, 1])
def test_a_test_within_strata_agrees_with_r(made, rho):
    strata = []
    for band in range(4):
        at = band == PERSON % 4
        part = {name: made[name][at] for name in ("day", "cause", "cluster")} | {"causes": 2}
        strata.append(groups_of(part, (PERSON // 5 % 3)[at]))
    same_test(stratified_log_rank(strata, rho=rho), R["log_rank"]["stratified"][rho])


@pytest.mark.parametrize("method", ["leave one out", "influence"])
def test_pseudo_values_agree_with_r(made, method):
    told = R["pseudo_values"]
    expected = told["left_out" if method == "leave one out" else "influence"]
    for of, cause, values in zip(told["of"], told["cause"], expected, strict=True):
        found = pseudo_values(
            made["day"],
            made["cause"],
            causes=2,
            of=of,
            at=told["day"],
            cause_lost=cause,
            method=method,
        )
        # 300 times a share of some 1e-16 more or less.
        np.testing.assert_allclose(found[: len(values)], values, rtol=1e-9, atol=1e-10)


# Published data, which stay with those who shared them.

SHARED = HERE.parents[2] / "shared" / "reference" / "data"
needs_data = pytest.mark.skipif(not SHARED.is_dir(), reason=f"The data are not at {SHARED}.")
SAME = 1e-12


def outside(name):
    return json.loads((HERE / f"{name}.json").read_text(encoding="utf-8"))["results"]


def rows(name):
    with (SHARED / f"{name}.csv").open(encoding="utf-8") as file:
        lines = [line.rstrip("\n").replace('"', "").split(",") for line in file]
    return [dict(zip(lines[0], line, strict=True)) for line in lines[1:]]


def by_label(people, group, time, event):
    """Give the counts of each group by its label, all with the same days."""
    labels = sorted({person[group] for person in people})
    day, cause, codes = (
        np.array([one(person) for person in people])
        for one in (
            lambda person: int(person[time]),
            lambda person: int(person[event]),
            lambda person: labels.index(person[group]),
        )
    )
    counts = count_groups(day, cause, codes, causes=1, groups=len(labels))
    return dict(zip(labels, counts, strict=True))


def lost_to_follow_up():
    """Give each person's first visit missed for good, or the last visit, of Beat the Blues."""
    people = rows("btheb")
    for person in people:
        missed = [month for month in (2, 3, 5, 8) if person[f"bdi_{month}m"] in ("", "NA")]
        person |= {"month": missed[0] if missed else 8, "lost": int(bool(missed))}
    return by_label(people, "treatment", "month", "lost")


PUBLISHED = {
    "pharmacosmoking": lambda: by_label(rows("pharmacosmoking"), "grp", "ttr", "relapse"),
    "addicts_retention": lambda: by_label(rows("addicts"), "clinic", "survt", "status"),
    "btheb_dropout": lost_to_follow_up,
}


@needs_data
@pytest.mark.parametrize("name", PUBLISHED)
def test_the_curves_of_published_data_and_their_limits_agree_with_r(name):
    groups = PUBLISHED[name]()
    for row in outside(name)["km"]:
        # R's own scale when none is asked for.
        curve = survival_curve(groups[row["strata"].split("=")[1]], conf_type="log")
        at = row["time"]
        assert curve.at_risk[at] == row["n_risk"]
        assert curve.estimate[at] == pytest.approx(row["surv"], rel=SAME)
        assert curve.conf_low[at] == pytest.approx(row["lower"], rel=SAME)
        assert curve.conf_high[at] == pytest.approx(row["upper"], rel=SAME)
        if "se" in row:
            assert curve.std_error[at] == pytest.approx(row["se"], rel=SAME)


@needs_data
def test_the_tests_of_published_data_agree_with_r():
    addicts = list(PUBLISHED["addicts_retention"]().values())
    found, told = log_rank(addicts), outside("addicts_retention")
    close([found.statistic, *found.observed], [told["logrank"]["chisq"], *told["logrank"]["obs"]])
    close(found.expected, told["logrank"]["exp"])
    close(log_rank(addicts, rho=1).statistic, told["peto_rho1"]["chisq"])
    smoking = log_rank(list(PUBLISHED["pharmacosmoking"]().values()))
    close(smoking.statistic, outside("pharmacosmoking")["logrank"])
    lost, told = log_rank(list(lost_to_follow_up().values())), outside("btheb_dropout")
    # Two groups that hardly differ: what is left after taking near equals from each other.
    close(lost.statistic, told["logrank_chisq"], 1e-9)
    close(lost.p_value, told["logrank_p"])


@needs_data
def test_the_mean_and_the_median_stay_of_published_data_agree_with_r():
    told = outside("addicts_retention")["rmst_730"]
    for clinic, counts in PUBLISHED["addicts_retention"]().items():
        row = told[f"clinic={clinic}"]
        found = restricted_mean(counts, 730)
        close([found.estimate[0], found.std_error[0]], [row["rmean"], row["se(rmean)"]])
        median = time_quantile(survival_curve(counts, conf_type="log"))
        expected = [row[name] for name in ("median", "0.95LCL", "0.95UCL")]
        np.testing.assert_array_equal(
            [median.estimate, median.conf_low, median.conf_high],
            [np.nan if value is None else value for value in expected],
        )


@needs_data
def test_the_life_table_of_published_data_agrees_with_r():
    people = rows("tvsfp_smoke_onset")
    time, event, school = (
        np.array([int(one[name]) for one in people]) for name in ("smkonset", "event", "school")
    )
    counts = count_days(time, event, cluster=np.unique(school, return_inverse=True)[1], causes=1)
    curve = survival_curve(counts)
    for row in outside("tvsfp_smoke_onset")["life_table"]:
        at = row["time"]
        assert [curve.at_risk[at], curve.events[at]] == [row["n_risk"], row["n_event"]]
        assert curve.estimate[at] == pytest.approx(row["surv"], rel=SAME)
        assert curve.std_error[at] == pytest.approx(row["se"], rel=SAME)
    beside = observed_expected([counts])
    assert beside.observed.sum() == pytest.approx(634, rel=SAME)
    assert beside.expected.sum() == pytest.approx(634, rel=SAME)


@needs_data
def test_competing_causes_of_published_data_agree_with_r():
    people, expected = rows("judges"), outside("judges_competing_risks")
    tenure = np.array([int(one["tenure"]) for one in people])
    cause = np.array([int(one["dead"]) + 2 * int(one["retired"]) for one in people])
    times = expected["times"]
    found = cumulative_incidence(count_days(tenure, cause, causes=2), variance="cmprsk")
    close(found.estimate[:, times], expected["cif"]["est"])
    close(found.std_error[:, times] ** 2, expected["cif"]["var"])
    retired = survival_curve(count_days(tenure, (cause == 2).astype(int), causes=1))
    close(1 - retired.estimate[times], expected["one_minus_km_retired"])
