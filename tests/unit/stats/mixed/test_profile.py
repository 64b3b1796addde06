"""Profile intervals of ratios of variances: what they keep, where they end, and at zero."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from splw_eval.core.errors import FitError
from splw_eval.stats.mixed.cluster_effects import cluster_effects_of
from splw_eval.stats.mixed.constrained import fit_constrained
from splw_eval.stats.mixed.covariance_model import CovarianceModel
from splw_eval.stats.mixed.held_ratios import begin_constrained
from splw_eval.stats.mixed.model_fit import ModelFit, fit_model
from splw_eval.stats.mixed.moments import Moments, gather_moments
from splw_eval.stats.mixed.profile import (
    intervals_of_ratio,
    intervals_of_ratios,
    profile_deviance,
)
from splw_eval.stats.mixed.ratios import (
    AUTOCORRELATION,
    BETWEEN,
    EVERY_WAVE,
    NEIGHBOURING,
    Ratio,
    ratios_of,
    stacked,
)
from splw_eval.stats.mixed.structures import STRUCTURES, structure_of

WAVES = ("0", "6", "12")
CUT = 3.841458820694124  # chi-squared, one degree of freedom, 95 %
# An end is found to 1e-6 at least; the deviance there may be off by that times its slope.
AT_END = 2e-3
EFFECTS = ("intercept", "wave", "unstructured", "decay")


def moments(
    seed: int = 3,
    *,
    icc: float = 0.15,
    scale: float = 1.0,
    shift: float = 0.0,
    arms: tuple[int, ...] = (),
) -> Moments:
    """Twelve practices of 12 people, three waves, some people lost; all, or some arms apart."""
    rng = np.random.default_rng(seed)
    clusters, size = 12, 12
    cluster = np.repeat(np.arange(clusters), size)
    y = np.sqrt(0.5) * rng.normal(size=(len(cluster), 1)) + np.sqrt(0.5) * rng.normal(
        size=(len(cluster), 3)
    )
    own = np.sqrt(0.7) * rng.normal(size=(clusters, 1)) + np.sqrt(0.3) * rng.normal(
        size=(clusters, 3)
    )
    y = np.sqrt(1 - icc) * y + np.sqrt(icc) * own[cluster]
    last = rng.choice([1, 2, 3], size=len(cluster), p=[0.1, 0.1, 0.8])
    arm = cluster % 2
    here = np.isin(arm, arms or (0, 1))
    person, wave = np.nonzero((np.arange(3) < last[:, None]) & here[:, None])
    apart = len(arms) == 2
    return gather_moments(
        np.eye(6)[wave + 3 * arm[person]] if apart else np.eye(3)[wave],
        scale * y[person, wave] + shift,
        person=person,
        wave=wave,
        cluster=cluster[person],
        waves=3,
        clusters=clusters,
        group=arm[person] if apart else None,
        cluster_group=np.arange(clusters) % 2 if apart else None,
    )


def model(
    structure: str = "unstructured",
    effect: str = "wave",
    *,
    groups: int = 1,
    cluster_groups: tuple[bool, ...] = (True,),
) -> CovarianceModel:
    return CovarianceModel(
        structure=structure_of(structure, 3),
        groups=groups,
        clusters=cluster_effects_of(effect, 3),
        cluster_groups=cluster_groups,
    )


def named(of: CovarianceModel, name: str) -> Ratio:
    return next(ratio for ratio in ratios_of(of, WAVES) if ratio.name == name)


def held(fitted: ModelFit, ratio: Ratio, value: float):
    rows = stacked([ratio])
    begin = begin_constrained(fitted, 1)
    return fit_constrained(fitted, rows, np.array([value]), begin)


@pytest.mark.parametrize("effect", EFFECTS)
@pytest.mark.parametrize("structure", STRUCTURES)
def test_ratios_are_those_of_the_matrices(structure, effect):
    of = model(structure, effect)
    theta = of.begin(np.eye(3)[None] + 0.4)
    theta = theta * np.random.default_rng(1).uniform(0.9, 1.1, theta.shape)
    sigma, g = of.matrices(theta)
    effects = of.clusters.effects
    between = effects @ g[0, 0] @ effects.T
    total = np.diag(sigma[0, 0] + between)
    apart = between[~np.eye(3, dtype=bool)].mean()
    truth = {f"ICC at wave {wave}": between[t, t] / total[t] for t, wave in enumerate(WAVES)}
    truth |= {
        EVERY_WAVE: np.trace(between) / total.sum(),
        BETWEEN: apart / total.mean(),
        AUTOCORRELATION: apart / np.diag(between).mean(),
    }
    if effect == "decay":
        truth[NEIGHBOURING] = between[0, 1] / total.mean()
        truth[AUTOCORRELATION] = between[0, 1] / between[0, 0]
    for ratio in ratios_of(of, WAVES):
        top, whole = stacked([ratio]).parts(theta)
        assert top[0] / whole[0] == pytest.approx(truth[ratio.name], rel=1e-12)


def test_there_is_no_autocorrelation_where_it_is_one_by_assumption_and_nothing_without_clusters():
    assert [ratio.name for ratio in ratios_of(model("ar1", "intercept"), WAVES)] == [EVERY_WAVE]
    assert ratios_of(model(effect="none", cluster_groups=(False,)), WAVES) == ()


def test_arms_have_ratios_of_their_own_and_an_arm_without_cluster_effects_has_none():
    both = ratios_of(model(groups=2, cluster_groups=(True, True)), WAVES, ("usual", "offered"))
    names = [ratio.name for ratio in both]
    assert f"{EVERY_WAVE} (usual)" in names
    assert f"{EVERY_WAVE} (offered)" in names
    first, second = (both[names.index(f"{EVERY_WAVE} ({arm})")] for arm in ("usual", "offered"))
    assert not (first.denominator * second.denominator).any()
    one = ratios_of(model(cluster_groups=(False, True)), WAVES, ("usual", "offered"))
    assert {ratio.name.rsplit(" (")[1] for ratio in one} == {"offered)"}


@pytest.mark.parametrize("effect", EFFECTS)
@pytest.mark.parametrize("structure", ["unstructured", "ar1_het", "intercept_slope"])
def test_the_best_fit_with_a_ratio_held_keeps_it_and_no_neighbour_is_better(structure, effect):
    fitted = fit_model(moments(), model(structure, effect))
    ratio = named(fitted.model, EVERY_WAVE)
    found = held(fitted, ratio, 0.3)
    rows = stacked([ratio])
    top, whole = rows.parts(found.theta)
    assert found.converged[0]
    assert top[0] / whole[0] == pytest.approx(0.3, rel=1e-6)
    assert found.deviance[0] > fitted.fit.at.deviance[0]
    near = [
        held(fitted, ratio, 0.3 + step).deviance[0] - found.deviance[0] for step in (-1e-4, 1e-4)
    ]
    assert (near[1] - near[0]) / 2e-4 == pytest.approx(found.slope[0], rel=1e-3)


@pytest.mark.parametrize("effect", EFFECTS)
@pytest.mark.parametrize("reml", [True, False])
def test_the_deviance_has_risen_by_the_cut_off_at_each_end(effect, reml):
    fitted = fit_model(moments(), model("compound_symmetry", effect), reml=reml)
    ratio = named(fitted.model, EVERY_WAVE)
    found = intervals_of_ratio(fitted, ratio.numerator, ratio.denominator)
    assert found.converged
    assert found.low < found.estimate < found.high
    for end, limit in ((found.low, found.at_lower_bound), (found.high, found.at_upper_bound)):
        rise = profile_deviance(fitted, ratio.numerator, ratio.denominator, end)[0]
        assert limit or rise == pytest.approx(CUT, abs=AT_END)


def test_an_arm_with_parameters_of_its_own_has_the_interval_that_it_has_alone():
    both = fit_model(moments(arms=(0, 1)), model(groups=2, cluster_groups=(True, True)))
    ratios = ratios_of(both.model, WAVES, ("usual", "offered"))
    found = intervals_of_ratios(both, ratios)
    for arm, label in enumerate(("usual", "offered")):
        alone = fit_model(moments(arms=(arm,)), model())
        apart = intervals_of_ratios(alone, ratios_of(alone.model, WAVES))
        here = [
            one
            for ratio, one in zip(ratios, found, strict=True)
            if ratio.name.endswith(f"({label})")
        ]
        for one, other in zip(here, apart, strict=True):
            assert [one.low, one.high] == pytest.approx([other.low, other.high], abs=1e-5)


def test_a_wider_level_gives_a_wider_interval():
    fitted = fit_model(moments(), model())
    ratio = named(fitted.model, EVERY_WAVE)
    wide, narrow = (
        intervals_of_ratio(fitted, ratio.numerator, ratio.denominator, conf_level=level)
        for level in (0.99, 0.8)
    )
    assert wide.low < narrow.low
    assert narrow.high < wide.high


@pytest.mark.parametrize("effect", ["intercept", "wave", "decay"])
def test_scale_and_shift_of_the_outcome_do_not_change_an_interval(effect):
    one, other = (
        intervals_of_ratios(fitted, ratios_of(fitted.model, WAVES))
        for fitted in (
            fit_model(moments(), model("compound_symmetry", effect)),
            fit_model(moments(scale=50.0, shift=1e4), model("compound_symmetry", effect)),
        )
    )
    for first, second in zip(one, other, strict=True):
        assert [first.low, first.high] == pytest.approx([second.low, second.high], abs=1e-5)


def test_without_any_variance_of_clusters_the_interval_begins_at_zero_and_says_so():
    fitted = fit_model(moments(seed=8, icc=0.0), model())
    found = dict(
        zip(
            [ratio.name for ratio in ratios_of(fitted.model, WAVES)],
            intervals_of_ratios(fitted, ratios_of(fitted.model, WAVES)),
            strict=True,
        )
    )
    icc, autocorrelation = found[EVERY_WAVE], found[AUTOCORRELATION]
    assert icc.low == 0.0
    assert icc.at_lower_bound
    assert 0 < icc.high < 0.2
    assert (autocorrelation.low, autocorrelation.high) == (0.0, 1.0)
    assert autocorrelation.at_lower_bound
    assert autocorrelation.at_upper_bound


def test_replicates_have_the_profile_that_each_has_alone():
    parts = [moments(seed=3), moments(seed=3, icc=0.02)]
    both = replace(
        parts[0],
        sums=np.concatenate([part.sums for part in _in_one_basis(parts)]),
        products=np.concatenate([part.products for part in _in_one_basis(parts)]),
        basis=np.eye(4),
    )
    ratio = named(model(), EVERY_WAVE)
    together = profile_deviance(
        fit_model(both, model()), ratio.numerator, ratio.denominator, np.array([0.05, 0.1])
    )
    for place, value in enumerate((0.05, 0.1)):
        alone = fit_model(parts[place], model())
        rise = profile_deviance(alone, ratio.numerator, ratio.denominator, value)
        assert together[place] == pytest.approx(rise[0], abs=1e-5)


def _in_one_basis(parts: list[Moments]) -> list[Moments]:
    found = []
    for part in parts:
        back = np.linalg.inv(part.basis)
        found.append(
            replace(
                part, sums=part.sums @ back, products=back.T @ part.products @ back, basis=np.eye(4)
            )
        )
    return found


def test_intervals_are_refused_for_several_replicates_at_once():
    one = _in_one_basis([moments()])[0]
    two = replace(
        one, sums=np.repeat(one.sums, 2, axis=0), products=np.repeat(one.products, 2, axis=0)
    )
    fitted = fit_model(two, model())
    with pytest.raises(FitError, match="one fit at a time"):
        intervals_of_ratios(fitted, ratios_of(fitted.model, WAVES))
