"""All routes of `/tinjau` in one blueprint."""

from __future__ import annotations

from sanic import Blueprint

from backend.web.ports import Site
from backend.web.review.disputes import DisputePages
from backend.web.review.sentences import SentencePages
from backend.web.review.talks import TalkPages
from backend.web.review.training import TrainingPages
from backend.web.review.trial import TrialPages


def review_blueprint(site: Site) -> Blueprint:
    """The pages of reviewers; those of training only where this process trains."""
    review = Blueprint("review")
    SentencePages(site).add_routes(review)
    DisputePages(site).add_routes(review)
    TalkPages(site).add_routes(review)
    if site.training is not None:
        TrainingPages(site, site.training).add_routes(review)
        TrialPages(site, site.training).add_routes(review)
    return review
