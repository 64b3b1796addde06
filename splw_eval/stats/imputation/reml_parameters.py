"""Parameters of the scores by restricted likelihood, with and without some of the people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.errors import FitError
from splw_eval.stats.imputation.layout import Parameters, WaveData
from splw_eval.stats.mixed.cluster_effects import cluster_effects_of
from splw_eval.stats.mixed.covariance_model import CovarianceModel
from splw_eval.stats.mixed.leave_out import fit_without
from splw_eval.stats.mixed.model_fit import ModelFit, fit_model
from splw_eval.stats.mixed.moments import Moments, gather_moments
from splw_eval.stats.mixed.structures import structure_of

Array = NDArray[np.floating[Any]]
Whole = NDArray[np.int64]

PRACTICES = {"both": "wave", "practice": "intercept", "none": "none"}


@dataclass(frozen=True, slots=True, kw_only=True)
class FittedWaves:
    """A fit of scores by wave, arm and practice, and what is needed to leave people out.

    Attributes
    ----------
    data : WaveData
    fit : ModelFit
    practices : str
        ``both``, ``practice`` or ``none``.
    by_arm : bool
        Whether people of each arm have a covariance of their own.
    """

    data: WaveData
    fit: ModelFit
    practices: str
    by_arm: bool

    @property
    def parameters(self) -> Parameters:
        """Estimates; effects of practices are their best predictions."""
        return _parameters(self.data, self.fit, self.practices)

    def without(self, people: Whole) -> Parameters:
        """Estimates from everybody but these rows of `data`; a FitError where they are too few."""
        if not np.isfinite(self.data.y[people]).any():
            return self.parameters
        part = _gathered(
            self.data,
            people,
            practices=self.practices,
            by_arm=self.by_arm,
            basis=self.fit.moments.basis,
        )
        return _parameters(self.data, fit_without(self.fit, part), self.practices)


def fit_waves(
    data: WaveData, *, practices: str = "both", by_arm: bool = True, reml: bool = True
) -> FittedWaves:
    """Fit scores at all waves: coefficients within arm and wave, an unstructured covariance.

    Parameters
    ----------
    data : WaveData
    practices : str
        Effects of practices: ``both`` (one for all waves and one for each), ``practice`` or
        ``none``, which it is where the data have no practices.
    by_arm : bool
        Whether people of each arm have a covariance of their own.
    reml : bool

    Returns
    -------
    FittedWaves

    Raises
    ------
    FitError
        An arm has too few scores at a wave, or the likelihood cannot be made greatest.
    """
    if practices not in PRACTICES:
        raise FitError(f'practices="{practices}" is not known.', remedy=_remedy())
    kept = practices if data.practice is not None else "none"
    everybody = np.arange(len(data.y))
    moments = _gathered(data, everybody, practices=kept, by_arm=by_arm, basis=None)
    model = CovarianceModel(
        structure=structure_of("unstructured", data.y.shape[1]),
        groups=data.arms if by_arm else 1,
        clusters=cluster_effects_of(PRACTICES[kept], data.y.shape[1]),
        cluster_groups=(kept != "none",),
    )
    fit = fit_model(moments, model, reml=reml)
    if not fit.fit.converged[0]:
        raise FitError("The search for the covariance of the scores did not end.")
    return FittedWaves(data=data, fit=fit, practices=kept, by_arm=by_arm)


def _remedy() -> str:
    return f"One of: {', '.join(PRACTICES)}."


def _gathered(
    data: WaveData, people: Whole, *, practices: str, by_arm: bool, basis: Array | None
) -> Moments:
    """Sums over the scores seen of some people."""
    row, wave = np.nonzero(np.isfinite(data.y[people]))
    person = people[row]
    q, waves = data.x.shape[1], data.y.shape[1]
    x = np.zeros((len(person), data.arms, waves, q))
    x[np.arange(len(person)), data.arm[person], wave] = data.x[person]
    clustered = practices != "none" and data.practice is not None
    cluster = data.practice[person] if clustered and data.practice is not None else 0 * person
    return gather_moments(
        x.reshape(len(person), -1),
        data.y[person, wave],
        person=person,
        wave=wave,
        cluster=cluster.astype(np.int64),
        waves=waves,
        clusters=data.practices if clustered else 1,
        group=data.arm[person].astype(np.int64) if by_arm else None,
        basis=basis,
    )


def _parameters(data: WaveData, fit: ModelFit, practices: str) -> Parameters:
    """Estimates in the shapes of imputation."""
    waves, q = data.y.shape[1], data.x.shape[1]
    sigma, _ = fit.model.matrices(fit.fit.theta)
    beta = fit.beta[0].reshape(data.arms, waves, q)
    variances = _practice_variances(fit, practices, waves)
    return Parameters(
        coefficients=np.ascontiguousarray(beta.transpose(0, 2, 1)),
        covariance=np.broadcast_to(sigma[0], (data.arms, waves, waves)).copy(),
        practice=_predicted(data, fit, practices),
        practice_variance=variances[0],
        practice_wave_variance=variances[1],
    )


def _predicted(data: WaveData, fit: ModelFit, practices: str) -> NDArray[np.float64]:
    """Best predictions of practices' effects at each wave, shape (practices, J)."""
    if practices == "none":
        return np.zeros((data.practices, data.y.shape[1]))
    h = fit.fit.at.h[0] @ np.linalg.inv(fit.moments.basis)
    effects = h[..., -1] - h[..., :-1] @ fit.beta[0]
    return np.asarray(effects @ fit.model.clusters.effects.T, dtype=np.float64)


def _practice_variances(fit: ModelFit, practices: str, waves: int) -> tuple[float, float]:
    """Variance of practices, and of practices by wave; with one wave there is only the first."""
    found = fit.fit.theta[0, fit.model.of_people :]
    if practices == "none":
        return 0.0, 0.0
    both = practices == "both" and waves > 1
    return float(found[0]), float(found[1]) if both else 0.0
