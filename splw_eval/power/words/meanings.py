"""What an option means in a design, where that is not what it means in the others."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from splw_eval.power.design import Design
from splw_eval.power.options import OPTIONS

_EACH_SEQUENCE = "clusters of each sequence, in their order"
_OF_PERIODS = "share lost of the people of each period, or one for all"
OF_DESIGN: Mapping[tuple[str, str], str] = MappingProxyType(
    {
        ("pre-post", "diff"): "change of the mean from before to after",
        ("pre-post", "d"): "change in standard deviations",
        ("pre-post", "sd"): "standard deviation before",
        ("pre-post", "p0"): "proportion before",
        ("pre-post", "p1"): "proportion after",
        ("pre-post", "clusters"): "link workers",
        ("pre-post", "size"): "people of each link worker",
        ("stepped-wedge", "clusters_arm"): _EACH_SEQUENCE,
        ("matrix", "clusters_arm"): _EACH_SEQUENCE,
        ("crossover", "clusters_arm"): "clusters of each order, programme first before the other",
        ("stepped-wedge", "dropout"): _OF_PERIODS,
        ("matrix", "dropout"): _OF_PERIODS,
        ("crossover", "dropout"): _OF_PERIODS,
        ("multisite", "clusters"): "sites in all",
        ("multisite", "size"): "people recruited in each site, of both arms",
        ("multisite", "icc"): "intra-cluster correlation of sites",
        ("partially-nested", "clusters"): "clusters of the programme arm, such as link workers",
        ("did", "diff"): "difference between the changes of the arms",
        ("tte", "p0"): "share of the comparison arm that has the event",
        ("tte", "p1"): "share of the programme arm that has the event",
    }
)
_LATENT = "intra-cluster correlation on the latent scale of log odds"
_K = "coefficient of variation between clusters (k, their SD over the mean)"
_LOST = "share lost in the comparison arm, by each visit or by the end"


def meaning_of(design: Design, name: str) -> str:
    """What an input is, in this design and on its scale.

    Parameters
    ----------
    design : Design
    name : str
        Of the option.

    Returns
    -------
    str
    """
    if name == "dropout_control":
        return _LOST
    if name in ("icc", "icc_control"):
        here = " in the comparison arm" if name == "icc_control" else ""
        scales = {"logit": _LATENT + here, "k": _K + here}
        if design.values.icc_scale in scales:
            return scales[design.values.icc_scale]
    return OF_DESIGN.get((design.kind.name, name), OPTIONS[name].meaning)


def clustering(design: Design) -> str:
    """What the option ``icc`` holds, in the fewest letters."""
    return "k" if design.values.icc_scale == "k" else "ICC"
