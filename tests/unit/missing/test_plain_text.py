"""Tables of estimates that are wider than a page."""

from __future__ import annotations

import numpy as np
import pandas as pd

from splw_eval.missing.plain_text import WIDTH, result_text

WIDE = pd.DataFrame(
    {
        "term": ["arm[link workers]", "the score before the wave"],
        "model": ["by itself", "together"],
        "per": ["", "SD of 7.25"],
        "adjusted": [True, False],
        "estimate": [0.123456, -2.0],
        "std_error": [0.05, np.nan],
        "df": [11.2345, np.nan],
        "statistic": [2.4, np.nan],
        "p_value": [0.0345, np.nan],
        "conf_low": [0.01, np.nan],
        "conf_high": [0.23, np.nan],
        "n": [412, 412],
        "fraction_missing": [0.2, 0.3],
    }
)


def test_a_wide_table_of_estimates_has_a_line_of_words_and_one_of_numbers():
    lines = result_text("A title", WIDE, "as told", ["A note."]).splitlines()
    assert lines[:6] == [
        "A title",
        "arm[link workers], by itself, adjusted",
        "    0.1235 (0.01 to 0.23), standard error 0.05, df 11.23, p 0.0345, n 412,",
        "    fraction missing 0.2",
        "the score before the wave, together, per SD of 7.25, not adjusted",
        "    -2 (no limit to no limit), n 412, fraction missing 0.3",
    ]
    assert lines[6:] == ["Method: as told.", "A note."]


def test_a_table_that_fits_a_page_stays_a_table():
    small = WIDE[["term", "estimate", "conf_low", "conf_high"]]
    lines = result_text("A title", small, "as told", []).splitlines()
    assert lines[1].split() == ["term", "estimate", "conf_low", "conf_high"]


def test_a_wide_table_of_something_else_is_broken_into_blocks():
    other = WIDE.drop(columns="conf_low")
    lines = result_text("A title", other, "as told", []).splitlines()
    assert max(map(len, lines)) <= WIDTH
    assert any(line.rstrip().endswith("\\") for line in lines)
