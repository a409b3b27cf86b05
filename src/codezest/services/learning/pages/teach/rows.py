"""Fields that stand in rows, such as tests or options: `t-0-name`, `t-1-name`. Rows are added, copied, moved and removed by
buttons of the form, which sends everything that was typed and shows it again.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from codezest.services.learning.pages.forms import shown_again
from codezest.services.learning.pages.teach.forms import Sent

Row = dict[str, str]
Rows = list[Row]


@dataclass(frozen=True, slots=True)
class RowKind:
    """Rows of one kind: the letter their fields begin with, the names of their fields, how many there may be."""

    letter: str
    names: Sequence[str]
    most: int
    blank: Mapping[str, str] = field(default_factory=dict[str, str])
    """What stands in a new row."""

    def new(self) -> Row:
        return {name: self.blank.get(name, "") for name in self.names}

    def typed(self, form: Sent) -> Rows:
        """What was sent, in order. A box that is not ticked is an empty text."""
        pattern = re.compile(rf"{self.letter}-(\d{{1,3}})-(?:{'|'.join(self.names)})")
        places = sorted({int(found[1]) for name in form.texts if (found := pattern.fullmatch(name))})
        return [
            {name: shown_again(form.text(f"{self.letter}-{place}-{name}")) for name in self.names}
            for place in places[: self.most]
        ]

    def edited(self, rows: Rows, wanted: str) -> tuple[Rows, int | None]:
        """What the pressed button makes of the rows, and the place of the row to go on with; None: it is not for these rows.

        Args:
            rows: as they were typed.
            wanted: the button's value: `add:t`, or `up:t:3`, `down:…`, `copy:…`, `remove:…`, or `move:t:3:0` with the place to go to.
        """
        verb, _colon, rest = wanted.partition(":")
        letter, _colon, at = rest.partition(":")
        if letter != self.letter:
            return rows, None
        room = len(rows) < self.most
        if verb == "add":
            return ([*rows, self.new()], len(rows)) if room else (rows, None)
        at, _colon, to_text = at.partition(":")
        if not (at.isascii() and at.isdigit() and int(at) < len(rows)):
            return rows, None
        place, rows = int(at), list(rows)
        if verb == "remove":
            del rows[place]
            return rows, min(place, len(rows) - 1) if rows else None
        if verb == "copy" and room:
            rows.insert(place + 1, dict(rows[place]))
            return rows, place + 1
        dropped = int(to_text) if to_text.isascii() and to_text.isdigit() else place
        to = {"up": place - 1, "down": place + 1, "move": dropped}.get(verb, place)
        to = min(max(to, 0), len(rows) - 1)
        rows.insert(to, rows.pop(place))
        return rows, to


def pairs_of(names: Sequence[str], chosen: str) -> list[tuple[str, str]]:
    """Names to choose from, and the one that is chosen even where there is none of that name any more."""
    every: list[str] = [*names, chosen] if chosen else list(names)
    return [(name, name) for name in dict.fromkeys(every)]
