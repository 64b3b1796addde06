"""Few practices: CR2 of a million rows, all signs and all allocations, and peers in one run.

CPU seconds of one call. statsmodels has no CR2: its CR1 is the nearest peer at a million rows, and
gives neither degrees of freedom nor a correction of bias. clubSandwich builds matrices as large as
a practice, so it is given 1,500 and 6,000 people, where it times itself, fit and test alone. For
the bootstrap and the permutation the peer is statsmodels refitted, or the means regrouped, for
each of 200 of the sign vectors or allocations, times their number: no package at hand goes through
all of them.
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
import pandas as pd
import pytest

from splw_eval.confounding.practices.clustered import fit_clustered
from splw_eval.confounding.practices.permutation import permutation_test
from splw_eval.confounding.practices.wild import wild_bootstrap
from splw_eval.stats.few_clusters.cluster_fit import fit_clusters

MILLION, PRACTICES, TRIED = 1_000_000, 15, 200
CLUBSANDWICH = """
d <- read.csv(commandArgs(TRUE)[1])
suppressMessages(library(clubSandwich))
cat(sum(system.time({f <- lm(y ~ arm + x1 + x2 + x3, d%s)
  v <- vcovCR(f, cluster = d$practice, type = "CR2")
  coef_test(f, vcov = v, test = "Satterthwaite")})[1:2]))
"""


def people(n: int) -> pd.DataFrame:
    """One row for each person, practices in no order."""
    rng = np.random.default_rng(n)
    practice = rng.integers(0, PRACTICES, n)
    table = {f"x{place}": rng.normal(size=n) for place in (1, 2, 3)}
    y = rng.normal(size=n) + rng.normal(0, 0.2, PRACTICES)[practice] + table["x1"]
    return pd.DataFrame(
        {
            "practice": practice,
            "arm": (practice < 7).astype(int),
            "w": rng.uniform(0.2, 3, n),
            "y": y,
            **table,
        }
    )


def arrays(frame: pd.DataFrame) -> tuple[Any, ...]:
    columns = frame[["arm", "x1", "x2", "x3"]].to_numpy(float)
    X = np.column_stack([np.ones(len(frame)), columns])
    return frame["y"].to_numpy(), X, frame["practice"].to_numpy()


def seconds(program: Callable[[], Any], rounds: int = 5) -> float:
    """The least CPU seconds of some calls, after one to warm up."""
    program()
    spent = []
    for _ in range(rounds):
        start = time.process_time()
        program()
        spent.append(time.process_time() - start)
    return min(spent)


def told(capsys: Any, subject: str, ours: float, peers: dict[str, float]) -> None:
    said = [f"{subject}: {ours:.4f} s"]
    said += [f"{name} {peer:.4g} s, {peer / ours:,.1f} times ours" for name, peer in peers.items()]
    with capsys.disabled():
        sys.stdout.write("\n" + "; ".join(said) + "\n")


def clubsandwich(frame: pd.DataFrame, folder: Path, weights: str = "") -> dict[str, float]:
    """Its seconds; nothing where R or the package is not there."""
    if shutil.which("Rscript") is None:
        return {}
    table = folder / "people.csv"
    frame.to_csv(table, index=False)
    program = CLUBSANDWICH % weights
    ended = subprocess.run(
        ["Rscript", "-e", program, str(table)], capture_output=True, text=True, check=False
    )
    return {"clubSandwich": float(ended.stdout)} if ended.returncode == 0 else {}


def statsmodels_cr1(y: Any, X: Any, practice: Any) -> Any:
    import statsmodels.api as sm

    return sm.OLS(y, X).fit(cov_type="cluster", cov_kwds={"groups": practice}).bse


def given(benchmark: Any, program: Callable[[], Any]) -> None:
    benchmark.pedantic(program, rounds=3, warmup_rounds=1)


@pytest.mark.parametrize("order", ["in no order", "practice by practice"])
def test_cr2_of_a_million_rows(benchmark, capsys, order):
    frame = people(MILLION)
    if order != "in no order":
        frame = frame.sort_values("practice", kind="stable")
    y, X, practice = arrays(frame)
    ours = seconds(lambda: fit_clusters(y, X, practice))
    peer = seconds(lambda: statsmodels_cr1(y, X, practice), rounds=2)
    told(capsys, f"CR2, 1,000,000 rows {order}", ours, {"statsmodels CR1": peer})
    given(benchmark, lambda: fit_clusters(y, X, practice))
    assert ours < 0.5


def test_weighted_cr2_of_a_million_rows(benchmark, capsys):
    frame = people(MILLION)
    y, X, practice = arrays(frame)
    weights = frame["w"].to_numpy()
    ours = seconds(lambda: fit_clusters(y, X, practice, weights=weights))
    told(capsys, "CR2 with weights, 1,000,000 rows", ours, {})
    given(benchmark, lambda: fit_clusters(y, X, practice, weights=weights))
    assert ours < 1


@pytest.mark.parametrize("n", [1_500, 6_000])
@pytest.mark.parametrize("weights", [None, "w"])
def test_cr2_from_a_frame(benchmark, capsys, n, weights, tmp_path):
    frame = people(n)
    how: dict[str, Any] = {"outcome": "y", "fixed": "arm + x1 + x2 + x3", "cluster": "practice"}
    ours = seconds(lambda: fit_clustered(frame, weights=weights, **how))
    peers = clubsandwich(frame, tmp_path, ", weights = w" if weights else "")
    told(capsys, f"CR2 from a frame, {n:,} people{' with weights' if weights else ''}", ours, peers)
    given(benchmark, lambda: fit_clustered(frame, weights=weights, **how))
    assert ours < 0.5


def test_all_signs(benchmark, capsys):
    frame = people(1_500)
    y, X, practice = arrays(frame)

    def program() -> Any:
        return wild_bootstrap(
            frame, outcome="y", fixed="arm + x1 + x2 + x3", cluster="practice", term="arm"
        )

    def some() -> None:
        import statsmodels.api as sm

        rest = sm.OLS(y, np.delete(X, 1, axis=1)).fit()
        signs = np.random.default_rng(1).choice([-1.0, 1.0], (TRIED, PRACTICES))
        for sign in signs:
            statsmodels_cr1(rest.fittedvalues + sign[practice] * rest.resid, X, practice)

    ours = seconds(program)
    peer = seconds(some, rounds=1) * 2**PRACTICES / TRIED
    told(
        capsys,
        "wild bootstrap, all 32,768 signs, 1,500 people",
        ours,
        {"statsmodels refitted": peer},
    )
    given(benchmark, program)
    assert ours < 1


def test_all_allocations(benchmark, capsys):
    frame = people(1_500)

    def program() -> Any:
        return permutation_test(
            frame, outcome="y", group="arm", cluster="practice", covariates=["x1", "x2", "x3"]
        )

    def some() -> None:
        import statsmodels.api as sm

        y, X, practice = arrays(frame)
        residual = sm.OLS(y, np.delete(X, 1, axis=1)).fit().resid
        means = pd.Series(residual).groupby(practice).mean()
        rng = np.random.default_rng(1)
        for _ in range(TRIED):
            second = pd.Series(rng.permutation(PRACTICES) < 7, index=means.index)
            means.groupby(second).mean().diff()

    ours = seconds(program)
    peer = seconds(some, rounds=1) * 6_435 / TRIED
    told(
        capsys, "permutation, all 6,435 allocations, 1,500 people", ours, {"means regrouped": peer}
    )
    given(benchmark, program)
    assert ours < 1
