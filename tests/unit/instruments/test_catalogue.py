"""The catalogue: every instrument is there, holds together, and says what is not known."""

from __future__ import annotations

import re
import tomllib
from fractions import Fraction
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

from splw_eval.instruments.reading import SHIPPED
from tests.unit.instruments.keyed import ADDED, CATALOGUE, extreme, scored

ROOT = Path(__file__).resolve().parents[3]
NAMES = {
    *("bdi2", "brs", "core10", "djg6", "eq5d_3l_tto", "eq5d_3l_vas", "eq5d_5l_crosswalk_uk"),
    *("eq5d_5l_dsu_uk", "eq5d_5l_england_2018", "eq5d_5l_uk_2026", "eq_vas", "gad7", "gse"),
    *("hads", "icecap_a", "icecap_o", "k10", "k6", "lsns6", "ltcq20", "ltcq8", "mtbq10"),
    *("mycaw", "ons4", "ons_lonely_direct", "pam13", "phq4", "phq9", "sf12", "swemwbs"),
    *("ucla3", "wemwbs", "wemwbs_to_swemwbs", "who5", "wsas"),
}
LOWER_IS_BETTER = {
    *("bdi2", "core10", "djg6", "gad7", "hads", "k10", "k6", "mtbq10", "mycaw", "phq4"),
    *("phq9", "ucla3", "wsas"),
}
LICENCE_NEEDED = {"hads", "bdi2", "pam13", "sf12"}
OPEN = {
    *("phq9", "gad7", "phq4", "ons4", "ons_lonely_direct", "core10", "djg6", "ucla3"),
    *("who5", "gse", "brs", "k10", "k6"),
}
RECALLED = {"eq_vas", "phq4", "mtbq10", "ltcq20", "ltcq8", "mycaw", "k10", "k6", "sf12", "lsns6"}
FILES = pytest.mark.parametrize("path", sorted(SHIPPED.glob("*.toml")), ids=lambda path: path.stem)
EACH = pytest.mark.parametrize("held", CATALOGUE.values(), ids=lambda held: held.name)


def test_the_catalogue_holds_these_instruments_and_no_others():
    assert set(CATALOGUE) == NAMES


@EACH
def test_the_direction_of_every_score_is_that_of_the_instrument(held):
    for score in held.scores:
        lower = held.name in LOWER_IS_BETTER or (held.name, score.name) == ("ons4", "anxiety")
        expected = "lower_is_better" if lower else "higher_is_better"
        assert score.direction == expected, score.name


@EACH
def test_the_use_of_the_questionnaire_is_open_or_needs_asking_or_a_licence(held):
    expected = "open" if held.name in OPEN else "register"
    assert held.access == ("licence" if held.name in LICENCE_NEEDED else expected)


@EACH
def test_what_is_recalled_is_said_in_words(held):
    assert (held.status == "recalled") == (held.name in RECALLED)
    parts = [part for score in held.scores for part in (*score.bands, *score.differences)]
    unsure = held.status == "recalled" or any(part.status == "recalled" for part in parts)
    unsure |= any(score.missing_status == "recalled" for score in held.scores)
    unsure |= any(norm.status == "recalled" for score in held.scores for norm in score.norms)
    if unsure and not held.score_only:
        assert held.recalled
    assert all(sentence.endswith(".") for sentence in held.recalled)


@pytest.mark.parametrize(("name", "score"), ADDED)
def test_the_range_is_what_the_lowest_and_highest_answers_give(name, score):
    held = CATALOGUE[name]
    rows = np.array([extreme(held, worst=True), extreme(held, worst=False)])
    found = scored(name, rows)[score].values
    assert tuple(found) == pytest.approx(held.score(score).range, abs=1e-12)


@pytest.mark.parametrize(
    "name", ["eq5d_3l_tto", "eq5d_3l_vas", "eq5d_5l_uk_2026", "eq5d_5l_england_2018", "icecap_o"]
)
def test_the_range_of_an_index_is_that_of_all_its_profiles(name):
    held = CATALOGUE[name]
    assert held.codes is not None
    low, high = held.codes
    profiles = np.array(np.meshgrid(*[np.arange(low, high + 1.0)] * 5)).reshape(5, -1).T
    values = scored(name, profiles)["index"].values
    assert (values.min(), values.max()) == pytest.approx(held.score("index").range, abs=1e-12)


# What must not be there.


@FILES
def test_a_file_of_the_catalogue_holds_no_question(path):
    text = path.read_text(encoding="utf-8")
    assert "?" not in text
    held = tomllib.loads(text)
    items = held["items"] if isinstance(held["items"], list) else []
    assert all(re.fullmatch(r"[A-Za-z]{2,12}\d?", item) for item in items)


def test_no_values_of_icecap_a_between_its_ends_are_shipped():
    (score,) = CATALOGUE["icecap_a"].scores
    assert not score.formula.add
    assert not score.formula.subtract
    assert score.formula.anchors == ((1, 0.0), (4, 1.0))


def test_no_table_of_the_dsu_mapping_is_shipped():
    (score,) = CATALOGUE["eq5d_5l_dsu_uk"].scores
    assert not score.formula.table
    assert CATALOGUE["eq5d_5l_dsu_uk"].options["table"].required
    assert [path.suffix for path in SHIPPED.iterdir() if path.suffix not in {".toml", ""}] == []


@pytest.mark.parametrize("name", ["pam13", "sf12"])
def test_an_instrument_that_only_its_owner_scores_takes_scores_only(name):
    assert CATALOGUE[name].score_only
    assert CATALOGUE[name].codes is None


# What must agree.


def test_the_shares_of_the_crosswalk_add_up_to_one_exactly():
    (score,) = CATALOGUE["eq5d_5l_crosswalk_uk"].scores
    assert list(score.formula.shares) == ["MO", "SC", "UA", "PD", "AD"]
    for of_item in score.formula.shares.values():
        assert [sum(Fraction(share) for share in code) for code in of_item] == [1] * 5


def test_the_short_form_taken_from_wemwbs_means_what_swemwbs_means():
    short, taken = CATALOGUE["swemwbs"], CATALOGUE["wemwbs_to_swemwbs"]
    ours, theirs = taken.score("swemwbs_metric"), short.score("metric")
    assert ours.differences == theirs.differences
    assert ours.bands == theirs.bands[:1]
    assert ours.formula.table == theirs.formula.table
    assert taken.score("wemwbs").differences == CATALOGUE["wemwbs"].scores[0].differences


def test_values_that_nice_does_not_recommend_carry_a_warning():
    assert "NICE does not recommend" in CATALOGUE["eq5d_5l_england_2018"].warning
    indexes = [held for name, held in CATALOGUE.items() if name.startswith("eq5d_5l")]
    warned = {held.name for held in indexes if held.warning}
    assert warned == {held.name for held in indexes} - {"eq5d_5l_crosswalk_uk"}


def test_the_loneliness_code_says_that_it_runs_backwards():
    assert "backwards" in CATALOGUE["ons_lonely_direct"].warning


# Items that ask for a look at a person.


@pytest.mark.parametrize(("name", "item"), [("phq9", "9"), ("core10", "6")])
def test_the_risk_item_raises_a_flag_from_the_first_answer_above_none(name, item):
    (flag,) = [flag for flag in CATALOGUE[name].flags if flag.name == "risk_item"]
    assert (flag.item, flag.at_least) == (item, 1)


# The page.


def test_the_page_of_instruments_holds_everything_that_the_catalogue_says(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "docs" / "_ext"))
    pages = import_module("catalogue_pages")
    listed, told = pages.instrument_list(), pages.instrument_pages()
    for held in CATALOGUE.values():
        assert f"[`{held.name}`]" in listed
        assert f"## `{held.name}`" in told
        said = [held.title, held.warning, held.licence, *held.recalled, *held.sources]
        for score in held.scores:
            said += [score.title, score.missing_rule]
            said += [f"{bands.set}" for bands in score.bands]
            said += [difference.source for difference in score.differences]
            said += [norm.source for norm in score.norms]
        assert [text for text in said if text not in told] == [], held.name
