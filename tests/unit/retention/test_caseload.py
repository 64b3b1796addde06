"""Open cases of link workers month by month, and whether people keep their link worker."""

from __future__ import annotations

from pathlib import Path

import pytest

from splw_eval.data import Study, load_study
from splw_eval.describe.settings import FEWEST_WORKERS
from splw_eval.retention.delivery.caseload import worker_caseload
from splw_eval.retention.delivery.continuity import worker_continuity
from tests.unit.retention.given_delivery import (
    CONTACTS,
    Columns,
    codes,
    delivery,
    row,
    without_table,
)

EXAMPLE = Path(__file__).parents[3] / "analyses" / "example_programme" / "study.toml"

# Day 0 is 1 January 2024, so its month ends on day 30, February on day 59, March on day 90.
WORKERS: Columns = {
    "link_worker": ["w1", "w2", "w3"],
    "fte": [1, 0.5, 0.8],
    "start_date": [-100, -100, -100],
    "end_date": [None, None, None],
}


def test_a_case_is_held_by_the_last_link_worker_until_it_is_closed(base: Study) -> None:
    table = worker_caseload(delivery(base, link_workers=WORKERS)).table
    # End of January: w1 has e3, w2 took e1 over on day 28 and has e4, w3 has e6. e5 waits.
    january = row(table, month="2024-01")
    assert (january["workers"], january["cases"], january["waiting"]) == (3, 4, 1)
    assert (january["lowest"], january["median"], january["highest"]) == (1, 1, 2)
    # End of March, day 90: e4 was closed on day 80 and e6 on day 90, on which it is over.
    march = row(table, month="2024-03")
    assert (march["cases"], march["lowest"], march["highest"]) == (2, 0, 1)
    april = row(table, month="2024-04")
    assert april["cases"] == 1  # e3 was never closed


def test_cases_are_told_for_a_full_time_post(base: Study) -> None:
    january = row(worker_caseload(delivery(base, link_workers=WORKERS)).table, month="2024-01")
    assert january["workers_with_fte"] == 3
    assert january["cases_per_fte"] == pytest.approx(4 / 2.3, abs=1e-12)
    assert january["fte_median"] == pytest.approx(1 / 0.8, abs=1e-12)  # 1, 1.25, 4


def test_months_of_too_few_link_workers_have_no_row(base: Study) -> None:
    left = {**WORKERS, "end_date": [None, None, 40]}
    contacts = {**CONTACTS, "link_worker": ["w1", "w1", "w2", "w1", "w2", "w2", "w1"]}
    found = worker_caseload(delivery(base, contacts=contacts, link_workers=left))
    # w3 sees nobody, and is in post with no case at the end of January only.
    assert list(found.table["month"]) == ["2024-01"]
    assert found.table["lowest"].tolist() == [0]
    assert found.months_hidden == 6


def test_two_link_workers_are_too_few_for_any_figure(base: Study) -> None:
    contacts = {**CONTACTS, "link_worker": ["w1", "w1", "w2", "w1", "w2", "w2", "w1"]}
    found = worker_caseload(delivery(base, contacts=contacts))
    assert found.table.empty
    assert found.months_hidden == 7
    assert codes(found.findings) == ["SR47"]


def test_the_last_count_is_on_the_data_cut(base: Study) -> None:
    table = worker_caseload(delivery(base, link_workers=WORKERS, cut=70)).table
    assert table["day"].iloc[-1] == "2024-03-11"


def test_without_a_table_of_link_workers_posts_last_as_long_as_cases(base: Study) -> None:
    table = worker_caseload(delivery(base)).table
    assert list(table["month"]) == ["2024-01", "2024-02"]  # in March w3 holds nothing any more
    assert table["workers_with_fte"].eq(0).all()
    assert table["cases_per_fte"].isna().all()


@pytest.mark.parametrize("lacking", ["episodes", "contacts"])
def test_nothing_is_told_without_the_tables_that_say_who_holds_whom(
    base: Study, lacking: str
) -> None:
    study = without_table(delivery(base), lacking)
    for found in (worker_caseload(study), worker_continuity(study)):
        assert found.table.empty
        assert codes(found.findings) == ["SR46"]


def test_the_example_holds_no_more_cases_than_were_referred() -> None:
    table = worker_caseload(load_study(EXAMPLE)).table
    assert (table["cases"] + table["waiting"] <= 217).all()
    assert (table["workers"] >= FEWEST_WORKERS).all()
    assert (table["lowest"] <= table["median"]).all()


def test_people_are_parted_by_how_many_link_workers_they_met(base: Study) -> None:
    contacts = {**CONTACTS, "attended": [1] * 7}
    found = row(worker_continuity(delivery(base, contacts=contacts)).table, group="everybody")
    # e1: w1, w1, w2; e3: w1; e4: w2, w2; e6: w3.
    assert (found["workers"], found["referrals"], found["seen"]) == (3, 6, 4)
    assert (found["one_worker"], found["two_workers"], found["three_or_more"]) == (3, 1, 0)
    assert (found["changed"], found["share_changed"]) == (1, 0.25)
    assert (found["with_two_contacts"], found["always_the_same"]) == (2, 1)
    assert found["mean"] == pytest.approx((2 / 3 + 1) / 2, abs=1e-12)


def test_contacts_without_a_named_link_worker_are_counted_beside(base: Study) -> None:
    workers = ["w1", "w2", "w3", "", "w2", "w2", "w3"]
    found = row(
        worker_continuity(delivery(base, contacts={**CONTACTS, "link_worker": workers})).table,
        group="everybody",
    )
    assert (found["seen"], found["without_worker"], found["three_or_more"]) == (2, 1, 1)
    parts = sum(found[name] for name in ("one_worker", "two_workers", "three_or_more"))
    assert parts == found["seen"]


def test_a_group_seen_by_two_link_workers_is_not_told(base: Study) -> None:
    found = worker_continuity(delivery(base, contacts={**CONTACTS, "attended": [1] * 7}), by="arm")
    assert found.table.empty  # w1 and w2 see one arm, w2 and w3 the other
    assert found.groups_hidden == 2
    assert codes(found.findings) == ["SR47"]
