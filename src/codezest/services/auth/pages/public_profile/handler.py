"""What a person shows of themselves."""

from urllib.parse import urlsplit

from fastapi import APIRouter
from fastapi.responses import Response
from markupsafe import Markup

from codezest.kit import markdown
from codezest.kit.context import Context
from codezest.services.auth.queries import people

router = APIRouter()

TEMPLATE = "auth/pages/public_profile/template.html"


@router.get("/people/{handle}")
async def show_person(handle: str, context: Context) -> Response:
    """The page, for whoever may see it."""
    person = await people.person(context.database.pool("auth"), context.actor, handle)
    # Addresses that were saved before only https was taken lead nowhere.
    links = [(address, host_of(address)) for address in person.links if address.lower().startswith("https://")]
    first, _, last = person.name.partition(" ")
    teaches = person.instructor
    return context.page(
        TEMPLATE,
        person=person,
        links=links,
        initials=(first[:1] + last[:1]).upper(),
        introduction=Markup(markdown.render_brief(teaches.bio)) if teaches and teaches.bio else None,  # noqa: S704 - sanitised
    )


def host_of(address: str) -> str:
    """What a link is shown as: where it leads, which no text of its owner can hide."""
    return (urlsplit(address).hostname or "").removeprefix("www.")
