"""The pages of the learning service: one folder each, with its handler, template and fragments."""

from fastapi import APIRouter

from codezest.services.learning.pages.attempt import handler as attempt
from codezest.services.learning.pages.course import handler as course
from codezest.services.learning.pages.courses import handler as courses
from codezest.services.learning.pages.dashboard import handler as dashboard
from codezest.services.learning.pages.exercise import handler as exercise
from codezest.services.learning.pages.go_on import handler as go_on
from codezest.services.learning.pages.home import handler as home
from codezest.services.learning.pages.language import handler as language
from codezest.services.learning.pages.languages import handler as languages
from codezest.services.learning.pages.material import handler as material
from codezest.services.learning.pages.media import handler as media
from codezest.services.learning.pages.module import handler as module
from codezest.services.learning.pages.quiz import handler as quiz
from codezest.services.learning.pages.result import handler as result
from codezest.services.learning.pages.search import handler as search
from codezest.services.learning.pages.sitemap import handler as sitemap
from codezest.services.learning.pages.submission import handler as submission

router = APIRouter()
for page in (
    home,
    languages,
    language,
    courses,
    course,
    module,
    material,
    exercise,
    submission,
    quiz,
    attempt,
    result,
    dashboard,
    media,
    sitemap,
    search,
    go_on,
):
    router.include_router(page.router)
