"""The editor of a rubric as fields: criteria and levels by their place; what has no title is left out when it is saved."""

import re
from collections.abc import Sequence
from typing import Any

from codezest.kit.i18n import gettext as _
from codezest.services.learning.pages.teach.forms import FormRefused, Sent, read, text_or_none, whole_number
from codezest.services.learning.schemas.rubrics import RubricChange

MOST_CRITERIA, MOST_LEVELS = 20, 9
BLANK_LEVELS = 3
_PLACE = re.compile(r"c-(\d{1,2})-title")
_LEVEL = re.compile(r"l-(\d{1,2})-(\d)-title")
Draft = list[dict[str, Any]]


def draft_of(criteria: Sequence[dict[str, Any]]) -> Draft:
    """The fields of a rubric that is kept; of a new one, room for a criterion."""
    kept = [dict(one) for one in criteria]
    return kept or [blank_criterion()]


def blank_criterion() -> dict[str, Any]:
    return {"id": "", "title": "", "description": "", "levels": [blank_level() for _place in range(BLANK_LEVELS)]}


def blank_level() -> dict[str, Any]:
    return {"id": "", "title": "", "description": "", "points": ""}


def draft_in(sent: Sent) -> Draft:
    """The fields as they were typed, and what the pressed button does to them."""
    places = sorted(int(found[1]) for name in sent.texts if (found := _PLACE.fullmatch(name)))
    draft: Draft = []
    for place in places[:MOST_CRITERIA]:
        levels = sorted(
            int(found[2]) for name in sent.texts if (found := _LEVEL.fullmatch(name)) and int(found[1]) == place
        )
        draft.append(
            {
                **{key: sent.text(f"c-{place}-{key}") for key in ("id", "title", "description")},
                "levels": [
                    {key: sent.text(f"l-{place}-{level}-{key}") for key in ("id", "title", "description", "points")}
                    for level in levels[:MOST_LEVELS]
                ],
            }
        )
    return _edited(draft, sent.text("do"))


def _edited(draft: Draft, wanted: str) -> Draft:
    verb, _colon, place = wanted.partition(":")
    at = int(place) if place.isdigit() and int(place) < len(draft) else None
    if verb == "criterion" and len(draft) < MOST_CRITERIA:
        draft.append(blank_criterion())
    elif verb == "level" and at is not None and len(draft[at]["levels"]) < MOST_LEVELS:
        draft[at]["levels"].append(blank_level())
    elif verb == "remove" and at is not None:
        del draft[at]
    elif verb == "up" and at:
        draft[at - 1], draft[at] = draft[at], draft[at - 1]
    return draft


def rubric_in(title: str, draft: Draft) -> RubricChange:
    """The rubric of the fields.

    Raises:
        FormRefused: names the field.
    """
    criteria: list[dict[str, Any]] = []
    for place, one in enumerate(draft):
        levels = [
            {
                "id": text_or_none(level["id"]),
                "title": level["title"].strip(),
                "description": level["description"].strip(),
                "points": _points(f"l-{place}-{number}-points", str(level["points"])),
            }
            for number, level in enumerate(one["levels"])
            if level["title"].strip()
        ]
        if not one["title"].strip():
            if levels:
                raise FormRefused([(f"c-{place}-title", _("Give the criterion a title."))])
            continue
        if not levels:
            raise FormRefused(
                [(f"l-{place}-0-title", _("Give “%(title)s” a level.") % {"title": one["title"].strip()})]
            )
        criteria.append(
            {
                "id": text_or_none(one["id"]),
                "title": one["title"].strip(),
                "description": one["description"].strip(),
                "levels": levels,
            }
        )
    if not criteria:
        raise FormRefused([("c-0-title", _("Write at least one criterion."))])
    return read(RubricChange, {"title": title.strip(), "criteria": criteria})


def _points(name: str, text: str) -> int:
    points = whole_number(name, text)
    if points is None:
        raise FormRefused([(name, _("Say how many points this level gives."))])
    if not 0 <= points <= 1_000:
        raise FormRefused([(name, _("Use a number from 0 to 1,000."))])
    return points
