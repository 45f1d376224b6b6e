"""What two reviewers differ on, for an office where nobody is left to decide: both opinions side by side, and two ways to end it."""

from __future__ import annotations

from dataclasses import dataclass

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import redirect

from backend.review.decisions import Vote
from backend.usecases.ports import ReviewItem
from backend.usecases.review_sentence import ReviewRefused, end_dispute
from backend.web import urls
from backend.web.hygiene import RequestRefused, form_text
from backend.web.ports import Site
from backend.web.review.door import Reviewer, reviewers_only
from backend.web.review.naming import Naming

ITEM = "<item_id:[0-9a-f]{32}>"
WAYS = {"agree": True, "set_aside": False}


@dataclass(frozen=True)
class Differing:
    """A sentence, what its reader said, and what the other one did: the label, or the reason instead of it."""

    item: ReviewItem
    mine: str
    theirs: str
    other: str


@dataclass
class DisputePages:
    """Handlers of disputes. Only the two who differ see them here; a third reader meets the sentence in the queue."""

    site: Site

    def add_routes(self, review: Blueprint) -> None:
        review.add_route(self.show, urls.REVIEW_DISPUTES, methods=["GET"], name="show_disputes")
        review.add_route(self.end, f"{urls.REVIEW}/{ITEM}/sepakat", methods=["POST"], name="end_dispute")

    @reviewers_only
    async def show(self, request: Request, reviewer: Reviewer) -> HTTPResponse:
        """All disputes of this reviewer."""
        async with self.site.open_uow() as uow:
            items = await uow.review.disputes(reviewer.name)
            found = [differing(one, await uow.review.votes(one.id), reviewer.name) for one in items]
        return reviewer.page(
            "disputes.html",
            request,
            disputes=found,
            naming=await Naming.of(self.site, reviewer.officer),
            done=request.args.get("done", ""),
            has_training=self.site.training is not None,
        )

    @reviewers_only
    async def end(self, request: Request, reviewer: Reviewer, item_id: str) -> HTTPResponse:
        """Take the other's opinion, or put the sentence aside."""
        way = form_text(request, "decision")
        if way not in WAYS:
            raise RequestRefused("web_malformed", 400, "no such end of a dispute")
        done = way
        async with self.site.open_uow() as uow:
            try:
                await end_dispute(item_id, reviewer.name, uow, self.site.clock(), agree=WAYS[way])
            except ReviewRefused as refusal:
                if refusal.code != "closed":
                    raise RequestRefused("web_not_found", 404, "no dispute of this reviewer") from refusal
                done = "closed"
            await uow.commit()
        return redirect(f"{urls.REVIEW_DISPUTES}?done={done}", status=303)


def differing(item: ReviewItem, votes: tuple[Vote, ...], by: str) -> Differing:
    """Both opinions as this reader sees them; the latest of each."""
    counted = [vote for vote in votes if not vote.is_skip]
    mine = next(vote for vote in reversed(counted) if vote.by == by)
    other = next(vote for vote in reversed(counted) if vote.by != by)
    return Differing(item, mine.label or mine.reason, other.label or other.reason, other.by)
