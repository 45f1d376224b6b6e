"""All routes of `/tinjau` in one blueprint."""

from __future__ import annotations

from sanic import Blueprint

from backend.web.ports import Site
from backend.web.review.door import Door
from backend.web.review.sentences import SentencePages
from backend.web.review.training import TrainingPages


def review_blueprint(site: Site) -> Blueprint:
    """The pages of reviewers; those of training only where this process trains."""
    review = Blueprint("review")
    door = Door(site)
    door.add_routes(review)
    SentencePages(site, door).add_routes(review)
    if site.training is not None:
        TrainingPages(site, door, site.training).add_routes(review)
    return review
