"""Rows that a fitted model is asked about: its own, or those of another frame."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from splw_eval.core.errors import FitError
from splw_eval.models.design import Labelled
from splw_eval.models.fit_record import FitRecord
from splw_eval.models.row_covariances import RowCovariances
from splw_eval.models.variables import MISSING, Codes, Floats, Variable

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedRows:
    """Rows as arrays; a code is -1 where the model does not know the label.

    Attributes
    ----------
    index : Index
        Of the answer.
    x : ndarray, shape (rows, p)
        NaN in rows without a covariate.
    wave, group : ndarray of int, shape (rows,)
    cluster, person : ndarray of int, shape (rows,)
        Cluster as the engine counts them.
    cluster_group : ndarray of int, shape (rows,)
        Group that a cluster of this row is of.
    usable : ndarray of bool, shape (rows,)
    """

    index: Any
    x: Floats
    wave: Codes
    group: Codes
    cluster: Codes
    person: Codes
    cluster_group: Codes
    usable: np.ndarray


def own_rows(fitted: FitRecord, parts: RowCovariances) -> AskedRows:
    """Give the rows that the model was fitted to; the index is their place in the frame."""
    design, group = fitted.design, parts.cluster_group[parts.cluster]
    return AskedRows(
        index=design.rows,
        x=design.x,
        wave=design.wave_codes,
        group=parts.group,
        cluster=np.where(parts.have_effects[group], parts.cluster, MISSING),
        person=design.person.codes,
        cluster_group=group,
        usable=np.ones(len(design.y), dtype=bool),
    )


def read_rows(
    fitted: FitRecord, new: pd.DataFrame, parts: RowCovariances, roles: Collection[str]
) -> AskedRows:
    """Read rows of a frame.

    Parameters
    ----------
    fitted : FitRecord
    new : DataFrame
    parts : RowCovariances
    roles : collection of str
        Of ``wave``, ``arm``, ``cluster`` and ``person``, those that are needed beside the
        fixed part.

    Returns
    -------
    AskedRows

    Raises
    ------
    FitError
        A column is missing, holds no numbers, or a level that the model has not seen.
    """
    design = fitted.design
    named = {role: name for role, name in design.roles.named.items() if role in roles}
    _refuse_columns(new, [*design.part.formula.columns, *named.values()])
    columns = {
        factor: variable.read(new[factor.name])
        for factor, variable in design.part.variables.items()
    }
    gaps = np.zeros(len(new), dtype=bool)
    for values in columns.values():
        gaps |= np.isnan(values)
    x = design.part.matrix(columns, len(new))
    x[gaps] = np.nan
    wave = _known(new, named, "wave", design.wave)
    arm = _known(new, named, "arm", design.arm)
    cluster_group = _cluster_groups(fitted, parts, arm)
    unknown = np.full(len(new), MISSING)
    person = _any(new[named["person"]], design.person.levels) if "person" in named else unknown
    cluster = unknown
    if "cluster" in named and design.cluster is not None:
        of_engine = _engine_codes(parts, design.cluster)
        cluster = _any(new[named["cluster"]], design.cluster.levels)
        cluster = np.where(cluster >= 0, of_engine[cluster, cluster_group], MISSING)
    by_arm = fitted.spec.by_arm
    return AskedRows(
        index=new.index,
        x=x,
        wave=wave,
        group=arm if by_arm else np.zeros(len(new), dtype=np.int64),
        cluster=cluster,
        person=person,
        cluster_group=cluster_group,
        usable=~gaps & (wave >= 0) & (arm >= 0),
    )


def _refuse_columns(new: pd.DataFrame, names: list[str]) -> None:
    lost = [name for name in dict.fromkeys(names) if int((new.columns == name).sum()) != 1]
    if lost:
        listed = ", ".join(f'"{name}"' for name in lost)
        raise FitError(
            f"The new rows have no column, or several, of the name {listed}.",
            remedy="Give every column that the model was fitted with, each once.",
        )


def _known(new: pd.DataFrame, named: dict[str, str], role: str, labels: Labelled | None) -> Codes:
    """Codes of labels that must be known; -1 where missing, 0 where nothing is asked."""
    if role not in named or labels is None:
        return np.zeros(len(new), dtype=np.int64)
    values = Variable(name=named[role], levels=labels.levels).read(new[named[role]])
    return np.where(np.isnan(values), MISSING, values).astype(np.int64)


def _any(values: pd.Series, levels: tuple[Any, ...]) -> Codes:
    import pandas as pd

    index = pd.Index(list(levels), dtype="object")
    return np.asarray(index.get_indexer(pd.Index(values.astype("object"))), dtype=np.int64)


def _cluster_groups(fitted: FitRecord, parts: RowCovariances, arm: Codes) -> Codes:
    """Group of the clusters of each row, which goes with the arm where only some have effects."""
    design = fitted.design
    if len(parts.have_effects) == 1 or design.arm is None:
        return np.zeros(len(arm), dtype=np.int64)
    of_arm = np.zeros(design.arm.count, dtype=np.int64)
    of_arm[design.arm.codes] = parts.cluster_group[parts.cluster]
    return np.where(arm >= 0, of_arm[arm], 0)


def _engine_codes(parts: RowCovariances, cluster: Labelled) -> Codes:
    """Engine's code of each level of the clusters in each group; -1 where it has no effects."""
    found = np.full((cluster.count, len(parts.have_effects)), MISSING)
    group = parts.cluster_group[parts.cluster]
    inside = parts.have_effects[group] & (cluster.codes >= 0)
    found[cluster.codes[inside], group[inside]] = parts.cluster[inside]
    return found
