"""How long to wait before trying again. Pure: the randomness is an argument."""


def full_jitter(attempt: int, *, first_s: float, most_s: float, chance: float) -> float:
    """Seconds until the next try, after `attempt` tries (1 = one try was made).

    Full jitter (uniform from nothing to the doubled bound) spreads a crowd of hubs best when a
    broker comes back; but not below half of `first_s`, because an answer takes its time.

    `chance` is uniform in [0, 1).
    """
    doublings = min(max(attempt, 1) - 1, 30)
    bound = min(most_s, first_s * 2.0**doublings)
    floor = min(first_s / 2, bound)
    return floor + chance * (bound - floor)
