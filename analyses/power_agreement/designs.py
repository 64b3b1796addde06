"""Twenty designs whose power is worked out by formula and by drawn trials."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from splw_eval import power
from splw_eval.power.design import Design

FEW, UNLIKE, SMALL_ICC = 16, 0.5, 0.02


@dataclass(frozen=True, kw_only=True, eq=False)
class Listed:
    """A design, with its options as they are given to `power.design`."""

    name: str
    kind: str
    options: dict[str, Any]

    @property
    def design(self) -> Design:
        """As the planning room reads it."""
        return power.design(self.kind, **self.options)

    @property
    def sizes(self) -> np.ndarray:
        """People of each cluster; empty where there is no list."""
        return np.ravel(np.asarray(self.options.get("sizes", ()), dtype=float))

    @property
    def clusters(self) -> int:
        """Clusters in all; 0 where there are none."""
        given = self.options
        if len(self.sizes):
            return len(self.sizes)
        return int(given.get("clusters", np.sum(given.get("clusters_arm", 0))))

    @property
    def cv(self) -> float:
        """Coefficient of variation of the sizes."""
        return float(self.sizes.std() / self.sizes.mean()) if len(self.sizes) else 0.0

    @property
    def hard(self) -> bool:
        """Whether it has few clusters, of unlike sizes, that hardly differ."""
        small = self.options.get("icc", 1.0) <= SMALL_ICC
        return bool(0 < self.clusters <= FEW and self.cv >= UNLIKE and small)

    @property
    def by_least_squares(self) -> bool:
        """Whether least squares with CR2 errors is tried: a hard one, the start no covariate."""
        adjusted = self.options.get("baseline") in ("ancova", "clda")
        plain = self.kind in ("parallel", "baseline", "did", "crossover")
        return self.hard and plain and not adjusted


def _listed(name: str, kind: str, **options: Any) -> Listed:
    return Listed(name=name, kind=kind, options=options)


_FIVE = (4, 8, 15, 22, 41)
_SIX = (4, 7, 11, 16, 24, 34)
_SIX_MORE = (5, 8, 10, 17, 22, 40)
_SEVEN = (4, 6, 9, 13, 18, 27, 35)
_EIGHT = (4, 6, 8, 11, 15, 20, 28, 36)
_INCOMPLETE = ((0, 1, 1, None), (0, 0, 1, 1), (None, 0, 0, 1))

DESIGNS: tuple[Listed, ...] = (
    _listed(
        "parallel, 10 unlike clusters",
        "parallel",
        **{"d": 0.50, "icc": 0.02, "clusters_arm": (5, 5), "sizes": _FIVE + _FIVE},
    ),
    _listed(
        "parallel, 6 and 8 unlike clusters, a fifth lost",
        "parallel",
        **{"d": 0.42, "icc": 0.01, "clusters_arm": (6, 8), "sizes": _SIX + _EIGHT},
        dropout=0.2,
    ),
    _listed(
        "parallel, 16 clusters of 20",
        "parallel",
        **{"d": 0.46, "icc": 0.05, "clusters": 16, "size": 20},
    ),
    _listed(
        "baseline by ANCOVA, 10 unlike clusters",
        "baseline",
        **{"d": 0.42, "icc": 0.02, "clusters_arm": (5, 5), "sizes": _FIVE + _FIVE},
        **{"iac": 0.6, "cac": 0.8, "sampling": "cohort", "baseline": "ancova"},
    ),
    _listed(
        "baseline by change, 12 unlike clusters",
        "baseline",
        **{"d": 0.38, "icc": 0.01, "clusters_arm": (6, 6), "sizes": _SIX + _SIX_MORE},
        **{"iac": 0.5, "cac": 0.8, "sampling": "cohort", "baseline": "change"},
    ),
    _listed(
        "two visits by cLDA, 8 clusters of 10",
        "cohort",
        **{"d": 0.62, "icc": 0.05, "clusters": 8, "size": 10, "visits": (0, 1)},
        **{"iac": 0.6, "cac": 0.8, "baseline": "clda"},
    ),
    _listed(
        "did of other people, 16 unlike clusters",
        "did",
        **{"d": 0.52, "icc": 0.02, "clusters_arm": (8, 8), "sizes": _EIGHT + _EIGHT},
        **{"cac": 0.8, "sampling": "cross-section"},
    ),
    _listed(
        "did of a cohort, 12 clusters of 15",
        "did",
        **{"d": 0.45, "icc": 0.05, "clusters": 12, "size": 15},
        **{"iac": 0.5, "cac": 0.7, "sampling": "cohort"},
    ),
    _listed(
        "four visits by cLDA, 16 unlike clusters, 30 % lost",
        "cohort",
        **{"d": 0.38, "icc": 0.02, "clusters_arm": (8, 8), "sizes": _EIGHT + _EIGHT},
        **{"visits": (0, 3, 6, 12), "dropout": (0, 0.1, 0.2, 0.3)},
        **{"iac": 0.6, "cac": 0.8, "baseline": "clda"},
    ),
    _listed(
        "mean of three visits, 6 and 7 unlike clusters, 20 % lost",
        "cohort",
        **{"d": 0.28, "icc": 0.01, "clusters_arm": (6, 7), "sizes": _SIX + _SEVEN},
        **{"visits": (0, 3, 6, 9), "dropout": (0, 0.1, 0.15, 0.2)},
        **{"iac": 0.6, "cac": 0.9, "baseline": "clda", "contrast": "mean"},
    ),
    _listed(
        "correlations fade, 12 clusters of 12, 20 % lost",
        "cohort",
        **{"d": 0.52, "icc": 0.05, "clusters": 12, "size": 12},
        **{"visits": (0, 1, 2, 3), "dropout": (0, 0.1, 0.15, 0.2)},
        **{"iac": 0.7, "cac": 0.8, "decay": True, "iac_decay": True, "baseline": "clda"},
    ),
    _listed(
        "crossover of other people, 10 unlike clusters",
        "crossover",
        **{"d": 0.34, "icc": 0.02, "clusters_arm": (5, 5), "sizes": _FIVE + _FIVE},
        **{"cac": 0.8, "sampling": "cross-section"},
    ),
    _listed(
        "crossover of a cohort, 8 clusters of 12",
        "crossover",
        **{"d": 0.36, "icc": 0.05, "clusters": 8, "size": 12},
        **{"iac": 0.5, "cac": 0.8, "sampling": "cohort"},
    ),
    _listed(
        "stepped wedge, 12 unlike clusters, four steps",
        "stepped-wedge",
        **{"d": 0.32, "icc": 0.02, "clusters": 12, "steps": 4},
        **{"sizes": (4, 12, 32, 6, 18, 22, 5, 15, 27, 8, 9, 36)},
        **{"cac": 0.8, "sampling": "cross-section"},
    ),
    _listed(
        "stepped wedge, correlations fade, 12 clusters of 10",
        "stepped-wedge",
        **{"d": 0.44, "icc": 0.05, "clusters": 12, "steps": 4, "size": 10},
        **{"cac": 0.8, "decay": True, "sampling": "cross-section"},
    ),
    _listed(
        "incomplete matrix, 12 unlike clusters",
        "matrix",
        **{"d": 0.40, "icc": 0.02, "clusters": 12, "matrix": _INCOMPLETE},
        **{"sizes": (5, 10, 20, 36, 6, 12, 18, 30, 4, 9, 24, 34)},
        **{"cac": 0.9, "sampling": "cross-section"},
    ),
    _listed(
        "partly nested, 12 unlike link workers",
        "partially-nested",
        **{"d": 0.36, "icc": 0.02, "clusters": 12, "sizes": _SIX + _SIX_MORE, "controls": 150},
    ),
    _listed(
        "partly nested, four visits, 12 link workers, 25 % lost",
        "partially-nested",
        **{"d": 0.38, "icc": 0.05, "clusters": 12, "size": 12, "controls": 120},
        **{"visits": (0, 3, 6, 12), "dropout": (0, 0.1, 0.2, 0.25), "iac": 0.6},
        baseline="clda",
    ),
    _listed(
        "single people, three visits, 20 % lost",
        "individual",
        **{"d": 0.46, "patients": 120, "visits": (0, 3, 6), "dropout": (0, 0.1, 0.2)},
        **{"iac": 0.6, "baseline": "clda"},
    ),
    _listed(
        "one group before and after, 12 clusters of 8",
        "pre-post",
        **{"d": 0.32, "icc": 0.05, "clusters": 12, "size": 8, "iac": 0.5, "cac": 0.8},
    ),
)
PLACES = {one.name: place for place, one in enumerate(DESIGNS)}
