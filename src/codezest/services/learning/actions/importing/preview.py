"""What an import would do or did, as its row keeps it."""

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from codezest.services.learning.actions.importing.carry_out import Outcome
from codezest.services.learning.actions.importing.note_changes import Changes
from codezest.services.learning.content.adopt import Adopted
from codezest.services.learning.content.problems import Problem
from codezest.services.learning.content.report import Thing


def by_outcome(outcome: Outcome) -> dict[str, list[Thing]]:
    found: dict[str, list[Thing]] = {"CREATED": [], "CHANGED": [], "REMOVED": []}
    for thing in outcome.report.things:
        found[thing.outcome].append(thing)
    return found


def preview_of(outcome: Outcome, adopted: Adopted, *, files: int) -> dict[str, Any]:
    """As `learning.imports.preview` holds it, without what changes in each thing: see `with_changes`."""
    return {
        "title": adopted.tree.title,
        "things": [
            {
                "kind": thing.kind,
                "id": str(thing.id),
                "title": thing.title,
                "outcome": thing.outcome,
                "work": outcome.work.get(thing.id, 0),
            }
            for things in by_outcome(outcome).values()
            for thing in things
        ],
        "unchanged": outcome.report.unchanged,
        "files": files,
        "warnings": outcome.warnings,
        "advice": [plain(problem) for problem in adopted.advice],
    }


def with_changes(preview: Mapping[str, Any], changes: Mapping[tuple[str, UUID], Changes]) -> dict[str, Any]:
    """The preview with the fields that change."""
    things: list[dict[str, Any]] = []
    for thing in preview["things"]:
        noted = changes.get((thing["kind"], UUID(thing["id"]))) if thing["outcome"] == "CHANGED" else None
        fields = [one.model_dump(mode="json") for one in noted.fields] if noted else []
        things.append(thing | {"fields": fields, "more_fields": bool(noted and noted.more)})
    return {**preview, "things": things}


def is_agreed(made: Mapping[str, Any], shown: Mapping[str, Any] | None) -> bool:
    """Whether what is about to happen is what the sender was shown: the same things, and the same warnings."""
    return shown is not None and _agreed_to(made) == _agreed_to(shown)


def _agreed_to(preview: Mapping[str, Any]) -> str:
    # Learners hand in work all the time: how much there is may differ.
    things = [[thing[name] for name in ("kind", "id", "title", "outcome")] for thing in preview["things"]]
    return json.dumps([things, preview["warnings"], preview["files"]], sort_keys=True)


def plain(problem: Problem) -> dict[str, Any]:
    return {"path": problem.path, "line": problem.line, "message": problem.message}
