"""A study with every table, drawn from a seed: nobody in it exists."""

from __future__ import annotations

from typing import Any

import numpy as np

from splw_eval.core.plan import Plan, planned_day
from splw_eval.data import Study
from splw_eval.data.checks.workers import count_pairs
from splw_eval.data.measures import Measures
from splw_eval.data.people import People
from splw_eval.data.tables import Table
from splw_eval.data.windows import Placed
from splw_eval.instruments import read_catalogue, score_responses
from tests.reports import given

START = np.datetime64("2025-01-06")
REASONS = ("", "no questionnaire", "empty", "refused", "not asked")
OUTCOMES = [
    given.outcome(instrument="swemwbs", step=0.01, decimals=2),
    given.outcome("phq9", label="Depression (PHQ-9)", instrument="phq9", role="secondary")
    | {"range": [0, 27], "direction": "lower_is_better", "mid": None},
    given.outcome("hads_a", label="Anxiety (HADS-A)", instrument="hads", role="secondary")
    | {"score": "A", "range": [0, 21], "direction": "lower_is_better", "mid": None}
    | {"options": {"coding": "scored"}},
    given.outcome("ons_worthwhile", label="Worthwhile (ONS4)", instrument="ons4", role="secondary")
    | {"score": "worthwhile", "range": [0, 10], "mid": None},
    given.outcome("own", label="Our own question", instrument="Own question", role="secondary")
    | {"range": [1, 5], "mid": None},
]
MODES = ("telephone", "face to face", "video")


def plan(**changes: Any) -> Plan:
    """Return the plan of a trial of practices, of two outcomes unless others are given."""
    outcomes = [
        given.outcome(),
        given.outcome("phq9", label="Depression (PHQ-9)", role="secondary", mid=None),
    ]
    outcomes[1] |= {"range": [0, 27], "direction": "lower_is_better"}
    return given.plan("cluster_trial", waves=3, **{"outcomes": outcomes, **changes})


def study(people: int = 400, *, seed: int = 1, workers: int = 12, **changes: Any) -> Study:
    """Return a study of so many people, with tables of the service's records."""
    its = plan(**changes)
    return _study(its, np.random.default_rng(seed), people, workers, {})


def study_of_items(people: int = 400, *, seed: int = 2, **changes: Any) -> Study:
    """Return one with every kind of outcome: items, items and totals, totals, not catalogued."""
    rng = np.random.default_rng(seed)
    its = plan(outcomes=OUTCOMES, **{"synthetic": True, **changes})
    answers = {
        "swemwbs": _answers(rng, people, len(its.waves), 7, 1, 5),
        "phq9": _answers(rng, people, len(its.waves), 9, 0, 3),
    }
    return _study(its, rng, people, 12, answers)


def _study(its: Plan, rng: Any, people: int, workers: int, answers: dict[str, Any]) -> Study:
    who = _people(rng, people, workers)
    scores = {o.name: _scores(rng, its, who, *o.range) for o in its.outcomes}
    for name, items in answers.items():
        items[np.isnan(scores[name])] = np.nan
        scores[name] = _scored(name, items)
    supplied = {"phq9": _given_totals(rng, scores["phq9"])} if answers else {}
    placed = _placed(rng, its, who, scores)
    catalogue = read_catalogue()
    return Study(
        instruments={o.name: catalogue.get(o.instrument) for o in its.outcomes},
        items=answers,
        supplied=supplied,
        plan=its,
        people=who,
        placed=placed,
        scores=scores,
        reasons={name: _reasons(rng, table) for name, table in scores.items()},
        reason_names=REASONS,
        tables=_tables(rng, who, workers),
        worker_practices=None
        if who.cluster is None or who.link_worker is None
        else count_pairs(who.cluster, np.arange(people), who.link_worker, by_contacts=False),
        due=np.ones((people, len(its.waves)), dtype=bool),
        dated=True,
        findings=(),
        plan_sha256="a" * 64,
        file_digests={"people.csv": "b" * 64},
    )


def _answers(rng: Any, people: int, waves: int, items: int, low: int, high: int) -> Any:
    """Return answers that go together, person by person, with a few left out."""
    own = rng.normal(0, 0.7, (people, 1, 1)) + rng.normal(0, 0.4, (people, waves, 1))
    middle, half = (low + high) / 2, (high - low) / 2
    drawn = middle + half * (0.6 * own + rng.normal(0, 0.45, (people, waves, items)))
    answers = np.clip(np.round(drawn), low, high)
    answers[rng.random(answers.shape) < 0.004] = np.nan
    return answers


def _scored(name: str, items: Any) -> Any:
    people, waves, k = items.shape
    found = score_responses(items.reshape(people * waves, k), name)
    return next(iter(found.values())).values.reshape(people, waves)


def _given_totals(rng: Any, scores: Any) -> Any:
    wrong = rng.random(scores.shape) < 0.15
    return np.clip(np.where(wrong, scores + rng.integers(-2, 3, scores.shape), scores), 0, 27)


def _people(rng: Any, n: int, workers: int) -> People:
    cluster = rng.integers(0, 16, n)
    arm = (cluster >= 8).astype(np.int64)
    near = (cluster * workers) // 16 + rng.integers(0, 2, n)
    names = [f"p{i}" for i in range(n)]
    return People(
        ids=np.array(names, dtype=object),
        index={name: i for i, name in enumerate(names)},
        arm=arm,
        cluster=cluster,
        link_worker=np.minimum(near, workers - 1),
        time_zero=START + rng.integers(0, 300, n),
    )


def _scores(rng: Any, its: Plan, who: People, low: float, high: float) -> Any:
    waves, n = len(its.waves), len(who)
    table = (low + high) / 2 + (high - low) / 7 * rng.standard_normal((n, waves))
    lost = rng.random((n, waves)) < np.linspace(0.02, 0.45, waves)
    lost |= np.maximum.accumulate(lost & (rng.random((n, waves)) < 0.7), axis=1)
    table[lost & (rng.random((n, 1)) < 0.9)] = np.nan
    return np.clip(np.round(table), low, high)


def _placed(rng: Any, its: Plan, who: People, scores: Any) -> Placed:
    given_at = np.any([~np.isnan(t) for t in scores.values()], axis=0)
    person, wave = np.nonzero(given_at)
    planned = np.array([planned_day(w) for w in its.waves])
    day = planned[wave] + rng.integers(-14, 25, len(person))
    values = np.column_stack([t[person, wave] for t in scores.values()])
    n = len(person)
    measures = Measures(
        person=person,
        planned=wave,
        date=_zero(who)[person] + day,
        file=np.zeros(n, dtype=np.int64),
        row=np.arange(n) + 2,
        scores=values,
        why=np.zeros(values.shape, dtype=np.int16),
        reasons=("", "empty"),
    )
    return Placed(measures=measures, day=day.astype(float), wave=wave, counted=~np.isnan(values))


def _zero(who: People) -> Any:
    assert who.time_zero is not None
    return who.time_zero


def _reasons(rng: Any, table: Any) -> Any:
    why = rng.choice([1, 1, 1, 2, 3, 4], table.shape).astype(np.int16)
    why[~np.isnan(table)] = 0
    return why


def _table(name: str, n: int, **columns: Any) -> Table:
    return Table(name=name, columns=columns, file=np.zeros(n, dtype=np.int64), row=np.arange(n) + 2)


def _words(rng: Any, n: int, words: Any, empty: float = 0.05) -> Any:
    cells = rng.choice(np.array(words, dtype=object), n)
    cells[rng.random(n) < empty] = ""
    return cells


def _holes(rng: Any, values: Any, empty: float) -> Any:
    held = values.astype(float)
    held[rng.random(len(held)) < empty] = np.nan
    return held


def _tables(rng: Any, who: People, workers: int) -> dict[str, Table]:
    n, worker = len(who), who.link_worker
    assert worker is not None
    contacts = 6 * n
    episode = np.array([f"e{i}" for i in range(n)], dtype=object)
    first = _zero(who) + rng.integers(2, 40, n)
    first[rng.random(n) < 0.12] = np.datetime64("NaT")
    opened = rng.integers(0, n, contacts)
    names = np.array([f"w{i}" for i in range(workers)], dtype=object)
    bands = ("18-24", "25-34", "35-44", "45-54", "55-64", "65-74", "75 or over")
    groups = ("White", "Asian", "Black", "Mixed", "Other")
    share = (0.78, 0.1, 0.07, 0.04, 0.01)
    people = _table(
        "people",
        n,
        person=who.ids,
        age_band=_words(rng, n, bands, 0.0),
        sex=_words(rng, n, ("female", "female", "male")),
        ethnicity=rng.choice(np.array(groups, dtype=object), n, p=share),
        imd_decile=_holes(rng, np.minimum(rng.geometric(0.2, n), 10), 0.03),
        ltc_physical=_holes(rng, rng.poisson(1.6, n), 0.1),
        ltc_mental=_holes(rng, rng.poisson(0.6, n), 0.1),
        carer=_holes(rng, rng.random(n) < 0.2, 0.3),
        employment=_words(rng, n, ("employed", "retired", "unemployed", "long-term sick")),
        living_alone=_holes(rng, rng.random(n) < 0.4, 0.2),
        interpreter=_holes(rng, rng.random(n) < 0.02, 0.0),
    )
    log = _table(
        "contacts",
        contacts,
        contact=np.array([f"c{i}" for i in range(contacts)], dtype=object),
        episode=episode[opened],
        date=first[opened],
        link_worker=names[worker[opened]],
        mode=_words(rng, contacts, MODES, 0.1),
        minutes=_holes(rng, rng.integers(10, 60, contacts), 0.38),
        attended=_holes(rng, rng.random(contacts) < 0.8, 0.3),
    )
    episodes = _table(
        "episodes",
        n,
        episode=episode,
        person=who.ids,
        referral_date=who.time_zero,
        source=_words(rng, n, ("GP", "self", "nurse"), 0.002),
        first_contact_date=first,
        accepted=_holes(rng, rng.random(n) < 0.9, 0.0),
        close_reason=_words(rng, n, ("completed", "moved", "declined"), 0.4),
    )
    staff = _table(
        "link_workers",
        workers,
        link_worker=names,
        role_title=_words(rng, workers, ("Link worker",), 0.0),
        fte=np.full(workers, 0.8),
    )
    tables = (people, log, episodes, staff)
    return {table.name: table for table in tables}
