"""Clusters and people in whole numbers, as only such can be drawn."""

from __future__ import annotations

import numpy as np

from splw_eval.stats.cell_models.cells import Codes, Floats

_NEARLY = 1e-9


def whole_clusters(counts: Floats) -> tuple[Codes, tuple[str, ...]]:
    """Clusters of each arm or sequence, and what is to be said where they were not whole.

    Parameters
    ----------
    counts : ndarray, shape (sequences,)

    Returns
    -------
    tuple
        The total is kept, to the nearest whole number; the largest parts are rounded up.
    """
    low = np.floor(counts + _NEARLY).astype(np.int64)
    spare = int(np.rint(counts.sum())) - int(low.sum())
    order = np.argsort(-(counts - low), kind="stable")
    found = low.copy()
    found[order[: max(spare, 0)]] += 1
    if (np.abs(counts - found) < 1e-6).all():  # noqa: PLR2004
        return found, ()
    told = " and ".join(f"{one}" for one in found)
    return found, (f"Clusters are not whole numbers in each arm; {told} were drawn.",)
