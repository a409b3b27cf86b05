"""Which fields of something differ between two of its snapshots, part by part. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from codezest.services.learning.queries.versions import PARTS

UNSAID = frozenset({"id", "position", "question_id", "course_id"})
"""They say which part it is and where it stands."""
LONGEST_TITLE = 80


@dataclass(frozen=True, slots=True)
class Part:
    """A question, option or test."""

    sort: str
    """A key of `PARTS`."""
    number: int
    """From 1; 0 where there is no order."""
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldChange:
    within: tuple[Part, ...] = ()
    """From the outside in; empty for a field of the thing itself."""
    name: str | None
    """None for the last part of `within` as a whole."""
    outcome: Literal["CREATED", "CHANGED", "REMOVED", "MOVED"] = "CHANGED"
    old: Any = None
    new: Any = None


def changed_fields(
    before: Mapping[str, Any], after: Mapping[str, Any], *, within: tuple[Part, ...] = ()
) -> Iterator[FieldChange]:
    """What differs, in the order of `after`. A field that one of them lacks came with a release since then, and is left out."""
    for name, new in after.items():
        if name in UNSAID or name not in before or before[name] == new:
            continue
        if name in PARTS:
            yield from _parts(name, before[name] or (), new or (), within)
        else:
            yield FieldChange(within=within, name=name, old=before[name], new=new)


def part_of(sort: str, values: Mapping[str, Any], number: int = 0) -> Part:
    """As it is called."""
    return Part(sort, number, " ".join(str(values.get(PARTS[sort]) or "").split())[:LONGEST_TITLE])


def _parts(
    sort: str, before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]], within: tuple[Part, ...]
) -> Iterator[FieldChange]:
    old, new = _by_key(sort, before), _by_key(sort, after)
    for number, (key, values) in enumerate(new.items(), start=1):
        inner = (*within, part_of(sort, values, number))
        if key in old:
            yield from changed_fields(old[key], values, within=inner)
        else:
            yield FieldChange(within=inner, name=None, outcome="CREATED")
    for number, (key, values) in enumerate(old.items(), start=1):
        if key not in new:
            yield FieldChange(within=(*within, part_of(sort, values, number)), name=None, outcome="REMOVED")
    if [key for key in old if key in new] != [key for key in new if key in old]:
        yield FieldChange(within=within, name=sort, outcome="MOVED")


def _by_key(sort: str, parts: Sequence[Mapping[str, Any]]) -> dict[tuple[str, int], Mapping[str, Any]]:
    """By id, or by what it is called where it has none; of the same name, the first is the first."""
    found: dict[tuple[str, int], Mapping[str, Any]] = {}
    seen: dict[str, int] = {}
    for part in parts:
        key = str(part.get("id") or part.get(PARTS[sort]))
        seen[key] = seen.get(key, 0) + 1
        found[key, seen[key]] = part
    return found
