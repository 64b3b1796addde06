"""Published data of other people's studies, each loaded by a plan of its own.

The files stay outside the project; where the folder is not there the tests say so.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from splw_eval.core.errors import DataError
from splw_eval.core.plan import Plan, PlanFile
from splw_eval.data import Study, load_study

DATA = Path(__file__).resolve().parents[2].parent / "shared" / "reference" / "data"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason=f"no reference data in {DATA}")

Ranges = Mapping[str, Sequence[float]]


def outcomes(ranges: Ranges, direction: str = "lower_is_better") -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "label": f"Score {name}",
            "instrument": name,
            "range": limits,
            "direction": direction,
            "role": "secondary" if place else "primary",
        }
        for place, (name, limits) in enumerate(ranges.items())
    ]


def plan_of(file: dict[str, Any], ranges: Ranges, waves: list[dict[str, Any]], **more: Any) -> Plan:
    last = waves[-1]["name"]
    content: dict[str, Any] = {
        "title": "A published study",
        "design": "pre_post",
        "seed": 1,
        "files": [{"table": "measures", **file}],
        "time_zero": [{"event": "baseline"}],
        "waves": waves,
        "outcomes": outcomes(ranges),
        "estimand": {
            "population": "Those in the file",
            "outcome": next(iter(ranges)),
            "summary": "Mean change",
            "disengagement": "Counted",
            "death": "Not recorded",
            "moving_practice": "Not recorded",
            "contrast": {"kind": "wave", "waves": [last]},
        },
        "disclosure": {"profile": "public_data", "reason": "published"},
        **more,
    }
    return Plan.model_validate_json(json.dumps(content))


def loaded(folder: Path, plan: Plan) -> Study:
    for file in plan.files:
        shutil.copy(DATA / file.path, folder)
    return load_study(PlanFile(plan=plan, path=folder / "study.toml", sha256=""))


def arms(programme: str, comparison: str) -> list[dict[str, str]]:
    return [
        {"value": programme, "label": "Programme", "role": "programme"},
        {"value": comparison, "label": "Comparison", "role": "comparison"},
    ]


def waves(*months: float, written: Sequence[str] = ()) -> list[dict[str, Any]]:
    words = [[word] for word in written] or [[] for _ in months]
    return [
        {"name": f"w{place}", "month": month, "written": word}
        for place, (month, word) in enumerate(zip(months, words, strict=True))
    ]


PROMS_RANGES = {**dict.fromkeys(("mo", "sc", "ua", "pd", "ad"), (1, 3)), "vas": (0, 100)}
PROMS_FILE = {
    "path": "nhs_proms_eq5d3l.csv",
    "layout": "long",
    "columns": {"person": "id", "wave": "time", "cluster": "providercode"},
    "scores": {name: name for name in PROMS_RANGES},
}
PROMS_CODES = {
    **{name: {"9": "not answered"} for name in ("mo", "sc", "ua", "pd", "ad")},
    "vas": {"999": "not answered"},
}
PROMS_WAVES = waves(0, 6, written=["Pre-op", "Post-op"])


def test_nhs_proms_load_once_their_codes_are_declared(tmp_path):
    file = {**PROMS_FILE, "missing_codes": PROMS_CODES}
    study = loaded(tmp_path, plan_of(file, PROMS_RANGES, PROMS_WAVES))
    assert len(study.people) == 5000
    assert study.people.cluster is not None
    assert len(np.unique(study.people.cluster)) == 496
    given = {name: int((~np.isnan(study.scores[name])).sum()) for name in PROMS_RANGES}
    expected = {"mo": 9746, "sc": 9735, "ua": 9757, "pd": 9707, "ad": 9732, "vas": 9329}
    assert given == expected
    refused = study.reason_names.index("not answered")
    assert int((study.reasons["vas"] == refused).sum()) == 671


def test_nhs_proms_undeclared_codes_are_found_in_every_column(tmp_path):
    with pytest.raises(DataError) as caught:
        loaded(tmp_path, plan_of(PROMS_FILE, PROMS_RANGES, PROMS_WAVES))
    found = {f.column: f for f in caught.value.findings if f.code == "SW03"}
    rows = {column: len(finding.rows) for column, finding in found.items()}
    assert rows == {
        "C (mo)": 254,
        "D (sc)": 265,
        "E (ua)": 243,
        "F (pd)": 293,
        "G (ad)": 268,
        "H (vas)": 671,
    }
    assert all("missing code" in finding.remedy for finding in found.values())


def test_bfi_loads_with_25_items_at_one_time(tmp_path):
    items = [f"{trait}{number}" for trait in "ACENO" for number in range(1, 6)]
    file = {
        "path": "bfi.csv",
        "columns": {"person": "id"},
        "scores": {item: {"w0": item} for item in items},
    }
    study = loaded(tmp_path, plan_of(file, dict.fromkeys(items, (1, 6)), waves(0, 3)))
    assert len(study.people) == 2800
    missing = sum(int(np.isnan(study.scores[item][:, 0]).sum()) for item in items)
    assert missing == 508
    assert np.isnan(study.scores["A1"][:, 1]).all()


def test_tvsfp_loads_without_pseudonyms_in_28_schools(tmp_path):
    file = {
        "path": "tvsfp.csv",
        "row_is_person": True,
        "columns": {"arm": "cc", "cluster": "school"},
        "scores": {"thks": {"w0": "thkspre", "w1": "thksord"}},
    }
    plan = plan_of(
        file,
        {"thks": (0, 7)},
        waves(0, 6),
        design="cluster_trial",
        arms=arms("1", "0"),
        allocation={"randomised": True, "method": "not_stated"},
    )
    study = loaded(tmp_path, plan)
    assert len(study.people) == 1600
    assert study.people.cluster is not None
    assert len(np.unique(study.people.cluster)) == 28
    assert not np.isnan(study.scores["thks"]).any()


def test_claus2020_loads_long_with_numbered_waves(tmp_path):
    ranges = {"bdi": (0, 63), "shaps": (0, 14), "who": (0, 25), "hamd": (0, 52)}
    file = {
        "path": "claus2020.csv",
        "layout": "long",
        "columns": {"person": "id", "wave": "time", "arm": "treatment"},
        "scores": {name: name for name in ranges},
    }
    plan = plan_of(
        file,
        ranges,
        waves(0, 1, 2, 3, written=["1", "2", "3", "4"]),
        design="individual_trial",
        arms=arms("PA", "TAU"),
        allocation={"randomised": True, "method": "not_stated"},
    )
    study = loaded(tmp_path, plan)
    assert len(study.people) == 43
    assert np.bincount(study.people.arm).tolist() == [23, 20]
    assert int(np.isnan(study.scores["bdi"]).sum()) == 9


def test_nhefs_loads_as_two_groups_that_chance_did_not_form(tmp_path):
    file = {
        "path": "nhefs.csv",
        "columns": {"person": "seqn", "arm": "qsmk"},
        "scores": {"weight": {"w0": "wt71", "w1": "wt82"}},
    }
    plan = plan_of(
        file,
        {"weight": (30, 200)},
        waves(0, 132),
        design="controlled_cohort",
        arms=arms("1", "0"),
        confounders=[{"name": "Sex", "reason": "Moves both", "column": "sex"}],
    )
    study = loaded(tmp_path, plan)
    assert len(study.people) == 1629
    assert int(np.isnan(study.scores["weight"][:, 1]).sum()) == 63


def test_jobs2_loads_without_pseudonyms(tmp_path):
    file = {
        "path": "jobs2.csv",
        "row_is_person": True,
        "columns": {"arm": "treat"},
        "scores": {"depress": {"w0": "depress1", "w1": "depress2"}},
    }
    plan = plan_of(
        file,
        {"depress": (1, 5)},
        waves(0, 6),
        design="individual_trial",
        arms=arms("1", "0"),
        allocation={"randomised": True, "method": "not_stated"},
    )
    study = loaded(tmp_path, plan)
    assert np.bincount(study.people.arm).tolist() == [600, 299]
    assert not np.isnan(study.scores["depress"]).any()


# The same files, scored from their items.

PROMS_ITEMS = {"MO": "mo", "SC": "sc", "UA": "ua", "PD": "pd", "AD": "ad"}


def proms_from_items(**codes: Any) -> Plan:
    file = {
        "path": "nhs_proms_eq5d3l.csv",
        "layout": "long",
        "columns": {"person": "id", "wave": "time", "cluster": "providercode"},
        "items": {"eq5d_3l_tto": PROMS_ITEMS},
        "scores": {"vas": "vas"},
        **codes,
    }
    named = [("index", "eq5d_3l_tto", "primary"), ("vas", "eq_vas", "secondary")]
    held = [
        {"name": name, "label": name, "instrument": instrument, "role": role}
        for name, instrument, role in named
    ]
    return plan_of(file, {"index": (0, 1)}, PROMS_WAVES, outcomes=held)


def test_nhs_proms_are_scored_from_their_profiles(tmp_path):
    study = loaded(tmp_path, proms_from_items(missing_codes=PROMS_CODES))
    table = np.genfromtxt(
        DATA / "nhs_proms_eq5d3l.csv", delimiter=",", skip_header=1, usecols=range(2, 8)
    )
    profiles = table[:, :5]
    whole = (profiles != 9).all(axis=1)
    assert int((~np.isnan(study.scores["index"])).sum()) == int(whole.sum())
    assert int((~np.isnan(study.scores["vas"])).sum()) == 9329
    values = np.sort(study.scores["index"][~np.isnan(study.scores["index"])])
    np.testing.assert_allclose(values, np.sort(dolan(profiles[whole])), rtol=0, atol=1e-12)
    partly = study.reason_names.index("too few items answered")
    some = (profiles != 9).any(axis=1) & ~whole
    assert int((study.reasons["index"] == partly).sum()) == int(some.sum())


def dolan(profiles: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """UK time trade-off values of Dolan 1997, written out level by level in thousandths."""
    two, three = np.array([69, 104, 36, 123, 71]), np.array([314, 214, 94, 386, 236])
    lost = (profiles == 2) @ two + (profiles == 3) @ three
    lost = lost + 81 * (profiles > 1).any(axis=1) + 269 * (profiles == 3).any(axis=1)
    return (1000 - lost) / 1000


def test_nhs_proms_undeclared_codes_are_found_in_every_item(tmp_path):
    with pytest.raises(DataError) as caught:
        loaded(tmp_path, proms_from_items())
    found = {f.column: f for f in caught.value.findings if f.code in {"SW110", "SW03"}}
    rows = {column: len(finding.rows) for column, finding in found.items()}
    assert rows == {
        "C (mo)": 254,
        "D (sc)": 265,
        "E (ua)": 243,
        "F (pd)": 293,
        "G (ad)": 268,
        "H (vas)": 671,
    }
    assert all("missing code" in finding.remedy for finding in found.values())


AGREEABLENESS = """
name = "agreeableness"
title = "Five items on agreeableness"
items = 5
codes = [1, 6]
status = "recalled"
licence = "Public domain."
access = "open"
sources = ["International Personality Item Pool"]

[[scores]]
name = "mean"
title = "Mean"
range = [1, 6]
direction = "higher_is_better"
step = 0.2
decimals = 2
missing_rule = "At least 4 of 5 items."
missing_status = "recalled"
formula = { how = "mean", reversed = ["1"], fewest = 4, fill = "mean" }
"""


def test_bfi_is_scored_by_an_instrument_of_the_studys_own(tmp_path):
    (tmp_path / "instruments").mkdir()
    (tmp_path / "instruments" / "agreeableness.toml").write_text(AGREEABLENESS, encoding="utf-8")
    file = {
        "path": "bfi.csv",
        "columns": {"person": "id"},
        "items": {"agreeableness": {"w0": "A{item}"}},
    }
    held = [{"name": "a", "label": "A", "instrument": "agreeableness", "role": "primary"}]
    study = loaded(tmp_path, plan_of(file, {"a": (1, 6)}, waves(0, 3), outcomes=held))
    answers = np.genfromtxt(DATA / "bfi.csv", delimiter=",", skip_header=1, usecols=range(1, 6))
    answers[:, 0] = 7 - answers[:, 0]
    answered = (~np.isnan(answers)).sum(axis=1)
    enough = answered >= 4
    expected = np.where(enough, np.nansum(answers, axis=1) / np.maximum(answered, 1), np.nan)
    np.testing.assert_allclose(study.scores["a"][:, 0], expected, rtol=0, atol=1e-12)
    prorated = next(f for f in study.findings if f.code == "SW118")
    assert len(prorated.rows) == int((enough & (answered < 5)).sum())
    too_few = study.reason_names.index("too few items answered")
    assert int((study.reasons["a"][:, 0] == too_few).sum()) == int((~enough & (answered > 0)).sum())
