"""The rules of an episode that hold: the plan's, or those given, and each of them in words."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from splw_eval.core.errors import PlanError
from splw_eval.core.findings import Finding, Severity
from splw_eval.core.plan import EpisodeRules, suggestion

CAUSES = {
    0: "still engaged",
    1: "completed as planned",
    2: "dropped out",
    3: "ended for another reason",
    4: "ended, reason not recorded",
}
"""What each code of an ending stands for."""

STILL_OPEN, LOST_TOUCH, NOT_RECORDED, NOT_KNOWN = (
    "still open",
    "lost touch",
    "not recorded",
    "not a word of the vocabulary",
)


def rules_of(
    planned: EpisodeRules, given: EpisodeRules | Mapping[str, Any] | None = None
) -> EpisodeRules:
    """Rules that hold.

    Parameters
    ----------
    planned : EpisodeRules
        Of the plan.
    given : EpisodeRules, mapping of str to object, or None
        None: the plan's. A mapping changes the keys that it names; the plan's others stay.

    Returns
    -------
    EpisodeRules

    Raises
    ------
    PlanError
        A key is unknown, or holds what it may not; all are named.
    """
    if given is None:
        return planned
    if isinstance(given, EpisodeRules):
        return given
    written = {key: getattr(planned, key) for key in planned.model_fields_set}
    try:
        return EpisodeRules.model_validate_json(json.dumps({**written, **given}, default=repr))
    except ValidationError as error:
        found = [f for e in error.errors(include_url=False) for f in _findings(dict(e))]
        raise PlanError("The rules of an episode do not hold together.", found) from None


def _findings(error: Mapping[str, Any]) -> list[Finding]:
    key = ".".join(str(part) for part in error["loc"])
    if error["type"] == "value_error":
        said = [t.removeprefix("[retention] ") for t in str(error["ctx"]["error"]).splitlines()]
    elif error["type"] == "extra_forbidden":
        said = [f'unknown key "{key}"{suggestion(key, EpisodeRules.model_fields)}']
    else:
        said = [f"{key}: {error['msg'].replace('Input should', 'must')}"]
    return [
        Finding(
            code="SR21",
            severity=Severity.ERROR,
            problem=problem,
            remedy="Write the rules as the section [retention] of the plan has them.",
        )
        for problem in said
    ]


def in_words(rules: EpisodeRules, *, contact_log: bool, data_cut: bool) -> dict[str, str]:
    """Every rule as a sentence.

    Parameters
    ----------
    rules : EpisodeRules
    contact_log : bool
        Whether there is a table of contacts.
    data_cut : bool
        Whether the plan names a data cut.

    Returns
    -------
    dict of str to str
        By key of [retention]; ``(default)`` ends the sentence of a rule nobody wrote down.
    """
    words = {
        "horizon_days": f"Mean days are taken up to day {rules.horizon_days}; nothing is cut.",
        "time_zero": _TIME_ZERO[rules.time_zero],
        "days_without_contact": _silence(rules, contact_log=contact_log),
        "before_first_contact": _waiting(rules),
        "lost_touch_dated": _DATED[rules.lost_touch_dated],
        "returning": _RETURNING[rules.returning],
        "which_episode": _WHICH[rules.which_episode],
        "completed": f"Completed as planned: {_listed(rules.completed)}.",
        "dropped_out": f"Dropped out: {_listed(rules.dropped_out)}; and losing touch.",
        "other_ending": f"Ended for another reason: {_listed(rules.other_ending)}.",
        "attended_missing": "A contact with attended empty is not taken for attended.",
        "lag_days": f"A cause that changes over time is taken as it stood {rules.lag_days} "
        f"{'day' if rules.lag_days == 1 else 'days'} before.",
    }
    told = {k: w if rules.declared(k) else f"{w} (default)" for k, w in words.items()}
    return told | {"data_cut": _CUT if data_cut else _NO_CUT}


_TIME_ZERO = {
    "referral": "Day 0 is the day of referral.",
    "first_contact": "Day 0 is the day of the first contact; whoever was never contacted is left "
    "out and counted.",
}
_WAITING = {
    "waiting": "Days before the first contact are waiting for the service, and no loss of touch.",
    "silence": "Days before the first contact count as days without contact from the referral on.",
}
_DATED = {
    "rule_met": "Touch counts as lost on the day on which that many days have passed.",
    "last_contact": "Touch counts as lost on the day of the last attended contact before the "
    "silence; on that day nobody could know it.",
}
_RETURNING = {
    "first": "The first silence of that length ends the episode; those who came back are counted.",
    "last": "A later contact takes a silence back: only one that nothing followed by the data cut "
    "ends the episode. That looks into the future: whoever is lost at an early cut may be un-lost "
    "at a later one, so people who entered late drop out more often by construction.",
}
_WHICH = {
    "first": "Of a person with several episodes the first counts.",
    "each": "Each episode counts, so a person may stand in several rows.",
}
_CUT = "An episode not closed by the data cut is still open there; later contacts are not used."
_NO_CUT = (
    "The plan names no data cut: an episode without a close is open to the last day that any "
    "episode or contact records."
)


def _silence(rules: EpisodeRules, *, contact_log: bool) -> str:
    if not rules.days_without_contact:
        return "No number of days without contact counts as losing touch."
    if not contact_log:
        return (
            "Losing touch cannot be seen, as there is no table of contacts: only close reasons "
            "end an episode."
        )
    return (
        f"{rules.days_without_contact} days without an attended contact count as losing touch, "
        "also where the episode was closed later."
    )


def _waiting(rules: EpisodeRules) -> str:
    if rules.time_zero == "first_contact":
        return "Days before the first contact are before day 0."
    return _WAITING[rules.before_first_contact]


def _listed(words: tuple[str, ...]) -> str:
    return ", ".join(words) or "no close reason"
