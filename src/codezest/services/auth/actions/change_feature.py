"""Change a setting of the platform."""

from typing import Any

from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.kit import features
from codezest.kit.actor import Actor
from codezest.kit.errors import ValidationFailed
from codezest.kit.i18n import gettext as _
from codezest.services.auth import policies, repository
from codezest.services.auth.errors import FeatureChangedElsewhere, FeatureNotFound
from codezest.services.auth.rules import Origin
from codezest_db.models.auth import FeatureSetting


async def change_feature(
    session: AsyncSession, actor: Actor, key: str, *, value: Any, revision: int, origin: Origin
) -> int:
    """Store a value in place of the one of `revision` (0: never set); returns the new revision.

    Raises:
        Unauthenticated, Forbidden: the actor is no administrator.
        FeatureNotFound: there is no such setting.
        ValidationFailed: the value does not fit.
        FeatureChangedElsewhere: somebody has changed it since that revision.
    """
    user_id = actor.require_admin()
    try:
        checked = features.checked(key, value)
    except KeyError:
        raise FeatureNotFound from None
    except ValidationError as error:
        raise ValidationFailed.of("value", _readable(error)) from None
    actors = await repository.users_for_update(session, user_id)
    policies.require_standing_admin(actors.get(user_id))
    former = await session.scalar(select(FeatureSetting).where(FeatureSetting.key == key).with_for_update())
    if former is None:
        made = await session.scalar(
            insert(FeatureSetting)
            .values(key=key, value=checked, updated_by=user_id)
            .on_conflict_do_nothing(index_elements=["key"])
            .returning(FeatureSetting.revision)
        )
        if revision != 0 or made is None:
            raise FeatureChangedElsewhere(revision=0 if made is not None else 1)
        before: Any = getattr(features.DEFAULTS, key)
    else:
        if former.revision != revision:
            raise FeatureChangedElsewhere(revision=former.revision)
        before, former.value = former.value, checked
        former.revision += 1
        former.updated_by = user_id
        await session.flush()
    repository.audit(
        session,
        "feature.changed",
        actor_user_id=user_id,
        subject_type="feature",
        subject_id=None,
        origin=origin,
        key=key,
        before=before,
        after=checked,
    )
    return revision + 1


def _readable(error: ValidationError) -> str:
    found = error.errors(include_url=False)[0]
    if found["type"] == "string_too_long":
        return _("Use at most %(most)s characters.") % {"most": features.LONGEST_NOTICE}
    return _("Choose one of the values on offer.")
