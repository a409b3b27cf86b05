"""Reactions of the service learning to the events of others. They hand long work to jobs."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from codezest.events.auth import DataExportRequested, UserDeleted
from codezest.events.learning import MaterialCompleted, ModuleCompleted, QuizSubmitted, SolutionGraded
from codezest.kit.database import Database
from codezest.kit.files import Files
from codezest.kit.jobs import Job, Payload, enqueue
from codezest.kit.outbox import Subscription
from codezest.kit.settings import Settings
from codezest.services.learning import analysing, inviting
from codezest.services.learning.actions.award_badges import award_badges
from codezest.services.learning.actions.export_data import export_data
from codezest.services.learning.actions.forget_learner import forget_learner, is_work_unfinished

EXPORT_PART = "learning.export_part"
FORGET_LEARNER = "learning.forget_learner"
ACHIEVEMENTS = (MaterialCompleted.topic, SolutionGraded.topic, QuizSubmitted.topic, ModuleCompleted.topic)
"""After which a badge may have been earned."""
LATER = timedelta(minutes=10)


def subscriptions(database: Database) -> list[Subscription]:
    """What the service wants to be told."""

    async def write_part(event: dict[str, Any]) -> None:
        wanted = {"user_id": event["user_id"], "export_id": event["export_id"]}
        async with database.write("learning") as session:
            await enqueue(session, EXPORT_PART, wanted, dedupe_key=f"{EXPORT_PART}:{event['export_id']}")

    async def forget(event: dict[str, Any]) -> None:
        async with database.write("learning") as session:
            await enqueue(session, FORGET_LEARNER, {"user_id": event["user_id"]})

    async def award(event: dict[str, Any]) -> None:
        async with database.write("learning") as session:
            await award_badges(session, UUID(event["user_id"]))

    return [
        *(Subscription(topic, f"{topic}.award", award) for topic in ACHIEVEMENTS),
        Subscription(DataExportRequested.topic, "learning.export_part", write_part),
        Subscription(UserDeleted.topic, "learning.forget_learner", forget),
        *inviting.subscriptions(database),
        *analysing.subscriptions(database),
    ]


def jobs(database: Database, settings: Settings) -> list[Job]:
    """The work that these reactions ask for."""
    files = Files.of(settings)

    async def write_part(payload: Payload) -> None:
        await export_data(database, files, user_id=UUID(payload["user_id"]), export_id=UUID(payload["export_id"]))

    async def forget(payload: Payload) -> None:
        user_id = UUID(payload["user_id"])
        while True:
            async with database.write("learning") as session:
                if await forget_learner(session, user_id) > 0:
                    continue
                if await is_work_unfinished(session, user_id):
                    await enqueue(session, FORGET_LEARNER, {"user_id": user_id}, delay=LATER)
                return

    return [Job(EXPORT_PART, write_part), Job(FORGET_LEARNER, forget), *analysing.jobs(database, settings)]
