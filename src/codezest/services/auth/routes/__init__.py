"""The JSON endpoints of the service auth."""

from fastapi import APIRouter

from codezest.services.auth.routes import access, me, sessions, users

router = APIRouter()
for part in (access, me, sessions, users):
    router.include_router(part.router)
