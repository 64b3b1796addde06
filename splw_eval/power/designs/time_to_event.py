"""Trials of a time to an event: leaving the programme, or coming to a first contact."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from splw_eval.power.design import Kind, Values
from splw_eval.power.event_checks import check_events
from splw_eval.power.events import Chances, chances_of, duration_of, hazard_ratio
from splw_eval.power.outcomes import most_telling
from splw_eval.power.precision import Array, Precision
from splw_eval.stats.power.design_effect import design_effect
from splw_eval.stats.power.events import freedman_variance, schoenfeld_variance

_EFFECTS = ("hr", "rate1")
_FORMULAE = {
    "schoenfeld": "Schoenfeld 1981, Biometrika 68:316; 1983, Biometrics 39:499",
    "freedman": "Freedman 1982, Stat Med 1:121",
    "lachin-foulkes": "Lachin & Foulkes 1986, Biometrics 42:507",
}
_WIDENED = "Xie & Waksman 2003, Stat Med 22:2835"
_FRAILTY = "Jahn-Eimermacher, Ingel & Schneider 2013, Stat Med 32:739"
_EXTRA = "Eldridge, Ashby & Kerry 2006, Int J Epidemiol 35:1292"
_UNEQUAL = "van Breukelen, Candel & Berger 2007, Stat Med 26:2589"
_LEAST, _MOST = 1e-6, 1e3
_CURVED_MOST = 50.0  # hazard ratios beyond this are nobody's


def precision(v: Values) -> Precision:
    """Variance of a log hazard ratio."""
    hr, q = hazard_ratio(v), _ratio(v)
    widened = _widened(v)
    chances = chances_of(v, hr, q) if _chances_told(v) else None
    people, events = _counts(v, chances)
    kept = np.asarray(events / widened)
    null = None
    if formula_of(v) == "lachin-foulkes" and chances is not None and people is not None:
        variance, null = _by_arms(people / widened, q, chances)
    elif formula_of(v) == "freedman":
        variance = freedman_variance(kept, hr, q)
    else:
        variance = schoenfeld_variance(kept, q)
    left = 1.0 if v.r2 is None else 1 - v.r2
    extra = _frailty(v, q)
    found = {"events": np.asarray(events), "design_effect": widened}
    if people is not None:
        found |= {"patients": np.asarray(people)}
    if chances is not None:
        found |= {"event_share_programme": chances.programme, "event_share": chances.comparison}
    return Precision(
        effect=np.asarray(np.log(hr)),
        variance=np.asarray(variance / left + extra),
        null_variance=None if null is None else np.asarray(null / left + extra),
        df=_df(v, people),
        parts=found,
    )


def _ratio(v: Values) -> Array:
    return np.asarray(1.0 if v.allocation is None else v.allocation)


def _chances_told(v: Values) -> bool:
    return any(name in v for name in ("p0", "p_event", "rate0", "retention"))


def formula_of(v: Values) -> str:
    """The formula as asked, or by hazards over time where those were given."""
    if v.formula is not None:
        return str(v.formula)
    if v.events is None and (v.rate0 is not None or v.retention is not None):
        return "lachin-foulkes"
    return "schoenfeld"


def _by_arms(people: Array, q: Array, chances: Chances) -> tuple[Array, Array]:
    """Variance from the events of each arm, and where hazards are alike."""
    first, second = people * q / (1 + q), people / (1 + q)
    variance = 1 / (first * chances.programme) + 1 / (second * chances.comparison)
    null = (1 / first + 1 / second) / chances.alike
    return np.asarray(variance), np.asarray(null)


def _counts(v: Values, chances: Chances | None) -> tuple[Array | None, Array]:
    """People in all, None where only events are known, and events in all."""
    if v.events is not None:
        return None if chances is None else np.asarray(v.events / chances.mean), v.events
    people = np.asarray(v.clusters * v.size if v.patients is None else v.patients)
    assert chances is not None
    return people, np.asarray(people * chances.mean)


def _widened(v: Values) -> Array:
    if v.icc is None:
        return np.asarray(1.0)
    size = v.patients / v.clusters if v.size is None else v.size
    return design_effect(size, v.icc, 0.0 if v.cv is None else v.cv, v.cv_method or "eldridge")


def _frailty(v: Values, q: Array) -> Array:
    """What clusters add to the variance of a log hazard ratio."""
    if v.sd_cluster is None:
        return np.asarray(0.0)
    first, second = v.clusters * q / (1 + q), v.clusters / (1 + q)
    return np.asarray(v.sd_cluster**2 * (1 / first + 1 / second))


def _df(v: Values, people: Array | None) -> Mapping[str, Array]:
    """Clusters less 2 wherever there are clusters; of single people the normal, as papers do."""
    normal = {"z": np.asarray(np.inf)}
    if v.clusters is not None and (v.sd_cluster is not None or v.icc is not None):
        return {"k-2": np.asarray(v.clusters - 2), **normal}
    if v.icc is not None and v.size is not None and people is not None:
        return {"k-2": np.asarray(people / v.size - 2), **normal}
    return normal


def share_out(total: float, v: Values) -> Mapping[str, float]:
    """People, or clusters, of each arm."""
    q = float(_ratio(v))
    return {"programme": total * q / (1 + q), "comparison": total / (1 + q)}


def model(v: Values) -> str:
    """The analysis."""
    if v.sd_cluster is not None:
        return (
            "Cox's proportional hazards with a frailty for each cluster, its variance added to"
            " that of the log hazard ratio (an approximation)"
        )
    if v.icc is not None:
        return (
            "Cox's proportional hazards with cluster-robust variances, people multiplied by a"
            " design effect (an approximation)"
        )
    return "Cox's proportional hazards" + (", with covariates" if v.r2 is not None else "")


def notes(v: Values) -> tuple[str, ...]:
    """What an answer carries."""
    return (*_beyond_the_visits(v), *_approximate(v))


def _beyond_the_visits(v: Values) -> Iterator[str]:
    if v.retention is None:
        return
    seen, whole = float(v.visits[-1] - v.visits[0]), duration_of(v)
    if np.max(whole) > seen * (1 + 1e-9):
        yield (
            f"Nobody's retention was told beyond {seen:g} after the first visit. From there to "
            f"{float(np.max(whole)):g} people are taken to leave as they did between the last two "
            "visits; with --duration and --accrual as short as the visits nothing is assumed."
        )


def _approximate(v: Values) -> tuple[str, ...]:
    if v.sd_cluster is not None:
        return (
            "Approximate: the variance of clusters' log hazards is added to that of the log "
            "hazard ratio (Jahn-Eimermacher and others 2013).",
        )
    if v.icc is not None:
        return (
            "Approximate: people are multiplied by the design effect. The ICC is that of the "
            "residuals of censored times (Xie and Waksman 2003), not of the event itself.",
        )
    return ()


def cites(v: Values) -> tuple[str, ...]:
    """Papers of what was used."""
    clustered = (_WIDENED,) if v.icc is not None else ()
    breukelen = v.cv_method == "breukelen"
    unequal = (_UNEQUAL if breukelen else _EXTRA,) if v.cv is not None else ()
    return (
        _FORMULAE[formula_of(v)],
        *clustered,
        *unequal,
        *((_FRAILTY,) if v.sd_cluster is not None else ()),
    )


def span(v: Values) -> tuple[str, Any, Any]:
    """Hazard ratios below 1, or above where one above 1 was given."""
    up = any(name in v for name in _EFFECTS) and bool((hazard_ratio(v) > 1).all())
    none = np.asarray(1.0)
    if formula_of(v) != "lachin-foulkes":
        return "hr", none, np.asarray(_MOST if up else _LEAST)
    most = np.asarray(_CURVED_MOST if up else _LEAST)
    return "hr", none, most_telling(v, precision, "hr", _EFFECTS, none, most)


KIND = Kind(
    name="tte",
    title="trial of a time to an event",
    takes=(
        *_EFFECTS,
        *("rate0", "p0", "p1", "p_event", "events", "patients", "allocation", "formula", "r2"),
        *("loss_rate", "duration", "accrual", "retention", "visits", "dropout"),
        *("clusters", "size", "cv", "cv_method", "icc", "sd_cluster"),
    ),
    needs=(_EFFECTS, ("patients", "clusters", "events")),
    solves=("power", "mde", "patients", "events", "clusters"),
    effect=_EFFECTS,
    precision=precision,
    model=model,
    check=check_events,
    arms=share_out,
    span=span,
    notes=notes,
    sources=(*_FORMULAE.values(), _WIDENED, _EXTRA, _UNEQUAL, _FRAILTY),
    cites=cites,
)
