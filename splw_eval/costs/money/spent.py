"""What the programme cost for each person referred, part by part."""

from __future__ import annotations

import weakref
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.plan import Costs, Plan
from splw_eval.core.result import Note
from splw_eval.costs.money.words import HOURS, NO_PROGRAMME, PARTS
from splw_eval.data import Study
from splw_eval.retention.delivery.service_log import ServiceLog, service_log
from splw_eval.retention.service.rules import rules_of

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
_MINUTES = 60.0
_REFERRED = (
    "Costs are of people of the programme group who were referred: those with a row in the table "
    "of episodes, or all of the group where there is none. What a person received counts whether "
    "or not that person was measured."
)
_SHARED = (
    "Sums spent on the programme are shared equally among the people referred, {whom}, as nothing "
    "says on whom they were spent."
)
_HOURS = (
    "Hours are the minutes of attended contacts, and {ratio:g} hours of other work for each hour "
    "of contact, as the plan says. Contacts missed by the person count only within that other work."
)
_NO_MINUTES = (
    "A contact without minutes counts with the mean of those that have them: {n} contacts. Where "
    "short contacts are the ones without minutes, costs are too high."
)
_NOBODY_LOGGED = (
    "No attended contact has minutes, so hours of link workers cannot be counted. Log minutes, or "
    "give what the programme cost in all ([costs.programme])."
)
_NO_EPISODES = (
    "Contacts belong to episodes, and no file holds those, so hours of link workers cannot be "
    "counted. Add the table of episodes, or give what the programme cost in all "
    "([costs.programme])."
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Spent:
    """What the programme cost.

    Attributes
    ----------
    referred : ndarray of bool, shape (people,)
    contacts : ndarray of int, shape (people,) or None
        Attended contacts; None where none are logged.
    parts : mapping of str to ndarray of float, shape (people,)
        By name of the part; 0 for whoever was not referred.
    pays : mapping of str to str
        Who pays, by name of the part; empty where the plan does not say.
    notes : tuple of Note
    why_not : str
        Why there are no parts; empty where there are.
    """

    referred: Flags
    contacts: NDArray[np.int64] | None
    parts: Mapping[str, Floats]
    pays: Mapping[str, str]
    notes: tuple[Note, ...]
    why_not: str

    @property
    def whole(self) -> Floats:
        """All parts together, shape (people,)."""
        found: Floats = np.sum([*self.parts.values()], axis=0)
        return found

    def fixed(self) -> bool:
        """Whether everybody referred cost the same: sums only, shared equally."""
        return HOURS not in self.parts


_HELD: dict[int, Spent] = {}


def spent_of(study: Study) -> Spent:
    """Give what the programme cost in a study whose plan has prices; made once.

    Parameters
    ----------
    study : Study

    Returns
    -------
    Spent
        Without parts where the plan gives no price of the programme.
    """
    key = id(study)
    if key not in _HELD:
        _HELD[key] = _spent(study)
        weakref.finalize(study, _HELD.pop, key, None)
    return _HELD[key]


def programme_groups(plan: Plan) -> Iterator[tuple[int, str]]:
    """Give position and label of each group that had the programme."""
    if not plan.arms:
        yield 0, plan.groups[0]
    yield from ((i, arm.label) for i, arm in enumerate(plan.arms) if arm.role == "programme")


def _spent(study: Study) -> Spent:
    costs = study.plan.costs
    assert costs is not None
    has_log = "episodes" in study.tables
    rules = rules_of(study.plan.retention, None)
    log = service_log(study, which_episode=rules.which_episode) if has_log else None
    referred = _referred(study, log)
    notes, parts, pays = [Note(text=_REFERRED)], {}, {}
    hour, why = costs.unit.link_worker_hour, NO_PROGRAMME
    attended = None if log is None or log.contacts is None else log.attended()
    if hour is not None and (log is None or attended is None):
        why = _NO_EPISODES
    elif hour is not None and log is not None and attended is not None:
        hours, said = _hours(study, log, attended, costs)
        notes += said
        why = _NOBODY_LOGGED
        if hours is not None:
            parts[HOURS] = np.where(referred, hour.value * hours, 0.0)
            pays[HOURS] = hour.pays or ""
    among = costs.programme_people or int(referred.sum())
    for name, sum_spent in costs.programme_parts():
        parts[PARTS[name]] = np.where(referred, sum_spent.value / among if among else 0.0, 0.0)
        pays[PARTS[name]] = sum_spent.pays or ""
    if hour is not None and HOURS not in parts and parts:
        notes.append(Note(text=why))
    if any(True for _ in costs.programme_parts()):
        whom = "as many as the plan says" if costs.programme_people else "of this study"
        notes.append(Note(text=_SHARED.format(whom=whom)))
    return Spent(
        referred=referred,
        contacts=None if log is None or attended is None else _times(study, log, attended),
        parts=parts,
        pays=pays,
        notes=tuple(notes),
        why_not="" if parts else why,
    )


def _referred(study: Study, log: ServiceLog | None) -> Flags:
    of_programme = np.isin(study.people.arm, [arm for arm, _ in programme_groups(study.plan)])
    if log is None:
        return of_programme
    there = np.zeros(len(study.people), dtype=bool)
    there[log.person[log.chosen]] = True
    return of_programme & there


def _times(study: Study, log: ServiceLog, attended: Flags) -> NDArray[np.int64]:
    times = np.zeros(len(study.people), dtype=np.int64)
    np.add.at(times, log.person[log.chosen], log.times(attended))
    return times


def _hours(
    study: Study, log: ServiceLog, attended: Flags, costs: Costs
) -> tuple[Floats | None, list[Note]]:
    """Paid hours of each person, and what was assumed."""
    assert log.contacts is not None
    minutes = log.contacts.number("minutes")[attended]
    known = ~np.isnan(minutes)
    if len(minutes) and not known.any():
        return None, []
    ratio = costs.overhead_ratio or 0.0
    notes = [Note(text=_HOURS.format(ratio=ratio))]
    if not known.all():
        minutes = np.where(known, minutes, minutes[known].mean())
        notes.append(Note(text=_NO_MINUTES, counts={"n": int((~known).sum())}))
    hours = np.zeros(len(study.people))
    person = log.person[log.chosen][log.contact_of[attended]]
    np.add.at(hours, person, minutes / _MINUTES * (1 + ratio))
    return hours, notes
