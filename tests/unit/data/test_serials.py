"""Bare numbers where dates are declared."""

from __future__ import annotations

import pytest

from splw_eval.data.serials import look_like_serials


@pytest.mark.parametrize("cells", [["45000"], ["45000", "46027.5"], ["20000", "60000"]])
def test_numbers_of_days_since_1900_look_like_serial_dates(cells):
    assert look_like_serials(cells)


@pytest.mark.parametrize(
    "cells", [["2026"], ["45000", "5 Jan"], ["20260105"], ["60001"], ["-45000"]]
)
def test_years_words_and_compact_dates_do_not(cells):
    assert not look_like_serials(cells)
