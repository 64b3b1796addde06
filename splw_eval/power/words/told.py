"""An answer as lines for a terminal of any width."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator

from splw_eval.power.solved import Solved
from splw_eval.power.words.assumptions import assumption_rows
from splw_eval.power.words.conventions import LABELS, conventions_of
from splw_eval.power.words.detectable import SECOND, detectable_line
from splw_eval.power.words.notes import notes_of, rules_told
from splw_eval.power.words.sentence import sentence
from splw_eval.power.words.shown import number, value

WIDTH = 88


def told(answer: Solved, width: int = WIDTH) -> str:
    """The answer, its rules side by side, conventions, assumptions and notes.

    Parameters
    ----------
    answer : Solved
    width : int
        Columns to fill.

    Returns
    -------
    str
        No line is longer, unless a single word is.
    """
    parts = [wrapped(sentence(answer), width)]
    parts += [_items(head, lines, width) for head, lines in sections(answer)]
    return "\n\n".join(part for part in parts if part)


def sections(answer: Solved) -> Iterator[tuple[str, list[str]]]:
    """Headings, each with its lines."""
    yield "Figures", _figures(answer)
    yield "What was assumed", [_assumption(row) for row in assumption_rows(answer.asked)]
    held = conventions_of(answer).items()
    yield "How it was worked out", [f"{LABELS[key]}: {_meant(value(one))}." for key, one in held]
    yield "To know", list(notes_of(answer))


def _meant(words: str) -> str:
    """The option's word with its meaning in brackets."""
    word, colon, meaning = words.partition(": ")
    return f"{word} ({meaning})" if colon else words


def _figures(answer: Solved) -> list[str]:
    lines = [f"By rule of degrees of freedom: {rules_told(answer)}."]
    what = "change" if answer.asked.kind.name == "pre-post" else "effect"
    lines.append(f"SE of the {what}: {number(answer.std_error)}; df: {number(answer.df)}.")
    is_told = answer.sought == "mde" and answer.detectable[0] not in SECOND
    if not is_told and "mde" in answer.asked.kind.solves:
        lines.append(detectable_line(answer))
    effect = answer.precision.parts.get("design_effect")
    if effect is not None:
        lines.append(f"Design effect: {number(effect)}.")
    ratio = answer.precision.parts.get("best_ratio")
    if ratio is not None:
        lines.append(
            f"Best ratio: {number(ratio, 3)} people of the comparison arm to each of the "
            "programme's who are analysed; of as many people in all, no other finds more."
        )
    return lines


def _assumption(row: dict[str, object]) -> str:
    unit = f" ({row['unit']})" if row["unit"] else ""
    source = row["source"] or "none given"
    return f"{row['input']} {value(row['value'])}{unit}: {row['meaning']}. Source: {source}."


def wrapped(text: str, width: int, first: str = "", rest: str = "") -> str:
    """One sentence in lines of a width."""
    return textwrap.fill(
        text, width, initial_indent=first, subsequent_indent=rest, break_on_hyphens=False
    )


def _items(heading: str, lines: Iterable[str], width: int) -> str:
    held = list(lines)
    if not held:
        return ""
    return "\n".join([f"{heading}:", *(wrapped(one, width, "  - ", "    ") for one in held)])
