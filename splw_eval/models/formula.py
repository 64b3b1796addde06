"""The fixed part of a model, written as a formula of names; it is read, never run."""

from __future__ import annotations

import re
from dataclasses import dataclass

from splw_eval.core.errors import FitError

_POWER = re.compile(r"I\s*\(\s*(?:`([^`]+)`|([^\W\d][\w.]*))\s*(?:\*\*|\^)\s*([2-4])\s*\)")
_TOKEN = re.compile(
    r"\s*(?:(?P<c>C)(?=\s*\()|`(?P<quoted>[^`]+)`|(?P<name>[^\W\d][\w.]*)|(?P<number>[01])(?![\w.])"
    r"|(?P<sign>[-+*:()~]))"
)
_ALLOWED = "column names, 1, 0, + - * : ( ), C() and powers such as I(age^2)"


@dataclass(frozen=True, slots=True, order=True)
class Factor:
    """A column in a term.

    Attributes
    ----------
    name : str
    categorical : bool
        Whether it was written C().
    power : int
        2 to 4 where a power of its numbers was written; else 1.
    """

    name: str
    categorical: bool = False
    power: int = 1


Term = tuple[Factor, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Formula:
    """Terms of the fixed part, in order: by how many columns they join, then as written.

    Attributes
    ----------
    text : str
    intercept : bool
    terms : tuple of tuple of Factor
    """

    text: str
    intercept: bool
    terms: tuple[Term, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of all columns, each once, in order of appearance."""
        return tuple(dict.fromkeys(factor.name for term in self.terms for factor in term))


def parse_formula(text: str) -> Formula:
    """Read a formula.

    Parameters
    ----------
    text : str
        Names of columns (in backquotes where they are no plain names), ``1``, ``0`` (no
        intercept), ``+ - * :``, parentheses, ``C(name)`` for a column of categories, and
        ``I(name^2)`` or ``I(name**2)``, up to 4, for a power of a column of numbers.
        ``a * b`` stands for ``a + b + a:b``, as in R.

    Returns
    -------
    Formula

    Raises
    ------
    FitError
        The text holds anything else. Nothing in it is ever run.
    """
    reader = _Reader(text, _tokens(text))
    if reader.next_is("~"):
        reader.take()
    terms = reader.sum()
    if not reader.at_end():
        raise reader.error()
    intercept = () in terms
    ordered = sorted((term for term in terms if term), key=len)
    if not ordered and not intercept:
        raise FitError("The fixed part holds no term.", remedy='Write at least "1".')
    return Formula(text=text, intercept=intercept, terms=tuple(ordered))


def _tokens(text: str) -> list[tuple[str, str]]:
    found, at = [], 0
    while text[at:].strip():
        power = _POWER.match(text, _blank(text, at))
        if power is not None:
            found.append(("power", power.group()))
            at = power.end()
            continue
        match = _TOKEN.match(text, at)
        if match is None:
            raise FitError(
                f"The fixed part cannot be read from its character {_blank(text, at) + 1} on.",
                remedy=f"It may hold {_ALLOWED}; names with other characters go in backquotes.",
            )
        kind = str(match.lastgroup)
        value = match.group(kind)
        found.append((value if kind == "sign" else kind, value))
        at = match.end()
    return found


def _blank(text: str, at: int) -> int:
    return at + len(text[at:]) - len(text[at:].lstrip())


class _Reader:
    """Descent over the tokens: a sum of products of joined factors."""

    def __init__(self, text: str, tokens: list[tuple[str, str]]) -> None:
        self.text, self.tokens, self.place = text, tokens, 0

    def next_is(self, *kinds: str) -> bool:
        return not self.at_end() and self.tokens[self.place][0] in kinds

    def at_end(self) -> bool:
        return self.place == len(self.tokens)

    def take(self) -> tuple[str, str]:
        if self.at_end():
            raise self.error()
        self.place += 1
        return self.tokens[self.place - 1]

    def error(self) -> FitError:
        after = "its beginning" if not self.place else f'"{self.tokens[self.place - 1][1]}"'
        return FitError(
            f'The fixed part "{self.text}" cannot be understood after {after}.',
            remedy=f"It may hold {_ALLOWED}.",
        )

    def sum(self, intercept: bool = True) -> list[Term]:
        found: list[Term] = [()] if intercept else []
        sign = "+"
        if self.next_is("+", "-"):
            sign = self.take()[0]
        while True:
            for read in self.product():
                zero = read == _ZERO
                term = () if zero else read
                same = [other for other in found if frozenset(other) == frozenset(term)]
                if (sign == "+") == zero:
                    found = [other for other in found if other not in same]
                elif not same:
                    found.append(term)
            if not self.next_is("+", "-"):
                return found
            sign = self.take()[0]

    def product(self) -> list[Term]:
        left = self.joined()
        while self.next_is("*"):
            if _ZERO in left:
                raise self.error()
            self.take()
            right = self.joined()
            if _ZERO in right:
                raise self.error()
            left = _each_once([*left, *right, *_crossed(left, right)])
        return left

    def joined(self) -> list[Term]:
        left = self.atom()
        while self.next_is(":"):
            self.take()
            right = self.atom()
            if _ZERO in left or _ZERO in right:
                raise self.error()
            left = _crossed(left, right)
        return left

    def atom(self) -> list[Term]:
        kind, value = self.take()
        if kind in ("name", "quoted"):
            return [(Factor(value),)]
        if kind == "number":
            return [()] if value == "1" else [_ZERO]
        if kind == "c":
            return [(Factor(self.inside(), categorical=True),)]
        if kind == "power":
            return [(_power_of(value),)]
        if kind == "(":
            inner = self.sum(intercept=False)
            self.close()
            return inner
        self.place -= 1
        raise self.error()

    def inside(self) -> str:
        self.take()
        kind, value = self.take()
        if kind not in ("name", "quoted", "c"):
            self.place -= 1
            raise self.error()
        self.close()
        return value

    def close(self) -> None:
        if not self.next_is(")"):
            raise self.error()
        self.take()


def _power_of(text: str) -> Factor:
    found = _POWER.fullmatch(text)
    assert found is not None
    quoted, name, power = found.groups()
    return Factor(quoted or name, power=int(power))


_ZERO: Term = (Factor("0"),)  # a name cannot begin with a digit unless quoted


def _crossed(left: list[Term], right: list[Term]) -> list[Term]:
    return _each_once([_join(a, b) for a in left for b in right])


def _join(a: Term, b: Term) -> Term:
    return (*a, *(factor for factor in b if factor not in a))


def _each_once(terms: list[Term]) -> list[Term]:
    kept: dict[frozenset[Factor], Term] = {}
    for term in terms:
        kept.setdefault(frozenset(term), term)
    return list(kept.values())
