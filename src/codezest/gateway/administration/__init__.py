"""What administrators see of the platform as a whole: an overview over every service, events that failed, and the tables."""

from fastapi import APIRouter

from codezest.gateway.administration import event_pages, events, overview, table_pages, tables

routes = APIRouter(prefix="/admin", tags=["administration"])
for part in (overview, events, tables):
    routes.include_router(part.routes)

pages = APIRouter(include_in_schema=False)
for part in (overview, event_pages, table_pages):
    pages.include_router(part.pages)
