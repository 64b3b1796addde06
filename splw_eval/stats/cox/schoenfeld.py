"""Scaled Schoenfeld residuals: the log hazard ratio as it looks at each event."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from splw_eval.stats.cox.tied_events import TiedEvents

Array = NDArray[np.float64]
Groups = tuple[tuple[int, ...], ...]


def scaled_residuals(at: TiedEvents, groups: Groups) -> tuple[NDArray[np.intp], Array, Array]:
    """Scaled Schoenfeld residuals plus the coefficient, event by event and term by term.

    Parameters
    ----------
    at : TiedEvents
        At the maximum of the likelihood.
    groups : tuple of tuples of int
        Columns of each term.

    Returns
    -------
    order : ndarray of int, shape (events,)
        Place of each event among the rows kept, by stratum, time and row.
    residuals : ndarray, shape (events, terms)
        A term of several columns is measured along its linear predictor, so that its
        coefficient is 1. NaN in a stratum where the term does not vary.
    covariance : ndarray, shape (terms, terms)
        Of one event's residuals.

    Sources
    -------
    Schoenfeld 1982, Biometrika 69:239; Grambsch & Therneau 1994, Biometrika 81:515. Scaled by
    the mean information of an event, as R's survival does from version 3.0.
    """
    rows = at.rows
    died = np.flatnonzero(rows.event)
    order = died[np.lexsort((rows.kept[died], rows.last[died]))]
    middle = at.by_moment(at.mean) / rows.deaths[:, None]
    plain = at.x[order] - middle[at.moment]
    along = np.zeros((len(at.beta), len(groups)))
    for term, group in enumerate(groups):
        along[list(group), term] = at.beta[list(group)] if len(group) > 1 else 1.0
    events, used = _events_where_varying(at, groups)
    shared = np.minimum(events[:, :, None], events[:, None, :]).sum(axis=0)
    one = along.T @ (at.information() / np.where(shared == 0, 1, shared)) @ along
    residuals = plain @ along
    scaled = np.full(residuals.shape, np.nan)
    of = rows.stratum[order]
    patterns, kind = np.unique(used, axis=0, return_inverse=True)
    for number, pattern in enumerate(patterns):
        k, mine = np.flatnonzero(pattern), np.isin(of, np.flatnonzero(kind.ravel() == number))
        if k.size:
            solved = np.linalg.solve(one[np.ix_(k, k)], residuals[np.ix_(mine, k)].T).T
            scaled[np.ix_(mine, k)] = solved
    about = [at.beta[group[0]] if len(group) == 1 else 1.0 for group in groups]
    drawn: Array = scaled + np.array(about)
    covariance: Array = np.asarray(np.linalg.inv(one), dtype=float)
    return order, drawn, covariance


def _events_where_varying(at: TiedEvents, groups: Groups) -> tuple[Array, NDArray[np.bool_]]:
    """Events of each stratum where the column varies, else 0; whether each term varies."""
    rows, strata = at.rows, len(at.labels)
    deaths = np.bincount(at.moment_stratum, rows.deaths, strata)
    low, high = np.full((strata, at.x.shape[1]), np.inf), np.full((strata, at.x.shape[1]), -np.inf)
    np.minimum.at(low, rows.stratum, at.x)
    np.maximum.at(high, rows.stratum, at.x)
    varies = high > low
    for group in groups:
        varies[:, list(group)] = varies[:, list(group)].any(axis=1, keepdims=True)
    counted: Array = deaths[:, None] * varies.astype(float)
    return counted, varies[:, [group[0] for group in groups]]
