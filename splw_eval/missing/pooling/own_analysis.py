"""What an analysis of one's own gives for one completed data set, read as estimates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.errors import FitError

Array = NDArray[np.float64]
_FORMS = (
    "Return (estimate, variance), (estimate, variance, df), a mapping or frame with estimate and "
    "variance or std_error (and term, df, n), or a fitted model."
)
_PAIR, _TRIPLE = 2, 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimated:
    """Estimates of one completed data set.

    Attributes
    ----------
    terms : tuple of str, or None
        None where the analysis gives no names.
    estimates, variances : ndarray, shape (k,)
    df : ndarray, shape (k,), or None
        None where the analysis gives none; 0 where it holds that there can be none.
    n : int or None
    """

    terms: tuple[str, ...] | None
    estimates: Array
    variances: Array
    df: Array | None
    n: int | None


def read_estimated(result: Any) -> Estimated:
    """Read what an analysis returned.

    Parameters
    ----------
    result : tuple, mapping, DataFrame, or record with ``coefficients`` or ``table``

    Returns
    -------
    Estimated

    Raises
    ------
    FitError
        It holds no estimates with variances.
    """
    held = _columns(result)
    if held is None or "estimate" not in held or not {"variance", "std_error"} & set(held):
        raise FitError("the analysis returned no estimates with variances", remedy=_FORMS)
    estimates = _vector(held["estimate"])
    variances = _vector(held["variance"]) if "variance" in held else _vector(held["std_error"]) ** 2
    df = _vector(held["df"]) if held.get("df") is not None else None
    if df is not None and len(df) == 1:
        df = np.repeat(df, len(estimates))
    if len(variances) != len(estimates) or (df is not None and len(df) != len(estimates)):
        raise FitError("the analysis returned estimates and variances that do not match")
    terms = tuple(str(term) for term in np.atleast_1d(held["term"])) if "term" in held else None
    if terms is not None and len(terms) != len(estimates):
        raise FitError("the analysis returned more or fewer names than estimates")
    return Estimated(
        terms=terms,
        estimates=estimates,
        variances=variances,
        df=None if df is None else np.where(np.isnan(df), 0.0, df),
        n=_people(held.get("n")),
    )


def _columns(result: Any) -> dict[str, Any] | None:
    """The parts by their names."""
    import pandas as pd

    for name in ("coefficients", "table"):
        if isinstance(getattr(result, name, None), pd.DataFrame):
            result = getattr(result, name)
    if isinstance(result, pd.DataFrame):
        return {str(name): result[name].to_numpy() for name in result.columns}
    if isinstance(result, Mapping):
        return {str(name): value for name, value in result.items()}
    if isinstance(result, tuple) and len(result) in (_PAIR, _TRIPLE):
        held = dict(zip(("estimate", "variance", "df"), result, strict=False))
        named = isinstance(result[0], pd.Series)
        return {**held, "term": result[0].index.to_numpy()} if named else held
    return None


def _vector(values: Any) -> Array:
    try:
        found = np.atleast_1d(np.asarray(values, dtype=np.float64))
    except (TypeError, ValueError):
        raise FitError("the analysis returned what are no numbers", remedy=_FORMS) from None
    if found.ndim != 1:
        remedy = "Return one variance for each estimate, not a covariance matrix."
        raise FitError("the analysis returned a matrix", remedy=remedy)
    return found


def _people(values: Any) -> int | None:
    import pandas as pd

    if values is None or pd.isna(np.atleast_1d(values)).any():
        return None
    return int(np.max(np.atleast_1d(values)))
