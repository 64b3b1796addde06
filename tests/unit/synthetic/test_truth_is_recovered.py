"""What a programme was made with can be found again in its tables, within chance."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from splw_eval import synthetic
from splw_eval.synthetic.questionnaires import QUESTIONNAIRES
from tests.unit.synthetic.given_programme import icc, many, scores

MULTI_WAVE = ("baseline", "month_3", "month_12", "month_18")
# SE of an ICC of 200 groups of 40 people is about 0.006; four of them.
ICC_OFF = 0.024


@pytest.fixture(scope="module")
def made():
    return many(icc=0.05, worker_icc=0.0, cac=0.6)


@pytest.fixture(scope="module")
def found(made):
    return scores(made)


@pytest.mark.parametrize("outcome", QUESTIONNAIRES)
def test_practices_are_as_unlike_as_asked(found, outcome):
    assert icc(found[found.wave == "baseline"], outcome) == pytest.approx(0.05, abs=ICC_OFF)


def test_practices_are_as_unlike_as_asked_on_average(found):
    held = [icc(found[found.wave == w], o) for w in MULTI_WAVE for o in QUESTIONNAIRES]
    # 36 estimates, of which those of one practice go together: not far below one SE of one.
    assert np.mean(held) == pytest.approx(0.05, abs=0.01)


def test_practices_change_from_wave_to_wave_as_asked(found):
    lasting = []
    for outcome in QUESTIONNAIRES:
        first, second = (
            found[found.wave == w].groupby(["arm", "cluster"])[outcome].mean().unstack(0)
            for w in ("baseline", "month_12")
        )
        one, other = ((f - f.mean()).stack() for f in (first, second))
        within = found[found.wave == "baseline"].groupby("cluster")[outcome].var().mean()
        # Covariance of practice means: what stays of the practice, and the people themselves.
        of_people = 0.55 - 0.05 * 0.6
        lasting.append(((one * other).mean() - of_people * within / 0.95 / 40) / (within / 0.95))
    # Share of the variance that is the practice's at every wave: ICC times autocorrelation.
    assert np.mean(lasting) == pytest.approx(0.05 * 0.6, abs=0.01)


@pytest.mark.parametrize("outcome", QUESTIONNAIRES)
@pytest.mark.parametrize("waves", [("baseline", "month_3"), ("month_3", "month_18")])
def test_scores_of_one_person_go_together_as_asked(found, outcome, waves):
    first, second = (found[found.wave == w].set_index("person")[outcome] for w in waves)
    both = first.index.intersection(second.index)
    one, other = (s[both].to_numpy(dtype=float) for s in (first, second))
    usable = ~np.isnan(one) & ~np.isnan(other)
    # Four SEs of a correlation of 8,000 pairs, and as much for practices that go together.
    together = np.corrcoef(one[usable], other[usable])[0, 1]
    assert together == pytest.approx(0.55, abs=0.06)


@pytest.mark.parametrize("outcome", QUESTIONNAIRES)
def test_the_effect_is_what_the_same_seed_without_it_lacks(outcome):
    """With one seed everything but the effect is the same, so little is left to chance."""
    asked = dict.fromkeys(QUESTIONNAIRES, 0.3)
    with_it, without = many(effect=asked), many(effect={})
    truth = with_it.truth.effect_in_points[outcome]
    for wave, points in zip(MULTI_WAVE[1:], truth, strict=True):
        one, other = (_mean(m, outcome, "programme", wave) for m in (with_it, without))
        assert one - other == pytest.approx(points, rel=0.06), wave
        same = [_mean(m, outcome, "comparison", wave) for m in (with_it, without)]
        assert same[0] == same[1]
    start = [_mean(m, outcome, "programme", "baseline") for m in (with_it, without)]
    assert start[0] == start[1]


_SCORED: dict[int, Any] = {}


def _mean(made, outcome: str, arm: str, wave: str) -> float:
    key = hash(tuple(made.truth.effect.values()))
    if key not in _SCORED:
        _SCORED[key] = scores(made).groupby(["arm", "wave"]).mean(numeric_only=True)
    return float(_SCORED[key].loc[(arm, wave), outcome])


def test_effects_are_in_sds_of_the_score(made):
    truth = many(effect={"swemwbs": 0.25}).truth
    assert truth.effect_in_points["swemwbs"][-1] == pytest.approx(0.25 * truth.sd["swemwbs"], 0.01)
    assert truth.effect["phq9"] == 0


def test_link_workers_are_as_unlike_as_asked_after_baseline_only():
    made = many(icc=0.0, worker_icc=0.08, practices=(200, 1), people=(40, 40))
    found, people = scores(made), made.tables["people"].set_index("person")
    found["worker"] = people.link_worker.reindex(found.person).to_numpy(dtype=object)
    seen = found[found.worker.notna().to_numpy() & (found.arm == "programme")]
    by_wave = {
        wave: np.mean([icc(seen[seen.wave == wave], o, "worker") for o in QUESTIONNAIRES])
        for wave in MULTI_WAVE
    }
    assert by_wave["baseline"] == pytest.approx(0, abs=0.01)
    for wave in MULTI_WAVE[1:]:
        assert by_wave[wave] == pytest.approx(0.08, abs=0.02)


# Who is lost.


@pytest.fixture(scope="module")
def losing():
    lost = {"programme": (0.2, 0.3, 0.5), "comparison": (0.1, 0.15, 0.25)}
    return many(dropout=lost, intermittent=0.05, never_start=0.03)


def test_as_many_are_lost_as_asked(losing):
    people = losing.tables["people"].groupby("arm").size()
    answered = losing.tables["measures"].drop_duplicates(["person", "wave"])
    arms = losing.tables["people"].set_index("person").arm.reindex(answered.person)
    held = answered.groupby([arms.to_numpy(dtype=object), "wave"]).size()
    for arm, lost in losing.truth.settings.dropout.items():
        for wave, share in zip(MULTI_WAVE[1:], lost, strict=True):
            # Only who misses one wave is left to chance: four SEs of 5% of 4,000 people.
            assert 1 - held[arm, wave] / people[arm] == pytest.approx(share, abs=0.014)


def test_some_come_back_and_some_never_start(losing):
    measures, people = losing.tables["measures"], losing.tables["people"]
    waves = measures.drop_duplicates(["person", "wave"]).groupby("person").wave.agg(set)
    back = waves.map(lambda held: "month_12" not in held and "month_18" in held)
    never = 1 - len(waves) / len(people)
    assert back.mean() == pytest.approx(0.05 * 0.6, abs=0.015)
    assert never == pytest.approx(0.03, abs=0.01)


def test_the_distressed_are_lost_more_often_and_so_are_those_whose_link_worker_left(losing):
    found, episodes = scores(losing), losing.tables["episodes"]
    here = set(found.person[found.wave == "month_18"])
    start = found[(found.wave == "baseline") & (found.arm == "programme")]
    stayed = start.person.isin(here)
    assert start.phq9[~stayed].mean() - start.phq9[stayed].mean() > 1
    changed = _changed(losing) & set(start.person)
    assert len(changed) > 100
    lost = {person in here for person in changed}
    assert lost == {True, False}
    share = np.mean([person in here for person in changed])
    others = np.mean([p in here for p in start.person if p not in changed])
    assert others - share > 0.1
    assert set(episodes.person) >= changed


def _changed(made) -> set[str]:
    log = made.tables["contacts"].merge(made.tables["episodes"][["episode", "person"]])
    workers = log.groupby("person").link_worker.nunique()
    return set(workers.index[workers > 1])


def test_given_baseline_and_link_worker_the_lost_are_like_those_who_stay():
    """Missing at random: later scores that nobody lost would show differ only by those."""
    lost = {"programme": (0.2, 0.3, 0.5), "comparison": (0.2, 0.3, 0.5)}
    none = {"programme": (0, 0, 0), "comparison": (0, 0, 0)}
    # Within one score of distress at baseline, in the arm without link workers.
    full, part = (scores(many(dropout=d)) for d in (none, lost))
    later = full[(full.wave == "month_18") & (full.arm == "comparison")].set_index("person")
    start = full[full.wave == "baseline"].set_index("person").phq9.reindex(later.index)
    stayed = later.index.isin(set(part.person[part.wave == "month_18"]))
    gaps, weights = [], []
    for total in range(28):
        band = (start == total).to_numpy()
        if min((band & stayed).sum(), (band & ~stayed).sum()) > 5:
            one, other = later.swemwbs[band & stayed], later.swemwbs[band & ~stayed]
            gaps.append(one.mean() - other.mean())
            weights.append(1 / (one.var() / len(one) + other.var() / len(other)))
    gap = np.average(gaps, weights=weights)
    assert abs(gap) < 3.5 / np.sqrt(np.sum(weights))
    crude = later.swemwbs[stayed].mean() - later.swemwbs[~stayed].mean()
    assert crude > 3 / np.sqrt(np.sum(weights))


def test_people_of_the_programme_use_their_practice_less_afterwards_as_others_do():
    """Nothing works on service use: whatever falls after referral is regression to the mean."""
    made = synthetic.programme(seed=3, practices=(40, 40), people=(40, 40))
    use = made.tables["service_use"]
    arm = made.tables["people"].set_index("person").arm.reindex(use.person)
    half = np.tile(np.repeat([0, 1], 12), len(use) // 24)
    means = use.gp_contacts.astype(float).groupby([arm.to_numpy(dtype=object), half]).mean()
    near = np.tile(np.arange(-12, 12), len(use) // 24)
    peak = use.gp_contacts[(near == -1)].astype(float).mean()
    assert peak > 1.8 * use.gp_contacts[near < -4].astype(float).mean()
    fall = {a: means[a, 1] - means[a, 0] for a in ("programme", "comparison")}
    assert fall["programme"] == pytest.approx(fall["comparison"], abs=0.04)
