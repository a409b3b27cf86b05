"""How routes answer with what PostgreSQL has written as JSON."""

from fastapi import Response


def json_answer(body: str, *, status: int = 200) -> Response:
    """Ready JSON. The route's `response_model` says what it is; a test holds it to that."""
    return Response(body.encode(), status, media_type="application/json")
