"""The worker that brings files in: fetched, written anew without what they hide, and handed to the turn that waits for them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from backend.channels.whatsapp.media import MediaAway, MediaLine, MediaRefused
from backend.conversations.answers_to_officers import AnswersToOfficers
from backend.conversations.identity import NoRoom, Senders
from backend.conversations.inbox import Settled
from backend.persistence.errors import DatabaseUnavailable, KeyDestroyed
from backend.persistence.inbox_files import Unfetched
from backend.persistence.unit_of_work import OpenUnitOfWork, SqlUnitOfWork
from backend.persistence.wakeups import Bell, Wakeups
from backend.reference.loader import Reference
from backend.web.uploads import CleanFile, UploadRefused, cleaned

log = logging.getLogger(__name__)

POLL_S = 1.0
GIVEN_UP_AFTER = timedelta(hours=24)
LONGEST_PAUSE_S = 900.0
AT_ONCE = 2


@dataclass(frozen=True)
class Fetcher:
    """Any number of them may run; each message is fetched by one."""

    open_uow: OpenUnitOfWork
    line: MediaLine
    senders: Senders
    answers: AnswersToOfficers
    reference: Reference
    wakeups: Wakeups
    bell: Bell
    clock: Callable[[], datetime]

    async def run(self) -> None:
        """Fetch until cancelled, through restarts of the database."""
        async with asyncio.TaskGroup() as group:
            for _ in range(AT_ONCE):
                group.create_task(self._work())

    async def _work(self) -> None:
        while True:
            try:
                found = await self.fetch_once()
            except DatabaseUnavailable as failure:
                log.warning("database away error=%s", failure)
                found = False
            if not found:
                await self.bell.heard(POLL_S)

    async def fetch_once(self) -> bool:
        """Bring in the file that is due longest; False when none is."""
        now = self.clock()
        async with self.open_uow() as uow:
            message = await uow.files.take(now)
            await uow.commit()
        if message is None:
            return False
        try:
            clean = await self._fetch(message)
            upload = await self.senders.store_upload(
                message.conversation, clean.content, clean.kind, clean.media_type
            )
        except MediaAway as away:
            await self._away(message, str(away))
        except (MediaRefused, UploadRefused) as refusal:
            log.info("file refused message=%s why=%s", message.id, refusal)
            await self._without(message, refusal.key)
        except NoRoom:
            log.error("file refused, the disk is nearly full message=%s", message.id)
            await self._without(message, "web_upload_no_room")
        except KeyDestroyed:
            log.info("file of a purged talk message=%s", message.id)
        else:
            await self._with(message, {"id": upload, "kind": clean.kind})
        return True

    async def _fetch(self, message: Unfetched) -> CleanFile:
        file = _file(message)
        content = await self.line.fetch(str(file["media"]), file.get("sha256"))
        return await asyncio.to_thread(cleaned, content)

    async def _away(self, message: Unfetched, why: str) -> None:
        now = self.clock()
        if now - message.received_at > GIVEN_UP_AFTER:
            await self._without(message, "whatsapp_media_gone")
            return
        pause_s = min(1.0 * 2**message.fetches, LONGEST_PAUSE_S)
        log.info("file not fetched message=%s fetches=%s why=%s", message.id, message.fetches, why)
        async with self.open_uow() as uow:
            await uow.files.put_off(message, now + timedelta(seconds=pause_s))
            await uow.commit()

    async def _with(self, message: Unfetched, file: Mapping[str, str]) -> None:
        """The file is ours: to the officer who was quoted, else to the turn that waits for it."""
        caption, quoted = str(_said(message).get("caption") or ""), _said(message).get("quoted")
        content = {"attachments": [dict(file)], "caption": caption}
        note = self.reference.sentence("whatsapp_voice") if file["kind"] == "voice" else None

        async def answered(uow: SqlUnitOfWork, now: datetime) -> Settled | None:
            talk, files = message.conversation, [file["id"]]
            if quoted:
                return await self.answers.answered(talk, str(quoted), caption, files, uow, now)
            return await self.answers.directly(talk, caption, files, uow, now, besides=message.id)

        await self._finish(message, content, note, answered)

    async def _without(self, message: Unfetched, key: str) -> None:
        """There will be no file: the person is told why, and what was written below it is still heard."""
        caption, told = str(_said(message).get("caption") or ""), self.reference.sentence(key)
        content = {"text": caption} if caption else {"other": "refused_file"}

        async def answered(uow: SqlUnitOfWork, now: datetime) -> Settled | None:
            return None if caption else Settled(told)

        await self._finish(message, content, told if caption else None, answered)

    async def _finish(
        self,
        message: Unfetched,
        content: Mapping[str, Any],
        note: str | None,
        answered: Callable[[SqlUnitOfWork, datetime], Awaitable[Settled | None]],
    ) -> None:
        now = self.clock()
        async with self.open_uow() as uow:
            if not await uow.files.is_still_wanted(message):
                return
            settled = await answered(uow, now)
            await uow.files.ready(message, content, now, settled=settled is not None, note=note)
            if settled is not None and settled.say:
                await uow.outbox.put(message.conversation, "reply", settled.reply, now)
            await uow.commit()
        self.wakeups.work()
        self.wakeups.outbox.ring()


def _said(message: Unfetched) -> Mapping[str, Any]:
    said: Mapping[str, Any] = message.body["message"]
    return said


def _file(message: Unfetched) -> Mapping[str, Any]:
    file: Mapping[str, Any] = _said(message)["attachments"][0]
    return file
