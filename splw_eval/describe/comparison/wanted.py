"""Contrasts that a plan wants of a model, and their numbers under any rule."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from splw_eval.core.model_rows import EACH_WAVE, PRIMARY
from splw_eval.core.plan import Wave
from splw_eval.data import Study
from splw_eval.describe.comparison.fits import UNFIT, OutcomeFit
from splw_eval.describe.comparison.told import known

PER_YEAR = "change in 12 months, by a straight line"
_YEAR = 12.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """One contrast that is wanted.

    Attributes
    ----------
    kind : str
        ``wave``, ``mean`` or ``slope``.
    waves : tuple of int
        Positions in ``plan.waves``; all of the model for a slope.
    part : str
        ``primary contrast`` or ``at each wave``.
    when : str
        In words.
    """

    kind: str
    waves: tuple[int, ...]
    part: str
    when: str

    @property
    def times(self) -> float:
        """What the model's number is multiplied by: a slope is told for 12 months."""
        return _YEAR if self.kind == "slope" else 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimated:
    """One estimate; None where nothing can be said.

    Attributes
    ----------
    arm : int
        Place in the order of the arms of the one compared with the first; 0 where there is one.
    n, n_smaller : int
        People measured at the waves looked at (of several: at the one with fewest), and those of
        the smaller group among them.
    """

    arm: int
    n: int
    n_smaller: int
    estimate: float
    std_error: float
    df: float | None
    conf_low: float | None
    conf_high: float | None


def wanted_of(study: Study, fit: OutcomeFit) -> Iterator[Wanted]:
    """Give the plan's contrast, and one at every wave after the start.

    Parameters
    ----------
    study : Study
    fit : OutcomeFit

    Yields
    ------
    Wanted
        The plan's contrast stands first; where it is one wave, in that wave's place. It is left
        out where the model lacks one of its waves.
    """
    plan, held = study.plan, fit.long.waves
    asked = plan.estimand.contrast
    named = tuple(i for i, wave in enumerate(plan.waves) if wave.name in asked.waves)
    if asked.kind == "slope":
        yield Wanted(kind="slope", waves=held, part=PRIMARY, when=PER_YEAR)
    elif asked.kind == "mean" and set(named) <= set(held):
        yield Wanted(kind="mean", waves=named, part=PRIMARY, when=_when(plan.waves, named))
    for code in held[1:]:
        part = PRIMARY if asked.kind == "wave" and named == (code,) else EACH_WAVE
        when = _when(plan.waves, (code,))
        yield Wanted(kind="wave", waves=(code,), part=part, when=when)


def _when(waves: Sequence[Wave], codes: tuple[int, ...]) -> str:
    titles = [waves[code].title for code in codes]
    if len(titles) == 1:
        return titles[0]
    return f"mean of {', '.join(titles[:-1])} and {titles[-1]}"


def estimated(study: Study, fit: OutcomeFit, wanted: Wanted) -> tuple[Estimated, ...]:
    """Estimate one contrast, for each arm of the programme against the first comparison.

    Parameters
    ----------
    study : Study
    fit : OutcomeFit
        With a model.
    wanted : Wanted

    Returns
    -------
    tuple of Estimated
        In units of the score; a slope in units in 12 months. Empty where the model lacks it.
    """
    assert fit.model is not None
    what, waves = put_to_model(study, fit, wanted)
    try:
        table = fit.model.contrast(what, waves=waves)
    except UNFIT:
        return ()
    times = wanted.times
    arms = range(1, len(fit.asked.order)) if study.plan.arms else (0,)
    found = []
    for arm, row in zip(arms, table.to_dict("records"), strict=True):
        if arm not in fit.asked.programme:
            continue
        n, smaller = people_of(fit, wanted, arm)
        found.append(
            Estimated(
                arm=arm,
                n=n,
                n_smaller=smaller,
                estimate=times * float(row["estimate"]),
                std_error=times * float(row["std_error"]),
                df=known(row["df"]),
                conf_low=known(times * row["conf_low"]),
                conf_high=known(times * row["conf_high"]),
            )
        )
    return tuple(found)


def put_to_model(
    study: Study, fit: OutcomeFit, wanted: Wanted
) -> tuple[str | dict[str, float], list[float] | None]:
    """Word of the model's for a contrast, and its waves as months.

    Parameters
    ----------
    study : Study
    fit : OutcomeFit
        With a model.
    wanted : Wanted

    Returns
    -------
    what : str or dict
    waves : list of float or None
    """
    months = [study.plan.waves[code].month for code in wanted.waves]
    one_start, arms = fit.asked.constrained, bool(study.plan.arms)
    if wanted.kind == "slope":
        return ("difference in slope" if arms else "slope"), None
    if not arms and wanted.kind == "mean":
        assert fit.model is not None
        names = fit.model.design.names
        places = [fit.long.waves.index(code) for code in wanted.waves]
        return {names[place]: 1 / len(places) for place in places}, None
    if not arms:
        return "change", months
    if wanted.kind == "mean":
        return ("mean" if one_start else "mean change"), months
    return ("difference" if one_start else "difference in change"), months


def looked_at(fit: OutcomeFit, wanted: Wanted) -> tuple[int, ...]:
    """Waves whose means a contrast is made of: the start too, where groups keep their own."""
    return wanted.waves if fit.asked.constrained else (0, *wanted.waves)


def people_of(fit: OutcomeFit, wanted: Wanted, arm: int) -> tuple[int, int]:
    """People measured, and those of the smaller group, at the wave with fewest."""
    arms = sorted({0, arm})
    each = [[fit.long.measured(a, wave) for a in arms] for wave in looked_at(fit, wanted)]
    at_waves = each if fit.asked.constrained else each[1:]
    return min(map(sum, at_waves)), min(min(of_arms) for of_arms in each)
