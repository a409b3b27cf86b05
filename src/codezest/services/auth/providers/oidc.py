"""OpenID Connect: discovery, authorization code with PKCE, an ID token whose signature and claims hold."""

import time
from datetime import timedelta
from typing import Any
from urllib.parse import quote_plus, urlsplit

import httpx
from authlib.common.urls import add_params_to_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from codezest.kit.clock import now
from codezest.kit.settings import OAuthProvider
from codezest.services.auth.providers.identity import (
    AuthorizationRequest,
    Granted,
    Identity,
    fetch_object,
    http_client,
    text_in,
)
from codezest.services.auth.ways_in.errors import ProviderFailed

DISCOVERY_SECONDS = 3600.0
LEEWAY_SECONDS = 60
LONGEST_SECONDS = 10 * 365 * 86400
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519")
"""Signatures by a key that the provider alone has. Never one with a secret that both sides know, and never none."""
DEFAULT_SCOPE = "openid email profile"


class OidcProvider:
    """Any provider with a discovery document."""

    def __init__(self, configured: OAuthProvider, *, name: str, issuer: str) -> None:
        self._configured = configured
        self._name = name
        self._issuer = issuer.rstrip("/")
        self._metadata: dict[str, Any] = {}
        self._discovered = 0.0

    @property
    def key(self) -> str:
        return self._configured.key

    @property
    def name(self) -> str:
        return self._name

    async def authorization_url(self, request: AuthorizationRequest) -> str:
        """As the protocol says."""
        async with http_client() as client:
            metadata = await self._discover(client)
        return add_params_to_uri(
            self._address(metadata, "authorization_endpoint"),
            [
                ("response_type", "code"),
                ("client_id", self._configured.client_id),
                ("redirect_uri", request.redirect_uri),
                ("scope", self._configured.scope or DEFAULT_SCOPE),
                ("state", request.state),
                ("nonce", request.nonce),
                ("code_challenge", create_s256_code_challenge(request.code_verifier)),
                ("code_challenge_method", "S256"),
            ],
        )

    async def identity(self, code: str, request: AuthorizationRequest) -> Identity:
        """As the protocol says."""
        async with http_client() as client:
            metadata = await self._discover(client)
            granted = await self._exchange(client, metadata, code, request)
            if granted.id_token is None:
                raise ProviderFailed
            keys = await fetch_object(client, "GET", self._address(metadata, "jwks_uri"))
            claims = self._claims(metadata, keys, granted, request)
            if "email" not in claims and metadata.get("userinfo_endpoint"):
                claims = await self._with_userinfo(client, metadata, granted, claims)
        subject = text_in(claims, "sub")
        if subject is None:
            raise ProviderFailed
        return Identity(
            provider=self.key,
            account_id=subject,
            email=text_in(claims, "email"),
            # Some providers write the word instead of the value.
            email_verified=claims.get("email_verified") is True or claims.get("email_verified") == "true",
            first_name=text_in(claims, "given_name") or text_in(claims, "name") or "",
            last_name=text_in(claims, "family_name") or "",
            granted=granted,
        )

    async def _discover(self, client: httpx.AsyncClient) -> dict[str, Any]:
        if self._metadata and time.monotonic() - self._discovered < DISCOVERY_SECONDS:
            return self._metadata
        metadata = await fetch_object(client, "GET", f"{self._issuer}/.well-known/openid-configuration")
        if (text_in(metadata, "issuer") or "").rstrip("/") != self._issuer:
            raise ProviderFailed
        self._metadata, self._discovered = metadata, time.monotonic()
        return metadata

    def _address(self, metadata: dict[str, Any], name: str) -> str:
        """An address of the provider's; a provider that is reached safely is not left for one that is not."""
        address = text_in(metadata, name) or ""
        scheme = urlsplit(address).scheme
        if scheme not in {"https", urlsplit(self._issuer).scheme}:
            raise ProviderFailed
        return address

    async def _exchange(
        self, client: httpx.AsyncClient, metadata: dict[str, Any], code: str, request: AuthorizationRequest
    ) -> Granted:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": request.redirect_uri,
            "code_verifier": request.code_verifier,
        }
        client_id, secret = self._configured.client_id, self._configured.client_secret.get_secret_value()
        methods = metadata.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        options: dict[str, Any] = {"data": form}
        if "client_secret_basic" in methods:
            options["auth"] = (quote_plus(client_id), quote_plus(secret))
        else:
            form |= {"client_id": client_id, "client_secret": secret}
        found = await fetch_object(client, "POST", self._address(metadata, "token_endpoint"), **options)
        return granted_in(found)

    def _claims(
        self, metadata: dict[str, Any], keys: dict[str, Any], granted: Granted, request: AuthorizationRequest
    ) -> dict[str, Any]:
        """The claims of the ID token, which was made by this provider, for us, for this very request, and is young."""
        options = {
            "iss": {"essential": True, "value": metadata["issuer"]},
            "aud": {"essential": True, "value": self._configured.client_id},
        }
        parameters = {
            "nonce": request.nonce,
            "client_id": self._configured.client_id,
            "access_token": granted.access_token,
        }
        try:
            token = jwt.decode(
                granted.id_token or "",
                key=KeySet.import_key_set(keys),  # pyright: ignore[reportArgumentType] - the provider's JSON
                registry=JWSRegistry(algorithms=list(ALGORITHMS), strict_check_header=False),
            )
            claims = CodeIDToken(token.claims, token.header, options, parameters)
            claims.validate(leeway=LEEWAY_SECONDS)
        except (JoseError, ValueError, TypeError, KeyError, AttributeError):
            raise ProviderFailed from None
        return dict(token.claims)

    async def _with_userinfo(
        self, client: httpx.AsyncClient, metadata: dict[str, Any], granted: Granted, claims: dict[str, Any]
    ) -> dict[str, Any]:
        found = await fetch_object(
            client,
            "GET",
            self._address(metadata, "userinfo_endpoint"),
            headers={"Authorization": f"Bearer {granted.access_token}"},
        )
        if found.get("sub") != claims.get("sub"):
            raise ProviderFailed
        return found | claims


def granted_in(found: dict[str, Any]) -> Granted:
    """The tokens of a token endpoint's answer.

    Raises:
        ProviderFailed: there are none.
    """
    access_token = text_in(found, "access_token")
    if access_token is None:
        raise ProviderFailed
    seconds = found.get("expires_in")
    lasting = float(seconds) if isinstance(seconds, (int, float)) and 0 < seconds <= LONGEST_SECONDS else None
    return Granted(
        access_token=access_token,
        refresh_token=text_in(found, "refresh_token"),
        id_token=text_in(found, "id_token"),
        expires_at=now() + timedelta(seconds=lasting) if lasting else None,
        scope=text_in(found, "scope"),
    )
