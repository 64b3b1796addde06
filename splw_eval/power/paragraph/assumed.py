"""What is assumed: the difference, the spread, and every other input but the clustering."""

from __future__ import annotations

from splw_eval.power.answer import Answer
from splw_eval.power.design import DEFAULTS, Design, Values
from splw_eval.power.options import OPTIONS
from splw_eval.power.paragraph.gaps import gap
from splw_eval.power.paragraph.sources import in_words, mid_is_told, planned_of, source_of
from splw_eval.power.words.assumptions import time_not_said
from splw_eval.power.words.meanings import meaning_of
from splw_eval.power.words.sentence import comparisons, effect_words
from splw_eval.power.words.shown import number, per_cent, value

_ELSEWHERE = {  # inputs that have sentences of their own
    *(
        "icc",
        "icc_control",
        "sd_cluster",
        "cv",
        "sd",
        "visits",
        "dropout",
        "dropout_control",
        "cluster_loss",
    ),
}
_MANY = ("means", "levels", "covariates", "correlations", "time_effects")
_NO_SETTING = {  # told in sentences, or nothing of the calculation
    *("solve", "power", "alpha", "sides", "test", "df", "force", "icc_range", "icc_prior"),
    *("clusters", "clusters_arm", "clusters_control", "per_sequence", "size", "size_control"),
    *("sizes", "patients", "patients_arm", "controls", "events", "steps", "periods", "matrix"),
    *("visits", "cluster_loss", "allocation", "sampling", "sd_is", "cv_method"),
    *("icc_scale", "adjust", "arms"),
}


def power(answer: Answer) -> str:
    """Power, difference, sides and level."""
    v = answer.design.values
    sides = "two-sided" if int(v.sides) == 2 else "one-sided"  # noqa: PLR2004
    each, test = "", f"a {sides} test at the {per_cent(v.alpha)} level"
    tests = comparisons(answer.asked)
    if tests is not None:
        each, test = _of_several(v, tests, sides)
    return (
        f"This gives {'each' if each else 'a'} {each}power of {per_cent(answer.power)} to detect "
        f"{effect_words(answer)} with {test}."
    )


def _of_several(v: Values, tests: int, sides: str) -> tuple[str, str]:
    """Whose power it is where arms are several, and the test."""
    level, share = per_cent(v.alpha), per_cent(v.alpha / tests)
    if v.adjust == "omnibus":
        return "", f"an F test of all arms at the {level} level"
    told = {
        "dunnett": f"Dunnett's {sides} test, at the {level} level for all {tests} comparisons "
        "together",
        "bonferroni": f"a {sides} test at the {share} level, an equal share of {level}",
        "none": f"a {sides} test at the {level} level, which is not shared between them",
    }
    return f"of the {tests} comparisons, by itself, a ", told[v.adjust]


def reason(answer: Answer) -> str:
    """Why this difference: the important one, or a source; and the SD."""
    text = _why(answer)
    if "sd" not in answer.asked.given:
        return text
    sd = source_of(answer, "sd", "say where the SD comes from")
    return f"{text} The SD is taken to be {number(answer.asked.values.sd)}{sd}."


def _why(answer: Answer) -> str:
    sources, given = answer.asked.sources, answer.asked.given
    planned = planned_of(answer)
    mid = planned.mid if planned is not None and mid_is_told(answer) else None
    what = "change" if answer.asked.kind.name == "pre-post" else "difference"
    named = [n for n in answer.asked.kind.effect if n in given and n in sources]
    if planned is not None and mid is not None and given.get("diff") == mid.value:
        return (
            f"This is taken as the minimal important difference of {planned.title}, from: "
            f"{in_words(mid)}. {mid.note}".rstrip()
        )
    if named:
        text = f"The {what} was chosen from: {sources[named[0]]}."
    elif answer.sought == "mde":
        text = f"The {what} is the smallest that this number can find."
    else:
        why = gap(f"say why this {what} matters, and to whom")
        text = f"The {what} was chosen because {why}."
    if planned is not None and mid is not None:
        lead = f"A minimal important difference of {planned.title} was given as"
        text += f" {lead} {number(mid.value)} ({in_words(mid)}). {mid.note}".rstrip()
    return text


def others(answer: Answer) -> str:
    """Every other input, with its source: without them nobody could work it out again."""
    asked = answer.asked
    told = [name for name in asked.given if OPTIONS[name].input and name not in _told(answer)]
    parts = [
        f"The {_meaning(asked, name)} {'are' if name in _MANY else 'is'} taken to be "
        f"{value(asked.values.__getattr__(name))}"
        f"{source_of(answer, name, 'say where it comes from')}."
        for name in told
    ]
    if "cac" in dict(time_not_said(asked)):
        why = gap("say why, or give the cluster autocorrelation")
        parts.append(f"Clusters are taken to differ in the same way at every time {why}.")
    return " ".join(parts)


def _told(answer: Answer) -> set[str]:
    effect = {n for n in answer.asked.kind.effect if n not in ("d", "means")}
    return _ELSEWHERE | effect | {"d"}


def _meaning(design: Design, name: str) -> str:
    return meaning_of(design, name).partition(":")[0]


def settings(answer: Answer) -> str:
    """Options of the calculation that no other sentence tells, in words."""
    asked = answer.asked
    usual = {name: DEFAULTS[name] for name in ("tails", "mde_rule")} | {"link": "identity"}
    held = {**asked.kind.defaults, **asked.given}
    if asked.values.p0 is None:
        held.pop("variance", None)
    told = []
    for name, one in held.items():
        option = OPTIONS[name]
        if option.input or name in _NO_SETTING or usual.get(name) == one or one is False:
            continue
        meaning = _meaning(asked, name)
        told.append(meaning if option.form == "flag" else f"{meaning}: {value(one)}")
    return f" ({'; '.join(told)})" if told else ""
