"""Errors as answers: problem+json (RFC 9457) for the API, a page for a browser."""

import json
from http import HTTPStatus
from typing import Any, cast

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from codezest.kit.context import RequestContext, context_of
from codezest.kit.database import DATABASE_ERRORS, is_outage
from codezest.kit.errors import PROBLEM_TYPE, AppError, Unavailable, ValidationFailed
from codezest.kit.i18n import gettext as _

PROBLEM_JSON = "application/problem+json"

RETRY_SECONDS = 5

log = structlog.get_logger(__name__)


class DatabaseUnavailable(Unavailable):
    """What nobody but an operator can help, and mostly passes by itself."""

    code = "database-unavailable"
    title = "The database does not answer right now"
    default_detail = "Nothing of what you sent was half-saved; please try again in a few seconds."

    def __init__(self) -> None:
        super().__init__(retry_after=RETRY_SECONDS)

    @property
    def headers(self) -> dict[str, str]:
        return {"Retry-After": str(RETRY_SECONDS)}


def wants_json(path: str) -> bool:
    """Whether a request to this path is answered in JSON even when it fails."""
    return path.startswith(("/api/", "/health", "/ready", "/metrics"))


def problem_response(body: dict[str, Any], headers: dict[str, str] | None = None) -> Response:
    """The problem as a response of its own status."""
    return Response(json.dumps(body, default=str), int(body["status"]), headers=headers or {}, media_type=PROBLEM_JSON)


def _answer(context: RequestContext, body: dict[str, Any], headers: dict[str, str]) -> Response:
    if wants_json(context.path):
        return problem_response(body, headers)
    # An exchange puts its answer into a page that stands already, so it gets a note in place of a page.
    template = "problem.html" if context.partial else "error.html"
    response = context.page(template, status=int(body["status"]), problem=body)
    response.headers.update(headers)
    return response


def app_error_response(context: RequestContext, error: AppError) -> Response:
    """The answer to an error of our own tree."""
    return _answer(context, error.problem(f"urn:uuid:{context.request_id}"), error.headers)


def unexpected_response(context: RequestContext) -> Response:
    """The answer to a bug: says nothing of its cause, names the request for the log."""
    body = {
        "type": PROBLEM_TYPE + "internal",
        "title": _("Something went wrong on our side"),
        "status": 500,
        "detail": _("The error is recorded. Nothing of what you sent was half-saved; please try again."),
        "instance": f"urn:uuid:{context.request_id}",
    }
    return _answer(context, body, {})


def outage_response(context: RequestContext, error: Exception) -> Response:
    """The answer while the database is away; the log says what it said."""
    log.warning("database_unavailable", request_id=context.request_id, path=context.path, error=repr(error))
    return app_error_response(context, DatabaseUnavailable())


async def _app_error(request: Request, error: Exception) -> Response:
    return app_error_response(context_of(request.scope), cast("AppError", error))


async def _invalid(request: Request, error: Exception) -> Response:
    found = cast("RequestValidationError", error).errors()
    errors = [{"location": list(item["loc"]), "message": item["msg"], "kind": item["type"]} for item in found]
    detail = "; ".join(
        f"{'.'.join(str(part) for part in item['location'][1:]) or 'body'}: {item['message']}" for item in errors[:3]
    )
    return app_error_response(context_of(request.scope), ValidationFailed(detail, errors=errors))


async def _http_error(request: Request, error: Exception) -> Response:
    raised = cast("HTTPException", error)
    status = HTTPStatus(raised.status_code)
    body = {
        "type": PROBLEM_TYPE + status.phrase.lower().replace(" ", "-").replace("'", ""),
        "title": status.phrase,
        "status": raised.status_code,
        "instance": f"urn:uuid:{context_of(request.scope).request_id}",
    }
    if raised.detail and raised.detail != status.phrase:
        body["detail"] = str(raised.detail)
    return _answer(context_of(request.scope), body, dict(raised.headers or {}))


async def _database_error(request: Request, error: Exception) -> Response:
    if not is_outage(error):
        raise error
    return outage_response(context_of(request.scope), error)


async def _unexpected(request: Request, _error: Exception) -> Response:
    return unexpected_response(context_of(request.scope))


def install(app: FastAPI) -> None:
    """Register the handlers. An exception that is no answer of ours is a bug: answered here, logged by the edge."""
    app.add_exception_handler(AppError, _app_error)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http_error)
    for kind in DATABASE_ERRORS:
        app.add_exception_handler(kind, _database_error)
    app.add_exception_handler(Exception, _unexpected)
