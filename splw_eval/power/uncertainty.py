"""Power where inputs are uncertain: expected over what an ICC may be, or over the effect."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from splw_eval.power.answer import solve
from splw_eval.power.checks import finding, refuse
from splw_eval.power.design import Design
from splw_eval.power.icc_evidence import IccEvidence, of_prior, of_range, of_study
from splw_eval.power.options import OPTIONS
from splw_eval.power.precision import Array
from splw_eval.power.solving import chance, degrees_of_freedom
from splw_eval.power.words.meanings import clustering
from splw_eval.power.words.shown import decimals, number
from splw_eval.stats.power.assurance import assurance_of_test

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ExpectedPower:
    """Power where the ICC is uncertain.

    Arrays are of shape () or, for a grid of designs, (grid,).

    Attributes
    ----------
    power : ndarray
        Mean over what the ICC may be.
    at_mean : ndarray
        With the ICC at its mean, as if it were known.
    at_upper : ndarray
        With the ICC at its upper limit, 80% one-sided (of a range: at its upper end).
    at_limits : tuple of ndarray
        With the ICC at either of its limits.
    icc_mean, icc_sd, icc_upper : float
    icc_limits : tuple of float
        The middle 80%; of a range its ends, of a study its own interval.
    icc_upper_is, icc_limits_are : str
        What they are, in words.
    iccs : ndarray, shape (values,)
    powers : ndarray, shape (values,) or (values, grid)
        Power at each of them.
    clusters, patients : ndarray or None
        For which all of it is told.
    method : str
    limits : str
        What this does not cover.
    design : Design
        With whole numbers, where a number was sought.
    """

    power: Array
    at_mean: Array
    at_upper: Array
    at_limits: tuple[Array, Array]
    icc_mean: float
    icc_sd: float
    icc_upper: float
    icc_limits: tuple[float, float]
    icc_upper_is: str
    icc_limits_are: str
    iccs: Array
    powers: Array
    clusters: Array | None
    patients: Array | None
    method: str
    limits: str
    design: Design

    @property
    def table(self) -> pd.DataFrame:
        """``icc power what``, one row for each figure; for a single design."""
        import pandas as pd

        rows = [
            ("mean over the ICC", self.icc_mean, self.power, "expected power"),
            ("mean", self.icc_mean, self.at_mean, "as if it were known"),
            ("lower limit", self.icc_limits[0], self.at_limits[0], "favourable"),
            ("upper limit", self.icc_limits[1], self.at_limits[1], "unfavourable"),
            (self.icc_upper_is, self.icc_upper, self.at_upper, "cautious"),
        ]
        told = [(what, icc, float(power), meaning) for what, icc, power, meaning in rows]
        return pd.DataFrame(told, columns=["icc_is", "icc", "power", "meaning"])

    @property
    def sentences(self) -> tuple[str, ...]:
        """For readers; of a single design."""
        low, high = map(_icc, self.icc_limits)
        ends = " to ".join(decimals(one) for one in self.at_limits)
        upper, at_upper = _icc(self.icc_upper), decimals(self.at_upper)
        which = clustering(self.design)
        one = f"a {which}" if which == "k" else f"an {which}"
        return (
            f"Expected power: {decimals(self.power)}, the mean over what the {which} may be.",
            f"Power with {one} from {low} to {high}, {self.icc_limits_are}: {ends}.",
            f"Power with {one} of {upper}, its {self.icc_upper_is}: {at_upper}.",
            f"Method: {self.method}.",
            self.limits,
        )

    def to_dict(self) -> dict[str, Any]:
        """For machines."""
        return {
            "expected_power": _plain(self.power),
            "power_at_mean_icc": _plain(self.at_mean),
            "power_at_upper_icc": _plain(self.at_upper),
            "power_at_limits": [_plain(one) for one in self.at_limits],
            "icc_mean": self.icc_mean,
            "icc_sd": self.icc_sd,
            "icc_upper": self.icc_upper,
            "icc_upper_is": self.icc_upper_is,
            "icc_limits": list(self.icc_limits),
            "icc_limits_are": self.icc_limits_are,
            "clusters": None if self.clusters is None else _plain(self.clusters),
            "patients": None if self.patients is None else _plain(self.patients),
            "method": self.method,
            "limits": self.limits,
        }


def expected_power(
    design: Design,
    *,
    icc_prior: tuple[float, float] | None = None,
    icc_range: tuple[float, float] | None = None,
    icc_from: Any = None,
    measure: str | None = None,
) -> ExpectedPower:
    """Power of a design, over what its ICC may be.

    Parameters
    ----------
    design : Design
        With its own ``icc_prior`` or ``icc_range``, where neither is given here. Where it asks
        for a number, that is solved first, with its ICC.
    icc_prior : (mean, sd), optional
        A Beta distribution.
    icc_range : (low, high), optional
        Each value as likely.
    icc_from : FittedMixedModel, DataFrame or mapping, optional
        A study: see `of_study`.
    measure : str, optional
        Which ICC of the study.

    Returns
    -------
    ExpectedPower

    Raises
    ------
    DesignError
        The design has no ICC; there is no source for it, or more than one.
    """
    evidence = _evidence(design, icc_prior, icc_range, icc_from, measure)
    answer = solve(design)
    whole = answer.design
    powers = _at(whole, evidence.places)
    weights = evidence.weights.reshape(-1, *([1] * (powers.ndim - 1)))
    marks = np.array([evidence.mean, evidence.upper, *evidence.limits])
    at_mean, at_upper, low, high = _at(whole, marks)
    return ExpectedPower(
        power=np.asarray((powers * weights).sum(axis=0)),
        at_mean=at_mean,
        at_upper=at_upper,
        at_limits=(low, high),
        icc_mean=evidence.mean,
        icc_sd=float(evidence.sd),
        icc_upper=evidence.upper,
        icc_limits=evidence.limits,
        icc_upper_is=evidence.upper_is,
        icc_limits_are=evidence.limits_are,
        iccs=evidence.places,
        powers=powers,
        clusters=answer.clusters,
        patients=answer.patients,
        method=f"power, averaged by quadrature over {evidence.source}",
        limits=_LIMITS + (_CONTROL if whole.values.icc_control is not None else ""),
        design=whole,
    )


_LIMITS = (
    "The ICC alone is taken as uncertain; the difference, standard deviation, sizes and losses "
    "stand as given. Where the ICC is high, power is lower than the expected power."
)

_CONTROL = " The comparison arm's own ICC stands as given too; the programme's alone varies."


def _evidence(
    design: Design,
    prior: tuple[float, float] | None,
    ends: tuple[float, float] | None,
    study: Any,
    measure: str | None,
) -> IccEvidence:
    if "icc" not in design.kind.takes or design.values.icc is None:
        remedy = "Plan one of clusters, and give --icc."
        refuse([finding("SZ02", "icc", f"is not known of this {design.kind.title}", remedy)])
    if prior is None and ends is None and study is None:
        prior, ends = design.values.icc_prior, design.values.icc_range
    told = [one for one in (prior, ends, study) if one is not None]
    if len(told) != 1:
        problem = "has no distribution" if not told else "has more than one distribution"
        remedy = "Give one of icc_prior (mean, SD), icc_range (lowest, highest) and icc_from."
        refuse([finding("SZ14" if told else "SZ02", "icc", problem, remedy)])
    if study is not None:
        return of_study(study, measure=measure)
    _pair(prior if prior is not None else ends, "icc_range" if prior is None else "icc_prior")
    if prior is not None:
        return of_prior(float(prior[0]), float(prior[1]))
    assert ends is not None
    return of_range(float(ends[0]), float(ends[1]))


def _pair(given: Any, name: str) -> None:
    pair = 2
    if np.size(given) != pair:
        refuse([finding("SZ05", name, "is not two numbers", f"Give the {OPTIONS[name].meaning}.")])


def _at(design: Design, iccs: Array) -> Array:
    """Power at each ICC: shape (iccs,), or (iccs, grid)."""
    values = design.values
    grid = {
        name: value
        for name, value in design.given.items()
        if OPTIONS[name].form == "number" and np.ndim(value) == 1 and name != "icc"
    }
    count = max((np.size(value) for value in grid.values()), default=1)
    spread = {name: np.tile(np.asarray(value), iccs.size) for name, value in grid.items()}
    tried = values.changed(icc=np.repeat(iccs, count), **spread)
    found = np.broadcast_to(chance(tried, design.kind.precision(tried)), (iccs.size * count,))
    return np.asarray(found.reshape(iccs.size, count) if grid else found)


def assurance(design: Design, *, effect_sd: float, effect_mean: float | None = None) -> Array:
    """Chance that the trial's test rejects, where the effect itself is uncertain.

    Parameters
    ----------
    design : Design
        Where it asks for a number, that is solved first.
    effect_sd : float
        Of a normal prior of the effect, on the scale of the analysis (a difference of means or
        of proportions, a log odds ratio, a log hazard ratio).
    effect_mean : float, optional
        By default the design's effect.

    Returns
    -------
    ndarray
        As the sample grows it nears the chance that the effect has the sign of its mean, not 1.

    Raises
    ------
    DesignError
        The test is neither Student's nor the normal, or the SD is not above 0.
    """
    if not effect_sd > 0:
        problem = "effect_sd: the SD of the effect is not above 0"
        refuse([finding("SZ03", "", problem, "For an effect that is known, ask for power.")])
    design = solve(design).design
    values = design.values
    found = design.kind.precision(values)
    if found.rejects is not None:
        remedy = "Ask it of two arms, or with --adjust none."
        refuse([finding("SZ10", "", "assurance is not known of a test of several arms", remedy)])
    null = None if found.null_variance is None else np.sqrt(found.null_variance)
    return assurance_of_test(
        found.effect if effect_mean is None else effect_mean,
        effect_sd,
        found.std_error,
        degrees_of_freedom(values, found),
        values.alpha,
        sides=int(values.sides),
        tails=values.tails,
        null_std_error=null,
    )


def _icc(value: float) -> str:
    """To four decimals, as nothing hangs on more."""
    return number(round(value, 4))


def _plain(value: Array) -> Any:
    return np.asarray(value).tolist()
