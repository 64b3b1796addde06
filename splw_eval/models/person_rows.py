"""A frame of one row for each person, read for a comparison of groups: all faults told together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.asking import Teller
from splw_eval.core.errors import FitError
from splw_eval.core.findings import Finding
from splw_eval.models.design import Labelled, read_columns
from splw_eval.models.fixed_part import fixed_part_of
from splw_eval.models.formula import Factor, Formula, parse_formula
from splw_eval.models.person_faults import (
    Wanted,
    absent_columns,
    all_finite,
    no_frame,
    unplaced_rows,
    unusable_groups,
    unusable_numbers,
)
from splw_eval.models.variables import Floats, Variable, is_numeric, level_codes, level_label

if TYPE_CHECKING:
    import pandas as pd

Codes = NDArray[np.int64]
Read = dict[Factor, tuple[Variable, Floats]]
NO_OUTCOME = "without an outcome"
NO_COVARIATE = "with an outcome but without a covariate"
NO_VALUE = "without a covariate"
NO_OTHER = "without another column that is needed"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PersonRows:
    """Rows of a frame that a comparison uses, one for each person.

    Attributes
    ----------
    rows : ndarray of int, shape (n,)
        Positions in the frame, counted from 0.
    of_rows : int
        Rows of the frame.
    left_out : mapping of str to int
        Rows of the frame that are not used, by reason.
    outcome : ndarray, shape (n,), or None
    group : ndarray of int, shape (n,), or None
        0 for the reference, 1 for the other group.
    groups : tuple of str
        Labels of the reference and of the other group; empty without groups.
    X : ndarray, shape (n, p)
        Covariates without an intercept; a category has a column for each level but its first.
    whole : ndarray, shape (n, p) or (n, 1 + p)
        X after the intercept, where the formula has one.
    terms : tuple of str, length p
        Name of each column of X.
    covariate_of : tuple of str, length p
        The term of the formula that each column belongs to.
    cluster : Labelled or None
        Practices.
    stratum : Labelled or None
    weights : ndarray, shape (n,), or None
    numbers : mapping of str to ndarray, shape (n,)
        Further columns of numbers that were asked for.
    """

    rows: Codes
    of_rows: int
    left_out: Mapping[str, int]
    outcome: Floats | None
    group: Codes | None
    groups: tuple[str, ...]
    X: Floats
    whole: Floats
    terms: tuple[str, ...]
    covariate_of: tuple[str, ...]
    cluster: Labelled | None
    stratum: Labelled | None
    weights: Floats | None
    numbers: Mapping[str, Floats]

    @property
    def n(self) -> int:
        """Rows used."""
        return len(self.rows)

    def notes(self) -> tuple[str, ...]:
        """A sentence for each reason for which rows were left out."""
        return tuple(
            f"{count} of {self.of_rows} rows were left out: {reason}."
            for reason, count in self.left_out.items()
            if count
        )


def read_person_rows(  # noqa: PLR0913 - each is a column that a caller may name
    frame: pd.DataFrame,
    teller: Teller,
    prefix: str,
    *,
    outcome: str = "",
    group: str = "",
    reference: Any = None,
    covariates: Sequence[str] | str = (),
    cluster: str = "",
    stratum: str = "",
    weights: str = "",
    also: Sequence[str] = (),
    practices_in_one_group: bool = False,
    more: Iterable[Finding] = (),
) -> PersonRows:
    """Read the columns of a comparison.

    Parameters
    ----------
    frame : DataFrame
        One row for each person.
    teller, prefix
        Of the room that asks, and of its codes; `person_faults.person_codes` gives them.
    outcome : str
        Column of numbers; rows without one are left out and counted.
    group : str
        Column with two groups; every row used must have one.
    reference : object
        The group to be compared with; by default the first in order.
    covariates : sequence of str, or str
        Columns (``C(name)`` for numbers that stand for categories), or a formula in the
        language of `fit_mixed_model`. Rows without one of them are left out and counted.
    cluster, stratum : str
        Columns of labels; every row used must have one.
    weights : str
        Column of numbers, none of them below zero or missing.
    also : sequence of str
        Further columns of numbers; rows without them are left out as for covariates.
    practices_in_one_group : bool
        Whether a practice with people of both groups is a fault.
    more : iterable of Finding
        Of the options, to be told with those of the columns.

    Returns
    -------
    PersonRows

    Raises
    ------
    FindingsError
        The room's own, with everything found wrong, each with its column and its rows
        counted from 1.
    """
    found = list(more)
    unread = list(no_frame(frame, teller))
    teller.refuse([*found, *unread] if unread else ())
    formula = _formula(frame, covariates, teller, found)
    roles = {"outcome": outcome, "group": group, "cluster": cluster, "stratum": stratum}
    wanted = Wanted(
        teller=teller,
        prefix=prefix,
        labels={role: name for role, name in roles.items() if name and role != "outcome"},
        numbers=tuple(dict.fromkeys(name for name in (outcome, weights, *also) if name)),
        weights=weights,
        covariates=formula.columns if formula else (),
    )
    found += absent_columns(frame, wanted)
    teller.refuse(found)
    assert formula is not None
    held: dict[str, Floats] = {}
    found += unusable_numbers(frame, wanted, held)
    teller.refuse(found)
    read = _read(frame, formula, held)
    kept, left_out = _kept(len(frame), read, held, outcome, also)
    found += unplaced_rows(frame, wanted, kept)
    used = frame
    if len(kept) < len(frame):
        used, held = frame.iloc[kept], {name: held[name][kept] for name in held}
        read = _read(used, formula, held)  # a level of rows left out is none of the model
    found += unusable_groups(used, kept, wanted, reference, practices_in_one_group)
    teller.refuse(found)
    return _rows(used, kept, formula, read, held, wanted, roles, reference, left_out, len(frame))


def _formula(
    frame: pd.DataFrame, covariates: Any, teller: Teller, found: list[Finding]
) -> Formula | None:
    named = isinstance(covariates, Iterable) and all(isinstance(one, str) for one in covariates)
    if not named:
        remedy = 'Write for example covariates=["age", "sex"].'
        problem = "covariates= is neither names of columns nor a formula"
        found.append(teller.finding(teller.option, problem, remedy))
        return None
    if not isinstance(covariates, str):
        known = set(frame.columns)
        covariates = " + ".join(["1", *(_written(name, known) for name in covariates)])
    try:
        return parse_formula(covariates or "1")
    except FitError as error:
        found.append(teller.finding(teller.option, error.message.rstrip("."), error.remedy))
        return None


def _written(name: str, known: set[str]) -> str:
    """A column, or C() of one, as a formula writes it whatever stands in its name."""
    if name in known:
        return f"`{name}`"
    inner = name.removeprefix("C(").removesuffix(")")
    return f"C(`{inner}`)" if name == f"C({inner})" and inner in known else name


def _read(frame: pd.DataFrame, formula: Formula, held: Mapping[str, Floats]) -> Read:
    """The columns of the formula, those of numbers as they were read before."""
    found: Read = {}
    for factor in dict.fromkeys(factor for term in formula.terms for factor in term):
        plain = factor.name in held and (factor.power > 1 or not factor.categorical)
        if plain and is_numeric(frame[factor.name]):
            found[factor] = (Variable(name=factor.name, levels=None), held[factor.name])
        else:
            alone = Formula(text=formula.text, intercept=False, terms=((factor,),))
            found.update(read_columns(frame, alone))
    return found


def _kept(
    of_rows: int, read: Read, held: Mapping[str, Floats], outcome: str, also: Sequence[str]
) -> tuple[Codes, dict[str, int]]:
    """Positions of rows with an outcome and every covariate, and how many others there are."""
    gaps = _missing(of_rows, [values for _, values in read.values()])
    other = _missing(of_rows, [held[name] for name in also])
    lost = _missing(of_rows, [held[outcome]] if outcome else [])
    kept = np.flatnonzero(~(lost | gaps | other))
    alone = int((other & ~gaps & ~lost).sum())
    if not outcome:
        return kept, {NO_VALUE: int(gaps.sum()), NO_OTHER: alone}
    told = {NO_COVARIATE: int((gaps & ~lost).sum()), f"with an outcome but {NO_OTHER}": alone}
    return kept, {NO_OUTCOME: int(lost.sum()), **told}


def _missing(rows: int, columns: Sequence[Floats]) -> NDArray[np.bool_]:
    """Rows in which one of the columns is missing."""
    found = np.zeros(rows, dtype=bool)
    for values in columns:
        if not all_finite(values):
            found |= np.isnan(values)
    return found


def _rows(
    used: pd.DataFrame,
    kept: Codes,
    formula: Formula,
    read: Read,
    held: Mapping[str, Floats],
    wanted: Wanted,
    roles: Mapping[str, str],
    reference: Any,
    left_out: Mapping[str, int],
    of_rows: int,
) -> PersonRows:
    part = fixed_part_of(formula, {factor: variable for factor, (variable, _) in read.items()})
    whole = part.matrix({factor: values for factor, (_, values) in read.items()}, len(used))
    first = 1 if formula.intercept else 0
    labels = {role: _labelled(used[name]) for role, name in wanted.labels.items()}
    group: Codes | None = None
    groups: tuple[str, ...] = ()
    if "group" in labels:
        group, groups = _two_groups(labels["group"], reference)
    return PersonRows(
        rows=kept,
        of_rows=of_rows,
        left_out=left_out,
        outcome=held.get(roles["outcome"]),
        group=group,
        groups=groups,
        X=whole[:, first:],
        whole=whole,
        terms=part.names[first:],
        covariate_of=part.terms[first:],
        cluster=labels.get("cluster"),
        stratum=labels.get("stratum"),
        weights=held[wanted.weights] if wanted.weights else None,
        numbers={name: held[name] for name in wanted.numbers},
    )


def _labelled(values: pd.Series) -> Labelled:
    codes, levels = level_codes(values)
    return Labelled(codes=codes, levels=levels)


def _two_groups(labels: Labelled, reference: Any) -> tuple[Codes, tuple[str, ...]]:
    """Codes with the reference as 0, and both labels in that order."""
    swap = reference is not None and reference != labels.levels[0]
    codes = 1 - labels.codes if swap else labels.codes
    levels = labels.levels[::-1] if swap else labels.levels
    return codes, tuple(level_label(level) for level in levels)
