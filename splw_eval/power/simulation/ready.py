"""From a design to the trial that is drawn, and what cannot be drawn."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType

import numpy as np

from splw_eval.core.findings import Finding
from splw_eval.power.checks import finding, refuse
from splw_eval.power.design import Design, Values
from splw_eval.power.options import OPTIONS
from splw_eval.power.simulation import from_arms, from_cells, from_people
from splw_eval.power.simulation.trial import Trial
from splw_eval.power.words.assumptions import steady_not_said

DRAWN: Mapping[str, Callable[[Values], Trial]] = MappingProxyType(
    {
        "individual": from_people.of_individual,
        "pre-post": from_arms.of_pre_post,
        "parallel": from_arms.of_parallel,
        "baseline": from_cells.of_baseline,
        "did": from_cells.of_did,
        "cohort": from_cells.of_visits,
        "crossover": from_cells.of_crossover,
        "stepped-wedge": from_cells.of_wedge,
        "matrix": lambda v: from_cells.of_matrix(v, np.atleast_2d(np.asarray(v.matrix))),
        "partially-nested": from_people.of_nested,
    }
)
_ONCE = ("parallel", "partially-nested", "individual")
_LEAST = -1e-12


def ready_to_draw(design: Design) -> Trial:
    """The trial that a design describes.

    Parameters
    ----------
    design : Design
        One design, every number of it known.

    Returns
    -------
    Trial

    Raises
    ------
    DesignError
        Trials of such a design, or outcome, are not drawn here; or a number is still open.
    """
    values = design.values
    refuse(list(_refusals(design, values)))
    trial = DRAWN[design.kind.name](values)
    refuse(list(_impossible(trial)))
    found = design.kind.precision(values)
    df = {name: float(number) for name, number in found.df.items()}
    return replace(
        trial, df=df, notes=(*trial.notes, *_notes(values, of_periods=steady_not_said(design)))
    )


def _refusals(design: Design, v: Values) -> Iterator[Finding]:
    kind = design.kind
    if kind.name not in DRAWN:
        yield finding("SZ10", "", f"trials of {kind.name} are not drawn", _those_drawn())
        return
    arrays = [
        name
        for name, value in design.given.items()
        if OPTIONS[name].form == "number" and np.ndim(value) > 0
    ]
    for name in arrays:
        yield finding("SZ05", name, "has several values", "Simulate one design at a time.")
    if not any(name in design.given for name in kind.effect):
        remedy = "Give the difference, or work the design out first and simulate the answer's."
        yield finding("SZ02", kind.effect[0], "is missing", remedy)
    for group in kind.needs:
        if group != kind.effect and not any(name in v for name in group):
            remedy = "Work the design out first, and simulate the design of the answer."
            yield finding("SZ02", group[0], "is missing", remedy)
    yield from _of_outcome(kind.name, v)


def _of_outcome(name: str, v: Values) -> Iterator[Finding]:
    counted = v.rate0 is not None or v.levels is not None or v.link in ("log", "logit")
    if counted:
        yield finding("SZ10", "", "such outcomes are not drawn", "Give means, or proportions.")
    elif v.discordant is not None or (v.p0 is not None and name not in _ONCE):
        problem = "proportions are drawn where each person is measured once"
        yield finding("SZ10", "p0", problem, "Give means with --sd, or another design.")
    elif v.p0 is not None and name == "individual" and v.baseline != "none":
        yield finding("SZ10", "p0", "proportions are drawn with no baseline", "Leave it out.")
    for one in ("icc", "icc_control", "cac", "iac"):
        number = getattr(v, one)
        if number is not None and np.ndim(number) == 0 and number < 0:
            yield finding("SZ06", one, "is below 0, and cannot be drawn", "Give 0 or more.")


def _impossible(trial: Trial) -> Iterator[Finding]:
    if (np.linalg.eigvalsh(trial.sigma)[:, 0] <= 0).any():
        problem = "people's scores would not differ but for their clusters"
        yield finding("SZ09", "", problem, "Bring correlations below 1.")
    if (np.linalg.eigvalsh(trial.g)[:, 0] < _LEAST * (1 + np.abs(trial.g).max())).any():
        problem = "clusters cannot have such correlations"
        yield finding("SZ09", "", problem, "Bring cac nearer to 1, or below.")
    if trial.cohort and (trial.sizes != trial.sizes[:, :1]).any():
        remedy = "Give one size for each cluster, and those lost as --dropout."
        yield finding("SZ05", "sizes", "differ between visits of the same people", remedy)
    if (np.rint(trial.sizes) < 1).all(axis=1).any():
        yield finding("SZ03", "size", "leaves clusters without people", "Give 1 or more.")
    elif (np.abs(trial.sizes - np.rint(trial.sizes)) > 1e-6).any() and not trial.cv:  # noqa: PLR2004
        yield finding("SZ03", "size", "is no whole number", "Only whole people can be drawn.")


def _notes(v: Values, *, of_periods: bool) -> Iterator[str]:
    if v.sd_treatment is not None:
        yield "The fitted model has no effect of the programme that differs between clusters."
    if v.r2 is not None or v.r2_cluster is not None or v.covariates is not None:
        yield (
            "Covariates are not drawn: scores are drawn with the variance that covariates leave, "
            "and no degree of freedom is spent on them."
        )
    if of_periods and v.cac is None:
        yield "--cac was not given: it is 1, so clusters are drawn that do not change over time."
    if v.sd_control is not None or v.icc_control is not None:
        yield "Arms differ in their spread, as drawn."


def _those_drawn() -> str:
    return f"Drawn are: {', '.join(DRAWN)}."
