"""Places elsewhere whose accounts may sign in here, as the settings name them."""

from collections.abc import Mapping
from functools import lru_cache

from codezest.kit.settings import OAuthProvider, Settings
from codezest.services.auth.providers.github import GitHubProvider
from codezest.services.auth.providers.identity import IdentityProvider
from codezest.services.auth.providers.oidc import OidcProvider
from codezest.services.auth.ways_in.errors import ProviderNotFound

GOOGLE_ISSUER = "https://accounts.google.com"


def identity_providers(settings: Settings) -> Mapping[str, IdentityProvider]:
    """The configured providers by key, in the order of the setting."""
    return _made(settings.oauth_providers)


def identity_provider(settings: Settings, key: str) -> IdentityProvider:
    """The provider of a key, in any case of letters.

    Raises:
        ProviderNotFound: none is configured under it.
    """
    provider = identity_providers(settings).get(key.upper())
    if provider is None:
        raise ProviderNotFound
    return provider


@lru_cache(maxsize=8)
def _made(configured: tuple[OAuthProvider, ...]) -> Mapping[str, IdentityProvider]:
    """One object per provider and process, which keeps what discovery said."""
    return {provider.key: _provider(provider) for provider in configured}


def _provider(configured: OAuthProvider) -> IdentityProvider:
    if configured.key == "GITHUB":
        return GitHubProvider(configured)
    if configured.key == "GOOGLE":
        return OidcProvider(configured, name=configured.name or "Google", issuer=GOOGLE_ISSUER)
    return OidcProvider(configured, name=configured.name or configured.key.title(), issuer=configured.issuer)
