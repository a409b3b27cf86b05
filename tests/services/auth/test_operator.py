"""What an operator does for somebody who cannot help themselves, and what somebody without a password is offered."""

import argparse
import asyncio

import httpx
import pytest

from codezest.cli.users import users
from codezest.gateway.app import Application
from services.auth.browser import logged_in
from services.auth.ways import acts, text_of, with_two_step
from services.auth.world import API, PASSWORD, World, bearer, new_email


def _asked(email: str) -> argparse.Namespace:
    return argparse.Namespace(action="reset-two-step", email=email)


async def test_an_operator_turns_the_second_step_off_and_the_owner_is_told(
    client: httpx.AsyncClient, world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    owner = await with_two_step(world, client)
    await world.deliver()
    # The command runs an event loop of its own, as it does in a terminal.
    assert await _in_thread(world, owner.email) == 0
    assert owner.email in capsys.readouterr().out
    assert (await client.get(f"{API}/me", headers=owner.headers)).status_code == 401
    await world.log_in(client, owner.email)  # no code is asked for
    assert await acts(world, owner.email) == ["two_step.enabled", "two_step.lifted"]
    await world.deliver()
    assert world.letters(owner.email)[0].subject == "Two-step login was turned off for you"
    left = await world.owner.fetchval(
        """SELECT count(*) FROM auth.recovery_codes r JOIN auth.users u ON u.id = r.user_id WHERE u.email = $1::citext""",
        owner.email,
    )
    assert left == 0


async def test_an_operators_mistake_changes_nothing(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    assert await _in_thread(world, new_email("nobody")) == 1
    assert "No such user" in capsys.readouterr().err
    email = await world.account()
    assert await _in_thread(world, email) == 1
    assert "Two-step login is not on" in capsys.readouterr().err
    assert await acts(world, email) == []


async def _in_thread(world: World, email: str) -> int:

    return await asyncio.to_thread(users, world.settings, _asked(email))


async def test_who_has_no_password_is_offered_one_by_mail(
    application: Application, client: httpx.AsyncClient, world: World
) -> None:
    email = await world.account()
    async with logged_in(application, world, email) as browser:
        assert "Current password" in text_of(await browser.open("/account/password"))
        await world.owner.execute("UPDATE auth.users SET password_hash = NULL WHERE email = $1::citext", email)
        page = await browser.open("/account/password")
        assert "no password" in text_of(page)
        assert 'name="current_password"' not in page.text
        sent = await browser.send("/forgot-password", "/account/password", email=email)
        assert sent.status_code == 303
    await world.deliver()
    body = {"token": world.token(email), "password": PASSWORD}
    assert (await client.post(f"{API}/auth/reset-password", json=body)).status_code == 204
    token = await world.log_in(client, email)
    assert (await client.get(f"{API}/me/ways-in", headers=bearer(token))).json()["password"]
