"""A pipeline with a fake engine and a clock that the test moves: the shortest way to talk in a test."""

from __future__ import annotations

import itertools
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from backend.conversations.bundling import Bundling, words_that
from backend.conversations.effects import by_use_cases
from backend.conversations.inbox import Accepted, Incoming
from backend.conversations.outbox import ChannelSender
from backend.conversations.pipeline import Pipeline, Rules
from backend.conversations.plain_path import PlainPath
from backend.conversations.trials import Trials
from backend.conversations.turns import PickForReview
from backend.conversations.watch import Watch
from backend.persistence.case_refs import SealedCaseRefs
from backend.persistence.database import Database
from backend.persistence.outbox_rows import HistoryEvent
from backend.persistence.unit_of_work import SqlUnitOfWork
from backend.usecases.ports import ReviewItem
from tests.support.builders import NOW, WITA
from tests.support.fake_engine import FakeEngine
from tests.support.fakes import services


class Crash(BaseException):
    """The process is gone: nothing that comes after it is done, no handler sees it."""


@dataclass
class Talk:
    """One process's pipeline on a database; several of them are several processes."""

    database: Database
    channel: str = "web"
    sender: str = "sesi-a"
    now: datetime = NOW
    engine: FakeEngine = field(default_factory=FakeEngine)
    senders: Mapping[str, ChannelSender] = field(default_factory=dict)
    crash_at: str = ""
    pick_for_review: PickForReview | None = None
    watch: Watch | None = None
    trials: Trials | None = None

    def __post_init__(self) -> None:
        self._count = itertools.count(1)
        vault = self.database.keys.vault
        self.services = replace(services(), codes=vault, refs=SealedCaseRefs(vault), stamper=vault)
        self.pipeline = Pipeline(
            self.database,
            self.engine,
            Rules(zone=WITA, home="64.08"),
            by_use_cases(self.services),
            self.services.reference.sentence,
            self.pick_for_review or _one_item,
            senders=self.senders,
            bundling=Bundling(words=words_that("closes"), urgent_words=words_that("urgent")),
            clock=self.clock,
            reach=self._reach,
            watch=self.watch,
            trials=self.trials,
            plain=PlainPath(self.services, lambda: self.engine.model is None),
        )

    def _reach(self, name: str) -> None:
        if name == self.crash_at:
            raise Crash(name)

    def clock(self) -> datetime:
        """The time of every part of this process."""
        return self.now

    def wait(self, **delta: float) -> None:
        self.now += timedelta(**delta)

    async def send(self, text: str | None = None, *, id: str | None = None, **content: Any) -> Accepted:
        """Hand a message in without working on it."""
        number = next(self._count)
        body = {"text": text, **content} if text is not None else content
        return await self.pipeline.accept(
            Incoming(
                channel=self.channel,
                sender=self.sender,
                external_id=id or secrets.token_hex(8),
                content=body,
                address=f"alamat-{self.sender}" if self.channel != "web" else None,
                client_id=id or f"c{number}",
            )
        )

    async def say(self, text: str, **content: Any) -> str:
        """Hand a message in, work until nothing is due, and give the last thing that was said to the person."""
        accepted = await self.send(text, **content)
        await self.pipeline.settle()
        assert accepted.conversation is not None
        return await self.last(accepted.conversation)

    async def history(self, conversation: str, after: int = 0) -> list[HistoryEvent]:
        return list(await self.pipeline.events_after(conversation, after))

    async def last(self, conversation: str) -> str:
        said = [one for one in await self.history(conversation) if one.kind != "mine"]
        return str(said[-1].body["text"]) if said else ""

    def open_uow(self) -> SqlUnitOfWork:
        return SqlUnitOfWork(self.database.requests, self.database.keys.vault)


def _one_item(understanding: Any, texts: Mapping[str, str], now: datetime) -> list[ReviewItem]:
    return [ReviewItem(message, "[disamarkan]", "fallback", "keluhan", None, 0.2, now) for message in texts]
