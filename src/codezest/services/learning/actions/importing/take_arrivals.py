"""Judge and read the files that come in with a course, just as those that are sent one by one."""

from collections.abc import Iterable
from typing import BinaryIO, cast
from uuid import UUID

from anyio import to_thread

from codezest.kit.filenames import disposition
from codezest.kit.files import Files
from codezest.kit.pictures import PictureRefused, fitted_pictures, is_plain_webp
from codezest.kit.settings import Settings
from codezest.services.learning.actions.uploads.accept import accept
from codezest.services.learning.actions.uploads.add_upload import (
    PICTURE_SIDES,
    SMALLER,
    WEBP,
    key_of,
    new_upload,
    take_file,
)
from codezest.services.learning.actions.uploads.refusals import UploadRefused
from codezest.services.learning.content.arrivals import Arrival
from codezest.services.learning.content.problems import Problem
from codezest_db.enums import UploadKind
from codezest_db.models.learning import Upload

MOST_FILES = 2_000


async def take_arrivals(
    files: Files, settings: Settings, arrivals: Iterable[Arrival], *, course_id: UUID, user_id: UUID
) -> tuple[list[Upload], list[Problem]]:
    """The rows of files, which lie in the store then, and what is wrong with those that are not taken."""
    wanted = list(arrivals)
    if len(wanted) > MOST_FILES:
        return [], [Problem("uploads", None, f"there are {len(wanted)} files; at most {MOST_FILES} come in at once")]
    rows: list[Upload] = []
    problems: list[Problem] = []
    for one in wanted:
        try:
            rows += await _take(files, settings, one, course_id, user_id)
        except UploadRefused as refused:
            place = f"{one.path.parent.name}/{one.path.name}"
            problems.append(Problem(place, None, f"{one.name}: {refused.detail}"))
    return rows, problems


async def _take(files: Files, settings: Settings, one: Arrival, course_id: UUID, user_id: UUID) -> list[Upload]:
    with one.path.open("rb") as opened:
        file = cast("BinaryIO", opened)
        accepted = await to_thread.run_sync(accept, file, one.name, one.kind, settings)
        taken = new_upload(accepted, one.kind, upload_id=one.id, course_id=course_id, user_id=user_id)
        if one.kind is UploadKind.PICTURE and one.sent_sha256 is not None and await _stays(files, one, taken.row):
            return [taken.row]
        file.seek(0)
        await take_file(files, file, accepted, taken)
    return [taken.row, *taken.children]


async def _stays(files: Files, one: Arrival, row: Upload) -> bool:
    """Keep a picture of an export as it is, so that it does not get worse each time; False where it is not as we draw them."""
    contents = [one.path.read_bytes(), one.small.read_bytes() if one.small else b""]
    try:
        drawn = await fitted_pictures(contents[0], PICTURE_SIDES)
        smaller = (await fitted_pictures(contents[1], PICTURE_SIDES))[0] if contents[1] else drawn[1]
    except PictureRefused:
        return False
    as_drawn = (smaller.width, smaller.height) == (drawn[1].width, drawn[1].height)
    largest = max(drawn[0].width, drawn[0].height) <= PICTURE_SIDES[0]
    if not (all(map(is_plain_webp, contents)) and as_drawn and largest):
        return False
    row.media_type, row.width, row.height = WEBP, drawn[0].width, drawn[0].height
    row.size_bytes = sum(map(len, contents))
    row.sha256 = one.sent_sha256 or row.sha256
    shown = {"Content-Type": WEBP, "Content-Disposition": disposition(row.name, inline=True)}
    for ending, content in zip(("", SMALLER), contents, strict=True):
        await files.put(key_of(row.id) + ending, content, served_as=shown)
    return True
