"""A group of hardly more people than are hidden: what can be protected, and against whom."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import optimize

from splw_eval.appraisal.disclosure import PROFILES, mask_count, possible_counts
from splw_eval.appraisal.secondary.linking import Equation
from splw_eval.appraisal.secondary.numbers import bounds_of, gathered
from splw_eval.appraisal.secondary.protecting import Protection
from splw_eval.appraisal.secondary.suppression import LEAST

NHS = PROFILES["nhs"]
FEW = NHS.largest_suppressed


def searched(parts: list[int]) -> Protection:
    """A total, its parts, and all others beside each part; everything as the profile shows it."""
    whole, n = ("t", 0, "known"), sum(parts)
    counts: dict[Any, int] = {whole: n}
    sums = []
    for i, part in enumerate(parts):
        own, others = ("t", i, "people"), ("t", i, "others")
        counts |= {own: part, others: n - part}
        sums.append(Equation(((whole, 1), (own, -1), (others, -1))))
    sums.append(Equation(((whole, 1), *((("t", i, "people"), -1) for i in range(len(parts))))))
    numbers = gathered(counts, sums)
    seen = {
        cell: possible_counts(shown, NHS)
        for cell, was in counts.items()
        if (shown := mask_count(was, NHS)) is not None
    }
    low, high, shown_ = bounds_of(numbers, seen, FEW)
    search = Protection(numbers, low, high, shown_, np.ones(len(low)), few=FEW, least=LEAST)
    search.run()
    return search


@pytest.mark.parametrize("parts", [[1, 1, 1, 1, 1, 1, 2], [1, 7], [2, 6], [1, 1, 6], [4, 4]])
def test_eight_people_in_small_parts_are_not_told_to_who_does_not_know_which_are_small(parts):
    search = searched(parts)
    room = search.most - search.fewest + 1
    assert all(room[v] >= LEAST for v in search.small)


def test_who_knew_which_are_small_would_find_them_whatever_is_hidden():
    search = searched([1, 1, 1, 1, 1, 1, 2])
    assert search.fewest[search.small].max() <= FEW < search.most[search.small].max()


@pytest.mark.parametrize("parts", [[9, 9, 3, 3], [20, 4, 4], [30, 12, 2, 5]])
def test_in_a_larger_group_not_even_that_tells_a_number(parts):
    search = searched(parts)
    room = search.most - search.fewest + 1
    assert all(room[v] >= LEAST for v in search.small)
    assert search.most[search.small].max() <= FEW


def test_a_programme_that_is_wrongly_called_infeasible_is_tried_once_more(monkeypatch):
    """HiGHS, where it simplifies a programme first, may find no answer to one that has some."""
    tried = []
    real = optimize.milp

    def once(aim: Any, **asked: Any) -> optimize.OptimizeResult:
        tried.append(asked["options"]["presolve"])
        if asked["options"]["presolve"]:
            return optimize.OptimizeResult(x=None, status=2, message="infeasible")
        return real(aim, **asked)

    monkeypatch.setattr(optimize, "milp", once)
    search = searched([20, 4, 4])
    assert True in tried
    assert False in tried
    assert all(search.most[v] - search.fewest[v] + 1 >= LEAST for v in search.small)
