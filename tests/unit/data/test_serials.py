"""Bare numbers where dates are declared."""

from __future__ import annotations

import pytest

from splw_eval.data.serials import looks_like_serial


@pytest.mark.parametrize("cell", ["45000", "46027.5", "20000", "60000"])
def test_numbers_of_days_since_1900_look_like_serial_dates(cell):
    assert looks_like_serial(cell)


@pytest.mark.parametrize("cell", ["2026", "5 Jan", "20260105", "60001", "-45000"])
def test_years_words_and_compact_dates_do_not(cell):
    assert not looks_like_serial(cell)
