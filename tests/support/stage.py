"""A citizen in a test: the real pipeline on a database, whatever engine it is given, and what the person heard of it."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from PIL import Image

from backend.cases.case import Actor, Case
from backend.cases.workflow import Mover, State
from backend.conversations.answers_to_officers import AnswersToOfficers
from backend.conversations.bundling import Bundling, words_that
from backend.conversations.effects import by_use_cases
from backend.conversations.engine_client import EnginePool
from backend.conversations.inbox import Incoming
from backend.conversations.pipeline import Pipeline, Rules
from backend.persistence.database import Database
from backend.persistence.unit_of_work import opener
from backend.usecases.move_case import MoveOrder, move_case
from backend.usecases.pick_for_review import pick_for_review
from backend.usecases.ports import Author
from backend.usecases.services import Services
from backend.web.uploads import cleaned

CHANNEL = "web"
OFFICER = Actor(Mover.DESK, "meja-1")
SERVED = ("64.08", "62.10", "62.02")
DURATION = re.compile(r"(\d+)(m|h|d)")


@dataclass
class Recording:
    """The engines, and the names of what they said in the present turn."""

    pool: EnginePool
    said: list[str] = field(default_factory=list)

    @property
    def model(self) -> str | None:
        return self.pool.model

    async def run(self, request: Mapping[str, Any]) -> dict[str, Any]:
        answer = await self.pool.run(request)
        for reply in answer["replies"]:
            self.said.extend(reply["responses"])
        return answer


@dataclass
class Stage:
    """One citizen on one database."""

    pipeline: Pipeline
    engines: Recording
    database: Database
    now: datetime
    channel: str = CHANNEL
    sender: str = "warga"
    seq: int = 0
    code: str = ""
    choices: dict[str, str] = field(default_factory=dict)
    count: int = 0
    conversation: str | None = None
    services: Services | None = None
    heard: list[Mapping[str, Any]] = field(default_factory=list)

    async def play(self, turn: dict[str, Any]) -> tuple[list[str], str]:
        """Names of the responses and the text that the person got."""
        self.engines.said.clear()
        self.now += timedelta(seconds=20)
        if "silence" in turn:
            found = DURATION.fullmatch(str(turn["silence"]))
            assert found, turn
            self.now += timedelta(**{{"m": "minutes", "h": "hours", "d": "days"}[found[2]]: int(found[1])})
            await self.pipeline.timers.remind(self.now)
            await self.pipeline.timers.purge(self.now)
        if "officer" in turn:
            await self.asked_by_officer(str(turn["officer"]), int(turn.get("report", 1)))
        for content in await self._contents(turn):
            self.count += 1
            assert self.services is not None
            accepted = await self.pipeline.accept(
                Incoming(
                    self.channel,
                    self.sender,
                    f"{self.sender}-{self.count}",
                    content,
                    client_id=f"klien-{self.count}",
                ),
                AnswersToOfficers(self.services).settling(content, lambda: self.now),
            )
            self.conversation = accepted.conversation
        await self.pipeline.settle()
        return list(self.engines.said), await self._heard()

    async def asked_by_officer(self, words: str, report: int) -> None:
        """An officer asks the reporter of the `report`th report that was filed, counted from 1."""
        assert self.services is not None
        case = (await self.cases())[report - 1]
        open_uow = opener(self.database.requests, self.database.keys.vault)
        for state in (State.IN_VERIFICATION, State.AWAITING_REPORTER):
            note = words if state is State.AWAITING_REPORTER else ""
            async with open_uow() as uow:
                order = MoveOrder(case.id, case.version, state, OFFICER, public_note=note)
                case = await move_case(order, uow, self.services, self.now)
                await uow.commit()

    async def threads(self) -> list[list[str]]:
        """What the reporter added to each report, in the order of filing."""
        async with opener(self.database.requests, self.database.keys.vault)() as uow:
            threads = [await uow.thread.of_case(case.id) for case in await self.cases()]
        return [[one.text for one in thread if one.author is Author.REPORTER] for thread in threads]

    async def _contents(self, turn: dict[str, Any]) -> list[dict[str, Any]]:
        contents: list[dict[str, Any]] = []
        texts = turn.get("user", [])
        for text in [texts] if isinstance(texts, str) else texts:
            contents.append({"text": self._filled(text)})
        if "choice" in turn:
            assert turn["choice"] in self.choices, f"{turn['choice']} was not offered: {list(self.choices)}"
            contents.append({"choice": self.choices[turn["choice"]]})
        if "location" in turn:
            contents.append({"location": {"accuracy_m": None, "label": None, **turn["location"]}})
        if "attachment" in turn:
            contents.append({"attachments": [await self._photo()]})
        return contents

    def _filled(self, text: str) -> str:
        typo = self.code[:-1] + str((int(self.code[-1]) + 1) % 10) if self.code else ""
        return text.replace("{code}", self.code).replace("{typo}", typo)

    async def _photo(self) -> dict[str, str]:
        picture = io.BytesIO()
        Image.new("RGB", (40, 30), "teal").save(picture, "PNG")
        clean = cleaned(picture.getvalue())
        conversation = await self.pipeline.senders.open(self.channel, self.sender)
        upload = await self.pipeline.senders.store_upload(
            conversation, clean.content, clean.kind, clean.media_type
        )
        return {"id": upload, "kind": "photo"}

    async def _heard(self) -> str:
        if self.conversation is None:
            return ""
        texts = []
        self.heard = []
        for event in await self.pipeline.events_after(self.conversation, self.seq):
            self.seq = event.seq
            if event.kind == "mine":
                continue
            self.heard.append(event.body)
            texts.append(str(event.body.get("text") or ""))
            self.choices = {one["label"]: one["id"] for one in event.body.get("choices") or []}
            self.code = event.body.get("code") or self.code
        return "\n".join(texts)

    async def cases(self) -> list[Case]:
        connection = await self.database.admin_address.connect()
        try:
            ids = [row["id"] for row in await connection.fetch("SELECT id FROM cases ORDER BY id")]
        finally:
            await connection.close()
        async with opener(self.database.requests, self.database.keys.vault)() as uow:
            found = [await uow.cases.by_id(one) for one in ids]
        return sorted((case for case in found if case is not None), key=lambda case: case.filed_at)


def stage_on(
    database: Database, ours: Services, home: str, pool: EnginePool, now: datetime, channel: str = CHANNEL
) -> Stage:
    """A citizen of the regency `home` on a fresh database, with a clock that only the stage moves."""
    stage = Stage(
        pipeline=None,  # type: ignore[arg-type]
        engines=Recording(pool),
        database=database,
        now=now,
        channel=channel,
        services=ours,
    )
    stage.pipeline = Pipeline(
        database,
        stage.engines,
        Rules(zone=ours.reference.zone(home).tzinfo, home=home),
        by_use_cases(ours),
        ours.reference.sentence,
        pick_for_review,
        bundling=Bundling(words=words_that("closes"), urgent_words=words_that("urgent")),
        clock=lambda: stage.now,
    )
    return stage
