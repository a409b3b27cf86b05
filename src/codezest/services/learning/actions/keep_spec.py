"""Keep what verdicts are given by, each specification once, so that a verdict can be reproduced long after."""

from collections import OrderedDict
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, event
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.grading import GradingSpec
from codezest.grading.canonical import from_canonical
from codezest.services.learning.actions.name_spec import written
from codezest_db.models.learning import GradingSpecification

REMEMBERED = 4_096
"""Names that a process remembers as kept, so that the usual verdict costs no statement."""

_kept: WeakKeyDictionary[Engine | Connection, OrderedDict[str, None]] = WeakKeyDictionary()
"""By database, the names that are known to be committed. Rows are never deleted, so what is here stays true."""


async def keep_spec(session: AsyncSession, spec: GradingSpec) -> str:
    """Make sure that a specification is kept; returns its name, the SHA-256 of its canonical JSON."""
    found = written(spec)
    name = found.name
    known = _kept.setdefault(session.get_bind(), OrderedDict())
    if name in known:
        known.move_to_end(name)
        return name
    await session.execute(
        insert(GradingSpecification)
        .values(sha256=name, tests_sha256=found.parts.tests, harness_sha256=found.parts.harness, spec=found.canonical)
        .on_conflict_do_nothing()
    )

    # Not before: a transaction that fails takes the row with it.
    def remember(_session: Any) -> None:
        known[name] = None
        while len(known) > REMEMBERED:
            known.popitem(last=False)

    event.listen(session.sync_session, "after_commit", remember, once=True)
    return name


async def kept_spec(session: AsyncSession, name: str) -> GradingSpec:
    """A specification by its name.

    Raises:
        NoResultFound: there is none of this name.
        NotCanonicalError: this release cannot read what an earlier one kept.
    """
    return from_canonical((await session.get_one(GradingSpecification, name)).spec)
