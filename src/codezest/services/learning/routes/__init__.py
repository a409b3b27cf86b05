"""The learning API, mounted under /api/v1."""

from fastapi import APIRouter

from codezest.services.learning.routes import (
    authoring,
    authoring_items,
    authoring_questions,
    catalog,
    items,
    progress,
    quizzes,
    submissions,
)

router = APIRouter()
for part in (catalog, items, submissions, quizzes, progress):
    router.include_router(part.router, tags=["learning"])
for part in (authoring, authoring_items, authoring_questions):
    router.include_router(part.router)
