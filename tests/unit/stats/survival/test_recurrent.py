"""The mean number of contacts until leaving."""

from __future__ import annotations

from typing import Any, cast

import numpy as np
import pytest

from splw_eval.core.errors import FitError
from splw_eval.stats.survival.contact_rows import ContactRows, read_contacts
from splw_eval.stats.survival.curves import survival_curve
from splw_eval.stats.survival.day_counts import count_days
from splw_eval.stats.survival.recurrent import (
    mean_cumulative,
    mean_cumulative_of_people,
    person_influence,
)


def made(n=90, seed=3, **changed) -> ContactRows:
    rng = np.random.default_rng(seed)
    end = rng.integers(0, 25, n)
    person = rng.integers(0, n, 4 * n)
    given = {
        "person": person,
        "day": (rng.random(4 * n) * (end[person] + 1)).astype(int),
        "last_seen": end,
        "cause": rng.integers(0, 3, n),
        "cluster": np.arange(n) % 7,
        "values": rng.integers(5, 60, 4 * n).astype(float),
    }
    return read_contacts(**(given | changed))


def test_by_hand_it_is_the_share_still_engaged_times_the_contacts_of_those_at_risk():
    # Day 0: 2 contacts of 4. Day 1: 1 of 4, then one leaves. Day 2: 1 of 3, 3/4 engaged.
    rows = read_contacts([0, 1, 2, 3], [0, 0, 1, 2], [1, 2, 2, 3], [1, 0, 1, 0])
    found = mean_cumulative_of_people(rows)
    expected = [2 / 4, 2 / 4 + 1 / 4, 3 / 4 + 3 / 4 / 3, 3 / 4 + 3 / 4 / 3]
    np.testing.assert_allclose(found.estimate, expected, rtol=1e-15)


def test_without_censoring_it_is_the_mean_of_everybodys_contacts_with_its_error():
    rows = made(cause=np.ones(90, dtype=int))
    found = mean_cumulative_of_people(rows)
    for day in (0, 7, 24):
        early = rows.day <= day
        each = np.bincount(rows.person[early], rows.values[early], minlength=90)
        assert found.estimate[day] == pytest.approx(each.mean(), rel=1e-12)
        assert found.std_error[day] == pytest.approx(each.std() / np.sqrt(90), rel=1e-10)


def test_one_contact_as_each_person_leaves_gives_the_share_who_left():
    rows = made()
    left = np.flatnonzero(rows.cause > 0)
    ends = {"last_seen": rows.last_seen, "cause": rows.cause, "cluster": rows.cluster}
    found = mean_cumulative_of_people(read_contacts(left, rows.last_seen[left], **ends))
    curve = survival_curve(count_days(rows.last_seen, rows.cause, causes=2, cluster=rows.cluster))
    np.testing.assert_allclose(found.estimate, 1 - curve.estimate, atol=1e-13)
    some = curve.estimate > 0
    np.testing.assert_allclose(found.std_error[some], curve.std_error[some], rtol=1e-10)
    np.testing.assert_allclose(
        found.robust_std_error[some], curve.robust_std_error[some], rtol=1e-10
    )


def test_without_endings_it_is_nelsons_sum_and_says_so():
    rows = made(cause=np.zeros(90, dtype=int))
    found = mean_cumulative_of_people(rows)
    total = rows.contacts().sum(axis=0)
    at_risk = np.array([(rows.last_seen >= day).sum() for day in range(total.size)])
    np.testing.assert_allclose(found.estimate, np.cumsum(total / at_risk), rtol=1e-13)
    assert found.method.startswith("Nelson;")


def test_the_squares_of_the_peoples_influence_sum_to_the_variance_of_every_day():
    rows = made()
    found = mean_cumulative_of_people(rows)
    for day in range(found.estimate.size):
        influence = person_influence(rows, day)
        assert np.sqrt(influence @ influence) == pytest.approx(found.std_error[day], rel=1e-9)
        by_cluster = np.bincount(rows.cluster, influence)
        np.testing.assert_allclose(by_cluster, found.influence[:, day], atol=1e-11)


def test_the_influence_is_the_slope_in_a_clusters_weight():
    rows, step = made(), 1e-5
    found = mean_cumulative_of_people(rows)
    for cluster in range(7):
        moved = []
        for change in (step, -step):
            weight = 1 + change * (rows.cluster == cluster)
            endings = count_days(
                rows.last_seen, rows.cause, causes=2, cluster=rows.cluster, weights=weight
            )
            contacts = rows.contacts()
            contacts[cluster] *= 1 + change
            moved.append(mean_cumulative(contacts, endings).estimate)
        slope = (moved[0] - moved[1]) / (2 * step)
        np.testing.assert_allclose(found.influence[cluster], slope, atol=1e-6)


def test_sums_by_cluster_give_the_same_as_people_but_no_error_for_independent_people():
    rows = made()
    people = mean_cumulative_of_people(rows)
    sums = mean_cumulative(rows.contacts(), rows.endings())
    np.testing.assert_array_equal(sums.estimate, people.estimate)
    np.testing.assert_array_equal(sums.robust_std_error, people.robust_std_error)
    assert np.isnan(sums.std_error).all()
    assert not np.isnan(people.std_error).any()


def test_other_labels_of_the_practices_change_nothing():
    rows = made()
    other = np.array([4, 2, 6, 0, 1, 5, 3])[rows.cluster]
    first, second = (mean_cumulative_of_people(one) for one in (rows, made(cluster=other)))
    np.testing.assert_allclose(second.robust_std_error, first.robust_std_error, rtol=1e-12)


def test_contacts_in_another_order_change_nothing():
    rows = made()
    order = np.random.default_rng(1).permutation(rows.day.size)
    mixed = made(person=rows.person[order], day=rows.day[order], values=rows.values[order])
    first, second = mean_cumulative_of_people(rows), mean_cumulative_of_people(mixed)
    np.testing.assert_allclose(second.std_error, first.std_error, rtol=1e-12)


def test_limits_on_the_log_scale_stay_above_0_and_plain_ones_are_symmetrical():
    log = mean_cumulative_of_people(made())
    plain = mean_cumulative_of_people(made(), conf_type="plain")
    assert (log.conf_low > 0).all()
    assert (log.robust_conf_low < log.estimate).all()
    np.testing.assert_allclose(log.conf_low * log.conf_high, log.estimate**2, rtol=1e-12)
    np.testing.assert_allclose(plain.conf_low + plain.conf_high, 2 * plain.estimate, rtol=1e-12)
    wide = plain.robust_conf_high - plain.estimate
    # t with 7 - 1 df.
    np.testing.assert_allclose(wide, 2.446911851 * plain.robust_std_error, rtol=1e-9)


def test_nobody_contacted_is_0_with_no_error_and_no_limits_on_the_log_scale():
    nothing = np.empty(0, dtype=int)
    found = mean_cumulative_of_people(read_contacts(nothing, nothing, [2, 3], [1, 0]))
    assert found.estimate.tolist() == [0, 0, 0, 0]
    assert found.std_error.tolist() == [0, 0, 0, 0]
    assert np.isnan(found.conf_low).all()


def test_one_practice_has_no_robust_error():
    found = mean_cumulative_of_people(made(cluster=np.zeros(90, dtype=int)))
    assert found.clusters == 1
    assert np.isnan(found.robust_std_error).all()
    assert np.isnan(found.robust_conf_low).all()


def test_contacts_after_the_ending_are_refused_with_their_number():
    with pytest.raises(FitError, match=r"^2 rows of contacts lie after the person's ending"):
        read_contacts([0, 0, 1], [3, 4, 4], [2, 4], [1, 0])


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"person": [0, 2]}, "1 rows of contacts name a person who is not there"),
        ({"person": [0, -1]}, "Every person must be at least 0"),
        ({"day": [0, -1]}, "Every day must be at least 0"),
        ({"day": [0.5, 1.0]}, "day must hold whole numbers"),
        ({"day": [0]}, "person, day and values must have the same length"),
        ({"cause": [0]}, "last_seen, cause and cluster must have the same length"),
        ({"values": [1, np.nan]}, "1 values of contacts are below 0 or not finite"),
        ({"last_seen": [], "cause": []}, "at least one person is needed"),
    ],
)
def test_rows_that_cannot_be_are_refused(given, told):
    fine = {"person": [0, 1], "day": [0, 1], "last_seen": [2, 2], "cause": [1, 0]}
    with pytest.raises(FitError, match=told):
        read_contacts(**(fine | given))


@pytest.mark.parametrize(
    ("contacts", "told"),
    [
        ([[1.0, 0.0, 0.0, 0.0]], "at most one column for each of the 3 days"),
        ([[1.0], [1.0]], "one row for each of the 1 clusters"),
        ([[1.0, -1.0]], "finite and at least 0"),
    ],
)
def test_sums_that_do_not_fit_the_endings_are_refused(contacts, told):
    with pytest.raises(FitError, match=told):
        mean_cumulative(contacts, count_days([1, 2], [1, 0], causes=1))


def test_contacts_where_nobody_of_the_cluster_is_at_risk_are_refused():
    endings = count_days([1, 3], [1, 0], causes=1, cluster=[0, 1])
    with pytest.raises(FitError, match="1 cells of cluster and day where nobody is at risk"):
        mean_cumulative([[1, 1, 2], [0, 0, 1]], endings)


def test_a_level_of_95_an_unknown_scale_and_a_day_beyond_are_refused():
    rows, unknown = made(), cast("Any", "log-log")
    with pytest.raises(FitError, match="between 0 and 1"):
        mean_cumulative_of_people(rows, conf_level=95)
    with pytest.raises(FitError, match="'log' or 'plain'"):
        mean_cumulative_of_people(rows, conf_type=unknown)
    with pytest.raises(FitError, match="from 0 to"):
        person_influence(rows, 400)
