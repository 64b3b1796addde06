"""From a data frame to a fitted mixed model: checks, arrays, the engine."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from splw_eval.models.design import Roles
from splw_eval.models.engine import fit_record
from splw_eval.models.fitted import FittedMixedModel
from splw_eval.models.formula import parse_formula
from splw_eval.models.specification import (
    CLUSTERS_TRIED,
    DEFAULT_BOUNDARY,
    BaselineAsked,
    Specification,
    baseline_rule,
    check_arm_named,
    check_kinds,
    check_options,
)
from splw_eval.models.variables import levels_of

if TYPE_CHECKING:
    import pandas as pd


def fit_mixed_model(  # noqa: PLR0913 - each is a choice that a reader of the result must see
    frame: pd.DataFrame,
    *,
    outcome: str,
    fixed: str,
    person: str,
    wave: str | None = None,
    cluster: str | None = None,
    arm: str | None = None,
    covariance: str = "unstructured",
    cluster_effect: str = "wave",
    by_arm: bool | str = False,
    cluster_effect_in: Sequence[Any] | None = None,
    df: str = "kenward-roger",
    information: str = "expected",
    boundary: str | None = None,
    second_order: bool = False,
    reml: bool = True,
    baseline: str | None = None,
    allocation: str | None = None,
    recruited: str | None = None,
    baseline_wave: Any = None,
    conf_level: float = 0.95,
) -> FittedMixedModel:
    """Fit a linear mixed model of repeated measurements of people in clusters.

    Parameters
    ----------
    frame : DataFrame
        One row for each person and wave. Rows without an outcome or a covariate are left out
        and counted.
    outcome : str
        Column of numbers.
    fixed : str
        Formula of the fixed part: names of columns (in backquotes where they are no plain
        names), ``1``, ``0``, ``+ - * :``, parentheses, ``C()`` and powers such as
        ``I(age^2)``. It is read, never run.
    person, wave, cluster : str
        Columns. Without a wave there is one row for each person and one residual variance.
        Clusters are practices, or link workers.
    arm : str, optional
        Column of the arm, for contrasts between arms and for options by arm.
    covariance : str
        Of one person's outcomes: ``unstructured``, ``compound_symmetry``, ``ar1``,
        ``toeplitz`` (each also with ``_het``), ``ante_dependence``, ``intercept_slope``.
    cluster_effect : str
        ``none``, ``intercept``, ``wave`` (cluster, and cluster by wave), ``unstructured`` or
        ``decay``.
    by_arm : bool or str
        Whether people of each arm have a covariance of their own; a text names the arm too.
    cluster_effect_in : sequence, optional
        Levels of the arm whose clusters have effects, such as those of link workers; people of
        the other arms need no cluster.
    df : str
        ``kenward-roger``, ``satterthwaite``, ``between-within`` or ``z``.
    information : str
        ``expected`` (as pbkrtest) or ``observed`` (as SAS, mmrm and lmerTest).
    boundary : str, optional
        What happens to a variance that is estimated as zero: ``keep``, or ``conditional`` (it
        leaves the information), which is the default with at least 15 clusters, as many as
        its size was tried with; with fewer the default is ``keep``.
    second_order : bool
        Add Kenward and Roger's term of second derivatives, which depends on how a covariance
        is written; only where the covariance is not linear in its parameters.
    reml : bool
    baseline : str, optional
        ``constrained``: the arms have one mean at the first wave; only where chance allocated
        them, people were recruited before that or blind to it, and the first wave was before
        the programme; the default there. Otherwise ``unconstrained``.
    allocation : str, optional
        ``randomised`` or ``not randomised``.
    recruited : str, optional
        ``before allocation``, ``blind`` or ``after allocation``.
    baseline_wave : object, optional
        The first wave, where it was before the programme; need not be said of a wave that is
        0 or less, or is called baseline.
    conf_level : float

    Returns
    -------
    FittedMixedModel

    Raises
    ------
    ModelError
        The data or the options cannot be used; every reason, with its rows and its remedy.
    FitError
        The formula cannot be read.

    Sources
    -------
    docs/methods/mixed-models.md: the mathematics, and what agrees with lme4, pbkrtest,
    lmerTest, nlme, mmrm and clubSandwich.
    """
    check_kinds(frame, fixed)
    if isinstance(by_arm, str):
        check_arm_named(arm, by_arm)
        arm = by_arm
    roles = Roles(outcome=outcome, person=person, wave=wave, cluster=cluster, arm=arm)
    formula = parse_formula(fixed)
    asked = BaselineAsked(
        baseline=baseline,
        allocation=allocation,
        recruited=recruited,
        wave=baseline_wave,
        waves=_waves_with_an_outcome(frame, roles),
    )
    spec = Specification(
        roles=roles,
        fixed=fixed,
        covariance=covariance,
        cluster_effect="none" if cluster is None else cluster_effect,
        by_arm=bool(by_arm),
        cluster_effect_in=None if cluster_effect_in is None else tuple(cluster_effect_in),
        df=df,
        information=information,
        boundary=boundary or _default_boundary(frame, roles, cluster_effect_in),
        second_order=second_order,
        reml=reml,
        baseline=baseline_rule(asked, roles, formula.columns),
        conf_level=conf_level,
        remark=asked.remark if roles.arm in formula.columns else "",
    )
    check_options(spec)
    return fit_specified(frame, spec)


def _waves_with_an_outcome(frame: pd.DataFrame, roles: Roles) -> tuple[Any, ...]:
    """Waves in order; none where a column is not there, which is told later."""
    named = (roles.outcome, roles.wave)
    if any(name is None or (frame.columns == name).sum() != 1 for name in named):
        return ()
    return levels_of(frame.loc[frame[roles.outcome].notna().to_numpy(), roles.wave])


def _default_boundary(frame: pd.DataFrame, roles: Roles, inside: Sequence[Any] | None) -> str:
    """Rule for a variance at zero, by the number of clusters with effects."""
    named = [name for name in (roles.outcome, roles.cluster, roles.arm) if name is not None]
    if roles.cluster is None or any((frame.columns == name).sum() != 1 for name in named):
        return DEFAULT_BOUNDARY
    used = frame[roles.outcome].notna().to_numpy()
    if inside is not None and roles.arm is not None:
        used &= frame[roles.arm].isin(list(inside)).to_numpy()
    count = frame.loc[used, roles.cluster].nunique()
    return DEFAULT_BOUNDARY if count >= CLUSTERS_TRIED else "keep"


def fit_specified(frame: pd.DataFrame, spec: Specification) -> FittedMixedModel:
    """Fit a model whose options were checked.

    Parameters
    ----------
    frame : DataFrame
    spec : Specification

    Returns
    -------
    FittedMixedModel

    Raises
    ------
    ModelError
        The data cannot be used.
    """
    made = fit_record(frame, spec)
    return FittedMixedModel(spec=spec, design=made.design, fit=made.fit)
