"""`codezest reference`: the pages that are generated, so that they cannot be wrong."""

import argparse
import dataclasses
import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import codezest.events
import codezest.gateway
import codezest.services
from codezest.kit.errors import AppError
from codezest.kit.outbox import Event
from codezest.kit.settings import Settings


def _modules(package: ModuleType) -> Iterator[ModuleType]:
    for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        yield importlib.import_module(found.name)


def _subclasses(base: type) -> Iterator[type]:
    for child in base.__subclasses__():
        yield child
        yield from _subclasses(child)


def settings_page() -> str:
    """Every setting with its default and meaning."""
    lines = [
        "# Settings",
        "",
        "Read from the environment by every process.",
        "",
        "| variable | default | meaning |",
        "|---|---|---|",
    ]
    for name, field in Settings.model_fields.items():
        default = f"`{field.default}`" if field.default not in {"", None} else "empty"
        lines.append(f"| `CODEZEST_{name.upper()}` | {default} | {field.description} |")
    return "\n".join(lines) + "\n"


def errors_page() -> str:
    """Every problem the API may answer with."""
    for package in (codezest.services, codezest.gateway):
        for _ in _modules(package):
            pass
    rows = {(error.status, error.code, error.title) for error in _subclasses(AppError) if issubclass(error, AppError)}
    lines = [
        "# Errors",
        "",
        "Errors are `application/problem+json` (RFC 9457). `type` is `urn:codezest:problem:` and the code; it never changes.",
        "",
        "| status | code | title |",
        "|---|---|---|",
        *(f"| {status} | `{code}` | {title} |" for status, code, title in sorted(rows)),
    ]
    return "\n".join(lines) + "\n"


def events_page() -> str:
    """Every event with its fields."""
    for _ in _modules(codezest.events):
        pass
    lines = [
        "# Events",
        "",
        "Written to `ops.outbox` in the transaction that makes them true; relayed at least once.",
        "",
    ]
    events: list[type[Any]] = sorted(_subclasses(Event), key=lambda event: getattr(event, "topic", ""))
    for event in events:
        fields = ", ".join(
            f"`{field.name}`: {getattr(field.type, '__name__', field.type)}" for field in dataclasses.fields(event)
        )
        lines += [
            f"## `{getattr(event, 'topic', '')}`",
            "",
            inspect.getdoc(event) or "",
            "",
            f"Fields: {fields or 'none'}.",
            "",
        ]
    return "\n".join(lines).rstrip() + "\n"


def commands_page() -> str:
    """Every command as its own help says."""
    from codezest.cli.main import command_summaries

    lines = ["# Commands", "", "| command | what it does |", "|---|---|"]
    lines += [f"| `codezest {name}` | {summary} |" for name, summary in command_summaries()]
    return "\n".join(lines) + "\n"


PAGES = {
    "settings.md": settings_page,
    "errors.md": errors_page,
    "events.md": events_page,
    "commands.md": commands_page,
}


def reference(arguments: argparse.Namespace) -> int:
    """Write every generated page into the folder."""
    arguments.output.mkdir(parents=True, exist_ok=True)
    for name, page in PAGES.items():
        (arguments.output / name).write_text(page())
        print(arguments.output / name)
    return 0
