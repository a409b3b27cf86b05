"""The studio: the pages of those who teach. One folder each below this one, all within `layouts/studio.html`."""

from fastapi import APIRouter

from codezest.services.learning.pages.teach.accommodations import handler as accommodations
from codezest.services.learning.pages.teach.analyses import handler as analyses
from codezest.services.learning.pages.teach.analysis import attempt as attempt_analysis
from codezest.services.learning.pages.teach.analysis import handler as submission_analysis
from codezest.services.learning.pages.teach.answers import handler as answers
from codezest.services.learning.pages.teach.assignment import handler as assignment
from codezest.services.learning.pages.teach.bank import handler as bank
from codezest.services.learning.pages.teach.codes import handler as codes
from codezest.services.learning.pages.teach.cohorts import handler as cohorts
from codezest.services.learning.pages.teach.course import editing as outline_forms
from codezest.services.learning.pages.teach.course import handler as course
from codezest.services.learning.pages.teach.enrol import handler as enrol
from codezest.services.learning.pages.teach.gradebook import handler as gradebook
from codezest.services.learning.pages.teach.gradebook_learner import handler as gradebook_learner
from codezest.services.learning.pages.teach.gradebook_list import handler as gradebook_list
from codezest.services.learning.pages.teach.gradebook_settings import handler as gradebook_settings
from codezest.services.learning.pages.teach.grading import handler as grading
from codezest.services.learning.pages.teach.grading_settings import handler as grading_settings
from codezest.services.learning.pages.teach.home import handler as home
from codezest.services.learning.pages.teach.imports import handler as imports
from codezest.services.learning.pages.teach.insights import handler as insights
from codezest.services.learning.pages.teach.learners import handler as learners
from codezest.services.learning.pages.teach.material import handler as material
from codezest.services.learning.pages.teach.mistakes import handler as frequent_mistakes
from codezest.services.learning.pages.teach.module import handler as module
from codezest.services.learning.pages.teach.new_course import handler as new_course
from codezest.services.learning.pages.teach.preview import handler as preview
from codezest.services.learning.pages.teach.question import handler as question
from codezest.services.learning.pages.teach.quiz import handler as quiz
from codezest.services.learning.pages.teach.reviews import handler as reviews
from codezest.services.learning.pages.teach.rubric import handler as rubric
from codezest.services.learning.pages.teach.schedule import handler as schedule
from codezest.services.learning.pages.teach.settings import handler as settings
from codezest.services.learning.pages.teach.staff import handler as staff
from codezest.services.learning.pages.teach.statistics import handler as statistics
from codezest.services.learning.pages.teach.submission import handler as submission
from codezest.services.learning.pages.teach.try_it import handler as try_it
from codezest.services.learning.pages.teach.uploads import attaching as attached_files
from codezest.services.learning.pages.teach.uploads import handler as files
from codezest.services.learning.pages.teach.versions import handler as versions

router = APIRouter()
for page in (
    home,
    new_course,
    course,
    outline_forms,
    settings,
    staff,
    module,
    material,
    preview,
    files,
    attached_files,
    versions,
    imports,
    learners,
    enrol,
    cohorts,
    codes,
    accommodations,
    schedule,
    reviews,
    analyses,
    submission_analysis,
    attempt_analysis,
    frequent_mistakes,
    grading_settings,
    grading,
    submission,
    rubric,
    answers,
    gradebook,
    gradebook_settings,
    gradebook_list,
    gradebook_learner,
    insights,
    statistics,
    assignment,
    try_it,
    quiz,
    question,
    bank,
):
    router.include_router(page.router)
