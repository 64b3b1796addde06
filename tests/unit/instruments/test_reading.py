"""Reading an instrument's file: what is wrong is said with file, key and remedy, all at once."""

from __future__ import annotations

from dataclasses import FrozenInstanceError

import pytest

import splw_eval
from splw_eval.core.errors import DataError
from splw_eval.instruments import read_catalogue
from splw_eval.instruments.reading import SHIPPED, read_instrument
from tests.unit.instruments.given_instrument import PRORATED, given, own_folder, toml

CHOICE = '[options.coding]\nmeaning = "How it was keyed."\nchoices.a = "one way"\n{}'
FAULTS = {
    "an unknown key": (
        toml(rest='[[flags]]\nnaem = "x"'),
        'SI02 own.toml: [[flags]] 1: unknown key "naem"; did you mean "name"?',
    ),
    "a missing key": (toml().replace('title = "Three items"', ""), "own.toml: title is missing"),
    "a word that is not allowed": (
        toml(formula='how = "summ"'),
        '[[scores]] 1, formula.how: "summ" is not one of',
    ),
    "text for a number": (
        toml().replace("codes = [0, 4]", 'codes = ["0", 4]'),
        "must be a whole number, without quotation marks",
    ),
    "no list of scores": (
        toml().replace("[[scores]]", "[scores]"),
        "scores must be a list in square brackets",
    ),
    "another name than the file's": (
        toml("other"),
        'name is "other", but the file is own.toml',
    ),
    "an item that is not there": (
        toml(formula='how = "sum", reversed = ["4"]'),
        'score total, formula, reversed: there is no "4"',
    ),
    "a formula without its numbers": (
        toml(formula='how = "percentage"'),
        'how = "percentage" needs factor',
    ),
    "a key that the formula does not use": (
        toml(formula='how = "sum", factor = 2.0'),
        'how = "sum" does not use factor',
    ),
    "no rule for the items that may be missing": (
        toml(formula='how = "sum", fewest = 2'),
        'say fill = "mean" or "zero"',
    ),
    "a tariff without a number for each code": (
        toml(formula='how = "tariff", add = { 1 = [0, 1], 2 = [0, 1], 3 = [0, 1] }'),
        "formula, add.1: give 5 numbers, one for each code",
    ),
    "a table that starts from no score": (
        toml(formula='how = "table", of = "raw", table = [1, 2]'),
        'formula, of: there is no "raw"',
    ),
    "numbers of an instrument that is not shipped": (
        toml(formula='how = "tariff", numbers_of = "nobody.index"'),
        'there is no shipped score "nobody.index"',
    ),
    "an option that is neither asked nor answered": (
        toml(options=CHOICE.format("")),
        "option coding: give a default, or required = true",
    ),
    "an option with a word of its own": (
        toml(options=CHOICE.format("required = true").replace("coding", "missing")),
        "option missing: this word has another meaning",
    ),
    "a range that runs backwards": (
        toml().replace("[0, 12]", "[12, 0]"),
        "the lowest score must lie under the highest",
    ),
    "bands that do not rise": (
        toml(
            rest='[[scores.bands]]\nset = "a"\nlimits = [[5, "b"], [0, "a"]]\n'
            'status = "checked"\nsource = "b"'
        ),
        'bands "a": the limits must rise',
    ),
    "two items of one key": (
        toml().replace("items = 3", 'items = ["a", "a"]'),
        'items: "a" stands 2 times',
    ),
    "no TOML at all": ('name = "own', "SI01 own.toml: is not valid TOML"),
}


@pytest.mark.parametrize(("text", "said"), FAULTS.values(), ids=FAULTS)
def test_a_fault_of_the_users_file_is_said_with_its_key_and_a_remedy(tmp_path, text, said):
    with pytest.raises(DataError) as refused:
        read_catalogue(own_folder(tmp_path, text))
    sentences = " ".join(f.sentence() for f in refused.value.findings)
    assert said in sentences
    assert all(f.file == "own.toml" and f.remedy for f in refused.value.findings)


def test_all_faults_of_all_files_are_listed_at_once(tmp_path):
    own_folder(tmp_path, toml(rest='bands = "x"').replace("access", "acces"))
    own_folder(tmp_path, toml("second", formula='how = "summ"'), "second")
    with pytest.raises(DataError) as refused:
        read_catalogue(tmp_path)
    assert {f.file for f in refused.value.findings} == {"own.toml", "second.toml"}
    assert len(refused.value.findings) >= 4  # unknown and missing key, no list, no such word


def test_a_file_that_is_no_text_is_refused_plainly(tmp_path):
    folder = own_folder(tmp_path, "")
    (folder / "instruments" / "own.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(DataError, match="not text in UTF-8"):
        read_catalogue(folder)


def test_the_users_own_instrument_is_listed_after_the_shipped_ones_and_scored(tmp_path):
    folder = own_folder(tmp_path, toml(formula=PRORATED))
    table = splw_eval.instruments(folder)
    assert table.columns[0] == "name"
    assert table["name"].iloc[-1] == "own"
    assert bool(table["own"].iloc[-1])
    assert splw_eval.instrument("own", folder).own


def test_the_name_of_a_shipped_instrument_cannot_be_taken(tmp_path):
    with pytest.raises(DataError, match='there is a shipped instrument "phq9" already'):
        read_catalogue(own_folder(tmp_path, toml("phq9"), "phq9"))


def test_a_folder_without_instruments_adds_none(tmp_path):
    assert dict(read_catalogue(tmp_path)) == dict(read_catalogue())


def test_an_instrument_that_is_not_there_gets_the_nearest():
    with pytest.raises(DataError, match='no instrument "phq8"; did you mean "phq9"'):
        splw_eval.instrument("phq8")


def test_an_instrument_cannot_be_changed(tmp_path):
    held = given(tmp_path)
    with pytest.raises(FrozenInstanceError):
        held.title = "another"


def test_every_shipped_file_is_an_instrument_of_its_name():
    names = {path.stem for path in SHIPPED.glob("*.toml")}
    assert names == set(read_catalogue())
    assert {"phq9", "hads", "swemwbs", "eq5d_5l_uk_2026"} <= names
    assert all(read_instrument(SHIPPED / f"{name}.toml").name == name for name in names)
