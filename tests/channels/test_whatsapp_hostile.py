"""Strangers at the door, and genuine webhooks with odd contents: the first store nothing, the second never come again."""

from __future__ import annotations

import asyncio
import copy
import random
from typing import Any

import httpx
import pytest

from backend.channels.whatsapp.letterbox import Letterbox
from backend.persistence.errors import DatabaseUnavailable
from tests.channels.test_whatsapp_signature import forgeries
from tests.channels.test_whatsapp_translation import ODD, SITUATIONS, _places
from tests.fake_meta.webhooks import signed, wire
from tests.support.whatsapp import VERIFY, Line

pytestmark = pytest.mark.database


async def n_stored(line: Line) -> int:
    return int((await line.rows("SELECT count(*) AS n FROM inbox"))[0]["n"])


async def test_forged_webhooks_store_nothing(line: Line) -> None:
    phone = line.meta.phone()
    body = wire(line.meta.told({"messages": [phone.message("text", {"body": "palsu"})]}, phone))
    headers: list[dict[str, str]] = [{}]
    headers += [{"X-Hub-Signature-256": told} for _, told in forgeries() if told and told.isascii()][:80]
    async with httpx.AsyncClient() as http:
        for one in headers:
            clean = {name: value.replace("\x00", "").replace("\n", "") for name, value in one.items()}
            answer = await http.post(line.webhook, content=body, headers=clean)
            assert answer.status_code == 401, one
            assert "signature" not in answer.text
        answer = await http.post(line.webhook, content=body, headers=signed(body, "rahasia lain"))
        assert answer.status_code == 401
    assert await n_stored(line) == 0


async def test_the_handshake_answers_the_bare_challenge(line: Line) -> None:
    asked = {"hub.mode": "subscribe", "hub.challenge": "1158201444", "hub.verify_token": VERIFY}
    async with httpx.AsyncClient() as http:
        answer = await http.get(line.webhook, params=asked)
        assert (answer.status_code, answer.text) == (200, "1158201444")
        answer = await http.get(line.webhook, params={**asked, "hub.verify_token": "bukan"})
        assert answer.status_code == 403
        assert "1158201444" not in answer.text


async def test_every_situation_is_acknowledged(line: Line) -> None:
    async with httpx.AsyncClient() as http:
        for name, one in SITUATIONS.items():
            body = wire(one["webhook"])
            answer = await http.post(line.webhook, content=body, headers=signed(body, line.meta.secret))
            assert answer.status_code == 200, name


async def test_odd_contents_are_acknowledged(line: Line) -> None:
    """What is answered with an error comes again for a week: nothing genuine may be."""
    chance = random.Random(5)  # noqa: S311
    odd: list[Any] = [*ODD, "a\ud800b", "\udfff", "a\x00b", "‮"]
    async with httpx.AsyncClient() as http:
        for _ in range(3):
            for name, one in SITUATIONS.items():
                webhook = copy.deepcopy(one["webhook"])
                for _ in range(chance.randint(1, 2)):
                    holder, key = chance.choice(list(_places(webhook)))
                    holder[key] = copy.deepcopy(chance.choice(odd))
                body = wire(webhook)
                answer = await http.post(line.webhook, content=body, headers=signed(body, line.meta.secret))
                assert answer.status_code == 200, (name, webhook)


@pytest.mark.parametrize("field", ["id", "quoted", "body", "original", "status", "outbox"])
async def test_text_that_cannot_be_encoded(line: Line, field: str) -> None:
    phone, bad = line.meta.phone(), "a\ud800\x00b"
    message = phone.message("text", {"body": bad if field == "body" else "halo"})
    value: dict[str, Any] = {"messages": [message]}
    if field == "id":
        message["id"] = bad
    if field == "quoted":
        message["context"] = {"id": bad}
    if field == "original":
        message |= {"type": "revoke", "revoke": {"original_message_id": bad}}
    if field in {"status", "outbox"}:
        told = {"id": bad if field == "status" else "wamid.x", "status": "delivered"}
        value = {"statuses": [{**told, "biz_opaque_callback_data": bad}]}
    body = wire(line.meta.told(value, phone))
    async with httpx.AsyncClient() as http:
        answer = await http.post(line.webhook, content=body, headers=signed(body, line.meta.secret))
    assert answer.status_code == 200


async def test_a_database_that_is_away_makes_meta_try_again(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: Any, **__: Any) -> None:
        raise DatabaseUnavailable("gone")

    phone = line.meta.phone()
    body = wire(line.meta.told({"messages": [phone.message("text", {"body": "halo"})]}, phone))
    with monkeypatch.context() as patch:
        patch.setattr(Letterbox, "_commit", away)
        async with httpx.AsyncClient() as http:
            answer = await http.post(line.webhook, content=body, headers=signed(body, line.meta.secret))
    assert answer.status_code == 503
    n = len(phone.screens)
    await asyncio.wait_for(
        line.meta.post.send(line.meta.told({"messages": [phone.message("text", {"body": "halo"})]}, phone)),
        10,
    )
    await line.screens(phone, n + 1)
