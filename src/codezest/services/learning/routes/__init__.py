"""The learning API, mounted under /api/v1."""

from fastapi import APIRouter

from codezest.services.learning.routes import (
    accommodations,
    administration,
    analysis,
    authoring,
    authoring_items,
    authoring_questions,
    bank,
    catalog,
    cohorts,
    courses,
    drafts,
    enrolling,
    exports,
    gradebook,
    hand_grading,
    hand_ins,
    imports,
    insights,
    items,
    progress,
    question_runs,
    quizzes,
    regrade_requests,
    regrades,
    reviews,
    rubrics,
    search,
    submissions,
    teaching,
    try_it,
    uploads,
    versions,
)

router = APIRouter()
for part in (catalog, courses, search, items, drafts, submissions, regrades, quizzes, progress):
    router.include_router(part.router, tags=["learning"])
for part in (authoring, authoring_items, authoring_questions):
    router.include_router(part.router)
router.include_router(regrades.authoring)
router.include_router(bank.router)
router.include_router(try_it.router)
router.include_router(question_runs.learning, tags=["learning"])
router.include_router(question_runs.authoring)
router.include_router(accommodations.router)
router.include_router(analysis.router, tags=["learning"])
router.include_router(hand_ins.router, tags=["learning"])
for part in (hand_grading, rubrics, regrade_requests):
    router.include_router(part.router)
for part in (enrolling.learning, gradebook.learning, reviews.router):
    router.include_router(part, tags=["learning"])
router.include_router(enrolling.router)
router.include_router(gradebook.router)
router.include_router(insights.router)
router.include_router(cohorts.router)
router.include_router(teaching.router)
router.include_router(uploads.router)
router.include_router(exports.router)
router.include_router(imports.router)
router.include_router(versions.router)
router.include_router(administration.router)
