"""What a screen reader would say: the page's accessibility tree read from top to end, and what live regions announce."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from playwright.async_api import CDPSession, Page

LEAVES = frozenset(
    {
        "button", "checkbox", "combobox", "heading", "image", "img", "link", "menuitem", "meter", "option",
        "ProgressIndicator", "progressbar", "radio", "searchbox", "separator", "slider", "spinbutton", "splitter", "switch",
        "tab", "textbox", "DisclosureTriangle",
    }
)  # fmt: skip
"""Said by their names, which their contents make."""
LANDMARKS = frozenset(
    {
        "article", "banner", "complementary", "contentinfo", "dialog", "form", "group", "list", "main", "navigation",
        "radiogroup", "region", "search", "status", "alert", "table", "tablist", "tabpanel", "toolbar", "Details", "figure",
    }
)  # fmt: skip
"""Said where they begin, when they have a name; lists and tables always."""
BLOCKS = frozenset(
    {
        "paragraph",
        "listitem",
        "term",
        "definition",
        "cell",
        "gridcell",
        "columnheader",
        "rowheader",
        "row",
        "pre",
        "caption",
    }
)
SAID_ALWAYS = frozenset({"list", "table"})
STATES = ("checked", "pressed", "expanded", "selected", "disabled", "invalid", "required", "busy")
VARYING = (
    (re.compile(r"\b\d+(?:[.,]\d+)? ms\b"), "# ms"),
    (re.compile(r"\b(?:\d+ (?:milli)?seconds? ago|in \d+ seconds?|just now|now)\b"), "a moment ago"),
    (re.compile(r"\b\w{3} \d{1,2}, \d{4}, \d{1,2}:\d{2}:\d{2}\s[AP]M\b"), "a date"),
)
"""What differs from one run to the next."""
LISTEN = """() => {
    window.announced = [];
    const regions = "[role=status], [role=alert], [role=log], [aria-live]:not([aria-live=off])";
    const said = new WeakMap();
    const note = (region) => {
        const text = region.innerText.replace(/\\s+/g, " ").trim();
        if (said.get(region) === text) return;
        said.set(region, text);
        if (text) window.announced.push(text);
    };
    const watch = () => {
        for (const region of document.querySelectorAll(regions)) said.set(region, region.innerText.replace(/\\s+/g, " ").trim());
        new MutationObserver((changes) => {
            const changed = new Set();
            for (const change of changes) {
                const at = change.target.nodeType === 1 ? change.target : change.target.parentElement;
                const region = at?.closest(regions);
                if (region) changed.add(region);
            }
            changed.forEach(note);
        }).observe(document.body, { childList: true, characterData: true, subtree: true });
    };
    document.readyState === "loading" ? document.addEventListener("DOMContentLoaded", watch) : watch();
}"""


@dataclass(frozen=True, slots=True)
class _Node:
    role: str
    name: str
    value: str
    states: Mapping[str, Any]
    children: list[str]
    ignored: bool


class Reader:
    """Reads pages aloud, line by line."""

    def __init__(self, page: Page, session: CDPSession) -> None:
        self._page = page
        self._session = session
        self._nodes: dict[str, _Node] = {}

    @classmethod
    async def of(cls, page: Page) -> "Reader":
        """Before the page is opened, so that nothing announced is missed."""
        await page.add_init_script(f"({LISTEN})()")
        session = await page.context.new_cdp_session(page)
        await session.send("Accessibility.enable")
        await session.send("DOM.enable")
        return cls(page, session)

    async def announced(self) -> list[str]:
        """What live regions have said since the last time."""
        return [settled(text) for text in await self._page.evaluate("window.announced.splice(0)")]

    async def read(self, selector: str) -> list[str]:
        """The lines of what is below the element, indented by landmark."""
        found = (await self._session.send("Accessibility.getFullAXTree"))["nodes"]
        self._nodes = {node["nodeId"]: _node(node) for node in found}
        document = await self._session.send("DOM.getDocument", {"depth": 0})
        element = await self._session.send(
            "DOM.querySelector", {"nodeId": document["root"]["nodeId"], "selector": selector}
        )
        described = await self._session.send("DOM.describeNode", {"nodeId": element["nodeId"]})
        backend = described["node"]["backendNodeId"]
        top = next(node["nodeId"] for node in found if node.get("backendDOMNodeId") == backend)
        return [settled(line) for line in self._lines(top, 0)]

    def _lines(self, number: str, depth: int) -> Iterator[str]:
        node = self._nodes.get(number)
        if node is None or (not node.ignored and node.role == "ListMarker"):
            return
        indent = "  " * depth
        if not node.ignored and node.role == "StaticText":
            yield from (f"{indent}{line.strip()}" for line in node.name.splitlines() if line.strip())
        elif not node.ignored and node.role in LEAVES:
            yield indent + _said(node)
        elif not node.ignored and node.role in BLOCKS and (text := self._text(number)) is not None:
            yield f"{indent}{'- ' if node.role == 'listitem' else ''}{text}"
        else:
            landmark = not node.ignored and node.role in LANDMARKS and (node.name or node.role in SAID_ALWAYS)
            if landmark:
                yield indent + _said(node)
            for child in node.children:
                yield from self._lines(child, depth + bool(landmark))

    def _text(self, number: str) -> str | None:
        """The text of a block in one line, a dot between what stands apart; None when it holds more than text."""
        parts = list(self._parts(number))
        if None in parts:
            return None
        line = ""
        for part in filter(None, parts):
            apart = line and not re.search(r"[\s(“\"'/-]$", line) and re.match(r"[\w“\"]", part)
            line += f" · {part}" if apart else part
        return re.sub(r"\s+", " ", line).strip()

    def _parts(self, number: str) -> Iterator[str | None]:
        node = self._nodes.get(number)
        if node is None or node.role in {"ListMarker", "InlineTextBox"}:
            return
        if not node.ignored and node.role == "StaticText":
            yield node.name
        elif not node.ignored and (node.role in LEAVES or node.role in LANDMARKS):
            yield None
        else:
            for child in node.children:
                yield from self._parts(child)


def _node(node: Mapping[str, Any]) -> _Node:
    return _Node(
        role=str(node.get("role", {}).get("value", "")),
        name=str(node.get("name", {}).get("value", "")),
        value=str(node.get("value", {}).get("value", "")),
        states={one["name"]: one["value"].get("value") for one in node.get("properties", [])},
        children=list(node.get("childIds", [])),
        ignored=bool(node.get("ignored")),
    )


def _said(node: _Node) -> str:
    """One line: what it is, its name, its value, its states."""
    role = f"heading {node.states.get('level')}" if node.role == "heading" else node.role
    value = (
        f" = {node.value!r}"
        if node.value and node.role in {"textbox", "combobox", "meter", "splitter", "slider"}
        else ""
    )
    states = [_state(name, node.states[name]) for name in STATES if name in node.states]
    return f"{role}: {node.name}{value}{''.join(states)}".rstrip()


def _state(name: str, value: object) -> str:
    if name in {"checked", "pressed", "expanded"}:
        return f", {'' if str(value) in {'true', 'True'} else 'not '}{name}"
    return f", {name}" if str(value) in {"true", "True"} else ""


def settled(text: str) -> str:
    """Without what differs from one run to the next."""
    for pattern, stands in VARYING:
        text = pattern.sub(stands, text)
    return text
