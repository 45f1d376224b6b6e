"""A foreign library against our fake Meta: as a client that sends to it, and as a receiver of what it emits."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest
from pywa import WhatsApp
from pywa.errors import WhatsAppError
from pywa.types import (
    Button,
    CallbackButton,
    CallbackSelection,
    Message,
    MessageStatus,
    Section,
    SectionList,
    SectionRow,
)

from tests.fake_meta.graph import NUMBER_ID, FakeMeta
from tests.fake_meta.server import graph
from tests.fake_meta.webhooks import signed, wire


def client(meta: FakeMeta, **more: Any) -> WhatsApp:
    whatsapp = WhatsApp(
        phone_id=NUMBER_ID, token=meta.token, session=httpx.Client(), api_version=25.0, **more
    )
    whatsapp.api._session.base_url = f"{meta.url}/v25.0"
    return whatsapp


async def test_as_a_client() -> None:
    meta = FakeMeta()
    async with graph(meta):
        phone = meta.phone()
        phone.message("text", {"body": "halo"})
        foreign = client(meta)
        await asyncio.to_thread(foreign.send_message, to=phone.number, text="Halo dari luar")
        buttons = [Button(title="Kirim", callback_data="q1-1"), Button(title="Ubah", callback_data="q1-2")]
        await asyncio.to_thread(foreign.send_message, to=phone.number, text="Benar?", buttons=buttons)
        rows = [
            SectionRow(title=f"Pilihan {n}", callback_data=f"q2-{n}", description=f"ini {n}")
            for n in range(5)
        ]
        choices = SectionList(button_title="Pilih", sections=[Section(title="Semua", rows=rows)])
        await asyncio.to_thread(foreign.send_message, to=phone.number, text="Yang mana?", buttons=choices)
        await asyncio.to_thread(foreign.request_location, to=phone.number, text="Di mana?")
        assert [screen.text for screen in phone.screens] == [
            "Halo dari luar",
            "Benar?",
            "Yang mana?",
            "Di mana?",
        ]
        assert phone.screens[1].choices == {"Kirim": "q1-1", "Ubah": "q1-2"}
        assert len(phone.screens[2].choices) == 5
        assert meta.refused == []


async def test_as_a_client_that_breaks_a_rule() -> None:
    meta = FakeMeta()
    async with graph(meta):
        phone = meta.phone()
        foreign = client(meta)
        with pytest.raises(WhatsAppError) as refused:
            await asyncio.to_thread(foreign.send_message, to=phone.number, text="x" * 4097)
        assert refused.value.code == 131009
        meta.token = "lain"  # noqa: S105
        with pytest.raises(WhatsAppError) as refused:
            await asyncio.to_thread(foreign.send_message, to=phone.number, text="halo")
        assert refused.value.code == 190


def test_as_a_receiver() -> None:
    meta = FakeMeta(url="http://127.0.0.1:9")
    foreign = client(meta, app_secret=meta.secret, filter_updates=False)
    heard: list[Any] = []
    for register in (foreign.on_message, foreign.on_callback_button, foreign.on_callback_selection):
        register()(lambda _, update: heard.append(update))
    foreign.on_message_status()(lambda _, update: heard.append(update))
    phone = meta.phone(user_id="ID.uji1A2b3C")
    written = [
        phone.message("text", {"body": "lampu é 🙏 a/b"}),
        phone.message("location", {"latitude": 0.5, "longitude": 117.5}),
        phone.message("image", {"id": "1", "mime_type": "image/jpeg", "sha256": "x", "caption": "ini"}),
        phone.message(
            "interactive",
            {"type": "button_reply", "button_reply": {"id": "q1-1", "title": "Kirim"}},
            "wamid.a",
        ),
        phone.message(
            "interactive",
            {"type": "list_reply", "list_reply": {"id": "q2-1", "title": "Satu", "description": ""}},
            "wamid.b",
        ),
    ]
    webhooks = [meta.told({"messages": [one]}, phone) for one in written]
    status = {
        "id": "wamid.c",
        "status": "delivered",
        "timestamp": written[0]["timestamp"],
        "recipient_id": phone.number,
    }
    webhooks.append(meta.told({"statuses": [status]}, phone))
    for webhook in webhooks:
        body = wire(webhook)
        _, code = foreign.webhook_update_handler(body, signed(body, meta.secret)["X-Hub-Signature-256"])
        assert code == 200
    kinds = [type(one) for one in heard]
    assert kinds == [Message, Message, Message, CallbackButton, CallbackSelection, MessageStatus]
    assert heard[0].text == "lampu é 🙏 a/b"
    assert (heard[1].location.latitude, heard[2].caption) == (0.5, "ini")
    assert (heard[3].data, heard[4].data) == ("q1-1", "q2-1")
    body = wire(webhooks[0])
    _, code = foreign.webhook_update_handler(body, signed(body, "rahasia lain")["X-Hub-Signature-256"])
    assert code != 200
