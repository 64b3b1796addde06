"""Distinct cells of a column, whichever way they are found."""

from __future__ import annotations

import numpy as np
import pytest

from splw_eval.data.parse import distinct


@pytest.mark.parametrize("times", [1, 5000])  # a long column is looked through by pandas
@pytest.mark.parametrize(
    "cells",
    [
        ["b", "a", "", "b", "é", "a"],
        ["b", "b", "a", "a", "a", ""],
        ["a\x00b", "a\x00c", "a", "a\x00b", "\x00", ""],
        ["\ud800", "\udfff", "'\\ud800'", "a", "\ud800", "b"],
    ],
    ids=["apart", "runs", "zero bytes", "lone surrogates"],
)
def test_every_row_finds_its_own_text(cells, times):
    column = np.array(cells * times, dtype=object)
    values, where = distinct(column)
    assert values == list(dict.fromkeys(cells))
    assert [values[place] for place in where] == column.tolist()
