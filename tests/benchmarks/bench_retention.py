"""Curves of retention of ten million people beside one plain count of the same key.

Ours counts two arms, checks every code, and gives both arms' Kaplan-Meier and Aalen-Johansen
curves with errors for independent people and for practices, and their limits. The plain
reference makes the practice by arm by cause by day key of whole numbers of 64 bits, checks
its range and counts it. lifelines and R (where it is) give both curves,
neither with practices; R times itself. Proportional hazards stand in bench_cox.py.
From a data frame every column is checked too, and the tables are made.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
import tracemalloc
import warnings
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from splw_eval.retention import cumulative_incidence as incidence_of_frame
from splw_eval.retention import retention_curve
from splw_eval.stats.survival.curves import survival_curve
from splw_eval.stats.survival.day_counts import count_days, count_groups
from splw_eval.stats.survival.incidence import cumulative_incidence
from splw_eval.stats.survival.influence import cluster_influence, day_table

PEOPLE, FEWER = 10_000_000, 1_000_000
PRACTICES, ARMS, CAUSES, DAYS = 15, 2, 2, 730
CELLS = PRACTICES * ARMS * (CAUSES + 1) * DAYS
# Wide: a shared machine is noisy. Aimed at: 2.
MOST = 3.0
SURVFIT = """
suppressMessages(library(survival))
set.seed(1)
n <- as.integer(commandArgs(TRUE)[1])
day <- sample(0:729, n, TRUE); cause <- sample(0:2, n, TRUE)
cat(system.time(survfit(Surv(day, cause > 0) ~ 1))[["elapsed"]],
    system.time(survfit(Surv(day, factor(cause)) ~ 1))[["elapsed"]])
"""
Codes = NDArray[Any]
KINDS: dict[str, list[type[np.integer[Any]]]] = {
    "all int64": [np.int64] * 4,
    "codes uint8, days int64": [np.uint8, np.uint8, np.uint8, np.int64],
    "codes uint8, days int16": [np.uint8, np.uint8, np.uint8, np.int16],
}


def people(n: int, kinds: Sequence[type[np.integer[Any]]]) -> list[Codes]:
    """Practice, arm, cause and day of each person."""
    rng = np.random.default_rng(1)
    practice = rng.integers(0, PRACTICES, n)
    columns = [practice, practice % ARMS, rng.integers(0, CAUSES + 1, n), rng.integers(0, DAYS, n)]
    return [column.astype(kind) for column, kind in zip(columns, kinds, strict=True)]


def plain_count(practice: Codes, arm: Codes, cause: Codes, day: Codes) -> Codes:
    key = ((practice.astype(np.int64, copy=False) * ARMS + arm) * (CAUSES + 1) + cause) * DAYS + day
    if key.min() < 0 or key.max() >= CELLS:
        raise ValueError
    return np.bincount(key, minlength=CELLS)


def both_curves(counts: Any) -> tuple[Any, Any]:
    table = day_table(counts)
    influence = cluster_influence(counts, table)
    return (
        survival_curve(counts, table=table, influence=influence),
        cumulative_incidence(counts, table=table, influence=influence),
    )


def one_group(practice: Codes, cause: Codes, day: Codes) -> tuple[Any, Any]:
    return both_curves(count_days(day, cause, cluster=practice, causes=CAUSES))


def ours(practice: Codes, arm: Codes, cause: Codes, day: Codes) -> list[tuple[Any, Any]]:
    counts = count_groups(day, cause, arm, cluster=practice, causes=CAUSES, groups=ARMS)
    return [both_curves(one) for one in counts]


def seconds(program: Callable[..., Any], given: Sequence[Any], rounds: int = 5) -> float:
    taken = []
    for _ in range(rounds):
        start = time.perf_counter()
        program(*given)
        taken.append(time.perf_counter() - start)
    return min(taken)


def peak(program: Callable[..., Any], given: Sequence[Any]) -> float:
    """Megabytes at the most beyond what was given."""
    tracemalloc.start()
    program(*given)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return most / 1e6


def tell(capsys: Any, words: str) -> None:
    with capsys.disabled():
        sys.stdout.write(f"\n{words}\n")


@pytest.mark.parametrize("kind", KINDS)
def test_both_curves_beside_a_plain_count(benchmark, capsys, kind):
    benchmark.group = f"{PEOPLE:,} people, curves of two arms, {kind}"
    given = people(PEOPLE, KINDS[kind])
    found = benchmark.pedantic(ours, given, rounds=5, warmup_rounds=1)
    # What the bound is of: the same codes as whole numbers of 64 bits.
    whole = [column.astype(np.int64) for column in given]
    plain, mine = seconds(plain_count, whole), benchmark.stats["min"]
    memory = f"{peak(ours, given):.0f} MB beside {peak(plain_count, whole):.0f} MB"
    tell(
        capsys,
        f"{kind}: {mine:.3f} s, plain count {plain:.3f} s: {mine / plain:.2f} times; {memory}",
    )
    assert sum(curve.n for curve, _ in found) == PEOPLE
    assert mine < MOST * plain


def a_frame(n: int, kind: str) -> Any:
    """Columns of whole numbers of 64 bits; practices and arms may be categories or text."""
    import pandas as pd

    practice, arm, cause, day = people(n, KINDS["all int64"])
    names, arms = [f"practice {k}" for k in range(PRACTICES)], ["usual care", "link worker"]
    frame = pd.DataFrame({"day": day, "cause": cause, "practice": practice, "arm": arm})
    if kind == "categories":
        frame["practice"] = pd.Categorical.from_codes(practice.tolist(), pd.Index(names))
        frame["arm"] = pd.Categorical.from_codes(arm.tolist(), pd.Index(arms))
    elif kind == "text":
        frame["practice"] = np.array(names, dtype=object)[practice]
        frame["arm"] = np.array(arms, dtype=object)[arm]
    return frame


# Seconds of CPU at most; a shared machine is noisy. Aimed at: 1 without text.
FRAMES = {"whole numbers": 1.5, "categories": 1.5, "text": 4.0}


@pytest.mark.parametrize("kind", FRAMES)
@pytest.mark.parametrize("program", [retention_curve, incidence_of_frame])
@pytest.mark.parametrize("by", [None, "arm"], ids=["all", "by arm"])
def test_from_a_data_frame(benchmark, capsys, kind, program, by):
    named = {"time": "day", "event": "cause", "cluster": "practice", "by": by}
    benchmark.group = f"from a data frame of {PEOPLE:,} people, {kind}"
    frame, taken = a_frame(PEOPLE, kind), []
    program(a_frame(1000, kind), **named)

    def once() -> Any:
        began = time.process_time()
        found = program(frame, **named)
        taken.append(time.process_time() - began)
        return found

    found = benchmark.pedantic(once, rounds=3)
    practice, arm, cause, day = people(PEOPLE, KINDS["all int64"])
    arrays: tuple[Any, Any] = (one_group, (practice, cause, day))
    if by is not None:
        arrays = (ours, (practice, arm, cause, day))
    alone, mine = seconds(*arrays, rounds=3), min(taken)
    memory = peak(lambda: program(frame, **named), ())
    said = f"from a data frame, {kind}, {program.__name__}{' by arm' if by else ''}"
    beside = f"{mine / alone:.1f} times both curves of the arrays ({alone:.3f} s)"
    tell(capsys, f"{said}: {mine:.2f} CPU s, {memory:.0f} MB, {beside}")
    assert found.summary["n"].max() <= PEOPLE
    assert mine < FRAMES[kind]


def test_both_curves_from_counts(benchmark):
    benchmark.group = "both curves of 15 practices and 730 days from counts"
    practice, _, cause, day = people(100_000, KINDS["all int64"])
    counts = count_days(day, cause, cluster=practice, causes=CAUSES, last_day=DAYS - 1)
    curve, _ = benchmark.pedantic(both_curves, (counts,), rounds=50, warmup_rounds=5)
    assert np.isfinite(curve.robust_std_error[:-1]).all()


def test_beside_lifelines(benchmark, capsys):
    from lifelines import AalenJohansenFitter, KaplanMeierFitter

    benchmark.group = f"{PEOPLE:,} people in one group, lifelines"
    practice, _, cause, day = people(PEOPLE, KINDS["all int64"])
    curve, _ = benchmark.pedantic(one_group, (practice, cause, day), rounds=5, warmup_rounds=1)
    mine = benchmark.stats["min"]
    fitter = KaplanMeierFitter()
    theirs = seconds(lambda: fitter.fit(day, cause > 0), (), rounds=1)
    np.testing.assert_allclose(fitter.predict(np.arange(DAYS)), curve.estimate, atol=1e-10)
    said = f"lifelines, Kaplan-Meier alone, {PEOPLE:,} people: {theirs:.1f} s"
    tell(capsys, f"{said}; ours, both curves: {mine:.3f} s: {theirs / mine:.0f} times")

    def by_cause():
        with warnings.catch_warnings():
            # It moves tied times apart, and says so.
            warnings.simplefilter("ignore")
            for number in range(1, CAUSES + 1):
                AalenJohansenFitter(seed=1).fit(day, cause, number)

    both = theirs + seconds(by_cause, (), rounds=1)
    said = f"lifelines, Kaplan-Meier and Aalen-Johansen, {PEOPLE:,} people: {both:.1f} s"
    tell(capsys, f"{said}; ours, both curves: {mine:.3f} s: {both / mine:.0f} times")


def test_beside_r(benchmark, capsys):
    if shutil.which("Rscript") is None:
        pytest.skip("R is not here, so there is nothing to compare with.")
    benchmark.group = f"{FEWER:,} people, R"
    practice, _, cause, day = people(FEWER, KINDS["all int64"])
    benchmark.pedantic(one_group, (practice, cause, day), rounds=5, warmup_rounds=1)
    mine = benchmark.stats["min"]
    told = subprocess.run(
        ["Rscript", "-e", SURVFIT, str(FEWER)], capture_output=True, text=True, check=False
    )
    if told.returncode:
        pytest.skip("R has no package survival here.")
    km, aj = (float(number) for number in told.stdout.split())
    said = f"survfit, {FEWER:,} people: Kaplan-Meier {km:.2f} s, Aalen-Johansen {aj:.2f} s"
    tell(capsys, f"{said}; ours, both: {mine:.4f} s: {km / mine:.0f} and {aj / mine:.0f} times")
    assert km + aj > 5 * mine
