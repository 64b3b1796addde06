"""From referral to a planned ending: how many got how far, and what is known of the others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.findings import Finding, Severity
from splw_eval.core.plan import EpisodeRules
from splw_eval.data import Study
from splw_eval.data.checks.joins import positions
from splw_eval.retention.delivery.log_tables import frame, left_out, no_table, share
from splw_eval.retention.delivery.service_log import ServiceLog, service_log
from splw_eval.retention.delivery.stages import IMPLIED_BY, NO, STAGES, UNKNOWN, YES, Stage, stages
from splw_eval.retention.service.rules import in_words, rules_of

if TYPE_CHECKING:
    import pandas as pd

Which = NDArray[np.bool_]

RECORDED, IMPLIED, UNKNOWN_STILL, SKIPPED, OPEN, NOT_REACHED = range(6)
"""Where each referral stands at a stage; it stands in exactly one place."""

_COUNTS = ("n", "implied", "not_known", "skipped", "still_open", "not_reached")
_COLUMNS = (
    "group stage from_column referred n implied passed not_reached not_known still_open "
    "skipped of_referred previous previous_n both of_previous reason"
)
_WHOLE = (*_COUNTS, "passed", "referred", "previous_n", "both")
_IMPLIED = (
    "Implied: no record of the stage, but of a later one that cannot be without it, so they "
    "passed it without a record. passed = n + implied."
)
_SKIPPED = (
    "Skipped: no record of the stage, but of a later one that can be without it. Whether it was "
    "left out or not written down cannot be told; they are not counted as having passed it."
)
_CHAIN = (
    "of_previous is the share, among those who passed the previous recorded stage, who passed "
    "this one too; of_referred is passed out of all referrals."
)
_OPEN = "Still open: not reached so far, and the referral was not closed by the data cut."


@dataclass(frozen=True, slots=True, kw_only=True)
class UptakeFunnel:
    """How many referrals reached each stage.

    Attributes
    ----------
    table : DataFrame
        One row for each group and stage: group, stage, from_column, referred, n, implied,
        passed, not_reached, not_known, still_open, skipped, of_referred, previous,
        previous_n, both, of_previous, reason. Always
        ``referred = n + implied + skipped + not_reached + not_known + still_open``. At a stage
        that no file can say the counts are missing, never 0, and `reason` says why.
    without_referral : DataFrame
        One row for each group: group, people, referred, without. Who was never referred is in
        no row of `table`.
    left_out : DataFrame
        Rows of the files that are not counted: what, rows, of_rows.
    unit : str
        What is counted: ``"people"``, or ``"referrals"`` where each one of a person counts.
    rules : mapping of str to str
        The rules in words.
    notes : tuple of str
    findings : tuple of Finding
        SR42 for stages not recorded, SR43 for records that contradict each other, SR46 where
        there is no table of episodes.
    """

    table: pd.DataFrame
    without_referral: pd.DataFrame
    left_out: pd.DataFrame
    unit: str
    rules: Mapping[str, str]
    notes: tuple[str, ...]
    findings: tuple[Finding, ...]


def uptake_funnel(
    study: Study,
    rules: EpisodeRules | Mapping[str, Any] | None = None,
    by: str | None = None,
) -> UptakeFunnel:
    """Count how many referrals reached each stage, from referral to a planned ending.

    Parameters
    ----------
    study : Study
    rules : EpisodeRules, mapping or None
        None: those of the plan. `which_episode` and `completed` count here.
    by : str or None
        ``"arm"``, ``"cluster"``, a column of the people table, or ``"imd_quintile"``. A group
        of which nobody was referred has no rows; `without_referral` tells of it.

    Returns
    -------
    UptakeFunnel

    Raises
    ------
    DataError
        SR40, where `by` forms no groups.
    PlanError
        SR21, where the rules do not hold together.

    Notes
    -----
    Counts only: nothing is estimated, so there is no interval. What is not recorded is not made
    up for.

    Sources
    -------
    Husk and others 2020, Health Soc Care Community 28:309: enrolment, engagement
    and adherence. Which column stands for which stage is a proposal of this program.
    """
    held = rules_of(study.plan.retention, rules)
    log = service_log(study, which_episode=held.which_episode, by=by)
    found = stages(log, held.completed)
    standing = places(found, log.closed(), _accepted_no(found, len(log)))
    said = in_words(held, contact_log=log.contacts is not None, data_cut=log.data_cut is not None)
    keys = ("which_episode", "completed", "attended_missing", "data_cut")
    return UptakeFunnel(
        table=_table(study, log, found, standing),
        unit="people" if held.which_episode == "first" else "referrals",
        rules={key: said[key] for key in keys},
        without_referral=_without(study, log),
        left_out=left_out(log),
        notes=(_IMPLIED, _SKIPPED, _CHAIN, _OPEN),
        findings=tuple(_findings(log, found, standing)),
    )


def places(
    found: Sequence[Stage], closed: Which | None, declined: Which
) -> tuple[NDArray[np.int8] | None, ...]:
    """Say where each referral stands at each stage.

    Parameters
    ----------
    found : sequence of Stage
        In the order of `STAGES`.
    closed : ndarray of bool, shape (n,), or None
        Referrals that are over; None where no file says.
    declined : ndarray of bool, shape (n,)
        Referrals of people who did not take up the offer.

    Returns
    -------
    tuple of (ndarray of int, shape (n,)) or None
        `RECORDED`, ..., `NOT_REACHED` for each referral; None at a stage that no file can say.
    """
    reached = {s.name: s.said == YES for s in found if s.said is not None}
    result: list[NDArray[np.int8] | None] = []
    for at, stage in enumerate(found):
        if stage.said is None:
            result.append(None)
            continue
        # An offer not answered yet is empty; the answer may come while the referral is open.
        unsaid = stage.said == UNKNOWN
        if stage.name == "accepted" and closed is not None:
            unsaid &= closed
        over = declined | (closed if closed is not None else False)
        unsaid |= ~over & (closed is None)
        later = [s.name for s in found[at + 1 :] if s.name in reached]
        implying = [name for name in later if name in IMPLIED_BY.get(stage.name, ())]
        kinds = [
            (stage.said == YES, RECORDED),
            (_any_of(reached, implying, len(declined)), IMPLIED),
            (unsaid, UNKNOWN_STILL),
            (_any_of(reached, later, len(declined)), SKIPPED),
            (~over, OPEN),
        ]
        which, place = zip(*kinds, strict=True)
        result.append(np.select(which, place, default=NOT_REACHED).astype(np.int8))
    return tuple(result)


def _any_of(reached: Mapping[str, Which], names: Sequence[str], n: int) -> Which:
    found = [np.zeros(n, dtype=bool), *(reached[name] for name in names)]
    return np.asarray(np.logical_or.reduce(found))


def _accepted_no(found: Sequence[Stage], n: int) -> Which:
    said = found[STAGES.index("accepted")].said
    return np.zeros(n, dtype=bool) if said is None else said == NO


def _table(
    study: Study,
    log: ServiceLog,
    found: Sequence[Stage],
    standing: Sequence[NDArray[np.int8] | None],
) -> pd.DataFrame:
    empty = np.empty(0, dtype=np.int64)
    groups = (
        [(name, empty) for name in log.groups.names] if log.episodes is None else [*log.by_group()]
    )
    rows = [row for group, here in groups for row in _rows(group, here, found, standing)]
    if log.episodes is None:
        _referred_by_people(study, log, rows)
    whole = dict.fromkeys(_WHOLE, "Int64")
    types = {**whole, "of_referred": "Float64", "of_previous": "Float64"}
    return frame(rows, _COLUMNS).astype(types)


def _rows(
    group: str,
    here: NDArray[np.int64],
    found: Sequence[Stage],
    standing: Sequence[NDArray[np.int8] | None],
) -> Iterator[dict[str, Any]]:
    """Rows of one group."""
    before, before_name = None, None
    for stage, place in zip(found, standing, strict=True):
        row: dict[str, Any] = {"group": group, "stage": stage.name}
        row["from_column"] = stage.from_column
        if place is None:
            yield row | {"reason": f"not recorded: {stage.reason}"}
            continue
        counts = np.bincount(place[here], minlength=len(_COUNTS)).tolist()
        passed = place[here] <= IMPLIED
        n, referred = int(passed.sum()), len(here)
        row |= dict(zip(_COUNTS, counts, strict=True))
        row |= {"referred": referred, "passed": n, "of_referred": share(n, referred), "reason": ""}
        if before is not None:
            both, previous = int((passed & before).sum()), int(before.sum())
            row |= {"previous": before_name, "previous_n": previous, "both": both}
            row["of_previous"] = share(both, previous)
        before, before_name = passed, stage.name
        yield row


def _referred_by_people(study: Study, log: ServiceLog, rows: Sequence[dict[str, Any]]) -> None:
    """Count the referrals that the people table dates, where there is no table of episodes."""
    table = study.tables.get("people")
    if table is None or "referral_date" not in table.columns:
        return
    person = positions(table.text("person"), study.people.index)
    dated = np.zeros(len(study.people) + 1, dtype=bool)
    dated[person[~np.isnat(table.date("referral_date"))]] = True
    counts = np.bincount(log.groups.code[dated[:-1]], minlength=len(log.groups.names)).tolist()
    first = [row for row in rows if row["stage"] == "referred"]
    for row, n in zip(first, counts, strict=True):
        row.update(dict.fromkeys(_COUNTS, 0), n=n, passed=n, referred=n, reason="")
        row.update(from_column="people.referral_date is filled", of_referred=share(n, n))


def _without(study: Study, log: ServiceLog) -> pd.DataFrame:
    """People of each group, and of how many there is a referral."""
    import pandas as pd

    referred = np.zeros(len(study.people), dtype=bool)
    referred[log.person[log.chosen]] = True
    n = len(log.groups.names)
    people = np.bincount(log.groups.code, minlength=n)
    had = np.bincount(log.groups.code[referred], minlength=n)
    columns = {
        "group": log.groups.names,
        "people": people,
        "referred": had,
        "without": people - had,
    }
    return pd.DataFrame(columns if log.episodes is not None else dict.fromkeys(columns, ()))


def _findings(
    log: ServiceLog, found: Sequence[Stage], standing: Sequence[NDArray[np.int8] | None]
) -> Iterator[Finding]:
    if log.episodes is None:
        yield no_table("episodes")
        return
    for stage in found:
        if stage.said is None:
            yield Finding(
                code="SR42",
                severity=Severity.WARNING,
                problem=f'the stage "{stage.name}" is not recorded: {stage.reason}',
                remedy="Keep the column from now on; until then nothing is said of the stage.",
            )
    accepted = standing[STAGES.index("accepted")]
    if accepted is not None:
        against = int((_accepted_no(found, len(log)) & (accepted == IMPLIED)).sum())
        if against:
            yield Finding(
                code="SR43",
                severity=Severity.WARNING,
                problem=f"{against} referrals with accepted: no have a record of a later stage",
                remedy="Correct accepted; they are counted as having taken up the offer.",
            )
