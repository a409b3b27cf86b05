"""Keep a program as it stands in a learner's editor, so that no crash, closed lid or other device costs a line of it.

Every save names the revision that it continues. One that continues an older revision than the one kept would overwrite what
another tab or device has saved, so it is refused with that other draft, and the learner decides.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.kit.actor import Actor
from codezest.kit.database import driver_connection
from codezest.kit.i18n import gettext as _
from codezest.services.learning.actions.submit_solution import check_files
from codezest.services.learning.actions.submit_work import check_text
from codezest.services.learning.errors import DraftConflict, NotRunnable
from codezest.services.learning.policies import access_assignment
from codezest.services.learning.schemas.drafts import DraftDetail
from codezest_db.enums import AssignmentKind
from codezest_db.models.learning import Draft


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftPlace:
    """Whose draft of what: of an assignment, or of a code cell of a material."""

    user_id: UUID
    assignment_id: UUID | None = None
    material_id: UUID | None = None
    cell: str | None = None


async def save_draft(
    session: AsyncSession, actor: Actor, assignment_id: UUID, code: str, *, files: Mapping[str, str], revision: int
) -> DraftDetail:
    """Keep the caller's program of an assignment: `code` is the file that it begins with, `files` the others by path. Where a
    text or files are handed in, `code` is what was written.

    Raises:
        Unauthenticated, NotFound, ContentArchived, NotEnrolled, ModuleLocked: see `policies.admit`.
        CodeTooLarge, NotRunnable, DraftConflict: as they say.
        ValidationFailed: these are no files of this exercise.
    """
    user_id = actor.require_user()
    access = await access_assignment(await driver_connection(session), actor, assignment_id)
    if access.kind is not AssignmentKind.CODE:
        if files:
            raise NotRunnable(_("This assignment is not answered by a program."))
        check_text(code)
    elif access.language is None:
        raise NotRunnable(_("This assignment is not answered by a program."))
    else:
        check_files(access, code, files)
    place = DraftPlace(user_id=user_id, assignment_id=assignment_id)
    return await keep_draft(session, place, code, files=files, revision=revision)


async def keep_draft(
    session: AsyncSession, place: DraftPlace, code: str, *, files: Mapping[str, str], revision: int
) -> DraftDetail:
    """Keep what the caller has checked: size, files, and that the learner may work there.

    A save of what is kept already changes nothing, whatever revision it names: nothing can be lost by it.

    Raises:
        DraftConflict: another revision than the one that it continues is kept, with another program.
    """
    made = await session.scalar(
        insert(Draft)
        .values(
            user_id=place.user_id,
            assignment_id=place.assignment_id,
            material_id=place.material_id,
            cell=place.cell,
            code=code,
            files=dict(files),
        )
        .on_conflict_do_nothing()
        .returning(Draft)
    )
    if made is not None:
        return _shown(made)
    kept = (
        await session.scalars(
            select(Draft)
            .where(
                Draft.user_id == place.user_id,
                Draft.assignment_id.is_not_distinct_from(place.assignment_id),
                Draft.material_id.is_not_distinct_from(place.material_id),
                Draft.cell.is_not_distinct_from(place.cell),
            )
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    ).one()
    if kept.code == code and kept.files == files:
        return _shown(kept)
    if kept.revision != revision:
        raise DraftConflict(_shown(kept).model_dump(mode="json"))
    kept.code, kept.files, kept.revision = code, dict(files), revision + 1
    kept.updated_at = func.clock_timestamp()  # pyright: ignore[reportAttributeAccessIssue] - the database's clock
    await session.flush()
    await session.refresh(kept, ["updated_at"])
    return _shown(kept)


def _shown(draft: Draft) -> DraftDetail:
    return DraftDetail(code=draft.code, files=draft.files, revision=draft.revision, saved_at=draft.updated_at)
