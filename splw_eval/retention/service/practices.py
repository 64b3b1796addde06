"""The practice of people as a column of a frame."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from splw_eval.data import Study


def practice_codes(study: Study, person: NDArray[np.int64]) -> Any:
    """Code of each person's practice; missing where none is known.

    Parameters
    ----------
    study : Study
    person : ndarray of int, shape (n,)
        Positions in People.

    Returns
    -------
    ndarray of int, or array of nullable int, shape (n,)
        Nullable where somebody has no practice, or no file holds practices.
    """
    import pandas as pd

    if study.people.cluster is None:
        return pd.array([pd.NA] * len(person), dtype="Int64")
    codes = study.people.cluster[person]
    if (codes >= 0).all():
        return codes
    return pd.arrays.IntegerArray(codes.copy(), codes < 0)
