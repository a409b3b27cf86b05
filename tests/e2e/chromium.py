"""The browser that tests drive."""

import os
import shutil
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Browser, async_playwright, expect

FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
PATIENCE_MS = 20_000
"""A machine that does much else at the same time is no failure."""


def installed() -> str | None:
    """The browser's path: CODEZEST_CHROMIUM, or the first found."""
    names = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
    return os.environ.get("CODEZEST_CHROMIUM") or next(filter(None, map(shutil.which, names)), None)


@asynccontextmanager
async def launched() -> AsyncGenerator[Browser]:
    """A running browser; where there is none, the test says so and is skipped, which CI refuses."""
    path = installed()
    if path is None:
        pytest.skip("no Chromium here: apt-get install chromium")
    expect.set_options(timeout=PATIENCE_MS)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        await browser.close()
