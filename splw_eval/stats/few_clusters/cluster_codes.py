"""Whole-number codes of the clusters that rows belong to."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.errors import FitError

# Codes of one byte or two are sorted by counting.
_BYTE, _TWO_BYTES = 256, 65_536


def coded(cluster: NDArray[Any]) -> tuple[NDArray[np.intp], int]:
    """Code of each row's cluster and the number of clusters.

    Parameters
    ----------
    cluster : ndarray, shape (n,)
        Labels.

    Returns
    -------
    codes : ndarray of int, shape (n,)
        From 0, in the order of the labels.
    clusters : int

    Raises
    ------
    FitError
        A label is missing (None or NaN).
    """
    missing = cluster.dtype.kind == "f" and bool(np.isnan(cluster).any())
    if cluster.dtype == object:
        missing = any(label is None or label != label for label in set(cluster.tolist()))  # noqa: PLR0124
    if missing:
        raise FitError("Every row needs its cluster; a label is missing.")
    labels, codes = np.unique(cluster, return_inverse=True)
    return codes, len(labels)


def shortly_coded(cluster: NDArray[Any]) -> tuple[NDArray[Any], int]:
    """As `coded`, in few bytes without sorting where labels are whole numbers close together."""
    if cluster.dtype.kind not in "iu" or not len(cluster):
        return coded(cluster)
    low = int(cluster.min())
    span = int(cluster.max()) - low
    if span >= min(max(_BYTE, len(cluster)), _TWO_BYTES):
        return coded(cluster)
    short = np.uint8 if span < _BYTE else np.uint16
    shifted = (cluster - low if low else cluster).astype(short)
    present = np.bincount(shifted) > 0
    if present.all():
        return shifted, len(present)
    return (np.cumsum(present) - 1).astype(short)[shifted], int(present.sum())
