"""What was delivered: how many contacts, how long, how far apart and of what kind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from splw_eval.core.findings import Finding, Severity
from splw_eval.core.plan import EpisodeRules
from splw_eval.data import Study
from splw_eval.retention.delivery.completeness import field_completeness, too_empty
from splw_eval.retention.delivery.kinds_of_contact import by_component, by_mode
from splw_eval.retention.delivery.levels import (
    DERIVATION,
    agreement,
    by_level,
    crossed,
    declared_level,
    derived_level,
)
from splw_eval.retention.delivery.log_tables import frame, left_out, no_table
from splw_eval.retention.delivery.per_person import outside, per_person
from splw_eval.retention.delivery.service_log import ServiceLog, service_log
from splw_eval.retention.service.rules import in_words, rules_of

if TYPE_CHECKING:
    import pandas as pd

_NOTES = (
    "Nothing is made up for: minutes are added over the contacts that have them, and how many "
    "have them stands beside the sum.",
    "A contact with attended empty is not taken for attended; such contacts are counted.",
    "Contacts dated before the referral or after the close count as contacts, as the log says "
    "that they took place; gaps and days to the first contact are made without them.",
    "How much was delivered is described. Who got more contacts differed from the others from "
    "the start, so none of this says what contacts bring about.",
)
_UNKEPT = (
    "No file holds attended, so every contact that was logged counts as attended: the numbers "
    "are too high by those who did not come."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactDose:
    """What was delivered, by group; completeness of each field comes first.

    Attributes
    ----------
    completeness : DataFrame
        table, field, among, rows, filled, not_in_vocabulary, share, enough.
    per_person : DataFrame
        Spread of each number of a referral: group, measure, unit, of, referrals, known, none,
        mean, lower, median, upper, highest.
    by_mode : DataFrame
        As `splw_eval.retention.delivery.kinds_of_contact.by_mode`.
    by_level, level_agreement, levels_crossed : DataFrame
        As `by_level`, `agreement` and `crossed` of `splw_eval.retention.delivery.levels`.
    by_component : DataFrame
        As `splw_eval.retention.delivery.kinds_of_contact.by_component`.
    contacts_counted : DataFrame
        group, what, contacts, referrals: logged, attended, not attended, with attended empty,
        attended with and without minutes, outside the dates of the referral.
    left_out : DataFrame
        what, rows, of_rows: rows of the files that are not counted.
    unit : str
        What a referral stands for: ``"people"``, or ``"referrals"`` where each of a person
        counts.
    rules : mapping of str to str
    notes : tuple of str
    findings : tuple of Finding
        SR41 fields too empty, SR44 attended not kept, SR46 tables that are not there.
    """

    completeness: pd.DataFrame
    per_person: pd.DataFrame
    by_mode: pd.DataFrame
    by_level: pd.DataFrame
    level_agreement: pd.DataFrame
    levels_crossed: pd.DataFrame
    by_component: pd.DataFrame
    contacts_counted: pd.DataFrame
    left_out: pd.DataFrame
    unit: str
    rules: Mapping[str, str]
    notes: tuple[str, ...]
    findings: tuple[Finding, ...]


def contact_dose(
    study: Study,
    rules: EpisodeRules | Mapping[str, Any] | None = None,
    by: str | None = None,
) -> ContactDose:
    """Describe what was delivered, after how completely it was recorded.

    Parameters
    ----------
    study : Study
    rules : EpisodeRules, mapping or None
        None: those of the plan. `which_episode` counts here.
    by : str or None
        As in `uptake_funnel`. Groups of which nobody was referred have no rows.

    Returns
    -------
    ContactDose
        A table of figures is empty where no file could give them; a finding says why.

    Raises
    ------
    DataError
        SR40, where `by` forms no groups.
    PlanError
        SR21, where the rules do not hold together.

    Notes
    -----
    Counts, quartiles and shares of what was recorded; no interval, as nothing is estimated.
    """
    held = rules_of(study.plan.retention, rules)
    log = service_log(study, which_episode=held.which_episode, by=by)
    declared, derived = declared_level(log), derived_level(log)
    completeness = field_completeness(log)
    said = in_words(held, contact_log=log.contacts is not None, data_cut=log.data_cut is not None)
    return ContactDose(
        completeness=completeness,
        per_person=per_person(log),
        by_mode=by_mode(log),
        by_level=by_level(log, declared, derived),
        level_agreement=agreement(log, declared, derived),
        levels_crossed=crossed(log, declared, derived),
        by_component=by_component(log),
        contacts_counted=_counted(log),
        left_out=left_out(log),
        unit="people" if held.which_episode == "first" else "referrals",
        rules={key: said[key] for key in ("which_episode", "attended_missing", "data_cut")},
        notes=(*_NOTES, DERIVATION),
        findings=(*_findings(log), *too_empty(completeness)),
    )


def _counted(log: ServiceLog) -> pd.DataFrame:
    """Contacts of each group by whether they took place and what is known of them."""
    columns = "group what contacts referrals"
    table = log.contacts
    if table is None or log.episodes is None:
        return frame([], columns)
    here, attended, said = log.contact_of >= 0, log.attended(), table.number("attended")
    timed = ~np.isnan(table.number("minutes"))
    kinds = {"logged": here, "attended": attended}
    if "attended" in table.columns:
        kinds |= {"not attended": here & (said == 0), "attended empty": here & np.isnan(said)}
    kinds |= {"attended, with minutes": attended & timed}
    kinds |= {"attended, without minutes": attended & ~timed, **outside(log)}
    times = {what: log.times(which) for what, which in kinds.items()}
    rows = []
    for group, referrals in log.by_group():
        for what, each in times.items():
            mine = each[referrals]
            row = {"group": group, "what": what, "contacts": int(mine.sum())}
            rows.append(row | {"referrals": int((mine > 0).sum())})
    return frame(rows, columns)


def _findings(log: ServiceLog) -> Iterator[Finding]:
    for name in ("episodes", "contacts", "support"):
        if getattr(log, name) is None:
            yield no_table(name)
    if log.contacts is not None and "attended" not in log.contacts.columns:
        yield Finding(
            code="SR44",
            severity=Severity.WARNING,
            problem=_UNKEPT,
            remedy="Record for every contact whether it took place.",
        )
