"""Why referrals were closed, with those of which nobody wrote down why."""

from __future__ import annotations

from pathlib import Path

import pytest

from splw_eval.data import Study, load_study
from splw_eval.data.vocabulary import UNMAPPED
from splw_eval.retention.delivery.reasons import ending_reasons
from tests.unit.retention.given_delivery import EPISODES, codes, delivery, row, without

EXAMPLE = Path(__file__).parents[3] / "analyses" / "example_programme" / "study.toml"


def test_closed_referrals_are_parted_by_kind_of_ending(base: Study) -> None:
    found = row(ending_reasons(delivery(base)).closed, group="everybody")
    assert (found["referrals"], found["still_open"], found["closed"]) == (6, 1, 5)
    kinds = [found[k] for k in ("completed", "dropped_out", "other", "not_recorded")]
    assert kinds == [2, 2, 0, 1]
    assert found["share_not_recorded"] == 0.2


def test_reasons_are_ranked_and_share_out_the_closed(base: Study) -> None:
    reasons = ["goals met", "declined", "", "goals met", "lost contact", ""]
    table = ending_reasons(delivery(base, episodes={**EPISODES, "close_reason": reasons})).table
    assert table["share"].sum() == pytest.approx(1, abs=1e-12)
    first = row(table, reason="goals met")
    assert (first["kind"], first["rank"], first["n"]) == ("completed as planned", 1, 2)
    assert row(table, reason="declined")["rank"] == row(table, reason="lost contact")["rank"] == 2
    assert row(table, reason="not recorded")["kind"] == "ended, reason not recorded"


def test_rules_decide_what_a_reason_counts_as(base: Study) -> None:
    rules = {
        "completed": ["planned completion", "goals met", "declined"],
        "dropped_out": [
            "lost contact", "change of link worker", "referral delay", "travel cost",
            "remote contact", "employment or caring", "ill-health",
        ],
    }  # fmt: skip
    found = ending_reasons(delivery(base), rules)
    assert row(found.closed, group="everybody")["completed"] == 3
    assert "declined" in found.rules["completed"]


def test_more_than_a_fifth_without_a_reason_is_warned_of(base: Study) -> None:
    assert codes(ending_reasons(delivery(base)).findings) == []  # 1 of 5 is not above
    fewer = {**EPISODES, "close_reason": ["goals met", UNMAPPED, "", "", "lost contact", "died"]}
    told = ending_reasons(delivery(base, episodes=fewer))
    (finding,) = told.findings
    assert finding.code == "SR45"
    assert finding.problem.startswith("2 of 5 closed referrals")
    assert row(told.table, reason="not a word of the vocabulary")["n"] == 1


def test_where_reasons_were_not_kept_there_is_no_table_of_them(base: Study) -> None:
    found = ending_reasons(delivery(base, episodes=without(EPISODES, "close_reason")))
    assert found.table.empty
    assert codes(found.findings) == ["SR42"]
    assert row(found.closed, group="everybody")["not_recorded"] == 5
    none = ending_reasons(delivery(base, episodes=None))
    assert none.table.empty
    assert codes(none.findings) == ["SR46"]


def test_a_close_after_the_data_cut_is_still_open(base: Study) -> None:
    found = row(ending_reasons(delivery(base, cut=70)).closed, group="everybody")
    assert (found["still_open"], found["closed"]) == (4, 2)


@pytest.mark.parametrize("by", [None, "arm", "cluster", "sex"])
def test_the_example_reconciles(by: str | None) -> None:
    found = ending_reasons(load_study(EXAMPLE), by=by)
    closed = found.closed
    assert (closed["referrals"] == closed["still_open"] + closed["closed"]).all()
    kinds = closed[["completed", "dropped_out", "other", "not_recorded"]].sum(axis=1)
    assert (kinds == closed["closed"]).all()
    assert found.table["n"].sum() == closed["closed"].sum() == 212
