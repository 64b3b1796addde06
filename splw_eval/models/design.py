"""A frame and a formula as arrays: rows, people, waves, clusters, columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from splw_eval.models.fixed_part import FixedPart, constrain_baseline, fixed_part_of
from splw_eval.models.formula import Factor, Formula
from splw_eval.models.variables import MISSING, Codes, Floats, Variable, level_codes, variable_of

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, kw_only=True)
class Roles:
    """Which column is what.

    Attributes
    ----------
    outcome, person : str
    wave, cluster, arm : str or None
    """

    outcome: str
    person: str
    wave: str | None = None
    cluster: str | None = None
    arm: str | None = None

    @property
    def named(self) -> dict[str, str]:
        """Columns by role, those that there are."""
        roles = ("outcome", "person", "wave", "cluster", "arm")
        found = {role: getattr(self, role) for role in roles}
        return {role: name for role, name in found.items() if name is not None}


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """A column of labels: its levels, and the place of each row among them.

    Attributes
    ----------
    codes : ndarray of int, shape (rows,)
    levels : tuple
    """

    codes: Codes
    levels: tuple[Any, ...]

    @property
    def count(self) -> int:
        """How many levels there are."""
        return len(self.levels)

    def first_rows(self) -> Codes:
        """First row of each level."""
        return np.unique(self.codes, return_index=True)[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstOutcomes:
    """Outcomes at the first wave of the frame, also of rows that the model does not use.

    Attributes
    ----------
    wave : object
        Label of that wave.
    person, cluster : ndarray of int, shape (rows,)
        Places among the design's people and clusters; -1 for others.
    y : ndarray, shape (rows,)
    """

    wave: Any
    person: Codes
    cluster: Codes
    y: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Design:
    """Rows that a model uses.

    Attributes
    ----------
    roles : Roles
    part : FixedPart
    columns : mapping of Factor to ndarray, shape (rows,)
    x : ndarray, shape (rows, p)
    y : ndarray, shape (rows,)
    person : Labelled
    wave, cluster, arm : Labelled or None
    rows : ndarray of int, shape (rows,)
        Positions in the frame, counted from 0.
    left_out : mapping of str to int
        Rows of the frame that are not used, by reason.
    people_of_frame : int
        People in the frame, with an outcome or without.
    first : FirstOutcomes or None
        None without waves, and in an analysis of covariance.
    """

    roles: Roles
    part: FixedPart
    columns: Mapping[Factor, Floats]
    x: Floats
    y: Floats
    person: Labelled
    wave: Labelled | None
    cluster: Labelled | None
    arm: Labelled | None
    rows: Codes
    left_out: Mapping[str, int]
    people_of_frame: int
    first: FirstOutcomes | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the columns of x."""
        return self.part.names

    @property
    def waves(self) -> int:
        """How many waves there are; 1 without a column of waves."""
        return self.wave.count if self.wave else 1

    @property
    def wave_codes(self) -> Codes:
        """Wave of each row, counted from 0."""
        return self.wave.codes if self.wave else np.zeros(len(self.y), dtype=np.int64)

    @property
    def cluster_codes(self) -> Codes | None:
        """Cluster of each row, counted from 0; None without a column of clusters."""
        return self.cluster.codes if self.cluster else None

    def times(self) -> Floats | None:
        """When the waves are, where their labels are numbers."""
        levels = self.wave.levels if self.wave else ()
        if not levels or not all(isinstance(t, int | float) for t in levels):
            return None
        return np.array(levels, dtype=float)


def read_columns(frame: pd.DataFrame, formula: Formula) -> dict[Factor, tuple[Variable, Floats]]:
    """Read the columns of a formula.

    Parameters
    ----------
    frame : DataFrame
    formula : Formula

    Returns
    -------
    dict
        Variable and numbers of each factor.

    Raises
    ------
    FitError
        A column holds what it may not.
    """
    factors = dict.fromkeys(factor for term in formula.terms for factor in term)
    found = {}
    for factor in factors:
        values = frame[factor.name]
        if factor.power > 1:
            variable = Variable(name=factor.name, levels=None)
        else:
            variable = variable_of(values, factor.name, categorical=factor.categorical)
        found[factor] = (variable, variable.read(values))
    return found


def design_of(
    frame: pd.DataFrame, formula: Formula, roles: Roles, outcome: Floats, *, constrained: bool
) -> Design:
    """Turn a checked frame into arrays.

    Parameters
    ----------
    frame : DataFrame
    formula : Formula
    roles : Roles
    outcome : ndarray, shape (rows of the frame,)
        NaN where there is none.
    constrained : bool
        Whether the arms have one mean at the first wave.

    Returns
    -------
    Design
    """
    read = read_columns(frame, formula)
    no_outcome = np.isnan(outcome)
    gaps = np.zeros(len(outcome), dtype=bool)
    for _, values in read.values():
        gaps |= np.isnan(values)
    kept = np.flatnonzero(~no_outcome & ~gaps)
    used = frame.iloc[kept]
    # A level that only rows left out hold is no level of the model.
    read = read_columns(used, formula)
    variables = {factor: variable for factor, (variable, _) in read.items()}
    columns = {factor: values for factor, (_, values) in read.items()}
    part = fixed_part_of(formula, variables)
    if constrained and roles.arm and roles.wave:
        part = constrain_baseline(part, columns, roles.arm, roles.wave)
    x = part.matrix(columns, len(kept))
    labels = {
        role: Labelled(**_codes(used[name]))
        for role, name in roles.named.items()
        if role != "outcome"
    }
    return Design(
        roles=roles,
        part=part,
        columns=columns,
        x=x,
        y=outcome[kept],
        person=labels["person"],
        wave=labels.get("wave"),
        cluster=labels.get("cluster"),
        arm=labels.get("arm"),
        rows=kept,
        left_out={
            "without an outcome": int(no_outcome.sum()),
            "with an outcome but without a covariate": int((gaps & ~no_outcome).sum()),
        },
        people_of_frame=int(frame[roles.person].nunique()),
        first=_first_outcomes(frame, roles, outcome, labels),
    )


def _first_outcomes(
    frame: pd.DataFrame, roles: Roles, outcome: Floats, labels: Mapping[str, Labelled]
) -> FirstOutcomes | None:
    if roles.wave is None:
        return None
    seen = np.flatnonzero(~np.isnan(outcome))
    codes, waves = level_codes(frame[roles.wave].iloc[seen])
    at = seen[codes == 0]
    rows = frame.iloc[at]
    return FirstOutcomes(
        wave=waves[0],
        person=_places(rows[roles.person], labels["person"]),
        cluster=_places(rows[roles.cluster], labels["cluster"])
        if roles.cluster
        else np.full(len(at), MISSING, dtype=np.int64),
        y=outcome[at],
    )


def _places(values: pd.Series, among: Labelled) -> Codes:
    """Places of labels among the levels; missing where they are none of them."""
    codes, levels = level_codes(values)
    place = {level: at for at, level in enumerate(among.levels)}
    found = np.array([*(place.get(level, MISSING) for level in levels), MISSING], dtype=np.int64)
    return np.asarray(found[codes], dtype=np.int64)  # a code of -1 takes the last


def _codes(values: pd.Series) -> dict[str, Any]:
    codes, levels = level_codes(values)
    return {"codes": codes, "levels": levels}


def missing_labels(labels: Labelled) -> Codes:
    """Rows without a label."""
    return np.flatnonzero(labels.codes == MISSING)
