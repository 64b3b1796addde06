"""Reliable and clinically significant change, and change of whole profiles, against R."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from splw_eval.instruments import instrument, score_responses
from splw_eval.stats import fit_mean
from splw_eval.stats.profile_change import classify_profiles
from splw_eval.stats.reliable_change import (
    classify_change,
    clinical_cutoffs,
    fit_reliable_change,
    reliable_change_index,
)

HERE = Path(__file__).parent
DATA = HERE.parents[2] / "shared" / "reference" / "data"
needs_data = pytest.mark.skipif(not DATA.is_dir(), reason=f"no reference data in {DATA}")
CASES = {c["id"]: c for c in json.loads((HERE / "reliability.json").read_text())["change"]}
# The same closed formula on both sides, so only rounding may differ.
REL = 1e-12
# The normal quantile comes from another routine.
QUANTILE = 1e-10
PRINTED = 5e-7  # half the last digit: these files give the index with six decimals


def results(name):
    return json.loads((HERE / f"{name}.json").read_text())["results"]


def rows_of(name):
    with (DATA / f"{name}.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def pairs(rows, person, wave, value, first, last):
    """Scores of each person at two waves, NaN where empty, in the order of the file."""
    found = {(row[person], row[wave]): row[value] for row in rows}
    people = list(dict.fromkeys(row[person] for row in rows))
    columns = [[float(found.get((p, w)) or "nan") for p in people] for w in (first, last)]
    return np.array(columns[0]), np.array(columns[1])


def numbers(values):
    return np.array([np.nan if v is None else v for v in values], dtype=float)


def agrees(expected, before, after, reliability, *, higher_is_better):
    sd = float(np.nanstd(before, ddof=1))
    fit = fit_reliable_change(sd, reliability)
    assert sd == pytest.approx(expected["sd_pre"], rel=REL)
    assert fit.sem == pytest.approx(expected["sem"], rel=REL)
    assert fit.s_diff == pytest.approx(expected["s_diff"], rel=REL)
    index = reliable_change_index(before, after, fit.s_diff)
    np.testing.assert_allclose(index, numbers(expected["rci"]), rtol=0, atol=PRINTED)
    found = classify_change(before, after, fit.threshold, higher_is_better=higher_is_better)
    for part in ("improved", "unchanged", "deteriorated"):
        assert getattr(found, part).sum() == expected[part], part
    assert (found.improved | found.unchanged | found.deteriorated).sum() == expected["n"]
    assert not found.recovered.any()


@needs_data
def test_reliable_change_of_jacobsons_couples():
    before, after = pairs(rows_of("jacobson1989"), "subject", "time", "das", "pre", "post")
    expected = results("jacobson1989_rci")
    assert len(before) == expected["n"]
    assert after.mean() == pytest.approx(expected["mean_post"], rel=REL)
    agrees(expected["rel_0.88"], before, after, 0.88, higher_is_better=True)


@needs_data
def test_reliable_change_of_depression_in_a_small_trial():
    before, after = pairs(rows_of("claus2020"), "id", "time", "bdi", "1", "4")
    expected = results("claus2020_rct")["rci_bdi_rel_0.801"]
    agrees(expected, before, after, 0.801, higher_is_better=False)


@pytest.mark.parametrize("name", CASES)
def test_threshold_and_cutoffs_agree_with_r(name):
    case = CASES[name]
    fit = fit_reliable_change(
        case["clinical_sd"], case["reliability"], conf_level=case["conf_level"]
    )
    assert fit.s_diff == pytest.approx(case["s_diff"], rel=REL)
    assert fit.threshold == pytest.approx(case["threshold"], rel=QUANTILE)
    found = clinical_cutoffs(
        clinical_mean=case["clinical_mean"],
        clinical_sd=case["clinical_sd"],
        norm_mean=case["norm_mean"],
        norm_sd=case["norm_sd"],
        higher_is_better=case["better"] == "high",
    )
    for criterion, value in case["cutoff"].items():
        assert getattr(found, criterion) == pytest.approx(value, rel=REL), criterion


@pytest.mark.parametrize("criterion", "abc")
@pytest.mark.parametrize("name", CASES)
def test_who_recovered_agrees_with_r(name, criterion):
    case = CASES[name]
    found = classify_change(
        numbers(case["pre"]),
        numbers(case["post"]),
        case["threshold"],
        higher_is_better=case["better"] == "high",
        cutoff=case["cutoff"][criterion],
    )
    counts = {part: int(getattr(found, part).sum()) for part in case["counts"][criterion]}
    assert counts == case["counts"][criterion]


DIMENSIONS = ("mo", "sc", "ua", "pd", "ad")


def profiles(procedure=None):
    rows = [r for r in rows_of("nhs_proms_eq5d3l") if procedure in (None, r["procedure"])]
    waves = ("Pre-op", "Post-op")
    columns = [pairs(rows, "id", "time", d, *waves) for d in DIMENSIONS]
    before, after = (np.column_stack([c[w] for c in columns]) for w in (0, 1))
    return tuple(np.where(x == 9, np.nan, x) for x in (before, after))


@needs_data
def test_change_of_profiles_agrees_with_r_by_procedure():
    expected = results("nhs_proms_eq5d3l")["pchc"]
    cases = [(None, expected["overall"]), *expected["by_procedure"].items()]
    assert len(cases) == 5
    for procedure, counts in cases:
        found = classify_profiles(*profiles(procedure))
        assert {part: int(getattr(found, part).sum()) for part in counts} == counts, procedure


@needs_data
@pytest.mark.parametrize("value", ["eq5d", "vas"])
def test_change_of_utility_and_vas_agrees_with_r_by_procedure(value):
    expected = results("nhs_proms_eq5d3l")["by_procedure"]
    for procedure, parts in expected.items():
        first, second = both_values(value, procedure)
        fit = fit_mean(second - first)
        assert fit.n == parts[value]["n"], procedure
        assert first.mean() == pytest.approx(parts[value]["mean_pre"], rel=REL)
        assert fit.mean == pytest.approx(parts[value]["mean_change"], rel=QUANTILE)
        assert fit.sd == pytest.approx(parts[value]["sd_change"], rel=REL)
        assert [fit.conf_low, fit.conf_high] == pytest.approx(parts[value]["ci"], rel=1e-9)


def both_values(value, procedure):
    """Utility or VAS before and after, of those with both."""
    if value == "eq5d":
        before, after = (utility(x) for x in profiles(procedure))
    else:
        rows = [r for r in rows_of("nhs_proms_eq5d3l") if r["procedure"] == procedure]
        before, after = pairs(rows, "id", "time", "vas", "Pre-op", "Post-op")
        before, after = (np.where(x == 999, np.nan, x) for x in (before, after))
    both = ~np.isnan(before + after)
    return before[both], after[both]


def utility(levels):
    return score_responses(levels, instrument("eq5d_3l_tto"))["index"].values


def test_the_reference_holds_what_this_file_claims():
    assert len(CASES) == 3
    assert {case["conf_level"] for case in CASES.values()} == {0.95, 0.9}
    assert sum(case["counts"]["c"]["harmed"] for case in CASES.values()) > 0
