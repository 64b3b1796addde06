"""What was asked of a synthetic programme, of the right kinds: every wrong one named at once."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from numbers import Integral, Real
from types import MappingProxyType
from typing import Any, TypeGuard

from splw_eval.synthetic.settings import (
    ARMS,
    Settings,
    Sizes,
    check,
    refusal,
    usual_dropout,
    usual_effect,
)

# What each number may be, in words; `check` holds it against these limits.
_NUMBERS = {
    "size_cv": "0 to 1",
    "icc": "0 or more and below 0.5",
    "worker_icc": "0 or more and below 0.5",
    "cac": "0 to 1",
    "correlation": "0 to 0.65",
    "intermittent": "0 or more and below 0.5",
    "never_start": "0 or more and below 0.5",
    "item_missing": "0 or more and below 0.5",
}
_ARMS = " and ".join(ARMS)


class _WrongError(Exception):
    """What a value must be instead, in words."""


def settings_of(asked: Mapping[str, Any]) -> Settings:
    """Make settings of the arguments of `programme`.

    Parameters
    ----------
    asked : mapping of str to object
        Every argument by its name.

    Returns
    -------
    Settings

    Raises
    ------
    SplwError
        An argument is of another kind than it must be, or describes nothing that could be;
        everything that is wrong, with the name of the argument and what is allowed.
    """
    readers = {
        "seed": _seed,
        "practices": _practices,
        "people": _people,
        "effect": _effect,
        "dropout": _dropout,
        "waves": _waves,
    }
    held: dict[str, Any] = {}
    wrong: list[str] = []
    for name, value in asked.items():
        try:
            held[name] = readers[name](value) if name in readers else _number(value, name)
        except _WrongError as must:
            wrong.append(f"{name} must be {must}")
    if wrong:
        raise refusal(wrong)
    if held["dropout"] is None:
        held["dropout"] = MappingProxyType(usual_dropout(held["waves"]))
    settings = Settings(**held)
    check(settings)
    return settings


def _seed(value: Any) -> int:
    if not _is_whole(value):
        raise _WrongError("a whole number, 0 or more")
    return int(value)


def _practices(value: Any) -> tuple[int, int]:
    held = _listed(value)
    if held is None or len(held) != len(ARMS) or not all(map(_is_whole, held)):
        raise _WrongError(f"two whole numbers of 1 or more, such as (7, 8): {_ARMS}")
    return int(held[0]), int(held[1])


def _people(value: Any) -> tuple[Sizes, Sizes]:
    held = _listed(value)
    sizes = [] if held is None else [_sizes(size) for size in held]
    if len(sizes) != len(ARMS) or sizes[0] is None or sizes[1] is None:
        raise _WrongError(
            "two, such as (31, 70), for the arms " + _ARMS + ": each the mean number of people a "
            "practice, or the whole number in each practice"
        )
    return sizes[0], sizes[1]


def _sizes(value: Any) -> Sizes | None:
    if _is_number(value):
        return _plain(value)
    held = _listed(value)
    return tuple(map(int, held)) if held is not None and all(map(_is_whole, held)) else None


def _effect(value: Any) -> Mapping[str, float]:
    numbers = value.values() if isinstance(value, Mapping) else () if value is None else (value,)
    if not all(map(_is_number, numbers)):
        raise _WrongError("a number from -1 to 1, or one for each outcome by its name, in SDs")
    return MappingProxyType(usual_effect(value))


def _dropout(value: Any) -> Mapping[str, tuple[float, ...]] | None:
    if value is None:
        return None
    held = {arm: _listed(lost) for arm, lost in value.items()} if _maps(value) else {"": None}
    shares = {arm: tuple(map(_plain, lost)) for arm, lost in held.items() if _numbers(lost)}
    if len(shares) < len(held) or set(shares) - set(ARMS):
        raise _WrongError(
            f"a mapping of {_ARMS} to a share below 1 for each wave after baseline, such as "
            '{"programme": (0.2, 0.3, 0.5), "comparison": (0.1, 0.1, 0.2)}'
        )
    return MappingProxyType(shares)


def _waves(value: Any) -> tuple[float, ...]:
    held = _listed(value)
    if not _numbers(held):
        raise _WrongError("months such as (0, 3, 12), which begin with 0")
    return tuple(map(_plain, held))


def _number(value: Any, name: str) -> float:
    if not _is_number(value):
        raise _WrongError(f"a number, {_NUMBERS[name]}")
    return _plain(value)


def _is_whole(value: Any) -> bool:
    return isinstance(value, Integral) and not isinstance(value, bool)


def _is_number(value: Any) -> bool:
    if isinstance(value, bool) or not isinstance(value, Real):
        return False
    return math.isfinite(value)


def _numbers(held: tuple[Any, ...] | None) -> TypeGuard[tuple[Any, ...]]:
    return held is not None and all(map(_is_number, held))


def _plain(value: Any) -> float:
    """Number of Python's own, as it was written."""
    return int(value) if _is_whole(value) else float(value)


def _maps(value: Any) -> bool:
    return isinstance(value, Mapping) and len(value) > 0


def _listed(value: Any) -> tuple[Any, ...] | None:
    """Members of a list, tuple or array; None for anything else."""
    is_list = isinstance(value, Iterable) and not isinstance(value, str | bytes | Mapping)
    try:
        return tuple(value) if is_list else None
    except TypeError:  # an array of no dimension
        return None
