"""A candidate on trial, for people who know none of it: what it would have said, who gets it, one click forward or back."""

from __future__ import annotations

from dataclasses import dataclass

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import redirect

from backend.engine_crew import ModelNotServed
from backend.review.trial import LEAST_TURNS, SHARES
from backend.rounds.desk import TrainingDesk
from backend.rounds.promotion import PromotionRefused
from backend.web import urls
from backend.web.hygiene import RequestRefused, form_text
from backend.web.ports import Site
from backend.web.review.door import Reviewer, reviewers_only
from backend.web.review.naming import Naming

ALL = 100
STEPS = (0, *SHARES, ALL)
ROUND = "<round_id:[0-9a-f]{32}>"


@dataclass
class TrialPages:
    """Handlers of trials."""

    site: Site
    desk: TrainingDesk

    def add_routes(self, review: Blueprint) -> None:
        review.add_route(self.begin, f"{urls.ROUNDS}/{ROUND}/coba", methods=["POST"], name="begin_trial")
        review.add_route(self.show, urls.TRIAL, methods=["GET"], name="show_trial")
        review.add_route(self.move, urls.TRIAL_STEP, methods=["POST"], name="move_trial")
        review.add_route(self.stop, urls.TRIAL_STOP, methods=["POST"], name="stop_trial")

    @reviewers_only
    async def begin(self, request: Request, reviewer: Reviewer, round_id: str) -> HTTPResponse:
        """Let the candidate of a round listen, silently."""
        try:
            await self.desk.promotion.try_out(round_id, reviewer.name)
        except PromotionRefused as refusal:
            return redirect(f"{urls.training_round(round_id)}?masalah={refusal.code}", status=303)
        return redirect(urls.TRIAL, status=303)

    @reviewers_only
    async def show(self, request: Request, reviewer: Reviewer) -> HTTPResponse:
        """The trial that goes on, or the last one, with its figures."""
        seen = await self.desk.trial()
        naming = await Naming.of(self.site, reviewer.officer)
        trial = seen.trial if seen else None
        return reviewer.page(
            "trial.html",
            request,
            seen=seen,
            trial=trial,
            step=STEPS.index(trial.share) if trial and trial.share in STEPS else 0,
            steps=STEPS,
            least=LEAST_TURNS,
            naming=naming,
            problem=request.args.get("masalah", ""),
        )

    @reviewers_only
    async def move(self, request: Request, reviewer: Reviewer) -> HTTPResponse:
        """Give the candidate this share of conversations: 0 is silence, 100 is everybody."""
        wanted = form_text(request, "share")
        if wanted not in {str(one) for one in STEPS}:
            raise RequestRefused("web_malformed", 400, "no such step of a trial")
        try:
            if int(wanted) == ALL:
                return await self._to_all(reviewer)
            moved = await self.desk.move_trial(int(wanted), reviewer.name)
        except (PromotionRefused, ModelNotServed) as refusal:
            code = refusal.code if isinstance(refusal, PromotionRefused) else "not_served"
            return redirect(f"{urls.TRIAL}?masalah={code}", status=303)
        return redirect(urls.TRIAL if moved else f"{urls.TRIAL}?masalah=over", status=303)

    async def _to_all(self, reviewer: Reviewer) -> HTTPResponse:
        seen = await self.desk.trial()
        if seen is None or not seen.trial.is_open:
            return redirect(f"{urls.TRIAL}?masalah=over", status=303)
        await self.desk.promotion.promote(seen.trial.round_id, reviewer.name)
        return redirect(urls.MODELS, status=303)

    @reviewers_only
    async def stop(self, request: Request, reviewer: Reviewer) -> HTTPResponse:
        """End the trial: everybody is served by the version of before."""
        await self.desk.stop_trial(reviewer.name)
        return redirect(urls.TRIAL, status=303)
