"""What a hazard model is once fitted, and the covariance of its coefficients."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from splw_eval.core.errors import FitError
from splw_eval.retention.hazards.hazard_rows import Floats, HazardRows
from splw_eval.stats.cox.cox_fit import CoxFit
from splw_eval.stats.cox.fine_gray import FineGrayFit

if TYPE_CHECKING:
    import pandas as pd

VCOV = ("jackknife", "sandwich", "kc", "md", "model")


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class HazardFit:
    """A proportional hazards model as it was fitted, without its tables.

    Attributes
    ----------
    rows : HazardRows
        Rows that it used, as arrays.
    fit : CoxFit or FineGrayFit
        The engine's answer.
    people : int or None
        People, where `id` was given.
    by : str
        Units of the robust errors: ``practice``, ``person``, or none.
    vcov : str
        How the standard errors were made.
    cause : str
        Endings looked at.
    left_out : int
        Rows of the frame without a covariate.
    conf_level : float
    """

    rows: HazardRows
    fit: CoxFit | FineGrayFit
    people: int | None
    by: str
    vcov: str
    cause: str
    left_out: int
    conf_level: float

    @property
    def n(self) -> int:
        """People where `id` was given, else rows that were used."""
        return self.fit.n if self.people is None else self.people

    @property
    def events(self) -> int:
        """Endings looked at, among the rows used."""
        return self.fit.events

    @property
    def clusters(self) -> int | None:
        """Practices; None where none were given."""
        unit = self.rows.unit
        return unit.count if unit is not None and self.by == "practice" else None

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the coefficients."""
        return self.rows.covariates.names

    @property
    def log_likelihood(self) -> float:
        """Log partial likelihood at the coefficients."""
        return self.fit.log_likelihood

    @property
    def df(self) -> float:
        """Degrees of freedom of Student's t; infinite for the normal distribution."""
        unit = self.rows.unit
        if unit is None or self.vcov == "model":
            return float("inf")
        return float(max(unit.count - 2, 1))

    @cached_property
    def covariance(self) -> pd.DataFrame:
        """Covariance of the coefficients, as `vcov` says.

        Raises
        ------
        FitError
            There is none, as a fit without some practice does not exist, or a coefficient
            rests on one practice.
        """
        import pandas as pd

        names = list(self.names)
        return pd.DataFrame(self.covariance_by(self.vcov), index=names, columns=names)

    def covariance_by(self, vcov: str) -> Floats:
        """Covariance of the coefficients made in one of the ways of `VCOV`.

        Parameters
        ----------
        vcov : str

        Returns
        -------
        ndarray, shape (p, p)

        Raises
        ------
        FitError
            It cannot be made from these rows.
        """
        if vcov == "jackknife":
            return self.rows.jackknife(self.fit.beta)
        if vcov in ("kc", "md"):
            return self.rows.corrected()[vcov]
        if isinstance(self.fit, FineGrayFit) and vcov == "model":
            return self.fit.model_covariance
        if vcov == "model":
            return self.fit.covariance
        if self.fit.robust_covariance is not None:
            return self.fit.robust_covariance
        if isinstance(self.fit, FineGrayFit):
            return self.fit.covariance
        raise FitError("There are no units for a sandwich.", remedy="Give cluster=.")

    @property
    def model_std_error(self) -> Floats:
        """Standard errors that take rows of different people as independent, shape (p,)."""
        found: Floats = np.sqrt(np.diag(self.covariance_by("model")))
        return found
