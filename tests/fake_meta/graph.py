"""The state of the fake: its number, its phones, what was sent to it, and what it shall do wrong."""

from __future__ import annotations

import itertools
import secrets
import time
from collections import defaultdict, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.fake_meta.faults import HTTP_STATUS_OF, Fault, Kind, error_body
from tests.fake_meta.phone import Phone
from tests.fake_meta.rules import NO_TEMPLATE, Broken, check
from tests.fake_meta.webhooks import Post

NUMBER_ID, ACCOUNT_ID = "100000000000001", "200000000000002"
NUMBER = "15550000001"
WINDOW = timedelta(hours=24)
MEDIA_LIVES = timedelta(days=7)
ADDRESS_LIVES = timedelta(minutes=5)
UNDELIVERABLE, CLOSED, NUMBER_PACE, PERSON_PACE = 131026, 131047, 130429, 131056
SECOND, SIX_SECONDS = 1.0, 6.0
PERSON_BURST = 45


@dataclass(frozen=True)
class Reply:
    """The answer to a request; without `data` none is given and the connection breaks."""

    status: int
    data: Mapping[str, Any] | None


@dataclass
class Kept:
    """A file of a phone."""

    content: bytes
    mime: str
    at: datetime


@dataclass
class FakeMeta:
    """`statuses` are told of every message that is taken, in this order; `window` tells how a closed window shows: in a later
    status, as Meta mostly does, or at once in the `answer`."""

    token: str = "token-uji"  # noqa: S105
    secret: str = "rahasia-uji"  # noqa: S105
    url: str = ""
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    statuses: tuple[str, ...] = ("sent", "delivered")
    window: str = "status"
    per_second: int = 80
    number: str = NUMBER
    phones: dict[str, Phone] = field(default_factory=dict)
    faults: deque[Fault] = field(default_factory=deque)
    templates: dict[tuple[str, str], str] = field(default_factory=dict)
    taken: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)
    refused: list[tuple[int, str]] = field(default_factory=list)
    files: dict[str, Kept] = field(default_factory=dict)
    addresses: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    n_fetches: int = 0
    post: Post = field(init=False)

    def __post_init__(self) -> None:
        self.post = Post(self.secret)
        self._count = itertools.count(1)
        self._sent_s: deque[float] = deque()
        self._person_s: dict[str, deque[float]] = defaultdict(deque)

    @property
    def webhook(self) -> str:
        return self.post.url

    @webhook.setter
    def webhook(self, url: str) -> None:
        self.post.url = url

    def phone(self, *, user_id: str = "", hides_number: bool = False) -> Phone:
        """Somebody new."""
        number = "" if hides_number else f"1555{next(self._count):07d}"
        phone = Phone(self, number, user_id)
        self.phones[phone.address] = phone
        return phone

    def told(self, value: Mapping[str, Any], phone: Phone | None = None) -> dict[str, Any]:
        """The envelope of a webhook."""
        whole: dict[str, Any] = {
            "messaging_product": "whatsapp",
            "metadata": {"display_phone_number": self.number, "phone_number_id": NUMBER_ID},
        }
        if phone is not None:
            contact: dict[str, Any] = {"profile": {"name": phone.name}}
            contact |= {"wa_id": phone.number} if phone.number else {}
            contact |= {"user_id": phone.user_id} if phone.user_id else {}
            whole["contacts"] = [contact]
        change = {"field": "messages", "value": {**whole, **value}}
        return {"object": "whatsapp_business_account", "entry": [{"id": ACCOUNT_ID, "changes": [change]}]}

    def keep(self, content: bytes, mime: str) -> str:
        """A file that a phone sends; returns its id."""
        media = str(secrets.randbelow(10**15) + 10**15)
        self.files[media] = Kept(content, mime, self.clock())
        return media

    async def quiet(self) -> None:
        """Until no webhook is under way."""
        await self.post.quiet()

    def send(self, message: Mapping[str, Any]) -> Reply:
        """`POST /{number}/messages`."""
        if message.get("status") == "read":
            return self._read(str(message.get("message_id")))
        fault = self.faults.popleft() if self.faults else None
        if fault is not None and fault.kind is Kind.REFUSED:
            return self._refuse(fault.number, "injected")
        if fault is not None and fault.kind is Kind.HTTP:
            return Reply(fault.number, {})
        if fault is not None and fault.kind is Kind.LOST:
            return Reply(0, None)
        try:
            check(message)
        except Broken as broken:
            return self._refuse(broken.code, str(broken))
        address = str(message.get("to") or message.get("recipient"))
        pace = self._pace(address)
        return self._refuse(pace, "too fast") if pace else self._take(address, message, fault)

    def _take(self, address: str, message: Mapping[str, Any], fault: Fault | None) -> Reply:
        phone = self.phones.get(address)
        failure = UNDELIVERABLE if phone is None else 0
        if message["type"] == "template":
            part = message["template"]
            if self.templates.get((part["name"], part["language"]["code"])) != "APPROVED":
                return self._refuse(NO_TEMPLATE, "template does not exist or is not approved")
        elif phone is not None and (phone.heard_at is None or self.clock() >= phone.heard_at + WINDOW):
            failure = CLOSED
        if failure == CLOSED and self.window == "answer":
            return self._refuse(CLOSED, "re-engagement message")
        if fault is not None and fault.kind is Kind.FAILS:
            failure = fault.number
        message_id = f"wamid.{secrets.token_urlsafe(24)}"
        self.taken.append((message_id, message))
        for status in ("failed",) if failure else self.statuses:
            self.tell(message_id, status, failure)
        if phone is not None and not failure:
            phone.show(message_id, message)
        if fault is not None and fault.kind is Kind.SILENT:
            return Reply(0, None)
        whom = {"input": address, "wa_id": address}
        data = {"messaging_product": "whatsapp", "contacts": [whom], "messages": [{"id": message_id}]}
        return Reply(200, data)

    def tell(self, message_id: str, status: str, error: int = 0) -> None:
        """Send a status of a message that was taken."""
        message = next(message for one, message in reversed(self.taken) if one == message_id)
        told: dict[str, Any] = {
            "id": message_id,
            "status": status,
            "timestamp": str(int(self.clock().timestamp())),
            "recipient_id": message.get("to") or message.get("recipient"),
        }
        if "biz_opaque_callback_data" in message:
            told["biz_opaque_callback_data"] = message["biz_opaque_callback_data"]
        if error:
            told["errors"] = [{"code": error, "title": "injected", "message": "injected"}]
        self.post.send(self.told({"statuses": [told]}))

    def _read(self, message_id: str) -> Reply:
        for phone in self.phones.values():
            if message_id in phone.said:
                phone.reads.append(message_id)
                return Reply(200, {"success": True})
        return self._refuse(131009, "no such message")

    def _refuse(self, code: int, why: str) -> Reply:
        self.refused.append((code, why))
        return Reply(HTTP_STATUS_OF.get(code, 400), error_body(code, why))

    def _pace(self, address: str) -> int:
        """The code of the limit that this send breaks; 0 for none. Real seconds: a test may stop the clock."""
        now_s = time.monotonic()
        if _full(self._sent_s, now_s, SECOND, self.per_second):
            return NUMBER_PACE
        if _full(self._person_s[address], now_s, SIX_SECONDS * PERSON_BURST, PERSON_BURST):
            return PERSON_PACE
        return 0


def _full(times: deque[float], now_s: float, within_s: float, most: int) -> bool:
    while times and now_s - times[0] >= within_s:
        times.popleft()
    if len(times) >= most:
        return True
    times.append(now_s)
    return False
