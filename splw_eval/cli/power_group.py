"""The power command: a command for each kind of design, made from the tables when it is asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from difflib import get_close_matches
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

# Said here, so that the list of designs needs no numerics. A test holds it to the kinds there are.
DESIGNS: Mapping[str, str] = MappingProxyType(
    {
        "parallel": "Practices put into two arms, each person measured once, after.",
        "baseline": "The same, with the score at the start in the analysis.",
        "cohort": "The same people at several visits, with people lost by each.",
        "did": "Two groups before and after: the difference in changes.",
        "stepped-wedge": "Practices that start the programme one step after another.",
        "crossover": "Practices that have the programme in some periods and not in others.",
        "matrix": "Any plan of sequences and periods, from a file of 0, 1 and blanks.",
        "partially-nested": "Link workers in the programme arm, no clusters in the other.",
        "multi-arm": "More than one programme against one comparison.",
        "multisite": "People put into arms within each practice.",
        "slopes": "Change per month compared between arms.",
        "individual": "People put into two arms, in no clusters.",
        "tte": "Time to an event, such as leaving the service.",
        "pre-post": "One group before and after: change, and no effect.",
    }
)
_AUDIT = "audit"
_AUDIT_HOME = "splw_eval.cli.power_audit"
_HELP = """Plan a trial: its power, its size, or the difference that it can find.

Leave out what is sought: with `--power` and no `--clusters` the clusters are worked out.
`splw-eval power parallel --help` lists what a design takes.
"""


class PowerGroup(TyperGroup):
    """Designs as commands; the options of one are made only when it is run."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002
        """Names in the order of the table."""
        return [*DESIGNS, *((_AUDIT,) if find_spec(_AUDIT_HOME) else ())]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """One command with its line, without options: all that a list needs."""
        if cmd_name == _AUDIT and _AUDIT in self.list_commands(ctx):
            return _made(cmd_name, _audit)
        return _made(cmd_name, _line(DESIGNS[cmd_name])) if cmd_name in DESIGNS else None

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command that is run, with all its options."""
        there = self.list_commands(ctx)
        if args and not args[0].startswith("-") and args[0] not in there:
            near = get_close_matches(args[0], there, 1)
            hint = f" Did you mean '{near[0]}'?" if near else ""
            ctx.fail(f"No such design '{args[0]}'.{hint}")
        name, command, rest = super().resolve_command(ctx, args)
        return name, whole_command(name) if name in DESIGNS else command, rest


def whole_command(name: str | None) -> Any:
    """A design's command with its options.

    Parameters
    ----------
    name : str
        One of `DESIGNS`.

    Returns
    -------
    Command
    """
    from splw_eval.cli.power_options import runner

    assert name is not None
    return _made(name, runner(name, DESIGNS[name]))


def _audit(
    plan: Annotated[Path, typer.Argument(help="The plan, study.toml.", show_default=False)],
    json: Annotated[bool, typer.Option("--json", help="Print JSON, for machines.")] = False,
) -> None:
    """The size that a study was planned to have, beside what was reached."""
    from splw_eval.cli.power_audit import run_audit

    run_audit(plan, json)


def _line(words: str) -> Callable[[], None]:
    def listed() -> None:
        pass

    listed.__doc__ = words
    return listed


def _made(name: str, function: Callable[..., None]) -> Any:
    """One command by itself; an option that is not known is told with all other faults."""
    one = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    settings = {"ignore_unknown_options": True, "allow_extra_args": True}
    one.command(name, context_settings=settings if name != _AUDIT else None)(function)
    return typer.main.get_command(one)


power_app = typer.Typer(
    name="power",
    cls=PowerGroup,
    help=_HELP,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
