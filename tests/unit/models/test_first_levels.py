"""What the sign of a category's coefficients goes by, said beside them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from splw_eval.confounding.practices.clustered import fit_clustered
from splw_eval.confounding.practices.wild import wild_bootstrap
from splw_eval.missing.pooling.analyse import analyse
from splw_eval.models.first_levels import first_level_notes

SIGN = '"arm[T.usual]": that level less the first in order, "link"; its sign goes by that.'
HOW = "Another level comes first where the column is ordered"


@pytest.fixture(scope="module")
def frame():
    rng = np.random.default_rng(3)
    practice = np.arange(120) % 10
    return pd.DataFrame(
        {
            "practice": practice,
            "arm": np.where(practice < 5, "link", "usual"),
            "sex": rng.choice(["f", "m"], 120),
            "age": rng.normal(size=120),
            "y": rng.normal(size=120),
        }
    )


def ordered(frame):
    return frame.assign(arm=pd.Categorical(frame["arm"], categories=["usual", "link"]))


def test_text_arms_are_said_to_go_by_their_order(frame):
    notes = fit_clustered(frame, outcome="y", fixed="arm + age", cluster="practice").notes
    assert SIGN in notes
    assert notes[-1].startswith(HOW)


def test_a_category_in_an_order_of_its_own_is_told_without_the_way_to_change_it(frame):
    fit = fit_clustered(ordered(frame), outcome="y", fixed="arm + age", cluster="practice")
    assert any(note.startswith('"arm[T.link]"') and '"usual"' in note for note in fit.notes)
    assert not any(note.startswith(HOW) for note in fit.notes)


def test_the_bootstrap_tells_it_of_its_own_term_only(frame):
    asked: dict[str, Any] = {"outcome": "y", "fixed": "arm + sex + age", "cluster": "practice"}
    notes = wild_bootstrap(frame, term="arm", **asked).notes
    assert [note for note in notes if "first in order" in note] == [SIGN]
    notes = wild_bootstrap(frame, term="age", **asked).notes
    assert not any("first in order" in note for note in notes)


def test_completed_data_sets_tell_it_once(frame):
    found = analyse([frame, frame], outcome="y", fixed="arm", cluster="practice")
    assert [note for note in found.notes if "first in order" in note] == [SIGN]


def test_products_and_numbers_as_categories_are_told_and_plain_numbers_are_not(frame):
    given = frame.assign(site=frame["practice"] % 3)
    terms = ["C(site)[T.1]", "C(site)[T.2]", "age", "arm[T.usual]:age"]
    notes = list(first_level_notes(given, "C(site) + age + arm:age", terms))
    assert notes[0].startswith('"C(site)[T.1]"')
    assert '"0"' in notes[0]
    assert notes[1] == SIGN
    assert len(notes) == 3
    assert list(first_level_notes(given, "age + site", ["age", "site"])) == []
