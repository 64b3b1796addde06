"""Kimberlee's level of support: as the service declares it, and as its records suggest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from splw_eval.data.parse import distinct
from splw_eval.data.vocabulary import UNMAPPED, plainly
from splw_eval.retention.delivery.log_tables import frame, share, spread
from splw_eval.retention.delivery.service_log import ServiceLog
from splw_eval.retention.delivery.stages import NO, UNKNOWN, YES, linked, planned

if TYPE_CHECKING:
    import pandas as pd

LEVELS = ("signposting", "light", "medium", "holistic")
NOBODY_SEEN, NOT_KNOWN = "nobody was seen", "not known"
MOST_WITH_LIMIT = 12
"""Attended contacts above which support counts as without a set limit: national guidance, as
training hubs quote it, speaks of 6 to 12. The records never say whether a limit was set."""
DOMAINS = 2
"""Reasons for referral from which on there are several needs."""

DERIVATION = (
    "The derived level is a proposal of this program and not a standard; it needs experts' "
    "review. Signposting: at most one attended contact, no plan, and nothing arranged beyond a "
    f"signpost. Medium: a plan, and {DOMAINS} or more reasons for referral. Holistic: the same, "
    f"with more than {MOST_WITH_LIMIT} attended contacts, which stands in for support without a "
    "set limit. Light: everything between. Where a plan, a reason or what was arranged is not "
    "recorded and would decide, the level is not known."
)

Which = NDArray[np.bool_]


def derived_level(log: ServiceLog) -> NDArray[Any]:
    """Suggest a level for each referral from contacts, plan, reasons and support.

    Parameters
    ----------
    log : ServiceLog

    Returns
    -------
    ndarray of str, shape (n,)
        One of `LEVELS`, `NOBODY_SEEN` or `NOT_KNOWN`. The rule is `DERIVATION`.

    Notes
    -----
    Source: levels after Kimberlee 2015, Advances in Social Sciences Research Journal 2:102; the
    derivation is a proposal of this program.
    """
    n = len(log)
    contacts = log.times(log.attended())
    plan, link = _said(planned(log).said, n), _said(linked(log).said, n)
    domains = need_domains(log)
    few, several = contacts <= 1, domains >= DOMAINS
    low = few & (plan != YES) & (link != YES)
    rich = (plan != NO) & (several | (domains == 0))
    kinds = [
        (np.full(n, log.contacts is None), NOT_KNOWN),
        (contacts == 0, NOBODY_SEEN),
        (low & ((plan == UNKNOWN) | (link == UNKNOWN)), NOT_KNOWN),
        (low, LEVELS[0]),
        ((plan == YES) & several & (contacts > MOST_WITH_LIMIT), LEVELS[3]),
        ((plan == YES) & several, LEVELS[2]),
        (rich, NOT_KNOWN),
    ]
    which, level = zip(*kinds, strict=True)
    suggested: NDArray[Any] = np.select(which, level, default=LEVELS[1]).astype(object)
    return suggested


def _said(said: NDArray[np.int8] | None, n: int) -> NDArray[np.int8]:
    return np.full(n, UNKNOWN, dtype=np.int8) if said is None else said


def need_domains(log: ServiceLog) -> NDArray[np.int64]:
    """Count the different reasons for each referral, shape (n,); 0 where none is recorded."""
    if log.episodes is None:
        return np.empty(0, dtype=np.int64)
    values, where = distinct(log.episodes.text("reason")[log.chosen])
    parts = ({plainly(part) for part in value.split(";")} - {""} for value in values)
    return np.array([len(part) for part in parts], dtype=np.int64)[where]


def declared_level(log: ServiceLog) -> NDArray[Any]:
    """Level that the service says it gave, shape (n,); `NOT_KNOWN` where it does not say."""
    if log.episodes is None:
        return np.empty(0, dtype=object)
    level = log.episodes.text("declared_level")[log.chosen]
    return np.where((level == "") | (level == UNMAPPED), NOT_KNOWN, level)


def by_level(log: ServiceLog, declared: NDArray[Any], derived: NDArray[Any]) -> pd.DataFrame:
    """Count referrals and contacts by level, as declared and as derived.

    Parameters
    ----------
    log : ServiceLog
    declared, derived : ndarray of str, shape (n,)

    Returns
    -------
    DataFrame
        group, kind ("declared" or "derived"), level, n, of, share, and of attended contacts a
        referral: known, none, mean, lower, median, upper, highest. Every figure rests on n.
    """
    contacts = log.times(log.attended()).astype(np.float64)
    rows = []
    for group, here in log.by_group():
        for kind, levels in (("declared", declared[here]), ("derived", derived[here])):
            names = [*LEVELS, *([NOBODY_SEEN] if kind == "derived" else []), NOT_KNOWN]
            for name in names:
                which = here[levels == name]
                n, of = len(which), len(here)
                row = {"group": group, "kind": kind, "level": name, "n": n, "of": of}
                known = contacts[which] if log.contacts is not None else np.empty(0)
                rows.append(row | {"share": share(n, of)} | spread(known))
    columns = "group kind level n of share known none mean lower median upper highest"
    return frame(rows, columns)


def crossed(log: ServiceLog, declared: NDArray[Any], derived: NDArray[Any]) -> pd.DataFrame:
    """Referrals by declared and derived level, both known: group, declared, derived, n."""
    rows = []
    for group, here in log.by_group():
        for one in LEVELS:
            for other in LEVELS:
                n = int(((declared[here] == one) & (derived[here] == other)).sum())
                rows.append({"group": group, "declared": one, "derived": other, "n": n})
    kept = [row for row in rows if row["n"]]
    return frame(kept, "group declared derived n")


def agreement(log: ServiceLog, declared: NDArray[Any], derived: NDArray[Any]) -> pd.DataFrame:
    """Say how far the declared and the derived level agree.

    Parameters
    ----------
    log : ServiceLog
    declared, derived : ndarray of str, shape (n,)

    Returns
    -------
    DataFrame
        group, n (referrals with both), of (all), agree, share, kappa. Kappa is Cohen's, plain;
        None where both name one level throughout. It describes these referrals; there is no
        interval, as people of one link worker are alike.

    Notes
    -----
    Source: Cohen 1960, Educational and Psychological Measurement 20:37.
    """
    rows = []
    both = np.isin(declared, LEVELS) & np.isin(derived, LEVELS)
    for group, here in log.by_group():
        one, other = declared[here[both[here]]], derived[here[both[here]]]
        agree, n = int((one == other).sum()), len(one)
        row = {"group": group, "n": n, "of": len(here), "agree": agree}
        rows.append(row | {"share": share(agree, n), "kappa": _kappa(one, other)})
    return frame(rows, "group n of agree share kappa")


def _kappa(one: NDArray[Any], other: NDArray[Any]) -> float | None:
    if not len(one):
        return None
    chance = sum(float((one == level).mean() * (other == level).mean()) for level in LEVELS)
    return None if chance == 1 else (float((one == other).mean()) - chance) / (1 - chance)
