"""Columns that tell of after time zero, or of no characteristic of people."""

from __future__ import annotations

# Columns of the codebook of episodes, contacts, support, questionnaires, link workers and use of
# services that people and practices do not have too; a test holds them against the codebook.
LATER_COLUMNS = frozenset(
    {
        "accepted", "accompanied", "activity_attended", "admissions", "attended", "band",
        "caseload", "category", "close_date", "close_reason", "completed_by", "contact",
        "cost_to_client", "date", "declared_level", "emergency", "employer_type", "end_date",
        "episode", "first_contact_date", "fte", "gp_contacts", "home_visit", "level", "minutes",
        "mode", "month", "offered_date", "place", "prescriptions", "prior_background",
        "prior_episode", "purpose", "qualification", "reason", "role_title",
        "sessions_attended", "source", "start_date", "supervision_hours", "training", "version",
        "wait_days", "wave",
    }
)  # fmt: skip
NOT_A_CHARACTERISTIC = frozenset({"person", "arm", "cluster", "link_worker", "imd_version"})
