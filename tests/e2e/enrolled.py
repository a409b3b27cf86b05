"""The pages around enrolling in a course, with something of everything on them."""

import httpx

from e2e.extremes import LONG, MARKUP, Found, call


async def ways_in(author: httpx.AsyncClient, course: str) -> Found:
    """Those of the studio for a course of the author's, and those that its learners see, by route."""
    base = f"/teach/courses/{course}"
    cohort = {"name": f"{MARKUP} {LONG}"[:80], "starts_at": "2030-01-01T08:00:00Z", "capacity": 30}
    made = (await call(author, "POST", f"/courses/{course}/cohorts", cohort))["id"]
    await call(author, "POST", f"/courses/{course}/codes", {"note": LONG[:200], "cohort_id": made, "max_uses": 30})
    await call(author, "PUT", "/me/instructor", {"bio": f"{MARKUP} **{LONG}**", "expertise": [LONG[:60], MARKUP[:60]]})
    path = (await call(author, "GET", "/languages/python"))["course_id"]
    code = (await call(author, "POST", f"/courses/{path}/codes", {}))["code"]
    text = f"nobody-{course}@codezest.example\nwrong"
    await call(author, "POST", f"/courses/{path}/learners/list", {"text": text, "apply": True})
    slug = (await call(author, "GET", "/courses?language=python"))["items"][0]["slug"]
    return [
        *((f"/teach/courses/{{course_id}}/{name}", f"{base}/{name}") for name in SECTIONS),
        ("/teach/courses/{course_id}/learners", f"/teach/courses/{path}/learners"),
        ("/teach/courses/{course_id}/learners", f"{base}/learners?status=PAUSED&q=nobody"),
        ("/teach/courses/{course_id}/enrol", f"/teach/courses/{path}/enrol"),
        ("/teach/courses/{course_id}/cohorts", f"{base}/cohorts?edit={made}"),
        ("/courses/{slug}/reviews", f"/courses/{slug}/reviews"),
        ("/join", "/join"),
        ("/join/{code}", f"/join/{code}"),
        ("/join/{code}", "/join/unknown"),
        ("/account/instructor", "/account/instructor"),
    ]


SECTIONS = ("learners", "enrol", "cohorts", "codes", "schedule", "accommodations", "reviews")
