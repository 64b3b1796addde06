"""What a plan asks of a model: which groups, who is alike, and from which start."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.plan import Plan, language_of
from splw_eval.core.plan.design import CLUSTER_TRIALS
from splw_eval.data import Study

PRACTICES, WORKERS = "practices", "link workers"


@dataclass(frozen=True, slots=True, kw_only=True)
class Units:
    """By what people are alike: where chance or choice allocated, and what intervals rest on.

    Attributes
    ----------
    codes : ndarray of int, shape (people,), or None
        -1 where somebody has none and needs none.
    name : str or None
        ``practices`` or ``link workers``.
    programme_only : bool
        Whether only people of the programme have one: link workers, where the plan asks for them.
    known : ndarray of bool, shape (people,)
        Whether what the model needs is known of each.
    note : str
        Why it is this one, where that needs saying; empty where it does not.
    """

    codes: NDArray[np.int64] | None
    name: str | None
    programme_only: bool
    known: NDArray[np.bool_]
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a plan asks of the model of any outcome.

    Attributes
    ----------
    order : tuple of int
        Positions in ``plan.groups``; the first is what the others are compared with.
    programme : tuple of int
        Places in `order` of the arms that had the programme.
    units : Units
    allocation, recruited : str or None
        As the model takes them; the arms have one mean at the start only where chance allocated
        people found alike.
    """

    order: tuple[int, ...]
    programme: tuple[int, ...]
    units: Units
    allocation: str | None
    recruited: str | None

    @property
    def constrained(self) -> bool:
        """Whether the arms have one mean at the start."""
        return self.allocation == "randomised"


def asked_of(study: Study) -> Asked:
    """Read what a plan asks of a model.

    Parameters
    ----------
    study : Study

    Returns
    -------
    Asked
    """
    plan = study.plan
    fair = language_of(plan).causal
    early = plan.comparison is not None and plan.comparison.recruited == "before_allocation"
    recruited = "before allocation" if early else "blind"
    order = _order(plan)
    with_programme = [at for at in order if not plan.arms or plan.arms[at].role == "programme"]
    return Asked(
        order=order,
        programme=tuple(order.index(at) for at in with_programme),
        units=_units(study),
        allocation=("randomised" if fair else "not randomised") if plan.arms else None,
        recruited=recruited if fair else None,
    )


def _order(plan: Plan) -> tuple[int, ...]:
    """Positions of the arms, a comparison first."""
    if not plan.arms:
        return (0,)
    places = range(len(plan.arms))
    return tuple(sorted(places, key=lambda place: plan.arms[place].role == "programme"))


def _units(study: Study) -> Units:
    people, plan = study.people, study.plan
    everybody = np.ones(len(people), dtype=bool)
    by_worker = people.link_worker is not None and (
        plan.interval_by == "link_worker" or (not plan.arms and people.cluster is None)
    )
    if by_worker and plan.design not in CLUSTER_TRIALS:
        return _workers(study)
    if people.cluster is None:
        return Units(codes=None, name=None, programme_only=False, known=everybody, note=_ALONE)
    return Units(
        codes=people.cluster,
        name=PRACTICES,
        programme_only=False,
        known=people.cluster >= 0,
        note=_ALLOCATED if by_worker else "",
    )


_ALONE = (
    "No file names people's practices, so the model treats people as independent. If people of "
    "one practice are alike, its intervals are too narrow."
)
_ALLOCATED = (
    "The plan asks for intervals by link worker. Practices were allocated and not people, so the "
    "model stays with practices."
)


def _workers(study: Study) -> Units:
    """Link workers as units; somebody of the programme without one is a unit by themselves."""
    worker, plan = study.people.link_worker, study.plan
    assert worker is not None
    roles = np.array([arm.role == "programme" for arm in plan.arms] or [True])
    needs = roles[study.people.arm]
    alone = needs & (worker < 0)
    codes = np.where(needs, worker, -1)
    codes[alone] = worker.max(initial=-1) + 1 + np.arange(int(alone.sum()))
    note = (
        "As the plan asks, the model allows for people of one link worker being alike, in the "
        "programme only: nobody else has one. It does not allow for practices."
        if plan.arms
        else "The model allows for people of one link worker being alike; people without one are "
        "taken to be independent."
    )
    return Units(
        codes=codes,
        name=WORKERS,
        programme_only=bool(plan.arms),
        known=np.ones(len(codes), dtype=bool),
        note=note,
    )
