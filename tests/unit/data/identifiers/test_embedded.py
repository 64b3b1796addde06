"""Numbers and postcodes of people among words, in columns that are used and in others."""

from __future__ import annotations

import pytest

from splw_eval.core.findings import Severity
from tests.unit.data.identifiers.given_column import codes, found, nhs_numbers, plan

NUMBER = nhs_numbers(1, start=401_023_213)[0]
SPACED = f"{NUMBER[:3]} {NUMBER[3:6]} {NUMBER[6:]}"
WORDS = ["review", "first visit", "housing; debt"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (f"review NHS {SPACED}", "SW90"),
        (f"review {SPACED.replace(' ', '-')}", "SW90"),
        (f"review of {NUMBER}, rang", "SW90"),
        ("NHS 943 476 5919", "SW90"),
        ("loneliness; tel 07700 900123", "SW99"),
        ("housing;07700900123", "SW99"),
        ("ring (0113) 496 0123 after 5", "SW99"),
        ("ring +44 7700 900123", "SW99"),
        ("moved to LS1 4AB in May", "SW95"),
    ],
)
@pytest.mark.parametrize("role", [{"purpose": "what"}, {}])
def test_one_among_words_stops_the_run(text, code, role):
    (fault,) = found("what", [*WORDS, text], plan("contacts", **role))
    assert (fault.code, fault.severity, fault.rows) == (code, Severity.ERROR, (5,))
    assert text not in fault.sentence()


@pytest.mark.parametrize(
    "text",
    [
        "order 1234567890 of stock",  # no check digit
        "version 0.1234567890123",
        "PHQ9 and GAD7 on 2025-01-05",
        "sessions 1 to 10, 12.30 to 13.45",
        "ref AB4010232137",
        "minutes 010 to 020",
        "Band 5, 0.8 FTE",
    ],
)
def test_other_numbers_among_words_do_not(text):
    assert codes("what", [*WORDS, text], plan("contacts", purpose="what")) == []


def test_the_number_of_a_practice_is_no_persons():
    assert codes("practice", ["Green Surgery 0113 496 0123", "High Street"] * 2) == []


def test_mobiles_that_lost_their_first_0_are_found_where_they_fill_a_column():
    mobiles = [str(7_700_900_000 + i) for i in range(20)]
    assert codes("x1", mobiles) == ["SW99"]
    assert codes("x1", [f"{mobile}.0" for mobile in mobiles]) == ["SW99"]
    assert codes("x1", [*mobiles[:5], *(f"a{i}" for i in range(15))]) == []
    assert codes("x1", [str(2_025_000_001 + i) for i in range(20)]) == []
