"""One sentence at a time: what was said around it, three guesses under the keys 1 to 3, and whatever else it could be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import redirect

from backend.reference.intents import review_labels
from backend.review import gold
from backend.review.decisions import DISMISSED, GOLD, SKIP_REASONS, in_words, kappa
from backend.review.marking import Mark, MarkRefused, marks_of
from backend.usecases.ports import ReviewItem, UnitOfWork
from backend.usecases.review_sentence import ReviewRefused, review_sentence, take_back
from backend.web import urls
from backend.web.hygiene import RequestRefused, form_text
from backend.web.ports import Site
from backend.web.review.door import Reviewer, reviewers_only
from backend.web.review.sentence_view import gold_item, gold_told, is_alike, known, shown

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

    @reviewers_only
    async def show(self, request: Request, reviewer: Reviewer) -> HTTPResponse:
        """The sentence that is worth most now, and where the day stands."""
        by, golds = reviewer.name, known()
        async with self.site.open_uow() as uow:
            counts = await uow.review.counts(by, self._today())
            waiting = await uow.review.pending(LOOKED_THROUGH, by=by)
            said = await uow.review.gold_votes(by)
            item = await self._now(counts.get("mine", 0), by, waiting, said, uow)
            votes = await uow.review.votes(item.id) if item and item.status == "disputed" else ()
            n_disputes = len(await uow.review.disputes(by))
            agreement = kappa(await uow.review.double_votes())
            await uow.commit()
        others = [one for one in waiting if item and one.id != item.id and is_alike(item, one)]
        names = self._names()
        told = gold_told(request.args.get("uji", ""), said, golds)
        return reviewer.page(
            "review.html",
            request,
            item=shown(item, names, [vote.label or vote.reason for vote in votes]) if item else None,
            alike=others[:MOST_ALIKE],
            labels=review_labels(self.site.services.reference),
            counts=counts,
            n_waiting=sum(counts.get(name, 0) for name in ("pending", "second", "disputed")),
            n_disputes=n_disputes,
            agreement=in_words(agreement),
            score=gold.score(said, golds),
            told=(told[0], names.get(told[1], told[1])) if told else None,
            done=request.args.get("done", ""),
            skip_reasons=SKIP_REASONS,
            has_training=self.site.training is not None,
        )

    async def _now(
        self, n_today: int, by: str, waiting: Sequence[ReviewItem], said: Mapping[str, str], uow: UnitOfWork
    ) -> ReviewItem | None:
        """What is shown now: now and then a sentence whose answer is known, if there is anything to review at all."""
        due = gold.next_gold(n_today, by, said, known()) if waiting else None
        if due is None:
            return waiting[0] if waiting else None
        item = gold_item(due, by, self.site.clock())
        await uow.review.add(item)
        return item

    @reviewers_only
    async def decide(self, request: Request, reviewer: Reviewer, item_id: str) -> HTTPResponse:
        """A label, `dismiss`, `skip`, or `forget` (the sentence, or all of its writer)."""
        decision = form_text(request, "decision")
        if decision in ("forget", "forget_person"):
            return await self._forget(item_id, everything=decision == "forget_person")
        label, reason = self._vote(request, decision)
        ids = [item_id, *several(request, "also")[:MOST_ALIKE]]
        written = several(request, "mark")
        now, by, is_gold = self.site.clock(), reviewer.name, False
        async with self.site.open_uow() as uow:
            for one in ids:
                try:
                    marks = await self._marks(written, one, uow) if one == item_id and label else ()
                    done = await review_sentence(one, label, reason, by, uow, now, marks)
                    is_gold = is_gold or done.source == GOLD
                except ReviewRefused as refusal:
                    if refusal.code == "unknown":
                        raise RequestRefused("web_not_found", 404, "no such review item") from refusal
                    # Somebody was faster, or the page was sent twice: the next sentence is shown all the same.
            await uow.commit()
        happened = "approve" if label else "skip" if decision == "skip" else "dismiss"
        return redirect(f"{urls.REVIEW}?done={happened}" + (f"&uji={item_id}" if is_gold else ""), status=303)

    async def _marks(self, written: Sequence[str], item_id: str, uow: UnitOfWork) -> Sequence[Mark]:
        item = await uow.review.by_id(item_id)
        try:
            return marks_of(written, item.text if item else "")
        except MarkRefused as refusal:
            raise RequestRefused("web_malformed", 400, "marks of no sentence") from refusal

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

    def _today(self) -> datetime:
        zone = self.site.services.reference.zone(self.site.settings.home_regency).tzinfo
        return self.site.clock().astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)

    def _groups(self) -> dict[str, list[tuple[str, str]]]:
        return review_labels(self.site.services.reference)

    def _names(self) -> dict[str, str]:
        return {value: words for labels in self._groups().values() for value, words in labels}


def several(request: Request, name: str) -> list[str]:
    """All values of a field of a form."""
    return list((request.form.getlist(name) if request.form else None) or [])
