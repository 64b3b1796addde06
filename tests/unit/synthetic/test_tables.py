"""The tables of a synthetic programme: whole, joined, and like those of a real service."""

from __future__ import annotations

import re
import tomllib

import pytest

from splw_eval import synthetic
from splw_eval.data.codebook import codebook
from splw_eval.data.vocabulary import vocabulary_text
from splw_eval.synthetic.questionnaires import QUESTIONNAIRES
from tests.unit.synthetic.given_programme import small

ITEMS = {column for form in QUESTIONNAIRES.values() for column in form.items} | {"phq9_total"}
# The codebook has them for programmes without a people or an episodes table.
ELSEWHERE = {
    "people": {"referral_date"},
    "measures": {"arm", "cluster", "link_worker"},
}


@pytest.mark.parametrize("table", codebook())
def test_every_table_of_the_codebook_is_there_with_every_column(table):
    columns = set(small().tables[table].columns)
    assert columns - (ITEMS if table == "measures" else set()) == (
        set(codebook()[table]) - ELSEWHERE.get(table, set())
    )


@pytest.mark.parametrize("table", codebook())
def test_words_are_those_of_the_vocabulary(table):
    terms = tomllib.loads(vocabulary_text())["terms"]
    for column in codebook()[table].values():
        if column.vocabulary and column.name in small().tables[table]:
            held = set(small().tables[table][column.name].dropna())
            assert held <= set(terms[column.vocabulary]), column.name


@pytest.mark.parametrize(
    ("table", "key"),
    [
        ("people", "person"),
        ("episodes", "episode"),
        ("contacts", "contact"),
        ("link_workers", "link_worker"),
        ("clusters", "cluster"),
    ],
)
def test_keys_stand_once_and_name_nobody(table, key):
    keys = small().tables[table][key]
    assert keys.is_unique
    assert keys.str.fullmatch(r"synth(-[a-z]+)?-\d+").all()


@pytest.mark.parametrize(
    ("table", "column", "of"),
    [
        ("people", "cluster", "clusters"),
        ("people", "link_worker", "link_workers"),
        ("episodes", "person", "people"),
        ("contacts", "episode", "episodes"),
        ("contacts", "link_worker", "link_workers"),
        ("support", "episode", "episodes"),
        ("measures", "person", "people"),
        ("service_use", "person", "people"),
    ],
)
def test_every_row_belongs_somewhere(table, column, of):
    known = set(small().tables[of][column])
    assert set(small().tables[table][column].dropna()) <= known


def test_people_of_the_comparison_arm_were_not_referred():
    people, episodes = (small().tables[t] for t in ("people", "episodes"))
    referred = set(people.person[people.arm == "programme"])
    assert set(episodes.person) == referred
    assert people.index_date[people.arm == "comparison"].notna().all()
    assert people.index_date[people.arm == "programme"].isna().all()


def test_some_decline_and_have_no_contact():
    episodes, contacts = (small().tables[t] for t in ("episodes", "contacts"))
    declined = episodes[(episodes.accepted == "no").to_numpy(dtype=bool)]
    assert 0.05 < len(declined) / len(episodes) < 0.25
    assert declined.first_contact_date.isna().all()
    assert not set(declined.episode) & set(contacts.episode)


def test_days_run_from_offer_to_referral_to_contact():
    episodes = small().tables["episodes"]
    log = small().tables["contacts"].merge(episodes, on="episode")
    assert (episodes.offered_date <= episodes.referral_date).all()
    assert (log.date >= log.referral_date).all()
    first = log.groupby("episode").date.min()
    said = episodes.set_index("episode").first_contact_date.dropna()
    assert (first.reindex(said.index) == said).all()


def test_a_link_worker_is_in_post_on_the_day_of_each_contact():
    log = small().tables["contacts"].merge(small().tables["link_workers"], on="link_worker")
    assert (log.date >= log.start_date).all()
    assert ((log.date <= log.end_date) | log.end_date.isna()).all()


def test_two_link_workers_serve_two_practices_and_some_leave():
    tables = small().tables
    log = tables["contacts"].merge(tables["episodes"][["episode", "person"]])
    log = log.merge(tables["people"][["person", "cluster"]])
    served = log.groupby("link_worker").cluster.nunique()
    assert served.value_counts().to_dict() == {1: len(served) - 2, 2: 2}
    assert (log.groupby("person").link_worker.nunique() > 1).sum() > 3
    assert tables["link_workers"].end_date.notna().sum() >= 2


def test_contacts_are_6_to_12_a_person_as_guides_say():
    contacts = small().tables["contacts"]
    assert 6 < contacts.groupby("episode").size().mean() < 12


def test_records_have_holes_as_real_ones_do():
    contacts, measures = (small().tables[t] for t in ("contacts", "measures"))
    came = (contacts.attended == "yes").fillna(value=False).to_numpy(dtype=bool)
    assert 0.1 < contacts.minutes[came].isna().mean() < 0.3
    assert 0.02 < contacts.attended.isna().mean() < 0.1
    assert 0.002 < measures[sorted(ITEMS - {"phq9_total"})].isna().mean().mean() < 0.04


def test_codes_of_practices_cannot_be_real_ones():
    clusters = small().tables["clusters"]
    # A practice has a letter and five digits, a network U and five digits.
    for column in ("ods_code", "pcn_code"):
        assert not clusters[column].str.fullmatch(r"[A-Z]\d{5}").any()
        assert clusters[column].str.startswith("SYN").all()


def test_practices_are_of_the_sizes_asked_for():
    people = small().tables["people"]
    programme, comparison = (
        people.cluster[people.arm == arm].value_counts() for arm in ("programme", "comparison")
    )
    assert (len(programme), programme.sum()) == (7, 7 * 31)
    assert (len(comparison), comparison.sum()) == (8, 8 * 70)
    assert 0.3 < programme.std(ddof=0) / 31 < 0.6


def test_sizes_may_be_given_one_by_one():
    made = synthetic.programme(seed=1, practices=(2, 3), people=((4, 9), (5, 6, 7)))
    sizes = made.tables["people"].cluster.value_counts().sort_index()
    assert sizes.tolist() == [4, 9, 5, 6, 7]


@pytest.mark.parametrize("waves", [(0, 6), (0, 1, 2.5, 24), (0, 3, 6, 12, 18)])
def test_waves_are_those_asked_for(waves):
    made = synthetic.programme(seed=1, waves=waves)
    held = made.tables["measures"].wave.unique().tolist()
    assert len(held) == len(waves)
    planned = re.findall(r"^month = (.+)$", made.plan, re.MULTILINE)
    assert [float(month) for month in planned] == list(waves)


def test_one_practice_in_each_arm_is_enough():
    made = synthetic.programme(seed=1, practices=(1, 1), people=((1,), (1,)))
    assert len(made.tables["people"]) == 2
    assert set(made.tables) == set(codebook())
