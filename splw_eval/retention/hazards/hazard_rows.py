"""A hazard model as arrays: rows, their columns, and fits without one practice or another."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.errors import FitError
from splw_eval.retention.checks import RetentionError, finding
from splw_eval.retention.hazards.covariates import Covariates
from splw_eval.retention.labels import Labels
from splw_eval.retention.plain_text import quoted
from splw_eval.stats.cox.corrected_sandwich import corrected_sandwich
from splw_eval.stats.cox.cox_fit import CoxFit, fit_cox_model
from splw_eval.stats.cox.efron import Ties
from splw_eval.stats.cox.fine_gray import FineGrayFit, fit_fine_gray
from splw_eval.stats.cox.jackknife import leave_one_practice_out

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]
_COLUMNS = re.compile(r"[Cc]olumn\(s\) (\d+(?:, \d+)*)(?: of x)?")
SUBDISTRIBUTION = "subdistribution"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class HazardRows:
    """Rows that a hazard model is fitted to.

    Attributes
    ----------
    stop, start, weights : ndarray, shape (rows,), or None
    event : ndarray of int, shape (rows,)
        Code of the ending; 0 for still engaged.
    happened : ndarray of bool, shape (rows,)
        Whether it is the ending looked at.
    covariates : Covariates
    unit : Labels or None
        Practices, or people where these are the units.
    stratum : Labels or None
    ties : str
    kind : str
        ``cause-specific`` or ``subdistribution``.
    """

    stop: Floats
    start: Floats | None
    weights: Floats | None
    event: Codes
    happened: NDArray[np.bool_]
    covariates: Covariates
    unit: Labels | None
    stratum: Labels | None
    ties: Ties
    kind: str

    @property
    def given(self) -> dict[str, Any]:
        """Arguments of the functions on arrays, but for practices."""
        return {
            "start": self.start,
            "stop": self.stop,
            "event": self.happened,
            "x": self.covariates.x,
            "weights": self.weights,
            "ties": self.ties,
            "strata": None if self.stratum is None else self.stratum.codes,
        }

    @property
    def fractional(self) -> bool:
        """Whether weights are no whole numbers, so that they count no people."""
        return self.weights is not None and bool((self.weights != np.floor(self.weights)).any())

    def fit(self) -> CoxFit | FineGrayFit:
        """Fit all rows.

        Raises
        ------
        RetentionError
            A hazard ratio is not finite, or the columns depend, told by their names.
        """
        cluster = None if self.unit is None else self.unit.codes
        try:
            if self.kind == SUBDISTRIBUTION:
                return self._fine_gray(np.ones(len(self.stop), dtype=bool), cluster)
            return fit_cox_model(**self.given, cluster=cluster)
        except FitError as error:
            message = named_columns(error.message, self.covariates.names).rstrip(".")
            remedy = error.remedy or "Look at the rows of people who left."
            found = [finding("SR13", message, remedy)]
            raise RetentionError("The model has no finite fit.", found) from error

    def _fine_gray(self, kept: Any, cluster: Any = None) -> FineGrayFit:
        cause = np.where(self.happened, 1, np.where(self.event > 0, 2, 0))
        x = self.covariates.x[kept]
        return fit_fine_gray(self.stop[kept], cause[kept], x, of=1, cluster=cluster)

    def jackknife(self, beta: Floats) -> Floats:
        """Covariance of fits that leave one practice out.

        Parameters
        ----------
        beta : ndarray, shape (p,)
            Coefficients of all rows.

        Returns
        -------
        ndarray, shape (p, p)

        Raises
        ------
        FitError
            There is no fit without some practice.
        """
        assert self.unit is not None
        codes = self.unit.codes
        if self.kind != SUBDISTRIBUTION:
            return leave_one_practice_out(**self.given, cluster=codes, beta=beta).covariance
        whole = self._fine_gray(np.ones(len(codes), dtype=bool)).beta
        apart = np.array(
            [self._fine_gray(codes != place).beta - whole for place in range(self.unit.count)]
        )
        count = self.unit.count
        covariance: Floats = (count - 1) / count * (apart.T @ apart)
        return covariance

    def corrected(self) -> dict[str, Floats]:
        """Covariances of the sandwich corrected for few practices, by name.

        Raises
        ------
        FitError
            A coefficient rests on one practice.
        """
        assert self.unit is not None
        found = corrected_sandwich(**self.given, cluster=self.unit.codes)
        return {"kc": found.kc, "md": found.md}


def labels_at(labels: Labels | None, kept: NDArray[np.bool_]) -> Labels | None:
    """Labels of some rows, coded anew.

    Parameters
    ----------
    labels : Labels or None
    kept : ndarray of bool

    Returns
    -------
    Labels or None
    """
    if labels is None:
        return None
    if kept.all():
        return Labels(codes=labels.codes, levels=labels.levels)
    codes = labels.codes[kept]
    there = np.bincount(codes, minlength=labels.count) > 0
    levels = tuple(labels.levels[place] for place in np.flatnonzero(there))
    return Labels(codes=(np.cumsum(there) - 1)[codes], levels=levels)


def named_columns(message: str, names: tuple[str, ...]) -> str:
    """A message on arrays with names in place of numbers of columns.

    Parameters
    ----------
    message : str
    names : tuple of str

    Returns
    -------
    str
    """

    def name(found: re.Match[str]) -> str:
        return "covariate(s) " + quoted(names, [int(n) - 1 for n in found[1].split(",")])

    return _COLUMNS.sub(name, message)
