"""The way out: what may be sent to whom in which form, and what every answer of Meta means for the outbox."""

from __future__ import annotations

import logging
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from backend.channels.whatsapp.failures import Meaning, meaning
from backend.channels.whatsapp.graph import Answer, Graph, NoAnswer, NotReached
from backend.channels.whatsapp.ledger import Ledger
from backend.channels.whatsapp.pacing import Paces, QuietHours
from backend.channels.whatsapp.rendering import Template, Words, drawn, envelope, templated
from backend.channels.whatsapp.templates import Register
from backend.conversations.outbox import Delivery, Parcel, Refused, Sent, TryLater, Unknown
from backend.persistence.delivery_rows import WINDOW_CLOSED
from backend.persistence.line_rows import Recipient

log = logging.getLogger(__name__)

WINDOW = timedelta(hours=24)
LOOK_AGAIN_S = 6 * 3600.0
WAITS_FOR_A_WINDOW = timedelta(days=7)
WAITS_FOR_META = timedelta(hours=24)
STOPPED_S = 60.0
LONGEST_PAUSE_S = 300.0


@dataclass
class WhatsAppSender:
    """`backend.conversations.outbox.ChannelSender`."""

    graph: Graph
    ledger: Ledger
    register: Register
    words: Words
    paces: Paces
    quiet: QuietHours
    clock: Callable[[], datetime]
    chance: Callable[[], float] = random.random
    stopped_until: datetime | None = field(default=None, init=False)

    async def send(self, parcel: Parcel) -> Delivery:
        """Send it, or say when to try again."""
        now = self.clock()
        recipient = await self.ledger.recipient(parcel.conversation)
        return self._not_now(parcel, recipient, now) or await self._send(parcel, recipient, now)

    def _not_now(self, parcel: Parcel, recipient: Recipient, now: datetime) -> Delivery | None:
        if "sentence" in parcel.body:
            if recipient.stopped:
                return Refused("stopped")
            if wait := self.quiet.wait(now):
                return TryLater("quiet_hours", wait.total_seconds(), counts=False)
        if self.stopped_until is not None and now < self.stopped_until:
            return TryLater("line_stopped", (self.stopped_until - now).total_seconds(), counts=False)
        if wait_s := self.paces.number.take_s(now.timestamp()):
            return TryLater("number_pace", wait_s, counts=False)
        if wait_s := self.paces.person_s(parcel.address, now.timestamp()):
            return TryLater("person_pace", wait_s, counts=False)
        return None

    async def _send(self, parcel: Parcel, recipient: Recipient, now: datetime) -> Delivery:
        if recipient.heard_at is None or now >= recipient.heard_at + WINDOW:
            return await self._send_template(parcel, now)
        answer = await self._ask(parcel, drawn(parcel.body, self.words))
        if isinstance(answer, Answer):
            if not answer.is_good and meaning(answer.error, answer.status) is Meaning.TEMPLATE:
                await self.ledger.window_shut(parcel.conversation)
                return await self._send_template(parcel, now)
            return await self._outcome(parcel, answer, now, "reply")
        return answer

    async def _send_template(self, parcel: Parcel, now: datetime) -> Delivery:
        """The same words in a template that Meta has approved; without one it waits until the person writes."""
        template: Template | None = self.register.choose(
            parcel.kind, parcel.body, await self.ledger.template_states()
        )
        if template is None:
            await self.ledger.alarm("whatsapp_no_template", now)
            if now - parcel.created_at > WAITS_FOR_A_WINDOW:
                return Refused(WINDOW_CLOSED)
            return TryLater(WINDOW_CLOSED, LOOK_AGAIN_S, counts=False)
        answer = await self._ask(parcel, templated(parcel.body, template))
        if isinstance(answer, Answer):
            return await self._outcome(parcel, answer, now, "template")
        return answer

    async def _ask(self, parcel: Parcel, message: Mapping[str, Any]) -> Answer | Delivery:
        try:
            return await self.graph.send({**envelope(parcel.address, parcel.id), **message})
        except NotReached as failure:
            return self._patiently(parcel, str(failure), self.clock())
        except NoAnswer as failure:
            return Unknown(str(failure))

    async def _outcome(self, parcel: Parcel, answer: Answer, now: datetime, kind: str) -> Delivery:
        if answer.is_good:
            if not answer.message_id:
                return Unknown("no_message_id")
            self.stopped_until = None
            await self.ledger.sent(kind, now)
            return Sent(answer.message_id, confirmed=False)
        code = str(answer.error if answer.error is not None else f"http_{answer.status}")
        match meaning(answer.error, answer.status):
            case Meaning.RETRY:
                return self._patiently(parcel, code, now)
            case Meaning.PERSON_PACE:
                self.paces.too_fast(parcel.address, now.timestamp())
                return TryLater(code, min(6.0 * 2.0 ** (parcel.attempts - 1), LONGEST_PAUSE_S))
            case Meaning.STOP:
                return await self._stop(code, now)
            case Meaning.TEMPLATE:
                return TryLater(WINDOW_CLOSED, LOOK_AGAIN_S, counts=False)
            case Meaning.NEVER if kind == "template":
                await self.ledger.alarm(f"whatsapp_template_refused {code}", now)
        return Refused(code)

    def _patiently(self, parcel: Parcel, code: str, now: datetime) -> Delivery:
        """Meta is not well: the pause grows with the age of the message, and a day is the end of it."""
        age = now - parcel.created_at
        if age > WAITS_FOR_META:
            return Refused(code)
        pause_s = min(max(2.0, age.total_seconds() / 4), LONGEST_PAUSE_S)
        return TryLater(code, pause_s * (0.5 + self.chance()), counts=False)

    async def _stop(self, code: str, now: datetime) -> Delivery:
        """Our account or key is refused: every further try only makes it worse. Somebody must look."""
        self.stopped_until = now + timedelta(seconds=STOPPED_S)
        log.error("whatsapp line stopped code=%s", code)
        await self.ledger.alarm(f"whatsapp_line {code}", now)
        return TryLater(code, STOPPED_S, counts=False)
