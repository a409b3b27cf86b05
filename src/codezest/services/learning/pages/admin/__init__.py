"""The pages with which administrators look after what is taught. One folder each below this one, within `layouts/admin.html`."""

from fastapi import APIRouter

from codezest.services.learning.pages.admin.content import handler as content
from codezest.services.learning.pages.admin.deleted import handler as deleted
from codezest.services.learning.pages.admin.enrollments import handler as enrollments
from codezest.services.learning.pages.admin.languages import handler as languages
from codezest.services.learning.pages.admin.reviews import handler as reviews

router = APIRouter()
for page in (content, deleted, enrollments, languages, reviews):
    router.include_router(page.router)
