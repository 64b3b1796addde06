"""The two published trials of retention in analyses: data, results, figures and pages.

Everything is held against R, whose figures are read from the files that it wrote.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

ROOT = Path(__file__).resolve().parents[2]
SMOKING, PRISON = (ROOT / "analyses" / name for name in ("smoking_relapse", "recidivism"))
FOLDERS = pytest.mark.parametrize("folder", [SMOKING, PRISON], ids=lambda path: path.name)
PROPORTIONAL = "proportional hazards"
FITS = {"same": "same week", "before": "week before", "halves": "week before, mended"}


def told(name: str) -> dict[str, Any]:
    return json.loads((ROOT / "tests" / "reference" / f"{name}.json").read_text(encoding="utf-8"))


def close(ours: Any, theirs: Any, rtol: float = 1e-6) -> None:
    theirs = [np.nan if value is None else value for value in theirs]
    assert_allclose(np.asarray(ours, dtype=float), theirs, rtol=rtol, atol=0)


def program(folder: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"analyse_{folder.name}", folder / "analyse.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def written(folder: Path, part: str | None = None) -> pd.DataFrame:
    table = pd.read_csv(folder / "results.csv")
    return table if part is None else table[table["part"] == part].reset_index(drop=True)


@pytest.fixture(scope="module")
def now() -> dict[Path, tuple[pd.DataFrame, dict[str, str]]]:
    """What the programs find today: results and drawings."""
    smoking, prison = program(SMOKING), program(PRISON)
    curves, compared, cox = smoking.fitted(smoking.read())
    rows = {lag: prison.person_weeks(prison.read(), lag) for lag in (0, 1)}
    fits = prison.fitted(rows)
    drawn = {"curves": smoking.curves_svg(curves), "ratios": smoking.ratios_svg(cox)}
    return {
        SMOKING: (smoking.results(curves, compared, cox), drawn),
        PRISON: (prison.results(rows, fits), {"ratios": prison.ratios_svg(fits)}),
    }


# Data, results and drawings.


@FOLDERS
def test_the_data_are_those_that_r_was_given(folder: Path) -> None:
    known = dict(zip(*(told("retention_trials")[k] for k in ("data", "md5")), strict=True))
    name = next(name for name in known if folder.name in name)
    held = (ROOT / name).read_bytes()
    assert hashlib.md5(held, usedforsecurity=False).hexdigest() == known[name]


@FOLDERS
def test_the_results_are_what_the_program_finds_now(now: Any, folder: Path) -> None:
    kept, found = written(folder), now[folder][0]
    assert list(kept.columns) == list(found.columns)
    for name in kept.columns:
        if pd.api.types.is_numeric_dtype(found[name]):
            close(found[name], kept[name], rtol=1e-8)
        else:
            assert kept[name].fillna("").tolist() == found[name].fillna("").astype(str).tolist()


@FOLDERS
def test_the_drawings_tell_what_the_program_finds_now(now: Any, folder: Path) -> None:
    drawn = now[folder][1]
    assert {path.stem for path in folder.glob("*.svg")} == set(drawn)
    for name, svg in drawn.items():
        kept = (folder / f"{name}.svg").read_text(encoding="utf-8")
        assert words(kept) == words(svg)
        assert len(words(svg)[1]) > 100


def words(svg: str) -> list[str]:
    """Title and description of a drawing."""
    return re.findall(r"<(?:title|desc) [^>]*>([^<]*)<", svg)


def test_the_program_writes_every_file_whole_and_says_what_it_read(tmp_path: Path) -> None:
    for name in ("analyse.py", "pharmacosmoking.csv"):
        shutil.copy(SMOKING / name, tmp_path / name)
    done = subprocess.run(
        [sys.executable, str(tmp_path / "analyse.py")], capture_output=True, text=True, check=True
    )
    early = told("retention_trials")["smoking"]["day_0"]
    assert f"125 people read; {early} relapsed on day 0 and are kept." in done.stdout
    names = {path.name for path in tmp_path.iterdir() if path.is_file()}
    assert names == {path.name for path in SMOKING.iterdir() if path.is_file()} - {"README.md"}
    assert len(pd.read_csv(tmp_path / "results.csv")) == len(written(SMOKING))


# Smoking, beside R.


def test_shares_not_relapsed_and_numbers_watched_are_those_of_survfit() -> None:
    right, found = told("retention_trials")["smoking"]["curve"], written(SMOKING)
    found = found[found["part"] == "share not relapsed"]
    assert found["day"].tolist() == right["day"]
    for name in ("at_risk", "estimate", "std_error", "conf_low", "conf_high"):
        close(found[name], right[name], rtol=1e-9)
    given = {(k["strata"][4:], k["time"]): k["surv"] for k in _shared()["km"]}
    ours = {(row["of"], row["day"]): row["estimate"] for _, row in found.iterrows()}
    assert set(given) < set(ours)
    close([ours[key] for key in given], list(given.values()), rtol=1e-9)


def _shared() -> dict[str, Any]:
    """What R gave for the same trial in another run, of other hands."""
    return told("pharmacosmoking")["results"]


def test_medians_means_and_their_difference_are_those_of_survfit() -> None:
    right = told("retention_trials")["smoking"]
    medians = written(SMOKING, "median days to relapse")
    for name in ("estimate", "conf_low", "conf_high"):
        close(medians[name], right["median"][name])
    assert medians["note"].fillna("").tolist() == ["", "upper limit none"]
    means = written(SMOKING, f"mean days up to day {right['mean']['horizon']}")
    for name in ("estimate", "std_error"):
        close(means[name], right["mean"][name], rtol=1e-9)
    difference = written(SMOKING, f"difference in mean days to day {right['mean']['horizon']}")
    assert len(difference) == 1
    for name, value in right["difference"].items():
        close(difference[name], [value], rtol=1e-9)


def test_the_log_rank_test_is_that_of_survdiff() -> None:
    found = written(SMOKING, "log-rank test").iloc[0]
    right = told("retention_trials")["smoking"]["log_rank"]
    close([found["statistic"], found["p_value"]], [right["statistic"], right["p_value"]])
    close([found["statistic"]], [_shared()["logrank"]])


def test_hazard_ratios_of_relapse_and_their_test_are_those_of_coxph() -> None:
    right, found = told("retention_trials")["smoking"], written(SMOKING)
    ratios = found[found["part"] == "log hazard ratio of relapse"]
    _same_fit(ratios, right["cox"])
    assert ratios["n"].eq(right["cox"]["n"]).all()
    given = list(_shared()["cox"].values())
    close(ratios["estimate"], [row["coef"] for row in given])
    close(ratios["std_error"], [row["se(coef)"] for row in given])
    _same_test(found[found["part"] == PROPORTIONAL], right["proportional"])


def _same_fit(found: pd.DataFrame, right: dict[str, Any]) -> None:
    assert len(found) == len(right["estimate"]) > 0
    assert found["events"].eq(right["events"]).all()
    for name in ("estimate", "std_error", "conf_low", "conf_high"):
        close(found[name], right[name])
    close(found["p_value"], right["p_value"])
    close(np.log(found["ratio_low"]), right["conf_low"])


def _same_test(found: pd.DataFrame, right: dict[str, Any]) -> None:
    assert len(found) == len(right["term"]) > 0
    assert found["df"].tolist() == right["df"]
    close(found["statistic"], right["statistic"])
    close(found["p_value"], right["p_value"])


# Employment week by week, beside R.


@pytest.mark.parametrize(("key", "part"), FITS.items())
def test_ratios_of_arrest_and_their_test_are_those_of_coxph(key: str, part: str) -> None:
    right = told("retention_trials")["prison"]
    found = written(PRISON, f"log hazard ratio, {part}")
    _same_fit(found, right[key])
    assert found["rows"].eq(right[key]["n"]).all()
    _same_test(written(PRISON, f"{PROPORTIONAL}, {part}"), right[f"proportional_{key}"])


@pytest.mark.parametrize(
    ("key", "part"), {"employed": "same week", "lagged": "week before"}.items()
)
def test_both_ratios_of_employment_are_those_given_elsewhere_and_published(
    key: str, part: str
) -> None:
    given = told("rossi_time_varying")
    found = written(PRISON, f"log hazard ratio, {part}")
    rows = list(given["results"][key].values())
    close(found["estimate"], [row["coef"] for row in rows])
    close(found["std_error"], [row["se(coef)"] for row in rows])
    last = found.iloc[-1]
    assert last["of"] == "employed[T.yes]"
    published = f"{key} {last['estimate']:.3f} ({last['std_error']:.3f})"
    assert published in given["published"]["source"]


def test_the_assumption_fails_as_it_stands_and_not_once_mended() -> None:
    p = {part: written(PRISON, f"{PROPORTIONAL}, {part}")["p_value"] for part in FITS.values()}
    assert p["same week"].iloc[-1] < 0.05
    assert p["week before"].iloc[-1] < 0.05
    assert (p["week before, mended"] > 0.1).all()


# The pages.


def test_the_page_on_smoking_prints_what_was_found_and_what_r_gave() -> None:
    page = (SMOKING / "README.md").read_text(encoding="utf-8")
    assert [line for line in smoking_lines() if line not in page] == []


def smoking_lines() -> list[str]:
    right, found = told("retention_trials")["smoking"], written(SMOKING)
    lines = []
    for index, (_, row) in enumerate(found[found["part"] == "share not relapsed"].iterrows()):
        theirs = {name: values[index] for name, values in right["curve"].items()}
        ours = " | ".join(_share(one) for one in (row, theirs))
        lines.append(f"| {ARMS[row['of']]} | {row['day']:.0f} | {row['at_risk']:.0f} | {ours} |")
    for place, (_, row) in enumerate(written(SMOKING, "median days to relapse").iterrows()):
        theirs = {name: values[place] for name, values in right["median"].items()}
        lines.append(f"| Median days, {ARMS[row['of']]} | {_median(row)} | {_median(theirs)} |")
    for place, (_, row) in enumerate(written(SMOKING, "mean days up to day 182").iterrows()):
        theirs = {name: right["mean"][name][place] for name in ("estimate", "std_error")}
        ours = " | ".join(
            f"{one['estimate']:.1f} (SE {one['std_error']:.1f})" for one in (row, theirs)
        )
        lines.append(f"| Mean days to day 182, {ARMS[row['of']]} | {ours} |")
    row = written(SMOKING, "difference in mean days to day 182").iloc[0]
    both = " | ".join(_days(one) for one in (row, right["difference"]))
    lines.append(f"| Difference in mean days | {both} |")
    row = written(SMOKING, "log-rank test").iloc[0]
    both = " | ".join(
        f"{one['statistic']:.3f}, p = {one['p_value']:.4f}" for one in (row, right["log_rank"])
    )
    lines.append(f"| Log-rank, 1 df | {both} |")
    ratios = found[found["part"] == "log hazard ratio of relapse"].reset_index(drop=True)
    lines += ratio_lines(ratios, right["cox"])
    return lines + lines_of_tests(found[found["part"] == PROPORTIONAL], right["proportional"])


ARMS = {"patchOnly": "patch alone", "combination": "combination"}


def _share(row: Any) -> str:
    low, high = 100 * row["conf_low"], 100 * row["conf_high"]
    return f"{100 * row['estimate']:.1f} ({low:.1f} to {high:.1f})"


def _median(row: Any) -> str:
    high = row["conf_high"]
    end = "no limit" if high is None or np.isnan(high) else f"{high:.0f}"
    return f"{row['estimate']:.0f} ({row['conf_low']:.0f} to {end})"


def _days(row: Any) -> str:
    return f"{row['estimate']:.1f} ({row['conf_low']:.1f} to {row['conf_high']:.1f})"


def ratio_lines(found: pd.DataFrame, right: dict[str, Any]) -> list[str]:
    lines = []
    for place, (_, row) in enumerate(found.iterrows()):
        names = ("estimate", "conf_low", "conf_high")
        ours = [row[name] for name in ("ratio", "ratio_low", "ratio_high")]
        theirs = [np.exp(right[name][place]) for name in names]
        both = " | ".join("{:.3f} ({:.3f} to {:.3f})".format(*one) for one in (ours, theirs))
        lines.append(f"| `{row['of']}` | {both} |")
    return lines


def lines_of_tests(found: pd.DataFrame, right: dict[str, Any]) -> list[str]:
    lines = []
    for place, (_, row) in enumerate(found.iterrows()):
        theirs = {name: right[name][place] for name in ("statistic", "p_value")}
        both = " | ".join(
            f"{one['statistic']:.3f}, p = {one['p_value']:.3f}" for one in (row, theirs)
        )
        lines.append(f"| {row['of']} | {row['df']:.0f} | {both} |")
    return lines


def test_the_page_on_recidivism_prints_what_was_found_and_what_r_gave() -> None:
    page = (PRISON / "README.md").read_text(encoding="utf-8")
    assert [line for line in prison_lines() if line not in page] == []


def prison_lines() -> list[str]:
    right, lines = told("retention_trials")["prison"], []
    for key, part in (("same", "same week"), ("before", "week before")):
        row = written(PRISON, f"log hazard ratio, {part}").iloc[-1]
        theirs = {name: right[key][name][-1] for name in ("estimate", "std_error")}
        both = " | ".join(
            f"{one['estimate']:.3f} ({one['std_error']:.3f})" for one in (row, theirs)
        )
        lines.append(f"| {part} | {both} |")
    ratios = {part: cells(written(PRISON, f"log hazard ratio, {part}")) for part in FITS.values()}
    tests = {part: cells(written(PRISON, f"{PROPORTIONAL}, {part}")) for part in FITS.values()}
    for found in (ratios, tests):
        terms = dict.fromkeys(term for column in found.values() for term in column)
        for term in terms:
            across = " | ".join(column.get(term, "–") for column in found.values())
            lines.append(f"| `{term}` | {across} |")
    return lines


def cells(found: pd.DataFrame) -> dict[str, str]:
    made = {}
    for _, row in found.iterrows():
        ratio = f"{row['ratio']:.3f} ({row['ratio_low']:.3f} to {row['ratio_high']:.3f})"
        made[row["of"]] = f"{row['p_value']:.3f}" if np.isnan(row["ratio"]) else ratio
    return made
