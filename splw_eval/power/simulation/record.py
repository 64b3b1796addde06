"""What a simulation of power found, with its own uncertainty."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class SimulatedPower:
    """Power by simulation.

    Attributes
    ----------
    power : float
        Share of all trials whose test rejects in the direction that the design counts; a trial
        without an answer does not reject. NaN where none has an answer.
    mc_error : float
        Its Monte Carlo standard error.
    conf_low, conf_high : float
        Wilson's 95 % limits for it.
    n_trials : int
    failures : int
        Trials without an answer: the fit did not converge, or no degrees of freedom came out.
    formula : float
        Power by the formula of the design.
    formula_rule : str
        Its degrees of freedom: those of the analysis where the formula has them.
    effect : float
        What was to be found.
    mean_estimate, sd_estimate, mean_std_error, mean_df : float
        Of the trials with an answer; `mean_df` is infinite for the normal.
    coverage : float
        Share of their 1 - alpha limits that hold the effect.
    at_zero : float
        Share of them in which a variance between clusters was estimated as zero; NaN where the
        analysis estimates none.
    method, df_rule : str
    drawn : str
        What was drawn, in a phrase.
    notes : tuple of str
    seed : int
    alpha : float
    """

    power: float
    mc_error: float
    conf_low: float
    conf_high: float
    n_trials: int
    failures: int
    formula: float
    formula_rule: str
    effect: float
    mean_estimate: float
    sd_estimate: float
    mean_std_error: float
    mean_df: float
    coverage: float
    at_zero: float
    method: str
    df_rule: str
    drawn: str
    notes: tuple[str, ...]
    seed: int
    alpha: float

    def to_dict(self) -> dict[str, Any]:
        """Every figure by its name."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}

    def to_frame(self) -> pd.DataFrame:
        """One row, without the notes."""
        import pandas as pd

        told: Mapping[str, Any] = self.to_dict()
        return pd.DataFrame([{name: told[name] for name in told if name != "notes"}])

    def __repr__(self) -> str:
        lines = [
            f"Simulated power {self.power:.3f} (95 % limits {self.conf_low:.3f} to "
            f"{self.conf_high:.3f}, Monte Carlo error {self.mc_error:.4f})",
            f"  trials {self.n_trials:,}, without an answer {self.failures:,}, seed {self.seed}",
            f"  drawn: {self.drawn}",
            f"  analysis: {self.method}",
            f"  by the formula {self.formula:.3f}, degrees of freedom: {self.formula_rule}",
            f"  effect {self.effect:.4g}, mean estimate {self.mean_estimate:.4g}, "
            f"SD {self.sd_estimate:.4g}, mean standard error {self.mean_std_error:.4g}",
            f"  coverage {self.coverage:.3f}, mean degrees of freedom {self.mean_df:.4g}",
        ]
        if self.at_zero == self.at_zero:  # a number
            lines.append(f"  a variance estimated as zero in {self.at_zero:.1%} of trials")
        return "\n".join([*lines, *(f"  {note}" for note in self.notes)])
