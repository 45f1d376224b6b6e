"""Hands cases on by the API, one after the other: each claimed in the ledger before LAPOR! is called, so that two backends, a crash
or a lost answer never make two reports of one case."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import logging
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from datetime import datetime, timedelta

from backend.cases.case import Case
from backend.cases.errors import StaleCase
from backend.cases.field_copy import FIELD_COPY_TYPE
from backend.cases.submission import HandOver, Progress, ReplyThere, Submission, Way, is_due
from backend.lapor.client import Failure, FileToSend, LaporClient, LaporFailed, Taken
from backend.reference.lapor_fields import LaporField, lapor_fields
from backend.settings import Settings
from backend.usecases.hand_on import answer_there, put_off, record_answer, reply_told, submission_of
from backend.usecases.ports import UnitOfWork
from backend.usecases.services import Services

log = logging.getLogger(__name__)

BRIDGE = "bridge"
LEASE = timedelta(minutes=5)
FIRST_WAIT_S, LONGEST_WAIT_S = 30.0, 6 * 3600.0
LOCKED_OUT_WAIT_S = 3600.0
ASK_STATE_EVERY = timedelta(hours=6)
PAUSE_S = 30.0
CALL_TIMEOUT_S = 30.0
TRIES_ON_STALE = 5


OpenBridge = Callable[[], AbstractAsyncContextManager[UnitOfWork]]


def bridge(
    settings: Settings, open_uow: OpenBridge, key: bytes, services: Services, clock: Callable[[], datetime]
) -> Bridge | None:
    """As the settings say; None where officers hand on by hand."""
    if not settings.lapor_url or settings.lapor_token is None:
        return None
    client = LaporClient.at(settings.lapor_url, settings.lapor_token.get_secret_value(), CALL_TIMEOUT_S)
    return Bridge(open_uow, client, services, lapor_fields(), key, clock)


class Bridge:
    """`once` does what is due now, `run` does it again and again."""

    def __init__(
        self,
        open_uow: OpenBridge,
        client: LaporClient,
        services: Services,
        form: Mapping[str, LaporField],
        key: bytes,
        clock: Callable[[], datetime],
    ) -> None:
        self._open_uow, self._client, self._clock = open_uow, client, clock
        self._services, self._form, self._key = services, form, key

    async def close(self) -> None:
        await self._client.close()

    async def run(self) -> None:
        """Goes on until cancelled."""
        while True:
            try:
                await self.once()
                await self.tell_answers()
                await self.ask_states()
            except (
                Exception
            ):  # the edge of this loop: a database that is away comes back, the ledger knows where we were
                log.exception("bridge to LAPOR! failed")
            await asyncio.sleep(PAUSE_S)

    async def once(self) -> int:
        """Every case that is due is tried once; how many were handed on."""
        async with self._open_uow() as uow:
            due = await uow.handovers.ready(self._clock())
        return sum([await self._hand_on(case_id) for case_id in due])

    async def _hand_on(self, case_id: str) -> bool:
        claimed = await self._claim(case_id)
        if claimed is None:
            return False
        line, case, submission = claimed
        try:
            # Even a first attempt may not be the first: a restore can have lost its line.
            taken = await self._client.find(case.number) or await self._submit(case_id, submission)
        except LaporFailed as failure:
            await self._failed(line, failure)
            return False
        await self._record(case_id, taken, submission)
        log.info("handed on to LAPOR!", extra={"case": case.number})
        return True

    async def _claim(self, case_id: str) -> tuple[HandOver, Case, Submission] | None:
        now = self._clock()
        async with self._open_uow() as uow:
            case = await uow.cases.by_id(case_id)
            if case is None or not is_due(case, Way.API):
                return None
            line = HandOver(
                case_id, Way.API, Progress.SENDING, BRIDGE, case.time_kept(now), tried_until=now + LEASE
            )
            begun = await uow.handovers.begin(line, now)
            if begun is None:
                return None
            submission = await submission_of(case, uow, self._services.reference, self._form)
            await uow.commit()
        return begun, case, submission

    async def _submit(self, case_id: str, submission: Submission) -> Taken:
        ids = []
        for number, photo in enumerate(submission.attachments, 1):
            async with self._open_uow() as uow:
                content = await uow.field_copies.read(photo)
            if content is not None:
                ids.append(
                    await self._client.upload(FileToSend(f"lampiran-{number}", FIELD_COPY_TYPE, content))
                )
        return await self._client.submit(submission, self._idempotency_key(case_id), ids)

    def _idempotency_key(self, case_id: str) -> str:
        return hmac.digest(self._key, f"lapor:{case_id}".encode(), hashlib.sha256).hex()[:32]

    async def _record(self, case_id: str, taken: Taken, submission: Submission) -> None:
        """Written even when the case moved meanwhile."""
        for _ in range(TRIES_ON_STALE):
            try:
                async with self._open_uow() as uow:
                    await record_answer(case_id, taken.number, taken.kept, submission, uow, self._clock())
                    await uow.commit()
                return
            except StaleCase:
                continue
        raise StaleCase(case_id)

    async def _failed(self, line: HandOver, failure: LaporFailed) -> None:
        until = self._clock() + _pause(line.attempts, failure)
        log.warning("LAPOR! did not take a case", extra={"why": failure.why, "attempts": line.attempts})
        async with self._open_uow() as uow:
            await put_off(line, str(failure), until, uow, refused=failure.kind is Failure.REFUSED)
            await uow.commit()

    async def tell_answers(self) -> int:
        """Answers that officers marked, each tried once, in the order of their case; how many stand at LAPOR! now."""
        told = 0
        while True:
            now = self._clock()
            async with self._open_uow() as uow:
                line = await uow.replies_there.begin(now, now + LEASE)
                found = await answer_there(line, uow) if line else None
                await uow.commit()
            if line is None or found is None:
                return told
            case, words = found
            told += await self._tell(line, case.lapor_tracking_id or "", words)

    async def _tell(self, line: ReplyThere, number: str, words: str) -> bool:
        try:
            # An attempt whose end is unknown may have arrived; the same words twice would help nobody.
            if words not in await self._client.replies(number):
                await self._client.reply(number, words, self._idempotency_key(line.message_id))
        except LaporFailed as failure:
            until = self._clock() + _pause(line.attempts, failure)
            refused = failure.kind is Failure.REFUSED
            log.warning(
                "LAPOR! did not take an answer", extra={"why": failure.why, "attempts": line.attempts}
            )
            async with self._open_uow() as uow:
                kept = replace(line, last_error=str(failure), tried_until=until, refused=refused)
                await uow.replies_there.write(kept)
                await uow.commit()
            return False
        async with self._open_uow() as uow:
            await reply_told(line, BRIDGE, uow, self._clock())
            await uow.commit()
        return True

    async def ask_states(self) -> int:
        """The state of cases that were not asked about for six hours; how many were told."""
        now = self._clock()
        async with self._open_uow() as uow:
            lines = await uow.handovers.handed_on(now - ASK_STATE_EVERY)
        told = 0
        for line in lines:
            try:
                kept = await self._client.state(line.their_number or "")
            except LaporFailed as failure:
                line = replace(line, state_at=now, last_error=str(failure))
            else:
                line = replace(
                    line, state_at=now, their_state=str(kept.get("status_name", "")), last_error=None
                )
                told += 1
            async with self._open_uow() as uow:
                await uow.handovers.write(line)
                await uow.commit()
        return told


def _pause(attempts: int, failure: LaporFailed) -> timedelta:
    """How long the next attempt waits."""
    wait_s = min(LONGEST_WAIT_S, FIRST_WAIT_S * 2 ** min(attempts - 1, 20))
    if failure.kind is Failure.LOCKED_OUT:
        wait_s = LOCKED_OUT_WAIT_S
    return timedelta(seconds=max(wait_s, failure.wait_s or 0.0))
