"""What answers earn, in hundredths of a point: whole numbers, so that no sum is ever off by a rounding error."""

from collections.abc import Iterable
from fractions import Fraction

from codezest_db.enums import Scoring

HUNDREDTHS = 100


def hundredths(points: int, fraction: Fraction, *, scoring: Scoring, wrong_penalty_percent: int, is_empty: bool) -> int:
    """What an answer to a question of so many points earns; below 0 where wrong answers cost. Rounded towards 0.

    A question that was left out costs nothing. An answer that is partly right is not wrong where parts count.
    """
    if fraction == 1 or (fraction > 0 and scoring is Scoring.PARTIAL):
        return int(points * HUNDREDTHS * fraction)
    return 0 if is_empty else -(points * HUNDREDTHS * wrong_penalty_percent // 100)


def total(earned: Iterable[int]) -> int:
    """What all answers earn together: never below 0."""
    return max(0, sum(earned))


def percent_of(earned: int, possible: int) -> int:
    """Whole percent of possible points, rounded down; `earned` is in hundredths. 0 of nothing is 0."""
    return earned * 100 // (possible * HUNDREDTHS) if possible else 0
