"""Who may review a course, as SQL over `c` (the course) and `e` (the caller's enrollment, may be null)."""

from codezest.services.learning.policies import ENROLLED, STAFF

MAY_REVIEW = f"""({ENROLLED} AND (e.completed_items > 0 OR e.first_completed_at IS NOT NULL) AND NOT {STAFF})"""
"""Learners who have completed at least one step: who has only looked at the outline has nothing to tell, and who teaches
the course is no judge of it."""
