"""What analyses have the worker do: the one place that ties events and jobs to their actions."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from codezest.events.learning import QuizSubmitted, SolutionGraded, SolutionRegraded
from codezest.kit.database import Database
from codezest.kit.features import feature_settings
from codezest.kit.jobs import Job, Payload, Recurring
from codezest.kit.outbox import Subscription
from codezest.kit.settings import Settings
from codezest.services.learning.actions.analysis.analyse_attempt import analyse_attempt
from codezest.services.learning.actions.analysis.analyse_submission import analyse_submission
from codezest.services.learning.actions.analysis.note_failure import note_failure
from codezest.services.learning.actions.analysis.queue_analysis import (
    ANALYSE,
    begin_automatic,
    enqueue_automatic,
    resume_analyses,
)
from codezest.services.learning.analysers.chosen import Analysers


def subscriptions(database: Database) -> list[Subscription]:
    """What is analysed when."""

    async def begin(event: dict[str, Any]) -> None:
        async with database.write("learning") as session:
            await enqueue_automatic(session, UUID(event["submission_id"]))

    async def note(event: dict[str, Any]) -> None:
        async with database.write("learning") as session:
            await note_failure(session, UUID(event["submission_id"]))

    async def analyse_quiz(event: dict[str, Any]) -> None:
        async with database.write("learning") as session:
            await analyse_attempt(session, UUID(event["attempt_id"]))

    return [
        Subscription(SolutionGraded.topic, "learning.begin_analysis", begin),
        Subscription(SolutionGraded.topic, "learning.note_failure", note),
        Subscription(SolutionRegraded.topic, "learning.note_regraded_failure", note),
        Subscription(QuizSubmitted.topic, "learning.analyse_attempt", analyse_quiz),
    ]


def jobs(database: Database, settings: Settings, analysers: Analysers | None = None) -> list[Job]:
    """The analysis of one submission: of one that was asked for, or by itself after grading."""
    configured = analysers or Analysers.of(settings)

    async def analyse(payload: Payload) -> None:
        submission_id = UUID(payload["submission_id"])
        allowed = (await feature_settings(database.pool("learning"))).model_analysis
        chosen = configured if allowed else replace(configured, endpoint=None)
        if payload.get("automatic"):
            async with database.write("learning") as session:
                if not await begin_automatic(session, submission_id, by_model=chosen.endpoint is not None):
                    return
        await analyse_submission(database, settings, chosen, submission_id)

    return [Job(ANALYSE, analyse, in_bulk=True)]


def recurring(database: Database) -> list[Recurring]:
    """What looks after analyses that nobody makes."""

    async def resume() -> None:
        async with database.write("learning") as session:
            await resume_analyses(session)

    return [Recurring("learning.resume_analyses", "*/10 * * * *", resume)]
