"""The formula: what it reads, in which order, and everything that it refuses."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from splw_eval.core.errors import FitError
from splw_eval.models.formula import Factor, parse_formula


def terms(text: str) -> list[str]:
    return [":".join(factor.name for factor in term) for term in parse_formula(text).terms]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("arm * C(visit) + age", ["arm", "visit", "age", "arm:visit"]),
        ("a*b*c - a:b:c", ["a", "b", "c", "a:b", "a:c", "b:c"]),
        ("(a + b):c", ["a:c", "b:c"]),
        ("a*(b + c)", ["a", "b", "c", "a:b", "a:c"]),
        ("b:a + a:b", ["b:a"]),
        ("a:a", ["a"]),
        ("`odd name` + imd.decile", ["odd name", "imd.decile"]),
        ("C + C(C)", ["C", "C"]),
        ("~ a", ["a"]),
    ],
)
def test_terms_are_those_of_r(text, expected):
    assert terms(text) == expected


@pytest.mark.parametrize("text", ["I(a^2)", "I(a**2)", "I( a ^ 2 )", "I(`a` ** 2)", "I (a^2)"])
def test_a_power_is_read_however_it_is_written(text):
    assert parse_formula(text).terms == ((Factor("a", power=2),),)


def test_a_power_is_a_factor_of_its_own_beside_its_column():
    found = parse_formula("arm * (age + I(age^2)) + I(age**2) - arm:age + I")
    names = [[(factor.name, factor.power) for factor in term] for term in found.terms]
    arm, age, square = ("arm", 1), ("age", 1), ("age", 2)
    assert names == [[arm], [age], [square], [("I", 1)], [arm, square]]
    assert found.columns == ("arm", "age", "I")


@pytest.mark.parametrize(
    ("text", "there"), [("a", True), ("0 + a", False), ("a - 1", False), ("-1 + a + 1", True)]
)
def test_the_intercept_is_there_unless_taken_away(text, there):
    assert parse_formula(text).intercept is there


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0",
        "a +",
        "a ** 2",
        "a ^ 2",
        "a / b",
        "a | b",
        "2 * a",
        "a b",
        "(a",
        "a)",
        "C()",
        "C(a, b)",
        "C(C(a))",
        "log(a)",
        "I(a)",
        "I(a^1)",
        "I(a^5)",
        "I(a^2.5)",
        "I(a^b)",
        "I(a*b)",
        "I(2^a)",
        "I(C(a)^2)",
        "I(a^2",
        "I(a^2)^2",
        "np.exp(a)",
        "a[0]",
        "'a'",
        "__import__('os').system('true')",
        "a; b",
        "a == 1",
        "{a}",
        "a\\nb",
        "`a",
        "1.5",
        "C(a + b)",
    ],
)
def test_anything_else_is_refused(text):
    with pytest.raises(FitError, match="fixed part"):
        parse_formula(text)


@given(st.text(alphabet="abCI012+-*^:()~` .\n'\"_[]@!#", max_size=20))
def test_no_text_does_anything_but_be_read_or_refused(text):
    try:
        formula = parse_formula(text)
    except FitError:
        return
    assert formula.intercept or formula.terms
