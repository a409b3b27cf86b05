"""The pages of the learning service: one folder each, with its handler, template and fragments."""

from fastapi import APIRouter

from codezest.services.learning.pages.admin import router as admin
from codezest.services.learning.pages.analysis import handler as analysis
from codezest.services.learning.pages.attempt import handler as attempt
from codezest.services.learning.pages.attempt import running
from codezest.services.learning.pages.course import handler as course
from codezest.services.learning.pages.courses import handler as courses
from codezest.services.learning.pages.dashboard import handler as dashboard
from codezest.services.learning.pages.exercise import handler as exercise
from codezest.services.learning.pages.files import handler as files
from codezest.services.learning.pages.go_on import handler as go_on
from codezest.services.learning.pages.grades import handler as grades
from codezest.services.learning.pages.hand_in_changes import handler as hand_in_changes
from codezest.services.learning.pages.home import handler as home
from codezest.services.learning.pages.join import handler as join
from codezest.services.learning.pages.language import handler as language
from codezest.services.learning.pages.languages import handler as languages
from codezest.services.learning.pages.material import handler as material
from codezest.services.learning.pages.media import handler as media
from codezest.services.learning.pages.module import handler as module
from codezest.services.learning.pages.quiz import handler as quiz
from codezest.services.learning.pages.result import handler as result
from codezest.services.learning.pages.reviews import handler as reviews
from codezest.services.learning.pages.search import handler as search
from codezest.services.learning.pages.sitemap import handler as sitemap
from codezest.services.learning.pages.submission import handler as submission
from codezest.services.learning.pages.submission import talking
from codezest.services.learning.pages.teach import router as teach
from codezest.services.learning.pages.work import handler as work

router = APIRouter()
for page in (
    home,
    languages,
    language,
    courses,
    course,
    reviews,
    grades,
    join,
    module,
    material,
    exercise,
    submission,
    talking,
    hand_in_changes,
    work,
    quiz,
    attempt,
    running,
    result,
    analysis,
    dashboard,
    media,
    files,
    sitemap,
    search,
    go_on,
):
    router.include_router(page.router)
router.include_router(teach)
router.include_router(admin)
