"""Numbers that stand for a person: NHS, Health and Care, CHI, telephone, hash."""

from __future__ import annotations

import hashlib
import random
import uuid

import numpy as np
import pytest

from splw_eval.core.findings import Severity
from tests.unit.data.identifiers.given_column import (
    chi_numbers,
    codes,
    found,
    nhs_numbers,
    plan,
)


def spaced(number: str, mark: str = " ") -> str:
    return mark.join((number[:3], number[3:6], number[6:]))


def test_nhs_numbers_are_refused_under_any_heading():
    (finding,) = found("ref", nhs_numbers(20))
    assert (finding.code, finding.severity) == ("SW90", Severity.ERROR)
    assert (finding.column, len(finding.rows), finding.of_rows) == ("B (ref)", 20, 20)


@pytest.mark.parametrize("mark", [" ", "-"])
def test_one_nhs_number_in_its_usual_form_is_enough(mark):
    assert codes("ref", [spaced(nhs_numbers(1)[0], mark), *["p7"] * 30]) == ["SW90"]


def test_nhs_numbers_kept_as_numbers_are_refused():
    typed = np.array([*map(float, nhs_numbers(20)), np.nan])
    (finding,) = found("ref", typed)
    assert (finding.code, len(finding.rows)) == ("SW90", 20)
    assert codes("ref", [f"{number}.0" for number in nhs_numbers(20)]) == ["SW90"]


def test_the_pseudonym_itself_is_looked_at():
    assert codes("person", nhs_numbers(20)) == ["SW90"]
    assert codes("person", ["p1", "p2", "someone@example.org"]) == ["SW98"]


def test_a_fifth_of_the_numbers_may_be_mistyped():
    slips = [f"{int(n) // 10}{(int(n) + 1) % 10}" for n in nhs_numbers(20)]
    assert codes("ref", [*nhs_numbers(20)[:17], *slips[17:]]) == ["SW90"]
    assert codes("ref", [*nhs_numbers(20)[:15], *slips[15:]]) == []


def test_numbers_of_northern_ireland_are_refused():
    assert codes("ref", nhs_numbers(5, start=320_000_001)) == ["SW90"]


def test_one_or_two_such_numbers_among_others_are_a_warning():
    (finding,) = found("ref", [*nhs_numbers(2, start=443_476_591), "p3", "p4"])
    assert (finding.code, finding.severity) == ("SW92", Severity.WARNING)


def test_a_heading_that_says_nhs_number_needs_one_value_only():
    assert codes("NHSNumber", nhs_numbers(1)) == ["SW90"]
    assert codes("nhs_region", ["1", "2"]) == []
    assert codes("nhs_number_pseudonym", ["a7f", "b8c"]) == []


@pytest.mark.parametrize("seed", range(20))
def test_study_numbers_of_ten_digits_are_not_nhs_numbers(seed):
    ids = [str(random.Random(seed + i).randrange(10**9, 10**10)) for i in range(200)]
    assert codes("person", ids) == []


def test_consecutive_study_numbers_are_not_nhs_numbers():
    assert codes("person", [str(4_400_000_000 + i) for i in range(200)]) == []
    assert codes("stamp", np.array([1.7e9 + 3600 * i for i in range(200)])) == []


def test_chi_numbers_are_refused_with_or_without_their_first_zero():
    numbers = chi_numbers(10)
    assert codes("ref", numbers) == ["SW91"]
    assert codes("ref", [str(int(n)) for n in numbers]) == ["SW91"]
    assert codes("ref", np.array([float(n) for n in numbers])) == ["SW91"]


@pytest.mark.parametrize(
    "number",
    ["+44 7700 900123", "07700 900123", "(020) 7946 0018", "0161-496-0123", "+447700900123"],
)
def test_a_telephone_number_as_people_write_it_is_refused(number):
    assert codes("ref", [number, *["p7"] * 30]) == ["SW99"]


def test_bare_digits_are_telephone_numbers_where_a_column_is_full_of_them():
    bare = [f"07700900{i:03}" for i in range(10)]
    assert codes("ref", bare) == ["SW99"]
    assert codes("ref", [bare[0], *(f"p{i}" for i in range(20))]) == []
    assert codes("mobile_no", bare[:1]) == ["SW99"]
    assert codes("mobile_no", np.array([7_700_900_123.0, np.nan])) == ["SW99"]


@pytest.mark.parametrize(
    ("heading", "cells"),
    [
        ("person", [f"{i:011}" for i in range(1, 60)]),
        ("mode", ["telephone", "face to face"]),
        ("telephone_contacts", ["3", "12"]),
        ("seen", ["2026-01-31", "2026-02-28"]),
        ("seen", ["31.01.2026 14:30", "28.02.2026 15:00"]),
        ("share", ["0.1234567891", "0.2345678901", "-0.7712345678", "0.9"]),
        ("phq", ["0", "63", "-99", "19,25", "1e5"]),
    ],
)
def test_what_only_looks_like_a_telephone_number(heading, cells):
    assert codes(heading, cells) == []


@pytest.mark.parametrize("method", ["md5", "sha1", "sha256"])
def test_hashes_are_a_warning(method):
    hashes = [hashlib.new(method, str(i).encode()).hexdigest() for i in range(10)]
    (finding,) = found("person", hashes)
    assert (finding.code, finding.severity) == ("SW102", Severity.WARNING)
    assert "HMAC" in finding.remedy
    assert codes("id_hmac", hashes) == []


def test_random_identifiers_are_no_hashes():
    made = [uuid.UUID(int=random.Random(i).getrandbits(128), version=4) for i in range(20)]
    assert codes("person", [str(u) for u in made]) == []
    assert codes("person", [u.hex for u in made]) == []


def test_value_labels_of_numbers_are_looked_at():
    from dataclasses import replace

    from splw_eval.data.identifiers.refusal import refuse_identifiers
    from splw_eval.data.ledger import Ledger
    from tests.unit.data.identifiers.given_column import sheet

    of, ledger = plan(link_worker="lw"), Ledger()
    labelled = replace(
        sheet(of, "lw", np.array([1.0, 2.0])), labels={"lw": {1.0: "Joan Smith", 2.0: "LW2"}}
    )
    refuse_identifiers(of, [labelled], ledger)
    assert [f.code for f in ledger.findings] == ["SW101"]
    assert ledger.findings[0].rows == (2,)
