"""Tables of a fitted mixed model that need no contrast: variances, ICC, criteria, convergence."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from splw_eval.models.boundary import groups_of, held, limits_in_words, singular_matrices
from splw_eval.models.design import Labelled
from splw_eval.models.engine_clusters import clusters_with_effects
from splw_eval.models.fit_record import FitRecord
from splw_eval.models.variables import level_label
from splw_eval.stats.mixed.information import parameter_variance
from splw_eval.stats.mixed.profile import intervals_of_ratios
from splw_eval.stats.mixed.ratios import ratios_of

if TYPE_CHECKING:
    import pandas as pd

_OF_WAVES = re.compile(r"(variance|covariance)\[(\d+(?:,\d+)?)\]")  # not those of lags


@dataclass(frozen=True, slots=True, kw_only=True)
class Convergence:
    """How the search for the covariance ended.

    Attributes
    ----------
    converged : bool
    steps : int
    decrement : float
        Size of the Newton decrement g' I^-1 g: twice what one more step would gain in log
        likelihood. Past the edge of the definite covariances it has no sign to trust.
    gradient : float
        Largest absolute derivative of the log likelihood per standard error of its parameter,
        over parameters that are on no boundary and in no singular covariance.
    on_boundary : tuple of str
        Variances estimated as zero, autocorrelations at their limit, and `singular`.
    singular : tuple of str
        Covariances, as whole matrices, that are singular.
    condition : float
        Reciprocal condition of the information with diagonal one; near 0: not identified.
    words : str
    """

    converged: bool
    steps: int
    decrement: float
    gradient: float
    on_boundary: tuple[str, ...]
    singular: tuple[str, ...]
    condition: float
    words: str


def parameter_names(fitted: FitRecord) -> tuple[str, ...]:
    """Names of the covariance parameters, with those of the arms where there are several."""
    names = fitted.fit.model.names(groups_of(fitted))
    wave = fitted.design.wave
    if wave is None:
        return names
    return tuple(_OF_WAVES.sub(lambda found: _labelled(found, wave), name) for name in names)


def _labelled(found: re.Match[str], wave: Labelled) -> str:
    labels = [level_label(wave.levels[int(place) - 1]) for place in found[2].split(",")]
    return f"{found[1]}[{', '.join(labels)}]"


def on_boundary(fitted: FitRecord) -> tuple[str, ...]:
    """Names of parameters at a limit, then those of covariances that are singular."""
    names = parameter_names(fitted)
    bound = (n for n, at in zip(names, fitted.fit.fit.bound[0], strict=True) if at)
    return (*bound, *singular(fitted))


def singular(fitted: FitRecord) -> tuple[str, ...]:
    """Names of covariances that are singular."""
    return tuple(matrix.name for matrix in singular_matrices(fitted))


def variance_parameters(fitted: FitRecord) -> pd.DataFrame:
    """See `FittedMixedModel.variance_parameters`."""
    import pandas as pd

    fit = fitted.fit.fit
    w, usable = parameter_variance(
        fit.slopes, fit.bound, information=fitted.spec.information, boundary="conditional"
    )
    variance = np.diag(w[0])
    limit = held(fitted)
    told = ~limit & (variance > 0) & bool(usable[0])
    return pd.DataFrame(
        {
            "parameter": parameter_names(fitted),
            "estimate": fit.theta[0],
            "std_error": np.where(told, np.sqrt(np.maximum(variance, 0.0)), np.nan),
            "on_boundary": limit,
        }
    )


def information_criteria(fitted: FitRecord) -> pd.DataFrame:
    """See `FittedMixedModel.information_criteria`."""
    import pandas as pd

    n, p = fitted.design.x.shape
    parameters = p + len(fitted.fit.fit.theta[0])
    deviance = float(fitted.fit.deviance[0])
    small = (
        2 * parameters * (parameters + 1) / (n - parameters - 1) if n > parameters + 1 else np.nan
    )
    if not fitted.fit.fit.converged[0]:  # no likeliest covariance, so nothing to compare
        deviance = np.nan
    aic = deviance + 2 * parameters
    values = {"AIC": aic, "AICc": aic + small, "BIC": deviance + np.log(n) * parameters}
    return pd.DataFrame(
        {
            "criterion": list(values),
            "value": list(values.values()),
            "parameters": parameters,
            "n": n,
        }
    )


def convergence(fitted: FitRecord) -> Convergence:
    """See `FittedMixedModel.convergence`."""
    fit = fitted.fit.fit
    free = ~held(fitted)
    information = fit.slopes.expected[0][np.ix_(free, free)]
    size = np.sqrt(np.maximum(np.diag(information), 0.0))
    scale = np.where(size > 0, size, 1.0)
    values = np.linalg.eigvalsh(information / np.outer(scale, scale)) if free.any() else np.ones(1)
    gradient = np.abs(fit.slopes.score[0][free] / scale)
    limits = on_boundary(fitted)
    converged, steps = bool(fit.converged[0]), int(fit.steps[0])
    return Convergence(
        converged=converged,
        steps=steps,
        decrement=abs(float(fit.decrement[0])),
        gradient=float(gradient.max(initial=0.0)),
        on_boundary=limits,
        singular=singular(fitted),
        condition=float(max(values[0], 0.0) / values[-1]),
        words=convergence_sentence(converged, steps, limits),
    )


def convergence_sentence(converged: bool, steps: int, held: Sequence[str]) -> str:
    """How the search ended."""
    start = (
        f"The search ended after {steps} steps, where no further step gains anything"
        if converged
        else f"The search did not end in {steps} steps: these rows may have no likeliest "
        "covariance, so no interval is given. Ask for a covariance with fewer parameters, or "
        "leave out waves at which few were seen"
    )
    return f"{start}; {limits_in_words(held)}." if held else f"{start}."


def icc(fitted: FitRecord) -> pd.DataFrame:
    """See `FittedMixedModel.icc`."""
    import pandas as pd

    design, spec = fitted.design, fitted.spec
    clusters = clusters_with_effects(design, spec)
    waves = [level_label(level) for level in design.wave.levels] if design.wave else [""]
    ratios = ratios_of(fitted.fit.model, waves, groups_of(fitted))
    intervals = intervals_of_ratios(fitted.fit, ratios, conf_level=spec.conf_level)
    kind = "restricted profile likelihood" if spec.reml else "profile likelihood"
    rows = [
        {
            "measure": ratio.name,
            "estimate": interval.estimate,
            "conf_low": interval.low if interval.converged else np.nan,
            "conf_high": interval.high if interval.converged else np.nan,
            "clusters": clusters.count if clusters else 0,
            "method": kind if interval.converged else "none: the search for it did not end",
        }
        for ratio, interval in zip(ratios, intervals, strict=True)
    ]
    columns = ["measure", "estimate", "conf_low", "conf_high", "clusters", "method"]
    return pd.DataFrame(rows, columns=columns)
