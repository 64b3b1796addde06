"""What the scores are held against: sizes of change called important, and other people."""

from __future__ import annotations

from collections.abc import Iterator

from splw_eval.core.card_rows import ImportantDifferenceRow, NormRow
from splw_eval.core.plan import Outcome
from splw_eval.core.result import Note, Result
from splw_eval.data import Study
from splw_eval.describe.instrument_card import NOT_IN_CATALOGUE, known, score_of
from splw_eval.describe.sources import cited
from splw_eval.instruments import Score
from splw_eval.instruments.meanings import Norm

IN_THE_PLAN = "stated in the plan"
NONE_ESTABLISHED = "none established"
NOT_KNOWN = "not known"


def describe_important_differences(study: Study) -> Result[ImportantDifferenceRow]:
    """List every change that was called important, the plan's own first.

    Parameters
    ----------
    study : Study

    Returns
    -------
    Result of ImportantDifferenceRow
        At least one row for each outcome: where there is no such change, the row says so.
    """
    rows = tuple(row for outcome in study.plan.outcomes for row in _differences(study, outcome))
    return Result(
        key="important_differences",
        title="Sizes of change that were called important",
        unit="as stated in each row",
        row_type=ImportantDifferenceRow,
        rows=rows,
        notes=(
            Note(
                text="The sizes were found in different ways and among different people, so they "
                "differ. None of them is the true one; one that was found among other people may "
                "not hold for these."
            ),
        ),
    )


def describe_norms(study: Study) -> Result[NormRow]:
    """List published figures of other people.

    Parameters
    ----------
    study : Study

    Returns
    -------
    Result of NormRow
    """
    rows = tuple(_norm(outcome, norm) for outcome, _, score in known(study) for norm in score.norms)
    words = (
        "They are shown to give a sense of scale. Other people were chosen in other ways, so a "
        "difference from them says nothing of what the programme did."
    )
    none = "The catalogue holds no figures of other people for these scores."
    return Result(
        key="norms",
        title="Scores of other people",
        unit="as stated in each row",
        row_type=NormRow,
        rows=rows,
        notes=(Note(text=words if rows else none),),
    )


def kind_of_mid(study: Study, outcome: Outcome) -> str:
    """Say how the plan's MID was found, where the catalogue lists a difference of its size.

    Parameters
    ----------
    study : Study
    outcome : Outcome

    Returns
    -------
    str
        The catalogue's word; empty where it lists none, or several that were found in other
        ways, of which none is from the plan's source.
    """
    instrument, mid = study.instruments.get(outcome.name), outcome.mid
    if instrument is None or mid is None:
        return ""
    listed = score_of(instrument, outcome).differences
    same = [d for d in listed if d.unit == "points" and d.value == mid.value]
    kinds = {d.kind for d in same if d.source == mid.source} or {d.kind for d in same}
    return kinds.pop() if len(kinds) == 1 else ""


def _norm(outcome: Outcome, norm: Norm) -> NormRow:
    source, status = cited(norm.source, norm.status)
    return NormRow(
        outcome=outcome.name,
        population=norm.group,
        statistic=norm.statistic,
        value=norm.value,
        spread=norm.spread,
        people=norm.n,
        source=source,
        status=status,
    )


def _differences(study: Study, outcome: Outcome) -> Iterator[ImportantDifferenceRow]:
    """Yield the plan's MID, then what the catalogue lists, or that there is none."""
    if outcome.mid is not None:
        yield ImportantDifferenceRow(
            outcome=outcome.name,
            value=outcome.mid.value,
            unit="points",
            kind=IN_THE_PLAN,
            same_as=kind_of_mid(study, outcome),
            population="",
            source=outcome.mid.source,
            status=IN_THE_PLAN,
            note="",
        )
    instrument = study.instruments.get(outcome.name)
    if instrument is not None:
        yield from _listed(outcome, score_of(instrument, outcome))
    elif outcome.mid is None:
        words = "The plan states no MID, and the questionnaire is not in the catalogue."
        yield _no_difference(outcome, NOT_KNOWN, "", NOT_IN_CATALOGUE, words)


def _listed(outcome: Outcome, score: Score) -> Iterator[ImportantDifferenceRow]:
    mid = outcome.mid
    for found in score.differences:
        if mid and (found.value, found.unit, found.source) == (mid.value, "points", mid.source):
            continue
        if found.value is None:
            yield _no_difference(outcome, NONE_ESTABLISHED, found.source, found.status, found.note)
            continue
        source, status = cited(found.source, found.status)
        yield ImportantDifferenceRow(
            outcome=outcome.name,
            value=found.value,
            unit=found.unit,
            kind=found.kind,
            same_as="",
            population=found.population,
            source=source,
            status=status,
            note=found.note,
        )
    if not score.differences:
        words = "The catalogue lists none; none is made up in its place."
        yield _no_difference(outcome, NONE_ESTABLISHED, "", "", words)


def _no_difference(
    outcome: Outcome, kind: str, source: str, status: str, note: str
) -> ImportantDifferenceRow:
    return ImportantDifferenceRow(
        outcome=outcome.name,
        value=None,
        unit="",
        kind=kind,
        same_as="",
        population="",
        source=source,
        status=status,
        note=note,
    )
