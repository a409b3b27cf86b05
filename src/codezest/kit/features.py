"""Settings that administrators change while the program runs: typed, with a default for each, read in every service.

They are rows of `auth.feature_settings`; every service reads them through the view `auth.features`. What a web process
shows on each page it keeps for a few seconds (`Features`); an action that obeys a setting reads it where it acts.
"""

import contextlib
import hashlib
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import asyncpg
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from codezest.kit.database import DATABASE_ERRORS, Pool

KEPT_SECONDS = 5.0
"""How long a web process may show what was set before."""
# As text, because a connection beneath a session decodes JSON otherwise than a pool.
READ = "SELECT key, value::text FROM auth.features"
LONGEST_NOTICE = 500

Registration = Literal["OPEN", "INVITE_ONLY", "CLOSED"]
NoticeText = Annotated[str, StringConstraints(strip_whitespace=True, max_length=LONGEST_NOTICE)]


class FeatureSettings(BaseModel):
    """Every setting. The description says what it does, `read_by` where it takes effect."""

    model_config = ConfigDict(extra="ignore", frozen=True, strict=True)

    registration: Registration = Field(
        default="OPEN",
        description="Who may have a new account: everybody, those whom an administrator invites, or nobody.",
        json_schema_extra={"read_by": "registration, login with other accounts, invitations"},
    )
    self_enrollment: bool = Field(
        default=True,
        description="Whether learners may join courses by themselves; otherwise with a code or through staff only.",
        json_schema_extra={"read_by": "enrolment"},
    )
    reviews: bool = Field(
        default=True,
        description="Whether learners may rate and review courses.",
        json_schema_extra={"read_by": "courses"},
    )
    model_analysis: bool = Field(
        default=True,
        description="Whether work may be sent to the configured language model for analysis.",
        json_schema_extra={"read_by": "analysis"},
    )
    announcement: NoticeText = Field(
        default="",
        description="Shown on every page until its reader closes it. Empty shows nothing.",
        json_schema_extra={"read_by": "every page"},
    )
    maintenance_notice: NoticeText = Field(
        default="",
        description="A warning on every page, such as of a time at which the platform is down. Empty shows nothing.",
        json_schema_extra={"read_by": "every page"},
    )

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> "FeatureSettings":
        """What is stored; where that fits no longer, the default."""
        try:
            return cls.model_validate(stored)
        except ValidationError as error:
            wrong = {str(item["loc"][0]) for item in error.errors()}
            return cls.model_validate({key: value for key, value in stored.items() if key not in wrong})


@dataclass(frozen=True, slots=True)
class Notice:
    """What stands above every page. `key` is another one for each text: whoever closed one sees the next."""

    key: str
    tone: Literal["warn", "info"]
    text: str


def notices_of(settings: FeatureSettings) -> list[Notice]:
    """The notices that are set, the more urgent first."""
    texts: tuple[tuple[Literal["warn", "info"], str], ...] = (
        ("warn", settings.maintenance_notice),
        ("info", settings.announcement),
    )
    return [
        Notice(hashlib.sha256(f"{tone}:{text}".encode()).hexdigest()[:12], tone, text) for tone, text in texts if text
    ]


DEFAULTS = FeatureSettings()
KEYS = tuple(FeatureSettings.model_fields)


def checked(key: str, value: Any) -> Any:
    """The value of a setting as it is stored.

    Raises:
        KeyError: there is no such setting.
        ValidationError: it does not fit its type.
    """
    if key not in FeatureSettings.model_fields:
        raise KeyError(key)
    return getattr(FeatureSettings.model_validate({key: value}), key)


async def feature_settings(reader: Pool | asyncpg.Connection) -> FeatureSettings:
    """The settings as they are now; `reader` may be the pool or the connection of any service."""
    rows = await reader.fetch(READ)
    return FeatureSettings.of({row["key"]: json.loads(row["value"]) for row in rows})


class Features:
    """The settings as one process knows them. `known` may be `KEPT_SECONDS` old, or older while the database is away."""

    def __init__(self, pool: Pool | None) -> None:
        self._pool = pool
        self._read_at = float("-inf")
        self.known = DEFAULTS

    async def refresh(self) -> FeatureSettings:
        """Look again if it is time to."""
        moment = time.monotonic()
        if self._pool is None or moment - self._read_at < KEPT_SECONDS:
            return self.known
        self._read_at = moment  # before waiting: of many requests at once one asks
        # What was known a moment ago is the best there is without a database; the request itself will say what is wrong.
        with contextlib.suppress(*DATABASE_ERRORS):
            self.known = await feature_settings(self._pool)
        return self.known

    def forget(self) -> None:
        """Look again at the next occasion, as after a change made in this process."""
        self._read_at = float("-inf")
