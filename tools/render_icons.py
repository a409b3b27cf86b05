"""Draws the icons of the installed app from `ui/assets/favicon.svg`, as PNGs beside it: run it when the mark changes.

python tools/render_icons.py
"""

import asyncio
import base64
import os
import shutil
from pathlib import Path

from playwright.async_api import async_playwright

ASSETS = Path(__file__).resolve().parent.parent / "ui" / "assets"
ICONS = {
    "icon-192.png": (192, 1.0, None),
    "icon-512.png": (512, 1.0, None),
    "icon-maskable-512.png": (512, 0.68, "#fff6e9"),
    "apple-touch-icon.png": (180, 0.8, "#fff6e9"),
}
"""By file: pixels of a side, the part of it that the mark takes, and the ground, where it must not be transparent."""


async def render() -> None:
    """Write every icon."""
    mark = base64.b64encode((ASSETS / "favicon.svg").read_bytes()).decode()
    path = os.environ.get("CODEZEST_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=["--headless", "--no-sandbox"])
        for name, (side, share, ground) in ICONS.items():
            page = await browser.new_page(viewport={"width": side, "height": side})
            size = round(side * share)
            await page.set_content(
                f'<body style="margin:0;display:grid;place-items:center;height:{side}px;background:{ground or "transparent"}">'
                f'<img width="{size}" height="{size}" src="data:image/svg+xml;base64,{mark}"></body>'
            )
            await page.screenshot(path=ASSETS / name, omit_background=ground is None)
            await page.close()
        await browser.close()


if __name__ == "__main__":
    asyncio.run(render())
