"""How many open cases link workers hold month by month, and whether people keep theirs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.findings import Finding, Severity
from splw_eval.data import Study
from splw_eval.data.checks.joins import Places, positions
from splw_eval.data.parse import distinct
from splw_eval.describe.settings import FEWEST_WORKERS, PROPOSAL
from splw_eval.retention.delivery.log_tables import frame, left_out, no_table
from splw_eval.retention.delivery.service_log import ServiceLog, service_log

if TYPE_CHECKING:
    import pandas as pd

_NOTES = (
    "A case is held by the link worker of the latest contact logged so far, from the first "
    "contact until the referral is closed or the data cut. Who waits for a first contact is "
    "counted as waiting, unless they declined, and is in nobody's caseload.",
    "A link worker counts in a month while in post; where no file says, from their first contact "
    "to the last day on which they hold a case. Those in post without a case count with 0.",
    f"No figure is about fewer than {FEWEST_WORKERS} link workers, who could be recognised; this "
    f"number is {PROPOSAL}.",
    "A case that nobody closed stays open: caseloads grow where closing is not written down.",
)
_WORDS = "workers cases waiting lower median upper lowest highest"
_COLUMNS = f"month day {_WORDS} workers_with_fte fte cases_per_fte fte_lower fte_median fte_upper"
Days = NDArray[np.int64]
Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Caseload:
    """Open cases of link workers at the end of each month.

    Attributes
    ----------
    table : DataFrame
        month, day (of the count), workers, cases (held by them), waiting, lower, median,
        upper, lowest, highest (cases a link worker), and of those whose full-time equivalents
        are known: workers_with_fte, fte (their sum), cases_per_fte (cases over fte), fte_lower,
        fte_median, fte_upper (cases a full-time post, over link workers). Figures rest on
        `workers`, or `workers_with_fte`. Months with too few link workers have no row.
    months_hidden : int
        Months without a row for that reason.
    left_out : DataFrame
        what, rows, of_rows.
    notes : tuple of str
    findings : tuple of Finding
        SR46 tables that are not there, SR47 too few link workers.
    """

    table: pd.DataFrame
    months_hidden: int
    left_out: pd.DataFrame
    notes: tuple[str, ...]
    findings: tuple[Finding, ...]


def worker_caseload(study: Study) -> Caseload:
    """Count the open cases of link workers at the end of each month.

    Parameters
    ----------
    study : Study
        Every episode counts, also the later ones of a person.

    Returns
    -------
    Caseload
        The last count is on the data cut, or on the last day of any contact.

    Notes
    -----
    Counts; nothing is estimated. Guide numbers to read them beside: about 40 cases open at once
    for a full-time post, 200 to 250 people a year (from interviews and role pages).
    """
    log = service_log(study, which_episode="each")
    lacking = [name for name in ("episodes", "contacts") if getattr(log, name) is None]
    found = [no_table(name) for name in lacking]
    rows: list[dict[str, Any]] = []
    hidden = 0
    if not lacking:
        rows, hidden = _months(study, log)
        if not rows:
            found.append(too_few_workers("caseload"))
    return Caseload(
        table=frame(rows, _COLUMNS),
        months_hidden=hidden,
        left_out=left_out(log),
        notes=_NOTES,
        findings=tuple(found),
    )


def too_few_workers(what: str) -> Finding:
    """Say that a figure of link workers is not told."""
    return Finding(
        code="SR47",
        severity=Severity.NOTE,
        problem=f"the {what} is not told: there are fewer than {FEWEST_WORKERS} link workers",
        remedy="They could be recognised, so nothing needs doing.",
    )


def _months(study: Study, log: ServiceLog) -> tuple[list[dict[str, Any]], int]:
    """Rows of the months that may be told, and how many may not."""
    spells = _spells(log)
    if spells is None:
        return [], 0
    seen, worker, start, end, last = spells
    names = [*seen, *_unseen(study, seen)]
    waiting = _waiting(log)
    ends = _month_ends(int(min(start.min(), waiting[0].min(initial=last))), last)
    held = _open_at(ends, worker, start, end, len(names))
    idle = _open_at(ends, np.zeros(len(waiting[0]), dtype=np.int64), *waiting, 1)[:, 0]
    employed, fte = _employed(study, names, ends, held, worker, start, end)
    rows, hidden = [], 0
    for at, day in enumerate(ends):
        who = employed[at]
        if who.sum() < FEWEST_WORKERS:
            hidden += 1
            continue
        cases = held[at][who].astype(np.float64)
        date = np.datetime64(int(day), "D")
        row = {"month": str(date.astype("M8[M]")), "day": str(date), "workers": int(who.sum())}
        row |= {"cases": int(cases.sum()), "waiting": int(idle[at])}
        row |= dict(zip(("lower", "median", "upper"), _quartiles(cases), strict=True))
        row |= {"lowest": int(cases.min()), "highest": int(cases.max())}
        rows.append(row | _per_fte(cases, fte[who]))
    return rows, hidden


def _quartiles(values: Values) -> list[float]:
    return [float(q) for q in np.quantile(values, (0.25, 0.5, 0.75))]


def _per_fte(cases: Values, fte: Values) -> dict[str, Any]:
    known = fte > 0
    row: dict[str, Any] = {"workers_with_fte": int(known.sum())}
    if known.sum() < FEWEST_WORKERS:
        return row
    quartiles = _quartiles(cases[known] / fte[known])
    row |= {"fte": float(fte[known].sum())}
    row |= {"cases_per_fte": float(cases[known].sum() / fte[known].sum())}
    return row | dict(zip(("fte_lower", "fte_median", "fte_upper"), quartiles, strict=True))


def _last_day(log: ServiceLog) -> int:
    if log.data_cut is not None:
        return int(log.data_cut.astype(np.int64))
    days = [log.contact_days()[log.contact_of >= 0]]
    days += [log.day(name) for name in ("referral_date", "close_date")]
    return max(int(d[~np.isnat(d)].astype(np.int64).max(initial=0)) for d in days)


def _closing(log: ServiceLog, last: int) -> Days:
    """First day on which each referral is no longer open, shape (n,)."""
    closed = log.day("close_date")
    day = np.where(np.isnat(closed), last + 1, closed.astype(np.int64))
    # Closed on a day that nobody wrote down: it is not known to be open on any.
    return np.where(np.isnat(closed) & (log.close_reason() != ""), np.iinfo(np.int64).min, day)


def _spells(log: ServiceLog) -> tuple[list[str], Places, Days, Days, int] | None:
    """Names, and the link worker, first day and day after the last of each held case."""
    assert log.contacts is not None
    values, place = distinct(log.contacts.text("link_worker"))
    day = log.contact_days()
    named = np.array([bool(value) for value in values], dtype=bool)[place]
    kept = np.flatnonzero((log.contact_of >= 0) & named & ~np.isnat(day))
    if not kept.size:
        return None
    of, when, who = log.contact_of[kept], day[kept].astype(np.int64), place[kept]
    order = np.lexsort((when, of))  # contacts of one day stay in the order of the file
    of, when, who = of[order], when[order], who[order]
    changed = np.append(True, (of[1:] != of[:-1]) | (who[1:] != who[:-1]))
    of, start, who = of[changed], when[changed], who[changed]
    last = _last_day(log)
    until = _closing(log, last)[of]
    same = np.append(of[1:] == of[:-1], False)
    end = np.minimum(until, np.where(same, np.append(start[1:], 0), until))
    return [str(value) for value in values], who, start, end, last


def _waiting(log: ServiceLog) -> tuple[Days, Days]:
    """From referral until the first contact, or the close, of each referral with a day."""
    first = np.full(len(log), np.iinfo(np.int64).max)
    day = log.contact_days()
    kept = (log.contact_of >= 0) & ~np.isnat(day)
    np.minimum.at(first, log.contact_of[kept], day[kept].astype(np.int64))
    assert log.episodes is not None
    referred = log.day("referral_date")
    declined = log.episodes.number("accepted")[log.chosen] == 0
    known = ~np.isnat(referred) & ~declined
    until = np.minimum(first, _closing(log, _last_day(log)))
    return referred[known].astype(np.int64), until[known]


def _month_ends(first: int, last: int) -> Days:
    """Last day of each month from one day to another; of the last month, the last day."""
    begin, end = np.array([first, last]).astype("M8[D]").astype("M8[M]").astype(np.int64)
    after = np.arange(begin + 1, end + 2).astype("M8[M]").astype("M8[D]").astype(np.int64)
    return np.minimum(after - 1, last)


def _open_at(at: Days, worker: Places, start: Days, end: Days, workers: int) -> NDArray[np.int64]:
    """Cases open on some days by link worker, shape (days, workers): start <= day < end."""
    change = np.zeros((len(at) + 1, workers), dtype=np.int64)
    kept = end > start
    np.add.at(change, (np.searchsorted(at, start[kept]), worker[kept]), 1)
    np.add.at(change, (np.searchsorted(at, end[kept]), worker[kept]), -1)
    return change.cumsum(axis=0)[:-1]


def _employed(
    study: Study,
    names: list[str],
    ends: Days,
    held: NDArray[np.int64],
    worker: Places,
    start: Days,
    end: Days,
) -> tuple[NDArray[np.bool_], Values]:
    """Whether each link worker is in post at each month's end, and their share of a post."""
    begins = np.full(len(names), np.iinfo(np.int64).max)
    leaves = np.full(len(names), np.iinfo(np.int64).min)
    np.minimum.at(begins, worker, start)
    np.maximum.at(leaves, worker, end - 1)
    fte = np.full(len(names), np.nan)
    table = study.tables.get("link_workers")
    if table is not None:
        row = positions(np.array(names, dtype=object), _first_rows(table.text("link_worker")))
        there = row >= 0
        fte[there] = table.number("fte")[row[there]]
        came, left = table.date("start_date")[row], table.date("end_date")[row]
        dated = there & ~np.isnat(came)
        begins[dated] = came[dated].astype(np.int64)
        gone = np.where(np.isnat(left), ends[-1], left.astype(np.int64))
        leaves[dated] = gone[dated]
    employed = (ends[:, None] >= begins) & (ends[:, None] <= leaves)
    employed &= np.array([bool(name) for name in names])
    # Who holds a case is at work, whatever the dates of the post say.
    return employed | (held > 0), fte


def _unseen(study: Study, seen: list[str]) -> list[str]:
    """Link workers in their table of whom no contact is logged."""
    table = study.tables.get("link_workers")
    return [] if table is None else sorted(set(_first_rows(table.text("link_worker"))) - set(seen))


def _first_rows(names: NDArray[Any]) -> dict[str, int]:
    return {name: row for row, name in reversed(list(enumerate(names.tolist()))) if name}
