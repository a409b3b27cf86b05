"""GitHub, which speaks OAuth 2 with PKCE but not OpenID Connect: who someone is, its API tells."""

from typing import Any

import httpx
from authlib.common.urls import add_params_to_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge

from codezest.kit.settings import OAuthProvider
from codezest.services.auth.providers.identity import (
    AuthorizationRequest,
    Granted,
    Identity,
    fetch_json,
    fetch_object,
    http_client,
    text_in,
)
from codezest.services.auth.providers.oidc import granted_in
from codezest.services.auth.ways_in.errors import ProviderFailed

AUTHORIZE = "https://github.com/login/oauth/authorize"
TOKEN = "https://github.com/login/oauth/access_token"  # noqa: S105 - an address
API = "https://api.github.com"
DEFAULT_SCOPE = "read:user user:email"


class GitHubProvider:
    """github.com."""

    def __init__(self, configured: OAuthProvider) -> None:
        self._configured = configured

    @property
    def key(self) -> str:
        return self._configured.key

    @property
    def name(self) -> str:
        return self._configured.name or "GitHub"

    async def authorization_url(self, request: AuthorizationRequest) -> str:
        """As the protocol says; nothing is asked over the network."""
        return add_params_to_uri(
            AUTHORIZE,
            [
                ("client_id", self._configured.client_id),
                ("redirect_uri", request.redirect_uri),
                ("scope", self._configured.scope or DEFAULT_SCOPE),
                ("state", request.state),
                ("code_challenge", create_s256_code_challenge(request.code_verifier)),
                ("code_challenge_method", "S256"),
            ],
        )

    async def identity(self, code: str, request: AuthorizationRequest) -> Identity:
        """As the protocol says. The address is the primary one, if GitHub has verified it."""
        async with http_client() as client:
            granted = await self._exchange(client, code, request)
            headers = {"Authorization": f"Bearer {granted.access_token}"}
            user = await fetch_object(client, "GET", f"{API}/user", headers=headers)
            emails = await fetch_json(client, "GET", f"{API}/user/emails", headers=headers)
        account = user.get("id")
        if not isinstance(account, int) or isinstance(account, bool):
            raise ProviderFailed
        email, verified = primary_email(emails)
        first, _, last = (text_in(user, "name") or text_in(user, "login") or "").strip().partition(" ")
        return Identity(
            provider=self.key,
            account_id=str(account),
            email=email,
            email_verified=verified,
            first_name=first,
            last_name=last.strip(),
            granted=granted,
        )

    async def _exchange(self, client: httpx.AsyncClient, code: str, request: AuthorizationRequest) -> Granted:
        form = {
            "client_id": self._configured.client_id,
            "client_secret": self._configured.client_secret.get_secret_value(),
            "code": code,
            "redirect_uri": request.redirect_uri,
            "code_verifier": request.code_verifier,
        }
        # GitHub says 200 to a refusal, too; then there is no token in it.
        return granted_in(await fetch_object(client, "POST", TOKEN, data=form))


def primary_email(emails: Any) -> tuple[str | None, bool]:
    """The primary address among GitHub's list, and whether it is verified.

    Raises:
        ProviderFailed: this is no such list.
    """
    if not isinstance(emails, list):
        raise ProviderFailed
    for entry in emails:
        if isinstance(entry, dict) and entry.get("primary") is True and isinstance(entry.get("email"), str):
            return entry["email"], entry.get("verified") is True
    return None, False
