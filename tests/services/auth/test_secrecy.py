"""Nothing secret reaches the log, whatever happens."""

import io
import logging

import httpx
import pytest
import structlog

from codezest.kit.logs import configure_logging
from services.auth.world import API, World, bearer, new_email

OLD, NEW, WRONG = "first secret phrase", "second secret phrase", "guessed secret phrase"


@pytest.mark.parametrize("log_format", ["json", "text"])
async def test_no_password_token_or_hash_is_logged(
    client: httpx.AsyncClient, world: World, monkeypatch: pytest.MonkeyPatch, log_format: str
) -> None:
    written = io.StringIO()
    monkeypatch.setattr("codezest.gateway.edge.log", structlog.get_logger("edge"))  # the cached one goes with the test
    root = logging.getLogger()
    handlers, level, configuration = root.handlers[:], root.level, structlog.get_config()
    try:
        configure_logging(world.settings.model_copy(update={"log_level": "debug", "log_format": log_format}))
        handler = root.handlers[0]
        assert isinstance(handler, logging.StreamHandler)
        handler.setStream(written)
        secrets = await _live_through_everything(client, world, monkeypatch)
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
        structlog.configure(**configuration)
    log = written.getvalue()
    assert "request_failed" in log, "the failure that was provoked is logged"
    for secret in (OLD, NEW, WRONG, "$argon2id$", *secrets):
        assert secret not in log


async def _live_through_everything(
    client: httpx.AsyncClient, world: World, monkeypatch: pytest.MonkeyPatch
) -> list[str]:
    """Every way in, right and wrong, and a bug; returns the tokens that were handed out."""
    email = new_email()
    await world.register(client, email, OLD)
    await world.deliver()
    verification = world.token(email)
    await client.post(f"{API}/auth/login", json={"email": email, "password": WRONG})
    await client.post(f"{API}/auth/login", json={"email": email, "password": WRONG, "extra": 1})
    await client.post(f"{API}/auth/verify-email", json={"token": verification})
    token = await world.log_in(client, email, OLD)
    change = {"current_password": WRONG, "new_password": NEW}
    await client.post(f"{API}/me/password", json=change, headers=bearer(token))
    await client.post(f"{API}/auth/forgot-password", json={"email": email})
    await world.deliver()
    reset = world.token(email)
    await client.post(f"{API}/auth/reset-password", json={"token": reset, "password": NEW})

    async def broken(*_: object, **__: object) -> str:
        raise RuntimeError("a bug while hashing")

    monkeypatch.setattr("codezest.services.auth.actions.register.hash_password", broken)
    body = {"email": new_email(), "password": OLD, "first_name": "A"}
    assert (await client.post(f"{API}/auth/register", json=body)).status_code == 500
    return [verification, token, reset]
