"""Months counted from a start are no dates, and no missing codes either."""

from __future__ import annotations

import pytest

from tests.unit.given_study import pre_post_plan, wide
from tests.unit.loading import faults

FILES = [*pre_post_plan()["files"], {"table": "service_use", "path": "service_use.csv"}]


def months(folder, *written):
    rows: list[list[object]] = [["person", "month", "gp_contacts"]]
    rows += [["p1", month, 1] for month in written]
    plan = pre_post_plan(files=FILES)
    found = faults(folder, plan, scores=wide((9, 8), (7, 6)), service_use=rows)
    return [fault for fault in found if fault.code == "SW04"]


@pytest.mark.parametrize("written", [("-1", "0", "1"), ("-1",), ("-12", "12"), ("1.0", "2.0")])
def test_they_are_to_be_turned_into_dates(tmp_path, written):
    (fault,) = months(tmp_path, *written)
    assert len(fault.rows) == len(written)
    assert "A month is a date such as 2026-01" in fault.remedy
    assert "turn months that are counted from a start into dates" in fault.remedy


def test_words_for_nothing_are_still_to_be_declared(tmp_path):
    (fault,) = months(tmp_path, "2026-01", "n/a")
    assert "2026-01: turn" not in fault.remedy
    assert "missing_codes" in fault.remedy
