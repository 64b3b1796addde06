"""The actual sizes of clusters of one size each: what they contradict, and how they are taken."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from splw_eval.core.findings import Finding
from splw_eval.power.checks import finding
from splw_eval.power.design import Values
from splw_eval.power.precision import Array

_UNALIKE = 0.5  # people by which --size may differ from the mean of --sizes
_MOST = 1.9  # coefficient of variation; from 2 on the relative efficiency can be negative


def sizes_listed(v: Values) -> Array:
    """The actual sizes, one for each cluster."""
    return np.asarray(np.ravel(v.sizes), dtype=np.float64)


def clusters_counted(v: Values) -> Array | None:
    """Clusters in all as they were given; None where the list alone tells them."""
    if v.clusters_arm is not None:
        return np.asarray(np.sum(v.clusters_arm))
    return None if v.clusters is None else np.asarray(v.clusters)


def check_sizes(v: Values) -> Iterator[Finding]:
    """Sizes told twice, not at all, or not those of the clusters."""
    if v.sizes is not None:
        found = list(check_listed(v))
        yield from found or _told_twice(v)
    elif v.cv_method == "exact" and v.cv is not None:
        remedy = "Give --sizes, or the method eldridge or breukelen."
        yield finding("SZ05", "cv_method", "exact needs the actual sizes", remedy)
    if v.cv is not None and v.cv_method == "breukelen" and (np.asarray(v.cv) > _MOST).any():
        problem = "the expansion of van Breukelen does not hold for sizes so unlike"
        yield finding("SZ05", "cv_method", problem, "Take eldridge, or give --sizes.")


def _told_twice(v: Values) -> Iterator[Finding]:
    mean = float(sizes_listed(v).mean())
    if v.cv is not None:
        yield finding("SZ14", "cv", "and --sizes tell the same twice", "Give one of them.")
    if v.size is not None and (np.abs(v.size - mean) > _UNALIKE).any() and "solve" not in v:
        yield finding("SZ14", "size", f"the mean of --sizes is {mean:g}", "Leave it out.")


def check_listed(v: Values) -> Iterator[Finding]:
    """What is wrong with a list of sizes, one for each cluster.

    Parameters
    ----------
    v : Values
        With ``sizes``.

    Yields
    ------
    Finding
    """
    shape, sizes = np.shape(v.sizes), sizes_listed(v)
    if len(shape) > 1 and shape[0] > 1 and shape[1] > 1:
        remedy = "Give one size for each cluster; its arm in a column named arm of the file."
        yield finding("SZ05", "sizes", f"has rows of {shape[1]} numbers", remedy)
        return
    none = int((~(sizes > 0)).sum())
    if none:
        remedy = "Leave out clusters of nobody."
        yield finding("SZ03", "sizes", f"is 0 or blank for {none} of {len(sizes)}", remedy)
    count = clusters_counted(v)
    given = "solve" not in v and "power" not in v  # else a list stands for any number of clusters
    if given and count is not None and (count != len(sizes)).any():
        problem = f"lists {len(sizes)} clusters; the design has {float(np.max(count)):g}"
        remedy = "List each cluster once; for other numbers give --size, with --cv."
        yield finding("SZ05", "sizes", problem, remedy)


def note_of_sizes(v: Values, programme: int | None = None) -> tuple[str, ...]:
    """How a list of sizes was taken for two arms.

    Parameters
    ----------
    v : Values
    programme : int, optional
        Sizes at the head of the list that are the programme's; None: all in both arms.

    Returns
    -------
    tuple of str
        Empty where there is no list, or where the arms of its clusters are known.
    """
    if v.sizes is None:
        return ()
    listed, count = len(sizes_listed(v)), clusters_counted(v)
    seeking = count is None and "power" in v and v.solve in (None, "clusters")
    if programme is None and (seeking or (count is not None and (count != listed).any())):
        return (f"The {listed} sizes stand for all clusters: in each arm sizes are as listed.",)
    if v.clusters_arm is not None:
        return ()
    more = "A column named arm in the file, or --clusters-arm, says which are whose."
    if programme is None:
        return (f"Each arm is taken to have clusters of all the {listed} sizes listed. {more}",)
    return (f"The first {programme} of the {listed} sizes are taken as the programme's. {more}",)
