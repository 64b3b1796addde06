"""Whether people keep their link worker: how many they meet, and what share is with one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.findings import Finding
from splw_eval.core.plan import EpisodeRules
from splw_eval.data import Study
from splw_eval.data.parse import distinct
from splw_eval.describe.settings import FEWEST_WORKERS, PROPOSAL
from splw_eval.retention.delivery.caseload import too_few_workers
from splw_eval.retention.delivery.log_tables import frame, left_out, no_table, share, spread
from splw_eval.retention.delivery.service_log import ServiceLog, service_log
from splw_eval.retention.service.rules import in_words, rules_of

if TYPE_CHECKING:
    import pandas as pd

_NOTES = (
    "Only attended contacts with a link worker named count; the others are counted beside.",
    "The share with the link worker seen most often is 1 for whoever has one contact, so it is "
    "summarised for those with two or more.",
    "A change is an attended contact with another link worker than the one before. Somebody who "
    "stood in once, and a new link worker who came for good, both count.",
    f"No figure is about fewer than {FEWEST_WORKERS} link workers, who could be recognised; this "
    f"number is {PROPOSAL}.",
)
_ONE, _TWO = 1, 2
_COLUMNS = (
    "group workers referrals seen without_worker one_worker two_workers three_or_more changed "
    "share_changed with_two_contacts always_the_same mean lower median upper"
)
Counts = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Continuity:
    """Whether people keep their link worker, by group.

    Attributes
    ----------
    table : DataFrame
        group, workers, referrals, seen (with an attended contact of a named link worker),
        without_worker (with attended contacts, none of which names one), one_worker,
        two_workers, three_or_more, changed, share_changed (of seen), with_two_contacts, and of
        those: always_the_same, and mean, lower, median, upper of the share of contacts with the
        link worker seen most often. ``seen = one_worker + two_workers + three_or_more``.
        Groups seen by too few link workers have no row.
    groups_hidden : int
        Groups without a row for that reason.
    left_out : DataFrame
        what, rows, of_rows.
    unit : str
    rules : mapping of str to str
    notes : tuple of str
    findings : tuple of Finding
        SR46 tables that are not there, SR47 too few link workers.
    """

    table: pd.DataFrame
    groups_hidden: int
    left_out: pd.DataFrame
    unit: str
    rules: Mapping[str, str]
    notes: tuple[str, ...]
    findings: tuple[Finding, ...]


def worker_continuity(
    study: Study,
    rules: EpisodeRules | Mapping[str, Any] | None = None,
    by: str | None = None,
) -> Continuity:
    """Describe how many link workers people meet, and how often it is the same one.

    Parameters
    ----------
    study : Study
    rules : EpisodeRules, mapping or None
        None: those of the plan.
    by : str or None
        As in `uptake_funnel`.

    Returns
    -------
    Continuity

    Raises
    ------
    DataError
        SR40, where `by` forms no groups.
    PlanError
        SR21, where the rules do not hold together.

    Notes
    -----
    Source: the share of contacts with the usual provider, Breslau & Reeb 1975, Journal of
    Medical Education 50:965.
    """
    held = rules_of(study.plan.retention, rules)
    log = service_log(study, which_episode=held.which_episode, by=by)
    lacking = [name for name in ("episodes", "contacts") if getattr(log, name) is None]
    rows = [] if lacking else list(_rows(log))
    told = [row for row in rows if row["workers"] >= FEWEST_WORKERS]
    found = [no_table(name) for name in lacking]
    if not lacking and not told:
        found.append(too_few_workers("continuity"))
    said = in_words(held, contact_log=log.contacts is not None, data_cut=log.data_cut is not None)
    return Continuity(
        table=frame(told, _COLUMNS),
        groups_hidden=len(rows) - len(told),
        left_out=left_out(log),
        unit="people" if held.which_episode == "first" else "referrals",
        rules={key: said[key] for key in ("which_episode", "attended_missing", "data_cut")},
        notes=_NOTES,
        findings=tuple(found),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """Of each referral: attended contacts, of these named, most with one, workers, changes."""

    attended: Counts
    named: Counts
    most: Counts
    workers: Counts
    changes: Counts


def _seen(log: ServiceLog, of: Counts, who: Counts, day: Counts) -> _Seen:
    """Count contacts with a named link worker; they may come in any order."""
    n, width = len(log), int(who.max(initial=0)) + 1
    pairs, times = np.unique(of * width + who, return_counts=True)
    most = np.zeros(n, dtype=np.int64)
    np.maximum.at(most, pairs // width, times)
    dated = day != np.iinfo(np.int64).min
    order = np.lexsort((day[dated], of[dated]))  # of one day: in the order of the file
    one, worker = of[dated][order], who[dated][order]
    change = (one[1:] == one[:-1]) & (worker[1:] != worker[:-1])
    return _Seen(
        attended=log.times(log.attended()),
        named=np.bincount(of, minlength=n),
        most=most,
        workers=np.bincount(pairs // width, minlength=n),
        changes=np.bincount(one[1:][change], minlength=n),
    )


def _rows(log: ServiceLog) -> Iterator[dict[str, Any]]:
    assert log.contacts is not None
    values, place = distinct(log.contacts.text("link_worker"))
    named = np.array([bool(value) for value in values], dtype=bool)[place]
    kept = np.flatnonzero(log.attended() & named)
    of, who = log.contact_of[kept], place[kept]
    seen = _seen(log, of, who, log.contact_days()[kept].astype("M8[D]").astype(np.int64))
    for code, group in enumerate(log.groups.names):
        here = log.group == code
        if here.any():
            workers = len(np.unique(who[log.group[of] == code]))
            yield {"group": group, "workers": workers} | _row(seen, here)


def _row(seen: _Seen, here: NDArray[np.bool_]) -> dict[str, Any]:
    met = here & (seen.named > 0)
    several = here & (seen.named >= _TWO)
    usual = seen.most[several] / seen.named[several]
    changed = int((here & (seen.changes > 0)).sum())
    summary = {k: v for k, v in spread(usual).items() if k in {"mean", "lower", "median", "upper"}}
    return {
        "referrals": int(here.sum()),
        "seen": int(met.sum()),
        "without_worker": int((here & (seen.attended > 0) & ~met).sum()),
        "one_worker": int((here & (seen.workers == _ONE)).sum()),
        "two_workers": int((here & (seen.workers == _TWO)).sum()),
        "three_or_more": int((here & (seen.workers > _TWO)).sum()),
        "changed": changed,
        "share_changed": share(changed, int(met.sum())),
        "with_two_contacts": int(several.sum()),
        "always_the_same": int((usual == 1).sum()),
    } | summary
