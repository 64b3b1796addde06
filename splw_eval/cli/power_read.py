"""What was typed after a design's name, as options and sources of the design."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from math import isfinite
from typing import Any

from splw_eval.cli.power_files import FileError, read_table
from splw_eval.core.findings import Finding
from splw_eval.power.checks import finding
from splw_eval.power.design import COMMON, Kind
from splw_eval.power.options import OPTIONS, Option
from splw_eval.power.reading import sought
from splw_eval.power.refused import WORDS, refusal

BESIDE = (
    *("instrument", "icc_from", "curve", "simulate", "seed", "source", "out"),
    *("json", "table", "protocol", "check", "file", "ctx"),
)
_ONE_SIZE = ("parallel", "slopes", "partially-nested")  # clusters have one size over time
_WHOLE = ("clusters", "clusters_arm", "clusters_control", "per_sequence", "arms")


@dataclass(slots=True)
class Typed:
    """Options and sources, with every fault found on the way.

    Attributes
    ----------
    given, sources : dict
    found : list of Finding
    arms : tuple of int or None
        Clusters of the programme's arm and of the comparison, by the file of sizes.
    """

    given: dict[str, Any] = field(default_factory=dict)
    sources: dict[str, str] = field(default_factory=dict)
    found: list[Finding] = field(default_factory=list)
    arms: tuple[int, int] | None = None


def read_typed(kind: Kind, said: Mapping[str, Any], rest: Sequence[str]) -> Typed:
    """Read what was typed.

    Parameters
    ----------
    kind : Kind
    said : mapping
        By name of the option, as text.
    rest : sequence of str
        What is no option of the command.

    Returns
    -------
    Typed
        Faults are collected, so that all can be told together.
    """
    typed = Typed(found=list(_unknown(kind, rest)))
    if said.get("file") and said.get("matrix"):
        remedy = "Give the file once."
        typed.found.append(finding("SZ14", "matrix", "stands beside a file", remedy))
    for name, text in {**said, "matrix": said.get("file") or said.get("matrix")}.items():
        if name in OPTIONS and name not in BESIDE and text not in (None, False):
            try:
                _read(kind, OPTIONS[name], text, typed)
            except FileError as fault:
                typed.found.append(fault.finding)
    _share_out_listed(kind, typed)
    typed.found += _fractions(kind, typed.given)
    _read_sources(kind, said.get("source") or (), typed)
    return typed


def _read(kind: Kind, option: Option, text: Any, typed: Typed) -> None:
    if option.form != "matrix":
        typed.given[option.name] = _value(option, text)
        return
    table = read_table(option, str(text), by_period=kind.name not in _ONE_SIZE)
    typed.given[option.name] = table.rows
    typed.arms = table.arms or typed.arms


def _share_out_listed(kind: Kind, typed: Typed) -> None:
    """Clusters of each arm, where the file of sizes names their arms."""
    if typed.arms is None:
        return
    if "clusters_arm" not in kind.takes or "controls" in typed.given:
        if typed.arms[1]:
            problem = "lists clusters of the comparison; here the programme's arm alone has them"
            remedy = "List the programme's clusters alone."
            typed.found.append(finding("SZ05", "sizes", problem, remedy))
        return
    if 0 in typed.arms:
        problem = "names clusters of one arm alone"
        typed.found.append(finding("SZ05", "sizes", problem, "List the clusters of both arms."))
        return
    held = {**typed.given}
    open_ends = sought(kind, held) == "clusters" and any(name in held for name in kind.effect)
    if "clusters_arm" in held:
        if held["clusters_arm"] != [float(n) for n in typed.arms]:
            remedy = "Leave it out: the file tells it."
            problem = f"the file of sizes has {typed.arms[0]} and {typed.arms[1]}"
            typed.found.append(finding("SZ14", "clusters_arm", problem, remedy))
    elif not open_ends and held.get("clusters") in (None, float(sum(typed.arms))):
        typed.given["clusters_arm"] = [float(n) for n in typed.arms]
        typed.given.pop("clusters", None)


def _fractions(kind: Kind, given: Mapping[str, Any]) -> Iterator[Finding]:
    """Clusters that are no whole number."""
    for name in _WHOLE:
        held = given.get(name)
        each = held if isinstance(held, list) else [held]
        if any(isinstance(one, float) and not one.is_integer() and isfinite(one) for one in each):
            word = "sites" if kind.name == "multisite" else "clusters"
            remedy = f"Give whole {word}; --size may be a mean, with decimals."
            yield finding("SZ03", name, "is no whole number", remedy)


def _value(option: Option, text: Any) -> Any:
    if option.form == "flag":
        return bool(text)
    if option.form == "numbers":
        return [_number(part) for part in re.split(r"[,;\s]+", str(text).strip())]
    number = _number(str(text).strip())
    if option.form == "word":
        return number if option.name == "df" else str(text)
    return number


def _number(text: str) -> Any:
    """A number, or the text for the design to refuse."""
    try:
        return float(text)
    except ValueError:
        return text


def _unknown(kind: Kind, rest: Sequence[str]) -> Iterator[Finding]:
    known = [OPTIONS[name].flag for name in (*COMMON, *kind.takes)]
    known += ["--" + name.replace("_", "-") for name in BESIDE[:-2]]
    for place, word in enumerate(rest):
        flag = word.partition("=")[0]
        name = flag.removeprefix("--").replace("-", "_")
        if not flag.startswith("-"):
            if not (place and rest[place - 1].startswith("-") and "=" not in rest[place - 1]):
                yield finding("SZ01", "", f'"{word}" is no option', "Options begin with --.")
        elif name in WORDS:
            yield refusal(name)
        elif not isinstance(_number(flag), str):
            continue  # the value of an option that is not known
        else:
            near = get_close_matches(flag[2:], [one[2:] for one in known], 1)
            hint = f"Did you mean --{near[0]}? " if near else ""
            remedy = f"{hint}splw-eval power {kind.name} --help lists the options."
            problem = f"{flag} is no option of the design {kind.name}"
            yield finding("SZ01", "", problem, remedy)


def _read_sources(kind: Kind, texts: Sequence[str], typed: Typed) -> None:
    for text in texts:
        name, sign, source = text.partition("=")
        name = name.strip().removeprefix("--").replace("-", "_")
        name = "or_" if name == "or" else name
        if not sign or not source.strip() or name not in (*COMMON, *kind.takes):
            problem = f'--source: "{text}" names no input of the design {kind.name}'
            remedy = "Write --source NAME=TEXT, such as --source icc='17 UK trials'."
            typed.found.append(finding("SZ01", "", problem, remedy))
        elif name in typed.sources:
            problem = f"--source: {name} has two sources"
            typed.found.append(finding("SZ14", "", problem, "Give one, with all that it is."))
        else:
            typed.sources[name] = source.strip()
