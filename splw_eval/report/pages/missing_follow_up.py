"""Whether the answer holds whatever became of people who were lost, and who they were."""

from __future__ import annotations

from typing import Any

from splw_eval.core.result import Result
from splw_eval.report.blocks import (
    Block,
    Fold,
    Item,
    ListBlock,
    Page,
    Paragraph,
    ReportTable,
    Section,
)
from splw_eval.report.evidence import Entry, Evidence, entries
from splw_eval.report.numbers import number
from splw_eval.report.pages import missing_figures as drawn
from splw_eval.report.pages import missing_sentences as words
from splw_eval.report.pages.result_tables import Lead, group, listed

KEYS = ("sensitivity", "tipping", "observed_weights")
SIGNED = frozenset({"estimate", "conf_low", "conf_high", "better_until", "worse_from"})
ASSUMED = ("filled_in", "estimate", "std_error", "df", "conf_low", "conf_high", "fraction_missing")
WEIGHED = ("n", "effective", "estimate", "std_error", "df", "conf_low", "conf_high")
TIPPED = ("estimate", "conf_low", "conf_high", "conclusion")
BORDERS = ("better_until", "worse_from")
RATIOS = ("n", "odds_ratio", "conf_low", "conf_high", "df")
COARSELY = ". Told coarsely where they rest on fewer than 100 people, which hides how many"
PRACTICES = ("expected", "missing", "share_missing", "lower", "median", "upper", "clusters")
NOT_SAID = (
    "Nothing in the data can tell which assumption is right. What counts is whether the answer "
    "would be read in the same way under those that are likely."
)


def page(evidence: Evidence) -> Page:
    """Return the page of the answer and people who were lost."""
    sections = (*_answer(evidence), *_tipping(evidence), *_who(evidence), *_why(evidence))
    return Page(
        id="missing-follow-up", title="The answer, and people who were lost", sections=sections
    )


def _places(evidence: Evidence) -> Any:
    return lambda _row: evidence.plan.primary.decimals


def _groups(result: Result[Any]) -> tuple[tuple[Entry[Any], ...], ...]:
    """Rows of each comparison."""
    held: dict[str, list[Entry[Any]]] = {}
    for entry in entries(result):
        held.setdefault(entry.row.compared, []).append(entry)
    return tuple(tuple(found) for found in held.values())


def _answer(evidence: Evidence) -> tuple[Section, ...]:
    result = evidence.of("sensitivity")
    if not result.rows:
        return ()
    blocks: list[Block] = []
    for place, found in enumerate(_groups(result), start=1):
        blocks += [
            Paragraph(text=words.span(evidence, found), lead=True),
            Paragraph(text=words.certainty(found)),
        ]
        key = f"sensitivity-figure-{place}"
        figure = drawn.assumptions(evidence, found, key, "sensitivity-table")
        blocks += [figure] if figure else []
    blocks.append(Paragraph(text=NOT_SAID))
    tables = (_assumed(evidence, result), *_weighed(evidence))
    blocks.append(_fold("The same in numbers, and a check by weights", evidence, tables))
    title = "Does the answer hold under other assumptions?"
    return (Section(id="sensitivity", title=title, blocks=tuple(blocks)),)


def _lead(result: Result[Any]) -> Lead:
    several = len({row.compared for row in result.rows}) > 1
    return (("Compared", lambda row: row.compared),) if several else ()


def _assumed(evidence: Evidence, result: Result[Any]) -> ReportTable:
    named: Lead = (("People who were lost", lambda row: f"{row.strategy}: {row.assumption}"),)
    lead = (*_lead(result), *named)
    return listed(
        result,
        entries(result),
        lead,
        ASSUMED,
        caption=f"{evidence.plan.primary.label}: the answer by what is assumed of people lost",
        anchor="sensitivity-table",
        places=_places(evidence),
        signed=SIGNED,
    )


def _weighed(evidence: Evidence) -> tuple[ReportTable, ...]:
    result = evidence.of("observed_weights")
    if not result.rows:
        return ()
    table = listed(
        result,
        entries(result),
        (*_lead(result), ("Weights", lambda row: row.method)),
        WEIGHED,
        caption="A check: people measured, weighted by one over their chance of being measured",
        anchor="observed-weights-table",
        places=_places(evidence),
        signed=SIGNED,
    )
    return (table,)


def _fold(
    title: str, evidence: Evidence, tables: tuple[ReportTable, ...], *, besides: str = ""
) -> Fold:
    """Return tables and how they were made, closed; without what was said of `besides`."""
    files = tuple(dict.fromkeys(table.file for table in tables))
    keys = (file.removeprefix("tables/").removesuffix(".csv") for file in files)
    said = dict.fromkeys(note.sentence() for key in keys for note in evidence.of(key).notes)
    before = {note.sentence() for note in evidence.of(besides).notes} if besides else set()
    notes = ListBlock(items=tuple(Item(text=text) for text in said if text not in before))
    return Fold(title=title, file=", ".join(files), blocks=(*tables, notes))


def _tipping(evidence: Evidence) -> tuple[Section, ...]:
    result = evidence.of("tipping")
    if not result.rows:
        return ()
    blocks: list[Block] = []
    for place, found in enumerate(_groups(result), start=1):
        said = words.tip(evidence, found, _main(evidence, found[0].row.compared))
        blocks += [Paragraph(text=text, lead=not i) for i, text in enumerate(said)]
        figure = drawn.contour(evidence, found, f"tipping-figure-{place}", "tipping-borders-table")
        blocks += [figure] if figure else []
    title = "The same in numbers, and how it was made"
    blocks.append(_fold(title, evidence, _tipped(evidence), besides="sensitivity"))
    title = "How much worse must people who were lost have done?"
    return (Section(id="tipping", title=title, blocks=tuple(blocks)),)


def _main(evidence: Evidence, compared: str) -> Any:
    rows = evidence.of("sensitivity").rows
    return next((r for r in rows if (r.strategy, r.compared) == (words.MAIN, compared)), None)


def _tipped(evidence: Evidence) -> tuple[ReportTable, ...]:
    result = evidence.of("tipping")
    every = tuple(entries(result))
    places = _places(evidence)
    digits = evidence.plan.primary.decimals
    own = [e for e in every if not e.row.delta_comparison]
    both = [e for e in every if not e.row.delta_programme]
    first = listed(
        result,
        own,
        (
            *_lead(result),
            ("Programme: worse by", lambda row: number(row.delta_programme, digits)),
        ),
        TIPPED,
        caption="If people lost from the programme did worse, and those of the comparison did not",
        anchor="tipping-table",
        places=places,
        signed=SIGNED,
    )
    second = listed(
        result,
        both,
        (
            *_lead(result),
            ("Comparison: worse by", lambda row: number(row.delta_comparison, digits)),
        ),
        BORDERS,
        caption="How many points worse people lost from the programme must have done for an "
        "interval wholly on one side; below 0: better",
        anchor="tipping-borders-table",
        places=places,
        signed=SIGNED,
    )
    return first, second


def _who(evidence: Evidence) -> tuple[Section, ...]:
    loss, predictors = evidence.of("loss_practices"), evidence.of("loss_predictors")
    found = tuple(entries(predictors))
    said = [words.shares(evidence), *([words.stood_out(found)] if found else [])]
    tables = [*([_practices(evidence, loss)] if loss.rows else [])]
    tables += [_ratios(evidence, predictors, found)] if found else []
    if not tables:
        return ()
    blocks: list[Block] = [Paragraph(text=text) for text in said if text]
    fold = _fold("Practices, and what went with being lost", evidence, tuple(tables))
    return (Section(id="loss", title="Who was lost, and where", blocks=(*blocks, fold)),)


def _practices(evidence: Evidence, result: Result[Any]) -> ReportTable:
    known = any(row.clusters is not None for row in result.rows)
    lead: Lead = (*group(evidence), ("Wave", lambda row: evidence.wave(row.wave).title))
    return listed(
        result,
        entries(result),
        lead,
        PRACTICES if known else PRACTICES[:3],
        caption="Missing at each wave, and quarters of the practices",
        anchor="loss-practices-table",
    )


def _ratios(evidence: Evidence, result: Result[Any], found: tuple[Entry[Any], ...]) -> ReportTable:
    known = any(e.row.clusters is not None for e in found)
    coarse = "" if evidence.plan.disclosure.profile == "public_data" else COARSELY
    return listed(
        result,
        found,
        (("What was looked at", lambda row: f"{row.characteristic}: {_small(row.level)}"),),
        RATIOS if known else RATIOS[:-1],
        caption=f"Odds of being lost, as a ratio: associations{coarse}",
        anchor="loss-predictors-table",
    )


def _small(level: str) -> str:
    return f"{level[:1].lower()}{level[1:]}" if level.startswith("One standard") else level


def _why(evidence: Evidence) -> tuple[Section, ...]:
    """Say once why what is not on the page is not there."""
    empty = [evidence.of(key) for key in (*KEYS, "loss_predictors") if not evidence.of(key).rows]
    said = dict.fromkeys(note.sentence() for result in empty for note in result.notes)
    if not said:
        return ()
    items = ListBlock(items=tuple(Item(text=text) for text in said))
    title = "Why there is nothing more to show"
    return (Section(id="missing-follow-up-why", title=title, blocks=(items,)),)
