"""What a mixed model is asked for, and whether its options agree."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from splw_eval.core.findings import Finding
from splw_eval.models.checks import finding, refuse
from splw_eval.models.design import Roles
from splw_eval.stats.mixed.cluster_effects import CLUSTER_EFFECTS
from splw_eval.stats.mixed.information import BOUNDARY, INFORMATION
from splw_eval.stats.mixed.structures import STRUCTURES

DF = ("kenward-roger", "satterthwaite", "between-within", "z")
BASELINE = ("constrained", "unconstrained")
ALLOCATION = ("randomised", "not randomised")
RECRUITED = ("before allocation", "blind", "after allocation")
# Of the two rules the more powerful one whose size stays at or below 6 % in all of
# docs/methods/size-of-tests.md.
DEFAULT_BOUNDARY = "conditional"


@dataclass(frozen=True, slots=True, kw_only=True)
class Specification:
    """A mixed model as it was asked for.

    Attributes
    ----------
    roles : Roles
    fixed : str
    covariance, cluster_effect : str
    by_arm : bool
        Whether each arm has a person-level covariance of its own.
    cluster_effect_in : tuple or None
        Levels of the arm whose clusters have effects; None: all.
    df, information, boundary : str
    second_order : bool
        Whether Kenward and Roger's term of second derivatives is added.
    reml : bool
    baseline : str
        ``constrained`` or ``unconstrained``, once decided.
    conf_level : float
    """

    roles: Roles
    fixed: str
    covariance: str
    cluster_effect: str
    by_arm: bool
    cluster_effect_in: tuple[Any, ...] | None
    df: str
    information: str
    boundary: str
    second_order: bool
    reml: bool
    baseline: str
    conf_level: float


def check_options(spec: Specification) -> None:
    """Compare options with what there is.

    Parameters
    ----------
    spec : Specification

    Raises
    ------
    ModelError
        With every option that cannot be used.
    """
    words: Mapping[str, tuple[str, tuple[str, ...]]] = {
        "covariance": (spec.covariance, tuple(STRUCTURES)),
        "cluster_effect": (spec.cluster_effect, CLUSTER_EFFECTS),
        "df": (spec.df, DF),
        "information": (spec.information, INFORMATION),
        "boundary": (spec.boundary, BOUNDARY),
    }
    found = [
        _wrong(f'{name}="{word}" is not known', f"There are: {', '.join(known)}.")
        for name, (word, known) in words.items()
        if word not in known
    ]
    if not 0 < spec.conf_level < 1:
        found.append(_wrong(f"conf_level is {spec.conf_level}", "Give a number such as 0.95."))
    if spec.roles.arm is None and (spec.by_arm or spec.cluster_effect_in is not None):
        found.append(_wrong("an option by arm is given, but no arm", 'Name its column: arm="...".'))
    if spec.roles.cluster is None and spec.cluster_effect_in is not None:
        found.append(_wrong("cluster_effect_in is given, but no cluster", "Name its column."))
    named = list(spec.roles.named.values())
    found += [
        _wrong(f'the column "{name}" is given for two things', "Name each once.")
        for name in dict.fromkeys(named)
        if named.count(name) > 1
    ]
    refuse(found)


def _wrong(problem: str, remedy: str) -> Finding:
    return finding("SM12", problem, remedy)


def baseline_rule(
    asked: str | None, roles: Roles, allocation: str | None, recruited: str | None
) -> str:
    """Decide whether the arms have one mean at the first wave.

    Parameters
    ----------
    asked : str or None
        As the user wrote it; None leaves it to the design.
    roles : Roles
    allocation : str or None
        ``randomised`` or ``not randomised``.
    recruited : str or None
        ``before allocation``, ``blind`` (to it) or ``after allocation``.

    Returns
    -------
    str

    Raises
    ------
    ModelError
        Constrained baselines were asked for where chance does not make them equal.
    """
    words = {
        "baseline": (asked, BASELINE),
        "allocation": (allocation, ALLOCATION),
        "recruited": (recruited, RECRUITED),
    }
    refuse(
        [
            _wrong(f'{name}="{word}" is not known', f"There are: {', '.join(known)}.")
            for name, (word, known) in words.items()
            if word is not None and word not in known
        ]
    )
    fair = allocation == "randomised" and recruited in ("before allocation", "blind")
    possible = fair and roles.arm is not None and roles.wave is not None
    if asked == "constrained" and not possible:
        refuse([_wrong(_why_not(roles, allocation, recruited), _REMEDY)])
    return asked or ("constrained" if possible else "unconstrained")


_REMEDY = (
    'Use baseline="unconstrained" and the difference in change, or, where it holds, say '
    'allocation="randomised" and recruited="before allocation" (or "blind").'
)


def _why_not(roles: Roles, allocation: str | None, recruited: str | None) -> str:
    start = "the arms may be given one mean at the first wave only "
    if roles.arm is None or roles.wave is None:
        return f"{start}where arm= and wave= are named"
    if allocation != "randomised":
        said = "is not said" if allocation is None else "was not so here"
        return f"{start}where chance allocated them, which {said}"
    said = "when that was is not said" if recruited is None else "here they were not"
    return f"{start}where people were recruited before allocation or blind to it; {said}"
