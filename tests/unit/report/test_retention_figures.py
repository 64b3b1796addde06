"""Drawings of staying, parts of a whole and ratios: all in their frame, each group told apart."""

from __future__ import annotations

import math
import re
from xml.etree import ElementTree as ET

import pytest

from splw_eval.report.figures import drawing
from splw_eval.report.figures.funnel import draw_funnel
from splw_eval.report.figures.given_steps import Days, Ratio, Stage, Step, StepLine
from splw_eval.report.figures.ratios import draw_ratios
from splw_eval.report.figures.steps import draw_steps

SVG = "{http://www.w3.org/2000/svg}"
LONG = "A very long name of a programme of social prescribing with link workers in many places"
AXES = Days(last=365, ticks=(0, 30, 90, 180, 365), heading="Still there, per cent", beneath="Seen")


def line(label: str = "Everyone", *steps: Step, start: float = 1.0, **more) -> StepLine:
    return StepLine(label=label, start=start, steps=steps, last_day=365.0, **more)


def falling(label: str, by: float = 0.2) -> StepLine:
    steps = (
        Step(day=d, value=1 - by * (i + 1), low=1 - by * (i + 1) - 0.1, high=1 - by * i)
        for i, d in enumerate((40.0, 100.0, 200.0))
    )
    return line(label, *steps, at_risk=((0, "120"), (30, "115"), (90, "*"), (365, "20")))


def steps(*lines: StepLine, key: str = "k", axes: Days = AXES) -> str:
    return draw_steps(key, "Title", "Said", axes, lines)


def parsed(svg: str) -> ET.Element:
    return ET.fromstring(svg)


def moved(svg: str) -> list[tuple[float, float]]:
    """Where marks and words are put."""
    found = []
    for element in parsed(svg).iter():
        if element.tag == f"{SVG}use" and "x" in element.attrib and "y" in element.attrib:
            found.append((float(element.get("x", 0)), float(element.get("y", 0))))
        words = re.match(r"translate\((-?[\d.]+) (-?[\d.]+)\)", element.get("transform", ""))
        if words and element.tag == f"{SVG}g":
            found.append((float(words[1]), float(words[2])))
    return found


def assert_inside(svg: str) -> None:
    _, _, width, height = (float(x) for x in parsed(svg).get("viewBox", "").split())
    assert width == drawing.WIDTH_INCHES * 72
    places = moved(svg)
    assert len(places) > 2
    assert all(-1 <= x <= width + 1 and -1 <= y <= height + 1 for x, y in places), places
    drawn = parsed(svg).findall(f".//{SVG}g/{SVG}path[@clip-path]")
    for path in drawn:
        pairs = re.findall(r"[ML] (-?[\d.]+) (-?[\d.]+)", path.get("d", ""))
        assert all(-1 <= float(x) <= width + 1 for x, _ in pairs)
        assert all(-1 <= float(y) <= height + 1 for _, y in pairs)


DRAWN = {
    "one group": steps(falling("Everyone")),
    "four groups with long names": steps(*(falling(f"{LONG} {i}", 0.1 * i) for i in range(4))),
    "no steps": steps(line("Everyone", at_risk=((0, "*"),))),
    "a cause": steps(line("Everyone", Step(day=30, value=0.4), start=0.0)),
    "a step on the last day": steps(line("Everyone", Step(day=365, value=0.0, low=0, high=0.2))),
    "a step on day 0": steps(line("Everyone", Step(day=0, value=0.5, low=0.4, high=0.6))),
    "one day": steps(line("E", Step(day=1, value=0.5)), axes=Days(
        last=1, ticks=(0,), heading="h" * 90, beneath="b" * 90)),
    "parts": draw_funnel("k", "T", "S", [
        Stage(label=LONG, share=1.2, words="120 (100%)"), Stage(label="b", share=None, words="*"),
        Stage(label="c", share=0.0, words="0 (0%)"), Stage(label="d", share=0.4, words="40%",
                                                           hatched=True)]),
    "ratios": draw_ratios("k", "T", "S", ("later", "sooner"), [
        Ratio(label=LONG, value=1.2, low=0.8, high=1.9, words="1.20 (0.80 to 1.90)"),
        Ratio(label="wide", value=40.0, low=0.001, high=5000.0, words="40"),
        Ratio(label="endless", value=2.0, low=0.0, high=math.inf, words="2"),
        Ratio(label="hidden", value=None, low=None, high=None, words="too few to show")]),
    "one hidden ratio": draw_ratios("k", "T", "S", ("later", "sooner"), [
        Ratio(label="hidden", value=None, low=None, high=None, words="too few to show")]),
}  # fmt: skip


@pytest.mark.parametrize("name", DRAWN)
def test_everything_drawn_stays_in_its_frame(name):
    assert_inside(DRAWN[name])
    assert "nan" not in DRAWN[name].lower().replace("nano", "")


@pytest.mark.parametrize("name", DRAWN)
def test_ids_are_unique_and_begin_with_the_key_of_the_drawing(name):
    ids = re.findall(r'\bid="([^"]+)"', DRAWN[name])
    assert len(ids) == len(set(ids)) > 2
    assert all(one.startswith("k-") for one in ids)


@pytest.mark.parametrize("name", DRAWN)
def test_a_drawing_says_in_words_what_it_shows(name):
    root = parsed(DRAWN[name])
    assert root.get("aria-labelledby") == "k-title k-desc"
    assert [e.text for e in root if e.tag in {f"{SVG}title", f"{SVG}desc"}] in (
        ["Title", "Said"], ["T", "S"],
    )  # fmt: skip


def dashes_and_marks(svg: str) -> tuple[set[str], int]:
    styles = {e.get("style", "") for e in parsed(svg).iter(f"{SVG}path")}
    dashed = {m[1] for s in styles if (m := re.search(r"stroke-dasharray: ([\d., ]+)", s))}
    marks = {e.get("href") for e in parsed(svg).iter(f"{SVG}use") if "style" in e.attrib}
    return dashed, len(marks)


def test_groups_are_told_apart_by_dashes_and_marks_and_not_only_by_colour():
    one, four = DRAWN["one group"], DRAWN["four groups with long names"]
    dashed, marks = dashes_and_marks(four)
    assert len(dashed) >= 3  # and one drawn in full
    assert marks >= dashes_and_marks(one)[1] + 3


def test_a_masked_number_beneath_is_a_star_and_a_masked_curve_is_left_out():
    with_star = steps(falling("Everyone"))
    without = steps(line("Everyone", *falling("Everyone").steps, at_risk=((0, "120"),)))
    assert '#k-DejaVuSans-d"' in with_star  # the star
    assert '#k-DejaVuSans-d"' not in without
    bands = DRAWN["no steps"].count("FillBetween")
    assert bands == 0
    assert with_star.count("FillBetween") == 3


def test_numbers_beneath_that_would_touch_are_left_out():
    near = tuple((float(day), "120") for day in range(0, 366, 5))
    few = steps(line("Everyone", at_risk=near))
    none = steps(line("Everyone", at_risk=((0.0, "120"),)))
    written = len(re.findall(r'id="k-text_\d+"', few)) - len(re.findall(r'id="k-text_\d+"', none))
    assert 2 <= written < len(near) / 3


def test_an_interval_that_leaves_the_scale_of_ratios_ends_in_an_arrow():
    def marks(low: float, high: float) -> int:
        svg = draw_ratios("k", "T", "S", ("a", "b"), [
            Ratio(label="r", value=1.0, low=low, high=high, words="w")])  # fmt: skip
        return sum("style" in e.attrib for e in parsed(svg).iter(f"{SVG}use"))

    assert marks(0.001, 5000.0) == marks(0.5, 2.0) + 2
    assert marks(0.0, math.inf) == marks(0.5, 2.0) + 2


def test_the_same_numbers_are_the_same_bytes():
    assert steps(falling("Everyone")) == DRAWN["one group"]
