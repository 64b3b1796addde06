"""The same quantities with whole matrices, as the textbooks write them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from splw_eval.stats.mixed.moments import Floats, Moments, Places, gather_moments


@dataclass(frozen=True, kw_only=True)
class Rows:
    """Rows of an unbalanced study with gaps, some clusters of one person."""

    x: Floats
    y: Floats
    person: Places
    wave: Places
    cluster: Places
    waves: int
    clusters: int

    def moments(self, **more: object) -> Moments:
        """Gather the sums of these rows."""
        return gather_moments(
            self.x,
            self.y,
            person=self.person,
            wave=self.wave,
            cluster=self.cluster,
            waves=self.waves,
            clusters=self.clusters,
            **more,  # type: ignore[arg-type]
        )


def made_rows(seed: int, *, waves: int = 3, clusters: int = 5, columns: int = 3) -> Rows:
    """Draw rows: people of 1 to 6 a cluster, seen at some of the waves."""
    rng = np.random.default_rng(seed)
    person: list[int] = []
    wave: list[int] = []
    cluster: list[int] = []
    for k in range(clusters):
        for _ in range(rng.integers(1, 7)):
            seen = np.flatnonzero(rng.random(waves) < 0.7)
            seen = seen if len(seen) else np.array([0])
            person += [max(person, default=-1) + 1] * len(seen)
            wave += seen.tolist()
            cluster += [k] * len(seen)
    n = len(person)
    x = np.column_stack([np.ones(n), rng.normal(size=(n, columns - 1))])
    effect = rng.normal(size=clusters)[cluster] + rng.normal(size=max(person) + 1)[person]
    return Rows(
        x=x,
        y=5 + effect + rng.normal(size=n),
        person=np.array(person),
        wave=np.array(wave),
        cluster=np.array(cluster),
        waves=waves,
        clusters=clusters,
    )


def whole(rows: Rows, sigma: Floats, g: Floats, effects: Floats) -> Floats:
    """V of all rows."""
    at = np.ix_(rows.wave, rows.wave)
    same = rows.person[:, None] == rows.person
    shared = rows.cluster[:, None] == rows.cluster
    return np.where(same, sigma[at], 0) + np.where(shared, (effects @ g @ effects.T)[at], 0)
