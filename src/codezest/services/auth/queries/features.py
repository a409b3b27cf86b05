"""The settings of the platform with all that administrators need to change one."""

from typing import Any, get_args

from codezest.kit.actor import Actor
from codezest.kit.database import Pool
from codezest.kit.features import DEFAULTS, FeatureSettings
from codezest.services.auth.errors import FeatureNotFound
from codezest.services.auth.schemas.administration import FeatureOut

SETTINGS = """
SELECT f.key, f.value, f.revision, f.updated_at, f.updated_by, btrim(u.first_name || ' ' || u.last_name) AS updated_by_name
FROM auth.feature_settings f LEFT JOIN auth.users u ON u.id = f.updated_by AND u.deleted_at IS NULL
"""


async def features(pool: Pool, actor: Actor) -> list[FeatureOut]:
    """All of them, in the order of the registry.

    Raises:
        Unauthenticated, Forbidden: the actor is no administrator.
    """
    actor.require_admin()
    rows = {row["key"]: row for row in await pool.fetch(SETTINGS)}
    current = FeatureSettings.of({key: row["value"] for key, row in rows.items()})
    found: list[FeatureOut] = []
    for key, field in FeatureSettings.model_fields.items():
        row = rows.get(key)
        about: Any = field.json_schema_extra
        found.append(
            FeatureOut(
                key=key,
                value=getattr(current, key),
                default=getattr(DEFAULTS, key),
                description=field.description or "",
                read_by=about["read_by"],
                choices=[str(one) for one in get_args(field.annotation) if isinstance(one, str)] or None,
                revision=row["revision"] if row else 0,
                updated_at=row["updated_at"] if row else None,
                updated_by=row["updated_by"] if row else None,
                updated_by_name=row["updated_by_name"] if row else None,
            )
        )
    return found


async def feature(pool: Pool, actor: Actor, key: str) -> FeatureOut:
    """One of them.

    Raises:
        Unauthenticated, Forbidden: the actor is no administrator.
        FeatureNotFound: there is none of this key.
    """
    for one in await features(pool, actor):
        if one.key == key:
            return one
    raise FeatureNotFound
