"""The outermost layer of every request, one pure ASGI class because it runs on each.

It makes the `RequestContext` (request id, client address, session → actor), bounds the body, refuses cross-site and
excessive requests, adds the security headers, counts, and answers what nothing else has caught.
"""

import re
import secrets
import time
from urllib.parse import unquote_to_bytes

import structlog
from prometheus_client import Counter, Histogram
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from codezest.gateway import csrf
from codezest.gateway.bodies import body_limit, bounded, form_token
from codezest.gateway.problems import app_error_response, outage_response, unexpected_response
from codezest.gateway.scopes import check_scope
from codezest.kit import tokens
from codezest.kit.actor import ANONYMOUS, Actor
from codezest.kit.content_security import content_security_policy
from codezest.kit.context import (
    CSRF_COOKIE,
    FLASH_COOKIE,
    HOST_PREFIX,
    LOCALE_COOKIE,
    OF_SCRIPTS,
    SCOPE_KEY,
    SESSION_COOKIE,
    ZONE_COOKIE,
    RequestContext,
    Resources,
)
from codezest.kit.database import is_outage
from codezest.kit.errors import AppError, BadRequest
from codezest.kit.i18n import READER, Reader, choose_locale, known_zone
from codezest.kit.i18n import gettext as _
from codezest.kit.packing import takes_packed
from codezest.kit.scopes import TOKEN_PREFIX
from codezest.kit.settings import Settings
from codezest.services.auth.queries import actor_of_session
from codezest.services.auth.queries.tokens import actor_of_token
from codezest_db.ids import uuid7

THEMES = frozenset({"light", "dark"})
CONTROL = re.compile(r"[\x00-\x1f\x7f]")
REQUESTS = Counter("codezest_http_requests_total", "Requests answered.", ["method", "status"])
DURATION = Histogram("codezest_http_request_seconds", "Time to the end of the answer.", ["method"])

CONTENT_SECURITY_POLICY = content_security_policy()
OWN_WORD = frozenset({b"content-security-policy", b"x-frame-options"})
"""Headers that an answer may give itself: a file is not a page."""

log = structlog.get_logger(__name__)


def security_headers(settings: Settings, store: str | None = None) -> list[tuple[bytes, bytes]]:
    """The headers every response carries; `store` is the origin of stored files where they come from elsewhere."""
    headers = [
        (b"content-security-policy", content_security_policy(store=store).encode()),
        (b"x-content-type-options", b"nosniff"),
        (b"referrer-policy", b"strict-origin-when-cross-origin"),
        (b"cross-origin-opener-policy", b"same-origin"),
        (b"cross-origin-resource-policy", b"same-origin"),
        (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
        (b"x-frame-options", b"DENY"),
    ]
    if settings.secure_cookies:
        headers.append((b"strict-transport-security", b"max-age=31536000; includeSubDomains"))
    return headers


def _cookies(settings: Settings, headers: Headers) -> dict[str, str]:
    """Ours, by the names we know them by, and what scripts of ours have set.

    Read as browsers mean it: a cookie of a neighbour on this host that is no token does not hide ours.
    """
    found = cookie_parser(headers.get("cookie", ""))
    if not settings.secure_cookies:
        return found
    ours = {name.removeprefix(HOST_PREFIX): value for name, value in found.items() if name.startswith(HOST_PREFIX)}
    return {name: found[name] for name in OF_SCRIPTS if name in found} | ours


def _bearer(headers: Headers) -> str | None:
    """The token; None where nothing is left of it, since whoever shows one needs no form token."""
    scheme, _, token = headers.get("authorization", "").partition(" ")
    return (token.strip() or None) if scheme.lower() == "bearer" else None


class Edge:
    """Wraps the application. `resources` is set when the application has started."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._settings = settings
        self._headers = security_headers(settings)
        self._proxies = frozenset(filter(None, (part.strip() for part in settings.trusted_proxies.split(","))))
        self.resources: Resources | None = None

    def open(self, resources: Resources) -> None:
        """Let requests in."""
        self._headers = security_headers(self._settings, resources.files.origin)
        self.resources = resources

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path: str = scope["path"]
        if self.resources is None:
            raise RuntimeError("the application has not been started: its lifespan did not run")
        started = time.perf_counter()
        headers = Headers(scope=scope)
        context = self._context(scope, headers, self.resources)
        scope[SCOPE_KEY] = context
        status = 500
        begun = False

        async def send_counted(message: Message) -> None:
            nonlocal status, begun
            if message["type"] == "http.response.start":
                begun = True
                status = int(message["status"])
                own = [*message.get("headers", ())]
                said = OWN_WORD.intersection(name.lower() for name, _ in own)
                ours = self._headers if not said else [header for header in self._headers if header[0] not in said]
                message["headers"] = [*own, *ours, (b"x-request-id", context.request_id.encode())]
                # Most answers are one person's: only what says so itself may be kept.
                MutableHeaders(raw=message["headers"]).setdefault("cache-control", "no-store")
            await send(message)

        try:
            try:
                if not path.startswith("/static/"):
                    receive = await self._admit(scope, headers, context, receive)
                await self._app(scope, receive, send_counted)
            except AppError as error:
                if begun:
                    raise
                await app_error_response(context, error)(scope, receive, send_counted)
        except Exception as error:  # noqa: BLE001 - the last line of defence: answer, and log the bug
            answer = _answer_failure(context, error, str(scope["method"]))
            if not begun:
                await answer(scope, receive, send_counted)
        finally:
            REQUESTS.labels(scope["method"], str(status)).inc()
            DURATION.labels(scope["method"]).observe(time.perf_counter() - started)

    def _context(self, scope: Scope, headers: Headers, resources: Resources) -> RequestContext:
        cookies = _cookies(self._settings, headers)
        csrf_cookie = cookies.get(CSRF_COOKIE, "")
        fresh = not 20 <= len(csrf_cookie) <= 100
        theme = cookies.get("codezest_theme", "")
        context = RequestContext(
            resources=resources,
            request_id=str(uuid7()),
            client_address=self._client_address(scope, headers),
            user_agent=headers.get("user-agent", "")[:400],
            path=scope["path"],
            theme=theme if theme in THEMES else "system",
            csrf_cookie=secrets.token_urlsafe(24) if fresh else csrf_cookie,
            new_csrf_cookie=fresh,
            partial="hx-request" in headers,
            takes_packed=takes_packed(headers),
            flash_cookie=cookies.get(FLASH_COOKIE, ""),
            cookies=cookies,
        )
        scope["codezest.session_cookie"] = cookies.get(SESSION_COOKIE)
        if self._settings.secure_cookies:
            scope["scheme"] = "https"  # a proxy ends TLS, and a redirect must not lead out of it
        return context

    def _client_address(self, scope: Scope, headers: Headers) -> str:
        client = scope.get("client")
        address = str(client[0]) if client else "127.0.0.1"
        if address in self._proxies:
            # Some proxies add a header of their own behind the client's instead of prolonging it.
            said = ",".join(headers.getlist("x-forwarded-for"))
            forwarded = [part.strip() for part in said.split(",") if part.strip()]
            for candidate in reversed(forwarded):
                if candidate not in self._proxies:
                    return candidate
        return address

    async def _admit(self, scope: Scope, headers: Headers, context: RequestContext, receive: Receive) -> Receive:
        """Everything that may refuse the request before a handler sees it.

        Raises:
            AppError: the request is refused.
        """
        if CONTROL.search(context.path) or b"\0" in unquote_to_bytes(scope.get("query_string", b"")):
            # Patterns of routes take a line's end after a path for its end, where rules about paths do not.
            raise BadRequest(_("The address holds a control character."))
        bearer = _bearer(headers)
        cookie: str | None = scope["codezest.session_cookie"]
        context.actor = await self._actor(context.resources, bearer, cookie)
        READER.set(_reader(context, headers))
        if not context.path.startswith("/api/"):
            await context.resources.features.refresh()
        if context.theme == "system":
            context.theme = context.actor.preferences.theme
        limiter = context.resources.limiter
        if context.actor.user_id is not None:
            limiter.hit_account(str(context.actor.user_id))
        else:
            limiter.hit_address(context.client_address)
        if context.actor.scopes is not None:
            check_scope(context.actor.scopes, scope["method"], context.path)
        if scope["method"] in csrf.SAFE_METHODS:
            return receive
        limit = body_limit(self._settings, context.actor, context.path)
        receive = await bounded(headers, receive, limit, general=self._settings.body_limit_bytes)
        if bearer is not None:
            return receive
        csrf.check_origin(headers, headers.get("host", ""))
        if cookie is None and context.path.startswith("/api/"):
            return receive
        presented = headers.get("x-csrf-token")
        if presented is None:
            presented, receive = await form_token(headers, receive, limit)
        csrf.check_token(context, presented)
        return receive

    @staticmethod
    async def _actor(resources: Resources, bearer: str | None, cookie: str | None) -> Actor:
        token = bearer or cookie
        if not token:
            return ANONYMOUS
        pool = resources.database.pool("auth")
        if bearer is not None and bearer.startswith(f"{TOKEN_PREFIX}_"):
            return await actor_of_token(pool, tokens.token_hash(bearer))
        return await actor_of_session(pool, tokens.token_hash(token), session_days=resources.settings.session_days)


def _reader(context: RequestContext, headers: Headers) -> Reader:
    """As the account says; where it says nothing, or there is none, as the browser does."""
    actor, cookies = context.actor, context.cookies
    preferred = actor.locale if actor.signed_in else cookies.get(LOCALE_COOKIE)
    zone = actor.timezone
    if zone == "UTC" and known_zone(cookies.get(ZONE_COOKIE, "")):
        zone = cookies[ZONE_COOKIE]
    return Reader(choose_locale(preferred, headers.get("accept-language", "")), zone)


def _answer_failure(context: RequestContext, error: Exception, method: str) -> Response:
    if is_outage(error):
        return outage_response(context, error)
    log.error("request_failed", request_id=context.request_id, method=method, path=context.path, exc_info=error)
    return unexpected_response(context)
