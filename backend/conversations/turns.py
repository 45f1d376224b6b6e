"""The turn worker: freeze, ask the engine, carry out effects, and commit everything that the turn did at once.

A crash anywhere leaves either the frozen turn, which is done again, or the finished one. Nothing is in between.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, tzinfo
from functools import partial
from typing import Any, Protocol

from backend.conversations.engine_client import EngineFailed, Engines, EnginesAway
from backend.conversations.failpoints import Reach
from backend.conversations.for_review import forget_for_review, heard_texts, keep_for_review, misread
from backend.conversations.trials import DoneTurn, NoTrials, Trials
from backend.conversations.turn_protocol import (
    Answer,
    Effect,
    Reply,
    first_request,
    notes_of,
    read_answer,
    result_request,
    spaced,
)
from backend.conversations.watch import Watch
from backend.persistence.errors import DatabaseUnavailable
from backend.persistence.inbox_rows import StoredMessage
from backend.persistence.turn_rows import FrozenTurn
from backend.persistence.unit_of_work import OpenUnitOfWork, SqlUnitOfWork
from backend.persistence.wakeups import Wakeups
from backend.usecases.effects import EffectResult
from backend.usecases.file_complaint import ANONYMOUS_PURGE
from backend.usecases.ports import ReviewItem

log = logging.getLogger(__name__)

MOST_FAILURES = 3
MOST_STEPS = 4
RETRY_S = 1.0
AWAY_S = 1.0


class CarryOut(Protocol):
    """Does what an effect asks for, in the turn's own transaction, and does not commit."""

    async def __call__(
        self, effect: Effect, turn: FrozenTurn, now: datetime, uow: SqlUnitOfWork
    ) -> EffectResult: ...


class PickForReview(Protocol):
    """Masked sentences of an ordinary turn that deserve a person's eyes. Never asked about anonymous, confidential or
    sensitive talks."""

    def __call__(
        self, understanding: Sequence[Mapping[str, Any]], texts: Mapping[str, str], now: datetime
    ) -> Sequence[ReviewItem]: ...


@dataclass(frozen=True)
class TurnWorker:
    """Works on one turn at a time; any number of them, in any number of processes, may run side by side."""

    open_uow: OpenUnitOfWork
    engines: Engines
    carry_out: CarryOut
    pick_for_review: PickForReview
    sentence: Callable[[str], str]
    wakeups: Wakeups
    clock: Callable[[], datetime]
    zone: tzinfo
    home: str
    remind_after: timedelta
    reach: Reach
    watch: Watch
    trials: Trials = field(default_factory=NoTrials)

    async def work_once(self) -> bool:
        """Work on the turn that has waited longest; False when none is due.

        Raises:
            DatabaseUnavailable: whatever was begun is done again later.
        """
        model = self.engines.model
        if model is None:
            return False
        now = self.clock()
        async with self.open_uow() as uow:
            written = now.astimezone(self.zone).isoformat(timespec="seconds")
            turn = await uow.turns.claim(now, written, partial(self.trials.model_for, model))
            await uow.commit()
        if turn is None:
            return False
        self.reach("turn_frozen")
        # What failed has done nothing: it is tried again by the model that serves everybody, not by a candidate.
        await self._try(replace(turn, model=model) if turn.failures else turn)
        return True

    async def _try(self, turn: FrozenTurn) -> None:
        try:
            await self._run(turn)
        except EnginesAway as away:
            await self._put_off(turn, AWAY_S, str(away), failed=False)
        except EngineFailed as failure:
            await self._failed(turn, failure.code)
        except DatabaseUnavailable:
            raise
        # The edge of a turn: whatever one message makes our own code raise costs that message only.
        except Exception as failure:  # noqa: BLE001
            await self._failed(turn, f"worker_{type(failure).__name__}")

    async def _run(self, turn: FrozenTurn) -> None:
        """Everything the turn does, in one transaction that holds its conversation."""
        async with self.open_uow() as uow:
            if not await uow.turns.hold(turn):
                return  # another worker has taken it over: its attempt counts, not this one
            messages = await uow.turns.messages(turn)
            if all(message.body is None for message in messages):
                await uow.turns.finish(turn, self.clock())
                await uow.commit()
                return  # emptied by a purge: nobody waits for an answer any more
            state = await uow.conversations.state(turn.conversation)
            self.reach("turn_held")
            request = first_request(turn, messages, state, self.home)
            answer = await self._ask(request, turn)
            self.reach("engine_answered")
            is_secret = await self._commit_all(turn, messages, state, answer, uow)
        self.reach("after_turn_commit")
        texts = heard_texts(answer.understanding, messages)
        self.trials.turn_done(DoneTurn(turn, request, answer, texts, is_secret))
        understood = answer.understanding
        doubts = sum(1 for one in understood if one.get("unsure"))
        self.watch.turn_done(
            turn.channel,
            (self.clock() - datetime.fromisoformat(turn.now)).total_seconds(),
            len(understood),
            doubts,
        )
        self.wakeups.event(turn.conversation)
        self.wakeups.outbox.ring()

    async def _ask(self, request: Mapping[str, Any], turn: FrozenTurn) -> Answer:
        return read_answer(await self.engines.run(request), turn)

    async def _commit_all(
        self,
        turn: FrozenTurn,
        messages: Sequence[StoredMessage],
        before: Any,
        answer: Answer,
        uow: SqlUnitOfWork,
    ) -> bool:
        """Whether nothing of it may be shown to reviewers."""
        now = datetime.fromisoformat(turn.now)
        reply, code = Reply(notes_of(messages)), None
        reply.add(answer)
        understanding, wrong = answer.understanding, misread(before, answer.state, now)
        for step in range(1, MOST_STEPS):
            if not answer.effects:
                break
            results = [await self._effect(effect, turn, now, uow) for effect in answer.effects]
            code = next((one.code for one in results if one.code), code)
            self.reach("effects_done")
            told = result_request(turn, [one.data for one in results], answer.state, self.home, step)
            answer = await self._ask(told, turn)
            self.reach("receipt_made")
            reply.add(answer)
        if answer.effects:
            raise EngineFailed("effects_without_end")
        await self._keep(turn, answer, uow)
        texts = heard_texts(understanding, messages)
        items = [*self.pick_for_review(understanding, texts, now), *([wrong] if wrong else [])]
        is_secret = await self._review(turn.conversation, understanding, answer, items, uow)
        body = reply.body(spaced(code) if code else None)
        if body is not None:
            await uow.outbox.put(turn.conversation, "receipt" if code else "reply", body, self.clock())
        self.reach("before_turn_commit")
        await uow.commit()
        return is_secret

    async def _effect(
        self, effect: Effect, turn: FrozenTurn, now: datetime, uow: SqlUnitOfWork
    ) -> EffectResult:
        result = await self.carry_out(effect, turn, now, uow)
        if result.empties_conversation and turn.conversation not in uow.transaction.emptied:
            # The case was filed before, anonymously: what was said since then must not stay either.
            await uow.conversations.empty(turn.conversation, now + ANONYMOUS_PURGE)
        return result

    async def _keep(self, turn: FrozenTurn, answer: Answer, uow: SqlUnitOfWork) -> None:
        await uow.conversations.write_state(
            turn.conversation, answer.state, answer.flags, answer.model or turn.model
        )
        remind_at = self.clock() + self.remind_after
        await uow.inbox.after_turn(turn.conversation, answer.flags.draft_open, remind_at)
        await uow.turns.finish(turn, self.clock())

    async def _review(
        self,
        conversation: str,
        understanding: Sequence[Mapping[str, Any]],
        answer: Answer,
        items: Sequence[ReviewItem],
        uow: SqlUnitOfWork,
    ) -> bool:
        secret = answer.flags.sensitive or answer.flags.identity_level in ("anonymous", "confidential")
        flagged = any((one.get("flags") or {}).get("sensitive") for one in understanding)
        if secret or flagged or uow.transaction.emptied:
            await forget_for_review(conversation, uow)
            return True
        await keep_for_review(items, conversation, uow)
        return False

    async def _put_off(self, turn: FrozenTurn, delay_s: float, code: str, *, failed: bool) -> None:
        async with self.open_uow() as uow:
            until = self.clock() + timedelta(seconds=delay_s)
            await uow.turns.put_off(turn, until, code, failed=failed)
            await uow.commit()
        self.wakeups.work_at(delay_s)

    async def _failed(self, turn: FrozenTurn, code: str) -> None:
        """Once more after a while; after the third failure an honest sentence, and the officers see the turn."""
        log.warning("turn failed turn=%s attempt=%s code=%s", turn.id, turn.attempt, code)
        self.watch.turn_failed(turn.channel, given_up=turn.failures + 1 >= MOST_FAILURES)
        self.trials.turn_failed(turn)
        if turn.failures + 1 < MOST_FAILURES:
            # Not for secrecy: workers that failed together should not come back together.
            spread = random.uniform(0.5, 1.5)  # noqa: S311
            await self._put_off(turn, RETRY_S * 2**turn.failures * spread, code, failed=True)
            return
        async with self.open_uow() as uow:
            if not await uow.turns.hold(turn):
                return
            now = self.clock()
            await uow.turns.give_up(turn, now, code)
            body = {"text": self.sentence("turn_failed"), "choices": []}
            await uow.outbox.put(turn.conversation, "notice", body, now)
            await uow.commit()
        self.wakeups.event(turn.conversation)
        self.wakeups.outbox.ring()
