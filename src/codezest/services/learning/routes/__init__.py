"""The learning API, mounted under /api/v1."""

from fastapi import APIRouter

from codezest.services.learning.routes import (
    authoring,
    authoring_items,
    authoring_questions,
    catalog,
    courses,
    drafts,
    items,
    progress,
    quizzes,
    regrades,
    search,
    submissions,
)

router = APIRouter()
for part in (catalog, courses, search, items, drafts, submissions, regrades, quizzes, progress):
    router.include_router(part.router, tags=["learning"])
for part in (authoring, authoring_items, authoring_questions):
    router.include_router(part.router)
router.include_router(regrades.authoring)
