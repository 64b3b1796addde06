"""Hazard ratios of causes of nothing: made services where leaving is a matter of chance."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from splw_eval.data import Study
from splw_eval.retention.hazards.cox import fit_cox
from splw_eval.retention.service.causes import time_varying_causes
from splw_eval.retention.service.episodes import build_episodes
from tests.unit.given_study import plan_of
from tests.unit.loading import loaded
from tests.unit.retention.given_service import contact, episode, service, worker

PEOPLE, SERVICES, CUT, LEAVES = 250, 24, 500, 0.2
Service = dict[str, list[dict[str, Any]]]


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    head = ["person", "arm", "practice", "phq_0", "phq_3"]
    arms = ("usual", "link")
    rows = [[f"p{i}", arms[i % 2], f"g{i % 12}", 10, 9] for i in range(1, 2 * PEOPLE + 1)]
    plan = plan_of("controlled_cohort")
    plan["files"][0]["columns"]["cluster"] = "practice"
    return loaded(tmp_path_factory.mktemp("null"), plan, scores=[head, *rows])


def visits(rng: np.random.Generator, first: int, gap: tuple[int, int]) -> Iterator[int]:
    """Days of attended contacts; after each of them the person stays away by chance alone."""
    day = first
    while day <= CUT:
        yield day
        if rng.random() < LEAVES:
            return
        day += int(rng.integers(*gap))


def chased(rng: np.random.Generator) -> Service:
    """Who stayed away is called by another link worker, sees nobody; some posts end."""
    made: Service = {"episodes": [], "contacts": [], "link_workers": []}
    made["link_workers"] = [worker(f"w{k}", int(rng.integers(60, 400))) for k in range(1, 13)]
    made["link_workers"].append(worker("w0"))
    for i in range(1, PEOPLE + 1):
        made["episodes"].append(episode(i))
        own, last = f"w{rng.integers(1, 13)}", 0
        for last in visits(rng, 0, (14, 15)):
            made["contacts"].append(contact(i, last, link_worker=own))
        if rng.random() < 0.5 and last + 40 <= CUT:
            call = contact(i, last + 40, link_worker="w0", mode="telephone", attended=0.0)
            made["contacts"].append(call)
    return made


def covered(rng: np.random.Generator, gap: tuple[int, int] = (3, 26)) -> Service:
    """Visits on days of no rhythm, some of them to another link worker, who then stays."""
    made: Service = {"episodes": [], "contacts": [], "link_workers": [worker("w1"), worker("w2")]}
    for i in range(1, PEOPLE + 1):
        made["episodes"].append(episode(i))
        own = "w1"
        for day in visits(rng, 0, gap):
            own = "w2" if day and rng.random() < 0.15 else own
            made["contacts"].append(contact(i, day, link_worker=own))
    return made


def by_phone_later(rng: np.random.Generator) -> Service:
    """First visits in person, later ones more and more by telephone."""
    made: Service = {"episodes": [], "contacts": []}
    for i in range(1, PEOPLE + 1):
        made["episodes"].append(episode(i))
        for n, day in enumerate(visits(rng, 0, (3, 26))):
            remote = rng.random() < n / (n + 2)
            made["contacts"].append(contact(i, day, mode="telephone" if remote else "in person"))
    return made


def waited(rng: np.random.Generator) -> Service:
    """People who wait for between no and 84 days."""
    made: Service = {"episodes": [], "contacts": []}
    for i in range(1, PEOPLE + 1):
        made["episodes"].append(episode(i))
        days = visits(rng, int(rng.integers(0, 85)), (14, 15))
        made["contacts"] += [contact(i, day) for day in days]
    return made


def log_ratios(
    base: Study, made: Callable[[np.random.Generator], Service], cause: str, **options: Any
) -> np.ndarray:
    found = []
    for seed in range(SERVICES):
        study = service(base, cut=CUT, **made(np.random.default_rng(seed)))
        frame = time_varying_causes(build_episodes(study), **options).frame
        fitted = fit_cox(
            frame, start="start", time="stop", event="event", cause=2, id="episode",
            covariates=[cause],
        )  # fmt: skip
        found.append(float(fitted.coefficients["estimate"].iloc[0]))
    return np.array(found)


@pytest.mark.parametrize(
    ("made", "cause"),
    [
        (chased, "worker_changed"),
        (covered, "worker_changed"),
        (by_phone_later, "share_remote"),
        (waited, "days_to_first_contact"),
    ],
    ids=["called after leaving", "covered", "by telephone later", "waited"],
)
def test_a_cause_of_nothing_has_a_ratio_of_1_but_for_chance(many, made, cause):
    found = log_ratios(many, made, cause)
    assert abs(found.mean()) < 2.6 * found.std(ddof=1) / np.sqrt(SERVICES)


def test_as_they_were_recorded_changes_are_seen_of_those_who_stay(many):
    found = log_ratios(many, covered, "worker_changed", shielded=False)
    assert found.mean() < -0.5


def slowly(rng: np.random.Generator) -> Service:
    """Visits in a rhythm slower than four weeks."""
    return covered(rng, (30, 61))


def test_in_a_rhythm_slower_than_four_weeks_what_remains_is_small_beside_no_shield(many):
    left_over = abs(log_ratios(many, slowly, "worker_changed").mean())
    unshielded = abs(log_ratios(many, slowly, "worker_changed", shielded=False).mean())
    assert left_over < 0.25
    assert left_over < unshielded / 2
