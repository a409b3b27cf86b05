"""Every error of the learning service.

Forbidden         ├── NotEnrolled             403  not-enrolled
                  ├── OwnWork                 403  own-work
                  ├── ModuleLocked            403  module-locked          prerequisites: [title]
                  ├── ModuleNotYetOpen        403  module-not-yet-open    opens_at
                  ├── ItemNotYetOpen          403  item-not-yet-open      opens_at
                  ├── CoursesMissing          403  courses-missing        courses: [{title, href}]
                  ├── EnrolmentClosed         403  enrolment-closed
                  ├── EnrolmentHeld           403  enrolment-held
                  └── ReviewTooEarly          403  review-too-early
NotFound          └── CodeUnknown             404  code-unknown
Gone              ├── ContentArchived         410  content-archived
                  └── CodeUnusable            410  code-unusable
Conflict          ├── AnalysisChanged         409  analysis-changed       revision
                  ├── AttemptAlreadySubmitted 409  attempt-already-submitted
                  ├── AttemptExpired          409  attempt-expired
                  ├── AttemptSavedElsewhere   409  attempt-saved-elsewhere  revision
                  ├── AttemptsUsedUp          409  attempt-limit-reached  attempt_limit
                  ├── CohortClosed            409  cohort-closed
                  ├── ContentChangedElsewhere 409  content-changed-elsewhere  revision
                  ├── CourseHasLearners       409  course-has-learners
                  ├── DraftConflict           409  draft-conflict         draft
                  ├── ImportNotReady          409  import-not-ready
                  ├── GradingStale            409  grading-stale          grading_id
                  ├── ItemClosed              409  item-closed            closed_at
                  ├── HintOutOfOrder          409  hint-out-of-order
                  ├── PastDue                 409  past-due               due_at
                  ├── NothingToRun            409  nothing-to-run
                  ├── ParentDeleted           409  parent-deleted
                  ├── RegradeClosed           409  regrade-closed         regrade_status
                  ├── RequestRefused          409  request-refused
                  ├── RubricChanged           409  rubric-changed
                  ├── RegradeNotReady         409  regrade-not-ready
                  ├── RegradeStale            409  regrade-stale
                  ├── SlugTaken               409  slug-taken
                  ├── WorkClaimed             409  work-claimed
                  └── WorkUnfinished          409  work-unfinished
PayloadTooLarge   └── CodeTooLarge            413  code-too-large         limit_bytes
ValidationFailed  ├── AnswersNotAccepted      422  answers-not-accepted   errors
                  ├── IdempotencyKeyReused    422  idempotency-key-reused
                  ├── NotAnalysable           422  not-analysable
                  ├── NotHandedInSo           422  not-handed-in-so
                  ├── NotRunnable             422  not-runnable
                  ├── NotReady                422  not-ready              missing: [text]
                  └── PrerequisiteRefused     422  prerequisite-refused
TooManyRequests   ├── TooManyAnalyses         429  too-many-analyses      retry_after: seconds
                  └── TooManyUnfinished       429  too-many-submissions   retry_after: seconds
"""

from codezest.services.learning.errors.content import (
    ContentArchived,
    ContentChangedElsewhere,
    CourseHasLearners,
    ImportNotReady,
    ItemNotYetOpen,
    ModuleLocked,
    ModuleNotYetOpen,
    NotReady,
    ParentDeleted,
    PrerequisiteRefused,
    SlugTaken,
)
from codezest.services.learning.errors.enrolling import (
    CodeUnknown,
    CodeUnusable,
    CohortClosed,
    CoursesMissing,
    EnrolmentClosed,
    EnrolmentHeld,
    NotEnrolled,
    ReviewTooEarly,
)
from codezest.services.learning.errors.grading import (
    AnalysisChanged,
    GradingStale,
    NotAnalysable,
    OwnWork,
    RegradeClosed,
    RegradeNotReady,
    RegradeStale,
    RequestRefused,
    RubricChanged,
    TooManyAnalyses,
    WorkClaimed,
    WorkUnfinished,
)
from codezest.services.learning.errors.work import (
    AnswersNotAccepted,
    AttemptAlreadySubmitted,
    AttemptExpired,
    AttemptSavedElsewhere,
    AttemptsUsedUp,
    CodeTooLarge,
    DraftConflict,
    HintOutOfOrder,
    IdempotencyKeyReused,
    ItemClosed,
    NotHandedInSo,
    NothingToRun,
    NotRunnable,
    PastDue,
    TooManyUnfinished,
)

__all__ = [
    "AnalysisChanged",
    "AnswersNotAccepted",
    "AttemptAlreadySubmitted",
    "AttemptExpired",
    "AttemptSavedElsewhere",
    "AttemptsUsedUp",
    "CodeTooLarge",
    "CodeUnknown",
    "CodeUnusable",
    "CohortClosed",
    "ContentArchived",
    "ContentChangedElsewhere",
    "CourseHasLearners",
    "CoursesMissing",
    "DraftConflict",
    "EnrolmentClosed",
    "EnrolmentHeld",
    "GradingStale",
    "HintOutOfOrder",
    "IdempotencyKeyReused",
    "ImportNotReady",
    "ItemClosed",
    "ItemNotYetOpen",
    "ModuleLocked",
    "ModuleNotYetOpen",
    "NotAnalysable",
    "NotEnrolled",
    "NotHandedInSo",
    "NotReady",
    "NotRunnable",
    "NothingToRun",
    "OwnWork",
    "ParentDeleted",
    "PastDue",
    "PrerequisiteRefused",
    "RegradeClosed",
    "RegradeNotReady",
    "RegradeStale",
    "RequestRefused",
    "ReviewTooEarly",
    "RubricChanged",
    "SlugTaken",
    "TooManyAnalyses",
    "TooManyUnfinished",
    "WorkClaimed",
    "WorkUnfinished",
]
