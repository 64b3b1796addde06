"""A synthetic programme: its tables, its plan, and the truth behind them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

from splw_eval.synthetic.answers import draw_answers, mean_answer
from splw_eval.synthetic.asked import settings_of
from splw_eval.synthetic.contacts import contact_table, support_table
from splw_eval.synthetic.episodes import Episodes, make_episodes
from splw_eval.synthetic.expected import expected
from splw_eval.synthetic.link_workers import Staff, make_staff, worker_table
from splw_eval.synthetic.measures import measure_table, planned_days
from splw_eval.synthetic.people import Cast, Cells, Columns, Days, make_people
from splw_eval.synthetic.plan import plan_text
from splw_eval.synthetic.practices import cluster_table
from splw_eval.synthetic.questionnaires import QUESTIONNAIRES
from splw_eval.synthetic.retention import draw_presence
from splw_eval.synthetic.service_use import service_table
from splw_eval.synthetic.settings import Settings
from splw_eval.synthetic.stream import Whole
from splw_eval.synthetic.traits import draw_traits, effect_in_points
from splw_eval.synthetic.writing import csv_text, frame_of, write_files

if TYPE_CHECKING:
    from pandas import DataFrame

_ORDER = (
    "people",
    "episodes",
    "contacts",
    "support",
    "measures",
    "link_workers",
    "clusters",
    "service_use",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """What a synthetic programme was made with.

    Attributes
    ----------
    settings : Settings
        Everything `programme` was asked for or assumed.
    effect : mapping of str to float
        By outcome, in SDs of its score at baseline; positive is better.
    effect_in_points : mapping of str to tuple of float
        The same in the units of the score at each follow-up wave; a negative number is a
        lower score, which for some instruments is the better one.
    mean, sd, reliability : mapping of str to float
        Of each score at baseline, as expected without practices that happen to differ.
    """

    settings: Settings
    effect: Mapping[str, float]
    effect_in_points: Mapping[str, tuple[float, ...]]
    mean: Mapping[str, float]
    sd: Mapping[str, float]
    reliability: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme:
    """A programme that does not exist, with everything an evaluation needs.

    Attributes
    ----------
    tables : mapping of str to DataFrame
        Every table of the codebook, with its columns.
    plan : str
        Its study.toml.
    truth : Truth
        What the tables were made with.
    """

    tables: Mapping[str, DataFrame]
    plan: str
    truth: Truth

    def write(self, folder: str | Path) -> Path:
        """Write the tables as CSV files, and the plan beside them.

        Parameters
        ----------
        folder : str or Path
            A new or empty folder.

        Returns
        -------
        Path
            The study.toml in it.

        Raises
        ------
        OutputError
            The folder holds something already, or cannot be written; nothing was left there.
        """
        texts = {f"{name}.csv": csv_text(frame) for name, frame in self.tables.items()}
        write_files(Path(folder), {"study.toml": self.plan, **texts})
        return Path(folder) / "study.toml"


def programme(  # noqa: PLR0913 - keywords alone, and each a thing of its own
    *,
    seed: int,
    practices: tuple[int, int] = (7, 8),
    people: tuple[float | Sequence[int], float | Sequence[int]] = (31, 70),
    size_cv: float = 0.5,
    icc: float = 0.02,
    worker_icc: float = 0.03,
    cac: float = 0.8,
    correlation: float = 0.55,
    effect: Mapping[str, float] | float | None = None,
    dropout: Mapping[str, Sequence[float]] | None = None,
    intermittent: float = 0.04,
    never_start: float = 0.02,
    item_missing: float = 0.005,
    waves: Sequence[float] = (0, 3, 12, 18),
) -> Programme:
    """Draw a programme of link workers in a cluster trial, of people who do not exist.

    Parameters
    ----------
    seed : int
        The same seed and arguments give the same bytes.
    practices : tuple of int
        Practices of the programme and of the comparison arm.
    people : tuple of float or of sequence of int
        For each arm the mean number of people a practice, or the number in each.
    size_cv : float
        SD of the practices' sizes divided by their mean; not used where sizes are given.
    icc : float
        Share of the variance of every score that lies between practices at one wave.
    worker_icc : float
        Share that lies between link workers, after baseline, among those who were seen.
    cac : float
        Cluster autocorrelation: the share of the practices' part that stays from wave to wave.
    correlation : float
        Of one person's scores at two waves.
    effect : mapping of str to float, or float, optional
        True effect by outcome, in SDs of its score at baseline (not in points, not in MIDs);
        positive is better. It holds at every follow-up wave and for everybody in the programme
        arm, whether or not they took up the offer. Outcomes left out have none. One number
        holds for all. Without it, 0.2 for SWEMWBS, 0 for EQ-5D-5L and EQ VAS, and a little
        for the others.
    dropout : mapping of str to sequence of float, optional
        For ``"programme"`` and ``"comparison"``, the share of all people who return no
        questionnaire at each follow-up wave. Without it, `usual_dropout`.
    intermittent : float
        Chance of missing one wave and coming back; part of `dropout`.
    never_start : float
        Share who never return any questionnaire; part of `dropout`.
    item_missing : float
        Chance that a single item is left out.
    waves : sequence of float
        Months after time zero; the first is 0.

    Returns
    -------
    Programme

    Raises
    ------
    SplwError
        An argument is of another kind, or they describe no programme that could be, with
        everything that is wrong.

    Notes
    -----
    Answers are made from normal traits and limits between answers. Effects, ICC and
    correlation are those of the scores, not of the traits: what the items add in chance is
    allowed for. Who is lost depends on distress at baseline and on a link worker who left,
    both of which stand in the tables; so scores are missing at random given the data.
    """
    asked: dict[str, Any] = {
        "seed": seed,
        "practices": practices,
        "people": people,
        "size_cv": size_cv,
        "icc": icc,
        "worker_icc": worker_icc,
        "cac": cac,
        "correlation": correlation,
        "effect": effect,
        "dropout": dropout,
        "intermittent": intermittent,
        "never_start": never_start,
        "item_missing": item_missing,
        "waves": waves,
    }
    return _drawn(settings_of(asked))


def _drawn(its: Settings) -> Programme:
    """Draw every table, in the order in which one leans on another."""
    cast = make_people(its)
    staff = make_staff(its, cast)
    episodes = make_episodes(its, cast, staff)
    zero = cast.day.copy()
    zero[episodes.person] = episodes.columns["referral_date"]
    columns = {
        "people": {**cast.columns},
        "episodes": episodes.columns,
        "contacts": contact_table(its, cast, staff, episodes),
        "support": support_table(its, episodes),
        "measures": _measures(its, cast, staff, episodes, zero),
        "link_workers": worker_table(its, staff),
        "clusters": cluster_table(its),
        "service_use": service_table(its, cast, zero),
    }
    worker = _worker_of_each(cast, staff, episodes)
    named = np.append(staff.names, "")[worker].astype(object)
    columns["people"] = _inserted(columns["people"], "link_worker", named, after="cluster")
    return Programme(
        tables=MappingProxyType({name: frame_of(columns[name]) for name in _ORDER}),
        plan=plan_text(its, len(cast)),
        truth=_truth(its),
    )


def _measures(its: Settings, cast: Cast, staff: Staff, episodes: Episodes, zero: Days) -> Columns:
    """Everybody's answers at every wave, and then what is lost of them."""
    traits = draw_traits(its, cast, _worker_of_each(cast, staff, episodes))
    answers = draw_answers(its, traits)
    planned = planned_days(its, zero)
    changed, died = (np.full(len(cast), np.datetime64("NaT", "D")) for _ in range(2))
    changed[episodes.person], died[episodes.person] = episodes.changed, episodes.died
    here = draw_presence(
        its,
        cast,
        distress=mean_answer(answers, "phq9")[:, 0],
        changed=changed,
        died=died,
        planned=planned,
    )
    return measure_table(its, cast, here=here, planned=planned, answers=answers, traits=traits)


def _worker_of_each(cast: Cast, staff: Staff, episodes: Episodes) -> Whole:
    """First link worker of each person; -1 for those whom none ever saw."""
    worker = np.full(len(cast), -1, dtype=np.int64)
    seen, first = episodes.seen, episodes.columns["first_contact_date"]
    post = staff.of_person[episodes.person]
    worker[episodes.person[seen]] = staff.seeing(post, first)[seen]
    return worker


def _inserted(columns: Columns, name: str, cells: Cells, *, after: str) -> Columns:
    found: Columns = {}
    for key, value in columns.items():
        found[key] = value
        if key == after:
            found[name] = cells
    return found


def _truth(its: Settings) -> Truth:
    start = {name: expected(name) for name in QUESTIONNAIRES}
    return Truth(
        settings=its,
        effect=its.effect,
        effect_in_points=MappingProxyType(
            {name: effect_in_points(its, name) for name in QUESTIONNAIRES}
        ),
        mean=MappingProxyType({name: round(e.mean, 4) for name, e in start.items()}),
        sd=MappingProxyType({name: round(e.sd, 4) for name, e in start.items()}),
        reliability=MappingProxyType({name: round(e.reliability, 4) for name, e in start.items()}),
    )
