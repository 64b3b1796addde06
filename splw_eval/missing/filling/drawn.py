"""Draws of parameters, with what is needed to fill missing scores from them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from splw_eval.missing.filling.draw_inputs import DrawInputs
from splw_eval.missing.filling.every_row import every_row
from splw_eval.missing.plain_text import result_text
from splw_eval.stats.imputation.gibbs import residual_numbers
from splw_eval.stats.imputation.layout import Parameters, WaveData

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
_OF_PRACTICES = {
    "both": "practices that differ at all waves alike and at single waves",
    "practice": "practices that differ at all waves alike",
    "none": "no practices",
}


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Draws:
    """Parameters drawn from their distribution given the scores that were seen.

    Attributes
    ----------
    inputs : DrawInputs
        Arrays and columns; see there.
    parameters : tuple of Parameters, length M
    practices : str
        ``both``, ``practice`` or ``none``.
    burn_in, thin, seed : int
    notes : tuple of str
    """

    inputs: DrawInputs
    parameters: tuple[Parameters, ...]
    practices: str
    burn_in: int
    thin: int
    seed: int
    notes: tuple[str, ...]

    @property
    def data(self) -> WaveData:
        """Scores, covariates, arms and practices as arrays."""
        return self.inputs.data

    @property
    def outcome(self) -> str:
        """Column of the scores."""
        return self.inputs.outcome

    @property
    def person(self) -> str:
        """Column of the people."""
        return self.inputs.person

    @property
    def wave(self) -> str:
        """Column of the waves."""
        return self.inputs.wave

    @property
    def arm(self) -> str | None:
        """Column of the arms."""
        return self.inputs.arm

    @property
    def cluster(self) -> str | None:
        """Column of the practices."""
        return self.inputs.cluster

    @property
    def imputations(self) -> int:
        """How many draws there are, M."""
        return len(self.parameters)

    @property
    def n(self) -> int:
        """People."""
        return self.data.people

    @property
    def method(self) -> str:
        """How they were made."""
        arms = ""
        if len(self.inputs.arms) > 1:
            own = "coefficients and covariance" if self.inputs.by_arm else "means"
            arms = f"{own} of each arm, "
        waves = ", ".join(self.inputs.waves)
        return (
            f"joint normal model of the scores at the waves {waves} ({arms}"
            f"{_OF_PRACTICES[self.practices]}), {self.imputations} draws by Gibbs sampling "
            f"({self.burn_in} sweeps before the first, {self.thin} between draws, seed {self.seed})"
        )

    def residuals(self, imputation: int) -> Floats:
        """Standard normal numbers of one imputation, shape (n, J).

        Parameters
        ----------
        imputation : int
            From 0.

        Returns
        -------
        ndarray
            The same whatever strategy is followed.
        """
        return residual_numbers(self.n, self.data.waves, self.seed, imputation)

    @cached_property
    def rows(self) -> pd.DataFrame:
        """Every person at every wave: the columns of the frame, people and waves in order."""
        return every_row(self.inputs)

    @property
    def table(self) -> pd.DataFrame:
        """Mean and standard deviation over the draws of coefficients and variances.

        One row for each: ``arm wave term estimate std_error n``, in units of the outcome. They
        show what scores are drawn from; they are no result.
        """
        import pandas as pd

        rows = [*self._coefficient_rows(), *self._practice_rows()]
        return pd.DataFrame(rows, columns=["arm", "wave", "term", "estimate", "std_error", "n"])

    def to_frame(self) -> pd.DataFrame:
        """The table."""
        return self.table

    def _coefficient_rows(self) -> list[tuple[str, str, str, float, float, int]]:
        drawn = np.stack([one.coefficients for one in self.parameters])
        spread = np.stack([one.covariance for one in self.parameters])
        spread = np.sqrt(np.diagonal(spread, axis1=2, axis2=3))[:, :, None, :]
        both = np.concatenate([drawn, spread], axis=2)
        mean, error = both.mean(axis=0), both.std(axis=0, ddof=1)
        seen, arm = self.data.observed, self.data.arm
        return [
            (label, wave, term, mean[a, k, j], error[a, k, j], int(seen[arm == a, j].sum()))
            for a, label in enumerate(self.inputs.arms or ("all",))
            for j, wave in enumerate(self.inputs.waves)
            for k, term in enumerate((*self.inputs.terms, "SD between people"))
        ]

    def _practice_rows(self) -> list[tuple[str, str, str, float, float, int]]:
        if self.practices == "none":
            return []
        always = np.sqrt([one.practice_variance for one in self.parameters])
        single = np.sqrt([one.practice_wave_variance for one in self.parameters])
        told = [("SD between practices", always)]
        if self.practices == "both" and self.data.waves > 1:
            told.append(("SD of practices at single waves", single))
        count = self.data.practices
        return [
            ("all", "all", term, float(v.mean()), float(v.std(ddof=1)), count) for term, v in told
        ]

    def __repr__(self) -> str:
        return f"<Draws: {self.imputations} of {self.n} people at {self.data.waves} waves>"

    def __str__(self) -> str:
        title = f"Model from which missing scores are drawn ({self.inputs.outcome})"
        return result_text(title, self.table, self.method, self.notes)
