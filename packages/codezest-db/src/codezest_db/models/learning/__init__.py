"""Schema `learning`: what is taught, and what each learner did with it."""

from codezest_db.models.learning.analysis import CourseReview, Grading, QuizAnalysis, SubmissionAnalysis
from codezest_db.models.learning.assessments import Assignment, AssignmentTest, Option, Question, Quiz
from codezest_db.models.learning.catalog import Course, Material, Module, ModulePrerequisite, ProgrammingLanguage
from codezest_db.models.learning.desk import Draft, EarnedBadge, RevealedHint, StudyDay
from codezest_db.models.learning.progress import Enrollment, MaterialProgress, ModuleProgress
from codezest_db.models.learning.receipts import Receipt, ReceiptKey
from codezest_db.models.learning.regrade import (
    FormerGrading,
    GradingSpecification,
    Regrade,
    RegradeLearner,
    RegradeResult,
)
from codezest_db.models.learning.search import SearchEntry
from codezest_db.models.learning.work import QuizAnswer, QuizAttempt, Submission, SubmissionTestResult

__all__ = [
    "Assignment",
    "AssignmentTest",
    "Course",
    "CourseReview",
    "Draft",
    "EarnedBadge",
    "Enrollment",
    "FormerGrading",
    "Grading",
    "GradingSpecification",
    "Material",
    "MaterialProgress",
    "Module",
    "ModulePrerequisite",
    "ModuleProgress",
    "Option",
    "ProgrammingLanguage",
    "Question",
    "Quiz",
    "QuizAnalysis",
    "QuizAnswer",
    "QuizAttempt",
    "Receipt",
    "ReceiptKey",
    "Regrade",
    "RegradeLearner",
    "RegradeResult",
    "RevealedHint",
    "SearchEntry",
    "StudyDay",
    "Submission",
    "SubmissionAnalysis",
    "SubmissionTestResult",
]
