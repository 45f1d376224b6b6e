"""One sentence at a time: what was said around it, three guesses under the keys 1 to 3, and whatever else it could be."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import redirect, text

from backend.reference.intents import review_labels
from backend.review.decisions import DISMISSED, SKIP_REASONS, kappa
from backend.review.transcript import proposal
from backend.usecases.ports import ReviewItem
from backend.usecases.review_sentence import ReviewRefused, review_sentence, take_back
from backend.web import urls
from backend.web.hygiene import RequestRefused, form_text
from backend.web.ports import Site
from backend.web.review.door import Reviewer, reviewers_only

MOST_ALIKE = 8
LOOKED_THROUGH = 60
ITEM = "<item_id:[0-9a-f]{32}>"


@dataclass
class SentencePages:
    """Handlers of the review of sentences."""

    site: Site

    def add_routes(self, review: Blueprint) -> None:
        review.add_route(self.show, urls.REVIEW, methods=["GET"], name="show_review")
        review.add_route(self.undo, urls.REVIEW_UNDO, methods=["POST"])
        review.add_route(self.decide, f"{urls.REVIEW}/{ITEM}", methods=["POST"])
        review.add_route(self.talk, f"{urls.REVIEW}/{ITEM}/percakapan.yml", methods=["GET"])

    @reviewers_only
    async def show(self, request: Request, reviewer: Reviewer) -> HTTPResponse:
        """The sentence that is worth most now, and where the day stands."""
        async with self.site.open_uow() as uow:
            waiting = await uow.review.pending(LOOKED_THROUGH, by=reviewer.name)
            counts = await uow.review.counts(reviewer.name, self._today())
            agreement = kappa(await uow.review.double_votes())
        item = waiting[0] if waiting else None
        alike = [self._brief(one) for one in waiting[1:] if item and _is_alike(item, one)][:MOST_ALIKE]
        return reviewer.page(
            "review.html",
            request,
            item=self._shown(item) if item else None,
            alike=alike,
            labels=review_labels(self.site.services.reference),
            counts=counts,
            n_waiting=sum(counts.get(name, 0) for name in ("pending", "second", "disputed")),
            agreement=agreement,
            done=request.args.get("done", ""),
            skip_reasons=SKIP_REASONS,
            has_training=self.site.training is not None,
        )

    @reviewers_only
    async def decide(self, request: Request, reviewer: Reviewer, item_id: str) -> HTTPResponse:
        """A label, `dismiss`, `skip`, or `forget` (the sentence, or all of its writer)."""
        decision = form_text(request, "decision")
        if decision in ("forget", "forget_person"):
            return await self._forget(item_id, everything=decision == "forget_person")
        label, reason = self._vote(request, decision)
        also = (request.form.getlist("also") if request.form else None) or []
        ids = [item_id, *also[:MOST_ALIKE]]
        now = self.site.clock()
        async with self.site.open_uow() as uow:
            for one in ids:
                try:
                    await review_sentence(one, label, reason, reviewer.name, uow, now)
                except ReviewRefused as refusal:
                    if refusal.code == "unknown":
                        raise RequestRefused("web_not_found", 404, "no such review item") from refusal
                    # Somebody was faster, or the page was sent twice: the next sentence is shown all the same.
            await uow.commit()
        done = "approve" if label else "skip" if decision == "skip" else "dismiss"
        return redirect(f"{urls.REVIEW}?done={done}", status=303)

    def _vote(self, request: Request, decision: str) -> tuple[str | None, str]:
        if decision == "dismiss":
            return None, DISMISSED
        if decision == "skip":
            reason = form_text(request, "reason")
            if reason not in SKIP_REASONS:
                raise RequestRefused("web_malformed", 400, "no such reason to pass on")
            return None, reason
        label = form_text(request, "label") if decision == "approve" else decision
        by_words = {words: value for labels in self._groups().values() for value, words in labels}
        label = by_words.get(form_text(request, "words"), label) if decision == "approve" else label
        if label not in by_words.values():
            raise RequestRefused("web_malformed", 400, "label of no list")
        return label, ""

    async def _forget(self, item_id: str, *, everything: bool) -> HTTPResponse:
        async with self.site.open_uow() as uow:
            item = await uow.review.by_id(item_id)
            if item is None:
                raise RequestRefused("web_not_found", 404, "no such review item")
            await uow.review.unlearn(item_id=item_id, sender=item.sender if everything else None)
            await uow.commit()
        return redirect(f"{urls.REVIEW}?done=forget", status=303)

    @reviewers_only
    async def undo(self, request: Request, reviewer: Reviewer) -> HTTPResponse:
        """Take the last vote back; its sentence is the first again if it is worth most."""
        async with self.site.open_uow() as uow:
            item = await take_back(reviewer.name, uow, self.site.clock())
            await uow.commit()
        return redirect(f"{urls.REVIEW}?done={'undo' if item else 'nothing'}", status=303)

    @reviewers_only
    async def talk(self, request: Request, reviewer: Reviewer, item_id: str) -> HTTPResponse:
        """The conversation around a sentence, as a file for the tests."""
        async with self.site.open_uow() as uow:
            item = await uow.review.by_id(item_id)
        if item is None or not item.context:
            raise RequestRefused("web_not_found", 404, "no such conversation")
        name = f"usulan {item.id[:8]}"
        headers = {"Content-Disposition": f'attachment; filename="usulan-{item.id[:8]}.yml"'}
        told = proposal(name, item.context, item.label, item.at)
        return text(told, content_type="text/yaml; charset=utf-8", headers=headers)

    def _today(self) -> datetime:
        zone = self.site.services.reference.zone(self.site.settings.home_regency).tzinfo
        return self.site.clock().astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)

    def _groups(self) -> dict[str, list[tuple[str, str]]]:
        return review_labels(self.site.services.reference)

    def _shown(self, item: ReviewItem) -> dict[str, object]:
        names = {value: words for labels in self._groups().values() for value, words in labels}
        own = f"keluhan/{item.issue}" if item.issue else item.intent
        ranked = [*item.ranking, (own, item.confidence)]
        guesses: dict[str, float] = {}
        for label, share in ranked:
            if label in names:
                guesses.setdefault(label, share)
        return {
            "id": item.id,
            "text": item.text,
            "reason": item.reason,
            "n": item.n,
            "context": item.context[:-1] if item.context and item.context[-1][0] == "warga" else item.context,
            "has_talk": bool(item.context),
            "has_sender": item.sender is not None,
            "guesses": [(label, names[label], round(share * 100)) for label, share in guesses.items()][:3],
        }

    def _brief(self, item: ReviewItem) -> dict[str, object]:
        return {"id": item.id, "text": item.text, "n": item.n}


def _is_alike(item: ReviewItem, other: ReviewItem) -> bool:
    """The same first guess, and a longer word in common."""
    same = (item.issue or item.intent) == (other.issue or other.intent)
    return same and bool(_long_words(item.text) & _long_words(other.text))


def _long_words(words: str) -> set[str]:
    return {word for word in words.casefold().split() if len(word) > 3}
