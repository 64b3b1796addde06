"""What questions need of a study: each gives the reason why it cannot be answered, or None."""

from __future__ import annotations

from collections.abc import Callable

from splw_eval import describe
from splw_eval.data import Study


def people(*columns: str) -> Callable[[Study], str | None]:
    """Need one of some columns of the people table."""

    def needs(study: Study) -> str | None:
        table = study.tables.get("people")
        if table is None:
            return "There is no people file, so nothing is known of people beside their scores."
        if any(column in table.columns for column in columns):
            return None
        return f"The people file holds none of these columns: {', '.join(columns)}."

    return needs


def records(study: Study) -> str | None:
    """Need one of the tables of what was done."""
    if any(name in study.tables for name in describe.RECORDS):
        return None
    return (
        "There is no file of episodes, contacts, support or link workers, so nothing is known of "
        "what was done, by whom, or how completely it was written down."
    )


CATEGORIES = people(
    "age_band",
    "sex",
    "ethnicity",
    "imd_decile",
    "carer",
    "employment",
    "living_alone",
    "interpreter",
)
CONDITIONS = people("ltc_physical", "ltc_mental")


def a_catalogued_instrument(study: Study) -> str | None:
    """Need an outcome whose questionnaire is in the catalogue."""
    if any(instrument is not None for instrument in study.instruments.values()):
        return None
    return (
        "No outcome of the plan names a questionnaire of the catalogue, so its bands, scores of "
        "other people and published sizes of change that matter are not known here."
    )


def a_mid_or_a_catalogued_instrument(study: Study) -> str | None:
    """Need some size of change to list."""
    if any(o.mid for o in study.plan.outcomes) or a_catalogued_instrument(study) is None:
        return None
    return (
        "No outcome of the plan has a MID, and none names a questionnaire of the catalogue. So no "
        "size of change that matters is known here, and nobody can be counted as better or worse."
    )


def answers_to_items(study: Study) -> str | None:
    """Need the answers to the items of an instrument."""
    if study.items:
        return None
    return (
        "The files hold scores and not the answers to single items ([files.items] in the plan), "
        "so nothing can be said here of how well the items agree, of the error of measurement, or "
        "of whether the scores were added up rightly."
    )


def an_item_about_risk(study: Study) -> str | None:
    """Need the answers to an item that asks about risk."""
    if any(True for _ in describe.risk_items(study)):
        return None
    return (
        "No file holds the answers to an item that the catalogue knows to ask about risk. A "
        "questionnaire given as a total may still hold one."
    )
