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
