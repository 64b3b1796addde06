"""How far each field of contacts, support and episodes is filled: told before any summary."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.findings import Finding, Severity
from splw_eval.data.tables import Table
from splw_eval.data.vocabulary import UNMAPPED
from splw_eval.describe.settings import ENOUGH_FILLED, PROPOSAL
from splw_eval.retention.delivery.log_tables import frame, share
from splw_eval.retention.delivery.service_log import ServiceLog
from splw_eval.retention.delivery.stages import ARRANGING

if TYPE_CHECKING:
    import pandas as pd

_FIELDS = {
    "contacts": (
        "attended", "minutes", "mode", "date", "link_worker", "purpose", "place", "home_visit",
        "accompanied",
    ),
    "support": ("category", "level", "date", "activity_attended", "sessions_attended"),
    "episodes": ("referral_date", "reason", "accepted", "declared_level"),
}  # fmt: skip
HEADLINE = ("attended", "minutes", "mode")
"""Fields of contacts without which how much was delivered cannot be summarised plainly."""

EVERY, ATTENDED, ARRANGED = "every row", "attended contacts", "arranging support"
# Nobody has minutes who did not come, and only what was arranged can be gone to.
_OF_SOME = {
    ("contacts", "minutes"): ATTENDED,
    ("contacts", "mode"): ATTENDED,
    ("support", "activity_attended"): ARRANGED,
    ("support", "sessions_attended"): ARRANGED,
}
Which = NDArray[np.bool_]


def field_completeness(log: ServiceLog) -> pd.DataFrame:
    """Count the filled cells of each field that the summaries of delivery rest on.

    Parameters
    ----------
    log : ServiceLog
        Rows of the referrals that are looked at count.

    Returns
    -------
    DataFrame
        table, field, among, rows, filled, not_in_vocabulary, share, enough. A field that no
        file holds is empty throughout. A word that the vocabulary does not know is filled, and
        cannot be used. Fields that can be filled of some rows only, such as the minutes of a
        contact that took place, have a second row that is among those. `share` rests on `rows`.
    """
    rows = [row for name, fields in _FIELDS.items() for row in _rows(log, name, fields)]
    return frame(rows, "table field among rows filled not_in_vocabulary share enough")


def _rows(log: ServiceLog, name: str, fields: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    tables = {"contacts": log.contacts, "support": log.support, "episodes": log.episodes}
    table = tables[name]
    if table is None:
        return
    here = _looked_at(log, name)
    for field in fields:
        yield _row(table, field, EVERY, here)
        among = _OF_SOME.get((name, field))
        if among == ATTENDED:
            yield _row(table, field, among, log.attended())
        elif among == ARRANGED:
            yield _row(table, field, among, here & (table.text("category") == ARRANGING))


def _row(table: Table, field: str, among: str, here: Which) -> dict[str, Any]:
    filled, total = int((_filled(table, field) & here).sum()), int(here.sum())
    cells = table.columns.get(field)
    unknown = 0
    if cells is not None and cells.dtype == object:
        unknown = int(((cells == UNMAPPED) & here).sum())
    return {
        "table": table.name,
        "field": field,
        "among": among,
        "rows": total,
        "filled": filled,
        "not_in_vocabulary": unknown,
        "share": share(filled, total),
        "enough": filled >= ENOUGH_FILLED * total,
    }


def _looked_at(log: ServiceLog, name: str) -> Which:
    """Rows that count; without referrals, all of them."""
    if name == "episodes":
        assert log.episodes is not None
        here = np.zeros(len(log.episodes), dtype=bool)
        here[log.chosen] = True
        return here
    of = log.contact_of if name == "contacts" else log.support_of
    return np.asarray(of >= 0 if log.episodes is not None else of >= -1)


def _filled(table: Table, field: str) -> Which:
    cells = table.columns.get(field)
    if cells is None:
        return np.zeros(len(table), dtype=bool)
    if cells.dtype.kind == "M":
        return np.asarray(~np.isnat(cells), dtype=bool)
    return np.asarray(~np.isnan(cells) if cells.dtype.kind == "f" else cells != "", dtype=bool)


def too_empty(completeness: pd.DataFrame) -> Iterator[Finding]:
    """Warn of headline fields of contacts that are filled too seldom.

    Parameters
    ----------
    completeness : DataFrame
        Of `field_completeness`.

    Yields
    ------
    Finding
        SR41, one for each field.
    """
    for row in completeness.to_dict("records"):
        name = (row["table"], row["field"])
        among = _OF_SOME.get(name, EVERY)
        if name[0] == "contacts" and name[1] in HEADLINE and row["among"] == among:
            if row["enough"]:
                continue
            contacts = "contacts" if among == EVERY else among
            yield Finding(
                code="SR41",
                severity=Severity.WARNING,
                problem=f"{name[1]} is filled in {row['filled']} of {row['rows']} {contacts}, "
                f"below {ENOUGH_FILLED:.0%} ({PROPOSAL}); figures made of it rest on those only",
                remedy="Read them with that in mind, and fill the field for every contact.",
            )
