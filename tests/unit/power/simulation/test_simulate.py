"""Power by simulation: the formula, dropout, workers, resuming, failures and refusals."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from splw_eval import power
from splw_eval.power.checks import DesignError
from splw_eval.power.simulation import running as home
from splw_eval.power.simulation.analyses import Asked, analyse_batch
from splw_eval.power.simulation.counting import result_of
from splw_eval.power.simulation.drawing import draw_cells
from splw_eval.power.simulation.ready import ready_to_draw
from splw_eval.power.simulation.rows import draw_rows, summed
from splw_eval.power.simulation.running import simulate
from splw_eval.power.simulation.shapes import Shape

MEANS: dict[str, Any] = {"icc": 0.05, "sd": 1.0, "diff": 0.35}
VISITS = {"visits": [0, 3, 12], "dropout": [0, 0.1, 0.3], "iac": 0.5, "cac": 0.8}
DESIGNS = [
    ("parallel", {"clusters": 12, "size": 15, **MEANS}),
    ("parallel", {"clusters": 12, "size": 15, "p0": 0.4, "p1": 0.6, "icc": 0.05}),
    (
        "baseline",
        {"clusters": 10, "size": 15, "cac": 0.8, "iac": 0.5, "sampling": "cohort", **MEANS},
    ),
    ("baseline", {"clusters": 10, "size": 15, "cac": 0.8, "baseline": "change", **MEANS}),
    ("did", {"clusters": 10, "size": 15, "cac": 0.8, **MEANS}),
    ("cohort", {"clusters_arm": [4, 6], "size": 15, **VISITS, **MEANS}),
    ("cohort", {"clusters": 10, "size": 15, "baseline": "change", **VISITS, **MEANS}),
    ("cohort", {"clusters": 10, "size": 15, "baseline": "ancova", **VISITS, **MEANS}),
    ("cohort", {"clusters": 10, "size": 15, "baseline": "none", **VISITS, **MEANS}),
    ("cohort", {"clusters": 10, "size": 15, "contrast": "slope", **VISITS, **MEANS}),
    ("cohort", {"clusters": 10, "size": 15, "intermittent": True, **VISITS, **MEANS}),
    ("crossover", {"clusters": 8, "size": 10, "cac": 0.8, **MEANS}),
    ("stepped-wedge", {"clusters": 6, "steps": 3, "size": 12, "cac": 0.8, **MEANS}),
    (
        "stepped-wedge",
        {"clusters": 6, "steps": 3, "size": 8, "cac": 0.9, "iac": 0.5, "decay": True, **MEANS},
    ),
    (
        "matrix",
        {
            "matrix": [[0, 1, np.nan], [np.nan, 0, 1]],
            "clusters": 8,
            "size": 20,
            "cac": 0.8,
            **MEANS,
        },
    ),
    ("partially-nested", {"clusters": 8, "size": 10, "controls": 60, **MEANS}),
    ("partially-nested", {"clusters": 8, "size": 10, "controls": 60, **VISITS, **MEANS}),
    ("partially-nested", {"clusters": 8, "size": 10, "controls": 60, "sd_is": "residual", **MEANS}),
    ("individual", {"patients": 100, "diff": 0.5, "sd": 1.0}),
    (
        "individual",
        {
            "patients": 100,
            "diff": 0.4,
            "sd": 1.0,
            "visits": [0, 3, 12],
            "iac": 0.5,
            "baseline": "clda",
            "dropout": [0, 0.1, 0.2],
        },
    ),
    ("pre-post", {"patients": 60, "diff": 0.3, "sd": 1.0, "iac": 0.5}),
    ("pre-post", {"clusters": 8, "size": 10, "iac": 0.5, "cac": 0.7, "icc": 0.05, "diff": 0.3}),
]


def cohort(**other):
    return power.design(
        "cohort", **{"clusters_arm": [7, 8], "size": 12, **VISITS, **MEANS, **other}
    )


def batch_of(design, shape=None, **asked):
    trial = ready_to_draw(design)
    given = {"analysis": "mixed", "df": "satterthwaite", "boundary": "keep", "alpha": 0.05}
    how = Asked(**{**given, "imputations": 5, **asked})
    return analyse_batch(trial, shape or Shape(), how, 1, 0, 40)


@pytest.mark.parametrize(("kind", "options"), DESIGNS)
def test_power_with_known_variances_is_that_of_the_formula(kind, options):
    found = simulate(power.design(kind, **options), 6_000, seed=11, df="known-variance")
    assert found.failures == 0
    assert found.formula_rule == "z"
    assert abs(found.power - found.formula) < 3 * found.mc_error
    assert abs(found.coverage - 0.95) < 3 * np.sqrt(0.95 * 0.05 / 6_000)
    assert found.mean_std_error == pytest.approx(found.sd_estimate, rel=0.04)


@pytest.mark.parametrize(("kind", "options"), DESIGNS)
def test_the_fitted_model_is_free_of_bias_and_holds_its_coverage(kind, options):
    found = simulate(power.design(kind, **options), 500, seed=2, df="kenward-roger")
    assert found.failures <= 2
    assert abs(found.mean_estimate - found.effect) < 4 * found.sd_estimate / np.sqrt(500)
    assert 0.91 < found.coverage <= 1


def test_any_number_of_workers_gives_the_same_numbers():
    design = cohort()
    one, two = (simulate(design, 600, seed=3, workers=workers) for workers in (1, 2))
    assert one.to_dict() == two.to_dict()


def test_the_first_trials_of_a_longer_run_are_those_of_a_shorter_one(monkeypatch):
    seen = []

    def kept(rows, *others):
        seen.append(rows)
        return result_of(rows, *others)

    monkeypatch.setattr(home, "result_of", kept)
    simulate(cohort(), 100, seed=3)
    simulate(cohort(), 300, seed=3)
    assert (seen[1][:100, :4] == seen[0][:, :4]).all()


def test_another_seed_gives_other_numbers():
    first, second = (simulate(cohort(), 250, seed=seed).mean_estimate for seed in (1, 2))
    assert first != second


def test_a_run_that_was_stopped_goes_on_to_the_same_numbers(tmp_path):
    file, design = tmp_path / "batches.npz", cohort()

    def stop(done: int, _: int) -> None:
        if done == 500:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        simulate(design, 1_000, seed=4, resume=file, progress=stop)
    left = []
    again = simulate(design, 1_000, seed=4, resume=file, progress=lambda done, _: left.append(done))
    assert left == [750, 1_000]
    assert again.to_dict() == simulate(design, 1_000, seed=4).to_dict()
    assert [one.name for one in tmp_path.iterdir()] == ["batches.npz"]


@pytest.mark.parametrize(
    ("other", "options"), [({}, {"seed": 5}), ({"icc": 0.06}, {}), ({}, {"df": "k-2"})]
)
def test_a_file_of_something_else_is_refused(tmp_path, other, options):
    file = tmp_path / "batches.npz"
    simulate(cohort(), 250, seed=4, resume=file)
    with pytest.raises(DesignError, match="another design, analysis or seed"):
        simulate(cohort(**other), 250, resume=file, **{"seed": 4, **options})


def test_a_file_that_holds_no_batches_is_refused(tmp_path):
    file = tmp_path / "batches.npz"
    file.write_text("nothing")
    with pytest.raises(DesignError, match="holds no batches"):
        simulate(cohort(), 250, resume=file)


def test_a_file_that_was_cut_short_is_refused(tmp_path):
    file = tmp_path / "batches.npz"
    simulate(cohort(), 250, resume=file)
    file.write_bytes(file.read_bytes()[:400])
    with pytest.raises(DesignError, match="holds no batches"):
        simulate(cohort(), 250, resume=file)


def test_a_folder_that_is_not_there_is_told_before_anything_is_drawn(tmp_path):
    with pytest.raises(DesignError, match="no folder"):
        simulate(cohort(), 250, resume=tmp_path / "nowhere" / "batches.npz")


def test_progress_is_told():
    told = []
    simulate(cohort(), 600, progress=lambda done, whole: told.append((done, whole)))
    assert told == [(250, 600), (500, 600), (600, 600)]


def test_shares_lost_are_those_of_the_design():
    design = cohort(dropout_control=[0, 0.2, 0.5], size=200)
    cells = draw_cells(ready_to_draw(design), 50, np.random.default_rng(1))
    there = np.einsum("kjb,jt->kt", cells.counts, cells.seen.astype(float)) / (50 * 200)
    programme = np.arange(15) < 7
    assert there[programme].mean(axis=0) == pytest.approx([1, 0.9, 0.7], abs=0.01)
    assert there[~programme].mean(axis=0) == pytest.approx([1, 0.8, 0.5], abs=0.01)


def test_rows_and_sums_are_drawn_alike():
    trial = ready_to_draw(cohort())
    by_sums = draw_cells(trial, 400, np.random.default_rng(5))
    by_rows = summed(trial, Shape(), draw_rows(trial, Shape(), 400, np.random.default_rng(6)))
    assert (by_sums.seen == by_rows.seen).all()
    for name in ("counts", "products"):
        first, second = getattr(by_sums, name), getattr(by_rows, name)
        error = np.sqrt((first.var(axis=-1) + second.var(axis=-1)) / 400)
        apart = np.abs(first.mean(axis=-1) - second.mean(axis=-1))
        assert (apart <= 4.5 * error).all()
    spread = [np.mean([one.sums.var(axis=-1)]) for one in (by_sums, by_rows)]
    assert spread[0] == pytest.approx(spread[1], rel=0.05)


def test_people_with_low_scores_are_lost_first():
    trial = ready_to_draw(cohort(size=100))
    shape = Shape(loss_by_score=0.8)
    rows = draw_rows(trial, shape, 5, np.random.default_rng(2))
    scores = np.concatenate([one.scores for one in rows])
    gone = np.isnan(scores[:, 1])
    assert gone.mean() == pytest.approx(0.1, abs=0.02)
    assert scores[gone, 0].mean() < scores[~gone, 0].mean() - 0.5


def test_scores_stay_within_the_limits_and_the_effect_shrinks():
    trial = ready_to_draw(cohort())
    shape = Shape(limits=(0.0, 3.0), level=0.5)
    rows = draw_rows(trial, shape, 3, np.random.default_rng(2))
    scores = np.concatenate([one.scores.ravel() for one in rows])
    assert np.nanmin(scores) == 0
    found = simulate(cohort(), 500, limits=(0.0, 3.0), level=0.5)
    assert 0 < found.effect < 0.35
    assert abs(found.mean_estimate - found.effect) < 4 * found.sd_estimate / np.sqrt(500)


def test_skewed_deviations_have_the_skewness_that_was_asked():
    normal = np.random.default_rng(3).standard_normal(400_000)
    for skew in (1.0, -2.0):
        drawn = Shape(skew=skew).deviations(normal)
        assert drawn.mean() == pytest.approx(0, abs=0.01)
        assert drawn.std() == pytest.approx(1, abs=0.02)
        assert (drawn**3).mean() == pytest.approx(skew, rel=0.15)


def test_sizes_of_clusters_vary_as_much_as_was_asked():
    design = power.design("parallel", clusters=40, size=50, cv=0.6, **MEANS)
    cells = draw_cells(ready_to_draw(design), 50, np.random.default_rng(1))
    people = cells.counts.sum(axis=1)
    assert people.mean() == pytest.approx(50, rel=0.03)
    assert people.std() / people.mean() == pytest.approx(0.6, abs=0.03)


def test_listed_sizes_are_drawn_as_they_are():
    sizes = [5.0] * 7 + [20.0] * 8
    found = simulate(cohort(), 250, sizes=sizes)
    assert any("formula knows nothing" in note for note in found.notes)
    with pytest.raises(DesignError, match="not one number for each cluster"):
        simulate(cohort(), 250, sizes=[3.0])


def test_failures_are_counted_told_and_do_not_reject(monkeypatch):
    whole = simulate(cohort(), 250, seed=9)

    def failing(*args):
        found = analyse_batch(*args)
        found.good[:50] = False
        return found

    monkeypatch.setattr(home, "analyse_batch", failing)
    found = simulate(cohort(), 250, seed=9)
    assert found.failures == 50
    assert found.n_trials == 250
    assert found.power < whole.power
    assert "50 of 250 trials gave no answer" in repr(found)


def test_without_any_answer_power_is_not_known(monkeypatch):
    def failing(*args):
        found = analyse_batch(*args)
        found.good[:] = False
        return found

    monkeypatch.setattr(home, "analyse_batch", failing)
    found = simulate(cohort(), 250)
    assert found.failures == 250
    assert np.isnan([found.power, found.mc_error, found.conf_low, found.mean_estimate]).all()
    assert "None of 250 trials gave an answer" in repr(found)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("parallel", {"clusters": 4, "size": 1, "icc": 0.3, "sd": 1, "diff": 1.0}),
        ("parallel", {"clusters": 4, "size": 2, "icc": 0.01, "p0": 0.02, "p1": 0.05}),
        ("parallel", {"clusters": 6, "size": 3, "icc": 0.9, "cv": 2.0, "sd": 1, "diff": 1.0}),
        ("cohort", {"clusters": 4, "size": 2, **VISITS, **MEANS, "dropout": [0, 0.6, 0.9]}),
        ("partially-nested", {"clusters": 4, "size": 2, "controls": 3, **MEANS}),
        (
            "individual",
            {
                "patients": 12,
                "visits": [0, 3, 12],
                "dropout": [0, 0.4, 0.6],
                "iac": 0.5,
                "baseline": "clda",
                "sd": 1,
                "diff": 1.0,
            },
        ),
    ],
)
def test_trials_too_small_for_their_model_are_failures_and_no_faults(kind, options):
    found = simulate(power.design(kind, **options), 250)
    assert (found.failures == 250) == np.isnan(found.power)
    assert (found.failures > 0) == ("250 trials gave" in repr(found))


def test_without_an_effect_the_test_keeps_its_size():
    found = simulate(cohort(), 2_000, seed=6, no_effect=True, df="kenward-roger")
    assert found.effect == 0
    assert abs(found.power - 0.05) < 0.02
    assert abs(found.power + found.coverage - 1) < 1e-12


@pytest.mark.parametrize("analysis", ["two-stage", "permutation", "cr2"])
def test_analyses_of_a_parallel_trial_agree_with_k_less_2(analysis):
    design = power.design("parallel", clusters_arm=[7, 8], size=20, **MEANS)
    found = simulate(design, 1_000, seed=8, analysis=analysis)
    assert found.failures == 0
    assert abs(found.power - found.formula) < 4 * found.mc_error
    assert abs(found.coverage - 0.95) < 0.03


def test_covariance_analysis_of_means_uses_the_baseline():
    found = simulate(cohort(dropout=None), 1_000, seed=8, analysis="ancova")
    assert abs(found.mean_estimate - 0.35) < 4 * found.sd_estimate / np.sqrt(1_000)
    assert found.mean_df == 12


def test_the_wild_bootstrap_gives_an_answer_for_each_trial():
    found = batch_of(power.design("parallel", clusters=8, size=10, **MEANS), analysis="wild")
    assert found.good.all()
    assert ((found.p_value > 0) & (found.p_value <= 1)).all()


def test_imputation_agrees_with_the_mixed_model_of_what_was_seen():
    design = cohort(size=15)
    found = simulate(design, 10, seed=3, analysis="imputation", imputations=5)
    assert found.failures == 0
    assert found.mean_estimate == pytest.approx(0.35, abs=0.25)


REFUSED = [
    ({"n_trials": 0}, "n_trials"),
    ({"n_trials": 2.5}, "n_trials"),
    ({"seed": -1}, "seed"),
    ({"workers": 0}, "workers"),
    ({"boundary": "drop"}, "boundary"),
    ({"analysis": "guess"}, "guess"),
    ({"df": "foo"}, "foo"),
    ({"analysis": "two-stage"}, "leaves the baseline out"),
    ({"limits": (3, 1)}, "lowest and highest"),
    ({"skew": 9}, "skew"),
    ({"loss_by_score": 1.0}, "loss_by_score"),
    ({"effect_by_visit": [1]}, "effect_by_visit"),
    ({"analysis": "imputation", "imputations": 1}, "imputations"),
]


@pytest.mark.parametrize(("options", "told"), REFUSED)
def test_silly_options_are_refused(options, told):
    with pytest.raises(DesignError, match=told):
        simulate(cohort(), **{"n_trials": 10, **options})


@pytest.mark.parametrize(
    ("kind", "options", "told"),
    [
        ("parallel", {"clusters": 12, "size": 15, "icc": 0.05, "power": 0.8}, "diff"),
        ("parallel", {"clusters": 12, "icc": 0.05, "d": 0.4, "power": 0.8}, "size"),
        ("parallel", {"clusters": 12, "size": 15.5, "icc": 0.05, "d": 0.4}, "whole"),
        ("parallel", {"clusters": 12, "size": 15, "icc": -0.01, "d": 0.4}, "below 0"),
        ("parallel", {"clusters": 12, "size": 15, "icc": [0.01, 0.05], "d": 0.4}, "several"),
        ("slopes", {"patients": 100, "visits": [0, 1, 2], "slope_diff": 0.1}, "not drawn"),
    ],
)
def test_designs_that_cannot_be_drawn_are_refused(kind, options, told):
    if kind == "slopes":
        options |= {"sd_intercept": 1.0, "sd_slope": 0.2, "sd_residual": 1.0}
    with pytest.raises(DesignError, match=told):
        simulate(power.design(kind, **options), 10)


def test_the_record_becomes_one_row():
    frame = simulate(cohort(), 250).to_frame()
    assert len(frame) == 1
    assert {"power", "mc_error", "failures", "coverage", "seed", "method"} <= set(frame.columns)
