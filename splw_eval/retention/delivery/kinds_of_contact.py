"""Contacts by mode, and support by the four components that the review found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from splw_eval.data.vocabulary import UNMAPPED
from splw_eval.retention.delivery.log_tables import frame, share, spread
from splw_eval.retention.delivery.per_person import MODES, REMOTE, TOGETHER
from splw_eval.retention.delivery.service_log import ServiceLog, codes_of, parted
from splw_eval.retention.delivery.stages import ARRANGING, DISCOVERING

if TYPE_CHECKING:
    import pandas as pd

COMPONENTS = (DISCOVERING, ARRANGING, "therapeutic relationship", "practical arrangements")
"""What link workers do: the first two are the process, the others make it possible."""
SUPPORT_LEVELS = ("signpost", "refer", "accompany", "direct help")
NOT_RECORDED = "not recorded"

Rows = list[dict[str, Any]]
Codes = NDArray[np.int64]


def by_mode(log: ServiceLog) -> pd.DataFrame:
    """Count attended contacts by mode.

    Parameters
    ----------
    log : ServiceLog

    Returns
    -------
    DataFrame
        group, mode, remote ("yes", "no", "not known"), contacts, of_contacts, share, people
        (referrals with any), with_minutes, lower, median, upper (minutes of one contact, of
        those that have them). Modes that do not occur are left out; empty cells are told as
        `NOT_RECORDED`.
    """
    rows: Rows = []
    columns = "group mode remote contacts of_contacts share people with_minutes lower median upper"
    attended = np.flatnonzero(log.attended())
    table = log.contacts
    if table is None or not len(attended):
        return frame(rows, columns)
    of, minutes = log.contact_of[attended], table.number("minutes")[attended]
    names = (*MODES, UNMAPPED, NOT_RECORDED)
    mode = codes_of(table, "mode", names[:-1])[attended]
    mode = np.where(mode < 0, len(names) - 1, mode)
    group = log.group[of]
    totals = np.bincount(group, minlength=len(log.groups.names)).tolist()
    cells = parted(group * len(names) + mode, len(log.groups.names) * len(names))
    for cell, held in enumerate(cells):
        if len(held):
            at, code = divmod(cell, len(names))
            row: dict[str, Any] = {"group": log.groups.names[at], "mode": names[code]}
            row |= {"remote": _remote(names[code]), "contacts": len(held)}
            row |= {"of_contacts": totals[at], "share": share(len(held), totals[at])}
            rows.append(row | {"people": len(np.unique(of[held]))} | _minutes(minutes[held]))
    return frame(rows, columns)


def _minutes(minutes: NDArray[np.float64]) -> dict[str, Any]:
    """How many contacts have minutes, and their quartiles."""
    found = spread(minutes)
    return {"with_minutes": found["known"], **{k: found[k] for k in ("lower", "median", "upper")}}


def _remote(mode: str) -> str:
    if mode in REMOTE:
        return "yes"
    return "no" if mode in TOGETHER else "not known"


def by_component(log: ServiceLog) -> pd.DataFrame:
    """Count support by component: who got any, how often, and how far it went.

    Parameters
    ----------
    log : ServiceLog

    Returns
    -------
    DataFrame
        group, component, people (referrals with any), of (all referrals of the group), share,
        rows, and of the rows: signpost, refer, accompany, direct_help, level_not_recorded.
        A component that does not occur has a row of 0; support of no recorded or known
        component is told as `NOT_RECORDED`. Empty where there is no table of support.
    """
    rows: Rows = []
    counts = "signpost refer accompany direct_help level_not_recorded"
    columns = f"group component people of share rows {counts}"
    table = log.support
    if table is None or log.episodes is None or "category" not in table.columns:
        return frame(rows, columns)
    here = log.support_of >= 0
    of = log.support_of[here]
    component = codes_of(table, "category", COMPONENTS)[here]
    level = codes_of(table, "level", SUPPORT_LEVELS)[here]
    mine = parted(log.group[of], len(log.groups.names))
    for group, referrals in log.by_group():
        held, total = mine[log.groups.names.index(group)], len(referrals)
        for place, name in (*enumerate(COMPONENTS), (-1, NOT_RECORDED)):
            which = held[component[held] == place]
            if name == NOT_RECORDED and not len(which):
                continue
            people = len(np.unique(of[which]))
            row = {"group": group, "component": name, "people": people, "of": total}
            row |= {"share": share(people, total), "rows": len(which)}
            rows.append(row | _levels(level[which], counts.split()))
    return frame(rows, columns)


def _levels(level: Codes, names: list[str]) -> dict[str, int]:
    places = [*range(len(SUPPORT_LEVELS)), -1]
    return {name: int((level == at).sum()) for name, at in zip(names, places, strict=True)}
