"""What a mixed model is asked for, and whether its options agree."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from splw_eval.core.errors import FitError
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
CLUSTERS_TRIED = 15  # there; with fewer the more cautious rule, keep, is the default


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
    remark : str
        What a reader must know of how the options were decided.
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
    remark: str = ""


def check_arm_named(arm: str | None, by_arm: str) -> None:
    """Refuse two different columns of the arm.

    Raises
    ------
    ModelError
        They differ.
    """
    if arm is not None and arm != by_arm:
        remedy = "Write by_arm=True, or leave arm= out."
        refuse([_wrong("arm= and by_arm= name different columns", remedy)])


def check_kinds(frame: Any, fixed: Any) -> None:
    """Refuse what is no data frame, and a formula that is no text.

    Raises
    ------
    ModelError
        With both.
    """
    found = []
    if not hasattr(frame, "columns") or not hasattr(frame, "iloc"):
        found.append(_wrong("what was given is no data frame", "Give a pandas DataFrame."))
    if not isinstance(fixed, str):
        found.append(_wrong("fixed= is no text", 'Write a formula, such as "arm * C(wave)".'))
    refuse(found)


def check_df(word: str) -> None:
    """Refuse a rule of degrees of freedom that is not known.

    Raises
    ------
    FitError
        There is no such rule.
    """
    if word not in DF:
        raise FitError(f'df="{word}" is not known.', remedy=f"There are: {', '.join(DF)}.")


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
    level: Any = spec.conf_level
    if isinstance(level, bool) or not isinstance(level, int | float) or not 0 < level < 1:
        found.append(_wrong("conf_level is no number between 0 and 1", "Give 0.95, or such."))
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


@dataclass(frozen=True, slots=True, kw_only=True)
class BaselineAsked:
    """What is said of the first wave, and of how people came into the arms.

    Attributes
    ----------
    baseline, allocation, recruited : str or None
        As the user wrote them.
    wave : object or None
        Wave that was before the programme, as the user wrote it.
    waves : tuple
        Waves with an outcome, in order.
    """

    baseline: str | None
    allocation: str | None
    recruited: str | None
    wave: Any
    waves: tuple[Any, ...]

    @property
    def fair(self) -> bool:
        """Whether chance alone made the arms differ."""
        early = self.recruited in ("before allocation", "blind")
        return self.allocation == "randomised" and early

    @property
    def remark(self) -> str:
        """What to say where the arms could have had one mean, had the first wave been named."""
        if self.baseline is not None or not self.fair or self.known or len(self.waves) <= 1:
            return ""
        return (
            "The arms keep means of their own at the first wave, as it is not said to be before "
            "the programme; if it was, name it: baseline_wave=."
        )

    @property
    def known(self) -> bool:
        """Whether the first of several waves is known to be before the programme."""
        if len(self.waves) <= 1:
            return False
        first = self.waves[0]
        if self.wave is not None:
            return bool(first == self.wave)
        if isinstance(first, str):
            return first.casefold() == "baseline"
        return isinstance(first, int | float) and first <= 0


def baseline_rule(asked: BaselineAsked, roles: Roles, columns: tuple[str, ...]) -> str:
    """Decide whether the arms have one mean at the first wave.

    Parameters
    ----------
    asked : BaselineAsked
    roles : Roles
    columns : tuple of str
        Names in the fixed part.

    Returns
    -------
    str
        ``constrained`` by default where the arms were made by chance, people were recruited
        before that or blind to it, and the first wave is 0, earlier, or called baseline.

    Raises
    ------
    ModelError
        Constrained baselines were asked for where chance does not make them equal.
    """
    words = {
        "baseline": (asked.baseline, BASELINE),
        "allocation": (asked.allocation, ALLOCATION),
        "recruited": (asked.recruited, RECRUITED),
    }
    found = [
        _wrong(f'{name}="{word}" is not known', f"There are: {', '.join(known)}.")
        for name, (word, known) in words.items()
        if word is not None and word not in known
    ]
    if asked.wave is not None and asked.waves and asked.wave != asked.waves[0]:
        found.append(
            _wrong("baseline_wave is not the first wave with an outcome", "Name the first wave.")
        )
    refuse(found)
    named = roles.arm is not None and roles.wave is not None
    if asked.baseline == "constrained" and not (named and asked.fair and asked.known):
        refuse([_wrong(_why_not(roles, asked), _REMEDY)])
    there = {roles.arm, roles.wave} <= set(columns)
    default = "constrained" if named and there and asked.fair and asked.known else "unconstrained"
    return asked.baseline or default


_REMEDY = (
    'Use baseline="unconstrained" and the difference in change, or, where it holds, say '
    'allocation="randomised", recruited="before allocation" (or "blind") and baseline_wave=.'
)


def _why_not(roles: Roles, asked: BaselineAsked) -> str:
    start = "the arms may be given one mean at the first wave only "
    if roles.arm is None or roles.wave is None:
        return f"{start}where arm= and wave= are named"
    if asked.allocation != "randomised":
        said = "is not said" if asked.allocation is None else "was not so here"
        return f"{start}where chance allocated them, which {said}"
    if not asked.fair:
        said = "when that was is not said" if asked.recruited is None else "here they were not"
        return f"{start}where people were recruited before allocation or blind to it; {said}"
    return f"{start}where that was before the programme, which is not known of this first wave"
