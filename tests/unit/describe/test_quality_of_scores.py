"""Alpha by wave, both ends of the scale, and totals beside items, against sums done by hand."""

from __future__ import annotations

import numpy as np
import pytest

from splw_eval.appraisal import mask
from splw_eval.core.plan import FromColumn
from splw_eval.describe import describe_agreement, describe_floor, describe_reliability
from splw_eval.describe.reliability import NOT_TO_TELL_N
from splw_eval.stats.reliability import fit_alpha
from tests.unit.describe.given_items import answers, given, study_of

NAN = np.nan
MANY, FEW = "15% or more", "fewer than 15%"
EXACT = {"profile": "public_data", "reason": "Made up"}


def phq9(folder, n=30, **changes):
    """Study of the PHQ-9 whose scores are the sums of its items."""
    items = answers(n, 9, 4)
    return items, study_of(folder, "phq9", items.sum(axis=2), items, **changes)


def test_alpha_of_each_wave_is_that_of_the_items(tmp_path):
    items, study = phq9(tmp_path, disclosure=EXACT)
    rows = describe_reliability(study).rows
    assert [row.wave for row in rows] == ["baseline", "month_3"]
    for code, row in enumerate(rows):
        fit = fit_alpha(items[:, code])
        sd = items[:, code].sum(axis=1).std(ddof=1)
        assert (row.items, row.n, row.n_incomplete) == (9, 30, 0)
        assert (row.alpha, row.conf_low, row.conf_high) == (fit.alpha, fit.conf_low, fit.conf_high)
        assert row.sd == pytest.approx(sd, rel=1e-12)
        assert row.sem == pytest.approx(sd * (1 - given(fit.alpha)) ** 0.5, rel=1e-12)
        assert row.smallest_change == pytest.approx(1.959964 * 2**0.5 * given(row.sem), rel=1e-6)


def test_people_with_some_items_only_are_counted_apart(tmp_path):
    items = answers(12, 9, 4)
    items[0, 0, 3] = NAN
    items[1, 0] = NAN
    first, _ = describe_reliability(
        study_of(tmp_path, "phq9", np.nansum(items, axis=2), items)
    ).rows
    assert (first.n, first.n_incomplete) == (10, 1)


def test_items_are_turned_round_as_the_coding_of_the_plan_says(tmp_path):
    kept = answers(40, 7, 4)
    printed = kept.copy()
    printed[..., [0, 1, 2, 5, 6]] = 3 - kept[..., [0, 1, 2, 5, 6]]  # items 1, 3, 5, 11, 13
    alphas = []
    for coding, items in (("scored", kept), ("printed", printed)):
        folder = tmp_path / coding
        folder.mkdir()
        options = {"coding": coding}
        study = study_of(folder, "hads", kept.sum(axis=2), items, options=options, score="A")
        alphas.append(describe_reliability(study).rows[0].alpha)
    assert alphas[0] == pytest.approx(fit_alpha(kept[:, 0]).alpha, rel=1e-12)
    assert alphas[1] == pytest.approx(alphas[0], rel=1e-12)


def test_answers_that_count_or_not_are_taken_as_they_count(tmp_path):
    items = answers(40, 6, 3) + 1
    counts = items >= 2
    counts[..., [1, 2, 4]] = items[..., [1, 2, 4]] <= 2
    study = study_of(tmp_path, "djg6", counts.sum(axis=2), items)
    expected = fit_alpha(counts[:, 0].astype(float)).alpha
    assert describe_reliability(study).rows[0].alpha == pytest.approx(expected, rel=1e-12)


def test_a_score_looked_up_from_a_sum_has_the_alpha_of_the_sum(tmp_path):
    items = answers(40, 7, 5) + 1
    study = study_of(
        tmp_path,
        "swemwbs",
        items.sum(axis=2),
        items,
    )
    assert describe_reliability(study).rows[0].alpha == fit_alpha(items[:, 0]).alpha


@pytest.mark.parametrize(
    ("name", "items", "said"),
    [
        ("phq9", None, "the files hold no items"),
        ("eq5d_5l_uk_2026", answers(9, 5, 3) + 1, "not a sum of its items"),
        ("ons_lonely_direct", answers(9, 1, 5) + 1, "one item only"),
    ],
)
def test_scores_without_alpha_say_why(tmp_path, name, items, said):
    study = study_of(tmp_path, name, [(1, 1)] * 9, items)
    result = describe_reliability(study)
    assert result.rows == ()
    assert said in result.notes[0].sentence()


def test_a_coding_that_differs_from_person_to_person_gives_no_alpha(tmp_path):
    _, study = phq9(tmp_path)
    outcome = study.plan.outcomes[0]
    outcome.options["coding"] = FromColumn(column="coding")
    assert "from person to person" in describe_reliability(study).notes[0].sentence()


def test_items_that_disagree_give_no_smallest_change(tmp_path):
    items = answers(30, 9, 4)
    items[..., ::2] = 3 - items[..., ::2]
    row = describe_reliability(study_of(tmp_path, "phq9", items.sum(axis=2), items)).rows[0]
    assert given(row.alpha) < 0
    assert (row.sem, row.smallest_change) == (None, None)


def test_a_hidden_group_shows_neither_alpha_nor_its_error(tmp_path):
    _, study = phq9(tmp_path, n=7)
    row = mask(describe_reliability(study), study.plan).rows[0]
    shown = (row.n, row.alpha, row.conf_low, row.sd, row.sem, row.smallest_change, row.method)
    assert shown == (None,) * 7


@pytest.mark.parametrize(("n", "shown"), [(12, False), (400, True)])
def test_the_interval_of_alpha_is_given_where_it_does_not_tell_n(tmp_path, n, shown):
    _, study = phq9(tmp_path, n=n)
    row = mask(describe_reliability(study), study.plan).rows[0]
    assert row.alpha == round(given(row.alpha), 2)
    assert (row.conf_low is not None) is shown
    assert (row.method != NOT_TO_TELL_N) is shown
    assert (row.sem is not None) is shown


def test_nobody_can_tell_n_from_alpha_and_the_interval_that_are_shown(tmp_path):
    """The attack: keep those n within the rounded count that give the printed limits."""
    from splw_eval.stats.tails import f_quantile

    tried = 0
    for seed in range(40):
        folder = tmp_path / str(seed)
        folder.mkdir()
        n = int(np.random.default_rng(seed).integers(20, 160))
        items = answers(n, 9, 4, seed)
        study = study_of(folder, "phq9", items.sum(axis=2), items)
        row = mask(describe_reliability(study), study.plan).rows[0]
        if row.conf_low is None or row.conf_high is None:
            continue
        tried += 1
        rounded, printed = int(given(row.n)), given(row.alpha)
        possible = []
        for m in range(rounded - 2, rounded + 3):
            low, high = (f_quantile(q, m - 1, 8 * (m - 1)) for q in (0.975, 0.025))
            for alpha in np.linspace(printed - 0.005, printed + 0.005, 101):
                near = max(
                    abs(1 - (1 - alpha) * low - row.conf_low),
                    abs(1 - (1 - alpha) * high - row.conf_high),
                )
                if near <= 0.005:
                    possible.append(m)
                    break
        assert n in possible
        assert len(possible) >= 4, (n, possible)
    assert tried > 10


def test_both_ends_of_the_scale_are_counted(tmp_path):
    study = study_of(tmp_path, "phq9", [(0, 27), (0, 3), (5, 27), (9, None), (27, 4), (8, 0)])
    first, second = describe_floor(study).rows
    assert (first.n, first.n_lowest, first.n_between, first.n_highest) == (6, 2, 3, 1)
    assert (first.share_lowest, first.share_highest) == (2 / 6, 1 / 6)
    assert (second.n, second.n_lowest, second.n_highest) == (5, 1, 2)
    assert (first.lowest, first.highest) == (0, 27)
    assert (first.floor, first.ceiling) == (MANY, MANY)


@pytest.mark.parametrize(("people", "said"), [(3, MANY), (2, FEW), (0, FEW)])
def test_fifteen_per_cent_or_more_is_said(tmp_path, people, said):
    scores = [(0, 1)] * people + [(5, 1)] * (20 - people)
    assert describe_floor(study_of(tmp_path, "phq9", scores)).rows[0].floor == said


def test_nobody_measured_has_no_ends(tmp_path):
    first, second = describe_floor(study_of(tmp_path, "phq9", [(3, None), (4, None)])).rows
    assert (first.floor, second.floor, second.share_lowest) == (FEW, None, None)


def test_a_hidden_number_at_the_end_hides_the_word_about_it(tmp_path):
    study = study_of(tmp_path, "phq9", [(0, 1)] * 7 + [(5, 1)] * 33)
    row = mask(describe_floor(study), study.plan).rows[0]
    assert (row.n, row.n_lowest, row.share_lowest, row.floor) == (40, None, None, None)
    assert (row.n_highest, row.ceiling) == (0, FEW)


def test_totals_are_compared_with_the_scores_from_items(tmp_path):
    items = answers(5, 9, 4)
    scores = items.sum(axis=2)
    items[4, 0] = NAN  # nobody to compare: no item was answered
    supplied = scores.copy()
    supplied[0, 0] += 6
    supplied[1, 0] -= 2
    supplied[2, 0] += 0.5  # half a step
    supplied[3, 1] = NAN
    first, second = describe_agreement(study_of(tmp_path, "phq9", scores, items, supplied)).rows
    assert (first.n, first.n_agree, first.n_differ, first.share_agree) == (4, 2, 2, 0.5)
    assert first.mean_difference == pytest.approx((6 - 2 + 0.5) / 4)
    assert first.largest_difference == 6
    assert (second.n, second.n_differ, second.largest_difference) == (4, 0, 0)


@pytest.mark.parametrize(("wrong", "shown"), [(0, True), (1, False), (7, False), (9, True)])
def test_how_far_a_few_totals_are_out_is_not_shown(tmp_path, wrong, shown):
    items = answers(40, 9, 4)
    supplied = items.sum(axis=2)
    supplied[:wrong, 0] += 3
    study = study_of(tmp_path, "phq9", items.sum(axis=2), items, supplied)
    row = mask(describe_agreement(study), study.plan).rows[0]
    figures = (row.n_differ, row.share_agree, row.mean_difference, row.largest_difference)
    assert all((figure is not None) is shown for figure in figures)


def test_without_totals_beside_items_it_is_said(tmp_path):
    result = describe_agreement(phq9(tmp_path)[1])
    assert result.rows == ()
    assert "nothing to compare" in result.notes[0].sentence()
