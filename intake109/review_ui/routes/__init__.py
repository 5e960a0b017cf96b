"""The routes by noun. A room of its own adds its module here: one line, no other place to touch."""

from fastapi import APIRouter

from intake109.review_ui.routes import (
    appeals,
    catalogue,
    decisions,
    drafts,
    events,
    form,
    health,
    login,
    manual,
    media,
    model,
    places,
    preferences,
    quarantine,
    queue,
    search,
    services,
    staff,
    tasks,
    undelivered,
    webhooks,
)

ROUTERS: tuple[APIRouter, ...] = (
    login.router,
    queue.router,
    tasks.router,
    decisions.router,
    drafts.router,
    services.router,
    search.router,
    places.router,
    media.router,
    manual.router,
    events.router,
    preferences.router,
    webhooks.router,
    form.router,
    health.router,
    quarantine.router,
    undelivered.router,
    appeals.router,
    model.router,
    catalogue.router,
    staff.router,
)
"""Everything the application answers. Order does not matter: no two addresses overlap."""
