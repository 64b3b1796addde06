"""A fitted marginal model: coefficients, corrections side by side, standardised risks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from splw_eval.core.errors import FitError
from splw_eval.models.gee_record import GeeRecord
from splw_eval.models.standardisation import standardised
from splw_eval.stats.gee_corrections import CORRECTIONS, CorrectedFit

if TYPE_CHECKING:
    import pandas as pd


class FittedGee(GeeRecord):
    """A marginal model fitted by generalised estimating equations.

    Its attributes are those of `GeeRecord`; `notes` says the model, the df rule, what was left
    out, and what to beware of.
    """

    __slots__ = ()

    def __repr__(self) -> str:
        return f"<FittedGee: {self.notes[0]}>"

    @property
    def coefficients(self) -> pd.DataFrame:
        """Coefficients on the scale of the link: term, estimate, ..., n (people)."""
        return _frame(self._coefficients(self.corrected(self.correction)))

    @property
    def ratios(self) -> pd.DataFrame:
        """Odds, common odds or rate ratios of the terms; intervals made on the log scale.

        `std_error` is that of the ratio (delta method); `statistic` that of its logarithm.

        Raises
        ------
        FitError
            The outcome is a mean, whose coefficients are differences.
        """
        if not self.family.ratio:
            raise FitError("Coefficients of a mean are differences, and no ratios.")
        corrected = self.corrected(self.correction)
        cuts = max(len(self.bands) - 1, 0)
        rows = []
        for place, name in enumerate(self.names):
            if place < cuts or name == "Intercept":
                continue
            row = np.eye(len(self.names))[place]
            estimate = float(self.fit.estimate[place])
            rows.append({"term": name, **self.inferred(corrected, row, estimate, scale="ratio")})
        return _frame(rows)

    @property
    def corrections(self) -> pd.DataFrame:
        """All terms under each of the four covariances, side by side."""
        return _frame(
            {"term": row.pop("term"), "correction": kind, **row}
            for kind in CORRECTIONS
            for row in self._coefficients(self.corrected(kind))
        )

    @property
    def working_correlation(self) -> float | None:
        """Correlation of any two rows of a unit; None under working independence."""
        return self.fit.correlation

    @property
    def covariance(self) -> pd.DataFrame:
        """Covariance of the coefficients under the chosen correction."""
        import pandas as pd

        names = list(self.names)
        return pd.DataFrame(self.corrected(self.correction).vcov, index=names, columns=names)

    def risks(self, arm: str, at: Mapping[str, Any] | None = None) -> pd.DataFrame:
        """Risks of each arm if everybody were in it, with difference and ratio.

        Parameters
        ----------
        arm : str
            Column of the fixed part.
        at : mapping of str to object, optional
            Values at which other columns are held; a list gives one block of rows for each
            of them. By default the wave is held at each wave in turn. A column that is
            constant wherever these are (the square of the wave) goes with them.

        Returns
        -------
        DataFrame
            ``term`` (``risk``, ``risk difference``, ``risk ratio``), ``arm``, a column for each
            of `at`, ``band`` for bands, then estimate, ..., n. A risk itself has no statistic
            and no p-value. See `standardisation.standardised`.
        """
        return _frame(standardised(self, arm, at))

    def _coefficients(self, corrected: CorrectedFit) -> list[dict[str, Any]]:
        return [
            {"term": name, **self.inferred(corrected, row, float(estimate))}
            for name, row, estimate in zip(
                self.names, np.eye(len(self.names)), self.fit.estimate, strict=True
            )
        ]


def _frame(rows: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(list(rows))
