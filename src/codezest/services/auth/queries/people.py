"""What others may see of a person."""

from codezest.kit.actor import Actor
from codezest.kit.database import Pool
from codezest.services.auth.errors import PersonNotFound
from codezest.services.auth.schemas.people import InstructorOut, LanguageProgress, PersonOut
from codezest_db.enums import ProfileVisibility

# The streak is the run of days, as the person's clock has them, that ends today or yesterday.
PERSON = """
SELECT u.id AS user_id, btrim(u.first_name || ' ' || u.last_name) AS name, u.role, u.created_at AS joined_at,
       CASE WHEN p.avatar IS NOT NULL THEN '/avatars/' || p.avatar || '.webp' END AS avatar_url, p.handle::text AS handle, p.visibility,
       p.bio, p.location, p.website, p.github_url, p.linkedin_url, p.twitter_url,
       CASE WHEN p.shows_progress THEN (
           SELECT coalesce(jsonb_agg(to_jsonb(l) - 'user_id' ORDER BY l.progress_percent DESC, l.language_name), '[]')
           FROM learning.public_progress l WHERE l.user_id = u.id
       ) END AS languages,
       CASE WHEN p.shows_progress THEN (
           SELECT count(DISTINCT a.subject_id) FROM learning.public_activity a WHERE a.user_id = u.id AND a.solved
       ) END AS solved,
       CASE WHEN p.shows_streak THEN (
           SELECT coalesce(max(length), 0) FROM (
               SELECT count(*) AS length, max(day) AS last_day FROM (
                   SELECT day, day - (row_number() OVER (ORDER BY day))::int AS run FROM (
                       SELECT DISTINCT (a.occurred_at AT TIME ZONE u.timezone)::date AS day
                       FROM learning.public_activity a WHERE a.user_id = u.id
                   ) days
               ) numbered GROUP BY run
           ) runs WHERE last_day >= (now() AT TIME ZONE u.timezone)::date - 1
       ) END AS streak,
       CASE WHEN u.role IN ('INSTRUCTOR', 'ADMIN') THEN (
           SELECT jsonb_build_object('bio', i.bio, 'expertise', i.expertise) FROM auth.instructors i
           WHERE i.user_id = u.id AND (i.bio IS NOT NULL OR i.expertise <> '{}')
       ) END AS instructor
FROM auth.user_profiles p JOIN auth.users u ON u.id = p.user_id
WHERE p.handle = $1::citext AND u.deleted_at IS NULL AND u.suspended_at IS NULL AND u.email_verified_at IS NOT NULL
  AND (u.id = $2 OR u.deletion_requested_at IS NULL AND (p.visibility = 'PUBLIC' OR p.visibility = 'MEMBERS' AND $2 IS NOT NULL))
"""


async def person(pool: Pool, actor: Actor, handle: str) -> PersonOut:
    """The person of a handle, as the actor may see them.

    Raises:
        PersonNotFound: there is none, or not for this actor.
    """
    row = await pool.fetchrow(PERSON, handle, actor.user_id)
    if row is None:
        raise PersonNotFound
    languages = row["languages"]
    return PersonOut(
        handle=row["handle"],
        name=row["name"],
        avatar_url=row["avatar_url"],
        bio=row["bio"],
        location=row["location"],
        links=[row[name] for name in ("website", "github_url", "linkedin_url", "twitter_url") if row[name]],
        joined_at=row["joined_at"],
        visibility=ProfileVisibility(row["visibility"]),
        own=row["user_id"] == actor.user_id,
        languages=None if languages is None else [LanguageProgress.model_validate(one) for one in languages],
        solved=row["solved"],
        streak=row["streak"],
        instructor=row["instructor"] and InstructorOut.model_validate(row["instructor"]),
    )


async def introduction_of(pool: Pool, actor: Actor) -> InstructorOut:
    """How the caller introduces themselves; empty while they have said nothing.

    Raises:
        Unauthenticated, Forbidden: the caller teaches nothing.
    """
    row = await pool.fetchrow("SELECT bio, expertise FROM auth.instructors WHERE user_id = $1", actor.require_author())
    return InstructorOut.model_validate(dict(row)) if row else InstructorOut(bio=None, expertise=[])
