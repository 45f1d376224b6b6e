"""What every page of the desk is shown in: who is in, where the position may go, and the token its forms carry."""

from __future__ import annotations

from typing import Any

from sanic import HTTPResponse, Request

from backend.cases.access import Act, Officer, has
from backend.web import urls
from backend.web.desk.guard import csrf_token, site_of
from backend.web.templates import page

# (name in desk_base.html, address, act that opens it; None opens to everybody who is in)
PLACES: tuple[tuple[str, str, Act | None], ...] = (
    ("work", urls.DESK, Act.SEE_CASES),
    ("assisted", urls.ASSISTED, Act.FILE_FOR_OTHERS),
    ("today", urls.TODAY, Act.SEE_CASES),
    ("sight", urls.SIGHT, Act.SEE_FIGURES),
    ("exports", urls.EXPORTS, Act.SEE_FIGURES),
    ("hand_over", urls.HAND_OVER, Act.HAND_ON),
    ("reference", urls.REFERENCE, Act.EDIT_REFERENCE),
    ("review", urls.REVIEW, Act.REVIEW_LANGUAGE),
    ("condition", urls.CONDITION, Act.SEE_CONDITION),
    ("webhooks", urls.WEBHOOKS, Act.MANAGE_CONNECTIONS),
    ("audit", urls.AUDIT, Act.READ_AUDIT),
    ("account", urls.ACCOUNTS, None),
    ("help", urls.HELP, None),
)

# As many places as fit beside one another; with more, those of every day stay in sight and the rest is one tap away.
MOST_SHOWN, DAILY = 6, 4


def places_of(officer: Officer) -> list[tuple[str, str]]:
    """The pages that this position may open: name and address."""
    return [(name, address) for name, address, act in PLACES if act is None or has(officer, act)]


def home_of(officer: Officer) -> str:
    """Where work begins: the first of its places."""
    return places_of(officer)[0][1]


def desk_page(
    template: str, request: Request, officer: Officer, *, status: int = 200, **values: Any
) -> HTTPResponse:
    """A page that extends `desk_base.html`."""
    practice, reference = site_of(request).practice, site_of(request).services.reference
    places = [("practice", urls.PRACTICE), *places_of(officer)] if practice else places_of(officer)
    n_shown = len(places) if len(places) <= MOST_SHOWN else DAILY
    frame = {
        "officer": officer,
        "places": places[:n_shown],
        "more_places": places[n_shown:],
        "csrf": csrf_token(request),
        "practice": practice,
        "place_until": reference.date_label(officer.stands_for.last_day) if officer.stands_for else "",
    }
    return page(template, request, status=status, **frame, **values)
