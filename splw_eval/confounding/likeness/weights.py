"""Weights that make two groups alike in their covariates, for a population that is named."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from splw_eval.confounding.basis.covariate_rows import check_in_both, check_independent, read_groups
from splw_eval.confounding.basis.group_notes import (
    by_practice_note,
    counted,
    rough_note,
    spread_out_note,
)
from splw_eval.confounding.basis.regressions import UNNAMED, practice_notes
from splw_eval.confounding.basis.separating import unfit
from splw_eval.confounding.checks import check_word, finding, refuse
from splw_eval.confounding.likeness.balance_levels import with_first_levels
from splw_eval.confounding.likeness.balance_rows import balance_of
from splw_eval.confounding.likeness.weight_coefficients import CONF_LEVEL, coefficients_of
from splw_eval.confounding.likeness.weights_record import Weights, sizes_by_group
from splw_eval.core.errors import FitError
from splw_eval.core.findings import Finding
from splw_eval.models.person_rows import PersonRows
from splw_eval.stats.weighting.contrast import group_weights
from splw_eval.stats.weighting.propensity import Target

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]

TARGETS = ("treated", "overlap", "everybody")
KINDS = ("propensity", "entropy")
_NEAR = 0.02


def weights(
    frame: pd.DataFrame,
    *,
    group: str,
    covariates: Sequence[str] | str,
    target: Target = "treated",
    method: str = "propensity",
    reference: Any = None,
    cluster: str | None = None,
    stabilised: bool = False,
    measured_after: Sequence[str] = (),
) -> Weights:
    """Make weights under which two groups have the same mix of covariates.

    Parameters
    ----------
    frame : DataFrame
        One row for each person.
    group : str
        Column with two groups.
    covariates : sequence of str, or str
        Columns measured at baseline, or a formula as in `fit_mixed_model`; ``C(name)`` for
        numbers that stand for categories. Rows without one of them are left out and counted.
    target : {"treated", "overlap", "everybody"}
        Whom the answer is to be about: people like those of the group that is not the
        reference (default), people who might have been in either, or everybody.
    method : {"propensity", "entropy"}
        Weights from a logistic model, or the most even weights that give exactly equal means
        (not for "overlap", whose weights do so by themselves).
    reference : object, optional
        The group that is compared with; by default the first in order.
    cluster : str, optional
        Column of practices, each in one group, for the scale of chance. They are no part of the
        model: a practice foretells its group without fail.
    stabilised : bool
        For "everybody" only: multiply by the share of each group, so that weights lie around 1.
        A difference of weighted means is the same.
    measured_after : sequence of str, optional
        Columns known to be measured after baseline; as covariates they are refused.

    Returns
    -------
    Weights

    Raises
    ------
    ComparisonError
        Columns or options cannot be used, a covariate tells the groups apart, or no weights can
        make them alike: every reason, with its column and remedy.
    FitError
        The frame is no data frame.

    Notes
    -----
    Sources: Hirano & Imbens 2001, Health Serv Outcomes Res Methodol 2:259; Li, Morgan &
    Zaslavsky 2018, J Am Stat Assoc 113:390; Hainmueller 2012, Political Analysis 20:25;
    Robins, Hernan & Brumback 2000, Epidemiology 11:550 (stabilised). docs/methods/confounding.md.
    """
    options = [*check_target(target, method), *_check_stabilised(stabilised, target)]
    rows = read_groups(
        frame,
        group=group,
        covariates=covariates,
        cluster=cluster,
        reference=reference,
        measured_after=measured_after,
        more=options,
    )
    refuse([*check_in_both(rows), *check_independent(rows)])
    found = weights_of(rows, frame, group, target, method, stabilised=stabilised)
    return found if reference is not None else replace(found, notes=(*found.notes, UNNAMED))


def check_target(target: Any, method: Any) -> Iterator[Finding]:
    """A target or a kind of weights that is none, or the two do not go together.

    Parameters
    ----------
    target, method : object

    Yields
    ------
    Finding
    """
    yield from check_word("target", target, TARGETS)
    yield from check_word("method", method, KINDS)
    if method == "entropy" and target == "overlap":
        problem = "entropy balancing has no overlap weights"
        remedy = 'Overlap weights balance means exactly by themselves: method="propensity".'
        yield finding("SF01", problem, remedy)


def _check_stabilised(stabilised: bool, target: Any) -> Iterator[Finding]:
    if stabilised and target != "everybody":
        problem = 'stabilised= goes with target="everybody" only'
        yield finding("SF01", problem, "Leave it out, or change the target.")


def fitted_weights(rows: PersonRows, target: Target, method: str) -> tuple[Array, Array]:
    """Weights and chances, told as a finding where there are none.

    Parameters
    ----------
    rows : PersonRows
    target : str
    method : str

    Returns
    -------
    weights, chance : ndarray, shape (n,)

    Raises
    ------
    ComparisonError
        No weights can make the groups alike.
    """
    assert rows.group is not None
    kind: Any = method
    treated = rows.group == 1
    try:
        return group_weights(treated, rows.X, target, kind)
    except FitError as error:
        remedy = "Use fewer covariates, or join rare categories."
        made = partial(group_weights, treated, target=target, kind=kind)
        refuse([unfit(rows, made, error, remedy)])
        raise


def weights_of(
    rows: PersonRows,
    frame: pd.DataFrame,
    group: str,
    target: Target,
    method: str,
    *,
    stabilised: bool = False,
) -> Weights:
    """Make the weights of groups that were read.

    Parameters
    ----------
    rows : PersonRows
    frame : DataFrame
        That they were read from.
    group : str
        Its column.
    target : str
    method : str
    stabilised : bool

    Returns
    -------
    Weights
    """
    assert rows.group is not None
    treated = rows.group == 1
    w, chance = fitted_weights(rows, target, method)
    if stabilised:
        w *= np.where(treated, treated.mean(), 1 - treated.mean())
    checked = balance_of(with_first_levels(rows, frame), w)
    sizes = sizes_by_group(checked.sizes, frame[group])
    found = checked.sizes.to_dict("records")
    notes = [
        *(
            note
            for one in found
            for note in spread_out_note(
                one["group"], one["largest_share"], one["effective_size"], one["n"]
            )
        ),
        *_positivity(rows, chance),
        *by_practice_note(rows),
        *(rough_note(rows.n, "coefficients") if method == "propensity" else ()),
        *rows.notes(),
        *practice_notes(rows),
    ]
    return Weights(
        weights=_placed(w, rows, frame.index, "weight"),
        propensity=_placed(chance, rows, frame.index, "propensity"),
        target=target_words(target, rows.groups),
        coefficients=coefficients_of(rows, target, method),
        effective_size=sizes,
        table=checked.sizes,
        balance=checked,
        groups=rows.groups,
        method=_method(target, method, stabilised),
        notes=tuple(notes),
        n=rows.n,
        conf_level=CONF_LEVEL,
    )


def target_words(target: str, groups: Sequence[str]) -> str:
    """Whom an answer is about, in plain words.

    Parameters
    ----------
    target : str
    groups : sequence of str
        The reference, and the other group.

    Returns
    -------
    str
    """
    return {
        "treated": f"people like those of {groups[1]}",
        "overlap": f"people who, by their covariates, might be of {groups[1]} or {groups[0]}",
        "everybody": "everybody in the data",
    }[target]


def _placed(values: Array, rows: PersonRows, index: Any, name: str) -> pd.Series:
    import pandas as pd

    whole = np.full(rows.of_rows, np.nan)
    whole[rows.rows] = values
    return pd.Series(whole, index=index, name=name)


def _positivity(rows: PersonRows, chance: Array) -> Iterator[str]:
    """People whose chance nobody of the other group has, and chances near 0 or 1."""
    if np.isnan(chance).any() or rows.group is None:
        return
    treated = rows.group == 1
    low = max(chance[treated].min(), chance[~treated].min())
    high = min(chance[treated].max(), chance[~treated].max())
    outside = int(((chance < low) | (chance > high)).sum())
    yield (
        f"Chances lie between {chance.min():.3g} and {chance.max():.3g}; of {rows.n} "
        f"people {outside} lie beyond those of the other group, with nobody just like them there."
    )
    near = int(((chance < _NEAR) | (chance > 1 - _NEAR)).sum())
    if near:
        yield (
            f"Chances within {_NEAR} of 0 or 1, where weights become extreme: "
            f"{counted(near, 'case')}."
        )


def _method(target: str, method: str, stabilised: bool) -> str:
    if method == "entropy":
        whom = "the group's own" if target == "treated" else "everybody's"
        return f"entropy balancing: the most even weights whose means are exactly {whom}"
    made = {
        "treated": "1 for the group and e / (1 - e) for the reference",
        "overlap": "1 - e for the group and e for the reference; means are exactly equal",
        "everybody": "1 / e for the group and 1 / (1 - e) for the reference",
    }[target]
    times = ", times the share of the group" if stabilised else ""
    return f"logistic model of the chance e of belonging to the group; weights {made}{times}"
