"""Moving an account to another address: confirmed by the new one, taken back by the former one."""

import asyncio

import httpx
import pytest

from codezest.gateway.app import Application
from services.auth.browser import logged_in
from services.auth.world import API, PASSWORD, World, bearer, csrf_token, new_email, problem

ME = f"{API}/me"
CONFIRM = f"{API}/auth/confirm-email-change"
UNDO = f"{API}/auth/undo-email-change"


async def _ask(client: httpx.AsyncClient, token: str, new: str, password: str | None = PASSWORD) -> httpx.Response:
    body = {"new_email": new, "current_password": password}
    return await client.post(f"{ME}/email", json=body, headers=bearer(token))


async def _email(client: httpx.AsyncClient, token: str) -> str:
    return str((await client.get(ME, headers=bearer(token))).json()["email"])


async def _moved(client: httpx.AsyncClient, world: World) -> tuple[str, str, str]:
    """The former and the new address of an account that was moved, and the token of one of its sessions."""
    old, new = await world.account(), new_email("new")
    token = await world.log_in(client, old)
    assert (await _ask(client, token, new)).status_code == 202
    await world.deliver()
    assert (await client.post(CONFIRM, json={"token": world.token(new)})).status_code == 200
    await world.deliver()
    return old, new, token


async def test_the_former_address_stays_until_the_new_one_is_confirmed(client: httpx.AsyncClient, world: World) -> None:
    old, new = await world.account(), new_email("new")
    token = await world.log_in(client, old)
    answer = await _ask(client, token, new)
    assert (answer.status_code, answer.json()["email"]) == (202, new)
    await world.deliver()
    assert await _email(client, token) == old
    assert not world.letters(old)
    assert "/change-email?token=" in world.letters(new)[0].text
    confirmed = await client.post(CONFIRM, json={"token": world.token(new)})
    assert confirmed.json() == {"email": new}
    assert await _email(client, token) == new
    await world.log_in(client, new)
    refused = await client.post(f"{API}/auth/login", json={"email": old, "password": PASSWORD})
    assert refused.status_code == 401
    problem(await client.post(CONFIRM, json={"token": world.token(new)}), 410, "change-link-used")
    await world.deliver()
    assert "/undo-email-change?token=" in world.letters(old)[0].text
    assert "auth.email_changed" in await world.events(new)


async def test_the_former_address_takes_it_back_and_everybody_is_out(client: httpx.AsyncClient, world: World) -> None:
    old, new, token = await _moved(client, world)
    made = await client.post(f"{ME}/tokens", json={"name": "x", "scopes": ["read"]}, headers=bearer(token))
    undone = await client.post(UNDO, json={"token": world.token(old)})
    assert undone.json() == {"email": old}
    assert (await client.get(ME, headers=bearer(token))).status_code == 401
    assert (await client.get(ME, headers=bearer(made.json()["token"]))).status_code == 401
    for address in (old, new):  # whoever moved it knew the password
        assert (
            await client.post(f"{API}/auth/login", json={"email": address, "password": PASSWORD})
        ).status_code == 401
    problem(await client.post(UNDO, json={"token": world.token(old)}), 410, "change-link-used")


async def test_taking_back_the_first_of_two_changes_takes_back_both(client: httpx.AsyncClient, world: World) -> None:
    first, second, token = await _moved(client, world)
    third = new_email("third")
    await _ask(client, token, third)
    await world.deliver()
    await client.post(CONFIRM, json={"token": world.token(third)})
    await world.deliver()
    later = world.token(second)  # whoever holds the second address could bring it back with this
    assert (await client.post(UNDO, json={"token": world.token(first)})).json() == {"email": first}
    problem(await client.post(UNDO, json={"token": later}), 410, "change-link-used")
    left = await world.owner.fetchval(
        "SELECT count(*) FROM auth.users WHERE email = ANY($1::citext[])", [first, second, third]
    )
    assert left == 1


async def test_of_two_requests_the_later_counts(client: httpx.AsyncClient, world: World) -> None:
    old, one, two = await world.account(), new_email("one"), new_email("two")
    token = await world.log_in(client, old)
    await _ask(client, token, one)
    await world.deliver()
    await _ask(client, token, two)
    await world.deliver()
    problem(await client.post(CONFIRM, json={"token": world.token(one)}), 410, "change-link-used")
    assert (await client.post(CONFIRM, json={"token": world.token(two)})).status_code == 200
    assert await _email(client, token) == two


async def test_a_link_opened_twice_at_once_moves_the_account_once(client: httpx.AsyncClient, world: World) -> None:
    old, new = await world.account(), new_email("new")
    await _ask(client, await world.log_in(client, old), new)
    await world.deliver()
    link = {"token": world.token(new)}
    answers = await asyncio.gather(*(client.post(CONFIRM, json=link) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [200, 410, 410, 410]


async def test_two_accounts_that_want_one_address_do_not_both_get_it(client: httpx.AsyncClient, world: World) -> None:
    new = new_email("wanted")
    links: list[str] = []
    for _ in range(2):
        token = await world.log_in(client, await world.account())
        await _ask(client, token, new)
        await world.deliver()
        links.append(world.token(new))
    answers = await asyncio.gather(*(client.post(CONFIRM, json={"token": link}) for link in links))
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    problem(next(answer for answer in answers if answer.status_code == 409), 409, "email-taken")


async def test_an_address_with_an_account_is_not_told_apart_and_its_owner_learns_of_it(
    client: httpx.AsyncClient, world: World
) -> None:
    taken, old = await world.account(), await world.account()
    token = await world.log_in(client, old)
    free = await _ask(client, token, new_email())
    asked = await _ask(client, token, taken)
    assert (asked.status_code, asked.json()["message"]) == (free.status_code, free.json()["message"])
    await world.deliver()
    assert world.letters(taken)[0].subject == "This address has an account already"
    assert "token=" not in world.letters(taken)[0].text


async def test_an_address_taken_meanwhile_is_refused(client: httpx.AsyncClient, world: World) -> None:
    old, new = await world.account(), new_email("new")
    token = await world.log_in(client, old)
    await _ask(client, token, new)
    await world.deliver()
    await world.account(email=new)
    problem(await client.post(CONFIRM, json={"token": world.token(new)}), 409, "email-taken")
    assert await _email(client, token) == old


async def test_a_registration_that_nobody_confirmed_holds_no_address(client: httpx.AsyncClient, world: World) -> None:
    old, new = await world.account(), new_email("new")
    await world.register(client, new)
    await world.waiting()
    token = await world.log_in(client, old)
    await _ask(client, token, new)
    await world.deliver()
    assert (await client.post(CONFIRM, json={"token": world.token(new)})).status_code == 200
    assert await _email(client, token) == new


async def test_the_former_address_cannot_be_had_back_from_another_account(
    client: httpx.AsyncClient, world: World
) -> None:
    old, new, token = await _moved(client, world)
    await world.account(email=old)
    problem(await client.post(UNDO, json={"token": world.token(old)}), 409, "email-taken")
    assert await _email(client, token) == new


@pytest.mark.parametrize("password", ["not the password", "", None])
async def test_only_the_password_opens_it(client: httpx.AsyncClient, world: World, password: str | None) -> None:
    old = await world.account()
    token = await world.log_in(client, old)
    problem(await _ask(client, token, new_email(), password), 422, "current-password-wrong")
    assert not await world.waiting()


async def test_guesses_lock_the_password_out(client: httpx.AsyncClient, world: World) -> None:
    token = await world.log_in(client, await world.account())
    for _ in range(5):
        await _ask(client, token, new_email(), "not the password")
    problem(await _ask(client, token, new_email()), 429, "login-locked")


async def test_what_is_no_change_is_refused(client: httpx.AsyncClient, world: World) -> None:
    old = await world.account()
    token = await world.log_in(client, old)
    problem(await _ask(client, token, old.upper()), 422, "validation-failed")
    problem(await _ask(client, token, "nothing"), 422, "validation-failed")


async def test_one_address_gets_few_letters(client: httpx.AsyncClient, world: World) -> None:
    token = await world.log_in(client, await world.account())
    target = new_email()
    for _ in range(5):
        assert (await _ask(client, token, target)).status_code == 202
    problem(await _ask(client, token, target), 429, "too-many-mails")


@pytest.mark.parametrize("path", [CONFIRM, UNDO])
async def test_false_and_expired_links_do_nothing(client: httpx.AsyncClient, world: World, path: str) -> None:
    problem(await client.post(path, json={"token": "cze_" + "x" * 43}), 400, "change-link-invalid")
    old, new = await world.account(), new_email("new")
    await _ask(client, await world.log_in(client, old), new)
    await world.deliver()
    link = world.token(new)
    if path == UNDO:
        await client.post(CONFIRM, json={"token": link})
        await world.deliver()
        link = world.token(old)
    await world.owner.execute(
        """UPDATE auth.email_changes SET created_at = created_at - interval '9 days', expires_at = expires_at - interval '9 days',
           undo_expires_at = undo_expires_at - interval '9 days' WHERE new_email = $1""",
        new,
    )
    problem(await client.post(path, json={"token": link}), 410, "change-link-expired")


async def test_the_pages_work_without_scripts(application: Application, world: World) -> None:
    old, new = await world.account(), new_email("new")
    async with logged_in(application, world, old) as browser:
        wrong = await browser.send("/account/email", "/account/email", new_email=new, current_password="wrong")
        assert wrong.status_code == 422
        assert f'value="{new}"' in wrong.text
        assert wrong.text.count("This is not your current password.") == 2
        sent = await browser.send("/account/email", "/account/email", new_email=new, current_password=PASSWORD)
        assert sent.status_code == 303
        page = await browser.open("/account/email")
        assert f"{new} waits for its confirmation" in page.text
        await world.deliver()
        await browser.open(f"/change-email?token={world.token(new)}")  # a mail scanner, which changes nothing
        shown = await browser.open(f"/change-email?token={world.token(new)}")
        assert shown.status_code == 200
        assert old in shown.text
        assert new in shown.text
        fields = {"csrf_token": csrf_token(shown), "token": world.token(new)}
        assert (await browser.client.post("/change-email", data=fields)).headers["location"] == "/account/email"
        assert (await browser.open(f"/change-email?token={world.token(new)}")).status_code == 410
        await world.deliver()
        undo = await browser.open(f"/undo-email-change?token={world.token(old)}")
        assert old in undo.text
        fields = {"csrf_token": csrf_token(undo), "token": world.token(old)}
        assert (await browser.client.post("/undo-email-change", data=fields)).headers["location"] == "/forgot-password"
        assert (await browser.open("/account")).status_code == 303
        assert (await browser.open("/change-email")).status_code == 400
        assert (
            await browser.client.post("/change-email", data={"csrf_token": fields["csrf_token"]})
        ).status_code == 400
