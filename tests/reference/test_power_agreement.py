"""Drawn trials fitted here and by lme4 with pbkrtest (r/power_agreement.R), one by one."""

from __future__ import annotations

import json
import sys
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

FOLDER = Path(__file__).resolve().parents[2] / "analyses" / "power_agreement"
NAMES = tuple(path.stem for path in FOLDER.glob("*.py"))
REFERENCE = json.loads(
    (Path(__file__).parent / "power" / "agreement.json").read_text(encoding="utf-8")
)
KEYS = ("parallel", "visits", "crossover")
BATCH = 0  # the first fifty of the thousand


@pytest.fixture(autouse=True)
def folder_is_found(monkeypatch):
    for name in NAMES:
        sys.modules.pop(name, None)
    monkeypatch.syspath_prepend(str(FOLDER))
    yield
    for name in NAMES:
        sys.modules.pop(name, None)


@pytest.mark.parametrize("key", KEYS)
def test_p_values_are_those_of_lme4_and_pbkrtest(key):
    against = import_module("against_r")
    ours = against.by_fit(key, BATCH)
    theirs = against.by_r(key)[: len(ours)]
    np.testing.assert_allclose(ours[:, 0], theirs[:, 0], atol=1e-4)
    np.testing.assert_allclose(ours[:, 3], theirs[:, 3], atol=5e-4)
    assert (against.rejects(ours) == against.rejects(theirs)).all()


@pytest.mark.parametrize("key", KEYS)
def test_the_simulator_finds_the_same_from_sums(key):
    against = import_module("against_r")
    ours, fits = against.by_simulator(key, BATCH), against.by_fit(key, BATCH)
    np.testing.assert_allclose(ours[:, 0], fits[:, 0], atol=1e-4)
    np.testing.assert_allclose(ours[:, 1], fits[:, 1], rtol=1e-3)
    np.testing.assert_allclose(ours[:, 2], fits[:, 2], rtol=1e-2)


def test_power_of_the_thousand_is_that_of_r():
    held = json.loads((FOLDER / "against_r.json").read_text(encoding="utf-8"))
    against = import_module("against_r")
    assert tuple(held) == KEYS
    for key, found in held.items():
        assert found["rejects"]["lme4 and pbkrtest"] == against.rejects(against.by_r(key)).sum()
        assert len(REFERENCE[key]["p"]) == found["sets"] == 1_000
        for ours in ("this package", "simulator"):
            assert found["otherwise"][ours] <= 3
