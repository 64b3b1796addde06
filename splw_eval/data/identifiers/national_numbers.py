"""NHS, Health and Care, and CHI numbers, told by their check digit."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from splw_eval.data.identifiers.column import Column, Hit, refused, warned

# One random number in 11 passes, so a column is judged and not a cell. Three of three
# pass by chance once in 1,331 columns; four of five once in 3,000.
SHARE = 0.8
FEWEST = 3
# A random number passes for a CHI number, date and check digit, once in about 300.
FEWEST_CHI = 2
# A CHI number that lost its first zero; any other; more digits than ten.
LEAST, LEAST_NHS, BEYOND = 1e8, 1e9, 1e10
_PLAIN = re.compile(r"9{10}(\.9)?")
_SPACED = re.compile(r"9{3}([ -])9{3}\1 ?9{4}")
_LOST_ZERO = re.compile(r"9{9}(\.9)?")
_WEIGHTS = np.arange(10, 1, -1)
# Numbers in use: Northern Ireland from 320 000 0010, England and Wales 4, 6 and 7, tests 999.
_RANGES = (
    (3_200_000_010, 4_999_999_999),
    (6_000_000_000, 7_999_999_999),
    (9_990_000_000, 9_999_999_999),
)
_NUMBER_WORDS = frozenset({"no", "num", "number", "id", "identifier"})
_REGISTERS = frozenset({"nhs", "chi", "hcn", "hsc"})
_JOINED = frozenset({"nhsno", "nhsnum", "nhsnumber", "nhsid", "chinumber", "chino", "hcnumber"})
_MADE_SAFE = frozenset({"hash", "hashed", "hmac", "pseudo", "pseudonym", "encrypted", "token"})
_REMEDY = (
    "Put a pseudonym in its place where the file is made, and keep the key elsewhere; "
    "do not evaluate from this copy."
)


def find_national_numbers(column: Column) -> Hit | None:
    """Find columns whose ten-digit values mostly pass Modulus 11.

    Sources
    -------
    NHS Data Dictionary, NHS number: weights 10 to 2, 11 less the remainder; 11 is written 0
    and 10 is never issued. The CHI and the Health and Care number have the same check digit.
    """
    spaced = column.of_shape(_SPACED, longest=13)
    plain = column.of_shape(_PLAIN, longest=13)
    short = column.of_shape(_LOST_ZERO, longest=11)
    values = [*spaced, *plain, *short]
    if not values:
        return None
    right = passes_modulus_11(_digits(values))
    chi = _chi(column, values, right)
    if chi:
        return chi
    values = values[: len(values) - len(short)]
    good = [v for v, passes in zip(values, right, strict=False) if passes]
    enough = len(good) >= SHARE * len(values)
    certain = _heading_says_so(column) or not set(spaced).isdisjoint(good)
    if enough and good and (len(good) >= FEWEST or certain):
        return refused("SW90", "NHS or Health and Care numbers", _REMEDY, good)
    if enough and any(map(in_use, good)):
        return warned(
            "SW92",
            "a number with the check digit of an NHS number",
            "Look at it. If it is one, " + _REMEDY[0].lower() + _REMEDY[1:],
            good,
        )
    return None


def passes_modulus_11(digits: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Tell which numbers carry the right check digit.

    Parameters
    ----------
    digits : ndarray of int, shape (n, 10)

    Returns
    -------
    ndarray of bool, shape (n,)
    """
    check = 11 - digits[:, :9] @ _WEIGHTS % 11
    right: NDArray[np.bool_] = np.where(check == 11, 0, check) == digits[:, 9]  # noqa: PLR2004
    right &= (digits != digits[:, :1]).any(axis=1)  # ten times one digit is a missing code
    return right


def may_be_national(numbers: NDArray[np.float64]) -> bool:
    """Whether numbers kept as numbers are worth a look as text, shape (n,).

    A million study numbers of ten digits are told from NHS numbers without writing them out.
    """
    distinct = np.unique(numbers[(numbers >= LEAST) & (numbers < BEYOND)]).astype(np.int64)
    digits = distinct[:, None] // 10 ** np.arange(9, -1, -1) % 10
    good = int(passes_modulus_11(digits).sum())
    return good > 0 and good >= SHARE * int((distinct >= LEAST_NHS).sum())


def _chi(column: Column, values: Sequence[str], right: NDArray[np.bool_]) -> Hit | None:
    """Look for CHI numbers: a date of birth first, and often the first zero lost."""
    good = [v for v, passes in zip(values, right, strict=True) if passes and _starts_with_date(v)]
    if len(good) < SHARE * len(values):
        return None
    if len(good) >= FEWEST_CHI or (good and _heading_says_so(column)):
        return refused("SW91", "CHI numbers, which begin with a date of birth", _REMEDY, good)
    return None


def _bare(value: str) -> str:
    if len(value) == 10:  # noqa: PLR2004
        return value
    return value.partition(".")[0].replace(" ", "").replace("-", "").zfill(10)


def in_use(value: str) -> bool:
    """Whether a number lies where NHS and Health and Care numbers are given out."""
    number = int(_bare(value))
    return any(low <= number <= high for low, high in _RANGES)


def _digits(values: Sequence[str]) -> NDArray[np.int64]:
    """Digits of numbers, shape (n, 10)."""
    text = "".join(map(_bare, values)).encode("ascii")
    return (np.frombuffer(text, dtype=np.uint8).reshape(len(values), 10) - 48).astype(np.int64)


def _starts_with_date(value: str) -> bool:
    bare = _bare(value)
    try:
        dt.date(2000 + int(bare[4:6]), int(bare[2:4]), int(bare[:2]))
    except ValueError:
        # 29 February of 1900 is the one day that 2000 has and 1900 has not.
        return False
    return True


def _heading_says_so(column: Column) -> bool:
    words = set(column.words)
    if words & _MADE_SAFE:
        return False
    named = "".join(column.words)
    return bool(
        (words & _REGISTERS and (words & _NUMBER_WORDS or len(words) == 1)) or named in _JOINED
    )
