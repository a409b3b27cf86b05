"""axe-core's rules for the page as it stands, and what makes a page wider than its screen."""

from collections.abc import Mapping
from typing import Any

from playwright.async_api import Page, ViewportSize

from fixtures.product import ROOT

SOURCE = ROOT / "ui" / "node_modules" / "axe-core" / "axe.min.js"
WCAG = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
COLOURS: Mapping[str, Any] = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
"""What a theme can change."""
LAYOUT = {"type": "rule", "values": [*COLOURS["values"], "target-size", "scrollable-region-focusable"]}
"""What a theme or a narrow screen can change."""
ALIKE = ".operation:nth-of-type(n+3)"
"""Of the API reference's many operations, two of each kind are enough. The others leave the page for as long as the rules run."""
BARS = ".bottombar, .studio-bar"
"""What stays at the foot of a screen, over what is not scrolled to yet."""
RUN = """async ([runOnly, alike, staying]) => {
    // What is half under a bar that stays would count as too small a target.
    scrollTo({ top: 0, behavior: "instant" });
    const bars = [...document.querySelectorAll(staying)].map(bar => [bar, bar.style.position]);
    for (const [bar] of bars) bar.style.position = "static";
    const away = [...document.querySelectorAll(alike)].map(node => [node, document.createComment("")]);
    for (const [node, place] of away) node.replaceWith(place);
    const found = await axe.run({ runOnly, resultTypes: ["violations"] });
    for (const [node, place] of away) place.replaceWith(node);
    for (const [bar, position] of bars) bar.style.position = position;
    return found.violations.map(
        rule => [rule.id, ...rule.nodes.slice(0, 5).map(node => `${node.target}: ${node.failureSummary}`)]);
}"""
WIDER = """() => {
    const contained = node => {
        for (let at = node.parentElement; at && at.tagName !== "MAIN" && at !== document.body; at = at.parentElement) {
            if (getComputedStyle(at).overflowX !== "visible") return true;
        }
        return false;
    };
    // The main element cuts off what is too wide, so that the page's own width would tell nothing.
    const wide = [...document.body.querySelectorAll("*")].filter(node => {
        const box = node.getBoundingClientRect();
        return node.checkVisibility() && box.width > 1 && (box.right > innerWidth + 1 || box.left < -1) && !contained(node);
    });
    return [...(document.documentElement.scrollWidth > innerWidth ? [document.documentElement] : []), ...wide]
        .slice(0, 8).map(node => node.cloneNode(false).outerHTML);
}"""

BARS_IN_PLACE = """staying => document.querySelectorAll(staying).forEach(bar => { bar.style.position = "static"; })"""
SETTLED_HEIGHT = """async () => {
    await document.fonts.ready;
    await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
    return document.documentElement.scrollHeight;
}"""


async def violations(page: Page, rules: Mapping[str, Any] = WCAG) -> list[list[str]]:
    """Each rule that is broken, and where."""
    # A script element would be refused by the page's policy; what the debugger evaluates is not.
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(SOURCE.read_text(encoding="utf-8") + ";0")
    return list(await page.evaluate(RUN, [rules, ALIKE, BARS]))


async def wider_than_the_screen(page: Page) -> list[str]:
    """The elements to be seen that reach beyond the screen, but for what scrolls or is cut within its own box."""
    return list(await page.evaluate(WIDER))


async def unroll(page: Page, width: int) -> None:
    """Show the page as it stands when one has scrolled to its end, and all of it at once.

    The bars at the foot of a screen cover what is not scrolled to yet, which would count as covered.
    """
    await page.evaluate(BARS_IN_PLACE, BARS)
    height: int = await page.evaluate(SETTLED_HEIGHT)
    await page.set_viewport_size(ViewportSize(width=width, height=height))
    await page.evaluate(SETTLED_HEIGHT)
