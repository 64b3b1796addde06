"""Words of the page: what each abbreviation stands for, said once."""

from __future__ import annotations

from splw_eval.report.blocks import Item, ListBlock

COULD = (
    "A study could have detected a difference of a given size if, were the true difference that "
    "large, it had at least 8 chances in 10 of finding it. The smaller the difference that a study "
    "could have detected, the more it could tell."
)
NEVER = (
    "Nothing here is observed power, which is worked out from the result itself and only says the "
    "p-value again. What a study could have detected rests on how exact it is, never on its result."
)
_WORDS = (
    (
        "Smallest important difference",
        "the smallest difference in a score that is taken to matter to people (minimal important "
        "difference, MID).",
    ),
    (
        "EQ-5D-5L",
        "EuroQol, 5 dimensions, 5 levels: health-related quality of life as one index. 1 is full "
        "health, and 0 is as bad as being dead.",
    ),
    ("SWEMWBS", "Short Warwick-Edinburgh Mental Wellbeing Scale, 7 to 35 points; more is better."),
    ("ICECAP-A", "ICEpop capability measure for adults: what a person is able to do, 0 to 1."),
    ("HADS", "Hospital Anxiety and Depression Scale, 0 to 21 points each; fewer is better."),
    (
        "Likeness within practices",
        "the share of all variation in a score that lies between practices (intra-cluster "
        "correlation, ICC). 0: people of one practice are no more alike than others. The more "
        "alike they are, the less one more person tells.",
    ),
    ("Spread", "how far people's scores lie apart (standard deviation, SD)."),
    (
        "Correlation with the start",
        "how well a person's first score foretells the later one, from 0 to 1. An analysis that "
        "uses first scores is more exact.",
    ),
    (
        "Variation of sizes",
        "how much practices differ in their number of people (coefficient of variation, CV: the "
        "standard deviation of the sizes over their mean).",
    ),
    (
        "Standard error (SE)",
        "how far an estimate would vary from study to study by chance alone.",
    ),
    (
        "By the normal, by t",
        "two ways to make an interval from a standard error. Student's t allows for few practices, "
        "by its degrees of freedom (df).",
    ),
    (
        "Planning assumption",
        "a number that we chose, as none was found in a study; what is usual is said beside it.",
    ),
)


def words() -> ListBlock:
    """The words and abbreviations of the page."""
    return ListBlock(items=tuple(Item(term=f"{term}: ", text=said) for term, said in _WORDS))
