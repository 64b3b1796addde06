"""What prices and parts of costs are called, and why something cannot be told."""

from __future__ import annotations

from splw_eval.core.plan import Costs
from splw_eval.core.result import Note

UNITS = {
    "gp_contact": "Contact with the practice",
    "emergency": "Attendance at an emergency department",
    "admission": "Emergency admission",
    "prescription": "Item prescribed",
    "link_worker_hour": "Hour of a link worker",
}
COLUMNS = {
    "gp_contact": "gp_contacts",
    "emergency": "emergency",
    "admission": "admissions",
    "prescription": "prescriptions",
}
PARTS = {
    "salary": "Salaries of link workers",
    "on_costs": "Pensions, insurance and other costs of employment",
    "supervision": "Supervision",
    "training": "Training",
    "management": "Management and administration",
    "platform": "Software and licences",
    "premises": "Rooms, telephones and equipment",
    "travel": "Travel of link workers",
    "onward": "Community groups and charities that people were sent to",
    "set_up": "Spent once, at the start",
    "other": "Other",
}
HOURS = "Hours of link workers"
NO_PRICES = (
    "No unit costs were given. The package holds no prices: what a contact, a stay or an hour "
    "costs differs by place, year and who counts, so they are given in the plan ([costs])."
)
NO_PROGRAMME = (
    "The plan gives no price of the programme itself: an hour of a link worker in [costs.unit], or "
    "what was spent on it in [costs.programme]."
)


def without_prices(costs: Costs | None) -> str | None:
    """Why nothing can be said of costs; None where there are prices."""
    return NO_PRICES if costs is None else None


def not_counted(costs: Costs) -> Note:
    """Name the prices that the plan does not give, which are then not counted."""
    given = {name for name, _ in (*costs.unit_prices(), *costs.programme_parts())}
    salaries = "link_worker_hour" in given or {"salary", "on_costs"} & given
    absent = [UNITS[name] for name in COLUMNS if name not in given]
    absent += [
        words
        for name, words in PARTS.items()
        if name not in given
        and not (salaries and name in {"salary", "on_costs"})
        and name != "other"
    ]
    if not salaries:
        absent.append(HOURS)
    words = "; ".join(word[:1].lower() + word[1:] for word in absent)
    always = (
        "time and travel of the people themselves and of those who care for them, and work lost"
    )
    return Note(text=f"Not counted: {words + '; ' if words else ''}{always}.")
