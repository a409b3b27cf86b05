"""A browser without scripts: it follows links and sends the forms that a page really holds, with what stands in them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode

import httpx

from codezest.gateway.app import Application
from codezest.kit.context import SESSION_COOKIE

FORM_TYPE = {"Content-Type": "application/x-www-form-urlencoded"}
Fields = list[tuple[str, str]]


@dataclass(slots=True)
class PageForm:
    """A form as it stands in a page: where it goes, its fields, and the other addresses its buttons name."""

    action: str
    method: str
    fields: Fields = field(default_factory=list[Any])
    buttons: list[str] = field(default_factory=list[Any])
    choices: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    """What may be chosen, by name: radio buttons, checkboxes and options; those that are not chosen yet stand here only."""


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[PageForm] = []
        self._form: PageForm | None = None
        self._text: tuple[str, list[str]] | None = None
        self._select: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = PageForm(given.get("action", ""), given.get("method", "get"))
            self.forms.append(self._form)
        if self._form is None:
            return
        name = given.get("name")
        if tag == "input" and name:
            choice = given.get("type") in {"radio", "checkbox"}
            if choice:
                self._form.choices.setdefault(name, []).append(given.get("value", "on"))
            if not choice or "checked" in given:
                self._form.fields.append((name, given.get("value", "on")))
        elif tag == "textarea" and name:
            self._text = (name, [])
        elif tag == "select" and name:
            self._select = name
        elif tag == "option" and self._select is not None:
            self._offer(self._select, given)
        elif tag == "button":
            self._form.buttons.append(given.get("formaction", self._form.action))

    def _offer(self, name: str, given: dict[str, str]) -> None:
        """One option of a select: the first counts until another one is the chosen one."""
        assert self._form is not None
        offered = self._form.choices.setdefault(name, [])
        if not offered or "selected" in given:
            self._form.fields = [(other, value) for other, value in self._form.fields if other != name]
            self._form.fields.append((name, given.get("value", "")))
        offered.append(given.get("value", ""))

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self._text[1].append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._form is not None and self._text is not None:
            name, parts = self._text
            self._form.fields.append((name, "".join(parts).removeprefix("\n")))
            self._text = None
        elif tag == "select":
            self._select = None
        elif tag == "form":
            self._form = None


def forms_of(page: httpx.Response) -> list[PageForm]:
    parser = _Forms()
    parser.feed(page.text)
    return parser.forms


def form_to(page: httpx.Response, address: str) -> PageForm:
    """The one form of the page that leads to the address, by itself or by one of its buttons."""
    found = [form for form in forms_of(page) if address in {form.action, *form.buttons}]
    assert len(found) == 1, f"{len(found)} forms lead to {address}: {[form.action for form in forms_of(page)]}"
    assert found[0].method == "post"
    return found[0]


def text_of(page: httpx.Response) -> str:
    """What a reader sees: the page without scripts, templates and markup."""
    bare = re.sub(r"<(script|template|style)\b.*?</\1>", " ", page.text, flags=re.DOTALL)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", bare)))


def token_of(page: httpx.Response) -> str:
    """What each of its forms carries against forgery."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
    assert found is not None
    return found[1]


class Browser:
    """One visitor. `send` posts a form that the page holds; texts and choices given replace what stands in it."""

    def __init__(self, application: Application, token: str | None = None) -> None:
        transport = httpx.ASGITransport(app=application, raise_app_exceptions=False)  # pyright: ignore[reportArgumentType]
        self.client = httpx.AsyncClient(
            transport=transport,
            base_url="http://localhost:8000",
            cookies={SESSION_COOKIE: token} if token else None,
        )

    async def open(self, path: str, **options: Any) -> httpx.Response:
        return await self.client.get(path, **options)

    async def read(self, path: str) -> httpx.Response:
        """A page that is expected to be there."""
        page = await self.open(path)
        assert page.status_code == 200, f"{path}: {page.status_code} {text_of(page)}"
        assert page.headers["content-type"] == "text/html; charset=utf-8"
        return page

    async def send(
        self, page: httpx.Response, address: str, given: Mapping[str, str | list[str]] | None = None, **options: Any
    ) -> httpx.Response:
        form = form_to(page, address)
        given = given or {}
        unknown = given.keys() - {name for name, _ in form.fields} - form.choices.keys()
        assert not unknown, f"the form has no {unknown}"
        fields = [(name, value) for name, value in form.fields if name not in given]
        for name, value in given.items():
            fields += [(name, one) for one in ([value] if isinstance(value, str) else value)]
        # Browsers send every line end as CR LF.
        body = urlencode([(name, value.replace("\n", "\r\n")) for name, value in fields])
        headers = FORM_TYPE | options.pop("headers", {})
        return await self.client.post(address, content=body, headers=headers, **options)

    async def follow(self, answer: httpx.Response) -> httpx.Response:
        """The page a form leads to."""
        assert answer.status_code == 303, f"{answer.status_code} {text_of(answer)}"
        return await self.read(answer.headers["location"])
