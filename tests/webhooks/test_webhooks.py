"""Outgoing webhooks: a foreign library accepts what we sign; nothing that is not public is told; every change arrives at least once."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from sanic import HTTPResponse, Request, Sanic
from sanic.response import empty
from standardwebhooks import Webhook

from backend.app import app_name
from backend.cases.access import Role
from backend.cases.case import SYSTEM, IdentityLevel
from backend.cases.workflow import State
from backend.outward.addresses import Guard
from backend.persistence.webhook_rows import Target
from backend.usecases.rights import restrict_case
from backend.webhooks.opening import outgoing
from backend.webhooks.worker import WAITS_S, Webhooks
from tests.support.builders import NOW, a_case, digest
from tests.support.desk import HOME, officer_in
from tests.support.live_site import LiveSite
from tests.support.serving import serving

pytestmark = pytest.mark.database


@dataclass
class Receiver:
    """Somebody else's system: keeps what comes, answers as told."""

    answers: list[int] = field(default_factory=list)
    heard: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    async def take(self, request: Request) -> HTTPResponse:
        self.heard.append((dict(request.headers), request.body))
        return empty(status=self.answers.pop(0) if self.answers else 204)


@dataclass
class Stand:
    live: LiveSite
    sender: Webhooks
    receiver: Receiver
    url: str
    target: Target

    async def file(self, n: int, **changes: Any) -> None:
        async with self.live.site.open_uow() as uow:
            await uow.cases.add(a_case(n, at=self.live.site.clock(), **changes), digest(n))
            await uow.commit()

    async def drain(self) -> None:
        while await self.sender.once():
            pass

    @property
    def told(self) -> list[dict[str, Any]]:
        return [json.loads(body) for _, body in self.receiver.heard]


@pytest.fixture
async def stand(live: LiveSite) -> AsyncIterator[Stand]:
    receiver, app = Receiver(), Sanic(app_name("receiver"), configure_logging=False)
    app.config.TOUCHUP = False
    app.add_route(receiver.take, "/kait", methods=["POST"])
    async with serving(app) as url:
        origin = url.replace("localhost", "127.0.0.1")
        target = Target("a" * 32, HOME, f"{origin}/kait", "uji", NOW)
        async with live.site.accounts.begin() as rows:
            await rows.webhooks.add(target)
        site = live.site
        sender = outgoing(site.database, site.pipeline, site.services, site.clock)
        sender = replace(sender, guard=Guard(None, trusted_origin=origin))
        yield Stand(live, sender, receiver, url, target)
        await sender.close()


async def test_a_foreign_library_accepts_what_we_sign(stand: Stand) -> None:
    await stand.file(1)
    await stand.drain()
    ((headers, body),) = stand.receiver.heard
    secret = stand.live.site.database.keys.vault.webhook_secret(stand.target.id)
    foreign = Webhook(base64.b64encode(secret).decode())
    sent_at = int(headers["webhook-timestamp"])
    assert abs(sent_at - stand.live.site.clock().timestamp()) < 60
    expected = foreign.sign(
        headers["webhook-id"], stand.live.site.clock().fromtimestamp(sent_at), body.decode()
    )
    assert headers["webhook-signature"] == expected
    told = json.loads(body)
    assert (told["type"], told["data"]["service_request_id"]) == ("service_request.created", a_case(1).number)
    assert told["data"]["description"] is None and a_case(1).description not in body.decode()


async def test_changes_are_told_in_order_and_a_lost_answer_is_told_again_under_its_id(stand: Stand) -> None:
    await stand.file(1)
    async with stand.live.site.open_uow() as uow:
        case = await uow.cases.by_id(a_case(1).id)
        assert case is not None
        await uow.cases.save(case.moved_to(State.IN_VERIFICATION, SYSTEM, stand.live.site.clock()))
        await uow.commit()
    stand.receiver.answers = [500]
    await stand.drain()
    assert len(stand.told) == 2, "the failed one waits"
    stand.live.talk.wait(seconds=WAITS_S[0] + 1)
    await stand.drain()
    ids = [headers["webhook-id"] for headers, _ in stand.receiver.heard]
    assert ids[2] == ids[0] != ids[1]
    assert {one["type"] for one in stand.told} == {"service_request.created", "service_request.updated"}


@pytest.mark.parametrize(
    "changes",
    [
        {"identity_level": IdentityLevel.ANONYMOUS},
        {"identity_level": IdentityLevel.CONFIDENTIAL},
        {"sensitive": True},
        {"oversight": True},
        {"desk": "62.10"},
    ],
)
async def test_what_is_not_public_is_not_even_noted(stand: Stand, changes: dict[str, Any]) -> None:
    await stand.file(1, **changes)
    async with stand.live.site.accounts.begin() as rows:
        assert await rows.webhooks.of_desk(HOME) == ()


async def test_what_stopped_being_public_meanwhile_is_withheld(stand: Stand) -> None:
    await stand.file(1)
    async with stand.live.site.open_uow() as uow:
        case = await uow.cases.by_id(a_case(1).id)
        assert case is not None
        await restrict_case(case, "reporter", uow, stand.live.site.clock())
        await uow.commit()
    await stand.drain()
    async with stand.live.site.accounts.begin() as rows:
        assert [one.state for one in await rows.webhooks.of_desk(HOME)] == ["withheld"]
    assert stand.receiver.heard == []


async def test_patience_ends_and_the_page_tells_it_once_more(stand: Stand) -> None:
    await stand.file(1)
    stand.receiver.answers = [503] * (len(WAITS_S) + 1)
    for wait_s in (0, *WAITS_S):
        stand.live.talk.wait(seconds=wait_s + 1)
        await stand.drain()
    async with stand.live.site.accounts.begin() as rows:
        (failed,) = await rows.webhooks.of_desk(HOME, "failed")
    admin = await officer_in(stand.live, Role.ADMIN)
    page = (await admin.get("/meja/sambungan?keadaan=failed")).text
    assert "http 503" in page and a_case(1).number in page
    assert (await admin.post("/meja/sambungan/kirim-lagi", {"delivery": failed.id})).status_code == 303
    await stand.drain()
    async with stand.live.site.accounts.begin() as rows:
        assert [one.state for one in await rows.webhooks.of_desk(HOME)] == ["delivered"]
    assert len({headers["webhook-id"] for headers, _ in stand.receiver.heard}) == 1


async def test_a_target_that_is_gone_is_stopped_and_may_be_resumed(stand: Stand) -> None:
    admin = await officer_in(stand.live, Role.ADMIN)
    stand.receiver.answers = [410]
    await stand.file(1)
    await stand.drain()
    assert "Berhenti (http 410)" in (await admin.get("/meja/sambungan")).text
    await stand.file(2)
    assert not await stand.sender.once(), "a stopped target gathers nothing"
    path = f"/meja/sambungan/{stand.target.id}/keadaan"
    assert (await admin.post(path, {"active": "ya"})).status_code == 303
    await stand.file(3)
    await stand.drain()
    assert stand.told[-1]["data"]["service_request_id"] == a_case(3).number
    assert (await admin.post(f"/meja/sambungan/{'b' * 32}/keadaan", {"active": "ya"})).status_code == 404


@pytest.mark.parametrize(
    "url",
    [
        "http://contoh.go.id/kait",
        "https://127.0.0.1/",
        "https://user:pw@contoh.go.id/",
        "https://contoh.go.id:8443/",
        "bukan alamat",
    ],
)
async def test_an_address_inside_our_walls_is_refused_with_words(live: LiveSite, url: str) -> None:
    admin = await officer_in(live, Role.ADMIN)
    answer = await admin.post("/meja/sambungan", {"url": url})
    assert answer.status_code == 422 and "Belum ada yang disimpan" in answer.text


async def test_two_senders_never_take_the_same_delivery(stand: Stand) -> None:
    for n in range(1, 13):
        await stand.file(n)
    other = replace(stand.sender)
    await asyncio.gather(stand.drain(), *(one.once() for one in [other] * 8))
    await stand.drain()
    ids = [headers["webhook-id"] for headers, _ in stand.receiver.heard]
    assert len(ids) == len(set(ids)) == 12
