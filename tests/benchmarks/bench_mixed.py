"""The mixed-model engine from arrays: 100,000 people, few people, and lme4 where R has it.

The nested model (practices of 40, people, residual) with Kenward and Roger for every term;
unstructured with practice and practice-by-wave effects; one evaluation at 10,000 and at a
million people; 200 replicates of one design together. lme4 is timed by R itself, fit alone,
after reading.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from splw_eval.stats.mixed.cluster_effects import cluster_effects_of
from splw_eval.stats.mixed.covariance_model import CovarianceModel
from splw_eval.stats.mixed.criterion import evaluate_criterion
from splw_eval.stats.mixed.derivatives import differentiate
from splw_eval.stats.mixed.model_fit import fit_model, infer
from splw_eval.stats.mixed.moments import conditioned, gather_moments
from splw_eval.stats.mixed.replicates import lay_out, replicated_moments
from splw_eval.stats.mixed.structures import structure_of

WAVES = 4
REPLICATES, TOGETHER = 200, 50  # those fitted together stay in the processor's cache
LMER = """
d <- read.csv(commandArgs(TRUE)[1])
d$visit <- factor(d$wave)
suppressMessages(library(lme4))
cat(system.time(lmer(y ~ arm * visit + (1 | practice) + (1 | person), d))[["elapsed"]])
"""

PBKRTEST = """
d <- read.csv(commandArgs(TRUE)[1])
d$visit <- factor(d$wave)
suppressMessages({library(lme4); library(pbkrtest)})
m <- lmer(y ~ arm * visit + (1 | practice) + (1 | person), d)
p <- length(fixef(m))
once <- system.time({
  adjusted <- vcovAdj(m)
  for (i in 1:p) Lb_ddf(diag(p)[i, ], vcov(m), adjusted)
})[["elapsed"]]
each <- system.time(for (i in 1:p) KRmodcomp(m, diag(p)[i, , drop = FALSE]))[["elapsed"]]
cat(once, each)
"""


def rows(people: int, practices: int) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(people + practices)
    practice = np.repeat(np.arange(practices), people // practices)
    n = len(practice)
    last = 1 + rng.binomial(WAVES - 1, 0.88, size=n)
    seen = (np.arange(WAVES) < last[:, None]) & (rng.random((n, WAVES)) > 0.03)
    seen[:, 0] = True
    person, wave = np.nonzero(seen)
    by = practice if practices > 1 else np.arange(n)
    arm = (by % 2).astype(float)[person]
    effect = 0.5 * rng.normal(size=practices)[practice] + 2 * rng.normal(size=n)
    dummies = [(wave == w).astype(float) for w in range(1, WAVES)]
    return {
        "x": np.column_stack([np.ones(len(wave)), arm, *dummies, *(arm * d for d in dummies)]),
        "y": effect[person] + 1.7 * rng.normal(size=len(wave)),
        "person": person,
        "wave": wave,
        "cluster": practice[person],
    }


def moments(data: dict[str, np.ndarray], practices: int):
    return gather_moments(**data, waves=WAVES, clusters=practices)


def model(structure: str, effect: str) -> CovarianceModel:
    return CovarianceModel(
        structure=structure_of(structure, WAVES),
        groups=1,
        clusters=cluster_effects_of(effect, WAVES),
        cluster_groups=(effect != "none",),
    )


def fit_and_test(data, practices, structure, effect):
    fit = fit_model(moments(data, practices), model(structure, effect))
    inference = infer(fit)
    return [inference.kenward_roger(row[None]).df[0] for row in np.eye(8)]


@pytest.mark.parametrize(
    ("people", "practices", "structure", "effect"),
    [
        (100_000, 2_500, "compound_symmetry", "intercept"),
        (100_000, 1, "unstructured", "none"),
        (600, 15, "unstructured", "wave"),
    ],
)
def test_fit_with_kenward_and_roger_for_every_term(benchmark, people, practices, structure, effect):
    benchmark.group = "from arrays to Kenward and Roger for every term"
    data = rows(people, practices)
    df = benchmark.pedantic(
        fit_and_test, (data, practices, structure, effect), rounds=5, warmup_rounds=1
    )
    assert all(d > 0 for d in df)


@pytest.mark.parametrize("people", [10_000, 1_000_000])
def test_one_evaluation(benchmark, people):
    benchmark.group = "one evaluation with all derivatives, 15 practices"
    ready = conditioned(moments(rows(people, 15), 15))
    held = model("unstructured", "wave")
    theta = held.begin(np.eye(WAVES)[None])

    def once():
        sigma, g, e, f = held.with_slopes(theta)
        at = evaluate_criterion(ready, held.clusters.effects, sigma, g, reml=True)
        return differentiate(ready, held.clusters.effects, at, e, f, reml=True).score

    assert np.isfinite(benchmark.pedantic(once, rounds=50, warmup_rounds=5)).all()


@pytest.mark.parametrize("effect", ["wave", "intercept"])
def test_replicates_of_one_design(benchmark, effect):
    benchmark.group = "200 replicates, 600 people, unstructured, both rules of the boundary"
    data = rows(600, 15)
    codes = {name: data[name] for name in ("person", "wave", "cluster")}
    layout = lay_out(data["x"], **codes, waves=WAVES, clusters=15)
    rng = np.random.default_rng(200)
    people = 2 * rng.normal(size=(600, REPLICATES))[data["person"]]
    practices = 0.5 * rng.normal(size=(15, REPLICATES))[data["cluster"]]
    y = people + practices + 1.7 * rng.normal(size=(len(data["y"]), REPLICATES))
    held = model("unstructured", effect)

    def once():
        found = []
        for start in range(0, REPLICATES, TOGETHER):
            fit = fit_model(replicated_moments(layout, y[:, start : start + TOGETHER]), held)
            rules = [infer(fit, boundary=rule) for rule in ("keep", "conditional")]
            found += [rule.kenward_roger(np.eye(8)[[7]]).df for rule in rules]
        return np.concatenate(found)

    df = benchmark.pedantic(once, rounds=5, warmup_rounds=1)
    assert len(df) == 2 * REPLICATES
    assert (df > 0).all()


def in_r(program: str, data: dict[str, np.ndarray], folder: Path) -> list[float]:
    """Seconds that an R program tells; skipped where R or its package is not here."""
    if shutil.which("Rscript") is None:
        pytest.skip("R is not here, so there is nothing to compare with.")
    table = folder / "rows.csv"
    columns = [data["y"], data["x"][:, 1], data["wave"], data["person"], data["cluster"]]
    header = "y,arm,wave,person,practice"
    np.savetxt(table, np.column_stack(columns), delimiter=",", header=header, comments="")
    found = subprocess.run(
        ["Rscript", "-e", program, str(table)], capture_output=True, text=True, check=False
    )
    if found.returncode:
        pytest.skip("R has no such package here.")
    return [float(number) for number in found.stdout.split()]


def test_beside_lme4(benchmark, tmp_path, capsys):
    benchmark.group = "nested model, 100,000 people"
    data = rows(100_000, 2_500)
    benchmark.pedantic(
        fit_and_test, (data, 2_500, "compound_symmetry", "intercept"), rounds=5, warmup_rounds=1
    )
    ours = benchmark.stats["min"]
    (theirs,) = in_r(LMER, data, tmp_path)
    with capsys.disabled():
        said = f"lme4 fit alone {theirs:.2f} s; ours with every df {ours:.3f} s"
        sys.stdout.write(f"\n{said}: {theirs / ours:.0f} times\n")


def test_kenward_and_roger_alone_beside_pbkrtest(benchmark, tmp_path, capsys):
    benchmark.group = "Kenward and Roger of every term after the fit, 1,000 people"
    data = rows(1_000, 25)
    fit = fit_model(moments(data, 25), model("compound_symmetry", "intercept"))

    def once():
        inference = infer(fit)
        return [inference.kenward_roger(row[None]).df[0] for row in np.eye(8)]

    assert all(df > 0 for df in benchmark.pedantic(once, rounds=20, warmup_rounds=2))
    ours = benchmark.stats["min"]
    once_for_all, each = in_r(PBKRTEST, data, tmp_path)
    with capsys.disabled():
        said = f"KRmodcomp of each term {each:.1f} s, adjusted once {once_for_all:.2f} s"
        times = f"{each / ours:.0f} and {once_for_all / ours:.0f} times"
        sys.stdout.write(f"\npbkrtest: {said}; ours {1000 * ours:.2f} ms: {times}\n")
