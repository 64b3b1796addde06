"""Practices of a synthetic programme, and how chance put them into the two arms."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np

from splw_eval.synthetic.people import ALLOCATED, Columns, practice_names
from splw_eval.synthetic.settings import ARMS, Settings
from splw_eval.synthetic.stream import Stream, Whole

# A stratum holds the values from one cut point up to the next.
STRATA: Mapping[str, float] = MappingProxyType({"list_size": 10_000.0, "list_imd": 35.0})


def cluster_table(its: Settings) -> Columns:
    """Table of practices, those of the programme arm first.

    Parameters
    ----------
    its : Settings

    Returns
    -------
    dict of str to ndarray
        Practices with characteristics of their own, in the order in which they were allocated.
    """
    n, stream = sum(its.practices), Stream(its.seed, "table of practices")
    drawn: Columns = {
        "list_size": (100 * stream.whole(28, 160, n)).astype(np.float64),
        "list_imd": stream.whole(18, 55, n).astype(np.float64),
        "urban_rural": stream.picked(("urban", "rural"), (5, 1), n),
    }
    allocated = _allocated(its, drawn)
    held = {name: cells[allocated] for name, cells in drawn.items()}
    number = np.arange(1, n + 1)
    return {
        "cluster": practice_names(its),
        # Three letters first: no code of a real practice or network looks like this.
        "ods_code": np.array([f"SYN{i:03d}" for i in number], dtype=object),
        "pcn_code": np.array([f"SYNPCN{(i + 3) // 4:02d}" for i in number], dtype=object),
        "arm": np.repeat(np.array(ARMS, dtype=object), its.practices),
        "list_size": held["list_size"],
        "allocation_method": np.full(n, "stratified", dtype=object),
        "allocation_date": np.full(n, ALLOCATED),
        "list_imd": held["list_imd"],
        "urban_rural": held["urban_rural"],
    }


def _allocated(its: Settings, drawn: Columns) -> Whole:
    """Practices in a new order: those that chance put into the programme arm come first.

    They are laid in a row, stratum by stratum and at random within each, and are taken at equal
    steps from a start by chance. So each stratum gives the programme its share but for one
    practice, and within it every practice is as likely to be taken as any other.
    """
    n, stream = sum(its.practices), Stream(its.seed, "allocation of practices")
    stratum = np.zeros(n, dtype=np.int64)
    for name, cut in STRATA.items():
        stratum = 2 * stratum + (drawn[name] >= cut)
    order = stream.order(n)
    row = order[np.argsort(stratum[order], kind="stable")]
    # Whole numbers: place i is taken where (i * programme + start) passes a multiple of n.
    passed = (np.arange(n + 1) * its.practices[0] + stream.whole(0, n - 1, 1)) // n
    taken = np.diff(passed) > 0
    return np.concatenate([np.sort(row[taken]), np.sort(row[~taken])])
