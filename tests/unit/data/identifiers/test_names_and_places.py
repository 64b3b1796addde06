"""Names, postcodes, addresses and e-mail, each beside what only looks like it."""

from __future__ import annotations

from typing import Any

import pytest

from splw_eval.core.findings import Severity
from tests.unit.data.identifiers.given_column import codes, found, plan

PEOPLE = ["Joan Smith", "Mohammed Khan", "Agnieszka Nowak", "Peter O'Brien", "Siân Davies-Jones"]
UNKNOWN = [
    f"{a}{b} {c}ski" for a in "BDGKL" for b in ("ovan", "erem") for c in ("Tar", "Wol", "Zem")
]
PRACTICES = [
    "Green Street Surgery",
    "Dr Patel & Partners",
    "Victoria Road",
    "St James's Practice",
    "The Elizabeth Courtauld Surgery",
]


@pytest.mark.parametrize("heading", ["Surname", "first_name", "patientName", "Full Name", "name"])
def test_names_are_refused_by_their_heading(heading):
    (finding,) = found(heading, ["Okonkwo", "Smyth", "Ng"])
    assert (finding.code, finding.severity) == ("SW93", Severity.ERROR)


def test_initials_are_refused():
    assert codes("initials", ["JS", "MK"]) == ["SW93"]


@pytest.mark.parametrize(
    "cells",
    [
        PEOPLE,
        [f"{name.split()[1]}, {name.split()[0]}" for name in PEOPLE],
        [name.upper() for name in PEOPLE],
        ["Mrs Smith", "x", "y"],
        ["Joan", "Peter", "Mohammed", "Mary", "Susan", "x1"],
        UNKNOWN,
    ],
)
def test_names_are_refused_by_their_look(cells):
    assert codes("who", cells) == ["SW93"]


def test_one_name_among_the_pseudonyms_is_refused():
    assert codes("person", ["p1", "p2", "Joan Smith"]) == ["SW93"]


@pytest.mark.parametrize(
    ("heading", "cells"),
    [
        ("practice_name", PRACTICES),
        ("site", ["Florence", "Victoria", "Charlotte", "Grace", "Georgia"]),
        ("instrument_name", ["Beck Depression Inventory", "Loneliness Scale"]),
        ("redcap_event_name", ["Baseline Visit", "Month Three"]),
        ("role", ["Senior Link Worker", "Community Connector", "Health Trainer"]),
        ("arm", ["Usual Care", "Link Worker"]),
        ("activity", ["Knit And Natter", "Walking Group", "Men's Shed", "Grace Church Choir"]),
        ("name", ["Walking Group", "Allotment Project"]),
        ("month", ["April", "May", "June", "July"]),
        ("rating", ["Red", "Amber", "Green"]),
        ("religion", ["Christian", "Muslim", "Jewish", "Hindu", "Sikh"]),
        ("surname", ["REDACTED", "REDACTED"]),
        ("name", ["", ""]),
        ("town", ["Milton Keynes", "Bury St Edmunds"]),
        ("ethnicity", ["White British", "Asian or Asian British", "Black Caribbean"]),
    ],
)
def test_names_of_things_are_not_names_of_people(heading, cells):
    assert codes(heading, cells * 4) == []


def test_practices_may_stand_in_the_column_of_the_cluster():
    of = plan(cluster="label")
    assert codes("label", [*PRACTICES, "12 Green Street", "Dr Patel"], of) == []


def test_staff_names_are_refused_and_pseudonyms_are_not():
    of = plan(link_worker="lw")
    (finding,) = found("lw", ["LW01", "Joan", "LW03"], of)
    assert (finding.code, finding.rows) == ("SW101", (3,))
    assert codes("lw", ["Borov Tarski", "Derem Wolski", "Govan Zemski"], of) == ["SW101"]
    assert codes("referred_by", ["Dr Smith", "self"]) == ["SW101"]
    assert codes("lw", ["LW01", "w", "Worker A", "Team Blue", "lw_b"], of) == []
    assert codes("referred_by", ["GP", "Nurse", "Self", "Housing officer"]) == []
    assert codes("worker_role", ["Link Worker", "Senior Link Worker"]) == []


@pytest.mark.parametrize("cells", [["SW1A 1AA"], ["sw1a1aa", "M11AE", "LS28 5PQ"]])
def test_full_postcodes_are_refused(cells):
    assert codes("where", cells) == ["SW95"]


def test_a_postcode_without_its_space_needs_its_heading_or_company():
    ids = [f"XQ{i}7" for i in range(20)]
    assert codes("where", ["M11AE", *ids]) == []
    assert codes("home_postcode", ["M11AE", *ids]) == ["SW95"]


def test_districts_are_a_warning_where_they_are_told_to_be_districts():
    districts = [f"{area}{i}" for area in ("LS", "BD", "M") for i in range(1, 10)]
    (finding,) = found("where", districts)
    assert (finding.code, finding.severity) == ("SW96", Severity.WARNING)
    assert codes("postcode_district", ["LS1"]) == ["SW96"]
    assert codes("postcode", ["LS1 4"]) == ["SW96"]


@pytest.mark.parametrize(
    ("heading", "cells"),
    [
        ("wave", ["M0", "M3", "M6", "W1", "W2"]),
        ("person", [f"B{i}" for i in range(1, 99)]),
        ("person", [f"S01{i:06}" for i in range(1, 99)]),
        ("ods", ["A81001", "Y02045", "U12345"]),
        ("visit", ["M1 6MO", "W1 2WK", "m1 1st", "m1 2nd"]),
        ("icd", ["F32.1", "E11"]),
        ("person", ["K7 3QX", "P12 3AB"]),
    ],
)
def test_what_only_looks_like_a_postcode_or_an_area(heading, cells):
    assert codes(heading, cells) == []


def test_small_areas_are_a_warning():
    (finding,) = found("area", [f"E0100{i}" for i in range(1000, 1020)])
    assert (finding.code, finding.severity) == ("SW97", Severity.WARNING)
    assert "imd_decile" in finding.remedy
    assert codes("lsoa11", ["W01000123"]) == ["SW97"]


@pytest.mark.parametrize("cell", ["12 Green Street", "Flat 3, 12b High Road, Leeds"])
def test_addresses_are_refused_by_their_look(cell):
    assert codes("where", [cell, "x", "y"]) == ["SW100"]


def test_addresses_are_refused_by_their_heading():
    assert codes("address_line_1", ["Rose Cottage", "The Old Rectory"]) == ["SW100"]


@pytest.mark.parametrize(
    "cells",
    [
        ["5 Ways to Wellbeing", "1 to 1 support", "10 Week Course", "6 Week Walk"],
        ["20 minute drive", "30 minute walk"],
        ["3 months", "12 weeks"],
        ["45-54", "90+"],
    ],
)
def test_what_only_looks_like_an_address(cells):
    assert codes("what", cells) == []


def test_one_email_address_is_enough_wherever_it_stands():
    assert codes("note", ["none", "ask j.smith+x@mail.example.org", "a@b"]) == ["SW98"]
    assert codes("note", ["none", "@ home", "a @ b.c"]) == []


def test_a_heading_is_not_repeated_where_row_one_may_hold_data():
    canaries = ["ask@example.org", "x", "y"]
    of_heading, finding = found("Joan Canary", canaries)
    assert (of_heading.code, of_heading.column) == ("SW130", finding.column)
    assert finding.column == "B"
    of_heading, finding = found("note", canaries, **dict[str, Any]({"SW1A 1AA": ["1", "2", "3"]}))
    assert (of_heading.code, of_heading.column) == ("SW130", "C")
    assert finding.column == "B"
    (finding,) = found("note", canaries, **dict[str, Any]({"Practice Name": ["1", "2", "3"]}))
    assert finding.column == "B (note)"


def test_no_value_stands_in_any_finding():
    for cells in (PEOPLE, ["SW1A 1AA"], ["12 Green Street"], ["07700 900123"], ["q@example.org"]):
        (finding,) = found("who", cells)
        assert not any(cell in finding.sentence() for cell in cells)
