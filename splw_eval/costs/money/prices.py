"""The prices that the plan gives, each with its source."""

from __future__ import annotations

from splw_eval.core.cost_rows import PriceRow
from splw_eval.core.result import Note, Result
from splw_eval.costs.money.words import PARTS, UNITS, not_counted
from splw_eval.data import Study


def describe_prices(study: Study) -> Result[PriceRow]:
    """List the prices of the plan.

    Parameters
    ----------
    study : Study
        Whose plan has prices.

    Returns
    -------
    Result of PriceRow
    """
    costs = study.plan.costs
    assert costs is not None
    priced = [(UNITS[name], price) for name, price in costs.unit_prices()]
    priced += [(f"In all: {PARTS[name]}", price) for name, price in costs.programme_parts()]
    rows = tuple(
        PriceRow(
            price=words,
            value=price.value,
            currency=costs.currency,
            year=costs.price_year,
            pays=price.pays or "",
            source=price.source,
        )
        for words, price in priced
    )
    side = f"All prices are in {costs.currency} of {costs.price_year}, from the side of: "
    return Result(
        key="prices",
        title="Prices that were given",
        unit=costs.currency,
        row_type=PriceRow,
        rows=rows,
        notes=(Note(text=f"{side}{costs.perspective}."), not_counted(costs)),
    )
