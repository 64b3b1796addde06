"""Codes of clusters, whatever their labels are."""

from __future__ import annotations

import numpy as np
import pytest

from splw_eval.core.errors import FitError
from splw_eval.stats.few_clusters.cluster_codes import coded, shortly_coded


@pytest.mark.parametrize(
    ("labels", "size"),
    [
        (np.array([7, -3, 7, 250, -3]), 1),
        (np.array([100, -128, 127, 100], dtype=np.int8), 1),
        (np.array([200, 3, 3, 255], dtype=np.uint8), 1),
        (np.tile(np.arange(0, 600, 2) - 30_000, 3).astype(np.int16), 2),
        (np.array([5, 100_000, 5]), 8),
        (np.arange(70_000)[::-1], 8),
        (np.array(["b", "a", "b"]), 8),
        (np.array(["b", "a", "b"], dtype=object), 8),
        (np.array([], dtype=int), 8),
    ],
)
def test_short_codes_are_the_places_of_the_labels_in_order(labels, size):
    codes, clusters = shortly_coded(labels)
    expected, number = coded(labels)
    np.testing.assert_array_equal(codes, expected)
    assert clusters == number == len(set(labels.tolist()))
    assert codes.dtype.itemsize == size
    again, number = shortly_coded(codes)
    np.testing.assert_array_equal(again, codes)
    assert number == clusters


@pytest.mark.parametrize("labels", [np.array([1.0, np.nan]), np.array(["a", None], dtype=object)])
def test_a_missing_label_is_refused(labels):
    with pytest.raises(FitError, match="label is missing"):
        shortly_coded(labels)
