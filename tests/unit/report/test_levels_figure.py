"""The figure of differences by level: every level and its interaction, and nothing hidden."""

from __future__ import annotations

import re
from dataclasses import replace

from splw_eval.report.figures.given import Yardstick
from splw_eval.report.figures.given_levels import Level
from splw_eval.report.figures.levels import draw_levels

AGAINST = Yardstick(unit="points", better="higher", mid=None, decimals=1)
YOUNG = Level(by="Age", label="young", value=1.0, low=0.5, high=1.5, more="first level")
OLD = replace(YOUNG, label="old", value=2.0, low=1.0, high=3.0, more="+1.0 (0.2 to 1.8)")


def drawn(*rows: Level) -> str:
    return draw_levels("key", "Title", "Words", AGAINST, rows, "More by")


def tall(svg: str) -> float:
    (box,) = re.findall(r'viewBox="0 0 \S+ (\S+)"', svg)
    return float(box)


def test_a_drawing_has_its_words_for_who_cannot_see_it_and_repeats_byte_for_byte():
    svg = drawn(YOUNG, OLD)
    assert '<title id="key-title">Title</title>' in svg
    assert '<desc id="key-desc">Words</desc>' in svg
    assert svg == drawn(YOUNG, OLD)


def test_a_level_that_may_not_be_shown_has_no_bar_and_no_dot():
    hidden = replace(OLD, value=None, low=None, high=None)
    assert drawn(YOUNG, OLD).count("<path") > drawn(YOUNG, hidden).count("<path")
    assert tall(drawn(YOUNG, hidden)) == tall(drawn(YOUNG, OLD))


def test_each_characteristic_is_named_once():
    same, other = drawn(YOUNG, OLD), drawn(YOUNG, replace(OLD, by="Sex"))
    assert tall(other) > tall(same)


def test_a_long_name_takes_more_lines():
    long = replace(OLD, label="Black, Black British, Caribbean or African")
    assert tall(drawn(YOUNG, long)) > tall(drawn(YOUNG, OLD))
