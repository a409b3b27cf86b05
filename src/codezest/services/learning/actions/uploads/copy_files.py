"""Ask for files of the store to be copied, once the rows that name the copies are there."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from codezest.kit.jobs import enqueue

COPY_FILES = "learning.copy_files"
"""The job that copies files within the store. Payload: pairs, of keys."""
PAIRS = 200
"""Of one job."""


async def ask_for_copies(session: AsyncSession, pairs: Sequence[tuple[str, str]]) -> None:
    """Ask, in this transaction, for what each first key names to lie under the second as well."""
    for start in range(0, len(pairs), PAIRS):
        await enqueue(session, COPY_FILES, {"pairs": list(pairs[start : start + PAIRS])})
