"""Published numbers for planning: SDs and important differences of questionnaires."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from splw_eval.core.findings import Finding
from splw_eval.power.checks import finding, refuse
from splw_eval.power.design import Kind
from splw_eval.power.reading import sought

_DIFFERENCE = "diff"


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """One number that was published.

    Attributes
    ----------
    value : float
        Used where nothing else is given.
    low, high : float or None
        Ends of what was found.
    status : str
        ``checked``, ``recalled`` or ``worked out``.
    source, note : str
    """

    value: float
    status: str
    source: str
    low: float | None = None
    high: float | None = None
    note: str = ""

    @property
    def told(self) -> str:
        """The source, with what was found and whether it was checked."""
        spread = "" if self.low is None else f"; {self.low:g} to {self.high:g} was found"
        return f"{self.source}{spread}; {self.status}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanningNumbers:
    """What is known of one questionnaire.

    Attributes
    ----------
    name, title, unit : str
    sd, sd_change, mid, icc : Published or None
        SD of scores, SD of change, important difference, correlation within practices.
    why_no_mid : str
        Where there is none.
    """

    name: str
    title: str
    unit: str
    sd: Published | None = None
    sd_change: Published | None = None
    mid: Published | None = None
    icc: Published | None = None
    why_no_mid: str = ""


@cache
def _held() -> tuple[Mapping[str, PlanningNumbers], Mapping[str, str]]:
    """By name, and the name of every other word."""
    text = files("splw_eval.power").joinpath("planning_numbers.toml").read_text(encoding="utf-8")
    found, words = {}, {}
    for name, held in tomllib.loads(text).items():
        found[name] = _numbers(name, held)
        for word in (name, *held["names"], *held.get("also", ())):
            words[bare(word)] = name
    return found, words


def _numbers(name: str, held: Mapping[str, Any]) -> PlanningNumbers:
    parts = {k: Published(**held[k]) for k in ("sd", "sd_change", "mid", "icc") if k in held}
    return PlanningNumbers(
        name=name,
        title=held["title"],
        unit=held["unit"],
        why_no_mid=held.get("no_mid", ""),
        **parts,
    )


def bare(word: str) -> str:
    """A word without what does not count: capitals, spaces, hyphens and underscores."""
    return "".join(c for c in word.casefold() if c.isalnum())


def names() -> tuple[str, ...]:
    """Questionnaires of which something is known."""
    return tuple(_held()[0])


def is_of(outcome: str, instrument: str) -> bool:
    """Whether an outcome of a study, by its name, is a score of a questionnaire.

    Parameters
    ----------
    outcome : str
        ``eq5d_5l``, ``ons4_anxiety``.
    instrument : str
        Any name of the questionnaire.

    Returns
    -------
    bool
    """
    words, known = _held()[1], bare(outcome)
    name = words.get(bare(instrument))
    if known in words:
        return name is not None and words[known] == name
    return name is not None and any(
        known.startswith(word) for word, of in words.items() if of == name
    )


def numbers_for(instrument: str) -> PlanningNumbers | None:
    """Look up numbers for planning.

    Parameters
    ----------
    instrument : str
        A name of the catalogue, or another word for it: ``EQ-5D``, ``SWEMWBS``.

    Returns
    -------
    PlanningNumbers or None
    """
    found, words = _held()
    name = words.get(bare(instrument))
    return None if name is None else found[name]


def filled(
    kind: Kind, instrument: str, given: Mapping[str, Any], sources: Mapping[str, str]
) -> tuple[dict[str, Any], dict[str, str]]:
    """Fill in what was not given: the SD, and the important difference where one is asked for.

    Parameters
    ----------
    kind : Kind
    instrument : str
    given : mapping
        Options as given; ``diff`` may be the word ``mid``.
    sources : mapping of str to str

    Returns
    -------
    tuple of (dict, dict)
        Options and sources, with those of the questionnaire.

    Raises
    ------
    DesignError
        Nothing is known of it, or it lacks what was asked.
    """
    numbers = numbers_for(instrument)
    if numbers is None:
        refuse([_unknown(instrument)])
        raise AssertionError
    options, told = dict(given), {**sources, "instrument": numbers.name}
    of_changes = _sd_option(kind, given, numbers) == "sd_change"
    sd = numbers.sd_change if of_changes else numbers.sd
    found: dict[str, Published | None] = {}
    if "sd" in kind.takes and not {"sd", "sd_change", "d", "p0", "rate0"} & set(given):
        found[_sd_option(kind, given, numbers)] = sd
    if given.get(_DIFFERENCE) == "mid" or _wants_difference(kind, given):
        if numbers.mid is None:
            refuse([_no_mid(numbers)])
        found[_DIFFERENCE] = numbers.mid
    for name, one in found.items():
        if one is not None:
            options[name] = one.value
            told.setdefault(name, one.told)
    return options, told


def _sd_option(kind: Kind, given: Mapping[str, Any], numbers: PlanningNumbers) -> str:
    of_changes = kind.name == "pre-post" and numbers.sd_change and "iac" not in given
    return "sd_change" if of_changes else "sd"


def _wants_difference(kind: Kind, given: Mapping[str, Any]) -> bool:
    none = not any(name in given for name in kind.effect)
    return _DIFFERENCE in kind.takes and none and sought(kind, given) != "mde"


def _unknown(instrument: str) -> Finding:
    return finding(
        "SZ03",
        "",
        f'--instrument: no numbers for planning are known of "{instrument}"',
        f"There are: {', '.join(names())}. Otherwise give --sd with its source.",
    )


def _no_mid(numbers: PlanningNumbers) -> Finding:
    why = numbers.why_no_mid or "none was found."
    return finding(
        "SZ02",
        _DIFFERENCE,
        f"is missing, and no important difference of {numbers.title} can stand in",
        f"Give the difference that matters, with its source: {why}",
    )
