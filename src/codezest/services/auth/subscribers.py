"""Reactions of the service auth to the events of others."""

from typing import Any
from uuid import UUID

from codezest.events.learning import DataExportPartWritten
from codezest.kit.database import Database
from codezest.kit.outbox import Subscription
from codezest.services.auth.actions.export_data import part_key, take_part
from codezest.services.auth.actions.keep_act import keep_act
from codezest.services.auth.rules.audited import AUDITED, Audited


def subscriptions(database: Database) -> list[Subscription]:
    """What the service wants to be told."""

    async def take_part_of_learning(event: dict[str, Any]) -> None:
        export_id = UUID(event["export_id"])
        # The key is agreed upon, so that no event can name another file.
        async with database.write("auth") as session:
            await take_part(session, export_id, "learning", part_key(export_id, "learning"))

    def keeping(audited: Audited) -> Subscription:
        async def keep(event: dict[str, Any]) -> None:
            async with database.write("auth") as session:
                await keep_act(session, audited, event)

        return Subscription(audited.event.topic, f"auth.keep_act.{audited.event.topic}", keep)

    return [
        Subscription(DataExportPartWritten.topic, "auth.take_export_part", take_part_of_learning),
        *map(keeping, AUDITED),
    ]
