"""When a module opens to a learner, as SQL over `m` (the module) and `e` (the learner's enrollment, may be null).

A module opens once all of these are over: the beginning of the learner's course (`e.begins_at`: their cohort's start, or when
they enrolled), the module's own date, and its number of days after that beginning. A day is 24 hours, so that a cohort gets
in at one and the same moment wherever its learners are, and no change of clocks moves it.
"""

OPENS_AT = "greatest(e.begins_at, m.opens_at, e.begins_at + make_interval(hours => 24 * m.opens_after_days))"
"""Null where nothing is to be waited for. Of who is not enrolled, only the module's own date is known."""

NOT_YET = f"coalesce({OPENS_AT} > now(), false)"
