"""The appraise command: checklists held against a study, before its data or after."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import typer

from splw_eval.appraisal.checklists import appraise, profiles
from splw_eval.cli.appraise_done import Appraisal
from splw_eval.cli.appraise_file import as_json, check_out, profiles_as_json, write_rows
from splw_eval.cli.appraise_print import print_appraisal, print_profiles
from splw_eval.cli.messages import print_error
from splw_eval.cli.progress import progress_on_stderr
from splw_eval.core.errors import DataError
from splw_eval.core.findings import Finding, Severity
from splw_eval.core.plan import Plan, PlanFile, read_plan, suggestion, untouched
from splw_eval.core.result import Result

DEFAULT = "crosswalk"
_LIST = "list"
_NO_ROWS, _NOT_THERE = "SW28", "SW01"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """What is known of a study."""

    plan: Plan
    stage: str
    results: Mapping[str, Result[Any]] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    unread: bool = False


def run_appraise(
    plan: Path | None,
    names: Sequence[str] = (),
    *,
    planned: bool = False,
    listing: bool = False,
    json: bool = False,
    out: Path | None = None,
) -> int:
    """Hold checklists against a study; print or write what each item comes to.

    Parameters
    ----------
    plan : Path or None
        The study.toml; not needed to list the checklists.
    names : sequence of str
        Checklists, each name alone or several parted by commas; ``list`` lists them.
    planned : bool
        Whether to say what must be collected, and read no file of data.
    listing : bool
        Whether to list the checklists.
    json : bool
        Whether to print JSON.
    out : Path or None
        FILE.csv, FILE.json or FILE.html, written in place of printing.

    Returns
    -------
    int
        Exit code: 1 where the files were refused, else 0, whatever is not reported.

    Raises
    ------
    typer.BadParameter
        There is no such checklist, or no such form of file.
    PlanError, OutputError
    """
    asked = _asked(names)
    if listing or _LIST in asked:
        if out is not None:
            raise typer.BadParameter("--list prints the checklists and writes no file")
        held = read_plan(plan).plan if plan is not None else None
        if json:
            typer.echo(profiles_as_json(held))
        else:
            print_profiles(plan=held)
        return 0
    if plan is None:
        raise typer.BadParameter("name the plan, study.toml", param_hint="PLAN")
    check_out(out)
    known = _known(plan, planned=planned)
    done = _appraised(known, asked)
    if out is not None:
        write_rows(done, out)
    elif json:
        typer.echo(as_json(done))
    else:
        print_appraisal(done)
    return 1 if done.stage == "refused" else 0


def _asked(names: Sequence[str]) -> tuple[str, ...]:
    """Return the checklists that were typed, each once; refuse those that there are not."""
    typed = [part.strip().lower() for name in names for part in name.split(",") if part.strip()]
    asked = tuple(dict.fromkeys(name.replace("-", "_") for name in typed)) or (DEFAULT,)
    for name in asked:
        if name != _LIST and name not in profiles():
            near = suggestion(name, profiles()) or "."
            raise typer.BadParameter(
                f'there is no checklist "{name}"{near} Choose from: {", ".join(profiles())}',
                param_hint="--profile",
            )
    return asked


def _known(path: Path, *, planned: bool) -> _Known:
    source = read_plan(path)
    there = any((source.folder / file.path).exists() for file in source.plan.files)
    if planned or not there:
        return _plan_only(source, unread=there)
    from splw_eval.data import load_study

    try:
        with progress_on_stderr() as progress:
            study = load_study(source, progress=progress)
            from splw_eval.evaluate import evaluate_study

            evaluation = evaluate_study(study, progress=progress)
    except DataError as error:
        if _only_headings(source, error.findings):
            return _plan_only(source)
        print_error(error)
        return _Known(plan=source.plan, stage="refused", findings=error.findings)
    return _Known(
        plan=evaluation.plan, stage="data", results=evaluation.results, findings=study.findings
    )


def _plan_only(source: PlanFile, *, unread: bool = False) -> _Known:
    told = tuple(untouched(source.plan, source.path.name))
    return _Known(plan=source.plan, stage="planned", findings=told, unread=unread)


def _only_headings(source: PlanFile, findings: Sequence[Finding]) -> bool:
    """Whether every file is a template of `splw-eval new` that nobody has filled in yet."""
    errors = [f for f in findings if f.severity is Severity.ERROR]
    empty = {f.file for f in errors if f.code == _NO_ROWS}
    there = {f.place for f in source.plan.files if (source.folder / f.path).exists()}
    return there <= empty and all(f.code in {_NO_ROWS, _NOT_THERE} for f in errors)


def _appraised(known: _Known, names: Sequence[str]) -> Appraisal:
    held = tuple(
        (
            profiles()[name],
            appraise(
                known.plan,
                known.results,
                findings=known.findings,
                profile=name,
                unread=known.unread,
            ),
        )
        for name in names
    )
    reasons = (r.disclosure.reason for r in known.results.values() if r.disclosure is not None)
    return Appraisal(
        plan=known.plan,
        stage=known.stage,
        held=held,
        findings=known.findings,
        exact=next((reason for reason in reasons if reason), ""),
        unread=known.unread,
    )
