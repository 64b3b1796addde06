"""Random numbers of a named part."""

from __future__ import annotations

import numpy as np
import pytest

from splw_eval.synthetic.stream import Stream

# Five standard errors of a mean or an SD of so many numbers.
N = 200_000
SE = 5 / np.sqrt(N)
PINNED_UNIFORM = ["0x1.18de51ee6ed14p-1", "0x1.7577140f6e592p-1"]
PINNED_NORMAL = ["-0x1.9c70000000000p-3", "0x1.c0b0000000000p+0"]
PINNED_ORDER = [0, 1, 2, 3, 4, 5]


def test_the_same_seed_and_part_give_the_same_numbers():
    assert (Stream(1, "a").uniform(5) == Stream(1, "a").uniform(5)).all()


@pytest.mark.parametrize(("seed", "part"), [(2, "a"), (1, "b"), (1, "aa")])
def test_another_seed_or_part_gives_others(seed, part):
    assert (Stream(1, "a").uniform(5) != Stream(seed, part).uniform(5)).all()


def test_numbers_are_those_of_every_other_machine():
    # Written down once on Linux x86-64: exact, for no library of the machine takes part.
    assert [x.hex() for x in Stream(7, "people").uniform(2)] == PINNED_UNIFORM
    assert [x.hex() for x in Stream(7, "people").normal(2)] == PINNED_NORMAL
    assert Stream(7, "people").order(6).tolist() == PINNED_ORDER


def test_normal_numbers_have_mean_0_and_sd_1_and_end_at_6():
    drawn = Stream(3, "normal").normal(N)
    assert abs(drawn.mean()) < SE
    assert abs(drawn.std() - 1) < SE
    assert np.abs(drawn).max() < 6
    # Of a sum of 12 uniform numbers the kurtosis is 2.9, of a normal number 3.
    assert (drawn**4).mean() == pytest.approx(2.9, abs=0.1)


def test_whole_numbers_hold_both_ends_equally_often():
    counts = np.bincount(Stream(3, "whole").whole(2, 5, N))
    assert counts[:2].tolist() == [0, 0]
    assert counts[2:] == pytest.approx(np.full(4, N / 4), rel=0.03)


def test_words_come_as_often_as_their_weights_say():
    drawn = Stream(3, "words").picked(("a", "b", "c"), (1, 0, 3), N)
    assert "b" not in drawn
    assert (drawn == "c").mean() == pytest.approx(0.75, abs=SE)


def test_an_order_holds_every_number_once():
    assert sorted(Stream(3, "order").order(100)) == list(range(100))


def test_nothing_may_be_drawn():
    assert Stream(1, "a").normal(0).shape == (0,)
    assert Stream(1, "a").uniform(0, 4).shape == (0, 4)
