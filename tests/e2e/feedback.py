"""Feedback on the learners' work, as those who teach look at it."""

from collections.abc import Mapping, Sequence
from typing import Any

import httpx

from e2e.extremes import Found, call


async def feedback(author: httpx.AsyncClient, places: Mapping[str, Sequence[Any]]) -> Found:
    """The pages about the first submission and the first finished attempt among the places of learners."""
    course = f"/teach/courses/{(await call(author, 'GET', '/languages/python'))['course_id']}/insights"
    found: Found = [
        ("/teach/courses/{course_id}/insights/analyses", f"{course}/analyses"),
        ("/teach/courses/{course_id}/insights/mistakes", f"{course}/mistakes"),
    ]
    for submission in places.get("/submissions/{submission_id}", ())[:1]:
        await call(author, "POST", f"{submission.path}/analysis")
        found.append(("/teach/submissions/{submission_id}/analysis", f"/teach{submission.path}/analysis"))
    for result in places.get("/attempts/{attempt_id}/result", ())[:1]:
        attempt = result.path.removesuffix("/result")
        await call(author, "POST", f"{attempt}/analysis")
        found.append(("/teach/attempts/{attempt_id}/analysis", f"/teach{attempt}/analysis"))
    return found
