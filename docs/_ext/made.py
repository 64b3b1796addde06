"""Parts of pages made from the code when the pages are built, so that they cannot drift.

A page says where with a line ``<!-- made: NAME -->``; `MADE` lists the names.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from advice import ADVICE
from catalogue_pages import instrument_list, instrument_pages

from splw_eval.confounding.codes import CONFOUNDING_CODES
from splw_eval.core.columns import Column, Role, columns_of
from splw_eval.core.plan import Plan
from splw_eval.core.plan.codes import PLAN_CODES
from splw_eval.data.codebook import codebook
from splw_eval.data.codes import CODES
from splw_eval.evaluate.last import TABLES
from splw_eval.instruments.codes import SCORING_CODES
from splw_eval.missing.codes import MISSING_CODES
from splw_eval.models.codes import MODEL_CODES
from splw_eval.retention.codes import RETENTION_CODES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sphinx.application import Sphinx

_MARK = re.compile(r"^<!-- made: (\w+) -->$", re.MULTILINE)
Schema = dict[str, Any]
_PRICED = ("Sourced", "Priced")  # numbers with their source, written in one line

ROLES = {
    Role.LABEL: "a name or a method; hidden only with a small count that it rests on",
    Role.UNITS: "a number of practices; hidden with its count, or if it equals it",
    Role.COUNT: "a number of people or of their records; small ones hidden, others rounded",
    Role.MODEL_N: "the number of people in a model; not masked",
    Role.MEAN: "hidden where the count it rests on is small, and otherwise rounded",
    Role.QUANTILE: "hidden where the count it rests on is small, and otherwise rounded",
    Role.SHARE: "given again from the masked counts; hidden where one of them is hidden",
    Role.DF: "hidden where its count is small, or where it would give the count away",
    Role.ESTIMATE: "an estimate of a model; not masked",
    Role.STAFF: "a number of link workers; 1 and 2 are hidden, and every number that rests on them",
    Role.TOTAL: "a sum over people; rounded, and hidden where one or two practices are most of it",
    Role.GUARD: "says who makes up a total; decides whether that is shown, is never shown itself",
    Role.CURVE: "a share at one step of a curve; steps of few people are joined, shares rounded",
}


# The plan.


def plan_reference() -> str:
    """Every section and key of study.toml, from the plan's own JSON Schema."""
    schema = Plan.model_json_schema()
    return "\n".join(_section(schema, schema, ""))


def _section(schema: Schema, whole: Schema, path: str) -> Iterator[str]:
    inner: list[tuple[str, str, str]] = []
    if not path:
        yield "## At the top of the file\n"
    for key, said in schema["properties"].items():
        name = _model(said)
        here = f"{path}.{key}" if path else key
        if name and name not in _PRICED:
            header = f"[[{here}]]" if _is_list(said) else f"[{here}]"
            inner.append((name, header, here))
            continue
        needed = key in schema.get("required", ())
        form = f"{_type(said)}{_default(said, needed)}"
        yield f"`{key}`\n: {form[:1].upper()}{form[1:]}. {_meaning(said)}\n"
    for name, header, here in inner:
        section = whole["$defs"][name]
        key = here.rsplit(".", 1)[-1]
        needed = key in schema.get("required", ())
        level = "##" if not path else "###"
        yield f"{level} `{header}`\n"
        yield f"{_plain(section['description'])} {_how_often(schema['properties'][key], needed)}\n"
        yield from _section(section, whole, here)


def _how_often(said: Schema, needed: bool) -> str:
    if _is_list(said):
        least = said.get("minItems", 0)
        return {0: "Any number.", 1: "At least one."}.get(least, f"At least {least}.")
    return "Needed." if needed else "May be left out."


def _meaning(said: Schema) -> str:
    return _plain(said["description"])


def _plain(text: str) -> str:
    return " ".join(text.split())


def _model(said: Schema) -> str:
    """Name of the section that a key holds; empty where it holds a value."""
    for form in (said, said.get("items", {}), *said.get("anyOf", ())):
        if isinstance(form, dict) and "$ref" in form:
            return str(form["$ref"]).rsplit("/", 1)[-1]
    return ""


def _is_list(said: Schema) -> bool:
    return "$ref" in said.get("items", {})


def _default(said: Schema, needed: bool) -> str:
    if needed:
        return "; needed"
    value = said.get("default")
    if isinstance(value, str | int | float) and not isinstance(value, bool):
        shown = f'"{value}"' if isinstance(value, str) else value
        return f"; `{shown}` if left out"
    return "; may be left out"


def _type(said: Schema) -> str:
    """The type of a key in words."""
    choices = [form for form in said.get("anyOf", ()) if form.get("type") != "null"]
    if choices:
        return " or ".join(_type(form) for form in choices)
    if "enum" in said:
        return "one of " + ", ".join(f'`"{value}"`' for value in said["enum"])
    if "$ref" in said:
        name = said["$ref"].rsplit("/", 1)[-1]
        more = ', price_year = 2025, pays = "..."' if name == "Priced" else ""
        written = f'`{{ value = 1.5, source = "..."{more} }}`'
        return f"a number with its source, {written}" if name in _PRICED else "a section"
    return _simple(said)


def _simple(said: Schema) -> str:
    kind = said.get("type")
    if kind == "array":
        parts = said.get("prefixItems")
        if parts:
            return f"a list of {len(parts)}, each {_type(parts[0])}"
        return f"a list, each {_type(said['items'])}"
    if kind == "object":
        return "a table of names"
    if kind == "string":
        return _text(said)
    words = {"integer": "a whole number", "number": "a number", "boolean": "`true` or `false`"}
    return words[str(kind)] + _limits(said)


def _text(said: Schema) -> str:
    if said.get("format") == "date":
        return "a date such as `2026-01-31`"
    if "pattern" in said:
        return "a short name (letters, digits and `_`, a letter first)"
    return "one character" if said.get("maxLength") == 1 else "text"


def _limits(said: Schema) -> str:
    words = {
        "minimum": "at least",
        "maximum": "at most",
        "exclusiveMinimum": "above",
        "exclusiveMaximum": "below",
    }
    found = [f"{word} {said[key]:g}" for key, word in words.items() if key in said]
    return f" ({', '.join(found)})" if found else ""


def undocumented() -> set[str]:
    """Keys of the plan whose meaning stands nowhere in the code."""
    schema = Plan.model_json_schema()
    return {
        f"{model}.{key}"
        for model, section in {"Plan": schema, **schema["$defs"]}.items()
        for key, said in section["properties"].items()
        if not said.get("description") and _model(said) in {"", *_PRICED}
    }


# Findings.


def finding_codes() -> str:
    """Every code with its meaning, what it does to the run, and what to do."""
    lines = [
        "| Code | What it stands for | Stops the run? | What to do |",
        "| --- | --- | --- | --- |",
    ]
    known = {
        **PLAN_CODES,
        **CODES,
        **SCORING_CODES,
        **MODEL_CODES,
        **RETENTION_CODES,
        **CONFOUNDING_CODES,
        **MISSING_CODES,
    }
    for code, meaning in known.items():
        stops, remedy = ADVICE[code]
        lines.append(f"| {code} | {meaning} | {stops} | {remedy} |")
    return "\n".join(lines)


# Tables of the files.


def codebook_tables() -> str:
    """Every table of the codebook with its columns."""
    parts = []
    for table, columns in codebook().items():
        parts.append(f"## `{table}`\n\n| Column | Holds | Meaning | Kept? |")
        parts.append("| --- | --- | --- | --- |")
        for c in columns.values():
            held = c.kind.replace("_", "/") + (f" of `{c.vocabulary}`" if c.vocabulary else "")
            unit = f", {c.unit}" if c.unit else ""
            parts.append(f"| `{c.name}` | {held}{unit} | {c.meaning} | {c.level} |")
        parts.append("")
    return "\n".join(parts)


# Results.


def result_columns() -> str:
    """Every table of a report, its columns and their disclosure roles."""
    parts = []
    for key, title, row_type in TABLES:
        parts.append(f"## `{key}`\n\n{title}.\n")
        parts.append("| Column | Heading in the report | Role |\n| --- | --- | --- |")
        columns = columns_of(row_type)
        parts += [f"| `{name}` | {c.title} | {_role(c)} |" for name, c in columns.items()]
        parts.append("")
    return "\n".join(parts)


def _role(column: Column) -> str:
    if column.limit is not None:
        judged = f"judged by `{column.numerator}` of `{column.base}`, as they are shown"
        return f"`{column.role.value}`: {judged}"
    if column.numerator:
        rest = f"; hidden with `{column.complement}`" if column.complement else ""
        return f"`share`: `{column.numerator}` of `{column.base}`{rest}"
    return f"`{column.role.value}`" + (f", rests on `{column.base}`" if column.base else "")


def disclosure_roles() -> str:
    """Every role with what becomes of it."""
    return "\n".join(f"`{role.value}`\n: {words.capitalize()}.\n" for role, words in ROLES.items())


# The command line.


def commands() -> str:
    """Every command with its arguments and options, from the program itself."""
    import typer

    from splw_eval.cli.commands import app

    group: Any = typer.main.get_command(app)
    parts = []
    for name, command in group.commands.items():
        arguments = [p for p in command.params if p.param_type_name == "argument"]
        options = [p for p in command.params if p.param_type_name == "option"]
        words = " ".join([name, *(p.name.upper() for p in arguments)])
        parts.append(f"## `splw-eval {words}`\n\n{command.help}\n")
        parts += [f"`{p.name.upper()}`\n: {p.help}{_option_default(p)}\n" for p in arguments]
        parts += [f"`{p.opts[0]}`\n: {p.help}{_option_default(p)}\n" for p in options]
    return "\n".join(parts)


def power_designs() -> str:
    """Every design that can be planned, and every option with the designs that take it."""
    from splw_eval.cli.power_group import DESIGNS
    from splw_eval.power.design import COMMON
    from splw_eval.power.kinds import kind_of
    from splw_eval.power.options import OPTIONS

    kinds = {name: kind_of(name) for name in DESIGNS}
    parts = ["| Design | What it is | Solved for |\n| --- | --- | --- |"]
    parts += [f"| `{n}` | {line} | {', '.join(kinds[n].solves)} |" for n, line in DESIGNS.items()]
    parts.append("\n| Option | Meaning | Designs |\n| --- | --- | --- |")
    for name, option in OPTIONS.items():
        takers = [n for n, kind in kinds.items() if name in kind.takes]
        where = "all" if name in COMMON or len(takers) == len(kinds) else ", ".join(takers)
        unit = f" ({option.unit})" if option.unit else ""
        words = f": {', '.join(f'`{word}`' for word in option.words)}" if option.words else ""
        meaning = option.meaning[0].upper() + option.meaning[1:]
        parts.append(f"| `{option.flag}` | {meaning}{unit}{words} | {where} |")
    return "\n".join(parts)


def _option_default(option: Any) -> str:
    if option.required:
        return " Needed."
    default = getattr(option.default, "value", option.default)
    return f" `{default}` if left out." if default else " May be left out."


def checklists() -> str:
    """Every checklist: its items, the licence of the original, and where its numbers come from."""
    from splw_eval.appraisal.checklists import profiles
    from splw_eval.appraisal.checklists.fitting import meant_for

    parts = ["| Checklist | Items | For | Licence of the original | Source |"]
    parts.append("| --- | --- | --- | --- | --- |")
    for name, held in profiles().items():
        parts.append(
            f"| `{name}`: {held.title}, {held.version} | {len(held.items)} | {meant_for(name)} "
            f"| {held.licence} | {held.source} |"
        )
    return "\n".join(parts)


MADE: dict[str, Callable[[], str]] = {
    "checklists": checklists,
    "plan_reference": plan_reference,
    "finding_codes": finding_codes,
    "codebook_tables": codebook_tables,
    "result_columns": result_columns,
    "disclosure_roles": disclosure_roles,
    "commands": commands,
    "power_designs": power_designs,
    "instrument_list": instrument_list,
    "instrument_pages": instrument_pages,
}


def _fill(_app: Sphinx, _docname: str, source: list[str]) -> None:
    source[0] = _MARK.sub(lambda mark: MADE[mark[1]](), source[0])


def _always_again(_app: Sphinx, env: Any, *_: object) -> list[str]:
    """Pages with made parts are read anew at every build: the code may have changed."""
    return [name for name in env.all_docs if _MARK.search(env.doc2path(name).read_text("utf-8"))]


def setup(app: Sphinx) -> dict[str, Any]:
    """Fill the marks when a page is read."""
    app.connect("source-read", _fill)
    app.connect("env-get-outdated", _always_again)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
