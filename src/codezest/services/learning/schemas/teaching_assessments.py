"""Assignments, quizzes and questions as the studio's editors show them."""

from codezest.services.learning.schemas.authored import AuthoredAssignment, AuthoredQuestion, AuthoredQuiz


class StudioAssignment(AuthoredAssignment):
    module_title: str
    rubric_title: str | None


class StudioQuiz(AuthoredQuiz):
    module_title: str


class StudioQuestion(AuthoredQuestion):
    quiz_title: str | None
    quiz_status: str | None
