"""The catalogue of instruments as a page: a table of all of them, and all that is held of each."""

from __future__ import annotations

from collections.abc import Sequence

from splw_eval.instruments import Instrument, Option, Score, read_catalogue
from splw_eval.instruments.labels import band_words

ACCESS = {
    "open": "open",
    "register": "register or ask first",
    "licence": "payment or a signed licence",
}
DIRECTIONS = {"higher_is_better": "higher is better", "lower_is_better": "lower is better"}
Cells = list[str]


def instrument_list() -> str:
    """One line for each instrument."""
    rows = [
        [
            f"[`{held.name}`](#{held.name})",
            held.title,
            str(len(held.items)),
            ", ".join(f"`{score.name}`" for score in held.scores),
            ACCESS[held.access],
            held.status,
        ]
        for held in read_catalogue().values()
    ]
    heads = ["Name", "Instrument", "Items", "Scores", "Use of the questionnaire", "Scoring"]
    return _table(heads, rows)


def instrument_pages() -> str:
    """Every instrument with all that the catalogue holds about it."""
    return "\n".join(_instrument(held) for held in read_catalogue().values())


def _instrument(held: Instrument) -> str:
    parts = [f"## `{held.name}`\n\n{held.title}.\n"]
    if held.warning:
        parts.append(f"**{held.warning}**\n")
    parts.append(_answers(held))
    parts += [_option(name, option) for name, option in held.options.items()]
    parts += [
        f"- Flag `{f.name}`: {f.title} ({f.status}: {_sentence(f.source)})" for f in held.flags
    ]
    parts.append(f"- Use of the questionnaire: {_sentence(held.licence)}")
    parts.append(f"- Scoring: {held.status}. Sources: {_sentence('; '.join(held.sources))}")
    parts.append(f"- Recalled: {' '.join(held.recalled) or 'nothing.'}\n")
    return "\n".join([*parts, *(_score(held, score) for score in held.scores)])


def _answers(held: Instrument) -> str:
    if held.score_only:
        return f"- Ready-made scores only: {_names(held.items)}."
    codes = [f"{held.codes[0]} to {held.codes[1]}"] if held.codes else []
    codes += [f"`{k}` {low} to {high}" for k, (low, high) in held.item_codes.items()]
    absent = f" Columns that may be absent: {_names(held.optional)}." if held.optional else ""
    return f"- Items: {_names(held.items)}. Answers: {'; '.join(codes)}.{absent}"


def _names(items: Sequence[str]) -> str:
    numbered = list(items) == [str(place) for place in range(1, len(items) + 1)]
    if numbered and len(items) > 1:
        return f"{len(items)}, `1` to `{len(items)}`"
    return ", ".join(f"`{item}`" for item in items)


def _option(name: str, option: Option) -> str:
    needed = f"`{option.default}` if left out" if option.default else "may be left out"
    said = f"- Option `{name}` ({'needed' if option.required else needed}): {option.meaning}"
    return "\n".join([said, *(f"  - `{word}`: {text}" for word, text in option.choices.items())])


def _score(held: Instrument, score: Score) -> str:
    low, high = score.range
    items = "" if score.items == held.items else f" Items {', '.join(score.items)}."
    missing = f"{_sentence(score.missing_rule)} ({score.missing_status})"
    better = DIRECTIONS[score.direction]
    head = (
        f"**`{score.name}`: {score.title}.**{items} {low:g} to {high:g}, {better}. "
        f"Missing: {missing}\n"
    )
    others = [
        f'With `{v.option} = "{v.choice}"`: {_sentence(v.missing_rule)} ({v.missing_status})\n'
        for v in score.variants
        if v.missing_rule
    ]
    if score.categories:
        named = "; ".join(f"{code} {word}" for code, word in score.categories.items())
        others.append(f"Categories: {named}.\n")
    return "\n".join([head, *others, _bands(score), _differences(score), _norms(score)])


def _bands(score: Score) -> str:
    rows = []
    for bands in score.bands:
        when = f' (only with `{bands.option} = "{bands.choice}"`)' if bands.option else ""
        limits = "; ".join(f"{scores} {label}" for label, scores in band_words(bands, score.range))
        rows.append([bands.set + when, limits, bands.status, bands.source])
    return _table(["Bands", "Limits", "Status", "Source"], rows) if rows else ""


def _differences(score: Score) -> str:
    rows = [
        [
            f"{d.value:g} {d.unit}" if d.value else "none found",
            d.kind,
            d.population,
            d.status,
            " ".join(filter(None, [_sentence(d.source), d.note])),
        ]
        for d in score.differences
    ]
    if not rows:
        return "Important difference: none established.\n"
    return _table(["Difference", "Kind", "Population", "Status", "Source"], rows)


def _norms(score: Score) -> str:
    rows = [
        [
            f"{norm.statistic} {norm.value:g}",
            norm.spread,
            norm.group,
            norm.n,
            norm.status,
            norm.source,
        ]
        for norm in score.norms
    ]
    heads = ["What others score", "Spread", "Who", "How many", "Status", "Source"]
    return _table(heads, rows) if rows else ""


def _table(heads: Cells, rows: list[Cells]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def _sentence(text: str) -> str:
    return text if text.endswith((".", "?")) else f"{text}."
