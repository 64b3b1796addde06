"""The vocabulary: its words, the study's own words, and what cannot be."""

from __future__ import annotations

import numpy as np
import pytest

from splw_eval.data.ledger import Ledger
from splw_eval.data.vocabulary import (
    UNMAPPED,
    plainly,
    read_vocabulary,
    standard_vocabulary,
    vocabulary_text,
)
from tests.unit.data.given_tables import valid
from tests.unit.given_study import pre_post_plan

FILE = 'version = "ours 3"\n[terms.mode]\n"in person" = ["drop-in"]\n'
WHITE = ("British", "Irish", "Any other White background")
MIXED = ("White and Black Caribbean", "White and Black African", "White and Asian")
ASIAN = ("Indian", "Pakistani", "Bangladeshi", "Chinese", "Any other Asian background")
BLACK = ("Caribbean", "African", "Any other Black background")
GROUPS = {
    "White": WHITE,
    "Mixed or multiple ethnic groups": (*MIXED, "Any other mixed background"),
    "Asian or Asian British": ASIAN,
    "Black, Black British, Caribbean or African": BLACK,
    "Other ethnic group": ("Any other ethnic group",),
    "not stated": ("Not stated",),
}


def words(*cells):
    return np.array(cells, dtype=object)


def read(folder, text=None, **section):
    """Vocabulary and findings of a plan's [vocabulary], with its file."""
    if text is not None:
        (folder / "vocabulary.toml").write_text(text, encoding="utf-8")
        section.setdefault("file", "vocabulary.toml")
    ledger = Ledger()
    plan = valid(pre_post_plan(vocabulary=section))
    return read_vocabulary(plan, folder, ledger), ledger.findings


def only_fault(folder, text=None, **section):
    _, (fault,) = read(folder, text, **section)
    assert fault.severity == "error"
    return fault


def test_no_word_of_the_package_stands_for_two_terms():
    assert standard_vocabulary().version


@pytest.mark.parametrize("written", ["Face to face", "face-to-face", " FACE_TO_FACE ", "f2f"])
def test_capitals_and_marks_make_no_difference(written):
    assert standard_vocabulary().standard("mode", words(written)).tolist() == ["in person"]


def test_empty_stays_empty_and_an_unknown_word_is_marked():
    terms = standard_vocabulary().standard("mode", words("", "owl", "phone"))
    assert terms.tolist() == ["", UNMAPPED, "telephone"]


@pytest.mark.parametrize("group", GROUPS)
def test_every_one_of_the_16_and_1_categories_falls_into_its_group(group):
    terms = standard_vocabulary().standard("ethnicity", words(*GROUPS[group]))
    assert set(terms) == {group}


def test_the_letters_of_the_16_and_1_categories_are_known():
    letters = words(*"ABCDEFGHJKLMNPRSZ")
    assert UNMAPPED not in standard_vocabulary().standard("ethnicity", letters)


@pytest.mark.parametrize("cell", ["yes", "Y", "1", "1.0", "TRUE"])
def test_yes_is_one(cell):
    value, wrong = standard_vocabulary().yes_no(words(cell))
    assert (value.tolist(), wrong.tolist()) == ([1.0], [False])


@pytest.mark.parametrize("cell", ["-1", "-0", "2", "yes and no"])
def test_what_is_neither_yes_nor_no_is_no_number(cell):
    value, wrong = standard_vocabulary().yes_no(words(cell))
    assert np.isnan(value).all()
    assert wrong.all()


def test_the_sign_of_a_number_counts():
    assert plainly("-1") != plainly("1")
    assert plainly("Long-term") == plainly("long term")


def test_every_code_says_whether_it_was_checked():
    codes = {code.code: code for code in standard_vocabulary().codes}
    assert codes["871731000000106"].event == "referred"
    assert codes["871711000000103"].event == "declined"
    assert codes["871691000000100"].status == "unverified"
    assert all(code.source for code in codes.values())


def test_a_plan_without_words_has_those_of_the_package(tmp_path):
    ledger = Ledger()
    plan = valid(pre_post_plan())
    assert read_vocabulary(plan, tmp_path, ledger) is standard_vocabulary()


def test_the_file_of_the_package_is_itself_a_sound_file(tmp_path):
    vocabulary, findings = read(tmp_path, vocabulary_text())
    assert findings == []
    assert vocabulary.words == standard_vocabulary().words
    assert len(vocabulary.sha256) == 64


def test_words_of_a_file_are_added_and_its_version_is_kept(tmp_path):
    vocabulary, findings = read(tmp_path, FILE)
    assert findings == []
    terms = vocabulary.standard("mode", words("Drop in", "phone"))
    assert terms.tolist() == ["in person", "telephone"]
    assert vocabulary.version == f"{standard_vocabulary().version}, ours 3"


def test_words_of_the_plan_win_over_those_of_the_package(tmp_path):
    terms = {"mode": {"Visit": "Video"}}
    vocabulary, findings = read(tmp_path, terms=terms, version="2")
    assert findings == []
    assert vocabulary.standard("mode", words("visit", "phone")).tolist() == ["video", "telephone"]


def test_a_yes_of_ones_own_is_a_yes(tmp_path):
    vocabulary, _ = read(tmp_path, terms={"yes_no": {"Attended": "yes", "DNA": "no"}})
    value, wrong = vocabulary.yes_no(words("attended", "dna"))
    assert (value.tolist(), wrong.any()) == ([1.0, 0.0], False)


def test_a_code_list_can_be_brought_up_to_date(tmp_path):
    code = '[[codes]]\ncode = "871691000000100"\nmeaning = "Offered"\nevent = "offered"\n'
    vocabulary, _ = read(tmp_path, FILE + code + 'status = "verified"\nsource = "Release 40"\n')
    codes = {code.code: code for code in vocabulary.codes}
    assert (len(codes), codes["871691000000100"].source) == (3, "Release 40")


@pytest.mark.parametrize(
    "section",
    [
        {"terms": {"mode": {"drop-in": "telephone"}}, "text": FILE},
        {"terms": {"mode": {"drop in": "telephone", "Drop-in": "video"}}},
        {"text": FILE + 'telephone = ["Drop in"]\n'},
    ],
    ids=["file and plan", "plan", "file"],
)
def test_a_word_cannot_stand_for_two_terms(tmp_path, section):
    assert only_fault(tmp_path, **section).code == "SW58"


def test_the_same_word_twice_for_one_term_is_no_fault(tmp_path):
    terms = {"mode": {"drop-in": "in person", "Drop in": "In person"}}
    assert read(tmp_path, FILE, terms=terms)[1] == []


def test_an_unknown_term_or_list_gets_the_nearest(tmp_path):
    _, findings = read(tmp_path, terms={"mode": {"x": "telefone"}, "mood": {"x": "telephone"}})
    assert [f.code for f in findings] == ["SW57", "SW57"]
    assert 'did you mean "telephone"' in findings[0].problem
    assert 'did you mean "mode"' in findings[1].problem


def test_a_file_cannot_invent_a_standard_term(tmp_path):
    assert only_fault(tmp_path, FILE + "pigeon = []\n").code == "SW57"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("version = 1", "version"),
        ('version = "1"\n[terms.mode]\n"in person" = "visit"', "terms.mode.in person"),
        ('version = "1"\nterm = 1', "term"),
        ("version = ", "TOML"),
    ],
)
def test_a_file_of_another_form_is_a_fault_that_says_where(tmp_path, text, words):
    fault = only_fault(tmp_path, text)
    assert (fault.code, fault.file) == ("SW56", "vocabulary.toml")
    assert words in fault.problem


@pytest.mark.parametrize(
    ("name", "code"), [("no.toml", "SW56"), ("../v.toml", "SW21"), (".", "SW56")]
)
def test_a_file_that_is_not_there_or_lies_outside_is_a_fault(tmp_path, name, code):
    assert only_fault(tmp_path, file=name).code == code
