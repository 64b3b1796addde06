"""Which numbers survive masking."""

from __future__ import annotations

import math
from typing import Any, get_args

import numpy as np
import pytest
from scipy.stats import t

from splw_eval.appraisal import mask
from splw_eval.appraisal.disclosure import PROFILES, mask_count
from splw_eval.core.columns import Role, columns_of
from splw_eval.core.people_rows import CategoryRow
from splw_eval.core.plan import Plan
from splw_eval.core.result import Note, Result
from splw_eval.core.rows import ChangeRow, FunnelRow, ResponderRow, Row
from splw_eval.stats import fit_mean
from tests.unit.given_study import edited, pre_post_plan

NHS, N10, PUBLIC = PROFILES["nhs"], PROFILES["n10"], PROFILES["public_data"]


def plan(profile: str, decimals: int = 1) -> Plan:
    rules = {"profile": profile, "reason": "Published" if profile == "public_data" else None}
    content = edited(pre_post_plan(disclosure=rules), "outcomes.0.decimals", decimals)
    return Plan.model_validate(content, strict=False)


def change_row(n: int, clusters: int | None = None, **changes) -> ChangeRow:
    numbers: dict[str, Any] = {
        "mean_baseline": 14.2,
        "sd_baseline": 4.5,
        "mean_wave": 11.1,
        "sd_wave": 4.0,
        "estimate": -3.1,
        "sd_change": 3.5,
        "std_error": 1.8,
        "df": n - 1.0,
        "conf_low": -7.5,
        "conf_high": 1.5,
        "effect_size": -0.62,
        "includes_no_change": "yes",
        "interval_and_mid": "includes, better",
        "grouped_by": None if clusters is None else "practices",
    } | changes
    label: dict[str, Any] = {"outcome": "phq9", "arm": "Everyone", "wave": "month_3", "month": 3.0}
    return ChangeRow(n=n, clusters=clusters, method="t", **label, **numbers)


NUMBERS = [name for name, c in columns_of(ChangeRow).items() if c.base]


def masked(row, profile: str = "nhs") -> Result:
    result = Result(key="k", title="t", unit="u", row_type=type(row), rows=(row,))
    return mask(result, plan(profile))


@pytest.mark.parametrize(
    ("n", "nhs", "n10"),
    [
        (0, 0, 0),
        (1, None, None),
        (7, None, None),
        (8, 10, None),
        (9, 10, None),
        (10, 10, 10),
        (12, 10, 10),
        (13, 15, 15),
        (17, 15, 15),
        (18, 20, 20),
        (1002, 1000, 1000),
    ],
)
def test_counts_are_hidden_kept_or_rounded(n, nhs, n10):
    assert mask_count(n, NHS) == nhs
    assert mask_count(n, N10) == n10
    assert mask_count(n, PUBLIC) == n


@pytest.mark.parametrize("profile", sorted(PROFILES))
def test_what_was_never_there_stays_so(profile):
    assert mask_count(None, PROFILES[profile]) is None


@pytest.mark.parametrize("n", [1, 2, 7])
def test_every_number_that_rests_on_few_people_is_hidden(n):
    result = masked(change_row(n))
    row = result.rows[0]
    assert row.n is None
    assert {name for name in NUMBERS if getattr(row, name) is not None} == set()
    assert {name for _, name in result.masked} >= {"n", *NUMBERS}


def test_ten_hides_what_eight_shows():
    assert masked(change_row(8)).rows[0].estimate == -3.1
    assert masked(change_row(9), "n10").rows[0].estimate is None
    assert masked(change_row(10), "n10").rows[0].estimate == -3.1


def test_a_gap_that_only_one_person_leaves_is_marked_as_hidden_too():
    # One person has no SD: shown as a gap beside hidden cells it would say that n is 1.
    gaps = {"sd_change": None, "std_error": None, "df": None, "conf_low": None, "conf_high": None}
    assert masked(change_row(1, **gaps)).masked == masked(change_row(2)).masked


def test_a_gap_in_a_large_group_is_a_gap():
    assert (0, "conf_low") not in masked(change_row(40, conf_low=None)).masked


@pytest.mark.parametrize("df", [29.0, 29.0 - 1e-9, 29.04])
def test_a_df_that_gives_the_exact_count_back_is_hidden(df):
    result = masked(change_row(30, df=df))
    assert result.rows[0].df is None
    assert (0, "df") in result.masked
    assert result.rows[0].conf_low == -7.5


def test_a_df_that_tells_nothing_of_the_count_is_shown():
    assert masked(change_row(30, df=7.3)).rows[0].df == 7.3


def test_means_keep_only_the_decimals_that_are_printed():
    # 8 people with whole scores: -3.125 would say that n is a multiple of 8.
    assert masked(change_row(8, estimate=-3.125)).rows[0].estimate == -3.1
    fine = mask(
        Result(
            key="k", title="t", unit="u", row_type=ChangeRow, rows=(change_row(8, estimate=-3.125),)
        ),
        plan("nhs", decimals=3),
    )
    assert fine.rows[0].estimate == -3.1
    assert masked(change_row(8, estimate=-3.125), "public_data").rows[0].estimate == -3.125


def test_how_an_interval_failed_does_not_say_how_few_people_there_were():
    result = masked(change_row(1, clusters=1))
    assert (result.rows[0].method, result.rows[0].clusters) == (None, None)


@pytest.mark.parametrize(("clusters", "shown"), [(12, None), (6, 6)])
def test_as_many_clusters_as_people_are_a_count_of_people(clusters, shown):
    assert masked(change_row(12, clusters=clusters)).rows[0].clusters == shown
    assert masked(change_row(12, clusters=12), "public_data").rows[0].clusters == 12


def test_public_data_show_everything_and_their_reason():
    result = masked(change_row(3), "public_data")
    assert result.rows[0] == change_row(3)
    assert result.masked == frozenset()
    assert result.disclosure is not None
    assert result.disclosure.reason == "Published"


def responders(n, better, same, worse) -> ResponderRow:
    label: dict[str, Any] = {"outcome": "phq9", "arm": "Everyone", "wave": "month_3"}
    label |= {"month": 3.0, "mid": 5.0, "unit": "points", "kind": "anchor", "source": "by hand"}
    counts: dict[str, Any] = {"n_better": better, "n_same": same, "n_worse": worse}
    shares = {f"share_{k[2:]}": v / n for k, v in counts.items()}
    return ResponderRow(n=n, **label, **counts, **shares)


def test_shares_are_given_again_from_masked_counts():
    row = masked(responders(41, 24, 17, 0)).rows[0]
    assert (row.n, row.n_better, row.n_same, row.n_worse) == (40, 25, 15, 0)
    assert (row.share_better, row.share_same, row.share_worse) == (25 / 40, 15 / 40, 0.0)


def test_the_share_of_a_hidden_count_is_hidden():
    row = masked(responders(41, 3, 38, 0)).rows[0]
    # 38 of 41 is printed as 40 of 40: not "100 in 100", as some are hidden.
    assert (row.n_better, row.share_better, row.share_same) == (None, None, None)


def test_a_share_of_everybody_is_shown_only_where_it_is_everybody():
    assert masked(responders(40, 40, 0, 0)).rows[0].share_better == 1.0
    assert masked(responders(12, 8, 4, 0)).rows[0].share_better is None
    assert masked(responders(48, 34, 10, 4)).rows[0].share_better == 0.7


@pytest.mark.parametrize("profile", ["nhs", "n10"])
def test_shares_never_claim_everybody_beside_a_hidden_part(profile):
    """Every three parts of every group up to 60 people."""
    for n in range(8, 61):
        for worse in range(n + 1):
            for same in range(0, n - worse + 1, 3):
                row = masked(responders(n, n - same - worse, same, worse), profile).rows[0]
                shares = [row.share_better, row.share_same, row.share_worse]
                shown = [share for share in shares if share is not None]
                if None in shares:
                    assert sum(round(100 * share) for share in shown) < 100, (n, same, worse)


def test_the_next_smallest_part_goes_with_a_hidden_one_that_could_be_told():
    result = masked(responders(21, 9, 11, 1))
    row = result.rows[0]
    assert (row.n_better, row.n_same, row.n_worse) == (None, 10, None)
    assert (row.share_better, row.share_same, row.share_worse) == (None, 0.5, None)
    assert (0, "share_better") in result.masked
    assert masked(responders(21, 9, 11, 1), "public_data").rows[0].share_same == 11 / 21


def category(name: str, people: int, known: int) -> CategoryRow:
    return CategoryRow(
        characteristic="Sex",
        category=name,
        arm="Everyone",
        people=people,
        others=known - people,
        known=known,
        share=people / known,
    )


def test_categories_in_several_rows_are_parts_of_one_whole():
    rows = tuple(category(name, n, 42) for name, n in (("Female", 24), ("Male", 16), ("Other", 2)))
    result = Result(key="k", title="t", unit="u", row_type=CategoryRow, rows=rows)
    assert [row.share for row in mask(result, plan("nhs")).rows] == [None, 15 / 40, None]


SPREADS = ("sd_baseline", "sd_wave", "sd_change", "std_error", "effect_size")


@pytest.mark.parametrize(
    ("n", "decimals", "shown"),
    [(10, 0, False), (12, 0, True), (14, 1, False), (16, 1, True), (60, 1, True), (400, 2, True)],
)
def test_an_sd_is_shown_only_where_it_leaves_several_n_possible(n, decimals, shown):
    row = change_row(n)
    result = Result(key="k", title="t", unit="u", row_type=ChangeRow, rows=(row,))
    found = mask(result, plan("nhs", decimals=decimals)).rows[0]
    assert (found.sd_change is not None) is shown
    assert found.conf_low is not None
    assert all(getattr(masked(row, "public_data").rows[0], name) is not None for name in SPREADS)


@pytest.mark.parametrize(
    ("n", "std_error", "sd", "decimals", "shown"),
    [
        (60, 0.04, 0.3, 1, 0.04),  # would print as 0.0
        (400, 0.31, 6.2, 0, 0.3),
        (400, 0.004, 0.08, 1, 0.004),
        (60, 0.8, 6.2, 0, 1.0),
        (30, 0.05, 0.4, 1, 0.1),
        (12, 0.004, 2.0, 1, None),
        (20, 0.04, 0.18, 1, None),  # with two decimals it would give n back
    ],
)
def test_a_standard_error_is_never_rounded_away(n, std_error, sd, decimals, shown):
    spreads = dict.fromkeys(SPREADS, sd) | {"std_error": std_error, "effect_size": 0.1}
    result = Result(
        key="k", title="t", unit="u", row_type=ChangeRow, rows=(change_row(n, **spreads),)
    )
    found = mask(result, plan("nhs", decimals=decimals))
    assert found.rows[0].std_error == shown
    assert ((0, "std_error") in found.masked) is (shown is None)


@pytest.mark.parametrize(
    ("n", "decimals", "sd", "effect_size"),
    [
        (200, 2, 3.5, -0.62),  # with two decimals the SD would give n back, with one it does not
        (145, 2, 3.5, -0.6),
        (100, 2, 3.0, -0.6),
        (30, 1, 3.0, -0.6),  # to a whole number, and the effect size no finer
        (400, 2, 3.47, -0.62),
    ],
)
def test_an_sd_that_would_tell_n_is_printed_with_fewer_digits(n, decimals, sd, effect_size):
    row = change_row(n, sd_change=3.468)
    result = Result(key="k", title="t", unit="u", row_type=ChangeRow, rows=(row,))
    found = mask(result, plan("nhs", decimals=decimals))
    assert found.rows[0].sd_change == sd
    assert found.rows[0].effect_size == effect_size
    digits = len(f"{sd:g}".partition(".")[2])
    assert found.decimals.get((0, "sd_change"), decimals) == digits


def test_an_interval_that_leaves_0_out_never_has_0_for_an_end():
    row = masked(change_row(40, conf_low=0.034, conf_high=1.94, includes_no_change="no")).rows[0]
    assert (row.conf_low, row.conf_high) == (0.03, 1.9)
    row = masked(change_row(40, conf_low=-1.94, conf_high=-0.034, includes_no_change="no")).rows[0]
    assert (row.conf_low, row.conf_high) == (-1.9, -0.03)


def test_no_number_is_a_negative_zero():
    row: ChangeRow = masked(change_row(40, conf_low=-0.034, conf_high=1.94)).rows[0]
    assert row.conf_low is not None
    assert math.copysign(1, row.conf_low) == 1
    assert row.conf_low == 0


def test_an_sd_of_zero_stays_zero():
    row = change_row(100, sd_wave=0.0)
    assert masked(row).rows[0].sd_wave == 0.0


def test_the_share_of_hidden_people_is_hidden_even_where_it_is_zero():
    row = masked(responders(5, 0, 5, 0)).rows[0]
    assert (row.n_worse, row.share_worse, row.share_better) == (0, None, None)


def funnel(not_yet_due: int, measured: int, missing: int) -> FunnelRow:
    expected = measured + missing
    return FunnelRow(
        outcome="phq9",
        arm="Everyone",
        wave="month_3",
        month=3.0,
        enrolled=not_yet_due + expected,
        not_yet_due=not_yet_due,
        expected=expected,
        measured=measured,
        missing=missing,
        share_measured=measured / expected,
    )


def test_flow_hides_its_small_counts_and_the_share_that_would_give_them_back():
    result = masked(funnel(not_yet_due=2, measured=44, missing=6))
    assert result.masked == {(0, "not_yet_due"), (0, "missing"), (0, "share_measured")}
    assert (result.rows[0].enrolled, result.rows[0].measured) == (50, 45)


def test_flow_gives_the_share_again_from_rounded_counts():
    result = masked(funnel(not_yet_due=0, measured=38, missing=14))
    assert result.masked == frozenset()
    row = result.rows[0]
    # Of 40 and 15 that are shown, and not of the 50 that do not fit them.
    assert (row.expected, row.measured, row.missing) == (50, 40, 15)
    assert row.share_measured == 40 / 55


def test_counts_in_notes_are_masked():
    note = Note(text="{few} of {all} fell outside.", counts={"few": 3, "all": 48})
    result = Result(key="k", title="t", unit="u", row_type=FunnelRow, notes=(note,))
    assert mask(result, plan("nhs")).notes[0].sentence() == "* of 50 fell outside."
    assert mask(result, plan("public_data")).notes[0].sentence() == "3 of 48 fell outside."


def test_the_frame_and_the_dictionary_hold_no_hidden_number():
    result = masked(change_row(4, estimate=-3.071))
    assert "3.071" not in str(result.to_dict())
    assert result.to_frame()[["n", *NUMBERS]].isna().all(axis=None)


@pytest.mark.parametrize("row_type", get_args(Row), ids=lambda t: t.__name__)
def test_every_field_of_every_row_declares_its_role(row_type):
    columns = columns_of(row_type)
    assert columns
    for name, column in columns.items():
        assert column.title, name
        if column.role in {Role.MEAN, Role.QUANTILE, Role.SHARE, Role.DF}:
            assert columns[column.base].role is Role.COUNT, name
        if column.role is Role.SHARE:
            assert columns[column.numerator].role is Role.COUNT, name


def test_a_field_without_a_role_is_refused():
    class Bare:
        n: int

    with pytest.raises(TypeError, match="exactly one Column"):
        columns_of(Bare)


FEW_VALUES = 10


# With few values and little change the standard error is shown with more decimals.
@pytest.mark.parametrize(("values", "decimals"), [(28, 1), (28, 2), (28, 4), (4, 0), (4, 1)])
def test_nobody_can_tell_n_from_the_means_and_the_sd_that_are_shown(values, decimals):
    """The attack: keep those n within the rounded count that the printed figures allow."""
    rng = np.random.default_rng(decimals)
    for _ in range(60):
        n = int(rng.integers(8, 260))
        before, after = rng.integers(0, values, (2, n)).astype(float)
        if values < FEW_VALUES:
            after[: n // 2] = before[: n // 2]
        change, start, end = fit_mean(after - before), fit_mean(before), fit_mean(after)
        row = change_row(
            n,
            mean_baseline=start.mean,
            sd_baseline=start.sd,
            mean_wave=end.mean,
            sd_wave=end.sd,
            estimate=change.mean,
            sd_change=change.sd,
            std_error=change.std_error,
            conf_low=change.conf_low,
            conf_high=change.conf_high,
            effect_size=(after - before).mean() / before.std(ddof=1),
        )
        result = Result(key="k", title="t", unit="u", row_type=ChangeRow, rows=(row,))
        found = mask(result, plan("nhs", decimals=decimals))
        shown = found.rows[0]
        of_sd = found.decimals.get((0, "sd_change"), decimals)
        possible = [m for m in around(shown.n) if could_be(m, shown, decimals, of_sd)]
        assert n in possible
        assert len(possible) >= 2


def around(n: int | None) -> range:
    assert n is not None
    return range(max(8, n - 2), n + 3)


def could_be(n: int, row: ChangeRow, decimals: int, of_sd: int) -> bool:
    """Whether n whole scores can have the printed means, and the interval the printed SD."""
    assert row.n is not None
    half = 0.5 * 10.0 ** -min(decimals, int(math.log10(row.n) + 1e-9)) + 1e-9
    for mean in (row.mean_baseline, row.mean_wave, row.estimate):
        assert mean is not None
        if math.floor(n * (mean + half)) < math.ceil(n * (mean - half)):
            return False
    if row.sd_change is None or row.conf_low is None or row.conf_high is None:
        return True
    half_sd = 0.5 * 10.0**-of_sd + 1e-9
    if row.std_error is not None and not _could_be_se(n, row.sd_change, row.std_error, half_sd):
        return False
    width = (row.conf_high - row.conf_low) / 2
    exact = float(t.ppf(0.975, n - 1)) * row.sd_change / n**0.5
    slack = half + float(t.ppf(0.975, n - 1)) * half_sd / n**0.5
    return abs(exact - width) <= slack


def _could_be_se(n: int, sd: float, std_error: float, half: float) -> bool:
    """Whether SD and standard error, as they are printed, leave n possible."""
    finest = next(d for d in range(16) if round(std_error, d) == std_error)
    slack = max(0.5 * 10.0**-finest, 1e-12)
    low, high = max(0.0, sd - half), sd + half
    return low / n**0.5 <= std_error + slack and high / n**0.5 >= std_error - slack
