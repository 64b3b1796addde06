"""Losing touch, compared with walking through every day of random episodes."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from splw_eval.core.plan import EpisodeRules
from splw_eval.retention.service.silence import NEVER, find_silences

RULES = list(product(("first", "last"), ("rule_met", "last_contact"), ("waiting", "silence")))


def walk(rules, contacts, begins, until):
    """Day on which touch was lost, and whether a contact followed: one day after another."""
    since = begins if rules.before_first_contact == "silence" else None
    lost, back, silent = NEVER, False, False
    for day in range(begins, until + 1):
        if day in contacts:
            back = back or silent
            if rules.returning == "last":
                lost = NEVER
            since, silent = day, False
        elif since is not None and not silent and day - since == rules.days_without_contact:
            silent = True
            if lost == NEVER:
                lost = since if rules.lost_touch_dated == "last_contact" else day
    return lost, back


@pytest.mark.parametrize(("returning", "dated", "before"), RULES)
def test_every_day_walked_through_gives_the_same(returning, dated, before):
    rules = EpisodeRules(
        days_without_contact=7,
        returning=returning,
        lost_touch_dated=dated,
        before_first_contact=before,
    )
    random = np.random.default_rng(3)
    begins = random.integers(100, 110, 200)
    until = begins + random.integers(0, 60, 200)
    episode = random.integers(0, 200, 700)
    day = begins[episode] + random.integers(0, 60, 700)
    kept = day <= until[episode]
    order = np.lexsort((day[kept], episode[kept]))
    episode, day = episode[kept][order], day[kept][order]
    found = find_silences(rules, episode=episode, day=day, begins=begins, until=until)
    expected = [
        walk(rules, set(day[episode == i].tolist()), int(begins[i]), int(until[i]))
        for i in range(200)
    ]
    assert found.met.tolist() == [lost for lost, _ in expected]
    assert found.came_back.tolist() == [back for _, back in expected]
    assert 20 < (found.met != NEVER).sum() < 200


def test_without_any_contact_there_is_no_silence_while_waiting():
    nothing = np.zeros(0, dtype=np.int64)
    days = np.array([0, 0])
    found = find_silences(
        EpisodeRules(), episode=nothing, day=nothing, begins=days, until=days + 500
    )
    assert (found.met == NEVER).all()
    assert not found.came_back.any()
