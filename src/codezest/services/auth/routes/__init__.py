"""The JSON endpoints of the service auth."""

from fastapi import APIRouter

from codezest.services.auth.routes import (
    access,
    administration,
    avatar,
    data,
    me,
    people,
    sessions,
    sign_in,
    tokens,
    users,
    ways_in,
)

router = APIRouter()
for part in (access, administration, avatar, data, me, people, sessions, sign_in, tokens, users, ways_in):
    router.include_router(part.router)
