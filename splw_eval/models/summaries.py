"""Tables of a fitted mixed model that need no contrast: variances, ICC, criteria, convergence."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from splw_eval.models.design import Labelled
from splw_eval.models.fit_record import FitRecord
from splw_eval.models.variables import level_label
from splw_eval.stats.mixed.information import parameter_variance
from splw_eval.stats.mixed.profile import intervals_of_ratios
from splw_eval.stats.mixed.ratios import ratios_of

if TYPE_CHECKING:
    import pandas as pd

_OF_WAVES = re.compile(r"(variance|covariance)\[(\d+(?:,\d+)?)\]")  # not those of lags

_BETWEEN_ONES = "autocorrelation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Convergence:
    """How the search for the covariance ended.

    Attributes
    ----------
    converged : bool
    steps : int
    decrement : float
        Newton decrement g' I^-1 g: twice what one more step would gain in log likelihood.
    gradient : float
        Largest absolute derivative of the log likelihood per standard error of its parameter,
        over parameters that are on no boundary.
    on_boundary : tuple of str
        Variances estimated as zero, and autocorrelations at their limit.
    condition : float
        Reciprocal condition of the information with diagonal one; near 0: not identified.
    words : str
    """

    converged: bool
    steps: int
    decrement: float
    gradient: float
    on_boundary: tuple[str, ...]
    condition: float
    words: str


def parameter_names(fitted: FitRecord) -> tuple[str, ...]:
    """Names of the covariance parameters, with those of the arms where there are several."""
    names = fitted.fit.model.names(_groups(fitted))
    wave = fitted.design.wave
    if wave is None:
        return names
    return tuple(_OF_WAVES.sub(lambda found: _labelled(found, wave), name) for name in names)


def _labelled(found: re.Match[str], wave: Labelled) -> str:
    labels = [level_label(wave.levels[int(place) - 1]) for place in found[2].split(",")]
    return f"{found[1]}[{', '.join(labels)}]"


def on_boundary(fitted: FitRecord) -> tuple[str, ...]:
    """Names of parameters at a limit: variances at zero, autocorrelations at 1 or -1."""
    names = parameter_names(fitted)
    return tuple(n for n, at in zip(names, fitted.fit.fit.bound[0], strict=True) if at)


def variance_parameters(fitted: FitRecord) -> pd.DataFrame:
    """See `FittedMixedModel.variance_parameters`."""
    import pandas as pd

    fit = fitted.fit.fit
    w, usable = parameter_variance(
        fit.slopes, fit.bound, information=fitted.spec.information, boundary="conditional"
    )
    variance = np.diag(w[0])
    told = ~fit.bound[0] & (variance > 0) & bool(usable[0])
    return pd.DataFrame(
        {
            "parameter": parameter_names(fitted),
            "estimate": fit.theta[0],
            "std_error": np.where(told, np.sqrt(np.maximum(variance, 0.0)), np.nan),
            "on_boundary": fit.bound[0],
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
    free = ~fit.bound[0]
    information = fit.slopes.expected[0][np.ix_(free, free)]
    size = np.sqrt(np.maximum(np.diag(information), 0.0))
    scale = np.where(size > 0, size, 1.0)
    values = np.linalg.eigvalsh(information / np.outer(scale, scale)) if free.any() else np.ones(1)
    gradient = np.abs(fit.slopes.score[0][free] / scale)
    held = on_boundary(fitted)
    converged, steps = bool(fit.converged[0]), int(fit.steps[0])
    return Convergence(
        converged=converged,
        steps=steps,
        decrement=float(fit.decrement[0]),
        gradient=float(gradient.max(initial=0.0)),
        on_boundary=held,
        condition=float(max(values[0], 0.0) / values[-1]),
        words=convergence_sentence(converged, steps, held),
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


def limits_in_words(held: Sequence[str]) -> str:
    """Which parameters are at a limit, and at which."""
    zero = [name for name in held if not name.startswith(_BETWEEN_ONES)]
    rest = [name for name in held if name.startswith(_BETWEEN_ONES)]
    parts = [f"estimated as zero: {', '.join(zero)}"] if zero else []
    parts += [f"at its limit: {', '.join(rest)}"] if rest else []
    return "; ".join(parts)


def icc(fitted: FitRecord) -> pd.DataFrame:
    """See `FittedMixedModel.icc`."""
    import pandas as pd

    design, spec = fitted.design, fitted.spec
    waves = [level_label(level) for level in design.wave.levels] if design.wave else [""]
    ratios = ratios_of(fitted.fit.model, waves, _groups(fitted))
    intervals = intervals_of_ratios(fitted.fit, ratios, conf_level=spec.conf_level)
    kind = "restricted profile likelihood" if spec.reml else "profile likelihood"
    rows = [
        {
            "measure": ratio.name,
            "estimate": interval.estimate,
            "conf_low": interval.low if interval.converged else np.nan,
            "conf_high": interval.high if interval.converged else np.nan,
            "clusters": design.cluster.count if design.cluster else 0,
            "method": kind if interval.converged else "none: the search for it did not end",
        }
        for ratio, interval in zip(ratios, intervals, strict=True)
    ]
    columns = ["measure", "estimate", "conf_low", "conf_high", "clusters", "method"]
    return pd.DataFrame(rows, columns=columns)


def _groups(fitted: FitRecord) -> tuple[str, ...]:
    """Labels of the groups of people and clusters, in the engine's order."""
    spec, arm = fitted.spec, fitted.design.arm
    if spec.by_arm and arm:
        return tuple(level_label(level) for level in arm.levels)
    if spec.cluster_effect_in is not None:
        return (", ".join(level_label(level) for level in spec.cluster_effect_in), "")
    return ()
