"""Whether the process lives, whether it can serve, and what it has counted."""

import hmac

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from prometheus_client import CONTENT_TYPE_LATEST, Gauge, generate_latest

from codezest.kit.context import Context
from codezest.kit.database import CONNECTION_ERRORS
from codezest.kit.errors import Forbidden
from codezest.kit.outbox import COUNTED, backlog

router = APIRouter(include_in_schema=False)

EVENTS = Gauge(
    "codezest_background_events",
    f"Events by state: waiting to be relayed, or given up until an operator acts. Counted up to {COUNTED}.",
    ["state"],
)
FAILED_JOBS = Gauge("codezest_background_failed_jobs", f"Jobs that failed too often. Counted up to {COUNTED}.")

LOOPBACK = frozenset({"127.0.0.1", "::1"})


@router.get("/healthz")
async def alive() -> JSONResponse:
    """The process answers."""
    return JSONResponse({"status": "ok"})


@router.get("/readyz")
async def ready(context: Context) -> JSONResponse:
    """The process answers and reaches its database."""
    try:
        await context.database.pool("learning").fetchval("SELECT 1", timeout=3)
    except CONNECTION_ERRORS:
        return JSONResponse({"status": "database unreachable"}, 503)
    return JSONResponse({"status": "ok"})


@router.get("/metrics")
async def metrics(request: Request, context: Context) -> Response:
    """Prometheus text, for holders of the token or for this machine."""
    token = context.settings.metrics_token
    if token:
        allowed = hmac.compare_digest(request.headers.get("authorization", "").encode(), f"Bearer {token}".encode())
    else:
        # What a proxy on this machine passes on comes from elsewhere, whether or not the proxy is a trusted one.
        allowed = context.client_address in LOOPBACK and "x-forwarded-for" not in request.headers
    if not allowed:
        raise Forbidden
    try:
        found = await backlog(context.database.pool("ops"))
    except CONNECTION_ERRORS:  # what this process has counted is worth telling all the more
        EVENTS.clear()
        FAILED_JOBS.set(float("nan"))
    else:
        EVENTS.labels("waiting").set(found.waiting)
        EVENTS.labels("given_up").set(found.given_up)
        FAILED_JOBS.set(found.failed_jobs)
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
