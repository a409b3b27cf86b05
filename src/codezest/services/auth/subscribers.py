"""Reactions of the service auth to the events of others."""

from typing import Any
from uuid import UUID

from codezest.events.learning import DataExportPartWritten
from codezest.kit.database import Database
from codezest.kit.outbox import Subscription
from codezest.services.auth.actions.export_data import part_key, take_part


def subscriptions(database: Database) -> list[Subscription]:
    """What the service wants to be told."""

    async def take_part_of_learning(event: dict[str, Any]) -> None:
        export_id = UUID(event["export_id"])
        # The key is agreed upon, so that no event can name another file.
        async with database.write("auth") as session:
            await take_part(session, export_id, "learning", part_key(export_id, "learning"))

    return [Subscription(DataExportPartWritten.topic, "auth.take_export_part", take_part_of_learning)]
