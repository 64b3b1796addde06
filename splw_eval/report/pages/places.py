"""On which page of the evaluator's report each result is shown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

PAGES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "comparison": (
        "The groups compared",
        (
            "contrasts",
            "influence",
            "methods_compared",
            "model_means",
            "model_people",
            "ratios",
            "residuals",
        ),
    ),
    "fair": (
        "A fair comparison",
        ("adjusted", "balance", "differences", "e_values", "practice_tests", "weighting"),
    ),
    "who-benefits": ("Who benefits", ("subgroups",)),
    "flow": ("Who was measured", ("flow",)),
    "who-came": ("Who came", ("baseline", "characteristics", "quantities")),
    "lost": (
        "Who stayed, and who was lost",
        ("lost_characteristics", "lost_quantities", "lost_scores"),
    ),
    "missing-follow-up": (
        "The answer, and people who were lost",
        ("loss_practices", "loss_predictors", "observed_weights", "sensitivity", "tipping"),
    ),
    "gaps": ("Gaps in the scores", ("monotone", "patterns", "reasons")),
    "staying": (
        "Time with the service, and why it ended",
        ("endings", "leaving", "standing", "stay", "stay_contrast", "staying", "uptake", "watched"),
    ),
    "delivered": (
        "What was delivered",
        ("caseload", "components", "continuity", "dose", "levels", "modes"),
    ),
    "received": ("Those who received it", ("dose_response", "engagement")),
    "days": ("When people were met and measured", ("days",)),
    "scores": ("Scores at each wave", ("scores", "setting")),
    "change": ("Change since the start", ("change",)),
    "responders": ("Better and worse", ("responders",)),
    "reliable-change": ("Change beyond the error of measurement", ("reliable_change",)),
    "questionnaires": (
        "The questionnaires",
        (
            "agreement",
            "bands",
            "floor_ceiling",
            "important_differences",
            "instruments",
            "norms",
            "reliability",
            "risk",
        ),
    ),
    "records": ("What was kept", ("records", "workers")),
    "support": ("What your data can and cannot answer", ("precision", "support")),
    "sizing": ("Planned and reached", ("reached", "sizing")),
    "data": ("The data", ("findings",)),
    "plan": ("The plan", ("plan",)),
    "reach": ("Reach and fairness", ("change_by", "reach", "reach_known", "referral_rates")),
    "tidier": ("Planned and delivered", ("places", "planned")),
    "service-use": (
        "Use of the practice and the hospital",
        ("service_run_in", "service_use", "service_use_contrast", "service_use_months"),
    ),
    "costs": (
        "What it costs",
        ("cost_acceptable", "cost_parts", "cost_per", "cost_per_qaly", "prices"),
    ),
    "masking": ("What is not shown, and why", ("identifiability",)),
    "providers": (
        "Who gave the support",
        (
            "people_a_year",
            "provider_fields",
            "provider_numbers",
            "providers",
            "turnover",
            "worker_icc",
        ),
    ),
}
"""Title of each page by its id, and the results that it shows; ``plan`` is the plan itself."""

_PLACE = {key: (title, page) for page, (title, keys) in PAGES.items() for key in keys}


def places(keys: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield title and id of the pages that show some results, each page once.

    Parameters
    ----------
    keys : iterable of str
        Keys of results; those that no page shows are left out.
    """
    yield from dict.fromkeys(_PLACE[key] for key in keys if key in _PLACE)
