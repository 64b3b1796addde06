"""The difference by offer and by receipt as results of the report."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from splw_eval.appraisal import mask
from splw_eval.confounding.received.complier import complier_effect
from splw_eval.confounding.reported.engagement import (
    AMONG_COMPLIERS,
    BY_OFFER,
    describe_engagement,
)
from splw_eval.confounding.reported.received import contacts_of
from splw_eval.describe.people_frame import AFTER, BEFORE, GROUP, PERSON, PRACTICE, pairs_of
from splw_eval.retention.delivery.dose import contact_dose
from tests.unit.confounding.reported.given_receipt import PEOPLE, compared, with_contacts


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    return with_contacts(compared(tmp_path_factory.mktemp("given")))


@pytest.fixture(scope="module")
def rows(study):
    return {row.method: row for row in describe_engagement(study).rows}


def people(study) -> pd.DataFrame:
    (pair,) = pairs_of(study)
    frame = pair.frame.dropna(subset=[BEFORE, AFTER]).reset_index(drop=True)
    frame["came"] = (contacts_of(study)[frame[PERSON]] >= 1).astype(float)
    return frame


def test_contacts_are_counted_as_the_page_of_delivery_counts_them(study):
    counted = contact_dose(study).contacts_counted.set_index("what")
    assert contacts_of(study).sum() == counted.loc["attended", "contacts"]
    assert (contacts_of(study) > 0).sum() == counted.loc["attended", "referrals"]
    assert (contacts_of(study)[1::2] == 0).all()


def test_rows_are_those_of_the_function_beneath(study, rows):
    found = complier_effect(
        people(study), outcome=AFTER, received="came", group=GROUP, covariates=(BEFORE,),
        cluster=PRACTICE, randomised=True, reference=0,
    )  # fmt: skip
    assert rows[AMONG_COMPLIERS].estimate == found.estimate
    assert rows[AMONG_COMPLIERS].first_stage_f == found.f
    itt = found.table.set_index("term").loc["intention to treat"]
    assert (rows[BY_OFFER].conf_low, rows[BY_OFFER].df) == (itt["conf_low"], itt["df"])


def test_the_complier_average_effect_is_the_difference_by_offer_over_what_it_moved(study, rows):
    frame = people(study)
    columns = np.column_stack([np.ones(len(frame)), frame[GROUP], frame[BEFORE]])
    moved = np.linalg.lstsq(columns, frame["came"].to_numpy(), rcond=None)[0][1]
    assert math.isclose(
        rows[AMONG_COMPLIERS].estimate, rows[BY_OFFER].estimate / moved, rel_tol=1e-9
    )


def test_two_rows_are_called_misleading_and_intention_to_treat_stands_first(rows):
    assert next(iter(rows)) == BY_OFFER
    assert [name for name in rows if name.startswith("Misleading")] == list(rows)[-2:]
    assert all(row.first_stage_f is None for name, row in rows.items() if name != AMONG_COMPLIERS)


def test_parts_of_those_offered_add_up_and_the_fewest_is_the_smallest_of_them(study, rows):
    frame = people(study)
    row = rows[BY_OFFER]
    assert row.offered == int((frame[GROUP] == 1).sum())
    assert row.received + row.not_received == row.offered
    assert row.n_fewest == row.not_received
    assert row.n == len(frame) < PEOPLE


def test_the_rule_of_the_plan_says_who_received_it(tmp_path):
    study = with_contacts(compared(tmp_path))
    plan = study.plan.model_copy(
        update={"engagement": study.plan.engagement.model_copy(update={"contacts_at_least": 3})}
    )
    strict = replace(study, plan=plan)
    few: Any = describe_engagement(strict)
    many: Any = describe_engagement(study)
    assert few.rows[0].received < many.rows[0].received
    assert "3 attended contacts or more" in " ".join(n.text for n in few.notes)
    assert "1 attended contact or more" in " ".join(n.text for n in many.notes)


def test_without_allocation_by_chance_there_is_no_row_and_a_reason(tmp_path):
    found = describe_engagement(with_contacts(compared(tmp_path, "controlled_cohort")))
    assert not found.rows
    assert any("chance did not decide" in note.text for note in found.notes)


def test_a_trial_that_recruited_its_groups_unlike_has_no_row_either(tmp_path):
    unlike = compared(
        tmp_path,
        "cluster_trial_unlike_recruitment",
        comparison={
            "recruited": "before_allocation", "recruited_by": "x", "comparators": "sample",
        },
    )  # fmt: skip
    assert not describe_engagement(with_contacts(unlike)).rows


def test_exclusion_restriction_is_said_and_who_of_the_others_received_it(tmp_path):
    notes = [n.text for n in describe_engagement(with_contacts(compared(tmp_path))).notes]
    assert any("exclusion restriction" in words for words in notes)
    assert any("Nobody of the comparison group received it" in words for words in notes)
    (tmp_path / "more").mkdir()
    mixed = with_contacts(compared(tmp_path / "more"), of_usual=10)
    notes = [n.text for n in describe_engagement(mixed).notes]
    assert any("Some people of the comparison group received it" in words for words in notes)


def test_nobody_received_it_is_told_without_a_number(tmp_path):
    found = describe_engagement(with_contacts(compared(tmp_path), none=1))
    assert not found.rows
    assert any("moved nobody" in note.text for note in found.notes)


def test_few_who_did_not_come_hide_every_estimate(tmp_path):
    study = with_contacts(compared(tmp_path), none=20)
    row: Any = describe_engagement(study).rows[0]
    assert 0 < row.not_received < 8
    assert [r.n is None for r in describe_engagement(study).rows] == [False] * 4 + [True]
    for shown in mask(describe_engagement(study), study.plan).rows:
        assert (shown.estimate, shown.conf_low, shown.df, shown.share_received) == (None,) * 4


def test_people_allocated_one_by_one_count_as_independent_and_that_is_said(tmp_path):
    found = describe_engagement(with_contacts(compared(tmp_path, "individual_trial")))
    assert {row.clusters for row in found.rows} == {None}
    assert any("Practices have people of both groups" in note.text for note in found.notes)
