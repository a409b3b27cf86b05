"""The whole API under generated input, as everybody in turn: never a 5xx, always what the OpenAPI document promises."""

import re
import zlib
from collections.abc import Iterator
from http.cookiejar import DefaultCookiePolicy
from typing import Any

import httpx
import pytest
import requests
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
MOST = {"maxLength": 300, "maxItems": 4, "maxProperties": 4}
"""What generated requests have at most: longer ones take seconds each to make, and the bounds have tests of their own."""
SCHEMAS = "#/components/schemas/"
Schema = Any  # of OpenAPI; its own type is not exported


@pytest.fixture(scope="module")
def schema() -> Schema:
    """Made here: the plug-in would generate the input for every operation in every process that looks for tests."""
    document = Application(Settings(), "postgresql://unused").app.openapi()
    shorten_requests(document)
    return schemathesis.openapi.from_dict(document)


def shorten_requests(document: dict[str, Any]) -> None:
    """Answers are held to the schemas as they are; requests get copies of them with lower bounds."""
    schemas: dict[str, Any] = document["components"]["schemas"]
    schemas |= {f"Asked{name}": _shortened(schema) for name, schema in schemas.items()}
    for operations in document["paths"].values():
        for operation in operations.values():
            if "requestBody" in operation:
                operation["requestBody"] = _shortened(operation["requestBody"])


def _shortened(node: Any) -> Any:
    if isinstance(node, str):
        return node.replace(SCHEMAS, f"{SCHEMAS}Asked")
    if isinstance(node, list):
        return [_shortened(each) for each in node]
    if not isinstance(node, dict):
        return node
    bounds = {
        bound: max(min(node[bound], most), node.get(bound.replace("max", "min"), 0))
        for bound, most in MOST.items()
        if isinstance(node.get(bound), int)
    }
    return {name: _shortened(value) for name, value in node.items()} | bounds


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


@pytest.fixture(scope="module")
def kept() -> Iterator[requests.Session]:
    """Connections that are kept, without cookies, so that each request is its caller's alone."""
    with requests.Session() as session:
        session.trust_env = False  # no proxy is looked for, request by request
        session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        yield session


@settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
)
def send(case: schemathesis.Case[Any], served: Product, tokens: dict[str, str], kept: requests.Session) -> None:
    """As one of the callers; which one depends on what is sent, so that the same request is sent by the same one again."""
    if case.path.endswith("/events"):
        case.headers["Accept"] = "text/event-stream"
    callers = list(tokens.values())
    sent = repr((case.method, case.path_parameters, case.query, case.body)).encode()
    token = callers[zlib.crc32(sent) % len(callers)]
    case.call_and_validate(
        base_url=served.url,
        session=kept,
        headers={"Authorization": f"Bearer {token}"} if token else {},
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
    schema: Schema, served: Product, tokens: dict[str, str], kept: requests.Session, *, method: str, path: str
) -> None:
    run = build_operation_test(
        config=schema.config,
        operation=schema[f"/api/v1{path}"][method],
        test_func=send,
        given_kwargs={},
        feedback=FeedbackSources(),
    )
    run(served=served, tokens=tokens, kept=kept)
