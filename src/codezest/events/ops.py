"""What whoever looks after the platform does to the events themselves."""

from dataclasses import dataclass
from typing import ClassVar, Literal
from uuid import UUID

from codezest.kit.outbox import Event


@dataclass(frozen=True, slots=True)
class GivenUpEventSettled(Event):
    """An administrator has had an event that failed too often tried again, or has discarded it."""

    topic: ClassVar[str] = "ops.given_up_event_settled"

    actor_user_id: UUID
    outbox_id: UUID
    about: str
    act: Literal["RETRIED", "DISCARDED"]
