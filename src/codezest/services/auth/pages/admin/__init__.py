"""The pages with which administrators look after accounts. One folder each below this one, within `layouts/admin.html`."""

from fastapi import APIRouter

from codezest.services.auth.pages.admin.audit import handler as audit
from codezest.services.auth.pages.admin.features import handler as features
from codezest.services.auth.pages.admin.new_user import handler as new_user
from codezest.services.auth.pages.admin.user import acts as user_acts
from codezest.services.auth.pages.admin.user import handler as user
from codezest.services.auth.pages.admin.users import handler as users

router = APIRouter()
for page in (users, new_user, user, user_acts, audit, features):
    router.include_router(page.router)
