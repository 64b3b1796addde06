"""The model of each outcome, fitted once for all tables that rest on it."""

from __future__ import annotations

import weakref
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from splw_eval.core.errors import FindingsError, FitError
from splw_eval.core.plan import Outcome
from splw_eval.core.plan.design import CLUSTER_TRIALS
from splw_eval.core.result import Note
from splw_eval.data import Study
from splw_eval.describe.comparison.asked import Asked, Units, asked_of
from splw_eval.describe.comparison.long_frame import (
    ARM,
    MONTH,
    PERSON,
    SCORE,
    UNIT,
    Long,
    frame_of,
    long_of,
)

if TYPE_CHECKING:
    import pandas as pd

    from splw_eval.models import FittedMixedModel


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeFit:
    """The model of one outcome, or why there is none.

    Attributes
    ----------
    outcome : Outcome
    asked : Asked
    long : Long
    frame : DataFrame
    model : FittedMixedModel or None
    units : str or None
        What the clusters of the model are; None where it has none.
    reason : str
        Why there is no model; empty where there is one.
    notes : tuple of Note
    """

    outcome: Outcome
    asked: Asked
    long: Long
    frame: pd.DataFrame
    model: FittedMixedModel | None
    units: str | None
    reason: str
    notes: tuple[Note, ...]


# What an engine raises where data are too few or too alike; the report then goes on without.
UNFIT = (FitError, np.linalg.LinAlgError, ArithmeticError)

_HELD: dict[int, dict[str, OutcomeFit]] = {}


def outcomes_of(study: Study) -> tuple[Outcome, ...]:
    """Outcomes of the plan, the primary one first."""
    primary = study.plan.primary
    return (primary, *(o for o in study.plan.outcomes if o is not primary))


def fits_of(study: Study) -> Iterator[OutcomeFit]:
    """Give the model of every outcome, the primary one first.

    Parameters
    ----------
    study : Study

    Yields
    ------
    OutcomeFit
        The same for as long as the study is there.
    """
    if id(study) not in _HELD:
        _HELD[id(study)] = {}
        weakref.finalize(study, _HELD.pop, id(study), None)
    held = _HELD[id(study)]
    for outcome in outcomes_of(study):
        if outcome.name not in held:
            held[outcome.name] = fit_outcome(study, outcome)
        yield held[outcome.name]


def fit_outcome(study: Study, outcome: Outcome) -> OutcomeFit:
    """Fit the model that the plan asks for to one outcome.

    Parameters
    ----------
    study : Study
    outcome : Outcome

    Returns
    -------
    OutcomeFit
        Never an error: where the model cannot be fitted, `reason` says why.
    """
    asked = asked_of(study)
    long = long_of(study, outcome, asked)
    units, noted, reason = _usable(study, asked.units, long)
    frame = frame_of(study, long, None if units is None else units.codes)
    model = None
    if not reason:
        model, reason = _fitted(frame, asked, units)
    return OutcomeFit(
        outcome=outcome,
        asked=asked,
        long=long,
        frame=frame,
        model=model,
        units=None if units is None else units.name,
        reason=reason,
        notes=(*long.notes, *noted),
    )


def _usable(study: Study, units: Units, long: Long) -> tuple[Units | None, tuple[Note, ...], str]:
    """Give the units that the model allows for, what to say of them, and what forbids it."""
    if 0 not in long.waves or len(long.waves) < 2:  # noqa: PLR2004 - a start and a wave after it
        return None, (), _NO_WAVES
    allocated = study.plan.design in CLUSTER_TRIALS
    if units.codes is None:
        return None, (), _NO_PRACTICE if allocated else ""
    there = (~np.isnan(long.scores)).any(axis=1) & (units.codes >= 0) & (long.arm >= 0)
    _, sizes = np.unique(units.codes[there], return_counts=True)
    if len(sizes) > 1 and sizes.max() > 1:
        return units, (), ""
    one = len(sizes) == 1
    if allocated or (one and study.plan.arms and not units.programme_only):
        return None, (), (_ONE if one else _SINGLE).format(units=units.name)
    said = (_OF_ONE if one else _ALONE).format(units=units.name, unit=(units.name or "")[:-1])
    return None, (Note(text=said),), ""


_NO_WAVES = "people of every group would have to be measured at the start and at one wave after it"
_NO_PRACTICE = "practices were allocated, and no file names people's practices"
_ONE = "everybody measured is of one of the {units}, so it cannot be told from the programme"
_SINGLE = "each of the {units} has one person only, so they cannot be told from people"
_OF_ONE = (
    "Everybody measured is of one of the {units}, so the model cannot allow for differences "
    "between them. It speaks of this one alone."
)
_ALONE = "Each {unit} has one person only, so the model takes people to be independent."


def _fitted(
    frame: pd.DataFrame, asked: Asked, units: Units | None
) -> tuple[FittedMixedModel | None, str]:
    from splw_eval.models import fit_mixed_model

    arms = len(asked.order) > 1
    inside = asked.programme if units is not None and units.programme_only else None
    try:
        model = fit_mixed_model(
            frame,
            outcome=SCORE,
            fixed=f"C({ARM}) * C({MONTH})" if arms else f"C({MONTH})",
            person=PERSON,
            wave=MONTH,
            cluster=UNIT if units is not None else None,
            arm=ARM if arms else None,
            cluster_effect_in=inside,
            allocation=asked.allocation,
            recruited=asked.recruited,
            baseline_wave=float(frame[MONTH].min()),
        )
        ended = model.convergence
    except FindingsError as error:
        return None, "; ".join(finding.problem for finding in error.findings)
    except UNFIT as error:
        said = error.message if isinstance(error, FitError) else str(error)
        return None, f"{said[:1].lower()}{said[1:]}".rstrip(".")
    if not ended.converged:
        return None, "the search for its variances did not end, so its numbers cannot be used"
    if not _has_errors(model):
        return None, _NO_ERRORS
    return model, ""


_NO_ERRORS = (
    "scores are too few, or too much alike, to tell its variances apart, so it could not be said "
    "how sure its numbers are"
)


def _has_errors(model: FittedMixedModel) -> bool:
    """Whether standard errors and degrees of freedom of Kenward and Roger can be worked out."""
    try:
        adjusted = model.inference(model.spec.boundary).adjusted_in_x
    except UNFIT:
        return False
    return bool(np.isfinite(adjusted).all())
