"""The whole API under generated input, as everybody in turn: never a 5xx, always what the OpenAPI document promises."""

import re
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import (
    content_type_conformance,
    not_a_server_error,
    response_schema_conformance,
    status_code_conformance,
)
from schemathesis.generation.feedback import FeedbackSources
from schemathesis.pytest._test_builder import build_operation_test  # what its own plug-in calls

from codezest.gateway.app import Application
from codezest.kit.settings import Settings
from fixtures.product import Product
from gateway.authorization.tables import TABLE

pytestmark = pytest.mark.slow

ACCOUNTS = ("student", "instructor", "admin")
PASSWORD = "learn-by-doing-42"
ENDS_SESSIONS = re.compile(r".*/(auth/logout|me/password|auth/reset-password)$")
OPERATIONS = [(method, path) for method, path in TABLE if not ENDS_SESSIONS.match(path)]
Schema = Any  # of OpenAPI; its own type is not exported


@pytest.fixture(scope="module")
def schema() -> Schema:
    """Made here: the plug-in would generate the input for every operation in every process that looks for tests."""
    document = Application(Settings(), "postgresql://unused").app.openapi()
    return schemathesis.openapi.from_dict(document)


@pytest.fixture(scope="session")
def tokens(served: Product) -> dict[str, str]:
    """A session of each demo account, and of nobody."""
    found = {"nobody": ""}
    for account in ACCOUNTS:
        answer = httpx.post(
            f"{served.url}/api/v1/auth/login", json={"email": f"{account}@codezest.example", "password": PASSWORD}
        )
        answer.raise_for_status()
        found[account] = answer.json()["token"]
    return found


@settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
)
def send_as_everybody(case: schemathesis.Case[Any], served: Product, tokens: dict[str, str]) -> None:
    if case.path.endswith("/events"):
        case.headers["Accept"] = "text/event-stream"
    for token in tokens.values():
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        case.call_and_validate(
            base_url=served.url,
            headers=headers,
            timeout=20,
            checks=[
                not_a_server_error,
                status_code_conformance,
                content_type_conformance,
                response_schema_conformance,
            ],
        )


@pytest.mark.parametrize(("method", "path"), OPERATIONS, ids=map(" ".join, OPERATIONS))
def test_no_input_breaks_an_operation(
    schema: Schema, served: Product, tokens: dict[str, str], method: str, path: str
) -> None:
    run = build_operation_test(
        config=schema.config,
        operation=schema[f"/api/v1{path}"][method],
        test_func=send_as_everybody,
        given_kwargs={},
        feedback=FeedbackSources(),
    )
    run(served=served, tokens=tokens)
