"""Passkeys and two-step login in a real browser, with Chromium's virtual authenticator."""

import re
from typing import Any

import pytest
from playwright.async_api import CDPSession, Page, expect
from pyotp.totp import TOTP

from e2e.profiles import Profiles
from e2e.steps import log_in, sign_up

pytestmark = pytest.mark.browser

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


async def authenticator(page: Page, **differing: Any) -> tuple[CDPSession, str]:
    """Plug an authenticator into the page's browser."""
    session = await page.context.new_cdp_session(page)
    await session.send("WebAuthn.enable", {"enableUI": False})
    added = await session.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR | differing})
    return session, str(added["authenticatorId"])


async def log_out(page: Page) -> None:
    await page.get_by_role("banner").locator("summary").click()
    await page.get_by_role("button", name="Log out").click()
    await expect(page.get_by_text("You are logged out.")).to_be_visible()


async def add_passkey(page: Page, name: str) -> None:
    await page.goto("/account/passkeys")
    await page.get_by_label("Name of the new passkey").fill(name)
    await page.get_by_role("button", name="Add a passkey").click()


async def signed_up(page: Page) -> str:
    email = await sign_up(page)
    await log_in(page, email)
    await expect(page).to_have_url(re.compile("/dashboard"))
    return email


async def test_a_passkey_is_added_used_renamed_and_removed(profiles: Profiles) -> None:
    page = await profiles.page()
    email = await signed_up(page)
    session, key = await authenticator(page)
    await add_passkey(page, "Laptop")
    await expect(page.get_by_text("The passkey is added.")).to_be_visible()
    await expect(page.get_by_role("heading", name="Laptop")).to_be_visible()
    held = await session.send("WebAuthn.getCredentials", {"authenticatorId": key})
    assert [item["rpId"] for item in held["credentials"]] == ["localhost"]

    await log_out(page)
    # The browser offers it beside the field for the address; the authenticator's owner takes it at once.
    await page.goto("/login?next=/account/passkeys")
    await expect(page).to_have_url(re.compile("/account/passkeys$"))
    await log_out(page)
    # Without suggestions there is the button. No address is typed: the authenticator knows whose passkey it is.
    await page.add_init_script("PublicKeyCredential.isConditionalMediationAvailable = async () => false")
    await page.goto("/login?next=/account/passkeys")
    await page.get_by_role("button", name="Use a passkey").click()
    await expect(page).to_have_url(re.compile("/account/passkeys$"))
    await expect(page.get_by_role("main").get_by_text(email)).to_be_visible()
    await expect(page.get_by_text("Last used")).to_be_visible()

    await page.get_by_text("Rename or remove").click()
    await page.get_by_label("Name", exact=True).fill("Old laptop")
    await page.get_by_role("button", name="Rename").click()
    await expect(page.get_by_role("heading", name="Old laptop")).to_be_visible()
    await page.get_by_text("Rename or remove").click()
    await page.get_by_role("button", name="Remove the passkey Old laptop").click()
    await expect(page.get_by_text("No passkey yet")).to_be_visible()


async def test_a_device_adds_one_passkey_only(profiles: Profiles) -> None:
    page = await profiles.page()
    await signed_up(page)
    await authenticator(page)
    await add_passkey(page, "First")
    await expect(page.get_by_role("heading", name="First")).to_be_visible()
    await add_passkey(page, "Second")
    await expect(page.get_by_text("This device has a passkey for your account already.")).to_be_visible()
    await expect(page.get_by_role("heading", name="Second")).to_have_count(0)


async def test_an_authenticator_that_cannot_verify_its_user_adds_nothing(profiles: Profiles) -> None:
    page = await profiles.page()
    await signed_up(page)
    await authenticator(page, isUserVerified=False)
    await add_passkey(page, "Unlocked")
    await expect(page.get_by_text("No passkey was given. Nothing was changed.")).to_be_visible()
    await page.reload()
    await expect(page.get_by_text("No passkey yet")).to_be_visible()


async def test_two_step_login_works_without_scripts(profiles: Profiles) -> None:
    profiles.expected.append("status of 403")
    page = await profiles.page(java_script_enabled=False, traced=False)
    email = await signed_up(page)
    await page.goto("/account/passkeys")
    await expect(page.get_by_text("Adding and using a passkey needs scripts")).to_be_visible()
    await page.goto("/account/two-step")
    await page.get_by_role("button", name="Set it up").click()
    picture = page.get_by_role("img", name="QR code")
    await expect(picture).to_be_visible()
    app = TOTP((await page.locator("code").inner_text()).replace(" ", ""))
    await page.get_by_role("textbox", name="Code").fill("000000" if app.now() != "000000" else "000001")
    await page.get_by_role("button", name="Turn it on").click()
    await expect(page.get_by_role("alert")).to_contain_text("This code is not right")
    await page.get_by_role("textbox", name="Code").fill(app.now())
    await page.get_by_role("button", name="Turn it on").click()
    await expect(page.get_by_role("heading", name="Your recovery codes")).to_be_visible()
    codes = await page.locator("ol code").all_inner_texts()
    assert len(codes) == 10
    await log_out(page)
    await page.goto("/login?next=/account/two-step")
    await log_in(page, email)
    await expect(page.get_by_role("heading", name="Your code")).to_be_visible()
    await page.get_by_role("textbox", name="Code").fill(codes[0])
    await page.get_by_role("main").get_by_role("button", name="Log in").click()
    await expect(page).to_have_url(re.compile("/account/two-step$"))
    await expect(page.get_by_text("9 codes are left.")).to_be_visible()
