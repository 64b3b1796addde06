"""The questions of staying, leaving and what was delivered."""

from __future__ import annotations

from splw_eval.core import delivery_rows, retention_rows
from splw_eval.data import Study
from splw_eval.evaluate.question import Question
from splw_eval.retention import reported


def episodes(study: Study) -> str | None:
    """Need the table of episodes."""
    if "episodes" in study.tables:
        return None
    return "There is no file of episodes, so nothing is known of who was referred and who stayed."


def contacts(study: Study) -> str | None:
    """Need the table of contacts, and the episodes that they belong to."""
    if "contacts" in study.tables and "episodes" in study.tables:
        return None
    return (
        "There is no contact log with a file of episodes, so nobody can say how many contacts of "
        "what kind were given, or by whom."
    )


RETAINED: tuple[Question, ...] = (
    Question(
        key="uptake",
        title="How far people came",
        row_type=delivery_rows.StageRow,
        answer=reported.describe_uptake,
        needs=episodes,
    ),
    Question(
        key="staying",
        title="Who stayed, and for how long",
        row_type=retention_rows.CurveRow,
        answer=reported.describe_staying,
    ),
    Question(
        key="watched",
        title="People still there and watched",
        row_type=retention_rows.WatchedRow,
        answer=reported.describe_watched,
    ),
    Question(
        key="standing",
        title="Where people stood after some time",
        row_type=retention_rows.StandingRow,
        answer=reported.describe_standing,
        needs=episodes,
    ),
    Question(
        key="stay",
        title="How long people stayed",
        row_type=retention_rows.StayRow,
        answer=reported.describe_stay,
    ),
    Question(
        key="stay_contrast",
        title="Whether groups stayed for as long",
        row_type=retention_rows.StayContrastRow,
        answer=reported.describe_stay_contrast,
    ),
    Question(
        key="endings",
        title="Why people's time with the service ended",
        row_type=retention_rows.EndingRow,
        answer=reported.describe_endings,
        needs=episodes,
    ),
    Question(
        key="leaving",
        title="What went with dropping out",
        row_type=retention_rows.HazardRow,
        answer=reported.describe_leaving,
        needs=contacts,
    ),
    Question(
        key="dose",
        title="What each person got",
        row_type=delivery_rows.DoseRow,
        answer=reported.describe_dose,
        needs=contacts,
    ),
    Question(
        key="modes",
        title="How contacts were made",
        row_type=delivery_rows.ModeRow,
        answer=reported.describe_modes,
        needs=contacts,
    ),
    Question(
        key="levels",
        title="Levels of support",
        row_type=delivery_rows.LevelRow,
        answer=reported.describe_levels,
        needs=episodes,
    ),
    Question(
        key="components",
        title="Components of support",
        row_type=delivery_rows.ComponentRow,
        answer=reported.describe_components,
        needs=episodes,
    ),
    Question(
        key="caseload",
        title="Caseload of link workers",
        row_type=delivery_rows.CaseloadRow,
        answer=reported.describe_caseload,
        needs=contacts,
    ),
    Question(
        key="continuity",
        title="Whether people kept their link worker",
        row_type=delivery_rows.ContinuityRow,
        answer=reported.describe_continuity,
        needs=contacts,
    ),
)
