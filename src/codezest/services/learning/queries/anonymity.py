"""What those who grade may know of whose work it is, as SQL that every statement about work can carry.

Where an assignment hides names, a learner's work has no name from when it is handed in until its grade is released, and
nothing leads from the one to the other: no id of the account, no name that the learner gave to a file. While another attempt
of the same learner waits or is held, those released before are without a name again, since they are listed beside it.
"""
# ruff: noqa: S608 - statements are put together from constants of this package, never from input

from codezest.kit.i18n import gettext as _


def hidden(submission: str = "s", assignment: str = "i") -> str:
    """Whether the learner of a submission has no name for those who grade; the names are those of the rows."""
    return f"""({assignment}.anonymous_grading AND (NOT EXISTS (
            SELECT FROM learning.hand_gradings own
            WHERE own.submission_id = {submission}.id AND own.released_grading_id IS NOT NULL)
        OR EXISTS (
            SELECT FROM learning.hand_gradings another
            WHERE another.assignment_id = {assignment}.id AND another.user_id = {submission}.user_id
              AND another.released_grading_id IS NULL AND another.state IN ('WAITING', 'HELD'))))"""


HIDDEN = hidden()
"""Of submission `s` of assignment `i`."""

LEARNER = f"""json_build_object('hidden', {HIDDEN}, 'number', h.learner_number,
        'name', CASE WHEN NOT {HIDDEN} THEN learner.display_name END,
        'user_id', CASE WHEN NOT {HIDDEN} THEN s.user_id END)"""
"""A `LearnerOfWork` of submission `s` of assignment `i`, with its `h` (may be null) and `learner`, a public user."""

FILE_NAME = f"""CASE WHEN s.user_id IS DISTINCT FROM $2 AND {hidden(assignment="of_file")}
        THEN 'file-' || f.position + 1 || coalesce(lower(substring(f.name FROM '\\.[A-Za-z0-9]{{1,8}}$')), '') ELSE f.name END"""
"""What file `f` of submission `s` of assignment `of_file` is called for the caller, `$2`: learners write names into names."""


def pseudonym(number: int | None) -> str:
    """What a learner is called where names are hidden."""
    return _("A learner") if number is None else _("Learner %(number)s") % {"number": number}
