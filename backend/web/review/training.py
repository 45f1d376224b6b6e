"""Rounds of training for people who know none of it: start, watch, read the exam, use the new version, go back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import json, redirect

from backend.engine_crew import ModelNotServed
from backend.rounds.desk import TrainingDesk
from backend.rounds.promotion import PromotionRefused
from backend.web import urls
from backend.web.hygiene import RequestRefused
from backend.web.ports import Site
from backend.web.review import exam_view as view
from backend.web.review.door import Reviewer, reviewers_only
from backend.web.review.naming import Naming

ROUND = "<round_id:[0-9a-f]{32}>"


@dataclass
class TrainingPages:
    """Handlers of rounds and versions."""

    site: Site
    desk: TrainingDesk

    def add_routes(self, review: Blueprint) -> None:
        one = f"{urls.ROUNDS}/{ROUND}"
        review.add_route(self.overview, urls.ROUNDS, methods=["GET"])
        review.add_route(self.request, urls.ROUNDS, methods=["POST"])
        review.add_route(self.show, one, methods=["GET"], name="show_round")
        review.add_route(self.news, f"{one}/kabar", methods=["GET"])
        review.add_route(self.cancel, f"{one}/batal", methods=["POST"])
        review.add_route(self.promote, f"{one}/pakai", methods=["POST"])
        review.add_route(self.versions, urls.MODELS, methods=["GET"])
        review.add_route(self.roll_back, urls.ROLL_BACK, methods=["POST"])

    @reviewers_only
    async def overview(self, request: Request, reviewer: Reviewer) -> HTTPResponse:
        """What waits to be learnt, and the rounds so far."""
        rounds, _ = await self.desk.overview()
        async with self.desk.open_uow() as uow:
            candidates = await uow.rounds.candidates()
        new = sum(not one.taught for one in candidates)
        naming = await Naming.of(self.site, reviewer.officer)
        return reviewer.page("rounds.html", request, rounds=rounds, new=new, naming=naming, live=self._live())

    @reviewers_only
    async def request(self, request: Request, reviewer: Reviewer) -> HTTPResponse:
        """Queue a round and show it."""
        round_id = await self.desk.request(reviewer.name)
        return redirect(urls.training_round(round_id), status=303)

    @reviewers_only
    async def show(self, request: Request, reviewer: Reviewer, round_id: str) -> HTTPResponse:
        """A round: its progress, or its exam."""
        found = await self.desk.round(round_id)
        if found is None:
            raise RequestRefused("web_not_found", 404, "no such round")
        one, uses = found
        naming = await Naming.of(self.site, reviewer.officer)
        return reviewer.page(
            "round.html",
            request,
            round=one,
            uses=uses,
            refusals=one.refusals,
            naming=naming,
            problem=request.args.get("masalah", ""),
            live=self._live(),
            **_exam(one.exam or {}, naming),
        )

    @reviewers_only
    async def news(self, request: Request, reviewer: Reviewer, round_id: str) -> HTTPResponse:
        """What a page that watches a round asks for every second."""
        found = await self.desk.round(round_id)
        if found is None:
            raise RequestRefused("web_not_found", 404, "no such round")
        return json({"status": found[0].status, "open": found[0].is_open, "log": found[0].log})

    @reviewers_only
    async def cancel(self, request: Request, reviewer: Reviewer, round_id: str) -> HTTPResponse:
        """End a round that waits or runs."""
        await self.desk.cancel(round_id)
        return redirect(urls.training_round(round_id), status=303)

    @reviewers_only
    async def promote(self, request: Request, reviewer: Reviewer, round_id: str) -> HTTPResponse:
        """Let the version of a round serve."""
        try:
            await self.desk.promotion.promote(round_id, reviewer.name)
        except (PromotionRefused, ModelNotServed) as refusal:
            code = refusal.code if isinstance(refusal, PromotionRefused) else "not_served"
            return redirect(f"{urls.training_round(round_id)}?masalah={code}", status=303)
        return redirect(urls.MODELS, status=303)

    @reviewers_only
    async def versions(self, request: Request, reviewer: Reviewer) -> HTTPResponse:
        """Which version serves, which did, and the way back."""
        rounds, served = await self.desk.overview()
        return reviewer.page(
            "versions.html",
            request,
            live=self._live(),
            before=await self.desk.promotion.before(),
            served=served,
            rounds={one.id: one for one in rounds},
            kept=self.desk.promotion.kept(),
            naming=await Naming.of(self.site, reviewer.officer),
            problem=request.args.get("masalah", ""),
        )

    def _live(self) -> str | None:
        """The archive that serves."""
        serving = self.desk.promotion.serving()
        return serving.name if serving else None

    @reviewers_only
    async def roll_back(self, request: Request, reviewer: Reviewer) -> HTTPResponse:
        """Let the version before serve again."""
        try:
            await self.desk.promotion.roll_back(reviewer.name)
        except (PromotionRefused, ModelNotServed) as refusal:
            code = refusal.code if isinstance(refusal, PromotionRefused) else "not_served"
            return redirect(f"{urls.MODELS}?masalah={code}", status=303)
        return redirect(urls.MODELS, status=303)


def _exam(exam: Mapping[str, Any], naming: Naming) -> dict[str, Any]:
    """What the report shows of an exam."""
    return {
        "exam": exam,
        "total": view.summary(exam),
        "sets": view.rows_of(exam.get("sets", [])),
        "classes": view.changed(exam.get("classes", [])),
        "confusions": view.confusions(exam.get("confusions", []), naming.label),
        "reliability": view.reliability(exam.get("reliability")),
        "worse": exam.get("worse", [])[: view.MOST_SENTENCES],
        "better": exam.get("better", [])[: view.MOST_SENTENCES],
    }
