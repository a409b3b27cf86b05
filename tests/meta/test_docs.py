"""What the documents name exists: links, make targets, commands, settings, decisions.

Each rule is a function from a text to what is wrong with it, proven below on samples that break it.
"""

import itertools
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from codezest.cli.main import command_summaries
from codezest.kit.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
ADR = ROOT / "docs" / "adr"
ADR_HEADINGS = ["Context", "Decision", "Alternatives", "Consequences"]
MARKDOWN = MarkdownIt("gfm-like", {"linkify": False})

DOCUMENTS = sorted(
    [
        *ROOT.glob("*.md"),
        *(ROOT / "docs").rglob("*.md"),
        *(ROOT / "packages").glob("*/*.md"),
        *(path for path in (ROOT / "src").rglob("*.md") if "node_modules" not in path.parts),
        *ROOT.glob("ui/*.md"),
    ]
)


def tokens(text: str) -> Iterator[Token]:
    """Every token of a document, those within paragraphs too."""
    for token in MARKDOWN.parse(text):
        yield token
        yield from token.children or []


def code_of(text: str) -> Iterator[str]:
    """Code within a document: spans, and blocks line by line without prompts and comments."""
    for token in tokens(text):
        if token.type == "code_inline":
            yield token.content
        elif token.type in {"fence", "code_block"}:
            for line in token.content.replace("\\\n", " ").splitlines():
                yield re.sub(r"(^|\s)#\s.*", "", line).removeprefix("$ ")


def anchors_of(text: str) -> set[str]:
    """The fragments under which a document's headings can be linked."""
    found: set[str] = set()
    parsed = MARKDOWN.parse(text)
    for opening, heading in itertools.pairwise(parsed):
        if opening.type == "heading_open":
            words = "".join(child.content for child in heading.children or [])
            found.add(re.sub(r"[^\w\- ]", "", words.lower()).replace(" ", "-"))
    return found


def broken_links(text: str, folder: Path) -> list[str]:
    """Relative links and pictures that lead nowhere; `folder` is where the document stands."""
    broken: list[str] = []
    for token in tokens(text):
        target = token.attrs.get("href") or token.attrs.get("src")
        if not isinstance(target, str) or re.match(r"[a-z]+:", target):
            continue
        path, _, fragment = target.partition("#")
        file = folder / path if path else None
        if path.startswith("/") or (file is not None and not file.exists()):
            broken.append(target)
            continue
        headings = anchors_of(file.read_text() if file is not None else text) if fragment else set[str]()
        if not {fragment} - {""} <= headings:
            broken.append(target)
    return broken


def make_targets() -> set[str]:
    makefile = (ROOT / "Makefile").read_text()
    return set(re.findall(r"^([a-z][a-z-]*):", makefile, re.MULTILINE))


def unknown_targets(text: str, targets: set[str]) -> list[str]:
    """`make x y` in code where x or y is no target."""
    named = [
        found for code in code_of(text) for found in re.findall(r"(?<![\w/-])make((?: [a-z][a-z-]*)+)(?![\w=])", code)
    ]
    return [word for words in named for word in words.split() if word not in targets]


def unknown_commands(text: str, commands: set[str]) -> list[str]:
    """`codezest x y` in code that is no command, and no group of commands."""
    groups = {command.split()[0] for command in commands if " " in command}
    unknown: list[str] = []
    for code in code_of(text):
        for words in re.findall(r"(?<![\w.=-])codezest((?: [a-z][a-z-]*(?![\w.=]))+)", code):
            first, *rest = words.split()
            name = f"{first} {rest[0]}" if first in groups and rest else first
            if name not in commands and name not in groups:
                unknown.append(name)
    return unknown


def unknown_settings(text: str, settings: set[str]) -> list[str]:
    """`CODEZEST_…` anywhere that no field of the settings reads."""
    return [name for name in re.findall(r"CODEZEST_[A-Z][A-Z0-9_]*", text) if name not in settings]


def commands() -> set[str]:
    return {name for name, _ in command_summaries()}


TEST_SWITCHES = {
    "CODEZEST_WRITE_TRANSCRIPTS",
    "CODEZEST_ALLOW_NO_SANDBOX",
    "CODEZEST_CHROMIUM",
    "CODEZEST_MISSING_LANGUAGES",
}
"""What the tests read, and the program does not."""


def settings() -> set[str]:
    return {f"CODEZEST_{name.upper()}" for name in Settings.model_fields} | TEST_SWITCHES


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("document", DOCUMENTS, ids=_name)
def test_links_lead_somewhere(document: Path) -> None:
    assert broken_links(document.read_text(), document.parent) == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=_name)
def test_commands_exist(document: Path) -> None:
    text = document.read_text()
    assert unknown_targets(text, make_targets()) == []
    assert unknown_commands(text, commands()) == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=_name)
def test_settings_exist(document: Path) -> None:
    assert unknown_settings(document.read_text(), settings()) == []


@pytest.mark.parametrize(
    ("text", "broken"),
    [
        ("[x](missing.md)", ["missing.md"]),
        ("![x](images/missing.png)", ["images/missing.png"]),
        ("[x](/README.md)", ["/README.md"]),
        ("[x](there.md#nowhere)", ["there.md#nowhere"]),
        ("# Here\n[x](#nowhere)", ["#nowhere"]),
        ("[x][y]\n\n[y]: missing.md", ["missing.md"]),
        ("[x](there.md)", []),
        ("[x](there.md#a-heading-with-code)", []),
        ("# Here\n[x](#here)", []),
        ("[x](https://example.org/missing.md)", []),
        ("`[x](missing.md)`", []),
    ],
)
def test_a_broken_link_is_found(text: str, broken: list[str], tmp_path: Path) -> None:
    (tmp_path / "there.md").write_text("## A heading, with `code`\n")
    assert broken_links(text, tmp_path) == broken


@pytest.mark.parametrize(
    ("text", "unknown"),
    [
        ("`make nothing`", ["nothing"]),
        ("`make run nothing`", ["nothing"]),
        ("```console\n$ make nothing   # says why\n```", ["nothing"]),
        ("```console\n$ CODEZEST_PORT=1 make nothing\n```", ["nothing"]),
        ("    $ make nothing\n", ["nothing"]),
        ("We make nothing up: `make run`.", []),
        ("```console\n$ make run   # make nothing\n```", []),
    ],
)
def test_an_unknown_target_is_found(text: str, unknown: list[str]) -> None:
    assert unknown_targets(text, {"run", "test"}) == unknown


@pytest.mark.parametrize(
    ("text", "unknown"),
    [
        ("`codezest nothing`", ["nothing"]),
        ("`codezest db nothing`", ["db nothing"]),
        ("```console\n$ .venv/bin/codezest db nothing --fast\n```", ["db nothing"]),
        ('```console\n$ psql "$(codezest db nothing)"\n```', ["db nothing"]),
        ("`codezest serve`, `codezest db url`, `codezest db`, `.venv/bin/codezest db url now`", []),
        ("`codezest_db nothing`, `codezest.db nothing`, `name/codezest codezest.dump`, codezest nothing", []),
    ],
)
def test_an_unknown_command_is_found(text: str, unknown: list[str]) -> None:
    assert unknown_commands(text, {"serve", "db url"}) == unknown


@pytest.mark.parametrize(
    ("text", "unknown"),
    [
        ("Set `CODEZEST_PROT`.", ["CODEZEST_PROT"]),
        ("```\nexport CODEZEST_PORTS=1\n```", ["CODEZEST_PORTS"]),
        ("`CODEZEST_PORT`, and everything that starts with `CODEZEST_`", []),
    ],
)
def test_an_unknown_setting_is_found(text: str, unknown: list[str]) -> None:
    assert unknown_settings(text, {"CODEZEST_PORT"}) == unknown


def test_the_samples_are_read_from_the_real_sources() -> None:
    assert {"run", "test", "check", "bench", "smoke"} <= make_targets()
    assert {"serve", "db url", "content check"} <= commands()
    assert {"CODEZEST_PORT", "CODEZEST_DATABASE_URL"} <= settings()
    assert ROOT / "README.md" in DOCUMENTS


def decisions() -> list[Path]:
    return sorted(path for path in ADR.glob("*.md") if path.name != "README.md")


def test_decisions_are_numbered_without_gaps() -> None:
    assert [path.name[:4] for path in decisions()] == [f"{number:04}" for number in range(1, len(decisions()) + 1)]


def test_decisions_stand_in_their_index_under_their_titles() -> None:
    rows = re.findall(r"^\| \[(\d{4})\]\(([^)]+)\) \| (.+) \|$", (ADR / "README.md").read_text(), re.MULTILINE)
    titles = [path.read_text().splitlines()[0] for path in decisions()]
    assert [(number, name, f"# {number} · {title}") for number, name, title in rows] == [
        (path.name[:4], path.name, title) for path, title in zip(decisions(), titles, strict=True)
    ]


@pytest.mark.parametrize("decision", decisions(), ids=_name)
def test_decisions_have_the_four_parts(decision: Path) -> None:
    headings = re.findall(r"^## (.+)$", decision.read_text(), re.MULTILINE)
    assert headings == ADR_HEADINGS


def test_every_document_is_reachable_from_the_index() -> None:
    waiting, seen = [ROOT / "docs" / "README.md"], set[Path]()
    while waiting:
        page = waiting.pop().resolve()
        if page in seen or page.suffix != ".md" or not page.exists():
            continue
        seen.add(page)
        for token in tokens(page.read_text()):
            href = token.attrs.get("href")
            if isinstance(href, str) and not re.match(r"[a-z]+:", href):
                waiting.append(page.parent / href.partition("#")[0])
    assert sorted(_name(page) for page in (ROOT / "docs").rglob("*.md") if page not in seen) == []
