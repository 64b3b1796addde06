"""The difference by offer, among those who came because of it, and two that mislead."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from splw_eval.confounding.received.compliance import AS_TREATED, COMPLIERS, ITT, PER_PROTOCOL
from splw_eval.confounding.received.complier import complier_effect
from splw_eval.confounding.received.complier_rows import ComplierEffect
from splw_eval.confounding.reported.received import (
    COUNTED,
    ONE_GROUP,
    Covariates,
    alone,
    by_practice,
    contacts_of,
    few_df,
    fit_within,
    measured,
    once,
    strata_of,
)
from splw_eval.core.confounding_rows import EngagementRow
from splw_eval.core.errors import FitError
from splw_eval.core.result import Note, Result
from splw_eval.data import Study
from splw_eval.describe.people_frame import AFTER, BEFORE, GROUP, PERSON, Pair, pairs_of
from splw_eval.retention.reported.kinds import why_not
from splw_eval.retention.reported.staying import known

if TYPE_CHECKING:
    import pandas as pd

BY_OFFER = "Everybody as allocated (intention to treat)"
AMONG_COMPLIERS = "Those who received it because it was offered (complier-average effect)"
WEAK_FIRST = "The same, with limits that hold even where the offer moved few (Anderson and Rubin)"
NAMES = {
    ITT: BY_OFFER,
    COMPLIERS: AMONG_COMPLIERS,
    AS_TREATED: "Misleading: receivers with all others (as treated)",
    PER_PROTOCOL: "Misleading: only those who did as allocated (per protocol)",
}
RECEIVED = "received"
_TELLING = 10  # with fewer, what is left of everybody would tell how many these are
_NO_CHANCE = Note(
    text="The complier-average effect is not given. It uses the offer as a lottery, and here "
    "chance did not decide who was offered the programme among people found alike: a difference "
    "between the groups may have come about in other ways than by what was received."
)
_EXCLUSION = Note(
    text="The complier-average effect rests on this: being offered the programme changes nobody's "
    "score but by what is received (exclusion restriction). A letter that cheers, or a practice "
    "that changes for all of its patients, would break it. And nobody received it only because of "
    "being in the comparison group."
)
_ONE_SIDED = Note(
    text="Nobody of the comparison group received it, so among compliers are all of those offered "
    "it who received it."
)
_BOTH_SIDES = Note(
    text="Some people of the comparison group received it as well; the complier-average effect is "
    "about those whom the offer moved, and nobody can say who they are."
)
_MISLEADING = Note(
    text="As treated and per protocol stand here because they are often asked for. Who comes to "
    "contacts differs beforehand from who does not, so chance no longer makes those groups alike."
)
_BOTH_SCORES = Note(
    text="People with a score at the start and then are compared, with the score at the start and "
    "the strata of the allocation, where the plan names them, allowed for. People are in the group "
    "of their allocation."
)
_WEAK = Note(
    text="The offer moved few people to receive it (F below 10), so the complier-average effect "
    "leans towards the misleading one: read the limits of Anderson and Rubin."
)
_UNBOUNDED = Note(
    text="Anderson and Rubin's test contradicts no value, or only some between others: these data "
    "bound no complier-average effect."
)
_ROWS = (ITT, COMPLIERS, AS_TREATED, PER_PROTOCOL)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Held:
    """How many people the figures of one pair of groups rest on."""

    offered: int
    received: int
    not_received: int
    fewest: int


def describe_engagement(study: Study) -> Result[EngagementRow]:
    """Set the difference by offer beside those by what was received.

    Parameters
    ----------
    study : Study
        With contacts.

    Returns
    -------
    Result of EngagementRow
        No rows unless chance allocated people found alike; a note says so.
    """
    rows: list[EngagementRow] = []
    notes: list[Note] = [] if study.plan.arms else [ONE_GROUP]
    contacts = contacts_of(study)
    for pair in pairs_of(study):
        if not pair.randomised:
            notes.append(_NO_CHANCE)
            continue
        frame = measured(pair)
        least = study.plan.engagement.contacts_at_least
        frame[RECEIVED] = (contacts[frame[PERSON].to_numpy()] >= least).astype(float)
        try:
            found, more = fit_within(partial(_fit, pair, frame), strata_of(frame))
        except FitError as error:
            notes += [*pair.notes, *why_not(error)]
            continue
        rows += _rows(pair, study, frame, found)
        notes += [_rule(least), *_said(frame, found), *more, *alone(pair), *pair.notes]
    notes += few_df([row.df for row in rows])
    return Result(
        key="engagement",
        title="Those who received it",
        unit="",
        row_type=EngagementRow,
        rows=tuple(rows),
        notes=once(notes),
        sources=_SOURCES if rows else (),
    )


_SOURCES = (
    "Angrist, Imbens & Rubin 1996, J Am Stat Assoc 91:444",
    "Andrews, Stock & Sun 2019, Annu Rev Econ 11:727",
)


def _fit(pair: Pair, frame: pd.DataFrame, strata: Covariates) -> ComplierEffect:
    return complier_effect(
        frame,
        outcome=AFTER,
        received=RECEIVED,
        group=GROUP,
        covariates=(BEFORE, *strata),
        cluster=by_practice(pair),
        randomised=pair.randomised,
        reference=0,
    )


def _rows(
    pair: Pair, study: Study, frame: pd.DataFrame, found: ComplierEffect
) -> Iterator[EngagementRow]:
    held = _counted(frame)
    for row in found.table.to_dict("records"):
        term = str(row["term"])
        limits_only = term == COMPLIERS and not np.isfinite(row["std_error"])
        if term not in _ROWS or (term == COMPLIERS and not row["default"] and not limits_only):
            continue
        first = bool(row["default"])
        yield EngagementRow(
            outcome=study.plan.primary.name,
            compared=pair.compared,
            when=pair.when,
            method=WEAK_FIRST if limits_only else NAMES[term],
            n=None if term == PER_PROTOCOL and held.fewest < _TELLING else int(row["n"]),
            offered=held.offered,
            received=held.received,
            not_received=held.not_received,
            share_received=held.received / held.offered if held.offered else None,
            n_fewest=held.fewest,
            estimate=known(row["estimate"]),
            std_error=known(row["std_error"]),
            conf_low=known(row["conf_low"]),
            conf_high=known(row["conf_high"]),
            p_value=known(row["p_value"]),
            df=known(row["df"]),
            first_stage_f=known(found.f) if first else None,
            clusters=found.practices,
            interval=str(row["method"]),
        )


def _counted(frame: pd.DataFrame) -> _Held:
    programme = frame[GROUP] == 1
    offered = int(programme.sum())
    received = int(frame.loc[programme, RECEIVED].sum())
    others = int(frame.loc[~programme, RECEIVED].sum())
    parts = (offered, len(frame) - offered, received, offered - received, others)
    return _Held(
        offered=offered,
        received=received,
        not_received=offered - received,
        fewest=min(part for part in parts if part),
    )


def _rule(least: int) -> Note:
    contacts = "1 attended contact" if least == 1 else f"{least} attended contacts"
    return Note(text=f"Whoever had {contacts} or more counts as having received the programme.")


def _said(frame: pd.DataFrame, found: ComplierEffect) -> Iterator[Note]:
    yield _EXCLUSION
    others = frame.loc[frame[GROUP] == 0, RECEIVED].any()
    yield _BOTH_SIDES if others else _ONE_SIDED
    yield _MISLEADING
    if found.weak:
        yield _WEAK
    limits = found.table[found.table["method"].str.startswith("Anderson")]
    if not np.isfinite(limits[["conf_low", "conf_high"]].to_numpy(dtype=float)).all():
        yield _UNBOUNDED
    yield COUNTED
    yield _BOTH_SCORES
