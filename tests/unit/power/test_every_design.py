"""Every design: it is told, recorded, varied, drawn and written up by the same words."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from splw_eval import power
from splw_eval.power.curve import around, read_curve
from splw_eval.power.kinds import HOMES
from splw_eval.power.options import OPTIONS
from splw_eval.power.words.conventions import LABELS
from splw_eval.power.words.shown import number, per_cent
from splw_eval.power.words.told import told

PRACTICES = {"diff": 0.3, "sd": 1, "icc": 0.05, "size": 20}
FOLLOWED = {**PRACTICES, "cac": 0.8, "iac": 0.5}
VISITS = {"visits": [0, 3, 12, 18], "dropout": [0, 0.15, 0.2, 0.25]}
WEDGE = [[0, 1, 1], [0, 0, 1]]
ASKED: list[tuple[str, dict[str, Any]]] = [
    ("parallel", {**PRACTICES, "clusters": 24}),
    ("parallel", {"p0": 0.4, "p1": 0.3, "icc": 0.05, "power": 0.8, "size": 20}),
    ("parallel", {"p0": 0.1, "icc": 0.1, "power": 0.8, "clusters": 76, "size": 10}),
    ("baseline", {**FOLLOWED, "power": 0.8}),
    ("cohort", {**FOLLOWED, **VISITS, "power": 0.8}),
    ("did", {**FOLLOWED, "clusters": 16}),
    ("stepped-wedge", {**PRACTICES, "steps": 4, "power": 0.8}),
    (
        "stepped-wedge",
        {"steps": 4, "per_sequence": 3, "sd": 1, "icc": 0.05, "size": 20, "power": 0.8},
    ),
    ("crossover", {**PRACTICES, "cac": 0.8, "clusters": 16}),
    ("matrix", {**PRACTICES, "matrix": WEDGE, "clusters": 12}),
    ("partially-nested", {**PRACTICES, "controls": 240, "power": 0.8}),
    ("multi-arm", {**PRACTICES, "arms": 3, "power": 0.8}),
    ("multisite", {"clusters": 10, "size": 20, "d": 0.47, "icc": 0.1}),
    ("slopes", {**VISITS, "diff": 3, "sd": 10, "iac": 0.5, "power": 0.8}),
    ("individual", {"diff": 0.3, "sd": 1, "power": 0.9}),
    ("individual", {"p0": 0.5, "p1": 0.65, "patients": 340}),
    ("tte", {"hr": 0.7, "p0": 0.5, "power": 0.8}),
    ("tte", {"hr": 0.7, "power": 0.8, "solve": "events"}),
    ("pre-post", {"diff": 1.5, "sd": 4, "iac": 0.5, "patients": 60}),
    ("pre-post", {"diff": 0.3, "sd_change": 1, "power": 0.9}),
]
NAMES = [f"{kind}-{place}" for place, (kind, _) in enumerate(ASKED)]
every = pytest.mark.parametrize(("kind", "options"), ASKED, ids=NAMES)


def solved(kind: str, options: dict[str, Any]) -> power.Answer:
    return power.solve(power.design(kind, **options))


def test_no_design_is_left_out():
    assert {kind for kind, _ in ASKED} == set(HOMES)


@every
def test_it_is_told_on_a_narrow_terminal_with_its_conventions(kind, options):
    answer = solved(kind, options)
    text = told(answer, 60)
    assert max(map(len, text.splitlines())) <= 60
    assert set(answer.conventions) <= set(LABELS)
    assert answer.conventions["formula"]
    for heading in ("Figures:", "How it was worked out:", "To know:"):
        assert heading in text
    assert "nan" not in text


@every
def test_it_comes_back_from_its_record(kind, options):
    record = json.loads(json.dumps(solved(kind, options).to_dict(), allow_nan=False))
    assert power.from_record(record).to_dict() == record


@every
def test_the_grid_of_other_inputs_holds_the_answer(kind, options):
    answer = solved(kind, options)
    grid = power.sensitivity(answer)
    told_as = {"mde": answer.mde, "power": answer.power}
    number = told_as.get(answer.sought, getattr(answer, answer.sought, None))
    if grid is None:
        assert answer.sought == "events"  # of which none is lost
    elif number is not None:
        assert grid.cells[grid.at] == pytest.approx(float(number), rel=1e-6)


@every
def test_a_curve_about_it_passes_through_the_answer(kind, options):
    answer = solved(kind, options)
    held = [
        None if n is None else float(np.max(n))
        for n in (answer.clusters, answer.size, answer.patients)
    ]
    words = around(answer.design, *held)
    if not words:
        assert answer.sought == "events"
        return
    name, _ = read_curve(answer.design, words)
    at = {"clusters": held[0], "size": held[1], "patients": held[2]}[name]
    assert at is not None
    drawn = power.curve(answer.design, name, [at])
    found = answer.power if drawn.y == "power" else answer.mde
    assert next(iter(drawn.by_rule.values()))[0] == pytest.approx(float(found), abs=1e-6)


@every
def test_its_paragraph_has_every_number_that_it_takes_to_work_it_out_again(kind, options):
    text = power.protocol(solved(kind, options)).paragraph
    for name, held in options.items():
        if OPTIONS[name].form not in ("number", "numbers") or name in ("power", "patients"):
            continue
        if name == "steps":
            assert f"{held} steps" in text
        for one in np.ravel(held):
            shown = per_cent(one) if OPTIONS[name].unit == "share" else number(one)
            assert shown in text or number(one) in text, name


@every
def test_its_paragraph_names_its_size_power_level_and_loss(kind, options):
    text = power.protocol(solved(kind, options))
    for item in ("power", "effect", "attrition", "method"):
        assert text.items[item]
    assert "clusters" in text.items or "people" in text.items
    assert "at the 5% level" in text.paragraph
    assert "nan" not in text.paragraph
    assert "None" not in text.paragraph
