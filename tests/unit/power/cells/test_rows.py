"""Rows of alike clusters: numbers and sizes."""

from __future__ import annotations

import numpy as np
import pytest

from splw_eval.power.cells.rows import clusters_of_sequences, rows_of, share_out
from splw_eval.power.design import Values


def test_a_total_is_shared_out_evenly_or_as_allocated():
    assert clusters_of_sequences(Values({"clusters": 12}), 4).tolist() == [3, 3, 3, 3]
    found = clusters_of_sequences(Values({"clusters": 12, "allocation": 2}), 2)
    assert found == pytest.approx([8, 4])


def test_clusters_lost_are_gone():
    given = {"per_sequence": 5, "cluster_loss": 0.2}
    assert clusters_of_sequences(Values(given), 3) == pytest.approx([4, 4, 4])


def test_listed_sizes_go_arm_by_arm():
    given = {"clusters_arm": np.array([2.0, 1.0]), "sizes": np.array([10.0, 20.0, 30.0])}
    found = rows_of(Values(given), 2)
    assert found.sequence.tolist() == [0, 0, 1]
    assert found.sizes[:, 0].tolist() == [10, 20, 30]
    assert found.clusters.tolist() == [1, 1, 1]


def test_sizes_stand_for_a_spread_where_the_number_is_open():
    given = {"clusters": np.array([8.0, 20.0]), "sizes": np.array([10.0, 30.0])}
    found = rows_of(Values(given), 2)
    assert found.sequence.tolist() == [0, 0, 1, 1]
    assert found.clusters.tolist() == [[2] * 4, [5] * 4]


def test_a_spread_keeps_clusters_and_people():
    found = rows_of(Values({"clusters": 10, "size": 30, "cv": 0.65}), 2)
    people = (found.clusters * found.sizes[..., 0]).sum()
    assert (found.clusters.sum(), people) == pytest.approx((10, 300))


def test_people_who_are_left_may_differ_by_arm():
    found = rows_of(Values({"clusters": 10, "size": 30, "size_control": 20}), 2, np.array([0.5, 1]))
    assert found.sizes[:, 0].tolist() == [15, 20]


def test_shares_are_told_by_name():
    assert share_out(9, Values({"clusters": 1}), ("a", "b", "c")) == {"a": 3, "b": 3, "c": 3}
    given = Values({"clusters_arm": np.array([1.0, 2.0])})
    assert share_out(9, given, ("a", "b")) == {"a": 3, "b": 6}
    assert share_out(float("nan"), Values({"per_sequence": 4}), ("a", "b")) == {"a": 4, "b": 4}
