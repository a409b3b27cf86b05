"""How a row of a table is written: the answers that each caller may get, in the order of `CALLERS`."""

API = "/api/v1"
CALLERS = ("anonymous", "student", "other student", "instructor", "other instructor", "admin")

OK = frozenset({200, 201, 202, 204})
UNKNOWN = frozenset({401})
NO = frozenset({403})
HIDDEN = frozenset({404})
REFUSED = NO | HIDDEN

Row = tuple[frozenset[int], ...]
EVERYBODY: Row = (OK,) * 6
SIGNED_IN: Row = (UNKNOWN, OK, OK, OK, OK, OK)
LEARNER: Row = (UNKNOWN, OK, NO, OK, NO, OK)
"""Enrolled learners and the staff of the course."""
OWNER_OR_STAFF: Row = (UNKNOWN, OK, HIDDEN, OK, HIDDEN, OK)
OWNER: Row = (UNKNOWN, OK, HIDDEN, HIDDEN, HIDDEN, HIDDEN)
OWNER_OR_ADMINISTRATOR: Row = (UNKNOWN, OK, HIDDEN, HIDDEN, HIDDEN, OK)
TEACHERS: Row = (UNKNOWN, NO, NO, OK, OK, OK)
"""Whoever may teach at all."""
AUTHOR: Row = (UNKNOWN, REFUSED, REFUSED, OK, REFUSED, OK)
"""The instructor of the course and administrators."""
ADMINISTRATOR: Row = (UNKNOWN, NO, NO, NO, NO, OK)
NEEDS_PROOF: Row = (UNKNOWN, *(NO,) * 5)
"""Signed in is not enough: these sessions have proved nothing lately."""
STAFF: Row = (UNKNOWN, HIDDEN, HIDDEN, OK, HIDDEN, OK)
"""Who teaches in the course, with the permission that it takes; tests of each role stand beside what they may do."""
OPEN: Row = (frozenset(range(200, 500)),) * 6
"""Decided by what is sent (a password, a token), not by who sends it; never a failure of ours."""
