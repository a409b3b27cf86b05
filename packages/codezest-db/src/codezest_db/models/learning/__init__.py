"""Schema `learning`: what is taught, and what each learner did with it."""

from codezest_db.models.learning.accommodations import Accommodation
from codezest_db.models.learning.analysing import ModelCall, SubmissionFailure
from codezest_db.models.learning.analysis import CourseReview, Grading, QuizAnalysis, SubmissionAnalysis
from codezest_db.models.learning.assessments import Assignment, AssignmentTest, Option, Question, Quiz
from codezest_db.models.learning.bank import AnswerMark, QuestionSnapshot
from codezest_db.models.learning.catalog import Course, Material, Module, ModulePrerequisite, ProgrammingLanguage
from codezest_db.models.learning.deleted import DeletedContent
from codezest_db.models.learning.desk import Draft, EarnedBadge, RevealedHint, StudyDay
from codezest_db.models.learning.enrolling import (
    Cohort,
    CoursePrerequisite,
    EnrollmentCode,
    EnrollmentInvitation,
    ReviewReport,
)
from codezest_db.models.learning.gradebook import Gradebook, GradeCategory, GradeColumn, GradeEntry
from codezest_db.models.learning.hand_grading import (
    GradingClaim,
    HandGrading,
    HandInFile,
    LineComment,
    RegradeRequest,
    Rubric,
)
from codezest_db.models.learning.imports import Import
from codezest_db.models.learning.progress import Enrollment, MaterialProgress, ModuleProgress
from codezest_db.models.learning.question_runs import QuestionRun
from codezest_db.models.learning.receipts import Receipt, ReceiptKey
from codezest_db.models.learning.regrade import (
    FormerGrading,
    GradingSpecification,
    Regrade,
    RegradeLearner,
    RegradeResult,
)
from codezest_db.models.learning.search import SearchEntry
from codezest_db.models.learning.staff import CourseStaff
from codezest_db.models.learning.trials import Trial
from codezest_db.models.learning.uploads import Upload
from codezest_db.models.learning.versions import Version, VersionDue
from codezest_db.models.learning.work import QuizAnswer, QuizAttempt, Submission, SubmissionTestResult

__all__ = [
    "Accommodation",
    "AnswerMark",
    "Assignment",
    "AssignmentTest",
    "Cohort",
    "Course",
    "CoursePrerequisite",
    "CourseReview",
    "CourseStaff",
    "DeletedContent",
    "Draft",
    "EarnedBadge",
    "Enrollment",
    "EnrollmentCode",
    "EnrollmentInvitation",
    "FormerGrading",
    "GradeCategory",
    "GradeColumn",
    "GradeEntry",
    "Gradebook",
    "Grading",
    "GradingClaim",
    "GradingSpecification",
    "HandGrading",
    "HandInFile",
    "Import",
    "LineComment",
    "Material",
    "MaterialProgress",
    "ModelCall",
    "Module",
    "ModulePrerequisite",
    "ModuleProgress",
    "Option",
    "ProgrammingLanguage",
    "Question",
    "QuestionRun",
    "QuestionSnapshot",
    "Quiz",
    "QuizAnalysis",
    "QuizAnswer",
    "QuizAttempt",
    "Receipt",
    "ReceiptKey",
    "Regrade",
    "RegradeLearner",
    "RegradeRequest",
    "RegradeResult",
    "RevealedHint",
    "ReviewReport",
    "Rubric",
    "SearchEntry",
    "StudyDay",
    "Submission",
    "SubmissionAnalysis",
    "SubmissionFailure",
    "SubmissionTestResult",
    "Trial",
    "Upload",
    "Version",
    "VersionDue",
]
