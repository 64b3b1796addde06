"""What the plan and the masked results hold on each domain of bias: facts, never a judgement."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from splw_eval.appraisal.checklists.facts import Facts
from splw_eval.appraisal.checklists.filled import own_words
from splw_eval.appraisal.checklists.rules.shown import called, figure, listed, of_primary, told

_INTERVAL = ("estimate", "conf_low", "conf_high")
DESIGNS = {
    "pre_post": "one group, before and after",
    "controlled_cohort": "groups that were not formed by chance",
    "cluster_trial": "practices put into groups by chance",
    "cluster_trial_unlike_recruitment": (
        "practices put into groups by chance, with people compared who were recruited otherwise"
    ),
    "individual_trial": "people put into groups by chance, one by one",
}
_COMPARATORS = {
    "same_eligibility": "people who could have been referred as well",
    "sample": "a sample of other people",
    "other": "people found in another way",
}
_SELECTED = {
    "SW62": "some people have follow-up scores and none at the start",
    "SW64": "some were first measured after their first contact",
    "SW65": "time counts from different events in different groups",
    "SW86": "a group has people of one practice only",
}
_CLASSIFIED = {
    "SW68": "a practice stands in two groups",
    "SW69": "a practice has people of two groups",
    "SW81": "some people's group is not that of their practice",
    "SW133": "some people of the comparison have a link worker or an episode",
}
_DEVIATED = {
    "SW27": "some people had more than one link worker",
    "SW66": "some contacts lie before the referral or after the close",
    "SW133": "some people of the comparison have a link worker or an episode",
    "SW134": "some offers that were not taken up have contacts",
}
_MEASURED = {
    "SW22": "some dates and planned waves disagree",
    "SW71": "the version of an instrument changes between waves",
    "SW118": "some scores were made though items were missing",
}


def on_target(facts: Facts) -> Iterator[str]:
    """What trial the study stands for, and which effect is asked about."""
    plan = facts.plan
    yield f"Design: {DESIGNS[plan.design]}"
    yield f"Population: {_said(plan.estimand.population)}"
    yield f"Groups: {listed(plan.groups)}"
    waves = [wave.title for wave in plan.waves if wave.name in plan.estimand.contrast.waves]
    yield f"Outcome: {plan.primary.label}{f' at {listed(waves)}' if waves else ''}"
    yield f"Effect asked about: {_said(plan.estimand.summary)}"
    yield f"People who stop: {_said(plan.estimand.disengagement)}"


def on_confounding(facts: Facts) -> Iterator[str]:
    """Confounders named, measured and not; groups before and after adjusting."""
    held = facts.plan.confounders
    measured = [c.name for c in held if c.column is not None]
    without = [c.name for c in held if c.column is None]
    yield f"Named and measured: {listed(measured) or 'none'}"
    yield f"Named and not measured: {listed(without) or 'none'}"
    rows = told(facts.rows("balance"), "before")
    if rows:
        first = max(rows, key=lambda row: abs(row.before))
        size = figure(facts, "balance", first, "before")
        yield f"Largest difference at the start: {size} SD ({first.characteristic})"
    weighted = told(rows, "after")
    if weighted:
        last = max(weighted, key=lambda row: abs(row.after))
        size = figure(facts, "balance", last, "after")
        yield f"Largest after weighting: {size} SD ({last.characteristic})"
    yield from _estimates(facts, "adjusted", "method")


def on_selection(facts: Facts) -> Iterator[str]:
    """How people came into the study and its groups, and from when they count."""
    how = facts.plan.comparison
    if how is not None:
        yield f"Recruited {how.recruited.replace('_', ' ')}, by: {_said(how.recruited_by)}"
        knew = {None: "not stated", True: "no", False: "yes"}[how.blind]
        yield f"Recruiters knew the group: {knew}"
        yield f"Compared: {_COMPARATORS[how.comparators]}"
    elif facts.plan.arms:
        yield "How people compared were recruited: not stated"
    for zero in facts.plan.time_zero:
        yield f"Time counts from: {zero.event.replace('_', ' ')}{_of_arm(facts, zero.arm)}"
    if facts.rows("uptake"):
        yield f"Stages from referral on: {called(facts, 'uptake')}"
    yield from _noticed(facts, _SELECTED)


def on_classification(facts: Facts) -> Iterator[str]:
    """What puts somebody into the programme group, and what the files say against it."""
    plan = facts.plan
    yield f"Groups: {listed(plan.groups)}"
    least = plan.engagement.contacts_at_least
    yield f"Counted as having received it: attended contacts, at least {least}"
    if plan.allocation is not None and plan.allocation.date is not None:
        yield f"Groups known from: {plan.allocation.date.isoformat()}"
    yield from _noticed(facts, _CLASSIFIED)


def on_deviations(facts: Facts) -> Iterator[str]:
    """How far people received what was meant, and other help beside it."""
    tidier = facts.plan.tidier
    planned = tidier.when_and_how_much if tidier is not None else None
    yield f"Amount planned: {_said(planned)}"
    for row in told(facts.rows("dose"), "median"):
        if row.measure == "contacts attended":
            median = figure(facts, "dose", row, "median")
            yield f"Attended contacts, median: {median} ({row.group})"
    for row in told(facts.rows("engagement"), "share_received")[:1]:
        share = figure(facts, "engagement", row, "share_received")
        yield f"Received it, of those offered: {share}"
    for row in told(facts.rows("continuity"), "share_one"):
        share = figure(facts, "continuity", row, "share_one")
        yield f"Kept one link worker: {share} ({row.group})"
    changed = tidier.modifications if tidier is not None else None
    yield f"Changed on the way: {_said(changed)}"
    yield "Help from elsewhere: not in the results"
    yield from _noticed(facts, _DEVIATED)


def on_missing(facts: Facts) -> Iterator[str]:
    """How many were lost from each group, why, and what was assumed of them."""
    plan = facts.plan
    waves = plan.estimand.contrast.waves or (plan.waves[-1].name,)
    titles = {wave.name: wave.title for wave in plan.waves}
    for row in told(of_primary(facts, "flow"), "share_measured"):
        if row.wave in waves:
            share = figure(facts, "flow", row, "share_measured")
            yield f"Measured at {titles[row.wave]}: {share} ({row.arm})"
    yield f"Assumed: {_said(plan.missing.assumption if plan.missing else None)}"
    yield from _estimates(facts, "sensitivity", "strategy")
    for row in told(facts.rows("loss_predictors"), "odds_ratio"):
        if row.characteristic == "Group":
            ratio = figure(facts, "loss_predictors", row, "odds_ratio")
            yield f"Ratio of the odds of being lost, {row.level}: {ratio}"
    if facts.rows("endings"):
        yield f"Why people left: {called(facts, 'endings')}"


def on_measurement(facts: Facts) -> Iterator[str]:
    """How the outcome was measured, and alike in the groups or not."""
    outcome = facts.plan.primary
    version = f", {outcome.version}" if own_words(outcome.version) else ""
    yield f"Questionnaire: {outcome.label}{version}"
    for row in of_primary(facts, "instruments"):
        yield f"Score made from: {row.made_from[:1].lower()}{row.made_from[1:]}"
    days = told(facts.rows("days"), "median")
    for wave in facts.plan.follow_up:
        same = [
            f"{figure(facts, 'days', row, 'median')} ({row.arm})"
            for row in days
            if row.event == wave.title
        ]
        if same:
            yield f"Median days to {wave.title}: {listed(same)}"
    yield "Who answered, how, and whether they knew the group: not in the results"
    yield from _noticed(facts, _MEASURED)


def on_reporting(facts: Facts) -> Iterator[str]:
    """What was fixed beforehand, and what was done otherwise."""
    plan = facts.plan
    yield f"Plan dated: {plan.dated.isoformat() if plan.dated else 'no date'}"
    yield f"Outcome data first seen: {plan.data_seen.isoformat() if plan.data_seen else 'not said'}"
    yield f"Registered: {_said(plan.governance.registration)}"
    yield f"Outcomes planned: {listed(outcome.label for outcome in plan.outcomes)}"
    key = "contrasts" if plan.arms else "change"
    if facts.rows(key):
        shown = {row.outcome for row in told(facts.rows(key), "estimate")}
        without = [outcome.label for outcome in plan.outcomes if outcome.name not in shown]
        yield f"Planned and without an answer: {listed(without) or 'none'}"
    yield f"Subgroups planned: {listed(s.name for s in plan.subgroups) or 'none'}"
    otherwise = listed(text for text in plan.governance.deviations if own_words(text))
    yield f"Done otherwise than planned: {otherwise or 'nothing stated'}"


def _said(text: str | None) -> str:
    return own_words(text) or "not stated"


def _estimates(facts: Facts, key: str, by: str) -> Iterator[str]:
    """Estimates of the primary outcome by one way after the other, in one line."""
    rows = told(of_primary(facts, key), *_INTERVAL)
    lines = []
    for row in rows:
        at, low, high = (figure(facts, key, row, name) for name in _INTERVAL)
        lines.append(f"{getattr(row, by)} {at} ({low} to {high})")
    if lines:
        yield f"{called(facts, key)}: {'; '.join(lines)}"


def _noticed(facts: Facts, words: dict[str, str]) -> Iterator[str]:
    """What the checks of the files found of this kind, in words."""
    for code in facts.found(*words):
        yield f"The files: {words[code]} ({code})"


def _of_arm(facts: Facts, value: str | None) -> str:
    labels: Iterable[Any] = (arm.label for arm in facts.plan.arms if arm.value == value)
    label = next(iter(labels), None)
    return f" ({label})" if label else ""
