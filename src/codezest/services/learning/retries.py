"""How often, and when, grading is tried again where it is us who failed."""

from datetime import timedelta

MAX_GRADING_ATTEMPTS = 5
"""How often a program is begun, whether grading it fails or takes its worker with it, until we give up."""
RETRY_DELAYS = (timedelta(seconds=1), timedelta(seconds=5), timedelta(seconds=20), timedelta(seconds=60))
FORGOTTEN_AFTER = timedelta(minutes=2)
"""How long a program may wait without a job before one is asked for again."""


def retry_delay(attempt: int) -> timedelta:
    """How long to wait after the first, second, … attempt."""
    return RETRY_DELAYS[min(attempt, len(RETRY_DELAYS)) - 1]
