"""A real grader, and a short way to grade with it."""

from fixtures.graders import grade_by, grader

__all__ = ["grade_by", "grader"]
