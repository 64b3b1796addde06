"""What is said of hidden parts, and of the parts of reliable change."""

from __future__ import annotations

import pytest

from splw_eval.report.pages.card_tables import KINDS, SHORT
from splw_eval.report.pages.reliable_change import INTRO
from splw_eval.report.sentences import FEW_OR_TELLING, TOO_FEW, why_hidden

PARTS = ("better", "same", "worse")


@pytest.mark.parametrize(
    ("masked", "said"),
    [
        ({"n_worse", "share_worse"}, TOO_FEW),
        ({"n_worse", "n_same", "share_same"}, FEW_OR_TELLING),
        ({"n_worse", "n_start"}, TOO_FEW),  # of others, who are no part
        ({"n", "n_worse", "n_same"}, TOO_FEW),  # all of them together are few
    ],
)
def test_of_several_hidden_parts_nobody_is_told_which_is_the_small_one(masked, said):
    assert why_hidden(masked, "worse", PARTS) == said
    if "n_same" in masked:
        assert why_hidden(masked, "same", PARTS) == said


def test_each_person_is_counted_once_and_improved_is_defined_so():
    assert "improved means reliably better but not recovered" in INTRO
    assert "each person is counted once" in INTRO


def test_one_and_2_77_standard_errors_are_said_apart():
    one, far = "one standard error of measurement", "2.77 standard errors of measurement"
    assert KINDS[one] != KINDS[far]
    assert "one person's two scores" in KINDS[far]
    assert SHORT[one] != SHORT[far]
    assert "standard error" not in KINDS
