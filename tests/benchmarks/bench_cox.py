"""Proportional hazards from arrays and from a data frame: a million people or rows, and peers.

CPU seconds and the rise of memory of one fit; 8 columns, Efron's ties, whole days 1 to 730, the
sandwich of 15 practices. lifelines and R's coxph stand beside at sizes they can bear: with a
practice sandwich lifelines is given 20,000 people and R 10,000, as both slow down with the square
of the ties; without one R is given 100,000. R times itself, the fit alone, after reading.
From a data frame the checks of every column, the columns of the model and the table of
coefficients are timed with the fit, beside the fit of the arrays alone.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from splw_eval.retention import fit_cox
from splw_eval.stats.cox.corrected_sandwich import corrected_sandwich
from splw_eval.stats.cox.cox_fit import fit_cox_model
from splw_eval.stats.cox.jackknife import leave_one_practice_out

MILLION = 1_000_000
PRACTICES = 15
COXPH = """
d <- read.csv(commandArgs(TRUE)[1])
suppressMessages(library(survival))
x <- as.matrix(d[, grep("^x", names(d))])
cat(sum(system.time(coxph(Surv(stop, event) ~ x, d%s))[1:2]))
"""


def people(n: int, p: int = 8) -> dict[str, Any]:
    """One row for each person, followed for 1 to 730 days; the first column is an arm."""
    rng = np.random.default_rng(n)
    cluster = rng.integers(0, PRACTICES, n)
    x = np.column_stack([cluster < 7, rng.normal(size=(n, p - 1))])
    left = np.ceil(rng.exponential(500 * np.exp(-x @ np.full(p, 0.2))))
    end = rng.integers(1, 731, n)
    return {
        "start": None,
        "stop": np.minimum(left, end),
        "event": left <= end,
        "x": x,
        "cluster": cluster,
    }


def spells(rows: int) -> dict[str, Any]:
    """Rows (start, stop] of people whose ninth column changes twice; no gaps."""
    given = people(rows // 2, 8)
    n = len(given["stop"])
    cuts = np.sort(np.random.default_rng(2).integers(1, 365, (n, 2)), axis=1)
    edge = np.column_stack([np.zeros(n), cuts, np.full(n, 731)])
    person, spell = np.nonzero((edge[:, :-1] < given["stop"][:, None]) & (np.diff(edge) > 0))
    stop = np.minimum(edge[person, spell + 1], given["stop"][person])
    chosen = slice(None, rows)
    return {
        "start": edge[person, spell][chosen],
        "stop": stop[chosen],
        "event": (given["event"][person] & (stop == given["stop"][person]))[chosen],
        "x": np.column_stack([given["x"][person], spell])[chosen],
        "cluster": given["cluster"][person][chosen],
    }


def memory(name: str) -> float:
    """Megabytes of this process: VmRSS now, VmHWM at most."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(float(line.split()[1]) / 1024 for line in lines if line.startswith(name))


def measured(program: Callable[[], Any]) -> tuple[float, float]:
    """CPU seconds, and the rise of memory in MB (not a number where Linux does not tell it)."""
    before = np.nan
    if Path("/proc/self/clear_refs").exists():
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # forget the highest
        before = memory("VmRSS")
    began = time.process_time()
    program()
    taken = time.process_time() - began
    return taken, (memory("VmHWM") - before if np.isfinite(before) else np.nan)


SIZES: dict[str, tuple[Callable[[int], dict[str, Any]], float]] = {
    "a million people, 8 columns": (people, 1.5),
    "a million rows (start, stop], 9 columns": (spells, 4.0),
}


@pytest.mark.parametrize("name", list(SIZES))
@pytest.mark.parametrize("weighted", [False, True], ids=["plain", "weighted"])
def test_a_million_rows_with_a_practice_sandwich(benchmark, capsys, name, weighted):
    benchmark.group = name
    made, target = SIZES[name]
    given = made(MILLION)
    rows = len(given["stop"])
    if weighted:
        given["weights"] = np.random.default_rng(3).uniform(0.5, 2, rows)
    assert rows > 0.95 * MILLION
    costs = []
    fit_cox_model(**people(1000))
    benchmark.pedantic(lambda: costs.append(measured(lambda: fit_cox_model(**given))), rounds=3)
    seconds, megabytes = np.min(costs, axis=0)[0], np.max(costs, axis=0)[1]
    with capsys.disabled():
        weights = ", weighted" if weighted else ""
        said = f"{name}{weights}, {int(given['event'].sum()):,} events"
        cost = f"{seconds:.2f} CPU s (target {target}), {megabytes:.0f} MB (target 500)"
        sys.stdout.write(f"\n{said}: {cost}\n")
    assert seconds < 2 * target
    assert not megabytes > 500


def a_frame(given: dict[str, Any]) -> Any:
    """The rows as columns of a data frame."""
    import pandas as pd

    columns = {f"x{k}": column.copy() for k, column in enumerate(given["x"].T)}
    times = {name: given[name] for name in ("start", "stop", "cluster") if given[name] is not None}
    return pd.DataFrame({**columns, **times, "event": given["event"].astype(int)})


def from_a_frame(frame: Any, vcov: str) -> Any:
    return fit_cox(
        frame,
        time="stop",
        event="event",
        covariates=[name for name in frame.columns if name.startswith("x")],
        start="start" if "start" in frame.columns else None,
        cluster="cluster",
        vcov=vcov,
    ).coefficients


FRAMES: dict[str, tuple[str, str, float]] = {
    "people, sandwich": ("a million people, 8 columns", "sandwich", 1.5),
    "people, jackknife": ("a million people, 8 columns", "jackknife", 4.0),
    "rows (start, stop], sandwich": ("a million rows (start, stop], 9 columns", "sandwich", 4.0),
    "rows (start, stop], jackknife": ("a million rows (start, stop], 9 columns", "jackknife", 8.0),
}


@pytest.mark.parametrize("name", list(FRAMES))
def test_from_a_data_frame(benchmark, capsys, name):
    size, vcov, target = FRAMES[name]
    benchmark.group = f"from a data frame: a million {name}"
    given = SIZES[size][0](MILLION)
    frame = a_frame(given)
    from_a_frame(a_frame(people(1000)), vcov)
    costs: list[tuple[float, float]] = []
    benchmark.pedantic(lambda: costs.append(measured(lambda: from_a_frame(frame, vcov))), rounds=3)
    seconds, megabytes = np.min(costs, axis=0)[0], np.max(costs, axis=0)[1]
    alone = cpu_seconds(lambda: fit_cox_model(**given))
    with capsys.disabled():
        cost = f"{seconds:.2f} CPU s (target {target}), {megabytes:.0f} MB (target 500)"
        beside = f"{seconds / alone:.2f} times the fit of the arrays ({alone:.2f} s)"
        sys.stdout.write(f"\nfrom a data frame, a million {name}: {cost}, {beside}\n")
    assert seconds < 2 * target
    assert not megabytes > 500


@pytest.mark.parametrize("program", [leave_one_practice_out, corrected_sandwich])
def test_600_people_in_15_practices(benchmark, program):
    benchmark.group = "few practices, 600 people, 2 columns"
    found = benchmark(program, **people(600, 2))
    assert (found.clusters, found.df) == (PRACTICES, 13.0)


def cpu_seconds(function: Any) -> float:
    """CPU seconds of the quickest of three."""
    taken = []
    for _ in range(3):
        began = time.process_time()
        function()
        taken.append(time.process_time() - began)
    return min(taken)


def in_r(given: dict[str, Any], folder: Path, *, cluster: bool) -> float:
    """CPU seconds that coxph tells; skipped where R is not here."""
    if shutil.which("Rscript") is None:
        pytest.skip("R is not here, so there is nothing to compare with.")
    columns = [given["stop"], given["event"], given["cluster"], *given["x"].T]
    header = ["stop", "event", "practice", *(f"x{k}" for k in range(len(columns) - 3))]
    table = folder / "rows.csv"
    rows = np.column_stack(columns)
    np.savetxt(table, rows, delimiter=",", header=",".join(header), comments="")
    program = COXPH % (", cluster = practice" if cluster else "")
    found = subprocess.run(
        ["Rscript", "-e", program, str(table)], capture_output=True, text=True, check=False
    )
    if found.returncode:
        pytest.skip("R has no such package here.")
    return float(found.stdout)


@pytest.mark.parametrize(("n", "cluster"), [(10_000, True), (100_000, False)])
def test_beside_coxph(benchmark, tmp_path, capsys, n, cluster):
    given = people(n)
    if not cluster:
        given["cluster"] = None
    benchmark.group = (
        f"{n:,} people, 8 columns, {'practice sandwich' if cluster else 'no sandwich'}"
    )
    benchmark.pedantic(fit_cox_model, kwargs=given, rounds=3, warmup_rounds=1)
    ours = cpu_seconds(lambda: fit_cox_model(**given))
    theirs = in_r(given | {"cluster": people(n)["cluster"]}, tmp_path, cluster=cluster)
    with capsys.disabled():
        said = f"coxph {theirs:.3f} CPU s; ours {ours:.3f} CPU s"
        sys.stdout.write(f"\n{benchmark.group}: {said}: {theirs / ours:.0f} times\n")
    assert ours < theirs


@pytest.mark.parametrize("robust", [False, True], ids=["no sandwich", "practice sandwich"])
def test_beside_lifelines(benchmark, capsys, robust):
    import pandas as pd
    from lifelines import CoxPHFitter

    given = people(20_000)
    if not robust:
        given["cluster"] = None
    frame = pd.DataFrame(given["x"]).add_prefix("x").assign(t=given["stop"], e=given["event"])
    if robust:
        frame["practice"] = given["cluster"]
    named = {"cluster_col": "practice"} if robust else {}
    group = f"20,000 people, 8 columns, {'practice sandwich' if robust else 'no sandwich'}"
    benchmark.group = f"{group}, beside lifelines"
    benchmark.pedantic(fit_cox_model, kwargs=given, rounds=3, warmup_rounds=1)
    ours = cpu_seconds(lambda: fit_cox_model(**given))
    began = time.process_time()
    fitter = CoxPHFitter().fit(frame, "t", "e", **named)
    theirs = time.process_time() - began
    np.testing.assert_allclose(fitter.params_, fit_cox_model(**given).beta, rtol=1e-4)
    with capsys.disabled():
        said = f"lifelines {theirs:.2f} CPU s; ours {ours:.3f} CPU s"
        sys.stdout.write(f"\n{group}: {said}: {theirs / ours:.0f} times\n")
    assert ours < theirs
