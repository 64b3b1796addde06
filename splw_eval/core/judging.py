"""Words on whether a share reaches a limit, as far as the counts decide it."""

from __future__ import annotations

Bounds = tuple[int, int]


def judged(people: Bounds, of: Bounds, limit: float) -> str | None:
    """Say whether a share reaches a limit.

    Parameters
    ----------
    people, of : tuple of (int, int)
        Fewest and most that they can be; both the same where they are known.
    limit : float
        Between 0 and 1.

    Returns
    -------
    str or None
        ``about`` the limit where the counts leave it open; None of nobody.
    """
    if not of[1]:
        return None
    if people[0] >= limit * of[1]:
        return f"{limit:.0%} or more"
    return f"fewer than {limit:.0%}" if people[1] < limit * of[0] else f"about {limit:.0%}"
