"""What an identity provider is to us: an address to send people to, and who came back."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

import httpx

from codezest.services.auth.ways_in.errors import ProviderFailed

TIMEOUT = httpx.Timeout(10.0, connect=5.0)
LARGEST_ANSWER = 1 << 20
USER_AGENT = "CodeZest"


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorizationRequest:
    """One round trip of one browser. The secrets in it make the answer useless to everyone else."""

    redirect_uri: str
    state: str = field(repr=False)
    nonce: str = field(repr=False)
    code_verifier: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Granted:
    """Tokens as the provider gave them."""

    access_token: str = field(repr=False)
    refresh_token: str | None = field(repr=False, default=None)
    id_token: str | None = field(repr=False, default=None)
    expires_at: datetime | None = None
    scope: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who someone is elsewhere. `account_id` never changes there; the address may, and counts only where it is verified."""

    provider: str
    account_id: str
    email: str | None
    email_verified: bool
    first_name: str
    last_name: str
    granted: Granted = field(repr=False)


class IdentityProvider(Protocol):
    """A place whose accounts may sign in here. Both methods may reach out over the network: no transaction is open."""

    @property
    def key(self) -> str: ...

    @property
    def name(self) -> str: ...

    async def authorization_url(self, request: AuthorizationRequest) -> str:
        """Where to send the browser.

        Raises:
            ProviderFailed: the provider cannot be asked for its addresses.
        """
        ...

    async def identity(self, code: str, request: AuthorizationRequest) -> Identity:
        """Who came back with this code.

        Raises:
            ProviderFailed: the provider refuses the code, is out of reach, or says what does not hold.
        """
        ...


def http_client() -> httpx.AsyncClient:
    """A client that waits little and follows nothing: a provider that redirects an exchange is none that we know."""
    return httpx.AsyncClient(
        timeout=TIMEOUT, follow_redirects=False, headers={"Accept": "application/json", "User-Agent": USER_AGENT}
    )


async def fetch_json(client: httpx.AsyncClient, method: str, url: str, **options: Any) -> Any:
    """The JSON value that an address answers with.

    Raises:
        ProviderFailed: it does not answer, or with anything else.
    """
    try:
        answer = await client.request(method, url, **options)
        if answer.status_code != 200 or len(answer.content) > LARGEST_ANSWER:
            raise ProviderFailed
        return answer.json()
    except (httpx.HTTPError, httpx.InvalidURL, ValueError):
        raise ProviderFailed from None


async def fetch_object(client: httpx.AsyncClient, method: str, url: str, **options: Any) -> dict[str, Any]:
    """As `fetch_json`, for an object.

    Raises:
        ProviderFailed: as said.
    """
    found = await fetch_json(client, method, url, **options)
    if not isinstance(found, dict):
        raise ProviderFailed
    return found


def text_in(found: dict[str, Any], name: str) -> str | None:
    """A member that is text, and not an empty one."""
    value = found.get(name)
    return value if isinstance(value, str) and value else None
