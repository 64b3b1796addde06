"""Contacts of each person until the ending, one row a contact."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from splw_eval.core.errors import FitError
from splw_eval.stats.survival.day_counts import DayCounts, count_days

Array = NDArray[np.float64]
Codes = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ContactRows:
    """Checked contacts, in order of person and day, and the ending of each person.

    Attributes
    ----------
    person, day : ndarray of int, shape (rows,)
        Whose contact (position in `last_seen`), and on which day.
    values : ndarray, shape (rows,)
        What each contact counts: 1, or for example its minutes.
    last_seen, cause, cluster : ndarray of int, shape (n,)
        Day of the ending, 0 for still engaged or the cause, and the cluster of each person.
    clustered : bool
    """

    person: Codes
    day: Codes
    values: Array
    last_seen: Codes
    cause: Codes
    cluster: Codes
    clustered: bool

    def endings(self) -> DayCounts:
        """Count the endings by cluster and day, all causes together.

        Returns
        -------
        DayCounts
        """
        return count_days(
            self.last_seen,
            (self.cause > 0).astype(np.int64),
            cluster=self.cluster if self.clustered else None,
            causes=1,
        )

    def contacts(self) -> Array:
        """Sum the contacts by cluster and day.

        Returns
        -------
        ndarray, shape (clusters, days)
            With the clusters and days of `endings`.
        """
        clusters, days = int(self.cluster.max()) + 1, int(self.last_seen.max()) + 1
        cells = self.cluster[self.person] * days + self.day
        found: Array = np.bincount(cells, self.values, minlength=clusters * days).astype(np.float64)
        return found.reshape(clusters, days)


def read_contacts(
    person: ArrayLike,
    day: ArrayLike,
    last_seen: ArrayLike,
    cause: ArrayLike,
    *,
    cluster: ArrayLike | None = None,
    values: ArrayLike | None = None,
) -> ContactRows:
    """Check contacts and endings.

    Parameters
    ----------
    person : array_like of int, shape (rows,)
        Whose contact: a position in `last_seen`. People without a contact have no row.
    day : array_like of int, shape (rows,)
        Day of the contact, from 0 to the person's `last_seen`; the contacts of a day come
        before its endings.
    last_seen : array_like of int, shape (n,)
        Day of leaving or of being last seen, from 0.
    cause : array_like of int, shape (n,)
        0 for still engaged when last seen, above 0 for having left.
    cluster : array_like of int, shape (n,), optional
        Codes from 0.
    values : array_like, shape (rows,), optional
        What each contact counts, at least 0; by default 1.

    Returns
    -------
    ContactRows

    Raises
    ------
    FitError
        Nobody, arrays that do not fit together, codes that are not whole numbers from 0,
        unknown people, contacts after the ending, or values below 0 or not finite.
    """
    ends = _whole("last_seen", last_seen)
    if not ends.size:
        raise FitError("last_seen holds nobody: at least one person is needed.")
    causes = _whole("cause", cause)
    groups = np.zeros_like(ends) if cluster is None else _whole("cluster", cluster)
    who, when = _whole("person", person), _whole("day", day)
    counted = np.ones(who.size) if values is None else np.asarray(values, dtype=np.float64)
    if not ends.size == causes.size == groups.size:
        raise FitError("last_seen, cause and cluster must have the same length.")
    if not (who.shape == when.shape == counted.shape):
        raise FitError("person, day and values must have the same length.")
    _check_rows(who, when, counted, ends)
    order = _order(who, when)
    return ContactRows(
        person=who[order],
        day=when[order],
        values=counted[order],
        last_seen=ends,
        cause=causes,
        cluster=groups,
        clustered=cluster is not None,
    )


def _check_rows(who: Codes, when: Codes, values: Array, ends: Codes) -> None:
    unknown = int(np.count_nonzero(who >= ends.size))
    if unknown:
        raise FitError(
            f"{unknown} rows of contacts name a person who is not there: there are {ends.size} "
            "people, counted from 0."
        )
    bad = int(np.count_nonzero(~(np.isfinite(values) & (values >= 0))))
    if bad:
        raise FitError(f"{bad} values of contacts are below 0 or not finite.")
    late = int(np.count_nonzero(when > ends[who]))
    if late:
        raise FitError(
            f"{late} rows of contacts lie after the person's ending. Take them out, or move the "
            "ending: nobody is at risk of a contact after it."
        )


def _order(who: Codes, when: Codes) -> Codes | slice:
    step, same = np.diff(who), np.diff(when)
    if bool(((step > 0) | ((step == 0) & (same >= 0))).all()):
        return slice(None)
    return np.lexsort((when, who))


def _whole(name: str, values: ArrayLike) -> Codes:
    found = np.asarray(values)
    if found.ndim != 1:
        raise FitError(f"{name} must be a one-dimensional array.")
    if not found.size:
        return np.empty(0, dtype=np.int64)
    if found.dtype.kind not in "iub":
        raise FitError(f"{name} must hold whole numbers of an integer type.")
    if found.min() < 0:
        raise FitError(f"Every {name} must be at least 0.")
    return found.astype(np.int64)
