"""Browser profiles that notice what a page does wrong: errors and warnings in the console, broken policy, failed scripts."""

import os
import re
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, WebError

TRACES = Path("test-results")
FILMED = "PYTEST_XDIST_WORKER" not in os.environ
"""Whether traces hold pictures, which cost a tenth of the time: where few tests run, as when one that failed is looked at."""
NO_DEFECT = re.compile(r"Transition was (aborted|skipped)|View transition")
"""Chromium reports a view transition that the next navigation overtook."""


class Profiles:
    """The profiles of one test. What their pages complain about is in `complaints`, but for what is `expected`."""

    def __init__(self, browser: Browser, url: str, name: str) -> None:
        self._browser = browser
        self._url = url
        self._name = re.sub(r"[^\w.-]+", "-", name)
        self._open: list[tuple[BrowserContext, bool]] = []
        self._complaints: list[str] = []
        self.expected: list[str] = []
        """Parts of complaints that the test provokes, such as `status of 401`."""

    @property
    def complaints(self) -> list[str]:
        return [text for text in self._complaints if not any(part in text for part in self.expected)]

    async def open(
        self, token: str | None = None, *, traced: bool = True, routed: bool = False, **options: Any
    ) -> BrowserContext:
        """A fresh profile, signed in where a session's token is given.

        Args:
            token: of a session.
            traced: whether a trace is kept of a test that fails.
            routed: whether the test answers requests itself, which it can only where no service worker sends them.
            options: of the browser's context.
        """
        options = {"viewport": {"width": 1280, "height": 900}} | options
        if routed:
            options["service_workers"] = "block"
            self.expected.append("Service Worker registration blocked")
        context = await self._browser.new_context(base_url=self._url, **options)
        context.set_default_timeout(20_000)
        context.on("console", self._note)
        context.on("weberror", self._note_error)
        self._open.append((context, traced))
        if token is not None:
            await context.add_cookies([{"name": "codezest_session", "value": token, "url": self._url}])
        if traced:
            # Snapshots would copy the editor's style sheet into a style element, which the policy refuses.
            await context.tracing.start(screenshots=FILMED, snapshots=True)
        return context

    async def page(self, token: str | None = None, **options: Any) -> Page:
        """The one page of a fresh profile."""
        return await (await self.open(token, **options)).new_page()

    async def close(self, *, failed: bool) -> None:
        """Close them all; the traces of a test that failed are kept."""
        for number, (context, traced) in enumerate(self._open, 1):
            if traced and failed:
                await context.tracing.stop(path=TRACES / f"{self._name}-{number}.zip")
            elif traced:
                await context.tracing.stop()
            await context.close()

    def _note(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            where = message.page.url if message.page else "a closed page"
            self._add(f"{where}: {message.text} ({message.location['url']})")

    def _note_error(self, error: WebError) -> None:
        self._add(f"{error.page.url if error.page else 'a closed page'}: {error.error}")

    def _add(self, text: str) -> None:
        if not NO_DEFECT.search(text):
            self._complaints.append(text)
