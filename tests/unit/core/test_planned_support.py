"""Planned numbers of support: whole ranges, fewest first, and faults said in words."""

from __future__ import annotations

import pytest

from splw_eval.core.errors import PlanError
from splw_eval.core.plan import read_plan
from tests.unit.given_study import pre_post_plan, write_plan


def read(folder, **planned):
    plan = pre_post_plan(tidier={"name": "Help at hand", "planned": planned})
    tidier = read_plan(write_plan(folder, plan)).plan.tidier
    assert tidier is not None
    return tidier.planned


def test_numbers_are_read_as_they_are_written(tmp_path):
    found = read(tmp_path, contacts=[6, 12], minutes=[30, 60], weeks=26)
    assert (found.contacts, found.minutes, found.span) == ((6, 12), (30, 60), (0.0, 26))


def test_each_number_may_be_left_out(tmp_path):
    found = read(tmp_path, contacts=[6, 12])
    assert (found.minutes, found.weeks, found.span) == (None, None, None)


@pytest.mark.parametrize(
    ("planned", "said"),
    [
        ({"contacts": [12, 6]}, "planned contacts: write the fewest first"),
        ({"minutes": [60, 30]}, "planned minutes: write the fewest first"),
        ({"contacts": [6]}, "contacts"),
        ({"contacts": [-1, 6]}, "contacts"),
        ({"weeks": 0}, "weeks"),
        ({"visits": [1, 2]}, 'unknown key "visits"'),
    ],
)
def test_what_cannot_be_is_refused(tmp_path, planned, said):
    with pytest.raises(PlanError) as caught:
        read(tmp_path, **planned)
    assert said in str(caught.value)
