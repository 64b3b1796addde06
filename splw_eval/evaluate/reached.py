"""The questions of fairness, of who gave the support, and of planned and delivered."""

from __future__ import annotations

from splw_eval.core import planned_rows, provider_rows, reach_rows
from splw_eval.core.result import Result
from splw_eval.data import Study
from splw_eval.describe.posts import describe_turnover, describe_year
from splw_eval.describe.provider_icc import describe_worker_icc
from splw_eval.describe.providers import (
    describe_provider_fields,
    describe_provider_numbers,
    describe_providers,
)
from splw_eval.describe.reach_change import describe_change_by
from splw_eval.evaluate.needs import CATEGORIES
from splw_eval.evaluate.question import Question
from splw_eval.evaluate.retained import contacts, episodes
from splw_eval.retention.reported.planned import describe_places, describe_planned
from splw_eval.retention.reported.rates import describe_referral_rates
from splw_eval.retention.reported.reach_chain import answer_wave
from splw_eval.retention.reported.reached import (
    CHARACTERISTICS,
    describe_reach,
    describe_reach_known,
)


def link_workers(study: Study) -> str | None:
    """Need the table of link workers."""
    if "link_workers" in study.tables:
        return None
    return "There is no file of link workers, so nothing is known of who gave the support."


def list_sizes(study: Study) -> str | None:
    """Need registered patients of practices, and referrals."""
    table = study.tables.get("clusters")
    if table is None or "list_size" not in table.columns:
        return "No file gives the patients registered with each practice (clusters.list_size)."
    return episodes(study)


def posts_and_contacts(study: Study) -> str | None:
    """Need link workers and what they did."""
    return link_workers(study) or contacts(study)


def _change_by(study: Study) -> Result[reach_rows.CategoryChangeRow]:
    return describe_change_by(study, CHARACTERISTICS, answer_wave(study.plan))


def _worker_icc(study: Study) -> Result[provider_rows.WorkerIccRow]:
    return describe_worker_icc(study, answer_wave(study.plan))


REACHED: tuple[Question, ...] = (
    Question(
        key="reach",
        title="How far each kind of people came",
        row_type=reach_rows.ReachRow,
        answer=describe_reach,
        needs=CATEGORIES,
    ),
    Question(
        key="reach_known",
        title="Of how many it is known",
        row_type=reach_rows.KnownRow,
        answer=describe_reach_known,
        needs=CATEGORIES,
    ),
    Question(
        key="referral_rates",
        title="Referrals and registered patients",
        row_type=reach_rows.ReferralRateRow,
        answer=describe_referral_rates,
        needs=list_sizes,
    ),
    Question(
        key="change_by",
        title="How each kind of people changed",
        row_type=reach_rows.CategoryChangeRow,
        answer=_change_by,
        needs=CATEGORIES,
    ),
    Question(
        key="providers",
        title="Who the link workers were",
        row_type=provider_rows.ProviderRow,
        answer=describe_providers,
        needs=link_workers,
    ),
    Question(
        key="provider_numbers",
        title="Posts, supervision and time in post",
        row_type=provider_rows.ProviderNumberRow,
        answer=describe_provider_numbers,
        needs=link_workers,
    ),
    Question(
        key="turnover",
        title="Who came and who left",
        row_type=provider_rows.TurnoverRow,
        answer=describe_turnover,
        needs=link_workers,
    ),
    Question(
        key="people_a_year",
        title="People a year of a full-time post",
        row_type=provider_rows.YearRow,
        answer=describe_year,
        needs=posts_and_contacts,
    ),
    Question(
        key="provider_fields",
        title="What is known of the link workers",
        row_type=provider_rows.ProviderFieldRow,
        answer=describe_provider_fields,
        needs=link_workers,
    ),
    Question(
        key="worker_icc",
        title="How alike the people of one link worker are",
        row_type=provider_rows.WorkerIccRow,
        answer=_worker_icc,
    ),
    Question(
        key="places",
        title="Where support was given",
        row_type=planned_rows.PlacedRow,
        answer=describe_places,
        needs=contacts,
    ),
    Question(
        key="planned",
        title="Planned and delivered",
        row_type=planned_rows.PlannedRow,
        answer=describe_planned,
        needs=contacts,
    ),
)
