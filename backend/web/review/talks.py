"""A conversation becomes a proposal for a golden talk with one click; the proposals are a list, and a file for the tests."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import redirect, text

from backend.review.masking import masked
from backend.review.transcript import proposal
from backend.usecases.ports import ReviewItem
from backend.web import urls
from backend.web.hygiene import RequestRefused
from backend.web.ports import Site
from backend.web.review.door import Reviewer, reviewers_only
from backend.web.review.naming import Naming

ITEM = "<item_id:[0-9a-f]{32}>"


@dataclass
class TalkPages:
    """Handlers of proposals. Anonymous, confidential and sensitive talks never leave a sentence, so none can be proposed."""

    site: Site

    def add_routes(self, review: Blueprint) -> None:
        review.add_route(self.propose, f"{urls.REVIEW}/{ITEM}/percakapan", methods=["POST"])
        review.add_route(self.one, f"{urls.REVIEW}/{ITEM}/percakapan.yml", methods=["GET"], name="one_talk")
        review.add_route(self.all, urls.REVIEW_TALKS_FILE, methods=["GET"], name="all_talks")
        review.add_route(self.show, urls.REVIEW_TALKS, methods=["GET"], name="show_talks")

    @reviewers_only
    async def propose(self, request: Request, reviewer: Reviewer, item_id: str) -> HTTPResponse:
        """Keep the conversation on the list."""
        async with self.site.open_uow() as uow:
            item = await uow.review.by_id(item_id)
            if item is None or not item.context:
                raise RequestRefused("web_not_found", 404, "no such conversation")
            await uow.review.propose(item_id, reviewer.name, self.site.clock())
            await uow.commit()
        return redirect(urls.REVIEW_TALKS, status=303)

    @reviewers_only
    async def show(self, request: Request, reviewer: Reviewer) -> HTTPResponse:
        """All proposals."""
        async with self.site.open_uow() as uow:
            items = await uow.review.proposed()
        # What is shown is what the file says: masked once more, should a mask have been missing when it was kept.
        items = tuple(
            replace(item, context=tuple((who, masked(words)) for who, words in item.context))
            for item in items
        )
        naming = await Naming.of(self.site, reviewer.officer)
        return reviewer.page(
            "talks.html", request, items=items, naming=naming, has_training=self.site.training is not None
        )

    @reviewers_only
    async def one(self, request: Request, reviewer: Reviewer, item_id: str) -> HTTPResponse:
        """One conversation as a file."""
        async with self.site.open_uow() as uow:
            item = await uow.review.by_id(item_id)
        if item is None or not item.context:
            raise RequestRefused("web_not_found", 404, "no such conversation")
        return as_file([item], f"usulan-{item.id[:8]}.yml")

    @reviewers_only
    async def all(self, request: Request, reviewer: Reviewer) -> HTTPResponse:
        """Every proposal in one file, as `tests/conversations/talks` has them."""
        async with self.site.open_uow() as uow:
            items = await uow.review.proposed()
        return as_file(items, "usulan.yml")


def as_file(items: list[ReviewItem] | tuple[ReviewItem, ...], name: str) -> HTTPResponse:
    """Talks that the runner reads; what the assistant should say is for a person to fill in."""
    told = "\n".join(proposal(f"usulan {one.id[:8]}", one.context, one.label, one.at) for one in items)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return text(told or "[]\n", content_type="text/yaml; charset=utf-8", headers=headers)
