"""What a request handler works with: who asks, the process's resources, and answers as pages or redirects."""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal, cast
from urllib.parse import quote, unquote

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.types import Scope

from codezest.kit import tokens
from codezest.kit.actor import ANONYMOUS, Actor
from codezest.kit.broadcast import Broadcast
from codezest.kit.database import Database
from codezest.kit.features import Features, Notice, notices_of
from codezest.kit.files import Files
from codezest.kit.i18n import READER
from codezest.kit.mail import MailboxMailer
from codezest.kit.packing import packed
from codezest.kit.ratelimit import RateLimiter
from codezest.kit.settings import Settings
from codezest.kit.templates import Templates

SCOPE_KEY = "codezest.context"
SESSION_COOKIE = "codezest_session"
CSRF_COOKIE = "codezest_csrf"
FLASH_COOKIE = "codezest_flash"
LOCALE_COOKIE = "codezest_locale"
ZONE_COOKIE = "codezest_timezone"
"""The time zone of the browser; a script sets it, so that it is no secret."""
OF_SCRIPTS = frozenset({ZONE_COOKIE})
HOST_PREFIX = "__Host-"
"""Before the name of each cookie of ours where TLS is used: a browser then takes it from this very host alone, so that no site
below the same domain, and nobody on an unencrypted way, can plant one."""
CARD_PURPOSE = "card"
ACCOUNT_HEADER = "CodeZest-Account"
"""Tells a service worker whose page it is, so that it keeps nobody's pages for somebody else. Says nothing of who it is."""
NOTICES_COOKIE = "codezest_notices"
"""The keys of the notices that a reader has closed."""
FlashKind = Literal["success", "info", "warning", "error"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Resources:
    """What one web process holds for as long as it lives."""

    settings: Settings
    database: Database
    templates: Templates
    submissions: Broadcast
    """Messages about submissions, by submission id."""
    limiter: RateLimiter
    files: Files
    mailbox: MailboxMailer | None
    """The development mailbox; None where mail really leaves."""
    features: Features
    """What administrators have set, as this process knows it."""


@dataclass(slots=True, kw_only=True)
class RequestContext:
    """One request. Made by the gateway before any handler runs."""

    resources: Resources
    request_id: str
    client_address: str
    user_agent: str
    path: str
    theme: str = "system"
    csrf_cookie: str = ""
    new_csrf_cookie: bool = False
    actor: Actor = ANONYMOUS
    partial: bool = False
    """Whether htmx asks for a fragment rather than a page."""
    takes_packed: bool = False
    """Whether a page may be sent compressed; see `kit.packing`."""
    flash_cookie: str = field(default="", repr=False)
    cookies: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)
    """By the names of this program, without what a browser needs before them."""

    @property
    def settings(self) -> Settings:
        return self.resources.settings

    @property
    def database(self) -> Database:
        return self.resources.database

    @property
    def csrf_token(self) -> str:
        return tokens.sign(self.settings.signing_key, "csrf", self.csrf_cookie)

    @property
    def account_key(self) -> str:
        """Another one for each account; empty for nobody."""
        if self.actor.user_id is None:
            return ""
        return tokens.sign(self.settings.signing_key, "account", str(self.actor.user_id))[:16]

    def card_url(self, title: str, note: str = "") -> str:
        """The address of the picture that stands for a page where a link to it is shared."""
        shown = json.dumps([title[:200], note[:120]], ensure_ascii=False).encode()
        text = base64.urlsafe_b64encode(shown).rstrip(b"=").decode()
        return (
            f"{self.settings.public_url}/cards/{tokens.sign(self.settings.signing_key, CARD_PURPOSE, text)}/{text}.png"
        )

    def page(
        self, template: str, context: Mapping[str, Any] | None = None, *, status: int = 200, **values: Any
    ) -> HTMLResponse:
        """Render a template with what the shared shell needs and the values given."""
        reader = READER.get()
        flashes = self._take_flashes()
        body = self.resources.templates.render(
            template,
            {
                "actor": self.actor,
                "user": self.actor if self.actor.signed_in else None,
                "csrf_token": self.csrf_token,
                "path": self.path,
                "theme": self.theme,
                "locale": reader.locale,
                "dir": reader.direction,
                "flashes": flashes,
                "public_url": self.settings.public_url,
                "account_key": self.account_key,
                "zone": reader.timezone,
                "card_url": self.card_url,
                "mailbox": self.resources.mailbox is not None,
                "notices": self._notices(),
            }
            | dict(context or {})
            | values,
        )
        content, encoding = packed(body) if self.takes_packed else (body.encode(), {})
        headers = {"Cache-Control": "no-store", ACCOUNT_HEADER: self.account_key, **encoding}
        response = HTMLResponse(content, status, headers=headers)
        if self.new_csrf_cookie:
            self.set_cookie(response, CSRF_COOKIE, self.csrf_cookie)
        if flashes:
            self.delete_cookie(response, FLASH_COOKIE)
        return response

    def redirect(self, url: str, *, flash: str = "", kind: FlashKind = "success") -> RedirectResponse:
        """Send the browser to a path of ours with GET, optionally with a message for the page it lands on."""
        response = RedirectResponse(url, 303)
        if flash:
            text = json.dumps([kind, flash])
            signature = tokens.sign(self.settings.signing_key, "flash", text)
            self.set_cookie(response, FLASH_COOKIE, quote(f"{signature}{text}", safe=""), max_age=60)
        return response

    def _notices(self) -> list[Notice]:
        """What administrators tell everybody, but for what this reader has closed."""
        closed = self.cookies.get(NOTICES_COOKIE, "").split(".")
        return [notice for notice in notices_of(self.resources.features.known) if notice.key not in closed]

    def set_cookie(self, response: Response, name: str, value: str, *, max_age: int | None = None) -> None:
        """Set a cookie that scripts cannot read and other sites cannot send along with a POST."""
        response.set_cookie(
            self._cookie_name(name),
            value,
            max_age=max_age,
            path="/",
            secure=self.settings.secure_cookies,
            httponly=True,
            samesite="lax",
        )

    def delete_cookie(self, response: Response, name: str) -> None:
        """Take a cookie of ours back; a browser minds this only in the words in which the cookie was given."""
        response.delete_cookie(
            self._cookie_name(name), path="/", secure=self.settings.secure_cookies, httponly=True, samesite="lax"
        )

    def _cookie_name(self, name: str) -> str:
        return f"{HOST_PREFIX}{name}" if self.settings.secure_cookies else name

    def _take_flashes(self) -> list[dict[str, str]]:
        if not self.flash_cookie:
            return []
        raw = unquote(self.flash_cookie)
        signature, text = raw[:64], raw[64:]
        if not tokens.signature_holds(self.settings.signing_key, "flash", text, signature):
            return []
        kind, message = json.loads(text)
        return [{"tone": kind, "message": message}]


def context_of(scope: Scope) -> RequestContext:
    """The context the gateway put into an ASGI scope."""
    return cast("RequestContext", scope[SCOPE_KEY])


async def _context(request: Request) -> RequestContext:
    return context_of(request.scope)


Context = Annotated[RequestContext, Depends(_context)]
"""The one dependency of every handler."""


def safe_next(url: str | None, default: str = "/") -> str:
    """A path of this site to go on to, or the default: an address elsewhere is never followed."""
    if (
        not url
        or not url.startswith("/")
        or url.startswith(("//", "/\\"))
        or any(ord(c) < 32 or c == "\\" for c in url)
    ):
        return default
    return url
