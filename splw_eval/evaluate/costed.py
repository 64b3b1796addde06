"""The questions of use of services and of costs."""

from __future__ import annotations

from splw_eval import costs
from splw_eval.core import cost_rows
from splw_eval.costs.money.words import without_prices
from splw_eval.data import Study
from splw_eval.evaluate.question import Question


def months_of_use(study: Study) -> str | None:
    """Need the table of service use, and the day from which its months count."""
    if "service_use" not in study.tables:
        return (
            "There is no table of service use, so nothing is known of contacts with the practice "
            "or of hospitals. A file with a row for each person and month would tell."
        )
    if study.people.time_zero is None:
        return (
            "No date of time zero is known, so it cannot be told which months lie before it "
            "([[time_zero]] column in the plan)."
        )
    return None


def prices(study: Study) -> str | None:
    """Need prices, which only the user can give."""
    return without_prices(study.plan.costs)


COSTED: tuple[Question, ...] = (
    Question(
        key="service_use",
        title="Use of services before and after",
        row_type=cost_rows.UseRow,
        answer=costs.describe_use,
        needs=months_of_use,
    ),
    Question(
        key="service_run_in",
        title="Use of services in the months before",
        row_type=cost_rows.RunInRow,
        answer=costs.describe_run_in,
        needs=months_of_use,
    ),
    Question(
        key="service_use_months",
        title="Use of services month by month",
        row_type=cost_rows.UseMonthRow,
        answer=costs.describe_use_months,
        needs=months_of_use,
    ),
    Question(
        key="service_use_contrast",
        title="Changes in use of services compared",
        row_type=cost_rows.UseContrastRow,
        answer=costs.describe_use_contrast,
        needs=months_of_use,
    ),
    Question(
        key="prices",
        title="Prices that were given",
        row_type=cost_rows.PriceRow,
        answer=costs.describe_prices,
        needs=prices,
    ),
    Question(
        key="cost_parts",
        title="What was spent for each person",
        row_type=cost_rows.CostPartRow,
        answer=costs.describe_cost_parts,
        needs=prices,
    ),
    Question(
        key="cost_per",
        title="Cost for each person referred, engaged and improved",
        row_type=cost_rows.CostPerRow,
        answer=costs.describe_cost_per,
        needs=prices,
    ),
    Question(
        key="cost_per_qaly",
        title="Extra cost and extra years in full health",
        row_type=cost_rows.PerQalyRow,
        answer=costs.describe_per_qaly,
        needs=prices,
    ),
    Question(
        key="cost_acceptable",
        title="The chance that it is worth it",
        row_type=cost_rows.AcceptableRow,
        answer=costs.describe_acceptable,
        needs=prices,
    ),
)
