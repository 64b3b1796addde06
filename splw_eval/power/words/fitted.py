"""What a fitted mixed model will find beside the formula, where that is another power."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from splw_eval.power.solved import Solved
from splw_eval.power.solving import chance
from splw_eval.power.words.conventions import rule_of
from splw_eval.power.words.shown import decimals, number

GAP = 0.02  # of power, from which a difference is told
PAGE = "docs/methods/agreement-of-power.md"
# From the tables of that page: where a variance between clusters is often estimated as zero.
FEWEST = 15  # clusters, below which such a variance stays in the information
LEVELS = {True: 1.0, False: 0.2}  # people of a cluster times ICC: sizes unlike, or nearly alike
UNLIKE = 0.3  # coefficient of variation of sizes
SHORT = (*("parallel", "baseline", "did", "cohort", "crossover", "partially-nested", "pre-post"),)
_LONG = ("stepped-wedge",)
_MANY = 40  # clusters, from which rules of degrees of freedom hardly part


def fitted_notes(answer: Solved) -> Iterator[str]:
    """What a fitted model will do that the formula does not say.

    Parameters
    ----------
    answer : Solved

    Yields
    ------
    str
        Whole sentences.
    """
    if np.ndim(answer.power) or answer.clusters is None or np.ndim(answer.clusters):
        return
    if not float(answer.clusters) < _MANY or answer.asked.values.p0 is not None:
        return
    short = falls_short(answer)
    yield from _other_rule(answer, short=short)
    if short:
        sizes = "of unlike sizes" if _unlike(answer) >= UNLIKE else "of like sizes"
        points = "1 to 29" if _unlike(answer) >= UNLIKE else "up to 5"
        yield (
            f"There are fewer than {FEWEST} clusters, {sizes}, and they differ little: people of a "
            f"cluster times ICC is {number(_level(answer), 2)}. The variance between clusters is "
            "then often estimated as zero, and a mixed model with Kenward and Roger's test is "
            f"cautious: in drawn trials of such designs it found {points} points less power than "
            f"the formula ({PAGE}). --simulate tells how it is here."
        )
    elif answer.asked.kind.name in _LONG and rule_of(answer) == "k-2":
        yield (
            "A mixed model fitted to few clusters in a stepped wedge has more degrees of freedom "
            "than k-2: in drawn trials of 12 clusters it found 1 to 5 points more power with "
            f"Kenward and Roger's test ({PAGE}). --simulate tells how it is here."
        )


def falls_short(answer: Solved) -> bool:
    """Whether the fitted model has less power than the formula says, as tables of trials have it.

    Parameters
    ----------
    answer : Solved
        With one number of clusters.

    Returns
    -------
    bool
    """
    if answer.asked.kind.name not in SHORT or rule_of(answer) == "z":
        return False
    if answer.clusters is None:
        return False
    return is_short(float(answer.clusters), _unlike(answer), _level(answer))


def is_short(clusters: float, cv: float, level: float) -> bool:
    """The rule taken from tables of drawn trials.

    Parameters
    ----------
    clusters : float
    cv : float
        Coefficient of variation of sizes.
    level : float
        People of a cluster times ICC; NaN where it is not known.

    Returns
    -------
    bool
    """
    return clusters < FEWEST and level <= LEVELS[cv >= UNLIKE]


def _level(answer: Solved) -> float:
    """People of a cluster times the ICC of what is analysed; NaN where it is not one number."""
    v = answer.design.values
    size = v.size if v.sizes is None else np.mean(v.sizes)
    if any(one is None or np.ndim(one) for one in (v.icc, size)):
        return float("nan")
    icc = float(v.icc)
    if answer.asked.kind.name == "pre-post" and v.sd_change is None:  # the ICC is that of scores
        between = icc * (1 - float(np.max(1.0 if v.cac is None else v.cac)))
        within = (1 - icc) * (1 - float(np.max(v.iac)))
        icc = between / (between + within)
    return float(size) * icc


def _unlike(answer: Solved) -> float:
    """Coefficient of variation of the sizes."""
    v = answer.design.values
    if v.sizes is not None:
        sizes = np.asarray(v.sizes, dtype=np.float64)
        whole = sizes if sizes.ndim == 1 else sizes.mean(axis=1)
        return float(whole.std() / whole.mean())
    return 0.0 if v.cv is None or np.ndim(v.cv) else float(v.cv)


def _other_rule(answer: Solved, *, short: bool) -> Iterator[str]:
    """Satterthwaite's degrees of freedom beside the default ones."""
    rules = answer.precision.df
    used = rule_of(answer)
    if used != next(iter(rules)) or "satterthwaite" not in rules or used == "satterthwaite":
        return
    usual = float(answer.power)
    other = float(chance(answer.design.values, answer.precision, "satterthwaite"))
    if not abs(other - usual) > GAP:
        return
    df = number(rules["satterthwaite"], 3)
    beginning = (
        f"Power is {decimals(usual)} by {used}, and {decimals(other)} by Satterthwaite's degrees "
        f"of freedom ({df}), those of a mixed model whose correlations are as assumed."
    )
    if other < usual:
        end = f"A fitted model tests with about so many: it will find less than {used} says."
    elif short:
        end = f"Do not count on it: {used} itself promises too much here."
    else:
        few = answer.clusters is not None and float(answer.clusters) < FEWEST
        also = f" and, with fewer than {FEWEST} clusters as here, also below the first" * few
        end = (
            f"In drawn trials fitted models came between the two{also} ({PAGE}); {used} rests on "
            "the number of clusters alone."
        )
    yield f"{beginning} {end} --df satterthwaite plans by them."


def gap_in_words(formula: float, simulated: float, mc_error: float) -> str | None:
    """Power by the formula beside that of a simulation, where they differ by over two points.

    Parameters
    ----------
    formula, simulated : float
    mc_error : float
        Monte Carlo standard error of the second.

    Returns
    -------
    str or None
        None where they differ by less, or nothing was found.
    """
    gap = formula - simulated
    if not abs(gap) > GAP:
        return None
    points, chance_alone = 100 * abs(gap), abs(gap) <= 2 * mc_error
    told = f"The formula says {points:.1f} points {'more' if gap > 0 else 'less'} than the trials"
    if chance_alone:
        return f"{told}, which so few trials can show by chance: draw more with --simulate."
    if gap > 0:
        return (
            f"{told}: this analysis would find less than planned. Plan by the trials, or choose "
            f"another analysis ({PAGE})."
        )
    return (
        f"{told}: this analysis has more degrees of freedom, or uses more, than the formula. Count "
        f"on it only where the correlations assumed are sure ({PAGE})."
    )
