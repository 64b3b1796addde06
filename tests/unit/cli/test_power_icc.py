"""The ICC of a report: of the outcome that is planned, within a wave, and refused where unclear."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from splw_eval.cli.power_icc import icc_of_report
from splw_eval.power import DesignError


def ratios(outcome: str, **iccs: float | None) -> list[dict[str, Any]]:
    return [
        {
            **{"outcome": outcome, "measure": measure, "n": 300, "clusters": 15},
            **{"estimate": icc, "conf_low": 0.0, "conf_high": 0.1},
        }
        for measure, icc in iccs.items()
    ]


def of_waves(outcome: str, first: float) -> list[dict[str, Any]]:
    """As a report gives them, the correlation between waves last."""
    measures = ("ICC at Baseline", "ICC at 3 months", "ICC at 12 months", "ICC at 18 months")
    several = {name: first + 0.001 * n for n, name in enumerate(measures)}
    return ratios(
        outcome,
        **several,
        **{"ICC, mean of the waves": first + 0.01, "ICC between waves": 0.5},
        **{"correlation of the start with 12 months": 0.6},
    )


def written(folder: Path, rows: list[dict[str, Any]], when: str = "") -> str:
    asked = [
        {"outcome": one, "part": "primary contrast", "when": when}
        for one in {row["outcome"] for row in rows}
        if when
    ]
    held = {"results": {"ratios": {"rows": rows}, "contrasts": {"rows": asked}}}
    (folder / "results.json").write_text(json.dumps(held), encoding="utf-8")
    return str(folder / "results.json")


@pytest.fixture
def several(tmp_path):
    rows = [*of_waves("swemwbs", 0.01), *of_waves("eq5d_5l", 0.03)]
    rows += [*of_waves("ons4_anxiety", 0.02), *of_waves("ons4_worthwhile", 0.04)]
    return written(tmp_path, rows, "12 months")


@pytest.mark.parametrize(
    ("instrument", "icc"), [("EQ5D", 0.032), ("EQ-5D-5L", 0.032), ("SWEMWBS", 0.012)]
)
def test_the_icc_is_that_of_the_questionnaire_at_the_wave_of_the_main_question(
    several, instrument, icc
):
    found = icc_of_report(several, instrument)
    assert found.icc == found.told["estimate"] == pytest.approx(icc)
    assert "ICC at 12 months" in found.source


def test_an_outcome_that_is_named_goes_before_the_questionnaire(several):
    assert icc_of_report(f"{several}:ons4_anxiety", "EQ5D").icc == pytest.approx(0.022)
    folder = str(Path(several).parent)
    assert icc_of_report(f"{folder}:eq5d_5l").icc == pytest.approx(0.032)


@pytest.mark.parametrize(
    ("named", "instrument", "words"),
    [
        ("", None, "several outcomes: swemwbs, eq5d_5l, ons4_anxiety, ons4_worthwhile"),
        ("", "ONS4", "several of ONS4"),
        ("", "HADS", "none of HADS"),
        (":hads", None, 'no ICC of an outcome "hads"'),
    ],
)
def test_where_the_outcome_is_not_clear_none_is_taken(several, named, instrument, words):
    with pytest.raises(DesignError) as caught:
        icc_of_report(several + named, instrument)
    (found,) = caught.value.findings
    assert found.code == "SZ13"
    assert words in found.problem
    assert "ONS4" not in words or "FILE:OUTCOME" in found.remedy


@pytest.mark.parametrize(
    ("when", "taken"), [("18 months", 0.013), ("3 to 18 months", 0.02), ("", 0.02)]
)
def test_the_correlation_between_waves_is_never_taken(tmp_path, when, taken):
    path = written(tmp_path, of_waves("swemwbs", 0.01), when)
    assert icc_of_report(path).icc == pytest.approx(taken)


def test_without_a_mean_of_the_waves_it_is_the_last(tmp_path):
    iccs = {"ICC at Baseline": 0.01, "ICC at 12 months": 0.02, "ICC between waves": 0.5}
    assert icc_of_report(written(tmp_path, ratios("swemwbs", **iccs))).icc == 0.02


def test_an_icc_that_is_hidden_is_told_so(tmp_path):
    path = written(tmp_path, ratios("swemwbs", **{"ICC at 12 months": None}))
    with pytest.raises(DesignError, match="hides the ICC of swemwbs"):
        icc_of_report(path)
