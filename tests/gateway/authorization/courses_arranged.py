"""What requests about whole courses name: ways in, staff, files, versions, what is granted and drawn."""

import re
from typing import Any
from uuid import UUID, uuid4

import asyncpg

from codezest.gateway.app import Application
from fixtures.accounts import client_for

from .rows import API
from .samples import OPTIONS
from .tables import BODIES
from .world import World


async def give_file(path: str, world: World, owner: asyncpg.Connection) -> None:
    """Give the course a file that is used nowhere."""
    course = await owner.fetchval("SELECT course_id FROM learning.modules WHERE id = $1", UUID(world.ids["module_id"]))
    world.ids |= {"slot": "picture", "course_id": str(course)}
    if "{upload_id}" in path:
        world.ids["upload_id"] = str(
            await owner.fetchval(
                """INSERT INTO learning.uploads (course_id, kind, name, media_type, size_bytes, sha256)
                   VALUES ($1, 'ATTACHMENT', 'a.txt', 'text/plain', 1, sha256('x')) RETURNING id""",
                course,
            )
        )

    if "{import_id}" in path:
        world.ids["import_id"] = str(
            await owner.fetchval(
                """INSERT INTO learning.imports (user_id, course_id, target_id, name, size_bytes, by_owner, status)
                   VALUES ($1, $2, $2, 'a.zip', 1, true, 'REFUSED') RETURNING id""",
                world.instructor.id, course,
            )
        )  # fmt: skip


VERSIONED = re.compile(r"/courses/\{course_id\}/(?:export|imports|versions)|/versions/|/imports/")


WAYS_INTO_A_COURSE = re.compile(
    r"/courses/\{course_id\}/(enrolling|codes|cohorts|learners|invitations)|/(codes|cohorts|invitations|reviews)/\{|/join$|/review$"
)


async def give_ways_into_course(route: tuple[str, str], world: World, owner: asyncpg.Connection) -> Any:
    """Give the course a cohort, a code, an invited address and the student's review; returns the body that names one."""
    module = UUID(world.ids["module_id"])
    course = await owner.fetchval("SELECT course_id FROM learning.modules WHERE id = $1", module)
    enrollment = await owner.fetchval(
        "UPDATE learning.enrollments SET completed_items = 1 WHERE course_id = $1 AND user_id = $2 RETURNING id",
        course, world.student.id,
    )  # fmt: skip
    letters = "".join(letter for letter in uuid4().hex.upper() if letter not in "01")[:10].ljust(10, "2")
    made = {
        "cohort_id": ("cohorts (course_id, name, starts_at) VALUES ($1, $2, now())", uuid4().hex),
        "code_id": ("enrollment_codes (course_id, code) VALUES ($1, $2)", letters),
        "invitation_id": ("enrollment_invitations (course_id, email) VALUES ($1, $2)", f"{uuid4().hex}@x.example"),
    }
    for name, (row, value) in made.items():
        world.ids[name] = str(await owner.fetchval(f"INSERT INTO learning.{row} RETURNING id", course, value))
    if "{review_id}" in route[1]:
        world.ids["review_id"] = str(
            await owner.fetchval(
                """INSERT INTO learning.course_reviews (user_id, course_id, rating) VALUES ($1, $2, 4)
                   ON CONFLICT (user_id, course_id) DO UPDATE SET rating = 4 RETURNING id""",
                world.student.id, course,
            )
        )  # fmt: skip
        await owner.execute(
            "UPDATE learning.courses SET rating_counts = '{0,0,0,1,0}', rating_count = 1, rating_average = 4 WHERE id = $1",
            course,
        )
    world.ids["course_id"] = str(course)
    bodies = {
        "/join": {"code": letters},
        "/courses/{course_id}/cohorts": {"name": uuid4().hex, "starts_at": "2030-01-01T00:00:00Z"},
        "/courses/{course_id}/learners/change": {"change": "PAUSE", "enrollment_ids": [str(enrollment)]},
    }
    return bodies.get(route[1], BODIES.get(route))


async def give_course_to_teach(route: tuple[str, str], world: World) -> Any:
    """A course of the instructor's own with a module and a material in it; returns the body of the request."""
    method, path = route
    made = await world.made("POST", "/teach/courses", {"title": f"Course {uuid4().hex[:8]}"})
    course = f"/teach/courses/{made['id']}"
    await world.made("PUT", f"{course}/owner", {"who": str(world.instructor.id)})
    module = await world.made("POST", f"{course}/modules", {"title": "Module"})
    material = await world.material(str(module["id"]))
    world.ids |= {"course_id": str(made["id"]), "user_id": str(world.student.id)}
    item = {"kind": "MATERIAL", "id": material}
    if path.endswith("/restore"):
        await world.made("DELETE", course)
    bodies: dict[str, Any] = {
        "order": {"ids": [module["id"]]},
        "place": item | {"module_id": module["id"]},
        "restored": item,
        "staff": {"who": str(world.student.id), "role": "OBSERVER"},
        "owner": {"who": str(world.instructor.id)},
    }
    return BODIES.get(route, bodies.get(path.rsplit("/", 1)[-1]) if method in {"PUT", "POST"} else None)


GRANTED_OR_DRAWN = re.compile(r"/courses/\{course_id\}/(bank|accommodations)|/attempts/\{attempt_id\}/answers/")


async def give_course_to_assess(
    route: tuple[str, str], world: World, owner: asyncpg.Connection, application: Application
) -> Any:
    """The course of the path, something granted in it, and an attempt of the student that is handed in."""
    method, path = route
    course = await owner.fetchval("SELECT course_id FROM learning.modules WHERE id = $1", UUID(world.ids["module_id"]))
    world.ids["course_id"] = str(course)
    grant = {"user_id": str(world.student.id), "extra_attempts": 1}
    if method == "DELETE":
        made = await world.made("PUT", f"/courses/{course}/accommodations", grant)
        world.ids["accommodation_id"] = str(made["id"])
    if path.endswith("/marks"):
        async with client_for(application, headers=world.student.headers) as student:
            await student.post(f"{API}/attempts/{world.ids['attempt_id']}/submit", json={"answers": []})
    return {
        ("PUT", "/courses/{course_id}/accommodations"): grant,
        ("POST", "/courses/{course_id}/bank"): {"text": "Really?", "options": OPTIONS},
        ("POST", "/courses/{course_id}/bank/import"): {"quiz_id": world.ids["quiz_id"]},
        ("POST", "/attempts/{attempt_id}/answers/{question_id}/marks"): {"points": 0.5, "comment": "Half."},
    }.get(route)
