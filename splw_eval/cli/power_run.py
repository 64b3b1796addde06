"""One design worked out: what is printed and written of it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import typer

from splw_eval.cli.messages import print_error
from splw_eval.cli.power_design import END, typed_design
from splw_eval.cli.power_icc import icc_of_report
from splw_eval.cli.power_infeasible import infeasible_record
from splw_eval.cli.power_print import (
    print_answer,
    print_check,
    print_curve,
    print_expected,
    print_protocol,
    print_sensitivity,
)
from splw_eval.cli.progress import progress_on_stderr
from splw_eval.cli.wrapped import print_message
from splw_eval.core.errors import FindingsError, SplwError
from splw_eval.power.answer import Answer, solve
from splw_eval.power.checks import InfeasibleError
from splw_eval.power.curve import Curve, around, curve, read_curve
from splw_eval.power.design import Design, Kind
from splw_eval.power.protocol import protocol
from splw_eval.power.sensitivity import sensitivity
from splw_eval.power.uncertainty import ExpectedPower, expected_power
from splw_eval.power.words.fitted import gap_in_words
from splw_eval.power.words.record import plain

if TYPE_CHECKING:
    from splw_eval.power.simulation import SimulatedPower

_TRIALS = 2000  # of --check, where no number was given
_TOLD = 10  # times that progress is told
_SIMULATED = (
    *("power", "mc_error", "conf_low", "conf_high", "n_trials", "failures", "method", "notes"),
)


def run_power(kind: Kind, said: Mapping[str, Any], rest: Sequence[str]) -> int:
    """Work out a design and print it.

    Parameters
    ----------
    kind : Kind
    said : mapping
        Options as typed, by name.
    rest : sequence of str
        What is no option.

    Returns
    -------
    int
        Exit code: 1 where anything is wrong, all of which was printed.
    """
    read = None
    try:
        read = typed_design(kind, said, rest)
        _run(read, {**said, "curve": next(iter(said.get("curve") or ()), None)})
    except FindingsError as error:
        print_error(error)
    except SplwError as error:
        if read is not None and said.get("json") and isinstance(error, InfeasibleError):
            typer.echo(json.dumps(infeasible_record(read, error), ensure_ascii=False, indent=2))
        for part in (error.message, error.where, error.remedy):
            if part:
                print_message(part)
    else:
        return 0
    return 1


def _run(read: Design, said: Mapping[str, Any]) -> None:
    answer = solve(read)
    drawn = _curve(answer, said)
    if said.get("table") and not said.get("json"):
        held = drawn if said.get("curve") else sensitivity(answer)
        typer.echo("" if held is None else held.to_frame().to_csv(index=False), nl=False)
    elif said.get("protocol") and not said.get("json"):
        print_protocol(protocol(answer))
    else:
        _answer(answer, drawn, said)
    if said.get("out") and drawn is not None:
        from splw_eval.cli.power_figure import write_figure

        write_figure(answer, drawn, Path(said["out"]))
        typer.echo(f"Figure: {said['out']}", err=bool(said.get("json") or said.get("table")))


def _answer(answer: Answer, drawn: Curve | None, said: Mapping[str, Any]) -> None:
    expected, simulated = _expected(answer, said), _simulated(answer, said)
    if said.get("json"):
        record = _record(answer, simulated, drawn, expected)
        if said.get("table"):
            record["sensitivity"] = _grid(answer)
        if said.get("protocol"):
            text = protocol(answer)
            record["protocol"] = {
                **{"paragraph": text.paragraph, "model": text.model, "items": dict(text.items)},
                **{"references": list(text.references), "lacking": list(text.lacking)},
            }
        typer.echo(json.dumps(record, ensure_ascii=False, indent=2, allow_nan=False))
        return
    print_answer(answer)
    print_sensitivity(answer, sensitivity(answer))
    print_expected(expected)
    print_check(answer, simulated, check=bool(said.get("check")))
    if said.get("curve") and drawn is not None:
        print_curve(drawn, is_end=answer.asked.sources.get(drawn.x) == END)


def _grid(answer: Answer) -> dict[str, Any] | None:
    held = sensitivity(answer)
    if held is None:
        return None
    names = ("rows", "columns", "row_values", "column_values", "cells")
    return {name: plain(getattr(held, name)) for name in names}


def _curve(answer: Answer, said: Mapping[str, Any]) -> Curve | None:
    """The curve that was asked for; for a figure alone, one about the answer."""
    words = said.get("curve")
    if not words and said.get("out"):
        size = None if answer.size is None else float(np.max(answer.size))
        count = None if answer.clusters is None else float(np.max(answer.clusters))
        people = None if answer.patients is None else float(np.max(answer.patients))
        words = around(answer.design, count, size, people)
    if not words:
        return None
    name, values = read_curve(answer.design, str(words))
    return curve(answer.design, name, values)


def _simulated(answer: Answer, said: Mapping[str, Any]) -> SimulatedPower | None:
    """A simulation of the design as rounded, or None."""
    asked = said.get("simulate")
    if not asked and not said.get("check"):
        return None
    from splw_eval.power.simulation import simulate

    trials, seed = int(asked or _TRIALS), int(said.get("seed") or 1)
    with progress_on_stderr() as tell:
        told = 0

        def progress(done: int, of: int) -> None:
            nonlocal told
            if done - told >= of / _TOLD:
                told = done
                tell(f"Simulating: {done:,} of {of:,} trials")

        return simulate(answer.design, n_trials=trials, seed=seed, progress=progress)


def _expected(answer: Answer, said: Mapping[str, Any]) -> ExpectedPower | None:
    """Power over what the ICC may be, where that was said; of a study by its own interval."""
    if not {"icc_prior", "icc_range"} & set(answer.asked.given) or np.ndim(answer.power):
        return None
    if said.get("icc_from") and not (said.get("icc_prior") or said.get("icc_range")):
        study = icc_of_report(str(said["icc_from"]), said.get("instrument"))
        return expected_power(answer.design, icc_from=study.told)
    return expected_power(answer.design)


def _record(
    answer: Answer,
    simulated: SimulatedPower | None,
    drawn: Curve | None,
    expected: ExpectedPower | None,
) -> dict[str, Any]:
    record = answer.to_dict()
    if expected is not None:
        record["expected"] = plain(expected.to_dict())
    if simulated is not None:
        record["simulation"] = {name: plain(getattr(simulated, name)) for name in _SIMULATED}
        record["simulation"]["gap"] = gap_in_words(
            float(answer.power), float(simulated.power), float(simulated.mc_error)
        )
    if drawn is not None:
        lines = {rule: plain(y) for rule, y in drawn.by_rule.items()}
        record["curve"] = {"x": drawn.x, "y": drawn.y, "values": plain(drawn.x_values)}
        record["curve"]["by_rule"] = lines
    return record
