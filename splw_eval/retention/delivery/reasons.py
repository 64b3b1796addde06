"""Why referrals were closed, ranked, with those of which nobody wrote down why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.findings import Finding, Severity
from splw_eval.core.plan import EpisodeRules
from splw_eval.data import Study
from splw_eval.data.parse import distinct
from splw_eval.describe.settings import PROPOSAL
from splw_eval.retention.delivery.log_tables import frame, left_out, no_table, share
from splw_eval.retention.delivery.service_log import ServiceLog, service_log
from splw_eval.retention.service.rules import CAUSES, NOT_KNOWN, NOT_RECORDED, in_words, rules_of

if TYPE_CHECKING:
    import pandas as pd

MOST_WITHOUT_REASON = 0.20
"""Share of closed referrals without a reason above which the reasons are said to be too empty;
a proposal."""

_NOTES = (
    "Reasons are those that the service wrote down when it closed a referral. Losing touch by "
    "days without contact is another figure: the curves of staying and leaving use it.",
    "A reason is what somebody thought or was told. That it was written down most often does "
    "not make it the main cause, and reasons left empty may be of other kinds.",
)
_MISSING = len(CAUSES) - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class EndingReasons:
    """Why referrals were closed.

    Attributes
    ----------
    table : DataFrame
        group, kind, reason, rank, n, of_closed, share, in the order of n within each group and
        kind. `kind` is "completed as planned", "dropped out", "ended for another reason" or
        "ended, reason not recorded". `share` is n of `of_closed`; they sum to 1 in a group.
    closed : DataFrame
        group, referrals, still_open, closed, completed, dropped_out, other, not_recorded,
        share_not_recorded. ``referrals = still_open + closed``, and closed is the sum of the
        four kinds; `share_not_recorded` rests on closed.
    left_out : DataFrame
        what, rows, of_rows.
    unit : str
    rules : mapping of str to str
    notes : tuple of str
    findings : tuple of Finding
        SR45 too many without a reason, SR46 no table of episodes, SR42 no reasons kept.
    """

    table: pd.DataFrame
    closed: pd.DataFrame
    left_out: pd.DataFrame
    unit: str
    rules: Mapping[str, str]
    notes: tuple[str, ...]
    findings: tuple[Finding, ...]


def ending_reasons(
    study: Study,
    rules: EpisodeRules | Mapping[str, Any] | None = None,
    by: str | None = None,
) -> EndingReasons:
    """Count the reasons for closing, by what kind of ending the rules say that they are.

    Parameters
    ----------
    study : Study
    rules : EpisodeRules, mapping or None
        None: those of the plan.
    by : str or None
        As in `uptake_funnel`.

    Returns
    -------
    EndingReasons

    Raises
    ------
    DataError
        SR40, where `by` forms no groups.
    PlanError
        SR21, where the rules do not hold together.
    """
    held = rules_of(study.plan.retention, rules)
    log = service_log(study, which_episode=held.which_episode, by=by)
    closed = log.closed()
    kept = log.kept(log.episodes, "close_reason")
    if closed is None:
        closed = np.zeros(len(log), dtype=bool)
    reason = log.close_reason()
    values, where = distinct(reason)
    cause = np.array([held.cause_of(value) for value in values], dtype=np.int64)[where]
    said = in_words(held, contact_log=log.contacts is not None, data_cut=log.data_cut is not None)
    keys = ("which_episode", "completed", "dropped_out", "other_ending", "data_cut")
    counts = _closed(log, closed, cause)
    return EndingReasons(
        table=_ranked(log, closed, reason, held) if kept else frame([], _COLUMNS),
        closed=counts,
        left_out=left_out(log),
        unit="people" if held.which_episode == "first" else "referrals",
        rules={key: said[key] for key in keys},
        notes=_NOTES,
        findings=tuple(_findings(log, counts)),
    )


_COLUMNS = "group kind reason rank n of_closed share"


def _ranked(
    log: ServiceLog, closed: NDArray[np.bool_], reason: NDArray[Any], rules: EpisodeRules
) -> pd.DataFrame:
    """Reasons of each group, the most frequent first within each kind of ending."""
    rows: list[dict[str, Any]] = []
    for group, referrals in log.by_group():
        here = referrals[closed[referrals]]
        of = len(here)
        counts = zip(*np.unique(reason[here], return_counts=True), strict=True)
        found = [(rules.cause_of(str(word)), -int(n), str(word)) for word, n in counts]
        by_size = sorted(found, key=lambda one: (one[1], one[2]))
        for kind, n, word in sorted(found):
            rows.append(
                {
                    "group": group,
                    "kind": CAUSES[kind],
                    "reason": _word(word, kind),
                    "rank": 1 + sum(other[1] < n for other in by_size),
                    "n": -n,
                    "of_closed": of,
                    "share": share(-n, of),
                }
            )
    return frame(rows, _COLUMNS)


def _word(word: str, kind: int) -> str:
    if not word:
        return NOT_RECORDED
    return NOT_KNOWN if kind == _MISSING else word


def _closed(log: ServiceLog, closed: NDArray[np.bool_], cause: NDArray[np.int64]) -> pd.DataFrame:
    """Referrals of each group by kind of ending."""
    rows = []
    names = ("completed", "dropped_out", "other", "not_recorded")
    for group, here in log.by_group():
        ended = here[closed[here]]
        n, over = len(here), len(ended)
        kinds = np.bincount(cause[ended], minlength=len(CAUSES))[1:].tolist()
        row = {"group": group, "referrals": n, "still_open": n - over, "closed": over}
        row |= dict(zip(names, kinds, strict=True))
        rows.append(row | {"share_not_recorded": share(kinds[-1], over)})
    columns = f"group referrals still_open closed {' '.join(names)} share_not_recorded"
    return frame(rows, columns)


def _findings(log: ServiceLog, counts: pd.DataFrame) -> Iterator[Finding]:
    if log.episodes is None:
        yield no_table("episodes")
        return
    if not log.kept(log.episodes, "close_reason"):
        yield Finding(
            code="SR42",
            severity=Severity.WARNING,
            problem="no file holds episodes.close_reason, so nothing is known of why people left",
            remedy="Write down for every referral that is closed why it was.",
        )
        return
    without, over = int(counts["not_recorded"].sum()), int(counts["closed"].sum())
    if without > MOST_WITHOUT_REASON * over:
        yield Finding(
            code="SR45",
            severity=Severity.WARNING,
            problem=f"{without} of {over} closed referrals have no reason that is known, above "
            f"{MOST_WITHOUT_REASON:.0%} ({PROPOSAL})",
            remedy="Do not rank reasons on these; write one down for every referral closed.",
        )
