"""Rules about link workers (G6)."""

from __future__ import annotations

from collections.abc import Iterator

from splw_eval.appraisal.checklists.facts import Facts
from splw_eval.appraisal.checklists.verdict import (
    Rule,
    Verdict,
    not_applicable,
    not_reported,
    reported,
)
from splw_eval.core.columns import Role, columns_of

TABLE = "link_workers"
BACKGROUND = ("role_title", "fte", "training", "prior_background")
FEWEST = 3
BELOW, NOT_KEPT = "Filled below", "Not kept"
_NAMED = frozenset({"link_worker", "worker", "worker_id", "link_worker_id"})
_COLLECT = (
    "link_workers: link_worker, role_title, fte, start_date, end_date, employer_type, training, "
    "prior_background"
)
_KEEP = (
    "Keep a table of link workers, by pseudonym: role, share of a full post, training, background."
)


def link_workers_table(facts: Facts) -> Verdict:
    """There is a table of who the link workers were."""
    if TABLE not in facts.tables():
        return not_reported("study.toml names no file of link_workers.", _KEEP)
    return reported("study.toml names a file of link_workers.", *_held(facts, "records"))


def link_workers_complete(facts: Facts) -> Verdict:
    """Role, share of a full post, training and background are filled for 80 in 100 or more."""
    if TABLE not in facts.tables():
        return not_reported(
            "study.toml names no file of link_workers, so none of these is known.", _KEEP
        )
    said = {r.column: r.verdict or "" for r in facts.rows("records") if r.table == TABLE}
    below = [c for c in BACKGROUND if c not in said or said[c].startswith((BELOW, NOT_KEPT))]
    unsure = [c for c in BACKGROUND if c not in below and not said[c].endswith("or more")]
    if below or unsure:
        faults = (
            [f"filled for fewer than 80 in 100, or not kept: {', '.join(below)}"] if below else []
        )
        faults += [f"cannot be told from what is shown: {', '.join(unsure)}"] if unsure else []
        return not_reported(
            f"Of link workers, {'; '.join(faults)}.",
            "Ask the link workers or their employer; record it once for each of them."
            if below
            else "Look in your own file: of so few link workers the tables may not tell it.",
            "records",
        )
    return reported(
        "Role, share of a full post, training and background are filled for 80 in 100 or more.",
        "records",
    )


def no_named_worker(facts: Facts) -> Verdict:
    """No table has rows by link worker, under a name or a pseudonym."""
    by_worker = [
        key
        for key, held in facts.results.items()
        if _NAMED & set(held.row_type.__annotations__) and held.rows
    ]
    if by_worker:
        return not_reported(
            f"Rows by link worker in: {', '.join(by_worker)}.",
            "Leave them out: link workers are people too, and no study is for ranking them.",
            *by_worker,
        )
    return reported("No table has a row for a single link worker.")


def three_workers(facts: Facts) -> Verdict:
    """No figure about link workers is about fewer than 3 of them."""
    few = [
        key
        for key, held in facts.results.items()
        for row in held.rows
        if any(0 < (n or 0) < FEWEST for n in _workers_of(row))
    ]
    few += [
        "records"
        for row in facts.rows("records")
        if row.table == TABLE and 0 < (row.records or 0) < FEWEST
    ]
    if few:
        return not_reported(
            f"Figures about fewer than {FEWEST} link workers in: {', '.join(dict.fromkeys(few))}.",
            "Put them together with others, or leave them out: they could be recognised.",
            *dict.fromkeys(few),
        )
    keys = [
        key
        for key, held in facts.results.items()
        if any(n is not None for row in held.rows for n in _workers_of(row))
    ]
    if not keys:
        return not_applicable("No figure about link workers is shown.")
    return reported(f"No figure that is shown is about fewer than {FEWEST} link workers.", *keys)


def _workers_of(row: object) -> Iterator[int | None]:
    """Yield the numbers of link workers of a row."""
    for name, column in columns_of(type(row)).items():
        if column.role is Role.STAFF or (
            column.role is Role.UNITS and "ink worker" in column.title
        ):
            yield getattr(row, name)


def _held(facts: Facts, *keys: str) -> tuple[str, ...]:
    return tuple(key for key in keys if facts.rows(key))


RULES = {
    "link_workers_table": Rule(judge=link_workers_table),
    "link_workers_complete": Rule(judge=link_workers_complete, collects=_COLLECT),
    "no_named_worker": Rule(judge=no_named_worker),
    "three_workers": Rule(judge=three_workers),
}
